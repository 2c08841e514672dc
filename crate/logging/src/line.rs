//! Qué lleva cada línea.

use std::fmt;

use concurrencia::thread::current_thread;
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::config::current;

/// `[NIVEL] (hilo) mensaje`, según la configuración que haya en ese momento.
#[derive(Debug)]
pub(crate) struct Line;

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut out: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let config = current();
        if let Some(start) = config.start {
            let seconds = format!("{:.3}", start.elapsed().as_secs_f64()).replace('.', ",");
            write!(out, "{seconds} s ")?;
        }
        write!(out, "[{}] ", event.metadata().level())?;
        if config.has_thread_name {
            write!(out, "({}) ", current_thread().name())?;
        }
        if config.has_target {
            write!(out, "{}: ", event.metadata().target())?;
        }
        context.format_fields(out.by_ref(), event)?;
        // Sin el salto final, el texto se pegaría a la marca con la que el núcleo sabe que la celda ha acabado.
        writeln!(out)
    }
}
