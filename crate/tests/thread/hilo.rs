//! Pruebas de `Thread`: crear, arrancar y esperar.

use std::env;
use std::error::Error;
use std::process::Command;
use std::sync::{Arc, Barrier, Mutex, mpsc};

use concurrencia::thread::enumerate;
use concurrencia::{Thread, ThreadError};

#[test]
fn join_devuelve_el_valor_de_la_tarea() {
    let mut hilo = Thread::new(|| 123_u64 * 123);
    hilo.start().unwrap();
    assert_eq!(hilo.join().unwrap(), 15129);
}

#[test]
fn las_salidas_siguen_el_orden_de_la_lista_aunque_acaben_al_reves() {
    // Cada hilo espera al siguiente: el último acaba el primero.
    let mut hilos: Vec<Thread<u64>> = Vec::new();
    let mut espera: Option<mpsc::Receiver<()>> = None;
    for id in [333, 222, 111] {
        let (avisa, siguiente) = mpsc::channel();
        let anterior = espera.replace(siguiente);
        hilos.push(Thread::new(move || {
            if let Some(anterior) = anterior {
                anterior.recv().unwrap();
            }
            // El último aviso no lo espera nadie.
            let _ = avisa.send(());
            id * id
        }));
    }
    hilos.reverse();
    for hilo in &mut hilos {
        hilo.start().unwrap();
    }
    let salidas = hilos
        .into_iter()
        .map(Thread::join)
        .collect::<Result<Vec<_>, _>>()
        .unwrap();
    assert_eq!(salidas, [12321, 49284, 110889]);
}

#[test]
fn los_hilos_estan_de_verdad_a_la_vez() {
    // Ninguno pasa de la barrera hasta que han llegado los seis: uno tras otro no acabarían nunca.
    let barrera = Arc::new(Barrier::new(6));
    let mut hilos: Vec<Thread<()>> = (0..6)
        .map(|_| {
            let barrera = Arc::clone(&barrera);
            Thread::new(move || {
                barrera.wait();
            })
        })
        .collect();
    for hilo in &mut hilos {
        hilo.start().unwrap();
    }
    for hilo in hilos {
        hilo.join().unwrap();
    }
}

#[test]
fn sin_start_la_tarea_no_se_ejecuta() {
    let (avisa, aviso) = mpsc::channel();
    let hilo = Thread::new(move || avisa.send("me he ejecutado"));
    drop(hilo);
    assert!(aviso.recv().is_err());
}

#[test]
fn soltar_un_hilo_arrancado_no_lo_detiene() {
    let (suelta, espera) = mpsc::channel();
    let (avisa, aviso) = mpsc::channel();
    let mut hilo = Thread::new(move || {
        espera.recv().unwrap();
        avisa.send("sigo").unwrap();
    });
    hilo.start().unwrap();
    drop(hilo);
    suelta.send(()).unwrap();
    assert_eq!(aviso.recv().unwrap(), "sigo");
}

#[test]
fn un_panico_es_un_error_con_el_nombre_y_el_mensaje() {
    let mut hilo = Thread::new(|| -> u64 { panic!("sin conexión: código {}", 7) });
    hilo = hilo.with_name("descarga-3");
    hilo.start().unwrap();
    let error = hilo.join().unwrap_err();
    assert!(error.is_panic() && !error.is_not_started() && !error.is_already_started());
    assert_eq!(error.thread_name(), "descarga-3");
    assert_eq!(error.panic_message(), Some("sin conexión: código 7"));
    assert!(
        error
            .to_string()
            .starts_with("el hilo «descarga-3» acabó en pánico: sin conexión: código 7")
    );
}

#[test]
fn una_carga_que_no_es_texto_tambien_se_recoge() {
    let mut hilo = Thread::new(|| std::panic::panic_any(42_u8));
    hilo.start().unwrap();
    let error = hilo.join().unwrap_err();
    assert_eq!(error.panic_message(), Some("(carga de tipo desconocido)"));
}

#[test]
fn arrancar_dos_veces_es_un_error_y_la_primera_sigue_en_marcha() {
    let mut hilo = Thread::new(|| "una vez").with_name("único");
    hilo.start().unwrap();
    let error = hilo.start().unwrap_err();
    assert!(error.is_already_started());
    assert!(
        error
            .to_string()
            .starts_with("el hilo «único» ya se había arrancado")
    );
    assert_eq!(hilo.join().unwrap(), "una vez");
}

#[test]
fn esperar_sin_arrancar_es_un_error_y_no_un_bloqueo() {
    let error = Thread::new(|| ()).with_name("parado").join().unwrap_err();
    assert!(error.is_not_started());
    assert_eq!(
        error.to_string(),
        "el hilo «parado» no se ha arrancado y join no tiene a quién esperar: llama antes a start()"
    );
}

#[test]
fn debug_y_is_alive_cuentan_el_estado() {
    let (suelta, espera) = mpsc::channel::<()>();
    let mut hilo = Thread::new(move || espera.recv().unwrap()).with_name("testigo");
    assert_eq!(format!("{hilo:?}"), "Thread(testigo, sin arrancar)");
    assert!(!hilo.is_alive());
    hilo.start().unwrap();
    assert_eq!(format!("{hilo:?}"), "Thread(testigo, en marcha)");
    assert!(hilo.is_alive());
    suelta.send(()).unwrap();
    while hilo.is_alive() {
        std::thread::yield_now();
    }
    assert_eq!(format!("{hilo:?}"), "Thread(testigo, acabado)");
    hilo.join().unwrap();
}

#[test]
fn los_nombres_por_omision_se_numeran_y_el_hilo_los_lleva() {
    let numero = |hilo: &Thread<Option<String>>| -> usize {
        hilo.name()
            .strip_prefix("Thread-")
            .unwrap()
            .parse()
            .unwrap()
    };
    let su_nombre = || std::thread::current().name().map(str::to_owned);
    let (mut primero, segundo) = (Thread::new(su_nombre), Thread::new(su_nombre));
    assert!(numero(&primero) < numero(&segundo));
    let nombre = primero.name().to_owned();
    primero.start().unwrap();
    assert_eq!(primero.join().unwrap(), Some(nombre));
}

#[test]
#[should_panic(expected = "carácter nulo")]
fn un_nombre_con_el_caracter_nulo_no_vale() {
    let _ = Thread::new(|| ()).with_name("a\0b");
}

#[test]
#[should_panic(expected = "ya ha arrancado")]
fn no_se_cambia_de_nombre_en_marcha() {
    let mut hilo = Thread::new(|| ());
    hilo.start().unwrap();
    let _ = hilo.with_name("tarde");
}

#[test]
fn el_error_viaja_entre_hilos_se_clona_y_cabe_en_una_caja() {
    fn viaja<E: Error + Clone + Send + Sync + 'static>() {}
    viaja::<ThreadError>();
    let error = Thread::new(|| ()).with_name("parado").join().unwrap_err();
    let otro = error.clone();
    assert!(otro.is_not_started());
    assert_eq!(otro.to_string(), error.to_string());
    assert_eq!(
        format!("{otro:?}"),
        "ThreadError { thread: \"parado\", cause: NotStarted }"
    );
}

#[test]
fn un_hilo_se_puede_compartir_detras_de_un_cerrojo() {
    fn viaja<T: Send + Sync + 'static>() {}
    viaja::<Thread<u64>>();
}

#[test]
fn join_timeout_no_consume_el_hilo_y_se_puede_repetir() {
    let (suelta, espera) = mpsc::channel();
    let mut hilo = Thread::new(move || espera.recv().unwrap()).with_name("testigo");
    hilo.start().unwrap();
    for _ in 0..3 {
        let error = hilo.join_timeout(0.05).unwrap_err();
        assert!(error.is_timeout() && !error.is_panic());
        assert_eq!(
            error.to_string(),
            "el hilo «testigo» no ha acabado en el plazo y sigue en marcha: vuelve a esperarlo con join o join_timeout"
        );
        assert!(hilo.is_alive());
    }
    suelta.send(7).unwrap();
    assert_eq!(hilo.join_timeout(600).unwrap(), 7);
    assert!(!hilo.is_alive());
}

#[test]
fn tras_un_plazo_acabado_tambien_vale_join() {
    let (suelta, espera) = mpsc::channel();
    let mut hilo = Thread::new(move || espera.recv().unwrap());
    hilo.start().unwrap();
    assert!(hilo.join_timeout(0).unwrap_err().is_timeout());
    suelta.send(7).unwrap();
    assert_eq!(hilo.join().unwrap(), 7);
}

#[test]
fn el_valor_se_recoge_una_sola_vez() {
    let mut hilo = Thread::new(|| 7).with_name("único");
    hilo.start().unwrap();
    assert_eq!(hilo.join_timeout(600).unwrap(), 7);
    let error = hilo.join_timeout(600).unwrap_err();
    assert!(error.is_already_joined() && !error.is_timeout());
    assert_eq!(
        error.to_string(),
        "el valor del hilo «único» ya se recogió con otro join: guárdalo la primera vez"
    );
    assert!(hilo.join().unwrap_err().is_already_joined());
}

#[test]
fn un_panico_se_puede_volver_a_preguntar() {
    let mut hilo = Thread::new(|| panic!("sin conexión"));
    hilo.start().unwrap();
    for _ in 0..2 {
        let error: ThreadError = hilo.join_timeout(600).unwrap_err();
        assert_eq!(error.panic_message(), Some("sin conexión"));
    }
    assert!(hilo.join().unwrap_err().is_panic());
}

#[test]
fn con_plazo_sin_arrancar_tambien_es_un_error_y_aun_se_puede_arrancar() {
    let mut hilo = Thread::new(|| 7);
    assert!(hilo.join_timeout(600).unwrap_err().is_not_started());
    hilo.start().unwrap();
    assert_eq!(hilo.join().unwrap(), 7);
}

#[test]
fn un_plazo_que_no_llegara_nunca_es_como_no_tenerlo() {
    let mut hilo = Thread::new(|| 7);
    hilo.start().unwrap();
    assert_eq!(hilo.join_timeout(1e18).unwrap(), 7);
}

#[test]
#[should_panic(expected = "no se puede esperar -1 segundos")]
fn un_plazo_negativo_no_vale() {
    let mut hilo = Thread::new(|| ());
    hilo.start().unwrap();
    let _ = hilo.join_timeout(-1);
}

#[test]
fn esperarse_a_si_mismo_es_un_error_y_no_un_bloqueo() {
    type Propio = Arc<Mutex<Option<Thread<()>>>>;
    let propio: Propio = Arc::default();
    let (dilo, dicho) = mpsc::channel();
    let suyo = Arc::clone(&propio);
    let mut hilo = Thread::new(move || {
        let mut yo = suyo.lock().unwrap().take().unwrap();
        dilo.send(yo.join_timeout(600).unwrap_err()).unwrap();
        dilo.send(yo.join().unwrap_err()).unwrap();
    })
    .with_name("narciso");
    let mut sitio = propio.lock().unwrap();
    hilo.start().unwrap();
    *sitio = Some(hilo);
    drop(sitio);
    for error in dicho {
        assert!(error.is_deadlock(), "{error}");
        assert!(
            error
                .to_string()
                .starts_with("el hilo «narciso» no puede esperarse a sí mismo")
        );
    }
}

#[test]
fn la_tarea_se_suelta_al_acabar_aunque_nadie_la_haya_esperado() {
    let dato = Arc::new(());
    let suyo = Arc::clone(&dato);
    let mut hilo = Thread::new(move || drop(suyo));
    hilo.start().unwrap();
    hilo.join_timeout(600).unwrap();
    assert_eq!(Arc::strong_count(&dato), 1);
    drop(hilo);
}

#[test]
fn el_valor_que_nadie_recoge_se_suelta() {
    let dato = Arc::new(());
    let suyo = Arc::clone(&dato);
    let mut hilo = Thread::new(move || suyo);
    hilo.start().unwrap();
    let quien = hilo.info().unwrap();
    drop(hilo);
    while quien.is_alive() {
        std::thread::yield_now();
    }
    assert_eq!(Arc::strong_count(&dato), 1);
}

/// Entra en pánico al soltarse.
struct Bomba;

impl Drop for Bomba {
    fn drop(&mut self) {
        panic!("¡bum!");
    }
}

#[test]
fn una_carga_que_entra_en_panico_al_soltarse_no_tumba_nada() {
    let mut hilo = Thread::new(|| std::panic::panic_any(Bomba));
    hilo.start().unwrap();
    assert!(hilo.join().unwrap_err().is_panic());
}

#[test]
fn un_hilo_suelto_no_tumba_nada_con_su_carga_ni_con_su_valor() {
    for explota in [false, true] {
        let (suelta, espera) = mpsc::channel::<()>();
        let mut hilo = Thread::new(move || {
            // Espera a que el `Thread` ya no esté: el último que queda es este hilo.
            espera.recv().unwrap_err();
            if explota {
                std::panic::panic_any(Bomba);
            }
            Bomba
        });
        hilo.start().unwrap();
        let quien = hilo.info().unwrap();
        drop(hilo);
        drop(suelta);
        while quien.is_alive() {
            std::thread::yield_now();
        }
    }
}

/// Con una pila que no cabe en memoria, el sistema no puede crear el hilo. La pila se pide por entorno al arrancar,
/// así que hace falta otro proceso.
#[test]
fn si_el_sistema_no_da_el_hilo_hay_error_y_la_tarea_se_conserva() {
    let salida = Command::new(env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "hilo::hijo_sin_sitio_para_la_pila",
            "--test-threads=1",
        ])
        .env("RUST_MIN_STACK", (usize::MAX / 4).to_string())
        .output()
        .unwrap();
    let dicho = String::from_utf8_lossy(&salida.stdout);
    assert!(
        salida.status.success() && dicho.contains("1 passed"),
        "{dicho}"
    );
}

#[test]
#[ignore = "la lanza otra prueba en un proceso con la pila imposible"]
fn hijo_sin_sitio_para_la_pila() {
    let mut hilo = Thread::new(|| "tarea").with_name("gigante");
    for _ in 0..2 {
        let error = hilo.start().unwrap_err();
        assert!(error.is_system(), "{error}");
        assert!(error.source().is_some());
        assert_eq!(format!("{hilo:?}"), "Thread(gigante, sin arrancar)");
        // Ni rastro del que no llegó a ser.
        assert_eq!(hilo.info(), None);
        assert!(enumerate().iter().all(|vivo| vivo.name() != "gigante"));
    }
}

#[test]
fn mil_hilos_devuelven_cada_uno_lo_suyo() {
    let mut hilos: Vec<Thread<u64>> = (0..1000).map(|id| Thread::new(move || id * id)).collect();
    for hilo in &mut hilos {
        hilo.start().unwrap();
    }
    for (id, hilo) in (0..1000).zip(hilos) {
        assert_eq!(hilo.join().unwrap(), id * id);
    }
}
