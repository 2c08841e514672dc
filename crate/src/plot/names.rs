//! Nombres que quepan a la izquierda de sus filas sin dejar de distinguirse.

use crate::text::{shorten, width};

/// Los nombres, cada uno en `room` píxeles con letra de ese tamaño.
///
/// De los que no caben y empiezan igual se abrevia lo que tienen en común: lo que los distingue va detrás.
pub(super) fn fit_names(names: Vec<String>, size: f64, room: f64) -> Vec<String> {
    let fits = |text: &str| width(text, size) <= room;
    let long: Vec<&str> = names
        .iter()
        .filter(|name| !fits(name))
        .map(String::as_str)
        .collect();
    let common = match long.as_slice() {
        [first, rest @ ..] if !rest.is_empty() => {
            rest.iter().fold(first.chars().count(), |n, name| {
                n.min(
                    first
                        .chars()
                        .zip(name.chars())
                        .take_while(|(a, b)| a == b)
                        .count(),
                )
            })
        }
        _ => 0,
    };
    let shown = |name: &String| {
        let tail: String = name.chars().skip(common).collect();
        let shown = if fits(name) {
            name.clone()
        } else if common > HEAD + 2 && !tail.is_empty() {
            let head: String = name.chars().take(HEAD).collect();
            format!("{}…{tail}", head.trim_end())
        } else {
            name.clone()
        };
        fit(&shown, size, room).unwrap_or_default()
    };
    names.iter().map(shown).collect()
}

/// Lo que se deja de lo que tienen en común.
const HEAD: usize = 8;

/// El texto, abreviado para que quepa en `room` píxeles con letra de ese tamaño; nada si no cabrían ni tres letras.
pub(super) fn fit(text: &str, size: f64, room: f64) -> Option<String> {
    let fits = |text: &str| width(text, size) <= room;
    if fits(text) {
        return Some(text.to_owned());
    }
    // Ninguna letra es más estrecha que un cuarto de su tamaño: de un nombre de mil letras no se prueban las mil.
    let most = text.chars().count().min((room / size * 4.0) as usize + 1);
    (3..most)
        .rev()
        .map(|length| shorten(text, length))
        .find(|text| fits(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn los_que_empiezan_igual_se_siguen_distinguiendo() {
        let long =
            |n: u32| format!("descarga de la página número {n} del archivo histórico municipal");
        let names = vec![long(7), "corto".to_owned(), long(64)];
        let shown = fit_names(names, 14.0, 200.0);
        assert!(shown[0].starts_with("descarga…7 del"), "{shown:?}");
        assert!(shown[2].starts_with("descarga…64 del"), "{shown:?}");
        assert_eq!(shown[1], "corto");
        assert!(shown.iter().all(|name| width(name, 14.0) <= 200.0));
    }

    #[test]
    fn lo_que_no_cabe_ni_abreviado_no_se_escribe() {
        assert_eq!(
            fit("descargarlo", 12.0, 50.0).unwrap().chars().last(),
            Some('…')
        );
        assert_eq!(fit("descargarlo", 12.0, 2.0), None);
    }
}
