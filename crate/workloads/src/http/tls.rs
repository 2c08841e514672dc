//! Con qué se cifra y de qué certificados se fía uno.
//!
//! rustls admite varias bibliotecas de cifrado y hay que decirle cuál antes del primer cliente, también del que una celda
//! cree a pelo con reqwest: se le dice al cargar esta.

#![allow(
    unsafe_code,
    reason = "ejecutar algo al cargar una biblioteca es `unsafe` se escriba como se escriba"
)]

use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::ConfigVerifierExt;
use std::sync::LazyLock;

/// La misma para todas las sesiones: leer los certificados del sistema cuesta decenas de milisegundos.
///
/// Una máquina sin ninguno no puede usar https, pero sí el servidor de prácticas.
pub(super) fn config() -> ClientConfig {
    static CONFIG: LazyLock<ClientConfig> = LazyLock::new(|| {
        ClientConfig::with_platform_verifier().unwrap_or_else(|_| {
            ClientConfig::builder()
                .with_root_certificates(RootCertStore::empty())
                .with_no_client_auth()
        })
    });
    CONFIG.clone()
}

ctor::declarative::ctor! {
    // SAFETY: se ejecuta antes de `main` o dentro de `dlopen`. Solo reserva memoria y guarda un puntero, que std admite
    // antes de `main`; no depende del orden con otros constructores y no entra en pánico.
    #[ctor(unsafe)]
    fn choose_provider() {
        // Si alguien ya eligió otra, vale la suya.
        let _ = ring::default_provider().install_default();
    }
}
