//! `plan`: cada imagen con su nombre, y ningún nombre para dos.

use std::collections::HashSet;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use workloads::images::{SIZE, plan};

use crate::pruebas;

pruebas![
    la_carpeta_va_delante,
    los_nombres_tramposos_no_se_confunden,
    solo_cambia_la_extension,
    solo_cambian_las_mayusculas,
    lo_que_no_es_utf8,
    un_nombre_larguisimo_cabe,
    nada_sale_del_destino,
    la_repetida_cuenta_una_vez,
    las_miniaturas_de_la_otra_vez_no_cuentan,
    una_miniatura_no_pisa_una_imagen,
    el_nombre_de_una_no_depende_de_las_demas,
    miles_de_rutas_al_azar_dan_miles_de_nombres,
];

fn nombres<P: Into<PathBuf>>(rutas: impl IntoIterator<Item = P>) -> Vec<String> {
    plan("raiz", rutas, "destino")
        .iter()
        .map(|trabajo| {
            assert_eq!(trabajo.target.parent(), Some(Path::new("destino")));
            assert_eq!(trabajo.size, SIZE);
            trabajo
                .target
                .file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

fn distintos(nombres: &[String]) -> bool {
    let sin_mayusculas: HashSet<String> = nombres.iter().map(|n| n.to_lowercase()).collect();
    sin_mayusculas.len() == nombres.len()
}

fn la_carpeta_va_delante() {
    assert_eq!(
        nombres([
            "raiz/playa.jpg",
            "raiz/vacaciones/playa.jpg",
            "raiz/a/b/IMG_0001.PNG"
        ]),
        [
            "playa_thumbnail.jpg",
            "vacaciones__playa_thumbnail.jpg",
            "a__b__IMG_0001_thumbnail.PNG"
        ]
    );
}

fn los_nombres_tramposos_no_se_confunden() {
    let nombres = nombres([
        "raiz/a/b.jpg",
        "raiz/a__b.jpg",
        "raiz/a_/b.jpg",
        "raiz/a/_b.jpg",
        "raiz/a_/_b.jpg",
        "raiz/a___b.jpg",
        "raiz/a%5F/b.jpg",
        "raiz/a_thumbnail.jpg",
        "raiz/a.jpg",
        "raiz/a.jpg_thumbnail.jpg",
        "raiz/a.jpg.jpg",
        "raiz/a\n.jpg",
        "raiz/a%0A.jpg",
        "raiz/...jpg",
        "raiz/..jpg",
        "raiz/.jpg",
        "raiz/jpg",
        "raiz/a.",
        "raiz/a",
    ]);
    assert_eq!(nombres.len(), 19);
    assert!(distintos(&nombres), "{nombres:#?}");
    assert!(nombres.iter().all(|nombre| !nombre.contains('\n')));
}

fn solo_cambia_la_extension() {
    let nombres = nombres(["raiz/a.jpg", "raiz/a.jpeg", "raiz/a.png"]);
    assert_eq!(
        nombres,
        ["a_thumbnail.jpg", "a_thumbnail.jpeg", "a_thumbnail.png"]
    );
}

fn solo_cambian_las_mayusculas() {
    let nombres = nombres([
        "raiz/Ábaco.jpg",
        "raiz/ábaco.jpg",
        "raiz/ábaco.JPG",
        "raiz/otra.jpg",
    ]);
    assert!(distintos(&nombres), "{nombres:?}");
    assert_eq!(nombres[3], "otra_thumbnail.jpg");
}

fn lo_que_no_es_utf8() {
    let rutas = [
        &b"raiz/a\xff.jpg"[..],
        b"raiz/a\xfe.jpg",
        b"raiz/a%FF.jpg",
        b"raiz/\xc3\xb1.jpg",
    ];
    let nombres = nombres(rutas.map(|bytes| OsString::from_vec(bytes.to_vec())));
    assert_eq!(
        nombres,
        [
            "a%FF_thumbnail.jpg",
            "a%FE_thumbnail.jpg",
            "a%25FF_thumbnail.jpg",
            "ñ_thumbnail.jpg"
        ]
    );
}

fn un_nombre_larguisimo_cabe() {
    let largo = "ñ".repeat(120);
    let nombres = nombres([
        format!("raiz/{largo}/{largo}.jpg"),
        format!("raiz/{largo}/{largo}2.jpg"),
        format!("raiz/{largo}.{largo}"),
        format!("raiz/{largo}.jpg"),
    ]);
    assert!(
        nombres.iter().all(|nombre| nombre.len() <= 255),
        "{nombres:#?}"
    );
    assert!(nombres[0].starts_with("ññ") && nombres[0].ends_with("_thumbnail.jpg"));
    assert!(distintos(&nombres));
}

fn nada_sale_del_destino() {
    let nombres = nombres([
        "../fuera.jpg",
        "raiz/../../fuera.jpg",
        "/etc/fuera.jpg",
        "otra/fuera.jpg",
        "raiz/otra/fuera.jpg",
        "raiz/..",
        "/",
        "",
    ]);
    assert!(distintos(&nombres), "{nombres:?}");
    for nombre in nombres {
        assert!(
            !nombre.contains('/') && nombre.contains("_thumbnail"),
            "{nombre}"
        );
    }
}

fn la_repetida_cuenta_una_vez() {
    assert_eq!(
        nombres(["raiz/a.jpg", "raiz/a.jpg", "raiz/./a.jpg"]).len(),
        1
    );
}

fn las_miniaturas_de_la_otra_vez_no_cuentan() {
    let rutas = ["fotos/a.jpg", "fotos/mini/a_thumbnail.jpg"];
    assert_eq!(plan("fotos", rutas, "fotos/mini").len(), 1);
    assert_eq!(plan("fotos", rutas, "otra").len(), 2);
}

fn una_miniatura_no_pisa_una_imagen() {
    let trabajos = plan("fotos", ["fotos/a.jpg", "fotos/A_thumbnail.jpg"], "fotos");
    for trabajo in &trabajos {
        let destino = trabajo.target.to_str().unwrap().to_lowercase();
        assert_ne!(destino, "fotos/a_thumbnail.jpg");
    }
}

fn el_nombre_de_una_no_depende_de_las_demas() {
    let sola = nombres(["raiz/v/playa.jpg"]);
    let todas = nombres(["raiz/playa.jpg", "raiz/v/playa.jpg", "raiz/w/playa.jpg"]);
    assert_eq!(sola[0], todas[1]);
}

fn miles_de_rutas_al_azar_dan_miles_de_nombres() {
    let trozos: [&[u8]; 16] = [
        b"a",
        b"A",
        b"_",
        b"__",
        b"%",
        b"%5F",
        b".",
        b".jpg",
        b"\xff",
        "ñ".as_bytes(),
        b"/",
        b"/",
        b"_thumbnail",
        b"thumbnail",
        b"~",
        b"..",
    ];
    let mut azar = fastrand::Rng::with_seed(6);
    let rutas: HashSet<PathBuf> = (0..30_000)
        .map(|_| {
            let mut ruta = b"raiz/".to_vec();
            for _ in 0..azar.usize(1..8) {
                ruta.extend(trozos[azar.usize(..trozos.len())]);
            }
            OsString::from_vec(ruta).into()
        })
        .collect();
    let cuantas = rutas.len();
    let nombres = nombres(rutas);
    assert_eq!(nombres.len(), cuantas);
    assert!(distintos(&nombres));
}
