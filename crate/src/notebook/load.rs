//! Lo que el crate hace por su cuenta al cargarse dentro del núcleo: instalar el gancho de pánico y no sobrevivirle.

#![allow(
    unsafe_code,
    reason = "ejecutar algo al cargar una biblioteca es `unsafe` se escriba como se escriba"
)]

use crate::panic::install_panic_hook;
use crate::process::die_with_the_kernel;

ctor::declarative::ctor! {
    // SAFETY: se ejecuta antes de `main` o dentro de `dlopen`, con un solo hilo en este código. Solo lee el entorno,
    // pone un gancho de std, guarda un identificador y lanza un hilo al que no espera: std admite las cuatro cosas antes
    // de `main`, no hay orden con otros constructores del que dependa y ninguna entra en pánico.
    #[ctor(unsafe)]
    fn on_load() {
        if std::env::var_os("EVCXR_IS_RUNTIME").is_some() {
            install_panic_hook();
            die_with_the_kernel();
        }
    }
}
