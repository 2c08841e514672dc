//! Fotos y retratos en JPEG, pintados la primera vez que se piden.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use workloads::images::photo;

use crate::app::{App, Key};
use crate::prose;
use crate::resource::{JPEG, Resource, deliver};
use crate::routes::nothing;

/// Lado mayor que se pinta.
const MAX_SIDE: u32 = 8000;

#[derive(Deserialize)]
pub(crate) struct Size {
    tam: Option<String>,
}

/// La foto número `n`: con cada semilla del servidor, otra.
pub(crate) fn numbered(app: &App, n: u64, width: u32, height: u32) -> Key {
    let seed = prose::rng(app.options.seed, &format!("foto {n}")).u64(..);
    Key::Photo {
        seed,
        width,
        height,
    }
}

pub(crate) fn paint(seed: u64, width: u32, height: u32) -> Resource {
    Resource::new(JPEG, photo(seed, width, height))
}

/// `/imagenes/7.jpg?tam=320x180`
pub(crate) async fn serve(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    Query(Size { tam }): Query<Size>,
    headers: HeaderMap,
) -> Response {
    let number = file.strip_suffix(".jpg").map(str::parse::<u64>);
    let Some(Ok(n)) = number else {
        return nothing().await.into_response();
    };
    match size(tam.as_deref().unwrap_or("1600x900")) {
        Some((width, height)) => deliver(&app, numbered(&app, n, width, height), &headers).await,
        None => bad_size(),
    }
}

/// `/retratos/123.jpg`: cada identificador, el suyo.
pub(crate) async fn serve_portrait(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    Query(Size { tam }): Query<Size>,
    headers: HeaderMap,
) -> Response {
    let Some(id) = file.strip_suffix(".jpg") else {
        return nothing().await.into_response();
    };
    let seed = prose::rng(app.options.seed, &format!("retrato {id}")).u64(..);
    match size(tam.as_deref().unwrap_or("128x128")) {
        Some((width, height)) => {
            let key = Key::Photo {
                seed,
                width,
                height,
            };
            deliver(&app, key, &headers).await
        }
        None => bad_size(),
    }
}

/// «320x180»
fn size(text: &str) -> Option<(u32, u32)> {
    let (width, height) = text.split_once('x')?;
    let side = |text: &str| {
        let side: u32 = text.parse().ok()?;
        (1..=MAX_SIDE).contains(&side).then_some(side)
    };
    Some((side(width)?, side(height)?))
}

fn bad_size() -> Response {
    let text = format!("el tamaño se escribe «tam=320x180», con lados de 1 a {MAX_SIDE}\n");
    (StatusCode::BAD_REQUEST, text).into_response()
}
