//! `curso-imagenes`: dibuja las imágenes de las lecciones en `images/`. La lanza `cargo curso imagenes`.
//!
//! Con `--medir`, antes vuelve a medir las trazas.

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use imagenes::{Carpetas, IMAGENES};

fn main() -> ExitCode {
    let argumentos: Vec<String> = env::args().skip(1).collect();
    let medir = match argumentos.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => false,
        ["--medir"] => true,
        _ => {
            eprintln!("no se espera «{}»: solo «--medir»", argumentos.join(" "));
            return ExitCode::from(2);
        }
    };
    match haz(&Carpetas::de(raiz()), medir) {
        Ok(()) => ExitCode::SUCCESS,
        Err(porque) => {
            eprintln!("{porque}");
            ExitCode::FAILURE
        }
    }
}

/// Todas, también las que siguen a una que falla.
fn haz(carpetas: &Carpetas, medir: bool) -> Result<(), String> {
    let mut fallos = Vec::new();
    for imagen in IMAGENES {
        let medida = if medir { imagen.mide(carpetas) } else { Ok(()) };
        match medida.and_then(|()| imagen.guarda(carpetas)) {
            Ok(true) => println!("{}: dibujada", imagen.nombre),
            Ok(false) => println!("{}: sin cambios", imagen.nombre),
            Err(porque) => fallos.push(porque),
        }
    }
    if fallos.is_empty() {
        Ok(())
    } else {
        Err(fallos.join("\n"))
    }
}

/// La carpeta del proyecto, que está dos por encima de este paquete; `cargo run` dice dónde está ahora, aunque se haya
/// movido desde que se compiló.
fn raiz() -> PathBuf {
    let paquete = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let raiz = paquete
        .as_deref()
        .and_then(Path::parent)
        .and_then(Path::parent);
    raiz.unwrap_or(Path::new(".")).to_owned()
}
