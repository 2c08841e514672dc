//! La cuenta: peticiones, en vuelo, pico y bytes.

use std::collections::VecDeque;
use std::io::Write;
use std::net::TcpStream;
use std::sync::{Barrier, Mutex};
use std::thread;

use workloads::server::{Fault, SITES};

use crate::programa::{Programa, client, tls};

/// Pide algo y no lee la respuesta: soltarlo es colgar.
fn ask(program: &Programa, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(program.address()).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    stream
}

#[test]
fn recien_arrancado_no_ha_contado_nada() {
    let mut program = Programa::new();
    let state = program.order("estado");
    let zero = serde_json::json!({ "peticiones": 0, "en_vuelo": 0, "pico": 0, "bytes": 0 });
    assert_eq!(state, zero);
}

#[test]
fn cuenta_peticiones_y_bytes_tal_como_viajan() {
    let mut program = Programa::new();
    program.body("/bytes/1000");
    program.body("/bytes/234");
    assert_eq!(program.get("/nada").status(), 404);
    let nothing = "aquí no hay nada: mira lo que hay en /\n".len();
    let state = program.order("estado");
    assert_eq!(
        (&state["peticiones"], &state["pico"], &state["en_vuelo"]),
        (&3.into(), &1.into(), &0.into())
    );
    assert_eq!(state["bytes"], 1234 + nothing);

    program.order("olvida");
    program.body("/sitios/cnn");
    let bytes = program.order("estado")["bytes"].as_u64().unwrap();
    assert!(bytes < 1_122_956 / 2, "comprimido: {bytes}");
}

#[test]
fn n_a_la_vez_estan_n_en_vuelo() {
    // Nadie recibe nada mientras dure la prueba.
    let mut program = Programa::with(&["--escala", "100000"]);
    let open: Vec<TcpStream> = (0..16).map(|_| ask(&program, "/bytes/10")).collect();
    program.wait_in_flight(16);
    assert_eq!(program.order("estado")["pico"], 16);
    drop(open);
}

#[test]
fn quien_cuelga_deja_de_estar_en_vuelo() {
    let mut program = Programa::with(&["--escala", "100000"]);
    let mut open: Vec<TcpStream> = (0..5).map(|_| ask(&program, Fault::Slow.path())).collect();
    program.wait_in_flight(5);
    open.truncate(2);
    program.wait_in_flight(2);
    drop(open);
    program.wait_in_flight(0);
    let state = program.order("estado");
    assert_eq!((&state["pico"], &state["bytes"]), (&5.into(), &0.into()));
}

#[test]
fn olvidar_deja_el_pico_en_lo_que_sigue_en_vuelo() {
    let mut program = Programa::with(&["--escala", "100000"]);
    let mut open: Vec<TcpStream> = (0..4).map(|_| ask(&program, "/bytes/10")).collect();
    program.wait_in_flight(4);
    open.truncate(1);
    program.wait_in_flight(1);
    assert_eq!(program.order("olvida")["hecho"], true);
    let state = program.order("estado");
    assert_eq!(
        (&state["peticiones"], &state["en_vuelo"], &state["pico"]),
        (&0.into(), &1.into(), &1.into())
    );
}

#[test]
fn quien_no_lee_sigue_en_vuelo() {
    let mut program = Programa::new();
    // Más de lo que cabe en los dos buzones del sistema.
    let slow_reader = ask(&program, "/bytes/100000000");
    program.wait_in_flight(1);
    program.body("/bytes/10");
    assert_eq!(program.order("estado")["en_vuelo"], 1);
    drop(slow_reader);
    program.wait_in_flight(0);
}

#[test]
fn cinco_hilos_nunca_pasan_de_cinco_a_la_vez() {
    let mut program = Programa::with(&["--escala", "0.1"]);
    program.order("prepara sitios");
    let client = client();
    let pending: Mutex<VecDeque<&str>> = Mutex::new(SITES.iter().map(|s| s.name()).collect());
    let start = Barrier::new(5);
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                start.wait();
                loop {
                    let next = pending.lock().unwrap().pop_front();
                    let Some(name) = next else { break };
                    let url = format!("{}/sitios/{name}", program.base);
                    client.get(url).send().unwrap().bytes().unwrap();
                }
            });
        }
    });
    let state = program.order("estado");
    assert_eq!(
        (&state["peticiones"], &state["pico"], &state["en_vuelo"]),
        (&16.into(), &5.into(), &0.into())
    );
}

#[test]
fn uno_detras_de_otro_el_pico_es_uno() {
    let mut program = Programa::new();
    for site in SITES {
        program.body(&format!("/sitios/{}", site.name()));
    }
    assert_eq!(program.order("estado")["pico"], 1);
}

#[test]
fn mil_peticiones_estan_a_la_vez_en_vuelo() {
    more_files();
    let mut program = Programa::with(&["--escala", "100000"]);
    let open: Vec<TcpStream> = (0..1000).map(|_| ask(&program, "/bytes/10000")).collect();
    program.wait_in_flight(1000);
    assert_eq!(program.order("estado")["pico"], 1000);
    drop(open);
    program.wait_in_flight(0);
}

/// Quien llega de golpe no se queda fuera, aunque el servidor esté a otra cosa: aquí, parado del todo.
#[test]
#[cfg(target_os = "linux")]
fn quinientas_conexiones_caben_antes_de_que_las_atienda() {
    const PATIENCE: std::time::Duration = std::time::Duration::from_millis(900);
    more_files();
    let program = Programa::new();
    let signal = |name: &str| {
        let kill = std::process::Command::new("kill")
            .args([name, &program.child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
    };
    signal("-STOP");
    let address = program.address().parse().unwrap();
    let open: Vec<TcpStream> = (0..500)
        .map(|_| TcpStream::connect_timeout(&address, PATIENCE).unwrap())
        .collect();
    signal("-CONT");
    drop(open);
    assert_eq!(program.body("/bytes/10").len(), 10);
}

#[test]
fn mil_descargas_simultaneas_llegan_enteras() {
    more_files();
    let mut program = Programa::with(&["--escala", "1"]);
    let url = format!("{}/bytes/10000", program.base);
    tls();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sizes = runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..1000 {
            let request = client.get(&url);
            tasks.spawn(async move { request.send().await?.bytes().await.map(|b| b.len()) });
        }
        tasks.join_all().await
    });
    let wrong: Vec<_> = sizes
        .iter()
        .filter(|size| !matches!(size, Ok(10_000)))
        .collect();
    assert!(wrong.is_empty(), "{} mal: {:?}", wrong.len(), wrong[0]);
    let state = program.order("estado");
    assert_eq!(
        (&state["peticiones"], &state["bytes"]),
        (&1000.into(), &10_000_000.into())
    );
    assert_eq!(state["en_vuelo"], 0);
}

/// Mil conexiones por prueba, y hay dos pruebas.
fn more_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
}
