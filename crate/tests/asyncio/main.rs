//! Pruebas de `asyncio`, cada una en los dos bucles: el de `run` y uno de varios hilos, como el del núcleo.

mod comun;

mod bucles;
mod cerrojos;
mod colas;
mod ejecutores;
mod esperar;
mod estres;
mod plazos;
mod reunir;
mod tareas;
