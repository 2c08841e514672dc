//! Pruebas de las colas entre hilos: los comportamientos de `queue` de Python y de los canales de crossbeam.

mod cierre;
mod comun;
mod errores;
mod estres;
mod orden;
mod recorrer;
mod simple;
mod tareas;

use std::thread::{self, JoinHandle};

/// Escribe cada prueba una vez y la pasa a las tres colas: `$Cola` es el tipo, y `nueva` y `de` sus constructores.
macro_rules! en_las_tres {
    ($($(#[$atributo:meta])* fn $nombre:ident() $cuerpo:block)*) => {
        en_las_tres!(@ cola Queue $($(#[$atributo])* $nombre $cuerpo)*);
        en_las_tres!(@ pila LifoQueue $($(#[$atributo])* $nombre $cuerpo)*);
        en_las_tres!(@ prioridad PriorityQueue $($(#[$atributo])* $nombre $cuerpo)*);
    };
    (@ $modulo:ident $cola:ident $($(#[$atributo:meta])* $nombre:ident $cuerpo:block)*) => {
        mod $modulo {
            #[allow(unused_imports)]
            use super::*;
            #[allow(unused_imports)]
            use concurrencia::queue::$cola as Cola;
            $(#[test] $(#[$atributo])* fn $nombre() $cuerpo)*
        }
    };
}
use en_las_tres;

/// Un hilo con su propio mango de la cola.
fn con<Q: Clone + Send + 'static, R: Send + 'static>(
    cola: &Q,
    tarea: impl FnOnce(Q) -> R + Send + 'static,
) -> JoinHandle<R> {
    let cola = cola.clone();
    thread::spawn(move || tarea(cola))
}
