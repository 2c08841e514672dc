//! `race`: lo que tarda cada participante de una carrera, en barras, con su lenguaje a la vista.

use super::axes::X_AXIS_HEIGHT;
use super::axis::TimeAxis;
use super::bar_rows::Layout;
use super::bars::{description, longest, note};
use super::figure::Figure;
use super::fill::{Fill, Texture};
use super::frame::{Body, Frame};
use super::legend::Key;
use super::palette::{BLUE, ORANGE};
use super::text_bars::text_bars;
use crate::measure::Measurement;
use crate::race::{Language, Participant};

/// Una barra por participante; los avisos, al pie.
pub(crate) fn race(title: String, participants: &[Participant], warnings: &[String]) -> Figure {
    let measurements: Vec<Measurement> = participants
        .iter()
        .map(|participant| participant.measurement().clone())
        .collect();
    let axis = TimeAxis::up_to(longest(&measurements));
    let layout = Layout::new(&measurements, &axis);
    let body = Body {
        height: layout.height() + X_AXIS_HEIGHT,
        description: description(&measurements, &axis),
        text: text_bars(&measurements, &axis),
    };
    let ran = |language: &Language| participants.iter().any(|p| p.language() == *language);
    let keys = [Language::Rust, Language::Python]
        .into_iter()
        .filter(ran)
        .map(|language| Key::fill(fill(language), &language.to_string()));
    let foot: Vec<String> = std::iter::once(note(&measurements))
        .chain(warnings.iter().cloned())
        .collect();
    Frame::new(title, foot.join("; "))
        .with_legend(keys)
        .figure(body, |canvas, area| {
            let fill = |i: usize| fill(participants[i].language());
            layout.draw(canvas, area, &measurements, &axis, fill);
        })
}

/// Se distinguen también sin el color, y el nombre de cada barra lo dice.
fn fill(language: Language) -> Fill {
    match language {
        Language::Rust => Fill::solid(ORANGE),
        Language::Python => Fill::textured(BLUE, Texture::Rising),
    }
}
