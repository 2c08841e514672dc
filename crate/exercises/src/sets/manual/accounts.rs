//! Las cuentas de dos sedes, que llevan varios procesos.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use concurrencia::process::ManagedDict;

/// De cada sede, lo que hay en su cuenta.
type Accounts = ManagedDict<String, u64>;

/// Lo que hay en las cuentas de la Norte y de la Sur.
pub(super) fn balances(accounts: &Accounts) -> [u64; 2] {
    ["Norte", "Sur"].map(|office| {
        let balance = accounts.get(office).expect("el Manager no está");
        balance.unwrap_or(0)
    })
}

/// Suma de uno en uno en la Norte mientras dura `f`; da cuánto ha sumado.
pub(super) fn adding(accounts: &Accounts, f: impl FnOnce()) -> u64 {
    let over = AtomicBool::new(false);
    let (result, added) = thread::scope(|scope| {
        let adder = scope.spawn(|| {
            let mut added = 0;
            while !over.load(Ordering::Relaxed) {
                let sum = accounts.update("Norte".to_owned(), 0, |balance| balance + 1);
                added += u64::from(sum.is_ok());
                // Un respiro, para que los demás también lleguen.
                thread::sleep(Duration::from_micros(20));
            }
            added
        });
        let result = catch_unwind(AssertUnwindSafe(f));
        over.store(true, Ordering::Relaxed);
        (result, adder.join().unwrap_or(0))
    });
    if let Err(load) = result {
        resume_unwind(load);
    }
    added
}
