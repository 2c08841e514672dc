//! Futuros y ejecutores, con la forma de `concurrent.futures`: se encarga una tarea, se sigue con otra cosa y se recoge el
//! resultado después.
//!
//! Un **ejecutor** tiene unos cuantos hilos o procesos y les va dando lo que se le encarga. Cada encargo devuelve un
//! [`Future`]: el resultado de una tarea que quizá no ha acabado. Se pregunta ([`done`](Future::done)), se espera
//! ([`result`](Future::result), o `.await`), se cancela ([`cancel`](Future::cancel)) y se le deja dicho qué hacer cuando
//! acabe ([`add_done_callback`](Future::add_done_callback)).
//!
//! ```
//! use concurrencia::futures::ThreadPoolExecutor;
//! use concurrencia::sleep;
//!
//! fn descarga(sitio: &str) -> usize {
//!     sleep(0.5);
//!     sitio.len()
//! }
//!
//! let ejecutor = ThreadPoolExecutor::new(4)?;
//! let futuro = ejecutor.submit(descarga, ("rust-lang.org",));
//! futuro.add_done_callback(|f| println!("ha llegado: {:?}", f.result()));
//! println!("mientras tanto…");
//! assert_eq!(futuro.result()?, 13); // aquí se espera
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Quién hace la tarea
//!
//! | la tarea… | usa | por qué |
//! |---|---|---|
//! | espera (red, disco, otra máquina) y llama a funciones normales | [`ThreadPoolExecutor`] | un hilo dormido no gasta núcleo: pon más hilos que núcleos |
//! | espera, y son miles a la vez | [`asyncio`](crate::asyncio) | una tarea asíncrona cuesta mucho menos que un hilo |
//! | calcula sobre una colección | [`rayon`] (`par_iter`) | reparte sola entre los núcleos, sin encargar nada a mano |
//! | puede morir, colgarse o gastar demasiada memoria | [`ProcessPoolExecutor`] | lo que le pase a un proceso no toca al programa, y se le puede matar |
//!
//! En Python los procesos son la manera de calcular en varios núcleos. Aquí no hacen falta: los hilos calculan a la vez, y
//! no hay que copiar los datos. Los dos ejecutores se usan igual, y una función que reciba `&impl` [`Executor`] vale para
//! los dos.
//!
//! # Cómo se recogen los resultados
//!
//! | quieres | usa | da |
//! |---|---|---|
//! | todos, en el orden de las entradas | [`map`](ThreadPoolExecutor::map) | un iterador de `Result`, sin futuros de por medio |
//! | cada uno en cuanto esté | [`as_completed`] | un iterador de futuros según acaban |
//! | que haya acabado alguno, que haya fallado alguno o que hayan acabado todos | [`wait`] | los que han acabado y los que no |
//! | uno | [`result`](Future::result) | el valor |
//!
//! # Si algo va mal
//!
//! Un pánico en una tarea, o la muerte de su proceso, es el `Err` de **su** futuro: las demás siguen. Un ejecutor cerrado
//! no lanza nada: da un futuro con su error. [`FutureError`] dice qué pasó. Toda espera tiene su variante con plazo, en
//! segundos de la lección, y pasarse no cancela la tarea.
//!
//! # En Python
//!
//! ```python
//! with ThreadPoolExecutor(max_workers=4) as ejecutor:
//!     futuro = ejecutor.submit(descarga, "rust-lang.org")
//!     futuro.add_done_callback(lambda f: print("ha llegado:", f.result()))
//! ```
//!
//! El `with` es aquí soltar el ejecutor: espera a lo que quede. En una celda las variables no se sueltan al acabar, así
//! que se cierra con [`shutdown`](ThreadPoolExecutor::shutdown).

// UN RESULTADO QUE LLEGARÁ
mod future;
pub use future::Future;
pub(crate) use future::Promise;

mod slot;
pub(crate) use slot::{Slot, Stage};

mod error;
pub(crate) use error::Cause;
pub use error::FutureError;

// VARIOS
mod wait;
pub use wait::{
    ALL_COMPLETED, DoneAndNotDone, FIRST_COMPLETED, FIRST_EXCEPTION, ReturnWhen, wait, wait_timeout,
};

mod as_completed;
pub use as_completed::{AsCompleted, AsCompletedTimeout, as_completed};

mod map;
pub use map::Map;

mod arrivals;
mod tray;

// QUIÉN LOS COMPLETA
mod executor;
pub use executor::Executor;

mod thread_pool_executor;
pub use thread_pool_executor::ThreadPoolExecutor;

mod process_pool_executor;
pub use process_pool_executor::ProcessPoolExecutor;

mod backlog;
