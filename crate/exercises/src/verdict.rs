//! `Verdict`: lo que se sabe de una función después de comprobarla.

use std::fmt;
use std::time::Duration;

use concurrencia::serde::{Deserialize, Serialize};
use concurrencia::{Figure, MimeBundle};

use crate::report;

/// Lo que ha dado comprobar una función: sus casos, en orden, hasta el último que se pudo probar.
///
/// La celda lo enseña como una lista (HTML que se entiende sin ver los colores, y texto); con `{}`, el texto.
#[derive(Clone, Debug)]
#[must_use = "el veredicto se ve si es lo último de la celda"]
pub struct Verdict {
    pub(crate) name: &'static str,
    pub(crate) cases: Vec<CaseReport>,
    /// Si el juez acabó de probar.
    pub(crate) is_over: bool,
    pub(crate) figure: Option<Figure>,
    pub(crate) took: Duration,
    /// Qué hacer ahora, y lo que no se ha podido apuntar.
    pub(crate) notes: Vec<String>,
}

impl Verdict {
    /// El nombre del ejercicio.
    pub fn name(&self) -> &str {
        self.name
    }

    /// ¿Aprueba? Se han probado todos los casos y todos van bien.
    pub fn is_pass(&self) -> bool {
        self.is_over
            && !self.cases.is_empty()
            && self.cases.iter().all(|c| c.outcome == Outcome::Pass)
    }

    /// ¿Está aún sin hacer? Queda un `todo!()` al que se ha llegado.
    pub fn is_undone(&self) -> bool {
        self.cases.iter().any(|c| c.outcome == Outcome::Undone)
    }

    /// Los casos que se han probado.
    pub fn cases(&self) -> &[CaseReport] {
        &self.cases
    }

    /// Cuánto ha tardado la comprobación entera, con lo que el ejercicio espera.
    pub fn took(&self) -> Duration {
        self.took
    }

    /// La figura con lo que se ha medido, en los ejercicios que miden.
    pub fn figure(&self) -> Option<&Figure> {
        self.figure.as_ref()
    }

    /// La lista de casos en HTML: una sección en español, sin guiones ni nada de fuera.
    pub fn html(&self) -> String {
        report::html(self)
    }

    /// Lo enseña en la celda.
    pub fn evcxr_display(&self) {
        MimeBundle::new()
            .with("text/html", self.html())
            .with("text/plain", report::text(self))
            .show();
    }
}

/// La lista de casos, en texto.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&report::text(self))
    }
}

/// Un caso probado.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "concurrencia::serde")]
pub struct CaseReport {
    pub(crate) title: String,
    pub(crate) input: String,
    pub(crate) because: String,
    pub(crate) outcome: Outcome,
}

impl CaseReport {
    /// Qué se comprueba.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Con qué se llamó a la función; vacío si no hay nada que decir.
    pub fn input(&self) -> &str {
        &self.input
    }

    /// Por qué importa.
    pub fn because(&self) -> &str {
        &self.because
    }

    /// Cómo ha ido.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }
}

/// Cómo ha ido un caso.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "concurrencia::serde")]
pub enum Outcome {
    /// Bien.
    Pass,
    /// Ha dado otra cosa.
    Fail {
        /// Lo que se esperaba.
        expected: String,
        /// Lo que ha dado.
        got: String,
    },
    /// La función, o un hilo suyo al que se esperaba, ha entrado en pánico.
    Panic {
        /// El mensaje del primer pánico.
        message: String,
    },
    /// Ha llegado a un `todo!()`.
    Undone,
    /// No ha acabado en su plazo: está colgada, interbloqueada o es muy lenta. Se ha matado su proceso.
    TimedOut {
        /// El plazo, en segundos.
        seconds: f64,
    },
    /// El proceso de prueba ha acabado a mitad del caso: un `exit`, un `abort`, la pila desbordada…
    Died {
        /// Cómo acabó.
        how: String,
    },
}
