//! La suma de cuadrados: cálculo que en Python los hilos no aceleran.

use super::{Hecho, nucleos};
use concurrencia::Race;
use workloads::cpu::{par_sum_of_squares, sum_of_squares};
use workloads::python::CPU;

const HASTA: u64 = 10_000_000;
/// La lección divide la suma entre la de sus dos argumentos, 123 y 100.
const ENTRE: u64 = 223;

pub(super) fn corre(repeticiones: usize) -> Hecho {
    let n = nucleos();
    let entero = |suma: u128| u64::try_from(suma / u128::from(ENTRE)).expect("dividida, cabe");
    let carrera = Race::new("suma de cuadrados", repeticiones)
        .rust("bucle", || entero(sum_of_squares(0..HASTA)))
        .rust("rayon", || entero(par_sum_of_squares(0..HASTA)))
        .python("sum", CPU.call("cuadrados_en_serie", (HASTA, ENTRE)))
        .python(
            format!("{n} hilos"),
            CPU.call("cuadrados_con_hilos", (HASTA, ENTRE, n)),
        )
        .python(
            format!("{n} procesos"),
            CPU.call("cuadrados_con_procesos", (HASTA, ENTRE, n)),
        )
        .run()?;
    println!("{carrera}");
    Ok(Vec::new())
}
