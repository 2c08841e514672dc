//! `Alarm`: despertar a quien duerme una sola vez, aunque lo llamen muchos, y sin que se pierda ninguna llamada.
//!
//! El timbre de verdad es cosa de quien la usa (aquí, un byte en una tubería, que `poll` ve): suena hasta que se calla.

use crate::primitives::{AtomicBool, Ordering};

/// Si ya han llamado a quien duerme.
#[derive(Debug)]
pub(crate) struct Alarm(AtomicBool);

impl Alarm {
    pub(crate) fn new() -> Alarm {
        Alarm(AtomicBool::new(false))
    }

    /// Llama con `ring`, si nadie ha llamado antes. Lo que haya que atender ya tiene que estar en su sitio.
    pub(crate) fn call(&self, ring: impl FnOnce()) {
        if !self.0.swap(true, Ordering::AcqRel) {
            ring();
        }
    }

    /// Calla el timbre con `silence` y queda lista para otra llamada. Después, y no antes, se mira lo que haya que atender.
    ///
    /// En ese orden: si la llamada se olvidara antes de callar el timbre, otra que llegara entre las dos cosas quedaría
    /// apuntada y sin sonar, y nadie volvería a llamar. Quien encuentra una apuntada no llama, pero lo suyo ya se ve al mirar.
    pub(crate) fn answer(&self, silence: impl FnOnce()) {
        silence();
        self.0.swap(false, Ordering::AcqRel);
    }
}
