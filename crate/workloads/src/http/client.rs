//! Los clientes de reqwest que hay debajo de las dos sesiones, configurados igual.

use super::{HttpError, Options, tls};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Proxy, Url, blocking};
use rustix::process::{Resource, getrlimit, setrlimit};
use std::env;

/// El cliente asíncrono.
pub(super) fn client(options: &Options) -> Result<Client, HttpError> {
    builder(options)
        .build()
        .map_err(|error| HttpError::of("", error))
}

/// El cliente bloqueante.
pub(super) fn blocking_client(options: &Options) -> Result<blocking::Client, HttpError> {
    blocking::ClientBuilder::from(builder(options))
        .timeout(options.timeout)
        .build()
        .map_err(|error| HttpError::of("", error))
}

fn builder(options: &Options) -> ClientBuilder {
    raise_open_files();
    Client::builder()
        .user_agent(concat!("concurrencia/", env!("CARGO_PKG_VERSION")))
        .timeout(options.timeout)
        .redirect(Policy::limited(options.redirects))
        .gzip(options.compression)
        .tls_backend_preconfigured(tls::config())
        .no_proxy()
        .proxy(Proxy::custom(proxy_of))
}

/// Hasta donde deje el sistema: mil descargas a la vez son mil conexiones, y lo corriente es un tope de 1 024 archivos.
fn raise_open_files() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Si no se puede, se descarga con lo que haya.
    let _ = setrlimit(Resource::Nofile, limit);
}

/// El proxy que diga el entorno, salvo para esta misma máquina.
fn proxy_of(url: &Url) -> Option<String> {
    let local = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let name = format!("{}_proxy", url.scheme());
    let said = env::var(&name).or_else(|_| env::var(name.to_uppercase()));
    said.ok().filter(|proxy| !local && !proxy.is_empty())
}
