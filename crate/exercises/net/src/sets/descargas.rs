//! Los ejercicios de la quinta lección: descargas, carreras y miniaturas.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};
use std::{fs, future, thread};

use concurrencia::fastrand::Rng;
use concurrencia::timeline::{Trace, timeline};
use exercises::explore::sync::atomic::{AtomicU64, Ordering::SeqCst};
use exercises::explore::{self, Explorer, Report, Strategy};
use exercises::{Exercise, Job, Jobs, Judge, Mismatch, Name, expect, expect_eq, name};
use workloads::http::{HttpError, Session};
use workloads::images;
use workloads::server::{Fault, Server, Stats};

use super::Net;

impl Exercise<Net> for Name<{ name("descargas-01") }> {
    const NAME: &'static str = "descargas-01";
    type Function = fn(Vec<String>, usize) -> Vec<usize>;

    fn judge(bajar: Self::Function, judge: &mut Judge) {
        let server = server();
        let page = server.pages().swap_remove(0);
        let (mut urls, mut sizes) = files(&server, 4);
        // El primero llega el último: tarda casi el doble que los demás.
        urls[0] = server.bytes(1_000_000);
        sizes[0] = 1_000_000;
        sizes.push(size_of_page(&page));
        urls.push(page);
        judge
            .case("el tamaño de cada cuerpo, en su sitio")
            .with("cinco direcciones, con tres hilos; la primera es la que más tarda")
            .because("quien llama empareja cada tamaño con su dirección por la posición")
            .gives(sizes, || bajar(urls, 3));

        let (urls, _) = files(&server, 12);
        judge
            .case("con cuatro hilos, cuatro a la vez")
            .with("doce direcciones de 55 ms; las cuenta el servidor")
            .because("menos es esperar de más; más es apretar al servidor más de lo acordado")
            .shows(|| {
                forget(&server);
                bajar(urls, 4);
                at_once(4, &server)
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
        let server = server();
        let (files, sizes) = files(&server, 3);
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
                forget(&server);
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
                let peak = stats(&server).peak();
                expect(peak >= 3, "tres a la vez por lo menos", several(peak))
            });
    }
}

impl Exercise<Net> for Name<{ name("descargas-03") }> {
    const NAME: &'static str = "descargas-03";
    type Function = fn(Vec<String>) -> usize;

    fn judge(bytes_en_total: Self::Function, judge: &mut Judge) {
        let server = server();
        let (urls, sizes) = files(&server, 8);
        let many = urls.len() as u64;
        judge
            .case("suma los bytes de todas")
            .with(format!("ocho direcciones, de {sizes:?} bytes"))
            .because("sumar sobre lo que se leyó hace rato borra lo que han sumado los demás")
            .gives(sizes.iter().sum(), || {
                forget(&server);
                bytes_en_total(urls)
            });
        judge
            .case("se bajan todas a la vez")
            .with("las mismas; las cuenta el servidor")
            .because("lo que se comparte es la suma: la descarga no necesita turno")
            .shows(|| at_once(many, &server));
        judge
            .case("sin direcciones, cero")
            .with("[]")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(0, || bytes_en_total(Vec::new()));
    }
}

impl Exercise<Net> for Name<{ name("descargas-04") }> {
    const NAME: &'static str = "descargas-04";
    type Function = fn(&AtomicU64, u64) -> bool;

    fn judge(entra: Self::Function, judge: &mut Judge) {
        judge
            .case("de una en una, entran las que caben")
            .with("tope 2, y tres que lo piden una detrás de otra")
            .because("antes de cruzar hilos hay que contar bien con uno")
            .shows(|| {
                alone(move || {
                    let flying = AtomicU64::new(0).with_name("en_vuelo");
                    let got = [(); 3].map(|()| entra(&flying, 2));
                    assert_eq!(got, [true, true, false], "lo que contestan las tres");
                })
            });
        judge
            .case("nunca entran más de las que caben")
            .with("tope 1, y dos hilos que lo piden: todos los órdenes posibles")
            .because("entre mirar si hay sitio y ocuparlo se puede colar otro")
            .shows(|| explored(move || at_the_door(entra, 1, |inside, _| inside <= 1)));
        judge
            .case("si caben, entran todas")
            .with("tope 2, y dos hilos que lo piden: todos los órdenes posibles")
            .because("que otro se haya adelantado no quiere decir que ya no haya sitio")
            .shows(|| explored(move || at_the_door(entra, 2, |inside, _| inside == 2)));
        judge
            .case("la que no cabe no ocupa sitio")
            .with("tope 1, y dos hilos que lo piden: todos los órdenes posibles")
            .because("una plaza ocupada por quien no está no la va a soltar nadie")
            .shows(|| explored(move || at_the_door(entra, 1, |inside, n| inside == n)));
    }
}

impl Exercise<Net> for Name<{ name("descargas-05") }> {
    const NAME: &'static str = "descargas-05";
    type Function = fn(Vec<String>, u32) -> Vec<usize>;

    fn judge(bajar_en_un_hilo: Self::Function, judge: &mut Judge) {
        let server = server();
        let page = server.pages().swap_remove(1);
        let (mut urls, mut sizes) = files(&server, 3);
        urls[0] = server.bytes(1_000_000);
        sizes[0] = 1_000_000;
        sizes.push(size_of_page(&page));
        urls.push(page);
        judge
            .case("el tamaño de cada cuerpo, en su sitio")
            .with("cuatro direcciones, con tope 4; la primera es la que más tarda")
            .because("lo que dice la cabecera es lo que viaja, comprimido, y a veces ni viene")
            .gives(sizes, || bajar_en_un_hilo(urls, 4));

        let (urls, _) = files(&server, 12);
        let mut threads = 0;
        judge
            .case("con tope 4, cuatro a la vez")
            .with("doce direcciones de 55 ms; las cuenta el servidor")
            .because("sin tope, mil direcciones son mil conexiones a la vez")
            .shows(|| {
                forget(&server);
                threads = most_threads(|| bajar_en_un_hilo(urls.clone(), 4));
                at_once(4, &server)
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
                forget(&server);
                bajar_en_un_hilo(urls, 12);
                at_once(12, &server)
            });
    }
}

impl Exercise<Net> for Name<{ name("descargas-06") }> {
    const NAME: &'static str = "descargas-06";
    type Function = fn(Vec<String>, f64) -> Vec<Option<usize>>;

    fn judge(bajar_con_plazo: Self::Function, judge: &mut Judge) {
        let server = server();
        let (mut urls, sizes) = files(&server, 4);
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
                forget(&server);
                bajar_con_plazo(urls, 3.0)
            });
        judge
            .case("al volver no queda ninguna a medias")
            .with("las mismas; las cuenta el servidor")
            .because("dejar de esperar no es cancelar: la conexión seguiría abierta")
            .shows(|| {
                // Cortar una conexión no es instantáneo para quien está al otro lado.
                let is_quiet = soon(|| stats(&server).in_flight() == 0);
                let left = stats(&server).in_flight();
                expect(is_quiet, "ninguna en vuelo", format!("{left} en vuelo"))
            });
        judge
            .case("se piden todas a la vez")
            .with("las mismas; las cuenta el servidor")
            .because("con el plazo de una en una se esperan todos los plazos seguidos")
            .shows(|| at_once(many, &server));
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

impl Exercise<Net> for Name<{ name("descargas-08") }> {
    const NAME: &'static str = "descargas-08";
    type Function = fn(Vec<(Job, f64)>, usize) -> Vec<u64>;

    fn judge(hazlos: Self::Function, judge: &mut Judge) {
        let with_times = |jobs: &Jobs, times: &[f64]| -> Vec<(Job, f64)> {
            jobs.all().into_iter().zip(times.iter().copied()).collect()
        };
        let times = [0.01, 0.04, 0.02, 0.05, 0.03, 0.01];
        let jobs = Jobs::with_times(&times);
        judge
            .case("los recibos salen en el orden de los encargos")
            .with(format!("seis encargos de {times:?} segundos, entre dos"))
            .because("en qué orden se hacen es cosa tuya; quien llama espera el suyo")
            .gives(jobs.receipts(), || hazlos(with_times(&jobs, &times), 2));
        judge
            .case("cada encargo se hace una vez")
            .with("los mismos")
            .because("repetir un encargo es trabajo tirado")
            .shows(|| {
                let mut started = jobs.done().started();
                started.sort_unstable();
                expect_eq(&(0..6).collect(), &started)
            });

        let mut times = [0.03; 13];
        times[12] = 0.12;
        let jobs = Jobs::with_times(&times);
        judge
            .case("trabajan tantos a la vez como se dice")
            .with("doce encargos de 30 ms y, el último, uno de 120; entre cuatro")
            .because("con más manos se acaba antes, pero no las hay")
            .shows(|| {
                hazlos(with_times(&jobs, &times), 4);
                let peak = jobs.done().peak();
                expect(peak == 4, "cuatro a la vez", several(peak as u64))
            });
        judge
            .case("tu orden acorta el reparto")
            .with("los mismos, cinco veces en el orden dado y cinco en el tuyo")
            .because("si el largo empieza el último, los demás lo miran acabar de brazos cruzados")
            .within(6.0)
            .outruns(
                1.25,
                ("en el orden dado", || in_order(jobs.all(), 4)),
                ("en el tuyo", || hazlos(with_times(&jobs, &times), 4)),
            );
    }
}

impl Exercise<Net> for Name<{ name("descargas-09") }> {
    const NAME: &'static str = "descargas-09";
    type Function = fn(PathBuf, PathBuf) -> Vec<Result<PathBuf, String>>;

    fn judge(miniaturas: Self::Function, judge: &mut Judge) {
        let folder = exercises::folder();
        let (tree, target) = (folder.join("fotos"), folder.join("miniaturas"));
        let photos = Photos::paint();
        let names = [
            "amanecer.jpg",
            "mar/barco.JPG",
            "mar/cala/duna.jpeg",
            "mar/copia.de.roca.jpg",
            "monte/nieve.png",
            "monte/pinar.jpg",
        ];
        for (i, name) in names.iter().enumerate() {
            put(&tree.join(name), photos.like(name, i));
        }
        put(&tree.join("mar/notas.txt"), b"aqui no hay ninguna foto");
        put(&tree.join("jpg"), b"sin extension");
        let made: Vec<Result<PathBuf, String>> = [
            "amanecer_thumbnail.jpg",
            "barco_thumbnail.JPG",
            "duna_thumbnail.jpeg",
            "copia.de.roca_thumbnail.jpg",
            "nieve_thumbnail.png",
            "pinar_thumbnail.jpg",
        ]
        .iter()
        .map(|name| Ok(target.join(name)))
        .collect();
        judge
            .case("dice dónde está la de cada foto, en el orden de sus rutas")
            .with(format!(
                "{names:?}, y dos archivos que no son fotos; la carpeta de destino no existe"
            ))
            .because("sin mirar mayúsculas, .jpg, .jpeg y .png son fotos, y nada más lo es")
            .shows(|| {
                let got = miniaturas(tree.clone(), target.clone());
                expect_eq(&relative(&made, &target), &relative(&got, &target))
            });
        judge
            .case("son las mismas que en serie")
            .with("las mismas: archivo a archivo, byte a byte")
            .because("repartir el trabajo no puede cambiar lo que sale")
            .shows(|| {
                let mut wrong = Vec::new();
                for (i, (name, path)) in names.iter().zip(&made).enumerate() {
                    let small = images::shrink(photos.like(name, i), images::SIZE).ok();
                    if small != path.as_ref().ok().and_then(|path| fs::read(path).ok()) {
                        wrong.push(*name);
                    }
                }
                expect_eq(&Vec::new(), &wrong)
            });

        let (tree, target) = (folder.join("rotas"), folder.join("de_rotas"));
        for name in ["a.jpg", "c.jpg", "e.png"] {
            put(&tree.join(name), photos.like(name, 0));
        }
        put(&tree.join("b.jpg"), b"%PDF-1.7 y poco mas");
        let half = photos.like("d.jpg", 1);
        put(&tree.join("d.jpg"), &half[..half.len() / 2]);
        judge
            .case("una foto rota no estropea las demás")
            .with("a.jpg, b.jpg (un PDF), c.jpg, d.jpg (cortada) y e.png")
            .because("con mil fotos siempre hay alguna mala, y tiene que saberse cuál")
            .shows(|| {
                let got = miniaturas(tree, target.clone());
                let is_good: Vec<bool> = got.iter().map(Result::is_ok).collect();
                expect_eq(&vec![true, false, true, false, true], &is_good)?;
                let is_there = |name: &str| target.join(name).is_file();
                let all = ["a_thumbnail.jpg", "c_thumbnail.jpg", "e_thumbnail.png"];
                let there: Vec<&str> = all.iter().copied().filter(|n| is_there(n)).collect();
                expect_eq(&all.to_vec(), &there)
            });

        let (tree, target) = (folder.join("muchas"), folder.join("de_muchas"));
        for i in 0..16 {
            let name = format!("{i:02}.jpg");
            put(&tree.join(&name), photos.like(&name, i));
        }
        judge
            .case("se hacen varias a la vez")
            .with("dieciséis fotos")
            .because(
                "reducir es calcular: mientras uno reduce una foto, otro núcleo puede con otra",
            )
            .within(5.0)
            .shows(|| {
                let peak = most_at_once(|| {
                    miniaturas(tree.clone(), target.clone());
                });
                expect(peak >= 2, "dos a la vez por lo menos", several(peak))
            });

        let empty = folder.join("vacia");
        put(&empty.join("LEEME"), b"nada");
        judge
            .case("sin fotos no hay miniaturas")
            .with("una carpeta con un LEEME")
            .because("una carpeta sin fotos es una entrada como otra cualquiera")
            .gives(Vec::new(), || miniaturas(empty, folder.join("de_vacia")));
    }
}

impl Exercise<Net> for Name<{ name("descargas-10") }> {
    const NAME: &'static str = "descargas-10";
    #[allow(
        clippy::type_complexity,
        reason = "es el tipo que se le pide al alumno"
    )]
    type Function = fn(u32, PathBuf) -> Box<dyn Fn(&Path) -> Result<PathBuf, String> + Send + Sync>;

    fn judge(parcial: Self::Function, judge: &mut Judge) {
        let folder = exercises::folder();
        let photos = Photos::paint();
        let tree: Vec<PathBuf> = (0..12)
            .map(|i| {
                let path = folder.join(format!("fotos/{i:02}.jpg"));
                put(&path, photos.like("foto.jpg", i));
                path
            })
            .collect();
        let side = Rng::new().u32(40..60);
        judge
            .case("cada una, con su tamaño")
            .with(format!(
                "dos funciones, a {side} y a 128, usadas por turnos"
            ))
            .because("dos parciales de la misma función no comparten lo que llevan fijo")
            .shows(|| {
                let small = parcial(side, folder.join("pequeñas"));
                let large = parcial(128, folder.join("grandes"));
                let mut got = Vec::new();
                for photo in &tree[..2] {
                    got.push(width(small(photo)));
                    got.push(width(large(photo)));
                }
                let sides = [side, 128, side, 128].map(Ok).to_vec();
                expect_eq(&sides, &got)
            });
        judge
            .case("y con su carpeta")
            .with("las mismas")
            .because("el destino también va fijado")
            .shows(|| {
                let count = |name| fs::read_dir(folder.join(name)).map_or(0, Iterator::count);
                expect_eq(&[2, 2], &[count("pequeñas"), count("grandes")])
            });
        judge
            .case("una foto que no lo es da su error")
            .with("un archivo que no existe")
            .because("lo que falla dentro tiene que verse fuera")
            .shows(|| {
                let got = parcial(64, folder.join("nada"))(&folder.join("no_esta.jpg"));
                expect(got.is_err(), "un Err", format!("{got:?}"))
            });
        judge
            .case("la llaman varios hilos a la vez")
            .with("una función, cuatro hilos y doce fotos")
            .because("si para usarla hay que pedir turno, se trabaja en serie")
            .within(5.0)
            .shows(|| {
                let one = parcial(32, folder.join("entre_cuatro"));
                let peak = most_at_once(|| {
                    thread::scope(|scope| {
                        for photos in tree.chunks(3) {
                            let one = &one;
                            scope.spawn(move || {
                                for photo in photos {
                                    let _ = one(photo);
                                }
                            });
                        }
                    });
                });
                expect(peak >= 2, "dos a la vez por lo menos", several(peak))
            });
    }
}

impl Exercise<Net> for Name<{ name("descargas-11") }> {
    const NAME: &'static str = "descargas-11";
    type Function = fn(String, u32, f64) -> BTreeMap<String, Option<usize>>;

    fn judge(rastrea: Self::Function, judge: &mut Judge) {
        let ring = Web::start(Duration::from_millis(5), |link| {
            vec![
                ("", Answer::page(&[link("a"), link("b"), link("a")])),
                ("a", Answer::page(&[link("c"), link("b"), link("")])),
                ("b", Answer::page(&[link("c"), link("b")])),
                ("c", Answer::page(&[link("a"), link("d")])),
                ("d", Answer::page(&[])),
                ("suelta", Answer::page(&[link("a")])),
            ]
        });
        judge
            .case("encuentra todas las páginas, con lo que pesan")
            .with("cinco páginas que se enlazan en círculo, y otra a la que nadie enlaza")
            .because("una página que enlaza a la de antes no puede dejarlo dando vueltas")
            .shows(|| {
                let found = rastrea(ring.url(""), 3, 20.0);
                expect_eq(&ring.expected(&["", "a", "b", "c", "d"]), &found)
            });
        judge
            .case("no visita dos veces la misma")
            .with("las mismas, que las cuentan")
            .because("dos enlaces a una página son una sola descarga")
            .gives(Vec::new(), || ring.repeated());

        let broken = Web::start(Duration::from_millis(5), |link| {
            vec![
                ("", Answer::page(&[link("falta"), link("a")])),
                ("a", Answer::page(&[link("b")])),
                ("b", Answer::page(&[])),
            ]
        });
        judge
            .case("un enlace roto no para el rastreo")
            .with("una portada con un enlace a una página que no existe, y tres que sí")
            .because("en la web de verdad siempre hay enlaces rotos, y hay que decir cuáles")
            .shows(|| {
                let found = rastrea(broken.url(""), 3, 20.0);
                let mut expected = broken.expected(&["", "a", "b"]);
                expected.insert(broken.url("falta"), None);
                expect_eq(&expected, &found)
            });

        let stuck = Web::start(Duration::from_millis(5), |link| {
            vec![
                ("", Answer::page(&[link("a"), link("cuelga"), link("b")])),
                ("a", Answer::page(&[])),
                ("b", Answer::page(&[])),
                ("cuelga", Answer::Never),
            ]
        });
        judge
            .case("la que no contesta se corta a su plazo")
            .with("tres páginas que contestan y una que no; plazo de 3 s de la lección (0,3 s)")
            .because("sin plazo, una sola página deja el rastreo sin acabar")
            .within(1.5)
            .shows(|| {
                let found = rastrea(stuck.url(""), 3, 3.0);
                let mut expected = stuck.expected(&["", "a", "b"]);
                expected.insert(stuck.url("cuelga"), None);
                expect_eq(&expected, &found)?;
                let is_cut = soon(|| stuck.log().now == 0);
                expect(is_cut, "la conexión cerrada", "la conexión sigue abierta")
            });

        let names: Vec<String> = (0..12).map(|i| format!("p{i:02}")).collect();
        let wide = Web::start(Duration::from_millis(15), |link| {
            let links: Vec<String> = names.iter().map(|name| link(name)).collect();
            let mut pages = vec![("", Answer::page(&links))];
            pages.extend(names.iter().map(|name| (name.as_str(), Answer::page(&[]))));
            pages
        });
        judge
            .case("tantas a la vez como diga el tope")
            .with("una portada con doce enlaces y tope 4")
            .because("sin tope se tumba a un servidor; con menos, se espera de más")
            .shows(|| {
                rastrea(wide.url(""), 4, 20.0);
                let peak = wide.log().peak as u64;
                expect(peak == 4, "4 a la vez", several(peak))
            });
        judge
            .case("con tope 6 tarda menos de la mitad que con tope 1")
            .with("la misma, cinco veces con cada uno")
            .because("lo que se espera a la vez solo se espera una vez")
            .within(8.0)
            .outruns(
                2.0,
                ("tope 1", || rastrea(wide.url(""), 1, 20.0)),
                ("tope 6", || rastrea(wide.url(""), 6, 20.0)),
            );
    }
}

// EL SERVIDOR DE PRÁCTICAS

fn server() -> Server {
    match Server::builder().real(false).start() {
        Ok(server) => server,
        Err(error) => panic!("no se puede arrancar el servidor de prácticas: {error}"),
    }
}

fn stats(server: &Server) -> Stats {
    match server.stats() {
        Ok(stats) => stats,
        Err(error) => panic!("el servidor de prácticas no contesta: {error}"),
    }
}

fn forget(server: &Server) {
    if let Err(error) = server.forget() {
        panic!("el servidor de prácticas no contesta: {error}");
    }
}

/// `n` direcciones que tardan 55 ms, y lo que pesa cada una: un número que no se adivina.
fn files(server: &Server, n: usize) -> (Vec<String>, Vec<usize>) {
    let mut rng = Rng::new();
    let sizes: Vec<usize> = (0..n).map(|_| rng.usize(200..5000)).collect();
    (
        sizes.iter().map(|size| server.bytes(*size)).collect(),
        sizes,
    )
}

/// Lo que pesa una página sin comprimir.
fn size_of_page(url: &str) -> usize {
    match Session::new().and_then(|session| session.get(url)) {
        Ok(page) => page.len(),
        Err(error) => panic!("el servidor de prácticas no contesta: {error}"),
    }
}

/// Exige que el servidor haya visto exactamente tantas a la vez.
fn at_once(wanted: u64, server: &Server) -> Result<(), Mismatch> {
    let peak = stats(server).peak();
    expect(peak == wanted, format!("{wanted} a la vez"), several(peak))
}

fn several(peak: u64) -> String {
    format!("{peak} a la vez como mucho")
}

fn what(result: &Result<usize, HttpError>) -> &'static str {
    match result {
        Ok(_) => "bien",
        Err(error) if error.status() == Some(404) => "estado 404",
        Err(error) if error.is_body() => "cuerpo cortado",
        Err(error) if error.status() == Some(500) => "estado 500",
        Err(_) => "otro error",
    }
}

/// ¿Se cumple antes de medio segundo?
fn soon(is_so: impl Fn() -> bool) -> bool {
    let until = Instant::now() + Duration::from_millis(500);
    while Instant::now() < until {
        if is_so() {
            return true;
        }
        thread::sleep(Duration::from_millis(2));
    }
    is_so()
}

/// Cuántos hilos de más llega a haber mientras se ejecuta `f`. Fuera de Linux no se ve ninguno.
fn most_threads<T>(f: impl FnOnce() -> T) -> usize {
    let now = || fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        // Cuenta también a quien cuenta.
        let before = now() + 1;
        let watch = scope.spawn(|| {
            let mut most = 0;
            while !is_over.load(Ordering::Relaxed) {
                most = most.max(now());
                thread::sleep(Duration::from_millis(1));
            }
            most
        });
        f();
        is_over.store(true, Ordering::Relaxed);
        watch.join().map_or(0, |most| most.saturating_sub(before))
    })
}

// CARRERAS

/// Dos hilos que quieren entrar (uno, el principal: así hay menos órdenes que recorrer), y lo que tiene que cumplirse de
/// cuántos entraron y de lo que quedó en la cuenta.
fn at_the_door(enter: fn(&AtomicU64, u64) -> bool, limit: u64, is_right: fn(u64, u64) -> bool) {
    let flying = explore::sync::Arc::new(AtomicU64::new(0).with_name("en_vuelo"));
    let theirs = explore::sync::Arc::clone(&flying);
    let other = explore::thread::spawn(move || enter(&theirs, limit));
    let mut inside = u64::from(enter(&flying, limit));
    inside += u64::from(other.join().expect("un hilo ha entrado en pánico"));
    let noted = flying.load(SeqCst);
    assert!(
        is_right(inside, noted),
        "han entrado {inside}, y la cuenta dice {noted}"
    );
}

/// Exige que vaya bien en todos los órdenes posibles.
fn explored(program: impl Fn() + Send + Sync + 'static) -> Result<(), Mismatch> {
    let explorer = Explorer::new().with_plans(5000).with_max_steps(500);
    let report = explorer.with_strategy(Strategy::Exhaustive).run(program);
    told(&report)?;
    expect(
        report.is_complete(),
        "todos los órdenes, recorridos",
        "más de 5000 órdenes: son demasiados pasos para lo que se pide",
    )
}

/// Exige que vaya bien con un solo hilo: no hay más que un orden.
fn alone(program: impl Fn() + Send + Sync + 'static) -> Result<(), Mismatch> {
    told(
        &Explorer::new()
            .with_plans(1)
            .with_max_steps(500)
            .run(program),
    )
}

fn told(report: &Report) -> Result<(), Mismatch> {
    expect(report.is_ok(), "ningún orden que falle", report.to_string())
}

// LEER CÓDIGO ASÍNCRONO

/// El programa de «descargas-07», ejecutado con un reloj que salta de espera en espera: los minutos que pasan y lo que
/// queda escrito.
fn run_virtually(a: u32, b: u32, c: u32, limit: u32) -> (u32, String) {
    let world = World::default();
    let is_over = AtomicBool::new(false);
    let mut first = pin!(async {
        world.download("a", a).await;
        is_over.store(true, Ordering::Relaxed);
    });
    let mut main = pin!(async {
        // `first` está en la cola, y no empieza hasta que esta ceda.
        world.download("b", b).await;
        let last = world.download("c", c);
        world.until(|| is_over.load(Ordering::Relaxed)).await;
        world.within(limit, last).await;
    });
    let context = &mut Context::from_waker(Waker::noop());
    let mut is_first_over = false;
    loop {
        // Dos veces: la segunda tarea puede dar paso a la primera.
        for _ in 0..2 {
            if main.as_mut().poll(context).is_ready() {
                let world = world.lock();
                return (world.minute, world.diary.join(" "));
            }
            is_first_over = is_first_over || first.as_mut().poll(context).is_ready();
        }
        world.jump();
    }
}

/// Un reloj y un diario.
#[derive(Default)]
struct World(Mutex<Now>);

#[derive(Default)]
struct Now {
    minute: u32,
    alarms: BTreeSet<u32>,
    diary: Vec<String>,
}

impl World {
    fn lock(&self) -> MutexGuard<'_, Now> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn download(&self, name: &str, minutes: u32) {
        self.lock().diary.push(format!("{name}?"));
        self.sleep(minutes).await;
        self.lock().diary.push(format!("{name}!"));
    }

    async fn sleep(&self, minutes: u32) {
        let at = {
            let mut now = self.lock();
            let at = now.minute + minutes;
            now.alarms.insert(at);
            at
        };
        self.until(|| self.lock().minute >= at).await;
    }

    async fn until(&self, is_so: impl Fn() -> bool) {
        let poll = |_: &mut Context<'_>| {
            if is_so() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        };
        future::poll_fn(poll).await;
    }

    /// Lo que acabe antes: `task`, o el plazo.
    async fn within(&self, minutes: u32, task: impl Future<Output = ()>) {
        let (mut task, mut limit) = (pin!(task), pin!(self.sleep(minutes)));
        future::poll_fn(|context| {
            let is_done = task.as_mut().poll(context).is_ready();
            let is_late = limit.as_mut().poll(context).is_ready();
            if is_done || is_late {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    /// Hasta la siguiente espera que se acaba.
    fn jump(&self) {
        let mut now = self.lock();
        let minute = now.minute;
        if let Some(next) = now.alarms.range(minute + 1..).next().copied() {
            now.minute = next;
        }
    }
}

// EL REPARTO

/// Los hace entre `workers`, cada uno al primero que queda libre, en el orden dado: lo que hace un pool.
fn in_order(jobs: Vec<Job>, workers: usize) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    job.run();
                }
            });
        }
    });
}

// FOTOS

/// Escribe un archivo, con sus carpetas.
fn put(path: &Path, bytes: &[u8]) {
    let folder = path.parent().unwrap_or(path);
    if let Err(error) = fs::create_dir_all(folder).and_then(|()| fs::write(path, bytes)) {
        panic!("no se puede escribir «{}»: {error}", path.display());
    }
}

/// Unas cuantas fotos: pintarlas cuesta, así que se repiten.
struct Photos {
    jpeg: [Vec<u8>; 2],
    png: Vec<u8>,
}

impl Photos {
    fn paint() -> Photos {
        let seed = Rng::new().u64(..);
        Photos {
            jpeg: [seed, seed ^ 1].map(|seed| images::photo(seed, 320, 180)),
            png: images::photo_png(seed, 160, 90),
        }
    }

    fn like(&self, name: &str, i: usize) -> &[u8] {
        if name.ends_with(".png") {
            &self.png
        } else {
            &self.jpeg[i % 2]
        }
    }
}

/// Sin la carpeta de destino, que no cabe en un veredicto.
fn relative(made: &[Result<PathBuf, String>], target: &Path) -> Vec<Result<String, String>> {
    let short = |path: &PathBuf| match path.strip_prefix(target) {
        Ok(name) => name.display().to_string(),
        Err(_) => path.display().to_string(),
    };
    made.iter()
        .map(|one| one.as_ref().map(short).map_err(Clone::clone))
        .collect()
}

/// Lo que mide de ancho.
fn width(made: Result<PathBuf, String>) -> Result<u32, String> {
    let size = workloads::image::image_dimensions(made?).map_err(|error| error.to_string())?;
    Ok(size.0)
}

/// Cuántas fotos llega a reducir `run` a la vez. La repite hasta que son dos, un segundo como mucho: con un solo núcleo
/// libre, dos hilos tardan en cruzarse; quien va de una en una no las cruza nunca.
fn most_at_once(mut run: impl FnMut()) -> u64 {
    let until = Instant::now() + Duration::from_secs(1);
    loop {
        let peak = photos_at_once(&timeline(&mut run));
        if peak >= 2 || Instant::now() > until {
            return peak;
        }
    }
}

/// Cuántas fotos se llegaron a reducir a la vez: cada una es una barra con el nombre de su archivo.
fn photos_at_once(trace: &Trace) -> u64 {
    let bars = trace.lanes().iter().flat_map(|lane| lane.spans());
    let mut edges: Vec<(Duration, i64)> = bars
        .filter(|bar| bar.name().ends_with(".jpg"))
        .flat_map(|bar| [(bar.start(), 1), (bar.end(), -1)])
        .collect();
    edges.sort_unstable();
    let (mut now, mut most) = (0, 0);
    for (_, change) in edges {
        now += change;
        most = most.max(now);
    }
    most.unsigned_abs()
}

// UNA WEB EN LA QUE SE CUENTA CADA VISITA

/// Unas páginas que se enlazan, servidas en 127.0.0.1 por este proceso mientras viva.
struct Web {
    base: String,
    pages: Arc<BTreeMap<String, Answer>>,
    log: Arc<Mutex<Log>>,
}

/// Lo que contesta una página.
enum Answer {
    Page(String),
    Never,
}

#[derive(Default)]
struct Log {
    visits: BTreeMap<String, usize>,
    now: usize,
    peak: usize,
}

impl Answer {
    fn page(links: &[String]) -> Answer {
        let mut rng = Rng::new();
        let filler: String = (0..rng.usize(20..400)).map(|_| rng.lowercase()).collect();
        let items = links
            .iter()
            .map(|link| format!("<li><a href=\"{link}\">{link}</a></li>\n"));
        let items: String = items.collect();
        Answer::Page(format!(
            "<html><body>\n<p>{filler}</p>\n<ul>\n{items}</ul>\n</body></html>\n"
        ))
    }
}

impl Web {
    /// `pages` recibe la función que da la ruta de una página por su nombre, distinta en cada comprobación.
    fn start<'a>(
        delay: Duration,
        pages: impl FnOnce(&dyn Fn(&str) -> String) -> Vec<(&'a str, Answer)>,
    ) -> Web {
        let listener = TcpListener::bind("127.0.0.1:0");
        let listener =
            listener.unwrap_or_else(|error| panic!("no hay ningún puerto libre: {error}"));
        let address = listener.local_addr();
        let address = address.unwrap_or_else(|error| panic!("no hay ningún puerto libre: {error}"));
        let salt = Rng::new().u32(..);
        let path = move |name: &str| format!("/{salt:08x}/{name}");
        let pages = pages(&path)
            .into_iter()
            .map(|(name, answer)| (path(name), answer));
        let web = Web {
            base: format!("http://{address}/{salt:08x}/"),
            pages: Arc::new(pages.collect()),
            log: Arc::default(),
        };
        let (pages, log) = (Arc::clone(&web.pages), Arc::clone(&web.log));
        // Acaba con el proceso de prueba, que es cuando acaba todo lo demás.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (pages, log) = (Arc::clone(&pages), Arc::clone(&log));
                thread::spawn(move || serve(stream, &pages, &log, delay));
            }
        });
        web
    }

    fn url(&self, name: &str) -> String {
        format!("{}{name}", self.base)
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Esas páginas, con lo que pesan.
    fn expected(&self, names: &[&str]) -> BTreeMap<String, Option<usize>> {
        let path = |url: &str| url.splitn(4, '/').last().map(|rest| format!("/{rest}"));
        let size = |url: &str| match self.pages.get(&path(url)?)? {
            Answer::Page(html) => Some(html.len()),
            Answer::Never => None,
        };
        names
            .iter()
            .map(|name| (self.url(name), size(&self.url(name))))
            .collect()
    }

    /// Las que se han visitado más de una vez.
    fn repeated(&self) -> Vec<String> {
        let log = self.log();
        let repeated = log.visits.iter().filter(|(_, times)| **times > 1);
        repeated
            .map(|(path, times)| format!("{path}: {times} veces"))
            .collect()
    }
}

fn serve(
    mut stream: TcpStream,
    pages: &BTreeMap<String, Answer>,
    log: &Mutex<Log>,
    delay: Duration,
) {
    let Some(path) = asked(&mut stream) else {
        return;
    };
    let lock = || log.lock().unwrap_or_else(PoisonError::into_inner);
    {
        let mut log = lock();
        *log.visits.entry(path.clone()).or_default() += 1;
        log.now += 1;
        log.peak = log.peak.max(log.now);
    }
    let (status, body) = match pages.get(&path) {
        Some(Answer::Page(html)) => ("200 OK", html.as_str()),
        Some(Answer::Never) => {
            // Hasta que quien pide se canse y cierre.
            while stream.read(&mut [0; 64]).is_ok_and(|read| read > 0) {}
            lock().now -= 1;
            return;
        }
        None => ("404 Not Found", "no existe\n"),
    };
    thread::sleep(delay);
    // Antes de contestar: después, quien pide podría estar ya pidiendo otra.
    lock().now -= 1;
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all((head + body).as_bytes());
}

/// La ruta que piden.
fn asked(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut piece = [0; 1024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(read) if read > 0 => head.extend_from_slice(&piece[..read]),
            _ => return None,
        }
    }
    let head = String::from_utf8(head).ok()?;
    head.split(' ').nth(1).map(str::to_owned)
}
