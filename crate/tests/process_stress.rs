//! Los procesos, a lo bestia: muertes al azar, pools de usar y tirar, salidas a destajo. Una tras otra, para contar
//! descriptores y procesos sin que otra prueba los mueva.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::process::parent_id;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::OnceLock;

use concurrencia::process::{self, ProcessPool};
use libtest_mimic::{Arguments, Failed, Trial};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

const TAREAS: u32 = 100_000;
const POOLS: usize = 1_000;

/// El archivo donde los hijos de `padre` apuntan cada tarea hecha.
fn apuntes(padre: u32) -> PathBuf {
    std::env::temp_dir().join(format!("concurrencia-apuntes-{padre}"))
}

/// Se apunta en un archivo de todos y devuelve su número. De vez en cuando, se mata.
fn apunta(id: u32) -> u32 {
    static ARCHIVO: OnceLock<File> = OnceLock::new();
    let archivo = ARCHIVO.get_or_init(|| {
        let ruta = apuntes(parent_id());
        OpenOptions::new()
            .append(true)
            .open(ruta)
            .expect("lo crea la prueba")
    });
    // Añadir al final es una sola operación: no se mezcla con las de otros.
    (&*archivo).write_all(&id.to_le_bytes()).expect("hay disco");
    if id % 9_973 == 9_972 {
        std::process::abort();
    }
    id
}

fn pid(pid: u32) -> Pid {
    Pid::from_raw(pid.try_into().unwrap()).unwrap()
}

fn cien_mil_tareas_con_muertes_al_azar() {
    let archivo = apuntes(std::process::id());
    File::create(&archivo).unwrap();
    let mut azar = fastrand::Rng::with_seed(20);
    let pool = ProcessPool::new(3).unwrap();
    let (mut bien, mut mal) = (vec![0_u8; TAREAS as usize], 0);
    let mut asesinatos = 0;
    let mut proximo = 0;
    for (recibidas, salida) in pool.imap_unordered(apunta, 0..TAREAS).enumerate() {
        match salida {
            Ok(id) => bien[id as usize] += 1,
            Err(error) => {
                assert!(error.is_died(), "{error}");
                mal += 1;
            }
        }
        if recibidas == proximo {
            proximo += azar.usize(1..400);
            // Puede que ya haya muerto y aún no lo hayan repuesto.
            let vivos = pool.pids();
            if !vivos.is_empty()
                && kill_process(pid(vivos[azar.usize(..vivos.len())]), Signal::KILL).is_ok()
            {
                asesinatos += 1;
            }
        }
    }
    let suicidios = (TAREAS / 9_973) as usize;
    // Ni una de más ni de menos: cada tarea dio su número una vez, o murió con quien la hacía.
    assert!(bien.iter().all(|veces| *veces <= 1));
    let hechas = bien.iter().filter(|veces| **veces == 1).count();
    assert_eq!(hechas + mal, TAREAS as usize);
    assert!(
        mal >= suicidios && mal <= suicidios + asesinatos,
        "{suicidios} ≤ {mal} ≤ +{asesinatos}"
    );
    assert!(asesinatos > 100, "{asesinatos}");
    // Y ninguna se hizo dos veces, ni se dio por buena sin hacerla.
    let mut apuntadas = HashSet::new();
    let escrito = fs::read(&archivo).unwrap();
    fs::remove_file(&archivo).unwrap();
    for id in escrito.chunks_exact(4) {
        let id = u32::from_le_bytes(id.try_into().unwrap());
        assert!(apuntadas.insert(id), "la {id} se ha hecho dos veces");
    }
    assert!((0..TAREAS).all(|id| bien[id as usize] == 0 || apuntadas.contains(&id)));
    println!("{hechas} bien, {mal} muertas con su proceso, {asesinatos} asesinatos");
}

fn descriptores() -> usize {
    fs::read_dir("/dev/fd").unwrap().count()
}

fn mil_pools_de_usar_y_tirar() {
    // Lo que se abre una vez y se queda (el primer pool), fuera de la cuenta.
    drop(ProcessPool::new(2).unwrap());
    let antes = descriptores();
    let mut vistos = HashSet::new();
    for vuelta in 0..POOLS {
        let pool = ProcessPool::new(2).unwrap();
        match vuelta % 4 {
            // Sin estrenar, recién encargado, usado, y cerrado como se debe.
            0 => {}
            1 => drop(pool.map_async(u32::count_ones, 0..100)),
            2 => assert_eq!(pool.map(u32::count_ones, 0..4).unwrap(), [0, 1, 1, 2]),
            _ => {
                let suma = pool.map_async(u32::count_ones, 0..4);
                pool.close();
                pool.join().unwrap();
                assert_eq!(suma.get().unwrap(), [0, 1, 1, 2]);
            }
        }
        vistos.extend(pool.pids());
    }
    assert!(vistos.len() >= POOLS);
    assert_eq!(descriptores(), antes);
    let sueltos: Vec<_> = vistos
        .into_iter()
        .filter(|uno| test_kill_process(pid(*uno)).is_ok())
        .collect();
    assert!(sueltos.is_empty(), "{sueltos:?}");
}

fn mil_procesos_seguidos() {
    let antes = descriptores();
    for n in 0..1_000_u32 {
        let mut proceso = process::Process::new(u32::count_ones, (n,));
        proceso.start().unwrap();
        assert_eq!(proceso.join().unwrap(), n.count_ones());
        assert!(test_kill_process(pid(proceso.pid().unwrap())).is_err());
    }
    assert_eq!(descriptores(), antes);
}

/// Quien manda el último mensaje y cierra enseguida no hace que quien está leyendo sin esperar se lo pierda.
fn el_ultimo_mensaje_llega_aunque_se_cierre_detras() {
    const VUELTAS: u32 = 200_000;
    let (pide, encargos) = std::sync::mpsc::channel::<(u32, process::Sender<u32>)>();
    let escritor = std::thread::spawn(move || {
        for (n, emisor) in encargos {
            emisor.send(n).unwrap();
            emisor.close();
        }
    });
    for n in 0..VUELTAS {
        let (receptor, emisor) = process::Pipe::one_way::<u32>().unwrap();
        pide.send((n, emisor)).unwrap();
        let llegado = loop {
            match receptor.try_recv() {
                Err(error) if error.is_empty() => std::hint::spin_loop(),
                otro => break otro,
            }
        };
        assert_eq!(llegado.unwrap(), n);
    }
    drop(pide);
    escritor.join().unwrap();
}

fn main() -> ExitCode {
    process::init();
    let mut argumentos = Arguments::from_args();
    argumentos.test_threads = Some(1);
    let prueba = |nombre: &str, cuerpo: fn()| {
        Trial::test(nombre, move || {
            cuerpo();
            Ok::<(), Failed>(())
        })
    };
    let pruebas = vec![
        prueba(
            "el_ultimo_mensaje_llega_aunque_se_cierre_detras",
            el_ultimo_mensaje_llega_aunque_se_cierre_detras,
        ),
        prueba("mil_procesos_seguidos", mil_procesos_seguidos),
        prueba("mil_pools_de_usar_y_tirar", mil_pools_de_usar_y_tirar),
        prueba(
            "cien_mil_tareas_con_muertes_al_azar",
            cien_mil_tareas_con_muertes_al_azar,
        ),
    ];
    libtest_mimic::run(&argumentos, pruebas).exit_code()
}
