//! Algo que pesa exactamente lo que se pida, sin ocupar memoria por ello.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use http_body::{Frame, SizeHint};
use std::time::Instant;

use crate::app::App;
use crate::prose;

/// Más es una equivocación.
const MAX: usize = 1 << 30;

/// Se entrega este bloque las veces que haga falta.
const BLOCK: usize = 64 * 1024;

pub(crate) async fn serve(State(app): State<Arc<App>>, Path(n): Path<String>) -> Response {
    let arrival = Instant::now();
    let n = match n.parse() {
        Ok(n) if n <= MAX => n,
        _ => {
            let text = format!("el tamaño se escribe «/bytes/10000», hasta {MAX}\n");
            return (StatusCode::BAD_REQUEST, text).into_response();
        }
    };
    let body = Repeated {
        block: block(app.options.seed),
        left: n,
    };
    app.wait(arrival, n).await;
    let content_type = [(CONTENT_TYPE, "application/octet-stream")];
    (content_type, Body::new(body)).into_response()
}

fn block(seed: u64) -> Bytes {
    static SHARED: OnceLock<Bytes> = OnceLock::new();
    let write = || {
        let mut block = vec![0; BLOCK];
        prose::rng(seed, "bytes").fill(&mut block);
        block.into()
    };
    SHARED.get_or_init(write).clone()
}

struct Repeated {
    block: Bytes,
    left: usize,
}

impl HttpBody for Repeated {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let piece = self.left.min(self.block.len());
        self.left -= piece;
        Poll::Ready(Some(Ok(Frame::data(self.block.slice(..piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left as u64)
    }
}
