//! El informe en HTML: una columna por hilo y una fila por paso.

use std::fmt::Write;

use super::report::{Report, excerpt, grouped};
use super::step::Step;

pub(super) fn html(report: &Report) -> String {
    let mut out = format!("<div><b>{}</b>", escape(&report.headline()));
    for line in report.message().into_iter().flat_map(str::lines) {
        let _ = write!(out, "<br>{}", escape(line));
    }
    let (head, missing, tail) = excerpt(report.trace());
    let columns = columns(report.trace());
    if !head.is_empty() {
        out.push_str("<table><thead><tr><th></th>");
        for (_, name) in &columns {
            let _ = write!(out, "<th style=\"text-align:left\">{}</th>", escape(name));
        }
        out.push_str("</tr></thead><tbody>");
        rows(&mut out, head, 1, &columns);
        if missing > 0 {
            let _ = write!(
                out,
                "<tr><td></td><td colspan=\"{}\">… {} pasos más …</td></tr>",
                columns.len(),
                grouped(missing)
            );
        }
        rows(&mut out, tail, 1 + head.len() + missing, &columns);
        out.push_str("</tbody></table>");
    }
    for note in report.notes() {
        let _ = write!(out, "<p>nota: {}</p>", escape(&note));
    }
    if let Some(line) = report.how_to_replay() {
        let _ = write!(out, "<p><code>{}</code></p>", escape(&line));
    }
    out.push_str("</div>");
    out
}

/// Los hilos que salen, por orden de creación.
fn columns(steps: &[Step]) -> Vec<(usize, &str)> {
    let mut columns: Vec<(usize, &str)> = Vec::new();
    for step in steps {
        if columns
            .iter()
            .all(|(number, _)| *number != step.thread_number())
        {
            columns.push((step.thread_number(), step.thread()));
        }
    }
    columns.sort_unstable();
    columns
}

fn rows(out: &mut String, steps: &[Step], first: usize, columns: &[(usize, &str)]) {
    for (i, step) in steps.iter().enumerate() {
        let _ = write!(out, "<tr><td>{}</td>", first + i);
        for (number, _) in columns {
            let text = if *number == step.thread_number() {
                escape(step.text())
            } else {
                String::new()
            };
            let _ = write!(out, "<td style=\"text-align:left\">{text}</td>");
        }
        out.push_str("</tr>");
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
