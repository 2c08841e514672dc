//! Lo que se escribe y lo que se obedece por la entrada y la salida estándar, una línea JSON por respuesta.

use std::io::{self, BufRead, Write};
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use workloads::server::SITES;

use crate::app::{App, Key, MAX_KEPT};
use crate::images;
use crate::routes::ROUTES;

/// La línea con la que dice que está listo.
pub(crate) fn announce(app: &App) {
    answer(&json!({
        "direccion": app.base,
        "semilla": app.options.seed,
        "escala": app.options.scale,
        "sirve": ROUTES,
    }));
}

/// Obedece hasta que se cierra la entrada.
pub(crate) fn obey(app: &Arc<App>, runtime: &Handle) {
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        let words: Vec<&str> = line.split_whitespace().collect();
        answer(&match words[..] {
            ["estado"] => json!(app.counts.now()),
            ["olvida"] => {
                app.counts.forget();
                json!({ "hecho": true })
            }
            ["prepara", "sitios"] => prepare(app, runtime, (0..SITES.len()).map(Key::Site)),
            ["prepara", "imagenes", n] => match n.parse::<u64>() {
                // Las que no se van a guardar no merece la pena pintarlas.
                Ok(n) => prepare(
                    app,
                    runtime,
                    (1..=n.min(MAX_KEPT as u64)).map(|i| images::numbered(app, i, 1600, 900)),
                ),
                Err(_) => json!({ "error": format!("«{n}» no es un número de imágenes") }),
            },
            _ => json!({ "error": format!("no conozco la orden «{line}»") }),
        });
    }
}

/// Hace lo que falte por hacer, y espera a que esté.
fn prepare(app: &Arc<App>, runtime: &Handle, keys: impl Iterator<Item = Key>) -> Value {
    let mut tasks = JoinSet::new();
    for key in keys {
        let app = app.clone();
        tasks.spawn_on(async move { app.resource(key).await.is_some() }, runtime);
    }
    let done = runtime.block_on(tasks.join_all());
    match done.iter().filter(|done| !**done).count() {
        0 => json!({ "hecho": true }),
        failed => json!({ "error": format!("{failed} no se han podido preparar") }),
    }
}

/// Si ya no hay quien lea, da igual: la entrada se habrá cerrado también.
fn answer(value: &Value) {
    let mut stdout = io::stdout().lock();
    let _ = writeln!(stdout, "{value}").and_then(|()| stdout.flush());
}
