//! Pruebas del gancho de pánico: lo que sale por la salida de error de otro proceso.

use std::env;
use std::process::Command;

use concurrencia::{Thread, install_panic_hook};

/// Lanza este mismo ejecutable con solo la prueba `hijo` y devuelve su salida de error.
fn lo_que_dice(hijo: &str, entorno: &[(&str, &str)]) -> String {
    let salida = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", hijo, "--nocapture"])
        .env_remove("CONCURRENCIA_TRAZA")
        .env_remove("EVCXR_IS_RUNTIME")
        .env("RUST_BACKTRACE", "1")
        .envs(entorno.iter().copied())
        .output()
        .unwrap();
    assert!(
        salida.status.success(),
        "{}",
        String::from_utf8_lossy(&salida.stdout)
    );
    String::from_utf8(salida.stderr).unwrap()
}

fn falla_con_nombre(nombre: &str, tarea: impl FnOnce() + Send + 'static) {
    let mut hilo = Thread::new(tarea).with_name(nombre);
    hilo.start().unwrap();
    hilo.join().unwrap_err();
}

fn fallan_de_varias_formas() {
    falla_con_nombre("descarga-3", || panic!("sin conexión"));
    falla_con_nombre("descarga-4", || {
        panic!("primera línea\n  segunda línea\n\n{}", "tercera")
    });
    falla_con_nombre("descarga-5", || std::panic::panic_any(42));
    std::thread::spawn(|| panic!("nadie me puso nombre"))
        .join()
        .unwrap_err();
}

const LINEAS: &str = "\
pánico en el hilo «descarga-3»: sin conexión
pánico en el hilo «descarga-4»: primera línea; segunda línea; tercera
pánico en el hilo «descarga-5»: (carga de tipo desconocido)
pánico en el hilo «sin nombre»: nadie me puso nombre
";

#[test]
#[ignore = "la lanzan otras pruebas como subproceso"]
fn hijo_que_instala_el_gancho() {
    install_panic_hook();
    install_panic_hook();
    fallan_de_varias_formas();
}

#[test]
#[ignore = "la lanzan otras pruebas como subproceso"]
fn hijo_que_no_instala_nada() {
    fallan_de_varias_formas();
}

#[test]
#[ignore = "la lanzan otras pruebas como subproceso"]
fn hijo_con_muchos_panicos_a_la_vez() {
    install_panic_hook();
    let tarea =
        |i: usize| Thread::new(move || panic!("{}", "x".repeat(i % 50))).with_name("tropel");
    let mut hilos: Vec<Thread<()>> = (0..200).map(tarea).collect();
    for hilo in &mut hilos {
        hilo.start().unwrap();
    }
    for hilo in hilos {
        hilo.join().unwrap_err();
    }
}

#[test]
fn cada_panico_es_una_linea_sin_traza() {
    assert_eq!(lo_que_dice("hijo_que_instala_el_gancho", &[]), LINEAS);
}

#[test]
fn con_concurrencia_traza_sale_ademas_la_de_std() {
    let dicho = lo_que_dice("hijo_que_instala_el_gancho", &[("CONCURRENCIA_TRAZA", "1")]);
    for linea in LINEAS.lines() {
        assert!(dicho.contains(linea), "falta «{linea}» en:\n{dicho}");
    }
    assert!(dicho.contains("stack backtrace"), "{dicho}");
}

#[test]
fn con_concurrencia_traza_vacia_no_hay_traza() {
    let dicho = lo_que_dice("hijo_que_instala_el_gancho", &[("CONCURRENCIA_TRAZA", "")]);
    assert_eq!(dicho, LINEAS);
}

#[test]
fn dentro_del_cuaderno_el_gancho_se_instala_solo() {
    assert_eq!(
        lo_que_dice("hijo_que_no_instala_nada", &[("EVCXR_IS_RUNTIME", "1")]),
        LINEAS
    );
}

#[test]
fn fuera_del_cuaderno_nadie_toca_el_gancho() {
    let dicho = lo_que_dice("hijo_que_no_instala_nada", &[]);
    assert!(!dicho.contains("pánico en el hilo"), "{dicho}");
    assert!(dicho.contains("descarga-3"), "{dicho}");
}

#[test]
fn doscientos_panicos_a_la_vez_son_doscientas_lineas_enteras() {
    let dicho = lo_que_dice("hijo_con_muchos_panicos_a_la_vez", &[]);
    assert_eq!(dicho.lines().count(), 200);
    for linea in dicho.lines() {
        let mensaje = linea
            .strip_prefix("pánico en el hilo «tropel»: ")
            .expect(linea);
        assert!(mensaje.chars().all(|c| c == 'x'), "{linea}");
    }
}
