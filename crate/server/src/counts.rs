//! La cuenta: cuántas peticiones, cuántas en vuelo, cuántas a la vez como mucho y cuántos bytes.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use serde::Serialize;

/// La cuenta de todo el servidor. Un cerrojo y no cuatro contadores sueltos: las cuatro cifras tienen que cuadrar.
#[derive(Clone, Default)]
pub(crate) struct Counts(Arc<Mutex<Numbers>>);

#[derive(Clone, Copy, Default, Serialize)]
pub(crate) struct Numbers {
    peticiones: u64,
    en_vuelo: u64,
    pico: u64,
    bytes: u64,
}

impl Counts {
    pub(crate) fn now(&self) -> Numbers {
        *self.lock()
    }

    /// A cero, menos lo que siga en vuelo.
    pub(crate) fn forget(&self) {
        let mut numbers = self.lock();
        *numbers = Numbers {
            en_vuelo: numbers.en_vuelo,
            pico: numbers.en_vuelo,
            ..Numbers::default()
        };
    }

    fn arrive(&self) -> InFlight {
        let mut numbers = self.lock();
        numbers.peticiones += 1;
        numbers.en_vuelo += 1;
        numbers.pico = numbers.pico.max(numbers.en_vuelo);
        InFlight(self.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Numbers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Una petición en vuelo: lo está mientras viva este valor, se entregue o se corte.
struct InFlight(Counts);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.lock().en_vuelo -= 1;
    }
}

/// La envoltura de todas las rutas: cuenta la petición al llegar y acompaña a su cuerpo hasta el final.
pub(crate) async fn count(State(counts): State<Counts>, request: Request, next: Next) -> Response {
    let flight = counts.arrive();
    let response = next.run(request).await;
    response.map(|body| Body::new(Counted { body, flight }))
}

/// Un cuerpo que cuenta lo que entrega.
///
/// Deja de estar en vuelo al entregar su último trozo, justo antes de que salga al cable: si fuera después, quien lo
/// recibe podría pedir otro antes de que se descontara, y cinco hilos darían un pico de seis.
struct Counted {
    body: Body,
    flight: InFlight,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &frame
            && let Some(data) = frame.data_ref()
        {
            self.flight.0.lock().bytes += data.len() as u64;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
