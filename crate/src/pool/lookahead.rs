//! `Lookahead`: el hilo que lee las entradas de un `imap`, por delante pero con medida.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use super::window::Window;
use crate::panic::message_of;

/// Cuántas entradas se leen por delante, como poco.
const AHEAD: usize = 1024;

/// El nombre del hilo que lee.
pub(crate) const READER: &str = "imap (entradas)";

/// Lo que tiene quien recoge los resultados: abre paso al hilo que lee y, al soltarlo, le dice que lo deje.
#[derive(Debug)]
pub(crate) struct Lookahead(Arc<Window>);

impl Lookahead {
    /// Lee `items` en otro hilo, de `chunksize` en `chunksize`, y los va encargando con `submit`.
    ///
    /// `submit` recibe el número de la primera entrada de cada trozo. Al acabar se llama a `end` con cuántas se han
    /// encargado y, si el iterador entró en pánico, su mensaje.
    pub(crate) fn start<I>(
        items: I,
        chunksize: usize,
        workers: usize,
        submit: impl FnMut(usize, Vec<I::Item>) + Send + 'static,
        end: impl FnOnce(usize, Option<String>) + Send + 'static,
    ) -> io::Result<Lookahead>
    where
        I: Iterator + Send + 'static,
    {
        let ahead = AHEAD.max(chunksize.saturating_mul(4 * workers));
        let window = Arc::new(Window::new(ahead));
        let theirs = Arc::clone(&window);
        thread::Builder::new()
            .name(READER.to_owned())
            .spawn(move || read(&theirs, items, chunksize, submit, end))?;
        Ok(Lookahead(window))
    }

    /// Se han recogido `taken` resultados; hay que decirlo de uno en uno.
    pub(crate) fn advance(&self, taken: usize) {
        self.0.advance(taken);
    }
}

impl Drop for Lookahead {
    fn drop(&mut self) {
        self.0.close();
    }
}

fn read<I: Iterator>(
    window: &Window,
    mut items: I,
    chunksize: usize,
    mut submit: impl FnMut(usize, Vec<I::Item>),
    end: impl FnOnce(usize, Option<String>),
) {
    let mut submitted = 0;
    let mut chunk = Vec::new();
    // El gancho de pánico anuncia el del iterador: no es de ninguna tarea.
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        while window.wait_for(submitted) {
            chunk.extend(items.by_ref().take(chunksize));
            let count = chunk.len();
            if count == 0 {
                break;
            }
            submit(submitted, std::mem::take(&mut chunk));
            submitted += count;
        }
    }))
    .map_err(message_of)
    .err();
    // Las que se leyeron antes del pánico son tan buenas como las demás.
    if !chunk.is_empty() {
        let count = chunk.len();
        submit(submitted, chunk);
        submitted += count;
    }
    end(submitted, panicked);
}
