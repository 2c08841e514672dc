//! `carrera`: los trabajos de las lecciones en Rust y en Python, medidos en esta máquina por el paquete `curso-carrera`.

use crate::fallo::{Fallo, Resultado};
use crate::orden::{con_barra_de_cargo, con_progreso, muere_con_su_padre, orden};
use crate::preparar::{programa, python, rust};
use crate::progreso::Paso;
use crate::proyecto::Proyecto;

const PAQUETE: &str = "curso-carrera";

/// Corre los trabajos que se digan (todos si no se dice ninguno) y devuelve si se han podido correr.
pub(crate) fn carrera(
    proyecto: &Proyecto,
    trabajos: &[String],
    repeticiones: usize,
) -> Resultado<bool> {
    let intento = "correr la carrera con Python";
    python::DEL_CURSO.asegurar(proyecto)?;
    let herramientas = rust::Herramientas::hallar()?;
    let servidor = &programa::SERVIDOR;
    servidor.asegurar(proyecto, &herramientas)?;
    let paso = Paso::nuevo("carrera con Python", "la primera vez se compila");
    // Con las cifras de `release`, y donde ya está compilado lo que comparte con el servidor.
    let compilado = proyecto.generado().join("target");
    let mut compila = orden(herramientas.programas().join("cargo"));
    compila
        .args(["build", "--release", "--locked", "--package", PAQUETE])
        .args(["--target", &herramientas.objetivo, "--target-dir"])
        .arg(&compilado)
        .current_dir(proyecto.raiz());
    con_barra_de_cargo(&mut compila);
    con_progreso(proyecto, &paso, PAQUETE, compila, intento)?;
    paso.hecho("");
    let hecho = compilado.join(&herramientas.objetivo).join("release");
    let mut corre = orden(hecho.join(PAQUETE));
    corre
        .args(["--repeticiones", &repeticiones.to_string()])
        .args(trabajos)
        .env(servidor.variable, servidor.ruta(proyecto))
        .env(python::VARIABLE, python::DEL_CURSO.python(proyecto))
        .current_dir(proyecto.raiz());
    muere_con_su_padre(&mut corre);
    let estado = corre.status().map_err(|e| Fallo::nuevo(intento).causa(e))?;
    Ok(estado.success())
}
