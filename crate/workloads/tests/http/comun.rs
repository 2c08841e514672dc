//! Las dos sesiones, con los mismos métodos: cada prueba se hace con las dos.

use concurrencia::asyncio;
use std::path::Path;
use workloads::http::{Download, HttpError, Options, Response};
use workloads::{ClientSession, Server, Session};

pub(crate) trait Cliente: Sized {
    fn con(opciones: &Options) -> Self;
    fn pide(&self, url: &str) -> Result<Response, HttpError>;
    fn baja(&self, url: &str, carpeta: &Path) -> Result<Download, HttpError>;
    fn baja_como(&self, url: &str, carpeta: &Path, nombre: &str) -> Result<Download, HttpError>;

    fn nuevo() -> Self {
        Self::con(&Options::new())
    }
}

impl Cliente for Session {
    fn con(opciones: &Options) -> Self {
        Session::with(opciones).unwrap()
    }

    fn pide(&self, url: &str) -> Result<Response, HttpError> {
        self.get(url)
    }

    fn baja(&self, url: &str, carpeta: &Path) -> Result<Download, HttpError> {
        self.download(url, carpeta)
    }

    fn baja_como(&self, url: &str, carpeta: &Path, nombre: &str) -> Result<Download, HttpError> {
        self.download_as(url, carpeta, nombre)
    }
}

/// Cada petición en su propio bucle: la sesión aguanta que se la cambie de uno a otro si no deja conexiones abiertas.
pub(crate) struct Asincrono(Options);

impl Asincrono {
    fn sesion(&self) -> ClientSession {
        ClientSession::with(&self.0).unwrap()
    }
}

impl Cliente for Asincrono {
    fn con(opciones: &Options) -> Self {
        Asincrono(opciones.clone())
    }

    fn pide(&self, url: &str) -> Result<Response, HttpError> {
        let (sesion, url) = (self.sesion(), url.to_owned());
        asyncio::run(async move { sesion.get(url).await })
    }

    fn baja(&self, url: &str, carpeta: &Path) -> Result<Download, HttpError> {
        let (sesion, url, carpeta) = (self.sesion(), url.to_owned(), carpeta.to_owned());
        asyncio::run(async move { sesion.download(url, carpeta).await })
    }

    fn baja_como(&self, url: &str, carpeta: &Path, nombre: &str) -> Result<Download, HttpError> {
        let (sesion, url) = (self.sesion(), url.to_owned());
        let (carpeta, nombre) = (carpeta.to_owned(), nombre.to_owned());
        asyncio::run(async move { sesion.download_as(url, carpeta, nombre).await })
    }
}

/// La misma prueba con las dos sesiones.
macro_rules! con_las_dos {
    ($($nombre:ident)*) => {
        mod bloqueante {
            $(#[test]
            fn $nombre() {
                super::$nombre::<workloads::Session>();
            })*
        }

        mod asincrono {
            $(#[test]
            fn $nombre() {
                super::$nombre::<crate::comun::Asincrono>();
            })*
        }
    };
}
pub(crate) use con_las_dos;

/// Un servidor que casi no tarda.
pub(crate) fn servidor() -> Server {
    Server::builder().scale(0.001).start().unwrap()
}

/// Lo que hay en una carpeta, también lo oculto.
pub(crate) fn nombres(carpeta: &Path) -> Vec<String> {
    let entradas = std::fs::read_dir(carpeta).unwrap();
    let mut nombres: Vec<String> = entradas
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    nombres.sort();
    nombres
}
