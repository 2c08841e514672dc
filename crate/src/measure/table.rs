//! Una tabla que se enseña igual en texto alineado y en HTML.

use crate::text::escape;

/// La primera columna da nombre a cada fila; las demás son cifras y van a la derecha.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) caption: String,
    pub(crate) header: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    /// Columnas alineadas con espacios y el pie debajo.
    pub(crate) fn text(&self) -> String {
        let widths: Vec<usize> = (0..self.header.len())
            .map(|column| self.column_width(column))
            .collect();
        let header = aligned(&self.header, &widths);
        let rows = self.rows.iter().map(|row| aligned(row, &widths));
        let lines: Vec<String> = std::iter::once(header).chain(rows).collect();
        format!("{}\n{}", lines.join("\n"), self.caption)
    }

    /// Una tabla con título y encabezados de fila y de columna, que un lector de pantalla sabe recorrer.
    pub(crate) fn html(&self) -> String {
        let header: String = self
            .header
            .iter()
            .map(|cell| format!("<th scope=\"col\">{}</th>", escape(cell)))
            .collect();
        let rows: String = self.rows.iter().map(|row| html_row(row)).collect();
        format!(
            "<table lang=\"es\">\n<caption>{}</caption>\n<thead><tr>{header}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>",
            escape(&self.caption)
        )
    }

    fn column_width(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| row[column].as_str());
        cells
            .chain([self.header[column]])
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    }
}

fn aligned(cells: &[impl AsRef<str>], widths: &[usize]) -> String {
    let mut line = String::new();
    for (i, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let cell = cell.as_ref();
        if i == 0 {
            line.push_str(&format!("{cell:<width$}"));
        } else {
            line.push_str(&format!("  {cell:>width$}"));
        }
    }
    line
}

fn html_row(row: &[String]) -> String {
    let mut cells = row.iter().map(|cell| escape(cell));
    let name = cells.next().unwrap_or_default();
    let figures: String = cells
        .map(|cell| format!("<td style=\"text-align:right\">{cell}</td>"))
        .collect();
    format!("<tr><th scope=\"row\" style=\"text-align:left\">{name}</th>{figures}</tr>\n")
}
