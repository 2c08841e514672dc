//! Las cinco colecciones JSON, con la forma de las de jsonplaceholder.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::get;
use fastrand::Rng;
use serde_json::{Value, json};
use workloads::server::COLLECTIONS;

use crate::app::{App, Key};
use crate::prose::{self, sentence, words};
use crate::resource::{JSON, Resource, deliver};

pub(crate) fn router() -> Router<Arc<App>> {
    let mut router = Router::new();
    for (index, (name, _)) in COLLECTIONS.iter().enumerate() {
        let serve = move |State(app): State<Arc<App>>, headers: HeaderMap| async move {
            deliver(&app, Key::Collection(index), &headers).await
        };
        router = router.route(&format!("/{name}"), get(serve));
    }
    router
}

pub(crate) fn write(index: usize, app: &App) -> Resource {
    let (name, count) = COLLECTIONS[index];
    let mut rng = prose::rng(app.options.seed, name);
    let items: Vec<Value> = (1..=count)
        .map(|id| item(name, id, &mut rng, &app.base))
        .collect();
    let json = serde_json::to_vec_pretty(&items).expect("son cadenas y números");
    Resource::new(JSON, json).compressed()
}

/// Diez por usuario, cinco por artículo, cincuenta por álbum: como en el original.
fn item(name: &str, id: usize, rng: &mut Rng, base: &str) -> Value {
    let owner = |each: usize| (id - 1) / each + 1;
    let title = words(rng, 3, 9);
    match name {
        "posts" => {
            let body: Vec<String> = (0..4).map(|_| sentence(rng)).collect();
            json!({ "userId": owner(10), "id": id, "title": title, "body": body.join("\n") })
        }
        "comments" => {
            let email = format!("{}{id}@example.com", prose::word(rng));
            json!({ "postId": owner(5), "id": id, "name": title, "email": email, "body": sentence(rng) })
        }
        "photos" => json!({
            "albumId": owner(50), "id": id, "title": title,
            "url": format!("{base}/imagenes/{id}.jpg?tam=600x600"),
            "thumbnailUrl": format!("{base}/imagenes/{id}.jpg?tam=150x150"),
        }),
        "todos" => {
            json!({ "userId": owner(20), "id": id, "title": title, "completed": rng.bool() })
        }
        _ => json!({ "userId": owner(10), "id": id, "title": title }),
    }
}
