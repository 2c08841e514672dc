//! Lo que comparten los bancos: medir un trabajo aquí, a pelo y en Python, y enseñar las razones.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime};

use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput};

/// Lo que se le pide a un trabajo de la tabla.
pub(crate) struct Pedido {
    /// El trabajo y su tamaño: «map/2».
    pub(crate) nombre: &'static str,
    /// Python tiene que tardar al menos tantas veces más.
    pub(crate) python: f64,
    /// Y lo de debajo, a lo sumo, tantas veces menos.
    pub(crate) a_pelo: Option<f64>,
}

/// El Python que hace lo mismo.
struct Python {
    _proceso: Child,
    entrada: ChildStdin,
    salida: BufReader<ChildStdout>,
}

impl Python {
    fn new(guion: &Path, python: &OsStr) -> Python {
        let mut proceso = Command::new(python)
            .arg(guion)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("no se puede lanzar {python:?} ({error}): di cuál con PYTHON=…")
            });
        let entrada = proceso.stdin.take().expect("pedida");
        let salida = BufReader::new(proceso.stdout.take().expect("pedida"));
        Python {
            _proceso: proceso,
            entrada,
            salida,
        }
    }

    /// Lo que tarda en hacer `veces` veces el trabajo.
    fn mide(&mut self, trabajo: &str, n: usize, veces: u64) -> Duration {
        writeln!(self.entrada, "{trabajo} {n} {veces}").expect("Python escucha");
        let mut linea = String::new();
        self.salida.read_line(&mut linea).expect("Python contesta");
        let segundos = linea
            .trim()
            .parse()
            .expect("Python ha fallado: mira lo que ha escrito arriba");
        Duration::from_secs_f64(segundos)
    }
}

/// Un banco con su Python al lado.
pub(crate) struct Banco {
    criterion: Criterion,
    python: Option<Rc<RefCell<Python>>>,
    empezo: SystemTime,
}

impl Banco {
    /// `guion` es el programa de Python, dentro de `benches/`.
    #[allow(dead_code, reason = "no lo usan todos los bancos")]
    pub(crate) fn new(guion: &str) -> Banco {
        let python = env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
        Banco::con_python(guion, Some(&python))
    }

    /// Con ese Python o, si no se dice cuál, sin él: sus medidas faltan y ya está.
    pub(crate) fn con_python(guion: &str, python: Option<&OsStr>) -> Banco {
        let guion = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("benches")
            .join(guion);
        Banco {
            criterion: Criterion::default()
                .warm_up_time(Duration::from_millis(500))
                .measurement_time(Duration::from_secs(2))
                .sample_size(15)
                .configure_from_args(),
            python: python.map(|python| Rc::new(RefCell::new(Python::new(&guion, python)))),
            empezo: SystemTime::now(),
        }
    }

    /// Un trabajo de tamaño `n`: sus medidas van una detrás de otra.
    pub(crate) fn trabajo(&mut self, nombre: &'static str, n: usize) -> Trabajo<'_> {
        Trabajo {
            banco: self,
            nombre,
            n,
            bytes: None,
            largo: false,
        }
    }

    /// Enseña lo medido en esta ejecución, como razones.
    pub(crate) fn tabla(&mut self, pedidos: &[Pedido]) {
        self.criterion.final_summary();
        let carpeta = env::var_os("CRITERION_HOME").map_or_else(
            || {
                let manifiesto = Path::new(env!("CARGO_MANIFEST_DIR"));
                let mut carpetas = manifiesto
                    .ancestors()
                    .map(|carpeta| carpeta.join(".curso/target/criterion"));
                carpetas
                    .find(|carpeta| carpeta.is_dir())
                    .unwrap_or_default()
            },
            Into::into,
        );
        tabla(&carpeta, self.empezo, pedidos);
    }
}

/// Las medidas de un trabajo.
pub(crate) struct Trabajo<'a> {
    banco: &'a mut Banco,
    nombre: &'static str,
    n: usize,
    bytes: Option<u64>,
    largo: bool,
}

impl Trabajo<'_> {
    /// Mueve `bytes` bytes cada vez.
    #[allow(dead_code, reason = "solo lo usa uno de los bancos")]
    pub(crate) fn bytes(mut self, bytes: u64) -> Self {
        self.bytes = Some(bytes);
        self
    }

    /// Si cada vez tarda mucho, basta con diez.
    #[allow(dead_code, reason = "solo lo usa uno de los bancos")]
    pub(crate) fn largo_si(mut self, largo: bool) -> Self {
        self.largo = largo;
        self
    }

    /// Con este crate; `medir` hace el trabajo tantas veces como se le diga y dice lo que ha tardado.
    pub(crate) fn aqui(self, medir: impl FnMut(u64) -> Duration) -> Self {
        self.mide("concurrencia", medir)
    }

    /// Con lo que hay debajo.
    pub(crate) fn a_pelo(self, medir: impl FnMut(u64) -> Duration) -> Self {
        self.mide("a_pelo", medir)
    }

    /// Con Python.
    pub(crate) fn python(self) {
        let Some(python) = self.banco.python.clone() else {
            return;
        };
        let (nombre, n) = (self.nombre, self.n);
        self.mide("python", |veces| python.borrow_mut().mide(nombre, n, veces));
    }

    fn mide(self, quien: &str, mut medir: impl FnMut(u64) -> Duration) -> Self {
        let mut grupo = self.banco.criterion.benchmark_group(self.nombre);
        if let Some(bytes) = self.bytes {
            grupo.throughput(Throughput::Bytes(bytes));
        }
        if self.largo {
            grupo.sample_size(10).sampling_mode(SamplingMode::Flat);
        }
        grupo.bench_function(BenchmarkId::new(quien, self.n), |b| {
            b.iter_custom(&mut medir)
        });
        grupo.finish();
        self
    }
}

/// Lo que tarda en hacerse `n` veces.
pub(crate) fn veces(n: u64, mut trabajo: impl FnMut()) -> Duration {
    let inicio = Instant::now();
    for _ in 0..n {
        trabajo();
    }
    inicio.elapsed()
}

/// Enseña cuántas veces menos se tarda con dos hilos que con uno: la mejor de diez veces, intercaladas.
#[allow(dead_code, reason = "no lo usan todos los bancos")]
pub(crate) fn con_dos_hilos(nombre: &str, mut trabajo: impl FnMut(usize)) {
    let mut mejor = [Duration::MAX; 2];
    for _ in 0..10 {
        for (hilos, mejor) in (1..).zip(&mut mejor) {
            *mejor = veces(1, || trabajo(hilos)).min(*mejor);
        }
    }
    let [uno, dos] = mejor;
    let razon = uno.as_secs_f64() / dos.as_secs_f64();
    println!("{nombre}: {uno:.1?} con un hilo y {dos:.1?} con dos, {razon:.2}×");
}

/// La mediana, en segundos, que criterion dejó de un banco.
fn mediana(carpeta: &Path) -> Option<f64> {
    let texto = fs::read_to_string(carpeta.join("new/estimates.json")).ok()?;
    let datos: serde_json::Value = serde_json::from_str(&texto).ok()?;
    Some(datos["median"]["point_estimate"].as_f64()? / 1e9)
}

fn tabla(carpeta: &Path, empezo: SystemTime, pedidos: &[Pedido]) {
    let reciente = |ruta: &Path| {
        let datos =
            fs::metadata(ruta.join("new/estimates.json")).and_then(|datos| datos.modified());
        datos.is_ok_and(|cuando| cuando >= empezo)
    };
    let mut filas: BTreeMap<(String, usize), BTreeMap<String, f64>> = BTreeMap::new();
    for grupo in fs::read_dir(carpeta).into_iter().flatten().flatten() {
        for quien in fs::read_dir(grupo.path()).into_iter().flatten().flatten() {
            for n in fs::read_dir(quien.path()).into_iter().flatten().flatten() {
                let (ruta, trabajo) = (n.path(), grupo.file_name().to_string_lossy().into_owned());
                let (Ok(n), true) = (n.file_name().to_string_lossy().parse(), reciente(&ruta))
                else {
                    continue;
                };
                if let Some(segundos) = mediana(&ruta) {
                    let fila = filas.entry((trabajo, n)).or_default();
                    fila.insert(quien.file_name().to_string_lossy().into_owned(), segundos);
                }
            }
        }
    }
    println!(
        "\n{:<24} {:>12} {:>12} {:>9} {:>9} {:>12} {:>9} {:>9}",
        "trabajo", "aquí", "Python", "razón", "se pide", "a pelo", "razón", "se pide"
    );
    for ((trabajo, n), medidas) in &filas {
        let nombre = format!("{trabajo}/{n}");
        let ver = |quien: &str| {
            medidas.get(quien).map_or(String::from("—"), |s| {
                format!("{:.1?}", Duration::from_secs_f64(*s))
            })
        };
        let razon = |de: &str, a: &str| {
            let razon = medidas.get(de).zip(medidas.get(a)).map(|(de, a)| de / a);
            razon.map_or(String::from("—"), |razon| format!("{razon:.2}×"))
        };
        let pedido = pedidos.iter().find(|pedido| pedido.nombre == nombre);
        println!(
            "{nombre:<24} {:>12} {:>12} {:>9} {:>9} {:>12} {:>9} {:>9}",
            ver("concurrencia"),
            ver("python"),
            razon("python", "concurrencia"),
            pedido.map_or(String::new(), |pedido| format!("≥ {}×", pedido.python)),
            ver("a_pelo"),
            razon("concurrencia", "a_pelo"),
            pedido
                .and_then(|pedido| pedido.a_pelo)
                .map_or(String::new(), |veces| format!("≤ {veces}×")),
        );
    }
}
