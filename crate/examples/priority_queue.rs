//! Una sala de espera: pasa primero lo más urgente, y con la misma urgencia, quien llegó antes. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example priority_queue
//! ```

use std::error::Error;

use concurrencia::prelude::*;
use concurrencia::queue::PriorityQueue;

fn main() -> Result<(), Box<dyn Error>> {
    // Urgencia, número de llegada y quién es: las tuplas se comparan por ese orden.
    let sala = PriorityQueue::new();
    let pacientes = [(3, "Ana"), (1, "Luis"), (3, "Eva"), (2, "Iker")];
    for (llegada, (urgencia, nombre)) in pacientes.into_iter().enumerate() {
        sala.put((urgencia, llegada, nombre))?;
    }

    let entrada = sala.clone();
    let mut consulta = Thread::new(move || {
        for (urgencia, _, nombre) in &entrada {
            println!("pasa {nombre}, urgencia {urgencia}");
            sleep(2);
        }
    });
    consulta.start()?;

    sleep(1);
    sala.put((0, 4, "Marta, en ambulancia"))?; // se cuela
    sala.shutdown(); // no entra nadie más; los que están, pasan
    println!("puerta cerrada: {sala:?}");
    consulta.join()?;
    Ok(())
}
