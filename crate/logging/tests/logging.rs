//! Lo que sale por la salida de un programa que registra mensajes.
//!
//! El registro es uno para todo el proceso: cada prueba lanza otro, con un solo papel, y mira lo que ha escrito.

use std::process::{Command, Output};
use std::sync::{Arc, Barrier};
use std::thread;

use logging::{Config, Level, debug, error, info, trace, warn};

/// Lo que hace cada proceso lanzado.
#[test]
#[ignore = "la lanzan las demás en otro proceso"]
fn papel() {
    println!(); // el arnés deja una línea a medias
    match std::env::var("PAPEL").unwrap_or_default().as_str() {
        "niveles" => {
            logging::basic_config(Level::INFO);
            trace!("no");
            debug!("no");
            info!("uno");
            warn!("dos");
            error!("tres");
        }
        "hilos" => {
            logging::basic_config(Level::DEBUG);
            debug!("aquí");
            let en = |nombre: Option<&str>, texto: &'static str| {
                let mut hilo = thread::Builder::new();
                if let Some(nombre) = nombre {
                    hilo = hilo.name(nombre.into());
                }
                hilo.spawn(move || debug!("{texto}"))
                    .unwrap()
                    .join()
                    .unwrap();
            };
            en(Some("Worker"), "trabajo");
            en(None, "paso por aquí");
            let mut hilo = concurrencia::Thread::new(|| debug!("con su número"));
            hilo.start().unwrap();
            hilo.join().unwrap();
        }
        "reconfigura" => {
            debug!("antes de configurar no sale nada");
            logging::basic_config(Level::DEBUG);
            debug!("uno");
            logging::basic_config(Level::WARN);
            debug!("no");
            warn!("dos");
            Config::new().with_thread_name(false).to_stderr().install();
            info!("tres");
            Config::new()
                .with_target(true)
                .with_thread_name(false)
                .install();
            info!(target: "descargas", kib = 12, quien = ?"Ana", "cuatro");
        }
        "un hilo en marcha" => {
            logging::basic_config(Level::ERROR);
            let cita = Arc::new(Barrier::new(2));
            let suya = Arc::clone(&cita);
            let hilo = thread::spawn(move || {
                info!("no");
                suya.wait();
                suya.wait();
                info!("sí");
            });
            cita.wait();
            Config::new().with_thread_name(false).install();
            cita.wait();
            hilo.join().unwrap();
        }
        "hora" => {
            Config::new().with_time(true).install();
            info!("ya");
        }
        "muchos" => {
            logging::basic_config(Level::DEBUG);
            let hilos: Vec<_> = (0..8)
                .map(|i| {
                    let hilo = thread::Builder::new().name(format!("h{i}"));
                    hilo.spawn(move || {
                        for n in 0..500 {
                            debug!("{n} {}", "x".repeat(n % 97));
                        }
                    })
                    .unwrap()
                })
                .collect();
            for hilo in hilos {
                hilo.join().unwrap();
            }
        }
        "dos a la vez" => {
            let hilos: Vec<_> = (0..8)
                .map(|_| thread::spawn(|| logging::basic_config(Level::INFO)))
                .collect();
            for hilo in hilos {
                hilo.join().unwrap();
            }
            Config::new().with_thread_name(false).install();
            info!("una vez");
        }
        "otro suscriptor" => {
            let suyo = tracing_subscriber::fmt()
                .with_writer(std::io::sink)
                .finish();
            tracing::subscriber::set_global_default(suyo).unwrap();
            logging::basic_config(Level::INFO);
            logging::basic_config(Level::DEBUG);
            info!("no es para nosotros");
        }
        _ => {}
    }
}

fn lanza(papel: &str) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "papel",
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env("PAPEL", papel)
        .output()
        .unwrap()
}

/// Las líneas del registro, sin lo que dice el arnés de pruebas.
fn lineas(bytes: &[u8]) -> Vec<String> {
    let texto = std::str::from_utf8(bytes).unwrap();
    let del_registro = |linea: &&str| {
        ["[DEBUG]", "[INFO]", "[WARN]", "[ERROR]", "[TRACE]"]
            .iter()
            .any(|nivel| linea.contains(nivel))
    };
    texto
        .lines()
        .filter(del_registro)
        .map(str::to_owned)
        .collect()
}

fn escrito(papel: &str) -> Vec<String> {
    let salida = lanza(papel);
    assert!(salida.status.success(), "{salida:?}");
    lineas(&salida.stdout)
}

#[test]
fn salen_los_mensajes_del_nivel_pedido_o_mas_graves_y_lo_dicen() {
    let lineas = escrito("niveles");
    assert_eq!(lineas.len(), 3, "{lineas:?}");
    for (linea, (nivel, texto)) in
        lineas
            .iter()
            .zip([("INFO", "uno"), ("WARN", "dos"), ("ERROR", "tres")])
    {
        assert!(
            linea.starts_with(&format!("[{nivel}] (")) && linea.ends_with(&format!(") {texto}")),
            "{linea}"
        );
    }
}

#[test]
fn cada_linea_lleva_el_nombre_de_su_hilo() {
    let lineas = escrito("hilos");
    assert_eq!(lineas[1], "[DEBUG] (Worker) trabajo");
    assert!(
        lineas[2].starts_with("[DEBUG] (Dummy-") && lineas[2].ends_with(") paso por aquí"),
        "{lineas:?}"
    );
    assert!(lineas[3].starts_with("[DEBUG] (Thread-"), "{lineas:?}");
}

#[test]
fn se_reconfigura_cuantas_veces_se_quiera() {
    let salida = lanza("reconfigura");
    assert!(salida.status.success(), "{salida:?}");
    let (fuera, error) = (lineas(&salida.stdout), lineas(&salida.stderr));
    let textos: Vec<&str> = fuera
        .iter()
        .map(|l| l.rsplit(") ").next().unwrap())
        .collect();
    assert_eq!(
        textos,
        [
            "uno",
            "dos",
            "[INFO] descargas: cuatro kib=12 quien=\"Ana\""
        ]
    );
    assert_eq!(error, ["[INFO] tres"]);
}

#[test]
fn vale_para_los_hilos_que_ya_estan_en_marcha() {
    assert_eq!(escrito("un hilo en marcha"), ["[INFO] sí"]);
}

#[test]
fn la_hora_son_segundos_desde_que_se_configuro() {
    let linea = escrito("hora").remove(0);
    let (segundos, resto) = linea.split_once(" s ").unwrap();
    assert!(
        segundos.replace(',', ".").parse::<f64>().unwrap() >= 0.0,
        "{linea}"
    );
    assert_eq!(segundos.split_once(',').unwrap().1.len(), 3, "{linea}");
    assert!(
        resto.starts_with("[INFO] (") && resto.ends_with(") ya"),
        "{linea}"
    );
}

#[test]
fn muchos_hilos_a_la_vez_no_se_mezclan() {
    let lineas = escrito("muchos");
    assert_eq!(lineas.len(), 8 * 500);
    for i in 0..8 {
        let suyas: Vec<&str> = lineas
            .iter()
            .filter_map(|l| l.strip_prefix(&format!("[DEBUG] (h{i}) ")))
            .collect();
        let esperadas: Vec<String> = (0..500)
            .map(|n| format!("{n} {}", "x".repeat(n % 97)))
            .collect();
        assert!(
            suyas.iter().eq(esperadas.iter()),
            "las de h{i}, enteras y en su orden"
        );
    }
}

#[test]
fn configurarlo_desde_varios_hilos_a_la_vez_vale_como_una() {
    assert_eq!(escrito("dos a la vez"), ["[INFO] una vez"]);
}

#[test]
fn si_el_programa_ya_tiene_otro_suscriptor_se_queda_aquel() {
    assert_eq!(escrito("otro suscriptor"), [""; 0]);
}
