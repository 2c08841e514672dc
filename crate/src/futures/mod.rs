//! Futuros y ejecutores, con la forma de `concurrent.futures`.

mod future;
pub use future::Future;
pub(crate) use future::{Promise, deadline};

mod slot;
pub(crate) use slot::{Slot, Stage};

mod error;
pub(crate) use error::Cause;
pub use error::FutureError;

mod executor;
pub use executor::Executor;

mod map;
pub use map::Map;

mod thread_pool_executor;
pub use thread_pool_executor::ThreadPoolExecutor;
