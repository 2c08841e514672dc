//! Cinco hilos se reparten dieciséis descargas: mientras unos esperan a la red, los otros también.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use concurrencia::timeline::io;
use concurrencia::{Figure, Thread, Trace, timeline};

use crate::Imagen;
use crate::cifras::{a_la_vez, exige, segundos, total_de_las_que_empiezan};
use crate::servidor::{arranca, descarga};

pub(crate) const IMAGEN: Imagen = Imagen {
    nombre: "hilos_solapan_esperas",
    trazas: &[("", mide)],
    figura,
};

const HILOS: usize = 5;
const DESCARGAS: usize = 16;

fn mide() -> Trace {
    let servidor = arranca(Duration::from_millis(100));
    let siguiente = Arc::new(AtomicUsize::new(1));
    timeline(|| {
        let mut hilos: Vec<Thread<()>> = (1..=HILOS)
            .map(|i| {
                let siguiente = Arc::clone(&siguiente);
                let trabaja = move || {
                    loop {
                        let n = siguiente.fetch_add(1, Ordering::Relaxed);
                        if n > DESCARGAS {
                            return;
                        }
                        io(format!("descarga {n}"), || descarga(servidor));
                    }
                };
                Thread::new(trabaja).with_name(format!("hilo {i}"))
            })
            .collect();
        for hilo in &mut hilos {
            hilo.start().expect("la máquina da cinco hilos");
        }
        for hilo in hilos {
            hilo.join().expect("ninguno entra en pánico");
        }
    })
}

fn figura(trazas: &[Trace]) -> Result<Figure, String> {
    let [traza] = trazas else {
        return Err("falta la traza".to_owned());
    };
    let a_la_vez = a_la_vez(traza, "descarga ");
    exige(a_la_vez == HILOS, || {
        format!("hubo {a_la_vez} descargas a la vez")
    })?;
    let en_serie = total_de_las_que_empiezan(traza, "descarga ");
    exige(en_serie > traza.duration() * 3, || {
        format!("se gana poco: {en_serie:?} en {:?}", traza.duration())
    })?;
    Ok(traza.plot(format!(
        "Cinco hilos esperan cinco descargas a la vez: dieciséis, que suman {}, en {}",
        segundos(en_serie),
        segundos(traza.duration())
    )))
}
