//! Lo que tarda una miniatura: aquí, con `image` decodificando entero y con Pillow; y muchas, con uno y dos hilos.
//!
//! `CONCURRENCIA_PYTHON=python3 cargo bench -p concurrencia-workloads --bench images`
//!
//! Sin esa variable se mide sin Python. El Python de la variable tiene que tener Pillow.

use std::env;
use std::fs;
use std::hint::black_box;
use std::io::Cursor;

use comun::{Banco, Pedido, con_dos_hilos, veces};
use workloads::image::imageops::FilterType;
use workloads::image::{self, ImageFormat};
use workloads::images::{Job, Mode, SIZE, convert, photo, photo_png, plan, shrink};

#[path = "../../benches/comun/mod.rs"]
mod comun;

const PEDIDOS: [Pedido; 3] = [
    Pedido {
        nombre: "jpeg/1600",
        python: 1.2,
        a_pelo: Some(1.0),
    },
    Pedido {
        nombre: "hilos/1",
        python: 1.2,
        a_pelo: None,
    },
    Pedido {
        nombre: "hilos/2",
        python: 1.2,
        a_pelo: None,
    },
];

/// Lo que hace quien no sabe que un JPEG se puede decodificar ya reducido.
fn entera(bytes: &[u8], formato: ImageFormat) -> Vec<u8> {
    let imagen = image::load_from_memory(bytes).expect("está bien");
    let reducida = imagen.resize(SIZE.0, SIZE.1, FilterType::CatmullRom);
    let mut salida = Cursor::new(Vec::new());
    reducida.write_to(&mut salida, formato).expect("cabe");
    salida.into_inner()
}

fn main() {
    let carpeta = env::temp_dir().join("concurrencia-banco-images");
    fs::create_dir_all(carpeta.join("fotos")).expect("hay dónde escribir");
    let anchos = [400_u32, 800, 1600, 3200];
    for ancho in anchos {
        let foto = photo(1, ancho, ancho * 9 / 16);
        fs::write(carpeta.join(format!("{ancho}.jpg")), foto).expect("se puede");
    }
    let png = photo_png(1, 1600, 900);
    fs::write(carpeta.join("1600.png"), &png).expect("se puede");
    let fotos: Vec<_> = (0..16)
        .map(|n| {
            let ruta = carpeta.join(format!("fotos/{n:02}.jpg"));
            fs::write(&ruta, photo(n, 1600, 900)).expect("se puede");
            ruta
        })
        .collect();
    let trabajos: Vec<Job> = plan(carpeta.join("fotos"), fotos, carpeta.join("rust"));

    let python = env::var_os("CONCURRENCIA_PYTHON");
    let mut banco = Banco::con_python("images.py", python.as_deref());
    for ancho in anchos {
        let foto = fs::read(carpeta.join(format!("{ancho}.jpg"))).expect("acaba de escribirse");
        banco
            .trabajo("jpeg", ancho as usize)
            .aqui(|n| veces(n, || drop(black_box(shrink(&foto, SIZE)))))
            .a_pelo(|n| veces(n, || drop(black_box(entera(&foto, ImageFormat::Jpeg)))))
            .python();
    }
    banco
        .trabajo("png", 1600)
        .aqui(|n| veces(n, || drop(black_box(shrink(&png, SIZE)))))
        .a_pelo(|n| veces(n, || drop(black_box(entera(&png, ImageFormat::Png)))))
        .python();
    let todas = |modo| {
        let informe = convert(trabajos.clone(), modo);
        assert!(informe.is_ok(), "{informe}");
    };
    banco
        .trabajo("serie", 1)
        .largo_si(true)
        .aqui(|n| veces(n, || todas(Mode::Serial)));
    for hilos in [1, 2] {
        banco
            .trabajo("hilos", hilos)
            .largo_si(true)
            .aqui(|n| veces(n, || todas(Mode::Threads(hilos))))
            .python();
        banco
            .trabajo("tokio", hilos)
            .largo_si(true)
            .aqui(|n| veces(n, || todas(Mode::Tokio(hilos))));
    }
    banco
        .trabajo("rayon", 2)
        .largo_si(true)
        .aqui(|n| veces(n, || todas(Mode::Rayon)));
    banco.tabla(&PEDIDOS);
    // Se pide ≥ 1,8×.
    con_dos_hilos("16 miniaturas", |hilos| todas(Mode::Threads(hilos)));
}
