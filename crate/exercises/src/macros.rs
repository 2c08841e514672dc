//! Las macros que se escriben en la celda: en español, como los enunciados.

/// Comprueba una función contra los casos de un ejercicio: `comprobar!("hilos-03", suma_paralela)`.
///
/// Entra el nombre del ejercicio, entre comillas, y la función (o una clausura que no captura). Da un
/// [`Verdict`](crate::Verdict). **Bloquea** hasta que se prueban los casos o se acaba el plazo de uno; la función se
/// ejecuta en otro proceso, que muere al acabar. Si el ejercicio está en el catálogo, apunta el intento en el progreso.
///
/// Si el ejercicio no existe o la función no tiene la forma que pide, no compila, y el error lo dice.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::process;
/// use exercises::comprobar;
/// # use exercises::{Exercise, Judge, Name, name};
/// # struct Mios;
/// # impl Exercise<Mios> for Name<{ name("mio-01") }> {
/// #     const NAME: &'static str = "mio-01";
/// #     type Function = fn(u64) -> u64;
/// #     fn judge(doble: Self::Function, judge: &mut Judge) {
/// #         judge.case("el doble de siete").with("7").gives(14, || doble(7));
/// #     }
/// # }
///
/// fn doble(n: u64) -> u64 {
///     2 * n
/// }
///
/// fn main() {
///     process::init(); // en un cuaderno no hace falta
///     let veredicto = comprobar!("mio-01", doble);
///     assert!(veredicto.is_pass());
/// }
/// ```
#[macro_export]
macro_rules! comprobar {
    ($name:literal, $function:expr $(,)?) => {
        $crate::check::<$crate::Name<{ $crate::name($name) }>, _, _>(|| $function)
    };
    ($($otherwise:tt)*) => {
        ::core::compile_error!(
            "se escribe con el nombre y la función: comprobar!(\"hilos-03\", suma_paralela)"
        )
    };
}

/// La pista siguiente de un ejercicio: `pista!("hilos-03")`, y otra vez para la que sigue.
///
/// Da una [`Hint`](crate::Hint). Cuáles se han visto se apunta en el progreso.
#[macro_export]
macro_rules! pista {
    ($name:literal $(,)?) => {
        $crate::hint($name)
    };
}

/// La solución comentada de un ejercicio aprobado: `solucion!("hilos-03")`. Sin aprobarlo, hay que rendirse:
/// `solucion!("hilos-03", "me rindo")`.
///
/// Da una [`Solution`](crate::Solution). La rendición se apunta en el progreso.
#[macro_export]
macro_rules! solucion {
    ($name:literal $(,)?) => {
        $crate::solution($name, "")
    };
    ($name:literal, $word:literal $(,)?) => {
        $crate::solution($name, $word)
    };
}

/// Lo que va hecho del curso, en una figura: `progreso!()`.
///
/// Da un [`Overview`](crate::Overview).
#[macro_export]
macro_rules! progreso {
    () => {
        $crate::overview()
    };
}
