//! [`convert`]: muchas miniaturas, en serie o a la vez.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use concurrencia::asyncio::{self, Semaphore};
use concurrencia::panic::panic_message;
use concurrencia::rayon::prelude::*;
use concurrencia::{ProcessPool, ThreadPoolExecutor};

use super::error::Cause;
use super::{ImageError, Job, Thumbnail, clean, thumbnail};
use crate::{Progress, Report};

/// Quién hace las miniaturas.
///
/// | | quién | cuándo |
/// |---|---|---|
/// | [`Serial`](Mode::Serial) | este hilo | para comparar |
/// | [`Threads`](Mode::Threads) | tantos hilos | lo más parecido a `ThreadPoolExecutor` |
/// | [`Processes`](Mode::Processes) | tantos procesos | si una imagen puede tumbar el programa entero |
/// | [`Rayon`](Mode::Rayon) | los hilos de rayon, uno por núcleo | lo normal: es cálculo |
/// | [`Tokio`](Mode::Tokio) | tareas en los hilos del bucle, tantas a la vez | si ya hay un programa asíncrono |
///
/// # Examples
///
/// Ve [`convert`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Una detrás de otra.
    Serial,
    /// Con un [`ThreadPoolExecutor`] de tantos hilos.
    Threads(usize),
    /// Con un [`ProcessPool`] de tantos procesos; fuera del cuaderno necesita
    /// [`process::init`](concurrencia::process::init).
    Processes(usize),
    /// Con `par_iter`.
    Rayon,
    /// Con [`asyncio::to_thread`] y un semáforo que deja pasar a tantas.
    Tokio(usize),
}

/// Hace las miniaturas de unos trabajos y da el resultado de cada una, bien o mal, con la ruta de su imagen.
///
/// **Bloquea** hasta que están todas. Que una falle no para a las demás; un pánico, o un proceso que muere, es el error
/// de la imagen que tenía. Los resultados están en el orden de los trabajos y son los mismos se haga como se haga. Antes
/// de empezar [limpia](clean) lo que otra vez quedó a medias en las carpetas de destino.
///
/// # En Python
///
/// ```python
/// with ProcessPoolExecutor(4) as ejecutor:
///     list(ejecutor.map(miniatura, trabajos))    # el primer fallo se lleva por delante los demás resultados
/// ```
///
/// # A pelo
///
/// `trabajos.into_par_iter().map(thumbnail).collect()`, que es lo que hace [`Mode::Rayon`].
///
/// # Panics
///
/// Si el número de hilos, procesos o tareas es 0, o con [`Mode::Tokio`] dentro de un bucle en marcha.
///
/// # Examples
///
/// ```
/// use workloads::images::{Mode, Tree, convert, find, plan};
///
/// # let raiz = std::env::temp_dir().join(format!("convert-{}", std::process::id()));
/// let fotos = raiz.join("fotos");
/// Tree::new(7).images(6).size(320, 180).truncated(1).generate(&fotos)?;
/// let trabajos = plan(&fotos, find(&fotos)?, raiz.join("miniaturas"));
/// let hechas = convert(trabajos, Mode::Rayon);
/// assert_eq!((hechas.succeeded(), hechas.failed()), (6, 1));
/// # std::fs::remove_dir_all(&raiz)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn convert(jobs: impl IntoIterator<Item = Job>, how: Mode) -> Report<Thumbnail, ImageError> {
    run(jobs.into_iter().collect(), how, None)
}

/// Como [`convert`], y apunta en `progress` cada miniatura en cuanto se sabe cómo ha salido.
///
/// # Panics
///
/// Los de `convert`.
///
/// # Examples
///
/// ```
/// use workloads::Progress;
/// use workloads::images::{Mode, convert_with_progress, plan};
///
/// let trabajos = plan("fotos", ["fotos/a.jpg", "fotos/b.jpg"], "miniaturas");
/// let avance = Progress::new("miniaturas", trabajos.len());
/// let hechas = convert_with_progress(trabajos, Mode::Serial, &avance);
/// assert_eq!((hechas.failed(), avance.done()), (2, 2)); // no estaban, pero se cuentan
/// ```
pub fn convert_with_progress(
    jobs: impl IntoIterator<Item = Job>,
    how: Mode,
    progress: &Progress,
) -> Report<Thumbnail, ImageError> {
    run(jobs.into_iter().collect(), how, Some(progress))
}

type Outcome = Result<Thumbnail, ImageError>;

fn run(jobs: Vec<Job>, how: Mode, progress: Option<&Progress>) -> Report<Thumbnail, ImageError> {
    let folders: BTreeSet<&Path> = jobs.iter().filter_map(|job| job.target.parent()).collect();
    for folder in folders {
        // Si no se puede, ya lo dirá quien intente guardar ahí.
        let _ = clean(folder);
    }
    let sources: Vec<_> = jobs.iter().map(|job| job.source.clone()).collect();
    let tick = || progress.inspect(|progress| progress.tick());
    let each = |job| {
        let outcome = caught(job);
        tick();
        outcome
    };
    let outcomes: Vec<Outcome> = match how {
        Mode::Serial => jobs.into_iter().map(each).collect(),
        Mode::Rayon => jobs.into_par_iter().map(each).collect(),
        Mode::Threads(threads) => match ThreadPoolExecutor::new(threads) {
            Ok(executor) => gathered(&sources, executor.map(thumbnail, jobs), tick),
            Err(error) => nobody(&sources, &error),
        },
        Mode::Processes(processes) => match ProcessPool::new(processes) {
            Ok(pool) => gathered(&sources, pool.imap(thumbnail, jobs), tick),
            Err(error) => nobody(&sources, &error),
        },
        Mode::Tokio(tasks) => asyncio::run(in_loop(jobs, tasks, progress.cloned()))
            .into_iter()
            .zip(&sources)
            .map(|(outcome, source)| outcome.unwrap_or_else(|error| Err(lost(source, &error))))
            .collect(),
    };
    let names = sources.iter().map(|path| path.display().to_string());
    names.zip(outcomes).collect()
}

/// Un pánico es el error de su imagen, también sin un ejecutor que lo recoja.
fn caught(job: Job) -> Outcome {
    let source = job.source.clone();
    catch_unwind(AssertUnwindSafe(|| thumbnail(job)))
        .unwrap_or_else(|payload| Err(lost(&source, &panic_message(&*payload))))
}

fn lost(source: &Path, why: &dyn Display) -> ImageError {
    ImageError::new(source, Cause::Worker(why.to_string()))
}

fn nobody(sources: &[impl AsRef<Path>], why: &dyn Display) -> Vec<Outcome> {
    sources
        .iter()
        .map(|source| Err(lost(source.as_ref(), why)))
        .collect()
}

fn gathered<T, E: Display>(
    sources: &[impl AsRef<Path>],
    results: impl IntoIterator<Item = Result<Outcome, E>>,
    tick: impl Fn() -> T,
) -> Vec<Outcome> {
    let outcomes = results.into_iter().zip(sources).map(|(result, source)| {
        tick();
        result.unwrap_or_else(|error| Err(lost(source.as_ref(), &error)))
    });
    outcomes.collect()
}

async fn in_loop(
    jobs: Vec<Job>,
    tasks: usize,
    progress: Option<Progress>,
) -> Vec<Result<Outcome, asyncio::TaskError>> {
    assert!(tasks > 0, "con 0 tareas a la vez no acabaría nunca");
    let turns = Semaphore::new(u32::try_from(tasks).unwrap_or(u32::MAX));
    let all = jobs.into_iter().map(|job| {
        let (turns, progress) = (turns.clone(), progress.clone());
        async move {
            let _turn = turns.permit().await;
            let outcome = asyncio::to_thread(thumbnail, (job,)).await;
            progress.inspect(Progress::tick);
            outcome
        }
    });
    asyncio::gather(all)
        .return_exceptions()
        .await
        .into_iter()
        .map(|task| task.and_then(|outcome| outcome))
        .collect()
}
