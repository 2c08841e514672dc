//! Guardar una figura como PNG desde una celda, con el programa que instala `preparar`.

use crate::comun::*;
use serde_json::json;
use std::process::Command;

#[test]
fn una_celda_guarda_una_figura_como_png() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let (ruta, png) = (
        carpeta.path().join("png.ipynb"),
        carpeta.path().join("año.png"),
    );
    let figura = "let medida = Measurement::from_samples(\"una\", [std::time::Duration::from_secs(1)]);\n\
                  let figura: Figure = bars(\"¿Cuánto tarda?\", [medida]);";
    let celdas = [
        carga(&raiz),
        celda(figura, json!({})),
        celda(&format!("figura.save({png:?})?;"), json!({})),
        celda("std::env::var(\"CONCURRENCIA_PNG\")?", json!({})),
    ];
    escribe_cuaderno(&ruta, &celdas);
    exige_que_acabe_bien(&curso(&raiz).arg("ejecutar").arg(&ruta).output().unwrap());
    let png = std::fs::read(png).unwrap();
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
    // La cabecera dice el ancho: el doble que el del SVG.
    assert_eq!(png[16..20], 1640_u32.to_be_bytes());
    let programa = raiz.join(".curso/bin/concurrencia-png");
    assert_eq!(
        salidas(&ruta)[3],
        format!("{:?}", programa.to_str().unwrap())
    );
}

#[test]
fn el_programa_se_instala_se_diagnostica_y_se_rehace_sin_red() {
    let raiz = raiz_preparada();
    let programa = raiz.join(".curso/bin/concurrencia-png");
    let ayuda = Command::new(&programa).arg("--ayuda").output().unwrap();
    exige_que_acabe_bien(&ayuda);
    let diagnostico = dicho(&curso(&raiz).arg("diagnosticar").output().unwrap());
    for (titulo, instalado) in [
        ("figuras en PNG", "concurrencia-png"),
        ("servidor de prácticas", "concurrencia-server"),
    ] {
        let ruta = programa.with_file_name(instalado);
        let esperado = format!("bien   {titulo}: «{}»", ruta.display());
        assert!(diagnostico.contains(&esperado), "{diagnostico}");
    }

    let prepara = |guion: &str| {
        Command::new("unshare")
            .args(["--map-root-user", "--net", "sh", "-c", guion, "sh"])
            .arg(env!("CARGO_BIN_EXE_curso"))
            .arg(&raiz)
            .output()
    };
    if !prepara("ip link set lo up").is_ok_and(|s| s.status.success()) {
        eprintln!("esta máquina no deja quitar la red a un proceso: la prueba se salta");
        return;
    }
    let sello = raiz.join(".curso/sellos/concurrencia-png");
    std::fs::write(&sello, "de otros fuentes").unwrap();
    exige_que_acabe_bien(&prepara("\"$1\" --raiz \"$2\" preparar").unwrap());
    assert_ne!(std::fs::read_to_string(sello).unwrap(), "de otros fuentes");
}
