//! `publicar`: el curso entero en `_site/`, para abrirlo con doble clic.
//!
//! Las páginas, las diapositivas y los PDF los hacen los programas de `curso/publicar/`, con las herramientas de su propio
//! entorno de Python; aquí se prepara ese entorno, se documenta el crate y se cambia el sitio anterior por el nuevo de una
//! vez: cortado a medias, queda el que había.

use crate::abrir::PUERTO;
use crate::arbol::copia_arbol;
use crate::carpeta::Carpeta;
use crate::fallo::{ConArchivo, Fallo, Resultado};
use crate::navegador;
use crate::orden::{con_barra_de_cargo, con_progreso, con_sucesos, orden};
use crate::preparar::{python, rust};
use crate::progreso::Paso;
use crate::proyecto::Proyecto;
use serde::Deserialize;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// Los paquetes que cargan las celdas: los que se documentan en el sitio.
const DOCUMENTADOS: [&str; 4] = [
    "concurrencia",
    "concurrencia-explore",
    "concurrencia-logging",
    "concurrencia-workloads",
];

/// Lo que cuentan los programas de `curso/publicar/`.
#[derive(Debug, Deserialize)]
#[serde(tag = "tipo", rename_all = "lowercase")]
enum Suceso {
    Paso { nombre: String },
    Avanza { hechas: u64, total: u64 },
    Falta(Falta),
}

/// Algo que está mal en el sitio: en qué página, qué y dónde.
#[derive(Debug, Deserialize)]
struct Falta {
    pagina: String,
    que: String,
    donde: String,
}

/// Deja el curso en `_site/`, con sus PDF si `pdf`.
pub(crate) fn publicar(proyecto: &Proyecto, pdf: bool) -> Resultado {
    let sin_ellos = ", o publica sin ellos: cargo curso publicar --sin-pdf";
    let chromium = pdf
        .then(|| navegador::exigir("hacer los PDF", sin_ellos))
        .transpose()?;
    let trabajo = Carpeta::nueva(&proyecto.copias())?;
    let nuevo = haz(proyecto, &trabajo, chromium.as_deref())?;
    let sitio = proyecto.sitio();
    // El anterior se borra con la carpeta de trabajo.
    pon(&nuevo, &sitio, &trabajo.ruta().join("anterior"))?;
    let portada = sitio.join("index.html");
    eprintln!(
        "Publicado: se abre con doble clic en «{}».",
        portada.display()
    );
    Ok(())
}

/// Pone el sitio `nuevo` en `sitio` y aparta en `anterior` el que hubiera; si el nuevo no se puede poner, vuelve ese.
fn pon(nuevo: &Path, sitio: &Path, anterior: &Path) -> Resultado {
    if sitio.exists() {
        fs::rename(sitio, anterior).al("apartar", sitio)?;
    }
    fs::rename(nuevo, sitio)
        .inspect_err(|_| drop(fs::rename(anterior, sitio)))
        .al("poner el sitio en", sitio)
}

/// Publica en una carpeta desechable y comprueba lo publicado con el navegador, sin red. Donde no lo hay se salta, menos
/// en una máquina de pruebas.
pub(crate) fn probar(proyecto: &Proyecto) -> Resultado {
    let intento = "comprobar el sitio publicado";
    let chromium = match navegador::exigir(intento, "") {
        Err(fallo) if std::env::var_os("CI").is_none() => {
            eprintln!("\nSe salta una comprobación: {fallo}\n");
            return Ok(());
        }
        otro => otro?,
    };
    let trabajo = Carpeta::nueva(&proyecto.copias())?;
    let sitio = haz(proyecto, &trabajo, Some(&chromium))?;
    let encargo = json!({
        "sitio": sitio,
        "chromium": chromium,
        "excepciones": proyecto.raiz().join("curso/publicar/excepciones.json"),
    });
    let faltas = lanza(proyecto, "comprobar", trabajo.ruta(), &encargo, intento)?;
    if faltas.is_empty() {
        return Ok(());
    }
    for Falta { pagina, que, donde } in &faltas {
        eprintln!("    {pagina}: {que}: {donde}");
    }
    Err(Fallo::nuevo(intento)
        .causa(format!("hay {} faltas, dichas arriba", faltas.len()))
        .remedio("lo que no tenga arreglo se consiente, con su porqué, en «curso/publicar/excepciones.json»"))
}

/// Hace el sitio dentro de `trabajo` y dice dónde; los PDF, si se da con qué.
fn haz(proyecto: &Proyecto, trabajo: &Carpeta, chromium: Option<&Path>) -> Resultado<PathBuf> {
    python::DE_PUBLICAR.asegurar(proyecto)?;
    let sitio = trabajo.ruta().join("sitio");
    let encargo = json!({
        "raiz": proyecto.raiz(),
        "trabajo": trabajo.ruta(),
        "salida": sitio,
        "jupyter": format!("http://127.0.0.1:{PUERTO}"),
        "chromium": chromium,
    });
    lanza(
        proyecto,
        "publicar",
        trabajo.ruta(),
        &encargo,
        "publicar el curso",
    )?;
    documenta(proyecto, &sitio.join("api"))?;
    Ok(sitio)
}

/// La documentación de los paquetes que cargan las celdas.
fn documenta(proyecto: &Proyecto, destino: &Path) -> Resultado {
    let herramientas = rust::Herramientas::hallar()?;
    let paso = Paso::nuevo("documentación del crate", "la primera vez, medio minuto");
    let compilado = proyecto.generado().join("target");
    let mut documenta = orden(herramientas.programas().join("cargo"));
    // Con el objetivo por su nombre va a una carpeta en la que no se documenta nada más.
    documenta
        .args([
            "doc",
            "--no-deps",
            "--locked",
            "--target",
            &herramientas.objetivo,
        ])
        .args(
            DOCUMENTADOS
                .iter()
                .flat_map(|paquete| ["--package", paquete]),
        )
        .arg("--target-dir")
        .arg(&compilado)
        .current_dir(proyecto.raiz());
    con_barra_de_cargo(&mut documenta);
    con_progreso(
        proyecto,
        &paso,
        "publicar-doc",
        documenta,
        "documentar el crate",
    )?;
    let hecha = compilado.join(&herramientas.objetivo).join("doc");
    copia_arbol(
        &hecha,
        destino,
        |_| true,
        |_, de, a| fs::copy(de, a).map(drop).al("copiar a", a),
    )?;
    paso.hecho("");
    Ok(())
}

/// Lanza un programa de `curso/publicar/` con su encargo, enseña por dónde va y devuelve lo que encuentra mal.
fn lanza(
    proyecto: &Proyecto,
    nombre: &str,
    trabajo: &Path,
    encargo: &Value,
    intento: &str,
) -> Resultado<Vec<Falta>> {
    let archivo = trabajo.join(format!("{nombre}.json"));
    fs::write(&archivo, encargo.to_string()).al("escribir", &archivo)?;
    let registro = proyecto.registros().join(format!("{nombre}.log"));
    fs::create_dir_all(proyecto.registros()).al("crear", &proyecto.registros())?;
    let programas = proyecto.raiz().join("curso/publicar");
    let mut programa = orden(python::DE_PUBLICAR.python(proyecto));
    programa
        .arg(programas.join(nombre).with_extension("py"))
        .arg(&archivo)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONNOUSERSITE", "1")
        .env_remove("PYTHONPATH")
        .env_remove("PYTHONHOME");
    let (mut paso, mut faltas) = (None::<Paso>, Vec::new());
    con_sucesos(programa, &registro, intento, |suceso| match suceso {
        Suceso::Paso { nombre } => {
            if let Some(anterior) = paso.take() {
                anterior.hecho("");
            }
            paso = Some(Paso::nuevo(nombre, ""));
        }
        Suceso::Avanza { hechas, total } => {
            if let Some(paso) = &paso {
                paso.avanza(hechas, total);
            }
        }
        Suceso::Falta(falta) => faltas.push(falta),
    })
    .map_err(|fallo| {
        fallo.remedio(format!(
            "mira el registro entero en «{}»",
            registro.display()
        ))
    })?;
    if let Some(paso) = paso.filter(|_| faltas.is_empty()) {
        paso.hecho("");
    }
    Ok(faltas)
}

#[cfg(test)]
mod pruebas {
    use super::*;

    /// Una carpeta con un sitio puesto.
    fn con_un_sitio() -> (tempfile::TempDir, PathBuf) {
        let carpeta = tempfile::tempdir().unwrap();
        let sitio = carpeta.path().join("_site");
        fs::create_dir(&sitio).unwrap();
        fs::write(sitio.join("index.html"), "lo de antes").unwrap();
        (carpeta, sitio)
    }

    fn portada(sitio: &Path) -> String {
        fs::read_to_string(sitio.join("index.html")).unwrap()
    }

    #[test]
    fn el_sitio_nuevo_ocupa_el_lugar_del_anterior_que_queda_aparte() {
        let (carpeta, sitio) = con_un_sitio();
        let (nuevo, anterior) = (
            carpeta.path().join("nuevo"),
            carpeta.path().join("anterior"),
        );
        fs::create_dir(&nuevo).unwrap();
        fs::write(nuevo.join("index.html"), "lo nuevo").unwrap();
        pon(&nuevo, &sitio, &anterior).unwrap();
        assert_eq!(portada(&sitio), "lo nuevo");
        assert_eq!(portada(&anterior), "lo de antes");
    }

    #[test]
    fn si_el_sitio_nuevo_no_se_puede_poner_vuelve_el_anterior() {
        let (carpeta, sitio) = con_un_sitio();
        let (nuevo, anterior) = (
            carpeta.path().join("no-esta"),
            carpeta.path().join("anterior"),
        );
        let fallo = pon(&nuevo, &sitio, &anterior).unwrap_err().to_string();
        assert!(fallo.contains("poner el sitio en"), "{fallo}");
        assert_eq!(portada(&sitio), "lo de antes");
        assert!(!anterior.exists());
    }
}
