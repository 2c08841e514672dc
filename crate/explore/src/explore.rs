//! `explore` y `replay`: recorrer los planes de un programa, y repetir uno.

use crate::explorer::Explorer;
use crate::report::Report;
use crate::schedule::ScheduleError;

/// Ejecuta `program` bajo 10 000 entrelazamientos distintos de sus hilos y dice si alguno falla, y cómo.
///
/// Es `Explorer::new().run(program)`; con [`Explorer`] se cambia cuántos planes, cuáles y hasta dónde. Lo que se
/// comparte se crea dentro, con las piezas de [`sync`](crate::sync) y [`thread`](crate::thread). **Bloquea** hasta
/// acabar: para dos hilos y unas pocas operaciones, décimas de segundo.
///
/// # En Python
///
/// No hay nada parecido: se repite y se cruzan los dedos.
///
/// # A pelo
///
/// [`shuttle::check_random`](https://docs.rs/shuttle/0.8/shuttle/fn.check_random.html): al primer fallo entra en pánico.
///
/// # Panics
///
/// Si se llama desde un programa que se está explorando.
///
/// # Examples
///
/// Leer y luego escribir son dos pasos, y otro hilo se puede colar en medio:
///
/// ```
/// use explore::sync::Arc;
/// use explore::sync::atomic::{AtomicU32, Ordering::SeqCst};
/// use explore::{explore, thread};
///
/// fn suma_uno(n: &AtomicU32) {
///     let leido = n.load(SeqCst);
///     n.store(leido + 1, SeqCst);
/// }
///
/// let informe = explore(|| {
///     let n = Arc::new(AtomicU32::new(0).with_name("n"));
///     let otro = Arc::clone(&n);
///     let hilo = thread::spawn(move || suma_uno(&otro));
///     suma_uno(&n);
///     hilo.join().unwrap();
///     assert_eq!(n.load(SeqCst), 2);
/// });
/// assert!(informe.is_race());
/// assert!(informe.to_string().contains("pisa lo que escribió"), "{informe}");
/// ```
pub fn explore(program: impl Fn() + Send + Sync + 'static) -> Report {
    Explorer::new().run(program)
}

/// Repite un plan de los que da [`Report::schedule`] y lo cuenta otra vez.
///
/// Con el mismo programa pasa lo mismo. A diferencia de [`explore`], también cuenta los pasos de un plan que sale bien:
/// sirve para probar un orden escrito a mano.
///
/// # Errors
///
/// Si el plan no está bien escrito, o si no es de este programa (porque ha cambiado).
///
/// # Panics
///
/// Si se llama desde un programa que se está explorando.
///
/// # Examples
///
/// ```
/// use explore::sync::mpsc;
/// use explore::{explore, replay, thread};
///
/// fn programa() {
///     let (tx, rx) = mpsc::channel();
///     thread::spawn(move || tx.send("hola").unwrap());
///     assert!(rx.try_recv().is_ok(), "no ha llegado todavía");
/// }
///
/// let informe = explore(programa);
/// let plan = informe.schedule().unwrap();
/// let otra_vez = replay(plan, programa)?;
/// assert_eq!(otra_vez.trace(), informe.trace());
/// # Ok::<(), explore::ScheduleError>(())
/// ```
pub fn replay(
    schedule: &str,
    program: impl Fn() + Send + Sync + 'static,
) -> Result<Report, ScheduleError> {
    Explorer::new().replay(schedule, program)
}
