//! Trabajos de cálculo.
