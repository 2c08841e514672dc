//! Las cifras de una traza, en una tabla.

use super::Trace;
use crate::MimeBundle;
use crate::measure::{Table, cores_text};

pub(super) fn summary(trace: &Trace) -> Table {
    let rows = trace
        .figures()
        .into_iter()
        .map(|(name, value)| vec![name.to_owned(), value]);
    let cores = cores_text([trace.cores()].into_iter());
    let lost = match trace.lost_events() {
        0 => String::new(),
        lost => format!("; {lost} sucesos no cupieron"),
    };
    Table {
        caption: format!("{cores}{lost}"),
        header: vec!["traza", "medido"],
        rows: rows.collect(),
    }
}

impl Trace {
    /// La enseña en la celda: la tabla de cifras y, por si no se puede, el texto. La llama el núcleo.
    pub fn evcxr_display(&self) {
        let table = summary(self);
        MimeBundle::new()
            .with("text/html", table.html())
            .with("text/plain", table.text())
            .show();
    }
}
