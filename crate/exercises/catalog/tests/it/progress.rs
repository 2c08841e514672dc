use std::env;
use std::error::Error as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Barrier, mpsc};
use std::thread;

use catalog::{Progress, Record};
use tempfile::TempDir;

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("progreso.json");
    (folder, path)
}

fn files(folder: &TempDir) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn attempt(path: &Path, name: &str) {
    Progress::update(path, |progress| progress.record_mut(name).attempts += 1).unwrap();
}

#[test]
fn sin_archivo_no_consta_nada_y_leer_no_lo_crea() {
    let (folder, path) = folder();
    let progress = Progress::load(&path);
    assert_eq!(progress.get("hilos-01"), Record::default());
    assert_eq!(progress.records().count(), 0);
    assert!(progress.set_aside().is_none() && progress.error().is_none());
    assert!(files(&folder).is_empty());
}

#[test]
fn se_lee_lo_que_se_guarda() {
    let (_folder, path) = folder();
    let wanted = Record {
        attempts: 3,
        passed_on: Some(2),
        hints: 1,
        gave_up: true,
    };
    let saved = Progress::update(&path, |progress| {
        *progress.record_mut("hilos-02") = wanted;
        progress.record_mut("hilos-01").hints = 2;
    })
    .unwrap();
    let loaded = Progress::load(&path);
    let of = |progress: &Progress| {
        progress
            .records()
            .map(|(name, record)| (name.to_owned(), record))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(&saved), of(&loaded));
    assert_eq!(loaded.get("hilos-02"), wanted);
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "{\n \"hilos-01\": {\"intentos\": 0, \"aprobado_en\": null, \"pistas\": 2, \"rendido\": false},\n \
         \"hilos-02\": {\"intentos\": 3, \"aprobado_en\": 2, \"pistas\": 1, \"rendido\": true}\n}\n"
    );
}

#[test]
fn lo_que_consta_de_un_ejercicio_que_ya_no_existe_se_conserva() {
    let (_folder, path) = folder();
    fs::write(
        &path,
        "{\"jubilado-07\": {\"intentos\": 4, \"nota\": [1, {}]}}",
    )
    .unwrap();
    attempt(&path, "hilos-01");
    let progress = Progress::load(&path);
    assert_eq!(progress.get("jubilado-07").attempts, 4);
    assert_eq!(progress.get("hilos-01").attempts, 1);
}

#[test]
fn si_alguien_borra_el_archivo_se_empieza_de_cero() {
    let (_folder, path) = folder();
    attempt(&path, "hilos-01");
    fs::remove_file(&path).unwrap();
    attempt(&path, "hilos-02");
    let progress = Progress::load(&path);
    assert_eq!(
        (
            progress.get("hilos-01").attempts,
            progress.get("hilos-02").attempts
        ),
        (0, 1)
    );
    assert!(progress.set_aside().is_none());
}

#[test]
fn un_archivo_estropeado_se_aparta_entero_y_se_dice() {
    for broken in [
        &b""[..],
        b"{",
        b"{\"hilos-01\": {\"intentos\": 3, ",
        b"<<<<<<< HEAD",
        b"[]",
        b"{\"hilos-01\": 3}",
        b"{\"hilos-01\": {\"intentos\": -3}}",
        b"{\"hilos-01\": {\"rendido\": \"no\"}}",
        b"{} {}",
        b"\xff\xfe",
        b"\0\0\0\0",
    ] {
        let (folder, path) = folder();
        fs::write(&path, broken).unwrap();
        let progress = Progress::load(&path);
        let aside = folder.path().join("progreso.estropeado-1.json");
        assert_eq!(progress.set_aside(), Some(aside.as_path()), "{broken:?}");
        assert_eq!(fs::read(&aside).unwrap(), broken);
        assert_eq!(progress.records().count(), 0);
        assert!(!path.exists());
        assert!(Progress::load(&path).set_aside().is_none());
    }
}

#[test]
fn cambiar_un_archivo_estropeado_lo_aparta_sin_pisar_los_apartados_de_antes() {
    let (folder, path) = folder();
    for n in 1..=3 {
        fs::write(&path, format!("roto {n}")).unwrap();
        let progress =
            Progress::update(&path, |progress| progress.record_mut("hilos-01").hints = n).unwrap();
        let aside = folder.path().join(format!("progreso.estropeado-{n}.json"));
        assert_eq!(progress.set_aside(), Some(aside.as_path()));
        assert_eq!(Progress::load(&path).get("hilos-01").hints, n);
    }
    for n in 1..=3 {
        let aside = folder.path().join(format!("progreso.estropeado-{n}.json"));
        assert_eq!(fs::read_to_string(aside).unwrap(), format!("roto {n}"));
    }
}

#[test]
fn empezar_de_cero_no_borra_nada() {
    let (folder, path) = folder();
    assert_eq!(Progress::put_away(&path).unwrap(), None);
    for n in 1..=2 {
        Progress::update(&path, |progress| progress.record_mut("hilos-01").hints = n).unwrap();
        let aside = folder.path().join(format!("progreso.anterior-{n}.json"));
        assert_eq!(
            Progress::put_away(&path).unwrap().as_deref(),
            Some(aside.as_path())
        );
        assert_eq!(Progress::load(&aside).get("hilos-01").hints, n);
        assert_eq!(Progress::load(&path).records().count(), 0);
    }
}

#[test]
fn un_archivo_de_solo_lectura_no_se_cambia_y_el_error_lo_nombra() {
    let (folder, path) = folder();
    attempt(&path, "hilos-01");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let error = Progress::update(&path, |progress| {
        progress.record_mut("hilos-01").attempts = 9
    })
    .unwrap_err();
    assert_eq!(error.path(), path);
    assert!(error.source().is_some());
    let said = error.to_string();
    for piece in ["progreso.json", "no tienes permiso", "puedes escribir"] {
        assert!(said.contains(piece), "{said}");
    }
    assert_eq!(Progress::load(&path).get("hilos-01").attempts, 1);
    assert_eq!(files(&folder), ["progreso.json", "progreso.json.cerrojo"]);
}

#[test]
fn en_una_carpeta_de_solo_lectura_se_lee_y_no_se_cambia() {
    let (folder, path) = folder();
    fs::write(&path, "{\"hilos-01\": {\"intentos\": 2}}").unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let writable = fs::write(folder.path().join("x"), "").is_ok();
    let result = Progress::update(&path, |progress| {
        progress.record_mut("hilos-01").attempts = 9
    });
    let loaded = Progress::load(&path);
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    if writable {
        eprintln!("a quien corre esta prueba no le afectan los permisos: no se comprueba");
        return;
    }
    let said = result.unwrap_err().to_string();
    assert!(
        said.contains("progreso.json") && said.contains("no tienes permiso"),
        "{said}"
    );
    assert_eq!(loaded.get("hilos-01").attempts, 2);
}

#[test]
fn lo_que_no_se_puede_leer_no_se_da_por_vacio_sin_decirlo() {
    let (_folder, path) = folder();
    fs::create_dir(&path).unwrap();
    let progress = Progress::load(&path);
    assert_eq!(progress.records().count(), 0);
    let said = progress.error().unwrap().to_string();
    assert!(
        said.contains("progreso.json") && said.contains("es una carpeta"),
        "{said}"
    );
    assert!(Progress::update(&path, |_| ()).is_err());
    assert!(
        path.is_dir(),
        "no se aparta lo que no es un archivo estropeado"
    );
}

#[test]
fn sin_carpeta_el_error_dice_que_se_cree() {
    let (folder, _) = folder();
    let path = folder.path().join("no/existe.json");
    let said = Progress::update(&path, |_| ()).unwrap_err().to_string();
    for piece in ["no/existe.json", "no existe", "CONCURRENCIA_PROGRESO"] {
        assert!(said.contains(piece), "{said}");
    }
}

#[test]
fn si_no_cambia_nada_no_se_escribe() {
    let (folder, path) = folder();
    Progress::update(&path, |_| ()).unwrap();
    assert_eq!(files(&folder), ["progreso.json.cerrojo"]);
}

#[test]
fn un_panico_al_cambiarlo_no_guarda_nada_ni_deja_el_cerrojo_echado() {
    let (_folder, path) = folder();
    attempt(&path, "hilos-01");
    let other = path.clone();
    let panicked = thread::spawn(move || {
        Progress::update(&other, |progress| {
            progress.record_mut("hilos-01").attempts = 9;
            panic!("a propósito");
        })
    })
    .join();
    assert!(panicked.is_err());
    attempt(&path, "hilos-01");
    assert_eq!(Progress::load(&path).get("hilos-01").attempts, 2);
}

#[test]
fn muchos_hilos_a_la_vez_no_pierden_nada() {
    const THREADS: usize = 8;
    const TIMES: u32 = 25;
    let (folder, path) = folder();
    let barrier = Barrier::new(THREADS);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (path, barrier) = (&path, &barrier);
            scope.spawn(move || {
                barrier.wait();
                for _ in 0..TIMES {
                    attempt(path, "de-todos");
                    attempt(path, &format!("suyo-{thread}"));
                }
            });
        }
    });
    let progress = Progress::load(&path);
    assert_eq!(progress.get("de-todos").attempts, TIMES * THREADS as u32);
    for thread in 0..THREADS {
        assert_eq!(progress.get(&format!("suyo-{thread}")).attempts, TIMES);
    }
    assert_eq!(files(&folder), ["progreso.json", "progreso.json.cerrojo"]);
}

#[test]
fn quien_lee_mientras_otro_escribe_ve_lo_de_antes_o_lo_de_despues() {
    let (_folder, path) = folder();
    attempt(&path, "hilos-01");
    let done = AtomicBool::new(false);
    let (started, start) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut last = 0;
            while !done.load(SeqCst) {
                let progress = Progress::load(&path);
                assert!(progress.set_aside().is_none() && progress.error().is_none());
                let now = progress.get("hilos-01").attempts;
                assert!(now >= last && now >= 1, "de {last} a {now}");
                last = now;
                let _ = started.send(());
            }
        });
        start.recv().unwrap();
        for _ in 0..100 {
            attempt(&path, "hilos-01");
        }
        done.store(true, SeqCst);
    });
    assert_eq!(Progress::load(&path).get("hilos-01").attempts, 101);
}

#[test]
fn se_escribe_otro_archivo_y_se_le_pone_el_nombre_no_se_toca_el_que_habia() {
    let (folder, path) = folder();
    attempt(&path, "hilos-01");
    let before = fs::read_to_string(&path).unwrap();
    let mut open = fs::File::open(&path).unwrap();
    // Lo que dejó a medias uno que murió no estorba.
    fs::write(folder.path().join("progreso.json.nuevo"), "{\"hil").unwrap();
    attempt(&path, "hilos-01");
    let mut still = String::new();
    open.read_to_string(&mut still).unwrap();
    assert_eq!(still, before);
    assert_ne!(fs::read_to_string(&path).unwrap(), before);
    assert_eq!(files(&folder), ["progreso.json", "progreso.json.cerrojo"]);
}

#[test]
fn varios_que_lo_encuentran_estropeado_a_la_vez_lo_apartan_una_sola_vez() {
    const THREADS: usize = 6;
    let (folder, path) = folder();
    fs::write(&path, "roto").unwrap();
    let barrier = Barrier::new(THREADS);
    let aside: Vec<bool> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let (path, barrier) = (&path, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    if thread % 2 == 0 {
                        return Progress::load(path).set_aside().is_some();
                    }
                    let add =
                        |progress: &mut Progress| progress.record_mut("hilos-01").attempts += 1;
                    Progress::update(path, add).unwrap().set_aside().is_some()
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(aside.iter().filter(|&&it| it).count(), 1, "{aside:?}");
    assert_eq!(
        Progress::load(&path).get("hilos-01").attempts,
        THREADS as u32 / 2
    );
    assert_eq!(
        files(&folder),
        [
            "progreso.estropeado-1.json",
            "progreso.json",
            "progreso.json.cerrojo"
        ]
    );
}

const CHILD: &str = "PRUEBA_PROGRESO";
const CHILD_TIMES: u32 = 50;

#[test]
#[ignore = "es el otro proceso de la prueba siguiente"]
fn otro_proceso() {
    let path = PathBuf::from(env::var_os(CHILD).expect("lo lanza la otra prueba"));
    eprintln!("listo");
    std::io::stdin().read_line(&mut String::new()).unwrap();
    for _ in 0..CHILD_TIMES {
        attempt(&path, "de-todos");
    }
}

#[test]
fn dos_procesos_a_la_vez_no_pierden_nada() {
    let (_folder, path) = folder();
    let mut children: Vec<Child> = (0..2)
        .map(|_| {
            Command::new(env::current_exe().unwrap())
                .args([
                    "--exact",
                    "progress::otro_proceso",
                    "--ignored",
                    "--nocapture",
                ])
                .env(CHILD, &path)
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    // Los dos están en marcha antes de que empiece ninguno.
    for child in &mut children {
        let stderr = BufReader::new(child.stderr.as_mut().unwrap());
        assert_eq!(stderr.lines().next().unwrap().unwrap(), "listo");
    }
    for child in &mut children {
        child.stdin.as_mut().unwrap().write_all(b"ya\n").unwrap();
    }
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(
        Progress::load(&path).get("de-todos").attempts,
        2 * CHILD_TIMES
    );
}

#[test]
#[ignore = "es el otro proceso de la prueba siguiente"]
fn otro_proceso_dice_donde() {
    eprintln!("{}", Progress::path(Path::new("/proyecto")).display());
}

#[test]
fn el_progreso_va_en_el_proyecto_o_donde_diga_la_variable() {
    let says = |variable: Option<&str>| {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args([
            "--exact",
            "progress::otro_proceso_dice_donde",
            "--ignored",
            "--nocapture",
        ]);
        match variable {
            Some(value) => command.env("CONCURRENCIA_PROGRESO", value),
            None => command.env_remove("CONCURRENCIA_PROGRESO"),
        };
        String::from_utf8(command.output().unwrap().stderr).unwrap()
    };
    assert!(says(None).contains("/proyecto/progreso.json"));
    assert!(says(Some("")).contains("/proyecto/progreso.json"));
    let moved = says(Some("/otra parte/el mío.json"));
    assert!(
        moved.contains("/otra parte/el mío.json") && !moved.contains("/proyecto"),
        "{moved}"
    );
}
