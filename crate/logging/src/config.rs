//! `Config`: desde qué nivel se escribe, qué lleva cada línea y adónde va.

use std::sync::{OnceLock, PoisonError, RwLock};
use std::time::Instant;

use tracing::Level;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Registry, fmt, reload};

use crate::line::Line;
use crate::output::Output;

/// Lo que hay configurado ahora.
static CURRENT: RwLock<Config> = RwLock::new(Config::DEFAULT);

/// Con qué se cambia el nivel una vez puesto en marcha.
static LEVEL: OnceLock<reload::Handle<LevelFilter, Registry>> = OnceLock::new();

/// Escribe en la salida de la celda los mensajes de ese nivel o más graves: `[DEBUG] (Worker) Iniciando…`.
///
/// Es `Config::new().with_level(level).install()`. Llamarla otra vez lo cambia. No bloquea.
///
/// # En Python
///
/// ```python
/// logging.basicConfig(level=logging.DEBUG, format="[%(levelname)s] (%(threadName)s) %(message)s", force=True)
/// ```
///
/// # A pelo
///
/// ```
/// tracing_subscriber::fmt()
///     .with_max_level(tracing::Level::DEBUG)
///     .with_thread_names(true)
///     .init(); // una sola vez en todo el programa: la segunda entra en pánico
/// ```
///
/// # Examples
///
/// ```
/// use logging::{Level, debug, info};
///
/// logging::basic_config(Level::INFO);
/// debug!("esto no sale");
/// info!("esto sí: {}", 2 + 2); // [INFO] (MainThread) esto sí: 4
/// logging::basic_config(Level::DEBUG);
/// debug!("y ahora esto también");
/// ```
pub fn basic_config(level: Level) {
    Config::new().with_level(level).install();
}

/// Una configuración del registro, que empieza a valer con [`install`](Config::install).
///
/// Sin decirle nada: desde [`Level::INFO`], con nombre de hilo, sin hora y por la salida estándar, que en un cuaderno es
/// la de la celda.
///
/// # En Python
///
/// Los argumentos de `logging.basicConfig`.
///
/// # A pelo
///
/// [`tracing_subscriber::fmt()`], que se configura una sola vez por programa.
///
/// # Examples
///
/// ```
/// use logging::{Config, Level, info};
///
/// Config::new().with_level(Level::DEBUG).with_time(true).with_target(true).install();
/// info!(target: "descargas", kib = 12, "recibido"); // 0,000 s [INFO] (MainThread) descargas: recibido kib=12
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    level: Level,
    has_time: bool,
    pub(crate) has_thread_name: bool,
    pub(crate) has_target: bool,
    output: Output,
    /// Desde cuándo cuenta la hora de cada línea, si la lleva.
    pub(crate) start: Option<Instant>,
}

impl Config {
    const DEFAULT: Config = Config {
        level: Level::INFO,
        has_time: false,
        has_thread_name: true,
        has_target: false,
        output: Output::Stdout,
        start: None,
    };

    /// Desde INFO, con nombre de hilo, sin hora y por la salida estándar.
    pub fn new() -> Config {
        Config::DEFAULT
    }

    /// Desde qué nivel se escribe: los menos graves no salen.
    #[must_use = "with_level devuelve la configuración cambiada"]
    pub fn with_level(mut self, level: Level) -> Config {
        self.level = level;
        self
    }

    /// Si cada línea empieza por los segundos (de reloj) que han pasado desde [`install`](Config::install).
    ///
    /// # En Python
    ///
    /// `%(relativeCreated)d`, que son milisegundos.
    #[must_use = "with_time devuelve la configuración cambiada"]
    pub fn with_time(mut self, yes: bool) -> Config {
        self.has_time = yes;
        self
    }

    /// Si cada línea lleva el nombre del hilo que la escribe.
    ///
    /// El principal es «MainThread»; uno que no es del crate y no tiene nombre, «Dummy-1»….
    ///
    /// # En Python
    ///
    /// `%(threadName)s`.
    #[must_use = "with_thread_name devuelve la configuración cambiada"]
    pub fn with_thread_name(mut self, yes: bool) -> Config {
        self.has_thread_name = yes;
        self
    }

    /// Si cada línea dice de qué parte del programa es: el `target:` del mensaje o, si no lo lleva, su módulo.
    ///
    /// # En Python
    ///
    /// `%(name)s`, el de `getLogger`.
    #[must_use = "with_target devuelve la configuración cambiada"]
    pub fn with_target(mut self, yes: bool) -> Config {
        self.has_target = yes;
        self
    }

    /// Por la salida de error, en vez de por la estándar.
    ///
    /// # En Python
    ///
    /// Es lo que hace `basicConfig` si no se le dice otra cosa.
    #[must_use = "to_stderr devuelve la configuración cambiada"]
    pub fn to_stderr(mut self) -> Config {
        self.output = Output::Stderr;
        self
    }

    /// La pone en marcha; si había otra, la sustituye.
    ///
    /// Vale para todos los hilos, también los que ya están en marcha, y para todas las celdas. Cada línea se escribe de
    /// una vez y acaba en un salto; **espera** a que la salida esté libre. Si el programa ya tiene un suscriptor de
    /// tracing puesto por su cuenta, se queda aquel.
    pub fn install(self) {
        let level = LevelFilter::from_level(self.level);
        let start = self.has_time.then(Instant::now);
        *CURRENT.write().unwrap_or_else(PoisonError::into_inner) = Config { start, ..self };
        let mut is_new = false;
        let handle = LEVEL.get_or_init(|| {
            is_new = true;
            let (filter, handle) = reload::Layer::new(level);
            let lines = fmt::layer()
                .event_format(Line)
                .with_writer(|| current().output)
                .with_ansi(false)
                .log_internal_errors(false);
            let registry = tracing_subscriber::registry().with(filter).with(lines);
            // Si ya hay otro suscriptor, es que alguien lo ha puesto a propósito.
            let _ = tracing::subscriber::set_global_default(registry);
            handle
        });
        if !is_new {
            // Falla solo si el suscriptor ya no existe, y el global no desaparece.
            let _ = handle.reload(level);
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Config::new()
    }
}

/// Lo que hay configurado ahora.
pub(crate) fn current() -> Config {
    CURRENT
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .clone()
}
