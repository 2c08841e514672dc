//! Las miniaturas de un árbol de fotos: en serie, con hilos, con procesos, con rayon y con tokio.
//!
//! `cargo run --release -p concurrencia-workloads --features terminal --example thumbnails`

use std::env;
use std::error::Error;
use std::time::Instant;

use concurrencia::process;
use workloads::Progress;
use workloads::images::{Mode, Tree, convert_with_progress, find, plan};

fn main() -> Result<(), Box<dyn Error>> {
    process::init();
    let root = env::temp_dir().join("thumbnails");
    let photos = root.join("fotos");
    let planted = Tree::new(7)
        .images(40)
        .truncated(1)
        .pdf(1)
        .generate(&photos)?;
    println!(
        "{} fotos buenas, {} malas",
        planted.images().len(),
        planted.broken().len()
    );

    let jobs = plan(&photos, find(&photos)?, root.join("miniaturas"));
    for how in [
        Mode::Serial,
        Mode::Threads(2),
        Mode::Processes(2),
        Mode::Rayon,
        Mode::Tokio(2),
    ] {
        let progress = Progress::new(format!("{how:?}"), jobs.len());
        let start = Instant::now();
        let report = convert_with_progress(jobs.clone(), how, &progress);
        println!("{how:?}: {:.0?}; {report}", start.elapsed());
    }
    Ok(())
}
