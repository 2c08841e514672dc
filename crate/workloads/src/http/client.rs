//! Los clientes de reqwest que hay debajo de las dos sesiones, configurados igual.

use super::{HttpError, Options};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Proxy, Url, blocking};
use std::env;

/// El cliente asíncrono.
pub(super) fn client(options: &Options) -> Result<Client, HttpError> {
    with_or_without_certificates(|certificates| certificates(builder(options)).build())
}

/// El cliente bloqueante.
pub(super) fn blocking_client(options: &Options) -> Result<blocking::Client, HttpError> {
    with_or_without_certificates(|certificates| {
        blocking::ClientBuilder::from(certificates(builder(options)))
            .timeout(options.timeout)
            .build()
    })
}

type Certificates = fn(ClientBuilder) -> ClientBuilder;

/// Una máquina sin certificados no puede usar https, pero sí el servidor de prácticas.
fn with_or_without_certificates<C>(
    build: impl Fn(Certificates) -> reqwest::Result<C>,
) -> Result<C, HttpError> {
    build(|builder| builder)
        .or_else(|_| build(|builder| builder.tls_certs_only([])))
        .map_err(|error| HttpError::of("", error))
}

fn builder(options: &Options) -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("concurrencia/", env!("CARGO_PKG_VERSION")))
        .timeout(options.timeout)
        .redirect(Policy::limited(options.redirects))
        .gzip(options.compression)
        .no_proxy()
        .proxy(Proxy::custom(proxy_of))
}

/// El proxy que diga el entorno, salvo para esta misma máquina.
fn proxy_of(url: &Url) -> Option<String> {
    let local = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let name = format!("{}_proxy", url.scheme());
    let said = env::var(&name).or_else(|_| env::var(name.to_uppercase()));
    said.ok().filter(|proxy| !local && !proxy.is_empty())
}
