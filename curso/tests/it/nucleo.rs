//! El núcleo caliente: un directorio por núcleo, que comparte lo inmutable y no sobrevive a su dueño.

use crate::comun::*;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use walkdir::WalkDir;

#[test]
fn dos_nucleos_a_la_vez_no_se_estorban() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let [uno, otro] = ["uno", "otro"].map(|nombre| carpeta.path().join(format!("{nombre}.ipynb")));
    // Cada uno espera dentro de una celda a que el otro haya llegado a la suya: si no corren a la vez, no acaban.
    for (yo, tu) in [(&uno, &otro), (&otro, &uno)] {
        let (aqui, alli) = (yo.with_extension("aqui"), tu.with_extension("aqui"));
        let cita = format!(
            "std::fs::write({aqui:?}, \"\").unwrap();\n\
             while !std::path::Path::new({alli:?}).exists() {{ std::thread::yield_now(); }}"
        );
        let nombre = yo.file_stem().unwrap().to_str().unwrap();
        let celdas = [
            carga(&raiz),
            celda(&cita, json!({})),
            celda(
                &format!("let mut h = Thread::new(|| {nombre:?}.len());\nh.start()?;\nh.join()?"),
                json!({}),
            ),
        ];
        escribe_cuaderno(yo, &celdas);
    }
    let lanza = |ruta: &Path| {
        curso(&raiz)
            .arg("ejecutar")
            .arg(ruta)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let hijos = [lanza(&uno), lanza(&otro)];
    for hijo in hijos {
        exige_que_acabe_bien(&hijo.wait_with_output().unwrap());
    }
    assert_eq!(salidas(&uno)[2], "3");
    assert_eq!(salidas(&otro)[2], "4");
}

#[test]
fn las_celdas_compilan_las_versiones_del_cerrojo_del_proyecto() {
    let raiz = raiz_preparada();
    let versiones = |ruta: &Path| -> BTreeSet<(String, String)> {
        let texto = std::fs::read_to_string(ruta).unwrap();
        let campo = |bloque: &str, nombre: &str| {
            bloque
                .lines()
                .find_map(|l| l.strip_prefix(nombre))
                .map(|v| v.trim_matches(['"', ' ', '=']).to_owned())
        };
        texto
            .split("[[package]]")
            .skip(1)
            .map(|b| (campo(b, "name").unwrap(), campo(b, "version").unwrap()))
            .collect()
    };
    let del_proyecto = versiones(&raiz.join("Cargo.lock"));
    let mut de_la_plantilla = versiones(&plantilla(&raiz).join("espacio/Cargo.lock"));
    de_la_plantilla.retain(|(nombre, _)| nombre != "ctx" && nombre != "ancla");
    assert!(de_la_plantilla.iter().any(|(nombre, _)| nombre == "tokio"));
    let ajenas: Vec<_> = de_la_plantilla.difference(&del_proyecto).collect();
    assert!(
        ajenas.is_empty(),
        "no están en el Cargo.lock del proyecto: {ajenas:?}"
    );
}

#[test]
fn las_celdas_usan_lo_compilado_en_la_plantilla_sin_volver_a_compilarlo() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let ruta = carpeta.path().join("hereda.ipynb");
    // Desde la celda se mira el directorio de su propio núcleo: lo que se hubiera vuelto a compilar no estaría enlazado.
    let mira = r#"use std::os::unix::fs::MetadataExt;
let ctx = std::path::PathBuf::from(std::env::var("EVCXR_TMPDIR")?);
let objetivo = std::fs::read_dir(ctx.join("target"))?.flatten().find(|e| e.file_name().to_string_lossy().contains('-')).unwrap();
for nombre in ["libtokio-", "librayon-", "libplotters-", "libconcurrencia.rlib"] {
    let hay = std::fs::read_dir(objetivo.path().join("debug/deps"))?.flatten();
    let hay = hay.filter(|e| { let n = e.file_name().into_string().unwrap(); n.starts_with(nombre) && n.ends_with(".rlib") });
    let enlaces: Vec<bool> = hay.map(|e| e.metadata().unwrap().nlink() > 1).collect();
    println!("{nombre} {}", !enlaces.is_empty() && enlaces.iter().all(|enlazada| *enlazada));
};"#;
    let celdas = [
        carga(&raiz),
        celda("measure(\"x\", 2, || 1).n()", json!({})),
        celda(mira, json!({})),
    ];
    escribe_cuaderno(&ruta, &celdas);
    exige_que_acabe_bien(&curso(&raiz).arg("ejecutar").arg(&ruta).output().unwrap());
    let esperado = "libtokio- true\nlibrayon- true\nlibplotters- true\nlibconcurrencia.rlib true\n";
    assert_eq!(
        salidas(&ruta)[1..],
        ["2", esperado],
        "las bibliotecas son las de la plantilla"
    );
}

/// Las fuentes de std con las que evcxr deduce tipos están aligeradas: que no falte ninguna que haga falta. Si un tipo no
/// se deduce, la celda da error y pide que se escriba.
#[test]
fn los_tipos_de_std_y_del_crate_se_deducen_solos() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let ruta = carpeta.path().join("tipos.ipynb");
    let colecciones = r#"let mapa = std::collections::HashMap::from([(1, "a"), (2, "b")]);
let mayor = mapa.keys().copied().max();
let orden = std::collections::BTreeMap::from([(1, 2)]);
let monton = std::collections::BinaryHeap::from(vec![1, 5, 2]);
let dobles = (0..3).map(|x| x * 2).collect::<Vec<i32>>();
let saltos = dobles.windows(2).map(|w| w[1] - w[0]).collect::<Vec<_>>();
let suma = dobles.iter().zip(orden.values()).map(|(a, b)| a + b).sum::<i32>();
let partes: Vec<_> = "a b c".split(' ').map(str::to_owned).collect();
let leidos = "1,2".split(',').map(|x| x.parse::<u8>()).collect::<Result<Vec<_>, _>>();
let ordenado = { let mut x = vec![3, 1, 2]; x.sort_by_key(|k| std::cmp::Reverse(*k)); x };
let raiz = 2.0_f64.sqrt();
let tal_vez = Some(3).and_then(|x| if x > 2 { Some(x as f32) } else { None });
let texto = "hola".chars().rev().collect::<String>();
let ruta = std::path::Path::new("/a").join("b");"#;
    let concurrencia = r#"let hilos: Vec<_> = (0..4_u64).map(|i| std::thread::spawn(move || i)).collect();
let compartido = std::sync::Arc::new(std::sync::Mutex::new(vec![1_u8]));
let (emisor, receptor) = std::sync::mpsc::channel::<u8>();
let cuenta = std::sync::atomic::AtomicU64::new(0);
let cola = std::sync::RwLock::new(std::collections::VecDeque::<u8>::new());
let antes = std::time::Instant::now();
let pasado = antes.elapsed();
let nucleos = std::thread::available_parallelism()?.get();
let caja: Box<dyn Fn(i32) -> i32 + Send> = Box::new(|x| x + 1);
let hilo = Thread::new(|| 3_u8);
let medida = measure("x", 2, || 1);
let tabla = Comparison::new([&medida]);
let pool = concurrencia::rayon::ThreadPoolBuilder::new().num_threads(2).build()?;
let (de, a) = concurrencia::crossbeam::channel::bounded::<String>(2);
let bucle = concurrencia::tokio::runtime::Runtime::new()?;
let tarea = bucle.spawn(async { 3_u8 });"#;
    let usa = "println!(\"{mayor:?} {suma} {leidos:?} {ordenado:?} {tal_vez:?} {}\", hilos.len());";
    let celdas = [
        carga(&raiz),
        celda(colecciones, json!({})),
        celda(concurrencia, json!({})),
        celda(usa, json!({})),
    ];
    escribe_cuaderno(&ruta, &celdas);
    exige_que_acabe_bien(&curso(&raiz).arg("ejecutar").arg(&ruta).output().unwrap());
    assert_eq!(
        salidas(&ruta)[3],
        "Some(2) 2 Ok([1, 2]) [3, 2, 1] Some(3.0) 4\n"
    );
}

#[test]
fn un_nucleo_ocupa_poco_y_su_directorio_se_borra_al_acabar_o_lo_barre_el_siguiente() {
    let raiz = raiz_preparada();
    let mut nucleo = Nucleo::arranca(&raiz);
    let nuevos = bytes_propios(&nucleo.carpeta);
    assert!(nuevos < 20_000_000, "un núcleo ocupa {nuevos} bytes nuevos");

    // Al acabar por las buenas, lo borra él.
    kill_process(Pid::from_child(&nucleo.proceso.0), Signal::TERM).unwrap();
    nucleo.proceso.0.wait().unwrap();
    assert!(!nucleo.carpeta.exists());

    // Muerto de golpe no puede: evcxr muere con él y lo barre el siguiente núcleo.
    let mut muerto = Nucleo::arranca(&raiz);
    let evcxr = muerto.pid_de_evcxr();
    muerto.proceso.0.kill().unwrap();
    muerto.proceso.0.wait().unwrap();
    if cfg!(target_os = "linux") {
        espera_a_que("evcxr muere con su padre", || !vive(evcxr));
    } else {
        let _ = kill_process(Pid::from_raw(evcxr).unwrap(), Signal::KILL);
    }
    assert!(muerto.carpeta.exists());
    // Lo que evcxr dejó compilando también lo tiene cogido, y acaba solo al poco.
    espera_a_que("un núcleo siguiente barre los restos", || {
        let mut siguiente = Nucleo::arranca(&raiz);
        kill_process(Pid::from_child(&siguiente.proceso.0), Signal::TERM).unwrap();
        siguiente.proceso.0.wait().unwrap();
        !muerto.carpeta.exists()
    });
}

#[test]
fn un_nucleo_no_sobrevive_al_jupyter_que_lo_lanzo() {
    let raiz = raiz_preparada();
    // Un proceso que hace de Jupyter: lanza el núcleo y se queda esperando hasta que alguien lo mata.
    let conexion = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(conexion.path(), archivo_de_conexion().to_string()).unwrap();
    let jupyter = Command::new("sh")
        .args(["-c", "\"$0\" --raiz \"$1\" nucleo \"$2\" & wait"])
        .arg(env!("CARGO_BIN_EXE_curso"))
        .args([&raiz, conexion.path()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut jupyter = Proceso(jupyter);
    let (mut nucleo, mut evcxr, mut carpeta) = (0, 0, None);
    espera_a_que("el núcleo está en marcha", || {
        nucleo = hijo_de(i32::try_from(jupyter.0.id()).unwrap()).unwrap_or(0);
        evcxr = hijo_de(nucleo).unwrap_or(0);
        carpeta = (evcxr != 0).then(|| directorio_de_evcxr(evcxr)).flatten();
        carpeta.is_some()
    });
    jupyter.0.kill().unwrap();
    jupyter.0.wait().unwrap();
    espera_a_que("el núcleo y evcxr acaban", || {
        !vive(nucleo) && !vive(evcxr)
    });
    assert!(!carpeta.unwrap().exists(), "y su directorio se borra");
}

/// `curso nucleo`, como lo lanza Jupyter, sin Jupyter.
struct Nucleo {
    proceso: Proceso,
    carpeta: PathBuf,
    _conexion: tempfile::NamedTempFile,
}

impl Nucleo {
    fn arranca(raiz: &Path) -> Self {
        let conexion = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(conexion.path(), archivo_de_conexion().to_string()).unwrap();
        let proceso = curso(raiz)
            .arg("nucleo")
            .arg(conexion.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let pid = i32::try_from(proceso.id()).unwrap();
        let proceso = Proceso(proceso);
        let mut carpeta = None;
        espera_a_que("evcxr está en marcha en su directorio", || {
            carpeta = hijo_de(pid).and_then(directorio_de_evcxr);
            carpeta.is_some()
        });
        Nucleo {
            proceso,
            carpeta: carpeta.unwrap(),
            _conexion: conexion,
        }
    }

    fn pid_de_evcxr(&self) -> i32 {
        hijo_de(i32::try_from(self.proceso.0.id()).unwrap()).unwrap()
    }
}

/// El archivo con el que Jupyter dice a un núcleo por qué puertos hablarle.
fn archivo_de_conexion() -> Value {
    let puertos: Vec<TcpListener> = (0..5)
        .map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap())
        .collect();
    let puerto = |i: usize| puertos[i].local_addr().unwrap().port();
    json!({"ip": "127.0.0.1", "transport": "tcp", "signature_scheme": "hmac-sha256", "key": "clave", "kernel_name": "rust",
           "control_port": puerto(0), "shell_port": puerto(1), "stdin_port": puerto(2), "hb_port": puerto(3),
           "iopub_port": puerto(4)})
}

fn hijo_de(pid: i32) -> Option<i32> {
    let salida = Command::new("ps")
        .args(["-A", "-o", "pid=,ppid="])
        .output()
        .unwrap();
    let texto = String::from_utf8(salida.stdout).unwrap();
    texto.lines().find_map(|linea| {
        let mut numeros = linea.split_whitespace().map(|n| n.parse::<i32>().unwrap());
        let (hijo, padre) = (numeros.next()?, numeros.next()?);
        (padre == pid).then_some(hijo)
    })
}

/// El directorio que se le dio a evcxr, cuando ya ha empezado a trabajar en él.
fn directorio_de_evcxr(pid: i32) -> Option<PathBuf> {
    let entorno = if cfg!(target_os = "linux") {
        String::from_utf8_lossy(&std::fs::read(format!("/proc/{pid}/environ")).ok()?)
            .replace('\0', "\n")
    } else {
        let salida = Command::new("ps")
            .args(["eww", "-o", "command=", "-p", &pid.to_string()])
            .output()
            .unwrap();
        String::from_utf8_lossy(&salida.stdout).replace(' ', "\n")
    };
    let ctx = PathBuf::from(
        entorno
            .lines()
            .find_map(|l| l.strip_prefix("EVCXR_TMPDIR="))?,
    );
    // evcxr escribe aquí la primera celda que compila.
    let empezado = ctx.join("src/lib.rs").metadata().is_ok_and(|m| m.len() > 0);
    empezado.then(|| ctx.ancestors().nth(2).unwrap().to_owned())
}

/// Los bytes de disco que solo están en esta carpeta: lo enlazado con la plantilla no cuenta.
fn bytes_propios(carpeta: &Path) -> u64 {
    let archivos = WalkDir::new(carpeta)
        .into_iter()
        .flatten()
        .filter_map(|e| e.metadata().ok())
        .filter(|m| m.is_file());
    let mut nombres: HashMap<u64, (u64, u64, u64)> = HashMap::new();
    for archivo in archivos {
        let suyo = nombres.entry(archivo.ino()).or_default();
        *suyo = (suyo.0 + 1, archivo.nlink(), archivo.blocks() * 512);
    }
    // Los que no tienen ningún nombre fuera de la carpeta; el que tiene dos dentro cuenta una vez.
    let propios = nombres
        .values()
        .filter(|(dentro, todos, _)| dentro == todos);
    propios.map(|(_, _, bytes)| bytes).sum()
}

fn plantilla(raiz: &Path) -> PathBuf {
    let carpetas = std::fs::read_dir(raiz.join(".curso/plantillas"))
        .unwrap()
        .flatten()
        .map(|e| e.path());
    let listas = carpetas.filter(|c| c.join("lista").exists());
    listas
        .max_by_key(|c| c.join("lista").metadata().unwrap().modified().unwrap())
        .unwrap()
}
