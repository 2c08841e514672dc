//! Aplicar una función a muchos datos sin cambiarla, con la forma de la biblioteca `parallel`.
