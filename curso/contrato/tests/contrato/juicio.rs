//! Qué aprueba, qué no y dónde se descubre, comprobándolo como en una celda.

use catalog::{How, Kind};
use contrato::{Ejercicio, Mala, Variante};
use exercises::{Outcome, Verdict};

use crate::compilador;

/// Las veces seguidas que aprueba una solución: lo que depende de quién llega antes no falla a la primera.
const SEGUIDAS: usize = 20;

/// No aprueba por lo que dice el enunciado: no compila, falla en su caso o está por hacer.
pub(crate) fn la_partida_no_aprueba(ejercicio: &Ejercicio) -> Result<(), String> {
    match ejercicio.clase {
        Kind::DoesNotCompile => {
            let codigo = ejercicio.error.unwrap_or_default();
            compilador::rechaza(ejercicio, &ejercicio.partida, codigo)
        }
        Kind::Fails => {
            let veredicto = comprueba(&ejercicio.partida)?;
            suspende(&veredicto, ejercicio.suspende.unwrap_or_default(), None)
        }
        Kind::Complete | Kind::Design => {
            let veredicto = comprueba(&ejercicio.partida)?;
            if veredicto.is_undone() && !veredicto.is_pass() {
                return Ok(());
            }
            Err(format!("la partida no está sin hacer:\n{veredicto}"))
        }
    }
}

/// Todas las veces.
pub(crate) fn la_solucion_aprueba_siempre(ejercicio: &Ejercicio) -> Result<(), String> {
    for vez in 1..=SEGUIDAS {
        let veredicto = comprueba(&ejercicio.solucion)?;
        if veredicto.name() != ejercicio.nombre {
            return Err(format!("comprueba «{}»", veredicto.name()));
        }
        if !veredicto.is_pass() {
            let caso = primero_que_no_va_bien(&veredicto).map_or("ninguno", |(titulo, _)| titulo);
            return Err(format!(
                "la solución no aprueba la vez {vez} de {SEGUIDAS}, en el caso «{caso}»:\n{veredicto}"
            ));
        }
    }
    Ok(())
}

/// En su caso, y como dice.
pub(crate) fn la_mala_suspende(mala: &Mala) -> Result<(), String> {
    suspende(&comprueba(&mala.variante)?, mala.suspende, Some(mala.como))
}

fn comprueba(variante: &Variante) -> Result<Verdict, String> {
    let comprueba = variante
        .comprueba
        .ok_or("no se puede comprobar: se ha dado por hecho que no compila")?;
    Ok(comprueba())
}

/// Exige que el primer caso que no va bien lleve eso en su título y, si se dice cómo, que acabe así.
fn suspende(veredicto: &Verdict, titulo: &str, como: Option<How>) -> Result<(), String> {
    let Some((suyo, resultado)) = primero_que_no_va_bien(veredicto) else {
        return Err(format!(
            "no suspende, y tenía que hacerlo en «{titulo}»:\n{veredicto}"
        ));
    };
    if !suyo.contains(titulo) {
        return Err(format!(
            "suspende primero en «{suyo}», y tenía que ser en «{titulo}»:\n{veredicto}"
        ));
    }
    let va_asi = match como {
        Some(How::Fails) => matches!(resultado, Outcome::Fail { .. }),
        Some(How::Panics) => matches!(resultado, Outcome::Panic { .. }),
        Some(How::TimesOut) => matches!(resultado, Outcome::TimedOut { .. }),
        Some(How::DoesNotCompile) => false,
        // Lo que dé una partida que falla da igual, si no es que está por hacer.
        None => *resultado != Outcome::Undone,
    };
    if !va_asi {
        let como = como.map_or("fallo", How::name);
        return Err(format!(
            "suspende en «{suyo}», pero no por «{como}», sino por {resultado:?}:\n{veredicto}"
        ));
    }
    Ok(())
}

fn primero_que_no_va_bien(veredicto: &Verdict) -> Option<(&str, &Outcome)> {
    let caso = veredicto
        .cases()
        .iter()
        .find(|caso| *caso.outcome() != Outcome::Pass)?;
    Some((caso.title(), caso.outcome()))
}
