//! Recorrer una cola: lo que va saliendo, hasta que se cierra.

use std::fmt;

use super::{LifoQueue, PriorityQueue, Queue};

/// Lo que va saliendo de una cola prestada, hasta que se cierra y se vacía.
///
/// Cada vuelta **bloquea** como `get()`. Varios hilos pueden recorrer la misma cola: cada elemento le toca a uno.
///
/// # Examples
///
/// ```
/// use concurrencia::queue::Queue;
///
/// let cola = Queue::new();
/// cola.put("uno")?;
/// cola.put("dos")?;
/// cola.shutdown();
/// for elemento in &cola {
///     println!("{elemento}");
/// }
/// assert!(cola.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "un iterador no hace nada hasta que se recorre"]
pub struct Iter<'a, Q> {
    queue: &'a Q,
}

impl<'a, Q> Iter<'a, Q> {
    pub(super) fn new(queue: &'a Q) -> Iter<'a, Q> {
        Iter { queue }
    }
}

/// Como [`Iter`], con la cola dentro: es lo que da `for elemento in cola`.
///
/// # Examples
///
/// ```
/// use concurrencia::queue::LifoQueue;
///
/// let pila = LifoQueue::new();
/// pila.put(1)?;
/// pila.put(2)?;
/// pila.shutdown();
/// assert_eq!(pila.into_iter().collect::<Vec<_>>(), [2, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "un iterador no hace nada hasta que se recorre"]
pub struct IntoIter<Q> {
    queue: Q,
}

impl<Q: fmt::Debug> fmt::Debug for Iter<'_, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Iter({:?})", self.queue)
    }
}

impl<Q: fmt::Debug> fmt::Debug for IntoIter<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IntoIter({:?})", self.queue)
    }
}

macro_rules! iterate {
    ($queue:ident $(, $bound:ident)?) => {
        impl<T $(: $bound)?> Iterator for Iter<'_, $queue<T>> {
            type Item = T;

            fn next(&mut self) -> Option<T> {
                self.queue.get().ok()
            }
        }

        impl<T $(: $bound)?> Iterator for IntoIter<$queue<T>> {
            type Item = T;

            fn next(&mut self) -> Option<T> {
                self.queue.get().ok()
            }
        }

        impl<'a, T $(: $bound)?> IntoIterator for &'a $queue<T> {
            type Item = T;
            type IntoIter = Iter<'a, $queue<T>>;

            fn into_iter(self) -> Iter<'a, $queue<T>> {
                self.iter()
            }
        }

        impl<T $(: $bound)?> IntoIterator for $queue<T> {
            type Item = T;
            type IntoIter = IntoIter<$queue<T>>;

            fn into_iter(self) -> IntoIter<$queue<T>> {
                IntoIter { queue: self }
            }
        }
    };
}

iterate!(Queue);
iterate!(LifoQueue);
iterate!(PriorityQueue, Ord);
