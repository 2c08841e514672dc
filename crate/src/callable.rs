//! `Callable`: una función y sus argumentos, en una tupla.

/// Una función a la que se le pasan los argumentos en una tupla, como `args=(…)` en Python, y que se llama una vez.
///
/// La cumplen solas las funciones y las clausuras de cero a ocho argumentos, también las que gastan lo que capturan: no
/// hace falta implementarla. La tupla de un solo argumento lleva coma, `(123,)`; sin ella, `(123)` es el número 123 y no
/// compila.
///
/// # Examples
///
/// ```
/// use concurrencia::CallableOnce;
///
/// let nombres = vec!["Ana", "Luis"];
/// let junta = move |separador: &str| nombres.into_iter().collect::<Vec<_>>().join(separador);
/// assert_eq!(junta.call_once_with((", ",)), "Ana, Luis");
/// ```
#[diagnostic::on_unimplemented(
    message = "esta función no admite los argumentos `{Args}`",
    label = "los argumentos van en una tupla del mismo número y tipos que pide la función",
    note = "con un solo argumento, la tupla lleva una coma: `(123,)`"
)]
pub trait CallableOnce<Args> {
    /// Lo que devuelve la función.
    type Output;

    /// Llama a la función con los valores de la tupla.
    fn call_once_with(self, args: Args) -> Self::Output;
}

/// Una función a la que se le pasan los argumentos en una tupla, tantas veces como haga falta.
///
/// Como [`CallableOnce`], sin gastar lo que captura.
///
/// # Examples
///
/// ```
/// use concurrencia::Callable;
///
/// fn suma(a: i64, b: i64) -> i64 {
///     a + b
/// }
///
/// assert_eq!(suma.call_with((2, 3)), 5);
/// ```
#[diagnostic::on_unimplemented(
    message = "esta función no admite los argumentos `{Args}`, o no se puede llamar más de una vez",
    label = "los argumentos van en una tupla del mismo número y tipos que pide la función",
    note = "con un solo argumento, la tupla lleva una coma: `(123,)`"
)]
pub trait Callable<Args>: CallableOnce<Args> {
    /// Llama a la función con los valores de la tupla.
    fn call_with(&self, args: Args) -> Self::Output;
}

macro_rules! callable {
    ($($arg:ident)*) => {
        impl<Func, Out, $($arg),*> CallableOnce<($($arg,)*)> for Func
        where
            Func: FnOnce($($arg),*) -> Out,
        {
            type Output = Out;

            #[allow(non_snake_case, reason = "cada argumento se llama como su tipo")]
            fn call_once_with(self, ($($arg,)*): ($($arg,)*)) -> Out {
                self($($arg),*)
            }
        }

        impl<Func, Out, $($arg),*> Callable<($($arg,)*)> for Func
        where
            Func: Fn($($arg),*) -> Out,
        {
            #[allow(non_snake_case, reason = "cada argumento se llama como su tipo")]
            fn call_with(&self, ($($arg,)*): ($($arg,)*)) -> Out {
                self($($arg),*)
            }
        }
    };
}

callable!();
callable!(A);
callable!(A B);
callable!(A B C);
callable!(A B C D);
callable!(A B C D E);
callable!(A B C D E F);
callable!(A B C D E F G);
callable!(A B C D E F G H);
