//! Varios hilos en un proceso: una memoria para todos y una pila para cada uno.

use concurrencia::{Diagram, Figure, Trace};

use crate::Imagen;

pub(crate) const IMAGEN: Imagen = Imagen {
    nombre: "multihilo",
    trazas: &[],
    figura,
};

const HILOS: usize = 3;

fn figura(_: &[Trace]) -> Result<Figure, String> {
    let memoria = "memoria común: código, datos (static, Arc<…>) y archivos abiertos\n\
                   lo que usan varios hilos a la vez es Sync; lo que pasa de uno a otro, Send";
    let mut diagrama = Diagram::new()
        .node("memoria", memoria, (0, 2))
        .wide("memoria", HILOS)
        .class("de todos los hilos", ["memoria"]);
    let mut todos = vec!["memoria".to_owned()];
    for i in 0..HILOS {
        let (hilo, pila) = (format!("hilo {}", i + 1), format!("pila {}", i + 1));
        diagrama = diagrama
            .node(&pila, "su pila:\nvariables locales", (i, 0))
            .node(&hilo, hilo.as_str(), (i, 1))
            .class("de un solo hilo", [&pila])
            .class("quien ejecuta", [&hilo])
            .both_ways(&hilo, &pila, "solo él")
            .both_ways(&hilo, "memoria", "todos");
        todos.extend([hilo, pila]);
    }
    let diagrama = diagrama.group("un proceso", todos).note(
        "Si a algo que se comparte le falta Send o Sync, el programa no compila: no hay que acordarse",
    );
    Ok(diagrama.plot("Los hilos de un proceso comparten la memoria; cada uno tiene su pila"))
}
