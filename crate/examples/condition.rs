//! Un almacén en el que caben tres cajas: quien produce espera sitio y quien consume espera cajas. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example condition
//! ```

use std::error::Error;

use concurrencia::sync::{Condition, Lock, SyncError};
use concurrencia::{Thread, sleep};

#[derive(Clone)]
struct Almacen {
    cajas: Lock<Vec<u32>>,
    hay_sitio: Condition<Vec<u32>>,
    hay_cajas: Condition<Vec<u32>>,
}

impl Almacen {
    fn new() -> Almacen {
        let cajas = Lock::new(Vec::new()).with_name("almacén");
        Almacen {
            hay_sitio: Condition::with_lock(&cajas),
            hay_cajas: Condition::with_lock(&cajas),
            cajas,
        }
    }

    fn mete(&self, caja: u32) -> Result<(), SyncError> {
        let cajas = self.cajas.acquire()?;
        let mut cajas = self.hay_sitio.wait_for(cajas, |cajas| cajas.len() < 3)?;
        cajas.push(caja);
        println!("entra la {caja}: {cajas:?}");
        self.hay_cajas.notify(1);
        Ok(())
    }

    fn saca(&self) -> Result<u32, SyncError> {
        let cajas = self.cajas.acquire()?;
        let mut cajas = self.hay_cajas.wait_for(cajas, |cajas| !cajas.is_empty())?;
        let caja = cajas.remove(0);
        println!("sale la {caja}:  {cajas:?}");
        self.hay_sitio.notify(1);
        Ok(caja)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let almacen = Almacen::new();
    let produce = almacen.clone();
    let mut productor = Thread::new(move || (1..=8).try_for_each(|caja| produce.mete(caja)));
    productor.start()?;
    for _ in 0..8 {
        almacen.saca()?;
        sleep(1); // tarda más en consumir que en producir: el almacén se llena
    }
    productor.join()??;
    Ok(())
}
