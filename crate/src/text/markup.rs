//! Texto ajeno dentro de XML y de HTML sin romperlos.

/// Escapa lo que en XML y HTML tiene significado propio.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Una sola línea con solo lo que XML admite: los blancos seguidos son un espacio y lo imposible, «�».
///
/// Respeta los espacios que no parten la línea, que son parte de las cifras. Un texto vacío es «(sin nombre)».
pub(crate) fn one_line(text: &str) -> String {
    let breaks = |c: char| c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}');
    let words: Vec<&str> = text.split(breaks).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return "(sin nombre)".to_owned();
    }
    let impossible = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
    words
        .join(" ")
        .chars()
        .map(|c| if impossible(c) { '\u{fffd}' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn una_linea_sin_nada_que_xml_no_admita() {
        assert_eq!(one_line("  dos\n líneas\t\u{0} "), "dos líneas \u{fffd}");
        assert_eq!(one_line("3\u{a0}s"), "3\u{a0}s");
        assert_eq!(one_line(" \n"), "(sin nombre)");
    }
}
