//! El veredicto escrito: en HTML para la celda y en texto para todo lo demás.
//!
//! Cada caso se distingue por una palabra y no solo por un color; los colores son variables del tema de JupyterLab, con los
//! mismos en claro como reserva.

use std::fmt::Write;
use std::time::Duration;

use crate::markup::escape;
use crate::verdict::{CaseReport, Outcome, Verdict};

/// En una palabra y con una señal que también se lee sin color.
fn word(outcome: &Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Pass => ("✓", "bien"),
        Outcome::Fail { .. } => ("✗", "falla"),
        Outcome::Panic { .. } => ("✗", "pánico"),
        Outcome::Undone => ("…", "sin hacer"),
        Outcome::TimedOut { .. } => ("✗", "plazo agotado"),
        Outcome::Died { .. } => ("✗", "proceso muerto"),
    }
}

/// Lo que se dice de un caso que no va bien: cada renglón, su nombre y su texto; el texto es código si lo dice el tercero.
fn details(case: &CaseReport) -> Vec<(&'static str, String, bool)> {
    let mut details = Vec::new();
    if case.outcome == Outcome::Pass {
        return details;
    }
    if !case.input.is_empty() {
        details.push(("entrada", case.input.clone(), true));
    }
    match &case.outcome {
        Outcome::Pass => {}
        Outcome::Undone => {
            details.push(("", "aún sin hacer: queda un todo!()".to_owned(), false));
            return details;
        }
        Outcome::Fail { expected, got } => {
            details.push(("esperado", expected.clone(), true));
            details.push(("obtenido", got.clone(), true));
        }
        Outcome::Panic { message } => details.push(("pánico", message.clone(), true)),
        Outcome::TimedOut { seconds } => {
            let seconds = seconds.to_string().replace('.', ",");
            let text = format!(
                "no ha acabado en {seconds} s: está colgada, interbloqueada o es muy lenta. Se ha matado su proceso; tus variables siguen aquí"
            );
            details.push(("plazo", text, false));
        }
        Outcome::Died { how } => details.push(("proceso", how.clone(), true)),
    }
    if !case.because.is_empty() {
        details.push(("importa porque", case.because.clone(), false));
    }
    details
}

fn headline(verdict: &Verdict) -> String {
    let good = verdict.cases.iter().filter(|c| c.outcome == Outcome::Pass);
    let (good, all) = (good.count(), verdict.cases.len());
    let name = verdict.name;
    if verdict.is_pass() {
        let cases = if all == 1 { "su caso" } else { "sus" };
        let count = if all == 1 {
            String::new()
        } else {
            format!(" {all} casos")
        };
        format!("{name}: aprobado, {cases}{count} bien")
    } else if verdict.is_undone() {
        format!("{name}: aún sin hacer")
    } else if verdict.is_over {
        format!("{name}: aún no, {good} de {all} casos bien")
    } else {
        format!(
            "{name}: aún no, {good} casos bien y se para en el {}",
            good_ordinal(all)
        )
    }
}

fn good_ordinal(n: usize) -> String {
    format!("{n}.º")
}

fn took(duration: Duration) -> String {
    let tenths = (duration.as_secs_f64() * 10.0).round() / 10.0;
    format!("{tenths} s").replace('.', ",")
}

pub(crate) fn text(verdict: &Verdict) -> String {
    let mut text = format!("{} ({})\n", headline(verdict), took(verdict.took));
    for case in &verdict.cases {
        let (sign, word) = word(&case.outcome);
        let _ = writeln!(text, "  {sign} {word}: {}", case.title);
        for (name, detail, _) in details(case) {
            let name = if name.is_empty() {
                String::new()
            } else {
                format!("{name}: ")
            };
            let detail = detail.replace('\n', "\n        ");
            let _ = writeln!(text, "      {name}{detail}");
        }
    }
    if let Some(figure) = &verdict.figure {
        let _ = writeln!(text, "{}", figure.text().trim_end());
    }
    for note in &verdict.notes {
        let _ = writeln!(text, "{note}");
    }
    text
}

const STYLE: &str = "\
.ejercicio{font-family:var(--jp-content-font-family,system-ui,sans-serif);line-height:1.45;max-width:60em}\
.ejercicio ol{list-style:none;margin:.4em 0;padding:0}\
.ejercicio li{border-left:4px solid var(--jp-border-color1,#8a8a8a);margin:.35em 0;padding:.1em .7em}\
.ejercicio li.bien{border-color:#009e73}\
.ejercicio li.mal{border-color:#d55e00}\
.ejercicio .palabra{display:inline-block;font-weight:700;margin-right:.5em;min-width:4.5em}\
.ejercicio dl{display:grid;gap:.1em .8em;grid-template-columns:max-content 1fr;margin:.3em 0}\
.ejercicio dt{color:var(--jp-ui-font-color1,#333);float:none;font-weight:400;white-space:nowrap;width:auto}\
.ejercicio dd{float:none;margin:0;width:auto;overflow-wrap:anywhere;white-space:pre-wrap}\
.ejercicio p{margin:.4em 0}\
.ejercicio figure{background:#fff;margin:.6em 0;max-width:100%}";

pub(crate) fn html(verdict: &Verdict) -> String {
    let name = escape(verdict.name);
    let mut html = format!(
        "<section class=\"ejercicio\" lang=\"es\" aria-label=\"Comprobación de {name}\"><style>{STYLE}</style>\
         <p role=\"status\"><strong>{}</strong> ({})</p>\n<ol>\n",
        escape(&headline(verdict)),
        took(verdict.took),
    );
    for case in &verdict.cases {
        html += &case_html(case);
    }
    html += "</ol>\n";
    if let Some(figure) = &verdict.figure {
        let _ = writeln!(html, "<figure>{}</figure>", figure.svg());
    }
    for note in &verdict.notes {
        let _ = writeln!(html, "<p>{}</p>", with_code(note));
    }
    html += "</section>";
    html
}

fn case_html(case: &CaseReport) -> String {
    let class = match case.outcome {
        Outcome::Pass => "bien",
        Outcome::Undone => "espera",
        _ => "mal",
    };
    let (sign, word) = word(&case.outcome);
    let mut html = format!(
        "<li class=\"{class}\"><span class=\"palabra\"><span aria-hidden=\"true\">{sign}</span> {word}</span> {}",
        escape(&case.title),
    );
    let details = details(case);
    if !details.is_empty() {
        html += "<dl>";
        for (name, detail, is_code) in details {
            let detail = escape(&detail);
            let detail = if is_code {
                format!("<code>{detail}</code>")
            } else {
                detail
            };
            let _ = write!(html, "<dt>{name}</dt><dd>{detail}</dd>");
        }
        html += "</dl>";
    }
    html + "</li>\n"
}

/// Una nota con sus macros (`pista!("hilos-03")`) como código.
fn with_code(note: &str) -> String {
    let words = note.split(' ').map(|word| {
        let (code, stop) = match word.strip_suffix('.') {
            Some(code) if word.contains("!(") => (code, "."),
            _ => (word, ""),
        };
        if code.contains("!(") {
            format!("<code>{}</code>{stop}", escape(code))
        } else {
            escape(word)
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
