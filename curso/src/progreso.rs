//! Lo que se ve mientras algo tarda: barra, tiempo transcurrido y lo que queda.

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Las barras de los pasos que van a la vez, una debajo de otra.
static BARRAS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// Un paso en marcha; al soltarlo sin [`Paso::hecho`] se da por fallado.
#[derive(Debug)]
pub(crate) struct Paso {
    barra: ProgressBar,
    nombre: String,
    comienzo: Instant,
    acabado: bool,
}

impl Paso {
    /// Empieza un paso: `pista` dice cuánto suele tardar o qué está haciendo.
    pub(crate) fn nuevo(nombre: impl Into<String>, pista: &str) -> Self {
        let nombre = nombre.into();
        let en_terminal = std::io::stderr().is_terminal();
        let barra = if en_terminal {
            BARRAS.add(ProgressBar::no_length())
        } else {
            let pista = if pista.is_empty() {
                String::new()
            } else {
                format!(" ({pista})")
            };
            eprintln!("· {nombre}{pista}…");
            ProgressBar::hidden()
        };
        let prefijo = if pista.is_empty() {
            nombre.clone()
        } else {
            format!("{nombre} ({pista})")
        };
        barra.set_prefix(prefijo);
        barra.set_style(estilo("{spinner} {prefix}  {elapsed}  {wide_msg}"));
        barra.enable_steady_tick(Duration::from_millis(120));
        Paso {
            barra,
            nombre,
            comienzo: Instant::now(),
            acabado: false,
        }
    }

    /// Convierte el paso en una barra y la pone en `hechas` de `total`.
    pub(crate) fn avanza(&self, hechas: u64, total: u64) {
        if self.barra.length() != Some(total) {
            self.barra.set_length(total);
            self.barra.set_style(estilo(
                "{spinner} {prefix}  [{bar:24}] {pos}/{len}  {elapsed}, quedan {eta}  {wide_msg}",
            ));
        }
        self.barra.set_position(hechas);
    }

    /// Lo que está haciendo ahora.
    pub(crate) fn dice(&self, mensaje: impl Into<String>) {
        self.barra.set_message(mensaje.into());
    }

    /// Acaba bien; `detalle` se añade a la línea que queda.
    pub(crate) fn hecho(mut self, detalle: &str) {
        self.acabado = true;
        let detalle = if detalle.is_empty() {
            String::new()
        } else {
            format!(": {detalle}")
        };
        self.cierra(&format!(
            "✓ {}{detalle} ({})",
            self.nombre,
            segundos(self.comienzo.elapsed())
        ));
    }

    fn cierra(&self, linea: &str) {
        self.barra.finish_and_clear();
        BARRAS.suspend(|| eprintln!("{linea}"));
    }
}

impl Drop for Paso {
    fn drop(&mut self) {
        if !self.acabado {
            self.cierra(&format!(
                "✗ {} ({})",
                self.nombre,
                segundos(self.comienzo.elapsed())
            ));
        }
    }
}

fn estilo(plantilla: &str) -> ProgressStyle {
    ProgressStyle::with_template(plantilla)
        .expect("la plantilla es una constante")
        .progress_chars("━╸─")
        .with_key(
            "elapsed",
            |estado: &indicatif::ProgressState, salida: &mut dyn std::fmt::Write| {
                let _ = write!(salida, "{}", segundos(estado.elapsed()));
            },
        )
        .with_key(
            "eta",
            |estado: &indicatif::ProgressState, salida: &mut dyn std::fmt::Write| {
                let _ = write!(salida, "{}", segundos(estado.eta()));
            },
        )
}

/// Una duración como la diría una persona: «3,4 s», «2 min 5 s».
pub(crate) fn segundos(duracion: Duration) -> String {
    let s = duracion.as_secs_f64();
    if s < 60.0 {
        format!("{s:.1} s").replace('.', ",")
    } else {
        format!("{} min {} s", s as u64 / 60, s as u64 % 60)
    }
}

#[cfg(test)]
mod pruebas {
    use super::*;

    #[test]
    fn las_duraciones_se_dicen_en_espanol() {
        assert_eq!(segundos(Duration::from_millis(3440)), "3,4 s");
        assert_eq!(segundos(Duration::from_secs(125)), "2 min 5 s");
    }
}
