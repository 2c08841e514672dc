//! Las celdas de un cuaderno comparten nombres: lo que define o importa un ejercicio no puede cambiar lo de otro.

use std::collections::{BTreeMap, BTreeSet};

use contrato::{EJERCICIOS, Ejercicio};
use syn::{Item, UseTree};

/// En ningún libro dos ejercicios llaman igual a cosas distintas.
pub(crate) fn no_chocan() -> Result<(), String> {
    let mut de_quien: BTreeMap<(&str, String), BTreeSet<String>> = BTreeMap::new();
    for ejercicio in EJERCICIOS {
        for (nombre, origen) in nombres(ejercicio)? {
            let de_este = de_quien.entry((ejercicio.libro, nombre)).or_default();
            de_este.insert(origen);
        }
    }
    let chocan = de_quien.iter().filter(|(_, origenes)| origenes.len() > 1);
    let dichos: Vec<String> = chocan
        .map(|((libro, nombre), origenes)| {
            let origenes: Vec<&str> = origenes.iter().map(String::as_str).collect();
            format!("en «{libro}», `{nombre}` es {}", origenes.join(" y "))
        })
        .collect();
    if dichos.is_empty() {
        return Ok(());
    }
    Err(dichos.join("\n"))
}

/// Los nombres que pone un ejercicio en el cuaderno, y de dónde salen: él mismo, o la ruta de un `use`.
fn nombres(ejercicio: &Ejercicio) -> Result<Vec<(String, String)>, String> {
    let celdas = [ejercicio.partida.codigo, ejercicio.solucion.codigo];
    let mut nombres = Vec::new();
    for celda in ejercicio.dado.iter().copied().chain(celdas) {
        let archivo = syn::parse_file(celda)
            .map_err(|error| format!("{}: no son ítems: {error}\n{celda}", ejercicio.nombre))?;
        for item in &archivo.items {
            let suyo = match item {
                Item::Const(item) => &item.ident,
                Item::Enum(item) => &item.ident,
                Item::Fn(item) => &item.sig.ident,
                Item::Mod(item) => &item.ident,
                Item::Static(item) => &item.ident,
                Item::Struct(item) => &item.ident,
                Item::Trait(item) => &item.ident,
                Item::Type(item) => &item.ident,
                Item::Use(uso) => {
                    importados(&uso.tree, "", &mut nombres);
                    continue;
                }
                _ => continue,
            };
            nombres.push((suyo.to_string(), ejercicio.nombre.to_owned()));
        }
    }
    Ok(nombres)
}

fn importados(uso: &UseTree, ruta: &str, nombres: &mut Vec<(String, String)>) {
    match uso {
        UseTree::Path(parte) => {
            importados(&parte.tree, &format!("{ruta}{}::", parte.ident), nombres)
        }
        UseTree::Name(hoja) => {
            nombres.push((hoja.ident.to_string(), format!("{ruta}{}", hoja.ident)))
        }
        UseTree::Rename(hoja) => {
            nombres.push((hoja.rename.to_string(), format!("{ruta}{}", hoja.ident)));
        }
        UseTree::Group(grupo) => {
            for parte in &grupo.items {
                importados(parte, ruta, nombres);
            }
        }
        // Lo que traiga un `*` cede ante cualquier otro nombre.
        _ => {}
    }
}
