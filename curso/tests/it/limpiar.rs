//! Qué borra `limpiar` y qué deja.

use crate::comun::*;

#[test]
fn sin_mas_deja_lo_instalado_y_con_todo_no_deja_nada() {
    let proyecto = proyecto_vacio();
    let generado = proyecto.path().join(".curso");
    let restos = [
        "registros/x.log",
        "nucleos/nmuerto/vivo.cerrojo",
        "copias/ncortada/vivo.cerrojo",
        "plantillas/vieja/uso.cerrojo",
    ];
    let instalado = [
        "python/bin/python",
        "bin/concurrencia-png",
        "bin/concurrencia-server",
    ];
    for ruta in restos.into_iter().chain(instalado) {
        let ruta = generado.join(ruta);
        std::fs::create_dir_all(ruta.parent().unwrap()).unwrap();
        std::fs::write(ruta, "algo").unwrap();
    }
    let salida = curso(proyecto.path()).arg("limpiar").output().unwrap();
    exige_que_acabe_bien(&salida);
    assert!(dicho(&salida).contains("Liberados"), "{}", dicho(&salida));
    for resto in restos {
        assert!(!generado.join(resto).exists(), "queda {resto}");
    }
    for ruta in instalado {
        assert!(generado.join(ruta).exists(), "falta {ruta}");
    }

    exige_que_acabe_bien(
        &curso(proyecto.path())
            .args(["limpiar", "--todo"])
            .output()
            .unwrap(),
    );
    assert!(!generado.exists());
    assert!(proyecto.path().join("notebooks").exists());
}
