//! «Descargar con hilos».

use exercises::{Exercise, Judge, Name, expect, expect_eq, name};
use workloads::http::HttpError;
use workloads::server::Fault;

use super::measure::several;
use super::server;
use crate::sets::Net;

impl Exercise<Net> for Name<{ name("descargas-01") }> {
    const NAME: &'static str = "descargas-01";
    type Function = fn(Vec<String>, usize) -> Vec<usize>;

    fn judge(bajar: Self::Function, judge: &mut Judge) {
        let server = server::start();
        let page = server.pages().swap_remove(0);
        let (mut urls, mut sizes) = server::files(&server, 4);
        // El primero llega el último: tarda casi el doble que los demás.
        urls[0] = server.bytes(1_000_000);
        sizes[0] = 1_000_000;
        sizes.push(server::size_of_page(&page));
        urls.push(page);
        judge
            .case("el tamaño de cada cuerpo, en su sitio")
            .with("cinco direcciones, con tres hilos; la primera es la que más tarda")
            .because("quien llama empareja cada tamaño con su dirección por la posición")
            .gives(sizes, || bajar(urls, 3));

        let (urls, _) = server::files(&server, 12);
        judge
            .case("con cuatro hilos, cuatro a la vez")
            .with("doce direcciones de 55 ms; las cuenta el servidor")
            .because("menos es esperar de más; más es apretar al servidor más de lo acordado")
            .shows(|| {
                server::forget(&server);
                bajar(urls, 4);
                server::expect_peak(&server, 4)
            });

        judge
            .case("sin direcciones no hay nada que bajar")
            .with("[], con dos hilos")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(Vec::new(), || bajar(Vec::new(), 2));
    }
}

impl Exercise<Net> for Name<{ name("descargas-02") }> {
    const NAME: &'static str = "descargas-02";
    type Function = fn(Vec<String>) -> Vec<Result<usize, HttpError>>;

    fn judge(bajar_todo: Self::Function, judge: &mut Judge) {
        let server = server::start();
        let (files, sizes) = server::files(&server, 3);
        let urls = vec![
            files[0].clone(),
            server.fault(Fault::NotFound),
            files[1].clone(),
            server.fault(Fault::Truncated),
            files[2].clone(),
            server.fault(Fault::ServerError),
        ];
        let mut got = Vec::new();
        judge
            .case("hay un resultado por dirección")
            .with("seis direcciones, de las que tres fallan")
            .because("si faltan resultados, nadie sabe cuáles son los que han fallado")
            .shows(|| {
                server::forget(&server);
                got = bajar_todo(urls.clone());
                expect_eq(&urls.len(), &got.len())
            });
        judge
            .case("las buenas, en su sitio")
            .with("las mismas: la primera, la tercera y la quinta")
            .because("que una descarga falle no puede llevarse por delante a las demás")
            .shows(|| {
                let good: Vec<Option<usize>> =
                    got.iter().step_by(2).map(|r| r.clone().ok()).collect();
                expect_eq(&sizes.iter().copied().map(Some).collect(), &good)
            });
        judge
            .case("cada fallo dice cuál es")
            .with("las otras tres: no existe, se corta a medias y da un error 500")
            .because("un 404 no se arregla repitiendo, y un corte a lo mejor sí")
            .shows(|| {
                let said: Vec<&str> = got.iter().skip(1).step_by(2).map(what).collect();
                expect_eq(&vec!["estado 404", "cuerpo cortado", "estado 500"], &said)
            });
        judge
            .case("se siguen bajando a la vez")
            .with("las mismas; las cuenta el servidor")
            .because("mirar los errores no obliga a ir de una en una")
            .shows(|| {
                let peak = server::stats(&server).peak();
                expect(peak >= 3, "tres a la vez por lo menos", several(peak))
            });
    }
}

/// Cómo ha ido una descarga, en dos palabras.
fn what(result: &Result<usize, HttpError>) -> &'static str {
    match result {
        Ok(_) => "bien",
        Err(error) if error.status() == Some(404) => "estado 404",
        Err(error) if error.is_body() => "cuerpo cortado",
        Err(error) if error.status() == Some(500) => "estado 500",
        Err(_) => "otro error",
    }
}
