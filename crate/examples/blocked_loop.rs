//! El error clásico de asyncio, visto: una corrutina que bloquea el hilo deja a las demás en cola.
//!
//! ```sh
//! cargo run -p concurrencia --example blocked_loop
//! ```

use concurrencia::asyncio::{self, TaskError, gather};
use concurrencia::timeline::{LaneKind, State, Trace, record};

async fn descarga(segundos: f64) {
    asyncio::sleep(segundos).await;
}

async fn bloquea() {
    concurrencia::sleep(2); // el sleep de los hilos: no cede el turno
}

fn pinta(traza: &Trace) {
    for carril in traza.lanes() {
        if carril.kind() == LaneKind::Task {
            println!("{}", carril.name());
            for tramo in carril.spans() {
                println!(
                    "  {:>8.1?}  {}: {}",
                    tramo.duration(),
                    tramo.state(),
                    tramo.name()
                );
            }
        }
    }
    println!("en cola, entre todas: {:.0?}\n", traza.total(State::Queued));
}

fn main() -> Result<(), TaskError> {
    let (acaban, bien) = record(|| asyncio::run(gather([0.5, 1.0].map(descarga))));
    acaban?;
    pinta(&bien);

    let (acaban, mal) = record(|| asyncio::run(gather((descarga(0.5), bloquea(), descarga(1.0)))));
    acaban?;
    pinta(&mal);
    assert!(mal.total(State::Queued) > bien.total(State::Queued));
    Ok(())
}
