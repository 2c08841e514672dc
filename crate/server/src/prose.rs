//! Texto que parece escrito por alguien: frases y páginas web, distintas con cada semilla.

use fastrand::Rng;

/// Sin tildes: todo es ASCII, y se puede cortar por cualquier byte.
const WORDS: [&str; 96] = [
    "agua", "aire", "alto", "ancho", "antes", "barco", "barrio", "bosque", "breve", "cada",
    "calle", "camino", "campo", "carta", "casa", "cerca", "ciudad", "claro", "cocina", "contra",
    "costa", "cuando", "cuento", "desde", "dicen", "donde", "dos", "entre", "era", "escribe",
    "espera", "este", "faro", "fiesta", "fondo", "frente", "fruta", "fuego", "gente", "grande",
    "hacia", "hasta", "hilo", "hoja", "isla", "juego", "junto", "lado", "lago", "largo", "lejos",
    "lento", "libro", "llega", "lluvia", "luego", "lugar", "madera", "mano", "mar", "mesa",
    "mientras", "mismo", "monte", "mucho", "nada", "noche", "norte", "nuevo", "obra", "otro",
    "papel", "para", "parque", "paso", "piedra", "playa", "plaza", "poco", "pueblo", "puente",
    "puerta", "quien", "rueda", "siempre", "sobre", "tarde", "tiempo", "tierra", "todo", "torre",
    "tren", "valle", "verde", "viento", "vuelta",
];

/// El azar de algo: depende de la semilla del servidor y de qué es, y de nada más.
pub(crate) fn rng(seed: u64, what: &str) -> Rng {
    // FNV-1a: el resumen de std no promete ser el mismo en otra versión.
    let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = what.as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, mix);
    Rng::with_seed(hash ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

pub(crate) fn word(rng: &mut Rng) -> &'static str {
    WORDS[rng.usize(..WORDS.len())]
}

/// Entre `min` y `max` palabras, sin punto.
pub(crate) fn words(rng: &mut Rng, min: usize, max: usize) -> String {
    let words: Vec<&str> = (0..rng.usize(min..=max)).map(|_| word(rng)).collect();
    words.join(" ")
}

/// Una frase: mayúscula, unas cuantas palabras y punto.
pub(crate) fn sentence(rng: &mut Rng) -> String {
    capital(&words(rng, 5, 14)) + "."
}

pub(crate) fn capital(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    first.to_ascii_uppercase() + rest
}

/// Una página web de exactamente `bytes` bytes (o la más corta que se puede, si son menos de cien).
pub(crate) fn page(rng: &mut Rng, title: &str, bytes: usize) -> Vec<u8> {
    const END: &str = "</p>\n</body>\n</html>\n";
    let mut html = format!(
        "<!doctype html>\n<html lang=\"es\">\n<head><title>{title}</title></head>\n<body>\n<p>"
    );
    let room = bytes.saturating_sub(END.len());
    while html.len() < room {
        let headline = capital(&words(rng, 3, 6));
        let link = words(rng, 2, 4).replace(' ', "-");
        let item = format!(
            "{}</p>\n<article class=\"noticia\"><h2 class=\"titular\"><a href=\"/{link}.html\">{headline}</a></h2>\
             <p class=\"entrada\">{}</p></article>\n<p>",
            sentence(rng),
            sentence(rng),
        );
        if html.len() + item.len() <= room {
            html += &item;
        } else {
            // Ya no cabe entera: se remata con texto, hasta el último byte.
            let filler = sentence(rng) + " ";
            html.push_str(&filler[..filler.len().min(room - html.len())]);
        }
    }
    html += END;
    html.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::{page, rng};

    #[test]
    fn la_pagina_pesa_lo_que_se_pide() {
        for bytes in [150, 274, 1000, 6761, 50_000] {
            let html = page(&mut rng(0, "prueba"), "prueba", bytes);
            assert_eq!(html.len(), bytes);
            assert!(html.is_ascii() && html.ends_with(b"</html>\n"));
        }
    }
}
