//! Lo que Jupyter sabe del núcleo: la especificación `rust`, que lanza `curso nucleo`.

use crate::fallo::{ConArchivo, Fallo, Resultado};
use crate::orden::{orden, salida_de};
use crate::progreso::Paso;
use crate::proyecto::Proyecto;
use crate::sello::{Sello, escribe_de_una_vez};
use serde_json::json;
use std::path::Path;

fn sello(proyecto: &Proyecto, evcxr: &Path) -> Resultado<Sello> {
    // La orden instalada es una copia de esta: si el binario cambia, se copia otra vez.
    let esta = std::env::current_exe()
        .map_err(|e| Fallo::nuevo("saber dónde está esta orden").causa(e))?;
    let datos = esta.metadata().al("leer", &esta)?;
    let modificada = datos.modified().al("leer", &esta)?;
    let de_esta = if esta == proyecto.orden_instalada() {
        String::new()
    } else {
        format!("{} {modificada:?}", datos.len())
    };
    Ok(Sello::de(
        proyecto,
        "especificacion",
        &[&evcxr.to_string_lossy(), &de_esta],
    ))
}

/// Si la especificación está y lanza esta misma orden.
pub(crate) fn esta(proyecto: &Proyecto, evcxr: &Path) -> bool {
    sello(proyecto, evcxr).is_ok_and(|s| s.vale()) && proyecto.orden_instalada().exists()
}

/// Escribe las especificaciones: la del curso, y aparte la de serie, que solo se usa para comparar.
pub(crate) fn asegurar(proyecto: &Proyecto, evcxr: &Path) -> Resultado {
    if esta(proyecto, evcxr) {
        return Ok(());
    }
    let paso = Paso::nuevo("núcleo «rust» de Jupyter", "");
    let sello = sello(proyecto, evcxr)?;
    sello.rompe()?;
    instala_la_orden(proyecto)?;
    for datos in [proyecto.jupyter(), proyecto.jupyter_de_serie()] {
        // El instalador de evcxr pone los iconos y su kernel.json; el del curso lleva otra orden.
        let mut instala = orden(evcxr);
        instala.arg("--install").env("JUPYTER_PATH", &datos);
        salida_de(instala, "instalar la especificación del núcleo")?;
    }
    let nucleo = json!({
        "argv": [proyecto.orden_instalada(), "nucleo", "--raiz", proyecto.raiz(), "{connection_file}"],
        "display_name": "Rust",
        "language": "rust",
        "interrupt_mode": "message",
    });
    let ruta = proyecto.jupyter().join("kernels/rust/kernel.json");
    escribe_de_una_vez(&ruta, format!("{nucleo:#}\n").as_bytes())?;
    sello.pone()?;
    paso.hecho("");
    Ok(())
}

/// Copia esta orden a donde `cargo` no la toca: recompilar no estorba a los núcleos abiertos.
fn instala_la_orden(proyecto: &Proyecto) -> Resultado {
    let destino = proyecto.orden_instalada();
    let esta = std::env::current_exe()
        .map_err(|e| Fallo::nuevo("saber dónde está esta orden").causa(e))?;
    if esta == destino {
        return Ok(());
    }
    let carpeta = proyecto.generado().join("bin");
    std::fs::create_dir_all(&carpeta).al("crear", &carpeta)?;
    let nueva = carpeta.join("curso.nueva");
    std::fs::copy(&esta, &nueva).al("copiar la orden a", &nueva)?;
    std::fs::rename(&nueva, &destino).al("poner la orden en", &destino)
}
