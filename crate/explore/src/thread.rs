//! Los hilos de [`std::thread`] para los programas que se exploran: mismo nombre, mismo uso.
//!
//! En el informe salen con el nombre que les dé [`Builder::name`] o, si no, como «hilo 1», «hilo 2»… por orden de
//! creación. No está `scope`: comparte con [`Arc`].

pub use std::thread::{Result, panicking};

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::{Waiting, launch, me, note, point, wait_for, with};

/// Lanza un hilo: el [`std::thread::spawn`] de los programas que se exploran.
///
/// Un pánico en cualquier hilo hace que la ejecución sea un fallo, aunque nadie lo espere con `join`.
///
/// # En Python
///
/// `threading.Thread(target=f).start()`.
///
/// # A pelo
///
/// [`std::thread::spawn`].
///
/// # Examples
///
/// ```
/// use explore::{explore, thread};
///
/// let informe = explore(|| {
///     let hilo = thread::spawn(|| 2 + 2);
///     assert_eq!(hilo.join().unwrap(), 4);
/// });
/// assert!(informe.is_ok());
/// ```
pub fn spawn<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    start(None, f)
}

fn start<T: Send + 'static>(
    name: Option<Arc<str>>,
    f: impl FnOnce() -> T + Send + 'static,
) -> JoinHandle<T> {
    if point() {
        note(|run, _| match &name {
            Some(name) => format!("crea el hilo «{name}»"),
            None => format!("crea hilo {}", run.threads()),
        });
    }
    let (thread, inner) = launch(name, f);
    JoinHandle { thread, inner }
}

/// Configura un hilo antes de lanzarlo: el [`std::thread::Builder`] de los programas que se exploran.
///
/// # Examples
///
/// ```
/// use explore::{explore, thread};
///
/// let informe = explore(|| {
///     let hilo = thread::Builder::new().name("cajero".into()).spawn(|| panic!("sin saldo")).unwrap();
///     let _ = hilo.join();
/// });
/// assert!(informe.to_string().contains("cajero: sin saldo"), "{informe}");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Builder {
    name: Option<String>,
}

impl Builder {
    /// Un hilo sin nombre.
    pub fn new() -> Builder {
        Builder::default()
    }

    /// El nombre con el que sale en el informe.
    #[must_use = "name devuelve la configuración con el nombre"]
    pub fn name(mut self, name: String) -> Builder {
        self.name = Some(name);
        self
    }

    /// Lanza el hilo.
    ///
    /// # Errors
    ///
    /// Nunca: está para que se use igual que el de std.
    pub fn spawn<T: Send + 'static>(
        self,
        f: impl FnOnce() -> T + Send + 'static,
    ) -> io::Result<JoinHandle<T>> {
        Ok(start(self.name.map(Arc::from), f))
    }
}

/// Lo que devuelve [`spawn`]: con él se espera al hilo. Soltarlo no lo detiene.
///
/// Una ejecución no acaba hasta que acaban todos sus hilos, también los que nadie espera.
pub struct JoinHandle<T> {
    thread: usize,
    inner: shuttle::thread::JoinHandle<Option<T>>,
}

impl<T> JoinHandle<T> {
    /// Espera a que acabe y da su valor.
    ///
    /// # Errors
    ///
    /// Nunca: si el hilo entra en pánico, la ejecución entera se da por fallida y quien esperaba no sigue.
    pub fn join(self) -> Result<T> {
        let goes_on = point();
        let waits = goes_on && !with(|run| run.is_done(self.thread));
        if goes_on {
            note(|run, _| {
                let name = run.name(self.thread);
                match waits {
                    true => format!("espera a que acabe {name}"),
                    false => format!("ve que {name} ha acabado"),
                }
            });
        }
        if waits {
            let me = me();
            let waiting = Some(Waiting::ForThread(self.thread));
            with(|run| run.tell(|story| story.waits(me, waiting)));
        }
        let value = self.inner.join()?;
        if waits {
            let me = me();
            with(|run| run.tell(|story| story.waits(me, None)));
            note(|run, _| format!("ve que {} ha acabado", run.name(self.thread)));
        }
        Ok(value.expect("de un hilo en pánico no vuelve nadie"))
    }

    /// ¿Ha acabado ya?
    pub fn is_finished(&self) -> bool {
        let goes_on = point();
        let done = with(|run| run.is_done(self.thread));
        if goes_on {
            note(|run, _| {
                let answer = if done { "sí" } else { "no" };
                format!("mira si {} ha acabado: {answer}", run.name(self.thread))
            });
        }
        done
    }

    /// El hilo.
    pub fn thread(&self) -> Thread {
        Thread::of(self.thread)
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JoinHandle(hilo {})", self.thread)
    }
}

/// Un hilo del programa.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    thread: usize,
    name: Option<Arc<str>>,
}

impl Thread {
    fn of(thread: usize) -> Thread {
        Thread {
            thread,
            name: with(|run| run.given_name(thread)),
        }
    }

    /// El nombre que le dieron, si se lo dieron.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Le da permiso para salir de [`park`], ahora o la próxima vez que entre.
    pub fn unpark(&self) {
        if point() {
            note(|run, _| format!("da permiso a {} para salir de park", run.name(self.thread)));
            with(|run| run.give_token(self.thread)).wake_all();
        }
    }
}

/// El hilo que tiene el turno.
pub fn current() -> Thread {
    Thread::of(me())
}

/// Espera a que otro dé permiso con [`Thread::unpark`].
///
/// # Examples
///
/// ```
/// use explore::{explore, thread};
///
/// let informe = explore(|| {
///     let hilo = thread::spawn(thread::park);
///     hilo.thread().unpark();
///     hilo.join().unwrap();
/// });
/// assert!(informe.is_ok(), "{informe}");
/// ```
pub fn park() {
    if !point() {
        return;
    }
    let me = me();
    if !with(|run| run.take_token(me)) {
        let queue = with(|run| run.park_queue(me));
        note(|_, _| "espera en park a que le den permiso".to_owned());
        let waiting = Waiting::For("en park a que le den permiso".to_owned());
        wait_for(
            waiting,
            || with(|run| run.take_token(me)).then_some(()),
            &queue,
        );
    }
    note(|_, _| "sale de park".to_owned());
}

/// Cede el turno. Quien da vueltas esperando algo debe llamarla, o hay planes en los que no lo suelta nunca.
pub fn yield_now() {
    if point() {
        shuttle::thread::yield_now();
        note(|_, _| "cede el turno".to_owned());
    }
}

/// Un punto en el que otro puede colarse: aquí el tiempo no pasa, y dormir no ordena nada.
pub fn sleep(_duration: Duration) {
    if point() {
        note(|_, _| "duerme, y los demás pueden hacer mucho o nada".to_owned());
    }
}
