//! `Worker`: el hilo de un temporizador, con la espera con plazo que usan sus `join`.

use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};

use crossbeam::channel::{self, Receiver};

use crate::thread::{Thread, ThreadError};
use crate::time::to_real;

pub(super) struct Worker<T> {
    name: String,
    /// Hasta que se recoge su valor. El cerrojo es para poder compartirlo: un `Thread` sin arrancar no se puede.
    thread: Mutex<Option<Thread<T>>>,
    started: bool,
    /// Se desconecta cuando la tarea acaba.
    over: Receiver<Infallible>,
}

impl<T: Send + 'static> Worker<T> {
    pub(super) fn new(f: impl FnOnce() -> T + Send + 'static) -> Worker<T> {
        let (running, over) = channel::bounded(0);
        let thread = Thread::new(move || {
            let _running = running;
            f()
        });
        Worker {
            name: thread.name().to_owned(),
            thread: Mutex::new(Some(thread)),
            started: false,
            over,
        }
    }

    pub(super) fn start(&mut self) -> Result<(), ThreadError> {
        let Some(thread) = self.thread().as_mut() else {
            return Err(ThreadError::already_started(&self.name));
        };
        thread.start()?;
        self.started = true;
        Ok(())
    }

    pub(super) fn join(mut self) -> Result<T, ThreadError> {
        self.collect()
    }

    pub(super) fn join_timeout(&mut self, seconds: impl Into<f64>) -> Result<T, ThreadError> {
        let timeout = to_real(seconds);
        if !self.started {
            return Err(ThreadError::not_started(&self.name));
        }
        match self.over.recv_timeout(timeout) {
            Err(error) if error.is_timeout() => Err(ThreadError::timeout(&self.name)),
            _ => self.collect(),
        }
    }

    fn collect(&mut self) -> Result<T, ThreadError> {
        let Some(thread) = self.thread().take() else {
            return Err(ThreadError::already_joined(&self.name));
        };
        thread.join()
    }
}

impl<T> Worker<T> {
    pub(super) fn with_name(mut self, name: impl Into<String>) -> Worker<T> {
        if let Some(thread) = self.thread().take() {
            let thread = thread.with_name(name);
            self.name = thread.name().to_owned();
            *self.thread() = Some(thread);
        }
        self
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn is_started(&self) -> bool {
        self.started
    }

    pub(super) fn is_alive(&self) -> bool {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        thread.as_ref().is_some_and(Thread::is_alive)
    }

    fn thread(&mut self) -> &mut Option<Thread<T>> {
        self.thread
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
