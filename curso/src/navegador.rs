//! El Chromium del sistema: el que imprime los PDF y con el que se comprueba lo publicado.

use crate::fallo::{Fallo, Resultado};
use crate::orden::en_el_path;
use std::path::{Path, PathBuf};

/// Los nombres que tiene en los distintos sistemas.
const PROGRAMAS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// En macOS no está en el PATH.
const EN_MACOS: [&str; 2] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// Cómo se instala.
pub(crate) const INSTALAR: &str = "instálalo con el gestor de paquetes de tu sistema (en Debian y Ubuntu: sudo apt install chromium)";

/// Dónde está, si está.
pub(crate) fn hallar() -> Option<PathBuf> {
    let en_macos = EN_MACOS.map(Path::new).into_iter();
    PROGRAMAS.into_iter().find_map(en_el_path).or_else(|| {
        en_macos
            .filter(|ruta| ruta.exists())
            .map(Path::to_owned)
            .next()
    })
}

/// Dónde está; sin él no se puede hacer `intento`.
pub(crate) fn exigir(intento: &str, remedio: &str) -> Resultado<PathBuf> {
    hallar().ok_or_else(|| {
        Fallo::nuevo(intento)
            .causa("no está Chromium (ni Google Chrome)")
            .remedio(format!("{INSTALAR}{remedio}"))
    })
}
