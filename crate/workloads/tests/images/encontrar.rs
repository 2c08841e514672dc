//! `find`: todas las imágenes, y ninguna carpeta tragada.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

use workloads::images::find;

use crate::comun::{carpeta, guarda};
use crate::pruebas;

pruebas![
    por_la_extension_con_mayusculas_o_sin_ellas_y_en_orden,
    una_carpeta_con_nombre_de_imagen_no_es_una_imagen,
    los_enlaces_a_archivos_cuentan_y_los_de_carpetas_no,
    una_carpeta_que_no_se_puede_leer_no_se_traga,
    la_raiz_que_no_existe_es_un_error,
];

fn por_la_extension_con_mayusculas_o_sin_ellas_y_en_orden() {
    let raiz = carpeta();
    let nombres = [
        "a.jpg",
        "b/c.JPEG",
        "b/d.Png",
        "e.jpeg",
        "f.gif",
        "g.jpg.txt",
        "jpg",
        ".png",
    ];
    for nombre in nombres {
        guarda(raiz.path(), nombre, "");
    }
    let esperadas = ["a.jpg", "b/c.JPEG", "b/d.Png", "e.jpeg"].map(|n| raiz.path().join(n));
    assert_eq!(find(&raiz).unwrap(), esperadas);
}

fn una_carpeta_con_nombre_de_imagen_no_es_una_imagen() {
    let raiz = carpeta();
    let dentro = guarda(raiz.path(), "album.jpg/foto.jpg", "");
    assert_eq!(find(&raiz).unwrap(), [dentro]);
}

fn los_enlaces_a_archivos_cuentan_y_los_de_carpetas_no() {
    let raiz = carpeta();
    let foto = guarda(raiz.path(), "fotos/a.jpg", "");
    symlink(&foto, raiz.path().join("enlace.jpg")).unwrap();
    symlink("no está", raiz.path().join("roto.jpg")).unwrap();
    symlink(raiz.path(), raiz.path().join("fotos/vuelta.jpg")).unwrap();
    let esperadas = ["enlace.jpg", "fotos/a.jpg", "roto.jpg"].map(|n| raiz.path().join(n));
    assert_eq!(find(&raiz).unwrap(), esperadas);
}

fn una_carpeta_que_no_se_puede_leer_no_se_traga() {
    let raiz = carpeta();
    let vista = guarda(raiz.path(), "vista/a.jpg", "");
    guarda(raiz.path(), "cerrada/b.jpg", "");
    let cerrada = raiz.path().join("cerrada");
    fs::set_permissions(&cerrada, Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(&cerrada).is_ok() {
        // El administrador puede leerla: no hay nada que probar.
        return;
    }
    let error = find(&raiz).unwrap_err();
    fs::set_permissions(&cerrada, Permissions::from_mode(0o700)).unwrap();
    assert_eq!(error.found(), [vista]);
    assert_eq!(error.failed()[0].0, cerrada);
    assert!(error.to_string().contains("cerrada"), "{error}");
}

fn la_raiz_que_no_existe_es_un_error() {
    let raiz = carpeta();
    let error = find(raiz.path().join("nada")).unwrap_err();
    assert!(error.found().is_empty());
    assert_eq!(error.failed()[0].0, raiz.path().join("nada"));
}
