//! El servidor de prácticas, y lo que cuenta.

use concurrencia::fastrand::Rng;
use exercises::{Mismatch, expect};
use workloads::http::Session;
use workloads::server::{Server, Stats};

use super::measure::several;

/// Arranca uno, sin la web de verdad.
pub(super) fn start() -> Server {
    match Server::builder().real(false).start() {
        Ok(server) => server,
        Err(error) => panic!("no se puede arrancar el servidor de prácticas: {error}"),
    }
}

/// Lo que ha contado desde que arrancó, o desde [`forget`].
pub(super) fn stats(server: &Server) -> Stats {
    match server.stats() {
        Ok(stats) => stats,
        Err(error) => panic!("el servidor de prácticas no contesta: {error}"),
    }
}

/// Vuelve a contar desde cero.
pub(super) fn forget(server: &Server) {
    if let Err(error) = server.forget() {
        panic!("el servidor de prácticas no contesta: {error}");
    }
}

/// `n` direcciones que tardan 55 ms, y lo que pesa cada una: un número que no se adivina.
pub(super) fn files(server: &Server, n: usize) -> (Vec<String>, Vec<usize>) {
    let mut rng = Rng::new();
    let sizes: Vec<usize> = (0..n).map(|_| rng.usize(200..5000)).collect();
    (
        sizes.iter().map(|size| server.bytes(*size)).collect(),
        sizes,
    )
}

/// Lo que pesa una página sin comprimir.
pub(super) fn size_of_page(url: &str) -> usize {
    match Session::new().and_then(|session| session.get(url)) {
        Ok(page) => page.len(),
        Err(error) => panic!("el servidor de prácticas no contesta: {error}"),
    }
}

/// Exige que el servidor haya visto exactamente tantas a la vez.
pub(super) fn expect_peak(server: &Server, wanted: u64) -> Result<(), Mismatch> {
    let peak = stats(server).peak();
    expect(peak == wanted, format!("{wanted} a la vez"), several(peak))
}
