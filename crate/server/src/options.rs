//! Los argumentos: semilla, escala y puerto.

use std::ffi::OsString;

use pico_args::Arguments;

pub(crate) const HELP: &str = "\
El servidor de prácticas del curso: sitios, usuarios, colecciones e imágenes, solo en 127.0.0.1.

    concurrencia-server [--semilla N] [--escala F] [--puerto P]

    --semilla N   de qué sale todo lo que sirve (0)
    --escala F    cuántos segundos dura uno de la lección (0.1)
    --puerto P    en qué puerto atiende (0: uno libre)
    --ayuda       esto

Escribe su dirección cuando está listo. Órdenes, una por línea, por la entrada estándar:

    estado                 peticiones, en vuelo, pico y bytes
    olvida                 pone la cuenta a cero
    prepara sitios         los escribe y comprime ya, sin esperar a que los pidan
    prepara imagenes N     pinta ya las N primeras

Se acaba al cerrarse su entrada (Ctrl-D).
";

/// Con qué arranca.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Options {
    pub(crate) seed: u64,
    pub(crate) scale: f64,
    pub(crate) port: u16,
}

/// Lo que se le pide al programa.
#[derive(Debug, PartialEq)]
pub(crate) enum Asked {
    Serve(Options),
    Help,
}

impl Options {
    pub(crate) fn from_env() -> Result<Asked, String> {
        Options::parse(Arguments::from_env())
    }

    fn parse(mut arguments: Arguments) -> Result<Asked, String> {
        if arguments.contains(["-h", "--ayuda"]) {
            return Ok(Asked::Help);
        }
        let options = Options {
            seed: value(&mut arguments, "--semilla", "un entero que no sea negativo")?.unwrap_or(0),
            scale: value(&mut arguments, "--escala", "un número")?.unwrap_or(0.1),
            port: value(&mut arguments, "--puerto", "un entero de 0 a 65535")?.unwrap_or(0),
        };
        if !options.scale.is_finite() || options.scale < 0.0 {
            return Err(format!(
                "--escala tiene que ser un número finito que no sea negativo, no «{}»",
                options.scale
            ));
        }
        let rest: Vec<OsString> = arguments.finish();
        match rest.first() {
            None => Ok(Asked::Serve(options)),
            Some(unknown) => Err(format!("no conozco «{}»", unknown.display())),
        }
    }
}

fn value<T: std::str::FromStr>(
    arguments: &mut Arguments,
    name: &'static str,
    what: &str,
) -> Result<Option<T>, String> {
    let text: Option<String> = arguments
        .opt_value_from_str(name)
        .map_err(|_| format!("a {name} le falta su valor: {what}"))?;
    text.map(|text| {
        text.parse()
            .map_err(|_| format!("{name} tiene que ser {what}, no «{text}»"))
    })
    .transpose()
}
