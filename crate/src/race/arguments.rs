//! `Arguments`: los argumentos de una función de Python, en una tupla.

use nanoserde::SerJson;

use super::wire::write;

/// Los argumentos de una llamada a Python, en una tupla de cero a ocho valores.
///
/// La cumplen solas las tuplas de valores que se escriben con [`SerJson`]: no hace falta implementarla. Los valores van
/// con dueño: `String` y no `&str`, `urls.clone()` y no `&urls`. La tupla de un solo argumento lleva coma, `(123,)`.
///
/// # Examples
///
/// ```
/// use concurrencia::race::Arguments;
///
/// assert_eq!((1, "dos".to_owned(), [3.0]).to_json().unwrap(), ["1", "\"dos\"", "[3.0]"]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` no son los argumentos de una función de Python",
    label = "los argumentos van en una tupla de valores con dueño que se escriban con `SerJson`",
    note = "con un solo argumento, la tupla lleva una coma: `(123,)`; sin argumentos, es `()`"
)]
pub trait Arguments {
    /// Cada argumento en JSON, o por qué alguno no se puede escribir.
    ///
    /// # Errors
    ///
    /// Si lo escrito no es JSON (un NaN, un infinito, un diccionario con claves que no son textos) o el tipo entra en
    /// pánico al escribirse.
    fn to_json(&self) -> Result<Vec<String>, String>;
}

macro_rules! arguments {
    ($($arg:ident)*) => {
        impl<$($arg: SerJson),*> Arguments for ($($arg,)*) {
            #[allow(non_snake_case, reason = "cada argumento se llama como su tipo")]
            fn to_json(&self) -> Result<Vec<String>, String> {
                let ($($arg,)*) = self;
                Ok(vec![$(write($arg)?),*])
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
