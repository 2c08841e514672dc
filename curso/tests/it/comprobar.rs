//! `comprobar!` en el núcleo de verdad: lo que haga la función no llega al cuaderno.

use crate::comun::*;
use serde_json::json;

#[test]
fn la_que_se_cuelga_o_muere_no_pierde_las_variables() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let ruta = carpeta.path().join("comprobar.ipynb");
    let paquete = raiz.join("crate/exercises").display().to_string();
    let carga_ejercicios = format!(
        ":dep concurrencia-exercises = {{ path = {paquete:?} }}\nuse exercises::prelude::*;"
    );
    let falla = |codigo| json!({"tags": ["raises-exception"], "error": codigo});
    escribe_cuaderno(
        &ruta,
        &[
            carga(&raiz),
            celda(&carga_ejercicios, json!({})),
            celda("let guardado = vec![1, 2, 3];", json!({})),
            celda(
                "fn se_cuelga(_: Vec<Job>) -> Vec<u64> { loop { std::thread::park(); } }",
                json!({}),
            ),
            celda("comprobar!(\"hilos-01\", se_cuelga)", json!({})),
            celda(
                "fn muere(_: Vec<Job>) -> Vec<u64> { std::process::abort() }",
                json!({}),
            ),
            celda("comprobar!(\"hilos-01\", muere)", json!({})),
            celda(
                "fn en_hilos(encargos: Vec<Job>) -> Vec<u64> {
    let hilos: Vec<_> = encargos.into_iter().map(|e| std::thread::spawn(move || e.run())).collect();
    hilos.into_iter().map(|hilo| hilo.join().unwrap()).collect()
}",
                json!({}),
            ),
            celda("comprobar!(\"hilos-01\", en_hilos)", json!({})),
            celda("println!(\"{guardado:?}\");", json!({})),
            // Lo que no se puede comprobar lo dice el compilador.
            celda("comprobar!(\"hilos-99\", en_hilos)", falla("E0277")),
            celda("comprobar!(\"hilos-01\", |n: u8| n)", falla("E0308")),
        ],
    );
    exige_que_acabe_bien(&curso(&raiz).arg("ejecutar").arg(&ruta).output().unwrap());
    let salidas = salidas(&ruta);
    assert!(
        salidas[4].contains("plazo agotado") && salidas[4].contains("no ha acabado en 2 s"),
        "{}",
        salidas[4]
    );
    assert!(salidas[6].contains("proceso muerto"), "{}", salidas[6]);
    assert!(salidas[8].contains("aprobado, sus"), "{}", salidas[8]);
    assert_eq!(salidas[9].trim(), "[1, 2, 3]");
}
