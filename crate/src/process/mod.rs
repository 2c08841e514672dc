//! Procesos, con la forma de `multiprocessing`: funciones que se ejecutan en otro proceso del sistema, aunque estén
//! escritas en una celda.
//!
//! | para | está | en Python |
//! |---|---|---|
//! | ejecutar una función en otro proceso | [`Process`] | `Process` |
//! | repartir muchas llamadas entre unos pocos | [`ProcessPool`], [`AsyncResult`], [`Imap`] | `Pool` |
//! | mandarse valores | [`Queue`], [`Pipe`] | `Queue`, `Pipe` |
//! | ponerse de acuerdo | [`Lock`], [`Semaphore`], [`Event`], [`Barrier`] | los mismos |
//! | compartir memoria | [`Value`], [`Array`] | `Value`, `Array` |
//! | compartir un diccionario, una lista o un contador | [`Manager`] | `Manager` |
//! | saber en cuál se está | [`current_process`] | `current_process` |
//!
//! Todo lo que comunica puede ir como argumento de una función de otro proceso, como su resultado, y dentro de una cola
//! o una conexión.
//!
//! # Qué viaja
//!
//! - La **función**: una `fn` con nombre (también genérica, con sus tipos puestos) o una clausura que no captura. Una
//!   que captura no compila: lo que capture, como argumento.
//! - Los **argumentos** y el **resultado**: lo que sea [`Portable`]. Se copian; un proceso no ve las variables de otro.
//! - Un `struct` de una celda, con `#[derive(Serialize, Deserialize)]`: hace falta
//!   `:dep serde = { version = "1", features = ["derive"] }`, o poner encima `#[serde(crate = "concurrencia::serde")]`.
//!
//! # Cómo llega una función escrita en una celda
//!
//! No hay `fork`, ni registro, ni otro binario que compilar. La celda está en una biblioteca que el núcleo ya ha
//! compilado; al otro proceso le llegan su ruta, a qué distancia del comienzo está la función y sus primeros bytes, y
//! él la carga, comprueba que es la misma y la llama. Cada proceso es un programa recién lanzado, así que no hereda
//! hilos, cerrojos ni memoria de nadie. Fuera del cuaderno es el propio programa otra vez: por eso [`init`] va en la
//! primera línea de `main`.
//!
//! # Si algo va mal
//!
//! - Un pánico es un `Err` con el mensaje, el PID y los argumentos. El proceso y las demás tareas siguen.
//! - Un proceso que muere es un `Err` con su código o su señal. El pool pone otro y las demás tareas acaban.
//! - Ningún proceso sobrevive a quien lo lanzó, ni aunque a este lo maten: celda interrumpida, núcleo muerto, cuaderno
//!   cerrado. No queda nada en el disco ni en la memoria compartida del sistema, que nunca tiene nombre.
//! - Toda espera tiene su variante `_timeout`, en segundos de la lección. En los resultados, [`ProcessError`] dice qué
//!   pasó.
//! - Nada escucha en la red: los procesos hablan por sockets anónimos, que solo tienen ellos.
//!
//! # Lo que no es como en Python
//!
//! - Al acabar el programa no se espera a los procesos en marcha: todos son como `daemon=True`, aunque pueden tener
//!   hijos. Espéralos con `join`.
//! - `join` devuelve lo que devolvió la función, y su error.
//! - No hay método de arranque que elegir: es siempre como `spawn`, un programa nuevo que no hereda nada.
//! - Los procesos de Windows no se parecen lo bastante a los de Linux y macOS: allí, WSL.

#[cfg(not(unix))]
compile_error!(
    "los procesos de este crate necesitan Linux o macOS; en Windows, usa WSL (Subsistema de Windows para Linux) y abre \
     el proyecto desde ahí"
);

#[expect(
    clippy::module_inception,
    reason = "el archivo se llama como el tipo que define"
)]
mod process;
pub use process::Process;

mod pool;
pub(crate) use pool::{Arrival, Errand};
pub use pool::{AsyncResult, Imap, ProcessPool};

mod current;
pub use current::{CurrentProcess, current_process};

mod function;
pub use function::Portable;

mod worker;
pub use worker::init;
pub(crate) use worker::{die_with_the_kernel, name as worker_name};

mod error;
pub use error::ProcessError;
pub(crate) use error::how_it_died;

// COMUNICARSE
mod pipe;
pub use pipe::{Connection, Pipe, Receiver, Sender};

mod queue;
pub use queue::Queue;

mod manager;
pub use manager::{ManagedCounter, ManagedDict, ManagedList, Manager};

// PONERSE DE ACUERDO
mod lock;
pub use lock::{Lock, LockGuard};
mod semaphore;
pub use semaphore::{BoundedSemaphore, Permit, Semaphore};
mod event;
pub use event::Event;
mod barrier;
pub use barrier::Barrier;

// COMPARTIR MEMORIA
mod value;
pub use value::{Value, ValueGuard};
mod array;
pub use array::{Array, ArrayGuard};

mod channel;
mod child;
mod futex;
mod ledger;
mod memory;
mod message;
pub use message::MAX_MESSAGE;
mod owner;
mod raw;
mod relay;
mod waiting;
