//! Cada pieza del crate, usada desde las celdas de un cuaderno de verdad y guardada en variables entre celdas.

use crate::comun::*;

#[test]
fn cada_pieza_se_usa_desde_celdas_y_se_guarda_entre_celdas() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let ruta = cuaderno_de_prueba(&raiz, carpeta.path(), "piezas.ipynb");
    exige_que_acabe_bien(&curso(&raiz).arg("ejecutar").arg(&ruta).output().unwrap());

    // Por líneas: lo que escribe un hilo que sigue entre dos celdas cae en una o en otra.
    let salidas = salidas(&ruta).join("\n");
    let dadas: Vec<&str> = salidas
        .lines()
        .map(str::trim)
        .filter(|linea| !linea.is_empty() && *linea != "()")
        .collect();
    let esperadas = [
        // Hilos
        "desde cuentas",
        "42",
        "true",
        "MainThread 1",
        "(0, 5)",
        "hilo 0",
        "hilo 1",
        "pánico en el hilo «descarga»: sin conexión",
        "el hilo «descarga» acabó en pánico: sin conexión (los demás hilos siguen; si la tarea puede fallar, haz que \
         devuelva un Result)",
        "true",
        // Pools
        "[0, 10, 20, 30, 40]",
        "(3, [2, 3])",
        "(30, 30)",
        // Futuros y ejecutores
        "(144, \"doce\", true)",
        "\"listo\"",
        "[0, 1, 4, 9]",
        "[0, 1, 4, 9, 16]",
        "[0, 1, 4, 9, 16]",
        // Asyncio
        "\"hola, Ana\"",
        "(\"hola, Luis\", [\"hola, Eva\", \"hola, Leo\"])",
        "49",
        "Ok(3)",
        "\"hola, Sol\"",
        "(\"hola, uno\", 2)",
        // Cerrojos
        "Lock(«cuenta», libre)",
        "4000",
        "2",
        "(8, true)",
        // Colas
        "(2, 1, 1, 2)",
        "true",
        // Temporizadores
        "(Some(\"ya\"), None)",
        // `parallel`
        "[10, 13]",
        "(\"rosa roja\", \"león amarillo\")",
    ];
    assert_eq!(dadas, esperadas);
}
