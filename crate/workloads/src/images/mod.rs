//! Imágenes y miniaturas.
