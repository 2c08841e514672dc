//! `Arguments`: los argumentos de una función de Python, en una tupla.

use serde::Serialize;

use super::to_json::to_json;

/// Los argumentos de una llamada a Python, en una tupla de cero a ocho valores.
///
/// La cumplen solas las tuplas de valores que se escriben con serde: no hace falta implementarla. La tupla de un solo
/// argumento lleva coma, `(123,)`.
///
/// # Examples
///
/// ```
/// use concurrencia::race::Arguments;
///
/// assert_eq!((1, "dos", [3.0]).to_json().unwrap(), ["1", "\"dos\"", "[3.0]"]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` no son los argumentos de una función de Python",
    label = "los argumentos van en una tupla de valores que se escriban con serde",
    note = "con un solo argumento, la tupla lleva una coma: `(123,)`; sin argumentos, es `()`"
)]
pub trait Arguments {
    /// Cada argumento en JSON, o por qué alguno no se puede escribir.
    ///
    /// # Errors
    ///
    /// Lo que haya dicho el tipo al escribirse.
    fn to_json(&self) -> Result<Vec<String>, String>;
}

macro_rules! arguments {
    ($($arg:ident)*) => {
        impl<$($arg: Serialize),*> Arguments for ($($arg,)*) {
            #[allow(non_snake_case, reason = "cada argumento se llama como su tipo")]
            fn to_json(&self) -> Result<Vec<String>, String> {
                let ($($arg,)*) = self;
                Ok(vec![$(to_json($arg).map_err(|error| error.to_string())?),*])
            }
        }
    };
}

arguments!();
arguments!(A);
arguments!(A B);
arguments!(A B C);
arguments!(A B C D);
arguments!(A B C D E);
arguments!(A B C D E F);
arguments!(A B C D E F G);
arguments!(A B C D E F G H);
