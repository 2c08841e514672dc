//! `Resource`: un cuerpo ya hecho, y cómo se entrega.

use std::convert::Infallible;
use std::io::Write;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body::{Frame, SizeHint};
use std::time::Instant;

use crate::app::{App, Key};

/// Lo que se entrega de una vez: quien lea despacio sigue en vuelo mientras le quede por leer.
const PIECE: usize = 64 * 1024;

pub(crate) const HTML: &str = "text/html; charset=utf-8";
pub(crate) const JSON: &str = "application/json; charset=utf-8";
pub(crate) const JPEG: &str = "image/jpeg";

/// Un cuerpo entero, con su tipo; comprimido también, si merece la pena.
#[derive(Clone)]
pub(crate) struct Resource {
    content_type: &'static str,
    plain: Bytes,
    gzip: Option<Bytes>,
    chunked: bool,
}

impl Resource {
    pub(crate) fn new(content_type: &'static str, plain: Vec<u8>) -> Resource {
        Resource {
            content_type,
            plain: plain.into(),
            gzip: None,
            chunked: false,
        }
    }

    /// Comprimido para quien lo entienda. Se comprime aquí, una vez.
    pub(crate) fn compressed(mut self) -> Resource {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        let gzip = encoder
            .write_all(&self.plain)
            .and_then(|()| encoder.finish());
        self.gzip = Some(gzip.expect("a la memoria siempre se puede escribir").into());
        self
    }

    /// A trozos, sin decir cuánto pesa.
    pub(crate) fn chunked(mut self) -> Resource {
        self.chunked = true;
        self
    }

    /// Lo que pesa sin comprimir.
    pub(crate) fn len(&self) -> usize {
        self.plain.len()
    }

    fn respond(&self, headers: &HeaderMap) -> Response {
        let gzip = self.gzip.clone().filter(|_| accepts_gzip(headers));
        let compressed = gzip.is_some();
        let body = Pieces {
            left: gzip.unwrap_or_else(|| self.plain.clone()),
            sized: !self.chunked,
        };
        let mut response = Response::new(Body::new(body));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        if self.gzip.is_some() {
            headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        }
        if compressed {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }
}

/// La respuesta entera de algo que se hace una vez: hacerlo, esperar lo que toca y entregarlo.
pub(crate) async fn deliver(app: &Arc<App>, key: Key, headers: &HeaderMap) -> Response {
    let arrival = Instant::now();
    let Some(resource) = app.resource(key).await else {
        return (
            StatusCode::INTERNAL_SERVER_ERROR,
            "esto no ha salido bien\n",
        )
            .into_response();
    };
    deliver_now(app, &resource, arrival, headers).await
}

/// Lo mismo, con lo que ya está hecho.
pub(crate) async fn deliver_now(
    app: &App,
    resource: &Resource,
    arrival: Instant,
    headers: &HeaderMap,
) -> Response {
    app.wait(arrival, resource.len()).await;
    resource.respond(headers)
}

/// ¿Entiende gzip quien lo pide? `gzip;q=0` es que no.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING);
    values
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            let weight = weight.trim().strip_prefix("q=").map(str::parse::<f32>);
            name.trim().eq_ignore_ascii_case("gzip") && weight != Some(Ok(0.0))
        })
}

/// Un cuerpo que se entrega a trozos, sin copiarlo.
struct Pieces {
    left: Bytes,
    /// Si dice de antemano cuánto pesa.
    sized: bool,
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        let piece = PIECE.min(self.left.len());
        Poll::Ready(Some(Ok(Frame::data(self.left.split_to(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        if self.sized {
            SizeHint::with_exact(self.left.len() as u64)
        } else {
            SizeHint::default()
        }
    }
}
