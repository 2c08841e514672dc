//! Un dato con un valor distinto en cada hilo: ninguno ve los cambios de otro. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example thread_local
//! ```

use concurrencia::prelude::*;
use concurrencia::thread::{Local, current_thread};

/// Apunta tres páginas; el dato no hay que pasárselo entre ellas ni protegerlo con un cerrojo.
fn visita(historial: &Local<Vec<String>>, sitio: &str) -> Vec<String> {
    for pagina in ["portada", "índice", "final"] {
        historial.with_mut(|paginas| paginas.push(format!("{sitio}/{pagina}")));
        sleep(1);
    }
    println!("{}: {}", current_thread().name(), historial.with(Vec::len));
    historial.get()
}

fn main() -> Result<(), ThreadError> {
    let historial: Local<Vec<String>> = Local::new(Vec::new);
    let mut hilos = ["uno", "dos", "tres"].map(|sitio| {
        let historial = historial.clone(); // el mismo dato, otro valor en cada hilo
        Thread::new(move || visita(&historial, sitio)).with_name(sitio)
    });
    for hilo in &mut hilos {
        hilo.start()?;
    }
    for hilo in hilos {
        println!("{:?}", hilo.join()?);
    }
    println!("y en el principal: {historial:?}");
    Ok(())
}
