//! `shrink` y `thumbnail`: qué sale de una imagen, y qué error de lo que no lo es.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::panic;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use mozjpeg::{ColorSpace, Compress};
use workloads::image::{
    self, DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage,
};
use workloads::images::{ImageError, SIZE, clean, photo, photo_png, shrink, thumbnail};

use crate::comun::{carpeta, como, guarda, trabajo};
use crate::pruebas;

pruebas![
    conserva_las_proporciones_y_cabe,
    no_agranda,
    el_jpeg_sigue_siendo_jpeg_y_el_png_png,
    lo_que_es_lo_dicen_los_bytes_y_no_el_nombre,
    en_grises_sigue_en_grises,
    las_cuatro_tintas_pasan_a_rgb,
    lo_transparente_no_mancha,
    un_png_de_16_bits,
    la_orientacion_no_se_toca,
    un_jpeg_progresivo,
    cortado_por_donde_sea_es_un_error,
    estropeado_es_un_error_y_no_escribe_nada,
    bytes_al_azar_nunca_entran_en_panico,
    vacio_pdf_y_otros_formatos,
    una_bomba_de_descompresion,
    no_esta_no_se_deja_leer_o_no_es_un_archivo,
    no_se_puede_guardar,
    la_miniatura_se_puede_leer_como_cualquier_archivo,
    lo_abandonado_se_limpia_y_lo_de_ahora_no,
];

fn lisa(ancho: u32, alto: u32) -> DynamicImage {
    RgbImage::from_pixel(ancho, alto, Rgb([200, 100, 50])).into()
}

fn mide(bytes: &[u8]) -> (u32, u32) {
    let imagen = image::load_from_memory(bytes).unwrap();
    (imagen.width(), imagen.height())
}

fn reducida(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(&shrink(bytes, SIZE).unwrap()).unwrap()
}

fn conserva_las_proporciones_y_cabe() {
    // Los tamaños que da Pillow.
    let casos = [
        ((1600, 900), (128, 128), (128, 72)),
        ((900, 1600), (128, 128), (72, 128)),
        ((500, 500), (128, 128), (128, 128)),
        ((3000, 2), (128, 128), (128, 1)),
        ((2, 3000), (128, 128), (1, 128)),
        ((1000, 333), (128, 128), (128, 43)),
        ((640, 480), (100, 50), (67, 50)),
        ((129, 128), (128, 128), (128, 127)),
        ((1023, 517), (77, 200), (77, 39)),
        ((200, 150), (1, 1), (1, 1)),
    ];
    for ((ancho, alto), hueco, esperado) in casos {
        for formato in [ImageFormat::Jpeg, ImageFormat::Png] {
            let bytes = como(&lisa(ancho, alto), formato);
            let obtenido = mide(&shrink(&bytes, hueco).unwrap());
            assert_eq!(obtenido, esperado, "{ancho}×{alto} en {hueco:?}");
        }
    }
}

fn no_agranda() {
    for (ancho, alto) in [(1, 1), (128, 128), (100, 7), (17, 128)] {
        for formato in [ImageFormat::Jpeg, ImageFormat::Png] {
            let bytes = como(&lisa(ancho, alto), formato);
            assert_eq!(mide(&shrink(&bytes, SIZE).unwrap()), (ancho, alto));
        }
    }
}

fn el_jpeg_sigue_siendo_jpeg_y_el_png_png() {
    for (bytes, formato) in [
        (photo(1, 320, 180), ImageFormat::Jpeg),
        (photo_png(1, 320, 180), ImageFormat::Png),
    ] {
        let miniatura = shrink(&bytes, SIZE).unwrap();
        assert_eq!(image::guess_format(&miniatura).unwrap(), formato);
    }
}

fn lo_que_es_lo_dicen_los_bytes_y_no_el_nombre() {
    let carpeta = carpeta();
    let origen = guarda(carpeta.path(), "foto.jpg", photo_png(1, 320, 180));
    let hecha = thumbnail(trabajo(&origen)).unwrap();
    let bytes = fs::read(hecha.path()).unwrap();
    assert_eq!(image::guess_format(&bytes).unwrap(), ImageFormat::Png);
}

fn en_grises_sigue_en_grises() {
    let gris = DynamicImage::from(GrayImage::from_pixel(400, 300, Luma([90])));
    for formato in [ImageFormat::Jpeg, ImageFormat::Png] {
        let miniatura = reducida(&como(&gris, formato));
        assert_eq!(miniatura.color(), image::ColorType::L8);
        assert_eq!((miniatura.width(), miniatura.height()), (128, 96));
        assert!(
            miniatura
                .as_bytes()
                .iter()
                .all(|gris| gris.abs_diff(90) <= 1)
        );
    }
}

/// Un JPEG de un solo color, en cuatro tintas: 255 es sin tinta.
fn de_tintas(tinta: [u8; 4]) -> Vec<u8> {
    let mut jpeg = Compress::new(ColorSpace::JCS_CMYK);
    jpeg.set_size(300, 200);
    jpeg.set_quality(95.0);
    let mut jpeg = jpeg.start_compress(Vec::new()).unwrap();
    jpeg.write_scanlines(&tinta.repeat(300 * 200)).unwrap();
    jpeg.finish().unwrap()
}

fn las_cuatro_tintas_pasan_a_rgb() {
    for (tinta, color) in [
        ([255, 255, 255, 255], [255, 255, 255]),
        ([255, 255, 255, 0], [0, 0, 0]),
        ([0, 255, 255, 255], [0, 255, 255]),
        ([255, 0, 255, 128], [128, 0, 128]),
    ] {
        let miniatura = reducida(&de_tintas(tinta));
        assert_eq!((miniatura.width(), miniatura.height()), (128, 85));
        let pixel = miniatura.to_rgb8()[(64, 40)];
        let cerca = pixel.0.iter().zip(color).all(|(a, b)| a.abs_diff(b) <= 4);
        assert!(cerca, "{tinta:?}: {pixel:?}, y no {color:?}");
    }
}

fn lo_transparente_no_mancha() {
    // Verde chillón donde no se ve nada, y rojo donde se ve: al reducir no se mezclan.
    let imagen = RgbaImage::from_fn(512, 512, |x, _| {
        if (x / 3) % 2 == 0 {
            Rgba([0, 255, 0, 0])
        } else {
            Rgba([255, 0, 0, 255])
        }
    });
    let miniatura = reducida(&como(&imagen.into(), ImageFormat::Png)).to_rgba8();
    assert!(
        miniatura
            .pixels()
            .any(|pixel| (30..225).contains(&pixel[3]))
    );
    for pixel in miniatura.pixels().filter(|pixel| pixel[3] > 8) {
        assert!(pixel[1] < 20 && pixel[0] > 230, "{pixel:?}");
    }
}

fn un_png_de_16_bits() {
    let imagen = DynamicImage::from(lisa(300, 300).to_rgb16());
    let miniatura = reducida(&como(&imagen, ImageFormat::Png));
    assert_eq!(miniatura.color(), image::ColorType::Rgb8);
    assert_eq!(miniatura.to_rgb8()[(5, 5)], Rgb([200, 100, 50]));
}

fn la_orientacion_no_se_toca() {
    // EXIF con la orientación 6: «gírala un cuarto de vuelta».
    let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let mut jpeg = vec![0xff, 0xd8, 0xff, 0xe1];
    jpeg.extend((exif.len() as u16 + 2).to_be_bytes());
    jpeg.extend(exif);
    jpeg.extend(&photo(1, 320, 180)[2..]);
    assert_eq!(mide(&shrink(&jpeg, SIZE).unwrap()), (128, 72));
}

fn un_jpeg_progresivo() {
    let foto = image::load_from_memory(&photo(1, 640, 360))
        .unwrap()
        .to_rgb8();
    let mut jpeg = Compress::new(ColorSpace::JCS_RGB);
    jpeg.set_size(640, 360);
    jpeg.set_progressive_mode();
    let mut jpeg = jpeg.start_compress(Vec::new()).unwrap();
    jpeg.write_scanlines(&foto).unwrap();
    let jpeg = jpeg.finish().unwrap();
    assert_eq!(mide(&shrink(&jpeg, SIZE).unwrap()), (128, 72));
    assert!(
        shrink(&jpeg[..jpeg.len() / 2], SIZE)
            .unwrap_err()
            .is_truncated()
    );
}

fn cortado_por_donde_sea_es_un_error() {
    let jpeg = photo(1, 320, 180);
    // Los tres primeros dicen que es un JPEG.
    for largo in (3..jpeg.len())
        .step_by(97)
        .chain([jpeg.len() - 2, jpeg.len() - 1])
    {
        let error = shrink(&jpeg[..largo], SIZE).unwrap_err();
        assert!(
            error.is_truncated(),
            "con {largo} de {}: {error}",
            jpeg.len()
        );
    }
    let png = photo_png(1, 320, 180);
    for largo in (8..png.len() - 20).step_by(4099) {
        let error = shrink(&png[..largo], SIZE).unwrap_err();
        assert!(
            error.is_truncated(),
            "con {largo} de {}: {error}",
            png.len()
        );
    }
}

fn estropeado_es_un_error_y_no_escribe_nada() {
    // El gancho de los pánicos es del programa entero: solo cuentan los de libjpeg.
    static PANICOS: AtomicUsize = AtomicUsize::new(0);
    static UNA: Mutex<()> = Mutex::new(());
    let _una = UNA.lock();
    let antes = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if info.to_string().contains("libjpeg") {
            PANICOS.fetch_add(1, Ordering::SeqCst);
        }
        antes(info);
    }));
    let carpeta = carpeta();
    let mut jpeg = photo(1, 320, 180);
    jpeg.iter_mut().skip(30).for_each(|byte| *byte = 7);
    let origen = guarda(carpeta.path(), "estropeada.jpg", jpeg);
    let error = thumbnail(trabajo(&origen)).unwrap_err();
    assert!(error.is_corrupt() || error.is_truncated(), "{error}");
    assert_eq!(error.path(), Some(&*origen));
    assert!(error.to_string().contains("«estropeada.jpg»"), "{error}");
    let mut png = photo_png(1, 64, 64);
    png[60] ^= 0xff;
    assert!(shrink(&png, SIZE).unwrap_err().is_corrupt());
    assert_eq!(fs::read_dir(carpeta.path()).unwrap().count(), 1);
    assert_eq!(PANICOS.load(Ordering::SeqCst), 0);
}

fn bytes_al_azar_nunca_entran_en_panico() {
    let mut azar = fastrand::Rng::with_seed(9);
    let sanas = [
        photo(1, 48, 32),
        photo_png(1, 48, 32),
        de_tintas([9, 8, 7, 6]),
    ];
    let tipos: [fn(&ImageError) -> bool; 4] = [
        ImageError::is_corrupt,
        ImageError::is_truncated,
        ImageError::is_not_an_image,
        ImageError::is_too_large,
    ];
    for _ in 0..600 {
        let mut bytes = sanas[azar.usize(..sanas.len())].clone();
        for _ in 0..azar.usize(1..6) {
            let donde = azar.usize(..bytes.len());
            bytes[donde] = azar.u8(..);
        }
        if let Err(error) = shrink(&bytes, SIZE) {
            assert!(tipos.iter().any(|es| es(&error)), "{error:?}");
        }
    }
}

fn vacio_pdf_y_otros_formatos() {
    assert!(shrink(b"", SIZE).unwrap_err().is_empty());
    for otra in [
        &b"%PDF-1.7\n"[..],
        b"GIF89a\x01\0\x01\0",
        b"\0",
        b"\xff\xd8",
        b"hola",
    ] {
        let error = shrink(otra, SIZE).unwrap_err();
        assert!(error.is_not_an_image(), "{otra:?}: {error}");
        assert_eq!(error.path(), None);
    }
}

fn una_bomba_de_descompresion() {
    let mut jpeg = photo(1, 32, 32);
    let sof = jpeg.windows(2).position(|dos| dos == [0xff, 0xc0]).unwrap();
    jpeg[sof + 5..sof + 9].copy_from_slice(&[0xff, 0x00, 0xff, 0x00]);
    let error = shrink(&jpeg, SIZE).unwrap_err();
    assert!(error.is_too_large(), "{error}");
    assert!(error.to_string().contains("65280×65280"), "{error}");

    // Un PNG que dice medir un millón por un millón: la suma de control del IHDR, al día.
    let mut png =
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x0f\x42\x40\0\x0f\x42\x40\x08\x02\0\0\0".to_vec();
    let crc = !png[12..].iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    });
    png.extend(crc.to_be_bytes());
    png.extend(b"\0\0\0\x04IDAT\0\0\0\0\0\0\0\0");
    let error = shrink(&png, SIZE).unwrap_err();
    assert!(error.is_too_large(), "{error}");
}

fn no_esta_no_se_deja_leer_o_no_es_un_archivo() {
    let carpeta = carpeta();
    let nada = carpeta.path().join("nada.jpg");
    let error = thumbnail(trabajo(&nada)).unwrap_err();
    assert!(
        error.is_not_found() && error.path() == Some(&nada),
        "{error}"
    );
    fs::create_dir(carpeta.path().join("album.jpg")).unwrap();
    assert!(
        thumbnail(trabajo(&carpeta.path().join("album.jpg")))
            .unwrap_err()
            .is_read()
    );
    let tuberia = carpeta.path().join("tuberia.jpg");
    if Command::new("mkfifo")
        .arg(&tuberia)
        .status()
        .is_ok_and(|estado| estado.success())
    {
        assert!(thumbnail(trabajo(&tuberia)).unwrap_err().is_read());
    }
    let cerrada = guarda(carpeta.path(), "cerrada.jpg", photo(1, 32, 18));
    fs::set_permissions(&cerrada, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&cerrada).is_err() {
        assert!(
            thumbnail(trabajo(&cerrada))
                .unwrap_err()
                .is_permission_denied()
        );
    }
}

fn no_se_puede_guardar() {
    let carpeta = carpeta();
    let origen = guarda(carpeta.path(), "a.jpg", photo(1, 32, 18));
    let mut trabajo = trabajo(&origen);
    // La carpeta de destino es un archivo.
    trabajo.target = origen.join("a_thumbnail.jpg");
    let error = thumbnail(trabajo).unwrap_err();
    assert!(error.is_write() && error.path() == Some(&origen), "{error}");
}

fn la_miniatura_se_puede_leer_como_cualquier_archivo() {
    let carpeta = carpeta();
    let origen = guarda(carpeta.path(), "a.jpg", photo(1, 320, 180));
    let mut trabajo = trabajo(&origen);
    trabajo.target = carpeta.path().join("nueva/otra/a_thumbnail.jpg");
    let hecha = thumbnail(trabajo).unwrap();
    let permisos = |ruta| fs::metadata(ruta).unwrap().permissions().mode();
    assert_eq!(permisos(hecha.path()), permisos(&origen));
    let nada_mas = fs::read_dir(carpeta.path().join("nueva/otra"))
        .unwrap()
        .count();
    assert_eq!(nada_mas, 1);
}

fn lo_abandonado_se_limpia_y_lo_de_ahora_no() {
    let carpeta = carpeta();
    let hace_dos_minutos = SystemTime::now() - Duration::from_secs(120);
    for (nombre, viejo) in [
        (".concurrencia-aaaaaa.part", true),
        (".concurrencia-bbbbbb.part", false),
        ("foto.part", true),
        ("a_thumbnail.jpg", true),
    ] {
        let ruta = guarda(carpeta.path(), nombre, "algo");
        if viejo {
            let archivo = fs::File::options().write(true).open(ruta).unwrap();
            archivo.set_modified(hace_dos_minutos).unwrap();
        }
    }
    assert_eq!(clean(&carpeta).unwrap(), 1);
    let quedan = crate::comun::contenido(carpeta.path());
    let quedan: Vec<_> = quedan.iter().map(|(nombre, _)| nombre.as_str()).collect();
    assert_eq!(
        quedan,
        [".concurrencia-bbbbbb.part", "a_thumbnail.jpg", "foto.part"]
    );
    assert_eq!(clean(carpeta.path().join("nada")).unwrap(), 0);
}
