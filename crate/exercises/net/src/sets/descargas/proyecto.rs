//! «Proyecto»: un rastreador de enlaces.

use std::collections::BTreeMap;
use std::time::Duration;

use exercises::{Exercise, Judge, Name, expect, expect_eq, name};

use super::measure::{several, soon};
use super::web::{Answer, Web};
use crate::sets::Net;

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
