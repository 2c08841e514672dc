//! `timeline` y `record`: capturar lo que pasa mientras se ejecuta algo.

use std::num::NonZeroUsize;
use std::thread::available_parallelism;

use super::build::build;
use super::clock::now;
use super::event::Kind;
use super::recorder::{self, Recorded};
use super::{NOTHING, State, Trace};

/// Ejecuta `f` y da la línea de tiempo de lo que hicieron mientras tanto los hilos, los procesos y las tareas.
///
/// Todas las piezas del crate se apuntan solas: hilos, pools, ejecutores, procesos, tareas asíncronas, cerrojos, colas y
/// temporizadores; y [`sleep`](crate::sleep), en cualquier hilo. Lo que no es del crate se apunta con
/// [`span`](super::span) o [`io`](super::io). Se captura todo el programa, no solo lo que haga `f`: un hilo que siga en
/// marcha de antes sale en cuanto haga algo. Las capturas se pueden anidar, y hacer varias a la vez.
///
/// **Bloquea** lo que tarde `f`, en el hilo que llama. Lo que `f` devuelve se suelta: si lo quieres, o puede ser un error,
/// usa [`record`]. Una tarea que acaba en pánico sale marcada. Si es `f` quien entra en pánico, la captura se cierra y el
/// pánico sigue.
///
/// # En Python
///
/// No hay nada parecido de serie; lo más cercano es VizTracer.
///
/// # Examples
///
/// ```
/// use concurrencia::timeline::timeline;
/// use concurrencia::{ThreadPool, sleep};
///
/// fn tarea(_: u32) {
///     sleep(1);
/// }
///
/// let pool = ThreadPool::new(4)?;
/// let traza = timeline(|| pool.map(tarea, 0..8));
/// assert_eq!(traza.max_parallelism(), 4);
/// let figura = traza.plot("Cuatro hilos, ocho esperas: dos tandas");
/// assert!(figura.text().contains("tarea 1"));
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
pub fn timeline<T>(f: impl FnOnce() -> T) -> Trace {
    record(f).1
}

/// Como [`timeline`](super::timeline()), y da también lo que devuelve `f`.
///
/// # Examples
///
/// ```
/// use concurrencia::ThreadPool;
/// use concurrencia::timeline::record;
///
/// let pool = ThreadPool::new(2)?;
/// let (cuadrados, traza) = record(|| pool.map(|x: u32| x * x, 0..4));
/// assert_eq!(cuadrados?, [0, 1, 4, 9]);
/// assert!(!traza.tasks().is_empty());
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
pub fn record<T>(f: impl FnOnce() -> T) -> (T, Trace) {
    let capture = Capture::open();
    let value = {
        let lane = recorder::thread_lane();
        let _body = recorder::begin(lane, Kind::Span, State::Run, "el programa".into(), NOTHING);
        f()
    };
    (value, capture.close())
}

/// Una captura abierta. Se cierra sola si `f` entra en pánico.
struct Capture {
    from: u64,
    open: bool,
}

impl Capture {
    fn open() -> Capture {
        recorder::open();
        Capture {
            from: now(),
            open: true,
        }
    }

    fn close(mut self) -> Trace {
        let to = now();
        let main = recorder::thread_lane();
        self.open = false;
        trace(recorder::close(), self.from, to, main)
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        if self.open {
            recorder::close();
        }
    }
}

fn trace(recorded: Recorded, from: u64, to: u64, main: u32) -> Trace {
    let lost = recorded.lost;
    let built = build(recorded, from, to, main);
    Trace {
        duration: to - from,
        cores: available_parallelism().map_or(1, NonZeroUsize::get),
        main: built.main,
        lanes: built.lanes,
        tasks: built.tasks,
        events: built.events,
        lost,
    }
}
