//! «Proyecto final»: un banco con varios cajeros.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use concurrencia::fastrand::Rng;

use super::bank::{Bank, Order, Seal, Transfer, audit, transfers};
use super::interleavings::EXPLORING;
use crate::exercise::{Exercise, Name, name};
use crate::jobs::Jobs;
use crate::judge::{Judge, expect};

impl Exercise for Name<{ name("paralelo-10") }> {
    const NAME: &'static str = "paralelo-10";
    type Function = (Transfer, Bank);

    fn judge((transfiere, banco): Self::Function, judge: &mut Judge) {
        judge
            .case("transfiere: con saldo se pasa el dinero; sin él se rechaza")
            .with("cuentas [10, 0], cada orden sola: (0, 1, 10), (0, 1, 11) y (1, 0, 1)")
            .because("gastar justo lo que hay vale; pasarse, no")
            .within(EXPLORING)
            .shows(|| {
                transfers(transfiere, &[10, 0], &[(0, 1, 10)], 1, false)?;
                transfers(transfiere, &[10, 0], &[(0, 1, 11)], 0, false)?;
                transfers(transfiere, &[10, 0], &[(1, 0, 1)], 0, false)
            });
        judge
            .case("transfiere: una ida y una vuelta a la vez no se bloquean")
            .with("cuentas [10, 10]; órdenes (0, 1, 3) y (1, 0, 4), cada una en su hilo")
            .because("basta una vez en que cada uno tenga lo que espera el otro")
            .within(EXPLORING)
            .shows(|| transfers(transfiere, &[10, 10], &[(0, 1, 3), (1, 0, 4)], 2, false));
        judge
            .case("transfiere: con 10 no se pagan dos de 7")
            .with("cuentas [10, 0, 0]; órdenes (0, 1, 7) y (0, 2, 7), cada una en su hilo")
            .because("entre mirar el saldo y restarlo no puede pasar nadie")
            .within(EXPLORING)
            .shows(|| transfers(transfiere, &[10, 0, 0], &[(0, 1, 7), (0, 2, 7)], 1, false));
        judge
            .case("transfiere: se sella con las dos cuentas cogidas")
            .with("cuentas [10, 10, 10]; órdenes (0, 1, 3) y (2, 1, 4), y luego (1, 0, 3) y (1, 2, 4)")
            .because("mientras se sella nadie puede tocar ninguna de las dos")
            .within(EXPLORING)
.shows(|| {
                transfers(transfiere, &[10; 3], &[(0, 1, 3), (2, 1, 4)], 2, true)?;
                transfers(transfiere, &[10; 3], &[(1, 0, 3), (1, 2, 4)], 2, true)
            });
        judge
            .case("transfiere: de una cuenta a ella misma no se bloquea")
            .with("cuentas [10, 10]; órdenes (1, 1, 4) y (0, 1, 2), cada una en su hilo")
            .because("un cerrojo pedido dos veces por el mismo hilo se espera a sí mismo")
            .within(EXPLORING)
            .shows(|| transfers(transfiere, &[10, 10], &[(1, 1, 4), (0, 1, 2)], 2, false));

        let free: Seal = Arc::new(|_| ());
        judge
            .case("banco: con un cajero se atienden por orden")
            .with("saldos [10, 0, 5]; órdenes (0, 1, 8), (1, 2, 9), (0, 2, 2) y (2, 1, 7)")
            .because("la que no tiene saldo se rechaza y no cambia nada")
            .gives((vec![0, 15, 0], vec![true, false, true, true]), || {
                let orders = vec![(0, 1, 8), (1, 2, 9), (0, 2, 2), (2, 1, 7)];
                banco(vec![10, 0, 5], orders, 1, Arc::clone(&free))
            });

        // La 0 tarda y no comparte cuenta con ninguna; la 5 no tiene saldo.
        let mut times = [0.01; 12];
        times[0] = 0.25;
        let jobs = Jobs::with_times(&times);
        let orders: Vec<Order> = (0..12)
            .map(|i: usize| {
                let pair = if i == 0 { 0 } else { 1 + (i - 1) % 3 };
                (2 * pair, 2 * pair + 1, if i == 5 { 99 } else { 1 })
            })
            .collect();
        let right: Vec<bool> = (0..12).map(|i| i != 5).collect();
        let stamps = jobs.all();
        let seal: Seal = Arc::new(move |i| {
            stamps[i].run();
        });
        let mut answers = Vec::new();
        judge
            .case("banco: cuatro cajeros sellan a la vez lo que no comparte cuenta")
            .with("doce órdenes entre cuatro pares de cuentas; sellar la 0 tarda 250 ms; las demás, 10")
            .because("un cerrojo para todo el banco no pierde dinero, pero deja un solo cajero")
            .shows(|| {
                (_, answers) = banco(vec![9; 8], orders, 4, seal);
                jobs.done().expect_peak(4)
            });
        judge
            .case("banco: nadie espera detrás de la orden que tarda")
            .with("las mismas")
            .because("un cajero libre y una orden esperando no deben coincidir")
            .shows(|| {
                let finished = jobs.done().finished();
                expect(
                    finished.len() == 11 && finished.last() == Some(&0),
                    "la 0 se acaba de sellar la última de las once",
                    format!("se acaban de sellar en este orden: {finished:?}"),
                )
            });
        judge
            .case("banco: las respuestas salen en el orden de las órdenes")
            .with("las mismas: la 5 no tiene saldo")
            .because("quien llama empareja cada respuesta con su orden por la posición")
            .gives(right, || answers);

        let mut rng = Rng::with_seed(10);
        let start = vec![100; 6];
        let orders: Vec<Order> = (0..3000)
            .map(|_| (rng.usize(..6), rng.usize(..6), rng.i64(1..60)))
            .collect();
        judge
            .case("banco: con tres mil órdenes no falta ni sobra un céntimo")
            .with("seis cuentas con 100 y tres mil órdenes al azar; cuatro cajeros")
            .because("explorar busca en programas pequeños; este es el de verdad")
            .within(4.0)
            .shows(|| {
                let ledger = banco(start.clone(), orders.clone(), 4, Arc::clone(&free));
                let problem = audit(&start, &orders, &ledger);
                expect(
                    problem.is_none(),
                    "saldos que cuadren con lo aceptado",
                    problem.unwrap_or_default(),
                )
            });

        let rounds = [(0, 1, 1), (2, 3, 1), (4, 5, 1), (6, 7, 1)].repeat(2);
        let slow: Seal = Arc::new(|_| thread::sleep(Duration::from_millis(16)));
        let bank = |tellers| banco(vec![9; 8], rounds.clone(), tellers, Arc::clone(&slow));
        judge
            .case("banco: cuatro cajeros tardan bastante menos que uno")
            .with("ocho órdenes entre cuatro pares de cuentas; sellar cuesta 16 ms")
            .because("más cajeros solo sirven si no esperan todos al mismo cerrojo")
            .within(5.0)
            .outruns(
                1.5,
                ("un cajero", || bank(1)),
                ("cuatro cajeros", || bank(4)),
            );
    }
}
