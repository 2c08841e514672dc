//! El trabajo mixto de la cuarta lección: espera y calcula, y el orden en que se reparte cuenta.

use super::Hecho;
use concurrencia::time::{scale, to_real};
use concurrencia::{ProcessPoolExecutor, Race, ThreadPoolExecutor};
use std::time::Duration;
use workloads::cpu::{Mixed, mixed};
use workloads::python::CPU;
use workloads::schedule;

const TRABAJADORES: usize = 4;

pub(super) fn corre(repeticiones: usize) -> Hecho {
    let tareas: Vec<u32> = (0..10).collect();
    let duraciones: Vec<Duration> = tareas.iter().map(|&n| mixed(n).total()).collect();
    // Del reparto que menos tarda, en qué orden hay que encargarlas.
    let mejor = schedule::best(duraciones, TRABAJADORES);
    let ordenadas: Vec<u32> = mejor.order().into_iter().map(|i| tareas[i]).collect();
    let vueltas = (100_000.0 * scale()).round() as u32;
    let de_python = (tareas.clone(), to_real(0.5).as_secs_f64(), vueltas);
    let con = (de_python.0.clone(), de_python.1, vueltas, TRABAJADORES);
    let carrera = Race::new("trabajo mixto", repeticiones)
        .rust("en serie", || {
            tareas.iter().map(|&n| mixed(n).key()).collect()
        })
        .rust("4 hilos", || {
            let ejecutor = ThreadPoolExecutor::new(TRABAJADORES).unwrap();
            ejecutor
                .map(mixed, tareas.clone())
                .map(|hecho| hecho.unwrap().key())
                .collect()
        })
        .rust("4 hilos, en el mejor orden", || {
            let ejecutor = ThreadPoolExecutor::new(TRABAJADORES).unwrap();
            let hechos = ejecutor.map(mixed, ordenadas.clone()).map(Result::unwrap);
            let mut hechos: Vec<Mixed> = hechos.collect();
            hechos.sort_by_key(Mixed::n);
            hechos.iter().map(Mixed::key).collect()
        })
        .rust("4 procesos", || {
            let ejecutor = ProcessPoolExecutor::new(TRABAJADORES).unwrap();
            ejecutor
                .map(mixed, tareas.clone())
                .map(|hecho| hecho.unwrap().key())
                .collect()
        })
        .python("en serie", CPU.call("mixto_en_serie", de_python))
        .python("4 hilos", CPU.call("mixto_con_hilos", con.clone()))
        .python("4 procesos", CPU.call("mixto_con_procesos", con))
        .run()?;
    println!("{carrera}");
    println!(
        "El mejor reparto posible en 4: {} ms.",
        mejor.makespan().as_millis()
    );
    let _: &Vec<Option<String>> = carrera.value();
    Ok(Vec::new())
}
