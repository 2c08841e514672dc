//! Tres páginas web corrientes.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use workloads::server::PAGES;

use crate::app::{App, Key};
use crate::prose;
use crate::resource::{HTML, Resource, deliver};
use crate::routes::nothing;

pub(crate) async fn serve(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    match PAGES.iter().position(|(page, _)| *page == name) {
        Some(index) => deliver(&app, Key::Page(index), &headers).await,
        None => nothing().await.into_response(),
    }
}

/// La lección no dice lo que pesan: entre 10 y 60 kB, como una portada sin sus imágenes.
pub(crate) fn write(index: usize, seed: u64) -> Resource {
    let (name, url) = PAGES[index];
    let mut rng = prose::rng(seed, url);
    let bytes = rng.usize(10_000..60_000);
    Resource::new(HTML, prose::page(&mut rng, name, bytes)).compressed()
}
