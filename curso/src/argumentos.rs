//! Los argumentos de la orden, su ayuda y sus errores, en español.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::path::PathBuf;
use std::process::exit;

const PLANTILLA: &str = "\
{about-with-newline}
Uso: {usage}

{all-args}{after-help}";

/// Prepara, abre, ejecuta y prueba los cuadernos del curso de concurrencia en Rust
#[derive(Debug, Parser)]
#[command(
    name = "cargo curso",
    bin_name = "cargo curso",
    version,
    help_template = PLANTILLA,
    subcommand_help_heading = "Órdenes",
    subcommand_value_name = "ORDEN",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    after_help = "Para empezar:\n  cargo curso abrir\n\nCada orden tiene su ayuda: cargo curso abrir --ayuda"
)]
pub(crate) struct Argumentos {
    /// La carpeta del proyecto, si no es la actual ni una que la contenga
    #[arg(long, global = true, value_name = "CARPETA", hide = true)]
    pub(crate) raiz: Option<PathBuf>,

    #[command(flatten)]
    _ayuda: Ayuda,

    #[command(subcommand)]
    pub(crate) suborden: Suborden,
}

#[derive(Debug, Args)]
struct Ayuda {
    /// Enseña esta ayuda
    #[arg(short = 'h', long = "ayuda", alias = "help", global = true, action = clap::ArgAction::Help)]
    ayuda: Option<bool>,

    /// Enseña la versión
    #[arg(short = 'V', long = "version", action = clap::ArgAction::Version)]
    version: Option<bool>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Suborden {
    /// Instala lo que falte: entorno de Python, núcleo de Rust, plantilla caliente y los programas que usan las celdas
    ///
    /// Instala en la carpeta «.curso/» del proyecto todo lo que los cuadernos necesitan. La primera vez descarga y
    /// compila (unos 15 minutos); después solo rehace lo que haya cambiado. Cortada a medias, sigue donde estaba.
    #[command(help_template = PLANTILLA, after_help = "Ejemplo:\n  cargo curso preparar")]
    Preparar,

    /// Abre JupyterLab, en español, en un cuaderno (el primero si no se dice otro)
    ///
    /// Prepara lo que falte y abre JupyterLab, solo accesible desde esta máquina. Se cierra con Ctrl-C.
    #[command(help_template = PLANTILLA, after_help = "Ejemplo:\n  cargo curso abrir 01_hilos")]
    Abrir {
        /// El cuaderno: su ruta, o su nombre en «notebooks/»
        #[arg(value_name = "CUADERNO")]
        cuaderno: Option<PathBuf>,

        /// Puerto de JupyterLab (si no se dice, el primero libre desde el 8888)
        #[arg(long, value_name = "PUERTO")]
        puerto: Option<u16>,

        /// No abre el navegador: enseña la dirección
        #[arg(long)]
        sin_navegador: bool,
    },

    /// Ejecuta cuadernos y guarda sus salidas (todos si no se dice cuáles)
    ///
    /// Ejecuta cada cuaderno desde cero, en su sitio, y guarda lo que da. Acaba mal si una celda da error, entra en
    /// pánico, deja salir un Err, pasa de su plazo (120 s, u otro en metadata.plazo) o debía fallar y no falla.
    #[command(help_template = PLANTILLA, after_help = "Ejemplo:\n  cargo curso ejecutar 01_hilos")]
    Ejecutar {
        /// Los cuadernos: su ruta, o su nombre en «notebooks/»
        #[arg(value_name = "CUADERNO")]
        cuadernos: Vec<PathBuf>,
    },

    /// Pasa todas las pruebas: formato, clippy, documentación, Rust y cuadernos
    ///
    /// Los cuadernos se ejecutan desde cero en una copia y sus salidas se comparan con las guardadas; de las celdas
    /// con etiqueta «tiempos» o «azar» solo se mira qué clase de salidas dan.
    #[command(help_template = PLANTILLA, after_help = "Ejemplo:\n  cargo curso probar")]
    Probar,

    /// Mide el arranque y las celdas: núcleo de serie frente a núcleo caliente
    #[command(help_template = PLANTILLA, after_help = "Ejemplo:\n  cargo curso medir --veces 5")]
    Medir {
        /// El cuaderno (si no se dice, uno hecho para esto)
        #[arg(value_name = "CUADERNO")]
        cuaderno: Option<PathBuf>,

        /// Cuántas veces se ejecuta con cada núcleo
        #[arg(long, value_name = "N", default_value_t = 3, hide_default_value = true, value_parser = veces)]
        veces: usize,
    },

    /// Dibuja las imágenes de las lecciones en «images/», a partir de las trazas guardadas
    ///
    /// Las trazas están en «curso/imagenes/trazas/»: con las mismas, las imágenes salen iguales byte a byte en cualquier
    /// máquina. Con --medir las vuelve a medir antes (alrededor de un minuto; con la máquina tranquila) y acaba mal si lo
    /// medido contradice lo que una imagen dice.
    #[command(help_template = PLANTILLA, after_help = "Ejemplo:\n  cargo curso imagenes --medir")]
    Imagenes {
        /// Vuelve a medir las trazas antes de dibujar
        #[arg(long)]
        medir: bool,
    },

    /// Corre los trabajos de las lecciones en Rust y en Python, y dice lo que tarda cada uno
    ///
    /// Descargas, imágenes, miniaturas y cálculo, contra el servidor de prácticas de esta máquina: sin red. Los dos se miden
    /// intercalados en la misma ejecución, y los resultados tienen que coincidir. Todos, unos minutos; con la máquina
    /// tranquila. Los trabajos: sitios, imagenes, usuarios, miniaturas, pbkdf2, cuadrados, mixto y mil.
    #[command(help_template = PLANTILLA, after_help = "Ejemplo:\n  cargo curso carrera sitios miniaturas")]
    Carrera {
        /// Qué trabajos (todos si no se dice ninguno)
        #[arg(value_name = "TRABAJO")]
        trabajos: Vec<String>,

        /// Cuántas veces se repite cada uno
        #[arg(long, value_name = "N", default_value_t = 5, hide_default_value = true, value_parser = veces)]
        repeticiones: usize,
    },

    /// Publica el curso en «_site/»: páginas, diapositivas, PDF y la documentación del crate
    ///
    /// No ejecuta nada: enseña las salidas guardadas en los cuadernos. Lo que deja se abre con doble clic, sin red, y se puede
    /// copiar a cualquier sitio o subir a un servidor de archivos. Los PDF se hacen con el Chromium del sistema.
    #[command(
        help_template = PLANTILLA,
        after_help = "Ejemplo:\n  cargo curso publicar --sin-pdf"
    )]
    Publicar {
        /// No hace los PDF: no hace falta Chromium
        #[arg(long)]
        sin_pdf: bool,
    },

    /// Hace en «notebooks/ejercicios/» los cuadernos de ejercicios, a partir de los del profesor
    ///
    /// Los del profesor están en «curso/ejercicios/» y llevan además las pistas, las soluciones y las soluciones malas. Las
    /// salidas de lo que no haya cambiado se conservan. Si has escrito en alguno, no toca ninguno y dice en cuál.
    #[command(
        help_template = PLANTILLA,
        after_help = "Ejemplo:\n  cargo curso ejercicios --comprobar"
    )]
    Ejercicios {
        /// No escribe: dice si los cuadernos de ejercicios son los que saldrían
        #[arg(long, conflicts_with = "pisar")]
        comprobar: bool,

        /// Los hace aunque hayas escrito en ellos: lo que había se guarda en «notebooks/ejercicios/.anteriores/»
        #[arg(long)]
        pisar: bool,
    },

    /// Devuelve ejercicios a como estaban al principio
    #[command(
        help_template = PLANTILLA,
        subcommand_help_heading = "Órdenes",
        subcommand_value_name = "ORDEN",
        disable_help_subcommand = true,
        after_help = "Ejemplo:\n  cargo curso ejercicio reiniciar hilos-03"
    )]
    Ejercicio {
        #[command(subcommand)]
        suborden: DeEjercicio,
    },

    /// Dice lo que llevas hecho de los ejercicios y cuál toca
    ///
    /// Por cada libro: los que apruebas, los minutos que son, cuántas veces los has comprobado, cuántas pistas has visto y de
    /// cuántos pediste la solución antes de aprobar. Se apunta en «progreso.json», en la carpeta del proyecto.
    #[command(help_template = PLANTILLA, after_help = "Ejemplo:\n  cargo curso progreso")]
    Progreso {
        /// Empieza de cero: aparta lo que hay cambiándole el nombre, y dice cuál
        #[arg(long)]
        borrar: bool,
    },

    /// Dice qué versiones hay, dónde está cada cosa, qué falta y cómo arreglarlo
    #[command(help_template = PLANTILLA, after_help = "Ejemplo:\n  cargo curso diagnosticar")]
    Diagnosticar,

    /// Borra restos; con --todo, cuanto se generó en «.curso/»
    #[command(help_template = PLANTILLA, after_help = "Ejemplo:\n  cargo curso limpiar --todo")]
    Limpiar {
        /// Borra también el entorno, el núcleo, la plantilla y los programas: habrá que preparar de nuevo
        #[arg(long)]
        todo: bool,
    },

    /// Arranca un núcleo caliente (la lanza Jupyter)
    #[command(hide = true, help_template = PLANTILLA)]
    Nucleo {
        #[arg(value_name = "ARCHIVO_DE_CONEXION")]
        conexion: PathBuf,
    },
}

/// Lo que se puede hacer con un ejercicio.
#[derive(Debug, Subcommand)]
pub(crate) enum DeEjercicio {
    /// Devuelve ejercicios a como estaban al principio
    ///
    /// En los cuadernos de «notebooks/ejercicios/», deja como al principio sus celdas de código. Lo que había se guarda en
    /// «notebooks/ejercicios/.anteriores/»; lo demás y tu progreso no se tocan.
    #[command(
        help_template = PLANTILLA,
        after_help = "Ejemplo:\n  cargo curso ejercicio reiniciar hilos-03 hilos-04"
    )]
    Reiniciar {
        /// Los ejercicios
        #[arg(value_name = "NOMBRE", required = true)]
        nombres: Vec<String>,
    },
}

fn veces(dicho: &str) -> Result<usize, String> {
    match dicho.parse() {
        Ok(n) if n > 0 => Ok(n),
        _ => Err("debe ser un número mayor que cero".to_owned()),
    }
}

/// Lee los argumentos; si no valen, dice por qué y acaba con código 2.
pub(crate) fn lee() -> Argumentos {
    Argumentos::command()
        .try_get_matches()
        .and_then(|hallados| Argumentos::from_arg_matches(&hallados))
        .unwrap_or_else(|error| acaba(&error))
}

fn acaba(error: &clap::Error) -> ! {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            print!("{}", en_espanol(&error.render()));
            exit(0)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            eprint!("{}", en_espanol(&ayuda_de(error)));
            exit(2)
        }
        _ => {
            eprintln!("{}\n\nLa ayuda: cargo curso --ayuda", dicho(error));
            exit(2)
        }
    }
}

/// La ayuda de la orden a la que le falta algo: la que clap iba a enseñar o, si no iba a enseñar ninguna, la general.
fn ayuda_de(error: &clap::Error) -> StyledStr {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        error.render()
    } else {
        Argumentos::command().render_help()
    }
}

/// Los encabezados que clap no deja traducir de otro modo.
fn en_espanol(texto: &StyledStr) -> String {
    texto
        .to_string()
        .replace("Arguments:", "Argumentos:")
        .replace("Options:", "Opciones:")
        .replace("Commands:", "Órdenes:")
        .replace("[OPTIONS]", "[OPCIONES]")
}

fn dicho(error: &clap::Error) -> String {
    let dato = |clase| match error.get(clase) {
        Some(ContextValue::String(s)) => s.clone(),
        Some(ContextValue::Strings(v)) => v.join("» o «"),
        Some(ContextValue::StyledStr(s)) => s.to_string(),
        _ => String::new(),
    };
    let parecido = |clase| match dato(clase) {
        sugerido if sugerido.is_empty() => String::new(),
        sugerido => format!(" (¿querías decir «{sugerido}»?)"),
    };
    match error.kind() {
        ErrorKind::InvalidSubcommand => format!(
            "no hay ninguna orden «{}»{}",
            dato(ContextKind::InvalidSubcommand),
            parecido(ContextKind::SuggestedSubcommand)
        ),
        ErrorKind::UnknownArgument => {
            format!(
                "no se espera «{}»{}",
                dato(ContextKind::InvalidArg),
                parecido(ContextKind::SuggestedArg)
            )
        }
        ErrorKind::InvalidValue if dato(ContextKind::InvalidValue).is_empty() => {
            format!("a «{}» le falta su valor", dato(ContextKind::InvalidArg))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!(
                "«{}» no vale para «{}»",
                dato(ContextKind::InvalidValue),
                dato(ContextKind::InvalidArg)
            )
        }
        ErrorKind::MissingRequiredArgument => format!("falta {}", dato(ContextKind::InvalidArg)),
        ErrorKind::ArgumentConflict => {
            format!(
                "«{}» no se puede repetir ni combinar así",
                dato(ContextKind::InvalidArg)
            )
        }
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod pruebas {
    use super::*;

    #[test]
    fn la_definicion_es_coherente() {
        Argumentos::command().debug_assert();
    }

    #[test]
    fn los_errores_se_dicen_en_espanol() {
        let error =
            |argumentos: &[&str]| dicho(&Argumentos::try_parse_from(argumentos).unwrap_err());
        assert_eq!(
            error(&["curso", "abri"]),
            "no hay ninguna orden «abri» (¿querías decir «abrir»?)"
        );
        assert!(error(&["curso", "abrir", "--purto", "1"]).starts_with("no se espera «--purto»"));
        assert_eq!(
            error(&["curso", "abrir", "--puerto", "x"]),
            "«x» no vale para «--puerto <PUERTO>»"
        );
        assert_eq!(
            error(&["curso", "medir", "--veces", "0"]),
            "«0» no vale para «--veces <N>»"
        );
    }

    #[test]
    fn toda_orden_visible_tiene_ayuda_y_ejemplo_en_espanol() {
        let mut entera = Argumentos::command();
        entera.build();
        for orden in entera.get_subcommands_mut().filter(|o| !o.is_hide_set()) {
            exige_ayuda_en_espanol(orden);
            for suya in orden.get_subcommands_mut() {
                exige_ayuda_en_espanol(suya);
            }
        }
    }
    fn exige_ayuda_en_espanol(orden: &mut clap::Command) {
        let ayuda = en_espanol(&orden.render_long_help());
        assert!(ayuda.contains("Ejemplo:\n  cargo curso "), "{ayuda}");
        for ingles in ["Usage", "Options", "Arguments", "Commands", "Print", "help"] {
            assert!(!ayuda.contains(ingles), "«{ingles}» en: {ayuda}");
        }
    }
}
