//! `Slot`: el sitio de un `Future`.

use std::sync::Arc;
use std::task::{Wake, Waker};

use shuttle::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use shuttle::sync::{Condvar, Mutex};
use shuttle::thread::{self, JoinHandle};

use crate::explora;
use crate::primitives::Instant;
use crate::slot::{Callbacks, Slot, Stage};

type Sitio = Arc<Slot<u32>>;

fn sitio() -> Sitio {
    Arc::new(Slot::new())
}

fn lanza<T: Send + 'static>(
    sitio: &Sitio,
    tarea: impl FnOnce(Sitio) -> T + Send + 'static,
) -> JoinHandle<T> {
    let sitio = Arc::clone(sitio);
    thread::spawn(move || tarea(sitio))
}

/// Lo que ve quien lo espera.
fn mira(stage: &mut Stage<u32>) -> Option<u32> {
    match stage {
        Stage::Finished(value) => Some(*value),
        Stage::Cancelled => None,
        _ => unreachable!("no ha llegado a un final"),
    }
}

/// Deja `valor` y ejecuta los encargos; dice si ha sido él.
fn deja(sitio: &Slot<u32>, valor: u32) -> bool {
    sitio.finish(valor).map(Callbacks::run).is_ok()
}

fn cancela(sitio: &Slot<u32>) -> bool {
    sitio.cancel().map(Callbacks::run).is_some()
}

#[test]
fn tiene_un_solo_final_y_todos_ven_el_mismo() {
    explora(|| {
        let sitio = sitio();
        let esperan = [0, 1].map(|_| lanza(&sitio, |sitio| sitio.wait(None, mira).unwrap()));
        let dejan = [1, 2].map(|valor| lanza(&sitio, move |sitio| deja(&sitio, valor)));
        let cancela = lanza(&sitio, |sitio| cancela(&sitio));

        let dejan = dejan.map(|hilo| hilo.join().unwrap());
        let final_esperado = match (dejan, cancela.join().unwrap()) {
            ([true, false], false) => Some(1),
            ([false, true], false) => Some(2),
            ([false, false], true) => None,
            otro => panic!("dos finales, o ninguno: {otro:?}"),
        };
        for espera in esperan {
            assert_eq!(espera.join().unwrap(), final_esperado);
        }
    });
}

#[test]
fn quien_ve_que_ha_acabado_lo_recoge_aunque_se_le_haya_pasado_el_plazo() {
    explora(|| {
        let sitio = sitio();
        let acaba = lanza(&sitio, |sitio| deja(&sitio, 1));
        if sitio.look(Stage::is_over) {
            assert_eq!(sitio.wait(Some(Instant::now()), mira), Some(Some(1)));
        }
        assert!(acaba.join().unwrap());
    });
}

#[test]
fn lo_que_se_encarga_cuando_ya_se_ve_acabado_se_ejecuta_en_el_acto() {
    explora(|| {
        let sitio = sitio();
        let acaba = lanza(&sitio, |sitio| deja(&sitio, 1));
        if sitio.look(Stage::is_over) {
            let hecho = Arc::new(AtomicBool::new(false));
            let apunta = Arc::clone(&hecho);
            sitio.add_callback(Box::new(move || apunta.store(true, SeqCst)));
            assert!(hecho.load(SeqCst));
        }
        assert!(acaba.join().unwrap());
    });
}

#[test]
fn cada_encargo_se_ejecuta_una_vez_y_con_el_final_puesto() {
    explora(|| {
        let sitio = sitio();
        let veces = Arc::new(AtomicUsize::new(0));
        let encargan = [true, false].map(|tarda| {
            let veces = Arc::clone(&veces);
            lanza(&sitio, move |sitio| {
                let mismo = Arc::clone(&sitio);
                let encargo = Box::new(move || {
                    assert!(mismo.look(Stage::is_over));
                    veces.fetch_add(1, SeqCst);
                });
                if tarda {
                    sitio.add_callback(encargo);
                } else {
                    sitio.on_end(encargo);
                }
            })
        });
        let acaban = [
            lanza(&sitio, |sitio| deja(&sitio, 1)),
            lanza(&sitio, |sitio| cancela(&sitio)),
        ];
        for hilo in encargan {
            hilo.join().unwrap();
        }
        let finales = acaban.map(|hilo| hilo.join().unwrap());
        assert_eq!(finales.into_iter().filter(|ha_sido| *ha_sido).count(), 1);
        assert_eq!(veces.load(SeqCst), 2);
    });
}

#[test]
fn un_encargo_retirado_se_ejecuta_antes_de_retirarlo_o_nunca() {
    explora(|| {
        let sitio = sitio();
        let veces = Arc::new(AtomicUsize::new(0));
        let apunta = Arc::clone(&veces);
        let encargo = Box::new(move || {
            apunta.fetch_add(1, SeqCst);
        });
        let otro = Arc::new(AtomicUsize::new(0));
        let apunta = Arc::clone(&otro);
        let numero = sitio.on_end(encargo).expect("no ha acabado");
        sitio.on_end(Box::new(move || {
            apunta.fetch_add(1, SeqCst);
        }));
        let retira = lanza(&sitio, move |sitio| {
            sitio.forget(numero);
            sitio.forget(numero); // otra vez no estorba
        });
        let acaba = lanza(&sitio, |sitio| deja(&sitio, 1));
        retira.join().unwrap();
        acaba.join().unwrap();
        assert!(veces.load(SeqCst) <= 1);
        assert_eq!(otro.load(SeqCst), 1);
        // Lo que capturaba ya se ha soltado: no queda nada colgando del futuro.
        assert_eq!(Arc::strong_count(&veces), 1);
    });
}

#[test]
fn la_que_se_cancela_no_se_ejecuta_y_la_que_se_ejecuta_acaba() {
    explora(|| {
        let sitio = sitio();
        let trabajan = [1, 2].map(|valor| {
            lanza(&sitio, move |sitio| {
                let empieza = sitio.start();
                if empieza {
                    assert!(sitio.look(|stage| matches!(stage, Stage::Running)));
                    assert!(deja(&sitio, valor));
                }
                empieza
            })
        });
        let cancela = lanza(&sitio, |sitio| cancela(&sitio));
        let veces = trabajan.map(|hilo| usize::from(hilo.join().unwrap()));
        let cancelado = cancela.join().unwrap();
        assert_eq!(veces.into_iter().sum::<usize>() + usize::from(cancelado), 1);
        assert!(sitio.look(Stage::is_over));
    });
}

#[test]
fn con_plazo_se_va_sin_estorbar_y_luego_lo_encuentra() {
    explora(|| {
        let sitio = sitio();
        let con_plazo = [0, 1].map(|_| {
            lanza(&sitio, |sitio| {
                if let Some(visto) = sitio.wait(Some(Instant), mira) {
                    assert_eq!(visto, Some(7));
                }
                sitio.wait(None, mira).unwrap()
            })
        });
        let sin_plazo = lanza(&sitio, |sitio| sitio.wait(None, mira).unwrap());
        let acaba = lanza(&sitio, |sitio| deja(&sitio, 7));
        assert!(acaba.join().unwrap());
        for hilo in con_plazo {
            assert_eq!(hilo.join().unwrap(), Some(7));
        }
        assert_eq!(sin_plazo.join().unwrap(), Some(7));
    });
}

#[test]
fn se_lo_lleva_uno_solo() {
    explora(|| {
        let sitio = sitio();
        let cogen = [0, 1].map(|_| {
            lanza(&sitio, |sitio| {
                let coge = |stage: &mut Stage<u32>| match std::mem::replace(stage, Stage::Taken) {
                    Stage::Finished(valor) => Some(valor),
                    _ => None,
                };
                sitio.wait(None, coge).unwrap()
            })
        });
        let acaba = lanza(&sitio, |sitio| deja(&sitio, 7));
        let cogidos: Vec<u32> = cogen
            .into_iter()
            .filter_map(|hilo| hilo.join().unwrap())
            .collect();
        assert!(acaba.join().unwrap());
        assert_eq!(cogidos, [7]);
    });
}

/// Una tarea asíncrona dormida: despierta cuando la llaman.
#[derive(Default)]
struct Timbre {
    llamado: Mutex<bool>,
    suena: Condvar,
}

impl Wake for Timbre {
    fn wake(self: Arc<Timbre>) {
        *self.llamado.lock().unwrap() = true;
        self.suena.notify_all();
    }
}

#[test]
fn quien_lo_espera_con_await_despierta() {
    explora(|| {
        let sitio = sitio();
        let await_ = [0, 1].map(|_| {
            lanza(&sitio, |sitio| {
                loop {
                    // Cada vuelta con otro despertador: vale el último.
                    let timbre = Arc::new(Timbre::default());
                    let waker = Waker::from(Arc::clone(&timbre));
                    if let Some(visto) = sitio.poll(&waker, mira) {
                        return visto;
                    }
                    let mut llamado = timbre.llamado.lock().unwrap();
                    while !*llamado {
                        llamado = timbre.suena.wait(llamado).unwrap();
                    }
                }
            })
        });
        let acaba = lanza(&sitio, |sitio| deja(&sitio, 7));
        assert!(acaba.join().unwrap());
        for hilo in await_ {
            assert_eq!(hilo.join().unwrap(), Some(7));
        }
    });
}

#[test]
fn un_encargo_que_tarda_no_retrasa_a_quien_espera() {
    explora(|| {
        let sitio = sitio();
        let leido = Arc::new(AtomicBool::new(false));
        let lee = {
            let leido = Arc::clone(&leido);
            lanza(&sitio, move |sitio| {
                sitio.wait(None, mira).unwrap();
                leido.store(true, SeqCst);
            })
        };
        let visto = Arc::clone(&leido);
        // No acaba hasta que otro haya leído el resultado.
        sitio.add_callback(Box::new(move || {
            while !visto.load(SeqCst) {
                thread::yield_now();
            }
        }));
        assert!(deja(&sitio, 7));
        lee.join().unwrap();
    });
}
