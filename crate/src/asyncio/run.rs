//! `run`: ejecutar una corrutina desde donde no se puede esperar.

use super::event_loop::run_once;

/// Ejecuta `future` en un bucle nuevo, de un solo hilo (el que llama), y da lo que devuelva. **Bloquea**.
///
/// Al acabar cancela las tareas que sigan a medias y espera a que suelten lo que tenían; lo que se encargó a otro hilo
/// con [`to_thread`](super::to_thread) y ya había empezado, lo espera hasta el final.
///
/// Admite cualquier futuro, también los que no pueden cambiar de hilo o toman algo prestado; y un
/// [`gather`](super::gather) directamente. Desde una celda cuesta mucho menos que un `.await`, que además deja el núcleo
/// en modo asíncrono; si ya está en ese modo, funciona igual.
///
/// # En Python
///
/// `asyncio.run(main())`, que en una celda de Jupyter no se puede usar.
///
/// # A pelo
///
/// [`tokio::runtime::Runtime::block_on`], o `#[tokio::main]` en un programa.
///
/// # Panics
///
/// Si `future` entra en pánico, con el mismo mensaje. Si ya se está dentro de un bucle de un solo hilo: otro
/// `asyncio::run`, o `#[tokio::main(flavor = "current_thread")]` (en Python, `RuntimeError`). Si el sistema no da más
/// descriptores.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio;
///
/// async fn saludo(nombre: &str) -> String {
///     asyncio::sleep(0.1).await;
///     format!("hola, {nombre}")
/// }
///
/// let nombre = String::from("Ana");
/// assert_eq!(asyncio::run(saludo(&nombre)), "hola, Ana");
/// ```
#[track_caller]
pub fn run<F: IntoFuture>(future: F) -> F::Output {
    run_once(future)
}
