//! Colas entre hilos, con la forma de `queue`.
