//! `abrir`: JupyterLab en español, en el cuaderno pedido, solo para esta máquina.

use crate::ejecutar;
use crate::fallo::{ConArchivo, Fallo, Resultado};
use crate::orden::{muere_con_su_padre, salida_de};
use crate::preparar::{self, python};
use crate::proyecto::{Proyecto, hex};
use crate::sello::escribe_de_una_vez;
use serde_json::{Value, json};
use signal_hook::consts::{SIGINT, SIGTERM};
use std::fs::File;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// El primer puerto que se prueba si no se pide otro: el de costumbre en Jupyter.
pub(crate) const PUERTO: u16 = 8888;

/// Prepara lo que falte, arranca JupyterLab y espera a que se cierre con Ctrl-C.
pub(crate) fn abrir(
    proyecto: &Proyecto,
    cuaderno: Option<&Path>,
    puerto: Option<u16>,
    navegador: bool,
) -> Resultado<bool> {
    let ruta = match cuaderno {
        Some(pedido) => ejecutar::busca(proyecto, pedido)?,
        None => primero(proyecto)?,
    };
    let puerto = puerto_libre(puerto)?;
    preparar::preparar(proyecto)?;
    confia_en_los_cuadernos(proyecto)?;
    let testigo = testigo_nuevo()?;
    let relativa = en_url(proyecto.relativa(&ruta));
    pone_ajustes(proyecto)?;
    let mut orden = python::con_jupyter(proyecto, &proyecto.jupyter())?;
    orden
        .args([
            "-m",
            "jupyterlab",
            "--ip=127.0.0.1",
            "--ServerApp.port_retries=0",
            "--ServerApp.answer_yes=True",
        ])
        .args([
            "--log-level=WARN",
            "--LabApp.extension_manager=readonly",
            "--LabApp.news_url=None",
            "--custom-css",
        ])
        .args([
            "--KernelSpecManager.allowed_kernelspecs={'rust'}",
            "--MultiKernelManager.default_kernel_name=rust",
        ])
        .arg(format!("--port={puerto}"))
        .arg(format!(
            "--ServerApp.root_dir={}",
            proyecto.raiz().display()
        ))
        .arg(format!("--LabApp.default_url=/lab/tree/{relativa}"))
        .env("JUPYTER_TOKEN", &testigo)
        .current_dir(proyecto.raiz())
        .stdin(Stdio::null());
    // Lo que JupyterLab cuenta, en inglés y mucho, va a su registro: la terminal queda para lo que hay que leer.
    let registro = proyecto.registros().join("jupyterlab.log");
    std::fs::create_dir_all(proyecto.registros()).al("crear", &proyecto.registros())?;
    let salida = File::create(&registro).al("crear", &registro)?;
    orden
        .stderr(salida.try_clone().al("abrir", &registro)?)
        .stdout(salida);
    if rustix::process::getuid().is_root() {
        // Jupyter se niega por lo que pueda entrar de fuera; aquí solo se atiende a esta máquina y con testigo.
        orden.arg("--allow-root");
    }
    if !navegador {
        orden.arg("--no-browser");
    }
    muere_con_su_padre(&mut orden);
    // Ctrl-C llega a toda la terminal: JupyterLab cierra sus núcleos y esta orden lo espera.
    let cerrar = Arc::new(AtomicBool::new(false));
    for aviso in [SIGINT, SIGTERM] {
        signal_hook::flag::register(aviso, Arc::clone(&cerrar))
            .map_err(|e| Fallo::nuevo("atender Ctrl-C").causa(e))?;
    }
    let mut jupyter = orden
        .spawn()
        .map_err(|e| Fallo::nuevo("arrancar JupyterLab").causa(e))?;
    if espera_a_que_responda(&mut jupyter, puerto, &cerrar, &registro)? {
        println!(
            "\nJupyterLab está en\n\n    http://127.0.0.1:{puerto}/lab/tree/{relativa}?token={testigo}\n"
        );
        println!(
            "Para cerrarlo, Ctrl-C en esta terminal. Lo que va contando está en «{}».",
            registro.display()
        );
    }
    let estado = espera_a_que_acabe(&mut jupyter, &cerrar)?;
    if cerrar.load(Ordering::Relaxed) {
        println!("Cerrado.");
        return Ok(true);
    }
    Ok(estado)
}

fn primero(proyecto: &Proyecto) -> Resultado<PathBuf> {
    ejecutar::cuadernos(proyecto, &[])?
        .into_iter()
        .next()
        .ok_or_else(|| {
            Fallo::nuevo("abrir el primer cuaderno").causa("no hay ninguno en «notebooks/»")
        })
}

/// JupyterLab pinta un SVG a su tamaño y, en una ventana estrecha, enseña solo lo que cabe: que lo encoja. Y de una salida plegada
/// enseña la primera línea, que en las preguntas es la respuesta: que enseñe solo los puntos que la abren.
const ESTILO: &str = "\
.jp-RenderedSVG img { max-width: 100%; height: auto; }
.jp-OutputPlaceholder .jp-PlaceholderText { display: none; }
";

/// Lo de las diapositivas vivas: letra que crece con la pantalla y se lee desde el fondo, líneas de código que se parten, y una
/// barra en la que no cabe (la de la extensión no cuenta lo que se ejecuta después de llegar).
const ESTILO_DE_DIAPOSITIVAS: &str = "\
body.rise-enabled {
  --jp-content-font-size1: max(15px, 1.7vw); --jp-code-font-size: max(13px, 1.3vw); --r-heading-text-transform: none;
  --r-heading1-size: 1.9em; --r-heading2-size: 1.5em; --r-heading3-size: 1.2em;
}
.rise-enabled .reveal .slides { font-size: var(--jp-content-font-size1); }
.rise-enabled .reveal .slides > section > section {
  box-sizing: border-box; height: 100vh; padding: 1vw 2vw 3vw; overflow: hidden auto;
}
.rise-enabled .reveal .jp-MarkdownCell { font-size: inherit; }
.rise-enabled .reveal blockquote { width: auto; margin: 0 0 0.6em; box-shadow: none; font-style: normal; }
.rise-enabled .reveal table { font-size: 0.85em; }
.rise-enabled .reveal .cm-content { flex-shrink: 1; white-space: break-spaces; overflow-wrap: anywhere; }
.rise-enabled .reveal .jp-OutputArea pre { margin: 0; font-size: var(--jp-code-font-size); white-space: pre-wrap; }
.rise-enabled .reveal .jp-RenderedSVG img {
  width: 100%; max-height: 80vh; object-fit: contain; object-position: left;
}
.rise-enabled .reveal .controls { font-size: 6px; }
.rise-enabled .reveal .slide-number { right: 7em; bottom: 1em; background: #fff; }
";

/// En las diapositivas, el foco puede no estar en ninguna celda: al entrar lo tiene el cuaderno, y si se oculta la celda que lo
/// tenía, nadie. Los atajos de la extensión solo valen dentro de una.
const SIN_CELDA: [&str; 2] = [
    "body.rise-enabled:not(:has(:focus))",
    "body.rise-enabled .jp-Notebook.jp-mod-commandMode",
];

/// O en una celda, editándola o no. El selector pesa más que el de la extensión para la misma tecla: manda este.
const EN_CELDA: [&str; 2] = [
    "body.rise-enabled .lm-Widget.reveal .jp-Notebook.jp-mod-commandMode :focus",
    "body.rise-enabled .lm-Widget.reveal .jp-Notebook.jp-mod-editMode",
];

/// JupyterLab en español, sin noticias ni avisos de versiones. Las diapositivas vivas, con un tema que no pide nada a la red, y
/// con Mayús+Intro ejecutando sin moverse: la extensión pasa a la celda siguiente, y si está en otra diapositiva se la lleva
/// antes de que se vea la salida. Son otra página, que no lee `custom.css`: su estilo va con los ajustes.
fn ajustes() -> Value {
    let atajo = |orden: &'static str, tecla: &'static str, donde: &[&'static str]| {
        let uno = |selector| json!({"command": orden, "keys": [tecla], "selector": selector});
        donde.iter().map(uno).collect::<Vec<_>>()
    };
    let atajos = [
        atajo("notebook:run-cell", "Shift Enter", &SIN_CELDA),
        atajo("notebook:run-cell", "Shift Enter", &EN_CELDA),
        atajo("notebook:enter-edit-mode", "Enter", &SIN_CELDA),
        atajo("RISE:fullscreenHelp", "F", &SIN_CELDA),
    ];
    json!({
        "@jupyterlab/translation-extension:plugin": {"locale": "es_ES"},
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false},
        "@jupyterlab/shortcuts-extension:shortcuts": {"shortcuts": atajos.concat()},
        "jupyterlab-rise:plugin": {
            "theme": "white", "center": false, "slideNumber": "c/t",
            // Lo que tarda en seleccionar el código que aparece: con lo que trae, Mayús+Intro enseguida va a la celda anterior.
            "auto_select_timeout": 100,
            "overlay": format!("<style>{ESTILO}{ESTILO_DE_DIAPOSITIVAS}</style>"),
        },
    })
}

fn pone_ajustes(proyecto: &Proyecto) -> Resultado {
    let configuracion = python::configuracion(&proyecto.jupyter());
    let ajustes = ajustes().to_string();
    for (ruta, texto) in [
        ("custom/custom.css", ESTILO),
        ("labconfig/default_setting_overrides.json", &ajustes),
    ] {
        escribe_de_una_vez(&configuracion.join(ruta), texto.as_bytes())?;
    }
    Ok(())
}

/// El puerto pedido, si está libre; si no se pide, el primero libre desde el de costumbre.
fn puerto_libre(pedido: Option<u16>) -> Resultado<u16> {
    let libre = |puerto| TcpListener::bind((Ipv4Addr::LOCALHOST, puerto)).is_ok();
    match pedido {
        Some(puerto) if libre(puerto) => Ok(puerto),
        Some(puerto) => Err(Fallo::nuevo(format!("abrir JupyterLab en el puerto {puerto}"))
            .causa("está ocupado por otro programa (¿otro JupyterLab abierto?)")
            .remedio("cierra ese programa, elige otro con «--puerto», o no pidas ninguno y se busca uno libre")),
        None => (PUERTO..PUERTO + 100).find(|p| libre(*p)).ok_or_else(|| {
            Fallo::nuevo("encontrar un puerto libre")
                .causa(format!("del {PUERTO} al {} están todos ocupados", PUERTO + 99))
                .remedio("elige uno con «--puerto»")
        }),
    }
}

fn testigo_nuevo() -> Resultado<String> {
    let mut bytes = [0_u8; 24];
    getrandom::fill(&mut bytes)
        .map_err(|e| Fallo::nuevo("crear el testigo de la sesión").causa(e))?;
    Ok(hex(&bytes))
}

/// Firma los cuadernos del curso en los datos de Jupyter del proyecto: sin firma, JupyterLab no enseña las figuras
/// guardadas.
fn confia_en_los_cuadernos(proyecto: &Proyecto) -> Resultado {
    let rutas = ejecutar::cuadernos_de(&proyecto.cuadernos());
    let mut orden = python::con_jupyter(proyecto, &proyecto.jupyter())?;
    orden.args(["-m", "jupyter", "trust"]).args(rutas);
    salida_de(orden, "firmar los cuadernos").map(drop)
}

/// Una ruta como parte de una URL.
fn en_url(ruta: &Path) -> String {
    ruta.to_string_lossy()
        .bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                char::from(b).to_string()
            }
            otro => format!("%{otro:02X}"),
        })
        .collect()
}

/// Si el servidor llegó a responder; falso si se pidió cerrar antes.
fn espera_a_que_responda(
    jupyter: &mut Child,
    puerto: u16,
    cerrar: &AtomicBool,
    registro: &Path,
) -> Resultado<bool> {
    let limite = Instant::now() + Duration::from_secs(120);
    while !cerrar.load(Ordering::Relaxed) {
        if responde(puerto) {
            return Ok(true);
        }
        let acabo = jupyter
            .try_wait()
            .map_err(|e| Fallo::nuevo("esperar a JupyterLab").causa(e))?;
        let se_acabo = Instant::now() > limite;
        if acabo.is_some() || se_acabo {
            let _ = jupyter.kill();
            let dicho = std::fs::read_to_string(registro).unwrap_or_default();
            let intento = if se_acabo {
                "arrancar JupyterLab: no responde en 2 minutos"
            } else {
                "arrancar JupyterLab"
            };
            return Err(
                Fallo::de_programa(intento, &dicho).remedio("ejecuta «cargo curso diagnosticar»")
            );
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(false)
}

fn responde(puerto: u16) -> bool {
    let Ok(mut conexion) = TcpStream::connect((Ipv4Addr::LOCALHOST, puerto)) else {
        return false;
    };
    let mut respuesta = [0_u8; 12];
    conexion
        .set_read_timeout(Some(Duration::from_secs(2)))
        .is_ok()
        && conexion
            .write_all(b"GET /api HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            .is_ok()
        && conexion.read_exact(&mut respuesta).is_ok()
        && respuesta.starts_with(b"HTTP/")
}

/// Espera a que JupyterLab acabe; si se pide cerrar, se lo pide, y a los 30 s lo mata.
fn espera_a_que_acabe(jupyter: &mut Child, cerrar: &AtomicBool) -> Resultado<bool> {
    let mut limite = None;
    loop {
        let acabo = jupyter
            .try_wait()
            .map_err(|e| Fallo::nuevo("esperar a JupyterLab").causa(e))?;
        if let Some(estado) = acabo {
            return Ok(estado.success());
        }
        if cerrar.load(Ordering::Relaxed) {
            match limite {
                None => {
                    println!("\nCerrando JupyterLab y sus núcleos…");
                    let pid = rustix::process::Pid::from_child(jupyter);
                    let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
                    limite = Some(Instant::now() + Duration::from_secs(30));
                }
                Some(limite) if Instant::now() > limite => {
                    let _ = jupyter.kill();
                }
                Some(_) => {}
            }
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[cfg(test)]
mod pruebas {
    use super::*;

    #[test]
    fn un_puerto_ocupado_se_dice_y_sin_pedirlo_se_busca_otro() {
        let ocupado = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let puerto = ocupado.local_addr().unwrap().port();
        let fallo = puerto_libre(Some(puerto)).unwrap_err().to_string();
        assert!(
            fallo.contains("está ocupado") && fallo.contains("--puerto"),
            "{fallo}"
        );
        assert!(puerto_libre(None).is_ok());
    }

    #[test]
    fn las_rutas_van_escapadas_en_la_url() {
        assert_eq!(
            en_url(Path::new("notebooks/01 año.ipynb")),
            "notebooks/01%20a%C3%B1o.ipynb"
        );
    }
}
