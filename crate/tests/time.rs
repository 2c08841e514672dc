//! Pruebas de las esperas a escala. La escala es de todo el proceso: las que la cambian van de una en una.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use concurrencia::time::{DEFAULT_SCALE, scale, set_scale, sleep, to_lesson, to_real};

static ESCALA: Mutex<()> = Mutex::new(());

fn con_escala(escala: f64, prueba: impl FnOnce()) {
    let _turno = ESCALA.lock().unwrap_or_else(PoisonError::into_inner);
    set_scale(escala);
    prueba();
    set_scale(DEFAULT_SCALE);
}

#[test]
fn un_segundo_de_la_leccion_es_una_decima() {
    con_escala(DEFAULT_SCALE, || {
        assert_eq!(to_real(1), Duration::from_millis(100));
        assert_eq!(to_real(0.5), Duration::from_millis(50));
        assert_eq!(to_lesson(Duration::from_millis(100)), 1.0);
    });
}

#[test]
fn sleep_no_despierta_antes_de_tiempo() {
    con_escala(0.01, || {
        let inicio = Instant::now();
        sleep(2);
        assert!(inicio.elapsed() >= to_real(2));
    });
}

#[test]
fn la_escala_vale_para_todos_los_hilos() {
    con_escala(1.0, || {
        assert_eq!(thread::spawn(scale).join().unwrap(), 1.0);
        thread::spawn(|| set_scale(0.5)).join().unwrap();
        assert_eq!(scale(), 0.5);
        assert_eq!(to_real(3), Duration::from_millis(1500));
    });
}

#[test]
fn ir_y_volver_deja_los_mismos_segundos() {
    con_escala(0.25, || assert_eq!(to_lesson(to_real(7)), 7.0));
}

#[test]
fn esperar_cero_vale() {
    assert_eq!(to_real(0), Duration::ZERO);
    sleep(0);
}

#[test]
fn una_escala_imposible_se_rechaza_y_no_cambia_nada() {
    con_escala(0.5, || {
        for mala in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(
                thread::spawn(move || set_scale(mala)).join().is_err(),
                "{mala}"
            );
        }
        assert_eq!(scale(), 0.5);
    });
}

#[test]
fn una_espera_imposible_se_rechaza() {
    for mala in [-1.0, f64::NAN, f64::INFINITY, 1e300] {
        assert!(thread::spawn(move || sleep(mala)).join().is_err(), "{mala}");
    }
}
