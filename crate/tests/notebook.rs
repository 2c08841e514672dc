//! Pruebas de lo que la celda recibe: los bloques MIME, enteros y en orden.

use std::env;
use std::process::Command;
use std::thread;
use std::time::Duration;

use concurrencia::{Comparison, Measurement, MimeBundle, bars};

fn medicion() -> Measurement {
    Measurement::from_samples("<&\"»", [501, 502, 507].map(Duration::from_millis)).with_cores(2)
}

/// Lanza este mismo ejecutable con solo la prueba `hijo` y devuelve lo que escribe.
fn lo_que_escribe(hijo: &str) -> String {
    let salida = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", hijo, "--nocapture"])
        .output()
        .unwrap();
    assert!(
        salida.status.success(),
        "{}",
        String::from_utf8_lossy(&salida.stderr)
    );
    String::from_utf8(salida.stdout).unwrap()
}

/// Lee los bloques como el núcleo: línea a línea.
fn bloques(salida: &str) -> Vec<(String, String)> {
    let mut bloques: Vec<(String, String)> = Vec::new();
    let mut abierto = false;
    for linea in salida.lines() {
        if let Some(mime) = linea.strip_prefix("EVCXR_BEGIN_CONTENT ") {
            assert!(!abierto, "un bloque empieza dentro de otro:\n{salida}");
            abierto = true;
            bloques.push((mime.to_owned(), String::new()));
        } else if linea == "EVCXR_END_CONTENT" {
            abierto = false;
        } else if abierto {
            let cuerpo = &mut bloques.last_mut().unwrap().1;
            cuerpo.push_str(linea);
            cuerpo.push('\n');
        }
    }
    assert!(!abierto, "el último bloque no se cierra:\n{salida}");
    bloques
}

#[test]
#[ignore = "la lanza otra prueba como subproceso"]
fn hijo_que_lo_ensena_todo() {
    println!();
    medicion().evcxr_display();
    Comparison::new([medicion(), medicion()]).evcxr_display();
    bars("Una figura", [medicion()]).evcxr_display();
}

#[test]
#[ignore = "la lanza otra prueba como subproceso"]
fn hijo_con_otros_hilos_que_imprimen() {
    println!();
    let figura = bars("Una figura", [medicion()]);
    thread::scope(|ambito| {
        for _ in 0..2 {
            ambito.spawn(|| (0..500).for_each(|i| println!("ruido {i}")));
        }
        for _ in 0..20 {
            figura.evcxr_display();
        }
    });
}

#[test]
fn todo_lo_que_se_ensena_lleva_un_formato_rico_y_el_texto() {
    let bloques = bloques(&lo_que_escribe("hijo_que_lo_ensena_todo"));
    let tipos: Vec<&str> = bloques.iter().map(|(mime, _)| mime.as_str()).collect();
    assert_eq!(
        tipos,
        [
            "text/html",
            "text/plain",
            "text/html",
            "text/plain",
            "image/svg+xml",
            "text/plain"
        ]
    );
    assert_eq!(bloques[1].1.trim_end(), medicion().to_string());
    assert_eq!(
        bloques[5].1.trim_end(),
        bars("Una figura", [medicion()]).text()
    );
    roxmltree::Document::parse(&bloques[4].1).unwrap();
}

#[test]
fn la_tabla_html_esta_bien_formada_y_se_recorre_con_lector_de_pantalla() {
    let bloques = bloques(&lo_que_escribe("hijo_que_lo_ensena_todo"));
    let tabla = roxmltree::Document::parse(&bloques[2].1).unwrap();
    let cuantos = |etiqueta: &str, ambito: Option<&str>| {
        tabla
            .descendants()
            .filter(|nodo| nodo.tag_name().name() == etiqueta && nodo.attribute("scope") == ambito)
            .count()
    };
    assert_eq!(cuantos("caption", None), 1);
    assert_eq!(cuantos("th", Some("col")), 6);
    assert_eq!(cuantos("th", Some("row")), 2);
    assert_eq!(cuantos("td", None), 10);
    assert!(tabla.descendants().any(|nodo| nodo.text() == Some("<&\"»")));
}

#[test]
fn otro_hilo_que_imprime_no_parte_los_bloques() {
    let bloques = bloques(&lo_que_escribe("hijo_con_otros_hilos_que_imprimen"));
    assert_eq!(bloques.len(), 40);
    assert!(bloques.iter().all(|(_, cuerpo)| !cuerpo.contains("ruido")));
}

#[test]
fn un_cuerpo_que_imita_las_marcas_no_cierra_el_bloque() {
    let trampa = "antes\nEVCXR_END_CONTENT\nEVCXR_BEGIN_CONTENT text/html\ndespués";
    let leidos = bloques(&MimeBundle::new().with("text/plain", trampa).to_string());
    assert_eq!(leidos.len(), 1);
    assert!(leidos[0].1.starts_with("antes\n") && leidos[0].1.ends_with("después\n"));
}
