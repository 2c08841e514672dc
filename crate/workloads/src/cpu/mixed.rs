//! [`mixed`]: una tarea que espera y calcula.

use std::fmt;
use std::hint::black_box;
use std::time::{Duration, Instant};

use concurrencia::sleep;
use concurrencia::time::scale;
use serde::{Deserialize, Serialize};

use super::pbkdf2_hmac;

/// Las vueltas de cada clave, en la lección.
const ROUNDS: f64 = 100_000.0;

/// La tarea mixta de tamaño `n`: primero espera y después calcula; da lo que tardó cada parte.
///
/// Espera medio segundo de la lección por cada par entre 0 y `n` (sin llegar): ⌈`n`/2⌉ veces, así que crece a saltos.
/// Calcula `n` claves con [`pbkdf2_hmac`], de 100 000 vueltas si un segundo de la lección dura un segundo; con otra
/// [escala](concurrencia::time), en proporción (a 0,1, 10 000). Así lo que espera y lo que calcula guardan la misma
/// relación a cualquier escala.
///
/// **Bloquea** su hilo las dos partes.
///
/// # En Python
///
/// ```python
/// def do_work(n):
///     for i in range(n):
///         if i % 2 == 0:
///             sleep(0.5)
///     for i in range(n):
///         hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 100_000)
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::time::to_real;
/// use workloads::cpu::mixed;
///
/// let tres = mixed(3);
/// assert_eq!(tres.n(), 3);
/// assert!(tres.waiting() >= to_real(1)); // dos pares: el 0 y el 2
/// assert_eq!(tres.total(), tres.waiting() + tres.computing());
/// ```
pub fn mixed(n: u32) -> Mixed {
    let start = Instant::now();
    for _ in 0..n.div_ceil(2) {
        sleep(0.5);
    }
    let waiting = start.elapsed();
    let start = Instant::now();
    let rounds = (ROUNDS * scale()).round().max(1.0) as u32;
    let mut key = None;
    for _ in 0..n {
        key = Some(black_box(pbkdf2_hmac("clave", "sal", rounds)));
    }
    Mixed {
        n,
        waiting,
        computing: start.elapsed(),
        key,
    }
}

/// Lo que tardó cada parte de [`mixed`], en tiempo real.
///
/// Viaja entre procesos.
///
/// # Examples
///
/// Ve [`mixed`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mixed {
    n: u32,
    waiting: Duration,
    computing: Duration,
    key: Option<[u8; 32]>,
}

impl Mixed {
    /// El tamaño de la tarea.
    pub fn n(&self) -> u32 {
        self.n
    }

    /// Lo que estuvo esperando.
    pub fn waiting(&self) -> Duration {
        self.waiting
    }

    /// Lo que estuvo calculando.
    pub fn computing(&self) -> Duration {
        self.computing
    }

    /// La última clave que calculó, en hexadecimal; ninguna si el tamaño es 0.
    pub fn key(&self) -> Option<String> {
        let key = self.key?;
        Some(key.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Lo uno y lo otro.
    pub fn total(&self) -> Duration {
        self.waiting + self.computing
    }
}

impl fmt::Display for Mixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} ms de espera y {} ms de cálculo",
            self.n,
            self.waiting.as_millis(),
            self.computing.as_millis()
        )
    }
}
