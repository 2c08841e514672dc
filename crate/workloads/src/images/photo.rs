//! [`photo`]: una foto inventada, siempre la misma para la misma semilla.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, RgbImage};

/// La calidad con que guarda una cámara corriente.
const QUALITY: u8 = 85;

/// Una foto inventada, en JPEG: un paisaje distinto por semilla, y el mismo en cualquier máquina.
///
/// Cielo, sol, montañas y hierba, con el detalle y el peso de una foto de verdad: a 1600×900, unos 200 kB. Con otro
/// tamaño es el mismo paisaje, más o menos fino. Está hecha solo con enteros: ni el procesador ni el sistema la cambian.
///
/// # En Python
///
/// Una imagen de la red, o `Image.effect_noise`, que no se parece a una foto ni se comprime como una.
///
/// # Panics
///
/// Si un lado es 0 o pasa de 65 535, que es lo que cabe en un JPEG.
///
/// # Examples
///
/// ```
/// use workloads::image;
/// use workloads::images::photo;
///
/// let bytes = photo(7, 320, 180);
/// assert_eq!(bytes, photo(7, 320, 180));
/// assert_ne!(bytes, photo(8, 320, 180));
/// let foto = image::load_from_memory(&bytes)?;
/// assert_eq!((foto.width(), foto.height()), (320, 180));
/// # Ok::<(), image::ImageError>(())
/// ```
pub fn photo(seed: u64, width: u32, height: u32) -> Vec<u8> {
    let pixels = paint(seed, width, height);
    let mut jpeg = Vec::with_capacity(pixels.len() / 8);
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
        .write_image(&pixels, width, height, ExtendedColorType::Rgb8)
        .expect("un RGB de este tamaño cabe en un JPEG, y a la memoria siempre se puede escribir");
    jpeg
}

/// La misma foto que [`photo`], en PNG: sin perder nada, y varias veces más pesada.
///
/// # Panics
///
/// Si un lado es 0 o pasa de 65 535.
///
/// # Examples
///
/// ```
/// use workloads::image::{self, ImageFormat};
/// use workloads::images::photo_png;
///
/// let bytes = photo_png(7, 32, 18);
/// assert_eq!(image::guess_format(&bytes)?, ImageFormat::Png);
/// # Ok::<(), image::ImageError>(())
/// ```
pub fn photo_png(seed: u64, width: u32, height: u32) -> Vec<u8> {
    let pixels = paint(seed, width, height);
    let mut png = Cursor::new(Vec::with_capacity(pixels.len() / 2));
    PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Sub)
        .write_image(&pixels, width, height, ExtendedColorType::Rgb8)
        .expect("a la memoria siempre se puede escribir");
    png.into_inner()
}

type Rgb = [i32; 3];

/// Un trozo del paisaje: su color arriba y abajo, y cuánto lo mueven las manchas y el grano.
struct Layer {
    top: Rgb,
    bottom: Rgb,
    blotches: i32,
    grain: i32,
}

/// Montañas sobre un cielo con sol, y hierba delante.
fn paint(seed: u64, width: u32, height: u32) -> RgbImage {
    assert!(
        (1..=65_535).contains(&width) && (1..=65_535).contains(&height),
        "una foto de {width}×{height} no puede ser: cada lado va de 1 a 65535"
    );
    let (w, h) = (width as usize, height as usize);
    let longest = w.max(h);
    let noise = |salt: u64| mix(seed ^ mix(salt));
    let layers = palette(|salt| noise(salt) as u8);

    // Dónde empieza cada trozo, columna a columna, de atrás adelante.
    let ridges: Vec<Vec<i32>> = [(30, 22), (48, 14), (64, 8)]
        .into_iter()
        .enumerate()
        .map(|(i, (from, amplitude))| {
            let mut ridge = vec![0; w];
            for octave in 0..6 {
                let step = (longest / (3 << octave)).max(1);
                Octave::new(noise(100 + 10 * i as u64 + octave), step, 256 >> octave)
                    .add_row(0, &mut ridge);
            }
            // El ruido va de −256 a 256, más o menos.
            let unit = h as i32;
            ridge.iter_mut().for_each(|y| {
                *y = unit * from / 100 + *y * (unit * amplitude / 100) / 512;
            });
            ridge
        })
        .collect();

    let blotches: Vec<Octave> = (0..3)
        .map(|i| Octave::new(noise(200 + i), (longest / (4 << i)).max(1), 128 >> i))
        .collect();
    let grain: Vec<Octave> = (3..9)
        .map(|i| {
            Octave::new(
                noise(200 + i),
                (longest / (4 << i)).max(1),
                128 - 11 * i as i32,
            )
        })
        .collect();
    let sun = (
        (w / 6) as i64 + (noise(1) % (w as u64 * 2 / 3 + 1)) as i64,
        (h / 12) as i64 + (noise(2) % (h as u64 / 6 + 1)) as i64,
        (h as i64 / (14 + (noise(3) % 8) as i64)).max(1),
    );

    let mut pixels = RgbImage::new(width, height);
    let (mut big, mut small) = (vec![0; w], vec![0; w]);
    let rows = pixels.chunks_exact_mut(3 * w);
    for (y, row) in rows.enumerate() {
        big.fill(0);
        small.fill(0);
        blotches
            .iter()
            .for_each(|octave| octave.add_row(y, &mut big));
        grain
            .iter()
            .for_each(|octave| octave.add_row(y, &mut small));
        let y_of = y as i32;
        let bases = layers
            .each_ref()
            .map(|layer| blend(layer.top, layer.bottom, y, h));
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            let front = ridges.iter().rposition(|ridge| y_of >= ridge[x]);
            let which = front.map_or(0, |i| i + 1);
            let layer = &layers[which];
            let (spot, fine) = (big[x] * layer.blotches, small[x] * layer.grain);
            // El rojo y el azul no se mueven a la vez: las manchas cambian también de tono.
            let light = [spot + fine, spot + fine * 7 / 8, spot / 2 + fine * 3 / 4];
            let mut color = bases[which];
            for c in 0..3 {
                color[c] += light[c] >> 12;
            }
            if which == 0 {
                color = shine(color, sun, x as i64, y as i64);
            }
            for c in 0..3 {
                pixel[c] = color[c].clamp(0, 255) as u8;
            }
        }
    }
    pixels
}

/// Los colores de un paisaje: a mediodía, al atardecer o con niebla, según la semilla.
fn palette(pick: impl Fn(u64) -> u8) -> [Layer; 4] {
    let hour = pick(10) as usize % 3;
    let shift = |color: Rgb, salt: u64| {
        let change = |c: u64| i32::from(pick(salt + c) % 48) - 24;
        [
            color[0] + change(0),
            color[1] + change(1),
            color[2] + change(2),
        ]
    };
    let (sky, horizon) = [
        ([70, 130, 205], [190, 215, 235]),
        ([60, 60, 120], [245, 170, 110]),
        ([150, 165, 175], [215, 215, 205]),
    ][hour];
    let far = [[125, 145, 175], [120, 95, 125], [165, 172, 175]][hour];
    let near = [[70, 95, 85], [75, 60, 75], [105, 118, 112]][hour];
    let grass = [[85, 115, 50], [95, 85, 45], [95, 110, 75]][hour];
    let dark = |color: Rgb| color.map(|c| c * 2 / 3);
    let layer = |top: Rgb, bottom, blotches, grain| Layer {
        top,
        bottom,
        blotches,
        grain,
    };
    let (far, near, grass) = (shift(far, 20), shift(near, 30), shift(grass, 40));
    [
        layer(shift(sky, 50), shift(horizon, 60), 700, 60),
        layer(far, dark(far), 500, 260),
        layer(near, dark(near), 600, 520),
        layer(dark(grass), grass, 700, 900),
    ]
}

/// El color de la fila `y` de `h`, entre uno y otro.
fn blend(top: Rgb, bottom: Rgb, y: usize, h: usize) -> Rgb {
    let (y, h) = (y as i32, h as i32);
    [0, 1, 2].map(|c| top[c] + (bottom[c] - top[c]) * y / h)
}

/// El disco del sol y su halo.
fn shine(color: Rgb, (sun_x, sun_y, radius): (i64, i64, i64), x: i64, y: i64) -> Rgb {
    let distance = (x - sun_x).pow(2) + (y - sun_y).pow(2);
    let disc = radius.pow(2);
    // De 256 en el disco a 0 a cuatro radios.
    let glow = if distance <= disc {
        256
    } else if distance >= 16 * disc {
        return color;
    } else {
        (16 * disc - distance) * 128 / (15 * disc)
    } as i32;
    let light = [255, 246, 214];
    [0, 1, 2].map(|c| color[c] + (light[c] - color[c]) * glow / 256)
}

/// Ruido suave: un valor al azar cada `step` píxeles, y entre ellos se pasa de uno a otro sin esquinas.
struct Octave {
    seed: u64,
    amplitude: i32,
    /// Cuánto hay ya del valor siguiente, de 0 a 256, a cada píxel del anterior.
    ease: Vec<i32>,
}

impl Octave {
    fn new(seed: u64, step: usize, amplitude: i32) -> Octave {
        let ease = (0..step)
            .map(|i| {
                let t = (i * 256 / step) as i32;
                (t * t * (768 - 2 * t)) >> 16
            })
            .collect();
        Octave {
            seed,
            amplitude,
            ease,
        }
    }

    /// Suma la fila `y` de este ruido, de −`amplitude` a `amplitude`.
    fn add_row(&self, y: usize, row: &mut [i32]) {
        let step = self.ease.len();
        let (line, ease) = ((y / step) as u64, self.ease[y % step]);
        let knot = |column: u64| {
            let above = self.value(column, line);
            let below = self.value(column, line + 1);
            above + (((below - above) * ease) >> 8)
        };
        let mut left = knot(0);
        for (column, cell) in row.chunks_mut(step).enumerate() {
            let right = knot(column as u64 + 1);
            let rise = right - left;
            for (pixel, ease) in cell.iter_mut().zip(&self.ease) {
                *pixel += left + ((rise * ease) >> 8);
            }
            left = right;
        }
    }

    fn value(&self, column: u64, line: u64) -> i32 {
        let bits = mix(self.seed ^ (line << 32) ^ column);
        let from_0_to_511 = (bits >> 55) as i32;
        ((from_0_to_511 - 256) * self.amplitude) >> 8
    }
}

/// Revuelve 64 bits: dos números seguidos dan dos que no se parecen (la mezcla de SplitMix64).
pub(super) fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}
