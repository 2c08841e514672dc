//! «Carreras».

use exercises::explore::sync::Arc;
use exercises::explore::sync::atomic::{AtomicU64, Ordering::SeqCst};
use exercises::explore::{Explorer, Strategy, thread};
use exercises::{Exercise, Judge, Mismatch, Name, expect, explored, name};

use super::server;
use crate::sets::Net;

/// Lo que se espera al explorar.
const NO_FAILURES: &str = "ningún orden que falle";

impl Exercise<Net> for Name<{ name("descargas-03") }> {
    const NAME: &'static str = "descargas-03";
    type Function = fn(Vec<String>) -> usize;

    fn judge(bytes_en_total: Self::Function, judge: &mut Judge) {
        let server = server::start();
        let (urls, sizes) = server::files(&server, 8);
        let many = urls.len() as u64;
        judge
            .case("suma los bytes de todas")
            .with(format!("ocho direcciones, de {sizes:?} bytes"))
            .because("sumar sobre lo que se leyó hace rato borra lo que han sumado los demás")
            .gives(sizes.iter().sum(), || {
                server::forget(&server);
                bytes_en_total(urls)
            });
        judge
            .case("se bajan todas a la vez")
            .with("las mismas; las cuenta el servidor")
            .because("lo que se comparte es la suma: la descarga no necesita turno")
            .shows(|| server::expect_peak(&server, many));
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
            .shows(|| in_every_order(move || at_the_door(entra, 1, |inside, _| inside <= 1)));
        judge
            .case("si caben, entran todas")
            .with("tope 2, y dos hilos que lo piden: todos los órdenes posibles")
            .because("que otro se haya adelantado no quiere decir que ya no haya sitio")
            .shows(|| in_every_order(move || at_the_door(entra, 2, |inside, _| inside == 2)));
        judge
            .case("la que no cabe no ocupa sitio")
            .with("tope 1, y dos hilos que lo piden: todos los órdenes posibles")
            .because("una plaza ocupada por quien no está no la va a soltar nadie")
            .shows(|| in_every_order(move || at_the_door(entra, 1, |inside, n| inside == n)));
    }
}

/// Dos hilos que quieren entrar (uno, el principal: así hay menos órdenes que recorrer), y lo que tiene que cumplirse de
/// cuántos entraron y de lo que quedó en la cuenta.
fn at_the_door(enter: fn(&AtomicU64, u64) -> bool, limit: u64, is_right: fn(u64, u64) -> bool) {
    let flying = Arc::new(AtomicU64::new(0).with_name("en_vuelo"));
    let theirs = Arc::clone(&flying);
    let other = thread::spawn(move || enter(&theirs, limit));
    let mut inside = u64::from(enter(&flying, limit));
    inside += u64::from(other.join().expect("un hilo ha entrado en pánico"));
    let noted = flying.load(SeqCst);
    assert!(
        is_right(inside, noted),
        "han entrado {inside}, y la cuenta dice {noted}"
    );
}

/// Exige que vaya bien en todos los órdenes posibles.
fn in_every_order(program: impl Fn() + Send + Sync + 'static) -> Result<(), Mismatch> {
    let explorer = Explorer::new().with_plans(5000).with_max_steps(500);
    let explorer = explorer.with_strategy(Strategy::Exhaustive);
    let report = explored(&explorer, NO_FAILURES, program)?;
    expect(
        report.is_complete(),
        "todos los órdenes, recorridos",
        "más de 5000 órdenes: son demasiados pasos para lo que se pide",
    )
}

/// Exige que vaya bien con un solo hilo: no hay más que un orden.
fn alone(program: impl Fn() + Send + Sync + 'static) -> Result<(), Mismatch> {
    let explorer = Explorer::new().with_plans(1).with_max_steps(500);
    explored(&explorer, NO_FAILURES, program).map(drop)
}
