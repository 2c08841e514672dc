//! Pistas para quien espera dando vueltas, como en [`std::hint`].

/// Cede el turno a otro mientras se espera dando vueltas.
///
/// # Examples
///
/// ```
/// use explore::sync::Arc;
/// use explore::sync::atomic::{AtomicBool, Ordering::SeqCst};
/// use explore::{explore, hint, thread};
///
/// let informe = explore(|| {
///     let listo = Arc::new(AtomicBool::new(false));
///     let otro = Arc::clone(&listo);
///     thread::spawn(move || otro.store(true, SeqCst));
///     while !listo.load(SeqCst) {
///         hint::spin_loop();
///     }
/// });
/// assert!(informe.is_ok(), "{informe}");
/// ```
pub fn spin_loop() {
    crate::thread::yield_now();
}
