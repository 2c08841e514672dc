//! Los errores: qué preguntan, qué dicen y por dónde viajan.

use std::cell::Cell;
use std::error::Error;

use concurrencia::queue::{Empty, Full, Queue, TaskDoneError};

#[test]
fn viajan_entre_hilos_y_caben_en_una_caja() {
    fn viaja<E: Error + Send + Sync + 'static>() {}
    viaja::<Empty>();
    viaja::<Full<u32>>();
    viaja::<TaskDoneError>();
}

#[test]
fn con_interrogacion_se_mezclan_en_una_funcion() {
    fn pasa(cola: &Queue<u32>) -> Result<u32, Box<dyn Error + Send + Sync>> {
        cola.put(7)?;
        let n = cola.get()?;
        cola.task_done()?;
        Ok(n)
    }
    let cola = Queue::new();
    assert_eq!(pasa(&cola).unwrap(), 7);
    cola.shutdown();
    let error = pasa(&cola).unwrap_err();
    assert_eq!(error.downcast::<Full<u32>>().unwrap().into_inner(), 7);
}

#[test]
fn dicen_que_ha_pasado_y_que_probar() {
    let cola = Queue::bounded(1);
    assert!(
        cola.task_done()
            .unwrap_err()
            .to_string()
            .starts_with("task_done() se ha llamado más veces")
    );
    assert!(
        cola.get_nowait()
            .unwrap_err()
            .to_string()
            .starts_with("la cola está vacía")
    );
    assert!(
        cola.get_timeout(0)
            .unwrap_err()
            .to_string()
            .starts_with("la cola sigue vacía")
    );
    cola.put(1).unwrap();
    assert!(
        cola.put_nowait(2)
            .unwrap_err()
            .to_string()
            .starts_with("la cola está llena")
    );
    assert!(
        cola.put_timeout(2, 0)
            .unwrap_err()
            .to_string()
            .starts_with("la cola sigue llena")
    );
    cola.shutdown_immediate();
    assert!(
        cola.put(2)
            .unwrap_err()
            .to_string()
            .starts_with("la cola está cerrada y no admite")
    );
    assert!(
        cola.get()
            .unwrap_err()
            .to_string()
            .starts_with("la cola está cerrada y ya no queda")
    );
}

#[test]
fn el_elemento_no_tiene_por_que_poderse_ensenar() {
    struct Mudo(#[allow(dead_code)] Cell<u8>);
    let cola = Queue::bounded(1);
    cola.put(Mudo(Cell::new(1))).unwrap();
    let error = cola.put_nowait(Mudo(Cell::new(2))).unwrap_err();
    assert_eq!(format!("{error:?}"), "Full(NotNow)");
    assert_eq!(error.into_inner().0.get(), 2);
}
