//! `Server`: el servidor de prácticas, desde una celda.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use concurrencia::nanoserde::{self, DeJson};
use concurrencia::{MimeBundle, time};

use super::error::Cause;
use super::network::{HOSTS, reachable};
use super::program::Program;
use super::{COLLECTIONS, Fault, PAGES, SITES, ServerBuilder, ServerError, Site, Stats, latency};

/// Lo que se espera a que prepare sitios o imágenes: sin optimizar, pintar cien cuesta más de un minuto.
const PREPARING: Duration = Duration::from_secs(300);

/// Un servidor HTTP en 127.0.0.1, en un proceso aparte, que sirve lo que las lecciones descargan.
///
/// Con la misma semilla sirve siempre lo mismo, y tarda lo que tardaba [en la lección](super::latency), a escala. Clonarlo
/// da otro mango del mismo; al soltar el último, el proceso **muere** y las descargas a medias se cortan. También muere si
/// muere el núcleo. Se le pregunta por una tubería, no por HTTP: [`stats`](Server::stats) vale en cualquier sitio, también
/// dentro de una función asíncrona, y no se cuenta a sí misma.
///
/// # En Python
///
/// `http.server` en otro proceso, o un paquete de pruebas (`pytest-httpserver`). La lección iba a los sitios de verdad,
/// que cambian de un día a otro.
///
/// # A pelo
///
/// ```
/// use std::io::{Read, Write};
/// use std::net::{TcpListener, TcpStream};
///
/// let servidor = TcpListener::bind("127.0.0.1:0")?;
/// let direccion = servidor.local_addr()?;
/// std::thread::spawn(move || {
///     let (mut conexion, _) = servidor.accept().unwrap();
///     conexion.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhola").unwrap();
/// });
/// let mut respuesta = String::new();
/// TcpStream::connect(direccion)?.read_to_string(&mut respuesta)?;
/// assert!(respuesta.ends_with("hola"));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Examples
///
/// ```
/// use workloads::{Server, reqwest};
///
/// let servidor = Server::start()?;
/// let sitios = servidor.sites()?;
/// let pypy = reqwest::blocking::get(sitios[4].url())?.text()?;
/// assert_eq!(pypy.len(), sitios[4].bytes());
///
/// let cuenta = servidor.stats()?;
/// assert_eq!((cuenta.requests(), cuenta.peak()), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Server(Arc<Inner>);

struct Inner {
    program: Mutex<Program>,
    pid: u32,
    base: String,
    seed: u64,
    scale: f64,
    real: bool,
}

/// Lo que escribe el programa cuando está listo.
#[derive(DeJson)]
struct Ready {
    direccion: String,
}

/// Lo que contesta a las demás órdenes.
#[derive(DeJson)]
#[allow(dead_code, reason = "que venga es la respuesta")]
struct Done {
    hecho: bool,
}

/// Lo que contesta a `estado`.
#[derive(DeJson)]
struct State {
    peticiones: u64,
    en_vuelo: u64,
    pico: u64,
    bytes: u64,
}

impl Server {
    /// Arranca uno con semilla 0 y a la escala de ahora: `Server::builder().start()`.
    ///
    /// # Errors
    ///
    /// Los de [`ServerBuilder::start`].
    pub fn start() -> Result<Server, ServerError> {
        Server::builder().start()
    }

    /// Para arrancar uno con otra semilla o a otra escala.
    pub fn builder() -> ServerBuilder {
        ServerBuilder::default()
    }

    pub(super) fn launch(builder: ServerBuilder) -> Result<Server, ServerError> {
        let wants_real = builder.wants_real()?;
        let path = builder
            .program
            .map_or_else(Program::path, Ok::<PathBuf, _>)?;
        let scale = builder.scale.unwrap_or_else(time::scale);
        let (program, ready) = Program::launch(&path, builder.seed, scale)?;
        let ready: Ready = understand(&ready)?;
        let real = wants_real && reachable(&HOSTS);
        if wants_real && !real {
            println!("sin red: sigo con el servidor de esta máquina");
        }
        Ok(Server(Arc::new(Inner {
            pid: program.pid(),
            program: Mutex::new(program),
            base: ready.direccion,
            seed: builder.seed,
            scale,
            real,
        })))
    }

    /// La dirección entera de una de sus rutas: `url("/bytes/10")` da «http://127.0.0.1:40123/bytes/10».
    ///
    /// # Examples
    ///
    /// ```
    /// let servidor = workloads::Server::start()?;
    /// assert!(servidor.url("/posts").starts_with("http://127.0.0.1:"));
    /// assert_eq!(servidor.url("posts"), servidor.url("/posts"));
    /// # Ok::<(), workloads::server::ServerError>(())
    /// ```
    pub fn url(&self, path: impl AsRef<str>) -> String {
        format!("{}/{}", self.0.base, path.as_ref().trim_start_matches('/'))
    }

    /// Los 16 sitios de la lección.
    ///
    /// **Bloquea** hasta que el servidor los tiene escritos y comprimidos (la primera vez, unas décimas), para que nadie lo
    /// pague al medir.
    ///
    /// # Errors
    ///
    /// Los de [`stats`](Server::stats).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use workloads::{Server, schedule};
    ///
    /// let servidor = Server::start()?;
    /// let sitios = servidor.sites()?;
    /// let esperas: Vec<Duration> = sitios.iter().map(|sitio| sitio.latency()).collect();
    /// // En serie, 10,8 s de la lección; entre cinco no se puede bajar de 2,25.
    /// assert_eq!(esperas.iter().sum::<Duration>().as_millis(), 1079);
    /// assert_eq!(schedule::best(esperas, 5).makespan().as_millis(), 225);
    /// # Ok::<(), workloads::server::ServerError>(())
    /// ```
    pub fn sites(&self) -> Result<Vec<Site>, ServerError> {
        if !self.0.real {
            self.prepare("prepara sitios")?;
        }
        let sites = SITES.iter().map(|site| Site {
            name: site.name(),
            url: if self.0.real {
                site.url().to_owned()
            } else {
                self.url(format!("/sitios/{}", site.name()))
            },
            bytes: site.bytes(),
            latency: Duration::from_secs_f64(latency(site.bytes()) * self.0.scale),
        });
        Ok(sites.collect())
    }

    /// Las direcciones de `n` fotos en JPEG de 1600×900, todas distintas.
    ///
    /// **Bloquea** hasta que el servidor las tiene pintadas (la primera vez, unas décimas por decena), para que nadie lo
    /// pague al medir. Con `?tam=320x180` detrás, la misma foto a otro tamaño, que se pinta al pedirla.
    ///
    /// # Errors
    ///
    /// Los de [`stats`](Server::stats).
    ///
    /// # Examples
    ///
    /// ```
    /// let servidor = workloads::Server::builder().real(false).start()?;
    /// assert_eq!(servidor.images(2)?, [servidor.url("/imagenes/1.jpg"), servidor.url("/imagenes/2.jpg")]);
    /// # Ok::<(), workloads::server::ServerError>(())
    /// ```
    pub fn images(&self, n: usize) -> Result<Vec<String>, ServerError> {
        if self.0.real {
            let url = |i| format!("https://picsum.photos/seed/{i}/1600/900");
            return Ok((1..=n).map(url).collect());
        }
        self.prepare(&format!("prepara imagenes {n}"))?;
        let url = |i| self.url(format!("/imagenes/{i}.jpg"));
        Ok((1..=n).map(url).collect())
    }

    /// La dirección de un usuario: un JSON como el de randomuser.me, con su retrato en `results[0].picture.large`.
    ///
    /// # Examples
    ///
    /// ```
    /// let servidor = workloads::Server::builder().real(false).start()?;
    /// assert_eq!(servidor.user(123), servidor.url("/api?seed=123"));
    /// # Ok::<(), workloads::server::ServerError>(())
    /// ```
    pub fn user(&self, id: impl fmt::Display) -> String {
        if self.0.real {
            format!("https://randomuser.me/api?seed={id}")
        } else {
            self.url(format!("/api?seed={id}"))
        }
    }

    /// Las direcciones de las cinco colecciones JSON: `posts`, `comments`, `photos`, `todos` y `albums`.
    ///
    /// # Examples
    ///
    /// ```
    /// let servidor = workloads::Server::builder().real(false).start()?;
    /// assert_eq!(servidor.collections()[0], servidor.url("/posts"));
    /// # Ok::<(), workloads::server::ServerError>(())
    /// ```
    pub fn collections(&self) -> Vec<String> {
        let url = |(name, _): &(&str, usize)| {
            if self.0.real {
                format!("https://jsonplaceholder.typicode.com/{name}")
            } else {
                self.url(name)
            }
        };
        COLLECTIONS.iter().map(url).collect()
    }

    /// Las direcciones de tres páginas web.
    ///
    /// # Examples
    ///
    /// ```
    /// let servidor = workloads::Server::builder().real(false).start()?;
    /// assert_eq!(servidor.pages()[0], servidor.url("/paginas/python"));
    /// # Ok::<(), workloads::server::ServerError>(())
    /// ```
    pub fn pages(&self) -> Vec<String> {
        let url = |(name, real): &(&str, &str)| {
            if self.0.real {
                (*real).to_owned()
            } else {
                self.url(format!("/paginas/{name}"))
            }
        };
        PAGES.iter().map(url).collect()
    }

    /// La dirección de algo que pesa `n` bytes, siempre en esta máquina.
    ///
    /// # Examples
    ///
    /// ```
    /// use workloads::{Server, reqwest};
    ///
    /// let servidor = Server::start()?;
    /// assert_eq!(reqwest::blocking::get(servidor.bytes(10_000))?.bytes()?.len(), 10_000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn bytes(&self, n: usize) -> String {
        self.url(format!("/bytes/{n}"))
    }

    /// La dirección de algo que sale mal, siempre en esta máquina.
    ///
    /// # Examples
    ///
    /// ```
    /// use workloads::{Server, reqwest, server::Fault};
    ///
    /// let servidor = Server::start()?;
    /// let respuesta = reqwest::blocking::get(servidor.fault(Fault::NotFound))?;
    /// assert_eq!(respuesta.status(), 404);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fault(&self, fault: Fault) -> String {
        self.url(fault.path())
    }

    /// Lo que ha contado hasta ahora: peticiones, en vuelo, cuántas a la vez y bytes.
    ///
    /// **Bloquea** lo que tarda en contestar por la tubería: unos microsegundos.
    ///
    /// # Errors
    ///
    /// [`is_died`](ServerError::is_died) si el proceso se acabó por su cuenta; [`is_timeout`](ServerError::is_timeout) si
    /// no contesta en diez segundos (y entonces se le mata).
    ///
    /// # Examples
    ///
    /// ```
    /// use workloads::{Server, reqwest};
    ///
    /// let servidor = Server::start()?;
    /// reqwest::blocking::get(servidor.bytes(100))?.bytes()?;
    /// assert_eq!(servidor.stats()?.to_string(), "1 petición, 0 en vuelo, 1 a la vez como mucho, 100 bytes");
    /// servidor.forget()?;
    /// assert_eq!(servidor.stats()?.requests(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn stats(&self) -> Result<Stats, ServerError> {
        let state: State = understand(&self.program().ask("estado")?)?;
        Ok(Stats {
            requests: state.peticiones,
            in_flight: state.en_vuelo,
            peak: state.pico,
            bytes: state.bytes,
        })
    }

    /// Pone la cuenta a cero. Las que estén en vuelo siguen en vuelo, y el pico empieza en ellas.
    ///
    /// # Errors
    ///
    /// Los de [`stats`](Server::stats).
    pub fn forget(&self) -> Result<(), ServerError> {
        let Done { .. } = understand(&self.program().ask("olvida")?)?;
        Ok(())
    }

    /// ¿Van `sites`, `images`, `user`, `collections` y `pages` a los sitios de verdad?
    pub fn is_real(&self) -> bool {
        self.0.real
    }

    /// La semilla con que arrancó.
    pub fn seed(&self) -> u64 {
        self.0.seed
    }

    /// Los segundos reales que dura en él uno de la lección. No cambia con [`set_scale`](concurrencia::set_scale).
    pub fn scale(&self) -> f64 {
        self.0.scale
    }

    /// El identificador de su proceso.
    pub fn pid(&self) -> u32 {
        self.0.pid
    }

    /// Lo enseña al acabar la celda (lo llama el núcleo): dónde está y lo que lleva contado.
    pub fn evcxr_display(&self) {
        let text = match self.stats() {
            Ok(stats) => format!("{self:?}\n{stats}"),
            Err(error) => format!("{self:?}\n{error}"),
        };
        MimeBundle::new().with("text/plain", text).show();
    }

    fn prepare(&self, order: &str) -> Result<(), ServerError> {
        let Done { .. } = understand(&self.program().ask_timeout(order, PREPARING)?)?;
        Ok(())
    }

    fn program(&self) -> MutexGuard<'_, Program> {
        self.0
            .program
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn understand<T: DeJson>(line: &str) -> Result<T, ServerError> {
    T::deserialize_json(line).map_err(|_| ServerError::new(Cause::Unreadable(line.to_owned())))
}

/// `Server(http://127.0.0.1:40123, semilla 0, escala 0.1)`.
impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            base,
            seed,
            scale,
            real,
            ..
        } = &*self.0;
        let real = if *real { ", sitios reales" } else { "" };
        write!(f, "Server({base}, semilla {seed}, escala {scale}{real})")
    }
}
