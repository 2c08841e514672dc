//! JupyterLab, como lo deja `abrir`: solo en esta máquina, con testigo, en español y con el núcleo del curso.

use crate::comun::*;
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::process::Stdio;

#[test]
fn solo_atiende_a_esta_maquina_y_con_testigo_y_se_cierra_con_ctrl_c() {
    let raiz = raiz_preparada();
    let puerto = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let (casa, suya) = (tempfile::tempdir().unwrap(), std::env::home_dir().unwrap());
    let mut orden = curso(&raiz);
    orden.env("HOME", casa.path());
    for (variable, carpeta) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        orden.env(
            variable,
            std::env::var_os(variable).unwrap_or_else(|| suya.join(carpeta).into()),
        );
    }
    orden.args([
        "abrir",
        "01_hilos",
        "--sin-navegador",
        "--puerto",
        &puerto.to_string(),
    ]);
    let mut hijo = Proceso(
        orden
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let mut salida = BufReader::new(hijo.0.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let url = salida
        .find(|l| l.contains("http://"))
        .expect("dice la dirección")
        .trim()
        .to_owned();
    let testigo = url.split("token=").nth(1).unwrap().to_owned();
    assert!(
        url.starts_with(&format!(
            "http://127.0.0.1:{puerto}/lab/tree/notebooks/01_hilos.ipynb?"
        )),
        "{url}"
    );

    let pide = |ruta: &str| responde(puerto, ruta);
    assert!(
        pide("/api/contents").starts_with("HTTP/1.1 403"),
        "sin testigo no se entra"
    );
    assert!(pide(&format!("/api/contents?token={testigo}")).starts_with("HTTP/1.1 200"));
    let nucleos = pide(&format!("/api/kernelspecs?token={testigo}"));
    assert!(nucleos.contains("\"default\": \"rust\""), "{nucleos}");
    assert!(
        !nucleos.contains("python3"),
        "solo se ofrece el del curso: {nucleos}"
    );
    let idioma = pide(&format!(
        "/lab/api/settings/@jupyterlab/translation-extension:plugin?token={testigo}"
    ));
    assert!(idioma.contains("es_ES"), "{idioma}");
    let pagina = pide(&format!("/lab?token={testigo}"));
    assert!(
        pagina.contains("custom/custom.css"),
        "la página pide el estilo propio"
    );
    let estilo = pide(&format!("/custom/custom.css?token={testigo}"));
    assert!(
        estilo.contains("max-width: 100%"),
        "las figuras caben: {estilo}"
    );
    assert!(
        estilo.contains(".jp-PlaceholderText { display: none; }"),
        "una respuesta plegada no se adelanta: {estilo}"
    );
    // Toda 127.0.0.0/8 es esta máquina, pero el servidor solo está en una dirección.
    assert!(TcpStream::connect((IpAddr::from([127, 0, 0, 2]), puerto)).is_err());

    kill_process(Pid::from_child(&hijo.0), Signal::INT).unwrap();
    assert!(salida.any(|l| l == "Cerrado."));
    assert!(hijo.0.wait().unwrap().success());
    assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, puerto)).is_err());
    let dejado: Vec<_> = std::fs::read_dir(casa.path())
        .unwrap()
        .flatten()
        .map(|e| e.path())
        .collect();
    assert!(dejado.is_empty(), "escribe en el HOME: {dejado:?}");
}

fn responde(puerto: u16, ruta: &str) -> String {
    let mut conexion = TcpStream::connect((Ipv4Addr::LOCALHOST, puerto)).unwrap();
    write!(
        conexion,
        "GET {ruta} HTTP/1.1\r\nHost: 127.0.0.1:{puerto}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut respuesta = Vec::new();
    conexion.read_to_end(&mut respuesta).unwrap();
    String::from_utf8_lossy(&respuesta).into_owned()
}
