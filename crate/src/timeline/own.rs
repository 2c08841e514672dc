//! `span` e `io`: apuntar lo propio en la línea de tiempo.

use std::pin::Pin;
use std::task::{Context, Poll};

use super::event::Kind;
use super::label::Label;
use super::recorder::{self, Inside, begin, is_on, lane_here};
use super::{NOTHING, State};

/// Ejecuta `f` como un tramo con nombre propio: en la línea de tiempo sale como una barra que **ejecuta**.
///
/// Fuera de una captura solo ejecuta `f`. Dentro de una tarea asíncrona, el tramo va en el carril de la tarea; para algo
/// con `.await` dentro, [`span_async`].
///
/// # Examples
///
/// ```
/// use concurrencia::timeline::{span, timeline};
///
/// let traza = timeline(|| span("sumar", || (0..1000_u64).sum::<u64>()));
/// assert!(traza.tasks().iter().any(|tarea| tarea.name() == "sumar"));
/// ```
pub fn span<T>(name: impl Into<String>, f: impl FnOnce() -> T) -> T {
    let _inside = enter(State::Run, name);
    f()
}

/// Como [`span`], pero el tramo **espera E/S**: una descarga, un archivo, otro programa.
///
/// # Examples
///
/// ```
/// use concurrencia::timeline::{State, io, timeline};
///
/// let traza = timeline(|| io("leer el Cargo.toml", || std::fs::read("Cargo.toml").unwrap()));
/// assert!(!traza.total(State::Io).is_zero());
/// ```
pub fn io<T>(name: impl Into<String>, f: impl FnOnce() -> T) -> T {
    let _inside = enter(State::Io, name);
    f()
}

fn enter(state: State, name: impl Into<String>) -> Option<Inside> {
    if !is_on() {
        return None;
    }
    let label = Label::owned(name);
    begin(lane_here(), Kind::Task, state, label, NOTHING)
}

/// Un futuro cuyo tramo lleva nombre propio desde que se le hace `.await` hasta que acaba.
///
/// Mientras espera, el tramo está en espera de lo mismo que él.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio;
/// use concurrencia::timeline::{span_async, timeline};
///
/// let traza = timeline(|| asyncio::run(span_async("descargar", asyncio::sleep(1))));
/// assert!(traza.tasks().iter().any(|tarea| tarea.name() == "descargar"));
/// ```
pub fn span_async<F: IntoFuture>(name: impl Into<String>, future: F) -> SpanAsync<F::IntoFuture> {
    SpanAsync {
        name: Some(name.into()),
        future: Box::pin(future.into_future()),
        inside: None,
    }
}

/// El futuro de [`span_async`].
#[must_use = "no hace nada hasta que se le hace .await"]
#[derive(Debug)]
pub struct SpanAsync<F> {
    name: Option<String>,
    future: Pin<Box<F>>,
    inside: Option<Inside>,
}

impl<F: Future> Future for SpanAsync<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        if let Some(name) = self.name.take() {
            self.inside = enter(State::Run, name);
        }
        let polled = self.future.as_mut().poll(context);
        if polled.is_ready() {
            self.inside = None;
        }
        polled
    }
}

/// Quien llama duerme o espera algo de fuera; nada si no hay captura.
pub(crate) fn sleeping() -> Option<Inside> {
    recorder::waiting(State::Io, NOTHING, || "dormir".into())
}
