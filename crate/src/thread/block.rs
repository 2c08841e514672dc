//! `Block`: un bloque que no se cierra hasta que acaban los hilos arrancados dentro.

use std::fmt;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use super::context::Context;
use crate::text::one_line;
use crate::time::{deadline, to_real};

/// El plazo de partida, en segundos de la lección.
const DEFAULT_TIMEOUT: f64 = 60.0;

/// A cuántos se nombra en el aviso.
const NAMED: usize = 5;

/// Un bloque que al cerrarse espera a los hilos arrancados dentro, con un plazo.
///
/// Un hilo que escribe cuando su celda ya ha acabado sale en la celda que se esté ejecutando entonces, o en ninguna.
/// Dentro de un bloque, todos acaban antes que él, se les haya hecho `join` o no, y lo que escriben sale donde toca.
///
/// - Espera a los [`Thread`](crate::Thread) que **arranque** la clausura, a los que arranquen ellos, y así
///   sucesivamente. También cuando solo queda soltar el valor que nadie recogió o sus [`Local`](super::Local).
/// - No espera a los [demonios](crate::Thread::with_daemon), ni a los hilos de `std::thread` o de un pool ajeno, de los
///   que no sabe nada; sí a los `Thread` que no lo sean y un demonio arranque antes de que se cierre.
/// - Si se acaba el plazo, lo avisa en una línea de la salida de error con los nombres de los que siguen, y se cierra
///   sin ellos: siguen en marcha, sin cambios.
/// - Si la clausura entra en pánico, espera igual y después el pánico sigue. Los pánicos de los hilos no son cosa suya:
///   los cuenta el `join` de cada uno.
///
/// Uno dentro de otro: el de fuera espera también a los del de dentro. Cada bloque es del hilo que lo ejecuta.
///
/// # En Python
///
/// Solo hay uno, el programa entero: al acabar, el intérprete espera a los hilos que no son `daemon`, sin plazo.
///
/// # A pelo
///
/// [`std::thread::scope`] espera a los hilos que se lanzan *con su ámbito*, sin plazo y sin los que lancen ellos, y a
/// cambio les deja usar datos prestados.
///
/// # Examples
///
/// ```
/// use concurrencia::Thread;
/// use concurrencia::thread::{Block, ThreadError};
///
/// let bloque = Block::new().with_timeout(5);
/// bloque.run(|| {
///     for id in 1..=3 {
///         let mut hilo = Thread::new(move || println!("soy el {id}"));
///         hilo.start()?; // y nadie le hace join
///     }
///     Ok::<(), ThreadError>(())
/// })?;
/// println!("los tres han acabado ya");
/// # Ok::<(), ThreadError>(())
/// ```
#[derive(Clone)]
pub struct Block {
    timeout: f64,
}

impl Block {
    /// Un bloque con el plazo de partida: 60 segundos de la lección.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::thread::Block;
    ///
    /// assert_eq!(Block::new().run(|| 2 + 2), 4);
    /// ```
    pub fn new() -> Block {
        Block {
            timeout: DEFAULT_TIMEOUT,
        }
    }

    /// El mismo con otro plazo, en segundos de la lección. Empieza a contar cuando acaba la clausura.
    ///
    /// Con 0 no espera: solo avisa de los que siguen.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    /// use concurrencia::thread::Block;
    /// use std::sync::mpsc;
    ///
    /// let (suelta, espera) = mpsc::channel::<()>();
    /// let mut hilo = Thread::new(move || espera.recv()).with_name("descarga-3");
    /// Block::new().with_timeout(0.1).run(|| hilo.start())?;
    /// // Aviso: «… sigue en marcha «descarga-3» …»
    /// assert!(hilo.is_alive());
    /// suelta.send(()).unwrap();
    /// hilo.join()?.unwrap();
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    #[must_use = "with_timeout devuelve el bloque con su plazo nuevo"]
    pub fn with_timeout(mut self, seconds: impl Into<f64>) -> Block {
        self.timeout = seconds.into();
        // Que un plazo imposible se sepa aquí y no al cerrar.
        to_real(self.timeout);
        self
    }

    /// Ejecuta `f`, espera a los hilos que haya arrancado y devuelve lo que `f` devolvió. **Bloquea** hasta que acaban o
    /// se acaba el plazo.
    ///
    /// # Panics
    ///
    /// Si `f` entra en pánico, con el mismo, después de esperar.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    /// use concurrencia::thread::Block;
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// static SUMA: AtomicU64 = AtomicU64::new(0);
    ///
    /// Block::new().run(|| {
    ///     let mut hilos = [123, 456].map(|id| Thread::new(move || SUMA.fetch_add(id, Ordering::Relaxed)));
    ///     hilos.iter_mut().try_for_each(Thread::start)
    /// })?;
    /// assert_eq!(SUMA.load(Ordering::Relaxed), 579);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn run<R>(&self, f: impl FnOnce() -> R) -> R {
        let (context, gathering) = Context::current().in_new_block();
        let outcome = {
            let _inside = context.enter();
            catch_unwind(AssertUnwindSafe(f))
        };
        let left = gathering.wait_empty(deadline(self.timeout));
        if !left.is_empty() {
            warn(&left, self.timeout);
        }
        outcome.unwrap_or_else(|payload| resume_unwind(payload))
    }
}

impl Default for Block {
    fn default() -> Block {
        Block::new()
    }
}

/// `Block(plazo de 60 s)`, en segundos de la lección.
impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Block(plazo de {} s)", seconds(self.timeout))
    }
}

/// Ejecuta `f` y espera a los hilos que haya arrancado: un [`Block`] con el plazo de partida, 60 segundos de la lección.
///
/// **Bloquea** hasta que acaban o se acaba el plazo. Devuelve lo que `f` devolvió.
///
/// # En Python
///
/// Lo que hace el intérprete antes de salir: esperar a los hilos que no son `daemon`.
///
/// # Panics
///
/// Si `f` entra en pánico, con el mismo, después de esperar.
///
/// # Examples
///
/// ```
/// use concurrencia::{Thread, thread};
///
/// thread::block(|| {
///     let mut hilo = Thread::new(|| println!("hola desde el hilo"));
///     hilo.start()
/// })?;
/// println!("y adiós, siempre después");
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
pub fn block<R>(f: impl FnOnce() -> R) -> R {
    Block::new().run(f)
}

fn warn(left: &[Arc<str>], timeout: f64) {
    let line = warning(left, timeout);
    // Si la salida de error está cerrada no queda dónde avisar.
    let _ = io::stderr().lock().write_all(line.as_bytes());
}

fn warning(left: &[Arc<str>], timeout: f64) -> String {
    let named = left.iter().take(NAMED);
    let mut names = named
        .map(|name| format!("«{}»", one_line(name)))
        .collect::<Vec<_>>()
        .join(", ");
    if left.len() > NAMED {
        names += &format!(" y {} más", left.len() - NAMED);
    }
    let (follow, them) = if left.len() == 1 {
        ("sigue", "lo")
    } else {
        ("siguen", "los")
    };
    format!(
        "aviso: el bloque se cierra y {follow} en marcha {names} tras esperar{them} {} s: da más plazo con \
         Block::new().with_timeout(…), o créa{them} con with_daemon(true) si no hay que esperar{them}\n",
        seconds(timeout)
    )
}

fn seconds(seconds: f64) -> String {
    seconds.to_string().replace('.', ",")
}
