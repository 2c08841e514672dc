//! El valor en que acaba una celda, cuando no tiene nada mejor que su `Debug`.

use std::fmt::Debug;

use super::MimeBundle;

/// Lo que el núcleo llama con el valor en que acaba una celda.
///
/// evcxr compila la celda llamando a este método y, si el tipo no lo tiene, la compila otra vez con `{:?}`. Con esto lo
/// tienen todos los que son `Debug`, y basta con una: quien tenga uno propio (una figura, una tabla) usa el suyo.
#[doc(hidden)]
pub trait CellValue: Debug {
    fn evcxr_display(&self);
}

impl<T: Debug + ?Sized> CellValue for T {
    fn evcxr_display(&self) {
        show(&self);
    }
}

// Aparte, para que no se compile en cada celda.
fn show(value: &dyn Debug) {
    MimeBundle::new()
        .with("text/plain", format!("{value:?}"))
        .show();
}
