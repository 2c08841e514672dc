//! `App`: lo que comparten todas las rutas, y lo que ya está hecho.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;
use workloads::server::latency;

use crate::clock::Clock;
use crate::counts::Counts;
use crate::options::Options;
use crate::resource::Resource;
use crate::{collections, images, pages, sites};

/// Cosas distintas que se guardan: dos mil fotos son 400 MB. De ahí en adelante se hacen cada vez.
pub(crate) const MAX_KEPT: usize = 2000;

pub(crate) struct App {
    pub(crate) options: Options,
    /// La dirección, sin barra final.
    pub(crate) base: String,
    pub(crate) counts: Counts,
    clock: Clock,
    made: Mutex<HashMap<Key, Arc<OnceCell<Resource>>>>,
}

/// Algo que cuesta hacer: se hace una vez y se guarda.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Site(usize),
    Page(usize),
    Collection(usize),
    Photo { seed: u64, width: u32, height: u32 },
}

impl App {
    pub(crate) fn new(options: Options, address: SocketAddr) -> io::Result<Arc<App>> {
        Ok(Arc::new(App {
            options,
            base: format!("http://{address}"),
            counts: Counts::default(),
            clock: Clock::new()?,
            made: Mutex::default(),
        }))
    }

    /// El recurso, hecho ahora si es la primera vez. Nada, si al hacerlo algo falla.
    ///
    /// Mil que piden lo mismo esperan a que lo haga uno; y lo hace en un hilo aparte, sin parar a los demás.
    pub(crate) async fn resource(self: &Arc<App>, key: Key) -> Option<Resource> {
        let cell = {
            let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            if made.len() < MAX_KEPT || made.contains_key(&key) {
                made.entry(key).or_default().clone()
            } else {
                Arc::default()
            }
        };
        let make = || async {
            let app = self.clone();
            spawn_blocking(move || app.make(key)).await
        };
        cell.get_or_try_init(make).await.ok().cloned()
    }

    fn make(&self, key: Key) -> Resource {
        match key {
            Key::Site(index) => sites::write(index, self.options.seed),
            Key::Page(index) => pages::write(index, self.options.seed),
            Key::Collection(index) => collections::write(index, self),
            Key::Photo {
                seed,
                width,
                height,
            } => images::paint(seed, width, height),
        }
    }

    /// Espera lo que toca a un cuerpo de `bytes` bytes, contado desde que llegó la petición: lo que se tardó en hacerlo
    /// no se suma.
    pub(crate) async fn wait(&self, arrival: Instant, bytes: usize) {
        self.wait_seconds(arrival, latency(bytes)).await;
    }

    /// Espera unos segundos de la lección desde que llegó la petición.
    pub(crate) async fn wait_seconds(&self, arrival: Instant, seconds: f64) {
        let delay = Duration::try_from_secs_f64(seconds * self.options.scale);
        // Con una escala descomunal no cabe en un reloj: es para siempre.
        match delay.ok().and_then(|delay| arrival.checked_add(delay)) {
            Some(instant) => self.clock.sleep_until(instant).await,
            None => std::future::pending().await,
        }
    }
}
