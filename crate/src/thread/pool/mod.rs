//! `ThreadPool`: varios hilos que se reparten las llamadas a una función.

mod thread_pool;
pub use thread_pool::ThreadPool;

mod async_result;
pub use async_result::AsyncResult;

mod imap;
pub use imap::Imap;

mod chunk;
mod gather;
mod segment;
