//! Los jueces.

mod descargas;

/// Los ejercicios de este paquete: el `Set` de cada [`Exercise`](exercises::Exercise) suyo.
#[derive(Clone, Copy, Debug)]
pub struct Net;
