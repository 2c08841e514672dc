//! El nombre que más se parece a uno mal escrito.

/// Cuántas letras se pueden haber cambiado, añadido o quitado para que aún se parezcan.
const FARTHEST: usize = 3;

/// El más parecido a `name`, si alguno se le parece.
pub(crate) fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names
        .map(|other| (distance(name, other), other))
        .filter(|&(distance, _)| distance <= FARTHEST)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, other)| other)
}

/// Cuántas letras hay que cambiar, añadir o quitar para pasar de una a otra (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &b) in other.iter().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn se_cuentan_las_letras_que_cambian() {
        for (one, other, wanted) in [
            ("hilos-01", "hilos-01", 0),
            ("hilo-01", "hilos-01", 1),
            ("hilos-1", "hilos-01", 1),
            ("", "abc", 3),
            ("año", "ano", 1),
            ("manual-02", "hilos-02", 6),
        ] {
            assert_eq!(distance(one, other), wanted, "{one} {other}");
        }
    }

    #[test]
    fn se_sugiere_el_mas_parecido_y_lo_que_no_se_parece_no() {
        let names = ["hilos-01", "hilos-02", "general-01"];
        assert_eq!(nearest("hilos02", names.into_iter()), Some("hilos-02"));
        assert_eq!(nearest("descargas", names.into_iter()), None);
    }
}
