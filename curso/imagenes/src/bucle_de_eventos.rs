//! El bucle de eventos: de la cola a ejecutar, de ejecutar a esperar y, al despertar, otra vez a la cola.

use concurrencia::{Diagram, Figure, Trace};

use crate::Imagen;

pub(crate) const IMAGEN: Imagen = Imagen {
    nombre: "bucle_de_eventos",
    trazas: &[],
    figura,
};

fn figura(_: &[Trace]) -> Result<Figure, String> {
    let diagrama = Diagram::new()
        .node("listas", "cola de\ntareas listas", (0, 0))
        .node("turno", "una se ejecuta:\nsu poll", (1, 0))
        .node("acabada", "tarea acabada", (2, 0))
        .node("reactor", "reactor\ny temporizador", (0, 1))
        .node("espera", "tarea\nen espera", (1, 1))
        .node("sistema", "sistema operativo: red, archivos, reloj", (0, 2))
        .wide("sistema", 2)
        .class("gasta procesador", ["turno"])
        .class("no gasta procesador", ["listas", "espera", "acabada"])
        .class("avisa", ["reactor", "sistema"])
        .arrow("listas", "turno", "le toca")
        .arrow("turno", "acabada", "Ready")
        .arrow("turno", "espera", "Pending: cede el hilo")
        .arrow("espera", "reactor", "le deja su Waker")
        .arrow("reactor", "listas", "wake(): a la cola")
        .arrow("sistema", "reactor", "ya hay datos, ya es la hora")
        .group(
            "bucle de eventos: un solo hilo",
            ["listas", "turno", "reactor", "espera"],
        )
        .note("En Rust el bucle no es parte del lenguaje: lo pone una biblioteca, tokio");
    Ok(diagrama
        .plot("Una tarea que espera deja el hilo a otra, y vuelve a la cola cuando la despiertan"))
}
