//! Lo que tarda el cálculo: una clave, ocho con uno y dos hilos, y la suma de cuadrados, aquí y en Python.
//!
//! `CONCURRENCIA_PYTHON=python3 cargo bench -p concurrencia-workloads --bench cpu`
//!
//! Sin esa variable se mide sin Python.

use std::env;
use std::hint::black_box;

use comun::{Banco, Pedido, con_dos_hilos, veces};
use concurrencia::ThreadPoolExecutor;
use workloads::cpu::{par_sum_of_squares, pbkdf2_hmac, sum_of_squares};

#[path = "../../benches/comun/mod.rs"]
mod comun;

const PEDIDOS: [Pedido; 3] = [
    Pedido {
        nombre: "pbkdf2/1",
        python: 1.0,
        a_pelo: None,
    },
    Pedido {
        nombre: "hilos/1",
        python: 1.0,
        a_pelo: None,
    },
    Pedido {
        nombre: "hilos/2",
        python: 1.0,
        a_pelo: None,
    },
];

fn clave(_: u32) -> [u8; 32] {
    pbkdf2_hmac(b"password", b"salt", 100_000)
}

fn main() {
    let python = env::var_os("CONCURRENCIA_PYTHON");
    let mut banco = Banco::con_python("cpu.py", python.as_deref());
    banco
        .trabajo("pbkdf2", 1)
        .aqui(|n| {
            veces(n, || {
                black_box(clave(0));
            })
        })
        .python();
    let ejecutores = [1, 2].map(|hilos| ThreadPoolExecutor::new(hilos).expect("hay hilos"));
    let ocho = |hilos: usize| {
        let claves = ejecutores[hilos - 1].map(clave, 0..8);
        assert_eq!(claves.filter(Result::is_ok).count(), 8);
    };
    for hilos in [1, 2] {
        banco
            .trabajo("hilos", hilos)
            .largo_si(true)
            .aqui(|n| veces(n, || ocho(hilos)))
            .python();
    }
    // A pelo va la repartida, con rayon: los dos núcleos.
    banco
        .trabajo("suma", 10_000_000)
        .largo_si(true)
        .aqui(|n| {
            veces(n, || {
                black_box(sum_of_squares(0..10_000_000));
            })
        })
        .a_pelo(|n| {
            veces(n, || {
                black_box(par_sum_of_squares(0..10_000_000_u64));
            })
        })
        .python();
    banco.tabla(&PEDIDOS);
    // Se pide ≥ 1,9×.
    con_dos_hilos("8 claves", ocho);
}
