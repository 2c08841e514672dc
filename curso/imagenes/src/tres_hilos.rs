//! Tres hilos que calculan, esperan a la red y apuntan lo que les sale en la misma cuenta.

use std::hint::black_box;

use concurrencia::timeline::{LaneKind, io, span};
use concurrencia::{Figure, Lock, Thread, Trace, set_scale, sleep, timeline};

use crate::Imagen;
use crate::cifras::{carriles_con, con_coma, exige, milisegundos};
use crate::servidor::resume;

pub(crate) const IMAGEN: Imagen = Imagen {
    nombre: "tres_hilos",
    trazas: &[("", mide)],
    figura,
};

const HILOS: usize = 3;

fn mide() -> Trace {
    set_scale(1);
    let cuenta = Lock::new(0_u64).with_name("la cuenta");
    timeline(|| {
        let mut hilos: Vec<Thread<()>> = (1..=HILOS)
            .map(|i| {
                let cuenta = cuenta.clone();
                Thread::new(move || trabaja(i, &cuenta)).with_name(format!("hilo {i}"))
            })
            .collect();
        for hilo in &mut hilos {
            hilo.start().expect("la máquina da tres hilos");
        }
        for hilo in hilos {
            hilo.join().expect("ninguno entra en pánico");
        }
    })
}

fn trabaja(hilo: usize, cuenta: &Lock<u64>) {
    let bytes = [hilo as u8; 1 << 16];
    let resumen = span("calcular", || black_box(resume(&bytes, 700)));
    io("subir el comprobante", || sleep(0.15));
    let mut cuenta = cuenta.acquire().expect("nadie más coge otro cerrojo");
    *cuenta = cuenta.wrapping_add(resumen);
    io("apuntar", || sleep(0.05));
}

fn figura(trazas: &[Trace]) -> Result<Figure, String> {
    let [traza] = trazas else {
        return Err("falta la traza".to_owned());
    };
    let hilos = carriles_con(traza, LaneKind::Thread, "hilo ");
    exige(hilos == HILOS, || format!("hay {hilos} carriles de hilo"))?;
    exige(traza.parallelism() > 1.4, || {
        format!("avanzan {} a la vez", con_coma(traza.parallelism(), 1))
    })?;
    Ok(traza.plot(format!(
        "Tres hilos: mientras uno espera avanzan los otros, y {} de trabajo caben en {}",
        milisegundos(traza.work()),
        milisegundos(traza.duration())
    )))
}
