//! De qué tamaño queda una miniatura.

/// El hueco en el que caben las miniaturas de la lección, en píxeles.
pub const SIZE: (u32, u32) = (128, 128);

/// El mayor tamaño con las proporciones de `image` que cabe en `within`, sin agrandar; cada lado, al menos 1.
///
/// El lado que no manda se redondea hacia donde menos se deforma la imagen, que no siempre es el entero más cercano.
pub(super) fn fit(image: (u32, u32), within: (u32, u32)) -> (u32, u32) {
    let ((w, h), (max_w, max_h)) = (image, within);
    if w <= max_w && h <= max_h {
        return image;
    }
    if u64::from(max_w) * u64::from(h) >= u64::from(max_h) * u64::from(w) {
        let width = closest(f64::from(max_h) * ratio(w, h), |n| {
            (ratio(w, h) - n / f64::from(max_h)).abs()
        });
        (width, max_h)
    } else {
        let height = closest(f64::from(max_w) / ratio(w, h), |n| {
            (ratio(w, h) - f64::from(max_w) / n).abs()
        });
        (max_w, height)
    }
}

fn ratio(w: u32, h: u32) -> f64 {
    f64::from(w) / f64::from(h)
}

/// El entero de al lado de `exact` con menos error.
fn closest(exact: f64, error: impl Fn(f64) -> f64) -> u32 {
    let (down, up) = (exact.floor(), exact.ceil());
    let best = if down < 1.0 || error(up) < error(down) {
        up
    } else {
        down
    };
    best.max(1.0) as u32
}
