//! Los procesos de este crate frente a los de Python, y lo que cuestan respecto a lo que da el sistema.
//!
//! ```sh
//! cargo bench -p concurrencia --bench process            # todo, y al final la tabla de razones
//! cargo bench -p concurrencia --bench process -- pipe    # solo lo que contenga «pipe»
//! ```
//!
//! Cada trabajo se mide dos veces en la misma ejecución: aquí y en un Python (`python3`, o el que diga `PYTHON`) que hace
//! lo mismo con `multiprocessing`. Las cifras son medianas; la razón, la de Python entre la nuestra.

#[path = "../comun/mod.rs"]
mod comun;

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;

use comun::{Banco, Pedido, veces};
use concurrencia::process::{self, Connection, Pipe, Process, ProcessPool, Value};

const ENTRADAS: i64 = 100_000;
const SUELTAS: i64 = 10_000;
const ENCARGOS: i64 = 3_000;
const INCREMENTOS: u32 = 50_000;

/// Lo que se pide frente a Python.
const PEDIDOS: [Pedido; 7] = [
    pedido("process/1", 10.0),
    pedido("map/2", 2.0),
    pedido("imap_unordered/2", 5.0),
    pedido("submit/2", 5.0),
    pedido("pipe/1", 2.0),
    pedido("pipe/67108864", 1.5),
    pedido("value/2", 3.0),
];

const fn pedido(nombre: &'static str, python: f64) -> Pedido {
    Pedido {
        nombre,
        python,
        a_pelo: None,
    }
}

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

fn pools(banco: &mut Banco) {
    for n in [1, 2, 4, 8] {
        let pool = ProcessPool::new(n).expect("hay sitio para un pool");
        let caliente = pool.map(cuadrado, 0..100).expect("el pool funciona");
        assert_eq!(caliente.len(), 100);
        banco
            .trabajo("map", n)
            .aqui(|iter| {
                veces(iter, || {
                    assert_eq!(
                        pool.map(cuadrado, 0..ENTRADAS).expect("va").len(),
                        ENTRADAS as usize
                    )
                })
            })
            .python();
        if n == 2 {
            banco
                .trabajo("imap_unordered", n)
                .aqui(|iter| {
                    veces(iter, || {
                        let hechas = pool
                            .imap_unordered(cuadrado, 0..SUELTAS)
                            .filter(Result::is_ok)
                            .count();
                        assert_eq!(hechas, SUELTAS as usize);
                    })
                })
                .python();
            banco
                .trabajo("submit", n)
                .aqui(|iter| {
                    veces(iter, || {
                        let encargos: Vec<_> = (0..ENCARGOS)
                            .map(|i| pool.apply_async(cuadrado, (i,)))
                            .collect();
                        assert!(encargos.iter().all(|encargo| encargo.get().is_ok()));
                    })
                })
                .python();
        }
    }
}

fn procesos(banco: &mut Banco) {
    banco
        .trabajo("process", 1)
        .aqui(|iter| {
            veces(iter, || {
                let mut proceso = Process::new(nada, ());
                proceso.start().expect("arranca");
                proceso.join().expect("acaba bien");
            })
        })
        .python();
}

fn conexiones(banco: &mut Banco) {
    let (aqui, alli) = Pipe::duplex::<i64, i64>().expect("hay descriptores");
    let mut eco = Process::new(eco_de_enteros, (alli,));
    eco.start().expect("arranca");
    banco
        .trabajo("pipe", 1)
        .aqui(|iter| {
            veces(iter, || {
                aqui.send(1).expect("el eco escucha");
                assert_eq!(aqui.recv().expect("el eco contesta"), 1);
            })
        })
        .python();

    let (aqui, alli) = Pipe::duplex::<Vec<f64>, Vec<f64>>().expect("hay descriptores");
    let mut eco = Process::new(eco_de_numeros, (alli,));
    eco.start().expect("arranca");
    for bytes in [64, 4 << 10, 64 << 10, 1 << 20, 64 << 20] {
        // Lo que vuelve es lo que se manda la vez siguiente.
        let mut numeros = vec![1.5; bytes / 8];
        let mut tuberias = Tuberias::new(bytes);
        banco
            .trabajo("pipe", bytes)
            .bytes(2 * bytes as u64)
            .aqui(|iter| {
                veces(iter, || {
                    aqui.send(std::mem::take(&mut numeros))
                        .expect("el eco escucha");
                    numeros = aqui.recv().expect("el eco contesta");
                    assert_eq!(numeros.len(), bytes / 8);
                })
            })
            .a_pelo(|iter| veces(iter, || tuberias.ida_y_vuelta()))
            .python();
    }
}

/// Los mismos bytes por dos tuberías del sistema, sin nada más: lo menos que pueden costar.
struct Tuberias {
    eco: Child,
    ida: Option<ChildStdin>,
    vuelta: ChildStdout,
    datos: Vec<u8>,
    leidos: Vec<u8>,
}

impl Tuberias {
    fn new(bytes: usize) -> Tuberias {
        let mut eco = Command::new("cat")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("hay cat");
        Tuberias {
            ida: eco.stdin.take(),
            vuelta: eco.stdout.take().expect("pedida"),
            eco,
            datos: vec![1; bytes],
            leidos: vec![0; bytes],
        }
    }

    fn ida_y_vuelta(&mut self) {
        let ida = self.ida.as_mut().expect("abierta hasta el final");
        thread::scope(|hilos| {
            // Lo que no cabe en la tubería espera a que lo lean.
            if self.datos.len() > 32 << 10 {
                hilos.spawn(|| ida.write_all(&self.datos).expect("cat lee"));
            } else {
                ida.write_all(&self.datos).expect("cat lee");
            }
            self.vuelta
                .read_exact(&mut self.leidos)
                .expect("cat escribe");
        });
    }
}

impl Drop for Tuberias {
    fn drop(&mut self) {
        // Sin más que leer, cat acaba.
        self.ida = None;
        let _ = self.eco.wait();
    }
}

fn memoria(banco: &mut Banco) {
    for n in [1, 2, 4] {
        banco
            .trabajo("value", n)
            .aqui(|iter| {
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
            })
            .python();
    }
}

fn main() {
    process::init();
    let mut banco = Banco::new("process/python.py");
    procesos(&mut banco);
    pools(&mut banco);
    conexiones(&mut banco);
    memoria(&mut banco);
    banco.tabla(&PEDIDOS);
}
