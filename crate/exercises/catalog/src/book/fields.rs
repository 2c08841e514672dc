//! Los campos de `metadata.ejercicio` de una celda, con errores que dicen cuál está mal.

use crate::CatalogError;
use crate::json::Json;

/// Los campos de una celda de un ejercicio.
pub(super) struct Fields<'a> {
    pub(super) name: &'a str,
    pub(super) role: Role,
    cell: usize,
    json: &'a Json,
}

/// Qué papel hace una celda en su ejercicio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Statement,
    Given,
    Start,
    Check,
    Hint,
    Solution,
    Reason,
    Wrong,
}

impl Role {
    const ALL: [Role; 8] = [
        Role::Statement,
        Role::Given,
        Role::Start,
        Role::Check,
        Role::Hint,
        Role::Solution,
        Role::Reason,
        Role::Wrong,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Role::Statement => "enunciado",
            Role::Given => "dado",
            Role::Start => "partida",
            Role::Check => "comprobar",
            Role::Hint => "pista",
            Role::Solution => "solucion",
            Role::Reason => "porque",
            Role::Wrong => "mala",
        }
    }

    pub(super) fn is_code(self) -> bool {
        !matches!(self, Role::Statement | Role::Hint | Role::Reason)
    }

    /// Los campos que puede llevar, además de `nombre` y `papel`.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Role::Statement => &[
                "titulo",
                "minutos",
                "dificultad",
                "clase",
                "unidades",
                "error",
                "proyecto",
                "suspende",
            ],
            Role::Wrong => &["disfraz", "suspende", "como"],
            _ => &[],
        }
    }
}

impl<'a> Fields<'a> {
    pub(super) fn read(cell: usize, json: &'a Json) -> Result<Fields<'a>, CatalogError> {
        let wrong = |what: &str, remedy: &str| CatalogError::new(what, remedy).in_cell(cell);
        let pairs = json.object().ok_or_else(|| {
            wrong(
                "«metadata.ejercicio» no es un objeto",
                "escribe {\"nombre\": \"…\", \"papel\": \"…\"}",
            )
        })?;
        let name = json.get("nombre").and_then(Json::text).ok_or_else(|| {
            wrong(
                "«metadata.ejercicio» no dice de qué ejercicio es la celda",
                "ponle \"nombre\": \"…\"",
            )
        })?;
        if !is_name(name) {
            return Err(wrong(
                "el nombre no vale",
                "usa minúsculas, cifras y guiones, como «hilos-03»: va en nombres de archivo",
            )
            .of(name));
        }
        let said = json.get("papel").and_then(Json::text).unwrap_or_default();
        let role = Role::ALL
            .into_iter()
            .find(|role| role.name() == said)
            .ok_or_else(|| {
                let what = if said.is_empty() {
                    "la celda no dice su papel".to_owned()
                } else {
                    format!("no hay ningún papel «{said}»")
                };
                let all = Role::ALL.map(Role::name).join(", ");
                wrong(&what, &format!("ponle en \"papel\" uno de estos: {all}")).of(name)
            })?;
        let fields = Fields {
            name,
            role,
            cell,
            json,
        };
        if let Some((extra, _)) = pairs.iter().find(|(key, _)| {
            !["nombre", "papel"].contains(&key.as_str()) && !role.fields().contains(&key.as_str())
        }) {
            let allowed = match role.fields() {
                [] => "no lleva más campos que «nombre» y «papel»".to_owned(),
                some => format!(
                    "además de «nombre» y «papel», puede llevar: {}",
                    some.join(", ")
                ),
            };
            return Err(fields.wrong(
                format!("sobra el campo «{extra}»"),
                format!("una celda «{}» {allowed}", role.name()),
            ));
        }
        Ok(fields)
    }

    /// Un error de esta celda.
    pub(super) fn wrong(&self, what: impl Into<String>, remedy: impl Into<String>) -> CatalogError {
        CatalogError::new(what, remedy)
            .in_cell(self.cell)
            .of(self.name)
    }

    /// El campo, si está.
    pub(super) fn get(&self, key: &str) -> Option<&'a Json> {
        self.json.get(key)
    }

    fn bad(&self, key: &str, what_it_is: &str) -> CatalogError {
        let what = if self.get(key).is_some() {
            format!("el campo «{key}» no vale")
        } else {
            format!("falta el campo «{key}»")
        };
        self.wrong(what, format!("«{key}» es {what_it_is}"))
    }

    /// Un texto que no puede faltar ni estar vacío.
    pub(super) fn text(&self, key: &str, what_it_is: &str) -> Result<String, CatalogError> {
        self.get(key)
            .and_then(Json::text)
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned)
            .ok_or_else(|| self.bad(key, what_it_is))
    }

    /// Un texto que no puede estar vacío, si está.
    pub(super) fn maybe_text(
        &self,
        key: &str,
        what_it_is: &str,
    ) -> Result<Option<String>, CatalogError> {
        self.get(key)
            .map(|_| self.text(key, what_it_is))
            .transpose()
    }

    /// Un entero entre los dos.
    pub(super) fn integer(
        &self,
        key: &str,
        from: u32,
        to: u32,
        what_it_is: &str,
    ) -> Result<u32, CatalogError> {
        self.get(key)
            .and_then(Json::integer)
            .filter(|number| (from..=to).contains(number))
            .ok_or_else(|| self.bad(key, what_it_is))
    }

    /// `false` si no está.
    pub(super) fn flag(&self, key: &str) -> Result<bool, CatalogError> {
        self.get(key).map_or(Ok(false), |value| {
            value.bool().ok_or_else(|| self.bad(key, "true o false"))
        })
    }

    /// Una lista de textos con alguno.
    pub(super) fn texts(&self, key: &str, what_it_is: &str) -> Result<Vec<String>, CatalogError> {
        self.get(key)
            .and_then(Json::list)
            .and_then(|items| {
                items
                    .iter()
                    .map(|item| item.text().map(str::to_owned))
                    .collect()
            })
            .filter(|items: &Vec<String>| !items.is_empty())
            .ok_or_else(|| self.bad(key, what_it_is))
    }

    /// El valor de `all` que se llama como dice el campo.
    pub(super) fn choice<T: Copy>(
        &self,
        key: &str,
        all: &[T],
        name: impl Fn(T) -> &'static str,
    ) -> Result<T, CatalogError> {
        let said = self.get(key).and_then(Json::text);
        all.iter()
            .copied()
            .find(|&value| Some(name(value)) == said)
            .ok_or_else(|| {
                let names: Vec<_> = all
                    .iter()
                    .map(|&value| format!("«{}»", name(value)))
                    .collect();
                self.bad(key, &format!("uno de estos: {}", names.join(", ")))
            })
    }

    /// El código de un error del compilador, si está.
    pub(super) fn error_code(&self, key: &str) -> Result<Option<String>, CatalogError> {
        let what_it_is = "el código de un error del compilador, como «E0373»";
        match self.maybe_text(key, what_it_is)? {
            Some(code) if !is_error_code(&code) => Err(self.bad(key, what_it_is)),
            code => Ok(code),
        }
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn is_error_code(code: &str) -> bool {
    code.strip_prefix('E')
        .is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()))
}
