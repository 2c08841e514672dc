//! `workloads::Server`: el mango.

use std::process::Command;
use std::thread;

use workloads::Server;
use workloads::server::{Fault, SITES, ServerBuilder, ServerError};

use crate::programa::{PROGRAM, client, try_get};

fn builder() -> ServerBuilder {
    Server::builder().program(PROGRAM).real(false)
}

fn start() -> Server {
    builder().scale(0).start().unwrap()
}

fn alive(pid: u32) -> bool {
    let probe = Command::new("kill").args(["-0", &pid.to_string()]).output();
    probe.unwrap().status.success()
}

#[test]
fn da_las_direcciones_de_todo_y_todas_responden() {
    let server = start();
    let mut urls: Vec<String> = server
        .sites()
        .unwrap()
        .iter()
        .map(|s| s.url().to_owned())
        .collect();
    urls.extend(server.images(2).unwrap());
    urls.extend(server.collections());
    urls.extend(server.pages());
    urls.extend([
        server.user(123),
        server.user("ana"),
        server.bytes(10),
        server.url("/"),
    ]);
    assert_eq!(urls.len(), 16 + 2 + 5 + 3 + 4);
    for url in &urls {
        assert_eq!(try_get(url).unwrap().status(), 200, "{url}");
    }
    assert_eq!(server.stats().unwrap().requests(), urls.len() as u64);
    assert_eq!(
        try_get(&server.fault(Fault::ServerError)).unwrap().status(),
        500
    );
}

#[test]
fn los_sitios_traen_lo_que_pesan_y_su_espera_a_escala() {
    let server = builder().scale(0.5).start().unwrap();
    let sites = server.sites().unwrap();
    let total: f64 = sites.iter().map(|s| s.latency().as_secs_f64()).sum();
    assert!((total - 10.796 / 2.0).abs() < 0.001, "{total}");
    assert!(
        sites
            .iter()
            .zip(&SITES)
            .all(|(s, lesson)| (s.name(), s.bytes()) == (lesson.name(), lesson.bytes()))
    );
    assert_eq!(
        format!("{:?}", sites[1]),
        "Site(«cnn», 1122956 bytes, 567.1ms)"
    );
}

#[test]
fn cuenta_y_olvida() {
    let server = start();
    client()
        .get(server.bytes(500))
        .send()
        .unwrap()
        .bytes()
        .unwrap();
    let stats = server.stats().unwrap();
    assert_eq!(
        (
            stats.requests(),
            stats.in_flight(),
            stats.peak(),
            stats.bytes()
        ),
        (1, 0, 1, 500)
    );
    server.forget().unwrap();
    assert_eq!(server.stats().unwrap(), Default::default());
}

#[test]
fn al_soltar_el_ultimo_mango_muere_y_no_queda_ni_zombi() {
    let server = start();
    let pid = server.pid();
    let other = server.clone();
    drop(server);
    assert!(alive(pid) && other.stats().is_ok());
    let url = other.bytes(1);
    drop(other);
    assert!(!alive(pid));
    assert!(try_get(&url).unwrap_err().is_connect());
}

#[test]
fn si_muere_solo_lo_dice_y_no_se_cuelga() {
    let server = start();
    let killed = Command::new("kill")
        .args(["-KILL", &server.pid().to_string()])
        .status();
    assert!(killed.unwrap().success());
    for _ in 0..2 {
        let error = server.stats().unwrap_err();
        assert!(error.is_died(), "{error}");
        assert!(error.to_string().contains("arranca otro"), "{error}");
    }
    assert!(server.sites().unwrap_err().is_died());
    assert!(server.forget().unwrap_err().is_died());
}

#[test]
fn se_pregunta_desde_muchos_hilos_y_desde_una_tarea() {
    let server = start();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..50).for_each(|_| assert_eq!(server.stats().unwrap().peak(), 0)));
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let shared = server.clone();
    assert!(runtime.block_on(async move { shared.stats() }).is_ok());
}

#[test]
fn sin_programa_dice_que_hacer() {
    let error = Server::builder().program("/no/existe").start().unwrap_err();
    assert!(error.is_missing());
    let text = error.to_string();
    assert!(
        text.contains("«/no/existe»") && text.contains("cargo curso preparar"),
        "{text}"
    );
}

#[test]
fn un_programa_que_no_es_el_servidor_es_un_error() {
    // Se acaba sin decir nada.
    let error = Server::builder().program("true").start().unwrap_err();
    assert!(error.is_died(), "{error}");
    // Dice algo que no se entiende.
    let error = Server::builder().program("echo").start().unwrap_err();
    assert!(error.to_string().contains("no se entiende"), "{error}");
    // No se puede ejecutar.
    let error = Server::builder().program("/").start().unwrap_err();
    assert!(error.is_system(), "{error}");
}

#[test]
#[should_panic(expected = "la escala tiene que ser un número finito")]
fn una_escala_negativa_es_un_panico() {
    let _ = Server::builder().scale(-1);
}

#[test]
fn arranca_a_la_escala_del_curso() {
    let server = builder().seed(3).start().unwrap();
    assert_eq!((server.seed(), server.scale()), (3, 0.1));
    let debug = format!("{server:?}");
    assert!(
        debug.starts_with("Server(http://127.0.0.1:")
            && debug.ends_with(", semilla 3, escala 0.1)"),
        "{debug}"
    );
}

#[test]
fn con_los_sitios_reales_o_van_todos_o_no_va_ninguno() {
    let server = Server::builder()
        .program(PROGRAM)
        .real(true)
        .start()
        .unwrap();
    let mut urls: Vec<String> = server
        .sites()
        .unwrap()
        .iter()
        .map(|s| s.url().to_owned())
        .collect();
    urls.extend(server.images(1).unwrap());
    urls.extend(server.collections());
    urls.extend(server.pages());
    urls.push(server.user(1));
    let here = urls
        .iter()
        .filter(|url| url.starts_with("http://127.0.0.1:"))
        .count();
    assert_eq!(here, if server.is_real() { 0 } else { urls.len() });
    // Los fallos y los bytes, siempre de aquí.
    assert!(server.fault(Fault::Slow).starts_with("http://127.0.0.1:"));
    assert!(server.bytes(1).starts_with("http://127.0.0.1:"));
}

/// Lo que imprime y lo que falla con una variable se mira desde fuera: cambiar el entorno de este proceso es `unsafe`.
#[test]
#[ignore = "lo lanza otra prueba"]
fn con_el_entorno_que_le_den() {
    if std::env::var_os("PRUEBA_ENTORNO").is_some() {
        match Server::start() {
            Ok(server) => println!("REAL {}", server.is_real()),
            Err(error) => println!("ERROR {error}"),
        }
    }
}

fn in_environment(variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([
            "--exact",
            "mango::con_el_entorno_que_le_den",
            "--ignored",
            "--nocapture",
        ])
        .env("PRUEBA_ENTORNO", "1")
        .env_remove("CONCURRENCIA_SERVER")
        .env_remove("CONCURRENCIA_SITIOS")
        .envs(variables.iter().copied());
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

#[test]
fn el_entorno_dice_donde_esta_y_a_que_sitios_va() {
    let missing = in_environment(&[]);
    assert!(
        missing.contains("falta CONCURRENCIA_SERVER") && missing.contains("cargo build"),
        "{missing}"
    );
    let local = in_environment(&[("CONCURRENCIA_SERVER", PROGRAM)]);
    assert!(
        local.contains("REAL false") && !local.contains("sin red"),
        "{local}"
    );
    let typo = in_environment(&[
        ("CONCURRENCIA_SERVER", PROGRAM),
        ("CONCURRENCIA_SITIOS", "real"),
    ]);
    assert!(typo.contains("CONCURRENCIA_SITIOS vale «real»"), "{typo}");
    let real = in_environment(&[
        ("CONCURRENCIA_SERVER", PROGRAM),
        ("CONCURRENCIA_SITIOS", "reales"),
    ]);
    let warned = real.contains("sin red: sigo con el servidor de esta máquina");
    assert_eq!(real.contains("REAL false"), warned, "{real}");
    assert_eq!(real.contains("REAL true"), !warned, "{real}");
}

#[test]
fn los_mangos_y_los_errores_se_pueden_llevar_a_cualquier_hilo() {
    fn portable<T: Send + Sync + 'static>() {}
    portable::<Server>();
    portable::<ServerError>();
}
