//! Los procesos de este crate frente a los de Python, y lo que cuestan respecto a lo que da el sistema.
//!
//! ```sh
//! cargo bench -p concurrencia --bench process            # todo, y al final la tabla de razones
//! cargo bench -p concurrencia --bench process -- pipe    # solo lo que contenga «pipe»
//! ```
//!
//! Cada trabajo se mide dos veces en la misma ejecución: aquí y en un Python (`python3`, o el que diga `PYTHON`) que hace
//! lo mismo con `multiprocessing`. Las cifras son medianas; la razón, la de Python entre la nuestra.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use concurrencia::process::{self, Connection, Pipe, Process, ProcessPool, Value};
use criterion::{BenchmarkId, Criterion, Throughput};

const ENTRADAS: i64 = 100_000;
const SUELTAS: i64 = 10_000;
const ENCARGOS: i64 = 3_000;
const INCREMENTOS: u32 = 50_000;

/// Los trabajos de la tabla, con lo que se les pide: que Python tarde al menos tantas veces más.
const PEDIDO: [(&str, f64); 7] = [
    ("process/1", 10.0),
    ("map/2", 2.0),
    ("imap_unordered/2", 5.0),
    ("submit/2", 5.0),
    ("pipe/1", 2.0),
    ("pipe/67108864", 1.5),
    ("value/2", 3.0),
];

fn cuadrado(x: i64) -> i64 {
    x * x
}

fn nada() {}

fn eco_de_enteros(extremo: Connection<i64, i64>) {
    while let Ok(x) = extremo.recv() {
        if extremo.send(x).is_err() {
            return;
        }
    }
}

fn eco_de_numeros(extremo: Connection<Vec<f64>, Vec<f64>>) {
    while let Ok(numeros) = extremo.recv() {
        if extremo.send(numeros).is_err() {
            return;
        }
    }
}

fn suma(valor: Value<i64>, veces: u32) {
    for _ in 0..veces {
        *valor.lock().expect("nadie muere aquí") += 1;
    }
}

/// El Python que hace lo mismo.
struct Python {
    _proceso: Child,
    entrada: ChildStdin,
    salida: BufReader<ChildStdout>,
}

impl Python {
    fn new() -> Python {
        let python = env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
        let mut proceso = Command::new(&python)
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/process/python.py"))
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

/// Mide un trabajo aquí y en Python, uno al lado del otro.
fn compara(
    criterion: &mut Criterion,
    python: &RefCell<Python>,
    trabajo: &str,
    n: usize,
    mut aqui: impl FnMut(u64) -> Duration,
) {
    let mut grupo = criterion.benchmark_group(trabajo);
    if trabajo == "pipe" {
        grupo.throughput(Throughput::Bytes(2 * n as u64));
    }
    grupo.bench_function(BenchmarkId::new("concurrencia", n), |b| {
        b.iter_custom(&mut aqui)
    });
    grupo.bench_function(BenchmarkId::new("python", n), |b| {
        b.iter_custom(|veces| python.borrow_mut().mide(trabajo, n, veces));
    });
    grupo.finish();
}

fn veces(n: u64, mut trabajo: impl FnMut()) -> Duration {
    let inicio = Instant::now();
    for _ in 0..n {
        trabajo();
    }
    inicio.elapsed()
}

fn pools(criterion: &mut Criterion, python: &RefCell<Python>) {
    for n in [1, 2, 4, 8] {
        let pool = ProcessPool::new(n).expect("hay sitio para un pool");
        let caliente = pool.map(cuadrado, 0..100).expect("el pool funciona");
        assert_eq!(caliente.len(), 100);
        compara(criterion, python, "map", n, |iter| {
            veces(iter, || {
                assert_eq!(
                    pool.map(cuadrado, 0..ENTRADAS).expect("va").len(),
                    ENTRADAS as usize
                )
            })
        });
        if n == 2 {
            compara(criterion, python, "imap_unordered", n, |iter| {
                veces(iter, || {
                    let hechas = pool
                        .imap_unordered(cuadrado, 0..SUELTAS)
                        .filter(Result::is_ok)
                        .count();
                    assert_eq!(hechas, SUELTAS as usize);
                })
            });
            compara(criterion, python, "submit", n, |iter| {
                veces(iter, || {
                    let encargos: Vec<_> = (0..ENCARGOS)
                        .map(|i| pool.apply_async(cuadrado, (i,)))
                        .collect();
                    assert!(encargos.iter().all(|encargo| encargo.get().is_ok()));
                })
            });
        }
    }
}

fn procesos(criterion: &mut Criterion, python: &RefCell<Python>) {
    compara(criterion, python, "process", 1, |iter| {
        veces(iter, || {
            let mut proceso = Process::new(nada, ());
            proceso.start().expect("arranca");
            proceso.join().expect("acaba bien");
        })
    });
}

fn conexiones(criterion: &mut Criterion, python: &RefCell<Python>) {
    let (aqui, alli) = Pipe::duplex::<i64, i64>().expect("hay descriptores");
    let mut eco = Process::new(eco_de_enteros, (alli,));
    eco.start().expect("arranca");
    compara(criterion, python, "pipe", 1, |iter| {
        veces(iter, || {
            aqui.send(1).expect("el eco escucha");
            assert_eq!(aqui.recv().expect("el eco contesta"), 1);
        })
    });

    let (aqui, alli) = Pipe::duplex::<Vec<f64>, Vec<f64>>().expect("hay descriptores");
    let mut eco = Process::new(eco_de_numeros, (alli,));
    eco.start().expect("arranca");
    for bytes in [64, 4 << 10, 64 << 10, 1 << 20, 64 << 20] {
        // Lo que vuelve es lo que se manda la vez siguiente.
        let mut numeros = vec![1.5; bytes / 8];
        compara(criterion, python, "pipe", bytes, |iter| {
            veces(iter, || {
                aqui.send(std::mem::take(&mut numeros))
                    .expect("el eco escucha");
                numeros = aqui.recv().expect("el eco contesta");
                assert_eq!(numeros.len(), bytes / 8);
            })
        });
        a_pelo(criterion, bytes);
    }
}

/// Los mismos bytes por dos tuberías del sistema, sin nada más: lo menos que pueden costar.
fn a_pelo(criterion: &mut Criterion, bytes: usize) {
    let mut eco = Command::new("cat")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("hay cat");
    let (mut ida, mut vuelta) = (
        eco.stdin.take().expect("pedida"),
        eco.stdout.take().expect("pedida"),
    );
    let datos = vec![1_u8; bytes];
    let mut leidos = vec![0_u8; bytes];
    let mut grupo = criterion.benchmark_group("pipe");
    grupo.throughput(Throughput::Bytes(2 * bytes as u64));
    grupo.bench_function(BenchmarkId::new("a_pelo", bytes), |b| {
        b.iter_custom(|iter| {
            veces(iter, || {
                thread::scope(|hilos| {
                    // Lo que no cabe en la tubería espera a que lo lean.
                    if bytes > 32 << 10 {
                        hilos.spawn(|| ida.write_all(&datos).expect("cat lee"));
                    } else {
                        ida.write_all(&datos).expect("cat lee");
                    }
                    vuelta.read_exact(&mut leidos).expect("cat escribe");
                });
            })
        });
    });
    grupo.finish();
    drop(ida);
    eco.wait().expect("cat acaba");
}

fn memoria(criterion: &mut Criterion, python: &RefCell<Python>) {
    for n in [1, 2, 4] {
        compara(criterion, python, "value", n, |iter| {
            veces(iter, || {
                let valor = Value::new(0_i64).expect("hay memoria");
                let mut sumandos: Vec<_> = (0..n)
                    .map(|_| Process::new(suma, (valor.clone(), INCREMENTOS)))
                    .collect();
                for sumando in &mut sumandos {
                    sumando.start().expect("arranca");
                }
                for sumando in &sumandos {
                    sumando.join().expect("acaba bien");
                }
                assert_eq!(
                    valor.get().expect("nadie ha muerto"),
                    n as i64 * i64::from(INCREMENTOS)
                );
            })
        });
    }
}

/// La mediana, en segundos, que criterion dejó de un banco.
fn mediana(carpeta: &Path) -> Option<f64> {
    let texto = fs::read_to_string(carpeta.join("new/estimates.json")).ok()?;
    let datos: serde_json::Value = serde_json::from_str(&texto).ok()?;
    Some(datos["median"]["point_estimate"].as_f64()? / 1e9)
}

/// Lo medido en esta ejecución, como razones.
fn tabla(carpeta: &Path, empezo: std::time::SystemTime) {
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
        "\n{:<24} {:>12} {:>12} {:>9} {:>9} {:>12}",
        "trabajo", "aquí", "Python", "razón", "se pide", "a pelo"
    );
    for ((trabajo, n), medidas) in &filas {
        let nombre = format!("{trabajo}/{n}");
        let ver = |quien: &str| {
            medidas.get(quien).map_or(String::from("—"), |s| {
                format!("{:.1?}", Duration::from_secs_f64(*s))
            })
        };
        let razon = medidas
            .get("python")
            .zip(medidas.get("concurrencia"))
            .map(|(p, c)| p / c);
        let pedido = PEDIDO
            .iter()
            .find(|(trabajo, _)| *trabajo == nombre)
            .map(|(_, veces)| *veces);
        println!(
            "{nombre:<24} {:>12} {:>12} {:>9} {:>9} {:>12}",
            ver("concurrencia"),
            ver("python"),
            razon.map_or(String::from("—"), |razon| format!("{razon:.1}×")),
            pedido.map_or(String::new(), |veces| format!("{veces}×")),
            ver("a_pelo"),
        );
    }
}

fn main() {
    process::init();
    let empezo = std::time::SystemTime::now();
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .sample_size(15)
        .configure_from_args();
    let python = RefCell::new(Python::new());
    procesos(&mut criterion, &python);
    pools(&mut criterion, &python);
    conexiones(&mut criterion, &python);
    memoria(&mut criterion, &python);
    criterion.final_summary();
    let destino = env::var_os("CRITERION_HOME").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../.curso/target/criterion"),
        Into::into,
    );
    tabla(&destino, empezo);
}
