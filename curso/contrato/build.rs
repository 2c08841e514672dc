//! Escribe en `OUT_DIR` los ejercicios de los cuadernos del profesor, para compilarlos como los compila una celda: un
//! archivo por variante (la partida, la solución y cada mala) y `ejercicios.rs`, que los declara y los pone en una tabla.

use std::env;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use catalog::{Book, Catalog, Exercise, How, Kind};

/// Lo que importa la primera celda de todos los cuadernos de ejercicios.
const USOS: [&str; 2] = [
    "use concurrencia::prelude::*;",
    "use exercises::prelude::*;",
];

/// De lo que se entrega a medias o mal hecho no se avisa.
const SIN_AVISOS: &str = "warnings, clippy::all";

/// Lo que en una celda no viene a cuento; de lo demás, en una solución se avisa.
const SIN_LO_DE_FUERA: &str =
    "dead_code, unused_imports, missing_docs, unreachable_pub, missing_debug_implementations";

fn main() -> ExitCode {
    match genera() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fallo) => {
            let fallo = fallo.to_string().replace('\n', " ");
            println!("cargo::error=no se pueden leer los ejercicios: {fallo}");
            ExitCode::FAILURE
        }
    }
}

fn genera() -> Result<(), Box<dyn Error>> {
    let raiz = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()?;
    let cuadernos = raiz.join("curso/ejercicios");
    println!("cargo::rerun-if-changed={}", cuadernos.display());
    // El mismo compilador que está compilando esto, para lo que no tiene que compilar.
    println!("cargo::rustc-env=CONTRATO_RUSTC={}", env::var("RUSTC")?);

    let salida = PathBuf::from(env::var("OUT_DIR")?);
    let carpeta = salida.join("ejercicios");
    if carpeta.exists() {
        fs::remove_dir_all(&carpeta)?;
    }
    let mut indice = Indice::default();
    // Git no guarda una carpeta vacía.
    if cuadernos.is_dir() {
        for libro in Catalog::load(&raiz)?.books() {
            let usos = usos(libro)?;
            for ejercicio in &libro.exercises {
                let suya = carpeta.join(&ejercicio.name);
                fs::create_dir_all(&suya)?;
                indice.pon(&Variantes {
                    ejercicio,
                    usos: &usos,
                    carpeta: &suya,
                })?;
            }
        }
    }
    fs::write(salida.join("ejercicios.rs"), indice.texto())?;
    Ok(())
}

/// Los `use` a la vista en las celdas de un libro: los de todos, y los que añadan sus celdas que no son de ningún ejercicio.
fn usos(libro: &Book) -> Result<String, Box<dyn Error>> {
    let mut usos: Vec<String> = USOS.map(str::to_owned).into();
    for celda in &libro.setup {
        let mut lineas = celda.lines();
        while let Some(linea) = lineas.next() {
            if !linea.starts_with("use ") {
                continue;
            }
            let mut uso = linea.trim_end().to_owned();
            while !uso.ends_with(';') {
                let sigue = lineas.next().ok_or_else(|| {
                    format!("«{}»: un `use` sin acabar: {uso}", libro.path.display())
                })?;
                write!(uso, "\n{}", sigue.trim_end())?;
            }
            if !usos.contains(&uso) {
                usos.push(uso);
            }
        }
    }
    Ok(usos.join("\n"))
}

/// Lo que se escribe de un ejercicio.
struct Variantes<'a> {
    ejercicio: &'a Exercise,
    usos: &'a str,
    carpeta: &'a Path,
}

/// `ejercicios.rs`, a medio escribir.
#[derive(Default)]
struct Indice {
    modulos: String,
    tabla: String,
}

impl Indice {
    fn pon(&mut self, variantes: &Variantes<'_>) -> Result<(), Box<dyn Error>> {
        let e = variantes.ejercicio;
        let compila = e.kind != Kind::DoesNotCompile;
        let partida = self.variante(variantes, "partida", &e.start, SIN_AVISOS, compila)?;
        let solucion = self.variante(variantes, "solucion", &e.solution, SIN_LO_DE_FUERA, true)?;
        let mut malas = String::new();
        for (numero, mala) in (1..).zip(&e.wrong) {
            let compila = mala.how != How::DoesNotCompile;
            let que = format!("mala_{numero}");
            let variante = self.variante(variantes, &que, &mala.code, SIN_AVISOS, compila)?;
            write!(
                malas,
                "\n            Mala {{ disfraz: {:?}, suspende: {:?}, como: How::{:?}, variante: {variante} }},",
                mala.disguise, mala.fails, mala.how,
            )?;
        }
        write!(
            self.tabla,
            "    Ejercicio {{
        nombre: {:?},
        titulo: {:?},
        libro: {:?},
        clase: Kind::{:?},
        minutos: {},
        dificultad: {},
        unidades: &{:?},
        error: {:?},
        suspende: {:?},
        enunciado: {:?},
        dado: &{:?},
        partida: {partida},
        comprobar: {:?},
        pistas: &{:?},
        solucion: {solucion},
        porque: {:?},
        malas: &[{malas}
        ],
    }},
",
            e.name,
            e.title,
            e.book,
            e.kind,
            e.minutes,
            e.difficulty,
            e.units,
            e.error,
            e.fails,
            e.statement,
            e.given,
            e.check,
            e.hints,
            e.reason,
        )?;
        Ok(())
    }

    /// Escribe el archivo de una variante, la declara si compila, y da su valor en la tabla.
    fn variante(
        &mut self,
        variantes: &Variantes<'_>,
        que: &str,
        codigo: &str,
        sin: &str,
        compila: bool,
    ) -> Result<String, Box<dyn Error>> {
        let Variantes {
            ejercicio,
            usos,
            carpeta,
        } = variantes;
        let codigo = sin_ordenes(codigo);
        let mut archivo = format!(
            "// {}, {que}: sale de «{}.ipynb».\n#![allow({sin})]\n\n{usos}\n",
            ejercicio.name, ejercicio.book
        );
        for dado in &ejercicio.given {
            write!(archivo, "\n// dado\n{}", sin_ordenes(dado))?;
        }
        write!(archivo, "\n// {que}\n{codigo}")?;
        let mut comprueba = "None".to_owned();
        if compila {
            let sangrado = sin_ordenes(&ejercicio.check).replace('\n', "\n    ");
            write!(
                archivo,
                "\npub fn comprueba() -> exercises::Verdict {{\n    {}\n}}\n",
                sangrado.trim_end()
            )?;
        }
        let ruta = carpeta.join(format!("{que}.rs"));
        fs::write(&ruta, archivo)?;
        let ruta = ruta
            .to_str()
            .ok_or("la carpeta de compilación no es UTF-8")?;
        if compila {
            let modulo = format!("{}_{que}", ejercicio.name.replace('-', "_"));
            write!(self.modulos, "#[path = {ruta:?}]\nmod {modulo};\n")?;
            comprueba = format!("Some({modulo}::comprueba)");
        }
        Ok(format!(
            "Variante {{ codigo: {codigo:?}, archivo: include_str!({ruta:?}), comprueba: {comprueba} }}"
        ))
    }

    fn texto(&self) -> String {
        format!(
            "{}\n/// Todos, en el orden de los cuadernos.\npub static EJERCICIOS: &[Ejercicio] = &[\n{}];\n",
            self.modulos, self.tabla
        )
    }
}

/// Sin las órdenes del cuaderno (`:dep …`), y acabado en un salto de línea.
fn sin_ordenes(codigo: &str) -> String {
    let lineas = codigo.lines().filter(|linea| !linea.starts_with(":dep"));
    let codigo: String = lineas.map(|linea| format!("{linea}\n")).collect();
    format!("{}\n", codigo.trim_end())
}
