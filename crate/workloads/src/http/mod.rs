//! Sesiones para descargar.
