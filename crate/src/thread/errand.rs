//! `Errand`: algo que se encarga aquí y hará otro hilo.

use std::sync::Arc;

use super::context::Context;
use super::info::next_ident;

/// Un encargo para un hilo que ya existía (una tarea de un pool, un temporizador).
///
/// El bloque en que se encarga lo espera, como a un hilo arrancado en él, aunque el hilo que lo haga sea de fuera. Si se
/// suelta sin hacer (la tarea se canceló), deja de esperarlo. Sin bloque no cuesta nada.
#[derive(Debug)]
pub(crate) struct Errand {
    id: Option<u64>,
    context: Context,
}

/// Un encargo de quien llama; `name` es como se le llamará si el bloque se cansa de esperarlo.
pub(crate) fn errand(name: &str) -> Errand {
    let context = Context::current();
    let id = context.waiting().map(|_| {
        let id = next_ident();
        context.join(id, &Arc::from(name));
        id
    });
    Errand { id, context }
}

impl Errand {
    /// Lo hace en el hilo que llama: los hilos que `f` arranque son del bloque en que se encargó. Lo da por hecho al
    /// volver `f`, o al entrar en pánico.
    pub(crate) fn run<R>(self, f: impl FnOnce() -> R) -> R {
        let _inside = self.context.clone().enter();
        f()
    }
}

impl Drop for Errand {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.context.leave(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc;
    use std::thread::JoinHandle;

    use super::super::{Block, ThreadInfo, block, current_thread, enumerate, registry};
    use super::*;

    type Order = Box<dyn FnOnce() + Send>;

    /// Un hilo que ya existía y hace lo que le manden.
    fn worker() -> (mpsc::Sender<Order>, JoinHandle<ThreadInfo>) {
        let (orders, received) = mpsc::channel::<Order>();
        let handle = std::thread::spawn(move || {
            registry::admit("trabajador", true).enter();
            received.into_iter().for_each(|order| order());
            current_thread()
        });
        (orders, handle)
    }

    #[test]
    fn el_bloque_espera_lo_que_se_encarga_a_un_hilo_de_fuera() {
        static HECHO: AtomicBool = AtomicBool::new(false);
        let (orders, handle) = worker();
        block(|| {
            let errand = errand("encargo");
            let order = move || {
                errand.run(|| {
                    let mut hilo = crate::Thread::new(|| {
                        crate::sleep(0.2);
                        HECHO.store(true, Ordering::Relaxed);
                    });
                    hilo.start().unwrap();
                });
            };
            orders.send(Box::new(order)).unwrap();
        });
        assert!(HECHO.load(Ordering::Relaxed));
        drop(orders);
        handle.join().unwrap();
    }

    #[test]
    fn un_encargo_soltado_sin_hacer_no_se_espera() {
        Block::new()
            .with_timeout(1e9)
            .run(|| drop(errand("encargo")));
    }

    #[test]
    fn un_hilo_de_fuera_sale_en_la_lista_hasta_que_acaba() {
        let (orders, handle) = worker();
        let (tell, told) = mpsc::channel();
        let order = move || tell.send(current_thread()).unwrap();
        orders.send(Box::new(order)).unwrap();
        let info = told.recv().unwrap();
        assert_eq!(
            format!("{info:?}"),
            "ThreadInfo(trabajador, en marcha, demonio)"
        );
        assert!(enumerate().contains(&info));
        drop(orders);
        assert_eq!(handle.join().unwrap(), info);
        assert!(!info.is_alive());
        assert!(!enumerate().contains(&info));
    }
}
