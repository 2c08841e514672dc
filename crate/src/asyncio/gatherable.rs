//! `Gatherable`: lo que admite `gather`, y en qué lo convierte.

use std::{array, iter, vec};

use super::TaskError;
use super::awaitable::Awaitable;
use super::batch::Batch;
use super::task::Task;

/// Lo que admite [`gather`](super::gather): muchas corrutinas iguales, o unas pocas distintas.
///
/// La cumplen `Vec`, los arrays, lo que dan `map`, `filter_map` y `into_iter` (un `Vec`) y las tuplas de dos a ocho. Los
/// elementos son corrutinas o tareas. Lo demás se junta antes con `collect::<Vec<_>>()`.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::{self, gather};
///
/// asyncio::run(async {
///     assert_eq!(gather([1, 2].map(|x| async move { x * x })).await?, [1, 4]);
///     assert_eq!(gather((1..=3).map(|x| async move { x * x })).await?, [1, 4, 9]);
///     assert_eq!(gather((async { 1 }, async { "uno" })).await?, (1, "uno"));
///     Ok::<(), asyncio::TaskError>(())
/// })?;
/// # Ok::<(), asyncio::TaskError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` no se puede reunir con gather",
    label = "aquí va un Vec, un array, `iter.map(…)` o una tupla de corrutinas o de tareas",
    note = "de otro iterador, haz antes `collect::<Vec<_>>()`",
    note = "lo que usan tiene que ser suyo y poder cambiar de hilo (`Send + 'static`): clónalo y usa `async move`"
)]
pub trait Gatherable {
    /// Sus tareas.
    type Tasks: Tasks;

    #[doc(hidden)]
    fn into_tasks(self, batch: &mut Batch) -> Self::Tasks;
}

/// Las tareas de un [`gather`](super::gather): un `Vec` o una tupla.
pub trait Tasks: Unpin {
    /// Lo que devuelven, si todas acaban bien.
    type Values;

    /// Cómo ha acabado cada una.
    type Outcomes;

    #[doc(hidden)]
    fn cancel(&self);

    /// Recoge lo que hayan dejado; el error es el de la primera que no lo tenga.
    #[doc(hidden)]
    fn values(self) -> Result<Self::Values, TaskError>;

    #[doc(hidden)]
    fn outcomes(self) -> Self::Outcomes;

    /// Por qué falló esa.
    #[doc(hidden)]
    fn failure(&self, index: usize) -> Option<TaskError>;
}

/// Las tareas de un [`try_gather`](super::try_gather): las que devuelven un `Result`, todas con el mismo error.
pub trait TryTasks: Tasks {
    /// Lo que devuelven, si todas dan `Ok`.
    type Oks;

    /// El error de cualquiera de ellas.
    type Error: From<TaskError>;

    /// ¿Ha dado esa un `Err`?
    #[doc(hidden)]
    fn is_err(&self, index: usize) -> bool;

    #[doc(hidden)]
    fn oks(self) -> Result<Self::Oks, Self::Error>;

    /// Recoge el fallo de esa.
    #[doc(hidden)]
    fn error(&self, index: usize) -> Option<Self::Error>;
}

/// El fallo de una tarea que se sabe que ha fallado.
fn error_of<T: 'static, E: From<TaskError> + 'static>(task: &Task<Result<T, E>>) -> Option<E> {
    match task.take() {
        Ok(outcome) => outcome.err(),
        Err(error) => Some(error.into()),
    }
}

fn ok_of<T: 'static, E: From<TaskError> + 'static>(task: &Task<Result<T, E>>) -> Result<T, E> {
    task.take()?
}

impl<T: Send + 'static> Tasks for Vec<Task<T>> {
    type Values = Vec<T>;
    type Outcomes = Vec<Result<T, TaskError>>;

    fn cancel(&self) {
        for task in self {
            task.cancel();
        }
    }

    fn values(self) -> Result<Vec<T>, TaskError> {
        self.into_iter().map(|task| task.take()).collect()
    }

    fn outcomes(self) -> Vec<Result<T, TaskError>> {
        self.into_iter().map(|task| task.take()).collect()
    }

    fn failure(&self, index: usize) -> Option<TaskError> {
        self[index].exception()
    }
}

impl<T, E> TryTasks for Vec<Task<Result<T, E>>>
where
    T: Send + 'static,
    E: From<TaskError> + Send + 'static,
{
    type Oks = Vec<T>;
    type Error = E;

    fn is_err(&self, index: usize) -> bool {
        self[index].has(Result::is_err)
    }

    fn oks(self) -> Result<Vec<T>, E> {
        self.iter().map(ok_of).collect()
    }

    fn error(&self, index: usize) -> Option<E> {
        error_of(&self[index])
    }
}

macro_rules! gatherable_collection {
    ($($collection:ty, [$($generic:tt)*], $item:ty;)*) => {$(
        impl<$($generic)*> Gatherable for $collection
        where
            $item: Awaitable<Value: Send + 'static> + Send + 'static,
        {
            type Tasks = Vec<Task<<$item as Awaitable>::Value>>;

            fn into_tasks(self, batch: &mut Batch) -> Self::Tasks {
                self.into_iter().map(|aw| aw.into_task(batch)).collect()
            }
        }
    )*};
}

// Uno a uno: con `impl<I: IntoIterator>` no cabrían las tuplas.
gatherable_collection! {
    Vec<A>, [A], A;
    [A; N], [A, const N: usize], A;
    vec::IntoIter<A>, [A], A;
    array::IntoIter<A, N>, [A, const N: usize], A;
    iter::Map<I, F>, [I: Iterator, F: FnMut(I::Item) -> A, A], A;
    iter::FilterMap<I, F>, [I: Iterator, F: FnMut(I::Item) -> Option<A>, A], A;
}

macro_rules! gatherable_tuple {
    ($($name:ident $value:ident $index:tt)*) => {
        impl<$($name),*> Gatherable for ($($name,)*)
        where
            $($name: Awaitable<Value: Send + 'static> + Send + 'static,)*
        {
            type Tasks = ($(Task<$name::Value>,)*);

            fn into_tasks(self, batch: &mut Batch) -> Self::Tasks {
                ($(self.$index.into_task(batch),)*)
            }
        }

        impl<$($value: Send + 'static),*> Tasks for ($(Task<$value>,)*) {
            type Values = ($($value,)*);
            type Outcomes = ($(Result<$value, TaskError>,)*);

            fn cancel(&self) {
                $(self.$index.cancel();)*
            }

            fn values(self) -> Result<Self::Values, TaskError> {
                Ok(($(self.$index.take()?,)*))
            }

            fn outcomes(self) -> Self::Outcomes {
                ($(self.$index.take(),)*)
            }

            fn failure(&self, index: usize) -> Option<TaskError> {
                match index {
                    $($index => self.$index.exception(),)*
                    _ => None,
                }
            }
        }

        impl<Error, $($value),*> TryTasks for ($(Task<Result<$value, Error>>,)*)
        where
            Error: From<TaskError> + Send + 'static,
            $($value: Send + 'static,)*
        {
            type Oks = ($($value,)*);
            type Error = Error;

            fn is_err(&self, index: usize) -> bool {
                match index {
                    $($index => self.$index.has(Result::is_err),)*
                    _ => false,
                }
            }

            fn oks(self) -> Result<Self::Oks, Error> {
                Ok(($(ok_of(&self.$index)?,)*))
            }

            fn error(&self, index: usize) -> Option<Error> {
                match index {
                    $($index => error_of(&self.$index),)*
                    _ => None,
                }
            }
        }
    };
}

gatherable_tuple!(A T 0 B U 1);
gatherable_tuple!(A T 0 B U 1 C V 2);
gatherable_tuple!(A T 0 B U 1 C V 2 D W 3);
gatherable_tuple!(A T 0 B U 1 C V 2 D W 3 E X 4);
gatherable_tuple!(A T 0 B U 1 C V 2 D W 3 E X 4 F Y 5);
gatherable_tuple!(A T 0 B U 1 C V 2 D W 3 E X 4 F Y 5 G Z 6);
gatherable_tuple!(A T 0 B U 1 C V 2 D W 3 E X 4 F Y 5 G Z 6 H S 7);
