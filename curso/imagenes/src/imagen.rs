//! `Imagen`: qué se mide y cómo se dibuja una de las imágenes.

use std::fs;
use std::path::{Path, PathBuf};

use concurrencia::{Figure, Trace};

/// Veces que se mide cada traza: se guarda la más corta, la que menos ha estorbado el resto de la máquina.
const VECES: usize = 4;

/// Una imagen de las lecciones.
#[derive(Clone, Copy, Debug)]
pub struct Imagen {
    /// Cómo se llaman su archivo y, si las tiene, sus trazas: `LL_que_muestra`.
    pub nombre: &'static str,
    /// Lo que hay que medir; nada, si es un diagrama.
    pub trazas: &'static [Medida],
    /// La dibuja con sus trazas, en el mismo orden. Si contradicen lo que la imagen dice, da el porqué.
    pub figura: fn(&[Trace]) -> Result<Figure, String>,
}

/// El nombre de una traza, si la imagen tiene varias, y cómo se mide.
pub type Medida = (&'static str, fn() -> Trace);

/// Dónde están las cosas: las dos únicas carpetas en que se escribe.
#[derive(Clone, Debug)]
pub struct Carpetas {
    raiz: PathBuf,
}

impl Carpetas {
    /// Las del proyecto que está en esa carpeta.
    pub fn de(raiz: impl Into<PathBuf>) -> Carpetas {
        Carpetas { raiz: raiz.into() }
    }

    /// Donde van las imágenes.
    pub fn imagenes(&self) -> PathBuf {
        self.raiz.join("images")
    }

    /// Donde van las trazas.
    pub fn trazas(&self) -> PathBuf {
        self.raiz.join("curso/imagenes/trazas")
    }
}

impl Imagen {
    /// El archivo de la imagen.
    pub fn ruta(&self, carpetas: &Carpetas) -> PathBuf {
        carpetas.imagenes().join(format!("{}.svg", self.nombre))
    }

    /// Los archivos de sus trazas.
    pub fn rutas_de_trazas(&self, carpetas: &Carpetas) -> Vec<PathBuf> {
        let ruta = |(sufijo, _): &Medida| match *sufijo {
            "" => format!("{}.json", self.nombre),
            sufijo => format!("{}_{sufijo}.json", self.nombre),
        };
        let rutas = self.trazas.iter().map(ruta);
        rutas.map(|ruta| carpetas.trazas().join(ruta)).collect()
    }

    /// La figura, a partir de las trazas guardadas.
    pub fn dibuja(&self, carpetas: &Carpetas) -> Result<Figure, String> {
        let rutas = self.rutas_de_trazas(carpetas);
        let trazas: Vec<Trace> = rutas
            .iter()
            .map(Trace::load)
            .collect::<Result<_, _>>()
            .map_err(|e| format!("{e}; vuelve a medirla con «cargo curso imagenes --medir»"))?;
        (self.figura)(&trazas)
            .map_err(|porque| format!("la traza de {} no vale: {porque}", self.nombre))
    }

    /// Mide sus trazas y las guarda, si dicen lo que la imagen tiene que decir; si no, deja las que había.
    pub fn mide(&self, carpetas: &Carpetas) -> Result<(), String> {
        let trazas: Vec<Trace> = self
            .trazas
            .iter()
            .map(|(_, mide)| la_mas_corta(*mide))
            .collect();
        (self.figura)(&trazas).map_err(|porque| {
            format!(
                "lo medido contradice a {}: {porque}; repítelo con la máquina más tranquila",
                self.nombre
            )
        })?;
        for (traza, ruta) in trazas.iter().zip(self.rutas_de_trazas(carpetas)) {
            traza.save(ruta).map_err(|e| e.to_string())?;
        }
        Ok(())
    }

    /// La dibuja y la guarda; dice si ha cambiado.
    pub fn guarda(&self, carpetas: &Carpetas) -> Result<bool, String> {
        let (figura, ruta) = (self.dibuja(carpetas)?, self.ruta(carpetas));
        if lee(&ruta).as_deref() == Some(figura.svg()) {
            return Ok(false);
        }
        figura.save(&ruta).map_err(|e| e.to_string())?;
        Ok(true)
    }
}

fn lee(ruta: &Path) -> Option<String> {
    fs::read_to_string(ruta).ok()
}

fn la_mas_corta(mide: fn() -> Trace) -> Trace {
    let primera = mide();
    (1..VECES).map(|_| mide()).fold(primera, |mejor, otra| {
        if otra.duration() < mejor.duration() {
            otra
        } else {
            mejor
        }
    })
}
