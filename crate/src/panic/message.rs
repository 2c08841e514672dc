//! El texto que hay dentro de la carga de un pánico.

use std::any::Any;

/// El mensaje de un pánico, a partir de lo que devuelven `catch_unwind` o `JoinHandle::join`.
///
/// `panic!("…")` guarda un texto; `std::panic::panic_any` puede guardar cualquier cosa, y entonces lo único que se
/// sabe es «(carga de tipo desconocido)».
///
/// # Examples
///
/// ```
/// use concurrencia::panic::panic_message;
///
/// let carga = std::thread::spawn(|| panic!("sin conexión")).join().unwrap_err();
/// assert_eq!(panic_message(&*carga), "sin conexión");
/// ```
pub fn panic_message<'a>(payload: &'a (dyn Any + Send + 'static)) -> &'a str {
    if let Some(text) = payload.downcast_ref::<&'static str>() {
        text
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text
    } else {
        "(carga de tipo desconocido)"
    }
}
