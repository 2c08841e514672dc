//! En cuántos trozos se reparten las entradas de un `map`.

/// Cuántas entradas van en cada trozo si nadie lo dice: unos cuatro trozos por trabajador.
pub(crate) fn chunksize(count: usize, workers: usize) -> usize {
    count.div_ceil(4 * workers).max(1)
}

/// El tamaño de trozo que ha pedido el usuario.
pub(crate) fn checked(chunksize: usize) -> usize {
    assert!(chunksize > 0, "un trozo tiene al menos una tarea");
    chunksize
}
