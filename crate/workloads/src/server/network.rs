//! ¿Hay red? Una vez, al arrancar, y sin esperar más de la cuenta.

use std::net::{TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Lo que se espera por cada uno.
const LIMIT: Duration = Duration::from_secs(2);

/// Con que conteste uno, hay red.
pub(super) const HOSTS: [&str; 2] = ["www.python.org:443", "jsonplaceholder.typicode.com:443"];

/// ¿Se puede abrir una conexión con alguno? **Bloquea** dos segundos como mucho.
pub(super) fn reachable(hosts: &[&str]) -> bool {
    let (found, answer) = mpsc::channel();
    for host in hosts {
        let (host, found) = ((*host).to_owned(), found.clone());
        // En un hilo: preguntar por un nombre no tiene plazo. Si nadie contesta se queda solo hasta que el sistema desista.
        let ask = move || {
            let addresses = host.to_socket_addrs().ok()?;
            let mut open = addresses.filter_map(|a| TcpStream::connect_timeout(&a, LIMIT).ok());
            open.next()?;
            found.send(()).ok()
        };
        if thread::Builder::new().spawn(ask).is_err() {
            return false;
        }
    }
    drop(found);
    answer.recv_timeout(LIMIT).is_ok()
}

#[cfg(test)]
mod tests {
    use super::reachable;
    use std::net::TcpListener;

    #[test]
    fn con_que_conteste_uno_hay_red() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let open = listener.local_addr().unwrap().to_string();
        assert!(reachable(&["127.0.0.1:0", &open]));
    }

    #[test]
    fn si_no_contesta_nadie_no_hay_red() {
        assert!(!reachable(&["127.0.0.1:0"]));
        assert!(!reachable(&[]));
    }
}
