//! Las cargas reales, desde las celdas de un cuaderno de verdad: servidor, descargas, miniaturas, cálculo y carrera.

use crate::comun::*;

#[test]
fn se_descarga_se_reduce_se_calcula_y_se_corre_contra_python_desde_celdas() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let ruta = cuaderno_de_prueba(&raiz, carpeta.path(), "cargas.ipynb");
    exige_que_acabe_bien(&curso(&raiz).arg("ejecutar").arg(&ruta).output().unwrap());

    let salidas = salidas(&ruta).join("\n");
    let dadas: Vec<&str> = salidas.lines().map(str::trim).collect();
    let esperadas = [
        "[1, 2, 3]",
        // Los sitios, con los bytes de la lección; y cuántas peticiones tuvo a la vez el servidor.
        "(16, 3820442)",
        "(16, 1)",
        "(true, 5)",
        "(true, 16)",
        // Un bien y dos errores: el estado, y el cuerpo que no llegó entero.
        "(1, [(Some(404), false), (None, true)])",
        "[\"123.jpg\", \"456.jpg\"]",
        "10",
        "Serial: 8 bien, 2 mal",
        "Threads(2): 8 bien, 2 mal",
        "Processes(2): 8 bien, 2 mal",
        "Rayon: 8 bien, 2 mal",
        "Tokio(2): 8 bien, 2 mal",
        "(64, 36, true)",
        "(32, 1494768086696569506, 9s)",
        // La carrera: coinciden, sin avisos, los tres.
        "true [] 3",
        // El servidor ya no está.
        "false",
    ];
    for esperada in esperadas {
        assert!(dadas.contains(&esperada), "falta {esperada}: {dadas:#?}");
    }
    for titulo in ["16 sitios, cinco hilos", "16 sitios, Rust y Python"] {
        assert!(salidas.contains(titulo), "falta la figura «{titulo}»");
    }
}
