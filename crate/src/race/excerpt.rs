//! Lo que se enseña de dos valores o de una traza, si son largos.

use std::fmt::Debug;

use crate::text::{one_line, shorten};

const LONGEST_VALUE: usize = 160;
const LONGEST_TRACEBACK: usize = 3000;

/// Dos valores distintos, recortados de forma que se vea en qué.
pub(super) fn contrast<T: Debug>(a: &T, b: &T) -> (String, String) {
    let (a, b) = (one_line(&format!("{a:?}")), one_line(&format!("{b:?}")));
    let shared = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let long = a.chars().count().max(b.chars().count()) > LONGEST_VALUE;
    let skipped = if long {
        shared.saturating_sub(LONGEST_VALUE / 4)
    } else {
        0
    };
    let shown = |text: String| {
        let rest: String = text.chars().skip(skipped).collect();
        let dots = if skipped > 0 { "…" } else { "" };
        format!("{dots}{}", shorten(&rest, LONGEST_VALUE))
    };
    (shown(a), shown(b))
}

/// El final de una traza, que es donde está el error, por líneas enteras.
pub(super) fn ending(traceback: &str) -> String {
    let mut room = LONGEST_TRACEBACK;
    let mut lines: Vec<&str> = Vec::new();
    for line in traceback.lines().rev() {
        match room.checked_sub(line.len() + 1) {
            Some(left) => room = left,
            None => {
                lines.push("…");
                break;
            }
        }
        lines.push(line);
    }
    if lines == ["…"] {
        return shorten(
            traceback.lines().last().unwrap_or_default(),
            LONGEST_TRACEBACK,
        );
    }
    lines.reverse();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dos_valores_cortos_van_enteros() {
        assert_eq!(contrast(&1, &2), ("1".to_owned(), "2".to_owned()));
        assert_eq!(
            contrast(&"a\nb", &""),
            ("\"a\\nb\"".to_owned(), "\"\"".to_owned())
        );
    }

    #[test]
    fn de_dos_largos_se_ve_donde_se_separan() {
        let (a, b) = ("x".repeat(1000) + "uno", "x".repeat(1000) + "otro");
        let (a, b) = contrast(&a, &b);
        assert!(a.starts_with("…xx") && a.contains("xuno"), "{a}");
        assert!(b.contains("xotro"), "{b}");
    }

    #[test]
    fn de_una_traza_larga_queda_el_final() {
        assert_eq!(ending("una\ndos"), "una\ndos");
        let larga = "línea\n".repeat(1000) + "ValueError: mal";
        let corta = ending(&larga);
        assert!(corta.starts_with("…\n") && corta.ends_with("ValueError: mal"));
        assert!(corta.len() <= LONGEST_TRACEBACK + 4);
        assert!(ending(&"m".repeat(10_000)).ends_with('…'));
    }
}
