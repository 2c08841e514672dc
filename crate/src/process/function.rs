//! La función que viaja: qué se puede mandar a otro proceso y cómo se llama allí.

use std::os::fd::OwnedFd;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::message::{self, MessageError, Output};
use super::raw;
use crate::callable::Callable;

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
    let args: Args = message::decode_once(bytes, handles).map_err(arrived_badly)?;
    message::encode(&function.call_with(args), output).map_err(cannot_return)
}

fn arrived_badly(error: MessageError) -> String {
    format!("los argumentos han llegado mal: {error}")
}

fn cannot_return(error: MessageError) -> String {
    format!("el resultado no puede volver: {error}")
}

/// Los argumentos, para enseñarlos en un error: lo que dice `Serialize`, recortado, o cuánto ocupan si es mucho.
pub(super) fn describe<Args: Portable>(bytes: &[u8], handles: &[OwnedFd]) -> String {
    describe_with(bytes, &|| {
        let args = message::decode::<Args>(bytes, handles);
        args.ok().map(|args| message::preview(&args))
    })
}

fn describe_with(bytes: &[u8], read: &dyn Fn() -> Option<String>) -> String {
    // Para enseñar el principio habría que recorrerlo entero.
    const SHOWN: usize = 64 << 10;
    if bytes.len() > SHOWN {
        return format!("(de {})", message::size(bytes.len()));
    }
    read().unwrap_or_else(|| "(no se puede leer)".to_owned())
}

/// [`describe`] sin tipos.
pub(super) type Describe = fn(&[u8], &[OwnedFd]) -> String;
