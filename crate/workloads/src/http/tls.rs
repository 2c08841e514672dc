//! Con qué se cifra: rustls admite varias bibliotecas y hay que decirle cuál antes del primer cliente, también del que una
//! celda cree a pelo con reqwest. Se le dice al cargar esta.

#![allow(
    unsafe_code,
    reason = "ejecutar algo al cargar una biblioteca es `unsafe` se escriba como se escriba"
)]

use rustls::crypto::ring;

ctor::declarative::ctor! {
    // SAFETY: se ejecuta antes de `main` o dentro de `dlopen`. Solo reserva memoria y guarda un puntero, que std admite
    // antes de `main`; no depende del orden con otros constructores y no entra en pánico.
    #[ctor(unsafe)]
    fn choose_provider() {
        // Si alguien ya eligió otra, vale la suya.
        let _ = ring::default_provider().install_default();
    }
}
