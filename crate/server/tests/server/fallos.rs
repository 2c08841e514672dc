//! Cada fallo, tal como lo ve reqwest.

use std::time::Duration;

use reqwest::StatusCode;
use workloads::server::Fault;

use crate::programa::{Programa, client, try_get};

fn url(program: &Programa, fault: Fault) -> String {
    format!("{}{}", program.base, fault.path())
}

#[test]
fn los_estados_de_error_llegan_como_estados() {
    let program = Programa::new();
    let cases = [
        (Fault::NotFound, StatusCode::NOT_FOUND),
        (Fault::ServerError, StatusCode::INTERNAL_SERVER_ERROR),
        (Fault::TooManyRequests, StatusCode::TOO_MANY_REQUESTS),
    ];
    for (fault, status) in cases {
        let response = try_get(&url(&program, fault)).unwrap();
        assert_eq!(response.status(), status);
        assert!(response.error_for_status().unwrap_err().is_status());
    }
}

#[test]
fn el_429_dice_cuanto_esperar() {
    let program = Programa::new();
    let response = try_get(&url(&program, Fault::TooManyRequests)).unwrap();
    assert_eq!(response.headers()["retry-after"], "1");
}

#[test]
fn el_lento_agota_el_plazo_de_quien_lo_tiene() {
    let program = Programa::with(&["--escala", "1000"]);
    let client = client();
    let request = client
        .get(url(&program, Fault::Slow))
        .timeout(Duration::from_millis(50));
    assert!(request.send().unwrap_err().is_timeout());
}

#[test]
fn el_lento_acaba_respondiendo_a_quien_lo_espera() {
    let program = Programa::with(&["--escala", "0.001"]);
    let response = try_get(&url(&program, Fault::Slow)).unwrap();
    assert_eq!(response.text().unwrap(), "servidor lento\n");
}

#[test]
fn el_cuerpo_cortado_promete_mas_de_lo_que_llega() {
    let program = Programa::new();
    let response = try_get(&url(&program, Fault::Truncated)).unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.content_length(), Some(10_000));
    let error = response.bytes().unwrap_err();
    assert!(error.is_body() || error.is_decode(), "{error:?}");
}

#[test]
fn el_cortado_entrega_parte_y_siempre_la_misma() {
    use std::io::{Read, Write};
    let program = Programa::new();
    let received = || {
        let mut stream = std::net::TcpStream::connect(program.address()).unwrap();
        let path = Fault::Truncated.path();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        answer.len()
    };
    assert_eq!((received(), received()), (4000, 4000));
}

#[test]
fn la_redireccion_en_bucle_se_detecta() {
    let program = Programa::new();
    assert!(
        try_get(&url(&program, Fault::RedirectLoop))
            .unwrap_err()
            .is_redirect()
    );
}

#[test]
fn la_cabecera_absurda_la_rechaza_el_cliente() {
    let program = Programa::new();
    let error = try_get(&url(&program, Fault::AbsurdHeader)).unwrap_err();
    assert!(error.is_request() && !error.is_timeout(), "{error:?}");
    assert!(format!("{error:?}").contains("TooLarge"), "{error:?}");
}

#[test]
fn la_conexion_que_se_cierra_no_responde_nada() {
    let program = Programa::new();
    let error = try_get(&url(&program, Fault::Disconnect)).unwrap_err();
    assert!(error.is_request() && !error.is_timeout(), "{error:?}");
    assert!(
        format!("{error:?}").contains("IncompleteMessage"),
        "{error:?}"
    );
}

#[test]
fn un_fallo_no_estropea_lo_que_viene_despues() {
    let mut program = Programa::new();
    let client = client();
    for fault in Fault::ALL {
        let _ = client.get(url(&program, fault)).send().map(|r| r.bytes());
        let good = client
            .get(format!("{}/bytes/10", program.base))
            .send()
            .unwrap();
        assert_eq!(good.bytes().unwrap().len(), 10, "después de {fault}");
    }
    program.wait_in_flight(0);
}
