//! Los 16 sitios de la lección: páginas que pesan lo que pesaban.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use workloads::server::{Delivery, SITES};

use crate::app::{App, Key};
use crate::prose;
use crate::resource::{HTML, Resource, deliver};
use crate::routes::nothing;

pub(crate) async fn serve(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    match SITES.iter().position(|site| site.name() == name) {
        Some(index) => deliver(&app, Key::Site(index), &headers).await,
        None => nothing().await.into_response(),
    }
}

pub(crate) fn write(index: usize, seed: u64) -> Resource {
    let site = &SITES[index];
    let mut rng = prose::rng(seed, site.url());
    let html = prose::page(&mut rng, site.name(), site.bytes());
    let resource = Resource::new(HTML, html);
    match site.delivery() {
        Delivery::Plain => resource,
        Delivery::Gzip => resource.compressed(),
        Delivery::Chunked => resource.compressed().chunked(),
    }
}
