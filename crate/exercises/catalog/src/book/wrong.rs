//! `Wrong`: una solución mala, de las que parecen buenas.

/// Una solución que no lo es, con lo que la descubre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// De qué va disfrazada: `"en serie disfrazada"`.
    pub disguise: String,
    /// Parte del título del caso que no pasa; si [no compila](How::DoesNotCompile), el código de su error (`"E0373"`).
    pub fails: String,
    /// Cómo suspende.
    pub how: How,
    /// El código, como en su celda.
    pub code: String,
}

/// Cómo suspende una solución mala.
///
/// # Examples
///
/// ```
/// assert_eq!(catalog::How::TimesOut.name(), "plazo");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum How {
    /// Da otra cosa.
    Fails,
    /// Entra en pánico.
    Panics,
    /// No acaba a tiempo.
    TimesOut,
    /// El compilador la rechaza.
    DoesNotCompile,
}

impl How {
    pub(crate) const ALL: [How; 4] = [How::Fails, How::Panics, How::TimesOut, How::DoesNotCompile];

    /// Como se llama en el cuaderno: «falla», «pánico», «plazo» o «no compila».
    pub fn name(self) -> &'static str {
        match self {
            How::Fails => "falla",
            How::Panics => "pánico",
            How::TimesOut => "plazo",
            How::DoesNotCompile => "no compila",
        }
    }
}
