//! Lo que se le pide: qué trabajos y cuántas veces.

use crate::trabajos::TRABAJOS;
use pico_args::Arguments;

/// Lo pedido.
#[derive(Debug)]
pub(crate) struct Orden {
    trabajos: Vec<String>,
    /// Cuántas veces se repite cada uno.
    pub(crate) repeticiones: usize,
}

impl Orden {
    /// La de la línea de órdenes, o qué tiene de malo.
    pub(crate) fn lee() -> Result<Orden, String> {
        let mut argumentos = Arguments::from_env();
        let dichas = argumentos.opt_value_from_str("--repeticiones");
        let repeticiones: Option<usize> =
            dichas.map_err(|_| "«--repeticiones» pide un número mayor que cero".to_owned())?;
        let mut trabajos = Vec::new();
        for trabajo in argumentos.finish() {
            let trabajo = trabajo.to_string_lossy().into_owned();
            if TRABAJOS.iter().all(|t| t.nombre != trabajo) {
                let hay = TRABAJOS.map(|t| t.nombre).join(", ");
                return Err(format!("no hay ningún trabajo «{trabajo}»; los hay: {hay}"));
            }
            trabajos.push(trabajo);
        }
        let repeticiones = repeticiones.unwrap_or(5).max(1);
        Ok(Orden {
            trabajos,
            repeticiones,
        })
    }

    /// Si se pide ese trabajo: todos, si no se nombra ninguno.
    pub(crate) fn pide(&self, nombre: &str) -> bool {
        self.trabajos.is_empty() || self.trabajos.iter().any(|t| t == nombre)
    }
}
