//! Pruebas de `Block`: al cerrarse, los hilos arrancados dentro ya han acabado.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

use concurrencia::thread::{Block, Local, block, current_thread, enumerate};
use concurrencia::{Thread, ThreadPoolExecutor, sleep};

/// Un plazo que en estas pruebas no se acaba: si se acabara, algo falla.
const DE_SOBRA: f64 = 600.0;

/// Arranca un hilo que tarda un poco en apuntar que ha acabado, y nadie lo espera.
fn arranca_uno_lento(acabado: &Arc<AtomicBool>) {
    let acabado = Arc::clone(acabado);
    let mut hilo = Thread::new(move || {
        sleep(0.3);
        acabado.store(true, Ordering::SeqCst);
    });
    hilo.start().unwrap();
}

#[test]
fn devuelve_lo_que_devuelve_la_clausura() {
    assert_eq!(block(|| 2 + 2), 4);
    let prestado = String::from("prestado");
    assert_eq!(block(|| prestado.as_str()), "prestado");
    assert_eq!(format!("{:?}", Block::default()), "Block(plazo de 60 s)");
    assert_eq!(
        format!("{:?}", Block::new().with_timeout(0.5)),
        "Block(plazo de 0,5 s)"
    );
}

#[test]
fn espera_a_los_hilos_a_los_que_nadie_espera() {
    let acabado = Arc::new(AtomicBool::new(false));
    block(|| arranca_uno_lento(&acabado));
    assert!(acabado.load(Ordering::SeqCst));
}

#[test]
fn espera_tambien_a_los_que_arranquen_ellos() {
    let acabado = Arc::new(AtomicBool::new(false));
    block(|| {
        let suyo = Arc::clone(&acabado);
        let mut abuelo = Thread::new(move || {
            let mut padre = Thread::new(move || arranca_uno_lento(&suyo));
            padre.start().unwrap();
        });
        abuelo.start().unwrap();
        abuelo.join().unwrap();
    });
    assert!(acabado.load(Ordering::SeqCst));
}

#[test]
fn al_volver_ya_no_constan_en_la_lista() {
    for _ in 0..200 {
        let quien = block(|| {
            let mut hilo = Thread::new(|| ());
            hilo.start().unwrap();
            hilo.info().unwrap()
        });
        assert!(!quien.is_alive());
        assert!(!enumerate().contains(&quien));
    }
}

#[test]
fn no_espera_a_los_demonios_pero_si_a_lo_que_arranquen_sin_serlo() {
    let acabado = Arc::new(AtomicBool::new(false));
    let (suelta, espera) = mpsc::channel::<()>();
    let suyo = Arc::clone(&acabado);
    let (avisa, aviso) = mpsc::channel();
    let mut demonio = Thread::new(move || {
        let mut hijo = Thread::new(move || {
            sleep(0.3);
            suyo.store(true, Ordering::SeqCst);
        })
        .with_daemon(false);
        hijo.start().unwrap();
        avisa.send(()).unwrap();
        espera.recv().unwrap();
    })
    .with_daemon(true);
    Block::new().with_timeout(DE_SOBRA).run(|| {
        demonio.start().unwrap();
        aviso.recv().unwrap();
    });
    assert!(acabado.load(Ordering::SeqCst));
    assert!(demonio.is_alive());
    suelta.send(()).unwrap();
    demonio.join().unwrap();
}

#[test]
fn no_espera_a_los_de_antes_ni_a_los_de_otros_hilos() {
    let (suelta, espera) = mpsc::channel::<()>();
    let mut previo = Thread::new(move || espera.recv().unwrap_err());
    previo.start().unwrap();
    // Otro hilo, que ya existía, arranca uno mientras el bloque está abierto.
    let (pide, pedido) = mpsc::channel::<mpsc::Receiver<()>>();
    let (entrega, entregado) = mpsc::channel();
    let ajeno = std::thread::spawn(move || {
        let espera = pedido.recv().unwrap();
        let mut hilo = Thread::new(move || espera.recv().unwrap_err());
        hilo.start().unwrap();
        entrega.send(hilo).unwrap();
    });
    let (suelta_otro, espera_otro) = mpsc::channel::<()>();
    let otro = Block::new().with_timeout(DE_SOBRA).run(|| {
        pide.send(espera_otro).unwrap();
        entregado.recv().unwrap()
    });
    assert!(previo.is_alive() && otro.is_alive());
    drop((suelta, suelta_otro));
    previo.join().unwrap();
    otro.join().unwrap();
    ajeno.join().unwrap();
}

#[test]
fn cuenta_donde_se_arranca_y_no_donde_se_crea() {
    let acabado = Arc::new(AtomicBool::new(false));
    let suyo = Arc::clone(&acabado);
    let mut creado_fuera = Thread::new(move || {
        sleep(0.3);
        suyo.store(true, Ordering::SeqCst);
    });
    let (suelta, espera) = mpsc::channel::<()>();
    let mut creado_dentro = Block::new().with_timeout(DE_SOBRA).run(|| {
        creado_fuera.start().unwrap();
        Thread::new(move || espera.recv().unwrap_err())
    });
    assert!(acabado.load(Ordering::SeqCst));
    creado_dentro.start().unwrap();
    drop(suelta);
    creado_dentro.join().unwrap();
}

#[test]
fn si_la_clausura_entra_en_panico_espera_y_el_panico_sigue() {
    let acabado = Arc::new(AtomicBool::new(false));
    let carga = catch_unwind(AssertUnwindSafe(|| {
        block(|| {
            arranca_uno_lento(&acabado);
            std::panic::panic_any(42_u8);
        })
    }))
    .unwrap_err();
    assert!(acabado.load(Ordering::SeqCst));
    assert_eq!(carga.downcast_ref(), Some(&42_u8));
    // Y se ha salido del bloque: lo que se arranque ahora no es de nadie.
    let (suelta, espera) = mpsc::channel::<()>();
    let mut hilo = Thread::new(move || espera.recv().unwrap_err());
    hilo.start().unwrap();
    block(|| ());
    assert!(hilo.is_alive());
    drop(suelta);
    hilo.join().unwrap();
}

#[test]
fn los_panicos_de_los_hilos_los_cuenta_su_join() {
    let hilo = block(|| {
        let mut hilo = Thread::new(|| panic!("sin conexión"));
        hilo.start().unwrap();
        hilo
    });
    assert!(!hilo.is_alive());
    let error = hilo.join().unwrap_err();
    assert_eq!(error.panic_message(), Some("sin conexión"));
}

#[test]
fn el_de_fuera_espera_tambien_a_los_del_de_dentro() {
    let acabado = Arc::new(AtomicBool::new(false));
    let acabado_en_el_de_dentro = block(|| {
        Block::new()
            .with_timeout(0)
            .run(|| arranca_uno_lento(&acabado));
        acabado.load(Ordering::SeqCst)
    });
    assert!(!acabado_en_el_de_dentro);
    assert!(acabado.load(Ordering::SeqCst));
}

#[test]
fn el_de_dentro_solo_espera_a_los_suyos() {
    let (suelta, espera) = mpsc::channel::<()>();
    block(|| {
        let mut hilo = Thread::new(move || espera.recv().unwrap_err());
        hilo.start().unwrap();
        Block::new().with_timeout(DE_SOBRA).run(|| ());
        assert!(hilo.is_alive());
        drop(suelta);
    });
}

#[test]
fn un_hilo_puede_abrir_el_suyo() {
    let acabado = Arc::new(AtomicBool::new(false));
    let suyo = Arc::clone(&acabado);
    let mut hilo = Thread::new(move || {
        block(|| arranca_uno_lento(&suyo));
        suyo.load(Ordering::SeqCst)
    });
    hilo.start().unwrap();
    assert!(hilo.join().unwrap());
}

#[test]
fn tras_acabarse_el_plazo_el_hilo_sigue_y_aun_puede_arrancar_otros() {
    let (suelta, espera) = mpsc::channel::<()>();
    let mut hilo = Thread::new(move || {
        espera.recv().unwrap();
        let mut otro = Thread::new(|| 7);
        otro.start().unwrap();
        otro.join().unwrap()
    });
    Block::new()
        .with_timeout(0.05)
        .run(|| hilo.start().unwrap());
    assert!(hilo.is_alive());
    suelta.send(()).unwrap();
    assert_eq!(hilo.join().unwrap(), 7);
}

#[test]
#[should_panic(expected = "no se puede esperar")]
fn un_plazo_negativo_no_vale() {
    let _ = Block::new().with_timeout(-1);
}

/// Lo que un hilo suelta al acabar también puede escribir: el bloque lo espera.
#[test]
fn espera_a_que_el_hilo_suelte_su_valor_y_sus_datos() {
    struct CaeDespacio(Arc<AtomicUsize>);
    impl Drop for CaeDespacio {
        fn drop(&mut self) {
            sleep(0.2);
            assert!(current_thread().is_alive());
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    thread_local! {
        static DE_STD: RefCell<Option<CaeDespacio>> = const { RefCell::new(None) };
    }
    let caidos = Arc::new(AtomicUsize::new(0));
    block(|| {
        let suyos = Arc::clone(&caidos);
        let cae = move || CaeDespacio(Arc::clone(&suyos));
        let nuestro = Local::new(cae.clone());
        let mut hilo = Thread::new(move || {
            DE_STD.set(Some(cae()));
            nuestro.with(|_| ());
            cae()
        });
        hilo.start().unwrap();
    });
    assert_eq!(caidos.load(Ordering::SeqCst), 3);
}

#[test]
fn espera_las_tareas_de_un_ejecutor_de_fuera_pero_no_a_sus_hilos() {
    let ejecutor = ThreadPoolExecutor::new(1).unwrap();
    let (suelta, espera) = mpsc::channel::<()>();
    let hecha = Arc::new(AtomicBool::new(false));
    let marca = Arc::clone(&hecha);
    // El plazo no se agota: el ejecutor sigue abierto y el bloque no lo espera.
    Block::new().with_timeout(DE_SOBRA).run(|| {
        ejecutor.submit(
            move || {
                espera.recv().unwrap();
                marca.store(true, Ordering::SeqCst);
            },
            (),
        );
        suelta.send(()).unwrap();
    });
    assert!(hecha.load(Ordering::SeqCst));
    assert!(
        ejecutor
            .submit(|| current_thread().is_daemon(), ())
            .result()
            .unwrap()
    );
}
