//! Lo que usan todas las pruebas.

use concurrencia::Thread;

/// Un plazo que solo se agota si algo va mal: 60 s reales con la escala de partida.
pub(crate) const DE_SOBRA: f64 = 600.0;

/// Un hilo ya en marcha.
pub(crate) fn lanza<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> Thread<T> {
    con_nombre("prueba", f)
}

/// Un hilo ya en marcha, con nombre.
pub(crate) fn con_nombre<T: Send + 'static>(
    nombre: &str,
    f: impl FnOnce() -> T + Send + 'static,
) -> Thread<T> {
    let mut hilo = Thread::new(f).with_name(nombre);
    hilo.start().unwrap();
    hilo
}

/// No sigue hasta que se cumple.
pub(crate) fn hasta(mut se_cumple: impl FnMut() -> bool) {
    while !se_cumple() {
        std::thread::yield_now();
    }
}

/// No sigue hasta que hay `n` hilos esperando, según dice su `Debug`.
pub(crate) fn hasta_que_esperen(n: usize, pieza: &impl std::fmt::Debug) {
    let texto = match n {
        1 => "espera 1)".to_owned(),
        n => format!("esperan {n})"),
    };
    hasta(|| format!("{pieza:?}").ends_with(&texto));
}
