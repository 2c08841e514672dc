//! `ProcessPool`: varios procesos que se reparten las llamadas a una función.

mod async_result;
pub use async_result::AsyncResult;

mod imap;
pub use imap::Imap;

mod errand;
use errand::Unsent;
pub(crate) use errand::{Arrival, Errand};

mod alarm;
mod board;
mod dispatcher;
mod job;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;
use std::{fmt, io};

use crossbeam::channel::{Receiver, RecvTimeoutError, TryRecvError, bounded};
use dispatcher::{Dispatcher, Mailbox};
use job::{Chunk, Job, Segment, Title};

use super::channel::Wait;
use super::error::{Cause, ProcessError};
use super::function::{Describe, Entry, Portable, describe, entry};
use super::message::{self, MessageError, Outgoing};
use super::raw::Location;
use crate::Callable;
use crate::pool::{self, Pool, checked};
use crate::sealed::Sealed;
use crate::thread::Workers;
use crate::timeline::{self, FunctionName, NOTHING, State, name_of};

/// Lo más que ocupan los argumentos de un trozo antes de empezar otro.
const CHUNK_BYTES: usize = 8 << 20;

/// Las tareas que se juntan, como poco, antes de avisar al despachador.
const SMALLEST_CHUNK: usize = 256;

/// Un grupo fijo de procesos que se reparten las llamadas a funciones.
///
/// Las funciones pueden estar escritas en la celda de arriba; cada llamada elige la suya. Los argumentos y los
/// resultados viajan [copiados](Portable). Lo que escriben los procesos sale en la celda, línea a línea y antes que su
/// resultado.
///
/// - Las tareas empiezan en el orden en que se encargan y cada una la hace el primero que queda libre.
/// - Una tarea que entra en pánico da un `Err` con el mensaje, el PID y el argumento; el proceso y las demás siguen.
/// - Un proceso que muere (una señal, `exit`, `abort`, pila desbordada) da un `Err` con su código a la tarea que
///   ejecutaba, que no se repite; el pool pone otro en su lugar y las demás tareas acaban.
/// - El extremo de una conexión que va en un argumento sigue abierto aquí hasta que acaba su tarea, por si hay que
///   dársela a otro.
/// - Soltar el pool lo [termina](ProcessPool::terminate): ningún proceso queda suelto.
///
/// # En Python
///
/// ```python
/// with multiprocessing.Pool(2) as pool:
///     pool.map(cuadrado, range(20))
/// ```
///
/// Con `spawn`, `cuadrado` tiene que estar en un archivo. Y si un proceso muere, `map` espera para siempre la tarea que
/// tenía: allí nadie se entera.
///
/// # A pelo
///
/// Con hilos, [`rayon`](crate::rayon); con procesos, ejecutables unidos por tuberías.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::{ProcessPool, process};
///
/// fn cuadrado(x: i64) -> i64 {
///     x * x
/// }
///
/// fn main() -> Result<(), process::ProcessError> {
///     process::init(); // en un cuaderno no hace falta
///     let pool = ProcessPool::new(2)?;
///     assert_eq!(pool.map(cuadrado, 0..5)?, [0, 1, 4, 9, 16]);
///     assert_eq!(pool.apply(i64::pow, (2, 10))?, 1024);
///     Ok(())
/// }
/// ```
pub struct ProcessPool {
    size: usize,
    mailbox: Arc<Mailbox>,
    dispatcher: Sealed<Mutex<Option<JoinHandle<()>>>>,
    ended: Sealed<Receiver<()>>,
    /// El hilo donde se ejecuta lo que alguien dejó encargado para cuando acabe algo.
    notices: Arc<Workers>,
    /// Cuántas llamadas sueltas se le han encargado durante alguna captura.
    applied: AtomicUsize,
}

impl ProcessPool {
    /// Lanza `processes` procesos.
    ///
    /// No espera a que estén listos: los encargos que lleguen antes, aguardan.
    ///
    /// # En Python
    ///
    /// `multiprocessing.Pool(processes)`. Para uno por núcleo, `std::thread::available_parallelism()`.
    ///
    /// # Errors
    ///
    /// Si el sistema no puede crearlos o si, fuera del cuaderno, falta [`process::init`](super::init).
    ///
    /// # Panics
    ///
    /// Si `processes` es 0.
    pub fn new(processes: usize) -> Result<ProcessPool, ProcessError> {
        assert!(processes > 0, "un pool necesita al menos un proceso");
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        let name = match NEXT.fetch_add(1, Ordering::Relaxed) {
            1 => "Pool".to_owned(),
            number => format!("Pool{number}"),
        };
        let (dispatcher, mailbox) = Dispatcher::new(name.clone(), processes)?;
        let notices = Workers::new(&format!("{name}-avisos"), 1);
        let notices = notices.map_err(io::Error::other)?;
        let (alive, ended) = bounded(0);
        let thread = thread::Builder::new()
            .name(format!("{name} (despachador)"))
            .spawn(move || {
                dispatcher.run();
                drop(alive);
            })?;
        Ok(ProcessPool {
            size: processes,
            mailbox: Arc::new(mailbox),
            dispatcher: Sealed::new(Mutex::new(Some(thread))),
            ended: Sealed::new(ended),
            notices: Arc::new(notices),
            applied: AtomicUsize::new(0),
        })
    }

    /// `f(args…)` en uno de los procesos; espera el resultado. **Bloquea.**
    ///
    /// # En Python
    ///
    /// `pool.apply(f, args)`.
    ///
    /// # Errors
    ///
    /// Los de [`AsyncResult::get`].
    pub fn apply<F, Args>(&self, f: F, args: Args) -> Result<F::Output, ProcessError>
    where
        F: Callable<Args>,
        Args: Portable,
        F::Output: Portable,
    {
        self.apply_async(f, args).get()
    }

    /// Encarga `f(args…)` y vuelve sin esperar. Si no se puede encargar, el error está en el resultado.
    ///
    /// # En Python
    ///
    /// `pool.apply_async(f, args)`. Sus `callback` se encargan aquí después, con
    /// [`add_done_callback`](AsyncResult::add_done_callback).
    pub fn apply_async<F, Args>(&self, f: F, args: Args) -> AsyncResult<F::Output>
    where
        F: Callable<Args>,
        Args: Portable,
        F::Output: Portable,
    {
        let job = Job::new(false);
        self.tasks::<F, Args>(&f, &job)
            .counting_from(self.next_single())
            .run(std::iter::once(args), 1);
        AsyncResult::one(job, &self.notices)
    }

    /// `f(x)` de cada entrada, en paralelo; da los resultados en el orden de las entradas. **Bloquea** hasta tenerlos.
    ///
    /// Las tareas se reparten en trozos, unos cuatro por proceso, como hace Python; con
    /// [`map_chunked`](ProcessPool::map_chunked) se elige su tamaño.
    ///
    /// # En Python
    ///
    /// `pool.map(f, items)`, que da el primer error que llega; aquí, siempre el mismo.
    ///
    /// # Errors
    ///
    /// El de la primera entrada que falló, cuando han acabado todas. Para quedarse con las demás,
    /// [`imap`](ProcessPool::imap).
    pub fn map<F, A, R>(
        &self,
        f: F,
        items: impl IntoIterator<Item = A>,
    ) -> Result<Vec<R>, ProcessError>
    where
        F: Fn(A) -> R,
        A: Portable,
        R: Portable,
    {
        self.map_async(f, items).get()
    }

    /// [`map`](ProcessPool::map) en trozos de `chunksize` entradas seguidas: cada trozo lo hace entero un proceso.
    ///
    /// # En Python
    ///
    /// `pool.map(f, items, chunksize)`. Allí un fallo deja sin hacer el resto de su trozo; aquí, no.
    ///
    /// # Errors
    ///
    /// Los de `map`.
    ///
    /// # Panics
    ///
    /// Si `chunksize` es 0.
    pub fn map_chunked<F, A, R>(
        &self,
        f: F,
        items: impl IntoIterator<Item = A>,
        chunksize: usize,
    ) -> Result<Vec<R>, ProcessError>
    where
        F: Fn(A) -> R,
        A: Portable,
        R: Portable,
    {
        let job = Job::new(false);
        let items = items.into_iter().map(|item| (item,));
        self.tasks::<F, (A,)>(&f, &job)
            .run(items, checked(chunksize));
        AsyncResult::all(job, &self.notices).get()
    }

    /// Encarga un [`map`](ProcessPool::map) y vuelve en cuanto ha copiado las entradas.
    ///
    /// # En Python
    ///
    /// `pool.map_async(f, items)`.
    pub fn map_async<F, A, R>(
        &self,
        f: F,
        items: impl IntoIterator<Item = A>,
    ) -> AsyncResult<Vec<R>>
    where
        F: Fn(A) -> R,
        A: Portable,
        R: Portable,
    {
        let job = Job::new(false);
        let items = items.into_iter().map(|item| (item,));
        self.tasks::<F, (A,)>(&f, &job).run(items, None);
        AsyncResult::all(job, &self.notices)
    }

    /// `f(a, b…)` de cada tupla, en paralelo; da los resultados en el orden de las tuplas. **Bloquea** hasta tenerlos.
    ///
    /// # En Python
    ///
    /// `pool.starmap(f, tuplas)`.
    ///
    /// # Errors
    ///
    /// Los de [`map`](ProcessPool::map).
    pub fn starmap<F, Args>(
        &self,
        f: F,
        items: impl IntoIterator<Item = Args>,
    ) -> Result<Vec<F::Output>, ProcessError>
    where
        F: Callable<Args>,
        Args: Portable,
        F::Output: Portable,
    {
        self.starmap_async(f, items).get()
    }

    /// Encarga un [`starmap`](ProcessPool::starmap) y vuelve en cuanto ha copiado las tuplas.
    ///
    /// # En Python
    ///
    /// `pool.starmap_async(f, tuplas)`.
    pub fn starmap_async<F, Args>(
        &self,
        f: F,
        items: impl IntoIterator<Item = Args>,
    ) -> AsyncResult<Vec<F::Output>>
    where
        F: Callable<Args>,
        Args: Portable,
        F::Output: Portable,
    {
        let job = Job::new(false);
        self.tasks::<F, Args>(&f, &job).run(items, None);
        AsyncResult::all(job, &self.notices)
    }

    /// `f(x)` de cada entrada, en paralelo; da cada resultado en cuanto está, en el orden de las entradas.
    ///
    /// Un iterador cuyos elementos son `Result`: que una tarea falle no quita las demás. Ve [`Imap`].
    ///
    /// # En Python
    ///
    /// `pool.imap(f, items)`.
    pub fn imap<F, A, R, I>(&self, f: F, items: I) -> Imap<R>
    where
        F: Fn(A) -> R,
        A: Portable,
        R: Portable,
        I: IntoIterator<Item = A>,
        I::IntoIter: Send + 'static,
    {
        self.lazily::<F, A, R>(&f, items.into_iter(), 1, true)
    }

    /// [`imap`](ProcessPool::imap) en trozos de `chunksize` entradas seguidas.
    ///
    /// # En Python
    ///
    /// `pool.imap(f, items, chunksize)`.
    ///
    /// # Panics
    ///
    /// Si `chunksize` es 0.
    pub fn imap_chunked<F, A, R, I>(&self, f: F, items: I, chunksize: usize) -> Imap<R>
    where
        F: Fn(A) -> R,
        A: Portable,
        R: Portable,
        I: IntoIterator<Item = A>,
        I::IntoIter: Send + 'static,
    {
        self.lazily::<F, A, R>(&f, items.into_iter(), checked(chunksize), true)
    }

    /// Como [`imap`](ProcessPool::imap), en el orden en que acaban.
    ///
    /// # En Python
    ///
    /// `pool.imap_unordered(f, items)`.
    pub fn imap_unordered<F, A, R, I>(&self, f: F, items: I) -> Imap<R>
    where
        F: Fn(A) -> R,
        A: Portable,
        R: Portable,
        I: IntoIterator<Item = A>,
        I::IntoIter: Send + 'static,
    {
        self.lazily::<F, A, R>(&f, items.into_iter(), 1, false)
    }

    /// [`imap_unordered`](ProcessPool::imap_unordered) en trozos de `chunksize` entradas seguidas.
    ///
    /// # En Python
    ///
    /// `pool.imap_unordered(f, items, chunksize)`.
    ///
    /// # Panics
    ///
    /// Si `chunksize` es 0.
    pub fn imap_unordered_chunked<F, A, R, I>(&self, f: F, items: I, chunksize: usize) -> Imap<R>
    where
        F: Fn(A) -> R,
        A: Portable,
        R: Portable,
        I: IntoIterator<Item = A>,
        I::IntoIter: Send + 'static,
    {
        self.lazily::<F, A, R>(&f, items.into_iter(), checked(chunksize), false)
    }

    fn lazily<F, A, R>(
        &self,
        f: &F,
        items: impl Iterator<Item = A> + Send + 'static,
        chunksize: usize,
        ordered: bool,
    ) -> Imap<R>
    where
        F: Fn(A) -> R,
        A: Portable,
        R: Portable,
    {
        let job = Job::new(true);
        let tasks = self.tasks::<F, (A,)>(f, &job);
        let items = items.map(|item| (item,));
        Imap::new(
            &job,
            items,
            chunksize,
            self.size,
            ordered,
            move |first, chunk| {
                tasks.send(first, chunk, chunksize);
            },
        )
    }

    /// No acepta más encargos. Los procesos acaban cuando no quede nada por hacer. No bloquea.
    ///
    /// # En Python
    ///
    /// `pool.close()`.
    pub fn close(&self) {
        self.mailbox.close(false);
    }

    /// Espera a que los procesos acaben, y lo que se encargó con
    /// [`add_done_callback`](AsyncResult::add_done_callback). **Bloquea.** Antes hay que llamar a
    /// [`close`](ProcessPool::close) o a [`terminate`](ProcessPool::terminate).
    ///
    /// # En Python
    ///
    /// `pool.join()`, que con el pool abierto lanza `ValueError`.
    ///
    /// # Errors
    ///
    /// Si el pool sigue abierto: no acabarían nunca.
    pub fn join(&self) -> Result<(), ProcessError> {
        self.join_until(Wait::Forever)
    }

    /// Como [`join`](ProcessPool::join), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # Errors
    ///
    /// Los de `join`, y [`is_timeout`](ProcessError::is_timeout) si se acaba el plazo; los procesos siguen.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    pub fn join_timeout(&self, seconds: impl Into<f64>) -> Result<(), ProcessError> {
        self.join_until(Wait::lesson(seconds.into()))
    }

    fn join_until(&self, wait: Wait) -> Result<(), ProcessError> {
        if !self.mailbox.is_closed() {
            return Err(Cause::StillOpen.into());
        }
        self.join_dispatcher(wait)?;
        // Lo que se ejecuta al acabar algo se encargó antes de que el despachador acabara.
        self.notices.close();
        let deadline = match wait {
            Wait::Forever => None,
            Wait::Until(deadline) => Some(deadline),
            Wait::Never => Some(Instant::now()),
        };
        if !self.notices.join(deadline) {
            return Err(Cause::Timeout.into());
        }
        Ok(())
    }

    fn join_dispatcher(&self, wait: Wait) -> Result<(), ProcessError> {
        let busy = timeline::is_on() && self.ended.try_recv() == Err(TryRecvError::Empty);
        let _waiting = busy.then(|| timeline::waiting(State::Wait, NOTHING, || "el pool".into()));
        // Nadie manda nada por aquí: se cierra cuando el despachador acaba.
        let ended = match wait.left() {
            None => self
                .ended
                .recv()
                .map_err(|_| RecvTimeoutError::Disconnected),
            Some(left) => self.ended.recv_timeout(left),
        };
        if ended == Err(RecvTimeoutError::Timeout) {
            return Err(Cause::Timeout.into());
        }
        let thread = self
            .dispatcher
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            // Un despachador no entra en pánico; si lo hiciera, ya lo habría dicho.
            let _ = thread.join();
        }
        Ok(())
    }

    /// Mata los procesos, hagan lo que hagan. Lo encargado y sin acabar da un `Err`. **Bloquea** un instante: cuando
    /// vuelve ya no queda ninguno. A lo de [`add_done_callback`](AsyncResult::add_done_callback) no lo espera.
    ///
    /// # En Python
    ///
    /// `pool.terminate()`, que deja sin respuesta para siempre a quien esperara un resultado.
    pub fn terminate(&self) {
        self.mailbox.close(true);
        // Sin plazo, no hay de qué quejarse.
        let _ = self.join_dispatcher(Wait::Forever);
        self.notices.close();
    }

    /// Los PID de los procesos que tiene ahora.
    pub fn pids(&self) -> Vec<u32> {
        self.mailbox.shared.pids()
    }

    /// Escribe las llamadas a `f` con cada uno de `items`, sin mandarlas todavía; irán juntas al mismo proceso. En la línea
    /// de tiempo, la primera es la número `start`.
    pub(crate) fn errand<F, Args>(
        &self,
        f: &F,
        items: impl IntoIterator<Item = Args>,
        start: usize,
    ) -> Errand<F::Output>
    where
        F: Callable<Args>,
        Args: Portable,
        F::Output: Portable,
    {
        let job = Job::new(false);
        let tasks = self.tasks::<F, Args>(f, &job).counting_from(start);
        let (chunks, count) = tasks.write(items);
        job.expect(count);
        Errand::new(Unsent {
            job,
            chunks,
            chunksize: count.max(1),
            mailbox: Arc::clone(&self.mailbox),
            notices: Arc::clone(&self.notices),
        })
    }

    /// El número, en la línea de tiempo, de la siguiente llamada suelta; sin captura no hace falta.
    pub(crate) fn next_single(&self) -> usize {
        if timeline::is_on() {
            self.applied.fetch_add(1, Ordering::Relaxed) + 1
        } else {
            0
        }
    }

    /// Espera a que los procesos acaben, ya cerrado, y a que se ejecute lo que había que ejecutar entonces; `false` si antes
    /// se pasa el plazo.
    pub(crate) fn join_by(&self, deadline: Option<Instant>) -> bool {
        self.join_until(deadline.map_or(Wait::Forever, Wait::Until))
            .is_ok()
    }

    /// ¿Pregunta el hilo que ejecuta lo que alguien dejó encargado para cuando acabe algo?
    pub(crate) fn is_noticing(&self) -> bool {
        self.notices.is_one_of_them()
    }

    /// Las tareas de un encargo que llaman a `f`.
    fn tasks<F, Args>(&self, f: &F, job: &Arc<Job>) -> Tasks
    where
        F: Callable<Args>,
        Args: Portable,
        F::Output: Portable,
    {
        self.tasks_of(job, entry(f), describe::<Args>, name_of::<F>)
    }

    fn tasks_of(
        &self,
        job: &Arc<Job>,
        entry: Entry,
        describe: Describe,
        name: FunctionName,
    ) -> Tasks {
        Tasks {
            job: Arc::clone(job),
            function: self
                .mailbox
                .shared
                .number(entry as usize, &|| Location::of(entry)),
            describe,
            title: Title { name, start: 1 },
            mailbox: Arc::clone(&self.mailbox),
            size: self.size,
        }
    }
}

/// Cómo encargar tareas de una función.
struct Tasks {
    job: Arc<Job>,
    function: Option<u32>,
    describe: Describe,
    title: Title,
    mailbox: Arc<Mailbox>,
    size: usize,
}

impl Tasks {
    /// En la línea de tiempo, la primera es la número `start`.
    fn counting_from(mut self, start: usize) -> Tasks {
        self.title.start = start;
        self
    }

    /// Encarga todas y dice cuántas son. Sin `chunksize`, unos cuatro trozos por proceso.
    fn run<Args: Portable>(
        &self,
        items: impl IntoIterator<Item = Args>,
        chunksize: impl Into<Option<usize>>,
    ) {
        let items = items.into_iter();
        let mut batch = Batch::new(self, chunksize.into(), items.size_hint());
        for args in items {
            batch.add(&args);
        }
        batch.send();
    }

    /// Las escribe y dice cuántas son, sin encargarlas.
    fn write<Args: Portable>(&self, items: impl IntoIterator<Item = Args>) -> (Vec<Chunk>, usize) {
        // Sin saber cuántas son, no manda ninguna.
        let mut batch = Batch::new(self, None, (0, None));
        for args in items {
            batch.add(&args);
        }
        batch.keep()
    }

    /// Encarga unas pocas que empiezan por la número `first`.
    fn send<Args: Portable>(&self, first: usize, items: Vec<Args>, chunksize: usize) {
        let mut chunk = self.chunk(first);
        for (number, args) in (first..).zip(&items) {
            if !self.push(&mut chunk, args, number) {
                let full = std::mem::replace(&mut chunk, self.chunk(number + 1));
                self.submit(full, chunksize);
            }
        }
        self.submit(chunk, chunksize);
    }

    fn chunk(&self, first: usize) -> Chunk {
        Chunk::new(
            &self.job,
            self.function.unwrap_or_default(),
            self.describe,
            self.title,
            first,
        )
    }

    /// Añade una tarea a `chunk`; si no se puede mandar, es que ya ha fallado.
    fn push(&self, chunk: &mut Chunk, args: &dyn Outgoing, number: usize) -> bool {
        let error: ProcessError = match self.function.map(|_| chunk.push(args)) {
            Some(Ok(())) => {
                if timeline::is_on() {
                    chunk.submit(&self.mailbox.shared.queue);
                }
                return true;
            }
            // Uno que no cabe es muy largo de enseñar.
            Some(Err(error @ MessageError::TooBig)) => Cause::Unwritable(error).into(),
            Some(Err(error)) => {
                ProcessError::new(Cause::Unwritable(error)).with_argument(message::preview(args))
            }
            None => Cause::Undeliverable("no se sabe en qué biblioteca está la función".to_owned())
                .into(),
        };
        self.job.deliver(Segment::failed(number, error));
        false
    }

    fn submit(&self, chunk: Chunk, chunksize: usize) {
        chunk.send(&self.mailbox, chunksize);
    }
}

/// Las tareas de un encargo según se van escribiendo.
struct Batch<'a> {
    tasks: &'a Tasks,
    /// El tamaño de los trozos, si ya se sabe: los que están llenos se mandan mientras se escriben los siguientes.
    chunksize: Option<usize>,
    /// Cuántas tareas llenan un trozo.
    enough: usize,
    chunk: Chunk,
    /// Los que están llenos y sin mandar.
    full: Vec<Chunk>,
    count: usize,
}

impl<'a> Batch<'a> {
    /// `hint` es lo que sabe el iterador de cuántas son.
    fn new(tasks: &'a Tasks, chunksize: Option<usize>, hint: (usize, Option<usize>)) -> Batch<'a> {
        let chunksize = chunksize.or_else(|| match hint {
            (low, Some(high)) if low == high => Some(pool::chunksize(low, tasks.size)),
            _ => None,
        });
        let enough = chunksize.map_or(usize::MAX, |chunksize| {
            chunksize.max(SMALLEST_CHUNK).next_multiple_of(chunksize)
        });
        Batch {
            tasks,
            chunksize,
            enough,
            chunk: tasks.chunk(0),
            full: Vec::new(),
            count: 0,
        }
    }

    fn add(&mut self, args: &dyn Outgoing) {
        let pushed = self.tasks.push(&mut self.chunk, args, self.count);
        self.count += 1;
        if !pushed || self.chunk.len() >= self.enough || self.chunk.size() >= CHUNK_BYTES {
            let full = std::mem::replace(&mut self.chunk, self.tasks.chunk(self.count));
            match self.chunksize {
                Some(chunksize) => self.tasks.submit(full, chunksize),
                None => self.full.push(full),
            }
        }
    }

    /// Manda las que quedan y dice cuántas son.
    fn send(self) {
        let (tasks, count) = (self.tasks, self.count);
        let chunksize = self
            .chunksize
            .unwrap_or_else(|| pool::chunksize(count, tasks.size));
        for chunk in self.full.into_iter().chain([self.chunk]) {
            tasks.submit(chunk, chunksize);
        }
        tasks.job.expect(count);
    }

    /// Las que no se han mandado, y cuántas son todas.
    fn keep(mut self) -> (Vec<Chunk>, usize) {
        self.full.push(self.chunk);
        self.full.retain(|chunk| chunk.len() > 0);
        (self.full, self.count)
    }
}

impl Pool for ProcessPool {
    type Error = ProcessError;
    type AsyncResult<T: Send + 'static> = AsyncResult<T>;
    type Imap<R: Portable + Send> = Imap<R>;

    fn new(workers: usize) -> Result<ProcessPool, ProcessError> {
        ProcessPool::new(workers)
    }

    fn apply<F, Args>(&self, f: F, args: Args) -> Result<F::Output, ProcessError>
    where
        F: Callable<Args> + Send + 'static,
        Args: Portable + Send,
        F::Output: Portable + Send,
    {
        self.apply(f, args)
    }

    fn apply_async<F, Args>(&self, f: F, args: Args) -> AsyncResult<F::Output>
    where
        F: Callable<Args> + Send + 'static,
        Args: Portable + Send,
        F::Output: Portable + Send,
    {
        self.apply_async(f, args)
    }

    fn map<F, A, R>(&self, f: F, items: impl IntoIterator<Item = A>) -> Result<Vec<R>, ProcessError>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Portable + Send,
        R: Portable + Send,
    {
        self.map(f, items)
    }

    fn map_async<F, A, R>(&self, f: F, items: impl IntoIterator<Item = A>) -> AsyncResult<Vec<R>>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Portable + Send,
        R: Portable + Send,
    {
        self.map_async(f, items)
    }

    fn starmap<F, Args>(
        &self,
        f: F,
        items: impl IntoIterator<Item = Args>,
    ) -> Result<Vec<F::Output>, ProcessError>
    where
        F: Callable<Args> + Send + Sync + 'static,
        Args: Portable + Send,
        F::Output: Portable + Send,
    {
        self.starmap(f, items)
    }

    fn starmap_async<F, Args>(
        &self,
        f: F,
        items: impl IntoIterator<Item = Args>,
    ) -> AsyncResult<Vec<F::Output>>
    where
        F: Callable<Args> + Send + Sync + 'static,
        Args: Portable + Send,
        F::Output: Portable + Send,
    {
        self.starmap_async(f, items)
    }

    fn imap<F, A, R, I>(&self, f: F, items: I) -> Imap<R>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Portable + Send,
        R: Portable + Send,
        I: IntoIterator<Item = A>,
        I::IntoIter: Send + 'static,
    {
        self.imap(f, items)
    }

    fn imap_unordered<F, A, R, I>(&self, f: F, items: I) -> Imap<R>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Portable + Send,
        R: Portable + Send,
        I: IntoIterator<Item = A>,
        I::IntoIter: Send + 'static,
    {
        self.imap_unordered(f, items)
    }

    fn close(&self) {
        self.close();
    }

    fn join(&self) -> Result<(), ProcessError> {
        self.join()
    }

    fn join_timeout(&self, seconds: impl Into<f64>) -> Result<(), ProcessError> {
        self.join_timeout(seconds)
    }

    fn terminate(&self) {
        self.terminate();
    }
}

impl Drop for ProcessPool {
    fn drop(&mut self) {
        self.terminate();
    }
}

impl fmt::Debug for ProcessPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProcessPool")
            .field("processes", &self.size)
            .field("pids", &self.pids())
            .finish()
    }
}
