//! Un productor y tres consumidores que se reparten el trabajo por una cola con límite.
//!
//! ```text
//! cargo run -p concurrencia --example asyncio_queue
//! ```

use std::error::Error;

use concurrencia::asyncio::{self, Queue, create_task_named, gather, sleep};

async fn consume(cola: Queue<u32>, nombre: &str) -> u32 {
    let mut hechas = 0;
    while let Ok(tarea) = cola.get().await {
        sleep(f64::from(tarea) * 0.1).await;
        println!("{nombre}: hecha la {tarea}");
        hechas += 1;
        cola.task_done()
            .expect("se llama una vez por elemento sacado");
    }
    hechas
}

fn main() -> Result<(), Box<dyn Error>> {
    let cola = Queue::bounded(2);
    let hechas = asyncio::run(async {
        let consumidores: Vec<_> = ["ana", "bea", "eva"]
            .map(|nombre| create_task_named(nombre, consume(cola.clone(), nombre)))
            .into();
        for tarea in 1..=9 {
            cola.put(tarea).await?; // espera si ya hay dos sin sacar
            println!("pongo la {tarea}: {cola:?}");
        }
        cola.join().await; // las nueve, hechas y no solo sacadas
        cola.shutdown(); // cada consumidor acaba su bucle
        Ok::<_, Box<dyn Error>>(gather(consumidores).await?)
    })?;
    println!("cada uno ha hecho {hechas:?}");
    Ok(())
}
