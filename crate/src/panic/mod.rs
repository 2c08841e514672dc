//! Pánicos que se entienden: una línea con el hilo y el mensaje, en vez de una traza.
//!
//! - [`panic_message`] saca el texto de la carga de un pánico.
//! - [`install_panic_hook`] hace que cada pánico se anuncie con una sola línea. En el cuaderno se instala solo.

mod message;
pub use message::panic_message;

mod discard;
pub(crate) use discard::{discard, message_of};

mod hook;
pub(crate) use hook::announce_unheard;
pub use hook::install_panic_hook;

mod catch;
pub(crate) use catch::{aloud, catch, silence};
