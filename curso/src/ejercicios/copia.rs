//! El cuaderno de ejercicios que sale de uno del profesor, y en qué se distingue del que ya hay.

use crate::cuaderno::{Celda, Cuaderno};
use crate::fallo::{Fallo, Resultado};
use catalog::Book;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// Las celdas de un ejercicio en las que hay código, en su orden: lo dado, la partida y la que comprueba.
pub(super) const DE_CODIGO: [&str; 3] = ["dado", PARTIDA, COMPROBAR];

const ENUNCIADO: &str = "enunciado";
const PARTIDA: &str = "partida";
const COMPROBAR: &str = "comprobar";

/// Lo que dice el compilador de la celda que comprueba una función que no ha compilado: que no existe.
const NO_EXISTE: &str = "E0425";

/// Lo que alguien ha escrito en su cuaderno y se perdería al hacerlo otra vez.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Escrito {
    /// Los ejercicios cuya partida ya no es la de ahora, sin repetir.
    pub(super) ejercicios: Vec<String>,
    /// Las celdas que no son de ningún ejercicio ni del cuaderno del profesor.
    pub(super) celdas: usize,
}

impl Escrito {
    pub(super) fn hay(&self) -> bool {
        *self != Escrito::default()
    }
}

/// El cuaderno de ejercicios de un libro, recién hecho y sin ejecutar.
pub(super) fn compone(libro: &Book) -> Resultado<Cuaderno> {
    let mut cuaderno = Cuaderno::lee(&libro.path)?;
    let celdas: Vec<Value> = cuaderno
        .celdas()
        .filter_map(|celda| del_alumno(celda, libro))
        .collect();
    *cuaderno.celdas_mut() = celdas;
    cuaderno.limpia();
    exige_identificadores(&cuaderno, libro)?;
    Ok(cuaderno)
}

/// La celda sin lo que es solo del profesor; `None` si toda ella lo es.
fn del_alumno(celda: Celda<'_>, libro: &Book) -> Option<Value> {
    let mut json = celda.json().clone();
    if let Some((nombre, papel)) = celda.ejercicio() {
        if papel != ENUNCIADO && !DE_CODIGO.contains(&papel) {
            return None;
        }
        let error = libro
            .exercises
            .iter()
            .find(|ejercicio| ejercicio.name == nombre)
            .and_then(|ejercicio| ejercicio.error.as_deref());
        let metadatos = &mut json["metadata"];
        metadatos["ejercicio"] = json!({"nombre": nombre, "papel": papel});
        match (papel, error) {
            (PARTIDA, Some(codigo)) => debe_fallar(metadatos, codigo),
            (COMPROBAR, Some(_)) => debe_fallar(metadatos, NO_EXISTE),
            (COMPROBAR, None) => etiqueta(metadatos, "tiempos"),
            _ => {}
        }
    }
    if json["cell_type"] == "code" {
        json["outputs"] = json!([]);
        json["execution_count"] = Value::Null;
    }
    Some(json)
}

fn debe_fallar(metadatos: &mut Value, codigo: &str) {
    etiqueta(metadatos, "raises-exception");
    metadatos["error"] = json!(codigo);
}

fn etiqueta(metadatos: &mut Value, nueva: &str) {
    match metadatos["tags"].as_array_mut() {
        Some(etiquetas) if etiquetas.iter().any(|e| e == nueva) => {}
        Some(etiquetas) => etiquetas.push(json!(nueva)),
        None => metadatos["tags"] = json!([nueva]),
    }
}

/// Las celdas se reconocen por su identificador: no puede faltar ni repetirse.
fn exige_identificadores(cuaderno: &Cuaderno, libro: &Book) -> Resultado {
    let mut vistos = HashSet::new();
    for celda in cuaderno.celdas() {
        let causa = match celda.id() {
            None => format!("a la celda «{}» le falta su «id»", celda.primera_linea()),
            Some(id) if !vistos.insert(id) => format!("dos celdas tienen el mismo «id», «{id}»"),
            Some(_) => continue,
        };
        return Err(Fallo::nuevo(format!(
            "hacer el cuaderno de ejercicios de «{}»",
            libro.path.display()
        ))
        .causa(causa)
        .remedio("ponle uno distinto a cada celda"));
    }
    Ok(())
}

/// Pone en `nuevo` las salidas que `anterior` tenga de las celdas de código que no han cambiado.
pub(super) fn conserva_las_salidas(nuevo: &mut Cuaderno, anterior: &Cuaderno) {
    let ejecutadas: HashMap<&str, Celda<'_>> = por_id(anterior);
    for json in nuevo.celdas_mut() {
        let celda = Celda::de(json);
        let igual = celda
            .id()
            .and_then(|id| ejecutadas.get(id))
            .filter(|antes| {
                antes.json()["cell_type"] == "code" && antes.fuente() == celda.fuente()
            });
        if let Some(antes) = igual
            && json["cell_type"] == "code"
        {
            for guardado in ["execution_count", "outputs"] {
                if let Some(valor) = antes.json().get(guardado) {
                    json[guardado] = valor.clone();
                }
            }
        }
    }
}

fn por_id(cuaderno: &Cuaderno) -> HashMap<&str, Celda<'_>> {
    cuaderno
        .celdas()
        .filter_map(|celda| Some((celda.id()?, celda)))
        .collect()
}

/// Lo que hay escrito en `suyo` que no está en `nuevo`.
pub(super) fn escrito(suyo: &Cuaderno, nuevo: &Cuaderno) -> Escrito {
    let conocidas = por_id(nuevo);
    let partidas: HashMap<&str, String> = nuevo
        .celdas()
        .filter_map(|celda| match celda.ejercicio() {
            Some((nombre, PARTIDA)) => Some((nombre, celda.fuente())),
            _ => None,
        })
        .collect();
    let mut escrito = Escrito::default();
    for celda in suyo.celdas() {
        let fuente = celda.fuente();
        if fuente.trim().is_empty() {
            continue;
        }
        match celda.ejercicio() {
            Some((nombre, PARTIDA)) => {
                let igual = partidas
                    .get(nombre)
                    .is_some_and(|partida| partida.trim_end() == fuente.trim_end());
                if !igual && !escrito.ejercicios.iter().any(|e| e == nombre) {
                    escrito.ejercicios.push(nombre.to_owned());
                }
            }
            Some(_) => {}
            None => {
                let conocida = celda.id().is_some_and(|id| conocidas.contains_key(id));
                escrito.celdas += usize::from(!conocida);
            }
        }
    }
    escrito
}

/// En qué no coincide `hay` con `nuevo`, sin mirar salidas ni metadatos del cuaderno; `None` si coinciden.
pub(super) fn diferencia(hay: &Cuaderno, nuevo: &Cuaderno) -> Option<String> {
    let mut hay = hay.clone();
    hay.limpia();
    let forma = |cuaderno: &Cuaderno| -> Vec<(String, Value)> {
        cuaderno
            .celdas()
            .map(|celda| {
                (
                    celda.id().unwrap_or_default().to_owned(),
                    sin_salidas(celda),
                )
            })
            .collect()
    };
    let (hay, nuevo) = (forma(&hay), forma(nuevo));
    if hay == nuevo {
        return None;
    }
    let de_id =
        |celdas: &[(String, Value)], id: &str| celdas.iter().find(|(i, _)| i == id).cloned();
    let nombres = |que: &str, ids: Vec<&str>| match ids[..] {
        [] => None,
        _ => Some(format!("{que}: {}", ids.join(", "))),
    };
    let faltan = nuevo.iter().map(|(id, _)| id.as_str());
    let faltan = faltan.filter(|id| de_id(&hay, id).is_none()).collect();
    let sobran = hay.iter().map(|(id, _)| id.as_str());
    let sobran = sobran.filter(|id| de_id(&nuevo, id).is_none()).collect();
    let cambian = hay
        .iter()
        .filter(|(id, celda)| de_id(&nuevo, id).is_some_and(|(_, nueva)| nueva != *celda))
        .map(|(id, _)| id.as_str())
        .collect();
    let dicho: Vec<String> = [
        nombres("faltan las celdas", faltan),
        nombres("sobran las celdas", sobran),
        nombres("han cambiado las celdas", cambian),
    ]
    .into_iter()
    .flatten()
    .collect();
    Some(if dicho.is_empty() {
        "las celdas están en otro orden o repetidas".to_owned()
    } else {
        dicho.join("; ")
    })
}

fn sin_salidas(celda: Celda<'_>) -> Value {
    let mut json = celda.json().clone();
    if let Some(campos) = json.as_object_mut() {
        campos.remove("outputs");
        campos.remove("execution_count");
    }
    json["source"] = json!(celda.fuente());
    json
}
