//! `Value` y `Array`: memoria que ven a la vez varios procesos, sin copias, con su cerrojo.

use std::fmt::Debug;
use std::ops::Add;
use std::panic::{AssertUnwindSafe, catch_unwind};

use concurrencia::bytemuck::{Pod, Zeroable};
use concurrencia::process::{Array, Event, MAX_MESSAGE, Portable, Value};
use concurrencia::{Process, Thread, sleep};

crate::pruebas![
    con_el_cerrojo_no_se_pierde_ningun_incremento,
    get_y_set_por_separado_no_dejan_valores_a_medias,
    sirven_para_todos_los_numeros,
    sirven_para_un_struct_propio,
    sirven_para_un_tipo_muy_alineado,
    lo_que_escribe_un_proceso_lo_ve_el_otro_mientras_sigue,
    el_clon_es_el_mismo_y_vale_entre_hilos,
    update_da_lo_que_devuelve_la_funcion,
    el_array_se_usa_como_un_slice,
    el_array_vacio_existe_y_viaja,
    un_array_mayor_que_un_mensaje_viaja_sin_copiarse,
    un_array_imposible_es_un_error_del_sistema,
    un_indice_fuera_es_un_panico_y_no_deja_nada_cogido,
    el_que_muere_con_el_valor_cogido_no_se_lo_lleva,
    tras_un_muerto_se_ve_lo_que_dejo_a_medias,
    un_panico_con_el_guard_lo_suelta,
    con_plazo_no_se_espera_mas,
    viajan_en_tuplas_en_listas_y_como_resultado,
    la_memoria_sobrevive_a_quien_la_creo,
    se_ven_como_estan,
    matar_a_quien_escribe_no_deja_medio_dato_sin_aviso,
];

/// Un plazo que solo se agota si algo va mal: 60 s reales con la escala de partida.
const DE_SOBRA: f64 = 600.0;

fn lanza<T: Portable>(mut proceso: Process<T>) -> Process<T> {
    proceso.start().unwrap();
    proceso
}

fn mata<T: Portable>(proceso: &Process<T>) {
    proceso.kill().unwrap();
    let _ = proceso.join();
}

fn espera(aviso: &Event) {
    aviso.wait_timeout(DE_SOBRA).unwrap();
}

fn para_siempre() -> ! {
    loop {
        std::thread::park();
    }
}

fn mensaje_del_panico(f: impl FnOnce()) -> String {
    let carga = catch_unwind(AssertUnwindSafe(f)).unwrap_err();
    carga
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| carga.downcast_ref::<&str>().map(|&texto| texto.to_owned()))
        .unwrap()
}

fn incrementa(contador: Value<u64>, veces: u32) {
    for _ in 0..veces {
        *contador.lock().unwrap() += 1;
    }
}

fn con_el_cerrojo_no_se_pierde_ningun_incremento() {
    let contador = Value::new(0).unwrap();
    let procesos: Vec<_> = (0..4)
        .map(|_| lanza(Process::new(incrementa, (contador.clone(), 20_000))))
        .collect();
    for proceso in &procesos {
        proceso.join().unwrap();
    }
    assert_eq!(contador.get().unwrap(), 80_000);
}

fn escribe_iguales(valor: Value<[u64; 64]>, veces: u64, semilla: u64) {
    for n in 0..veces {
        valor.set([n * 10 + semilla; 64]).unwrap();
    }
}

fn get_y_set_por_separado_no_dejan_valores_a_medias() {
    let valor = Value::new([0; 64]).unwrap();
    let procesos: Vec<_> = (1..=2)
        .map(|semilla| {
            lanza(Process::new(
                escribe_iguales,
                (valor.clone(), 5000, semilla),
            ))
        })
        .collect();
    while procesos.iter().any(Process::is_alive) {
        let visto = valor.get().unwrap();
        assert!(visto.iter().all(|&n| n == visto[0]));
    }
    for proceso in &procesos {
        proceso.join().unwrap();
    }
}

fn dobla<T: Pod + Add<Output = T>>(valor: Value<T>, valores: Array<T>) {
    valor.update(|v| *v = *v + *v).unwrap();
    for v in valores.lock().unwrap().iter_mut() {
        *v = *v + *v;
    }
}

fn sirven_para_todos_los_numeros() {
    fn prueba<T: Pod + Add<Output = T> + PartialEq + Debug>(uno: T, tres: T) {
        let valor = Value::new(tres).unwrap();
        let valores = Array::from_slice(&[uno, tres, uno]).unwrap();
        let proceso = lanza(Process::new(dobla::<T>, (valor.clone(), valores.clone())));
        proceso.join().unwrap();
        let (dos, seis) = (uno + uno, tres + tres);
        assert_eq!(valor.get().unwrap(), seis);
        assert_eq!(valores.to_vec().unwrap(), [dos, seis, dos]);
    }
    prueba(1_u8, 3);
    prueba(-1_i8, 3);
    prueba(1_u16, 30_000);
    prueba(-1_i16, 3);
    prueba(1_u32, 3);
    prueba(-1_i32, 3);
    prueba(1_u64, u64::MAX / 4);
    prueba(-1_i64, i64::MIN / 2);
    prueba(1_u128, u128::MAX / 4);
    prueba(-1_i128, 3);
    prueba(1_usize, 3);
    prueba(-1_isize, 3);
    prueba(0.5_f32, -3.0);
    prueba(0.1_f64, f64::MAX / 4.0);
}

#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[bytemuck(crate = "concurrencia::bytemuck")]
#[repr(C)]
struct Particula {
    posicion: [f64; 3],
    masa: f32,
    id: u32,
}

fn mueve(particulas: Array<Particula>, ultima: Value<Particula>) {
    let mut particulas = particulas.lock().unwrap();
    for particula in particulas.iter_mut() {
        particula.posicion[1] += 0.5;
        particula.id *= 10;
    }
    ultima.set(particulas[1]).unwrap();
    ultima.lock().unwrap().masa = -1.0;
}

fn sirven_para_un_struct_propio() {
    let nueva = |id| Particula {
        posicion: [f64::from(id); 3],
        masa: 1.5,
        id,
    };
    let particulas = Array::from_slice(&[nueva(1), nueva(2)]).unwrap();
    let ultima = Value::new(Particula::zeroed()).unwrap();
    let args = (particulas.clone(), ultima.clone());
    lanza(Process::new(mueve, args)).join().unwrap();
    let esperada = Particula {
        posicion: [2.0, 2.5, 2.0],
        masa: 1.5,
        id: 20,
    };
    assert_eq!(particulas.get(1).unwrap(), esperada);
    let ultima = ultima.get().unwrap();
    assert_eq!((ultima.id, ultima.masa), (20, -1.0));
}

#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[bytemuck(crate = "concurrencia::bytemuck")]
#[repr(C, align(64))]
struct Linea([u8; 64]);

#[derive(Clone, Copy, Pod, Zeroable)]
#[bytemuck(crate = "concurrencia::bytemuck")]
#[repr(C, align(4096))]
struct Pagina([u8; 4096]);

fn sirven_para_un_tipo_muy_alineado() {
    let lineas = Array::from_slice(&[Linea([1; 64]), Linea([2; 64])]).unwrap();
    assert!((&raw const lineas.lock().unwrap()[0]).is_aligned());
    assert_eq!(lineas.get(1).unwrap(), Linea([2; 64]));
    let pagina: Array<Pagina> = Array::zeroed(2).unwrap();
    pagina.lock().unwrap()[1].0[4095] = 9;
    assert!((&raw const pagina.lock().unwrap()[0]).is_aligned());
    assert_eq!(pagina.get(1).unwrap().0[4095], 9);
}

fn contesta(numeros: Array<f64>, ida: Event, vuelta: Event) {
    espera(&ida);
    assert_eq!(numeros.get(0).unwrap(), 1.5);
    numeros.set(1, 2.5).unwrap();
    vuelta.set();
    para_siempre()
}

fn lo_que_escribe_un_proceso_lo_ve_el_otro_mientras_sigue() {
    let numeros = Array::zeroed(2).unwrap();
    let (ida, vuelta) = (Event::new().unwrap(), Event::new().unwrap());
    let args = (numeros.clone(), ida.clone(), vuelta.clone());
    let proceso = lanza(Process::new(contesta, args));
    // Después de haberlo mandado: no viajó una copia.
    numeros.set(0, 1.5).unwrap();
    ida.set();
    espera(&vuelta);
    assert!(proceso.is_alive());
    assert_eq!(numeros.to_vec().unwrap(), [1.5, 2.5]);
    mata(&proceso);
    assert_eq!(numeros.to_vec().unwrap(), [1.5, 2.5]);
}

fn el_clon_es_el_mismo_y_vale_entre_hilos() {
    let contador = Value::new(0).unwrap();
    let mut hilos: Vec<Thread<()>> = (0..3)
        .map(|_| {
            let contador = contador.clone();
            Thread::new(move || incrementa(contador, 5000))
        })
        .collect();
    for hilo in &mut hilos {
        hilo.start().unwrap();
    }
    for hilo in hilos {
        hilo.join().unwrap();
    }
    assert_eq!(contador.get().unwrap(), 15_000);
    let array = Array::from_slice(&[1, 2]).unwrap();
    array.clone().set(0, 9).unwrap();
    assert_eq!(array.get(0).unwrap(), 9);
}

fn update_da_lo_que_devuelve_la_funcion() {
    let valor = Value::new(5_i32).unwrap();
    let texto = valor
        .update(|v| {
            *v *= 2;
            format!("vale {v}")
        })
        .unwrap();
    assert_eq!(texto, "vale 10");
    assert_eq!(valor.get().unwrap(), 10);
}

fn el_array_se_usa_como_un_slice() {
    let numeros = Array::from_slice(&[5, 3, 8, 1]).unwrap();
    assert_eq!((numeros.len(), numeros.is_empty()), (4, false));
    {
        let mut vista = numeros.lock().unwrap();
        vista.sort();
        vista[1..3].reverse();
        assert_eq!(*vista, [1, 5, 3, 8]);
        assert_eq!(vista.iter().sum::<i32>(), 17);
        assert_eq!(vista.len(), 4);
    }
    numeros.lock().unwrap().fill(7);
    assert_eq!(numeros.to_vec().unwrap(), [7; 4]);
}

fn longitud(vacio: Array<u64>) -> usize {
    assert!(vacio.lock().unwrap().is_empty());
    vacio.len()
}

fn el_array_vacio_existe_y_viaja() {
    let vacio = Array::<u64>::from_slice(&[]).unwrap();
    assert!(vacio.is_empty());
    assert!(vacio.to_vec().unwrap().is_empty());
    assert_eq!(format!("{vacio:?}"), "Array([])");
    let proceso = lanza(Process::new(longitud, (vacio.clone(),)));
    assert_eq!(proceso.join().unwrap(), 0);
    let mensaje = mensaje_del_panico(|| drop(vacio.get(0)));
    assert!(mensaje.contains("un Array de 0 valores"), "{mensaje}");
}

fn firma_al_final(bytes: Array<u8>) {
    bytes.set(bytes.len() - 1, 77).unwrap();
}

fn un_array_mayor_que_un_mensaje_viaja_sin_copiarse() {
    let bytes: Array<u8> = Array::zeroed(MAX_MESSAGE + (16 << 20)).unwrap();
    lanza(Process::new(firma_al_final, (bytes.clone(),)))
        .join()
        .unwrap();
    assert_eq!(bytes.get(bytes.len() - 1).unwrap(), 77);
}

fn un_array_imposible_es_un_error_del_sistema() {
    for len in [usize::MAX, usize::MAX / 8, 1 << 58] {
        let error = Array::<u64>::zeroed(len).unwrap_err();
        let mensaje = error.to_string();
        assert!(mensaje.contains("de memoria para"), "{mensaje}");
        assert!(std::error::Error::source(&error).is_some());
    }
}

fn un_indice_fuera_es_un_panico_y_no_deja_nada_cogido() {
    let numeros = Array::from_slice(&[1, 2, 3]).unwrap();
    let mensajes = [
        mensaje_del_panico(|| drop(numeros.get(3))),
        mensaje_del_panico(|| drop(numeros.set(3, 0))),
    ];
    for mensaje in mensajes {
        assert_eq!(mensaje, "el índice 3 se sale de un Array de 3 valores");
    }
    mensaje_del_panico(|| numeros.lock().unwrap()[3] = 0);
    // Los tres índices de antes siguen a mano.
    assert_eq!(numeros.to_vec().unwrap(), [1, 2, 3]);
}

fn muere_con_el_valor(valor: Value<u32>, cogido: Event) {
    let mut valor = valor.lock().unwrap();
    *valor += 1;
    cogido.set();
    para_siempre()
}

fn el_que_muere_con_el_valor_cogido_no_se_lo_lleva() {
    let valor = Value::new(10).unwrap();
    let cogido = Event::new().unwrap();
    let args = (valor.clone(), cogido.clone());
    let proceso = lanza(Process::new(muere_con_el_valor, args));
    espera(&cogido);
    assert!(valor.lock_timeout(0.1).unwrap_err().is_timeout());
    mata(&proceso);
    let error = valor.get().unwrap_err();
    assert!(error.is_abandoned());
    assert_eq!(error.pid(), proceso.pid());
    assert_eq!(valor.get().unwrap(), 11);
    *valor.lock().unwrap() += 1;
    assert_eq!(valor.get().unwrap(), 12);
}

fn muere_a_medias(par: Array<u32>, cogido: Event) {
    let mut par = par.lock().unwrap();
    par[0] = 9;
    cogido.set();
    para_siempre()
}

fn tras_un_muerto_se_ve_lo_que_dejo_a_medias() {
    let par = Array::from_slice(&[1, 1]).unwrap();
    let cogido = Event::new().unwrap();
    let proceso = lanza(Process::new(muere_a_medias, (par.clone(), cogido.clone())));
    espera(&cogido);
    mata(&proceso);
    assert!(par.set(1, 9).unwrap_err().is_abandoned());
    // El `set` que recibió el aviso no ha escrito nada.
    assert_eq!(par.to_vec().unwrap(), [9, 1]);
    par.set(1, 9).unwrap();
    assert_eq!(par.to_vec().unwrap(), [9, 9]);
}

fn panico_con_el_guard(valor: Value<u32>) {
    valor
        .update(|v| {
            *v = 3;
            panic!("a medias")
        })
        .unwrap()
}

fn un_panico_con_el_guard_lo_suelta() {
    let valor = Value::new(1).unwrap();
    let proceso = lanza(Process::new(panico_con_el_guard, (valor.clone(),)));
    assert!(proceso.join().unwrap_err().is_panic());
    assert_eq!(valor.get().unwrap(), 3);
}

fn con_plazo_no_se_espera_mas() {
    let numeros = Array::from_slice(&[1]).unwrap();
    let guard = numeros.lock().unwrap();
    assert!(numeros.lock_timeout(0.1).unwrap_err().is_timeout());
    drop(guard);
    assert_eq!(numeros.lock_timeout(0).unwrap()[0], 1);
}

type Bolsa = (Vec<Value<i64>>, Option<Array<u8>>);

fn rellena((valores, bytes): Bolsa, suelto: Value<f64>) -> (Bolsa, Value<f64>, Array<u16>) {
    for valor in &valores {
        valor.update(|v| *v -= 1).unwrap();
    }
    bytes.as_ref().unwrap().lock().unwrap().fill(7);
    suelto.set(2.5).unwrap();
    let nuevo = Array::from_slice(&[1, 2, 3]).unwrap();
    ((valores, bytes), suelto, nuevo)
}

fn viajan_en_tuplas_en_listas_y_como_resultado() {
    let valores: Vec<_> = (0..3).map(|n| Value::new(n).unwrap()).collect();
    let bytes = Array::zeroed(5).unwrap();
    let suelto = Value::new(0.0).unwrap();
    let args = ((valores.clone(), Some(bytes.clone())), suelto.clone());
    let proceso = lanza(Process::new(rellena, args));
    let ((vuelven, _), _, nuevo) = proceso.join().unwrap();
    let vistos: Vec<_> = valores.iter().map(|valor| valor.get().unwrap()).collect();
    assert_eq!(vistos, [-1, 0, 1]);
    assert_eq!(bytes.to_vec().unwrap(), [7; 5]);
    assert_eq!(suelto.get().unwrap(), 2.5);
    assert_eq!(nuevo.to_vec().unwrap(), [1, 2, 3]);
    // Lo que vuelve es lo mismo que se fue.
    vuelven[2].set(50).unwrap();
    assert_eq!(valores[2].get().unwrap(), 50);
}

fn crea(len: usize) -> Array<u64> {
    let array = Array::zeroed(len).unwrap();
    for (n, v) in (0..).zip(array.lock().unwrap().iter_mut()) {
        *v = n;
    }
    array
}

fn suma(array: Array<u64>) -> u64 {
    array.lock().unwrap().iter().sum()
}

fn la_memoria_sobrevive_a_quien_la_creo() {
    let creador = lanza(Process::new(crea, (1000,)));
    let array = creador.join().unwrap();
    assert!(!creador.is_alive());
    let proceso = lanza(Process::new(suma, (array,)));
    assert_eq!(proceso.join().unwrap(), 499_500);
}

fn se_ven_como_estan() {
    let (valor, array) = (Value::new(5).unwrap(), Array::from_slice(&[1, 2]).unwrap());
    assert_eq!(format!("{valor:?} {array:?}"), "Value(5) Array([1, 2])");
    let (un_guard, otro) = (valor.lock().unwrap(), array.lock().unwrap());
    assert_eq!(format!("{un_guard:?} {otro:?}"), "5 [1, 2]");
    assert_eq!(
        format!("{valor:?} {array:?}"),
        "Value(<cogido>) Array(<cogido>)"
    );
}

/// No para de escribir pares iguales, de extremo a extremo.
fn escribe_pares(pares: Array<u64>, vivo: Event) {
    vivo.set();
    for n in 0.. {
        if let Ok(mut pares) = pares.lock() {
            pares.fill(n);
        }
    }
}

fn matar_a_quien_escribe_no_deja_medio_dato_sin_aviso() {
    let pares = Array::zeroed(5000).unwrap();
    for ronda in 0..15 {
        let vivo = Event::new().unwrap();
        let proceso = lanza(Process::new(escribe_pares, (pares.clone(), vivo.clone())));
        espera(&vivo);
        // Un rato distinto cada vez, para que muera en sitios distintos.
        sleep(0.01 * f64::from(ronda));
        mata(&proceso);
        match pares.lock() {
            Ok(vista) => assert!(vista.iter().all(|&n| n == vista[0])),
            Err(error) => assert_eq!(error.pid(), proceso.pid()),
        }
        pares.lock().unwrap().fill(0);
    }
}
