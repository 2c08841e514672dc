//! Cada fallo del servidor llega como el error que es, con su URL, y ninguno se traga a los demás.

use crate::comun::*;
use workloads::http::{HttpError, Options};
use workloads::server::Fault;
use workloads::{Report, Session};

fn error_de<C: Cliente>(fallo: Fault) -> HttpError {
    let servidor = servidor();
    // Un plazo que solo vence con quien no contesta nunca; y pocas redirecciones, que el bucle no tiene fin.
    let opciones = Options::new().timeout(20).redirects(5);
    let url = servidor.fault(fallo);
    let error = C::con(&opciones).pide(&url).unwrap_err();
    assert_eq!(error.url(), url);
    assert!(error.to_string().contains(&url), "{error}");
    error
}

fn los_estados_de_error_son_errores<C: Cliente>() {
    let error = error_de::<C>(Fault::NotFound);
    assert_eq!(error.status(), Some(404));
    assert!(error.to_string().ends_with("ha contestado 404: no existe"));
    let error = error_de::<C>(Fault::ServerError);
    assert_eq!(error.status(), Some(500));
    assert!(error.is_status() && !error.is_timeout() && !error.is_protocol());
    let error = error_de::<C>(Fault::TooManyRequests);
    assert_eq!(error.status(), Some(429));
    assert!(error.to_string().contains("pide que esperes"), "{error}");
}

fn un_cuerpo_cortado_no_pasa_por_entero<C: Cliente>() {
    let error = error_de::<C>(Fault::Truncated);
    assert!(error.is_body(), "{error}");
}

fn una_redireccion_en_bucle_acaba<C: Cliente>() {
    let error = error_de::<C>(Fault::RedirectLoop);
    assert!(error.is_redirect(), "{error}");
}

fn lo_que_no_es_http_se_dice<C: Cliente>() {
    for fallo in [Fault::AbsurdHeader, Fault::Disconnect] {
        let error = error_de::<C>(fallo);
        assert!(error.is_protocol(), "{fallo:?}: {error}");
    }
}

fn el_plazo_corta_a_quien_no_acaba<C: Cliente>() {
    // A escala 1000, el lento tarda horas: quien corta es el plazo.
    let servidor = workloads::Server::builder().scale(1000).start().unwrap();
    let cliente = C::con(&Options::new().timeout(1));
    let error = cliente.pide(&servidor.fault(Fault::Slow)).unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(error.to_string().contains("Options::timeout"), "{error}");
}

fn sin_servidor_no_se_conecta<C: Cliente>() {
    let servidor = servidor();
    let url = servidor.bytes(1);
    drop(servidor);
    let error = C::nuevo().pide(&url).unwrap_err();
    assert!(error.is_connect(), "{error}");
    let error = C::nuevo().pide("https://no-existe.invalid/").unwrap_err();
    assert!(error.is_connect(), "{error}");
}

fn lo_que_no_es_una_url_se_dice<C: Cliente>() {
    for url in ["", "hola", "ftp://127.0.0.1/x", "http://", "http://ñ.es/"] {
        let error = C::nuevo().pide(url).unwrap_err();
        let clase = error.is_invalid_url() || error.is_connect();
        assert!(clase, "{url}: {error}");
        assert!(!error.to_string().is_empty());
    }
}

con_las_dos! {
    los_estados_de_error_son_errores
    un_cuerpo_cortado_no_pasa_por_entero
    una_redireccion_en_bucle_acaba
    lo_que_no_es_http_se_dice
    el_plazo_corta_a_quien_no_acaba
    sin_servidor_no_se_conecta
    lo_que_no_es_una_url_se_dice
}

#[test]
fn los_errores_llegan_todos_uno_por_url() {
    let servidor = servidor();
    let fallan = [Fault::NotFound, Fault::Truncated, Fault::Disconnect];
    let malas = fallan.map(|fallo| servidor.fault(fallo));
    let buenas = servidor.pages();
    let sesion = Session::new().unwrap();
    let informe: Report<_, _> = buenas
        .iter()
        .chain(&malas)
        .map(|url| (url.as_str(), sesion.get(url)))
        .collect();
    assert_eq!((informe.succeeded(), informe.failed()), (3, 3));
    let nombres: Vec<&str> = informe.errors().map(|(nombre, _)| nombre).collect();
    assert_eq!(nombres, malas);
    let error = informe.into_result().unwrap_err().to_string();
    assert!(error.starts_with("3 de 6 han fallado: "), "{error}");
}

#[test]
fn un_error_viaja_y_se_compara() {
    let error = Session::new().unwrap().get("hola").unwrap_err();
    assert_eq!(error, error.clone());
    let portable: &dyn std::error::Error = &error;
    assert!(portable.source().is_none());
}
