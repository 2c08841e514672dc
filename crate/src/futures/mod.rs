//! Futuros y ejecutores, con la forma de `concurrent.futures`.

mod future;
pub use future::Future;
pub(crate) use future::Promise;

mod slot;
pub(crate) use slot::{Slot, Stage};

mod tray;

mod error;
pub(crate) use error::Cause;
pub use error::FutureError;

mod arrivals;

mod wait;
pub use wait::{
    ALL_COMPLETED, DoneAndNotDone, FIRST_COMPLETED, FIRST_EXCEPTION, ReturnWhen, wait, wait_timeout,
};

mod as_completed;
pub use as_completed::{AsCompleted, AsCompletedTimeout, as_completed};

mod executor;
pub use executor::Executor;

mod map;
pub use map::Map;

mod thread_pool_executor;
pub use thread_pool_executor::ThreadPoolExecutor;

mod backlog;

mod process_pool_executor;
pub use process_pool_executor::ProcessPoolExecutor;
