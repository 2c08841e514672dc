//! `Manager`: datos en un proceso aparte, que usan varios a la vez.

use std::thread;

use concurrencia::process::{
    MAX_MESSAGE, ManagedCounter, ManagedDict, ManagedList, Manager, Pipe, Portable, Process, Queue,
    Sender,
};
use serde::{Deserialize, Serialize};

crate::pruebas![
    un_diccionario_se_lee_y_se_cambia,
    el_diccionario_recuerda_el_orden_de_llegada,
    las_claves_pueden_ser_de_cualquier_tipo,
    una_lista_se_lee_y_se_cambia,
    un_contador_suma_resta_y_da_la_vuelta,
    el_contador_no_pierde_incrementos,
    update_no_pierde_incrementos,
    update_empieza_por_el_valor_inicial,
    leer_y_escribir_por_separado_pierde_incrementos,
    varios_procesos_llenan_el_mismo_diccionario,
    lo_que_anade_extend_va_seguido,
    muchos_hilos_de_un_proceso_preguntan_a_la_vez,
    cambiar_la_copia_no_cambia_el_original,
    los_datos_viajan_dentro_de_una_cola_y_de_otros_datos,
    una_cola_dentro_de_un_diccionario,
    los_valores_pueden_ser_grandes,
    lo_que_no_cabe_es_un_error_y_el_diccionario_sigue,
    shutdown_acaba_con_el_servidor_y_lo_que_queda_da_error,
    soltar_el_manager_acaba_con_el_servidor,
    matar_al_servidor_despierta_a_quien_pregunta,
    matar_a_un_cliente_no_estorba_a_los_demas,
    dos_managers_no_se_mezclan,
];

fn arrancado<T: Portable>(mut proceso: Process<T>) -> Process<T> {
    proceso.start().unwrap();
    proceso
}

fn un_diccionario_se_lee_y_se_cambia() {
    let manager = Manager::new().unwrap();
    let dict: ManagedDict<String, u32> = manager.dict().unwrap();
    assert!(dict.is_empty().unwrap());
    assert_eq!(dict.insert("a".to_owned(), 1).unwrap(), None);
    assert_eq!(dict.insert("a".to_owned(), 2).unwrap(), Some(1));
    assert_eq!(dict.get("a").unwrap(), Some(2));
    assert_eq!(dict.get(&"b".to_owned()).unwrap(), None);
    assert!(dict.contains_key("a").unwrap() && !dict.contains_key("b").unwrap());
    assert_eq!(dict.len().unwrap(), 1);
    assert_eq!(dict.remove("a").unwrap(), Some(2));
    assert_eq!(dict.remove("a").unwrap(), None);
    dict.insert("c".to_owned(), 3).unwrap();
    dict.clear().unwrap();
    assert!(dict.is_empty().unwrap());
    assert_eq!(dict.get("c").unwrap(), None);
}

fn el_diccionario_recuerda_el_orden_de_llegada() {
    let manager = Manager::new().unwrap();
    let dict = manager.dict().unwrap();
    for clave in [5, 3, 9, 1] {
        dict.insert(clave, clave * 10).unwrap();
    }
    dict.insert(3, 31).unwrap();
    dict.remove(&5).unwrap();
    dict.insert(5, 51).unwrap();
    assert_eq!(dict.keys().unwrap(), [3, 9, 1, 5]);
    assert_eq!(dict.values().unwrap(), [31, 90, 10, 51]);
    assert_eq!(dict.items().unwrap(), [(3, 31), (9, 90), (1, 10), (5, 51)]);
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Clave {
    Vacia,
    Par(i8, String),
}

fn las_claves_pueden_ser_de_cualquier_tipo() {
    let manager = Manager::new().unwrap();
    let dict = manager.dict().unwrap();
    let claves = [
        Clave::Vacia,
        Clave::Par(-1, "ñ".to_owned()),
        Clave::Par(-1, String::new()),
    ];
    for (i, clave) in (0_u64..).zip(&claves) {
        dict.insert(clave.clone(), vec![i; 3]).unwrap();
    }
    for (i, clave) in (0_u64..).zip(&claves) {
        assert_eq!(dict.get(clave).unwrap(), Some(vec![i; 3]));
    }
    assert_eq!(dict.keys().unwrap(), claves);
    // Las claves de números no se confunden con las que se escriben de una vez.
    let vectores: ManagedDict<Vec<u16>, ()> = manager.dict().unwrap();
    vectores.insert(vec![1, 700], ()).unwrap();
    assert_eq!(vectores.get([1_u16, 700].as_slice()).unwrap(), Some(()));
    assert_eq!(vectores.keys().unwrap(), [[1, 700]]);
}

fn una_lista_se_lee_y_se_cambia() {
    let manager = Manager::new().unwrap();
    let lista = manager.list().unwrap();
    assert_eq!(lista.pop().unwrap(), None);
    lista.push(1.5).unwrap();
    lista.extend([2.5, 3.5, 4.5]).unwrap();
    lista.extend([]).unwrap();
    assert_eq!(lista.len().unwrap(), 4);
    assert_eq!(lista.get(1).unwrap(), Some(2.5));
    assert_eq!(lista.get(4).unwrap(), None);
    assert_eq!(lista.set(0, 0.0).unwrap(), Some(1.5));
    assert_eq!(lista.set(4, 9.0).unwrap(), None);
    assert_eq!(lista.remove(1).unwrap(), Some(2.5));
    assert_eq!(lista.remove(3).unwrap(), None);
    assert_eq!(lista.pop().unwrap(), Some(4.5));
    assert_eq!(lista.to_vec().unwrap(), [0.0, 3.5]);
    lista.clear().unwrap();
    assert!(lista.is_empty().unwrap());
}

fn un_contador_suma_resta_y_da_la_vuelta() {
    let manager = Manager::new().unwrap();
    let contador = manager.counter(-5).unwrap();
    assert_eq!(contador.add(7).unwrap(), 2);
    assert_eq!(contador.add(-3).unwrap(), -1);
    contador.set(i64::MAX).unwrap();
    assert_eq!(contador.add(1).unwrap(), i64::MIN);
    assert_eq!(contador.get().unwrap(), i64::MIN);
}

fn cuenta(contador: ManagedCounter, veces: u32) -> Vec<i64> {
    (0..veces).map(|_| contador.add(1).unwrap()).collect()
}

fn el_contador_no_pierde_incrementos() {
    let manager = Manager::new().unwrap();
    let contador = manager.counter(0).unwrap();
    let procesos = [(); 4].map(|()| arrancado(Process::new(cuenta, (contador.clone(), 500))));
    let mut vistos: Vec<i64> = procesos.iter().flat_map(|p| p.join().unwrap()).collect();
    vistos.sort_unstable();
    assert_eq!(vistos, (1..=2000).collect::<Vec<_>>());
    assert_eq!(contador.get().unwrap(), 2000);
}

fn actualiza(dict: ManagedDict<String, u64>, veces: u32) {
    for _ in 0..veces {
        dict.update("n".to_owned(), 0, |n| n + 1).unwrap();
    }
}

fn update_no_pierde_incrementos() {
    let manager = Manager::new().unwrap();
    let dict = manager.dict().unwrap();
    let procesos = [(); 4].map(|()| arrancado(Process::new(actualiza, (dict.clone(), 200))));
    for proceso in &procesos {
        proceso.join().unwrap();
    }
    assert_eq!(dict.get("n").unwrap(), Some(800));
}

fn update_empieza_por_el_valor_inicial() {
    let manager = Manager::new().unwrap();
    let dict = manager.dict().unwrap();
    let con = |letra: char| {
        move |mut texto: String| {
            texto.push(letra);
            texto
        }
    };
    assert_eq!(dict.update(1, "a".to_owned(), con('b')).unwrap(), "ab");
    assert_eq!(dict.update(1, "a".to_owned(), con('c')).unwrap(), "abc");
    // Si otro lo cambia mientras se calcula, se calcula de nuevo.
    let mut intentos = 0;
    let valor = dict.update(2, String::new(), |texto| {
        intentos += 1;
        if intentos == 1 {
            dict.insert(2, "otro".to_owned()).unwrap();
        }
        texto + "!"
    });
    assert_eq!(valor.unwrap(), "otro!");
    assert_eq!(intentos, 2);
}

fn leer_y_escribir_por_separado_pierde_incrementos() {
    let manager = Manager::new().unwrap();
    let dict = manager.dict().unwrap();
    dict.insert('n', 0).unwrap();
    // Los dos leen antes de que escriba ninguno.
    let [uno, otro] = [(); 2].map(|()| dict.get(&'n').unwrap().unwrap());
    dict.insert('n', uno + 1).unwrap();
    dict.insert('n', otro + 1).unwrap();
    assert_eq!(dict.get(&'n').unwrap(), Some(1));
}

fn llena(dict: ManagedDict<(u32, u32), String>, id: u32) {
    for i in 0..200 {
        dict.insert((id, i), format!("{id}-{i}")).unwrap();
    }
}

fn varios_procesos_llenan_el_mismo_diccionario() {
    let manager = Manager::new().unwrap();
    let dict = manager.dict().unwrap();
    let procesos = [0, 1, 2, 3].map(|id| arrancado(Process::new(llena, (dict.clone(), id))));
    for proceso in &procesos {
        proceso.join().unwrap();
    }
    assert_eq!(dict.len().unwrap(), 800);
    for ((id, i), texto) in dict.items().unwrap() {
        assert_eq!(texto, format!("{id}-{i}"));
    }
    // Cada uno puso las suyas por orden.
    let claves = dict.keys().unwrap();
    for id in 0..4 {
        let suyas: Vec<_> = claves
            .iter()
            .filter(|clave| clave.0 == id)
            .map(|c| c.1)
            .collect();
        assert_eq!(suyas, (0..200).collect::<Vec<_>>());
    }
}

fn anade_tramos(lista: ManagedList<u32>, id: u32) {
    for _ in 0..50 {
        lista.extend([id; 4]).unwrap();
    }
}

fn lo_que_anade_extend_va_seguido() {
    let manager = Manager::new().unwrap();
    let lista = manager.list().unwrap();
    let procesos = [1, 2, 3].map(|id| arrancado(Process::new(anade_tramos, (lista.clone(), id))));
    for proceso in &procesos {
        proceso.join().unwrap();
    }
    let todos = lista.to_vec().unwrap();
    assert_eq!(todos.len(), 600);
    assert!(todos.chunks(4).all(|tramo| tramo == [tramo[0]; 4]));
}

fn muchos_hilos_de_un_proceso_preguntan_a_la_vez() {
    let manager = Manager::new().unwrap();
    let contador = manager.counter(0).unwrap();
    thread::scope(|hilos| {
        for _ in 0..16 {
            hilos.spawn(|| (0..100).for_each(|_| assert!(contador.add(1).unwrap() > 0)));
        }
    });
    assert_eq!(contador.get().unwrap(), 1600);
}

fn cambiar_la_copia_no_cambia_el_original() {
    let manager = Manager::new().unwrap();
    let lista = manager.list().unwrap();
    lista.push(vec![1]).unwrap();
    let mut copia = lista.get(0).unwrap().unwrap();
    copia.push(2);
    assert_eq!(lista.get(0).unwrap(), Some(vec![1]));
    lista.set(0, copia).unwrap();
    assert_eq!(lista.get(0).unwrap(), Some(vec![1, 2]));
}

fn recibe_y_apunta(cola: Queue<(ManagedDict<u8, ManagedList<u8>>, u8)>) {
    let (dict, clave) = cola.get().unwrap();
    dict.get(&clave).unwrap().unwrap().push(clave).unwrap();
}

fn los_datos_viajan_dentro_de_una_cola_y_de_otros_datos() {
    let manager = Manager::new().unwrap();
    let (dict, lista) = (manager.dict().unwrap(), manager.list().unwrap());
    dict.insert(7, lista.clone()).unwrap();
    let cola = Queue::new().unwrap();
    cola.put((dict, 7)).unwrap();
    arrancado(Process::new(recibe_y_apunta, (cola,)))
        .join()
        .unwrap();
    assert_eq!(lista.to_vec().unwrap(), [7]);
}

fn una_cola_dentro_de_un_diccionario() {
    let manager = Manager::new().unwrap();
    let dict = manager.dict().unwrap();
    let cola = Queue::new().unwrap();
    dict.insert("c".to_owned(), cola.clone()).unwrap();
    for _ in 0..2 {
        dict.get("c").unwrap().unwrap().put(3).unwrap();
    }
    assert_eq!(dict.values().unwrap()[0].qsize(), 2);
    drop(dict.remove("c").unwrap());
    assert_eq!(cola.qsize(), 2);
}

fn los_valores_pueden_ser_grandes() {
    let manager = Manager::new().unwrap();
    let dict = manager.dict().unwrap();
    let datos: Vec<f64> = (0..1 << 20).map(f64::from).collect();
    dict.insert(1, datos.clone()).unwrap();
    assert!(dict.get(&1).unwrap() == Some(datos));
    let lista: ManagedList<String> = manager.list().unwrap();
    lista.extend((0..50_000).map(|i| i.to_string())).unwrap();
    assert_eq!(lista.to_vec().unwrap().len(), 50_000);
}

fn lo_que_no_cabe_es_un_error_y_el_diccionario_sigue() {
    let manager = Manager::new().unwrap();
    let dict = manager.dict().unwrap();
    // Memoria a cero que no se llega a tocar.
    let error = dict.insert(1, vec![0_u8; MAX_MESSAGE + 1]).unwrap_err();
    assert!(error.is_message(), "{error}");
    // La petición cabe; la respuesta, con demasiados descriptores, no.
    let colas: ManagedList<Queue<u8>> = manager.list().unwrap();
    for _ in 0..90 {
        colas.push(Queue::new().unwrap()).unwrap();
    }
    let error = colas.to_vec().unwrap_err();
    assert!(error.is_message(), "{error}");
    assert_eq!(colas.len().unwrap(), 90);
    assert!(dict.is_empty().unwrap());
    dict.insert(1, vec![1]).unwrap();
    assert_eq!(dict.get(&1).unwrap(), Some(vec![1]));
}

fn shutdown_acaba_con_el_servidor_y_lo_que_queda_da_error() {
    let manager = Manager::new().unwrap();
    let dict: ManagedDict<u8, u8> = manager.dict().unwrap();
    let usado = dict.clone();
    usado.insert(1, 1).unwrap();
    manager.shutdown().unwrap();
    manager.shutdown().unwrap();
    for error in [
        usado.get(&1).unwrap_err(),
        dict.len().unwrap_err(),
        manager.counter(0).unwrap_err(),
    ] {
        assert!(error.is_closed(), "{error}");
    }
}

fn usa_tarde(contador: ManagedCounter, empieza: Queue<()>) -> bool {
    empieza.get().unwrap();
    contador.add(1).unwrap_err().is_closed()
}

fn soltar_el_manager_acaba_con_el_servidor() {
    let manager = Manager::new().unwrap();
    let contador = manager.counter(0).unwrap();
    let empieza = Queue::new().unwrap();
    // Uno que aún no se ha conectado.
    let proceso = arrancado(Process::new(usa_tarde, (contador.clone(), empieza.clone())));
    drop(manager);
    empieza.put(()).unwrap();
    assert!(proceso.join().unwrap());
    assert!(contador.get().unwrap_err().is_closed());
}

fn pregunta_hasta_que_falle(contador: ManagedCounter, listo: Sender<()>) -> (i64, bool) {
    let mut ultimo = contador.add(1).unwrap();
    listo.send(()).unwrap();
    loop {
        match contador.add(1) {
            Ok(valor) => ultimo = valor,
            Err(error) => return (ultimo, error.is_closed()),
        }
    }
}

fn matar_al_servidor_despierta_a_quien_pregunta() {
    let manager = Manager::new().unwrap();
    let contador = manager.counter(0).unwrap();
    let (esperar, listo) = Pipe::one_way().unwrap();
    let procesos = [(); 2].map(|()| {
        arrancado(Process::new(
            pregunta_hasta_que_falle,
            (contador.clone(), listo.clone()),
        ))
    });
    for _ in &procesos {
        esperar.recv().unwrap();
    }
    let pid = manager.pid().unwrap().to_string();
    let matado = std::process::Command::new("kill")
        .args(["-KILL", &pid])
        .status()
        .unwrap();
    assert!(matado.success());
    for proceso in &procesos {
        let (ultimo, cerrado) = proceso.join().unwrap();
        assert!(ultimo > 0 && cerrado);
    }
    assert!(contador.get().unwrap_err().is_closed());
    assert!(contador.clone().add(1).unwrap_err().is_closed());
    manager.shutdown().unwrap();
}

fn pregunta_sin_parar(dict: ManagedDict<u32, Vec<u32>>, listo: Sender<()>) {
    dict.insert(0, vec![0; 100_000]).unwrap();
    listo.send(()).unwrap();
    for i in 0.. {
        dict.update(0, vec![], |_| vec![i; 100_000]).unwrap();
    }
}

fn matar_a_un_cliente_no_estorba_a_los_demas() {
    let manager = Manager::new().unwrap();
    let dict = manager.dict().unwrap();
    let (esperar, listo) = Pipe::one_way().unwrap();
    for _ in 0..5 {
        let argumentos = (dict.clone(), listo.clone());
        let proceso = arrancado(Process::new(pregunta_sin_parar, argumentos));
        esperar.recv().unwrap();
        proceso.kill().unwrap();
        assert!(proceso.join().unwrap_err().is_died());
        // O el valor de antes o el de después, nunca medio.
        let valor = dict.get(&0).unwrap().unwrap();
        assert_eq!(valor, vec![valor[0]; 100_000]);
    }
}

fn dos_managers_no_se_mezclan() {
    let (uno, otro) = (Manager::new().unwrap(), Manager::new().unwrap());
    let (a, b) = (uno.list().unwrap(), otro.list().unwrap());
    a.push(1).unwrap();
    b.push(2).unwrap();
    let c = uno.list().unwrap();
    c.push(3).unwrap();
    drop(otro);
    assert_eq!(
        (a.to_vec().unwrap(), c.to_vec().unwrap()),
        (vec![1], vec![3])
    );
    assert!(b.to_vec().unwrap_err().is_closed());
}
