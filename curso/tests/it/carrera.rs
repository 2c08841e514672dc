//! `carrera`: los trabajos de las lecciones en Rust y en Python, desde la terminal.

use crate::comun::*;

#[test]
fn corre_los_trabajos_que_se_digan_y_enseña_lo_que_tarda_cada_uno() {
    let raiz = raiz_preparada();
    let carrera = |argumentos: &[&str]| {
        let mut orden = curso(&raiz);
        orden.arg("carrera").args(argumentos).output().unwrap()
    };
    let salida = carrera(&["cuadrados", "sitios", "--repeticiones", "1"]);
    exige_que_acabe_bien(&salida);
    let dicho_bien = String::from_utf8(salida.stdout).unwrap();
    for esperado in [
        "## sitios: bajar los 16 sitios",
        "## cuadrados: sumar los cuadrados",
        "aiohttp",
        "rayon",
        "(referencia)",
        "suma de cuadrados: 1 ejecución",
        "16 sitios a la vez / la espera mayor",
    ] {
        assert!(
            dicho_bien.contains(esperado),
            "falta «{esperado}»: {dicho_bien}"
        );
    }
    assert!(!dicho_bien.contains("## mixto"), "{dicho_bien}");

    let salida = carrera(&["nada"]);
    assert_eq!(salida.status.code(), Some(1));
    let dicho = dicho(&salida);
    assert!(
        dicho.contains("no hay ningún trabajo «nada»; los hay: sitios, imagenes"),
        "{dicho}"
    );
}
