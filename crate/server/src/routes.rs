//! Qué hay en cada ruta.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::app::App;
use crate::counts::count;
use crate::{bytes, collections, faults, images, pages, sites, users};

/// Lo que se sirve, para quien pregunte.
pub(crate) const ROUTES: [&str; 10] = [
    "/sitios/{nombre}",
    "/paginas/{nombre}",
    "/api?seed={id}",
    "/retratos/{id}.jpg?tam=128x128",
    "/posts /comments /photos /todos /albums",
    "/imagenes/{n}.jpg?tam=1600x900",
    "/bytes/{n}",
    "/fallos/{404,500,429}",
    "/fallos/{lento,cortado,bucle}",
    "/fallos/{cabecera,cuelga}",
];

pub(crate) fn router(app: Arc<App>) -> Router {
    let counts = app.counts.clone();
    Router::new()
        .route("/", get(index))
        .route("/sitios/{name}", get(sites::serve))
        .route("/paginas/{name}", get(pages::serve))
        .route("/api", get(users::serve))
        .route("/retratos/{file}", get(images::serve_portrait))
        .route("/imagenes/{file}", get(images::serve))
        .route("/bytes/{n}", get(bytes::serve))
        .merge(collections::router())
        .merge(faults::router())
        .fallback(nothing)
        .with_state(app)
        .layer(from_fn_with_state(counts, count))
}

async fn index() -> String {
    let mut text = "El servidor de prácticas sirve:\n".to_owned();
    for route in ROUTES {
        text += &format!("  {route}\n");
    }
    text
}

/// No hay nada en esa ruta: un 404 que dice dónde mirar.
pub(crate) async fn nothing() -> impl IntoResponse {
    (
        StatusCode::NOT_FOUND,
        "aquí no hay nada: mira lo que hay en /\n",
    )
}
