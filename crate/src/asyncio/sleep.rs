//! `sleep`: esperar sin bloquear el hilo.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::time::to_real;
use crate::timeline::pending_sleep;

/// Espera los segundos de la lección que se le digan, y mientras tanto deja el hilo a las demás tareas.
///
/// El plazo empieza a contar cuando se espera con `.await`, y se redondea al milisegundo por arriba: nunca despierta
/// antes. `sleep(0)` cede el turno una vez: pasan antes todas las que ya podían seguir. Soltarla a medias no deja nada.
///
/// Una corrutina que usa [`time::sleep`](crate::time::sleep) en lugar de esta para a todas las de su hilo.
///
/// # En Python
///
/// `await asyncio.sleep(5)`. El valor que allí puede llevar (`sleep(5, "listo")`) aquí se pone detrás:
/// `async { sleep(5).await; "listo" }`.
///
/// # A pelo
///
/// `tokio::time::sleep(Duration::from_millis(500)).await`, en tiempo real, y [`tokio::task::yield_now`] para ceder el
/// turno.
///
/// # Panics
///
/// Al crearla, si los segundos son negativos, infinitos o NaN. Al esperarla, si no hay ningún bucle en marcha.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio;
/// use concurrencia::time::to_lesson;
/// use std::time::Instant;
///
/// let inicio = Instant::now();
/// asyncio::run(asyncio::gather([asyncio::sleep(1), asyncio::sleep(1)]))?;
/// assert!(to_lesson(inicio.elapsed()) >= 1.0); // y no 2: las dos esperan a la vez
/// # Ok::<(), asyncio::TaskError>(())
/// ```
pub fn sleep(seconds: impl Into<f64>) -> Sleep {
    Sleep(match to_real(seconds) {
        Duration::ZERO => Stage::Yield,
        delay => Stage::New(delay),
    })
}

/// Una espera: la da [`sleep`].
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::{self, Sleep, gather, sleep};
///
/// let esperas: Vec<Sleep> = vec![sleep(1), sleep(0.5)]; // se guardan donde haga falta: aún no cuentan
/// asyncio::run(gather(esperas))?;
/// # Ok::<(), asyncio::TaskError>(())
/// ```
#[must_use = "no espera hasta que se le hace .await"]
pub struct Sleep(Stage);

enum Stage {
    /// Nadie la ha esperado todavía.
    New(Duration),
    /// El temporizador de tokio no se puede mover: en una caja, esto sí. Y las celdas no compilan cómo se suelta.
    Waiting(Pin<Box<dyn Future<Output = ()> + Send>>),
    /// Cederá el turno.
    Yield,
    Done,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut left = None;
        if let Stage::New(delay) = self.0 {
            left = Some(delay);
            self.0 = Stage::Waiting(Box::pin(tokio::time::sleep(delay)));
        }
        match &mut self.0 {
            Stage::Waiting(timer) => {
                if timer.as_mut().poll(context).is_pending() {
                    pending_sleep(left);
                    return Poll::Pending;
                }
            }
            Stage::Yield => {
                self.0 = Stage::Done;
                // Al final de la fila. El `yield_now` de tokio da la vuelta al orden de las que ceden a la vez.
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Stage::New(_) | Stage::Done => {}
        }
        self.0 = Stage::Done;
        Poll::Ready(())
    }
}

/// `Sleep(sin empezar)`, `Sleep(esperando)`…
impl fmt::Debug for Sleep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Stage::New(_) | Stage::Yield => "Sleep(sin empezar)",
            Stage::Waiting(_) => "Sleep(esperando)",
            Stage::Done => "Sleep(acabado)",
        })
    }
}
