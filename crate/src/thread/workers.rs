//! Los hilos de un pool o de un ejecutor: un pool de rayon y la fila de lo que les queda por hacer.
//!
//! Rayon pone los hilos, los despierta y los duerme. La fila es nuestra porque la suya no se puede vaciar: lo que no ha
//! empezado tiene que poder cancelarse, y las tareas empiezan en el orden en que llegan.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, Builder, JoinHandle, ThreadId};
use std::time::Instant;

use crossbeam::channel::{Receiver, RecvTimeoutError, Sender, bounded};
use crossbeam::queue::SegQueue;
use parking_lot::{Mutex, RwLock};
use rayon::ThreadPoolBuilder;

use super::ThreadError;
use crate::panic::message_of;

/// Lo que hace un trabajador de una vez. Soltarlo sin ejecutarlo lo da por cancelado.
pub(crate) type Task = Box<dyn FnOnce() + Send>;

/// Unos cuantos hilos que van haciendo tareas, por orden de llegada.
pub(crate) struct Workers {
    size: usize,
    /// `None` cuando ya no se aceptan tareas: al soltarlo, rayon acaba las que tiene y despide a los hilos.
    pool: RwLock<Option<rayon::ThreadPool>>,
    queue: Arc<SegQueue<Task>>,
    handles: Mutex<Vec<JoinHandle<()>>>,
    ids: Vec<ThreadId>,
    /// Se cierra cuando acaba el último hilo: cada uno tiene un extremo.
    ended: Receiver<()>,
}

impl Workers {
    /// Arranca `size` hilos que se llaman `prefix` y su número.
    ///
    /// Cada uno ejecuta antes que nada `initializer`.
    pub(crate) fn new(
        prefix: &str,
        size: usize,
        initializer: impl Fn() + Send + Sync + 'static,
    ) -> Result<Workers, ThreadError> {
        let (alive, ended) = bounded(0);
        let mut handles = Vec::with_capacity(size);
        let mut refused = None;
        let pool = ThreadPoolBuilder::new()
            .num_threads(size)
            .start_handler(move |_| {
                // Ya lo ha anunciado el gancho; sin esto, rayon acabaría con el programa.
                let _ = catch_unwind(AssertUnwindSafe(&initializer)).map_err(message_of);
            })
            // Una tarea atrapa los suyos: aquí solo llega lo que entra en pánico al soltarse, ya anunciado.
            .panic_handler(|payload| drop(message_of(payload)))
            .spawn_handler(|worker| {
                let name = format!("{prefix}_{}", worker.index());
                let alive: Sender<()> = alive.clone();
                let spawned = Builder::new().name(name).spawn(move || {
                    worker.run();
                    drop(alive);
                });
                match spawned {
                    Ok(handle) => {
                        handles.push(handle);
                        Ok(())
                    }
                    Err(error) => {
                        refused = Some(std::io::Error::from(error.kind()));
                        Err(error)
                    }
                }
            })
            .build()
            .map_err(|error| {
                let error = refused.unwrap_or_else(|| std::io::Error::other(error));
                ThreadError::system(prefix, error)
            })?;
        Ok(Workers {
            size,
            pool: RwLock::new(Some(pool)),
            queue: Arc::new(SegQueue::new()),
            ids: handles.iter().map(|handle| handle.thread().id()).collect(),
            handles: Mutex::new(handles),
            ended,
        })
    }

    /// Cuántos hilos son.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// Encarga una tarea; la devuelve si ya no se aceptan.
    pub(crate) fn spawn(&self, task: Task) -> Result<(), Task> {
        let pool = self.pool.read();
        let Some(pool) = &*pool else {
            return Err(task);
        };
        self.queue.push(task);
        let queue = Arc::clone(&self.queue);
        // Tantos avisos como tareas: el que no encuentra la suya es que la han cancelado.
        pool.spawn_fifo(move || {
            if let Some(task) = queue.pop() {
                task();
            }
        });
        Ok(())
    }

    /// Deja de aceptar tareas. Las que hay se hacen; los hilos acaban después. No bloquea.
    pub(crate) fn close(&self) {
        let pool = self.pool.write().take();
        drop(pool);
    }

    /// ¿Se han dejado de aceptar tareas?
    pub(crate) fn is_closed(&self) -> bool {
        self.pool.read().is_none()
    }

    /// Suelta lo que no ha empezado.
    pub(crate) fn discard(&self) {
        while let Some(task) = self.queue.pop() {
            drop(task);
        }
    }

    /// Espera a que acaben los hilos, ya cerrado; `false` si antes se pasa el plazo.
    ///
    /// Llamado desde uno de ellos no espera a nadie: no puede esperarse a sí mismo.
    pub(crate) fn join(&self, deadline: Option<Instant>) -> bool {
        if self.ids.contains(&thread::current().id()) {
            return true;
        }
        let ended = match deadline {
            None => self
                .ended
                .recv()
                .map_err(|_| RecvTimeoutError::Disconnected),
            Some(deadline) => self.ended.recv_deadline(deadline),
        };
        if ended == Err(RecvTimeoutError::Timeout) {
            return false;
        }
        for handle in std::mem::take(&mut *self.handles.lock()) {
            // Un trabajador no entra en pánico: las tareas los atrapan.
            let _ = handle.join();
        }
        true
    }
}

impl fmt::Debug for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hilos = if self.size == 1 { "hilo" } else { "hilos" };
        write!(f, "{} {hilos}, ", self.size)?;
        f.write_str(if self.is_closed() {
            "cerrado"
        } else {
            "abierto"
        })
    }
}

/// Cuántos hilos poner si no se dice: los de `concurrent.futures`.
pub(crate) fn default_size() -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    (cores + 4).min(32)
}
