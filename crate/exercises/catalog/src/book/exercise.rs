//! `Exercise`: un ejercicio entero, con lo que solo ve el profesor.

use super::Wrong;

/// Un ejercicio: lo que se pide, lo que se da hecho, las pistas, la solución y lo que no la es.
///
/// Todo el código está tal como en su celda.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exercise {
    /// Su nombre, que no se repite en todo el curso: `"hilos-03"`.
    pub name: String,
    /// El título, sin el nombre.
    pub title: String,
    /// Lo que se tarda, en minutos.
    pub minutes: u32,
    /// De 1 (fácil) a 3.
    pub difficulty: u8,
    /// Qué se pide.
    pub kind: Kind,
    /// Las unidades de las lecciones que se practican: `["L1-03", …]`.
    pub units: Vec<String>,
    /// El código de error que da la partida (`"E0373"`), si [no compila](Kind::DoesNotCompile).
    pub error: Option<String>,
    /// ¿Es el proyecto final?
    pub project: bool,
    /// Parte del título del primer caso que la partida no pasa, si [falla](Kind::Fails).
    pub fails: Option<String>,
    /// El enunciado, en Markdown.
    pub statement: String,
    /// Las celdas que se dan hechas.
    pub given: Vec<String>,
    /// Lo que edita el alumno.
    pub start: String,
    /// La celda que lo comprueba.
    pub check: String,
    /// Las pistas, en Markdown, de la que menos cuenta a la que más.
    pub hints: Vec<String>,
    /// La solución, comentada.
    pub solution: String,
    /// Por qué la solución es así, en Markdown.
    pub reason: String,
    /// Soluciones malas que se han de descubrir.
    pub wrong: Vec<Wrong>,
    /// El nombre de su [`Book`](crate::Book).
    pub book: String,
}

/// Qué se pide en un ejercicio.
///
/// # Examples
///
/// ```
/// assert_eq!(catalog::Kind::DoesNotCompile.name(), "no compila");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Completar una función a medias.
    Complete,
    /// Arreglar un programa que el compilador rechaza.
    DoesNotCompile,
    /// Arreglar un programa que compila y da mal.
    Fails,
    /// Escribirlo desde cero.
    Design,
}

impl Kind {
    pub(crate) const ALL: [Kind; 4] = [
        Kind::Complete,
        Kind::DoesNotCompile,
        Kind::Fails,
        Kind::Design,
    ];

    /// Como se llama en el cuaderno: «completar», «no compila», «falla» o «diseñar».
    pub fn name(self) -> &'static str {
        match self {
            Kind::Complete => "completar",
            Kind::DoesNotCompile => "no compila",
            Kind::Fails => "falla",
            Kind::Design => "diseñar",
        }
    }
}
