//! `Lock`, `Semaphore`, `Event` y `Barrier` entre procesos de verdad, y lo que pasa cuando uno muere a medias.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use concurrencia::process::{
    Array, Barrier, BoundedSemaphore, Event, Lock, Portable, ProcessError, Semaphore, Value,
};
use concurrencia::serde::de::value::{Error as DeError, SeqDeserializer};
use concurrencia::{Process, Thread, sleep};

crate::pruebas![
    el_cerrojo_lo_tiene_uno_solo_a_la_vez,
    el_cerrojo_vale_entre_hilos_y_procesos_a_la_vez,
    un_cerrojo_ocupado_no_se_coge_ni_probando_ni_con_plazo,
    el_guard_suelta_al_caer_tambien_con_un_panico,
    el_cerrojo_no_se_coge_dos_veces_en_el_mismo_hilo,
    quien_espera_un_cerrojo_lo_recibe_en_cuanto_se_suelta,
    el_cerrojo_de_un_muerto_avisa_una_vez_y_queda_libre,
    el_cerrojo_de_un_muerto_se_nota_probando_y_con_plazo,
    de_los_que_esperan_a_un_muerto_solo_uno_se_lleva_el_aviso,
    al_muerto_lo_entierra_uno_solo_aunque_miren_a_la_vez,
    quien_acaba_con_exit_o_sin_soltar_tambien_lo_abandona,
    el_cerrojo_se_ve_como_esta,
    los_plazos_negativos_son_un_panico,
    el_semaforo_deja_pasar_a_n_y_no_a_mas,
    el_semaforo_suelta_en_un_proceso_lo_que_cogio_otro,
    el_semaforo_sin_plazas_no_deja_pasar_ni_probando_ni_con_plazo,
    soltar_de_mas_es_una_plaza_nueva_o_un_error,
    el_permiso_de_un_muerto_vuelve,
    el_permiso_vuelve_tambien_con_un_panico,
    la_plaza_suelta_de_un_muerto_no_vuelve,
    los_permisos_pueden_ser_mas_que_los_que_se_siguen,
    el_evento_despierta_a_todos,
    dar_y_retirar_el_aviso_despierta_a_los_que_esperaban,
    el_evento_dado_no_hace_esperar_hasta_que_se_retira,
    quien_despierta_ve_lo_que_se_hizo_antes_de_dar_el_aviso,
    el_evento_con_plazo,
    la_barrera_no_deja_pasar_hasta_que_llegan_todos,
    la_barrera_vale_para_mas_procesos_que_sitios,
    la_barrera_dice_el_orden_de_llegada,
    la_barrera_se_rompe_para_todos_si_a_uno_se_le_acaba_el_plazo,
    abort_rompe_la_barrera_y_reset_la_arregla,
    reset_echa_a_los_que_esperaban,
    la_barrera_se_rompe_si_muere_uno_de_los_que_esperan,
    el_ultimo_no_pasa_con_un_muerto,
    la_barrera_de_uno_no_espera_y_la_de_cero_no_existe,
    las_piezas_viajan_en_tuplas_en_listas_y_como_resultado,
    las_piezas_no_se_escriben_fuera_de_un_mensaje,
    matar_a_cualquiera_no_cuelga_a_los_demas,
];

/// Un plazo que solo se agota si algo va mal: 60 s reales con la escala de partida.
const DE_SOBRA: f64 = 600.0;

fn lanza<T: Portable>(mut proceso: Process<T>) -> Process<T> {
    proceso.start().unwrap();
    proceso
}

/// Lo mata y espera a que el sistema lo haya recogido.
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

/// Cómo acabó, dicho con algo que viaja.
fn como<T>(resultado: Result<T, ProcessError>) -> String {
    match resultado {
        Ok(_) => "bien",
        Err(error) if error.is_abandoned() => "abandonado",
        Err(error) if error.is_timeout() => "plazo",
        Err(error) if error.is_broken_barrier() => "rota",
        Err(_) => "otra cosa",
    }
    .to_owned()
}

// LOCK

/// Lee y escribe por separado: solo sale la cuenta si nadie se mete en medio.
fn cuenta_con_cerrojo(cerrojo: Lock, contador: Value<u64>, veces: u32) {
    for _ in 0..veces {
        let _turno = cerrojo.acquire().unwrap();
        contador.set(contador.get().unwrap() + 1).unwrap();
    }
}

fn el_cerrojo_lo_tiene_uno_solo_a_la_vez() {
    let cerrojo = Lock::new().unwrap();
    let contador = Value::new(0).unwrap();
    let procesos: Vec<_> = (0..4)
        .map(|_| {
            lanza(Process::new(
                cuenta_con_cerrojo,
                (cerrojo.clone(), contador.clone(), 5000),
            ))
        })
        .collect();
    for proceso in &procesos {
        proceso.join().unwrap();
    }
    assert_eq!(contador.get().unwrap(), 20_000);
    assert!(!cerrojo.is_locked());
}

fn el_cerrojo_vale_entre_hilos_y_procesos_a_la_vez() {
    let cerrojo = Lock::new().unwrap();
    let contador = Value::new(0).unwrap();
    let proceso = lanza(Process::new(
        cuenta_con_cerrojo,
        (cerrojo.clone(), contador.clone(), 5000),
    ));
    let mut hilos: Vec<Thread<()>> = (0..2)
        .map(|_| {
            let (cerrojo, contador) = (cerrojo.clone(), contador.clone());
            Thread::new(move || cuenta_con_cerrojo(cerrojo, contador, 5000))
        })
        .collect();
    for hilo in &mut hilos {
        hilo.start().unwrap();
    }
    for hilo in hilos {
        hilo.join().unwrap();
    }
    proceso.join().unwrap();
    assert_eq!(contador.get().unwrap(), 15_000);
}

fn guarda_el_cerrojo(cerrojo: Lock, cogido: Event, suelta: Event) {
    let _turno = cerrojo.acquire().unwrap();
    cogido.set();
    suelta.wait();
}

fn un_cerrojo_ocupado_no_se_coge_ni_probando_ni_con_plazo() {
    let (cerrojo, cogido, suelta) = (
        Lock::new().unwrap(),
        Event::new().unwrap(),
        Event::new().unwrap(),
    );
    let args = (cerrojo.clone(), cogido.clone(), suelta.clone());
    let proceso = lanza(Process::new(guarda_el_cerrojo, args));
    espera(&cogido);
    assert!(cerrojo.is_locked());
    assert!(cerrojo.try_acquire().unwrap().is_none());
    let inicio = Instant::now();
    assert!(cerrojo.acquire_timeout(0.7).unwrap_err().is_timeout());
    assert!(inicio.elapsed() >= Duration::from_millis(70));
    assert!(cerrojo.acquire_timeout(0).unwrap_err().is_timeout());
    suelta.set();
    drop(cerrojo.acquire_timeout(DE_SOBRA).unwrap());
    proceso.join().unwrap();
    assert!(cerrojo.try_acquire().unwrap().is_some());
}

fn panico_con_el_cerrojo(cerrojo: Lock) {
    cerrojo.with(|| panic!("a medias")).unwrap()
}

fn el_guard_suelta_al_caer_tambien_con_un_panico() {
    let cerrojo = Lock::new().unwrap();
    let proceso = lanza(Process::new(panico_con_el_cerrojo, (cerrojo.clone(),)));
    assert!(proceso.join().unwrap_err().is_panic());
    // No ha muerto con él cogido: lo soltó al deshacer la pila.
    assert!(cerrojo.acquire().is_ok());
    let panico = catch_unwind(AssertUnwindSafe(|| panico_con_el_cerrojo(cerrojo.clone())));
    assert!(panico.is_err());
    assert_eq!(cerrojo.with(|| 7).unwrap(), 7);
    assert!(!cerrojo.is_locked());
}

fn el_cerrojo_no_se_coge_dos_veces_en_el_mismo_hilo() {
    let cerrojo = Lock::new().unwrap();
    let turno = cerrojo.acquire().unwrap();
    assert!(cerrojo.clone().try_acquire().unwrap().is_none());
    assert!(cerrojo.acquire_timeout(0.1).unwrap_err().is_timeout());
    drop(turno);
    assert!(cerrojo.try_acquire().unwrap().is_some());
}

fn coge_y_avisa(cerrojo: Lock, voy: Event) -> String {
    voy.set();
    como(cerrojo.acquire())
}

fn quien_espera_un_cerrojo_lo_recibe_en_cuanto_se_suelta() {
    let cerrojo = Lock::new().unwrap();
    let turno = cerrojo.acquire().unwrap();
    let procesos: Vec<_> = (0..3)
        .map(|_| {
            let voy = Event::new().unwrap();
            let proceso = lanza(Process::new(coge_y_avisa, (cerrojo.clone(), voy.clone())));
            espera(&voy);
            proceso
        })
        .collect();
    // Mientras se tiene, ninguno pasa.
    assert!(procesos[0].join_timeout(1).unwrap_err().is_timeout());
    assert!(procesos.iter().all(Process::is_alive));
    drop(turno);
    for proceso in &procesos {
        assert_eq!(proceso.join_timeout(DE_SOBRA).unwrap(), "bien");
    }
}

fn muere_con_el_cerrojo(cerrojo: Lock, cogido: Event) {
    let _turno = cerrojo.acquire().unwrap();
    cogido.set();
    para_siempre()
}

/// Un proceso vivo que tiene el cerrojo y no lo va a soltar.
fn acaparador(cerrojo: &Lock) -> Process<()> {
    let cogido = Event::new().unwrap();
    let proceso = lanza(Process::new(
        muere_con_el_cerrojo,
        (cerrojo.clone(), cogido.clone()),
    ));
    espera(&cogido);
    proceso
}

fn el_cerrojo_de_un_muerto_avisa_una_vez_y_queda_libre() {
    let cerrojo = Lock::new().unwrap();
    let dueno = acaparador(&cerrojo);
    mata(&dueno);
    let error = cerrojo.acquire().unwrap_err();
    assert!(error.is_abandoned());
    assert_eq!(error.pid(), dueno.pid());
    assert!(error.to_string().contains("murió con el cerrojo cogido"));
    assert!(!cerrojo.is_locked());
    drop(cerrojo.acquire().unwrap());
    assert!(cerrojo.try_acquire().unwrap().is_some());
}

fn el_cerrojo_de_un_muerto_se_nota_probando_y_con_plazo() {
    let cerrojo = Lock::new().unwrap();
    mata(&acaparador(&cerrojo));
    assert!(cerrojo.try_acquire().unwrap_err().is_abandoned());
    assert!(cerrojo.try_acquire().unwrap().is_some());
    mata(&acaparador(&cerrojo));
    assert!(cerrojo.acquire_timeout(0.1).unwrap_err().is_abandoned());
    assert!(cerrojo.acquire_timeout(0.1).is_ok());
    // Y mientras vive, no.
    let dueno = acaparador(&cerrojo);
    assert!(cerrojo.acquire_timeout(1.2).unwrap_err().is_timeout());
    mata(&dueno);
    assert!(cerrojo.with(|| ()).unwrap_err().is_abandoned());
}

fn de_los_que_esperan_a_un_muerto_solo_uno_se_lleva_el_aviso() {
    let cerrojo = Lock::new().unwrap();
    let dueno = acaparador(&cerrojo);
    let procesos: Vec<_> = (0..4)
        .map(|_| {
            let voy = Event::new().unwrap();
            let proceso = lanza(Process::new(coge_y_avisa, (cerrojo.clone(), voy.clone())));
            espera(&voy);
            proceso
        })
        .collect();
    mata(&dueno);
    let mut salidas: Vec<_> = procesos
        .iter()
        .map(|proceso| proceso.join_timeout(DE_SOBRA).unwrap())
        .collect();
    salidas.sort();
    assert_eq!(salidas, ["abandonado", "bien", "bien", "bien"]);
    assert!(!cerrojo.is_locked());
}

fn se_queda_con_todos(cerrojos: Vec<Lock>) {
    for cerrojo in &cerrojos {
        std::mem::forget(cerrojo.acquire().unwrap());
    }
}

fn al_muerto_lo_entierra_uno_solo_aunque_miren_a_la_vez() {
    for _ in 0..30 {
        let cerrojos: Vec<_> = (0..60).map(|_| Lock::new().unwrap()).collect();
        lanza(Process::new(se_queda_con_todos, (cerrojos.clone(),)))
            .join()
            .unwrap();
        // Los dos hilos van a la par: nadie mira un cerrojo hasta que el otro también va a mirarlo.
        let llegadas = AtomicU32::new(0);
        let prueba = || {
            let mut avisos = 0;
            for (vuelta, cerrojo) in (1..).zip(&cerrojos) {
                llegadas.fetch_add(1, Ordering::SeqCst);
                while llegadas.load(Ordering::SeqCst) < 2 * vuelta {
                    std::hint::spin_loop();
                }
                match cerrojo.try_acquire() {
                    Ok(turno) => std::mem::forget(turno),
                    Err(_) => avisos += 1,
                }
            }
            avisos
        };
        let avisos: u32 = std::thread::scope(|hilos| {
            let otro = hilos.spawn(prueba);
            prueba() + otro.join().unwrap()
        });
        assert_eq!(avisos, 60);
    }
}

fn sale_con_el_cerrojo(cerrojo: Lock) {
    let _turno = cerrojo.acquire().unwrap();
    std::process::exit(3)
}

fn olvida_soltar(cerrojo: Lock) {
    std::mem::forget(cerrojo.acquire().unwrap());
}

fn quien_acaba_con_exit_o_sin_soltar_tambien_lo_abandona() {
    let cerrojo = Lock::new().unwrap();
    let sale = lanza(Process::new(sale_con_el_cerrojo, (cerrojo.clone(),)));
    assert_eq!(sale.join().unwrap_err().exitcode(), Some(3));
    assert_eq!(cerrojo.acquire().unwrap_err().pid(), sale.pid());
    let olvida = lanza(Process::new(olvida_soltar, (cerrojo.clone(),)));
    olvida.join().unwrap();
    assert_eq!(cerrojo.acquire().unwrap_err().pid(), olvida.pid());
    assert!(cerrojo.acquire().is_ok());
}

fn el_cerrojo_se_ve_como_esta() {
    let cerrojo = Lock::new().unwrap();
    assert_eq!(format!("{cerrojo:?}"), "Lock(libre)");
    let _turno = cerrojo.acquire().unwrap();
    let yo = std::process::id();
    assert_eq!(format!("{cerrojo:?}"), format!("Lock(del proceso {yo})"));
}

fn los_plazos_negativos_son_un_panico() {
    let cerrojo = Lock::new().unwrap();
    let aviso = Event::new().unwrap();
    let plazas = Semaphore::new(1).unwrap();
    let barrera = Barrier::new(2).unwrap();
    for plazo in [-1.0, f64::NAN] {
        let entra_en_panico =
            |f: &dyn Fn()| assert!(catch_unwind(AssertUnwindSafe(f)).is_err(), "{plazo}");
        entra_en_panico(&|| drop(cerrojo.acquire_timeout(plazo)));
        entra_en_panico(&|| drop(aviso.wait_timeout(plazo)));
        entra_en_panico(&|| drop(plazas.acquire_timeout(plazo)));
        entra_en_panico(&|| drop(barrera.wait_timeout(plazo)));
    }
    assert!(!barrera.is_broken());
}

// SEMAPHORE

/// Entra con otro (la barrera no deja pasar a uno solo) y apunta cuántos había dentro como mucho.
fn entra(plazas: Semaphore, dentro: Array<u32>, pareja: Barrier) {
    let _plaza = plazas.permit();
    {
        let mut dentro = dentro.lock().unwrap();
        dentro[0] += 1;
        dentro[1] = dentro[1].max(dentro[0]);
    }
    pareja.wait_timeout(DE_SOBRA).unwrap();
    dentro.lock().unwrap()[0] -= 1;
}

fn el_semaforo_deja_pasar_a_n_y_no_a_mas() {
    let plazas = Semaphore::new(2).unwrap();
    let dentro = Array::zeroed(2).unwrap();
    let pareja = Barrier::new(2).unwrap();
    let procesos: Vec<_> = (0..6)
        .map(|_| {
            let args = (plazas.clone(), dentro.clone(), pareja.clone());
            lanza(Process::new(entra, args))
        })
        .collect();
    for proceso in &procesos {
        proceso.join().unwrap();
    }
    assert_eq!(dentro.to_vec().unwrap(), [0, 2]);
    assert_eq!(plazas.value(), 2);
}

fn suelta_varias(plazas: Semaphore, veces: u32) {
    for _ in 0..veces {
        plazas.release().unwrap();
    }
}

fn el_semaforo_suelta_en_un_proceso_lo_que_cogio_otro() {
    let pedidos = Semaphore::new(0).unwrap();
    let proceso = lanza(Process::new(suelta_varias, (pedidos.clone(), 3)));
    for _ in 0..3 {
        pedidos.acquire();
    }
    proceso.join().unwrap();
    assert_eq!(pedidos.value(), 0);
    assert!(!pedidos.try_acquire());
}

fn el_semaforo_sin_plazas_no_deja_pasar_ni_probando_ni_con_plazo() {
    let plazas = Semaphore::new(2).unwrap();
    assert!(plazas.try_acquire());
    plazas.acquire();
    assert_eq!(plazas.value(), 0);
    assert!(!plazas.try_acquire());
    assert!(plazas.try_permit().is_none());
    let inicio = Instant::now();
    assert!(plazas.acquire_timeout(0.7).unwrap_err().is_timeout());
    assert!(inicio.elapsed() >= Duration::from_millis(70));
    assert!(plazas.permit_timeout(0).unwrap_err().is_timeout());
    plazas.release().unwrap();
    assert!(plazas.acquire_timeout(0).is_ok());
    assert_eq!(format!("{plazas:?}"), "Semaphore(0)");
}

fn soltar_de_mas_es_una_plaza_nueva_o_un_error() {
    let libre = Semaphore::new(1).unwrap();
    libre.release().unwrap();
    assert_eq!(libre.value(), 2);
    let plazas = BoundedSemaphore::new(1).unwrap();
    assert!(plazas.release().unwrap_err().is_overreleased());
    {
        let _plaza = plazas.permit();
        // El permiso se devuelve solo: soltarlo a mano es soltar de más.
        assert!(plazas.release().unwrap_err().is_overreleased());
    }
    plazas.acquire();
    plazas.release().unwrap();
    assert!(plazas.release().unwrap_err().is_overreleased());
    assert_eq!(format!("{plazas:?}"), "BoundedSemaphore(1)");
}

fn muere_con_permiso(plazas: Semaphore, cogido: Event) {
    let _plaza = plazas.permit();
    cogido.set();
    para_siempre()
}

fn pide_permiso(plazas: Semaphore, voy: Event) -> String {
    voy.set();
    como(plazas.permit_timeout(DE_SOBRA))
}

fn el_permiso_de_un_muerto_vuelve() {
    let plazas = Semaphore::new(1).unwrap();
    let (cogido, voy) = (Event::new().unwrap(), Event::new().unwrap());
    let dueno = lanza(Process::new(
        muere_con_permiso,
        (plazas.clone(), cogido.clone()),
    ));
    espera(&cogido);
    assert!(plazas.permit_timeout(1).unwrap_err().is_timeout());
    // También le llega a quien ya estaba esperando.
    let otro = lanza(Process::new(pide_permiso, (plazas.clone(), voy.clone())));
    espera(&voy);
    mata(&dueno);
    assert_eq!(otro.join().unwrap(), "bien");
    assert_eq!(plazas.value(), 1);
    // Y a quien no espera.
    cogido.clear();
    let dueno = lanza(Process::new(
        muere_con_permiso,
        (plazas.clone(), cogido.clone()),
    ));
    espera(&cogido);
    assert!(plazas.try_permit().is_none());
    mata(&dueno);
    assert!(plazas.try_permit().is_some());
}

fn panico_con_permiso(plazas: BoundedSemaphore) {
    let _plaza = plazas.permit();
    panic!("dentro")
}

fn el_permiso_vuelve_tambien_con_un_panico() {
    let plazas = BoundedSemaphore::new(1).unwrap();
    let proceso = lanza(Process::new(panico_con_permiso, (plazas.clone(),)));
    assert!(proceso.join().unwrap_err().is_panic());
    assert_eq!(plazas.value(), 1);
}

fn coge_y_no_suelta(plazas: Semaphore) {
    plazas.acquire();
}

fn la_plaza_suelta_de_un_muerto_no_vuelve() {
    let plazas = Semaphore::new(2).unwrap();
    let proceso = lanza(Process::new(coge_y_no_suelta, (plazas.clone(),)));
    proceso.join().unwrap();
    // Como en Python: la puede soltar otro.
    assert_eq!(plazas.value(), 1);
    plazas.release().unwrap();
    assert_eq!(plazas.value(), 2);
}

fn los_permisos_pueden_ser_mas_que_los_que_se_siguen() {
    let crece = Semaphore::new(0).unwrap();
    suelta_varias(crece.clone(), 3);
    let permisos: Vec<_> = (0..3).map(|_| crece.permit()).collect();
    assert!(crece.try_permit().is_none());
    drop(permisos);
    assert_eq!(crece.value(), 3);
    let enorme = Semaphore::new(2000).unwrap();
    let permisos: Vec<_> = (0..1500).map(|_| enorme.permit()).collect();
    assert_eq!(enorme.value(), 500);
    drop(permisos);
    assert_eq!(enorme.value(), 2000);
}

// EVENT

fn espera_la_salida(salida: Event, listos: Semaphore, dorsal: u32) -> u32 {
    listos.release().unwrap();
    salida.wait();
    dorsal
}

fn el_evento_despierta_a_todos() {
    let (salida, listos) = (Event::new().unwrap(), Semaphore::new(0).unwrap());
    let procesos: Vec<_> = (0..4)
        .map(|dorsal| {
            let args = (salida.clone(), listos.clone(), dorsal);
            lanza(Process::new(espera_la_salida, args))
        })
        .collect();
    for _ in &procesos {
        listos.acquire_timeout(DE_SOBRA).unwrap();
    }
    assert!(procesos[0].join_timeout(0.5).unwrap_err().is_timeout());
    assert!(procesos.iter().all(Process::is_alive));
    salida.set();
    for (dorsal, proceso) in (0..).zip(&procesos) {
        assert_eq!(proceso.join_timeout(DE_SOBRA).unwrap(), dorsal);
    }
}

/// Espera a que el hilo principal de un proceso duerma.
fn dormido(pid: u32) {
    let estado = || {
        let estado = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        let tras_el_nombre = estado.rfind(')').unwrap() + 2;
        estado[tras_el_nombre..].starts_with('S')
    };
    while !estado() {
        std::thread::yield_now();
    }
}

fn dar_y_retirar_el_aviso_despierta_a_los_que_esperaban() {
    if cfg!(not(target_os = "linux")) {
        // Hay que saber que ya duermen, y solo Linux lo cuenta.
        return;
    }
    let (salida, listos) = (Event::new().unwrap(), Semaphore::new(0).unwrap());
    let procesos: Vec<_> = (0..3)
        .map(|dorsal| {
            let args = (salida.clone(), listos.clone(), dorsal);
            let proceso = lanza(Process::new(espera_la_salida, args));
            listos.acquire_timeout(DE_SOBRA).unwrap();
            dormido(proceso.pid().unwrap());
            proceso
        })
        .collect();
    salida.set();
    salida.clear();
    for (dorsal, proceso) in (0..).zip(&procesos) {
        assert_eq!(proceso.join_timeout(DE_SOBRA).unwrap(), dorsal);
    }
    assert!(!salida.is_set());
}

fn el_evento_dado_no_hace_esperar_hasta_que_se_retira() {
    let aviso = Event::new().unwrap();
    assert!(!aviso.is_set());
    assert_eq!(format!("{aviso:?}"), "Event(sin dar)");
    aviso.set();
    aviso.set();
    aviso.wait();
    aviso.clone().wait_timeout(0).unwrap();
    assert_eq!(format!("{aviso:?}"), "Event(dado)");
    aviso.clear();
    aviso.clear();
    assert!(aviso.wait_timeout(0.1).unwrap_err().is_timeout());
    aviso.set();
    aviso.wait();
}

fn contesta(ida: Event, vuelta: Event, dato: Value<u64>, veces: u64) {
    for _ in 0..veces {
        ida.wait();
        ida.clear();
        *dato.lock().unwrap() *= 3;
        vuelta.set();
    }
}

fn quien_despierta_ve_lo_que_se_hizo_antes_de_dar_el_aviso() {
    let (ida, vuelta) = (Event::new().unwrap(), Event::new().unwrap());
    let dato = Value::new(0).unwrap();
    let args = (ida.clone(), vuelta.clone(), dato.clone(), 200);
    let proceso = lanza(Process::new(contesta, args));
    for n in 0..200 {
        dato.set(n).unwrap();
        ida.set();
        espera(&vuelta);
        vuelta.clear();
        assert_eq!(dato.get().unwrap(), n * 3);
    }
    proceso.join().unwrap();
}

fn avisa(aviso: Event) {
    aviso.set();
}

fn el_evento_con_plazo() {
    let aviso = Event::new().unwrap();
    let inicio = Instant::now();
    assert!(aviso.wait_timeout(0.7).unwrap_err().is_timeout());
    assert!(inicio.elapsed() >= Duration::from_millis(70));
    let proceso = lanza(Process::new(avisa, (aviso.clone(),)));
    aviso.wait_timeout(DE_SOBRA).unwrap();
    proceso.join().unwrap();
}

// BARRIER

/// Cada uno apunta su vuelta, espera, y comprueba que los demás han apuntado la misma.
fn vueltas(barrera: Barrier, apuntes: Array<u32>, yo: usize, cuantas: u32) {
    for vuelta in 1..=cuantas {
        apuntes.set(yo, vuelta).unwrap();
        barrera.wait_timeout(DE_SOBRA).unwrap();
        assert!(apuntes.lock().unwrap().iter().all(|&otra| otra == vuelta));
        barrera.wait_timeout(DE_SOBRA).unwrap();
    }
}

fn la_barrera_no_deja_pasar_hasta_que_llegan_todos() {
    let barrera = Barrier::new(3).unwrap();
    let apuntes = Array::zeroed(3).unwrap();
    let procesos: Vec<_> = (0..3)
        .map(|yo| {
            let args = (barrera.clone(), apuntes.clone(), yo, 100);
            lanza(Process::new(vueltas, args))
        })
        .collect();
    for proceso in &procesos {
        proceso.join().unwrap();
    }
    assert_eq!(barrera.n_waiting(), 0);
    assert_eq!(format!("{barrera:?}"), "Barrier(0 de 3)");
}

fn pasa_muchas_veces(barrera: Barrier, veces: u32) -> Vec<usize> {
    (0..veces)
        .map(|_| barrera.wait_timeout(DE_SOBRA).unwrap())
        .collect()
}

fn la_barrera_vale_para_mas_procesos_que_sitios() {
    // De dos en dos entre cuatro: hay quien llega cuando los de la vuelta anterior aún se están yendo.
    let barrera = Barrier::new(2).unwrap();
    let procesos: Vec<_> = (0..4)
        .map(|_| lanza(Process::new(pasa_muchas_veces, (barrera.clone(), 100))))
        .collect();
    let mut ordenes = Vec::new();
    loop {
        // Al último puede faltarle pareja: se la hace el padre.
        match procesos.iter().filter(|proceso| proceso.is_alive()).count() {
            0 => break,
            1 if barrera.n_waiting() == 1 => ordenes.push(barrera.wait_timeout(DE_SOBRA).unwrap()),
            _ => std::thread::yield_now(),
        }
    }
    for proceso in &procesos {
        ordenes.extend(proceso.join().unwrap());
    }
    // Cada vuelta da un 0 y un 1.
    assert!(ordenes.len() >= 400);
    let primeros = ordenes.iter().filter(|&&orden| orden == 0).count();
    assert_eq!(primeros * 2, ordenes.len());
}

fn la_barrera_dice_el_orden_de_llegada() {
    let barrera = Barrier::new(3).unwrap();
    let mut procesos = Vec::new();
    for llegados in 1..=2 {
        procesos.push(lanza(Process::new(pasa_muchas_veces, (barrera.clone(), 1))));
        while barrera.n_waiting() < llegados {
            std::thread::yield_now();
        }
    }
    assert_eq!(format!("{barrera:?}"), "Barrier(2 de 3)");
    assert_eq!(barrera.parties(), 3);
    assert_eq!(barrera.wait().unwrap(), 2);
    for (orden, proceso) in procesos.iter().enumerate() {
        assert_eq!(proceso.join().unwrap(), [orden]);
    }
}

fn llega(barrera: Barrier) -> String {
    como(barrera.wait())
}

/// Un proceso que ya está esperando en la barrera.
fn esperando(barrera: &Barrier) -> Process<String> {
    let antes = barrera.n_waiting();
    let proceso = lanza(Process::new(llega, (barrera.clone(),)));
    while barrera.n_waiting() == antes {
        std::thread::yield_now();
    }
    proceso
}

/// Está como nueva: pasan todos.
fn funciona(barrera: &Barrier) {
    let procesos: Vec<_> = (1..barrera.parties()).map(|_| esperando(barrera)).collect();
    barrera.wait_timeout(DE_SOBRA).unwrap();
    for proceso in &procesos {
        assert_eq!(proceso.join_timeout(DE_SOBRA).unwrap(), "bien");
    }
}

fn la_barrera_se_rompe_para_todos_si_a_uno_se_le_acaba_el_plazo() {
    let barrera = Barrier::new(3).unwrap();
    let otro = esperando(&barrera);
    let inicio = Instant::now();
    let error = barrera.wait_timeout(0.7).unwrap_err();
    assert!(inicio.elapsed() >= Duration::from_millis(70));
    assert!(error.is_broken_barrier());
    assert!(error.to_string().contains("reset()"));
    assert_eq!(otro.join_timeout(DE_SOBRA).unwrap(), "rota");
    assert!(barrera.is_broken());
    assert_eq!(format!("{barrera:?}"), "Barrier(rota)");
    // Los que lleguen después ni esperan.
    assert!(barrera.wait().unwrap_err().is_broken_barrier());
    barrera.reset();
    assert!(!barrera.is_broken());
    funciona(&barrera);
}

fn abort_rompe_la_barrera_y_reset_la_arregla() {
    let barrera = Barrier::new(3).unwrap();
    let procesos = [esperando(&barrera), esperando(&barrera)];
    barrera.abort();
    for proceso in &procesos {
        assert_eq!(proceso.join_timeout(DE_SOBRA).unwrap(), "rota");
    }
    assert!(barrera.is_broken());
    assert_eq!(barrera.n_waiting(), 0);
    barrera.abort();
    assert!(barrera.wait().unwrap_err().is_broken_barrier());
    barrera.reset();
    barrera.reset();
    funciona(&barrera);
}

fn reset_echa_a_los_que_esperaban() {
    let barrera = Barrier::new(3).unwrap();
    let procesos = [esperando(&barrera), esperando(&barrera)];
    barrera.reset();
    assert!(!barrera.is_broken());
    // Aunque los de antes no se hayan ido del todo.
    funciona(&barrera);
    for proceso in &procesos {
        assert_eq!(proceso.join_timeout(DE_SOBRA).unwrap(), "rota");
    }
}

fn la_barrera_se_rompe_si_muere_uno_de_los_que_esperan() {
    let barrera = Barrier::new(3).unwrap();
    let (victima, otro) = (esperando(&barrera), esperando(&barrera));
    mata(&victima);
    assert_eq!(otro.join_timeout(DE_SOBRA).unwrap(), "rota");
    assert!(barrera.is_broken());
    barrera.reset();
    funciona(&barrera);
}

fn el_ultimo_no_pasa_con_un_muerto() {
    let barrera = Barrier::new(2).unwrap();
    let victima = esperando(&barrera);
    mata(&victima);
    assert!(barrera.wait().unwrap_err().is_broken_barrier());
    barrera.reset();
    funciona(&barrera);
}

fn la_barrera_de_uno_no_espera_y_la_de_cero_no_existe() {
    let barrera = Barrier::new(1).unwrap();
    for _ in 0..3 {
        assert_eq!(barrera.wait().unwrap(), 0);
    }
    barrera.abort();
    assert!(barrera.wait().unwrap_err().is_broken_barrier());
    barrera.reset();
    assert_eq!(barrera.wait_timeout(0).unwrap(), 0);
    assert!(catch_unwind(|| Barrier::new(0)).is_err());
    assert!(Barrier::new(usize::MAX).is_err());
}

// TODAS

type Piezas = (Lock, Semaphore, BoundedSemaphore, Event, Barrier);

fn estrena() -> Piezas {
    let piezas = (
        Lock::new().unwrap(),
        Semaphore::new(3).unwrap(),
        BoundedSemaphore::new(2).unwrap(),
        Event::new().unwrap(),
        Barrier::new(5).unwrap(),
    );
    piezas.1.acquire();
    piezas.2.acquire();
    piezas.3.set();
    piezas.4.abort();
    piezas
}

fn usa(mut juegos: Vec<Piezas>, otro: Option<Lock>) -> (Vec<Piezas>, bool) {
    for (cerrojo, semaforo, limitado, aviso, barrera) in &mut juegos {
        drop(cerrojo.acquire().unwrap());
        semaforo.acquire();
        limitado.release().unwrap();
        aviso.clear();
        barrera.reset();
    }
    let ocupado = otro.unwrap().is_locked();
    (juegos, ocupado)
}

fn las_piezas_viajan_en_tuplas_en_listas_y_como_resultado() {
    // Las crea un proceso, las recibe el padre cuando ya no existe y se las pasa a otro.
    let primero = lanza(Process::new(estrena, ()));
    let juego = primero.join().unwrap();
    let otro = Lock::new().unwrap();
    let _turno = otro.acquire().unwrap();
    let segundo = lanza(Process::new(usa, (vec![juego.clone()], Some(otro.clone()))));
    let (vuelven, ocupado) = segundo.join().unwrap();
    assert!(ocupado);
    for (cerrojo, semaforo, limitado, aviso, barrera) in [&juego, &vuelven[0]] {
        assert!(!cerrojo.is_locked());
        assert_eq!(semaforo.value(), 1);
        assert_eq!(limitado.value(), 2);
        assert!(limitado.release().unwrap_err().is_overreleased());
        assert!(!aviso.is_set());
        assert!(!barrera.is_broken());
        assert_eq!(barrera.parties(), 5);
    }
    // Lo que vuelve es lo mismo que se fue.
    let _turno = vuelven[0].0.acquire().unwrap();
    assert!(juego.0.is_locked());
}

fn las_piezas_no_se_escriben_fuera_de_un_mensaje() {
    fn se_niega<T: Portable>(pieza: &T) {
        assert!(postcard::to_allocvec(pieza).is_err());
        let numeros = SeqDeserializer::<_, DeError>::new([0_u32, 1].into_iter());
        let error = match T::deserialize(numeros) {
            Ok(_) => panic!("se ha leído"),
            Err(error) => error.to_string(),
        };
        assert!(error.contains("argumento o resultado"), "{error}");
    }
    se_niega(&Lock::new().unwrap());
    se_niega(&Semaphore::new(1).unwrap());
    se_niega(&BoundedSemaphore::new(1).unwrap());
    se_niega(&Event::new().unwrap());
    se_niega(&Barrier::new(2).unwrap());
    se_niega(&Value::new(1_u8).unwrap());
    se_niega(&Array::from_slice(&[1_u8]).unwrap());
}

/// No para de usarlo todo.
fn ajetreo(cerrojo: Lock, plazas: Semaphore, barrera: Barrier, vivo: Event) {
    vivo.set();
    loop {
        let _ = cerrojo.acquire();
        drop(plazas.permit());
        if barrera.wait().is_err() {
            barrera.reset();
        }
    }
}

fn matar_a_cualquiera_no_cuelga_a_los_demas() {
    let (cerrojo, plazas, barrera) = (
        Lock::new().unwrap(),
        Semaphore::new(1).unwrap(),
        Barrier::new(2).unwrap(),
    );
    for ronda in 0..15 {
        let procesos: Vec<_> = (0..3)
            .map(|_| {
                let vivo = Event::new().unwrap();
                let args = (
                    cerrojo.clone(),
                    plazas.clone(),
                    barrera.clone(),
                    vivo.clone(),
                );
                let proceso = lanza(Process::new(ajetreo, args));
                espera(&vivo);
                proceso
            })
            .collect();
        // Un rato distinto cada vez, para que mueran en sitios distintos.
        sleep(0.01 * f64::from(ronda));
        for proceso in &procesos {
            mata(proceso);
        }
        while cerrojo
            .acquire_timeout(DE_SOBRA)
            .is_err_and(|error| error.is_abandoned())
        {}
        assert!(!cerrojo.is_locked());
        drop(plazas.permit_timeout(DE_SOBRA).unwrap());
        assert_eq!(plazas.value(), 1);
        barrera.reset();
        funciona(&barrera);
    }
}
