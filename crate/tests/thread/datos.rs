//! Pruebas de `Local`: cada hilo ve el suyo.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, mpsc};

use concurrencia::Thread;
use concurrencia::thread::Local;

/// Lo que devuelve `f` ejecutada en otro hilo, que acaba antes de volver.
fn en_otro_hilo<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> T {
    let mut hilo = Thread::new(f);
    hilo.start().unwrap();
    hilo.join().unwrap()
}

/// Cuenta los que se sueltan.
struct Cae(Arc<AtomicUsize>);

impl Drop for Cae {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn mensaje(f: impl FnOnce()) -> String {
    let carga = catch_unwind(AssertUnwindSafe(f)).unwrap_err();
    concurrencia::panic::panic_message(&*carga).to_owned()
}

#[test]
fn cada_hilo_empieza_con_el_suyo_y_no_ve_los_cambios_de_otro() {
    let dato = Local::new(|| 0);
    dato.set(100);
    let suyo = dato.clone();
    assert_eq!(
        en_otro_hilo(move || {
            let antes = suyo.get();
            suyo.set(7);
            (antes, suyo.get())
        }),
        (0, 7)
    );
    assert_eq!(dato.get(), 100);
}

#[test]
fn muchos_hilos_a_la_vez_no_se_pisan() {
    let dato = Local::new(Vec::new);
    let barrera = Arc::new(Barrier::new(8));
    let mut hilos: Vec<Thread<Vec<usize>>> = (0..8)
        .map(|id| {
            let (dato, barrera) = (dato.clone(), Arc::clone(&barrera));
            Thread::new(move || {
                for vuelta in 0..100 {
                    barrera.wait();
                    dato.with_mut(|suyos| suyos.push(id * 1000 + vuelta));
                }
                dato.get()
            })
        })
        .collect();
    hilos.iter_mut().for_each(|hilo| hilo.start().unwrap());
    for (id, hilo) in hilos.into_iter().enumerate() {
        let esperados: Vec<usize> = (0..100).map(|vuelta| id * 1000 + vuelta).collect();
        assert_eq!(hilo.join().unwrap(), esperados);
    }
    assert!(dato.get().is_empty());
}

#[test]
fn el_valor_se_crea_una_vez_por_hilo_y_en_su_hilo() {
    let veces = Arc::new(AtomicUsize::new(0));
    let dato = {
        let veces = Arc::clone(&veces);
        Local::new(move || {
            veces.fetch_add(1, Ordering::SeqCst);
            std::thread::current().id()
        })
    };
    assert_eq!(veces.load(Ordering::SeqCst), 0);
    for _ in 0..3 {
        let suyo = dato.clone();
        assert!(en_otro_hilo(move || {
            (0..5).all(|_| suyo.get() == std::thread::current().id())
        }));
    }
    assert_eq!(veces.load(Ordering::SeqCst), 3);
}

#[test]
fn dos_datos_no_se_confunden_aunque_sean_del_mismo_tipo() {
    let (uno, otro) = (Local::new(|| 1), Local::new(|| 2));
    uno.set(10);
    assert_eq!((uno.get(), otro.get()), (10, 2));
    otro.with_mut(|otro| *otro += 1);
    assert_eq!((uno.get(), otro.get()), (10, 3));
}

#[test]
fn el_valor_no_tiene_que_poder_viajar() {
    fn viaja<T: Send + Sync + Clone + 'static>(_: &T) {}
    let dato = Local::new(|| Rc::new(Cell::new(0)));
    viaja(&dato);
    dato.with(|cuenta| cuenta.set(5));
    let suyo = dato.clone();
    assert_eq!(en_otro_hilo(move || suyo.with(|cuenta| cuenta.get())), 0);
    assert_eq!(dato.with(|cuenta| cuenta.get()), 5);
}

#[test]
fn los_valores_se_sueltan_al_acabar_cada_hilo() {
    let caidos = Arc::new(AtomicUsize::new(0));
    let dato = {
        let caidos = Arc::clone(&caidos);
        Local::new(move || Cae(Arc::clone(&caidos)))
    };
    for hilos in 1..=5 {
        let suyo = dato.clone();
        en_otro_hilo(move || suyo.with(|_| ()));
        assert_eq!(caidos.load(Ordering::SeqCst), hilos);
    }
    let ajeno = dato.clone();
    std::thread::spawn(move || ajeno.with(|_| ()))
        .join()
        .unwrap();
    assert_eq!(caidos.load(Ordering::SeqCst), 6);
}

#[test]
fn al_soltar_el_ultimo_clon_cae_el_de_este_hilo() {
    let caidos = Arc::new(AtomicUsize::new(0));
    let suyos = Arc::clone(&caidos);
    let dato = Local::new(move || Cae(Arc::clone(&suyos)));
    dato.with(|_| ());
    let otro = dato.clone();
    drop(dato);
    assert_eq!(caidos.load(Ordering::SeqCst), 0);
    otro.with(|_| ());
    drop(otro);
    assert_eq!(caidos.load(Ordering::SeqCst), 1);
}

#[test]
fn un_hilo_que_sigue_suelta_lo_de_los_datos_que_ya_no_existen_al_estrenar_otro() {
    let caidos = Arc::new(AtomicUsize::new(0));
    let suyos = Arc::clone(&caidos);
    let dato = Local::new(move || Cae(Arc::clone(&suyos)));
    let (avisa, aviso) = mpsc::channel();
    let (suelta, espera) = mpsc::channel::<()>();
    let suyo = dato.clone();
    let mut hilo = Thread::new(move || {
        suyo.with(|_| ());
        drop(suyo);
        avisa.send(()).unwrap();
        espera.recv().unwrap();
        Local::new(|| 0).get();
        avisa.send(()).unwrap();
        espera.recv().unwrap();
    });
    hilo.start().unwrap();
    aviso.recv().unwrap();
    drop(dato); // el último clon, en otro hilo
    assert_eq!(caidos.load(Ordering::SeqCst), 0);
    suelta.send(()).unwrap();
    aviso.recv().unwrap();
    assert_eq!(caidos.load(Ordering::SeqCst), 1);
    suelta.send(()).unwrap();
    hilo.join().unwrap();
}

#[test]
fn cambiarlo_suelta_el_anterior_y_no_llega_a_crear_el_de_partida() {
    let caidos = Arc::new(AtomicUsize::new(0));
    let dato: Local<Cae> = Local::new(|| panic!("nadie lo pide"));
    for antes in 0..3 {
        dato.set(Cae(Arc::clone(&caidos)));
        assert_eq!(caidos.load(Ordering::SeqCst), antes);
    }
}

#[test]
fn quien_esta_dentro_de_with_sigue_viendo_el_de_antes() {
    let dato = Local::new(|| 1);
    dato.with(|antes| {
        dato.set(2);
        assert_eq!((*antes, dato.get()), (1, 2));
    });
    assert_eq!(dato.get(), 2);
}

#[test]
fn with_se_anida_y_with_mut_no() {
    let dato = Local::new(|| 1);
    assert_eq!(dato.with(|a| dato.with(|b| a + b)), 2);
    let dicho = mensaje(|| dato.with(|_| dato.with_mut(|_| ())));
    assert!(dicho.contains("ya se está usando en este hilo"), "{dicho}");
    let dicho = mensaje(|| dato.with_mut(|_| dato.with(|_| ())));
    assert!(dicho.contains("ya se está usando en este hilo"), "{dicho}");
    // Y no queda estropeado.
    dato.with_mut(|dato| *dato += 1);
    assert_eq!(dato.get(), 2);
}

#[test]
fn si_crear_el_valor_falla_la_proxima_vez_se_vuelve_a_intentar() {
    let veces = AtomicUsize::new(0);
    let dato = Local::new(move || {
        assert!(veces.fetch_add(1, Ordering::SeqCst) > 0, "aún no");
        7
    });
    assert_eq!(mensaje(|| assert_eq!(dato.get(), 7)), "aún no");
    assert_eq!(dato.get(), 7);
}

#[test]
fn la_funcion_que_lo_crea_no_puede_usarlo_pero_si_otros() {
    let otro = Local::new(|| 3);
    let circulo: Arc<std::sync::OnceLock<Local<i32>>> = Arc::default();
    let suyo = Arc::clone(&circulo);
    let dato = Local::new(move || suyo.get().map_or(0, Local::get) + otro.get());
    assert_eq!(dato.get(), 3);
    circulo.set(dato.clone()).unwrap();
    let dicho = en_otro_hilo(move || mensaje(|| assert_eq!(dato.get(), 3)));
    assert!(dicho.contains("se está creando"), "{dicho}");
}

#[test]
fn un_valor_que_entra_en_panico_al_caer_no_tumba_nada() {
    struct Bomba;
    impl Drop for Bomba {
        fn drop(&mut self) {
            panic!("¡bum!");
        }
    }
    let dato = Local::new(|| Bomba);
    let suyo = dato.clone();
    en_otro_hilo(move || suyo.with(|_| ()));
    let suyo = dato.clone();
    std::thread::spawn(move || suyo.with(|_| ()))
        .join()
        .unwrap();
}

#[test]
fn al_caer_un_valor_aun_se_puede_usar_otro() {
    struct AlCaer(Local<i32>, mpsc::Sender<i32>);
    impl Drop for AlCaer {
        fn drop(&mut self) {
            self.0.set(9);
            self.1.send(self.0.get()).unwrap();
        }
    }
    let (dilo, dicho) = mpsc::channel();
    let otro = Local::new(|| 3);
    let dato = Local::new(move || AlCaer(otro.clone(), dilo.clone()));
    let suyo = dato.clone();
    en_otro_hilo(move || suyo.with(|_| ()));
    // Ya no se guarda nada: ve uno recién creado.
    assert_eq!(dicho.recv().unwrap(), 3);
}

#[test]
fn debug_ensena_el_de_este_hilo_sin_crearlo() {
    let dato = Local::new(|| 7);
    assert_eq!(format!("{dato:?}"), "Local(sin estrenar)");
    dato.get();
    assert_eq!(format!("{dato:?}"), "Local(7)");
    dato.with_mut(|_| assert_eq!(format!("{dato:?}"), "Local(en uso)"));
}
