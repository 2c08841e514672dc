//! `EventLoop`: el bucle en el que viven las tareas.

use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use tokio::runtime::{Builder, Handle, Runtime, RuntimeFlavor};
use tokio::task::block_in_place;
use tokio::time::Instant;

use super::run_in_executor::ExecutorFor;
use super::task::{Task, start_in};
use crate::CallableOnce;
use crate::panic::catch;
use crate::time::{to_lesson, to_real};
use crate::timeline::{
    self, CoroutineName, InLane, NOTHING, State, Tracked, coroutine_name, task_label,
};

/// El bucle de eventos: lo que va ejecutando las tareas, cada una hasta su siguiente espera.
///
/// El que está en marcha lo da [`get_running_loop`]; para tener uno propio y usarlo varias veces,
/// [`new`](EventLoop::new). Casi siempre basta con [`run`](super::run), que crea uno, lo usa y lo cierra.
///
/// Clonarlo da otro mango del mismo bucle. El que se crea con `new` tiene un solo hilo (el que llama a
/// [`run_until_complete`](EventLoop::run_until_complete)) y se cierra al soltar el último mango de los que dio `new`:
/// sus tareas se cancelan y lo que esté en un hilo se **espera**. El del núcleo, en una celda con `.await`, tiene uno por
/// procesador.
///
/// # En Python
///
/// ```python
/// bucle = asyncio.new_event_loop()
/// bucle.run_until_complete(main())
/// bucle.close()
/// ```
///
/// # A pelo
///
/// [`tokio::runtime::Runtime`] y su [`Handle`].
///
/// ```
/// let bucle = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
/// assert_eq!(bucle.block_on(async { 5 * 5 }), 25);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::{self, EventLoop};
///
/// let bucle = EventLoop::new();
/// let tarea = bucle.create_task(async { 5 * 5 }); // espera a que alguien ponga el bucle en marcha
/// assert_eq!(bucle.run_until_complete(tarea)?, 25);
/// # Ok::<(), asyncio::TaskError>(())
/// ```
#[derive(Clone)]
pub struct EventLoop {
    place: Handle,
    /// Solo lo tiene quien lo creó: el bucle no se tiene a sí mismo.
    owned: Option<Arc<Owned>>,
}

impl EventLoop {
    /// Un bucle nuevo, parado.
    ///
    /// # En Python
    ///
    /// `asyncio.new_event_loop()`.
    ///
    /// # Panics
    ///
    /// Si el sistema no da más descriptores.
    #[expect(
        clippy::new_without_default,
        reason = "abre descriptores: no es un valor por omisión"
    )]
    pub fn new() -> EventLoop {
        let owned = Owned::new();
        EventLoop {
            place: owned.runtime().handle().clone(),
            owned: Some(Arc::new(owned)),
        }
    }

    /// Ejecuta `future` en este hilo hasta que acabe, y mientras tanto las demás tareas del bucle. **Bloquea**.
    ///
    /// Las que queden a medias siguen ahí, paradas, hasta la próxima vez.
    ///
    /// # En Python
    ///
    /// `bucle.run_until_complete(corrutina())`.
    ///
    /// # Panics
    ///
    /// Si ya se está dentro de un bucle de un solo hilo, o si este mango es el de
    /// [`get_running_loop`]: ese bucle ya está en marcha. Y si `future` entra en pánico.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::{EventLoop, Event};
    ///
    /// let bucle = EventLoop::new();
    /// let aviso = Event::new();
    /// let tarea = bucle.create_task({
    ///     let aviso = aviso.clone();
    ///     async move { aviso.wait().await }
    /// });
    /// bucle.run_until_complete(async { aviso.set() });
    /// assert!(!tarea.done());
    /// bucle.run_until_complete(tarea).unwrap();
    /// ```
    #[track_caller]
    pub fn run_until_complete<F: IntoFuture>(&self, future: F) -> F::Output {
        let Some(owned) = &self.owned else {
            panic!("{ALREADY_RUNNING}");
        };
        to_the_end(future, |main, name| {
            leave_the_loop(|| owned.block_on(main, name));
        })
    }

    /// Los segundos de la lección que marca su reloj, que nunca retrocede.
    ///
    /// Empieza a contar en un momento cualquiera: sirve para restar. Cambiar la [escala](crate::time::set_scale) lo hace
    /// saltar.
    ///
    /// # En Python
    ///
    /// `bucle.time()`.
    ///
    /// # A pelo
    ///
    /// [`std::time::Instant::now`].
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio;
    ///
    /// asyncio::run(async {
    ///     let bucle = asyncio::get_running_loop();
    ///     let inicio = bucle.time();
    ///     asyncio::sleep(1).await;
    ///     assert!(bucle.time() - inicio >= 1.0);
    /// });
    /// ```
    pub fn time(&self) -> f64 {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        to_lesson(START.elapsed())
    }

    /// Pone en marcha una corrutina en este bucle, desde cualquier hilo. No bloquea.
    ///
    /// # En Python
    ///
    /// `bucle.create_task(corrutina())` y, desde otro hilo, `asyncio.run_coroutine_threadsafe(corrutina(), bucle)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{asyncio, Thread};
    ///
    /// asyncio::run(async {
    ///     let bucle = asyncio::get_running_loop();
    ///     let mut hilo = Thread::new(move || bucle.create_task(async { 5 * 5 }));
    ///     hilo.start()?;
    ///     assert_eq!(hilo.join()?.await?, 25);
    ///     Ok::<(), Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn create_task<F>(&self, future: F) -> Task<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        start_in(&self.place, coroutine_name::<F>, future, Ok)
    }

    /// Encarga `callback` para la próxima vuelta del bucle, desde cualquier hilo. No bloquea.
    ///
    /// Se puede cancelar con la tarea que devuelve; si entra en pánico, lo sabe quien la espere, o se anuncia.
    ///
    /// # En Python
    ///
    /// `bucle.call_soon(f)` y `bucle.call_soon_threadsafe(f)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::{self, Event};
    ///
    /// asyncio::run(async {
    ///     let aviso = Event::new();
    ///     let para_luego = aviso.clone();
    ///     asyncio::get_running_loop().call_soon(move || para_luego.set());
    ///     assert!(!aviso.is_set());
    ///     aviso.wait().await;
    /// });
    /// ```
    pub fn call_soon(&self, callback: impl FnOnce() + Send + 'static) -> Task<()> {
        self.create_task(async { callback() })
    }

    /// Encarga `callback` para dentro de `seconds` segundos de la lección. No bloquea.
    ///
    /// Se puede cancelar con la tarea que devuelve.
    ///
    /// # En Python
    ///
    /// `bucle.call_later(5, f)`.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio;
    ///
    /// asyncio::run(async {
    ///     let tarea = asyncio::get_running_loop().call_later(0.5, || println!("¡ya!"));
    ///     tarea.await
    /// })?;
    /// # Ok::<(), asyncio::TaskError>(())
    /// ```
    pub fn call_later(
        &self,
        seconds: impl Into<f64>,
        callback: impl FnOnce() + Send + 'static,
    ) -> Task<()> {
        let delay = to_real(seconds);
        self.create_task(async move {
            tokio::time::sleep(delay).await;
            callback();
        })
    }

    /// Encarga `f(args…)` a un ejecutor y da una [`Task`] con la que esperarlo sin bloquear el bucle.
    ///
    /// `executor` es un ejecutor de hilos (`&ejecutor`), uno de procesos, o `None`: los hilos del propio bucle, como
    /// [`to_thread`](super::to_thread). Lo que ya ha empezado no se interrumpe: cancelar la tarea deja de esperarlo, y
    /// si aún no había empezado, ya no se hace.
    ///
    /// El [`Future`](crate::futures::Future) de [`submit`](crate::futures::ThreadPoolExecutor::submit) también se puede
    /// esperar con `.await`, si su resultado se puede copiar.
    ///
    /// # En Python
    ///
    /// `bucle.run_in_executor(ejecutor, f, *args)`.
    ///
    /// # A pelo
    ///
    /// [`tokio::task::spawn_blocking`], en hilos.
    ///
    /// # Errors
    ///
    /// Al esperar la tarea: [`is_panic`](super::TaskError::is_panic) si `f` entró en pánico; los demás están en
    /// [`future_error`](super::TaskError::future_error).
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio;
    /// use concurrencia::futures::ThreadPoolExecutor;
    ///
    /// fn lee(ruta: &str) -> std::io::Result<String> {
    ///     std::fs::read_to_string(ruta) // bloquea: en una corrutina, pararía el bucle entero
    /// }
    ///
    /// asyncio::run(async {
    ///     let bucle = asyncio::get_running_loop();
    ///     let ejecutor = ThreadPoolExecutor::new(2)?;
    ///     assert!(bucle.run_in_executor(&ejecutor, lee, ("no existe",)).await?.is_err());
    ///     assert_eq!(bucle.run_in_executor(None, i64::pow, (2, 10)).await?, 1024);
    ///     Ok::<(), Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run_in_executor<E, F, Args>(&self, executor: E, f: F, args: Args) -> Task<F::Output>
    where
        E: ExecutorFor<F, Args>,
        F: CallableOnce<Args>,
    {
        executor.run_in(&self.place, f, args)
    }
}

/// `EventLoop(de un hilo)`.
impl fmt::Debug for EventLoop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.place.runtime_flavor() {
            RuntimeFlavor::CurrentThread => "EventLoop(de un hilo)",
            _ => "EventLoop(de varios hilos)",
        })
    }
}

/// El bucle que está ejecutando esto.
///
/// # En Python
///
/// `asyncio.get_running_loop()`.
///
/// # A pelo
///
/// [`tokio::runtime::Handle::current`].
///
/// # Panics
///
/// Si no hay ninguno (en Python, `RuntimeError`).
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio;
///
/// let bucle = asyncio::run(async { asyncio::get_running_loop() });
/// assert_eq!(format!("{bucle:?}"), "EventLoop(de un hilo)");
/// ```
#[track_caller]
pub fn get_running_loop() -> EventLoop {
    EventLoop {
        place: current_handle(),
        owned: None,
    }
}

#[track_caller]
pub(super) fn current_handle() -> Handle {
    try_current_handle().unwrap_or_else(|| panic!("{NO_LOOP}"))
}

pub(super) fn try_current_handle() -> Option<Handle> {
    Handle::try_current().ok()
}

/// Ejecuta `future` en un bucle de usar y tirar.
#[track_caller]
pub(super) fn run_once<F: IntoFuture>(future: F) -> F::Output {
    to_the_end(future, run_erased)
}

/// La parte que no depende de `future`, para que la celda no la compile otra vez.
#[track_caller]
fn run_erased(main: Pin<&mut dyn Future<Output = ()>>, name: CoroutineName) {
    leave_the_loop(|| Owned::new().block_on(main, name));
}

/// Le quita el tipo a `future`, se lo da a `run` y recoge lo que dé.
#[track_caller]
fn to_the_end<F: IntoFuture>(
    future: F,
    run: impl FnOnce(Pin<&mut dyn Future<Output = ()>>, CoroutineName),
) -> F::Output {
    let mut output = None;
    run(
        pin!(async {
            output = Some(future.await);
        }),
        coroutine_name::<F::IntoFuture>,
    );
    output.expect("`run` no vuelve hasta que el futuro ha acabado")
}

/// Llama a `f`, que va a bloquear este hilo con otro bucle, si se puede.
///
/// Desde un bucle de varios hilos sí: los demás siguen. Desde uno de un solo hilo, nadie haría ya sus tareas.
#[track_caller]
fn leave_the_loop<R>(f: impl FnOnce() -> R) -> R {
    assert!(!is_stuck(), "{NESTED}");
    block_in_place(f)
}

/// ¿Está este hilo ejecutando un bucle que no puede dejar?
fn is_stuck() -> bool {
    // También tienen un bucle de un hilo a mano los hilos de `to_thread`, y esos sí pueden: solo tokio los distingue.
    try_current_handle().is_some_and(|place| place.runtime_flavor() == RuntimeFlavor::CurrentThread)
        && catch(|| block_in_place(|| ())).is_err()
}

/// Un runtime de tokio que se puede soltar en cualquier sitio.
struct Owned(Option<Runtime>);

impl Owned {
    fn new() -> Owned {
        let threads = AtomicUsize::new(0);
        let runtime = Builder::new_current_thread()
            .enable_all()
            // Como en Python: se ven en la línea de tiempo y en los mensajes de pánico.
            .thread_name_fn(move || format!("asyncio_{}", threads.fetch_add(1, Ordering::Relaxed)))
            .build();
        Owned(Some(runtime.unwrap_or_else(|error| {
            panic!(
                "el sistema no ha podido crear el bucle ({error}): cierra antes los que ya no uses"
            )
        })))
    }

    fn runtime(&self) -> &Runtime {
        self.0.as_ref().expect("solo falta mientras se suelta")
    }

    /// Ejecuta `main`, y las demás tareas, hasta que acabe.
    fn block_on(&self, mut main: Pin<&mut dyn Future<Output = ()>>, name: CoroutineName) {
        let mut tracked = Tracked::default();
        let label = || task_label(name, MAIN);
        let object = tracked.submitted(label);
        let _loop = timeline::waiting(State::Wait, object, || "bucle de eventos".into());
        let _outside = InLane::outside();
        self.runtime().block_on(poll_fn(|context| {
            tracked.turn(label, context, |context| main.as_mut().poll(context))
        }));
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        let Some(runtime) = self.0.take() else { return };
        // Espera lo que ya hubiera empezado en sus hilos.
        let _closing = timeline::waiting(State::Wait, NOTHING, || "cierre del bucle".into());
        if is_stuck() {
            // Esperar aquí a sus hilos pararía el bucle de fuera.
            runtime.shutdown_background();
        } else {
            block_in_place(|| drop(runtime));
        }
    }
}

/// El nombre de lo que se ejecuta directamente en el bucle.
const MAIN: &str = "Task-main";

const NO_LOOP: &str = "no hay ningún bucle en marcha: hazlo dentro de asyncio::run(async { … }), o en una celda que use \
                       .await";

const NESTED: &str = "ya estás dentro de un bucle de un solo hilo, y mientras otro lo bloqueara no avanzaría ninguna de \
                      sus tareas: en una función async, espera con .await en lugar de llamar a asyncio::run";

const ALREADY_RUNNING: &str = "ese bucle ya está en marcha: para ejecutar algo en él, espéralo con .await o usa \
                               create_task";
