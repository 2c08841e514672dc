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
        // El trozo se llena en ese hilo: sus entradas no tienen por qué poder cambiar de hilo.
        launch(Box::new(move || {
            let mut source = Chunks {
                items,
                chunk: Vec::new(),
                chunksize,
                submit,
            };
            read(&theirs, &mut source, Box::new(end));
        }))?;
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

fn launch(work: Box<dyn FnOnce() + Send>) -> io::Result<()> {
    thread::Builder::new()
        .name(READER.to_owned())
        .spawn(work)
        .map(drop)
}

/// De donde salen las entradas, sin su tipo.
trait Source {
    /// Lee el trozo siguiente. Si entra en pánico, lo que llevaba leído sigue en él.
    fn fill(&mut self);

    /// Cuántas entradas tiene el trozo.
    fn len(&self) -> usize;

    /// Encarga el trozo, cuya primera entrada es la número `first`.
    fn submit(&mut self, first: usize);
}

struct Chunks<I: Iterator, S> {
    items: I,
    chunk: Vec<I::Item>,
    chunksize: usize,
    submit: S,
}

impl<I, S> Source for Chunks<I, S>
where
    I: Iterator,
    S: FnMut(usize, Vec<I::Item>),
{
    fn fill(&mut self) {
        self.chunk.extend(self.items.by_ref().take(self.chunksize));
    }

    fn len(&self) -> usize {
        self.chunk.len()
    }

    fn submit(&mut self, first: usize) {
        (self.submit)(first, std::mem::take(&mut self.chunk));
    }
}

fn read(window: &Window, source: &mut dyn Source, end: Box<dyn FnOnce(usize, Option<String>)>) {
    let mut submitted = 0;
    // El gancho de pánico anuncia el del iterador: no es de ninguna tarea.
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        while window.wait_for(submitted) {
            source.fill();
            let count = source.len();
            if count == 0 {
                break;
            }
            source.submit(submitted);
            submitted += count;
        }
    }))
    .map_err(message_of)
    .err();
    // Las que se leyeron antes del pánico son tan buenas como las demás.
    let count = source.len();
    if count > 0 {
        source.submit(submitted);
        submitted += count;
    }
    end(submitted, panicked);
}
