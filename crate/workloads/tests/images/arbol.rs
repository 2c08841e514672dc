//! `Tree`: el mismo árbol para los mismos parámetros, y nada ajeno borrado.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use workloads::image;
use workloads::images::{Tree, find};

use crate::comun::{carpeta, contenido, guarda};
use crate::pruebas;

pruebas![
    los_mismos_parametros_dan_el_mismo_arbol,
    si_ya_esta_no_se_rehace,
    si_falta_algo_se_rehace,
    con_otros_parametros_se_cambia_por_el_nuevo,
    un_arbol_a_medias_se_rehace,
    donde_ya_hay_algo_no_se_planta,
    lo_que_no_es_del_arbol_no_se_borra,
    un_registro_manipulado_no_borra_fuera,
    hay_nombres_repetidos_en_carpetas_distintas,
    lo_malo_a_peticion,
];

fn arbol() -> Tree {
    Tree::new(5).images(16).size(32, 18)
}

fn los_mismos_parametros_dan_el_mismo_arbol() {
    let (uno, otro) = (carpeta(), carpeta());
    for raiz in [&uno, &otro] {
        arbol().generate(raiz).unwrap();
    }
    let de = |raiz: &Path| -> Vec<_> {
        let rutas = find(raiz).unwrap();
        rutas
            .iter()
            .map(|ruta| {
                (
                    ruta.strip_prefix(raiz).unwrap().to_owned(),
                    fs::read(ruta).unwrap(),
                )
            })
            .collect()
    };
    assert_eq!(de(uno.path()), de(otro.path()));
    assert_eq!(de(uno.path()).len(), 16);
}

fn si_ya_esta_no_se_rehace() {
    let raiz = carpeta();
    let primero = arbol().generate(&raiz).unwrap();
    fs::write(&primero.images()[0], "cambiada").unwrap();
    let segundo = arbol().generate(&raiz).unwrap();
    assert!(primero.is_new() && !segundo.is_new());
    assert_eq!(primero.images(), segundo.images());
    assert_eq!(fs::read(&primero.images()[0]).unwrap(), b"cambiada");
}

fn si_falta_algo_se_rehace() {
    let raiz = carpeta();
    let primero = arbol().generate(&raiz).unwrap();
    fs::remove_file(&primero.images()[3]).unwrap();
    assert!(arbol().generate(&raiz).unwrap().is_new());
    assert_eq!(find(&raiz).unwrap().len(), 16);
}

fn con_otros_parametros_se_cambia_por_el_nuevo() {
    let raiz = carpeta();
    arbol().generate(&raiz).unwrap();
    assert!(arbol().images(3).generate(&raiz).unwrap().is_new());
    assert_eq!(find(&raiz).unwrap().len(), 3);
    assert!(!raiz.path().join("familia").exists());
}

fn un_arbol_a_medias_se_rehace() {
    let raiz = carpeta();
    arbol().generate(&raiz).unwrap();
    let registro = raiz.path().join(".arbol");
    let texto = fs::read_to_string(&registro).unwrap();
    fs::write(&registro, texto.replace("hecho", "a medias")).unwrap();
    assert!(arbol().generate(&raiz).unwrap().is_new());
}

fn donde_ya_hay_algo_no_se_planta() {
    let raiz = carpeta();
    guarda(raiz.path(), "mis fotos/boda.jpg", "única");
    let error = arbol().generate(&raiz).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert_eq!(contenido(&raiz.path().join("mis fotos")).len(), 1);
    assert_eq!(find(&raiz).unwrap().len(), 1);
}

fn lo_que_no_es_del_arbol_no_se_borra() {
    let raiz = carpeta();
    arbol().generate(&raiz).unwrap();
    let ajena = guarda(raiz.path(), "vacaciones/boda.jpg", "única");
    arbol().images(2).generate(&raiz).unwrap();
    assert_eq!(fs::read(ajena).unwrap(), "única".as_bytes());
}

fn un_registro_manipulado_no_borra_fuera() {
    let fuera = carpeta();
    let ajena = guarda(fuera.path(), "ajena.jpg", "única");
    let raiz = fuera.path().join("raiz");
    let registro = format!("otro árbol\n../ajena.jpg\n{}\n", ajena.display());
    guarda(&raiz, ".arbol", registro);
    arbol().generate(&raiz).unwrap();
    assert!(ajena.exists());
}

fn hay_nombres_repetidos_en_carpetas_distintas() {
    let raiz = carpeta();
    let plantado = arbol().generate(&raiz).unwrap();
    let mut veces: BTreeMap<_, usize> = BTreeMap::new();
    for ruta in plantado.images() {
        *veces.entry(ruta.file_stem().unwrap()).or_default() += 1;
    }
    assert!(veces.values().any(|veces| *veces > 2), "{veces:?}");
}

fn lo_malo_a_peticion() {
    let raiz = carpeta();
    let pedido = arbol()
        .corrupt(2)
        .truncated(5)
        .empty(1)
        .pdf(1)
        .unreadable(1);
    let plantado = pedido.generate(&raiz).unwrap();
    assert_eq!((plantado.images().len(), plantado.broken().len()), (16, 10));
    assert_eq!(find(&raiz).unwrap().len(), 26);
    for buena in plantado.images() {
        image::load_from_memory(&fs::read(buena).unwrap()).unwrap();
    }
    let de = |nombre: &str| {
        let rutas = plantado.broken().iter();
        rutas
            .filter(move |ruta| ruta.to_string_lossy().contains(nombre))
            .collect::<Vec<_>>()
    };
    assert_eq!(de("cortada").len(), 5);
    assert!(fs::read(de("vacia")[0]).unwrap().is_empty());
    assert!(fs::read(de("documento")[0]).unwrap().starts_with(b"%PDF"));
    let permisos = fs::metadata(de("sin_permiso")[0]).unwrap().permissions();
    assert_eq!(permisos.mode() & 0o777, 0);
    assert!(!pedido.generate(&raiz).unwrap().is_new());
}
