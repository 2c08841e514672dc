//! [`shrink`]: la miniatura de una imagen, en memoria.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageFormat, RgbaImage};

use super::error::Cause;
use super::size::fit;
use super::{ImageError, jpeg, png};

/// La calidad de los JPEG. Con la 75 de Pillow, lo que se pierde al guardar es más que todo lo demás.
const QUALITY: u8 = 95;

/// La miniatura de una imagen que está en memoria: en el mismo formato y con las mismas proporciones, cabe en `size`
/// (ancho y alto, en píxeles).
///
/// Qué es la imagen lo dicen sus bytes. La que ya cabe no se agranda: se vuelve a guardar. La orientación del EXIF no se
/// aplica, y no pasa a la miniatura.
///
/// # En Python
///
/// ```python
/// imagen = Image.open(io.BytesIO(datos))
/// imagen.thumbnail((128, 128))
/// imagen.save(salida, imagen.format)
/// ```
///
/// # A pelo
///
/// `image::load_from_memory(datos)?.thumbnail(128, 128)`, que decodifica entero; aquí un JPEG se decodifica ya reducido,
/// que es también lo que hace Pillow.
///
/// # Errors
///
/// Un [`ImageError`] si no es una imagen, está cortada, estropeada o es demasiado grande.
///
/// # Panics
///
/// Si `size` tiene un lado de 0.
///
/// # Examples
///
/// ```
/// use workloads::image;
/// use workloads::images::{photo, shrink};
///
/// let miniatura = image::load_from_memory(&shrink(&photo(1, 640, 360), (128, 128))?)?;
/// assert_eq!((miniatura.width(), miniatura.height()), (128, 72));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn shrink(bytes: &[u8], size: (u32, u32)) -> Result<Vec<u8>, ImageError> {
    let small = shrink_bytes(bytes, size).map_err(ImageError::in_memory)?;
    Ok(small.bytes)
}

/// Una miniatura ya codificada.
pub(super) struct Small {
    pub(super) bytes: Vec<u8>,
    pub(super) size: (u32, u32),
    pub(super) source_size: (u32, u32),
}

pub(super) fn shrink_bytes(bytes: &[u8], within: (u32, u32)) -> Result<Small, Cause> {
    assert!(
        within.0 > 0 && within.1 > 0,
        "una miniatura no puede caber en {}×{}: cada lado, al menos 1",
        within.0,
        within.1
    );
    if bytes.is_empty() {
        return Err(Cause::Empty);
    }
    let format = image::guess_format(bytes).map_err(|_| Cause::NotAnImage)?;
    let (image, source_size) = match format {
        ImageFormat::Jpeg => jpeg::decode(bytes, within)?,
        ImageFormat::Png => {
            let image = png::decode(bytes)?;
            let size = (image.width(), image.height());
            (image, size)
        }
        _ => return Err(Cause::NotAnImage),
    };
    let size = fit(source_size, within);
    let image = resize(image, size);
    let mut encoded = Cursor::new(Vec::new());
    match format {
        ImageFormat::Jpeg => {
            image.write_with_encoder(JpegEncoder::new_with_quality(&mut encoded, QUALITY))
        }
        _ => image.write_with_encoder(PngEncoder::new(&mut encoded)),
    }
    .map_err(|error| Cause::Write(error.to_string()))?;
    Ok(Small {
        bytes: encoded.into_inner(),
        size,
        source_size,
    })
}

/// Bicúbica, como Pillow; si sobra más del doble, antes se promedia, que cuesta mucho menos y se ve igual.
fn resize(image: DynamicImage, (w, h): (u32, u32)) -> DynamicImage {
    if (image.width(), image.height()) == (w, h) {
        return image;
    }
    let factor = (image.width() / w).min(image.height() / h);
    let to = |image: RgbaImage| imageops::resize(&image, w, h, FilterType::CatmullRom);
    macro_rules! reduced {
        ($image:expr) => {{
            let image = $image;
            if factor >= 4 {
                imageops::thumbnail(&image, 2 * w, 2 * h)
            } else {
                image
            }
        }};
    }
    match image {
        DynamicImage::ImageLuma8(image) => {
            imageops::resize(&reduced!(image), w, h, FilterType::CatmullRom).into()
        }
        DynamicImage::ImageRgba8(image) => unmultiply(to(reduced!(multiply(image)))).into(),
        other => {
            imageops::resize(&reduced!(other.into_rgb8()), w, h, FilterType::CatmullRom).into()
        }
    }
}

/// Lo transparente no tiene color que mezclar: cada color, por su opacidad.
fn multiply(mut image: RgbaImage) -> RgbaImage {
    for pixel in image.pixels_mut() {
        let alpha = u32::from(pixel[3]);
        for c in 0..3 {
            pixel[c] = ((u32::from(pixel[c]) * alpha + 127) / 255) as u8;
        }
    }
    image
}

fn unmultiply(mut image: RgbaImage) -> RgbaImage {
    for pixel in image.pixels_mut() {
        let alpha = u32::from(pixel[3]);
        for c in 0..3 {
            let whole = (u32::from(pixel[c]) * 255 + alpha / 2).checked_div(alpha);
            pixel[c] = whole.unwrap_or(0).min(255) as u8;
        }
    }
    image
}
