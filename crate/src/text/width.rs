//! Cuánto ocupa un texto y por dónde partirlo.
//!
//! Quien pinta el SVG elige la letra (`sans-serif` es una en cada sistema), así que el ancho se estima por lo alto:
//! con las medidas de DejaVu Sans, la más ancha de las habituales.

/// Ancho estimado, en píxeles, de `text` en una letra de ese tamaño.
pub(crate) fn width(text: &str, font_size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * font_size
}

/// Avance de un carácter, como fracción del tamaño de la letra.
fn advance(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'í' | '|' | '\'' | '.' | ',' | ':' | ';' | '·' | 'I' | 'Í' | ' '
        | '\u{a0}' => 0.35,
        '\u{202f}' => 0.25,
        'f' | 't' | 'r' | 's' | '(' | ')' | '[' | ']' | '-' | '/' | '\\' => 0.53,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '—' | '…' | '→' => 1.02,
        '+' | '<' | '>' | '=' | '~' | '±' | '×' | '&' | '#' | '_' => 0.86,
        c if c.is_uppercase() => 0.8,
        c if c < '\u{1100}' => 0.65,
        // Ideogramas, pictogramas y compañía: un cuadrado holgado.
        _ => 1.3,
    }
}

/// Parte `text` por los espacios en líneas que cumplan `fits`; una palabra que no quepa se parte por donde sea.
///
/// Siempre devuelve al menos una línea, y ninguna pierde caracteres salvo el espacio del corte.
pub(crate) fn wrap(text: &str, fits: impl Fn(&str) -> bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let candidate = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if fits(&candidate) {
            line = candidate;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for c in word.chars() {
            line.push(c);
            if !fits(&line) && line.chars().nth(1).is_some() {
                line.pop();
                lines.push(std::mem::replace(&mut line, c.to_string()));
            }
        }
    }
    lines.push(line);
    lines
}

/// El texto entero si no pasa de `max` caracteres; si no, su principio y «…».
pub(crate) fn shorten(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let start: String = text.chars().take(max.saturating_sub(1)).collect();
    format!("{}…", start.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abreviar_deja_el_principio_y_lo_avisa() {
        assert_eq!(shorten("cuatro", 6), "cuatro");
        assert_eq!(shorten("año nuevo", 5), "año…");
    }

    fn at_most(n: usize) -> impl Fn(&str) -> bool {
        move |line| line.chars().count() <= n
    }

    #[test]
    fn parte_por_los_espacios() {
        assert_eq!(
            wrap("seis hilos a la vez", at_most(10)),
            ["seis hilos", "a la vez"]
        );
        assert_eq!(wrap("", at_most(10)), [""]);
    }

    #[test]
    fn una_palabra_demasiado_larga_se_parte_sin_perder_nada() {
        let lines = wrap("a supercalifragilístico z", at_most(7));
        assert!(lines.iter().all(|line| line.chars().count() <= 7));
        assert_eq!(lines.concat().replace(' ', ""), "asupercalifragilísticoz");
        assert_eq!(wrap("ab", at_most(0)), ["a", "b"]);
    }
}
