//! Lo que se pide en la línea de órdenes.

use std::ffi::OsString;
use std::path::PathBuf;

/// Lo que se enseña con `--ayuda`.
pub(crate) const AYUDA: &str = "\
Convierte una figura SVG en PNG.

Uso: concurrencia-png [--escala N] [ENTRADA.svg SALIDA.png]

Sin archivos, lee el SVG de la entrada estándar y escribe el PNG en la salida estándar.

Opciones:
      --escala N  píxeles del PNG por cada uno del SVG, para pantallas densas y proyectores (por omisión, 2)
      --ayuda     enseña esta ayuda
";

const ESCALA: f32 = 2.0;

#[derive(Debug, PartialEq)]
pub(crate) enum Orden {
    Ayuda,
    Convierte(Trabajo),
}

#[derive(Debug, PartialEq)]
pub(crate) struct Trabajo {
    /// Píxeles del PNG por cada uno del SVG.
    pub(crate) escala: f32,
    /// Entrada y salida; sin ellos, las estándar.
    pub(crate) archivos: Option<(PathBuf, PathBuf)>,
}

impl Orden {
    pub(crate) fn lee(argumentos: Vec<OsString>) -> Result<Orden, String> {
        let mut argumentos = pico_args::Arguments::from_vec(argumentos);
        if argumentos.contains(["-h", "--ayuda"]) || argumentos.contains("--help") {
            return Ok(Orden::Ayuda);
        }
        let escala = match argumentos.opt_value_from_fn("--escala", escala) {
            Ok(escala) => escala.unwrap_or(ESCALA),
            Err(pico_args::Error::Utf8ArgumentParsingFailed { cause, .. }) => return Err(cause),
            Err(_) => return Err("«--escala» pide un número: prueba con «--escala 2»".to_owned()),
        };
        let mut sueltos = argumentos.finish();
        if let Some(opcion) = sueltos
            .iter()
            .find(|a| a.as_encoded_bytes().starts_with(b"-"))
        {
            return Err(format!(
                "no existe la opción «{}»: mira «concurrencia-png --ayuda»",
                opcion.display()
            ));
        }
        let archivos = match (sueltos.len(), sueltos.pop(), sueltos.pop()) {
            (0, ..) => None,
            (2, Some(salida), Some(entrada)) => Some((entrada.into(), salida.into())),
            (dados, ..) => {
                return Err(format!(
                    "hacen falta dos archivos, la entrada y la salida, o ninguno, y hay {dados}: \
                     «concurrencia-png figura.svg figura.png»"
                ));
            }
        };
        Ok(Orden::Convierte(Trabajo { escala, archivos }))
    }
}

fn escala(texto: &str) -> Result<f32, String> {
    texto
        .replace(',', ".")
        .parse()
        .ok()
        .filter(|escala: &f32| escala.is_finite() && *escala > 0.0)
        .ok_or_else(|| {
            format!(
                "la escala tiene que ser un número mayor que cero, como 2 o 1,5, y es «{texto}»"
            )
        })
}

#[cfg(test)]
mod pruebas {
    use super::*;

    fn lee(argumentos: &[&str]) -> Result<Orden, String> {
        Orden::lee(argumentos.iter().map(OsString::from).collect())
    }

    fn escala_de(argumentos: &[&str]) -> f32 {
        match lee(argumentos).unwrap() {
            Orden::Convierte(trabajo) => trabajo.escala,
            Orden::Ayuda => panic!("es la ayuda"),
        }
    }

    #[test]
    fn sin_nada_se_convierte_lo_de_la_entrada_al_doble() {
        let archivos = None;
        let esperado = Orden::Convierte(Trabajo {
            escala: 2.0,
            archivos,
        });
        assert_eq!(lee(&[]).unwrap(), esperado);
    }

    #[test]
    fn la_escala_va_delante_o_detras_y_con_punto_o_con_coma() {
        assert_eq!(escala_de(&["--escala", "3", "a.svg", "b.png"]), 3.0);
        assert_eq!(escala_de(&["a.svg", "b.png", "--escala=1.5"]), 1.5);
        assert_eq!(escala_de(&["--escala", "1,5"]), 1.5);
    }

    #[test]
    fn una_escala_sin_sentido_se_rechaza() {
        for mala in ["0", "-1", "NaN", "inf", "mucho"] {
            let error = lee(&[&format!("--escala={mala}")]).unwrap_err();
            assert!(
                error.contains("mayor que cero") && error.contains(mala),
                "{error}"
            );
        }
        for vacia in ["--escala", "--escala="] {
            assert!(lee(&[vacia]).unwrap_err().contains("pide un número"));
        }
    }

    #[test]
    fn los_archivos_son_dos_o_ninguno() {
        let Orden::Convierte(trabajo) = lee(&["a.svg", "b.png"]).unwrap() else {
            panic!("es la ayuda")
        };
        assert_eq!(trabajo.archivos, Some(("a.svg".into(), "b.png".into())));
        for malos in [&["a.svg"][..], &["a.svg", "b.png", "c.png"]] {
            let error = lee(malos).unwrap_err();
            assert!(error.contains(&format!("hay {}", malos.len())), "{error}");
        }
    }

    #[test]
    fn una_opcion_que_no_existe_se_dice() {
        assert!(lee(&["--calidad"]).unwrap_err().contains("«--calidad»"));
    }
}
