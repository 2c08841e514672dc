//! La orden del curso: prepara, abre, ejecuta y prueba los cuadernos.
//!
//! | suborden | módulo |
//! |---|---|
//! | `preparar` | [`preparar`]: un archivo por paso, con su [`sello`] |
//! | `abrir` | [`abrir`] |
//! | `ejecutar` | [`ejecutar`], y quién juzga las celdas, [`juicio`] |
//! | `probar` | [`probar`], y la comparación con lo guardado, [`comparar`] |
//! | `medir` | [`medir`] |
//! | `imagenes` | [`imagenes`], que lanza el paquete `curso-imagenes` |
//! | `carrera` | [`carrera`], que lanza el paquete `curso-carrera` |
//! | `publicar` | [`publicar`], que lanza los programas de `curso/publicar/` |
//! | `ejercicios`, `ejercicio`, `progreso` | [`ejercicios`] |
//! | `diagnosticar`, `limpiar` | [`diagnosticar`], [`limpiar`] |
//! | `nucleo` (la lanza Jupyter) | [`nucleo`] |
#![deny(unsafe_code)]

#[cfg(not(unix))]
compile_error!(
    "el curso funciona en Linux y macOS; en Windows, úsalo dentro de WSL: https://aka.ms/wsl"
);

mod abrir;
mod arbol;
mod argumentos;
mod carpeta;
mod carrera;
mod cerrojo;
mod comparar;
mod copia;
mod cuaderno;
mod diagnosticar;
mod ejecutar;
mod ejercicios;
mod fallo;
mod imagenes;
mod juicio;
mod limpiar;
mod medir;
mod navegador;
mod nucleo;
mod orden;
mod preparar;
mod probar;
mod progreso;
mod proyecto;
mod publicar;
mod sello;

use argumentos::{Argumentos, DeEjercicio, Suborden};
use fallo::Resultado;
use proyecto::Proyecto;
use std::process::ExitCode;

fn main() -> ExitCode {
    let argumentos = argumentos::lee();
    match obedece(&argumentos) {
        Ok(codigo) => codigo,
        Err(fallo) => {
            eprintln!("\n{fallo}");
            ExitCode::FAILURE
        }
    }
}

fn obedece(argumentos: &Argumentos) -> Resultado<ExitCode> {
    let proyecto = Proyecto::hallar(argumentos.raiz.as_deref())?;
    let bien = match &argumentos.suborden {
        Suborden::Preparar => {
            preparar::preparar(&proyecto)?;
            eprintln!("Todo preparado: «cargo curso abrir» abre el primer cuaderno.");
            true
        }
        Suborden::Abrir {
            cuaderno,
            puerto,
            sin_navegador,
        } => abrir::abrir(&proyecto, cuaderno.as_deref(), *puerto, !sin_navegador)?,
        Suborden::Ejecutar { cuadernos } => ejecutar::ejecutar(&proyecto, cuadernos)?,
        Suborden::Probar => probar::probar(&proyecto)?,
        Suborden::Medir { cuaderno, veces } => {
            medir::medir(&proyecto, cuaderno.as_deref(), *veces)?
        }
        Suborden::Imagenes { medir } => {
            imagenes::imagenes(&proyecto, *medir)?;
            true
        }
        Suborden::Carrera {
            trabajos,
            repeticiones,
        } => carrera::carrera(&proyecto, trabajos, *repeticiones)?,
        Suborden::Publicar { sin_pdf } => {
            publicar::publicar(&proyecto, !sin_pdf)?;
            true
        }
        Suborden::Ejercicios { comprobar, pisar } => {
            if *comprobar {
                ejercicios::comprobar(&proyecto)?
            } else {
                ejercicios::generar(&proyecto, *pisar)?;
                true
            }
        }
        Suborden::Ejercicio {
            suborden: DeEjercicio::Reiniciar { nombres },
        } => {
            ejercicios::reiniciar(&proyecto, nombres)?;
            true
        }
        Suborden::Progreso { borrar } => {
            if *borrar {
                ejercicios::empezar_de_cero(&proyecto)?;
            } else {
                ejercicios::progreso(&proyecto)?;
            }
            true
        }
        Suborden::Diagnosticar => diagnosticar::diagnosticar(&proyecto)?,
        Suborden::Limpiar { todo } => limpiar::limpiar(&proyecto, *todo)?,
        Suborden::Nucleo { conexion } => return nucleo::nucleo(&proyecto, conexion),
    };
    Ok(if bien {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
