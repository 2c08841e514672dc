//! De Python a Rust: cada construcción de las lecciones y lo que le corresponde aquí.
//!
//! La segunda columna es la pieza de este crate, con el nombre de Python; la tercera, cómo se escribe a pelo, sin él.
//! Donde Rust ya lo da igual de corto no hay pieza, y lo dice.
//!
//! # Hilos
//!
//! | en Python | aquí | a pelo |
//! |---|---|---|
//! | `threading.Thread` | [`Thread`] | `thread::spawn(move \|\| …)`, o [`std::thread::scope`] si solo hay que prestar |
//! | `Thread.start` | [`Thread::start`] | no existe: `spawn` crea y arranca a la vez |
//! | `Thread.join` | [`Thread::join`], que da el valor | [`std::thread::JoinHandle::join`], un `Result` |
//! | `Thread.name` | [`Thread::with_name`], [`Thread::name`] | [`std::thread::Builder::name`] |
//! | `Thread.is_alive` | [`Thread::is_alive`] | [`std::thread::JoinHandle::is_finished`], al revés |
//! | `Thread.daemon` | [`Thread::with_daemon`] y [`thread::block`] | todo hilo suelto muere con su proceso; `thread::scope` es lo contrario |
//! | ciclo de vida del hilo | `Debug` de [`Thread`]: «sin arrancar», «en marcha», «acabado» | no hay estado «creado» |
//! | subclase de `threading.Thread` | un struct con un método `run`: `Thread::new(move \|\| tarea.run())` | lo mismo con `thread::spawn`: no hay herencia |
//! | `threading.current_thread` | [`thread::current_thread`] | [`std::thread::current`] |
//! | `threading.get_ident` | [`Thread::ident`] | `thread::current().id()`, opaco |
//! | `threading.enumerate`, `active_count`, `main_thread` | [`thread::enumerate`], [`thread::active_count`], [`thread::main_thread`] | no hay: una lista propia de `JoinHandle` |
//! | `threading.local` | [`thread::Local`] | `thread_local!` |
//! | `threading.Timer` | [`Timer`](crate::timer::Timer) | un hilo con `recv_timeout`, que se puede cancelar |
//! | temporizador periódico | [`RepeatingTimer`](crate::timer::RepeatingTimer) | [`crossbeam::channel::tick`], [`tokio::time::interval`] |
//! | `time.sleep` | [`sleep`](crate::sleep), en segundos de la lección | [`std::thread::sleep`] |
//! | variable global | un [`Lock`](crate::sync::Lock) o un atómico en un `static` | `static` con `Mutex` o atómico; `static mut` pide `unsafe` |
//! | carrera de datos | [`Lock`](crate::sync::Lock); para verla, el paquete `concurrencia-explore` | no compila (E0373, E0499…); `Mutex` o `fetch_add` |
//! | GIL | no hay: los hilos calculan a la vez | `Send` y `Sync`, comprobados al compilar |
//! | multitarea apropiativa y cooperativa | [`Thread`] y [`asyncio`](crate::asyncio) | `std::thread` y [`tokio::task::yield_now`] |
//! | `logging` | el paquete `concurrencia-logging` | `tracing` con `tracing-subscriber` |
//!
//! # Procesos
//!
//! | en Python | aquí | a pelo |
//! |---|---|---|
//! | `multiprocessing.Process` | [`Process`](crate::Process), con una función de la celda | [`std::process::Command`] con un ejecutable aparte |
//! | `Process.start`, `join` | [`Process::start`](crate::Process::start), [`Process::join`](crate::Process::join) | `Command::spawn`, `Child::wait` |
//! | subclase de `multiprocessing.Process` | una función y sus argumentos | no hay herencia |
//! | `if __name__ == "__main__"` | en el cuaderno, nada; fuera, [`process::init`](crate::process::init) en la primera línea de `main` | nada: un ejecutable no se importa |
//! | `multiprocessing.Pool` | [`ProcessPool`](crate::ProcessPool) | [`rayon::ThreadPool`], con hilos |
//! | `multiprocessing.pool.ThreadPool` | [`ThreadPool`](crate::thread::ThreadPool), con los mismos métodos | [`rayon::ThreadPool`], o hilos y un canal |
//! | `Pool.apply` | [`apply`](crate::ProcessPool::apply) | `pool.install(\|\| …)` |
//! | `Pool.apply_async` | [`apply_async`](crate::ProcessPool::apply_async) | `pool.spawn` y un canal de un solo uso |
//! | `AsyncResult.get` | [`AsyncResult::get`](crate::AsyncResult::get) | `recv()` de ese canal |
//! | `Pool.map` | [`map`](crate::ProcessPool::map) | `par_iter().map(…).collect()`: conserva el orden |
//! | `Pool.map_async` | [`map_async`](crate::ProcessPool::map_async) | lo anterior dentro de un `spawn` |
//! | `Pool.imap` | [`imap`](crate::ProcessPool::imap) | un canal de pares con su índice, y reordenar |
//! | `Pool.imap_unordered` | [`imap_unordered`](crate::ProcessPool::imap_unordered) | `for_each_with(emisor, …)`, según llegan |
//! | `Pool.starmap` | [`starmap`](crate::ProcessPool::starmap) | `par_iter` sobre tuplas: `\|&(a, b)\| …` |
//! | `Pool.starmap_async` | [`starmap_async`](crate::ProcessPool::starmap_async) | lo anterior dentro de un `spawn` |
//! | `Pool.close`, `join` | [`close`](crate::ProcessPool::close), [`join`](crate::ProcessPool::join) | soltar el pool (rayon no espera) o el final de un `scope` (sí espera) |
//! | `with` (ejecutor o pool) | el final del bloque: al soltarlo | `Drop`, `thread::scope`, `rayon::scope` |
//! | `multiprocessing.Queue` | [`process::Queue`](crate::process::Queue) | una tubería con un mensaje por línea |
//! | `multiprocessing.Pipe` | [`process::Pipe`](crate::process::Pipe) | `Stdio::piped`, `UnixStream::pair` |
//! | `multiprocessing.Lock` | [`process::Lock`](crate::process::Lock) | [`std::fs::File::lock`] |
//! | memoria compartida, `Value`, `Array` | [`process::Value`](crate::process::Value), [`process::Array`](crate::process::Array) | `mmap` y atómicos; entre hilos, `Arc<Mutex<T>>` |
//! | `multiprocessing.sharedctypes` | un struct `#[repr(C)]` que sea [`Pod`](bytemuck::Pod) | el mismo, sobre `mmap` |
//! | `multiprocessing.Manager` | [`process::Manager`](crate::process::Manager) | un proceso servidor con un enum de órdenes |
//! | `os.getpid`, `os.getppid` | igual de corto en std | [`std::process::id`], [`std::os::unix::process::parent_id`] |
//! | `functools.partial` | a un hilo, una clausura; a un proceso, un argumento más (`starmap`) | una función que devuelve `impl Fn` |
//!
//! # Futuros y ejecutores
//!
//! | en Python | aquí | a pelo |
//! |---|---|---|
//! | `ThreadPoolExecutor` | [`ThreadPoolExecutor`](crate::futures::ThreadPoolExecutor) | rayon para calcular; hilos y un canal, o tokio, para esperar |
//! | `ProcessPoolExecutor` | [`ProcessPoolExecutor`](crate::futures::ProcessPoolExecutor) | ejecutables unidos por tuberías |
//! | `Executor.submit` | [`submit`](crate::futures::ThreadPoolExecutor::submit) | `pool.spawn` y un canal; `JoinSet::spawn` |
//! | `Executor.map` | [`map`](crate::futures::ThreadPoolExecutor::map) | `par_iter().map(…)`; los `Err` no se pierden si se recogen |
//! | `concurrent.futures.Future` | [`Future`](crate::futures::Future) | un canal de un solo mensaje: [`tokio::sync::oneshot`] |
//! | `Future.result` | [`result`](crate::futures::Future::result), [`into_result`](crate::futures::Future::into_result) | `recv()`, `join()` o `.await` |
//! | `Future.set_result` | [`set_result`](crate::futures::Future::set_result) | `send`, que gasta el emisor |
//! | `Future.add_done_callback` | [`add_done_callback`](crate::futures::Future::add_done_callback) | lo que siga al `recv` o al `.await` |
//! | `concurrent.futures.wait` | [`wait`](crate::futures::wait()) | unir todos los `JoinHandle` |
//! | `concurrent.futures.as_completed` | [`as_completed`](crate::futures::as_completed()) | un canal de pares con su índice, según llegan |
//! | `parallel` (`decorate`, `map`, `future`, `async_par`) | [`parallel`](crate::parallel) | rayon, `rayon::scope` o `tokio::join!` |
//! | `*args`, `**kwargs` | una tupla: `submit(f, (a, b))` | tuplas, genéricos o un struct de opciones |
//! | diccionario de clases por clave | no hace falta | un `enum` y un `match`, que avisa si falta un caso |
//! | decorador que envuelve la función | no hace falta | una función que recibe otra, o un rasgo de extensión |
//!
//! # Asyncio
//!
//! | en Python | aquí | a pelo |
//! |---|---|---|
//! | el modelo de `asyncio`, el bucle de eventos | [`asyncio`](crate::asyncio) | `async`/`.await` del lenguaje y un runtime: tokio |
//! | `asyncio.run` | [`asyncio::run`](crate::asyncio::run) | `Runtime::block_on`; en una celda, `.await` directo |
//! | `get_event_loop`, `run_until_complete` | [`EventLoop`](crate::asyncio::EventLoop) | `Runtime::new` y `block_on` |
//! | `async def` | igual de corto en el lenguaje | `async fn`: devuelve un futuro que no ha empezado |
//! | objeto corrutina | igual: un valor que nadie ha puesto en marcha | `impl Future`; para nombrarlo, `Pin<Box<dyn Future>>` |
//! | `await` | igual de corto en el lenguaje | `.await`, detrás; gasta el futuro |
//! | lo que se puede esperar | [`Awaitable`](crate::asyncio::Awaitable) | los rasgos `Future` e `IntoFuture` |
//! | `asyncio.sleep` | [`asyncio::sleep`](crate::asyncio::sleep) | [`tokio::time::sleep`] |
//! | `asyncio.gather` | [`gather`](crate::asyncio::gather()) | `join_all`, `tokio::join!`; `try_join_all` corta al primer error |
//! | `asyncio.wait_for` | [`wait_for`](crate::asyncio::wait_for()) | [`tokio::time::timeout`] |
//! | `asyncio.TimeoutError` | [`TimeoutError`](crate::asyncio::TimeoutError), un valor | [`tokio::time::error::Elapsed`] |
//! | `asyncio.wait` y sus tres criterios | [`asyncio::wait`](crate::asyncio::wait()) | `JoinSet::join_next`; soltarlo cancela el resto |
//! | `asyncio.as_completed` | [`asyncio::as_completed`](crate::asyncio::as_completed()) | `FuturesUnordered`, `JoinSet` |
//! | `asyncio.create_task`, `ensure_future` | [`create_task`](crate::asyncio::create_task) | [`tokio::spawn`] |
//! | `asyncio.Task` | [`Task`](crate::asyncio::Task) | [`tokio::task::JoinHandle`] |
//! | `asyncio.Future` | [`futures::Future`](crate::futures::Future), que también se espera con `.await` | [`tokio::sync::oneshot`] |
//! | `get_running_loop` | [`get_running_loop`](crate::asyncio::get_running_loop) | [`tokio::runtime::Handle::current`] |
//! | `loop.run_in_executor` | [`run_in_executor`](crate::asyncio::EventLoop::run_in_executor), con hilos o con procesos | [`tokio::task::spawn_blocking`]; rayon y un `oneshot` para calcular |
//! | `loop.time` | [`EventLoop::time`](crate::asyncio::EventLoop::time) | [`tokio::time::Instant`] |
//! | `async with` | el final del bloque | `Drop`, que no puede esperar: se cierra antes con `.await` |
//!
//! # Colas
//!
//! | en Python | aquí | a pelo |
//! |---|---|---|
//! | `queue.Queue` y sus hermanas | [`queue`](crate::queue) | [`std::sync::mpsc`], [`crossbeam::channel`] |
//! | `put`, `get`, `qsize`, `empty` | [`put`](crate::queue::Queue::put), [`get`](crate::queue::Queue::get), [`qsize`](crate::queue::Queue::qsize), [`is_empty`](crate::queue::Queue::is_empty) | `send` y `recv`: el fin se sabe al soltar los emisores |
//!
//! # Medir, y lo que rodea a las lecciones
//!
//! `workloads` es el paquete `concurrencia-workloads`, que solo cargan los cuadernos que descargan, reducen imágenes o derivan
//! claves.
//!
//! | en Python | aquí | a pelo |
//! |---|---|---|
//! | `time.time`, `time.perf_counter` | [`measure()`](crate::measure()) | [`std::time::Instant`], que no retrocede |
//! | `%time` | [`measure()`](crate::measure()); el `:timing` del núcleo cuenta también compilar | `Instant::now()` y `elapsed()` |
//! | `time.strftime` | igual de corto con un crate | `chrono` o `time`; para duraciones, `Instant` |
//! | código que bloquea | [`Comparison`](crate::Comparison): lo mismo en serie y a la vez | llamadas normales |
//! | concurrencia frente a paralelismo | [`asyncio`](crate::asyncio) en un hilo y [`ThreadPool`](crate::thread::ThreadPool) en varios | tokio `current_thread` y rayon |
//! | E/S frente a CPU | [`asyncio`](crate::asyncio) o hilos para esperar; procesos o hilos para calcular | async o hilos; rayon |
//! | hilo, proceso y tarea; los tres comparados | [`Thread`], [`Process`](crate::Process), [`Task`](crate::asyncio::Task) | `std::thread`, `std::process`, `tokio::task` |
//! | `python -V` | igual de corto | `:version` en una celda, `rustc --version` fuera |
//! | `os.cpu_count` | igual de corto en std | [`std::thread::available_parallelism`] |
//! | `open`, `read`, `write` | igual de corto en std | [`std::fs::read_to_string`], [`std::fs::write`], `OpenOptions::append` |
//! | `aiofiles` | igual de corto en tokio | [`tokio::fs`] |
//! | `os.path`, `os.stat`, `pathlib.Path` | igual de corto en std | [`std::path::Path`], [`std::fs::metadata`] |
//! | `os.walk`, `Path.rglob` | `images::find`, en `workloads` | `walkdir`, `glob` |
//! | `random` | [`fastrand`], que se reexporta | `fastrand::Rng::with_seed(7)`, o `rand` |
//! | `requests` | `Session`, en `workloads` | `reqwest::blocking` |
//! | `aiohttp`, `httpx` | `ClientSession`, en `workloads` | `reqwest` |
//! | `hashlib.pbkdf2_hmac` | `cpu::pbkdf2_hmac`, en `workloads` | `pbkdf2` y `sha2` |
//! | PIL (`Image.thumbnail`) | `images::thumbnail`, en `workloads` | `image` |
//! | lo mismo, en Python y medido al lado | [`Race`](crate::Race) | [`std::process::Command`] e `Instant` |
//! | f-string | igual de corto | `format!`, comprobado al compilar |
//! | `lambda` | igual de corto | una clausura: `\|x\| x * x`; con `move` se queda lo que captura |
//! | `list.copy` | igual de corto | `clone`, o prestarla |
//!
//! [`Thread`]: crate::Thread
//! [`Thread::start`]: crate::Thread::start
//! [`Thread::join`]: crate::Thread::join
//! [`Thread::with_name`]: crate::Thread::with_name
//! [`Thread::name`]: crate::Thread::name
//! [`Thread::is_alive`]: crate::Thread::is_alive
//! [`Thread::with_daemon`]: crate::Thread::with_daemon
//! [`Thread::ident`]: crate::Thread::ident
//! [`thread::block`]: crate::thread::block
//! [`thread::current_thread`]: crate::thread::current_thread
//! [`thread::enumerate`]: crate::thread::enumerate
//! [`thread::active_count`]: crate::thread::active_count
//! [`thread::main_thread`]: crate::thread::main_thread
//! [`thread::Local`]: crate::thread::Local
