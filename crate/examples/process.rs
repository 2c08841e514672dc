//! Dos procesos que comparten una cola y un contador. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example process
//! ```

use concurrencia::prelude::*;

fn cuenta(id: u32, hasta: u32, total: process::Value<u64>, avisos: process::Queue<String>) -> u32 {
    for _ in 0..hasta {
        *total.lock().expect("nadie muere con el cerrojo") += 1;
    }
    let yo = process::current_process();
    let aviso = format!("{} (PID {}) ha contado {hasta}", yo.name(), yo.pid());
    avisos.put(aviso).expect("hay memoria");
    id
}

fn main() -> Result<(), ProcessError> {
    process::init();
    let total = process::Value::new(0)?;
    let avisos = process::Queue::new()?;
    let mut procesos = [1, 2].map(|id| {
        Process::new(cuenta, (id, 50_000, total.clone(), avisos.clone()))
            .with_name(format!("contador-{id}"))
    });
    for proceso in &mut procesos {
        proceso.start()?;
    }
    for proceso in &procesos {
        println!(
            "el {} ha acabado con {:?}",
            proceso.join()?,
            proceso.exitcode()
        );
    }
    while let Ok(aviso) = avisos.try_get() {
        println!("{aviso}");
    }
    assert_eq!(total.get()?, 100_000);
    Ok(())
}
