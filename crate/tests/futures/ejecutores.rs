//! Lo que hacen igual el ejecutor de hilos y el de procesos: encargar, recorrer, fallar y cancelar.

use std::collections::HashSet;
use std::panic::catch_unwind;
use std::thread;

use concurrencia::process::{Barrier, Event, Queue, Semaphore, Value};
use concurrencia::tokio::runtime::Builder;

use crate::comun::{Ejecutor, coincide, cuadrado, divide, espera, ocupado};

crate::pruebas_con_los_dos![
    submit_da_el_resultado,
    submit_con_cero_a_ocho_argumentos,
    el_resultado_se_pide_varias_veces_y_desde_varios_hilos,
    await_espera_sin_bloquear,
    las_tareas_se_hacen_a_la_vez,
    las_tareas_empiezan_en_orden,
    muchas_mas_tareas_que_trabajadores,
    se_encarga_desde_varios_hilos,
    clonar_da_otro_mango_del_mismo,
    debug_dice_cuantos_son_y_si_esta_abierto,
    cero_trabajadores_entra_en_panico,
    map_da_los_resultados_en_orden,
    map_chunked_da_lo_mismo_con_cualquier_trozo,
    map_sin_entradas,
    map_con_un_fallo_da_los_demas,
    map_chunked_con_un_fallo_da_los_demas,
    map_encarga_sin_que_lo_recorran,
    map_con_plazo_da_lo_que_llega_a_tiempo,
    map_chunked_con_plazo_da_lo_que_llega_a_tiempo,
    soltar_map_cancela_lo_que_no_ha_empezado,
    soltar_map_chunked_cancela_lo_que_no_ha_empezado,
    un_panico_es_un_error_con_su_mensaje_y_lo_demas_sigue,
    una_carga_de_panico_que_no_es_texto,
    una_cancelada_no_se_ejecuta,
    una_en_marcha_no_se_cancela,
    result_con_plazo_no_pierde_la_tarea,
    into_result_se_lleva_el_resultado,
];

fn submit_da_el_resultado<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    assert_eq!(ejecutor.submit(i64::pow, (2, 8)).result().unwrap(), 256);
    assert_eq!(ejecutor.submit(|x: i64| x + 1, (1,)).result().unwrap(), 2);
}

fn submit_con_cero_a_ocho_argumentos<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    assert_eq!(ejecutor.submit(|| 0, ()).result().unwrap(), 0);
    let suma = |a: u8, b: u16, c: u32, d: u64, e: i8, f: i16, g: i32, h: i64| {
        i64::from(a)
            + i64::from(b)
            + i64::from(c)
            + d as i64
            + i64::from(e)
            + i64::from(f)
            + i64::from(g)
            + h
    };
    let futuro = ejecutor.submit(suma, (1, 2, 3, 4, 5, 6, 7, 8));
    assert_eq!(futuro.result().unwrap(), 36);
}

fn el_resultado_se_pide_varias_veces_y_desde_varios_hilos<E: Ejecutor>() {
    let ejecutor = E::nuevo(1);
    let futuro = ejecutor.submit(cuadrado, (5,));
    thread::scope(|s| {
        for _ in 0..4 {
            s.spawn(|| assert_eq!(futuro.result().unwrap(), 25));
        }
    });
    assert_eq!(futuro.result().unwrap(), 25);
    assert!(futuro.exception().is_none());
}

fn await_espera_sin_bloquear<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let runtime = Builder::new_current_thread().build().unwrap();
    let suma = runtime.block_on(async {
        let (a, b) = (
            ejecutor.submit(cuadrado, (3,)),
            ejecutor.submit(cuadrado, (4,)),
        );
        a.await.unwrap() + b.await.unwrap()
    });
    assert_eq!(suma, 25);
}

fn las_tareas_se_hacen_a_la_vez<E: Ejecutor>() {
    let ejecutor = E::nuevo(3);
    let barrera = Barrier::new(3).unwrap();
    let coinciden: Vec<bool> = ejecutor
        .map(coincide, vec![barrera.clone(), barrera.clone(), barrera])
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(coinciden, [true; 3]);
}

fn apunta(numero: u32, cola: Queue<u32>) {
    cola.put(numero).unwrap();
}

fn las_tareas_empiezan_en_orden<E: Ejecutor>() {
    let ejecutor = E::nuevo(1);
    let cola = Queue::new().unwrap();
    for numero in 0..50 {
        ejecutor.submit(apunta, (numero, cola.clone()));
    }
    let orden: Vec<u32> = (0..50).map(|_| cola.get().unwrap()).collect();
    assert_eq!(orden, (0..50).collect::<Vec<_>>());
}

fn coge(semaforo: Semaphore) {
    semaforo.acquire();
}

fn muchas_mas_tareas_que_trabajadores<E: Ejecutor>() {
    let ejecutor = E::nuevo(4);
    let semaforo = Semaphore::new(0).unwrap();
    let futuros: Vec<_> = (0..60)
        .map(|_| ejecutor.submit(coge, (semaforo.clone(),)))
        .collect();
    for _ in &futuros {
        semaforo.release().unwrap();
    }
    ejecutor.shutdown();
    assert!(futuros.iter().all(|futuro| futuro.result().is_ok()));
}

fn se_encarga_desde_varios_hilos<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    thread::scope(|s| {
        for hilo in 0..4 {
            let ejecutor = &ejecutor;
            s.spawn(move || {
                let futuros: Vec<_> = (0..50)
                    .map(|x| ejecutor.submit(cuadrado, (hilo * 100 + x,)))
                    .collect();
                for (x, futuro) in (0..50).zip(futuros) {
                    assert_eq!(futuro.result().unwrap(), cuadrado(hilo * 100 + x));
                }
            });
        }
    });
}

fn clonar_da_otro_mango_del_mismo<E: Ejecutor>() {
    let ejecutor = E::nuevo(1);
    let otro = ejecutor.clone();
    drop(ejecutor); // no es el último: no cierra nada
    assert_eq!(otro.submit(cuadrado, (3,)).result().unwrap(), 9);
    let ejecutor = otro.clone();
    otro.shutdown();
    let tarde = ejecutor.submit(cuadrado, (3,));
    assert!(tarde.result().unwrap_err().is_broken());
}

fn debug_dice_cuantos_son_y_si_esta_abierto<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    assert_eq!(ejecutor.max_workers(), 2);
    let texto = format!("{ejecutor:?}");
    assert!(texto.contains("PoolExecutor"), "{texto}");
    assert!(
        texto.contains("2 hilos, abierto") || texto.contains("2 procesos, abierto"),
        "{texto}"
    );
    ejecutor.shutdown();
    let texto = format!("{ejecutor:?}");
    assert!(texto.ends_with("cerrado)"), "{texto}");
}

fn cero_trabajadores_entra_en_panico<E: Ejecutor>() {
    assert!(catch_unwind(|| E::nuevo(0)).is_err());
}

fn map_da_los_resultados_en_orden<E: Ejecutor>() {
    let ejecutor = E::nuevo(3);
    for cuantos in [1, 2, 10, 500] {
        let cuadrados: Vec<i64> = ejecutor
            .map(cuadrado, 0..cuantos)
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(cuadrados, (0..cuantos).map(cuadrado).collect::<Vec<_>>());
    }
    assert_eq!(ejecutor.map(cuadrado, 0..10).size_hint(), (10, Some(10)));
}

fn map_chunked_da_lo_mismo_con_cualquier_trozo<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let esperado: Vec<i64> = (0..40).map(cuadrado).collect();
    for trozo in [1, 6, 39, 40, 50] {
        let mut map = ejecutor.map_chunked(cuadrado, 0..40, trozo);
        assert_eq!(map.size_hint(), (40, Some(40)));
        let primero = map.next().unwrap().unwrap();
        assert_eq!(map.size_hint(), (39, Some(39)));
        let resto = map.map(Result::unwrap);
        let cuadrados: Vec<i64> = std::iter::once(primero).chain(resto).collect();
        assert_eq!(cuadrados, esperado, "de {trozo} en {trozo}");
    }
    let cero = std::panic::AssertUnwindSafe(|| ejecutor.map_chunked(cuadrado, 0..40, 0));
    assert!(catch_unwind(cero).is_err());
}

fn map_sin_entradas<E: Ejecutor>() {
    let ejecutor = E::nuevo(1);
    assert!(ejecutor.map(cuadrado, []).next().is_none());
    assert!(ejecutor.map_chunked(cuadrado, [], 5).next().is_none());
}

fn doce_entre(x: u32) -> u32 {
    divide(12, x)
}

fn map_con_un_fallo_da_los_demas<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let salidas: Vec<_> = ejecutor.map(doce_entre, [1, 0, 3, 0, 4]).collect();
    let bien: Vec<Option<u32>> = salidas
        .iter()
        .map(|una| una.as_ref().ok().copied())
        .collect();
    assert_eq!(bien, [Some(12), None, Some(4), None, Some(3)]);
    assert!(salidas[1].as_ref().unwrap_err().is_panic());
    let todas: Result<Vec<u32>, _> = ejecutor.map(doce_entre, [1, 0, 3]).collect();
    assert!(todas.unwrap_err().is_panic());
}

fn map_chunked_con_un_fallo_da_los_demas<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let entradas = [1, 0, 3, 0, 4];
    let salidas = ejecutor.map_chunked(doce_entre, entradas, 3);
    let bien: Vec<Option<u32>> = salidas.map(Result::ok).collect();
    assert_eq!(bien, [Some(12), None, Some(4), None, Some(3)]);
}

fn suma_uno(cuenta: Value<i64>) {
    cuenta.update(|cuenta| *cuenta += 1).unwrap();
}

fn map_encarga_sin_que_lo_recorran<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let cuenta = Value::new(0).unwrap();
    let map = ejecutor.map(suma_uno, vec![cuenta.clone(); 10]);
    ejecutor.shutdown();
    assert_eq!(cuenta.get().unwrap(), 10);
    assert_eq!(map.filter(Result::is_ok).count(), 10);
}

fn espera_si_la_hay(senal: Option<Event>) -> bool {
    senal.is_none_or(espera)
}

fn map_con_plazo_da_lo_que_llega_a_tiempo<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let senal = Event::new().unwrap();
    let entradas = [None, None, Some(senal.clone()), None];
    let mut map = ejecutor.map(espera_si_la_hay, entradas);
    assert!(map.next().unwrap().unwrap());
    assert!(map.next().unwrap().unwrap());
    let mut map = map.with_timeout(0.1);
    assert!(map.next().unwrap().unwrap_err().is_timeout());
    assert!(map.next().is_none());
    assert_eq!(map.size_hint(), (0, Some(0)));
    senal.set();
}

fn map_chunked_con_plazo_da_lo_que_llega_a_tiempo<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let senal = Event::new().unwrap();
    let entradas = [None, None, Some(senal.clone()), None];
    let mut map = ejecutor.map_chunked(espera_si_la_hay, entradas, 2);
    assert!(map.next().unwrap().unwrap());
    let mut map = map.with_timeout(0.1);
    // Lo que ya llegó con su trozo se da aunque se haya pasado el plazo.
    assert!(map.next().unwrap().unwrap());
    assert!(map.next().unwrap().unwrap_err().is_timeout());
    assert!(map.next().is_none());
    senal.set();
}

fn soltar_map_cancela_lo_que_no_ha_empezado<E: Ejecutor>() {
    let (ejecutor, larga, senal) = ocupado::<E>();
    let cuenta = Value::new(0).unwrap();
    drop(ejecutor.map(suma_uno, vec![cuenta.clone(); 20]));
    senal.set();
    ejecutor.shutdown();
    assert!(larga.result().unwrap());
    // A los procesos ya se les había pasado una de más.
    let hechas = cuenta.get().unwrap();
    assert!(hechas <= 1, "se hicieron {hechas}");
}

fn soltar_map_chunked_cancela_lo_que_no_ha_empezado<E: Ejecutor>() {
    let (ejecutor, larga, senal) = ocupado::<E>();
    let cuenta = Value::new(0).unwrap();
    drop(ejecutor.map_chunked(suma_uno, vec![cuenta.clone(); 20], 2));
    senal.set();
    ejecutor.shutdown();
    assert!(larga.result().unwrap());
    let hechas = cuenta.get().unwrap();
    assert!(hechas <= 2, "se hicieron {hechas}");
}

fn quebradiza(x: u32) -> u32 {
    assert!(x != 0, "no puedo con el {x} (pánico de prueba)");
    x
}

fn un_panico_es_un_error_con_su_mensaje_y_lo_demas_sigue<E: Ejecutor>() {
    let ejecutor = E::nuevo(1);
    let mal = ejecutor.submit(quebradiza, (0,));
    let bien = ejecutor.submit(quebradiza, (1,));
    let error = mal.result().unwrap_err();
    assert!(error.is_panic());
    let mensaje = "no puedo con el 0 (pánico de prueba)";
    assert_eq!(error.panic_message(), Some(mensaje));
    assert!(error.to_string().contains(mensaje), "{error}");
    assert_eq!(mal.exception().unwrap().panic_message(), Some(mensaje));
    assert_eq!(bien.result().unwrap(), 1);
}

fn una_carga_de_panico_que_no_es_texto<E: Ejecutor>() {
    let ejecutor = E::nuevo(1);
    let error = ejecutor
        .submit(|| -> u32 { std::panic::panic_any(7) }, ())
        .result()
        .unwrap_err();
    assert!(error.is_panic());
    assert_eq!(ejecutor.submit(quebradiza, (1,)).result().unwrap(), 1);
}

fn una_cancelada_no_se_ejecuta<E: Ejecutor>() {
    let (ejecutor, larga, senal) = ocupado::<E>();
    let (cuenta, de_mas) = (Value::new(0).unwrap(), Value::new(0).unwrap());
    // La que puede estar ya con la que ocupa al trabajador.
    ejecutor.submit(suma_uno, (de_mas.clone(),));
    let canceladas: Vec<_> = (0..20)
        .map(|_| ejecutor.submit(suma_uno, (cuenta.clone(),)))
        .collect();
    let ultima = ejecutor.submit(cuadrado, (3,));
    for futuro in &canceladas {
        assert!(!futuro.running());
        assert!(futuro.cancel() && futuro.cancelled());
        assert!(futuro.result().unwrap_err().is_cancelled());
    }
    senal.set();
    assert_eq!(ultima.result().unwrap(), 9);
    assert!(larga.result().unwrap());
    assert_eq!((cuenta.get().unwrap(), de_mas.get().unwrap()), (0, 1));
}

fn una_en_marcha_no_se_cancela<E: Ejecutor>() {
    let (_ejecutor, larga, senal) = ocupado::<E>();
    assert!(larga.running() && !larga.done());
    assert!(!larga.cancel());
    assert!(!larga.cancelled());
    senal.set();
    assert!(larga.result().unwrap());
    assert!(!larga.running() && larga.done());
}

fn result_con_plazo_no_pierde_la_tarea<E: Ejecutor>() {
    let (_ejecutor, larga, senal) = ocupado::<E>();
    assert!(larga.result_timeout(0.01).unwrap_err().is_timeout());
    assert!(larga.exception_timeout(0.01).unwrap().is_timeout());
    let larga = larga.into_result_timeout(0.01).unwrap_err();
    senal.set();
    assert!(larga.result_timeout(600).unwrap());
}

fn into_result_se_lleva_el_resultado<E: Ejecutor>() {
    let ejecutor = E::nuevo(1);
    let futuro = ejecutor.submit(cuadrado, (5,));
    let otro = futuro.clone();
    assert_eq!(futuro.into_result().unwrap(), 25);
    assert!(otro.result().unwrap_err().is_taken());
    let distintos: HashSet<i64> = ejecutor
        .map(cuadrado, [1, 2, 1])
        .map(Result::unwrap)
        .collect();
    assert_eq!(distintos.len(), 2);
}
