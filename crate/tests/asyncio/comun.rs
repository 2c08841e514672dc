//! Con qué se prueban las tareas: los dos bucles y lo que deja rastro al soltarse.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use concurrencia::asyncio::{self, Event};
use concurrencia::panic::panic_message;
use concurrencia::tokio;
use concurrencia::tokio::runtime::Runtime;

/// Cada función `async` es una prueba, que se ejecuta en los dos bucles.
macro_rules! en_los_dos_bucles {
    ($(async fn $nombre:ident() $cuerpo:block)*) => {$(
        #[test]
        fn $nombre() {
            async fn cuerpo() $cuerpo
            $crate::comun::en_run(cuerpo());
            $crate::comun::en_varios_hilos(cuerpo());
        }
    )*};
}

pub(crate) use en_los_dos_bucles;

/// En un bucle de un solo hilo.
pub(crate) fn en_run<T>(cuerpo: impl Future<Output = T>) -> T {
    asyncio::run(con_tope(cuerpo))
}

/// En un bucle de varios hilos, como el que deja el núcleo después de un `.await`.
pub(crate) fn en_varios_hilos<T>(cuerpo: impl Future<Output = T>) -> T {
    let bucle = Runtime::new().unwrap();
    let salida = bucle.block_on(con_tope(cuerpo));
    // Lo que siga bloqueado en un hilo no tiene por qué acabar.
    bucle.shutdown_background();
    salida
}

/// Una prueba que se queda esperando es una prueba que falla.
async fn con_tope<T>(cuerpo: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), cuerpo)
        .await
        .expect("la prueba se ha quedado esperando")
}

/// Cuántas de sus marcas siguen vivas.
#[derive(Clone, Default)]
pub(crate) struct Vivas(Arc<AtomicUsize>);

impl Vivas {
    pub(crate) fn marca(&self) -> Marca {
        self.0.fetch_add(1, Ordering::SeqCst);
        Marca(self.clone())
    }

    pub(crate) fn cuantas(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// Lo que una tarea tiene a medias: se nota cuando se suelta.
pub(crate) struct Marca(Vivas);

impl Drop for Marca {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Avisa de que ha empezado y se queda esperando para siempre, con algo a medias.
pub(crate) async fn eterna(empezada: Event, vivas: Vivas) -> u32 {
    let _marca = vivas.marca();
    empezada.set();
    std::future::pending().await
}

/// Entra en pánico al soltarse.
pub(crate) struct Bomba(pub(crate) &'static str);

impl Drop for Bomba {
    fn drop(&mut self) {
        panic!("{}", self.0);
    }
}

/// El mensaje con el que `f` entra en pánico.
pub(crate) fn panico_de<T>(f: impl FnOnce() -> T) -> String {
    match catch_unwind(AssertUnwindSafe(f)) {
        Ok(_) => panic!("no ha habido pánico"),
        Err(carga) => panic_message(&*carga).to_owned(),
    }
}

/// Le pregunta una vez, sin esperar.
pub(crate) fn ojea<F: Future + Unpin>(futuro: &mut F) -> Poll<F::Output> {
    Pin::new(futuro).poll(&mut Context::from_waker(Waker::noop()))
}

/// Espera a `futuro`, y avisa de que ya lo está esperando.
pub(crate) async fn avisando<F: Future>(aviso: Event, futuro: F) -> F::Output {
    let mut futuro = pin!(futuro);
    poll_fn(|contexto| {
        let salida = futuro.as_mut().poll(contexto);
        aviso.set();
        salida
    })
    .await
}
