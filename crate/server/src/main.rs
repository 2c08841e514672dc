//! El servidor de prácticas: lo que las lecciones descargan, en esta máquina, siempre igual y a su tiempo.
//!
//! ```text
//! cargo run --package concurrencia-server -- --puerto 8000
//! ```
//!
//! Cuando está listo escribe una línea JSON con su dirección. Luego atiende, por la entrada estándar, [órdenes](orders)
//! de una línea, y se acaba cuando esa entrada se cierra: así no sobrevive a quien lo arrancó, muera como muera. Desde
//! Rust lo maneja `workloads::Server`.
//!
//! | | |
//! |---|---|
//! | [`options`] | los argumentos |
//! | [`listener`] | las conexiones, y cómo cortarlas |
//! | [`routes`] | qué hay en cada ruta |
//! | [`counts`] | peticiones, en vuelo, pico y bytes |
//! | [`clock`] | la espera de cada respuesta |
//! | [`app`], [`resource`] | lo que ya está hecho, y cómo se entrega |
//! | [`sites`], [`pages`], [`users`], [`collections`], [`images`], [`bytes`], [`faults`] | lo que se sirve |
//! | [`prose`] | de dónde salen los textos |

mod app;
mod bytes;
mod clock;
mod collections;
mod counts;
mod faults;
mod images;
mod listener;
mod options;
mod orders;
mod pages;
mod prose;
mod resource;
mod routes;
mod sites;
mod users;

use std::io;
use std::process::ExitCode;
use std::thread::available_parallelism;

use axum::serve;
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::runtime::{Builder, Runtime};

use app::App;
use listener::{Line, Loopback};
use options::{Asked, Options};

fn main() -> ExitCode {
    let options = match Options::from_env() {
        Ok(Asked::Serve(options)) => options,
        Ok(Asked::Help) => {
            print!("{}", options::HELP);
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprint!("concurrencia-server: {error}\n\n{}", options::HELP);
            return ExitCode::from(2);
        }
    };
    match run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let port = options.port;
            eprintln!("concurrencia-server: no puedo atender en 127.0.0.1:{port}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Atiende hasta que se cierra la entrada estándar.
fn run(options: Options) -> io::Result<()> {
    raise_open_files();
    let runtime = runtime()?;
    let context = runtime.enter();
    let listener = Loopback::bind(options.port)?;
    drop(context);
    let app = App::new(options, listener.address())?;
    let service = routes::router(app.clone()).into_make_service_with_connect_info::<Line>();
    runtime.spawn(async move { serve(listener, service).await });
    orders::announce(&app);
    orders::obey(&app, runtime.handle());
    // Sin esperar a lo que esté a medias: quien lo pidió ya no está.
    runtime.shutdown_background();
    Ok(())
}

/// Dos hilos para atender; los de pintar y comprimir, uno por núcleo.
fn runtime() -> io::Result<Runtime> {
    let cores = available_parallelism().map_or(2, usize::from);
    Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(cores)
        .enable_all()
        .build()
}

/// Hasta donde deje el sistema: mil descargas a la vez son mil conexiones, y lo corriente es un tope de 1 024.
fn raise_open_files() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Si no se puede, se atiende con lo que haya.
    let _ = setrlimit(Resource::Nofile, limit);
}
