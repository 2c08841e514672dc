//! A lo bestia, con semilla: cancelar al azar no pierde ni plazas, ni elementos, ni avisos.

use concurrencia::asyncio::{Event, Lock, Queue, Semaphore, Task, create_task, gather, sleep};
use fastrand::Rng;

use super::comun::{Vivas, en_los_dos_bucles};

/// Cancela más o menos la mitad, en un orden cualquiera y dejándolas avanzar entre una y otra.
async fn cancela_al_azar<T>(azar: &mut Rng, tareas: &[Task<T>]) {
    let mut turnos: Vec<usize> = (0..tareas.len()).collect();
    azar.shuffle(&mut turnos);
    for turno in turnos.into_iter().take(tareas.len() / 2) {
        tareas[turno].cancel();
        if azar.bool() {
            sleep(0).await;
        }
    }
}

en_los_dos_bucles! {
    async fn cancelar_al_azar_no_pierde_plazas() {
        for semilla in 0..20 {
            let (mut azar, plazas) = (Rng::with_seed(semilla), Semaphore::new(3));
            let tareas: Vec<_> = (0..100)
                .map(|_| {
                    let (plazas, vueltas) = (plazas.clone(), azar.usize(0..4));
                    create_task(async move {
                        let _plaza = plazas.permit().await;
                        for _ in 0..vueltas {
                            sleep(0).await;
                        }
                    })
                })
                .collect();
            cancela_al_azar(&mut azar, &tareas).await;
            gather(tareas).return_exceptions().await;
            assert_eq!(plazas.value(), 3, "con la semilla {semilla}");
        }
    }

    async fn cancelar_al_azar_no_deja_el_cerrojo_cogido() {
        for semilla in 0..20 {
            let (mut azar, cuenta) = (Rng::with_seed(semilla), Lock::new(0));
            let tareas: Vec<_> = (0..100)
                .map(|_| {
                    let cuenta = cuenta.clone();
                    create_task(async move {
                        let mut cuenta = cuenta.acquire().await;
                        let antes = *cuenta;
                        sleep(0).await;
                        *cuenta = antes + 1;
                    })
                })
                .collect();
            cancela_al_azar(&mut azar, &tareas).await;
            let salidas = gather(tareas).return_exceptions().await;
            let acabadas = salidas.iter().filter(|salida| salida.is_ok()).count();
            assert_eq!(*cuenta.try_acquire().unwrap(), acabadas, "con la semilla {semilla}");
        }
    }

    async fn cancelar_consumidores_y_productores_al_azar_no_pierde_ni_repite_elementos() {
        for semilla in 0..20 {
            let mut azar = Rng::with_seed(semilla);
            let (cola, sacados, puestos) = (Queue::bounded(3), Queue::new(), Queue::new());
            let productores: Vec<_> = (0..10_u32)
                .map(|n| {
                    let (cola, puestos) = (cola.clone(), puestos.clone());
                    create_task(async move {
                        for x in 0..20 {
                            cola.put(100 * n + x).await.unwrap();
                            // Sin esperar entre medias: o se ha puesto y está apuntado, o ninguna de las dos cosas.
                            puestos.put_nowait(100 * n + x).unwrap();
                        }
                    })
                })
                .collect();
            let consumidores: Vec<_> = (0..20)
                .map(|_| {
                    let (cola, sacados) = (cola.clone(), sacados.clone());
                    create_task(async move {
                        while let Ok(x) = cola.get().await {
                            sacados.put_nowait(x).unwrap();
                        }
                    })
                })
                .collect();
            cancela_al_azar(&mut azar, &consumidores).await;
            cancela_al_azar(&mut azar, &productores).await;
            gather(productores).return_exceptions().await;
            cola.shutdown();
            gather(consumidores).return_exceptions().await;
            let [mut sacados, mut puestos] = [sacados, puestos].map(|cola| {
                let mut todos = Vec::new();
                while let Ok(x) = cola.get_nowait() {
                    todos.push(x);
                }
                todos
            });
            sacados.sort_unstable();
            puestos.sort_unstable();
            assert_eq!(sacados, puestos, "con la semilla {semilla}");
        }
    }

    async fn cancelar_gathers_al_azar_no_deja_nada_a_medias() {
        for semilla in 0..20 {
            let (mut azar, vivas, salida) = (Rng::with_seed(semilla), Vivas::default(), Event::new());
            let hijas: Vec<Vec<Task<()>>> = (0..20)
                .map(|_| {
                    (0..5)
                        .map(|_| {
                            let (marca, salida) = (vivas.marca(), salida.clone());
                            create_task(async move {
                                let _marca = marca;
                                salida.wait().await;
                            })
                        })
                        .collect()
                })
                .collect();
            let madres: Vec<_> = hijas.iter().map(|hijas| create_task(gather(hijas.clone()))).collect();
            cancela_al_azar(&mut azar, &madres).await;
            salida.set();
            gather(madres).return_exceptions().await;
            gather(hijas.concat()).return_exceptions().await;
            assert_eq!(vivas.cuantas(), 0, "con la semilla {semilla}");
        }
    }
}
