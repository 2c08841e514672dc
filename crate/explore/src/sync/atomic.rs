//! Los atómicos: cada operación es un paso que nadie puede partir.
//!
//! Todas las operaciones se ejecutan como si fueran [`Ordering::SeqCst`]: un fallo que solo aparece con órdenes más
//! débiles no se encuentra aquí, y el informe lo recuerda si el programa las usa.

pub use std::sync::atomic::Ordering;

use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::engine::{Label, Story, me, note, point, with};

/// Lo que hace falta para contar que alguien pisa lo que escribió otro: cada cuánto cambia y qué vio cada cual.
#[derive(Debug)]
struct Witness {
    label: Label,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    version: usize,
    writer: Option<usize>,
    by: Vec<Option<usize>>,
}

impl Seen {
    fn looks(&mut self, thread: usize) {
        if self.by.len() <= thread {
            self.by.resize(thread + 1, None);
        }
        self.by[thread] = Some(self.version);
    }

    /// Quién escribió después de que `thread` mirara por última vez.
    fn unseen_writer(&self, thread: usize) -> Option<usize> {
        let seen = self.by.get(thread).copied().flatten()?;
        self.writer
            .filter(|writer| *writer != thread && seen < self.version)
    }

    fn writes(&mut self, thread: usize) {
        self.version += 1;
        self.writer = Some(thread);
        self.looks(thread);
    }
}

impl Witness {
    fn new(kind: &'static str) -> Witness {
        Witness {
            label: Label::next(kind),
            seen: Mutex::default(),
        }
    }

    /// Un punto en el que otro puede colarse, antes de una operación con ese orden.
    fn before(&self, orders: &[Ordering]) -> bool {
        let goes_on = point();
        if goes_on && orders.iter().any(|order| *order != Ordering::SeqCst) {
            with(|run| run.saw_weak_order());
        }
        goes_on
    }

    fn loads(&self, goes_on: bool, value: impl fmt::Display) {
        if goes_on {
            note(|_, story| {
                self.seen().looks(me());
                format!("lee {}: {value}", self.label.shown(story))
            });
        }
    }

    fn stores(&self, goes_on: bool, value: impl fmt::Display) {
        if goes_on {
            note(|run, story| {
                let me = me();
                let mut seen = self.seen();
                let over = seen.unseen_writer(me);
                seen.writes(me);
                let over = over.map_or(String::new(), |writer| {
                    format!(" (pisa lo que escribió {})", run.name(writer))
                });
                format!("escribe {value} en {}{over}", self.label.shown(story))
            });
        }
    }

    fn changes(&self, goes_on: bool, old: impl fmt::Display, new: impl fmt::Display) {
        if goes_on {
            note(|_, story| {
                self.seen().writes(me());
                format!("cambia {} de {old} a {new}", self.label.shown(story))
            });
        }
    }

    fn tells(&self, goes_on: bool, text: impl FnOnce(&Story) -> String) {
        if goes_on {
            note(|_, story| {
                self.seen().looks(me());
                text(story)
            });
        }
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

macro_rules! atomic {
    ($name:ident, $value:ty, $example:literal, [$($fetch:ident: $what:literal, |$old:ident, $by:ident| $new:expr;)*]) => {
        #[doc = concat!("El [`std::sync::atomic::", stringify!($name), "`] de los programas que se exploran.")]
        ///
        /// Se usa igual. Solo vale dentro de [`explore`](crate::explore): fuera, entra en pánico. El orden que se pida
        /// da lo mismo: todas las operaciones son [`Ordering::SeqCst`].
        ///
        /// # En Python
        ///
        /// No hay atómicos: el GIL no evita que entre leer y escribir se cuele otro hilo.
        ///
        /// # A pelo
        ///
        #[doc = concat!("[`std::sync::atomic::", stringify!($name), "`].")]
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use explore::sync::atomic::{", stringify!($name), ", Ordering::SeqCst};")]
        ///
        /// let informe = explore::explore(|| {
        #[doc = concat!("    let dato = ", stringify!($name), "::new(", $example, ").with_name(\"dato\");")]
        #[doc = concat!("    assert_eq!(dato.load(SeqCst), ", $example, ");")]
        /// });
        /// assert!(informe.is_ok());
        /// ```
        pub struct $name {
            witness: Witness,
            value: std::sync::atomic::$name,
        }

        impl $name {
            /// Uno con ese valor.
            ///
            /// A diferencia del de std no es `const`: cada ejecución del programa tiene que crear los suyos.
            pub fn new(value: $value) -> $name {
                $name {
                    witness: Witness::new(stringify!($name)),
                    value: std::sync::atomic::$name::new(value),
                }
            }

            /// El nombre con el que sale en el informe, en vez del de su tipo y una letra.
            #[must_use = "with_name devuelve el atómico con su nombre"]
            pub fn with_name(mut self, name: impl Into<String>) -> $name {
                self.witness.label.rename(name);
                self
            }

            /// Lee el valor.
            pub fn load(&self, order: Ordering) -> $value {
                let goes_on = self.witness.before(&[order]);
                let value = self.value.load(Ordering::SeqCst);
                self.witness.loads(goes_on, value);
                value
            }

            /// Escribe un valor, sin mirar el que había.
            pub fn store(&self, value: $value, order: Ordering) {
                let goes_on = self.witness.before(&[order]);
                self.value.store(value, Ordering::SeqCst);
                self.witness.stores(goes_on, value);
            }

            /// Escribe un valor y devuelve el que había, de un paso.
            pub fn swap(&self, value: $value, order: Ordering) -> $value {
                let goes_on = self.witness.before(&[order]);
                let old = self.value.swap(value, Ordering::SeqCst);
                self.witness.changes(goes_on, old, value);
                old
            }

            /// Escribe `new` solo si hay `current`, de un paso.
            ///
            /// # Errors
            ///
            /// Con el valor que hay, si es otro.
            pub fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                let goes_on = self.witness.before(&[success, failure]);
                let result =
                    self.value
                        .compare_exchange(current, new, Ordering::SeqCst, Ordering::SeqCst);
                match result {
                    Ok(old) => self.witness.changes(goes_on, old, new),
                    Err(found) => self.witness.tells(goes_on, |story| {
                        let label = self.witness.label.shown(story);
                        format!("no cambia {label}: esperaba {current} y hay {found}")
                    }),
                }
                result
            }

            /// Lo mismo que [`compare_exchange`](Self::compare_exchange): aquí no falla porque sí.
            ///
            /// # Errors
            ///
            /// Con el valor que hay, si es otro.
            pub fn compare_exchange_weak(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                self.compare_exchange(current, new, success, failure)
            }

            /// Cambia el valor por el que dé `f` y devuelve el que había, de un paso.
            ///
            /// # Errors
            ///
            /// Con el valor que hay, si `f` da `None`.
            pub fn fetch_update(
                &self,
                set_order: Ordering,
                fetch_order: Ordering,
                mut f: impl FnMut($value) -> Option<$value>,
            ) -> Result<$value, $value> {
                let goes_on = self.witness.before(&[set_order, fetch_order]);
                let old = self.value.load(Ordering::SeqCst);
                match f(old) {
                    Some(new) => {
                        self.value.store(new, Ordering::SeqCst);
                        self.witness.changes(goes_on, old, new);
                        Ok(old)
                    }
                    None => {
                        self.witness.loads(goes_on, old);
                        Err(old)
                    }
                }
            }

            $(
                #[doc = concat!($what, " y devuelve el valor que había, de un paso.")]
                pub fn $fetch(&self, $by: $value, order: Ordering) -> $value {
                    let goes_on = self.witness.before(&[order]);
                    let $old = self.value.load(Ordering::SeqCst);
                    let new: $value = $new;
                    self.value.store(new, Ordering::SeqCst);
                    self.witness.changes(goes_on, $old, new);
                    $old
                }
            )*

            /// El valor, sin que cuente como un paso: quien tiene `&mut` es el único.
            pub fn get_mut(&mut self) -> &mut $value {
                self.value.get_mut()
            }

            /// El valor, sin el atómico.
            pub fn into_inner(self) -> $value {
                self.value.into_inner()
            }
        }

        impl Default for $name {
            fn default() -> Self {
                $name::new(<$value>::default())
            }
        }

        impl From<$value> for $name {
            fn from(value: $value) -> Self {
                $name::new(value)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let value = self.value.load(Ordering::SeqCst);
                write!(f, concat!(stringify!($name), "({}, {})"), self.witness.label.short(), value)
            }
        }
    };
    (int $name:ident, $value:ty) => {
        atomic!($name, $value, "7", [
            fetch_add: "Suma (dando la vuelta si se desborda)", |old, by| old.wrapping_add(by);
            fetch_sub: "Resta (dando la vuelta si se desborda)", |old, by| old.wrapping_sub(by);
            fetch_and: "Hace la conjunción bit a bit", |old, by| old & by;
            fetch_nand: "Hace la negación de la conjunción bit a bit", |old, by| !(old & by);
            fetch_or: "Hace la disyunción bit a bit", |old, by| old | by;
            fetch_xor: "Hace la disyunción exclusiva bit a bit", |old, by| old ^ by;
            fetch_max: "Se queda con el mayor", |old, by| old.max(by);
            fetch_min: "Se queda con el menor", |old, by| old.min(by);
        ]);
    };
}

atomic!(int AtomicI8, i8);
atomic!(int AtomicI16, i16);
atomic!(int AtomicI32, i32);
atomic!(int AtomicI64, i64);
atomic!(int AtomicIsize, isize);
atomic!(int AtomicU8, u8);
atomic!(int AtomicU16, u16);
atomic!(int AtomicU32, u32);
atomic!(int AtomicU64, u64);
atomic!(int AtomicUsize, usize);
atomic!(AtomicBool, bool, "true", [
    fetch_and: "Hace la conjunción", |old, by| old & by;
    fetch_nand: "Hace la negación de la conjunción", |old, by| !(old & by);
    fetch_or: "Hace la disyunción", |old, by| old | by;
    fetch_xor: "Hace la disyunción exclusiva", |old, by| old ^ by;
]);
