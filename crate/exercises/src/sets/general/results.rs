//! Lo que se espera de unos encargos.

use crate::jobs::Jobs;
use crate::judge::{Mismatch, expect};

/// De menor a mayor: para comparar sin mirar el orden.
pub(super) fn sorted(mut numbers: Vec<u64>) -> Vec<u64> {
    numbers.sort_unstable();
    numbers
}

/// El recibo de cada uno, salvo los que acaban mal, con su porqué.
pub(super) fn outcomes(jobs: &Jobs, bad: &[(u64, &str)]) -> Vec<Result<u64, String>> {
    let outcome = |(id, receipt)| match bad.iter().find(|(bad, _)| *bad == id) {
        Some((_, why)) => Err((*why).to_owned()),
        None => Ok(receipt),
    };
    (0..).zip(jobs.receipts()).map(outcome).collect()
}

/// Exige que se cancelaran a medias justo esos.
pub(super) fn expect_cancelled(jobs: &Jobs, wanted: &[u64]) -> Result<(), Mismatch> {
    let cancelled = sorted(jobs.done().cancelled());
    expect(
        cancelled == wanted,
        format!("cancelados: {wanted:?}"),
        format!("cancelados: {cancelled:?}"),
    )
}
