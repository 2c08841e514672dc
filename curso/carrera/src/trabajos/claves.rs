//! Derivar claves: cálculo puro, en Rust y en el OpenSSL que lleva Python, que suelta el GIL.

use super::Hecho;
use crate::cifra::{Cifra, Meta::AlMenos};
use concurrencia::{Race, ThreadPool};
use workloads::cpu::pbkdf2_hmac;
use workloads::python::CPU;

const VUELTAS: u32 = 100_000;
const SAL: &str = "sal";

pub(super) fn corre(repeticiones: usize) -> Hecho {
    let claves: Vec<String> = (0..8).map(|n| format!("clave {n}")).collect();
    let (una, dos) = (ThreadPool::new(1)?, ThreadPool::new(2)?);
    let con = |pool: &ThreadPool| pool.map(deriva, claves.clone()).unwrap();
    let carrera = Race::new("8 claves", repeticiones)
        .rust("1 hilo", || con(&una))
        .rust("2 hilos", || con(&dos))
        .python(
            "OpenSSL, 1 hilo",
            CPU.call("claves_en_serie", (claves.clone(), SAL.to_owned(), VUELTAS)),
        )
        .python(
            "OpenSSL, 2 hilos",
            CPU.call(
                "claves_con_hilos",
                (claves.clone(), SAL.to_owned(), VUELTAS, 2),
            ),
        )
        .python(
            "OpenSSL, 2 procesos",
            CPU.call(
                "claves_con_procesos",
                (claves.clone(), SAL.to_owned(), VUELTAS, 2),
            ),
        )
        .run()?;
    println!("{carrera}");
    let cifras = [
        Cifra::de(
            "PBKDF2 en 1 hilo, veces más deprisa que OpenSSL",
            carrera.ratio("1 hilo", "OpenSSL, 1 hilo"),
            AlMenos(1.0),
        ),
        Cifra::de(
            "PBKDF2 en 2 hilos, veces más deprisa que en 1",
            carrera.ratio("2 hilos", "1 hilo"),
            AlMenos(1.9),
        ),
    ];
    Ok(cifras.into_iter().flatten().collect())
}

/// La clave derivada, en hexadecimal.
fn deriva(clave: String) -> String {
    let derivada = pbkdf2_hmac(clave, SAL, VUELTAS);
    derivada.iter().map(|byte| format!("{byte:02x}")).collect()
}
