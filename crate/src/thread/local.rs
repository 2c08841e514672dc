//! `Local`: un dato con un valor distinto en cada hilo.

use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use crate::panic::discard;

/// Un dato del que cada hilo ve el suyo.
///
/// La primera vez que un hilo lo usa se crea su valor con la función que se le dio a [`new`](Local::new); los cambios
/// que haga no los ve nadie más, así que no hace falta cerrojo. El valor no tiene que ser `Send`: no sale de su hilo.
///
/// Un clon es el mismo dato. El valor de un hilo se suelta cuando el hilo acaba (los del principal, puede que no: el
/// programa acaba con él) o, si ya no queda ningún clon del `Local`, en cuanto ese hilo lo nota.
///
/// # En Python
///
/// ```python
/// datos = threading.local()
/// datos.visitas = 0   # solo en este hilo; en los demás, AttributeError
/// ```
///
/// # A pelo
///
/// ```
/// use std::cell::Cell;
///
/// thread_local! {
///     static VISITAS: Cell<u32> = const { Cell::new(0) };
/// }
/// VISITAS.set(VISITAS.get() + 1);
/// ```
///
/// Es un `static`: uno por cada vez que se escribe, no se puede crear en un bucle ni guardar en una variable. En un
/// cuaderno, cada celda que lo use compila otra vez su `static`, con su valor de partida.
///
/// # Examples
///
/// ```
/// use concurrencia::Thread;
/// use concurrencia::thread::Local;
///
/// let visitas = Local::new(|| 0);
/// visitas.set(100); // en este hilo
/// let suyas = visitas.clone();
/// let mut hilo = Thread::new(move || {
///     suyas.with_mut(|visitas| *visitas += 1);
///     suyas.get()
/// });
/// hilo.start()?;
/// assert_eq!(hilo.join()?, 1); // empezó en 0, no en 100
/// assert_eq!(visitas.get(), 100);
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
pub struct Local<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    id: u64,
    init: Box<dyn Fn() -> T + Send + Sync>,
}

impl<T> Drop for Shared<T> {
    fn drop(&mut self) {
        // El valor de este hilo; los demás lo notarán cuando creen otro.
        drop(remove(self.id));
    }
}

/// Los valores de un hilo, por el número de su `Local`.
#[derive(Default)]
struct Values(RefCell<HashMap<u64, Slot>>);

struct Slot {
    owner: Weak<dyn Any + Send + Sync>,
    value: Value<dyn Any>,
}

enum Value<T: ?Sized> {
    Creating,
    Ready(Rc<T>),
}

thread_local! {
    static VALUES: Values = Values::default();
}

impl Drop for Values {
    fn drop(&mut self) {
        // std aborta si un pánico sale de aquí.
        self.0.take().into_values().for_each(discard);
    }
}

impl<T: 'static> Local<T> {
    /// Un dato nuevo: `init` crea el valor de cada hilo, en ese hilo, la primera vez que lo usa.
    ///
    /// # En Python
    ///
    /// `threading.local()`, o una subclase suya con `__init__`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::thread::{Local, current_thread};
    ///
    /// let quien = Local::new(|| current_thread().name().to_owned());
    /// assert_eq!(quien.get(), current_thread().name());
    /// ```
    pub fn new(init: impl Fn() -> T + Send + Sync + 'static) -> Local<T> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Local {
            shared: Arc::new(Shared {
                id: NEXT.fetch_add(1, Ordering::Relaxed),
                init: Box::new(init),
            }),
        }
    }

    /// Llama a `f` con el valor de este hilo y da lo que devuelve.
    ///
    /// Mientras un hilo se está acabando, cuando sus valores ya se han soltado, cada llamada ve uno recién creado.
    ///
    /// # A pelo
    ///
    /// `VISITAS.with(|visitas| …)`.
    ///
    /// # Panics
    ///
    /// Si se llama desde dentro de [`with_mut`](Local::with_mut) o de la función que crea el valor.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::thread::Local;
    ///
    /// let sitios = Local::new(|| vec!["uno", "dos"]);
    /// assert_eq!(sitios.with(|sitios| sitios.len()), 2);
    /// ```
    pub fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        let value = self.value();
        let value = value
            .try_borrow()
            .unwrap_or_else(|_| panic!("{}", in_use("with")));
        f(&value)
    }

    /// Llama a `f` con el valor de este hilo, que puede cambiar, y da lo que devuelve.
    ///
    /// # Panics
    ///
    /// Si se llama desde dentro de [`with`](Local::with), de otro `with_mut` o de la función que crea el valor.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::thread::Local;
    ///
    /// let sitios = Local::new(Vec::new);
    /// sitios.with_mut(|sitios| sitios.push("uno"));
    /// assert_eq!(sitios.get(), ["uno"]);
    /// ```
    pub fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        let value = self.value();
        let mut value = value
            .try_borrow_mut()
            .unwrap_or_else(|_| panic!("{}", in_use("with_mut")));
        f(&mut value)
    }

    /// Una copia del valor de este hilo.
    ///
    /// # En Python
    ///
    /// `datos.visitas`.
    ///
    /// # Panics
    ///
    /// Como [`with`](Local::with).
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::thread::Local;
    ///
    /// assert_eq!(Local::new(|| 7).get(), 7);
    /// ```
    pub fn get(&self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// Cambia el valor de este hilo por otro. Si era la primera vez que se usaba en él, no se llega a crear el de partida.
    ///
    /// Quien esté dentro de [`with`](Local::with) sigue viendo el de antes.
    ///
    /// # En Python
    ///
    /// `datos.visitas = 7`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::thread::Local;
    ///
    /// let nombre = Local::new(|| -> String { panic!("sin nombre") });
    /// nombre.set("Ada".to_owned());
    /// assert_eq!(nombre.get(), "Ada");
    /// ```
    pub fn set(&self, value: T) {
        self.store(Value::Ready(Rc::new(RefCell::new(value))));
    }

    /// El valor de este hilo; si no lo hay, lo crea.
    fn value(&self) -> Rc<RefCell<T>> {
        match self.stored() {
            Some(Value::Ready(value)) => return value,
            Some(Value::Creating) => panic!(
                "el valor de este Local se está creando: la función de Local::new no puede usarlo"
            ),
            None => {}
        }
        self.store(Value::Creating);
        let creating = Creating(self.shared.id);
        let value = Rc::new(RefCell::new((self.shared.init)()));
        std::mem::forget(creating);
        self.store(Value::Ready(Rc::clone(&value) as Rc<dyn Any>));
        value
    }

    fn stored(&self) -> Option<Value<RefCell<T>>> {
        let stored = VALUES.try_with(|values| {
            let values = values.0.borrow();
            match &values.get(&self.shared.id)?.value {
                Value::Creating => Some(Value::Creating),
                Value::Ready(value) => Some(Value::Ready(Rc::clone(value))),
            }
        });
        match stored.ok()?? {
            Value::Creating => Some(Value::Creating),
            Value::Ready(value) => {
                let value = value.downcast();
                Some(Value::Ready(
                    value.expect("cada número es de un solo Local, con un solo tipo"),
                ))
            }
        }
    }

    fn store(&self, value: Value<dyn Any>) {
        let owner = Arc::downgrade(&self.shared) as Weak<dyn Any + Send + Sync>;
        put(self.shared.id, Slot { owner, value });
    }
}

/// Mientras se crea un valor. Si la función que lo crea entra en pánico, la próxima vez se vuelve a intentar.
struct Creating(u64);

impl Drop for Creating {
    fn drop(&mut self) {
        drop(remove(self.0));
    }
}

/// Guarda un valor en este hilo. Si es el primero de su `Local`, suelta los de aquellos de los que no queda ninguno.
///
/// En un hilo que se está acabando no se guarda nada.
fn put(id: u64, slot: Slot) {
    // Lo que se suelta puede usar otros `Local` al caer, así que cae fuera del préstamo.
    let before = VALUES.try_with(|values| values.0.borrow_mut().insert(id, slot));
    if let Ok(None) = before {
        sweep();
    }
}

fn sweep() {
    let forgotten = VALUES.try_with(|values| {
        let mut values = values.0.borrow_mut();
        let forgotten = values.extract_if(|_, slot| slot.owner.strong_count() == 0);
        forgotten.collect::<Vec<_>>()
    });
    // Cae aquí por casualidad: si entra en pánico, no es cosa de quien llama.
    forgotten.into_iter().flatten().for_each(discard);
}

fn remove(id: u64) -> Option<Slot> {
    let removed = VALUES.try_with(|values| values.0.borrow_mut().remove(&id));
    removed.ok().flatten()
}

fn in_use(method: &str) -> String {
    format!(
        "el valor de este Local ya se está usando en este hilo: no llames a {method} dentro de with_mut, ni a with_mut \
         dentro de with"
    )
}

/// Un clon es el mismo dato.
impl<T> Clone for Local<T> {
    fn clone(&self) -> Local<T> {
        Local {
            shared: Arc::clone(&self.shared),
        }
    }
}

/// `Local(7)`: el valor de este hilo; o `Local(sin estrenar)`, o `Local(en uso)`.
impl<T: fmt::Debug + 'static> fmt::Debug for Local<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(Value::Ready(value)) = self.stored() else {
            return f.write_str("Local(sin estrenar)");
        };
        match value.try_borrow() {
            Ok(value) => write!(f, "Local({:?})", &*value),
            Err(_) => f.write_str("Local(en uso)"),
        }
    }
}
