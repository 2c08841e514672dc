//! Los hilos de un pool o de un ejecutor: unos hilos y el canal por el que les llegan las tareas.
//!
//! No son los de rayon: allí, una tarea que usa `par_iter` hace otras mientras espera, una dentro de otra, y la que lleve
//! un cerrojo puede acabar esperándose a sí misma. Aquí cada hilo hace una, entera, y después la siguiente; su `par_iter`
//! va al pool de rayon de todo el programa.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, Builder, JoinHandle, ThreadId};
use std::time::Instant;

use crossbeam::channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use parking_lot::Mutex;

use super::door::Door;
use super::errand::{Errand, errand};
use super::{ThreadError, registry};
use crate::panic::message_of;
use crate::sealed::Sealed;
use crate::timeline::{self, FunctionName, NOTHING, Queue, Ticket};

/// Lo que hace un trabajador de una vez. Soltarlo sin ejecutarlo lo da por cancelado.
pub(crate) type Task = Box<dyn FnOnce() + Send>;

/// Una tarea en la cola, y el encargo que es: en la misma pieza, sin otra caja por tarea.
struct Order {
    errand: Errand,
    task: Task,
}

impl Order {
    fn run(self) {
        self.errand.run(self.task);
    }
}

/// Lo que hace cada hilo al arrancar.
pub(crate) type Initializer = Arc<dyn Fn() + Send + Sync>;

/// Unos cuantos hilos que van haciendo tareas, por orden de llegada.
pub(crate) struct Workers {
    prefix: String,
    line: Sealed<Line>,
    ids: Vec<ThreadId>,
    /// Su cola en la línea de tiempo.
    queue: Queue,
}

/// El canal de las tareas y los hilos que las cogen.
struct Line {
    door: Door<Sender<Order>>,
    /// La otra punta del canal: lo que no ha empezado.
    waiting: Receiver<Order>,
    handles: Mutex<Vec<JoinHandle<()>>>,
    /// Se cierra cuando acaba el último hilo: cada uno tiene un extremo.
    ended: Receiver<()>,
}

impl Workers {
    /// Arranca `size` hilos que se llaman `prefix` y su número.
    pub(crate) fn new(prefix: &str, size: usize) -> Result<Workers, ThreadError> {
        Workers::with_initializer(prefix, size, Arc::new(|| ()))
    }

    /// Como [`new`](Workers::new), y cada uno ejecuta antes que nada `initializer`.
    pub(crate) fn with_initializer(
        prefix: &str,
        size: usize,
        initializer: Initializer,
    ) -> Result<Workers, ThreadError> {
        let (door, waiting) = unbounded::<Order>();
        let (alive, ended) = bounded::<()>(0);
        let mut handles = Vec::with_capacity(size);
        for number in 0..size {
            let (orders, alive) = (waiting.clone(), alive.clone());
            let initializer = Arc::clone(&initializer);
            let name = format!("{prefix}_{number}");
            // Demonio: un bloque espera las tareas que se le encargan, no a que el ejecutor se cierre.
            let entry = registry::admit(&name, true);
            let worker = move || {
                entry.enter();
                // Nadie recibe este pánico, pero el gancho ya lo ha anunciado; y el hilo tiene tareas que hacer.
                survive(|| initializer());
                drop(initializer);
                for order in orders {
                    // Una tarea atrapa los suyos: aquí solo llega lo que entra en pánico al soltarse.
                    survive(|| order.run());
                }
                drop(alive);
            };
            // Si no hay más hilos, los que ya estaban ven el canal cerrado y acaban.
            let handle = Builder::new()
                .name(name.clone())
                .spawn(worker)
                .map_err(|error| ThreadError::system(&name, error))?;
            handles.push(handle);
        }
        Ok(Workers {
            prefix: prefix.to_owned(),
            ids: handles.iter().map(|handle| handle.thread().id()).collect(),
            line: Sealed::new(Line {
                door: Door::new(door),
                waiting,
                handles: Mutex::new(handles),
                ended,
            }),
            queue: Queue::new(prefix),
        })
    }

    /// Cuántos hilos son.
    pub(crate) fn size(&self) -> usize {
        self.ids.len()
    }

    /// El resguardo de la vez número `number` (desde 1) que se les encarga la función `name`.
    pub(crate) fn ticket(&self, name: FunctionName, number: usize) -> Ticket {
        Ticket::new(&self.queue, name, number)
    }

    /// Encarga una tarea; la devuelve si ya no se aceptan.
    ///
    /// El bloque en que se encarga la espera, como a un hilo arrancado en él.
    pub(crate) fn spawn(&self, task: impl FnOnce() + Send + 'static) -> Result<(), Task> {
        self.push(Box::new(task))
    }

    // Aparte, para que no se compile en cada celda que encarga algo.
    fn push(&self, task: Task) -> Result<(), Task> {
        let errand = errand(&self.prefix);
        let refused = self
            .line
            .door
            .pass(Order { errand, task }, |orders, order| {
                // No puede fallar: `waiting` es la otra punta.
                let _ = orders.send(order);
            });
        refused.map_err(|order| order.task)
    }

    /// Deja de aceptar tareas. Las que hay se hacen; los hilos acaban después. No bloquea.
    pub(crate) fn close(&self) {
        drop(self.line.door.close());
    }

    /// ¿Se han dejado de aceptar tareas?
    pub(crate) fn is_closed(&self) -> bool {
        self.line.door.is_closed()
    }

    /// Suelta lo que no ha empezado.
    pub(crate) fn discard(&self) {
        for order in self.line.waiting.try_iter() {
            // Lo que capturaba puede entrar en pánico al soltarse: a por la siguiente.
            survive(|| drop(order));
        }
    }

    /// ¿Es uno de sus hilos el que pregunta?
    pub(crate) fn is_one_of_them(&self) -> bool {
        self.ids.contains(&thread::current().id())
    }

    /// Espera a que acaben los hilos, ya cerrado; `false` si antes se pasa el plazo.
    ///
    /// Llamado desde uno de ellos no espera a nadie: no puede esperarse a sí mismo.
    pub(crate) fn join(&self, deadline: Option<Instant>) -> bool {
        if self.is_one_of_them() {
            return true;
        }
        let _waiting = timeline::wait_for_other(NOTHING, "que acaben los hilos");
        let ended = match deadline {
            None => self
                .line
                .ended
                .recv()
                .map_err(|_| RecvTimeoutError::Disconnected),
            Some(deadline) => self.line.ended.recv_deadline(deadline),
        };
        if ended == Err(RecvTimeoutError::Timeout) {
            return false;
        }
        for handle in std::mem::take(&mut *self.line.handles.lock()) {
            // Un trabajador no entra en pánico: las tareas los atrapan.
            let _ = handle.join();
        }
        true
    }
}

impl fmt::Debug for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hilos = if self.size() == 1 { "hilo" } else { "hilos" };
        write!(f, "{} {hilos}, ", self.size())?;
        f.write_str(if self.is_closed() {
            "cerrado"
        } else {
            "abierto"
        })
    }
}

/// Ejecuta `task` y sigue adelante aunque entre en pánico, que ya se ha anunciado.
fn survive(task: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(task)).map_err(message_of);
}

/// Cuántos hilos poner si no se dice: los de `concurrent.futures`.
pub(crate) fn default_size() -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    (cores + 4).min(32)
}
