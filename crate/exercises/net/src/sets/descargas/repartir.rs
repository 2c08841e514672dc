//! «Repartir trabajo».

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, thread};

use concurrencia::fastrand::Rng;
use exercises::{Exercise, Job, Jobs, Judge, Name, expect, expect_eq, name};
use workloads::images;

use super::measure::several;
use super::photos::{Photos, most_at_once, put, relative, width};
use crate::sets::Net;

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
            .shows(|| jobs.done().expect_started(&[0, 1, 2, 3, 4, 5]));

        let mut times = [0.03; 13];
        times[12] = 0.12;
        let jobs = Jobs::with_times(&times);
        judge
            .case("trabajan tantos a la vez como se dice")
            .with("doce encargos de 30 ms y, el último, uno de 120; entre cuatro")
            .because("con más manos se acaba antes, pero no las hay")
            .shows(|| {
                hazlos(with_times(&jobs, &times), 4);
                jobs.done().expect_peak(4)
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
