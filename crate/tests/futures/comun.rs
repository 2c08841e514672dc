//! Lo que necesitan varias pruebas: los dos ejecutores bajo un mismo rasgo y tareas que valen para los dos.

use std::fmt::Debug;
use std::thread;
use std::time::{Duration, Instant};

use concurrencia::futures::{Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor};
use concurrencia::process::{Barrier, Event};

/// Un ejecutor de hilos o de procesos, con lo que `Executor` no tiene.
pub(crate) trait Ejecutor: Executor + Clone + Debug + Send + Sync + 'static {
    fn nuevo(max_workers: usize) -> Self;
    fn max_workers(&self) -> usize;
    fn shutdown_timeout(&self, segundos: f64) -> bool;
    fn shutdown_nowait(&self);
    fn shutdown_cancel(&self);
}

macro_rules! ejecutor {
    ($($tipo:ty),*) => {$(
        impl Ejecutor for $tipo {
            fn nuevo(max_workers: usize) -> Self {
                <$tipo>::new(max_workers).unwrap()
            }
            fn max_workers(&self) -> usize {
                self.max_workers()
            }
            fn shutdown_timeout(&self, segundos: f64) -> bool {
                self.shutdown_timeout(segundos)
            }
            fn shutdown_nowait(&self) {
                self.shutdown_nowait();
            }
            fn shutdown_cancel(&self) {
                self.shutdown_cancel();
            }
        }
    )*};
}

ejecutor!(ThreadPoolExecutor, ProcessPoolExecutor);

pub(crate) fn cuadrado(x: i64) -> i64 {
    x * x
}

pub(crate) fn divide(a: u32, b: u32) -> u32 {
    a / b
}

/// No acaba hasta que se da la señal.
pub(crate) fn espera(senal: Event) -> bool {
    senal.wait();
    true
}

/// Un ejecutor de un trabajador ocupado hasta que se dé la señal; la tarea que lo ocupa ya ha empezado.
pub(crate) fn ocupado<E: Ejecutor>() -> (E, Future<bool>, Event) {
    let ejecutor = E::nuevo(1);
    let (empieza, senal) = (Event::new().unwrap(), Event::new().unwrap());
    let larga = ejecutor.submit(avisa_y_espera, (empieza.clone(), senal.clone()));
    empieza.wait();
    (ejecutor, larga, senal)
}

pub(crate) fn avisa_y_espera(empieza: Event, senal: Event) -> bool {
    empieza.set();
    senal.wait();
    true
}

/// Solo vuelve si las demás que comparten la barrera se están haciendo a la vez.
pub(crate) fn coincide(barrera: Barrier) -> bool {
    barrera.wait().is_ok()
}

/// Espera a que se cumpla algo que otro hilo está a punto de hacer y de lo que no avisa.
pub(crate) fn hasta_que(se_cumpla: impl Fn() -> bool) {
    let limite = Instant::now() + Duration::from_secs(30);
    while !se_cumpla() {
        assert!(Instant::now() < limite, "no se cumple");
        thread::sleep(Duration::from_millis(1));
    }
}
