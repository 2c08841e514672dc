//! `Queue`: nada se pierde ni se repite, ni al límite, ni al morir alguien a mitad.

use std::collections::{HashMap, HashSet};
use std::thread;
use std::time::{Duration, Instant};

use concurrencia::process::{MAX_MESSAGE, Pipe, Portable, Process, Queue, Sender};
use serde::{Deserialize, Serialize};

crate::pruebas![
    lo_que_se_pone_se_saca_en_orden,
    varios_productores_y_consumidores_ni_pierden_ni_repiten,
    cada_productor_conserva_su_orden,
    los_hilos_de_un_proceso_comparten_la_cola,
    una_cola_sin_limite_no_espera_a_nadie,
    join_antes_de_vaciar_la_cola_no_se_bloquea,
    lo_puesto_sobrevive_a_quien_lo_puso_aunque_lo_maten,
    lo_que_pone_un_nieto_llega_al_abuelo,
    una_cola_con_limite_se_llena_y_se_vacia,
    put_espera_a_que_otro_proceso_haga_un_hueco,
    los_plazos_se_cumplen_y_no_dejan_rastro,
    get_espera_a_que_otro_proceso_ponga,
    un_consumidor_muerto_en_get_no_estorba_a_los_demas,
    matar_productores_a_medias_no_corrompe_la_cola,
    matar_consumidores_a_medias_no_corrompe_la_cola,
    una_cola_con_limite_no_pierde_huecos_cuando_matan_a_quien_la_usa,
    mensajes_de_todos_los_tamanos,
    lo_que_no_cabe_es_un_error_y_la_cola_sigue,
    lo_que_no_se_puede_escribir_es_un_error_y_la_cola_sigue,
    structs_enums_y_genericos,
    una_cola_dentro_de_otra,
    una_cola_dentro_de_si_misma,
    muchos_elementos_con_descriptores,
    los_descriptores_no_quedan_abiertos_despues_de_sacarlos,
    la_memoria_se_devuelve_al_vaciarse,
    una_cola_que_nunca_se_vacia_no_crece_sin_fin,
    clones_y_copias_son_la_misma_cola,
    la_cola_se_describe,
];

fn lo_que_se_pone_se_saca_en_orden() {
    let cola = Queue::new().unwrap();
    assert!(cola.is_empty() && !cola.is_full());
    for i in 0..100 {
        cola.put(i).unwrap();
    }
    assert_eq!(cola.qsize(), 100);
    for i in 0..100 {
        assert_eq!(cola.get().unwrap(), i);
    }
    assert!(cola.is_empty());
    let error = cola.try_get().unwrap_err();
    assert!(error.is_empty() && !error.is_timeout(), "{error}");
}

fn produce(cola: Queue<(u32, u32)>, id: u32, cuantos: u32) {
    for i in 0..cuantos {
        cola.put((id, i)).unwrap();
    }
}

/// Saca hasta encontrar la marca de fin, que deja para los demás.
fn consume(cola: Queue<(u32, u32)>) -> Vec<(u32, u32)> {
    let mut sacados = Vec::new();
    loop {
        match cola.get().unwrap() {
            FIN => {
                cola.put(FIN).unwrap();
                return sacados;
            }
            par => sacados.push(par),
        }
    }
}

const FIN: (u32, u32) = (u32::MAX, u32::MAX);

fn arrancado<T: Portable>(mut proceso: Process<T>) -> Process<T> {
    proceso.start().unwrap();
    proceso
}

/// Lo que saca cada uno de 3 consumidores de lo que ponen 3 productores.
fn reparto(cola: &Queue<(u32, u32)>, cuantos: u32) -> Vec<Vec<(u32, u32)>> {
    let consumidores = [(); 3].map(|()| arrancado(Process::new(consume, (cola.clone(),))));
    let productores =
        [0, 1, 2].map(|id| arrancado(Process::new(produce, (cola.clone(), id, cuantos))));
    for productor in &productores {
        productor.join().unwrap();
    }
    cola.put(FIN).unwrap();
    consumidores
        .iter()
        .map(|consumidor| consumidor.join().unwrap())
        .collect()
}

fn varios_productores_y_consumidores_ni_pierden_ni_repiten() {
    for cola in [Queue::new().unwrap(), Queue::bounded(7).unwrap()] {
        let todos: Vec<_> = reparto(&cola, 3000).into_iter().flatten().collect();
        let distintos: HashSet<_> = todos.iter().copied().collect();
        assert_eq!(todos.len(), 9000);
        assert_eq!(distintos.len(), 9000);
    }
}

fn cada_productor_conserva_su_orden() {
    for sacados in reparto(&Queue::new().unwrap(), 2000) {
        let mut ultimo: HashMap<u32, u32> = HashMap::new();
        for (id, i) in sacados {
            assert!(ultimo.insert(id, i).is_none_or(|antes| antes < i));
        }
    }
}

fn los_hilos_de_un_proceso_comparten_la_cola() {
    let cola = Queue::bounded(3).unwrap();
    let suma: u64 = thread::scope(|hilos| {
        for parte in 0..4_u64 {
            let cola = &cola;
            hilos.spawn(move || (0..500).for_each(|i| cola.put(parte * 500 + i).unwrap()));
        }
        let sacan =
            [(); 4].map(|()| hilos.spawn(|| (0..500).map(|_| cola.get().unwrap()).sum::<u64>()));
        sacan.into_iter().map(|hilo| hilo.join().unwrap()).sum()
    });
    assert_eq!(suma, (0..2000).sum());
}

fn una_cola_sin_limite_no_espera_a_nadie() {
    let cola = Queue::new().unwrap();
    for i in 0..20_000_u32 {
        cola.put((i, vec![i; 100])).unwrap();
    }
    // Cada uno en su memoria, hasta que no caben más descriptores: los demás, en la de la cola.
    for _ in 0..400 {
        cola.put((0, vec![7; 75_000])).unwrap();
    }
    assert!(!cola.is_full());
    assert_eq!(cola.qsize(), 20_400);
    for i in 0..20_000 {
        assert_eq!(cola.get().unwrap(), (i, vec![i; 100]));
    }
    for _ in 0..400 {
        assert_eq!(cola.get().unwrap(), (0, vec![7; 75_000]));
    }
}

fn pone_diez_megas(cola: Queue<Vec<u8>>) -> usize {
    for i in 0..10 {
        cola.put(vec![i; 1 << 20]).unwrap();
    }
    10 << 20
}

fn join_antes_de_vaciar_la_cola_no_se_bloquea() {
    let cola = Queue::new().unwrap();
    let proceso = arrancado(Process::new(pone_diez_megas, (cola.clone(),)));
    assert_eq!(proceso.join().unwrap(), 10 << 20);
    for i in 0..10 {
        assert_eq!(cola.try_get().unwrap(), vec![i; 1 << 20]);
    }
}

fn pone_y_espera_a_que_lo_maten(cola: Queue<u32>, listo: Sender<()>) {
    for i in 0..5000 {
        cola.put(i).unwrap();
    }
    listo.send(()).unwrap();
    Queue::<()>::new().unwrap().get().unwrap();
}

fn lo_puesto_sobrevive_a_quien_lo_puso_aunque_lo_maten() {
    let cola = Queue::new().unwrap();
    let (esperar, listo) = Pipe::one_way().unwrap();
    let proceso = arrancado(Process::new(
        pone_y_espera_a_que_lo_maten,
        (cola.clone(), listo),
    ));
    esperar.recv().unwrap();
    proceso.kill().unwrap();
    assert_eq!(proceso.join().unwrap_err().exitcode(), Some(-9));
    for i in 0..5000 {
        assert_eq!(cola.try_get().unwrap(), i);
    }
}

fn tiene_un_hijo(cola: Queue<(u32, u32)>) {
    let hijo = arrancado(Process::new(produce, (cola.clone(), 9, 100)));
    hijo.join().unwrap();
    cola.put(FIN).unwrap();
}

fn lo_que_pone_un_nieto_llega_al_abuelo() {
    let cola = Queue::new().unwrap();
    arrancado(Process::new(tiene_un_hijo, (cola.clone(),)))
        .join()
        .unwrap();
    let nieto: Vec<_> = (0..100).map(|i| (9, i)).collect();
    assert_eq!(consume(cola), nieto);
}

fn una_cola_con_limite_se_llena_y_se_vacia() {
    let cola = Queue::bounded(1000).unwrap();
    for i in 0..1000 {
        assert!(!cola.is_full());
        cola.try_put(i).unwrap();
    }
    assert!(cola.is_full());
    let error = cola.try_put(-1).unwrap_err();
    assert!(error.is_full() && !error.is_timeout(), "{error}");
    assert_eq!(cola.get().unwrap(), 0);
    assert!(!cola.is_full());
    cola.try_put(1000).unwrap();
    assert!((1..=1000).all(|i| cola.try_get().unwrap() == i));
}

fn saca(cola: Queue<u32>, veces: u32) -> u32 {
    (0..veces).map(|_| cola.get().unwrap()).sum()
}

fn put_espera_a_que_otro_proceso_haga_un_hueco() {
    let cola = Queue::bounded(2).unwrap();
    cola.put(1).unwrap();
    cola.put(1).unwrap();
    let proceso = arrancado(Process::new(saca, (cola.clone(), 10)));
    for _ in 0..8 {
        cola.put(1).unwrap();
    }
    assert_eq!(proceso.join().unwrap(), 10);
}

fn los_plazos_se_cumplen_y_no_dejan_rastro() {
    let cola = Queue::bounded(1).unwrap();
    let inicio = Instant::now();
    let error = cola.get_timeout(1).unwrap_err();
    assert!(error.is_timeout() && !error.is_empty(), "{error}");
    assert!(inicio.elapsed() >= Duration::from_millis(100));
    cola.put(1).unwrap();
    let inicio = Instant::now();
    let error = cola.put_timeout(2, 0.5).unwrap_err();
    assert!(error.is_timeout() && !error.is_full(), "{error}");
    assert!(inicio.elapsed() >= Duration::from_millis(50));
    assert_eq!(cola.qsize(), 1);
    assert_eq!(cola.get_timeout(1).unwrap(), 1);
    assert!(cola.get_timeout(0).unwrap_err().is_timeout());
    cola.put_timeout(3, 0).unwrap();
    assert_eq!(cola.get_timeout(f64::INFINITY.min(1e9)).unwrap(), 3);
}

fn get_espera_a_que_otro_proceso_ponga() {
    let cola = Queue::new().unwrap();
    let procesos = [(); 3].map(|()| arrancado(Process::new(saca, (cola.clone(), 1))));
    for proceso in &procesos {
        assert!(proceso.join_timeout(0.2).unwrap_err().is_timeout());
    }
    for _ in 0..3 {
        cola.put(5).unwrap();
    }
    let suma: u32 = procesos.iter().map(|proceso| proceso.join().unwrap()).sum();
    assert_eq!(suma, 15);
}

fn avisa_y_saca(cola: Queue<u32>, listo: Sender<()>) -> u32 {
    listo.send(()).unwrap();
    cola.get().unwrap()
}

fn un_consumidor_muerto_en_get_no_estorba_a_los_demas() {
    let cola = Queue::new().unwrap();
    let (esperar, listo) = Pipe::one_way().unwrap();
    let procesos =
        [(); 4].map(|()| arrancado(Process::new(avisa_y_saca, (cola.clone(), listo.clone()))));
    for _ in &procesos {
        esperar.recv().unwrap();
    }
    for muerto in &procesos[..3] {
        muerto.kill().unwrap();
        assert!(muerto.join().unwrap_err().is_died());
    }
    cola.put(8).unwrap();
    assert_eq!(procesos[3].join().unwrap(), 8);
    cola.put(9).unwrap();
    assert_eq!(cola.get().unwrap(), 9);
}

fn produce_sin_parar(cola: Queue<Vec<u32>>, id: u32) {
    for i in 0.. {
        // De unos pocos bytes a más de lo que cabe en el registro.
        let len = [2, 30, 500, 20_000, 80_000][i as usize % 5];
        let mut datos = vec![id; len];
        datos[1] = i;
        cola.put(datos).unwrap();
    }
}

fn matar_productores_a_medias_no_corrompe_la_cola() {
    let cola = Queue::bounded(20).unwrap();
    for ronda in 0..8 {
        let procesos = [0, 1].map(|i| {
            let id = 10 * ronda + i;
            arrancado(Process::new(produce_sin_parar, (cola.clone(), id)))
        });
        let mut siguiente: HashMap<u32, u32> = HashMap::new();
        let mut comprueba = |datos: Vec<u32>| {
            let (id, i) = (datos[0], datos[1]);
            assert_eq!(
                i,
                *siguiente.entry(id).or_default(),
                "ni se salta ni se repite"
            );
            siguiente.insert(id, i + 1);
            assert_eq!(datos.len(), [2, 30, 500, 20_000, 80_000][i as usize % 5]);
            assert!(datos[2..].iter().all(|&dato| dato == id));
        };
        for _ in 0..300 + ronda {
            comprueba(cola.get().unwrap());
        }
        for proceso in &procesos {
            proceso.kill().unwrap();
        }
        for proceso in &procesos {
            assert!(proceso.join().unwrap_err().is_died());
        }
        while let Ok(datos) = cola.try_get() {
            comprueba(datos);
        }
        assert!(cola.is_empty());
    }
}

fn saca_sin_parar(cola: Queue<Vec<u32>>) {
    loop {
        let datos = cola.get().unwrap();
        assert!(datos.iter().all(|&dato| dato == datos[0]));
    }
}

fn matar_consumidores_a_medias_no_corrompe_la_cola() {
    let cola = Queue::bounded(10).unwrap();
    let mut puesto = 0;
    for ronda in 0..8 {
        let procesos = [(); 2].map(|()| arrancado(Process::new(saca_sin_parar, (cola.clone(),))));
        for _ in 0..200 + ronda {
            cola.put(vec![puesto; [1, 100, 70_000][puesto as usize % 3]])
                .unwrap();
            puesto += 1;
        }
        for proceso in &procesos {
            proceso.kill().unwrap();
        }
        for proceso in &procesos {
            assert_eq!(proceso.join().unwrap_err().exitcode(), Some(-9));
        }
        let mut antes = None;
        while let Ok(datos) = cola.try_get() {
            assert_eq!(
                datos,
                vec![datos[0]; [1, 100, 70_000][datos[0] as usize % 3]]
            );
            assert!(
                antes
                    .replace(datos[0])
                    .is_none_or(|antes| antes + 1 == datos[0])
            );
        }
    }
}

fn pone_y_saca_sin_parar(cola: Queue<u32>) {
    loop {
        cola.put(1).unwrap();
        cola.get().unwrap();
    }
}

fn una_cola_con_limite_no_pierde_huecos_cuando_matan_a_quien_la_usa() {
    let cola = Queue::bounded(5).unwrap();
    for _ in 0..10 {
        let procesos =
            [(); 2].map(|()| arrancado(Process::new(pone_y_saca_sin_parar, (cola.clone(),))));
        for _ in 0..500 {
            cola.put(1).unwrap();
            cola.get().unwrap();
        }
        for proceso in &procesos {
            proceso.kill().unwrap();
            assert!(proceso.join().unwrap_err().is_died());
        }
        // Lo que pusieron y no llegaron a sacar.
        while cola.try_get().is_ok() {}
        for i in 0..5 {
            cola.try_put(i).unwrap();
        }
        assert!(cola.is_full());
        while cola.try_get().is_ok() {}
    }
}

fn eco(entrada: Queue<Vec<u8>>, salida: Queue<Vec<u8>>) {
    loop {
        let datos = entrada.get().unwrap();
        if datos.is_empty() {
            return;
        }
        salida.put(datos).unwrap();
    }
}

fn mensajes_de_todos_los_tamanos() {
    let (ida, vuelta) = (Queue::new().unwrap(), Queue::new().unwrap());
    let proceso = arrancado(Process::new(eco, (ida.clone(), vuelta.clone())));
    let bordes = [
        1,
        231,
        232,
        233,
        4096,
        48 << 10,
        (256 << 10) - 1,
        256 << 10,
        (256 << 10) + 1,
    ];
    for len in bordes.into_iter().chain([1 << 20, 64 << 20]) {
        let datos: Vec<u8> = (0..len).map(|i| (i * 7 % 251) as u8).collect();
        ida.put(datos.clone()).unwrap();
        assert!(vuelta.get().unwrap() == datos, "{len} bytes");
    }
    ida.put(Vec::new()).unwrap();
    proceso.join().unwrap();
    let numeros = Queue::new().unwrap();
    let datos: Vec<f64> = (0..1 << 17).map(f64::from).collect();
    numeros.put(datos.clone()).unwrap();
    assert_eq!(numeros.get().unwrap(), datos);
}

fn lo_que_no_cabe_es_un_error_y_la_cola_sigue() {
    let cola = Queue::bounded(1).unwrap();
    // Memoria a cero que no se llega a tocar.
    let error = cola.put(vec![0_u8; MAX_MESSAGE + 1]).unwrap_err();
    assert!(error.is_message(), "{error}");
    assert!(error.to_string().contains("512 MiB"), "{error}");
    assert!(cola.is_empty());
    cola.try_put(vec![1]).unwrap();
    assert_eq!(cola.get().unwrap(), [1]);
}

#[derive(Debug, PartialEq)]
struct Caprichoso(u32);

impl Serialize for Caprichoso {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            13 => Err(serde::ser::Error::custom("trece no")),
            valor => serializer.serialize_u32(valor),
        }
    }
}

impl<'de> Deserialize<'de> for Caprichoso {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Caprichoso, D::Error> {
        match u32::deserialize(deserializer)? {
            17 => Err(serde::de::Error::custom("diecisiete tampoco")),
            valor => Ok(Caprichoso(valor)),
        }
    }
}

fn lo_que_no_se_puede_escribir_es_un_error_y_la_cola_sigue() {
    let cola = Queue::bounded(2).unwrap();
    assert!(cola.put(Caprichoso(13)).unwrap_err().is_message());
    assert!(cola.is_empty());
    cola.put(Caprichoso(17)).unwrap();
    cola.put(Caprichoso(1)).unwrap();
    assert!(cola.get().unwrap_err().is_message());
    assert_eq!(cola.get().unwrap(), Caprichoso(1));
    assert!(!cola.is_full());
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Pedido<T> {
    Nada,
    Uno(T),
    Varios {
        nombre: String,
        cosas: Vec<T>,
        mas: Option<Box<Pedido<T>>>,
    },
}

fn da_la_vuelta(entrada: Queue<Pedido<f64>>, salida: Queue<Pedido<f64>>) {
    for _ in 0..3 {
        salida.put(entrada.get().unwrap()).unwrap();
    }
}

fn structs_enums_y_genericos() {
    let (ida, vuelta) = (Queue::new().unwrap(), Queue::new().unwrap());
    let proceso = arrancado(Process::new(da_la_vuelta, (ida.clone(), vuelta.clone())));
    let varios = Pedido::Varios {
        nombre: "ñandú".to_owned(),
        cosas: vec![0.5, f64::INFINITY],
        mas: Some(Box::new(Pedido::Uno(-1.0))),
    };
    for pedido in [Pedido::Nada, Pedido::Uno(2.0), varios] {
        ida.put(pedido.clone()).unwrap();
        assert_eq!(vuelta.get().unwrap(), pedido);
    }
    proceso.join().unwrap();
}

fn atiende(pedidos: Queue<(u32, Queue<u32>)>, cuantos: u32) {
    for _ in 0..cuantos {
        let (x, respuesta) = pedidos.get().unwrap();
        respuesta.put(x * x).unwrap();
    }
}

fn una_cola_dentro_de_otra() {
    let pedidos = Queue::new().unwrap();
    let proceso = arrancado(Process::new(atiende, (pedidos.clone(), 20)));
    let respuestas: Vec<Queue<u32>> = (0..20)
        .map(|x| {
            let respuesta = Queue::new().unwrap();
            pedidos.put((x, respuesta.clone())).unwrap();
            respuesta
        })
        .collect();
    for (x, respuesta) in (0..).zip(&respuestas) {
        assert_eq!(respuesta.get().unwrap(), x * x);
    }
    proceso.join().unwrap();
}

#[derive(Serialize, Deserialize)]
struct Anidada(Option<Queue<Anidada>>);

fn una_cola_dentro_de_si_misma() {
    let cola = Queue::new().unwrap();
    cola.put(Anidada(Some(cola.clone()))).unwrap();
    let Anidada(Some(misma)) = cola.get().unwrap() else {
        panic!("ha perdido la cola");
    };
    misma.put(Anidada(None)).unwrap();
    assert!(cola.get().unwrap().0.is_none());
}

fn saca_colas(colas: Queue<Queue<u32>>, cuantas: u32) -> u32 {
    (0..cuantas)
        .map(|_| colas.get().unwrap().get().unwrap())
        .sum()
}

fn muchos_elementos_con_descriptores() {
    let colas = Queue::new().unwrap();
    let proceso = arrancado(Process::new(saca_colas, (colas.clone(), 2000)));
    for i in 0..2000 {
        let cola = Queue::new().unwrap();
        cola.put(i).unwrap();
        colas.put(cola).unwrap();
    }
    assert_eq!(proceso.join().unwrap(), (0..2000).sum());
    // Sin nadie que saque, los que no caben esperan su sitio en vez de fallar.
    let llena = loop {
        match colas.put_timeout(Queue::new().unwrap(), 0.2) {
            Ok(()) => {}
            Err(error) => break error,
        }
    };
    assert!(llena.is_timeout(), "{llena}");
    assert!(colas.qsize() > 100);
    while colas.try_get().is_ok() {}
    colas.put(Queue::new().unwrap()).unwrap();
    assert_eq!(colas.qsize(), 1);
}

fn los_descriptores_no_quedan_abiertos_despues_de_sacarlos() {
    let (receptor, emisor) = Pipe::one_way::<u32>().unwrap();
    let cola = Queue::new().unwrap();
    cola.put(emisor).unwrap();
    cola.get().unwrap().send(4).unwrap();
    assert_eq!(receptor.recv().unwrap(), 4);
    assert!(receptor.recv().unwrap_err().is_closed());
}

/// Lo que ocupan en memoria los objetos anónimos de este proceso.
#[cfg(target_os = "linux")]
fn ocupado() -> u64 {
    use std::os::unix::fs::MetadataExt;
    let mut ocupado = HashMap::new();
    for entrada in std::fs::read_dir("/proc/self/fd").unwrap().flatten() {
        let es_anonimo = std::fs::read_link(entrada.path())
            .is_ok_and(|destino| destino.to_string_lossy().contains("memfd:concurrencia"));
        if let (true, Ok(datos)) = (es_anonimo, std::fs::metadata(entrada.path())) {
            ocupado.insert(datos.ino(), datos.blocks() * 512);
        }
    }
    ocupado.values().sum()
}

#[cfg(not(target_os = "linux"))]
fn ocupado() -> u64 {
    0
}

/// Cuánto ocupa una cola según se usa: al llenarla, a medio vaciar y vacía.
fn mide_la_memoria() -> [u64; 3] {
    let cola = Queue::new().unwrap();
    for _ in 0..640 {
        cola.put(vec![7_u8; 100_000]).unwrap();
    }
    let llena = ocupado();
    for _ in 0..320 {
        cola.get().unwrap();
    }
    let media = ocupado();
    while cola.try_get().is_ok() {}
    [llena, media, ocupado()]
}

fn la_memoria_se_devuelve_al_vaciarse() {
    // En otro proceso: en este, las demás pruebas también tienen colas.
    let proceso = arrancado(Process::new(mide_la_memoria, ()));
    let [llena, media, vacia] = proceso.join().unwrap();
    if cfg!(target_os = "linux") {
        assert!(llena >= 64_000_000, "{llena}");
        assert!(media < 36_000_000, "{media}");
        assert!(vacia < 1 << 20, "{vacia}");
    }
}

fn rueda_sin_vaciarse() -> u64 {
    let cola = Queue::new().unwrap();
    cola.put(vec![0_u8; 10_000]).unwrap();
    for _ in 0..20_000 {
        cola.put(vec![0_u8; 10_000]).unwrap();
        cola.get().unwrap();
    }
    ocupado()
}

fn una_cola_que_nunca_se_vacia_no_crece_sin_fin() {
    let proceso = arrancado(Process::new(rueda_sin_vaciarse, ()));
    let ocupado = proceso.join().unwrap();
    assert!(ocupado < 4 << 20, "{ocupado}");
}

fn devuelve(cola: Queue<u32>) -> Queue<u32> {
    cola.put(1).unwrap();
    cola
}

fn clones_y_copias_son_la_misma_cola() {
    let cola = Queue::new().unwrap();
    let proceso = arrancado(Process::new(devuelve, (cola.clone(),)));
    let vuelta = proceso.join().unwrap();
    vuelta.put(2).unwrap();
    assert_eq!(cola.qsize(), 2);
    assert_eq!((cola.get().unwrap(), vuelta.get().unwrap()), (1, 2));
}

fn la_cola_se_describe() {
    let cola = Queue::bounded(3).unwrap();
    cola.put(1).unwrap();
    assert_eq!(format!("{cola:?}"), "Queue { qsize: 1, maxsize: Some(3) }");
}
