//! Lo que sale mal, a petición: cada [`Fault`] en su ruta.

use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::time::Instant;
use workloads::server::Fault;

use crate::app::App;
use crate::listener::Line;

/// Lo que tarda el lento, en segundos de la lección.
const SLOW: f64 = 30.0;
/// Lo que dice que manda el cortado, y lo que deja pasar, con sus cabeceras.
const PROMISED: usize = 10_000;
const SENT: usize = 4_000;
/// Más que lo que admite cualquier cliente: hyper 400 KiB, Python 64 KiB, aiohttp 8 KiB.
const ABSURD: usize = 1 << 20;

pub(crate) fn router() -> Router<Arc<App>> {
    Fault::ALL.into_iter().fold(Router::new(), |router, fault| {
        let serve = move |State(app): State<Arc<App>>, ConnectInfo(line): ConnectInfo<Line>| async move {
            fail(fault, &app, &line).await
        };
        router.route(fault.path(), get(serve))
    })
}

async fn fail(fault: Fault, app: &App, line: &Line) -> Response {
    let arrival = Instant::now();
    match fault {
        Fault::Slow => app.wait_seconds(arrival, SLOW).await,
        _ => app.wait(arrival, 0).await,
    }
    let status = |code| (code, format!("{fault}\n")).into_response();
    match fault {
        Fault::NotFound => status(StatusCode::NOT_FOUND),
        Fault::ServerError => status(StatusCode::INTERNAL_SERVER_ERROR),
        Fault::TooManyRequests => {
            let mut response = status(StatusCode::TOO_MANY_REQUESTS);
            let one_second = HeaderValue::from_static("1");
            response.headers_mut().insert(RETRY_AFTER, one_second);
            response
        }
        Fault::Slow => status(StatusCode::OK),
        Fault::Truncated => {
            line.cut_after(SENT);
            vec![b'.'; PROMISED].into_response()
        }
        Fault::RedirectLoop => {
            let mut response = status(StatusCode::FOUND);
            let here = HeaderValue::from_static(fault.path());
            response.headers_mut().insert(LOCATION, here);
            response
        }
        Fault::AbsurdHeader => {
            let mut response = status(StatusCode::OK);
            let value = HeaderValue::from_bytes(&vec![b'a'; ABSURD]).expect("son letras");
            let name = HeaderName::from_static("x-absurda");
            response.headers_mut().insert(name, value);
            response
        }
        Fault::Disconnect => {
            line.cut_after(0);
            status(StatusCode::OK)
        }
    }
}
