//! Probar un programa cruzando sus hilos de muchas maneras.

use explore::Explorer;

use crate::explored::explored;
use crate::judge::Mismatch;

/// Los órdenes que se recorren de cada programa: de sobra para dos o tres hilos de pocos pasos.
const PLANS: usize = 500;

/// El plazo de un caso que se explora, en segundos. Un interbloqueo no lo gasta: se descubre explorando.
pub(super) const EXPLORING: f64 = 8.0;

/// Bien si el programa va bien en todos los órdenes recorridos; si no, cuenta el más sencillo de los que fallan.
pub(super) fn in_any_order(program: impl Fn() + Send + Sync + 'static) -> Result<(), Mismatch> {
    let explorer = Explorer::new().with_plans(PLANS);
    let expected = "que vaya bien se crucen como se crucen los hilos";
    explored(&explorer, expected, program).map(drop)
}

/// Llama a `f` en `n` hilos que se exploran, cada uno con su número, y da lo que devuelven.
pub(super) fn at_once<T: Send + 'static>(
    n: usize,
    f: impl Fn(usize) -> T + Clone + Send + 'static,
) -> Vec<T> {
    let start = |i| {
        let f = f.clone();
        explore::thread::spawn(move || f(i))
    };
    let threads: Vec<_> = (0..n).map(start).collect();
    let value = |thread: explore::thread::JoinHandle<T>| thread.join().expect("un hilo explorado");
    threads.into_iter().map(value).collect()
}
