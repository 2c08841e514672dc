//! La línea de tiempo capturada, dibujada y guardada desde las celdas de un cuaderno de verdad.

use crate::comun::*;

#[test]
fn se_captura_y_se_dibuja_desde_celdas_lo_que_hacen_hilos_procesos_y_tareas() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let ruta = cuaderno_de_prueba(&raiz, carpeta.path(), "linea.ipynb");
    exige_que_acabe_bien(&curso(&raiz).arg("ejecutar").arg(&ruta).output().unwrap());

    let salidas = salidas(&ruta).join("\n");
    let dadas: Vec<&str> = salidas
        .lines()
        .map(str::trim)
        // Las figuras y las tablas llevan tiempos, que cambian.
        .filter(|linea| {
            ["(", "[", "true", "3"]
                .iter()
                .any(|inicio| linea.starts_with(inicio))
        })
        .collect();
    let esperadas = [
        "[\"descarga 1\", \"descarga 2\", \"descarga 3\", \"descarga 4\", \"descarga 5\", \"descarga 6\"]",
        "(3, true, 0)",
        "(true, 10)",
        "[false, true, false]",
        "[\"suma 1\", \"suma 2\", \"suma 3\", \"suma 4\"]",
        "true",
        "3",
        "true",
        "[\"calcular\", \"esperar\"]",
        "(true, true)",
    ];
    for esperada in esperadas {
        assert!(dadas.contains(&esperada), "falta {esperada}: {dadas:#?}");
    }
    let titulos = [
        "Tres hilos, seis descargas",
        "Las tres últimas esperan en la cola",
        "Dos maneras de verlo",
        "Uno y dos hilos",
    ];
    for titulo in titulos {
        assert!(salidas.contains(titulo), "falta la figura «{titulo}»");
    }
}
