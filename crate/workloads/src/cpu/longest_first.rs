//! [`longest_first`]: las tareas largas, delante.

use std::cmp::Reverse;

/// Las tareas, de la que más va a tardar a la que menos.
///
/// Es el orden que deja menos tiempo parados a los trabajadores: si las largas empiezan al final, la última acaba sola. No
/// siempre es el mejor reparto posible, pero nunca pasa de 4/3 de él. Las que tardan igual conservan su orden.
///
/// # En Python
///
/// `sorted(tareas, key=duracion, reverse=True)`.
///
/// # Examples
///
/// ```
/// use workloads::cpu::longest_first;
///
/// // `mixed(n)` tarda más cuanto mayor es `n`.
/// assert_eq!(longest_first(0..4, |n| *n), [3, 2, 1, 0]);
/// assert_eq!(longest_first(["a", "ccc", "bb", "aa"], |texto| texto.len()), ["ccc", "bb", "aa", "a"]);
/// ```
pub fn longest_first<T, D: Ord>(
    tasks: impl IntoIterator<Item = T>,
    duration: impl Fn(&T) -> D,
) -> Vec<T> {
    let mut tasks: Vec<T> = tasks.into_iter().collect();
    tasks.sort_by_key(|task| Reverse(duration(task)));
    tasks
}
