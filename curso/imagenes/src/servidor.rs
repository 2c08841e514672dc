//! Un servidor de esta máquina que responde al cabo de un rato: las descargas de las figuras esperan de verdad a la red.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// Lo que manda en cada respuesta, en bytes.
pub(crate) const TAMANO: usize = 64 * 1024;

/// Arranca uno que a cada conexión responde [`TAMANO`] bytes cuando pasa `retardo`, y da su dirección.
///
/// Vive lo que el programa. Sus hilos son los de std, que no salen en la línea de tiempo: hace de máquina ajena.
pub(crate) fn arranca(retardo: Duration) -> SocketAddr {
    let puerta = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("hay puertos libres");
    let direccion = puerta.local_addr().expect("la puerta ya está abierta");
    thread::spawn(move || {
        for conexion in puerta.incoming().flatten() {
            thread::spawn(move || responde(conexion, retardo));
        }
    });
    direccion
}

fn responde(mut conexion: TcpStream, retardo: Duration) {
    let mut peticion = [0; 64];
    if conexion.read(&mut peticion).is_ok() {
        thread::sleep(retardo);
        // Si quien preguntaba se ha ido, no hay a quién responder.
        let _ = conexion.write_all(&[b'x'; TAMANO]);
    }
}

/// Pide a `servidor` su respuesta y la espera entera; **bloquea** el hilo.
pub(crate) fn descarga(servidor: SocketAddr) -> Vec<u8> {
    let mut conexion = TcpStream::connect(servidor).expect("el servidor está en marcha");
    let mut respuesta = Vec::with_capacity(TAMANO);
    conexion
        .write_all(b"GET")
        .and_then(|()| conexion.read_to_end(&mut respuesta))
        .expect("el servidor responde");
    respuesta
}

/// Como [`descarga`], sin bloquear el hilo.
pub(crate) async fn descarga_asincrona(servidor: SocketAddr) -> Vec<u8> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let conexion = tokio::net::TcpStream::connect(servidor).await;
    let mut conexion = conexion.expect("el servidor está en marcha");
    let mut respuesta = Vec::with_capacity(TAMANO);
    conexion
        .write_all(b"GET")
        .await
        .expect("el servidor escucha");
    let leida = conexion.read_to_end(&mut respuesta).await;
    leida.expect("el servidor responde");
    respuesta
}

/// Trabajo de procesador: resume unos bytes `vueltas` veces (FNV-1a).
pub(crate) fn resume(bytes: &[u8], vueltas: u32) -> u64 {
    (0..vueltas).fold(0xcbf2_9ce4_8422_2325, |hash, _| {
        bytes.iter().fold(hash, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        })
    })
}
