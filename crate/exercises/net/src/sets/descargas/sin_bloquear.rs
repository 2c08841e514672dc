//! «Descargar sin bloquear».

use concurrencia::fastrand::Rng;
use exercises::{Exercise, Judge, Name, expect, name};
use workloads::server::Fault;

use super::measure::{most_threads, soon};
use super::server;
use super::world::run_virtually;
use crate::sets::Net;

impl Exercise<Net> for Name<{ name("descargas-05") }> {
    const NAME: &'static str = "descargas-05";
    type Function = fn(Vec<String>, u32) -> Vec<usize>;

    fn judge(bajar_en_un_hilo: Self::Function, judge: &mut Judge) {
        let server = server::start();
        let page = server.pages().swap_remove(1);
        let (mut urls, mut sizes) = server::files(&server, 3);
        urls[0] = server.bytes(1_000_000);
        sizes[0] = 1_000_000;
        sizes.push(server::size_of_page(&page));
        urls.push(page);
        judge
            .case("el tamaño de cada cuerpo, en su sitio")
            .with("cuatro direcciones, con tope 4; la primera es la que más tarda")
            .because("lo que dice la cabecera es lo que viaja, comprimido, y a veces ni viene")
            .gives(sizes, || bajar_en_un_hilo(urls, 4));

        let (urls, _) = server::files(&server, 12);
        let mut threads = 0;
        judge
            .case("con tope 4, cuatro a la vez")
            .with("doce direcciones de 55 ms; las cuenta el servidor")
            .because("sin tope, mil direcciones son mil conexiones a la vez")
            .shows(|| {
                server::forget(&server);
                threads = most_threads(|| bajar_en_un_hilo(urls.clone(), 4));
                server::expect_peak(&server, 4)
            });
        judge
            .case("no hace falta un hilo por descarga")
            .with("las mismas; los cuenta el sistema")
            .because("un bucle de eventos espera todas las respuestas con un solo hilo")
            .shows(|| {
                expect(
                    threads < 3,
                    "ningún hilo más, o casi",
                    format!("{threads} hilos más"),
                )
            });
        judge
            .case("si el tope da para todas, todas a la vez")
            .with("doce direcciones, con tope 12")
            .because("el tope lo dice quien llama, no el programa")
            .shows(|| {
                server::forget(&server);
                bajar_en_un_hilo(urls, 12);
                server::expect_peak(&server, 12)
            });
    }
}

impl Exercise<Net> for Name<{ name("descargas-06") }> {
    const NAME: &'static str = "descargas-06";
    type Function = fn(Vec<String>, f64) -> Vec<Option<usize>>;

    fn judge(bajar_con_plazo: Self::Function, judge: &mut Judge) {
        let server = server::start();
        let (mut urls, sizes) = server::files(&server, 4);
        let mut expected: Vec<Option<usize>> = sizes.into_iter().map(Some).collect();
        judge
            .case("las que llegan a tiempo dan sus bytes")
            .with("cuatro direcciones que contestan en 55 ms; plazo de 3 s de la lección (0,3 s)")
            .because("un plazo no cambia nada de lo que va bien")
            .gives(expected.clone(), || bajar_con_plazo(urls.clone(), 3.0));

        urls.insert(1, server.fault(Fault::Slow));
        expected.insert(1, None);
        let many = urls.len() as u64;
        judge
            .case("la que se cuelga no hace esperar a las demás")
            .with("las mismas y, la segunda, una que tarda 30 s de la lección (3 s)")
            .because("sin plazo, un solo sitio que no contesta para el programa entero")
            .within(1.5)
            .gives(expected, || {
                server::forget(&server);
                bajar_con_plazo(urls, 3.0)
            });
        judge
            .case("al volver no queda ninguna a medias")
            .with("las mismas; las cuenta el servidor")
            .because("dejar de esperar no es cancelar: la conexión seguiría abierta")
            .shows(|| {
                // Cortar una conexión no es instantáneo para quien está al otro lado.
                let is_quiet = soon(|| server::stats(&server).in_flight() == 0);
                let left = server::stats(&server).in_flight();
                expect(is_quiet, "ninguna en vuelo", format!("{left} en vuelo"))
            });
        judge
            .case("se piden todas a la vez")
            .with("las mismas; las cuenta el servidor")
            .because("con el plazo de una en una se esperan todos los plazos seguidos")
            .shows(|| server::expect_peak(&server, many));
    }
}

impl Exercise<Net> for Name<{ name("descargas-07") }> {
    const NAME: &'static str = "descargas-07";
    type Function = fn(u32, u32, u32, u32) -> (u32, String);

    fn judge(predice: Self::Function, judge: &mut Judge) {
        let mut rng = Rng::new();
        let mut inputs = Vec::new();
        for (a_is_longer, c_is_longer) in
            [(false, false), (true, false), (false, true), (true, true)]
        {
            let mut two = |first_is_longer| {
                let short = rng.u32(20..50);
                let long = short + rng.u32(5..50);
                if first_is_longer {
                    (long, short)
                } else {
                    (short, long)
                }
            };
            let ((a, b), (c, limit)) = (two(a_is_longer), two(c_is_longer));
            inputs.push([a, b, c, limit]);
        }
        let ran = |[a, b, c, limit]: [u32; 4]| run_virtually(a, b, c, limit);
        for input @ [a, b, c, limit] in inputs.clone() {
            judge
                .case("los minutos que pasan")
                .with(format!("a = {a}, b = {b}, c = {c}, plazo = {limit}"))
                .because("lo que se espera a la vez no se suma; lo que se espera seguido, sí")
                .within(1.0)
                .gives(ran(input).0, || predice(a, b, c, limit).0);
        }
        for input @ [a, b, c, limit] in inputs {
            judge
                .case("lo que queda escrito, y en qué orden")
                .with(format!("a = {a}, b = {b}, c = {c}, plazo = {limit}"))
                .because(
                    "llamar a una función asíncrona no la empieza, y cancelarla la deja a medias",
                )
                .within(1.0)
                .gives(ran(input).1, || predice(a, b, c, limit).1);
        }
    }
}
