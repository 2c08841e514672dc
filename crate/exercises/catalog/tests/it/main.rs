//! El catálogo, leído de carpetas de mentira, y el progreso, cambiado por hilos y procesos a la vez.

mod books;
mod catalog;
mod progress;
mod summary;
