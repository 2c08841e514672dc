//! Pruebas del cálculo: los valores publicados, y lo mismo en serie que en procesos.
//!
//! Este programa es su propio hijo, así que lleva su `main`.

use std::process::ExitCode;
use std::time::Duration;

use concurrencia::time::to_real;
use concurrencia::{ProcessPool, ThreadPool, process};
use libtest_mimic::{Arguments, Failed, Trial};
use workloads::cpu::{Mixed, mixed, par_sum_of_squares, pbkdf2_hmac, sum_of_squares};

fn main() -> ExitCode {
    process::init();
    let argumentos = Arguments::from_args();
    let pruebas: [(&str, fn()); 7] = [
        ("los_vectores_del_rfc_7914", los_vectores_del_rfc_7914),
        ("los_vectores_de_siempre", los_vectores_de_siempre),
        (
            "la_misma_clave_en_un_hilo_y_en_otro_proceso",
            la_misma_clave_en_un_hilo_y_en_otro_proceso,
        ),
        ("sin_vueltas_no_hay_clave", sin_vueltas_no_hay_clave),
        ("la_suma_de_la_leccion", la_suma_de_la_leccion),
        ("la_suma_en_serie_y_repartida", la_suma_en_serie_y_repartida),
        (
            "el_trabajo_mixto_espera_y_calcula",
            el_trabajo_mixto_espera_y_calcula,
        ),
    ];
    let pruebas = pruebas.map(|(nombre, cuerpo)| {
        Trial::test(nombre, move || {
            cuerpo();
            Ok::<(), Failed>(())
        })
    });
    libtest_mimic::run(&argumentos, pruebas.into()).exit_code()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn los_vectores_del_rfc_7914() {
    // El apartado 11 da 64 bytes; los 32 primeros no dependen de los demás.
    assert_eq!(
        hex(&pbkdf2_hmac("passwd", "salt", 1)),
        "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
    );
    assert_eq!(
        hex(&pbkdf2_hmac("Password", "NaCl", 80_000)),
        "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
    );
}

fn los_vectores_de_siempre() {
    // Los de PBKDF2-HMAC-SHA1 del RFC 6070, con SHA-256.
    for (vueltas, clave) in [
        (
            1,
            "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b",
        ),
        (
            2,
            "ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43",
        ),
        (
            4096,
            "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a",
        ),
    ] {
        assert_eq!(hex(&pbkdf2_hmac(b"password", b"salt", vueltas)), clave);
    }
    // Una contraseña de más de un bloque pasa antes por SHA-256.
    assert_eq!(hex(&pbkdf2_hmac([b'a'; 65], b"salt", 3)), LARGA);
}

const LARGA: &str = "4afd8eda1227ba57eff25d7df2a645bc0759ef0054192865b075c70a5c7a4a4e";

fn clave(n: u8) -> [u8; 32] {
    pbkdf2_hmac([n], b"sal", 50)
}

fn la_misma_clave_en_un_hilo_y_en_otro_proceso() {
    let aqui: Vec<_> = (0..8).map(clave).collect();
    let hilos = ThreadPool::new(2).unwrap().map(clave, 0..8).unwrap();
    let procesos = ProcessPool::new(2).unwrap().map(clave, 0..8).unwrap();
    assert_eq!(aqui, hilos);
    assert_eq!(aqui, procesos);
}

fn sin_vueltas_no_hay_clave() {
    assert!(std::panic::catch_unwind(|| pbkdf2_hmac("a", "b", 0)).is_err());
}

fn la_suma_de_la_leccion() {
    let suma = sum_of_squares(0..10_000_000);
    assert_eq!(suma, 333_333_283_333_335_000_000);
    assert!(u64::try_from(suma).is_err());
    // La lección la divide entre sus dos argumentos: `cpu_bound(123, 100)`.
    assert_eq!(suma / (123 + 100), 1_494_768_086_696_569_506);
}

fn la_suma_en_serie_y_repartida() {
    for n in [0, 1, 2, 1000, 100_003] {
        let formula = u128::from(n) * u128::from(n + 1) * u128::from(2 * n + 1) / 6;
        assert_eq!(sum_of_squares(1..=n), formula);
        assert_eq!(par_sum_of_squares(1..=n), formula);
    }
    assert_eq!(par_sum_of_squares(vec![1 << 62; 3]), 3 << 124);
    // Lo que no cabe se dice; no da la vuelta en silencio.
    assert!(std::panic::catch_unwind(|| sum_of_squares([u64::MAX; 3])).is_err());
}

fn el_trabajo_mixto_espera_y_calcula() {
    for (n, segundos) in [(0, 0.0), (1, 0.5), (2, 0.5), (3, 1.0)] {
        let hecho = mixed(n);
        assert!(hecho.waiting() >= to_real(segundos), "{hecho}");
        assert_eq!(
            hecho.computing() > Duration::from_micros(50),
            n > 0,
            "{hecho}"
        );
    }
    let otros: Vec<Mixed> = ProcessPool::new(2).unwrap().map(mixed, 0..3).unwrap();
    assert_eq!(otros.iter().map(Mixed::n).collect::<Vec<_>>(), [0, 1, 2]);
    assert!(otros[2].total() >= to_real(0.5));
    // Sin tareas no hay clave; con las que haya, siempre la misma.
    assert_eq!((otros[0].key(), otros[1].key()), (None, mixed(1).key()));
    assert_eq!(otros[2].key().map(|clave| clave.len()), Some(64));
}
