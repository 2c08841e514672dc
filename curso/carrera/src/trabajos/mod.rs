//! Los trabajos con los que las lecciones miden.

mod claves;
mod cuadrados;
mod fotos;
mod mil;
mod miniaturas;
mod mixto;
mod sitios;
mod usuarios;

use crate::cifra::Cifra;
use std::error::Error;
use std::thread;

/// Lo que da un trabajo: sus cifras, con la tabla ya escrita.
pub(crate) type Hecho = Result<Vec<Cifra>, Box<dyn Error>>;

/// Un trabajo: cómo se pide, de qué va y cómo se corre, con cuántas repeticiones.
#[derive(Debug)]
pub(crate) struct Trabajo {
    pub(crate) nombre: &'static str,
    pub(crate) que: &'static str,
    pub(crate) corre: fn(usize) -> Hecho,
}

/// Todos, en el orden de las lecciones.
pub(crate) const TRABAJOS: [Trabajo; 8] = [
    Trabajo {
        nombre: "sitios",
        que: "bajar los 16 sitios, en serie, con 5 hilos y a la vez",
        corre: sitios::corre,
    },
    Trabajo {
        nombre: "imagenes",
        que: "bajar 50 imágenes de 1600×900 a disco, a la vez",
        corre: fotos::corre,
    },
    Trabajo {
        nombre: "usuarios",
        que: "pedir 6 usuarios y guardar el retrato de cada uno",
        corre: usuarios::corre,
    },
    Trabajo {
        nombre: "miniaturas",
        que: "reducir 24 fotos JPEG de 1600×900 a 128×72",
        corre: miniaturas::corre,
    },
    Trabajo {
        nombre: "pbkdf2",
        que: "derivar 8 claves con PBKDF2-HMAC-SHA256 de 100 000 vueltas",
        corre: claves::corre,
    },
    Trabajo {
        nombre: "cuadrados",
        que: "sumar los cuadrados de los números menores que diez millones",
        corre: cuadrados::corre,
    },
    Trabajo {
        nombre: "mixto",
        que: "el trabajo que espera y calcula, de tamaños 0 a 9",
        corre: mixto::corre,
    },
    Trabajo {
        nombre: "mil",
        que: "1 000 descargas de 10 kB, todas a la vez",
        corre: mil::corre,
    },
];

/// Cuántos núcleos hay.
fn nucleos() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}
