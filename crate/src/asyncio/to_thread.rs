//! `to_thread`: lo que bloquea, a otro hilo.

use super::event_loop::get_running_loop;
use super::task::Task;
use crate::CallableOnce;

/// Ejecuta `f(args…)` en otro hilo, que puede bloquearse sin parar el bucle, y da una [`Task`] con la que esperarlo.
///
/// Empieza ya. Un hilo no se puede interrumpir: cancelar la tarea (o que se acabe el plazo de quien la espera) deja de
/// esperarlo, pero `f` sigue hasta el final; si aún no había empezado, ya no se hace.
///
/// Los hilos son los del bucle: se crean según hacen falta, se reutilizan y, si hay más de 512 ocupados, los demás
/// esperan turno.
///
/// # En Python
///
/// `await asyncio.to_thread(f, *args)`.
///
/// # A pelo
///
/// [`tokio::task::spawn_blocking`].
///
/// # Errors
///
/// Al esperar la tarea, [`is_panic`](super::TaskError::is_panic) si `f` entró en pánico.
///
/// # Panics
///
/// Si no hay ningún bucle en marcha.
///
/// # Examples
///
/// ```
/// use concurrencia::{asyncio, sleep};
///
/// fn lento(x: u32) -> u32 {
///     sleep(0.5); // bloquea su hilo
///     x * x
/// }
///
/// let salidas = asyncio::run(async {
///     asyncio::gather((0..3).map(|x| asyncio::to_thread(lento, (x,)))).await
/// })?;
/// assert_eq!(salidas, [0, 1, 4]);
/// # Ok::<(), asyncio::TaskError>(())
/// ```
#[track_caller]
pub fn to_thread<F, Args>(f: F, args: Args) -> Task<F::Output>
where
    F: CallableOnce<Args> + Send + 'static,
    Args: Send + 'static,
    F::Output: Send + 'static,
{
    get_running_loop().run_in_executor(None, f, args)
}
