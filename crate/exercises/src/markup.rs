//! Escribir HTML y enseñar Markdown.

use concurrencia::MimeBundle;

/// El texto, sin nada que un navegador tome por una etiqueta.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            other => escaped.push(other),
        }
    }
    escaped
}

/// Enseña un texto en Markdown en la celda.
pub(crate) fn show_markdown(text: &str) {
    MimeBundle::new()
        .with("text/markdown", text)
        .with("text/plain", text)
        .show();
}
