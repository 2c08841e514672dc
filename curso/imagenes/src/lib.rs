//! Las imágenes de las lecciones: una por archivo, en [`IMAGENES`].
//!
//! Las que enseñan tiempos salen de trazas medidas y guardadas en `curso/imagenes/trazas/`: dibujarlas da los mismos bytes
//! en cualquier máquina. Sus títulos dicen la conclusión con las cifras de la traza, y si la traza la contradice no hay
//! figura.
//!
//! | orden | módulo |
//! |---|---|
//! | `cargo curso imagenes` | [`dibuja`](Imagen::dibuja) |
//! | `cargo curso imagenes --medir` | [`mide`](Imagen::mide) |
#![forbid(unsafe_code)]

mod imagen;
pub use imagen::{Carpetas, Imagen, Medida};

mod cifras;
mod servidor;

mod asyncio_en_un_hilo;
mod bucle_de_eventos;
mod flujo_sincrono;
mod hilos_solapan_esperas;
mod multihilo;
mod multiproceso;
mod sincrono_y_asincrono;
mod tarea_de_cpu;
mod tarea_de_es;
mod tres_hilos;

/// Todas, en el orden de las lecciones.
pub const IMAGENES: [Imagen; 10] = [
    sincrono_y_asincrono::IMAGEN,
    bucle_de_eventos::IMAGEN,
    multiproceso::IMAGEN,
    multihilo::IMAGEN,
    flujo_sincrono::IMAGEN,
    tres_hilos::IMAGEN,
    tarea_de_es::IMAGEN,
    tarea_de_cpu::IMAGEN,
    hilos_solapan_esperas::IMAGEN,
    asyncio_en_un_hilo::IMAGEN,
];
