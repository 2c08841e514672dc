//! La orden, probada como se usa: un proceso que lee el proyecto, habla por la terminal y acaba con un código.

mod abrir;
mod cargas;
mod carrera;
mod comprobar;
mod comun;
mod cuadernos;
mod ejercicios;
mod errores;
mod lecciones;
mod limpiar;
mod linea;
mod nucleo;
mod otra_carpeta;
mod paquetes;
mod piezas;
mod png;
mod procesos;
mod publicar;
mod vivas;
