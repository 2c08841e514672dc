//! Lo que se espera de cada trabajo y lo que ha salido.

use comfy_table::{CellAlignment, Table, presets};

/// Una razón medida y lo que se espera de ella.
#[derive(Debug)]
pub(crate) struct Cifra {
    que: String,
    medido: f64,
    meta: Meta,
}

/// Lo que se espera de una razón.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Meta {
    AlMenos(f64),
    ComoMucho(f64),
}

use Meta::{AlMenos, ComoMucho};

impl Cifra {
    /// La razón, si se pudo medir: sin Python, las que lo necesitan no están.
    pub(crate) fn de(que: impl Into<String>, medido: Option<f64>, meta: Meta) -> Option<Cifra> {
        Some(Cifra {
            que: que.into(),
            medido: medido?,
            meta,
        })
    }

    fn llega(&self) -> bool {
        match self.meta {
            AlMenos(meta) => self.medido >= meta,
            ComoMucho(meta) => self.medido <= meta,
        }
    }
}

/// La tabla de todas: qué se mide, cuánto ha salido, cuánto se espera y si llega.
pub(crate) fn tabla(cifras: &[Cifra]) -> Table {
    let mut tabla = Table::new();
    tabla
        .load_style(presets::UTF8_BORDERS_ONLY)
        .set_header(["qué", "medido", "meta", ""]);
    for cifra in cifras {
        let meta = match cifra.meta {
            AlMenos(meta) => format!("≥ {}", veces(meta)),
            ComoMucho(meta) => format!("≤ {}", veces(meta)),
        };
        let llega = if cifra.llega() { "llega" } else { "no llega" };
        tabla.add_row([&cifra.que, &veces(cifra.medido), &meta, llega]);
    }
    for columna in [1, 2] {
        if let Some(columna) = tabla.column_mut(columna) {
            columna.set_cell_alignment(CellAlignment::Right);
        }
    }
    tabla
}

fn veces(razon: f64) -> String {
    format!("{razon:.2}×").replace('.', ",")
}

#[cfg(test)]
mod pruebas {
    use super::*;

    #[test]
    fn la_tabla_dice_quien_llega_y_quien_no() {
        let cifras = [
            Cifra::de("rápido", Some(1.5), AlMenos(1.2)),
            Cifra::de("lento", Some(1.1), AlMenos(1.2)),
            Cifra::de("justo", Some(1.1), ComoMucho(1.1)),
            Cifra::de("sin Python", None, ComoMucho(1.0)),
        ];
        let cifras: Vec<Cifra> = cifras.into_iter().flatten().collect();
        let tabla = tabla(&cifras).to_string();
        let lineas: Vec<&str> = tabla.lines().filter(|linea| linea.contains('×')).collect();
        assert_eq!(lineas.len(), 3, "{tabla}");
        assert!(lineas[0].contains("1,50×") && lineas[0].contains("≥ 1,20×"));
        assert!(!lineas[0].contains("no llega") && lineas[1].contains("no llega"));
        assert!(!lineas[2].contains("no llega"));
    }
}
