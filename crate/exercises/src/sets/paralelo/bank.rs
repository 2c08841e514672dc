//! El banco de «paralelo-10»: sus tipos y lo que se le exige.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};

use super::accounts::{Accounts, accounts, money};
use super::interleavings::{at_once, in_any_order};
use crate::judge::Mismatch;

/// De qué cuenta, a cuál y cuánto.
pub(super) type Order = (usize, usize, i64);
/// Sella la orden de ese número.
pub(super) type Seal = Arc<dyn Fn(usize) + Send + Sync>;
/// Hace una orden y la sella con las dos cuentas cogidas; dice si se aceptó.
pub(super) type Transfer = fn(&Accounts, Order, &dyn Fn()) -> bool;
/// Los saldos que quedan y, por orden, si se aceptó.
pub(super) type Ledger = (Vec<i64>, Vec<bool>);
/// Hace todas las órdenes entre unos cuantos cajeros.
pub(super) type Bank = fn(Vec<i64>, Vec<Order>, usize, Seal) -> Ledger;

/// Lo que un banco no puede hacer: que los saldos no cuadren con lo que dice que ha aceptado.
pub(super) fn audit(start: &[i64], orders: &[Order], (end, accepted): &Ledger) -> Option<String> {
    if accepted.len() != orders.len() {
        let (orders, answers) = (orders.len(), accepted.len());
        return Some(format!("{orders} órdenes y {answers} respuestas"));
    }
    let mut right = start.to_vec();
    for ((from, to, amount), _) in orders.iter().zip(accepted).filter(|(_, yes)| **yes) {
        right[*from] -= amount;
        right[*to] += amount;
    }
    if *end != right {
        return Some(format!(
            "con lo aceptado los saldos son {right:?}, y quedan {end:?}"
        ));
    }
    let is_broke = end.iter().any(|n| *n < 0);
    is_broke.then(|| format!("una cuenta queda en números rojos: {end:?}"))
}

/// Explora esas órdenes, cada una en su hilo, y exige que se acepten y se sellen `accepted`. Mientras se sella una no
/// puede sellarse otra con una cuenta en común, si `is_strict`.
pub(super) fn transfers(
    transfiere: Transfer,
    start: &'static [i64],
    orders: &'static [Order],
    accepted: usize,
    is_strict: bool,
) -> Result<(), Mismatch> {
    in_any_order(move || {
        let cuentas = accounts(start);
        let sealing = Arc::new(Mutex::new(Vec::new()));
        let seals = Arc::new(AtomicUsize::new(0));
        let (shared, counted) = (Arc::clone(&cuentas), Arc::clone(&seals));
        let yes = at_once(orders.len(), move |i| {
            let seal = || {
                let (from, to, _) = orders[i];
                let clash = {
                    let mut sealing = sealing.lock().unwrap_or_else(PoisonError::into_inner);
                    let clash = sealing.contains(&from) || sealing.contains(&to);
                    sealing.extend([from, to]);
                    clash
                };
                assert!(
                    !(clash && is_strict),
                    "se sella la orden {i} mientras se sella otra con una cuenta en común"
                );
                counted.fetch_add(1, SeqCst);
                explore::thread::yield_now();
                let mut sealing = sealing.lock().unwrap_or_else(PoisonError::into_inner);
                sealing.retain(|account| *account != from && *account != to);
            };
            transfiere(&shared, orders[i], &seal)
        });
        let count = yes.iter().filter(|yes| **yes).count();
        if let Some(problem) = audit(start, orders, &(money(&cuentas), yes)) {
            panic!("{problem}");
        }
        let seals = seals.load(SeqCst);
        assert!(
            (count, seals) == (accepted, accepted),
            "se aceptan {count} y se sellan {seals}; eran {accepted}"
        );
    })
}
