//! Las dos sesiones contra el servidor de prácticas de verdad: lo que va bien, cada fallo, y los archivos.

mod archivos;
mod comun;
mod fallos;
mod muerte;
mod sesiones;
