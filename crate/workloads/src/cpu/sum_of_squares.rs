//! [`sum_of_squares`]: una suma que no cabe en 64 bits.

use std::hint::black_box;

use concurrencia::rayon::prelude::*;

/// La suma de los cuadrados de unos números.
///
/// En `u128`: la de los diez primeros millones ya no cabe en un `u64`. Los suma de verdad, uno a uno, sin dejar que el
/// compilador cambie el bucle por la fórmula, que tarda lo mismo para diez que para diez millones.
///
/// # En Python
///
/// `sum(i * i for i in range(10**7))`: sus enteros crecen lo que haga falta.
///
/// # A pelo
///
/// `numbers.map(|n| u128::from(n).pow(2)).sum()`.
///
/// # Panics
///
/// Si la suma no cabe en 128 bits: hacen falta números de más de 18 cifras.
///
/// # Examples
///
/// ```
/// use workloads::cpu::sum_of_squares;
///
/// assert_eq!(sum_of_squares(1..=3), 14);
/// assert_eq!(sum_of_squares([u64::MAX]), u128::from(u64::MAX).pow(2));
/// ```
pub fn sum_of_squares(numbers: impl IntoIterator<Item = u64>) -> u128 {
    numbers.into_iter().map(square).fold(0, add)
}

/// Como [`sum_of_squares`], repartida entre los hilos de rayon.
///
/// # Panics
///
/// Si la suma no cabe en 128 bits.
///
/// # Examples
///
/// ```
/// use workloads::cpu::{par_sum_of_squares, sum_of_squares};
///
/// assert_eq!(par_sum_of_squares(0..100_000), sum_of_squares(0..100_000));
/// ```
pub fn par_sum_of_squares(numbers: impl IntoParallelIterator<Item = u64>) -> u128 {
    numbers.into_par_iter().map(square).reduce(|| 0, add)
}

fn square(n: u64) -> u128 {
    u128::from(black_box(n)).pow(2)
}

fn add(a: u128, b: u128) -> u128 {
    a.checked_add(b).expect("la suma no cabe en 128 bits")
}
