//! Los programas que las celdas lanzan: paquetes de `crate/` que ninguna celda compila.
//!
//! Se compilan e instalan una vez, y los núcleos saben dónde está cada uno por una variable de entorno.

use super::rust::Herramientas;
use crate::fallo::{ConArchivo, Fallo, Resultado};
use crate::orden::{con_barra_de_cargo, con_progreso, orden};
use crate::progreso::Paso;
use crate::proyecto::Proyecto;
use crate::sello::Sello;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Un programa de `crate/`.
#[derive(Debug)]
pub(crate) struct Programa {
    /// Para qué sirve, en el progreso y en el diagnóstico.
    pub(crate) titulo: &'static str,
    /// La variable en la que las celdas lo buscan.
    pub(crate) variable: &'static str,
    paquete: &'static str,
    pista: &'static str,
    /// Las carpetas de `crate/` que, si cambian, lo cambian.
    carpetas: &'static [&'static str],
}

/// El que guarda una figura como PNG.
const PNG: Programa = Programa {
    titulo: "figuras en PNG",
    variable: "CONCURRENCIA_PNG",
    paquete: "concurrencia-png",
    pista: "se compila una vez: alrededor de un minuto",
    carpetas: &["png"],
};

/// El que hace de internet.
pub(crate) const SERVIDOR: Programa = Programa {
    titulo: "servidor de prácticas",
    variable: "CONCURRENCIA_SERVER",
    paquete: "concurrencia-server",
    pista: "se compila una vez: unos dos minutos",
    carpetas: &["server", "workloads"],
};

/// Todos, en el orden en que se preparan.
pub(crate) const PROGRAMAS: [&Programa; 2] = [&PNG, &SERVIDOR];

impl Programa {
    /// Dónde está, o estará cuando se prepare.
    pub(crate) fn ruta(&self, proyecto: &Proyecto) -> PathBuf {
        proyecto.generado().join("bin").join(self.paquete)
    }

    /// Si está y se compiló con los fuentes que hay ahora.
    pub(crate) fn esta(&self, proyecto: &Proyecto, herramientas: &Herramientas) -> bool {
        self.ruta(proyecto).exists() && self.sello(proyecto, herramientas).is_ok_and(|s| s.vale())
    }

    /// Lo compila si falta o si ha cambiado. Lo ya compilado se queda con lo demás de `cargo`: rehacerlo cuesta poco.
    pub(crate) fn asegurar(&self, proyecto: &Proyecto, herramientas: &Herramientas) -> Resultado {
        if self.esta(proyecto, herramientas) {
            return Ok(());
        }
        let paso = Paso::nuevo(self.titulo, self.pista);
        let sello = self.sello(proyecto, herramientas)?;
        sello.rompe()?;
        let compilado = proyecto.generado().join("target");
        // Sin «cargo install», que pregunta al índice aunque lo tenga todo: sin red no acabaría.
        let mut compila = orden(herramientas.programas().join("cargo"));
        compila
            .args(["build", "--release", "--locked", "--package", self.paquete])
            .args(["--target", &herramientas.objetivo, "--target-dir"])
            .arg(&compilado)
            .current_dir(proyecto.raiz());
        con_barra_de_cargo(&mut compila);
        let intento = format!("compilar «{}» ({})", self.paquete, self.titulo);
        con_progreso(proyecto, &paso, self.paquete, compila, &intento)?;
        let hecho = compilado.join(&herramientas.objetivo).join("release");
        instala(&hecho.join(self.paquete), &self.ruta(proyecto))?;
        sello.pone()?;
        paso.hecho("");
        Ok(())
    }

    fn sello(&self, proyecto: &Proyecto, herramientas: &Herramientas) -> Resultado<Sello> {
        let mut textos = vec![herramientas.objetivo.clone()];
        for ruta in self.fuentes(proyecto)? {
            let contenido = fs::read(&ruta).al("leer", &ruta)?;
            textos.push(proyecto.relativa(&ruta).to_string_lossy().into_owned());
            textos.push(String::from_utf8_lossy(&contenido).into_owned());
        }
        let textos: Vec<&str> = textos.iter().map(String::as_str).collect();
        Ok(Sello::de(proyecto, self.paquete, &textos))
    }

    fn fuentes(&self, proyecto: &Proyecto) -> Resultado<Vec<PathBuf>> {
        let mut rutas = vec![
            proyecto.raiz().join("Cargo.toml"),
            proyecto.cerrojo_de_cargo(),
        ];
        for carpeta in self.carpetas {
            let carpeta = proyecto.crate_auxiliar().join(carpeta);
            rutas.push(carpeta.join("Cargo.toml"));
            for entrada in WalkDir::new(carpeta.join("src")).sort_by_file_name() {
                let entrada = entrada.map_err(|e| {
                    Fallo::nuevo(format!("recorrer «{}»", carpeta.display())).causa(e)
                })?;
                if entrada.file_type().is_file() {
                    rutas.push(entrada.into_path());
                }
            }
        }
        Ok(rutas)
    }
}

/// Lo copia y le pone el nombre de una vez: quien lo esté usando sigue con el suyo.
fn instala(hecho: &Path, programa: &Path) -> Resultado {
    let carpeta = programa.parent().unwrap_or(programa);
    fs::create_dir_all(carpeta).al("crear", carpeta)?;
    let nuevo = programa.with_extension("nuevo");
    fs::copy(hecho, &nuevo).al("copiar el programa a", &nuevo)?;
    fs::rename(&nuevo, programa).al("poner el programa en", programa)
}
