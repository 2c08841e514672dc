//! `explored`: exige que un programa vaya bien se crucen como se crucen sus hilos.

use explore::{Explorer, Report};

use crate::judge::{Mismatch, expect, is_todo};

/// Explora `program` y exige que vaya bien en todos los planes recorridos. **Bloquea** hasta recorrerlos.
///
/// Si va bien da el informe, para quien quiera saber algo más: si es una demostración, cuántos planes hay. `expected` es
/// lo que se esperaba, como se leerá en el veredicto.
///
/// # Errors
///
/// El [`Mismatch`], si algún plan falla: cuenta el más sencillo, paso a paso. No dice cómo se repite: el programa es del
/// juez, y quien hace el ejercicio no lo tiene.
///
/// # Panics
///
/// Si lo que falla es un `todo!()`. Eso no es una carrera: es un ejercicio sin hacer, y así lo ve el
/// [`Judge`](crate::Judge).
///
/// # Examples
///
/// ```
/// use exercises::explore::sync::Arc;
/// use exercises::explore::sync::atomic::{AtomicU32, Ordering::SeqCst};
/// use exercises::explore::{Explorer, thread};
/// use exercises::explored;
///
/// /// Llaman dos hilos a la vez, y los dos tienen que contar.
/// fn dos_a_la_vez(cuenta: fn(&AtomicU32)) {
///     let n = Arc::new(AtomicU32::new(0).with_name("n"));
///     let otro = Arc::clone(&n);
///     let hilo = thread::spawn(move || cuenta(&otro));
///     cuenta(&n);
///     hilo.join().unwrap();
///     assert_eq!(n.load(SeqCst), 2, "se ha perdido una");
/// }
///
/// let explorador = Explorer::new().with_plans(100);
/// let bien = explored(&explorador, "que sumen las dos", || {
///     dos_a_la_vez(|n| _ = n.fetch_add(1, SeqCst));
/// });
/// assert_eq!(bien.unwrap().failures(), 0);
///
/// let mal = explored(&explorador, "que sumen las dos", || {
///     dos_a_la_vez(|n| n.store(n.load(SeqCst) + 1, SeqCst));
/// });
/// let mal = mal.unwrap_err();
/// assert_eq!(mal.expected, "que sumen las dos");
/// assert!(mal.got.starts_with("carrera") && mal.got.contains("se ha perdido una"));
/// assert!(!mal.got.contains("replay"));
/// ```
///
/// ```should_panic
/// use exercises::explore::Explorer;
///
/// // El juez lo ve como un ejercicio sin hacer.
/// let _ = exercises::explored(&Explorer::new().with_plans(1), "que acabe", || todo!());
/// ```
pub fn explored(
    explorer: &Explorer,
    expected: impl Into<String>,
    program: impl Fn() + Send + Sync + 'static,
) -> Result<Report, Mismatch> {
    let report = explorer.run(program);
    if let Some(message) = report.message() {
        assert!(!is_todo(message), "{message}");
    }
    expect(report.is_ok(), expected, story(&report))?;
    Ok(report)
}

/// Lo que cuenta el informe, sin la última línea si es la de cómo se repite.
fn story(report: &Report) -> String {
    let text = report.to_string();
    match text.rsplit_once('\n') {
        Some((story, last)) if last.starts_with("para repetirlo: ") => story.trim_end().to_owned(),
        _ => text,
    }
}
