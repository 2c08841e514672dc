//! Las pistas, la solución y el progreso, con el catálogo de ejemplo. Las pruebas comparten el archivo de progreso y cada
//! una usa su ejercicio.

use catalog::Progress;
use exercises::{SURRENDER, comprobar, hint, pista, progreso, solucion, solution};

use crate::pruebas;

pruebas![
    las_pistas_salen_de_una_en_una_y_al_final_todas,
    sin_aprobar_hay_que_rendirse,
    aprobar_abre_la_solucion_y_se_apunta_en_que_intento,
    un_nombre_que_no_existe_dice_cual_se_parece,
    el_progreso_dice_cuanto_y_que_toca,
];

fn apuntado() -> Progress {
    Progress::load(std::env::var_os("CONCURRENCIA_PROGRESO").unwrap().as_ref())
}

fn las_pistas_salen_de_una_en_una_y_al_final_todas() {
    let primera = pista!("hilos-01").to_string();
    assert!(
        primera.contains("Pista 1 de 1") && primera.contains("Es la última"),
        "{primera}"
    );
    assert_eq!(apuntado().get("hilos-01").hints, 1);
    let otra = hint("hilos-01").to_string();
    assert!(otra.contains("Ya las has visto todas"), "{otra}");
    assert!(otra.contains("`join` devuelve"), "{otra}");
    assert_eq!(
        apuntado().get("hilos-01").hints,
        1,
        "no se cuentan dos veces"
    );
}

fn sin_aprobar_hay_que_rendirse() {
    let cerrada = solucion!("hilos-01").to_string();
    assert!(cerrada.contains("se abre al aprobarlo"), "{cerrada}");
    assert!(!cerrada.contains("thread::spawn") && !apuntado().get("hilos-01").gave_up);
    assert!(
        solution("hilos-01", "por favor")
            .to_string()
            .contains("se abre al aprobarlo")
    );
    let abierta = solution("hilos-01", SURRENDER).to_string();
    assert!(abierta.contains("```rust\nfn doble"), "{abierta}");
    assert!(
        abierta.contains("Esperar al hilo"),
        "con su porqué: {abierta}"
    );
    assert!(apuntado().get("hilos-01").gave_up);
}

fn aprobar_abre_la_solucion_y_se_apunta_en_que_intento() {
    let cerrada = solucion!("hilos-02").to_string();
    assert!(cerrada.contains("se abre al aprobarlo"), "{cerrada}");
    let falla = comprobar!("mio-catalogo", || 2);
    assert!(
        falla.to_string().contains("pista!(\"hilos-02\")"),
        "{falla}"
    );
    assert!(comprobar!("mio-catalogo", || 1).is_pass());
    assert!(comprobar!("mio-catalogo", || 1).is_pass());
    let apunte = apuntado().get("hilos-02");
    assert_eq!((apunte.attempts, apunte.passed_on), (3, Some(2)));
    assert!(!apunte.gave_up);
    let abierta = solucion!("hilos-02").to_string();
    assert!(abierta.contains("fn largo"), "{abierta}");
}

fn un_nombre_que_no_existe_dice_cual_se_parece() {
    let dicho = hint("hilo-01").to_string();
    assert!(dicho.contains("hilos-01"), "{dicho}");
}

fn el_progreso_dice_cuanto_y_que_toca() {
    let dicho = progreso!().to_string();
    assert!(dicho.contains("de 2 ejercicios"), "{dicho}");
    assert!(dicho.contains("Hilos y procesos"), "{dicho}");
}
