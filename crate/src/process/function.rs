//! La función que viaja: qué se puede mandar a otro proceso y cómo se llama allí.

use std::os::fd::OwnedFd;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::message::{self, Output};
use super::raw;

/// Una función a la que se le pasan los argumentos en una tupla, como `args=(…)` en Python.
///
/// La cumplen solas las funciones y las clausuras de cero a ocho argumentos: no hace falta implementarla. La tupla de
/// un solo argumento lleva coma, `(123,)`; sin ella, `(123)` es el número 123 y no compila.
///
/// # Examples
///
/// ```
/// use concurrencia::process::Callable;
///
/// fn suma(a: i64, b: i64) -> i64 {
///     a + b
/// }
///
/// assert_eq!(suma.call_with((2, 3)), 5);
/// ```
#[diagnostic::on_unimplemented(
    message = "esta función no admite los argumentos `{Args}`",
    label = "los argumentos van en una tupla del mismo número y tipos que pide la función",
    note = "con un solo argumento, la tupla lleva una coma: `(123,)`"
)]
pub trait Callable<Args> {
    /// Lo que devuelve la función.
    type Output;

    /// Llama a la función con los valores de la tupla.
    fn call_with(&self, args: Args) -> Self::Output;
}

macro_rules! callable {
    ($($arg:ident)*) => {
        impl<Func, Out, $($arg),*> Callable<($($arg,)*)> for Func
        where
            Func: Fn($($arg),*) -> Out,
        {
            type Output = Out;

            #[allow(non_snake_case, reason = "cada argumento se llama como su tipo")]
            fn call_with(&self, ($($arg,)*): ($($arg,)*)) -> Out {
                self($($arg),*)
            }
        }
    };
}

callable!();
callable!(A);
callable!(A B);
callable!(A B C);
callable!(A B C D);
callable!(A B C D E);
callable!(A B C D E F);
callable!(A B C D E F G);
callable!(A B C D E F G H);

/// Lo que puede ir de un proceso a otro: se escribe en bytes y se vuelve a leer sin depender del original.
///
/// La cumplen solos los tipos de `std` con datos propios (números, `String`, `Vec`, tuplas, `HashMap`…), los
/// `#[derive(Serialize, Deserialize)]` y lo que da este módulo para comunicarse (`Queue`, `Connection`, `Lock`,
/// `Value`…). No la cumplen las referencias ni lo que solo tiene sentido en su proceso (`Arc`, `Mutex`, `File`…).
///
/// # Examples
///
/// ```
/// use concurrencia::process::Portable;
///
/// fn viaja<T: Portable>(_: T) {}
///
/// viaja((1_u8, "texto".to_owned(), vec![0.5]));
/// ```
pub trait Portable: Serialize + DeserializeOwned + 'static {}

impl<T: Serialize + DeserializeOwned + 'static> Portable for T {}

/// Una función ya sin tipos: lee los argumentos, la llama y escribe lo que devuelve.
///
/// El error dice qué no se pudo leer o escribir. Un pánico de la función sale tal cual. Los descriptores pasan a ser de
/// los argumentos: si la función suelta un extremo de una conexión, el otro lo nota enseguida.
pub(super) type Entry = fn(&[u8], Vec<OwnedFd>, &mut Output) -> Result<(), String>;

/// La [`Entry`] que llama a una función de tipo `F`; no compila si `F` captura algo.
pub(super) fn entry<F, Args>(_function: &F) -> Entry
where
    F: Callable<Args>,
    Args: Portable,
    F::Output: Portable,
{
    // La comprobación de `conjure` tiene que saltar aquí, al compilar la celda que la manda.
    enter::<F, Args>
}

fn enter<F, Args>(bytes: &[u8], handles: Vec<OwnedFd>, output: &mut Output) -> Result<(), String>
where
    F: Callable<Args>,
    Args: Portable,
    F::Output: Portable,
{
    let function: F = raw::conjure();
    let args: Args = message::decode_once(bytes, handles)
        .map_err(|error| format!("los argumentos han llegado mal: {error}"))?;
    let result = function.call_with(args);
    message::encode(&result, output)
        .map_err(|error| format!("el resultado no puede volver: {error}"))
}

/// Los argumentos, para enseñarlos en un error: lo que dice `Serialize`, recortado, o cuánto ocupan si es mucho.
pub(super) fn describe<Args: Portable>(bytes: &[u8], handles: &[OwnedFd]) -> String {
    // Para enseñar el principio habría que recorrerlo entero.
    const SHOWN: usize = 64 << 10;
    if bytes.len() > SHOWN {
        return format!("(de {})", message::size(bytes.len()));
    }
    match message::decode::<Args>(bytes, handles) {
        Ok(args) => message::preview(&args),
        Err(_) => "(no se puede leer)".to_owned(),
    }
}

/// [`describe`] sin tipos.
pub(super) type Describe = fn(&[u8], &[OwnedFd]) -> String;
