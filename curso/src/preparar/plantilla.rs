//! La plantilla caliente: los paquetes de `crate/` y sus dependencias, ya compilados como los compilaría evcxr.
//!
//! Una plantilla es una carpeta que no cambia, con el nombre de la huella de lo que entró en ella:
//!
//! ```text
//! .curso/plantillas/<huella>/
//! ├─ proyecto/   una copia de crate/ y del manifiesto de la raíz: lo que compilan las celdas
//! ├─ espacio/    un espacio de trabajo de cargo; cada núcleo recibe una copia
//! │  ├─ ctx/     lo que evcxr reescribe en cada celda, con su target/
//! │  └─ ancla/   un paquete que nadie compila y que depende de los de crate/
//! └─ lista       se escribe al acabar
//! ```
//!
//! Tres hechos de evcxr y cargo explican esa forma:
//!
//! - evcxr arranca con un `Cargo.toml` sin dependencias, y cargo poda el `Cargo.lock` al verlo: la celda `:dep`
//!   siguiente tendría que resolver de nuevo (con la red, y quizá con otras versiones). Aquí `ctx` es miembro de un
//!   espacio de trabajo cuyo cerrojo sostiene `ancla`: nada se poda, y las celdas usan las versiones del proyecto.
//!   La dependencia de `ancla` está detrás de un `cfg` imposible para que rust-analyzer no cargue sus fuentes de más.
//! - Los perfiles de un miembro no cuentan, solo los de la raíz: ahí van las cifras de `release`, sin tocar el entorno.
//! - `paths` (en `espacio/.cargo/config.toml`) desvía los paquetes de `crate/` a `proyecto/`. Editar `crate/` con un núcleo
//!   abierto no cambia lo que ese núcleo compila; el siguiente que arranque usará otra plantilla.
//!
//! `proyecto/` queda fuera de `espacio/` porque cargo identifica los paquetes de dentro del espacio de trabajo por su
//! ruta relativa, y los de fuera, por la absoluta: así la identidad es la misma en todas las copias.
//!
//! El crate que cargan todos los cuadernos es [`CRATE`]; los demás paquetes (`crate/explore`…) los carga con otro `:dep`
//! el cuaderno que los usa. Todos están en el cerrojo y compilados, solos y juntos: así el `:dep` cuesta segundos, no
//! pide red y no reconstruye la biblioteca que las celdas ya tienen cargada.

use super::rust::Herramientas;
use crate::arbol::copia_arbol;
use crate::cerrojo::Cerrojo;
use crate::fallo::{ConArchivo, Fallo, Resultado};
use crate::orden::{con_barra_de_cargo, con_progreso, en_el_path, orden, salida_de};
use crate::progreso::Paso;
use crate::proyecto::Proyecto;
use crate::sello::{escribe_de_una_vez, huella};
use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use walkdir::{DirEntry, WalkDir};

/// Cambia cuando cambia la forma de la plantilla.
const FORMATO: &str = "3";

/// El paquete que cargan todos los cuadernos.
const CRATE: &str = "concurrencia";

/// Lo que evcxr pide a cargo: `build` en cada celda, y `check` cuando una usa un tipo que no existe, para dar un error
/// mejor. Sin lo segundo, el primer nombre mal escrito de cada cuaderno costaba quince segundos.
const SUBCOMANDOS: [&str; 2] = ["build", "check"];

const MANIFIESTO_DEL_ESPACIO: &str = r#"[workspace]
members = ["ctx", "ancla"]
resolver = "3"

[profile.dev]
opt-level = 3
debug = false
strip = "debuginfo"
rpath = true
lto = "off"
debug-assertions = false
overflow-checks = false
codegen-units = 256
panic = "unwind"
incremental = true

[profile.dev.package."*"]
codegen-units = 1
"#;

/// Una plantilla lista para copiarse; mientras exista este valor, nadie la borra.
#[derive(Debug)]
pub(crate) struct Plantilla {
    espacio: PathBuf,
    uso: Cerrojo,
}

impl Plantilla {
    /// Copia el espacio de trabajo en `destino`: lo inmutable, por enlace duro; lo que cargo o el enlazador
    /// reescriben, copiado con sus fechas.
    pub(crate) fn copia_en(&self, destino: &Path) -> Resultado {
        copia_espacio(&self.espacio, destino)
    }

    /// Quien hereda el cerrojo impide que se borre la plantilla.
    pub(crate) fn uso(&self) -> &Cerrojo {
        &self.uso
    }
}

/// La plantilla de lo que hay ahora en `crate/`, los cerrojos y el compilador, si ya está lista.
pub(crate) fn lista(
    proyecto: &Proyecto,
    herramientas: &Herramientas,
) -> Resultado<Option<Plantilla>> {
    let carpeta = proyecto
        .plantillas()
        .join(huella_actual(proyecto, herramientas)?);
    if !carpeta.join("lista").exists() {
        return Ok(None);
    }
    let uso = Cerrojo::compartido(&carpeta.join("uso.cerrojo"))?;
    // Entre mirar y echar el cerrojo pudo borrarla otra orden.
    Ok(carpeta.join("lista").exists().then(|| Plantilla {
        espacio: carpeta.join("espacio"),
        uso,
    }))
}

/// Devuelve la plantilla, compilándola si falta; los núcleos que la pidan a la vez esperan a una sola compilación.
pub(crate) fn asegurar(proyecto: &Proyecto, herramientas: &Herramientas) -> Resultado<Plantilla> {
    if let Some(plantilla) = lista(proyecto, herramientas)? {
        return Ok(plantilla);
    }
    let _una_cada_vez = Cerrojo::exclusivo(&proyecto.plantillas().join("compilando.cerrojo"))?;
    if let Some(plantilla) = lista(proyecto, herramientas)? {
        return Ok(plantilla);
    }
    let huella = huella_actual(proyecto, herramientas)?;
    let carpeta = proyecto.plantillas().join(&huella);
    let anterior = la_mas_reciente(proyecto).filter(|carpeta| vale_lo_compilado_en(carpeta));
    let pista = if anterior.is_some() {
        "solo lo que ha cambiado"
    } else {
        "unos tres minutos, una vez"
    };
    let paso = Paso::nuevo("plantilla caliente de los núcleos", pista);
    copia_el_proyecto(proyecto, &carpeta.join("proyecto"))?;
    let espacio = carpeta.join("espacio");
    if let Some(anterior) = anterior
        && !espacio.exists()
    {
        copia_espacio(&anterior.join("espacio"), &espacio)?;
    }
    let paquetes = paquetes(proyecto, herramientas)?;
    // Los de otra plantilla son otros para cargo, por su ruta: no valen aquí.
    let nombres: Vec<&str> = paquetes
        .iter()
        .flat_map(|p| [p.nombre.as_str(), p.biblioteca.as_str()])
        .collect();
    olvida(&espacio, herramientas, &nombres)?;
    escribe_el_espacio(proyecto, &carpeta, &paquetes)?;
    let intento = "compilar la plantilla de los núcleos";
    // Todos los paquetes del cerrojo, también los de otros sistemas: `cargo metadata` los pide en cada celda `:dep`.
    let mut descarga = cargo(&espacio.join("ctx"), herramientas);
    descarga.arg("fetch");
    con_progreso(
        proyecto,
        &paso,
        "plantilla-descarga",
        descarga,
        "descargar las dependencias de los núcleos",
    )?;
    for cargados in combinaciones(&paquetes) {
        escribe_ctx(&espacio, &cargados)?;
        for subcomando in SUBCOMANDOS {
            let mut compila = cargo(&espacio.join("ctx"), herramientas);
            compila.args([subcomando, "--target", &herramientas.objetivo]);
            con_barra_de_cargo(&mut compila);
            con_progreso(proyecto, &paso, "plantilla", compila, intento)?;
        }
    }
    escribe_ctx(&espacio, &[])?;
    olvida(&espacio, herramientas, &["ctx"])?;
    if huella != huella_actual(proyecto, herramientas)? {
        return Err(Fallo::nuevo(intento)
            .causa("«crate/» ha cambiado mientras se compilaba")
            .remedio("repite la orden cuando acabes de guardar"));
    }
    escribe_de_una_vez(&carpeta.join("lista"), huella.as_bytes())?;
    borra_las_que_sobran(proyecto);
    paso.hecho("");
    lista(proyecto, herramientas)?
        .ok_or_else(|| Fallo::nuevo(intento).causa("la plantilla ha desaparecido al acabarla"))
}

/// Si en esa plantilla se compiló con los mismos perfiles: con otros no se aprovecharía nada, y se arrastraría para siempre.
fn vale_lo_compilado_en(plantilla: &Path) -> bool {
    fs::read_to_string(plantilla.join("espacio/Cargo.toml"))
        .is_ok_and(|manifiesto| manifiesto == MANIFIESTO_DEL_ESPACIO)
}

/// Los mismos argumentos y variables con los que evcxr llama a cargo: lo que aquí se compila, allí vale.
fn cargo(ctx: &Path, herramientas: &Herramientas) -> Command {
    let mut orden = orden(herramientas.programas().join("cargo"));
    orden
        .current_dir(ctx)
        .env("CARGO_TARGET_DIR", "target")
        .env("CARGO_BUILD_BUILD_DIR", "target")
        .env("RUSTC", herramientas.programas().join("rustc"))
        .env("RUSTFLAGS", rustflags());
    orden
}

/// Los `RUSTFLAGS` de evcxr: enlace dinámico y, si no hay mold pero sí lld, lld.
fn rustflags() -> &'static str {
    let usa_lld =
        !cfg!(target_os = "macos") && en_el_path("mold").is_none() && en_el_path("lld").is_some();
    if usa_lld {
        "-Cprefer-dynamic -Clink-arg=-fuse-ld=lld"
    } else {
        "-Cprefer-dynamic"
    }
}

/// La huella de todo lo que entra en una plantilla.
fn huella_actual(proyecto: &Proyecto, herramientas: &Herramientas) -> Resultado<String> {
    let mut textos = vec![
        FORMATO.to_owned(),
        MANIFIESTO_DEL_ESPACIO.to_owned(),
        herramientas.version.clone(),
        rustflags().to_owned(),
        proyecto.raiz().to_string_lossy().into_owned(),
    ];
    for ruta in archivos_del_proyecto(proyecto)? {
        let contenido = fs::read(&ruta).al("leer", &ruta)?;
        textos.push(proyecto.relativa(&ruta).to_string_lossy().into_owned());
        textos.push(String::from_utf8_lossy(&contenido).into_owned());
    }
    Ok(huella(textos.iter().map(String::as_str))[..24].to_owned())
}

/// Los archivos de los que depende lo que compila una celda, en orden.
fn archivos_del_proyecto(proyecto: &Proyecto) -> Resultado<Vec<PathBuf>> {
    let compilable = |ruta: &Path| {
        let extension = ruta.extension().and_then(|e| e.to_str());
        matches!(
            extension,
            Some("rs" | "toml" | "md" | "html" | "css" | "json" | "csv" | "txt" | "py")
        )
    };
    let fuera = |entrada: &DirEntry| {
        let nombre = entrada.file_name();
        nombre == "target"
            || nombre == "tests"
            || nombre == "benches"
            || nombre == "examples"
            || es_programa(entrada.path())
    };
    let mut rutas = vec![
        proyecto.raiz().join("Cargo.toml"),
        proyecto.cerrojo_de_cargo(),
    ];
    for entrada in WalkDir::new(proyecto.crate_auxiliar())
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|e| !fuera(e))
    {
        let entrada = entrada.map_err(|e| Fallo::nuevo("recorrer «crate/»").causa(e))?;
        if entrada.file_type().is_file() && compilable(entrada.path()) {
            rutas.push(entrada.into_path());
        }
    }
    Ok(rutas)
}

/// Si la carpeta es un paquete sin biblioteca: no lo carga ninguna celda.
fn es_programa(carpeta: &Path) -> bool {
    carpeta.join("Cargo.toml").exists() && !carpeta.join("src/lib.rs").exists()
}

fn copia_el_proyecto(proyecto: &Proyecto, destino: &Path) -> Resultado {
    let comun = proyecto.crate_auxiliar();
    for origen in archivos_del_proyecto(proyecto)? {
        let copiado = destino.join(proyecto.relativa(&origen));
        copia(&origen, &copiado)?;
        if origen.ends_with("Cargo.toml") && origen.starts_with(&comun) {
            // El desvío no puede cambiar las dependencias de lo que desvía: que digan la misma carpeta que el original.
            let manifiesto = fs::read_to_string(&origen).al("leer", &origen)?;
            let absoluto = con_rutas_absolutas(&manifiesto, &origen);
            if absoluto != manifiesto {
                escribe_de_una_vez(&copiado, absoluto.as_bytes())?;
            }
        }
    }
    Ok(())
}

/// El texto de un manifiesto, con las carpetas que nombra hacia arriba (`path = "../logging"`) dichas desde la raíz.
fn con_rutas_absolutas(texto: &str, manifiesto: &Path) -> String {
    const ARRIBA: &str = "path = \"..";
    let Some(suya) = manifiesto.parent() else {
        return texto.to_owned();
    };
    let mut partes = texto.split(ARRIBA);
    let mut absoluto = partes.next().unwrap_or_default().to_owned();
    for parte in partes {
        let (resto, detras) = parte.split_once('"').unwrap_or((parte, ""));
        let de_arriba = suya.parent().unwrap_or(suya);
        let carpeta = match resto.trim_start_matches('/') {
            "" => de_arriba.to_owned(),
            hermana => de_arriba.join(hermana),
        };
        absoluto += &format!("path = {}{detras}", toml_de(&carpeta));
    }
    absoluto
}

/// Un paquete de `crate/`.
#[derive(Debug)]
struct Paquete {
    nombre: String,
    carpeta: PathBuf,
    biblioteca: String,
}

/// Los paquetes del espacio de trabajo que están en `crate/`; el primero, el que cargan todos los cuadernos.
fn paquetes(proyecto: &Proyecto, herramientas: &Herramientas) -> Resultado<Vec<Paquete>> {
    let intento = "saber qué paquetes hay en «crate/»";
    let mut pregunta = orden(herramientas.programas().join("cargo"));
    pregunta
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(proyecto.raiz());
    let respuesta = salida_de(pregunta, intento)?;
    let mut paquetes = paquetes_de(&respuesta, &proyecto.crate_auxiliar())
        .ok_or_else(|| Fallo::nuevo(intento).causa("cargo metadata no responde lo de siempre"))?;
    paquetes.sort_by_key(|p| (p.nombre != CRATE, p.nombre.clone()));
    Ok(paquetes)
}

/// Los que dice `cargo metadata` que cuelgan de `carpeta`.
fn paquetes_de(metadatos: &str, carpeta: &Path) -> Option<Vec<Paquete>> {
    let metadatos: serde_json::Value = serde_json::from_str(metadatos).ok()?;
    let mut paquetes = Vec::new();
    for paquete in metadatos["packages"].as_array()? {
        let suya = Path::new(paquete["manifest_path"].as_str()?).parent()?;
        let bibliotecas = paquete["targets"].as_array()?.iter().filter(|objetivo| {
            let clases = objetivo["kind"].as_array().into_iter().flatten();
            clases
                .into_iter()
                .any(|c| c == "lib" || c == "rlib" || c == "dylib")
        });
        if let Some(biblioteca) = bibliotecas.into_iter().next()
            && suya.starts_with(carpeta)
        {
            paquetes.push(Paquete {
                nombre: paquete["name"].as_str()?.to_owned(),
                carpeta: suya.to_owned(),
                biblioteca: biblioteca["name"].as_str()?.to_owned(),
            });
        }
    }
    Some(paquetes)
}

/// Lo que puede llegar a cargar un cuaderno: el de todos solo, con cada uno de los demás, y con todos.
fn combinaciones(paquetes: &[Paquete]) -> Vec<Vec<&Paquete>> {
    let Some((comun, demas)) = paquetes.split_first() else {
        return Vec::new();
    };
    let mut combinaciones = vec![vec![comun]];
    combinaciones.extend(demas.iter().map(|otro| vec![comun, otro]));
    if demas.len() > 1 {
        combinaciones.push(paquetes.iter().collect());
    }
    combinaciones
}

fn escribe_el_espacio(proyecto: &Proyecto, carpeta: &Path, paquetes: &[Paquete]) -> Resultado {
    let espacio = carpeta.join("espacio");
    let desvio = format!("paths = [{}]\n", toml_de(&carpeta.join("proyecto/crate")));
    let cerrojo =
        fs::read_to_string(proyecto.cerrojo_de_cargo()).al("leer", &proyecto.cerrojo_de_cargo())?;
    let todos: Vec<&Paquete> = paquetes.iter().collect();
    let ancla = manifiesto("ancla", "lib", "target.'cfg(any())'.dependencies", &todos);
    for (ruta, contenido) in [
        ("Cargo.toml", MANIFIESTO_DEL_ESPACIO.to_owned()),
        ("Cargo.lock", cerrojo),
        (".cargo/config.toml", desvio),
        ("ancla/Cargo.toml", ancla),
        ("ancla/src/lib.rs", String::new()),
    ] {
        escribe_de_una_vez(&espacio.join(ruta), contenido.as_bytes())?;
    }
    escribe_ctx(&espacio, &todos)
}

/// El `ctx` que dejaría evcxr con esos paquetes cargados y en uso: si no se pueden enlazar juntos, se sabe ya.
fn escribe_ctx(espacio: &Path, cargados: &[&Paquete]) -> Resultado {
    let dependencias = manifiesto("ctx", "cdylib", "dependencies", cargados);
    let usos: String = cargados
        .iter()
        .map(|p| format!("use {} as _;\n", p.biblioteca))
        .collect();
    escribe_de_una_vez(&espacio.join("ctx/Cargo.toml"), dependencias.as_bytes())?;
    escribe_de_una_vez(&espacio.join("ctx/src/lib.rs"), usos.as_bytes())
}

fn manifiesto(nombre: &str, tipo: &str, tabla: &str, dependencias: &[&Paquete]) -> String {
    let dependencias: String = dependencias
        .iter()
        .map(|p| format!("{} = {{ path = {} }}\n", p.nombre, toml_de(&p.carpeta)))
        .collect();
    format!(
        "[package]\nname = \"{nombre}\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n\
         [lib]\ncrate-type = [\"{tipo}\"]\npath = \"src/lib.rs\"\n\n\
         [{tabla}]\n{dependencias}"
    )
}

/// Una ruta como cadena de TOML.
fn toml_de(ruta: &Path) -> String {
    // Una cadena de JSON con los caracteres de control escapados es también una cadena básica de TOML.
    serde_json::Value::from(ruta.to_string_lossy()).to_string()
}

/// Borra lo compilado de los paquetes o bibliotecas que se llaman así, y lo incremental.
fn olvida(espacio: &Path, herramientas: &Herramientas, nombres: &[&str]) -> Resultado {
    let debug = espacio
        .join("ctx/target")
        .join(&herramientas.objetivo)
        .join("debug");
    if !debug.exists() {
        return Ok(());
    }
    for carpeta in ["incremental", "examples"] {
        borra_si_esta(&debug.join(carpeta))?;
    }
    for carpeta in [
        debug.clone(),
        debug.join("deps"),
        debug.join(".fingerprint"),
    ] {
        for entrada in fs::read_dir(&carpeta).al("leer", &carpeta)?.flatten() {
            let nombre = entrada.file_name().to_string_lossy().into_owned();
            if nombres.iter().any(|n| es_de(&nombre, n)) {
                borra_si_esta(&entrada.path())?;
            }
        }
    }
    Ok(())
}

/// Si un archivo de cargo es de lo que se llama así: `libx.so`, `libx-0123….rlib`, `x.d`, `x-0123…`.
fn es_de(archivo: &str, nombre: &str) -> bool {
    let suyo = |archivo: &str| {
        archivo.strip_prefix(nombre).is_some_and(|resto| {
            resto.starts_with('.') || huella_de_cargo(resto.split('.').next().unwrap_or(resto))
        })
    };
    suyo(archivo) || archivo.strip_prefix("lib").is_some_and(suyo)
}

/// Lo que cargo añade al nombre de lo que no se vuelve a escribir: un guion y 16 cifras hexadecimales.
fn huella_de_cargo(texto: &str) -> bool {
    texto
        .strip_prefix('-')
        .is_some_and(|cifras| cifras.len() == 16 && cifras.chars().all(|c| c.is_ascii_hexdigit()))
}

fn borra_si_esta(ruta: &Path) -> Resultado {
    let borrado = if ruta.is_dir() {
        fs::remove_dir_all(ruta)
    } else {
        fs::remove_file(ruta)
    };
    match borrado {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e).al("borrar", ruta),
        _ => Ok(()),
    }
}

fn copia_espacio(origen: &Path, destino: &Path) -> Resultado {
    // Cargo deja la biblioteca de cada paquete con dos nombres: la copia también, en vez de dos copias.
    let mut copiados: HashMap<(u64, u64), PathBuf> = HashMap::new();
    copia_arbol(
        origen,
        destino,
        |_| true,
        |relativa, de, a| {
            if es_inmutable(relativa) && fs::hard_link(de, a).is_ok() {
                return Ok(());
            }
            let datos = de.metadata().al("leer", de)?;
            let archivo = (datos.dev(), datos.ino());
            if datos.nlink() > 1
                && let Some(copiado) = copiados.get(&archivo)
                && fs::hard_link(copiado, a).is_ok()
            {
                return Ok(());
            }
            copiados.insert(archivo, a.to_owned());
            copia(de, a)
        },
    )
}

/// Lo que nadie vuelve a escribir en su sitio: los guiones de compilación y lo que dejan, las bibliotecas con su huella en el
/// nombre y las que escribe rustc (en un archivo nuevo que ocupa el lugar del otro).
///
/// Las demás son del enlazador. La de la celda se enlaza cada vez, y la de [`CRATE`] la tienen cargada todos los núcleos: se
/// copian. Las de los otros paquetes, que suman tanto como ella, solo se enlazarían otra vez si un `:dep` cambiara aquello de
/// lo que dependen; y aun así bfd, gold, lld y mold dejan un archivo nuevo.
fn es_inmutable(relativa: &Path) -> bool {
    let nombre = relativa.file_name().unwrap_or_default().to_string_lossy();
    let extension = relativa.extension().and_then(|e| e.to_str());
    let es_de_rustc = matches!(extension, Some("rlib" | "rmeta"));
    let es_de_c = matches!(extension, Some("a" | "o"));
    let es_del_enlazador = matches!(extension, Some("so" | "dylib"));
    let sin_extension = nombre.split('.').next().unwrap_or_default();
    let lleva_huella = sin_extension
        .rfind('-')
        .is_some_and(|guion| huella_de_cargo(&sin_extension[guion..]));
    let es_guion =
        nombre.starts_with("build-script-build") || nombre.starts_with("build_script_build");
    let se_copia = ["ctx", CRATE].map(|biblioteca| format!("lib{biblioteca}"));
    es_de_rustc
        || es_de_c
        || es_apunte_de_una_dependencia(relativa)
        || (es_del_enlazador && (lleva_huella || !se_copia.iter().any(|b| b == sin_extension)))
        || (es_guion && relativa.extension().is_none())
}

/// Lo que cargo apunta al compilar un paquete que no es del proyecto y ya no decide nada: de qué archivos salió (`libc-0123….d`,
/// que traduce a su formato), la explicación de su huella (`.fingerprint/libc-0123…/lib-libc.json`) y cuándo empezó, que solo cuenta
/// para los paquetes de una carpeta. La huella misma se copia: si un núcleo tuviera que compilar algo otra vez, no cambiaría la de los
/// demás. Son miles de archivos de pocos bytes, y cada uno ocupa un bloque.
fn es_apunte_de_una_dependencia(relativa: &Path) -> bool {
    let es_de_otro = |nombre: &str| {
        nombre.rfind('-').is_some_and(|guion| {
            huella_de_cargo(&nombre[guion..])
                && !["ctx", CRATE]
                    .iter()
                    .any(|propio| nombre.starts_with(propio))
        })
    };
    let carpeta = relativa.parent().unwrap_or(relativa);
    let nombre = |ruta: Option<&Path>| {
        let nombre = ruta.and_then(Path::file_name).unwrap_or_default();
        nombre.to_string_lossy().into_owned()
    };
    if nombre(carpeta.parent()) == ".fingerprint" {
        let no_decide = relativa.extension().is_some_and(|e| e == "json")
            || relativa.ends_with("invoked.timestamp");
        return no_decide && es_de_otro(&nombre(Some(carpeta)));
    }
    let es_de_deps = nombre(Some(carpeta)) == "deps";
    es_de_deps
        && relativa.extension().is_some_and(|e| e == "d")
        && es_de_otro(&relativa.file_stem().unwrap_or_default().to_string_lossy())
}

/// Copia con su fecha: cargo decide por ella si algo está al día.
fn copia(origen: &Path, destino: &Path) -> Resultado {
    if let Some(carpeta) = destino.parent() {
        fs::create_dir_all(carpeta).al("crear", carpeta)?;
    }
    fs::copy(origen, destino).al("copiar a", destino)?;
    let fecha = origen
        .metadata()
        .and_then(|m| m.modified())
        .al("leer", origen)?;
    let archivo = fs::File::options()
        .write(true)
        .open(destino)
        .al("abrir", destino)?;
    archivo.set_modified(fecha).al("fechar", destino)
}

/// La plantilla acabada más nueva, de cualquier huella.
fn la_mas_reciente(proyecto: &Proyecto) -> Option<PathBuf> {
    carpetas_de(&proyecto.plantillas())
        .filter_map(|c| Some((c.join("lista").metadata().ok()?.modified().ok()?, c)))
        .max()
        .map(|(_, c)| c)
}

/// Borra las plantillas que sobran, si nadie está compilando una ahora.
pub(crate) fn limpia(proyecto: &Proyecto) {
    if let Some(_nadie_compila) =
        Cerrojo::si_esta_libre(&proyecto.plantillas().join("compilando.cerrojo"))
    {
        borra_las_que_sobran(proyecto);
    }
}

/// Borra las plantillas que no son la última y que ningún núcleo vivo usa.
fn borra_las_que_sobran(proyecto: &Proyecto) {
    let ultima = la_mas_reciente(proyecto);
    for carpeta in carpetas_de(&proyecto.plantillas()).filter(|c| Some(c) != ultima.as_ref()) {
        if let Some(_nadie) = Cerrojo::si_esta_libre(&carpeta.join("uso.cerrojo")) {
            // Primero deja de estar lista: a medio borrar no vale.
            let _ = fs::remove_file(carpeta.join("lista"));
            let _ = fs::remove_dir_all(&carpeta);
        }
    }
}

fn carpetas_de(carpeta: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(carpeta)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .filter(|r| r.is_dir())
}

#[cfg(test)]
mod pruebas {
    use super::*;

    #[test]
    fn solo_se_enlaza_lo_que_nadie_reescribe() {
        let deps = Path::new("ctx/target/x86_64-unknown-linux-gnu/debug/deps");
        assert!(es_inmutable(&deps.join("libtokio-2041d913e874be86.rlib")));
        assert!(es_inmutable(&deps.join("libtokio-2041d913e874be86.rmeta")));
        assert!(es_inmutable(&deps.join("libconcurrencia.rlib")));
        assert!(es_inmutable(Path::new(
            "ctx/target/debug/build/libc-1/build-script-build"
        )));
        assert!(es_inmutable(&deps.join("libworkloads.so")));
        assert!(es_inmutable(
            &deps.join("libmozjpeg_sys-eab37683a1dee7c0.a")
        ));
        for reescrito in [
            "libconcurrencia.so",
            "libconcurrencia.dylib",
            "libctx.so",
            "concurrencia.d",
            "concurrencia_explore-2041d913e874be86.d",
        ] {
            assert!(!es_inmutable(&deps.join(reescrito)), "{reescrito}");
        }
        let apuntes = Path::new("ctx/target/x/debug/.fingerprint");
        assert!(es_inmutable(&deps.join("tokio-2041d913e874be86.d")));
        assert!(es_inmutable(
            &apuntes.join("libc-2041d913e874be86/lib-libc.json")
        ));
        for reescrito in [
            "libc-2041d913e874be86/lib-libc",
            "libc-2041d913e874be86/dep-lib-libc",
            "ctx-2041d913e874be86/lib-ctx.json",
            "concurrencia-2041d913e874be86/invoked.timestamp",
            "libc-1/lib-libc.json",
        ] {
            assert!(!es_inmutable(&apuntes.join(reescrito)), "{reescrito}");
        }
        assert!(!es_inmutable(Path::new("Cargo.lock")));
    }

    #[test]
    fn se_olvida_lo_de_una_biblioteca_y_nada_mas() {
        for suyo in [
            "libexplore-0123456789abcdef.rlib",
            "explore-0123456789abcdef.d",
            "explore-0123456789abcdef",
            "libexplore.so",
            "explore.d",
        ] {
            assert!(es_de(suyo, "explore"), "{suyo}");
        }
        for ajeno in [
            "libexplorer-0123456789abcdef.rlib",
            "concurrencia-explore-0123456789abcdef",
            "libexplore_x.so",
        ] {
            assert!(!es_de(ajeno, "explore"), "{ajeno}");
        }
        let suelta = "concurrencia-explore-0123456789abcdef";
        assert!(es_de(suelta, "concurrencia-explore") && !es_de(suelta, "concurrencia"));
    }

    #[test]
    fn las_dependencias_de_al_lado_se_nombran_desde_la_raiz() {
        let texto = "a = { path = \"..\" }\nb = { path = \"../logging\", x = \"1\" }\n[lib]\npath = \"src/x.rs\"\n";
        let esperado = "a = { path = \"/p/crate\" }\nb = { path = \"/p/crate/logging\", x = \"1\" }\n[lib]\npath = \"src/x.rs\"\n";
        let manifiesto = Path::new("/p/crate/workloads/Cargo.toml");
        assert_eq!(con_rutas_absolutas(texto, manifiesto), esperado);
        assert_eq!(con_rutas_absolutas("x = 1\n", manifiesto), "x = 1\n");
    }

    #[test]
    fn los_paquetes_son_los_de_la_carpeta_que_tienen_biblioteca() {
        let paquete = |nombre: &str, donde: &str, clase: &str| {
            serde_json::json!({"name": nombre, "manifest_path": format!("/p/{donde}/Cargo.toml"),
                "targets": [{"name": nombre.replace("concurrencia-", ""), "kind": [clase]}]})
        };
        let metadatos = serde_json::json!({"packages": [
            paquete("concurrencia", "crate", "rlib"),
            paquete("concurrencia-explore", "crate/explore", "lib"),
            paquete("herramienta", "crate/herramienta", "bin"),
            paquete("curso", "curso", "lib"),
            paquete("curso-imagenes", "curso/imagenes", "lib"),
        ]});
        let paquetes = paquetes_de(&metadatos.to_string(), Path::new("/p/crate")).unwrap();
        let nombres: Vec<&str> = paquetes.iter().map(|p| p.biblioteca.as_str()).collect();
        assert_eq!(nombres, ["concurrencia", "explore"]);
        assert_eq!(combinaciones(&paquetes).len(), 2);
    }

    #[test]
    fn un_programa_no_entra_en_lo_que_compilan_las_celdas() {
        let carpeta = tempfile::tempdir().unwrap();
        for ruta in [
            "Cargo.toml",
            "curso/Cargo.toml",
            "notebooks/01.ipynb",
            "crate/Cargo.toml",
            "crate/src/lib.rs",
            "crate/otro/Cargo.toml",
            "crate/otro/src/lib.rs",
            "crate/programa/Cargo.toml",
            "crate/programa/src/main.rs",
            "crate/tests/prueba.rs",
        ] {
            let ruta = carpeta.path().join(ruta);
            fs::create_dir_all(ruta.parent().unwrap()).unwrap();
            fs::write(ruta, "").unwrap();
        }
        let proyecto = Proyecto::hallar(Some(carpeta.path())).unwrap();
        let archivos = archivos_del_proyecto(&proyecto).unwrap();
        let relativas: Vec<_> = archivos.iter().map(|r| proyecto.relativa(r)).collect();
        let esperadas = [
            "Cargo.toml",
            "Cargo.lock",
            "crate/Cargo.toml",
            "crate/otro/Cargo.toml",
            "crate/otro/src/lib.rs",
            "crate/src/lib.rs",
        ];
        assert_eq!(relativas, esperadas.map(Path::new));
    }

    #[test]
    fn la_copia_comparte_lo_inmutable_y_separa_lo_demas() {
        use std::os::unix::fs::MetadataExt;
        let carpeta = tempfile::tempdir().unwrap();
        let (origen, destino) = (carpeta.path().join("a"), carpeta.path().join("b"));
        fs::create_dir_all(origen.join("deps")).unwrap();
        let biblioteca = "deps/libx-0123456789abcdef.rlib";
        for nombre in [biblioteca, "deps/libconcurrencia.so", "Cargo.lock"] {
            fs::write(origen.join(nombre), nombre).unwrap();
        }
        let (nombre, otro_nombre) = ("deps/libconcurrencia.so", "libconcurrencia.so");
        fs::hard_link(origen.join(nombre), origen.join(otro_nombre)).unwrap();
        copia_espacio(&origen, &destino).unwrap();
        let inodo = |r: &Path| r.metadata().unwrap().ino();
        assert_eq!(
            inodo(&destino.join(nombre)),
            inodo(&destino.join(otro_nombre)),
            "una sola copia, con los dos nombres"
        );
        assert_eq!(
            inodo(&origen.join(biblioteca)),
            inodo(&destino.join(biblioteca))
        );
        for nombre in ["deps/libconcurrencia.so", "Cargo.lock"] {
            let (de, a) = (origen.join(nombre), destino.join(nombre));
            assert_ne!(inodo(&de), inodo(&a));
            assert_eq!(fs::read(&de).unwrap(), fs::read(&a).unwrap());
            assert_eq!(
                de.metadata().unwrap().modified().unwrap(),
                a.metadata().unwrap().modified().unwrap()
            );
        }
    }
}
