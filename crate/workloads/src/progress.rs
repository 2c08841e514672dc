//! [`Progress`]: cuánto va hecho, en la terminal o en la celda.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use concurrencia::parking_lot::Mutex;

/// Cuántas líneas se escriben como mucho.
const LINES: usize = 4;

/// Cuánto va hecho de un trabajo con muchas piezas.
///
/// En una terminal, con la característica `terminal` del paquete, es una barra que avanza. En una celda (o en un archivo)
/// no se puede repintar: son cuatro líneas sueltas, al pasar de cada cuarta parte.
///
/// Clonarlo da otro mango del mismo: cada hilo apunta lo suyo con [`tick`](Progress::tick). Soltar el último deja la
/// barra como esté.
///
/// # En Python
///
/// `tqdm(total=n)`, que en un cuaderno repinta con un *widget*.
///
/// # Examples
///
/// ```
/// use workloads::Progress;
///
/// let avance = Progress::new("miniaturas", 8);
/// for _ in 0..8 {
///     avance.tick();
/// }
/// assert_eq!((avance.done(), avance.total()), (8, 8));
/// ```
#[derive(Clone)]
pub struct Progress(Arc<Inner>);

struct Inner {
    title: String,
    total: usize,
    state: Mutex<State>,
}

struct State {
    done: usize,
    output: Output,
}

enum Output {
    Lines(Box<dyn Write + Send>),
    #[cfg(feature = "terminal")]
    Bar(indicatif::ProgressBar),
}

impl Progress {
    /// Un trabajo de `total` piezas: en la terminal, su barra (en la salida de errores); si no, líneas en la salida.
    pub fn new(title: impl Into<String>, total: usize) -> Progress {
        let title = title.into();
        #[cfg(feature = "terminal")]
        if io::IsTerminal::is_terminal(&io::stderr()) {
            let style = "{msg} {wide_bar} {pos}/{len} ({eta})";
            let style = indicatif::ProgressStyle::with_template(style).expect("está bien escrito");
            let bar = indicatif::ProgressBar::new(total as u64).with_style(style);
            let bar = bar.with_message(title.clone());
            return Progress::from_parts(title, total, Output::Bar(bar));
        }
        Progress::with_output(title, total, io::stdout())
    }

    /// Con las líneas en otra parte: un archivo, un búfer.
    ///
    /// # Examples
    ///
    /// ```
    /// use workloads::Progress;
    ///
    /// let avance = Progress::with_output("miniaturas", 2, std::io::stderr());
    /// avance.tick(); // «miniaturas: 1 de 2», en la salida de errores
    /// ```
    pub fn with_output(
        title: impl Into<String>,
        total: usize,
        output: impl Write + Send + 'static,
    ) -> Progress {
        Progress::from_parts(title.into(), total, Output::Lines(Box::new(output)))
    }

    fn from_parts(title: String, total: usize, output: Output) -> Progress {
        let state = Mutex::new(State { done: 0, output });
        Progress(Arc::new(Inner {
            title,
            total,
            state,
        }))
    }

    /// Apunta una pieza más y, si toca, lo dice. Bien o mal hecha: cuenta igual.
    ///
    /// Si la salida está cerrada no pasa nada: no hay a quién decírselo.
    pub fn tick(&self) {
        let Inner {
            title,
            total,
            state,
        } = &*self.0;
        let mut state = state.lock();
        state.done += 1;
        let done = state.done;
        match &mut state.output {
            Output::Lines(output) => {
                let part = |n: usize| n * LINES / (*total).max(1);
                if part(done) > part(done - 1) && done <= *total {
                    // De una vez: otro que escriba a la vez no parte la línea.
                    let line = format!("{title}: {done} de {total}\n");
                    let _ = output
                        .write_all(line.as_bytes())
                        .and_then(|()| output.flush());
                }
            }
            #[cfg(feature = "terminal")]
            Output::Bar(bar) => {
                bar.inc(1);
                if done >= *total {
                    bar.finish();
                }
            }
        }
    }

    /// Cuántas piezas van.
    pub fn done(&self) -> usize {
        self.0.state.lock().done
    }

    /// Cuántas son.
    pub fn total(&self) -> usize {
        self.0.total
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (title, done, total) = (&self.0.title, self.done(), self.total());
        write!(f, "Progress(«{title}», {done} de {total})")
    }
}
