//! `concurrencia-png`: convierte una figura SVG en PNG.
//!
//! Es un programa aparte, y no parte del crate, porque lo que dibuja las letras son decenas de paquetes que pagaría cada
//! celda del cuaderno. `Figure::save` lo lanza cuando se le pide un `.png`.
//!
//! | módulo | qué hace |
//! |---|---|
//! | [`orden`] | lo que se le pide en la línea de órdenes |
//! | [`dibujo`] | del SVG a los bytes del PNG |
//! | [`explica`] | por qué un SVG no vale, en español |
//! | [`entrega`] | escribir el PNG entero o no escribir nada |
#![forbid(unsafe_code)]

mod dibujo;
mod entrega;
mod explica;
mod orden;

use orden::{Orden, Trabajo};
use std::fs;
use std::io::{self, Read};
use std::process::ExitCode;

fn main() -> ExitCode {
    let hecho = Orden::lee(std::env::args_os().skip(1).collect()).and_then(obedece);
    match hecho {
        Ok(()) => ExitCode::SUCCESS,
        Err(fallo) => {
            eprintln!("{fallo}");
            ExitCode::FAILURE
        }
    }
}

fn obedece(orden: Orden) -> Result<(), String> {
    match orden {
        Orden::Ayuda => {
            print!("{}", orden::AYUDA);
            Ok(())
        }
        Orden::Convierte(trabajo) => convierte(&trabajo),
    }
}

fn convierte(trabajo: &Trabajo) -> Result<(), String> {
    let svg = lee(trabajo)?;
    let png = dibujo::png(&svg, trabajo.escala)?;
    match &trabajo.archivos {
        Some((_, salida)) => entrega::en_archivo(salida, &png),
        None => entrega::en_la_salida(&png),
    }
}

fn lee(trabajo: &Trabajo) -> Result<Vec<u8>, String> {
    if let Some((entrada, _)) = &trabajo.archivos {
        return fs::read(entrada)
            .map_err(|error| format!("no se puede leer «{}»: {error}", entrada.display()));
    }
    let mut svg = Vec::new();
    io::stdin()
        .read_to_end(&mut svg)
        .map_err(|error| format!("no se puede leer la entrada: {error}"))?;
    Ok(svg)
}
