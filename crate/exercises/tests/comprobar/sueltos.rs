//! Lo que queda suelto, visto en un proceso aparte: en este hay hilos de otras pruebas.

use std::sync::mpsc;
use std::thread;

use concurrencia::Process;
use exercises::Leftovers;

use crate::pruebas;

pruebas![
    el_hilo_que_acaba_no_queda,
    el_que_espera_para_siempre_se_ve,
    el_proceso_que_sigue_se_ve,
];

/// Ejecuta `f` en un proceso nuevo.
fn aparte(f: fn() -> (usize, usize)) -> (usize, usize) {
    let mut proceso = Process::new(
        |quien: u8| [nada, con_uno, con_hilo, con_proceso][usize::from(quien)](),
        (cual(f),),
    );
    proceso.start().unwrap();
    proceso.join().unwrap()
}

fn cual(f: fn() -> (usize, usize)) -> u8 {
    let todas: [fn() -> (usize, usize); 4] = [nada, con_uno, con_hilo, con_proceso];
    let cual = todas.iter().position(|g| std::ptr::fn_addr_eq(*g, f));
    cual.unwrap() as u8
}

fn mira(hace: impl FnOnce()) -> (usize, usize) {
    let antes = Leftovers::watch();
    hace();
    (antes.threads(), antes.processes())
}

fn nada() -> (usize, usize) {
    mira(|| ())
}

fn con_uno() -> (usize, usize) {
    mira(|| thread::spawn(|| ()).join().unwrap())
}

fn con_hilo() -> (usize, usize) {
    let (manda, recibe) = mpsc::channel::<()>();
    let visto = mira(|| {
        thread::spawn(move || recibe.recv());
    });
    drop(manda);
    visto
}

fn con_proceso() -> (usize, usize) {
    let mut proceso = Process::new(thread::park, ());
    let (_, procesos) = mira(|| proceso.start().unwrap());
    proceso.kill().unwrap();
    (0, procesos)
}

fn el_hilo_que_acaba_no_queda() {
    assert_eq!(aparte(nada), (0, 0));
    assert_eq!(aparte(con_uno), (0, 0));
}

fn el_que_espera_para_siempre_se_ve() {
    if cfg!(target_os = "linux") {
        assert_eq!(aparte(con_hilo), (1, 0));
    }
}

fn el_proceso_que_sigue_se_ve() {
    if cfg!(target_os = "linux") {
        assert_eq!(aparte(con_proceso), (0, 1));
    }
}
