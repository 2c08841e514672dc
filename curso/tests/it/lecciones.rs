//! Los cuadernos del curso: cubren las lecciones, miden lo que dicen y tienen la forma que esperan quien los lee y quien los proyecta.

use crate::comun::raiz;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// Las unidades de las lecciones: su clase, y si piden una medida.
const UNIDADES: &str = include_str!("../unidades.csv");

struct Unidad {
    id: &'static str,
    clase: &'static str,
    medida: bool,
}

fn unidades() -> Vec<Unidad> {
    let lineas = UNIDADES.lines().skip(1).map(|linea| {
        let mut partes = linea.split(',');
        Unidad {
            id: partes.next().unwrap(),
            clase: partes.next().unwrap(),
            medida: partes.next().unwrap() == "sí",
        }
    });
    lineas.collect()
}

/// Una celda de un cuaderno guardado.
struct Celda(Value);

impl Celda {
    fn fuente(&self) -> String {
        let lineas = self.0["source"].as_array().unwrap();
        lineas.iter().map(|l| l.as_str().unwrap()).collect()
    }

    fn es_codigo(&self) -> bool {
        self.0["cell_type"] == "code"
    }

    fn unidades(&self) -> Vec<&str> {
        let unidades = self.0["metadata"]["unidades"].as_array();
        unidades
            .into_iter()
            .flatten()
            .map(|u| u.as_str().unwrap())
            .collect()
    }

    fn tiene_etiqueta(&self, etiqueta: &str) -> bool {
        let etiquetas = self.0["metadata"]["tags"].as_array();
        etiquetas.into_iter().flatten().any(|e| e == etiqueta)
    }

    fn diapositiva(&self) -> &str {
        self.0["metadata"]["slideshow"]["slide_type"]
            .as_str()
            .unwrap_or_default()
    }

    fn minutos(&self) -> Option<u64> {
        self.0["metadata"]["minutos"].as_u64()
    }

    fn tiene_figura(&self) -> bool {
        let salidas = self.0["outputs"].as_array().into_iter().flatten();
        let mut datos = salidas.filter_map(|s| s["data"].as_object());
        datos.any(|d| d.contains_key("image/svg+xml") || d.contains_key("image/png"))
    }

    /// Las carpetas y archivos a los que enlaza, también como imagen.
    fn enlaces(&self) -> Vec<String> {
        let fuente = self.fuente();
        let destinos = fuente
            .split("](")
            .skip(1)
            .filter_map(|t| t.split(')').next());
        destinos
            .filter(|d| !d.starts_with("http") && !d.starts_with('#'))
            .map(str::to_owned)
            .collect()
    }

    fn enseña_una_imagen(&self) -> bool {
        self.fuente().contains("](../images/") || self.tiene_figura()
    }
}

/// Un cuaderno de `notebooks/`, como está guardado.
struct Cuaderno {
    nombre: String,
    bytes: usize,
    minutos: Option<u64>,
    celdas: Vec<Celda>,
}

impl Cuaderno {
    fn es_de_leccion(&self) -> bool {
        self.nombre != "00_inicio"
    }

    /// Las celdas desde la que empieza así.
    fn desde(&self, principio: &str) -> &[Celda] {
        let donde = self
            .celdas
            .iter()
            .position(|c| c.fuente().starts_with(principio));
        donde.map_or(&[], |i| &self.celdas[i..])
    }

    /// Las secciones: cada encabezado de segundo nivel con lo que le sigue.
    fn secciones(&self) -> Vec<&[Celda]> {
        let es_titulo = |celda: &Celda| !celda.es_codigo() && celda.fuente().starts_with("## ");
        let titulos: Vec<usize> = (0..self.celdas.len())
            .filter(|i| es_titulo(&self.celdas[*i]))
            .collect();
        let finales = titulos.iter().skip(1).copied().chain([self.celdas.len()]);
        titulos
            .iter()
            .zip(finales)
            .map(|(de, a)| &self.celdas[*de..a])
            .collect()
    }
}

fn cuadernos() -> Vec<Cuaderno> {
    let carpeta = raiz().join("notebooks");
    let rutas = std::fs::read_dir(&carpeta)
        .unwrap()
        .map(|e| e.unwrap().path());
    let mut rutas: Vec<_> = rutas
        .filter(|r| r.extension().is_some_and(|e| e == "ipynb"))
        .collect();
    rutas.sort();
    let cuadernos: Vec<Cuaderno> = rutas.iter().map(|ruta| lee(ruta)).collect();
    assert!(!cuadernos.is_empty(), "no hay cuadernos");
    cuadernos
}

fn lee(ruta: &Path) -> Cuaderno {
    let texto = std::fs::read_to_string(ruta).unwrap();
    let cuaderno: Value = serde_json::from_str(&texto).unwrap();
    Cuaderno {
        nombre: ruta.file_stem().unwrap().to_str().unwrap().to_owned(),
        bytes: texto.len(),
        minutos: cuaderno["metadata"]["minutos"].as_u64(),
        celdas: cuaderno["cells"]
            .as_array()
            .unwrap()
            .iter()
            .cloned()
            .map(Celda)
            .collect(),
    }
}

/// Falla con todo lo que haya en `mal`, de una vez.
#[track_caller]
fn exige_que_no_haya(que: &str, mal: &[String]) {
    assert!(mal.is_empty(), "{que}:\n  {}", mal.join("\n  "));
}

#[test]
fn cada_unidad_tiene_su_celda_y_cada_medida_su_figura_y_su_comprobacion() {
    let cuadernos = cuadernos();
    let mut mal = Vec::new();
    let unidades = unidades();
    assert_eq!(unidades.len(), 193);
    for Unidad { id, clase, medida } in unidades {
        let celdas = cuadernos.iter().flat_map(|c| &c.celdas);
        let suyas: Vec<&Celda> = celdas.filter(|c| c.unidades().contains(&id)).collect();
        let cubierta = match clase {
            "código" | "ejercicio" | "pista" => {
                suyas.iter().any(|c| c.0["execution_count"].is_u64())
            }
            "figura" => suyas.iter().any(|c| c.enseña_una_imagen()),
            "texto" | "tabla" => suyas.iter().any(|c| !c.fuente().trim().is_empty()),
            otra => panic!("clase desconocida: {otra}"),
        };
        if !cubierta {
            mal.push(format!("{id} ({clase}): ninguna celda la cubre"));
        }
        if medida && !suyas.iter().any(|c| c.tiene_figura()) {
            mal.push(format!("{id}: pide una medida y no hay figura"));
        }
        if medida && !suyas.iter().any(|c| c.fuente().contains("assert")) {
            mal.push(format!("{id}: ninguna celda comprueba lo que se afirma"));
        }
    }
    exige_que_no_haya("unidades sin cubrir", &mal);
}

#[test]
fn las_unidades_van_en_el_orden_de_su_leccion() {
    let mut mal = Vec::new();
    for cuaderno in cuadernos().iter().filter(|c| c.es_de_leccion()) {
        // El cierre vuelve sobre todas.
        let cuerpo = cuaderno.celdas.len() - cuaderno.desde("## Para llevar").len();
        let mut vistas: Vec<&str> = Vec::new();
        for unidad in cuaderno.celdas[..cuerpo].iter().flat_map(Celda::unidades) {
            if vistas.contains(&unidad) {
                continue;
            }
            if let Some(ultima) = vistas.last().filter(|ultima| **ultima > unidad) {
                mal.push(format!("{}: {unidad} tras {ultima}", cuaderno.nombre));
            }
            vistas.push(unidad);
        }
    }
    exige_que_no_haya("unidades desordenadas", &mal);
}

#[test]
fn cada_celda_dice_de_que_unidad_es_y_que_diapositiva() {
    let conocidas: BTreeSet<&str> = unidades().iter().map(|u| u.id).collect();
    let mut mal = Vec::new();
    for cuaderno in cuadernos() {
        for (i, celda) in cuaderno.celdas.iter().enumerate() {
            let donde = format!("{} celda {i}", cuaderno.nombre);
            let tipos = ["slide", "subslide", "fragment", "skip", "notes"];
            if !tipos.contains(&celda.diapositiva()) {
                mal.push(format!(
                    "{donde}: «{}» no es un tipo de diapositiva",
                    celda.diapositiva()
                ));
            }
            if cuaderno.es_de_leccion() && celda.unidades().is_empty() {
                mal.push(format!("{donde}: no dice de qué unidad es"));
            }
            for unidad in celda.unidades() {
                if !conocidas.contains(unidad) {
                    mal.push(format!("{donde}: «{unidad}» no es una unidad"));
                }
            }
        }
    }
    exige_que_no_haya("metadatos que faltan", &mal);
}

#[test]
fn los_minutos_son_los_de_sus_secciones_y_los_que_se_anuncian() {
    let readme = std::fs::read_to_string(raiz().join("README.md")).unwrap();
    let cuadernos = cuadernos();
    let inicio = &cuadernos[0];
    assert_eq!(inicio.nombre, "00_inicio");
    let indice: String = inicio.celdas.iter().map(Celda::fuente).collect();
    let mut mal = Vec::new();
    for cuaderno in &cuadernos {
        let nombre = &cuaderno.nombre;
        let suma: u64 = cuaderno.celdas.iter().filter_map(Celda::minutos).sum();
        if cuaderno.minutos != Some(suma) || suma == 0 {
            mal.push(format!(
                "{nombre}: dice {:?} y suman {suma}",
                cuaderno.minutos
            ));
        }
        for seccion in cuaderno.secciones() {
            if seccion[0].minutos().is_none() {
                mal.push(format!("{nombre}: sin minutos, {}", seccion[0].fuente()));
            }
        }
        if !cuaderno.celdas[0]
            .fuente()
            .contains(&format!("Unos {suma} minutos"))
        {
            mal.push(format!("{nombre}: el título no dice «Unos {suma} minutos»"));
        }
        let fila = |texto: &str, carpeta: &str| {
            let suya = format!("| [{nombre}]({carpeta}{nombre}.ipynb) |");
            texto
                .lines()
                .any(|l| l.starts_with(&suya) && l.ends_with(&format!("| {suma} |")))
        };
        if !fila(&readme, "notebooks/") {
            mal.push(format!(
                "{nombre}: no está en el README, o con otros minutos que {suma}"
            ));
        }
        if cuaderno.es_de_leccion() && !fila(&indice, "") {
            mal.push(format!(
                "{nombre}: no está en 00_inicio, o con otros minutos que {suma}"
            ));
        }
    }
    exige_que_no_haya("minutos que no cuadran", &mal);
}

#[test]
fn la_guia_reparte_todos_los_cuadernos_y_sus_minutos_son_los_suyos() {
    let guia = std::fs::read_to_string(raiz().join("GUIA.md")).unwrap();
    // Lo que dice, sin los cortes de línea.
    let dice = guia.split_whitespace().collect::<Vec<_>>().join(" ");
    let cuadernos = cuadernos();
    let minutos = |nombre: &str| {
        let suyo = cuadernos.iter().find(|c| c.nombre == nombre);
        suyo.and_then(|c| c.minutos)
            .unwrap_or_else(|| panic!("GUIA.md: «{nombre}» no es un cuaderno con sus minutos"))
    };
    let numero = |texto: &str| -> u64 {
        let dado = texto.parse();
        dado.unwrap_or_else(|_| panic!("GUIA.md: «{texto}» no es un número"))
    };
    let (mut mal, mut repartidos, mut libros) = (Vec::new(), Vec::new(), Vec::new());
    let ritmo = guia.split("## El ritmo").nth(1).unwrap();
    let filas = ritmo.split("\n## ").next().unwrap().lines();
    let sesiones: Vec<Vec<&str>> = filas
        .filter(|fila| fila.starts_with('|'))
        .skip(2) // la cabecera y su raya
        .map(|fila| fila.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    for (i, sesion) in sesiones.iter().enumerate() {
        let &[cual, suyos, dura, despues] = sesion.as_slice() else {
            panic!("GUIA.md: a esta sesión le sobran o le faltan columnas: {sesion:?}");
        };
        let suyos: Vec<&str> = suyos.split(", ").collect();
        let suma: u64 = suyos.iter().map(|nombre| minutos(nombre)).sum();
        if numero(cual) != i as u64 + 1 {
            mal.push(format!(
                "la sesión que dice {cual} va en el lugar {}",
                i + 1
            ));
        }
        if numero(dura) != suma {
            mal.push(format!("sesión {cual}: dice {dura} minutos y suman {suma}"));
        }
        if !(60..=120).contains(&suma) {
            mal.push(format!("sesión {cual}: {suma} no es entre una y dos horas"));
        }
        if suma > 100 && suyos.len() != 2 {
            mal.push(format!(
                "sesión {cual}: no tiene dos cuadernos entre los que parar"
            ));
        }
        repartidos.extend(suyos);
        if let Some(libro) = despues.strip_prefix("ejercicios ") {
            libros.push(libro.to_owned());
        }
    }
    let nombres: Vec<&str> = cuadernos.iter().map(|c| &*c.nombre).collect();
    assert_eq!(
        repartidos, nombres,
        "cada cuaderno, en una sesión y en orden"
    );
    assert_eq!(sesiones.len(), 10);
    assert!(dice.contains("Diez sesiones de entre una y dos horas"));

    let catalogo = catalog::Catalog::load(&raiz()).unwrap();
    let (mut esperados, mut de_ejercicios) = (Vec::new(), 0);
    for libro in catalogo.books() {
        let suma: u32 = libro.exercises.iter().map(|uno| uno.minutes).sum();
        let numero = libro.name.split('_').next().unwrap();
        esperados.push(format!("{numero}: {suma} min"));
        de_ejercicios += suma;
    }
    assert_eq!(libros, esperados, "los libros de ejercicios y sus minutos");

    let lecciones: u64 = nombres.iter().map(|nombre| minutos(nombre)).sum();
    let totales = format!("Son {lecciones} minutos de lección y {de_ejercicios} de ejercicios.");
    let corto = dice
        .split("Con menos de la mitad del tiempo: ")
        .nth(1)
        .unwrap();
    let (elegidos, _) = corto.split_once(", que son").unwrap();
    let corto: u64 = elegidos
        .split([',', ' '])
        .filter(|parte| !["", "y"].contains(parte))
        .map(|principio| {
            let suyo = nombres
                .iter()
                .find(|n| n.starts_with(&format!("{principio}_")));
            minutos(suyo.unwrap_or_else(|| panic!("GUIA.md: «{principio}» no es un cuaderno")))
        })
        .sum();
    for frase in [totales, format!("{elegidos}, que son {corto} minutos")] {
        if !dice.contains(&frase) {
            mal.push(format!("no dice «{frase}»"));
        }
    }
    if corto * 2 >= lecciones {
        mal.push(format!("{corto} no es menos de la mitad de {lecciones}"));
    }
    exige_que_no_haya("GUIA.md no cuadra", &mal);
}

#[test]
fn cada_cuaderno_abre_y_cierra_como_los_demas() {
    let mut mal = Vec::new();
    for cuaderno in cuadernos() {
        let nombre = &cuaderno.nombre;
        let titulo = cuaderno.celdas[0].fuente();
        if !titulo.starts_with("# ") || !titulo.contains("\n\n**") {
            mal.push(format!("{nombre}: no abre con su título y su promesa"));
        }
        let titulos = cuaderno
            .celdas
            .iter()
            .filter(|c| c.fuente().starts_with("# "));
        if titulos.filter(|c| !c.es_codigo()).count() != 1 {
            mal.push(format!("{nombre}: más de un título"));
        }
        let primera = cuaderno.celdas.iter().find(|c| c.es_codigo());
        let carga = primera.map(Celda::fuente).unwrap_or_default();
        let lineas = [
            ":dep concurrencia = { path = \"../crate\" }",
            "use concurrencia::prelude::*;",
        ];
        if lineas
            .iter()
            .any(|linea| !carga.lines().any(|l| l == *linea))
        {
            mal.push(format!("{nombre}: la primera celda no carga el crate"));
        }
        for cierre in [
            "## Para llevar",
            "### Errores frecuentes",
            "### De Python a Rust",
            "### Para pensar",
        ] {
            if cuaderno.desde(cierre).is_empty() {
                mal.push(format!("{nombre}: falta «{cierre}»"));
            }
        }
        let preguntas = cuaderno.desde("### Para pensar");
        let respuestas = preguntas.iter().filter(|c| c.tiene_etiqueta("respuesta"));
        let plegadas = respuestas
            .filter(|c| c.es_codigo() && c.0["metadata"]["jupyter"]["outputs_hidden"] == true)
            .count();
        let porques = preguntas
            .iter()
            .filter(|c| c.tiene_etiqueta("respuesta") && c.fuente().starts_with("<details>"));
        if porques.count() != plegadas {
            mal.push(format!("{nombre}: no hay un porqué por pregunta"));
        }
        if !(3..=5).contains(&plegadas) {
            mal.push(format!(
                "{nombre}: {plegadas} preguntas con su respuesta plegada"
            ));
        }
        for seccion in cuaderno.secciones() {
            let titulo = seccion[0].fuente();
            let recapitula = ["## Para llevar", "## Los cuadernos"]
                .iter()
                .any(|t| titulo.starts_with(t));
            if !recapitula && !seccion.iter().any(|c| c.diapositiva() == "notes") {
                mal.push(format!(
                    "{nombre}: sin nota para quien da la clase, {}",
                    titulo.lines().next().unwrap()
                ));
            }
        }
    }
    exige_que_no_haya("cuadernos sin la forma de los demás", &mal);
}

#[test]
fn lo_que_debe_fallar_dice_con_que_error_y_las_celdas_son_cortas() {
    let mut mal = Vec::new();
    for cuaderno in cuadernos() {
        if cuaderno.bytes > 2_000_000 {
            mal.push(format!("{}: {} bytes", cuaderno.nombre, cuaderno.bytes));
        }
        for (i, celda) in cuaderno
            .celdas
            .iter()
            .enumerate()
            .filter(|(_, c)| c.es_codigo())
        {
            let donde = format!("{} celda {i}", cuaderno.nombre);
            let anunciado = celda.0["metadata"]["error"]
                .as_str()
                .is_some_and(|e| !e.is_empty());
            if celda.tiene_etiqueta("raises-exception") != anunciado {
                mal.push(format!(
                    "{donde}: el error que anuncia y el que espera no casan"
                ));
            }
            // Un guion de Python no se puede partir.
            let tope = if celda.fuente().contains("Script::new(") {
                24
            } else {
                18
            };
            let lineas = celda.fuente().lines().count();
            if lineas > tope {
                mal.push(format!("{donde}: {lineas} líneas"));
            }
        }
    }
    exige_que_no_haya("celdas que no son como deben", &mal);
}

/// Si una celda se lleva una variable de otra, el núcleo la compila otra vez y enseña su valor como texto.
#[test]
fn las_figuras_salen_dibujadas() {
    let mut mal = Vec::new();
    for cuaderno in cuadernos() {
        for (i, celda) in cuaderno.celdas.iter().enumerate() {
            let salidas = celda.0["outputs"].as_array().into_iter().flatten();
            let mut textos = salidas.map(|s| s["data"]["text/plain"].to_string());
            if textos.any(|t| t.contains("Figure(")) {
                mal.push(format!("{} celda {i}: su figura es texto", cuaderno.nombre));
            }
        }
    }
    exige_que_no_haya("figuras sin dibujar", &mal);
}

#[test]
fn los_enlaces_entre_cuadernos_y_las_imagenes_llevan_a_algun_sitio() {
    let carpeta = raiz().join("notebooks");
    let mut mal = Vec::new();
    let mut cuantos = 0;
    for cuaderno in cuadernos() {
        for celda in cuaderno.celdas.iter().filter(|c| !c.es_codigo()) {
            for enlace in celda.enlaces() {
                cuantos += 1;
                if !carpeta.join(enlace.split('#').next().unwrap()).exists() {
                    mal.push(format!("{}: {enlace}", cuaderno.nombre));
                }
            }
        }
    }
    assert!(cuantos > 20, "solo hay {cuantos} enlaces");
    exige_que_no_haya("enlaces rotos", &mal);
}
