//! Ejercicios de mentira, y sus jueces.

use exercises::{Exercise, Judge, Name, expect_eq, name};

pub(crate) struct Mios;

/// Con un solo caso: el doble de siete.
impl Exercise<Mios> for Name<{ name("mio-doble") }> {
    const NAME: &'static str = "mio-doble";
    type Function = fn(u64) -> u64;

    fn judge(doble: Self::Function, judge: &mut Judge) {
        judge
            .case("el doble de cero")
            .with("0")
            .because("es <cero> & nada más")
            .within(0.5)
            .gives(0, || doble(0));
        judge
            .case("el doble de siete")
            .with("7")
            .because("es la definición")
            .within(0.5)
            .gives(14, || doble(7));
    }
}

/// Mide: la función tiene que tardar la mitad que dos esperas.
impl Exercise<Mios> for Name<{ name("mio-deprisa") }> {
    const NAME: &'static str = "mio-deprisa";
    type Function = fn();

    fn judge(f: Self::Function, judge: &mut Judge) {
        judge
            .case("tarda menos de la mitad")
            .because("es lo que se pide")
            .outruns(2.0, ("despacio", || pausa(40)), ("la tuya", f));
    }
}

/// Con el nombre de uno del catálogo de ejemplo: para el progreso y las ayudas.
impl Exercise<Mios> for Name<{ name("mio-catalogo") }> {
    const NAME: &'static str = "hilos-02";
    type Function = fn() -> u8;

    fn judge(f: Self::Function, judge: &mut Judge) {
        judge.case("da un uno").shows(|| expect_eq(&1, &f()));
    }
}

/// Espera de verdad.
pub(crate) fn pausa(ms: u64) {
    std::thread::sleep(std::time::Duration::from_millis(ms));
}
