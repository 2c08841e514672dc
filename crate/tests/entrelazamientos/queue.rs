//! Las colas: la puerta con su cierre y sus tareas, y el esqueleto de las que no son un canal.

#[path = "../../src/queue/blocking.rs"]
mod blocking;
#[path = "../../src/queue/crowd.rs"]
mod crowd;
#[path = "../../src/queue/door.rs"]
mod door;
#[path = "../../src/queue/wait.rs"]
mod wait;

mod bloqueante;
mod puerta;
