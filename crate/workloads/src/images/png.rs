//! Decodificar un PNG.

use std::io::{self, Cursor};

use image::codecs::png::PngDecoder;
use image::{ColorType, DynamicImage, ImageDecoder, ImageError as Undecoded};

use super::error::{Cause, MAX_PIXELS};

/// La imagen, entera y a 8 bits por canal.
pub(super) fn decode(bytes: &[u8]) -> Result<DynamicImage, Cause> {
    let decoder = PngDecoder::new(Cursor::new(bytes)).map_err(|error| cause(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Cause::TooLarge(width, height));
    }
    let image = DynamicImage::from_decoder(decoder).map_err(|error| match error {
        Undecoded::Limits(_) => Cause::TooLarge(width, height),
        other => cause(&other),
    })?;
    Ok(match image.color() {
        ColorType::L8 | ColorType::Rgb8 | ColorType::Rgba8 => image,
        ColorType::L16 => image.into_luma8().into(),
        ColorType::Rgb16 => image.into_rgb8().into(),
        _ => image.into_rgba8().into(),
    })
}

fn cause(error: &Undecoded) -> Cause {
    match error {
        Undecoded::IoError(io) if io.kind() == io::ErrorKind::UnexpectedEof => Cause::Truncated,
        other => Cause::Corrupt(other.to_string()),
    }
}
