//! Ponerse de acuerdo entre hilos: los cerrojos, semáforos, avisos y barreras de `threading`.
//!
//! | para | está | en Python |
//! |---|---|---|
//! | que un dato lo toque uno solo a la vez | [`Lock`] | `threading.Lock` |
//! | lo mismo, si quien lo tiene puede volver a cogerlo | [`RLock`] | `threading.RLock` |
//! | esperar a que el dato sea como hace falta | [`Condition`] | `threading.Condition` |
//! | avisar a todos de que algo ha pasado | [`Event`] | `threading.Event` |
//! | que pasen unos cuantos a la vez | [`Semaphore`], [`BoundedSemaphore`] | los mismos |
//! | que nadie siga hasta que lleguen todos | [`Barrier`] | `threading.Barrier` |
//! | contar sin cerrojo | [`atomic`] | no hay |
//!
//! Para pasar valores de un hilo a otro suele ser más fácil una [cola](crate::queue) que un dato compartido.
//!
//! # Cuál elegir
//!
//! | | entre | un interbloqueo | un pánico con él cogido | plazos | úsalo |
//! |---|---|---|---|---|---|
//! | [`sync::Lock`](Lock) | hilos | es un `Err` que lo cuenta | lo suelta | sí | para aprender, y mientras no se mida otra cosa |
//! | [`std::sync::Mutex`] | hilos | cuelga | lo envenena | no | sin dependencias; sabe si el dato quedó a medias |
//! | [`parking_lot::Mutex`] | hilos | cuelga | lo suelta | sí | para apurar: ocupa un byte y no lleva la cuenta de quién lo tiene |
//! | [`process::Lock`](crate::process::Lock) | procesos | cuelga | lo suelta; si el proceso muere, es un `Err` | sí | con [`Process`](crate::Process) |
//! | [`tokio::sync::Mutex`] | tareas | cuelga | lo suelta | con `timeout` | si el guard tiene que cruzar un `.await` |
//!
//! Los guards de [`Lock`] y [`RLock`] no se pueden mandar a otro hilo, así que tampoco cruzan un `.await` de una tarea
//! que pueda cambiar de hilo: el compilador lo dice.
//!
//! # Si algo va mal
//!
//! - Toda espera tiene su variante `_timeout`, en segundos de la lección. [`SyncError`] dice qué pasó y a qué pieza.
//! - Un círculo de hilos que se esperan unos a otros por cerrojos de este módulo no cuelga: quien lo iba a cerrar recibe
//!   un error que dice quién tiene qué. Los hilos y los cerrojos salen por su nombre: pónselo con `with_name`.
//! - Un pánico suelta los guards y los permisos que tuviera el hilo. Nada se envenena.

pub use std::sync::atomic;

mod lock;
pub use lock::{Lock, LockGuard};

mod rlock;
pub use rlock::{RLock, RLockGuard};

mod condition;
pub use condition::Condition;

mod event;
pub use event::Event;

mod semaphore;
pub use semaphore::{BoundedSemaphore, Permit, Semaphore};

mod barrier;
pub use barrier::Barrier;

mod error;
pub use error::SyncError;

// LOS ALGORITMOS
mod rounds;
mod sleepers;
mod waits;

mod name;
mod owner;
