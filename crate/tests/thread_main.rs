//! Pruebas que se ejecutan en el hilo principal y de una en una: así se sabe cuántos hilos hay.
//!
//! Este programa se lanza además a sí mismo para mirar lo que escribe.

use std::env;
use std::process::{Command, ExitCode};
use std::sync::mpsc;

use concurrencia::Thread;
use concurrencia::thread::{Block, active_count, block, current_thread, enumerate, main_thread};
use libtest_mimic::{Arguments, Failed, Trial};

fn el_principal_es_este() {
    assert_eq!(current_thread(), main_thread());
    assert_eq!(current_thread().name(), "MainThread");
    assert_eq!(current_thread().ident(), 1);
    assert!(current_thread().is_alive() && !current_thread().is_daemon());
    if cfg!(target_os = "linux") {
        assert_eq!(current_thread().native_id(), Some(std::process::id()));
    }
    assert_eq!(enumerate(), [main_thread()]);
    assert_eq!(active_count(), 1);
}

fn la_lista_sigue_el_orden_de_arranque() {
    let (suelta, espera): (Vec<_>, Vec<_>) = (0..3).map(|_| mpsc::channel::<()>()).unzip();
    let mut hilos: Vec<_> = espera
        .into_iter()
        .map(|espera| Thread::new(move || espera.recv().unwrap_err()))
        .collect();
    assert_eq!(active_count(), 1); // crear no es arrancar
    hilos
        .iter_mut()
        .rev()
        .for_each(|hilo| hilo.start().unwrap());
    let mut esperados = vec![main_thread()];
    esperados.extend(hilos.iter().rev().filter_map(Thread::info));
    assert_eq!(enumerate(), esperados);
    assert_eq!(active_count(), 4);
    for (hilo, suelta) in hilos.into_iter().zip(suelta) {
        drop(suelta);
        hilo.join().unwrap();
    }
    assert_eq!(enumerate(), [main_thread()]);
}

fn un_hilo_ve_al_principal_y_se_ve_a_si_mismo() {
    let mut hilo = Thread::new(|| (enumerate(), current_thread(), main_thread()));
    hilo.start().unwrap();
    let (vivos, yo, principal) = hilo.join().unwrap();
    assert_eq!(vivos, [main_thread(), yo.clone()]);
    assert_eq!(principal, main_thread());
    assert_ne!(yo, principal);
}

fn los_ajenos_solo_constan_si_se_preguntan() {
    let (suelta, espera) = mpsc::channel::<()>();
    let callado = std::thread::spawn(move || espera.recv().unwrap_err());
    assert_eq!(active_count(), 1);
    drop(suelta);
    callado.join().unwrap();
    let (vivos, yo) = std::thread::spawn(|| (enumerate(), current_thread()))
        .join()
        .unwrap();
    assert_eq!(yo.name(), "Dummy-1");
    assert_eq!(vivos, [main_thread(), yo]);
    assert_eq!(active_count(), 1);
}

fn un_bloque_no_deja_a_nadie() {
    block(|| {
        for _ in 0..20 {
            Thread::new(|| ()).start().unwrap();
        }
    });
    assert_eq!(enumerate(), [main_thread()]);
}

/// Lo que escribe en la salida de error este programa cuando hace de `hijo`.
fn lo_que_dice(hijo: &str) -> String {
    let salida = Command::new(env::current_exe().unwrap())
        .arg(hijo)
        .output()
        .unwrap();
    let dicho = String::from_utf8(salida.stderr).unwrap();
    assert!(salida.status.success(), "{dicho}");
    dicho
}

fn un_bloque_que_espera_no_dice_nada() {
    assert_eq!(lo_que_dice("bloque_a_tiempo"), "");
}

fn a_tiempo() {
    block(|| Thread::new(|| concurrencia::sleep(0.2)).start().unwrap());
}

fn un_bloque_que_se_cansa_nombra_a_los_que_siguen() {
    assert_eq!(
        lo_que_dice("bloque_con_uno"),
        "aviso: el bloque se cierra y sigue en marcha «descarga 3» tras esperarlo 0,5 s: da más plazo con \
         Block::new().with_timeout(…), o créalo con with_daemon(true) si no hay que esperarlo\n"
    );
    assert_eq!(
        lo_que_dice("bloque_con_siete"),
        "aviso: el bloque se cierra y siguen en marcha «n-1», «n-2», «n-3», «n-4», «n-5» y 2 más tras esperarlos 0 s: \
         da más plazo con Block::new().with_timeout(…), o créalos con with_daemon(true) si no hay que esperarlos\n"
    );
}

fn con_uno() {
    Block::new().with_timeout(0.5).run(|| {
        se_queda("descarga\n3".to_owned());
        Thread::new(|| ()).start().unwrap();
        Thread::new(std::thread::park)
            .with_daemon(true)
            .start()
            .unwrap();
    });
}

fn con_siete() {
    Block::new()
        .with_timeout(0)
        .run(|| (1..=7).for_each(|n| se_queda(format!("n-{n}"))));
}

/// Arranca un hilo que muere con el programa.
fn se_queda(nombre: String) {
    let duerme = || {
        loop {
            std::thread::park();
        }
    };
    Thread::<()>::new(duerme).with_name(nombre).start().unwrap();
}

fn main() -> ExitCode {
    match env::args().nth(1).as_deref() {
        Some("bloque_a_tiempo") => a_tiempo(),
        Some("bloque_con_uno") => con_uno(),
        Some("bloque_con_siete") => con_siete(),
        _ => return pruebas(),
    }
    ExitCode::SUCCESS
}

fn pruebas() -> ExitCode {
    macro_rules! pruebas {
        ($($prueba:ident),* $(,)?) => {
            vec![$(Trial::test(stringify!($prueba), || {
                $prueba();
                Ok::<(), Failed>(())
            })),*]
        };
    }
    let mut argumentos = Arguments::from_args();
    // De una en una, el arnés las ejecuta en el hilo principal.
    argumentos.test_threads = Some(1);
    let pruebas = pruebas![
        el_principal_es_este,
        la_lista_sigue_el_orden_de_arranque,
        un_hilo_ve_al_principal_y_se_ve_a_si_mismo,
        los_ajenos_solo_constan_si_se_preguntan,
        un_bloque_no_deja_a_nadie,
        un_bloque_que_espera_no_dice_nada,
        un_bloque_que_se_cansa_nombra_a_los_que_siguen,
    ];
    libtest_mimic::run(&argumentos, pruebas).exit_code()
}
