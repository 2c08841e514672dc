//! «Carreras que compilan».

use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, PoisonError};

use explore::sync::Mutex as ExploredMutex;
use explore::sync::atomic::AtomicU64 as ExploredU64;

use super::accounts::{Accounts, accounts, money};
use super::interleavings::{EXPLORING, at_once, in_any_order};
use crate::exercise::{Exercise, Name, name};
use crate::judge::{Judge, Mismatch};

impl Exercise for Name<{ name("paralelo-05") }> {
    const NAME: &'static str = "paralelo-05";
    type Function = fn(&ExploredU64) -> u64;

    fn judge(siguiente: Self::Function, judge: &mut Judge) {
        judge
            .case("uno detrás de otro, los números salen seguidos")
            .with("el contador en 5; tres veces en el mismo hilo")
            .because("se da el número que había, y se deja preparado el siguiente")
            .within(EXPLORING)
            .shows(move || {
                in_any_order(move || {
                    let turno = ExploredU64::new(5).with_name("turno");
                    let got = [(); 3].map(|()| siguiente(&turno));
                    assert!(got == [5, 6, 7], "salen {got:?} y eran [5, 6, 7]");
                })
            });
        for (n, title) in [
            (2, "dos hilos no sacan nunca el mismo número"),
            (3, "con tres hilos tampoco se repite ni se pierde ninguno"),
        ] {
            judge
                .case(title)
                .with(format!(
                    "el contador en 0; {n} hilos, cruzados de muchas maneras"
                ))
                .because("entre leer y escribir cabe otro hilo entero")
                .within(EXPLORING)
                .shows(move || {
                    in_any_order(move || {
                        let turno = Arc::new(ExploredU64::new(0).with_name("turno"));
                        let shared = Arc::clone(&turno);
                        let mut got = at_once(n, move |_| siguiente(&shared));
                        got.sort_unstable();
                        let left = turno.load(SeqCst);
                        assert!(
                            got.iter().copied().eq(0..n as u64) && left == n as u64,
                            "han salido {got:?} y el contador queda en {left}"
                        );
                    })
                });
        }
    }
}

impl Exercise for Name<{ name("paralelo-06") }> {
    const NAME: &'static str = "paralelo-06";
    type Function = fn(&ExploredMutex<i64>, i64) -> bool;

    fn judge(retira: Self::Function, judge: &mut Judge) {
        let account = |money| ExploredMutex::new(money).with_name("saldo");
        judge
            .case("se retira si hay bastante, y si no, no se toca")
            .with("saldo 10; se piden 4, 7 y 6, en el mismo hilo")
            .because("gastar justo lo que queda vale; pasarse, no")
            .within(EXPLORING)
            .shows(move || {
                in_any_order(move || {
                    let saldo = account(10);
                    let got = [4, 7, 6].map(|n| retira(&saldo, n));
                    let left = *saldo.lock().unwrap_or_else(PoisonError::into_inner);
                    assert!(
                        got == [true, false, true] && left == 0,
                        "dan {got:?} y quedan {left}; eran [true, false, true] y 0"
                    );
                })
            });
        let cases = [
            (
                "con 10 no cobran los dos que piden 7",
                7,
                1,
                "lo que se miró puede haber cambiado cuando se usa",
            ),
            (
                "con 10 cobran los dos que piden 4",
                4,
                2,
                "que el cerrojo esté cogido no quiere decir que no haya dinero",
            ),
        ];
        for (title, amount, paid, reason) in cases {
            judge
                .case(title)
                .with(format!(
                    "saldo 10; dos hilos piden {amount}, cruzados de muchas maneras"
                ))
                .because(reason)
                .within(EXPLORING)
                .shows(move || {
                    in_any_order(move || {
                        let saldo = Arc::new(account(10));
                        let shared = Arc::clone(&saldo);
                        let got = at_once(2, move |_| retira(&shared, amount));
                        let yes = got.iter().filter(|ok| **ok).count();
                        let left = *saldo.lock().unwrap_or_else(PoisonError::into_inner);
                        assert!(
                            yes == paid && left == 10 - amount * paid as i64,
                            "han cobrado {yes} y quedan {left}"
                        );
                    })
                });
        }
    }
}

impl Exercise for Name<{ name("paralelo-07") }> {
    const NAME: &'static str = "paralelo-07";
    type Function = fn(&[ExploredMutex<i64>], usize, usize, i64);

    fn judge(pasa: Self::Function, judge: &mut Judge) {
        /// Hace esas transferencias, cada una en su hilo, y exige los saldos que quedan.
        fn all_at_once(
            pasa: fn(&Accounts, usize, usize, i64),
            start: &'static [i64],
            orders: &'static [(usize, usize, i64)],
        ) -> Result<(), Mismatch> {
            let mut end = start.to_vec();
            for (from, to, amount) in orders {
                end[*from] -= amount;
                end[*to] += amount;
            }
            in_any_order(move || {
                let cuentas = accounts(start);
                let shared = Arc::clone(&cuentas);
                at_once(orders.len(), move |i| {
                    let (from, to, amount) = orders[i];
                    pasa(&shared, from, to, amount);
                });
                let left = money(&cuentas);
                assert!(left == end, "quedan {left:?} y eran {end:?}");
            })
        }

        judge
            .case("el dinero pasa de una cuenta a la otra")
            .with("cuentas [10, 20]; 4 de la 1 a la 0, sin nadie más")
            .because("lo que sale de una entra en la otra")
            .within(EXPLORING)
            .shows(move || all_at_once(pasa, &[10, 20], &[(1, 0, 4)]));
        judge
            .case("una ida y una vuelta a la vez no se bloquean")
            .with("cuentas [10, 20]; un hilo pasa 3 de la 0 a la 1 y otro, 4 de la 1 a la 0")
            .because("basta una vez en que cada uno tenga lo que espera el otro")
            .within(EXPLORING)
            .shows(move || all_at_once(pasa, &[10, 20], &[(0, 1, 3), (1, 0, 4)]));
        judge
            .case("tres en corro tampoco")
            .with(
                "cuentas [10, 20, 30]; tres hilos: de la 0 a la 1, de la 1 a la 2 y de la 2 a la 0",
            )
            .because("un círculo puede tener más de dos")
            .within(EXPLORING)
            .shows(move || all_at_once(pasa, &[10, 20, 30], &[(0, 1, 1), (1, 2, 2), (2, 0, 3)]));
        judge
            .case("quien mira las dos cuentas ve siempre todo el dinero")
            .with(
                "cuentas [10, 20]; un hilo pasa 4 de la 0 a la 1 mientras otro coge las dos y suma",
            )
            .because("el dinero que ha salido y no ha llegado no está en ninguna parte")
            .within(EXPLORING)
            .shows(move || {
                in_any_order(move || {
                    let cuentas = accounts(&[10, 20]);
                    let shared = Arc::clone(&cuentas);
                    at_once(2, move |i| {
                        if i == 0 {
                            pasa(&shared, 0, 1, 4);
                        } else if let Ok(one) = shared[0].try_lock()
                            && let Ok(other) = shared[1].try_lock()
                        {
                            let sum = *one + *other;
                            assert!(sum == 30, "entre las dos hay {sum} y eran 30");
                        }
                    });
                })
            });
        judge
            .case("de una cuenta a ella misma no pasa nada")
            .with("cuentas [10, 20]; 4 de la 1 a la 1")
            .because("un cerrojo pedido dos veces por el mismo hilo se espera a sí mismo")
            .within(EXPLORING)
            .shows(move || all_at_once(pasa, &[10, 20], &[(1, 1, 4)]));
    }
}
