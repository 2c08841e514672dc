//! Cómo empieza y cómo acaba el programa.

use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, Ipv6Addr, TcpStream};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;

use workloads::Server;

use crate::programa::{PLENTY, PROGRAM, Programa};

fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn se_acaba_al_cerrarse_su_entrada() {
    let mut program = Programa::new();
    program.orders = None;
    assert!(program.child.wait().unwrap().success());
}

#[test]
fn se_acaba_aunque_haya_peticiones_a_medias() {
    let mut program = Programa::with(&["--escala", "100000"]);
    let address = program.address().to_owned();
    let waiting =
        thread::spawn(move || crate::programa::try_get(&format!("http://{address}/bytes/10")));
    program.wait_in_flight(1);
    program.orders = None;
    assert!(program.child.wait().unwrap().success());
    assert!(waiting.join().unwrap().unwrap_err().is_request());
}

#[test]
fn sin_nadie_que_le_hable_no_se_queda() {
    let output = run(&[]);
    assert!(output.status.success());
    assert!(
        output
            .stdout
            .starts_with(b"{\"direccion\":\"http://127.0.0.1:")
    );
}

/// No es una prueba: es el proceso intermedio de la siguiente, que lo mata.
#[test]
#[ignore = "lo lanza otra prueba"]
fn intermedio() {
    if std::env::var_os("PRUEBA_INTERMEDIO").is_none() {
        return;
    }
    let server = Server::builder().program(PROGRAM).start().unwrap();
    println!("PID {}", server.pid());
    let _ = std::io::stdin().read(&mut [0]);
}

#[test]
fn muere_cuando_matan_a_quien_lo_arranco() {
    let mut middle = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "vida::intermedio", "--ignored", "--nocapture"])
        .env("PRUEBA_INTERMEDIO", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = BufReader::new(middle.stdout.take().unwrap());
    let mut lines = stdout.lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("PID ")));

    middle.kill().unwrap();
    middle.wait().unwrap();
    // El servidor heredó su salida de errores: se cierra cuando ya no vive ninguno de los dos.
    let mut errors = middle.stderr.take().unwrap();
    let (closed, wait) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        let _ = errors.read_to_string(&mut text);
        closed.send(text)
    });
    wait.recv_timeout(PLENTY).expect("el servidor sigue vivo");
}

#[test]
fn solo_atiende_en_127_0_0_1() {
    let program = Programa::new();
    let port: u16 = program
        .address()
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok());
    assert!(TcpStream::connect((Ipv4Addr::new(127, 0, 0, 2), port)).is_err());
    assert!(TcpStream::connect((Ipv6Addr::LOCALHOST, port)).is_err());
}

#[test]
fn en_el_puerto_que_se_le_diga_y_si_esta_ocupado_lo_dice() {
    let first = Programa::new();
    let port = first.address().rsplit(':').next().unwrap();
    let output = run(&["--puerto", port]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains(&format!("no puedo atender en 127.0.0.1:{port}")),
        "{error}"
    );
}

#[test]
fn los_argumentos_malos_dicen_que_pasa() {
    let cases: [(&[&str], &str); 7] = [
        (
            &["--semilla", "x"],
            "--semilla tiene que ser un entero que no sea negativo, no «x»",
        ),
        (&["--semilla=-1"], "no «-1»"),
        (
            &["--escala", "mucho"],
            "--escala tiene que ser un número, no «mucho»",
        ),
        (&["--escala=-1"], "no sea negativo, no «-1»"),
        (&["--escala"], "a --escala le falta su valor"),
        (
            &["--puerto", "70000"],
            "--puerto tiene que ser un entero de 0 a 65535, no «70000»",
        ),
        (&["--seed", "1"], "no conozco «--seed»"),
    ];
    for (arguments, message) in cases {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(message), "{arguments:?}: {error}");
    }
}

#[test]
fn la_ayuda_sale_por_la_salida_estandar() {
    let output = run(&["--ayuda"]);
    assert!(output.status.success());
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("--semilla N")
    );
}

#[test]
fn una_orden_que_no_conoce_no_lo_para() {
    let mut program = Programa::new();
    for order in ["hola", "", "prepara", "prepara imagenes muchas"] {
        assert!(program.order(order)["error"].is_string(), "«{order}»");
    }
    assert_eq!(program.order("estado")["peticiones"], 0);
}

#[test]
fn lo_preparado_es_lo_mismo_que_lo_que_se_pide() {
    let (mut prepared, lazy) = (Programa::new(), Programa::new());
    assert_eq!(prepared.order("prepara sitios")["hecho"], true);
    assert_eq!(prepared.order("prepara imagenes 1")["hecho"], true);
    for path in ["/sitios/twitter", "/imagenes/1.jpg"] {
        assert_eq!(prepared.body(path), lazy.body(path));
    }
}
