//! `diagnosticar`: qué hay, dónde está, qué falta y cómo se arregla.

use crate::carpeta;
use crate::fallo::Resultado;
use crate::navegador;
use crate::orden::en_el_path;
use crate::preparar::{especificacion, evcxr, fuentes_std, plantilla, programa, python, rust};
use crate::proyecto::Proyecto;
use std::path::Path;

const PREPARAR: &str = "ejecuta «cargo curso preparar»";

/// Enseña el estado de cada pieza y devuelve si no falta ninguna de las que hacen falta para abrir el curso.
pub(crate) fn diagnosticar(proyecto: &Proyecto) -> Resultado<bool> {
    let mut informe = Informe { bien: true };
    println!(
        "curso {} en «{}»\n",
        env!("CARGO_PKG_VERSION"),
        proyecto.raiz().display()
    );
    let herramientas = match rust::Herramientas::hallar() {
        Ok(h) => {
            informe.bien("Rust", h.version.lines().next().unwrap_or_default());
            informe.mira("rust-src", h.tiene_rust_src(), "instalado", PREPARAR);
            Some(h)
        }
        Err(fallo) => {
            informe.falta("Rust", &fallo.to_string());
            None
        }
    };
    for programa in ["cargo", "rustup"] {
        informe.mira_ruta(
            programa,
            en_el_path(programa).as_deref(),
            "instala Rust con rustup (https://rustup.rs)",
        );
    }
    match python::Interprete::hallar() {
        Ok(p) => informe.bien(
            "Python",
            &format!("{} en «{}»", p.version, p.ruta.display()),
        ),
        Err(fallo) => informe.falta("Python", &fallo.to_string()),
    }
    if let Some(herramientas) = &herramientas {
        let copia = fuentes_std::lista(proyecto, herramientas).is_some();
        informe.mira(
            "fuentes de std para el analizador",
            copia,
            "al día",
            PREPARAR,
        );
    }
    let entorno = &python::DEL_CURSO;
    informe.mira(
        entorno.titulo,
        entorno.esta(proyecto),
        &format!("«{}»", entorno.carpeta(proyecto).display()),
        PREPARAR,
    );
    let evcxr = evcxr::hallar(proyecto);
    informe.mira_ruta(
        &format!("evcxr_jupyter {}", evcxr::VERSION),
        evcxr.as_deref(),
        PREPARAR,
    );
    let especificacion = evcxr.is_some_and(|e| especificacion::esta(proyecto, &e));
    let datos = proyecto.jupyter();
    informe.mira(
        "núcleo «rust» de Jupyter",
        especificacion,
        &format!("«{}»", datos.display()),
        PREPARAR,
    );
    if let Some(herramientas) = &herramientas {
        let lista = plantilla::lista(proyecto, herramientas)?.is_some();
        informe.mira(
            "plantilla caliente",
            lista,
            "al día",
            "ejecuta «cargo curso preparar» (o abre un cuaderno: se compila al arrancar)",
        );
        for programa in programa::PROGRAMAS {
            informe.mira(
                programa.titulo,
                programa.esta(proyecto, herramientas),
                &format!("«{}»", programa.ruta(proyecto).display()),
                PREPARAR,
            );
        }
    }
    let entorno = &python::DE_PUBLICAR;
    informe.mira_si_hay(
        entorno.titulo,
        entorno
            .esta(proyecto)
            .then(|| entorno.carpeta(proyecto))
            .as_deref(),
        "solo hace falta para publicar: lo instala «cargo curso publicar», la primera vez",
    );
    informe.mira_si_hay(
        "Chromium",
        navegador::hallar().as_deref(),
        &format!(
            "solo hace falta para publicar los PDF: {}",
            navegador::INSTALAR
        ),
    );
    let enlazador = ["mold", "lld"]
        .into_iter()
        .find(|p| en_el_path(p).is_some());
    informe.bien(
        "enlazador de las celdas",
        enlazador.unwrap_or("el de rustc"),
    );
    informe.bien(
        "núcleos abiertos",
        &format!(
            "{}, en «{}»",
            carpeta::vivas(&proyecto.nucleos()),
            proyecto.nucleos().display()
        ),
    );
    if let Ok(disco) = rustix::fs::statvfs(proyecto.raiz()) {
        let libres = disco.f_bavail * disco.f_frsize / 1_000_000;
        informe.mira(
            "disco libre",
            libres > 1000,
            &format!("{libres} MB"),
            "quedan menos de 1000 MB: libera espacio",
        );
    }
    println!();
    println!(
        "{}",
        if informe.bien {
            "No falta nada para abrir el curso."
        } else {
            "Falta algo: está dicho arriba, con su arreglo."
        }
    );
    Ok(informe.bien)
}

struct Informe {
    bien: bool,
}

impl Informe {
    fn bien(&self, pieza: &str, detalle: &str) {
        println!("  bien   {pieza}: {detalle}");
    }

    fn falta(&mut self, pieza: &str, arreglo: &str) {
        self.bien = false;
        println!("  FALTA  {pieza}: {}", arreglo.replace('\n', "\n         "));
    }

    fn mira(&mut self, pieza: &str, esta: bool, detalle: &str, arreglo: &str) {
        if esta {
            self.bien(pieza, detalle)
        } else {
            self.falta(pieza, arreglo)
        }
    }

    fn mira_ruta(&mut self, pieza: &str, ruta: Option<&Path>, arreglo: &str) {
        match ruta {
            Some(ruta) => self.bien(pieza, &format!("«{}»", ruta.display())),
            None => self.falta(pieza, arreglo),
        }
    }

    /// Una pieza sin la que el curso se abre igual: que no la haya no es una falta.
    fn mira_si_hay(&self, pieza: &str, ruta: Option<&Path>, para_que: &str) {
        match ruta {
            Some(ruta) => self.bien(pieza, &format!("«{}»", ruta.display())),
            None => println!("  no hay {pieza}: {para_que}"),
        }
    }
}
