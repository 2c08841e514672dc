//! El servidor de prácticas.

fn main() {}
