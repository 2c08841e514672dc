//! `Job`: un encargo que apunta quién lo hizo y cuándo.

use std::fmt;
use std::fs::OpenOptions;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::hint::black_box;
use std::io::Write;
use std::path::PathBuf;
use std::process;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use concurrencia::asyncio;
use concurrencia::serde::{Deserialize, Serialize};
use concurrencia::time::to_lesson;

/// Un encargo: tarda lo suyo, da un recibo y deja apuntado en qué hilo y en qué proceso se hizo y cuándo.
///
/// Los reparte el ejercicio y no se pueden fabricar: la única forma de tener su recibo es hacerlo. Se clona, se manda a otro
/// hilo y viaja a otro proceso.
///
/// # Examples
///
/// ```
/// use exercises::Jobs;
///
/// let encargos = Jobs::new(3, 0.001);
/// let recibos: Vec<u64> = encargos.all().iter().map(|encargo| encargo.run()).collect();
/// assert_eq!(recibos, encargos.receipts());
/// assert_eq!(encargos.done().peak(), 1, "uno detrás de otro");
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(crate = "concurrencia::serde")]
pub struct Job {
    pub(crate) id: u64,
    pub(crate) seconds: f64,
    pub(crate) receipt: u64,
    pub(crate) log: PathBuf,
    /// Si este acaba mal.
    pub(crate) is_faulty: bool,
}

impl Job {
    /// Su número, desde 0.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Lo hace y da su recibo. **Bloquea** el hilo: espera, como una descarga, sin gastar núcleo.
    ///
    /// # Panics
    ///
    /// Si es de los que fallan: «encargo 3: no responde».
    pub fn run(&self) -> u64 {
        let turn = self.begin();
        thread::sleep(Duration::from_secs_f64(self.seconds));
        self.end(turn)
    }

    /// Lo hace sin bloquear el hilo: el bucle de eventos puede hacer otros mientras. Si se cancela, queda a medias.
    ///
    /// # Panics
    ///
    /// Como [`run`](Job::run).
    pub async fn run_async(&self) -> u64 {
        let turn = self.begin();
        asyncio::sleep(to_lesson(Duration::from_secs_f64(self.seconds))).await;
        self.end(turn)
    }

    /// Lo hace calculando: ocupa un núcleo todo lo que dura. **Bloquea.**
    ///
    /// # Panics
    ///
    /// Como [`run`](Job::run).
    pub fn compute(&self) -> u64 {
        let turn = self.begin();
        let until = Instant::now() + Duration::from_secs_f64(self.seconds);
        let mut x = self.id;
        while Instant::now() < until {
            for _ in 0..1000 {
                x = black_box(x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
            }
        }
        self.end(turn)
    }

    /// Como [`run`](Job::run), con el fallo como valor.
    ///
    /// # Errors
    ///
    /// «encargo 3: no responde», si es de los que fallan.
    pub fn try_run(&self) -> Result<u64, String> {
        let turn = self.begin();
        thread::sleep(Duration::from_secs_f64(self.seconds));
        turn.finish();
        if self.is_faulty {
            return Err(self.complaint());
        }
        Ok(self.receipt)
    }

    fn begin(&self) -> Turn<'_> {
        note(self, "empieza");
        Turn {
            job: self,
            is_over: false,
        }
    }

    fn end(&self, turn: Turn<'_>) -> u64 {
        turn.finish();
        assert!(!self.is_faulty, "{}", self.complaint());
        self.receipt
    }

    fn complaint(&self) -> String {
        format!("encargo {}: no responde", self.id)
    }
}

/// Un encargo en marcha. Si se suelta sin acabar, es que lo han cancelado.
struct Turn<'a> {
    job: &'a Job,
    is_over: bool,
}

impl Turn<'_> {
    fn finish(mut self) {
        self.is_over = true;
        note(self.job, "acaba");
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            note(self.job, "cancelado");
        }
    }
}

/// Una línea en el cuaderno de los encargos. El archivo se abre para añadir y la línea se escribe de una vez: la pueden
/// escribir varios procesos.
fn note(job: &Job, what: &str) {
    let mut thread = DefaultHasher::new();
    thread::current().id().hash(&mut thread);
    // El reloj de todos los procesos; que alguien lo cambie en mitad de un ejercicio se notaría.
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let line = format!(
        "{} {what} {} {} {}\n",
        job.id,
        process::id(),
        thread.finish(),
        now.as_nanos(),
    );
    let file = OpenOptions::new().append(true).open(&job.log);
    // Si el ejercicio ha terminado ya no hay cuaderno, y nadie lo va a leer.
    let _ = file.and_then(|mut file| file.write_all(line.as_bytes()));
}

/// `encargo 3`, que es lo que se lee en un veredicto.
impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "encargo {}", self.id)
    }
}
