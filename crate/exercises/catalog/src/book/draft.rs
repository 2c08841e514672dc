//! Un ejercicio a medio leer: lo que llevan dicho sus celdas.

use super::fields::{Fields, Role};
use super::{Exercise, How, Kind, Wrong};
use crate::CatalogError;
use crate::notebook::Cell;

/// Empieza con el enunciado y se le va añadiendo cada celda.
pub(super) struct Draft {
    exercise: Exercise,
    /// La celda del enunciado.
    cell: usize,
    has_start: bool,
    has_check: bool,
    has_solution: bool,
    has_reason: bool,
}

impl Draft {
    /// La primera celda, que tiene que ser el enunciado.
    pub(super) fn begin(
        book: &str,
        fields: &Fields<'_>,
        cell: &Cell,
    ) -> Result<Draft, CatalogError> {
        if fields.role != Role::Statement {
            return Err(fields.wrong(
                format!("empieza por una celda «{}»", fields.role.name()),
                "la primera celda de un ejercicio es su «enunciado»",
            ));
        }
        let source = source_of(fields, cell)?;
        let kind = fields.choice("clase", &Kind::ALL, Kind::name)?;
        let error = fields.error_code("error")?;
        if error.is_some() != (kind == Kind::DoesNotCompile) {
            return Err(fields.wrong(
                format!("el campo «error» no casa con la clase «{}»", kind.name()),
                "lo llevan los ejercicios de clase «no compila», y solo ellos",
            ));
        }
        let fails = fields.maybe_text(
            "suspende",
            "parte del título del caso que la partida no pasa",
        )?;
        if fails.is_some() != (kind == Kind::Fails) {
            return Err(fields.wrong(
                format!("el campo «suspende» no casa con la clase «{}»", kind.name()),
                "en el enunciado lo llevan los ejercicios de clase «falla», y solo ellos",
            ));
        }
        let difficulty = fields.integer("dificultad", 1, 3, "1, 2 o 3")?;
        let exercise = Exercise {
            name: fields.name.to_owned(),
            title: fields.text("titulo", "el título del ejercicio, sin su nombre")?,
            minutes: fields.integer(
                "minutos",
                1,
                600,
                "lo que se tarda, en minutos: de 1 a 600",
            )?,
            difficulty: u8::try_from(difficulty).unwrap_or(u8::MAX),
            kind,
            units: fields.texts("unidades", "una lista de unidades, como [\"L1-03\"]")?,
            error,
            project: fields.flag("proyecto")?,
            fails,
            statement: source,
            given: Vec::new(),
            start: String::new(),
            check: String::new(),
            hints: Vec::new(),
            solution: String::new(),
            reason: String::new(),
            wrong: Vec::new(),
            book: book.to_owned(),
        };
        Ok(Draft {
            exercise,
            cell: cell.number,
            has_start: false,
            has_check: false,
            has_solution: false,
            has_reason: false,
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.exercise.name
    }

    /// Otra celda del mismo ejercicio.
    pub(super) fn add(&mut self, fields: &Fields<'_>, cell: &Cell) -> Result<(), CatalogError> {
        let source = source_of(fields, cell)?;
        let exercise = &mut self.exercise;
        match fields.role {
            Role::Statement => return Err(twice(fields)),
            Role::Given if self.has_start => {
                return Err(fields.wrong(
                    "hay una celda «dado» detrás de la «partida»",
                    "ponla delante: lo que se da hecho se ejecuta antes",
                ));
            }
            Role::Given => exercise.given.push(source),
            Role::Start => set(&mut exercise.start, &mut self.has_start, source, fields)?,
            Role::Check if !self.has_start => {
                return Err(fields.wrong(
                    "la celda «comprobar» está delante de la «partida»",
                    "ponla detrás: comprueba lo que la otra define",
                ));
            }
            Role::Check => {
                if !source.contains(&format!("\"{}\"", exercise.name)) {
                    return Err(fields.wrong(
                        "la celda «comprobar» no comprueba este ejercicio",
                        format!("escribe comprobar!(\"{}\", …)", exercise.name),
                    ));
                }
                set(&mut exercise.check, &mut self.has_check, source, fields)?;
            }
            Role::Hint => exercise.hints.push(source),
            Role::Solution => {
                set(
                    &mut exercise.solution,
                    &mut self.has_solution,
                    source,
                    fields,
                )?;
            }
            Role::Reason => set(&mut exercise.reason, &mut self.has_reason, source, fields)?,
            Role::Wrong => {
                let how = fields.choice("como", &How::ALL, How::name)?;
                let fails = fields.text(
                    "suspende",
                    "parte del título del caso que no pasa o, si no compila, el código de su error",
                )?;
                exercise.wrong.push(Wrong {
                    disguise: fields
                        .text("disfraz", "de qué va disfrazada: «en serie disfrazada»…")?,
                    fails,
                    how,
                    code: source,
                });
            }
        }
        Ok(())
    }

    /// El ejercicio entero, si no le falta nada.
    pub(super) fn finish(self) -> Result<Exercise, CatalogError> {
        let missing = [
            (self.has_start, Role::Start),
            (self.has_check, Role::Check),
            (!self.exercise.hints.is_empty(), Role::Hint),
            (self.has_solution, Role::Solution),
            (self.has_reason, Role::Reason),
            (!self.exercise.wrong.is_empty(), Role::Wrong),
        ]
        .into_iter()
        .find(|&(has, _)| !has);
        match missing {
            None => Ok(self.exercise),
            Some((_, role)) => Err(CatalogError::new(
                format!("al ejercicio le falta la celda «{}»", role.name()),
                "añádela a continuación de las suyas: van todas seguidas",
            )
            .in_cell(self.cell)
            .of(&self.exercise.name)),
        }
    }
}

fn set(
    place: &mut String,
    has_it: &mut bool,
    source: String,
    fields: &Fields<'_>,
) -> Result<(), CatalogError> {
    if *has_it {
        return Err(twice(fields));
    }
    *place = source;
    *has_it = true;
    Ok(())
}

fn twice(fields: &Fields<'_>) -> CatalogError {
    fields.wrong(
        format!("hay dos celdas «{}»", fields.role.name()),
        "deja una, o cambia el nombre si la otra es de otro ejercicio",
    )
}

/// El texto de la celda, que tiene que ser de la clase que pide su papel y no estar vacía.
fn source_of(fields: &Fields<'_>, cell: &Cell) -> Result<String, CatalogError> {
    let (wanted, arrived) = match (fields.role.is_code(), cell.is_code) {
        (true, false) => ("código", "Markdown"),
        (false, true) => ("Markdown", "código"),
        _ if cell.source.trim().is_empty() => {
            return Err(fields.wrong(
                format!("la celda «{}» está vacía", fields.role.name()),
                "escríbela o bórrala",
            ));
        }
        _ => return Ok(cell.source.clone()),
    };
    Err(fields.wrong(
        format!("la celda «{}» es de {arrived}", fields.role.name()),
        format!("tiene que ser de {wanted}: cambia su clase en JupyterLab"),
    ))
}
