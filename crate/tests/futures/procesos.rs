//! Lo propio de `ProcessPoolExecutor`: qué viaja, las muertes y lo que no debe quedar.

use std::collections::HashSet;
use std::pin::Pin;
use std::sync::mpsc::{self, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};
use std::{process, thread};

use concurrencia::futures::{ALL_COMPLETED, ProcessPoolExecutor, wait};
use concurrencia::process::{Event, Pipe, Sender};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use serde::{Deserialize, Serialize};

use crate::comun::{avisa_y_espera, cuadrado, espera, hasta_que, ocupado};

crate::pruebas![
    cada_tarea_se_hace_en_otro_proceso,
    los_mismos_procesos_hacen_todas_las_tareas,
    una_estructura_va_y_vuelve,
    unos_argumentos_que_no_pueden_viajar_son_un_error_del_futuro,
    un_argumento_que_no_puede_viajar_no_estropea_su_trozo,
    un_trozo_entero_que_no_puede_viajar,
    un_resultado_que_no_puede_volver_es_un_error_del_futuro,
    un_resultado_que_entra_en_panico_al_leerse,
    unos_argumentos_que_entran_en_panico_al_ensenarse,
    una_muerte_es_un_error_de_su_tarea_y_las_demas_acaban,
    una_muerte_en_un_trozo_es_de_su_entrada,
    una_muerte_desde_fuera,
    una_muerte_tras_otra,
    solo_se_pasa_al_pool_una_de_mas,
    un_encargo_lento_no_para_nada,
    un_encargo_puede_esperar_a_otra_tarea,
    los_encargos_se_ejecutan_en_su_hilo_de_uno_en_uno,
    shutdown_no_deja_procesos,
    soltarlo_no_deja_procesos,
    shutdown_nowait_acaba_por_despedir_a_los_procesos,
    kill_workers_mata_lo_que_no_acaba,
    lo_que_reciben_se_suelta_al_acabar_la_tarea,
    default_workers_es_uno_por_nucleo,
    un_ejecutor_dentro_de_una_tarea,
    trozos_grandes_y_resultados_grandes,
    el_ultimo_mango_se_suelta_en_el_hilo_que_deja_los_resultados,
];

fn nuevo(max_workers: usize) -> ProcessPoolExecutor {
    ProcessPoolExecutor::new(max_workers).unwrap()
}

fn existe(pid: u32) -> bool {
    test_kill_process(Pid::from_raw(pid.try_into().unwrap()).unwrap()).is_ok()
}

fn cada_tarea_se_hace_en_otro_proceso() {
    let ejecutor = nuevo(1);
    let pid = ejecutor.submit(process::id, ()).result().unwrap();
    assert_ne!(pid, process::id());
}

fn los_mismos_procesos_hacen_todas_las_tareas() {
    let ejecutor = nuevo(2);
    let pids: HashSet<u32> = ejecutor
        .map(|_: u32| process::id(), 0..100)
        .map(Result::unwrap)
        .collect();
    assert!(pids.len() <= 2);
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Ficha {
    nombre: String,
    notas: Vec<f64>,
}

fn sube(mut ficha: Ficha) -> Ficha {
    ficha.notas.iter_mut().for_each(|nota| *nota += 1.0);
    ficha
}

fn una_estructura_va_y_vuelve() {
    let ficha = Ficha {
        nombre: "Ada".to_owned(),
        notas: vec![8.5, 9.0],
    };
    let vuelta = nuevo(1).submit(sube, (ficha.clone(),)).result().unwrap();
    assert_eq!(vuelta.notas, [9.5, 10.0]);
    assert_eq!(vuelta.nombre, ficha.nombre);
}

/// No se puede escribir si es negativo.
#[derive(Clone, Debug, Deserialize)]
struct Reacio(i64);

impl Serialize for Reacio {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if self.0 < 0 {
            return Err(serde::ser::Error::custom("de aquí no salgo"));
        }
        s.serialize_newtype_struct("Reacio", &self.0)
    }
}

fn valor(reacio: Reacio) -> i64 {
    reacio.0
}

fn unos_argumentos_que_no_pueden_viajar_son_un_error_del_futuro() {
    let ejecutor = nuevo(1);
    let mal = ejecutor.submit(valor, (Reacio(-1),));
    assert!(mal.done());
    let error = mal.result().unwrap_err();
    assert!(error.process_error().unwrap().is_message(), "{error}");
    assert!(!error.is_panic());
    assert_eq!(ejecutor.submit(valor, (Reacio(1),)).result().unwrap(), 1);
}

fn un_argumento_que_no_puede_viajar_no_estropea_su_trozo() {
    let ejecutor = nuevo(2);
    let entradas = || [0, -1, 2, 3, -4].map(Reacio);
    let esperado = [Some(0), None, Some(2), Some(3), None];
    for trozo in [1, 2, 5] {
        let salidas = ejecutor.map_chunked(valor, entradas(), trozo);
        assert_eq!(salidas.map(Result::ok).collect::<Vec<_>>(), esperado);
    }
    let salidas = ejecutor.map(valor, entradas());
    assert_eq!(salidas.map(Result::ok).collect::<Vec<_>>(), esperado);
}

fn un_trozo_entero_que_no_puede_viajar() {
    let ejecutor = nuevo(1);
    let salidas: Vec<_> = ejecutor
        .map_chunked(valor, [-1, -2].map(Reacio), 2)
        .collect();
    assert_eq!(salidas.len(), 2);
    for salida in salidas {
        assert!(salida.unwrap_err().process_error().unwrap().is_message());
    }
}

fn un_resultado_que_no_puede_volver_es_un_error_del_futuro() {
    let ejecutor = nuevo(1);
    let mal = ejecutor.submit(|x: i64| Reacio(x), (-1,));
    let error = mal.into_result().unwrap_err();
    assert!(error.process_error().unwrap().is_message(), "{error}");
    let bien = ejecutor.submit(|x: i64| Reacio(x), (1,));
    assert_eq!(bien.into_result().unwrap().0, 1);
}

/// Entra en pánico al leerse, salvo en un hijo.
#[derive(Clone, Debug, Serialize)]
struct Trampa(i64);

impl<'de> Deserialize<'de> for Trampa {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Trampa, D::Error> {
        let hijo = concurrencia::process::current_process().name() != "MainProcess";
        assert!(hijo, "no me leas (pánico de prueba)");
        i64::deserialize(d).map(Trampa)
    }
}

fn un_resultado_que_entra_en_panico_al_leerse() {
    let ejecutor = nuevo(1);
    let error = ejecutor.submit(|| Trampa(1), ()).result().unwrap_err();
    assert!(error.is_panic(), "{error}");
    assert!(error.to_string().contains("no me leas"), "{error}");
    assert_eq!(ejecutor.submit(cuadrado, (3,)).result().unwrap(), 9);
}

fn unos_argumentos_que_entran_en_panico_al_ensenarse() {
    let ejecutor = nuevo(1);
    let mal = ejecutor.submit(
        |_: Trampa| -> u32 { panic!("pánico de prueba") },
        (Trampa(1),),
    );
    let error = mal.result().unwrap_err();
    assert_eq!(error.panic_message(), Some("pánico de prueba"));
    assert_eq!(ejecutor.submit(cuadrado, (3,)).result().unwrap(), 9);
}

fn sale_con(codigo: i32) -> i32 {
    if codigo != 0 {
        process::exit(codigo);
    }
    codigo
}

fn una_muerte_es_un_error_de_su_tarea_y_las_demas_acaban() {
    let ejecutor = nuevo(2);
    let futuros: Vec<_> = (0..100)
        .map(|x| ejecutor.submit(sale_con, (if x % 20 == 3 { 99 } else { 0 },)))
        .collect();
    for (x, futuro) in futuros.iter().enumerate() {
        match futuro.result() {
            Ok(_) => assert_ne!(x % 20, 3),
            Err(error) => {
                assert_eq!(x % 20, 3);
                let error = error.process_error().unwrap();
                assert!(error.is_died());
                assert_eq!(error.exitcode(), Some(99));
            }
        }
    }
    // Y sigue aceptando.
    assert_eq!(ejecutor.submit(sale_con, (0,)).result().unwrap(), 0);
}

fn una_muerte_en_un_trozo_es_de_su_entrada() {
    let ejecutor = nuevo(2);
    let salidas: Vec<_> = ejecutor
        .map_chunked(sale_con, [0, 0, 7, 0, 0, 0], 4)
        .collect();
    for (numero, salida) in salidas.iter().enumerate() {
        assert_eq!(salida.is_err(), numero == 2);
    }
    let error = salidas[2].as_ref().unwrap_err();
    assert_eq!(error.process_error().unwrap().exitcode(), Some(7));
}

fn una_muerte_desde_fuera() {
    let ejecutor = nuevo(1);
    let (empieza, senal) = (Event::new().unwrap(), Event::new().unwrap());
    let pid = ejecutor.submit(process::id, ()).result().unwrap();
    let mal = ejecutor.submit(avisa_y_espera, (empieza.clone(), senal));
    let bien = ejecutor.submit(cuadrado, (3,));
    empieza.wait();
    kill_process(
        Pid::from_raw(pid.try_into().unwrap()).unwrap(),
        Signal::KILL,
    )
    .unwrap();
    let error = mal.result().unwrap_err();
    assert_eq!(error.process_error().unwrap().exitcode(), Some(-9));
    assert_eq!(error.process_error().unwrap().pid(), Some(pid));
    assert_eq!(bien.result().unwrap(), 9);
}

fn una_muerte_tras_otra() {
    let ejecutor = nuevo(2);
    let salidas = ejecutor.map(sale_con, vec![5; 20]);
    assert!(salidas.map(Result::unwrap_err).all(|error| {
        let error = error.process_error().unwrap();
        error.is_died()
    }));
    assert_eq!(ejecutor.submit(sale_con, (0,)).result().unwrap(), 0);
}

fn solo_se_pasa_al_pool_una_de_mas() {
    let ejecutor = nuevo(2);
    let senal = Event::new().unwrap();
    let futuros: Vec<_> = (0..20)
        .map(|_| ejecutor.submit(espera, (senal.clone(),)))
        .collect();
    assert_eq!(futuros.iter().filter(|futuro| futuro.running()).count(), 3);
    let canceladas = futuros.iter().filter(|futuro| futuro.cancel()).count();
    assert_eq!(canceladas, 17);
    senal.set();
    assert_eq!(wait(&futuros, ALL_COMPLETED).done.len(), 20);
}

fn un_encargo_lento_no_para_nada() {
    let ejecutor = nuevo(1);
    let (suelta, llega) = channel::<()>();
    let primera = ejecutor.submit(cuadrado, (1,));
    primera.add_done_callback(move |_| assert!(llega.recv().is_err()));
    // Con el hilo de los encargos parado, todo lo demás sigue.
    let cuadrados = ejecutor.map(cuadrado, 0..50).map(Result::unwrap);
    assert_eq!(cuadrados.sum::<i64>(), 40_425);
    drop(suelta);
}

fn un_encargo_puede_esperar_a_otra_tarea() {
    let (ejecutor, larga, senal) = ocupado::<ProcessPoolExecutor>();
    let siguiente = ejecutor.submit(cuadrado, (5,));
    let (avisa, llega) = channel();
    larga.add_done_callback(move |_| avisa.send(siguiente.result()).unwrap());
    senal.set();
    assert_eq!(llega.recv().unwrap().unwrap(), 25);
}

fn los_encargos_se_ejecutan_en_su_hilo_de_uno_en_uno() {
    let (ejecutor, larga, senal) = ocupado::<ProcessPoolExecutor>();
    let futuros: Vec<_> = (0..20).map(|x| ejecutor.submit(cuadrado, (x,))).collect();
    let (avisa, llegan) = channel();
    for futuro in &futuros {
        let avisa = avisa.clone();
        futuro.add_done_callback(move |_| avisa.send(thread::current().id()).unwrap());
    }
    drop(avisa);
    senal.set();
    let hilos: HashSet<_> = llegan.iter().collect();
    assert_eq!(hilos.len(), 1);
    assert!(!hilos.contains(&thread::current().id()));
    assert!(larga.result().unwrap());
}

/// Los PID de un ejecutor de dos procesos.
fn pids(ejecutor: &ProcessPoolExecutor) -> HashSet<u32> {
    let mut pids = HashSet::new();
    while pids.len() < 2 {
        let barrera = concurrencia::process::Barrier::new(2).unwrap();
        let cada_uno = |barrera: concurrencia::process::Barrier| {
            barrera.wait().unwrap();
            process::id()
        };
        let dos = ejecutor.map(cada_uno, [barrera.clone(), barrera]);
        pids.extend(dos.map(Result::unwrap));
    }
    pids
}

fn shutdown_no_deja_procesos() {
    let ejecutor = nuevo(2);
    let pids = pids(&ejecutor);
    assert!(pids.iter().all(|pid| existe(*pid)));
    ejecutor.shutdown();
    assert!(!pids.iter().any(|pid| existe(*pid)));
}

fn soltarlo_no_deja_procesos() {
    let ejecutor = nuevo(2);
    let pids = pids(&ejecutor);
    drop(ejecutor);
    assert!(!pids.iter().any(|pid| existe(*pid)));
}

fn shutdown_nowait_acaba_por_despedir_a_los_procesos() {
    let ejecutor = nuevo(2);
    let pids = pids(&ejecutor);
    let senal = Event::new().unwrap();
    let futuro = ejecutor.submit(espera, (senal.clone(),));
    ejecutor.shutdown_nowait();
    assert!(pids.iter().any(|pid| existe(*pid)));
    senal.set();
    assert!(futuro.result().unwrap());
    hasta_que(|| !pids.iter().any(|pid| existe(*pid)));
}

fn kill_workers_mata_lo_que_no_acaba() {
    let ejecutor = nuevo(2);
    let pids = pids(&ejecutor);
    let nunca = Event::new().unwrap();
    let futuros: Vec<_> = (0..10)
        .map(|_| ejecutor.submit(espera, (nunca.clone(),)))
        .collect();
    ejecutor.kill_workers();
    assert!(!pids.iter().any(|pid| existe(*pid)));
    let canceladas = futuros.iter().filter(|futuro| futuro.cancelled()).count();
    assert_eq!(canceladas, 7);
    for futuro in &futuros {
        let error = futuro.result().unwrap_err();
        assert!(error.is_cancelled() || error.is_broken(), "{error}");
    }
    assert!(
        ejecutor
            .submit(cuadrado, (2,))
            .result()
            .unwrap_err()
            .is_broken()
    );
}

fn saluda(salida: Sender<u32>) {
    salida.send(1).unwrap();
}

fn lo_que_reciben_se_suelta_al_acabar_la_tarea() {
    let ejecutor = nuevo(1);
    let (recibe, envia) = Pipe::one_way().unwrap();
    ejecutor.submit(saluda, (envia,)).result().unwrap();
    assert_eq!(recibe.recv().unwrap(), 1);
    // No queda ningún extremo abierto, ni aquí ni allí.
    assert!(recibe.recv().is_err());
}

fn default_workers_es_uno_por_nucleo() {
    let nucleos = thread::available_parallelism().unwrap().get();
    assert_eq!(ProcessPoolExecutor::default_workers(), nucleos);
}

fn reparte(hasta: i64) -> i64 {
    let ejecutor = nuevo(1);
    ejecutor.map(cuadrado, 0..hasta).map(Result::unwrap).sum()
}

fn un_ejecutor_dentro_de_una_tarea() {
    assert_eq!(nuevo(1).submit(reparte, (5,)).result().unwrap(), 30);
}

fn repite(texto: String) -> String {
    texto
}

fn trozos_grandes_y_resultados_grandes() {
    let ejecutor = nuevo(2);
    let textos: Vec<String> = (0..12).map(|x| "a".repeat(x << 18)).collect();
    let vueltas = ejecutor.map_chunked(repite, textos.clone(), 12);
    assert!(vueltas.map(Result::unwrap).eq(textos.clone()));
    let vueltas = ejecutor.map(repite, textos.clone());
    assert!(vueltas.map(Result::unwrap).eq(textos));
}

/// Un despertador que, al sonar, suelta un ejecutor.
struct Suelta {
    ejecutor: Mutex<Option<ProcessPoolExecutor>>,
    avisa: Mutex<mpsc::Sender<()>>,
}

impl Wake for Suelta {
    fn wake(self: Arc<Suelta>) {
        drop(self.ejecutor.lock().unwrap().take());
        self.avisa.lock().unwrap().send(()).unwrap();
    }
}

fn el_ultimo_mango_se_suelta_en_el_hilo_que_deja_los_resultados() {
    let (ejecutor, mut larga, senal) = ocupado::<ProcessPoolExecutor>();
    let siguientes: Vec<_> = (0..20).map(|x| ejecutor.submit(cuadrado, (x,))).collect();
    let (avisa, llega) = channel();
    let waker = Waker::from(Arc::new(Suelta {
        ejecutor: Mutex::new(Some(ejecutor)),
        avisa: Mutex::new(avisa),
    }));
    let espera = Pin::new(&mut larga).poll(&mut Context::from_waker(&waker));
    assert!(espera.is_pending());
    senal.set();
    llega.recv().unwrap();
    for (x, futuro) in (0..20).zip(siguientes) {
        assert_eq!(futuro.result().unwrap(), x * x);
    }
}
