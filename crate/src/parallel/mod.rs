//! Aplicar una función a muchos datos sin cambiarla, con la forma de la biblioteca `parallel`.
//!
//! Con [`Parallel`] a la vista, toda función tiene los métodos que en Python le pone `@parallel.decorate`:
//!
//! | en Python | aquí |
//! |---|---|
//! | `f.map(datos, timeout=5, max_workers=4)` | [`f.par_map(datos).timeout(5).max_workers(4).run()?`](Parallel::par_map) |
//! | `f.process.map(datos)` | [`f.par_map(datos).processes().run()?`](ParMap::processes) |
//! | `parallel.map(f, datos)` | [`parallel::map(f, datos).run()?`](map()) |
//! | `f.future(a, b)` | [`f.future((a, b))`](Parallel::future), o [`f.process_future((a, b))`](Parallel::process_future) |
//! | `ex = parallel.async_par(futuros, max_workers=5)` | [`let ex = parallel::async_par(futuros).max_workers(5).start();`](async_par()) |
//! | `ex.results(timeout=4)` | [`ex.results_timeout(4)?`](Running::results_timeout) |
//! | `silent=True`, `.succeeded`, `.failed`, `.replace_failed(0)` | los de [`PartialResults`], que es el error de todos ellos |
//!
//! Cada llamada crea sus hilos (o sus procesos) y los despide al acabar. Para encargar cosas muchas veces,
//! [`ThreadPool`](crate::ThreadPool) o [`futures`](crate::futures), que los conservan; para calcular sobre muchos datos
//! pequeños, [`rayon`].

#[expect(
    clippy::module_inception,
    reason = "el archivo se llama como el rasgo que define"
)]
mod parallel;
pub use parallel::Parallel;

mod par_map;
pub use par_map::{ParMap, Processes, Threads, map};

mod job;
pub use job::Job;

mod async_par;
pub use async_par::{AsyncPar, async_par};

mod running;
pub use running::Running;

mod partial_results;
pub use partial_results::PartialResults;
