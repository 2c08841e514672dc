//! `Leftovers`: los hilos y los procesos que una función deja sueltos.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use crate::judge::{Mismatch, expect};

/// Lo que se espera a que acabe lo que ya estaba acabando.
const GRACE: Duration = Duration::from_millis(400);

/// Cuántos hilos y procesos hijos había antes de llamar a una función, para saber si después quedan más.
///
/// Los cuenta el sistema, así que ve también los de `std::thread`. Solo Linux lo dice sin permisos: en otros sistemas no
/// ve ninguno.
///
/// # Examples
///
/// ```
/// use exercises::Leftovers;
///
/// let antes = Leftovers::watch();
/// std::thread::spawn(|| ()).join().unwrap();
/// assert_eq!(antes.threads(), 0);
/// assert!(antes.expect_no_threads().is_ok());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Leftovers {
    threads: usize,
    processes: usize,
}

impl Leftovers {
    /// Cuenta los que hay ahora.
    pub fn watch() -> Leftovers {
        Leftovers {
            threads: threads(),
            processes: processes(),
        }
    }

    /// Cuántos hilos de más hay. **Bloquea** hasta 0,4 s si los hay: puede que estén acabando.
    pub fn threads(&self) -> usize {
        settle(|| threads().saturating_sub(self.threads))
    }

    /// Cuántos procesos hijos de más hay. **Bloquea** como [`threads`](Leftovers::threads).
    pub fn processes(&self) -> usize {
        settle(|| processes().saturating_sub(self.processes))
    }

    /// Exige que no haya ningún hilo de más. **Bloquea** como [`threads`](Leftovers::threads).
    ///
    /// # Errors
    ///
    /// El [`Mismatch`], si queda alguno.
    pub fn expect_no_threads(&self) -> Result<(), Mismatch> {
        let threads = self.threads();
        expect(
            threads == 0,
            "ningún hilo más que antes",
            format!("hilos sueltos: {threads}"),
        )
    }
}

fn settle(count: impl Fn() -> usize) -> usize {
    let until = Instant::now() + GRACE;
    loop {
        let left = count();
        if left == 0 || Instant::now() > until {
            return left;
        }
        thread::sleep(Duration::from_millis(2));
    }
}

fn threads() -> usize {
    fs::read_dir("/proc/self/task").map_or(0, Iterator::count)
}

fn processes() -> usize {
    let children = |task: fs::DirEntry| {
        let list = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        list.split_whitespace().count()
    };
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten();
    tasks.flatten().map(children).sum()
}
