//! `IntoControlFlow`: seguir o parar, según lo que devuelva la función.

use std::ops::ControlFlow;

/// Lo que puede devolver la función de un [`RepeatingTimer`](super::RepeatingTimer).
///
/// - `()`: seguir siempre, hasta que lo cancelen.
/// - [`ControlFlow<V>`](ControlFlow): `Continue(())` sigue y `Break(v)` para, con `v` como resultado.
///
/// # Examples
///
/// ```
/// use concurrencia::timer::IntoControlFlow;
/// use std::ops::ControlFlow;
///
/// assert!(().into_control_flow().is_continue());
/// assert_eq!(ControlFlow::Break(7).into_control_flow(), ControlFlow::Break(7));
/// ```
pub trait IntoControlFlow {
    /// Con lo que se para.
    type Value;

    /// Seguir o parar.
    fn into_control_flow(self) -> ControlFlow<Self::Value>;
}

impl IntoControlFlow for () {
    type Value = ();

    fn into_control_flow(self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl<V> IntoControlFlow for ControlFlow<V> {
    type Value = V;

    fn into_control_flow(self) -> ControlFlow<V> {
        self
    }
}
