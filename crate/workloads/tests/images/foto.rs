//! `photo`: la misma para la misma semilla, y con pinta de foto.

use workloads::image::{self, ImageFormat};
use workloads::images::{photo, photo_png};

use crate::pruebas;

pruebas![
    la_misma_semilla_da_los_mismos_bytes_en_cualquier_maquina,
    semillas_distintas_dan_fotos_distintas,
    pesa_lo_que_una_foto,
    el_jpeg_y_el_png_son_la_misma_foto,
    cualquier_tamano_vale,
    sin_pixeles_no_hay_foto,
];

/// FNV de 64 bits: basta para notar un byte cambiado.
fn huella(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |huella, byte| {
        (huella ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn la_misma_semilla_da_los_mismos_bytes_en_cualquier_maquina() {
    let pixeles = |semilla| {
        let png = image::load_from_memory(&photo_png(semilla, 320, 180)).unwrap();
        huella(png.as_bytes())
    };
    assert_eq!(photo(1, 320, 180), photo(1, 320, 180));
    assert_eq!([pixeles(0), pixeles(1), pixeles(u64::MAX)], HUELLAS);
}

const HUELLAS: [u64; 3] = [
    4_840_399_024_831_004_332,
    3_855_648_178_448_123_398,
    13_254_745_050_079_152_314,
];

fn semillas_distintas_dan_fotos_distintas() {
    let mut huellas: Vec<u64> = (0..50)
        .map(|semilla| huella(&photo(semilla, 32, 18)))
        .collect();
    huellas.sort_unstable();
    huellas.dedup();
    assert_eq!(huellas.len(), 50);
}

fn pesa_lo_que_una_foto() {
    for semilla in 0..3 {
        let kilos = photo(semilla, 1600, 900).len() / 1000;
        assert!((150..=250).contains(&kilos), "{semilla}: {kilos} kB");
    }
}

fn el_jpeg_y_el_png_son_la_misma_foto() {
    let (jpeg, png) = (photo(3, 320, 180), photo_png(3, 320, 180));
    assert_eq!(image::guess_format(&jpeg).unwrap(), ImageFormat::Jpeg);
    assert_eq!(image::guess_format(&png).unwrap(), ImageFormat::Png);
    let [jpeg, png] = [jpeg, png].map(|bytes| image::load_from_memory(&bytes).unwrap());
    let diferencia = crate::comun::diferencia(&jpeg, &png);
    assert!(diferencia < 4.0, "{diferencia}");
}

fn cualquier_tamano_vale() {
    for (ancho, alto) in [(1, 1), (1, 300), (300, 1), (7, 5), (65_535, 1)] {
        let foto = image::load_from_memory(&photo(1, ancho, alto)).unwrap();
        assert_eq!((foto.width(), foto.height()), (ancho, alto));
    }
}

fn sin_pixeles_no_hay_foto() {
    for (ancho, alto) in [(0, 10), (10, 0), (65_536, 1)] {
        let panico = std::panic::catch_unwind(|| photo(1, ancho, alto)).unwrap_err();
        let mensaje = concurrencia::panic::panic_message(&*panico).to_owned();
        assert!(mensaje.contains(&format!("{ancho}×{alto}")), "{mensaje}");
    }
}
