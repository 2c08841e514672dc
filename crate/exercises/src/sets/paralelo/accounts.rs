//! Cuentas con dinero, cada una con su cerrojo, que se exploran.

use std::sync::{Arc, PoisonError};

use explore::sync::Mutex as ExploredMutex;

/// Unas cuentas, como las ve quien hace el ejercicio.
pub(super) type Accounts = [ExploredMutex<i64>];

/// Cuentas que se exploran, con su número por nombre.
pub(super) fn accounts(money: &[i64]) -> Arc<Vec<ExploredMutex<i64>>> {
    let accounts = money.iter().enumerate();
    let account = |(i, n): (usize, &i64)| ExploredMutex::new(*n).with_name(format!("cuenta {i}"));
    Arc::new(accounts.map(account).collect())
}

/// Lo que hay en cada una.
pub(super) fn money(accounts: &Accounts) -> Vec<i64> {
    let money =
        |account: &ExploredMutex<i64>| *account.lock().unwrap_or_else(PoisonError::into_inner);
    accounts.iter().map(money).collect()
}
