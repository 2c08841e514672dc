//! De una URL al nombre de un archivo que no sale de su carpeta.

use reqwest::Url;

/// Los sistemas de archivos corrientes no pasan de 255 bytes.
const LONGEST: usize = 200;
const NAMELESS: &str = "sin_nombre";

/// El nombre en el que acaba una URL, con sus `%20` deshechos; si no acaba en ninguno, el del servidor.
pub(super) fn of_url(url: &str) -> String {
    let Ok(url) = Url::parse(url) else {
        return url.to_owned();
    };
    let last = url
        .path_segments()
        .and_then(|mut segments| segments.rfind(|segment| !segment.is_empty()))
        .map(unescaped);
    last.or_else(|| Some(url.host_str()?.to_owned()))
        .unwrap_or_default()
}

fn unescaped(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail.get(..2).and_then(|d| std::str::from_utf8(d).ok());
        let escaped = digits.and_then(|d| u8::from_str_radix(d, 16).ok());
        match (first, escaped) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Un nombre de archivo, y nada más que eso, lo más parecido posible a `name`.
pub(super) fn file_name(name: &str) -> String {
    let safe: String = name
        .chars()
        .map(|c| match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            c if c.is_control() => '_',
            c => c,
        })
        .collect();
    let safe = safe.trim().trim_start_matches('.').trim_end_matches('.');
    if safe.is_empty() {
        return NAMELESS.to_owned();
    }
    shortened(safe)
}

/// Si no cabe, se acorta por donde menos se nota: antes de la extensión.
fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() < 20 => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let mut end = LONGEST - extension.len();
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", &stem[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn el_nombre_es_el_final_de_la_url() {
        for (url, name) in [
            ("http://x/a/b.jpg?w=3#z", "b.jpg"),
            ("http://x/a/b/", "b"),
            ("http://x/posts", "posts"),
            ("http://x", "x"),
            ("http://x/ni%C3%B1o%20rubio.png", "niño rubio.png"),
            ("http://x/100%.png", "100%.png"),
        ] {
            assert_eq!(file_name(&of_url(url)), name, "{url}");
        }
    }

    #[test]
    fn ningun_nombre_sale_de_la_carpeta() {
        for name in [
            "../../etc/passwd",
            "..",
            ".",
            "",
            "/etc/passwd",
            "..\\..\\windows",
            "c:\\x",
            "\0",
            "a\nb",
            ".bashrc",
            "  ",
            "....",
            &"ñ".repeat(400),
            &format!("{}.jpg", "x".repeat(4000)),
            &of_url("http://x/..%2F..%2Fetc%2Fpasswd"),
            &of_url("http://x/%2e%2e"),
        ] {
            let safe = file_name(name);
            let path = std::path::Path::new(&safe);
            assert_eq!(path.components().count(), 1, "{name:?} → {safe:?}");
            assert!(!safe.is_empty() && safe != "." && safe != "..", "{name:?}");
            assert!(!safe.starts_with('.') && safe.len() <= LONGEST, "{name:?}");
            assert!(
                !safe.contains(['/', '\\', '\0', '\n']),
                "{name:?} → {safe:?}"
            );
        }
        assert!(file_name(&format!("{}.jpg", "x".repeat(4000))).ends_with(".jpg"));
    }
}
