//! `Pipe`: mensajes enteros, en orden, y un cierre que se nota.

use std::collections::HashSet;
use std::thread;
use std::time::{Duration, Instant};

use concurrencia::process::{
    Connection, MAX_MESSAGE, Pipe, Portable, Process, Queue, Receiver, Sender,
};
use serde::{Deserialize, Serialize};

crate::pruebas![
    los_dos_extremos_mandan_y_reciben,
    cada_sentido_tiene_su_tipo,
    de_un_solo_sentido_primero_el_que_recibe,
    un_extremo_en_cada_proceso,
    lo_vacio_no_se_confunde_con_el_cierre,
    sin_nadie_al_otro_lado_se_nota,
    lo_mandado_antes_de_cerrar_se_lee,
    el_hijo_que_suelta_su_extremo_se_nota_aunque_siga,
    el_hijo_que_acaba_o_al_que_matan_se_nota,
    con_una_copia_abierta_no_hay_cierre,
    poll_dice_si_se_puede_leer,
    los_plazos_se_cumplen,
    send_espera_sitio_y_con_plazo_se_rinde,
    mensajes_de_todos_los_tamanos,
    lo_que_no_cabe_es_un_error_y_la_conexion_sigue,
    structs_genericos_y_cadenas,
    varios_procesos_escriben_en_el_mismo_extremo,
    varios_procesos_leen_del_mismo_extremo,
    matar_a_quien_escribe_no_deja_medio_mensaje,
    un_hilo_manda_mientras_otro_recibe,
    un_extremo_viaja_por_otra_conexion,
    un_extremo_viaja_por_una_cola_y_vuelve_como_resultado,
    demasiados_descriptores_es_un_error_y_la_conexion_sigue,
    una_conexion_solo_se_lee_de_un_mensaje,
    el_pie_de_un_error_ensena_los_argumentos_con_descriptores,
];

fn arrancado<T: Portable>(mut proceso: Process<T>) -> Process<T> {
    proceso.start().unwrap();
    proceso
}

fn los_dos_extremos_mandan_y_reciben() {
    let (uno, otro) = Pipe::duplex::<i32, i32>().unwrap();
    for i in 0..100 {
        uno.send(i).unwrap();
        otro.send(-i).unwrap();
    }
    for i in 0..100 {
        assert_eq!(otro.recv().unwrap(), i);
        assert_eq!(uno.recv().unwrap(), -i);
    }
}

fn cada_sentido_tiene_su_tipo() {
    let (uno, otro): (Connection<u8, String>, _) = Pipe::duplex().unwrap();
    uno.send(200).unwrap();
    otro.send("doscientos".to_owned()).unwrap();
    assert_eq!(otro.recv().unwrap(), 200);
    assert_eq!(uno.recv().unwrap(), "doscientos");
}

fn de_un_solo_sentido_primero_el_que_recibe() {
    let (receptor, emisor): (Receiver<char>, Sender<char>) = Pipe::one_way().unwrap();
    emisor.send('ñ').unwrap();
    assert_eq!(receptor.recv().unwrap(), 'ñ');
    assert!(receptor.try_recv().unwrap_err().is_empty());
}

/// Devuelve lo que recibe hasta que se cierra; cuenta cuántos.
fn eco(extremo: Connection<Vec<u8>>) -> u32 {
    let mut cuantos = 0;
    while let Ok(datos) = extremo.recv() {
        extremo.send(datos).unwrap();
        cuantos += 1;
    }
    cuantos
}

fn un_extremo_en_cada_proceso() {
    let (padre, hijo) = Pipe::duplex().unwrap();
    let proceso = arrancado(Process::new(eco, (hijo,)));
    for i in 0..200 {
        padre.send(vec![i; 10]).unwrap();
        assert_eq!(padre.recv().unwrap(), [i; 10]);
    }
    padre.close();
    assert_eq!(proceso.join().unwrap(), 200);
}

fn lo_vacio_no_se_confunde_con_el_cierre() {
    let (receptor, emisor) = Pipe::one_way::<Vec<u8>>().unwrap();
    emisor.send(Vec::new()).unwrap();
    assert_eq!(receptor.recv().unwrap(), []);
    let (receptor, emisor) = Pipe::one_way::<()>().unwrap();
    emisor.send(()).unwrap();
    receptor.recv().unwrap();
    drop(emisor);
    assert!(receptor.recv().unwrap_err().is_closed());
}

fn sin_nadie_al_otro_lado_se_nota() {
    let (uno, otro) = Pipe::duplex::<u8, u8>().unwrap();
    drop(otro);
    for error in [
        uno.send(1).unwrap_err(),
        uno.send_timeout(1, 5).unwrap_err(),
        uno.recv().unwrap_err(),
        uno.recv_timeout(5).unwrap_err(),
        uno.try_recv().unwrap_err(),
    ] {
        assert!(error.is_closed(), "{error}");
    }
    // También a quien ya estaba esperando.
    let (receptor, emisor) = Pipe::one_way::<u8>().unwrap();
    thread::scope(|hilos| {
        let espera = hilos.spawn(|| receptor.recv().unwrap_err().is_closed());
        emisor.close();
        assert!(espera.join().unwrap());
    });
}

fn lo_mandado_antes_de_cerrar_se_lee() {
    let (receptor, emisor) = Pipe::one_way().unwrap();
    emisor.send("pequeño".to_owned()).unwrap();
    emisor.send("grande".repeat(100_000)).unwrap();
    emisor.close();
    assert_eq!(receptor.recv().unwrap(), "pequeño");
    assert_eq!(receptor.recv().unwrap().len(), 600_000);
    assert!(receptor.recv().unwrap_err().is_closed());
}

fn suelta_y_sigue(emisor: Sender<u8>, sigue: Receiver<u8>) -> u8 {
    emisor.send(1).unwrap();
    emisor.close();
    sigue.recv().unwrap()
}

fn el_hijo_que_suelta_su_extremo_se_nota_aunque_siga() {
    let (receptor, emisor) = Pipe::one_way().unwrap();
    let (sigue, seguir) = Pipe::one_way().unwrap();
    let proceso = arrancado(Process::new(suelta_y_sigue, (emisor, sigue)));
    assert_eq!(receptor.recv().unwrap(), 1);
    assert!(receptor.recv().unwrap_err().is_closed());
    assert!(proceso.is_alive());
    seguir.send(5).unwrap();
    assert_eq!(proceso.join().unwrap(), 5);
}

fn manda_y_espera(emisor: Sender<u8>, espera: Receiver<u8>) {
    emisor.send(1).unwrap();
    let _ = espera.recv();
}

fn el_hijo_que_acaba_o_al_que_matan_se_nota() {
    for matar in [false, true] {
        let (receptor, emisor) = Pipe::one_way().unwrap();
        let (espera, acabar) = Pipe::one_way().unwrap();
        let proceso = arrancado(Process::new(manda_y_espera, (emisor, espera)));
        assert_eq!(receptor.recv().unwrap(), 1);
        if matar {
            proceso.kill().unwrap();
        } else {
            acabar.send(0).unwrap();
        }
        assert!(receptor.recv().unwrap_err().is_closed());
        assert_eq!(proceso.join().is_err(), matar);
        assert!(acabar.send(0).unwrap_err().is_closed());
    }
}

fn con_una_copia_abierta_no_hay_cierre() {
    let (receptor, emisor) = Pipe::one_way::<u8>().unwrap();
    let copia = emisor.clone();
    emisor.close();
    assert!(receptor.recv_timeout(0.2).unwrap_err().is_timeout());
    copia.send(3).unwrap();
    assert_eq!(receptor.recv().unwrap(), 3);
    // Lo mismo si quien se la queda es el padre del que la usa.
    let (espera, acabar) = Pipe::one_way().unwrap();
    let proceso = arrancado(Process::new(manda_y_espera, (copia.clone(), espera)));
    acabar.send(0).unwrap();
    proceso.join().unwrap();
    assert_eq!(receptor.recv().unwrap(), 1);
    assert!(receptor.recv_timeout(0.2).unwrap_err().is_timeout());
    drop(copia);
    assert!(receptor.recv().unwrap_err().is_closed());
}

fn poll_dice_si_se_puede_leer() {
    let (receptor, emisor) = Pipe::one_way::<u8>().unwrap();
    let inicio = Instant::now();
    assert!(!receptor.poll(0).unwrap());
    assert!(!receptor.poll(0.5).unwrap());
    assert!(inicio.elapsed() >= Duration::from_millis(50));
    emisor.send(1).unwrap();
    assert!(receptor.poll(0).unwrap() && receptor.poll(10).unwrap());
    assert_eq!(receptor.try_recv().unwrap(), 1);
    assert!(!receptor.poll(0).unwrap());
    emisor.close();
    assert!(receptor.poll(10).unwrap());
    assert!(receptor.try_recv().unwrap_err().is_closed());
}

fn los_plazos_se_cumplen() {
    let (receptor, emisor) = Pipe::one_way::<u8>().unwrap();
    let inicio = Instant::now();
    let error = receptor.recv_timeout(1).unwrap_err();
    assert!(error.is_timeout() && !error.is_empty(), "{error}");
    assert!(inicio.elapsed() >= Duration::from_millis(100));
    emisor.send(1).unwrap();
    assert_eq!(receptor.recv_timeout(0).unwrap(), 1);
    let error = receptor.try_recv().unwrap_err();
    assert!(error.is_empty() && !error.is_timeout(), "{error}");
}

fn send_espera_sitio_y_con_plazo_se_rinde() {
    let (receptor, emisor) = Pipe::one_way().unwrap();
    let mut mandados = 0_u32;
    let error = loop {
        match emisor.send_timeout(vec![mandados; 2000], 0.1) {
            Ok(()) => mandados += 1,
            Err(error) => break error,
        }
    };
    assert!(error.is_timeout(), "{error}");
    assert!(mandados > 10);
    thread::scope(|hilos| {
        hilos.spawn(|| emisor.send(vec![mandados; 2000]).unwrap());
        for i in 0..=mandados {
            assert_eq!(receptor.recv().unwrap(), vec![i; 2000]);
        }
    });
    assert!(receptor.try_recv().unwrap_err().is_empty());
}

fn mensajes_de_todos_los_tamanos() {
    let (padre, hijo) = Pipe::duplex().unwrap();
    let proceso = arrancado(Process::new(eco, (hijo,)));
    let limite = 48 << 10;
    let tamanos = [
        0,
        1,
        7,
        8,
        9,
        4096,
        limite - 1,
        limite,
        limite + 1,
        1 << 20,
        64 << 20,
    ];
    for len in tamanos {
        let datos: Vec<u8> = (0..len).map(|i| (i * 7 % 251) as u8).collect();
        padre.send(datos.clone()).unwrap();
        assert!(padre.recv().unwrap() == datos, "{len} bytes");
    }
    padre.close();
    assert_eq!(proceso.join().unwrap() as usize, tamanos.len());
}

fn lo_que_no_cabe_es_un_error_y_la_conexion_sigue() {
    let (receptor, emisor) = Pipe::one_way().unwrap();
    // Memoria a cero que no se llega a tocar.
    let error = emisor.send(vec![0_u8; MAX_MESSAGE + 1]).unwrap_err();
    assert!(error.is_message(), "{error}");
    assert!(receptor.try_recv().unwrap_err().is_empty());
    emisor.send(vec![1]).unwrap();
    assert_eq!(receptor.recv().unwrap(), [1]);
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Medida<T> {
    nombre: String,
    valores: Vec<T>,
    siguiente: Option<Box<Medida<T>>>,
}

fn da_la_vuelta<T: Portable>(extremo: Connection<Medida<T>>) {
    while let Ok(mut medida) = extremo.recv() {
        medida.valores.reverse();
        extremo.send(medida).unwrap();
    }
}

fn structs_genericos_y_cadenas() {
    let (padre, hijo) = Pipe::duplex().unwrap();
    let proceso = arrancado(Process::new(da_la_vuelta::<Option<f32>>, (hijo,)));
    let medida = Medida {
        nombre: "temperatura (°C) 🌡".to_owned(),
        valores: vec![Some(1.5), None],
        siguiente: None,
    };
    let medida = Medida {
        siguiente: Some(Box::new(medida.clone())),
        ..medida
    };
    padre.send(medida.clone()).unwrap();
    let vuelta = padre.recv().unwrap();
    assert_eq!(vuelta.valores, [None, Some(1.5)]);
    assert_eq!(
        (&vuelta.nombre, &vuelta.siguiente),
        (&medida.nombre, &medida.siguiente)
    );
    padre.close();
    proceso.join().unwrap();
}

/// Un mensaje que se reconoce si llega entero: de unos bytes a más de lo que cabe en un paquete.
fn mensaje(id: u32, i: u32) -> Vec<u32> {
    let mut datos = vec![id; [3, 100, 5000, 40_000][i as usize % 4]];
    datos[1] = i;
    datos
}

fn escribe(emisor: Sender<Vec<u32>>, id: u32, cuantos: u32) {
    for i in 0..cuantos {
        emisor.send(mensaje(id, i)).unwrap();
    }
}

fn varios_procesos_escriben_en_el_mismo_extremo() {
    let (receptor, emisor) = Pipe::one_way().unwrap();
    let procesos = [0, 1, 2].map(|id| arrancado(Process::new(escribe, (emisor.clone(), id, 300))));
    drop(emisor);
    let mut siguiente = [0; 3];
    while let Ok(datos) = receptor.recv() {
        let (id, i) = (datos[0], datos[1]);
        assert_eq!(i, siguiente[id as usize]);
        assert!(datos == mensaje(id, i));
        siguiente[id as usize] += 1;
    }
    assert_eq!(siguiente, [300; 3]);
    for proceso in &procesos {
        proceso.join().unwrap();
    }
}

fn lee(receptor: Receiver<Vec<u32>>) -> Vec<u32> {
    let mut leidos = Vec::new();
    while let Ok(datos) = receptor.recv() {
        assert!(datos == mensaje(7, datos[1]));
        leidos.push(datos[1]);
    }
    leidos
}

fn varios_procesos_leen_del_mismo_extremo() {
    let (receptor, emisor) = Pipe::one_way().unwrap();
    let procesos = [(); 3].map(|()| arrancado(Process::new(lee, (receptor.clone(),))));
    escribe(emisor, 7, 600);
    let leidos: Vec<u32> = procesos
        .iter()
        .flat_map(|proceso| {
            let leidos = proceso.join().unwrap();
            assert!(leidos.is_sorted());
            leidos
        })
        .collect();
    assert_eq!(leidos.len(), 600);
    assert_eq!(leidos.into_iter().collect::<HashSet<_>>().len(), 600);
}

fn matar_a_quien_escribe_no_deja_medio_mensaje() {
    let (receptor, emisor) = Pipe::one_way().unwrap();
    for ronda in 0..10 {
        let procesos =
            [0, 1].map(|id| arrancado(Process::new(escribe, (emisor.clone(), id, u32::MAX))));
        let mut siguiente = [0; 2];
        let mut comprueba = |datos: Vec<u32>| {
            let (id, i) = (datos[0], datos[1]);
            assert!(i == siguiente[id as usize] && datos == mensaje(id, i));
            siguiente[id as usize] += 1;
        };
        for _ in 0..100 + ronda {
            comprueba(receptor.recv().unwrap());
        }
        for proceso in &procesos {
            proceso.kill().unwrap();
            assert!(proceso.join().unwrap_err().is_died());
        }
        while let Ok(datos) = receptor.try_recv() {
            comprueba(datos);
        }
    }
    emisor.send(mensaje(9, 9)).unwrap();
    assert!(receptor.recv().unwrap() == mensaje(9, 9));
}

fn un_hilo_manda_mientras_otro_recibe() {
    let (padre, hijo) = Pipe::duplex().unwrap();
    let proceso = arrancado(Process::new(eco, (hijo,)));
    thread::scope(|hilos| {
        hilos.spawn(|| (0..2000).for_each(|i| padre.send(vec![i as u8; 1000]).unwrap()));
        for i in 0..2000 {
            assert_eq!(padre.recv().unwrap(), vec![i as u8; 1000]);
        }
    });
    padre.close();
    assert_eq!(proceso.join().unwrap(), 2000);
}

fn atiende_llamadas(llamadas: Receiver<Connection<u32>>) {
    while let Ok(llamada) = llamadas.recv() {
        let x = llamada.recv().unwrap();
        llamada.send(x * x).unwrap();
    }
}

fn un_extremo_viaja_por_otra_conexion() {
    let (receptor, llamadas) = Pipe::one_way().unwrap();
    let proceso = arrancado(Process::new(atiende_llamadas, (receptor,)));
    for x in 0..50 {
        let (nuestro, suyo) = Pipe::duplex().unwrap();
        llamadas.send(suyo).unwrap();
        nuestro.send(x).unwrap();
        assert_eq!(nuestro.recv().unwrap(), x * x);
        // El otro ya ha soltado el suyo, y no queda ninguna copia por el camino.
        assert!(nuestro.recv().unwrap_err().is_closed());
    }
    llamadas.close();
    proceso.join().unwrap();
}

fn abre(cola: Queue<Sender<u8>>) -> (Receiver<u8>, Option<Sender<u8>>) {
    let (receptor, emisor) = Pipe::one_way().unwrap();
    cola.put(emisor.clone()).unwrap();
    (receptor, Some(emisor))
}

fn un_extremo_viaja_por_una_cola_y_vuelve_como_resultado() {
    let cola = Queue::new().unwrap();
    let proceso = arrancado(Process::new(abre, (cola.clone(),)));
    let (receptor, otro) = proceso.join().unwrap();
    cola.get().unwrap().send(4).unwrap();
    otro.unwrap().send(5).unwrap();
    assert_eq!((receptor.recv().unwrap(), receptor.recv().unwrap()), (4, 5));
}

fn demasiados_descriptores_es_un_error_y_la_conexion_sigue() {
    let (receptor, emisor) = Pipe::one_way().unwrap();
    let (_, extremo) = Pipe::one_way::<u8>().unwrap();
    let error = emisor.send(vec![extremo.clone(); 241]).unwrap_err();
    assert!(error.is_message(), "{error}");
    emisor.send(vec![extremo; 240]).unwrap();
    assert_eq!(receptor.recv().unwrap().len(), 240);
}

fn una_conexion_solo_se_lee_de_un_mensaje() {
    use serde::de::value::{Error, U32Deserializer};
    // Fuera de un mensaje no hay de dónde sacar el descriptor.
    let error = Receiver::<u8>::deserialize(U32Deserializer::<Error>::new(0)).unwrap_err();
    assert!(
        error.to_string().contains("argumento o resultado"),
        "{error}"
    );
}

fn entra_en_panico(_emisor: Sender<u8>, x: u32) {
    panic!("con {x}");
}

fn el_pie_de_un_error_ensena_los_argumentos_con_descriptores() {
    let (receptor, emisor) = Pipe::one_way().unwrap();
    let proceso = arrancado(Process::new(entra_en_panico, (emisor, 77)));
    let error = proceso.join().unwrap_err();
    assert_eq!(error.panic_message(), Some("con 77"));
    assert!(
        error
            .argument()
            .is_some_and(|argumento| argumento.contains("77")),
        "{error}"
    );
    // Ni el proceso acabado ni su error se han quedado con el extremo.
    assert!(receptor.recv().unwrap_err().is_closed());
}
