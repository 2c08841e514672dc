//! Los paquetes que carga el crate no pasan de 60: cada uno se paga en el arranque y en cada celda del cuaderno.

use std::collections::BTreeSet;
use std::process::Command;

const TOPE: usize = 60;

#[test]
fn el_grafo_normal_no_pasa_del_tope() {
    let salida = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--package", "concurrencia"])
        .args(["--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        salida.status.success(),
        "{}",
        String::from_utf8_lossy(&salida.stderr)
    );
    let lineas = String::from_utf8(salida.stdout).unwrap();
    // «nombre vX.Y.Z (proc-macro) (*)»: las dos primeras palabras dicen qué paquete es.
    let paquetes: BTreeSet<String> = lineas
        .lines()
        .map(|linea| linea.split(' ').take(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert!(paquetes.contains(concat!("concurrencia v", env!("CARGO_PKG_VERSION"))));
    assert!(
        paquetes.len() <= TOPE,
        "hay {} paquetes y el tope es {TOPE}; sobra alguno de estos: {paquetes:#?}",
        paquetes.len()
    );
}
