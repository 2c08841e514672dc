//! Lo que el proceso de prueba cuenta a quien lo lanzó.

use concurrencia::serde::{Deserialize, Serialize};

use crate::verdict::{CaseReport, Outcome};

/// Un suceso de la prueba, en orden.
#[derive(Debug, Serialize, Deserialize)]
#[serde(crate = "concurrencia::serde")]
pub(crate) enum Event {
    /// Empieza un caso: desde aquí corre su plazo, en segundos.
    Begins { case: CaseReport, seconds: f64 },
    /// Cómo acaba el que empezó.
    Ends(Outcome),
    /// Lo que se ha medido, para dibujarlo: el título y, por cada cosa, su nombre y sus tiempos en nanosegundos.
    Measured {
        title: String,
        rows: Vec<(String, Vec<u64>)>,
    },
    /// No hay más casos.
    Over,
}
