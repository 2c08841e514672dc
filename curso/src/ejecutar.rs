//! `ejecutar`: cuadernos enteros con el núcleo de verdad, y qué celdas están mal.

use crate::cuaderno::Cuaderno;
use crate::ejercicios;
use crate::fallo::{ConArchivo, Fallo, Resultado};
use crate::juicio::{Mal, juzga};
use crate::orden::con_sucesos;
use crate::preparar::{self, python};
use crate::progreso::Paso;
use crate::proyecto::Proyecto;
use catalog::Progress;
use comfy_table::{ContentArrangement, Table, presets};
use serde::Deserialize;
use serde_json::json;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Segundos que tiene una celda si no dice otros en `metadata.plazo`.
const PLAZO: f64 = 120.0;

const EJECUTOR: &str = include_str!("../python/ejecutor.py");

/// Qué núcleo ejecuta el cuaderno.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nucleo {
    /// El del curso, caliente.
    Caliente,
    /// evcxr tal cual, sin la orden `curso`.
    DeSerie,
}

/// Lo que tardó una celda, en segundos.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tiempo {
    pub(crate) celda: f64,
    /// Desde que se pidió arrancar el núcleo hasta que la celda acabó.
    pub(crate) desde_el_arranque: f64,
    pub(crate) con_figura: bool,
}

/// Un cuaderno recién ejecutado.
#[derive(Debug)]
pub(crate) struct Ejecutado {
    pub(crate) cuaderno: Cuaderno,
    /// Si llegó a la última celda.
    pub(crate) entero: bool,
    pub(crate) malas: Vec<CeldaMala>,
    pub(crate) tiempos: Vec<Tiempo>,
}

/// Una celda que está mal, con su índice (desde 0) en el cuaderno.
#[derive(Debug)]
pub(crate) struct CeldaMala {
    pub(crate) indice: usize,
    pub(crate) primera_linea: String,
    pub(crate) mal: Mal,
}

/// Lo que cuenta `ejecutor.py`.
#[derive(Debug, Deserialize)]
#[serde(tag = "tipo", rename_all = "lowercase")]
enum Suceso {
    Empieza {
        celdas: u64,
    },
    Listo {
        s: f64,
    },
    Celda {
        i: usize,
    },
    Acaba {
        s: f64,
        desde_el_arranque: f64,
        figura: bool,
    },
    Plazo {
        i: usize,
        plazo: f64,
    },
    Muerto {
        i: usize,
    },
    Entero,
}

/// Ejecuta los cuadernos en su sitio y guarda sus salidas; devuelve si todos están bien.
pub(crate) fn ejecutar(proyecto: &Proyecto, pedidos: &[PathBuf]) -> Resultado<bool> {
    let rutas = cuadernos(proyecto, pedidos)?;
    // Todos se leen antes de empezar: un nombre mal escrito no espera a que acabe lo demás.
    for ruta in &rutas {
        Cuaderno::lee(ruta)?;
    }
    preparar::preparar(proyecto)?;
    let (mut malas, mut todos) = (Vec::new(), true);
    for ruta in &rutas {
        let nombre = proyecto.relativa(ruta).display().to_string();
        match ejecuta_en_su_sitio(proyecto, ruta, &nombre) {
            Ok(de_este) => malas.extend(de_este.into_iter().map(|mala| (nombre.clone(), mala))),
            // Que uno no se haya podido ejecutar no calla lo que les pasa a los demás.
            Err(fallo) => {
                todos = false;
                eprintln!("\n{fallo}\n");
            }
        }
    }
    muestra_malas(&malas);
    Ok(todos && malas.is_empty())
}

fn ejecuta_en_su_sitio(
    proyecto: &Proyecto,
    ruta: &Path,
    nombre: &str,
) -> Resultado<Vec<CeldaMala>> {
    let paso = Paso::nuevo(nombre, "");
    let ejecutado = ejecuta(proyecto, ruta, Nucleo::Caliente, &paso)?;
    if ejecutado.entero {
        ejecutado.cuaderno.escribe(ruta)?;
    }
    if ejecutado.malas.is_empty() {
        paso.hecho(&format!("{} celdas bien", ejecutado.tiempos.len()));
    }
    Ok(ejecutado.malas)
}

/// Los cuadernos pedidos o, si no se pide ninguno, todos los del curso, en orden.
pub(crate) fn cuadernos(proyecto: &Proyecto, pedidos: &[PathBuf]) -> Resultado<Vec<PathBuf>> {
    if pedidos.is_empty() {
        return Ok(cuadernos_de(&proyecto.cuadernos()));
    }
    pedidos
        .iter()
        .map(|pedido| busca(proyecto, pedido))
        .collect()
}

/// Los cuadernos que hay bajo `carpeta`, en orden, sin las copias de seguridad.
pub(crate) fn cuadernos_de(carpeta: &Path) -> Vec<PathBuf> {
    WalkDir::new(carpeta)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|e| !es_de_seguridad(e.file_name()))
        .flatten()
        .map(walkdir::DirEntry::into_path)
        .filter(|r| r.extension().is_some_and(|e| e == "ipynb"))
        .collect()
}

/// Si es una carpeta de copias de seguridad: las de Jupyter, o las de lo que había en un ejercicio antes de reiniciarlo.
pub(crate) fn es_de_seguridad(nombre: &OsStr) -> bool {
    nombre == ".ipynb_checkpoints" || nombre == ejercicios::ANTERIORES
}

/// Un cuaderno por su ruta, o por su nombre (con extensión o sin ella) en `notebooks/`.
pub(crate) fn busca(proyecto: &Proyecto, pedido: &Path) -> Resultado<PathBuf> {
    let en_cuadernos = proyecto.cuadernos().join(pedido);
    let candidatas = [
        pedido.to_owned(),
        en_cuadernos.clone(),
        en_cuadernos.with_extension("ipynb"),
    ];
    if let Some(hallada) = candidatas.iter().find(|r| r.is_file()) {
        return hallada.canonicalize().al("leer", hallada);
    }
    let hay: Vec<String> = cuadernos_de(&proyecto.cuadernos())
        .iter()
        .map(|r| proyecto.relativa(r).display().to_string())
        .collect();
    Err(
        Fallo::nuevo(format!("abrir el cuaderno «{}»", pedido.display()))
            .causa("no existe")
            .remedio(format!("los del curso son: {}", hay.join(", "))),
    )
}

/// Ejecuta un cuaderno desde cero y juzga sus celdas; no toca el archivo.
pub(crate) fn ejecuta(
    proyecto: &Proyecto,
    ruta: &Path,
    nucleo: Nucleo,
    paso: &Paso,
) -> Resultado<Ejecutado> {
    let intento = format!("ejecutar «{}»", proyecto.relativa(ruta).display());
    let original = Cuaderno::lee(ruta)?;
    let trabajo = tempfile::tempdir().map_err(|e| Fallo::nuevo(&*intento).causa(e))?;
    let (encargo, ejecutor) = (
        trabajo.path().join("encargo.json"),
        trabajo.path().join("ejecutor.py"),
    );
    let (salida, registro) = (
        trabajo.path().join("salida.ipynb"),
        trabajo.path().join("registro.txt"),
    );
    let carpeta = ruta.parent().unwrap_or(Path::new("."));
    let datos = json!({"cuaderno": ruta, "salida": salida, "carpeta": carpeta, "plazo": PLAZO});
    std::fs::write(&encargo, datos.to_string()).al("escribir", &encargo)?;
    std::fs::write(&ejecutor, EJECUTOR).al("escribir", &ejecutor)?;
    let jupyter = match nucleo {
        Nucleo::Caliente => proyecto.jupyter(),
        Nucleo::DeSerie => proyecto.jupyter_de_serie(),
    };
    let mut orden = python::con_jupyter(proyecto, &jupyter)?;
    orden
        .arg(&ejecutor)
        .arg(&encargo)
        // Lo que se comprueba aquí no lo ha hecho quien hace los ejercicios: su progreso no se toca.
        .env(Progress::VARIABLE, trabajo.path().join("progreso.json"));

    let (mut tiempos, mut malas, mut entero) = (Vec::new(), Vec::new(), false);
    let (mut total, mut hechas) = (0, 0);
    paso.dice("arranca el núcleo");
    con_sucesos(orden, &registro, &intento, |suceso| {
        let mala = |indice: usize, mal| CeldaMala {
            indice,
            primera_linea: original
                .celda(indice)
                .map(|c| c.primera_linea())
                .unwrap_or_default(),
            mal,
        };
        match suceso {
            Suceso::Empieza { celdas } => total = celdas,
            Suceso::Listo { s } => paso.dice(format!("núcleo listo en {s:.1} s")),
            Suceso::Celda { i } => {
                paso.avanza(hechas, total);
                paso.dice(
                    original
                        .celda(i)
                        .map(|c| c.primera_linea())
                        .unwrap_or_default(),
                );
            }
            Suceso::Acaba {
                s,
                desde_el_arranque,
                figura,
            } => {
                hechas += 1;
                tiempos.push(Tiempo {
                    celda: s,
                    desde_el_arranque,
                    con_figura: figura,
                });
            }
            Suceso::Plazo { i, plazo } => malas.push(mala(i, Mal::Plazo(plazo))),
            Suceso::Muerto { i } => malas.push(mala(i, Mal::NucleoMuerto)),
            Suceso::Entero => entero = true,
        }
    })
    .map_err(|fallo| fallo.remedio("ejecuta «cargo curso diagnosticar»"))?;
    let mut cuaderno = Cuaderno::lee(&salida)?;
    cuaderno.limpia();
    let ya_dichas: Vec<usize> = malas.iter().map(|m: &CeldaMala| m.indice).collect();
    let ultima = ya_dichas.first().copied().unwrap_or(usize::MAX);
    for (indice, celda) in cuaderno
        .celdas()
        .enumerate()
        .filter(|(i, c)| c.es_de_codigo() && !ya_dichas.contains(i))
    {
        let mal = if indice > ultima {
            Some(Mal::SinEjecutar)
        } else {
            juzga(celda)
        };
        malas.extend(mal.map(|mal| CeldaMala {
            indice,
            primera_linea: celda.primera_linea(),
            mal,
        }));
    }
    malas.sort_by_key(|m| m.indice);
    Ok(Ejecutado {
        cuaderno,
        entero,
        malas,
        tiempos,
    })
}

/// Enseña la tabla final: cuaderno, celda, su primera línea y qué pasó.
pub(crate) fn muestra_malas(malas: &[(String, CeldaMala)]) {
    if malas.is_empty() {
        return;
    }
    let mut tabla = Table::new();
    tabla
        .load_style(presets::UTF8_BORDERS_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic);
    tabla.set_header(["cuaderno", "celda", "primera línea", "qué pasó"]);
    for (cuaderno, mala) in malas {
        let linea: String = mala.primera_linea.chars().take(60).collect();
        tabla.add_row([
            cuaderno.clone(),
            (mala.indice + 1).to_string(),
            linea,
            mala.mal.to_string(),
        ]);
    }
    eprintln!("\nCeldas que están mal:\n{tabla}");
}
