//! El programa, lanzado a mano, sin pasar por su mango.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, Response};
use serde_json::Value;

/// De sobra: solo se agota si algo se cuelga.
pub(crate) const PLENTY: Duration = Duration::from_secs(60);

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_concurrencia-server");

pub(crate) struct Programa {
    pub(crate) child: Child,
    pub(crate) orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    pub(crate) base: String,
}

impl Programa {
    /// Sin esperas: lo que se prueba no es lo que tarda.
    pub(crate) fn new() -> Programa {
        Programa::with(&["--escala", "0"])
    }

    pub(crate) fn with(arguments: &[&str]) -> Programa {
        let mut child = Command::new(PROGRAM)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().unwrap());
        let mut program = Programa {
            child,
            orders,
            answers,
            base: String::new(),
        };
        program.base = program.read()["direccion"].as_str().unwrap().to_owned();
        program
    }

    pub(crate) fn read(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    pub(crate) fn order(&mut self, order: &str) -> Value {
        let orders = self.orders.as_mut().unwrap();
        writeln!(orders, "{order}").unwrap();
        self.read()
    }

    /// Pregunta hasta que hay `n` en vuelo.
    pub(crate) fn wait_in_flight(&mut self, n: u64) {
        let start = Instant::now();
        while self.order("estado")["en_vuelo"] != n {
            assert!(start.elapsed() < PLENTY, "no llega a haber {n} en vuelo");
            std::thread::yield_now();
        }
    }

    pub(crate) fn address(&self) -> &str {
        self.base.strip_prefix("http://").unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> Response {
        try_get(&format!("{}{path}", self.base)).unwrap()
    }

    pub(crate) fn body(&self, path: &str) -> Vec<u8> {
        let response = self.get(path);
        assert!(
            response.status().is_success(),
            "{path}: {}",
            response.status()
        );
        response.bytes().unwrap().to_vec()
    }

    pub(crate) fn json(&self, path: &str) -> Value {
        serde_json::from_slice(&self.body(path)).unwrap()
    }
}

impl Drop for Programa {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn try_get(url: &str) -> reqwest::Result<Response> {
    client().get(url).send()
}

/// Sin las variables de proxy de quien prueba.
pub(crate) fn client() -> Client {
    tls();
    Client::builder().no_proxy().build().unwrap()
}

/// El proveedor que reqwest pide al hacer un cliente. Si ya estaba puesto, tanto da.
pub(crate) fn tls() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
