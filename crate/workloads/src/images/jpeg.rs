//! Decodificar un JPEG a una fracción de su tamaño.

use std::any::Any;
use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use image::{DynamicImage, GrayImage, RgbImage};
use mozjpeg::Decompress;
use mozjpeg::decompress::{DecompressStarted, Format};

use super::error::{Cause, MAX_PIXELS};
use super::size::fit;

/// La imagen, a 1/8, 2/8, 4/8 o entera: lo menos que no se queda corto para una miniatura en `within`; y lo que mide
/// de verdad.
pub(super) fn decode(
    bytes: &[u8],
    within: (u32, u32),
) -> Result<(DynamicImage, (u32, u32)), Cause> {
    let cut = Rc::new(Cell::new(false));
    let source = Source {
        rest: bytes,
        cut: Rc::clone(&cut),
    };
    // libjpeg acaba sus errores desenrollando la pila, sin pasar por el gancho de los pánicos.
    let outcome = catch_unwind(AssertUnwindSafe(|| decode_from(source, within)));
    if cut.get() {
        return Err(Cause::Truncated);
    }
    outcome.unwrap_or_else(|payload| Err(Cause::Corrupt(why(&*payload))))
}

fn decode_from(
    source: Source<'_>,
    within: (u32, u32),
) -> Result<(DynamicImage, (u32, u32)), Cause> {
    let mut header = Decompress::new_reader(source).map_err(corrupt)?;
    let full @ (width, height) = (header.width() as u32, header.height() as u32);
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Cause::TooLarge(width, height));
    }
    let (enough_w, enough_h) = fit(full, within);
    let eighths = [1, 2, 4]
        .into_iter()
        .find(|&n| (width * n).div_ceil(8) >= enough_w && (height * n).div_ceil(8) >= enough_h);
    header.scale(eighths.unwrap_or(8) as u8);
    let pixels = match header.image().map_err(corrupt)? {
        Format::RGB(mut started) => {
            let (w, h, data) = read(&mut started)?;
            started.finish().map_err(corrupt)?;
            RgbImage::from_raw(w, h, data).map(DynamicImage::from)
        }
        Format::Gray(mut started) => {
            let (w, h, data) = read(&mut started)?;
            started.finish().map_err(corrupt)?;
            GrayImage::from_raw(w, h, data).map(DynamicImage::from)
        }
        Format::CMYK(mut started) => {
            let (w, h, data) = read(&mut started)?;
            started.finish().map_err(corrupt)?;
            RgbImage::from_raw(w, h, without_ink(&data)).map(DynamicImage::from)
        }
    };
    let pixels = pixels.ok_or_else(|| Cause::Corrupt("faltan filas".to_owned()))?;
    Ok((pixels, full))
}

fn read(started: &mut DecompressStarted<Source<'_>>) -> Result<(u32, u32, Vec<u8>), Cause> {
    let (w, h) = (started.width() as u32, started.height() as u32);
    Ok((w, h, started.read_scanlines().map_err(corrupt)?))
}

/// De las cuatro tintas a RGB. Quien guarda así un JPEG lo hace al revés, con 255 en lo que no lleva tinta.
fn without_ink(cmyk: &[u8]) -> Vec<u8> {
    cmyk.chunks_exact(4)
        .flat_map(|ink| [0, 1, 2].map(|i| (u32::from(ink[i]) * u32::from(ink[3]) / 255) as u8))
        .collect()
}

fn corrupt(error: io::Error) -> Cause {
    Cause::Corrupt(error.to_string())
}

fn why(payload: &(dyn Any + Send)) -> String {
    let text = concurrencia::panic::panic_message(payload);
    text.trim_start_matches("libjpeg fatal error: ").to_owned()
}

/// Los bytes del JPEG, que se acuerdan de si han pedido más de los que hay: libjpeg rellena de gris lo que falta.
struct Source<'a> {
    rest: &'a [u8],
    cut: Rc<Cell<bool>>,
}

impl BufRead for Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.rest.is_empty() {
            self.cut.set(true);
            // No vale `UnexpectedEof`, que libjpeg toma por el final y sigue.
            return Err(io::Error::other("cortada"));
        }
        Ok(self.rest)
    }

    fn consume(&mut self, amount: usize) {
        self.rest = &self.rest[amount..];
    }
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.rest.read(buffer)
    }
}
