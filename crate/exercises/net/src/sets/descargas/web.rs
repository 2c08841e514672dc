//! Una web en la que se cuenta cada visita.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use concurrencia::fastrand::Rng;

/// Unas páginas que se enlazan, servidas en 127.0.0.1 por este proceso mientras viva.
pub(super) struct Web {
    base: String,
    pages: Arc<BTreeMap<String, Answer>>,
    log: Arc<Mutex<Log>>,
}

/// Lo que contesta una página.
pub(super) enum Answer {
    /// Ese HTML.
    Page(String),
    /// Nada: deja la conexión abierta.
    Never,
}

/// Lo que se ha visitado, y cuánto a la vez.
#[derive(Default)]
pub(super) struct Log {
    visits: BTreeMap<String, usize>,
    /// Cuántas se están atendiendo.
    pub(super) now: usize,
    /// Cuántas se han llegado a atender a la vez.
    pub(super) peak: usize,
}

impl Answer {
    /// Una página con esos enlaces y un relleno al azar: lo que pesa no se adivina.
    pub(super) fn page(links: &[String]) -> Answer {
        let mut rng = Rng::new();
        let filler: String = (0..rng.usize(20..400)).map(|_| rng.lowercase()).collect();
        let items = links
            .iter()
            .map(|link| format!("<li><a href=\"{link}\">{link}</a></li>\n"));
        let items: String = items.collect();
        Answer::Page(format!(
            "<html><body>\n<p>{filler}</p>\n<ul>\n{items}</ul>\n</body></html>\n"
        ))
    }
}

impl Web {
    /// `pages` recibe la función que da la ruta de una página por su nombre, distinta en cada comprobación.
    pub(super) fn start<'a>(
        delay: Duration,
        pages: impl FnOnce(&dyn Fn(&str) -> String) -> Vec<(&'a str, Answer)>,
    ) -> Web {
        let listener = TcpListener::bind("127.0.0.1:0");
        let listener =
            listener.unwrap_or_else(|error| panic!("no hay ningún puerto libre: {error}"));
        let address = listener.local_addr();
        let address = address.unwrap_or_else(|error| panic!("no hay ningún puerto libre: {error}"));
        let salt = Rng::new().u32(..);
        let path = move |name: &str| format!("/{salt:08x}/{name}");
        let pages = pages(&path)
            .into_iter()
            .map(|(name, answer)| (path(name), answer));
        let web = Web {
            base: format!("http://{address}/{salt:08x}/"),
            pages: Arc::new(pages.collect()),
            log: Arc::default(),
        };
        let (pages, log) = (Arc::clone(&web.pages), Arc::clone(&web.log));
        // Acaba con el proceso de prueba, que es cuando acaba todo lo demás.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (pages, log) = (Arc::clone(&pages), Arc::clone(&log));
                thread::spawn(move || serve(stream, &pages, &log, delay));
            }
        });
        web
    }

    pub(super) fn url(&self, name: &str) -> String {
        format!("{}{name}", self.base)
    }

    pub(super) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Esas páginas, con lo que pesan.
    pub(super) fn expected(&self, names: &[&str]) -> BTreeMap<String, Option<usize>> {
        let path = |url: &str| url.splitn(4, '/').last().map(|rest| format!("/{rest}"));
        let size = |url: &str| match self.pages.get(&path(url)?)? {
            Answer::Page(html) => Some(html.len()),
            Answer::Never => None,
        };
        names
            .iter()
            .map(|name| (self.url(name), size(&self.url(name))))
            .collect()
    }

    /// Las que se han visitado más de una vez.
    pub(super) fn repeated(&self) -> Vec<String> {
        let log = self.log();
        let repeated = log.visits.iter().filter(|(_, times)| **times > 1);
        repeated
            .map(|(path, times)| format!("{path}: {times} veces"))
            .collect()
    }
}

fn serve(
    mut stream: TcpStream,
    pages: &BTreeMap<String, Answer>,
    log: &Mutex<Log>,
    delay: Duration,
) {
    let Some(path) = asked(&mut stream) else {
        return;
    };
    let lock = || log.lock().unwrap_or_else(PoisonError::into_inner);
    {
        let mut log = lock();
        *log.visits.entry(path.clone()).or_default() += 1;
        log.now += 1;
        log.peak = log.peak.max(log.now);
    }
    let (status, body) = match pages.get(&path) {
        Some(Answer::Page(html)) => ("200 OK", html.as_str()),
        Some(Answer::Never) => {
            // Hasta que quien pide se canse y cierre.
            while stream.read(&mut [0; 64]).is_ok_and(|read| read > 0) {}
            lock().now -= 1;
            return;
        }
        None => ("404 Not Found", "no existe\n"),
    };
    thread::sleep(delay);
    // Antes de contestar: después, quien pide podría estar ya pidiendo otra.
    lock().now -= 1;
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all((head + body).as_bytes());
}

/// La ruta que piden.
fn asked(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut piece = [0; 1024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(read) if read > 0 => head.extend_from_slice(&piece[..read]),
            _ => return None,
        }
    }
    let head = String::from_utf8(head).ok()?;
    head.split(' ').nth(1).map(str::to_owned)
}
