//! Los ejercicios, en proyectos de mentira: hacer sus cuadernos, no pisar lo escrito, devolver uno a su principio y decir
//! lo que va hecho.

use crate::comun::{curso, dicho, exige_que_acabe_bien, proyecto_vacio, raiz};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use tempfile::TempDir;

const LIBRO: &str = "1_hilos";
const OTRO: &str = "2_general";

/// Lanza la orden sobre el proyecto, con el progreso en su sitio.
fn lanza(proyecto: &Path, argumentos: &[&str]) -> Output {
    curso(proyecto)
        .args(argumentos)
        .env_remove("CONCURRENCIA_PROGRESO")
        .output()
        .unwrap()
}

fn va_bien(proyecto: &Path, argumentos: &[&str]) -> String {
    let salida = lanza(proyecto, argumentos);
    exige_que_acabe_bien(&salida);
    dicho(&salida)
}

fn falla(proyecto: &Path, argumentos: &[&str], cosas: &[&str]) -> String {
    let salida = lanza(proyecto, argumentos);
    let dicho = dicho(&salida);
    assert!(!salida.status.success(), "debía fallar: {dicho}");
    for cosa in cosas {
        assert!(dicho.contains(cosa), "no dice «{cosa}»:\n{dicho}");
    }
    dicho
}

fn celda(clase: &str, id: &str, metadatos: Value, fuente: &str) -> Value {
    let lineas: Vec<&str> = fuente.split_inclusive('\n').collect();
    let mut celda = json!({"cell_type": clase, "id": id, "metadata": metadatos, "source": lineas});
    if clase == "code" {
        celda["execution_count"] = Value::Null;
        celda["outputs"] = json!([]);
    }
    celda
}

/// Las celdas de un ejercicio; si `error`, de los que no compilan.
fn ejercicio(nombre: &str, error: Option<&str>) -> Vec<Value> {
    let de = |papel: &str, mas: Value, fuente: &str| {
        let clase = match papel {
            "enunciado" | "pista" | "porque" => "markdown",
            _ => "code",
        };
        let mut suyo = json!({"nombre": nombre, "papel": papel});
        for (clave, valor) in mas.as_object().unwrap() {
            suyo[clave] = valor.clone();
        }
        celda(
            clase,
            &format!("{nombre}-{papel}"),
            json!({"ejercicio": suyo}),
            fuente,
        )
    };
    let mut enunciado = json!({
        "titulo": format!("Título de {nombre}"), "minutos": 10, "dificultad": 1, "clase": "completar",
        "unidades": ["L1-03"],
    });
    if let Some(codigo) = error {
        enunciado["clase"] = json!("no compila");
        enunciado["error"] = json!(codigo);
    }
    vec![
        de("enunciado", enunciado, &format!("### {nombre}\n\nSuma.")),
        de("dado", json!({}), "use std::thread;"),
        de(
            "partida",
            json!({}),
            &format!("fn suma() {{\n    // {nombre}\n}}"),
        ),
        de(
            "comprobar",
            json!({}),
            &format!("comprobar!(\"{nombre}\", suma)"),
        ),
        de("pista", json!({}), "SECRETO: la pista."),
        de("solucion", json!({}), "fn suma() { /* SECRETO: bien */ }"),
        de("porque", json!({}), "SECRETO: el porqué."),
        de(
            "mala",
            json!({"disfraz": "SECRETO", "suspende": "a la vez", "como": "falla"}),
            "fn suma() { /* SECRETO: mal */ }",
        ),
    ]
}

fn cabecera(titulo: &str) -> Vec<Value> {
    vec![
        celda(
            "markdown",
            "titulo",
            json!({"slideshow": {"slide_type": "slide"}}),
            &format!("# {titulo}"),
        ),
        celda(
            "code",
            "cargar",
            json!({}),
            ":dep x = { path = \"../../x\" }\nuse x::prelude::*;",
        ),
    ]
}

fn del_profesor(proyecto: &Path, libro: &str) -> PathBuf {
    proyecto.join(format!("curso/ejercicios/{libro}.ipynb"))
}

fn del_alumno(proyecto: &Path, libro: &str) -> PathBuf {
    proyecto.join(format!("notebooks/ejercicios/{libro}.ipynb"))
}

fn escribe(ruta: &Path, celdas: &[Value]) {
    fs::create_dir_all(ruta.parent().unwrap()).unwrap();
    let cuaderno = json!({"cells": celdas, "metadata": {}, "nbformat": 4, "nbformat_minor": 5});
    fs::write(ruta, cuaderno.to_string()).unwrap();
}

fn lee(ruta: &Path) -> Vec<Value> {
    let cuaderno: Value = serde_json::from_slice(&fs::read(ruta).unwrap()).unwrap();
    cuaderno["cells"].as_array().unwrap().clone()
}

fn cambia(ruta: &Path, cambio: impl FnOnce(&mut Vec<Value>)) {
    let mut celdas = lee(ruta);
    cambio(&mut celdas);
    escribe(ruta, &celdas);
}

fn con_id<'a>(celdas: &'a mut [Value], id: &str) -> &'a mut Value {
    celdas.iter_mut().find(|celda| celda["id"] == id).unwrap()
}

fn fuente(celda: &Value) -> String {
    match &celda["source"] {
        Value::String(texto) => texto.clone(),
        lineas => lineas
            .as_array()
            .unwrap()
            .iter()
            .map(|linea| linea.as_str().unwrap())
            .collect(),
    }
}

fn ids(celdas: &[Value]) -> Vec<&str> {
    celdas
        .iter()
        .map(|celda| celda["id"].as_str().unwrap())
        .collect()
}

/// Un proyecto con dos libros: uno con dos ejercicios (el segundo no compila) y otro con uno.
fn proyecto() -> TempDir {
    let proyecto = proyecto_vacio();
    let hilos = [
        cabecera("Hilos"),
        ejercicio("hilos-01", None),
        vec![celda("markdown", "entremedias", json!({}), "## Descansa")],
        ejercicio("hilos-02", Some("E0373")),
    ];
    escribe(&del_profesor(proyecto.path(), LIBRO), &hilos.concat());
    let general = [cabecera("General"), ejercicio("general-01", None)].concat();
    escribe(&del_profesor(proyecto.path(), OTRO), &general);
    proyecto
}

/// El mismo, con los cuadernos de ejercicios hechos.
fn proyecto_hecho() -> TempDir {
    let proyecto = proyecto();
    va_bien(proyecto.path(), &["ejercicios"]);
    proyecto
}

#[test]
fn los_cuadernos_salen_sin_lo_que_es_del_profesor() {
    let proyecto = proyecto_hecho();
    let ruta = del_alumno(proyecto.path(), LIBRO);
    assert!(!fs::read_to_string(&ruta).unwrap().contains("SECRETO"));
    let celdas = lee(&ruta);
    assert_eq!(
        ids(&celdas),
        [
            "titulo",
            "cargar",
            "hilos-01-enunciado",
            "hilos-01-dado",
            "hilos-01-partida",
            "hilos-01-comprobar",
            "entremedias",
            "hilos-02-enunciado",
            "hilos-02-dado",
            "hilos-02-partida",
            "hilos-02-comprobar",
        ]
    );
    let metadatos: Vec<&Value> = celdas.iter().map(|celda| &celda["metadata"]).collect();
    assert_eq!(*metadatos[0], json!({"slideshow": {"slide_type": "slide"}}));
    assert_eq!(*metadatos[1], json!({}));
    let de = |nombre: &str, papel: &str| json!({"nombre": nombre, "papel": papel});
    assert_eq!(
        *metadatos[2],
        json!({"ejercicio": de("hilos-01", "enunciado")})
    );
    assert_eq!(*metadatos[3], json!({"ejercicio": de("hilos-01", "dado")}));
    assert_eq!(
        *metadatos[4],
        json!({"ejercicio": de("hilos-01", "partida")})
    );
    assert_eq!(
        *metadatos[5],
        json!({"ejercicio": de("hilos-01", "comprobar"), "tags": ["tiempos"]})
    );
    assert_eq!(
        *metadatos[9],
        json!({"ejercicio": de("hilos-02", "partida"), "tags": ["raises-exception"], "error": "E0373"})
    );
    assert_eq!(
        *metadatos[10],
        json!({"ejercicio": de("hilos-02", "comprobar"), "tags": ["raises-exception"], "error": "E0425"})
    );
    assert_eq!(fuente(&celdas[4]), "fn suma() {\n    // hilos-01\n}");
    assert!(del_alumno(proyecto.path(), OTRO).exists());
}

#[test]
fn hacerlos_otra_vez_no_cambia_nada() {
    let proyecto = proyecto_hecho();
    let ruta = del_alumno(proyecto.path(), LIBRO);
    let antes = fs::read(&ruta).unwrap();
    let dicho = va_bien(proyecto.path(), &["ejercicios"]);
    assert!(dicho.contains("2 ejercicios, ya estaba"), "{dicho}");
    assert_eq!(fs::read(&ruta).unwrap(), antes);
}

#[test]
fn comprobar_dice_que_falta_y_que_ha_cambiado_y_no_escribe() {
    let proyecto = proyecto();
    falla(
        proyecto.path(),
        &["ejercicios", "--comprobar"],
        &[
            "notebooks/ejercicios/1_hilos.ipynb: no coincide: no existe",
            "cargo curso ejercicios",
        ],
    );
    assert!(!del_alumno(proyecto.path(), LIBRO).exists());

    va_bien(proyecto.path(), &["ejercicios"]);
    va_bien(proyecto.path(), &["ejercicios", "--comprobar"]);

    let ruta = del_alumno(proyecto.path(), LIBRO);
    let hecho = lee(&ruta);
    let con = |cambio: &dyn Fn(&mut Vec<Value>), cosas: &[&str]| {
        let mut celdas = hecho.clone();
        cambio(&mut celdas);
        escribe(&ruta, &celdas);
        let antes = fs::read(&ruta).unwrap();
        falla(proyecto.path(), &["ejercicios", "--comprobar"], cosas);
        assert_eq!(fs::read(&ruta).unwrap(), antes);
    };
    con(
        &|celdas| con_id(celdas, "hilos-01-partida")["source"] = json!("fn suma() { 3 }"),
        &["han cambiado las celdas: hilos-01-partida"],
    );
    con(
        &|celdas| con_id(celdas, "hilos-01-comprobar")["metadata"]["tags"] = json!([]),
        &["han cambiado las celdas: hilos-01-comprobar"],
    );
    con(
        &|celdas| drop(celdas.remove(3)),
        &["faltan las celdas: hilos-01-dado"],
    );
    con(
        &|celdas| celdas.push(celda("code", "mia", json!({}), "1 + 1")),
        &["sobran las celdas: mia"],
    );
    con(&|celdas| celdas.swap(0, 1), &["otro orden"]);
}

#[test]
fn ejecutarlos_no_hace_que_dejen_de_coincidir() {
    let proyecto = proyecto_hecho();
    let ruta = del_alumno(proyecto.path(), LIBRO);
    let mut cuaderno: Value = serde_json::from_slice(&fs::read(&ruta).unwrap()).unwrap();
    cuaderno["metadata"] = json!({"otra": "cosa"});
    for celda in cuaderno["cells"].as_array_mut().unwrap() {
        celda["source"] = json!(fuente(celda));
        if celda["cell_type"] == "code" {
            celda["execution_count"] = json!(7);
            celda["outputs"] =
                json!([{"output_type": "stream", "name": "stdout", "text": ["hola"]}]);
            celda["metadata"]["execution"] = json!({"iopub.status.busy": "2025"});
        }
    }
    fs::write(&ruta, cuaderno.to_string()).unwrap();
    va_bien(proyecto.path(), &["ejercicios", "--comprobar"]);
    va_bien(proyecto.path(), &["ejercicios"]);
    assert_eq!(
        lee(&ruta)[4]["execution_count"],
        7,
        "no se toca lo que coincide"
    );
}

#[test]
fn se_conservan_las_salidas_de_lo_que_no_ha_cambiado() {
    let proyecto = proyecto_hecho();
    let ruta = del_alumno(proyecto.path(), LIBRO);
    let salidas = json!([{"output_type": "stream", "name": "stdout", "text": ["hola"]}]);
    cambia(&ruta, |celdas| {
        for id in ["cargar", "hilos-01-dado", "hilos-01-comprobar"] {
            con_id(celdas, id)["outputs"] = salidas.clone();
            con_id(celdas, id)["execution_count"] = json!(3);
        }
    });
    cambia(&del_profesor(proyecto.path(), LIBRO), |celdas| {
        con_id(celdas, "hilos-01-dado")["source"] = json!(["use std::sync::mpsc;"]);
        con_id(celdas, "hilos-01-enunciado")["source"] = json!(["### Otro enunciado"]);
    });
    va_bien(proyecto.path(), &["ejercicios"]);
    let mut celdas = lee(&ruta);
    assert_eq!(
        fuente(con_id(&mut celdas, "hilos-01-enunciado")),
        "### Otro enunciado"
    );
    for id in ["cargar", "hilos-01-comprobar"] {
        let celda = con_id(&mut celdas, id);
        assert_eq!(
            (&celda["outputs"], &celda["execution_count"]),
            (&salidas, &json!(3)),
            "{id}"
        );
    }
    let dado = con_id(&mut celdas, "hilos-01-dado");
    assert_eq!(
        (&dado["outputs"], &dado["execution_count"]),
        (&json!([]), &Value::Null)
    );
    va_bien(proyecto.path(), &["ejercicios", "--comprobar"]);
}

#[test]
fn lo_escrito_no_se_pisa_y_no_se_toca_ningun_cuaderno() {
    let proyecto = proyecto_hecho();
    let ruta = del_alumno(proyecto.path(), LIBRO);
    cambia(&ruta, |celdas| {
        con_id(celdas, "hilos-01-partida")["source"] = json!("fn suma() { /* lo mío */ }");
        celdas.push(celda("code", "mia", json!({}), "let notas = 1;"));
        celdas.push(celda("code", "vacia", json!({}), " \n"));
    });
    cambia(&del_profesor(proyecto.path(), OTRO), |celdas| {
        celdas[0]["source"] = json!(["# Otro título"]);
    });
    let leidos = |libro| fs::read(del_alumno(proyecto.path(), libro)).unwrap();
    let antes = [leidos(LIBRO), leidos(OTRO)];
    falla(
        proyecto.path(),
        &["ejercicios"],
        &[
            "en «notebooks/ejercicios/1_hilos.ipynb» hay algo escrito: hilos-01 y 1 celda añadida",
            "no se ha tocado ninguno",
            "cargo curso ejercicio reiniciar hilos-01",
            "--pisar",
        ],
    );
    assert_eq!([leidos(LIBRO), leidos(OTRO)], antes);

    let dicho = va_bien(proyecto.path(), &["ejercicios", "--pisar"]);
    let guardado = "notebooks/ejercicios/.anteriores/1_hilos-1.ipynb";
    assert!(dicho.contains(guardado), "{dicho}");
    assert_eq!(fs::read(proyecto.path().join(guardado)).unwrap(), antes[0]);
    va_bien(proyecto.path(), &["ejercicios", "--comprobar"]);
    assert!(!fs::read_to_string(&ruta).unwrap().contains("lo mío"));
}

#[test]
fn lo_escrito_en_un_ejercicio_que_ya_no_existe_tampoco_se_pisa() {
    let proyecto = proyecto_hecho();
    let general = [cabecera("General"), ejercicio("general-02", None)].concat();
    escribe(&del_profesor(proyecto.path(), OTRO), &general);
    falla(
        proyecto.path(),
        &["ejercicios"],
        &["2_general.ipynb", "general-01"],
    );
}

#[test]
fn comprobar_y_pisar_no_van_juntos() {
    let proyecto = proyecto_hecho();
    falla(
        proyecto.path(),
        &["ejercicios", "--comprobar", "--pisar"],
        &["no se puede repetir ni combinar"],
    );
}

#[test]
fn reiniciar_devuelve_un_ejercicio_a_su_principio_y_no_toca_lo_demas() {
    let proyecto = proyecto_hecho();
    let ruta = del_alumno(proyecto.path(), LIBRO);
    let salidas = json!([{"output_type": "stream", "name": "stdout", "text": ["hola"]}]);
    cambia(&ruta, |celdas| {
        for celda in celdas
            .iter_mut()
            .filter(|celda| celda["cell_type"] == "code")
        {
            celda["outputs"] = salidas.clone();
            celda["execution_count"] = json!(5);
        }
        con_id(celdas, "hilos-01-partida")["source"] = json!("fn suma() { /* lo mío */ }\n");
        con_id(celdas, "hilos-01-dado")["source"] = json!("use std::thread::spawn;");
        con_id(celdas, "hilos-02-partida")["source"] = json!("fn suma() { /* del otro */ }");
        let comprobar = celdas
            .iter()
            .position(|c| c["id"] == "hilos-01-comprobar")
            .unwrap();
        celdas.insert(comprobar, celda("code", "mia", json!({}), "let notas = 1;"));
    });
    let progreso = proyecto.path().join("progreso.json");
    fs::write(&progreso, "{\"hilos-01\": {\"intentos\": 4}}").unwrap();
    let antes = lee(&ruta);

    let dicho = va_bien(proyecto.path(), &["ejercicio", "reiniciar", "hilos-01"]);
    let guardado = "notebooks/ejercicios/.anteriores/hilos-01-1.rs";
    assert!(dicho.contains(guardado), "{dicho}");
    assert_eq!(
        fs::read_to_string(proyecto.path().join(guardado)).unwrap(),
        "use std::thread::spawn;\n\nfn suma() { /* lo mío */ }\n"
    );
    let despues = lee(&ruta);
    assert_eq!(ids(&despues), ids(&antes));
    for (antes, despues) in antes.iter().zip(&despues) {
        let id = antes["id"].as_str().unwrap();
        if ["hilos-01-dado", "hilos-01-partida", "hilos-01-comprobar"].contains(&id) {
            assert_eq!(
                (&despues["outputs"], &despues["execution_count"]),
                (&json!([]), &Value::Null),
                "{id}"
            );
        } else {
            assert_eq!(antes, despues, "{id}");
        }
    }
    let mut celdas = despues;
    assert_eq!(
        fuente(con_id(&mut celdas, "hilos-01-partida")),
        "fn suma() {\n    // hilos-01\n}"
    );
    assert_eq!(
        fuente(con_id(&mut celdas, "hilos-01-dado")),
        "use std::thread;"
    );
    assert_eq!(
        fs::read_to_string(&progreso).unwrap(),
        "{\"hilos-01\": {\"intentos\": 4}}"
    );
}

#[test]
fn reiniciar_otra_vez_no_pisa_lo_guardado_y_si_no_hay_nada_no_guarda() {
    let proyecto = proyecto_hecho();
    let ruta = del_alumno(proyecto.path(), LIBRO);
    let anteriores = proyecto.path().join("notebooks/ejercicios/.anteriores");
    let dicho = va_bien(proyecto.path(), &["ejercicio", "reiniciar", "hilos-01"]);
    assert!(dicho.contains("ya estaba como al principio"), "{dicho}");
    assert!(!anteriores.exists());
    for n in 1..=3 {
        cambia(&ruta, |celdas| {
            con_id(celdas, "hilos-01-partida")["source"] = json!(format!("fn suma() {{ {n} }}"));
        });
        va_bien(proyecto.path(), &["ejercicio", "reiniciar", "hilos-01"]);
    }
    for n in 1..=3 {
        let guardado = fs::read_to_string(anteriores.join(format!("hilos-01-{n}.rs"))).unwrap();
        assert_eq!(guardado, format!("fn suma() {{ {n} }}\n"));
    }
}

#[test]
fn reiniciar_recompone_lo_borrado_y_lo_partido_en_dos() {
    let proyecto = proyecto_hecho();
    let ruta = del_alumno(proyecto.path(), LIBRO);
    let hecho = lee(&ruta);
    cambia(&ruta, |celdas| {
        // La partida, partida en dos (Jupyter repite los metadatos), y sin la que comprueba.
        let partida = celdas
            .iter()
            .position(|c| c["id"] == "hilos-01-partida")
            .unwrap();
        let mut mitad = celdas[partida].clone();
        mitad["id"] = json!("otro-id");
        mitad["source"] = json!("// la otra mitad");
        celdas.insert(partida, mitad);
        celdas.retain(|c| c["id"] != "hilos-01-comprobar");
        con_id(celdas, "hilos-01-dado")["id"] = json!("id-cambiado");
    });
    va_bien(proyecto.path(), &["ejercicio", "reiniciar", "hilos-01"]);
    assert_eq!(lee(&ruta), hecho);
    let guardado = proyecto
        .path()
        .join("notebooks/ejercicios/.anteriores/hilos-01-1.rs");
    assert_eq!(fs::read_to_string(guardado).unwrap(), "// la otra mitad\n");

    cambia(&ruta, |celdas| {
        celdas.retain(|c| c["metadata"]["ejercicio"]["nombre"] != "hilos-02");
    });
    va_bien(proyecto.path(), &["ejercicio", "reiniciar", "hilos-02"]);
    assert_eq!(ids(&lee(&ruta)).last(), Some(&"hilos-02-comprobar"));
}

#[test]
fn un_nombre_mal_escrito_sugiere_el_bueno_y_no_reinicia_los_demas() {
    let proyecto = proyecto_hecho();
    let ruta = del_alumno(proyecto.path(), LIBRO);
    cambia(&ruta, |celdas| {
        con_id(celdas, "hilos-01-partida")["source"] = json!("fn suma() { 1 }");
    });
    let antes = fs::read(&ruta).unwrap();
    falla(
        proyecto.path(),
        &["ejercicio", "reiniciar", "hilos-01", "hilos-2"],
        &[
            "«hilos-2»",
            "¿querías decir «hilos-02»?",
            "hilos-01, hilos-02; general-01",
        ],
    );
    assert_eq!(fs::read(&ruta).unwrap(), antes);
}

#[test]
fn sin_el_cuaderno_de_ejercicios_reiniciar_dice_como_hacerlo() {
    let proyecto = proyecto();
    falla(
        proyecto.path(),
        &["ejercicio", "reiniciar", "hilos-01"],
        &[
            "notebooks/ejercicios/1_hilos.ipynb",
            "cargo curso ejercicios",
        ],
    );
}

#[test]
fn reiniciar_sin_decir_que_ensena_su_ayuda() {
    let proyecto = proyecto_hecho();
    let dicho = falla(proyecto.path(), &["ejercicio", "reiniciar"], &["NOMBRE"]);
    assert!(dicho.contains("falta"), "{dicho}");
    let salida = lanza(proyecto.path(), &["ejercicio"]);
    assert_eq!(salida.status.code(), Some(2));
    falla(
        proyecto.path(),
        &["ejercicio"],
        &["Uso: cargo curso ejercicio", "reiniciar", "Órdenes:"],
    );
}

#[test]
fn sin_ejercicios_todas_las_ordenes_dicen_que_faltan() {
    let proyecto = proyecto_vacio();
    let ordenes: [&[&str]; 4] = [
        &["ejercicios"],
        &["ejercicios", "--comprobar"],
        &["ejercicio", "reiniciar", "hilos-01"],
        &["progreso"],
    ];
    for orden in ordenes {
        falla(
            proyecto.path(),
            orden,
            &["curso/ejercicios", "no existe", "git checkout"],
        );
    }
    fs::create_dir(proyecto.path().join("curso/ejercicios")).unwrap();
    for orden in ordenes {
        falla(
            proyecto.path(),
            orden,
            &["«curso/ejercicios/» no hay ninguno", "git checkout"],
        );
    }
    assert!(!proyecto.path().join("notebooks/ejercicios").exists());
}

#[test]
fn un_cuaderno_del_profesor_mal_hecho_dice_la_celda_y_el_ejercicio() {
    let proyecto = proyecto_hecho();
    cambia(&del_profesor(proyecto.path(), LIBRO), |celdas| {
        celdas.retain(|celda| celda["id"] != "hilos-01-solucion");
    });
    falla(
        proyecto.path(),
        &["ejercicios"],
        &[
            "1_hilos.ipynb», celda 3, ejercicio «hilos-01»",
            "falta la celda «solucion»",
            "qué hacer",
        ],
    );
    let repetido = [cabecera("Hilos"), ejercicio("hilos-01", None)].concat();
    escribe(&del_profesor(proyecto.path(), LIBRO), &repetido);
    cambia(&del_profesor(proyecto.path(), LIBRO), |celdas| {
        celdas[1]["id"] = json!("titulo")
    });
    falla(
        proyecto.path(),
        &["ejercicios"],
        &["1_hilos.ipynb", "mismo «id», «titulo»"],
    );
}

#[test]
fn sin_progreso_nada_esta_hecho_y_toca_el_primero() {
    let proyecto = proyecto();
    let dicho = va_bien(proyecto.path(), &["progreso"]);
    for cosa in [
        "Hilos",
        "0/2",
        "0/20",
        "todos",
        "0/3",
        "Toca hilos-01 · Título de hilos-01 (10 min)",
    ] {
        assert!(dicho.contains(cosa), "no dice «{cosa}»:\n{dicho}");
    }
    assert!(!proyecto.path().join("progreso.json").exists());
    let dicho = va_bien(proyecto.path(), &["progreso", "--borrar"]);
    assert!(dicho.contains("No había nada que borrar"), "{dicho}");
}

#[test]
fn el_progreso_dice_lo_hecho_lo_que_ha_costado_y_lo_que_toca() {
    let proyecto = proyecto();
    let progreso = proyecto.path().join("progreso.json");
    fs::write(
        &progreso,
        r#"{"hilos-01": {"intentos": 31, "aprobado_en": 3, "pistas": 42, "rendido": true},
            "jubilado-01": {"intentos": 555}}"#,
    )
    .unwrap();
    let dicho = va_bien(proyecto.path(), &["progreso"]);
    let fila = |titulo: &str| -> Vec<String> {
        let fila = dicho.lines().find(|linea| linea.contains(titulo)).unwrap();
        let quita = |c: char| c.is_whitespace() || c == '│' || c == '┆' || c == '║';
        fila.split(quita)
            .filter(|t| !t.is_empty())
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(
        fila("Hilos"),
        ["Hilos", "1/2", "10/20", "31", "42", "1"],
        "{dicho}"
    );
    assert_eq!(fila("General"), ["General", "0/1", "0/10", "0", "0", "0"]);
    assert_eq!(fila("todos"), ["todos", "1/3", "10/30", "31", "42", "1"]);
    assert!(dicho.contains("Toca hilos-02"), "{dicho}");

    // En otro sitio, si lo dice la variable.
    let salida = curso(proyecto.path())
        .arg("progreso")
        .env("CONCURRENCIA_PROGRESO", proyecto.path().join("otro.json"))
        .output()
        .unwrap();
    exige_que_acabe_bien(&salida);
    let dicho = crate::comun::dicho(&salida);
    assert!(dicho.contains("Toca hilos-01"), "{dicho}");
}

#[test]
fn con_todo_aprobado_lo_dice() {
    let proyecto = proyecto();
    let aprobados: Value = ["hilos-01", "hilos-02", "general-01"]
        .into_iter()
        .map(|nombre| (nombre.to_owned(), json!({"intentos": 1, "aprobado_en": 1})))
        .collect::<serde_json::Map<_, _>>()
        .into();
    fs::write(proyecto.path().join("progreso.json"), aprobados.to_string()).unwrap();
    let dicho = va_bien(proyecto.path(), &["progreso"]);
    assert!(dicho.contains("Los has aprobado todos"), "{dicho}");
}

#[test]
fn un_progreso_estropeado_se_aparta_y_se_dice() {
    let proyecto = proyecto();
    fs::write(proyecto.path().join("progreso.json"), "<<<<<<< HEAD").unwrap();
    let dicho = va_bien(proyecto.path(), &["progreso"]);
    assert!(
        dicho.contains("estropeado") && dicho.contains("«progreso.estropeado-1.json»"),
        "{dicho}"
    );
    let apartado = proyecto.path().join("progreso.estropeado-1.json");
    assert_eq!(fs::read_to_string(apartado).unwrap(), "<<<<<<< HEAD");
}

#[test]
fn un_progreso_que_no_se_puede_leer_es_un_error() {
    let proyecto = proyecto();
    fs::create_dir(proyecto.path().join("progreso.json")).unwrap();
    falla(
        proyecto.path(),
        &["progreso"],
        &["progreso.json", "es una carpeta"],
    );
}

#[test]
fn borrar_el_progreso_dice_que_habia_y_lo_aparta() {
    let proyecto = proyecto();
    let progreso = proyecto.path().join("progreso.json");
    let contenido =
        r#"{"hilos-01": {"intentos": 3, "aprobado_en": 3}, "hilos-02": {"intentos": 1}}"#;
    fs::write(&progreso, contenido).unwrap();
    let dicho = va_bien(proyecto.path(), &["progreso", "--borrar"]);
    for cosa in [
        "«progreso.json»: 2 ejercicios empezados, 1 aprobado.",
        "«progreso.anterior-1.json»",
    ] {
        assert!(dicho.contains(cosa), "no dice «{cosa}»:\n{dicho}");
    }
    assert!(!progreso.exists());
    let apartado = proyecto.path().join("progreso.anterior-1.json");
    assert_eq!(fs::read_to_string(apartado).unwrap(), contenido);
    assert!(va_bien(proyecto.path(), &["progreso"]).contains("Toca hilos-01"));
}

#[test]
fn lo_guardado_antes_de_cambiar_no_cuenta_como_cuaderno_del_curso() {
    let proyecto = proyecto_hecho();
    let anteriores = proyecto.path().join("notebooks/ejercicios/.anteriores");
    fs::create_dir(&anteriores).unwrap();
    fs::write(anteriores.join("1_hilos-1.ipynb"), "{}").unwrap();
    let dicho = falla(
        proyecto.path(),
        &["ejecutar", "no_esta"],
        &["notebooks/ejercicios/1_hilos.ipynb"],
    );
    assert!(!dicho.contains(".anteriores"), "{dicho}");
}

#[test]
fn git_no_guarda_el_progreso_ni_lo_anterior() {
    let ignorado = fs::read_to_string(raiz().join(".gitignore")).unwrap();
    let lineas: Vec<&str> = ignorado.lines().collect();
    for linea in [
        "progreso.json",
        "progreso.json.cerrojo",
        "progreso.json.nuevo",
        "progreso.estropeado-*.json",
        "progreso.anterior-*.json",
        "notebooks/ejercicios/.anteriores/",
    ] {
        assert!(lineas.contains(&linea), "{linea}");
    }
}

#[test]
fn los_cuadernos_de_ejercicios_del_curso_son_los_que_salen_de_los_del_profesor() {
    va_bien(&raiz(), &["ejercicios", "--comprobar"]);
}

#[test]
fn el_readme_y_00_inicio_dicen_cuantos_hay_y_lo_que_llevan() {
    let catalogo = catalog::Catalog::load(&raiz()).unwrap();
    let lee = |ruta: &str| fs::read_to_string(raiz().join(ruta)).unwrap();
    let (readme, inicio) = (lee("README.md"), lee("notebooks/00_inicio.ipynb"));
    let total = catalogo.exercises().count();
    assert!(
        readme.contains(&format!("hay {total}, de una línea")),
        "el README no dice que hay {total}"
    );
    for libro in catalogo.books() {
        let minutos: u32 = libro.exercises.iter().map(|uno| uno.minutes).sum();
        let fin = format!("| {} | {minutos} |", libro.exercises.len());
        for (texto, donde) in [(&readme, "el README"), (&inicio, "00_inicio")] {
            let fila = texto
                .lines()
                .find(|linea| linea.contains(&format!("[{}](", libro.name)));
            assert!(
                fila.is_some_and(|fila| fila.contains(&fin)),
                "{donde} no dice de {} que son «{fin}»",
                libro.name
            );
        }
    }
}
