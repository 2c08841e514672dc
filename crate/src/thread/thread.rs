//! `Thread`: una función que se ejecuta en otro hilo y cuyo valor se recoge con `join`.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

use super::ThreadError;
use crate::panic::panic_message;

type Task<T> = Box<dyn FnOnce() -> T + Send>;

/// Un hilo que se crea parado, se arranca con [`start`](Thread::start) y entrega su valor con [`join`](Thread::join).
///
/// No hay tupla `args`: lo que la tarea necesita lo captura la clausura con `move`. El tipo tiene nombre y es
/// `'static`, así que una celda puede guardarlo en una variable y otra esperarlo.
///
/// Soltar un `Thread` no lo detiene ni lo espera: si ya arrancó sigue suelto hasta acabar (como en std) y su valor
/// se pierde; si no arrancó, la tarea no se ejecuta nunca. Un hilo que sigue cuando acaba el programa muere con él:
/// en Python, todos son como los `daemon=True`.
///
/// # En Python
///
/// ```python
/// hilo = threading.Thread(target=task, args=(123,), name="cuadrado")
/// hilo.start()
/// hilo.join()   # devuelve None: el resultado de task se ha perdido
/// ```
///
/// # A pelo
///
/// ```
/// use std::thread;
///
/// let hilo = thread::Builder::new().name("cuadrado".into()).spawn(|| 123 * 123)?; // arranca ya
/// assert_eq!(hilo.join().unwrap(), 15129); // si hubo pánico, join da Err y unwrap lo repite aquí
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::Thread;
///
/// let id = 123_u64;
/// let mut hilo = Thread::new(move || id * id).with_name("cuadrado");
/// hilo.start()?;
/// assert_eq!(hilo.join()?, 15129);
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
pub struct Thread<T> {
    name: String,
    task: Option<Task<T>>,
    handle: Option<JoinHandle<T>>,
}

impl<T: Send + 'static> Thread<T> {
    /// Crea un hilo sin arrancarlo.
    ///
    /// Se llama «Thread-1», «Thread-2»… por orden de creación; [`with_name`](Thread::with_name) le da otro nombre
    /// (el número se gasta igual). La cuenta es una para todo el programa y para todas las celdas. No bloquea.
    ///
    /// # En Python
    ///
    /// `threading.Thread(target=tarea)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    ///
    /// let hilo = Thread::new(|| 2 + 2);
    /// assert!(hilo.name().starts_with("Thread-"));
    /// assert!(!hilo.is_alive());
    /// ```
    pub fn new(f: impl FnOnce() -> T + Send + 'static) -> Thread<T> {
        Thread {
            name: next_name(),
            task: Some(Box::new(f)),
            handle: None,
        }
    }

    /// Pone el hilo en marcha y vuelve enseguida.
    ///
    /// No espera a la tarea: para eso está [`join`](Thread::join). Cada `Thread` arranca una sola vez; si el sistema
    /// no puede crear el hilo, la tarea se conserva y puedes volver a intentarlo.
    ///
    /// # En Python
    ///
    /// `hilo.start()`.
    ///
    /// # Errors
    ///
    /// [`is_already_started`](ThreadError::is_already_started) si ya se había arrancado (el `RuntimeError` de
    /// Python), [`is_system`](ThreadError::is_system) si el sistema no da más hilos.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    ///
    /// let mut hilo = Thread::new(|| "listo");
    /// hilo.start()?;
    /// assert!(hilo.start().unwrap_err().is_already_started());
    /// assert_eq!(hilo.join()?, "listo");
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn start(&mut self) -> Result<(), ThreadError> {
        let Some(task) = self.task.take() else {
            return Err(ThreadError::already_started(&self.name));
        };
        // `spawn` se queda con la clausura aunque falle: la tarea viaja en una caja compartida para recuperarla.
        let ours = Arc::new(Mutex::new(Some(task)));
        let theirs = Arc::clone(&ours);
        match Builder::new()
            .name(self.name.clone())
            .spawn(move || run(&theirs))
        {
            Ok(handle) => {
                self.handle = Some(handle);
                Ok(())
            }
            Err(error) => {
                self.task = take(&ours);
                Err(ThreadError::system(&self.name, error))
            }
        }
    }

    /// Espera a que el hilo acabe y devuelve el valor de su tarea.
    ///
    /// **Bloquea** el hilo que llama, sin plazo. Consume el `Thread`: cada valor se recoge una sola vez. Quien
    /// recogió el `Ok` ve todo lo que el hilo escribió antes de acabar.
    ///
    /// # En Python
    ///
    /// `hilo.join()`, que espera igual pero devuelve siempre `None`.
    ///
    /// # Errors
    ///
    /// [`is_panic`](ThreadError::is_panic), con el mensaje, si la tarea acabó en pánico;
    /// [`is_not_started`](ThreadError::is_not_started) si no se había arrancado (y entonces la tarea se suelta sin
    /// ejecutarse).
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    ///
    /// let mut hilos: Vec<Thread<u64>> = (1..=3).map(|n| Thread::new(move || n * n)).collect();
    /// for hilo in &mut hilos {
    ///     hilo.start()?;
    /// }
    /// let salidas = hilos.into_iter().map(Thread::join).collect::<Result<Vec<_>, _>>()?;
    /// assert_eq!(salidas, [1, 4, 9]); // en el orden de la lista, acaben como acaben
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn join(self) -> Result<T, ThreadError> {
        let Some(handle) = self.handle else {
            return Err(ThreadError::not_started(&self.name));
        };
        handle
            .join()
            .map_err(|payload| ThreadError::panic(&self.name, panic_message(&*payload).to_owned()))
    }
}

impl<T> Thread<T> {
    /// Le pone nombre: el que sale en [`Debug`], en los errores y en la línea del pánico.
    ///
    /// Linux solo enseña los primeros 15 bytes en `top` o en un depurador; aquí se conserva entero.
    ///
    /// # En Python
    ///
    /// `threading.Thread(target=tarea, name="descarga-3")`.
    ///
    /// # Panics
    ///
    /// Si el hilo ya ha arrancado (el sistema ya lo conoce por otro nombre) o si el nombre lleva el carácter nulo,
    /// que ningún sistema admite.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    ///
    /// let hilo = Thread::new(|| ()).with_name("descarga-3");
    /// assert_eq!(hilo.name(), "descarga-3");
    /// ```
    #[must_use = "with_name devuelve el hilo con su nombre nuevo"]
    pub fn with_name(mut self, name: impl Into<String>) -> Thread<T> {
        let name = name.into();
        assert!(
            self.handle.is_none(),
            "el hilo «{}» ya ha arrancado: ponle nombre antes de start()",
            self.name
        );
        assert!(
            !name.contains('\0'),
            "el nombre de un hilo no puede llevar el carácter nulo: {name:?}"
        );
        self.name = name;
        self
    }

    /// El nombre del hilo.
    ///
    /// # En Python
    ///
    /// `hilo.name`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// ¿Ha arrancado y no ha acabado todavía?
    ///
    /// No bloquea. Es una foto: un `true` puede dejar de serlo en cuanto la miras; un `false` después de
    /// [`start`](Thread::start) ya no cambia, y entonces [`join`](Thread::join) no espera.
    ///
    /// # En Python
    ///
    /// `hilo.is_alive()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    /// use std::sync::mpsc;
    ///
    /// let (suelta, espera) = mpsc::channel::<()>();
    /// let mut hilo = Thread::new(move || espera.recv());
    /// assert!(!hilo.is_alive());
    /// hilo.start()?;
    /// assert!(hilo.is_alive()); // no puede acabar hasta que le escribamos
    /// suelta.send(()).unwrap();
    /// hilo.join()?.unwrap();
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn is_alive(&self) -> bool {
        self.handle
            .as_ref()
            .is_some_and(|handle| !handle.is_finished())
    }

    fn state(&self) -> &'static str {
        match &self.handle {
            None => "sin arrancar",
            Some(handle) if handle.is_finished() => "acabado",
            Some(_) => "en marcha",
        }
    }
}

/// `Thread(descarga-3, en marcha)`: el nombre y el estado en ese momento.
impl<T> fmt::Debug for Thread<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Thread({}, {})", self.name, self.state())
    }
}

fn next_name() -> String {
    static CREATED: AtomicUsize = AtomicUsize::new(0);
    format!("Thread-{}", CREATED.fetch_add(1, Ordering::Relaxed) + 1)
}

fn run<T>(slot: &Mutex<Option<Task<T>>>) -> T {
    let task = take(slot).expect("la tarea está en su caja: solo la saca el hilo que la ejecuta");
    task()
}

fn take<T>(slot: &Mutex<Option<Task<T>>>) -> Option<Task<T>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}
