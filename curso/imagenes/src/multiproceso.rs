//! Varios procesos: cada uno con su memoria, en los núcleos que haya, y unidos por tuberías.

use concurrencia::{Diagram, Figure, Trace};

use crate::Imagen;

pub(crate) const IMAGEN: Imagen = Imagen {
    nombre: "multiproceso",
    trazas: &[],
    figura,
};

fn figura(_: &[Trace]) -> Result<Figure, String> {
    let mut diagrama = Diagram::new();
    for (columna, nombre) in ["padre", "hijo 1", "hijo 2"].into_iter().enumerate() {
        let [memoria, hilo, nucleo] =
            ["memoria", "hilo", "núcleo"].map(|que| format!("{que} de {nombre}"));
        diagrama = diagrama
            .node(&memoria, "su memoria:\ncódigo, datos, pila", (columna, 0))
            .node(&hilo, "su hilo principal", (columna, 1))
            .node(&nucleo, format!("núcleo {}", columna + 1), (columna, 2))
            .class("memoria, que no se comparte", [&memoria])
            .class("quien ejecuta", [&hilo])
            .class("procesador", [&nucleo])
            .both_ways(&hilo, &memoria, "usa")
            .arrow(&hilo, &nucleo, "ocupa")
            .group(format!("proceso {nombre}"), [&memoria, &hilo]);
    }
    let diagrama = diagrama
        .both_ways("hilo de padre", "hilo de hijo 1", "tubería")
        .both_ways("hilo de hijo 1", "hilo de hijo 2", "tubería")
        .note(
            "Lo que va por una tubería se copia: se escribe como bytes en un extremo y se lee en el otro. Qué núcleo toca a \
             cada proceso lo decide el sistema operativo, y puede cambiar",
        );
    Ok(diagrama.plot("Los procesos no comparten memoria: se mandan copias por tuberías"))
}
