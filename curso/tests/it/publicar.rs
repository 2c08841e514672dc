//! `publicar`: lo que no se puede publicar se dice, sin tocar lo publicado; y lo que está mal, el navegador lo ve.

use crate::comun::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

const README: &str = "# Un curso\n\nDe qué va.\n\n![Una figura](images/figura.svg)\n\n\
    | [01_uno](notebooks/01_uno.ipynb) | de qué va | qué se aprende | 10 |\n";

/// Un proyecto con un solo cuaderno de esas celdas de texto, y los programas que publican el de verdad.
fn proyecto_con(celdas: &[&str]) -> tempfile::TempDir {
    let proyecto = proyecto_vacio();
    let en = |parte: &str| proyecto.path().join(parte);
    std::os::unix::fs::symlink(raiz().join("curso/publicar"), en("curso/publicar")).unwrap();
    std::fs::create_dir(en("images")).unwrap();
    std::fs::write(
        en("images/figura.svg"),
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    )
    .unwrap();
    std::fs::write(en("README.md"), README).unwrap();
    std::fs::write(en("GUIA.md"), "# Guía\n\nNada.\n").unwrap();
    let celdas: Vec<Value> = celdas
        .iter()
        .map(|fuente| json!({"cell_type": "markdown", "metadata": {}, "source": fuente}))
        .collect();
    escribe_cuaderno(&en("notebooks/01_uno.ipynb"), &celdas);
    proyecto
}

/// Publica sin PDF, con los paquetes de Python que ya se han bajado.
fn publica(proyecto: &Path) -> std::process::Output {
    curso(proyecto)
        .args(["publicar", "--sin-pdf"])
        .env("UV_CACHE_DIR", raiz().join(".curso/cache-uv"))
        .output()
        .unwrap()
}

#[test]
fn sin_chromium_dice_que_se_instale_o_que_se_publique_sin_pdf() {
    if cfg!(target_os = "macos") {
        return; // allí no se busca en el PATH
    }
    let proyecto = proyecto_vacio();
    let programas = solo_estos_programas(&["rustc", "cargo"]);
    let salida = curso(proyecto.path())
        .arg("publicar")
        .env("PATH", programas.path())
        .output()
        .unwrap();
    assert!(!salida.status.success());
    let dicho = dicho(&salida);
    for cosa in ["hacer los PDF", "apt install chromium", "--sin-pdf"] {
        assert!(dicho.contains(cosa), "no dice «{cosa}»: {dicho}");
    }
}

#[test]
fn lo_que_no_se_puede_publicar_se_dice_y_el_sitio_queda_como_estaba() {
    let mal = [
        (
            "La ley: $S = 1 / (1 - p)$.",
            "S = 1 / (1 - p)",
            "una fórmula, que el sitio no sabe dibujar",
        ),
        (
            "[otro](02_otro.ipynb)",
            "02_otro.ipynb",
            "un enlace a un cuaderno que no hay",
        ),
        (
            "[sección](#No-existe)",
            "No-existe",
            "un enlace a una sección que no hay",
        ),
    ];
    let proyecto = proyecto_con(&["# Uno", "Texto: `echo $HOME$PATH`."]);
    let sitio = proyecto.path().join("_site");
    std::fs::create_dir(&sitio).unwrap();
    std::fs::write(sitio.join("index.html"), "lo de antes").unwrap();
    for (celda, cosa, que) in mal {
        let celdas = [
            json!({"cell_type": "markdown", "metadata": {}, "source": "# Uno"}),
            json!({"cell_type": "markdown", "metadata": {}, "source": celda}),
        ];
        escribe_cuaderno(&proyecto.path().join("notebooks/01_uno.ipynb"), &celdas);
        let salida = publica(proyecto.path());
        let dicho = dicho(&salida);
        assert!(!salida.status.success(), "{que}: {dicho}");
        assert!(
            dicho.contains(cosa) && dicho.contains("01_uno"),
            "{que}: {dicho}"
        );
    }
    let nuevo = proyecto.path().join("notebooks/03_tres.ipynb");
    std::fs::rename(proyecto.path().join("notebooks/01_uno.ipynb"), nuevo).unwrap();
    let dicho = dicho(&publica(proyecto.path()));
    assert!(
        dicho.contains("03_tres.ipynb") && dicho.contains("README"),
        "un cuaderno que el README no anuncia: {dicho}"
    );
    let queda = std::fs::read_to_string(sitio.join("index.html")).unwrap();
    assert_eq!(queda, "lo de antes");
    assert_eq!(std::fs::read_dir(&sitio).unwrap().count(), 1);
}

/// Una página con todo lo que no puede haber en una.
const MALA: &str = r#"<!doctype html><html lang="en"><head><title>mala</title></head><body><main>
<h1>Mala</h1><h3>Un salto</h3>
<img src="https://example.com/foto.png" alt="de fuera">
<img src="no_esta.png"><nav aria-label="Main">nada</nav>
<svg role="img" width="300" height="100"><title>sin descripción</title></svg>
<svg role="img" width="10" height="10"><title>menuda</title><desc>no se ve</desc></svg>
<p style="width:3000px">ancho</p><p style="color:#ccc;background:#fff">apenas se lee</p>
<a href="no_esta.html">roto</a> <a href="buena.html#nada">sin ancla</a>
<script>console.error("se queja"); throw new Error("se rompe")</script>
</main></body></html>"#;

const BUENA: &str = r#"<!doctype html><html lang="es"><head><title>buena</title></head><body><main>
<h1 id="arriba">Buena</h1><p>Nada que decir de esta página: todo en ella está como tiene que estar.
<a href="buena.html#arriba">Arriba</a></p>
<svg role="img" width="300" height="100"><title>figura</title><desc>un rectángulo</desc></svg>
</main></body></html>"#;

/// Imprime `buena.html` y la presentación, como se hace al publicar, y hace además un PDF sin nada de lo que tiene que llevar.
const IMPRIME: &str = r#"
import sys
from pathlib import Path
from types import SimpleNamespace
from pypdf import PdfWriter
import impresion
sitio, chromium = Path(sys.argv[1]), sys.argv[2]
leccion = SimpleNamespace(ruta=Path("buena"), nombre="01_uno")
impresion.haz({"salida": sitio, "chromium": chromium}, [(None, leccion)], lambda: None)
malo = PdfWriter()
malo.add_blank_page(width=200, height=200)
malo.write(sitio / "pdf" / "malo.pdf")
"#;

/// Una presentación que se mueve, no atiende al teclado y pierde un texto, de dos diapositivas: de una se sale algo, y la otra
/// está en blanco.
const PRESENTACION: &str = r#"<!doctype html><html lang="es" data-listas><head><title>diapositivas</title>
<style>section { display: none; position: absolute; top: 0; left: 0 } section.present { display: block }</style></head>
<body><main><h1>Dos diapositivas, y en ninguna hay lo que tendría que haber en ella</h1>
<p style="color:#fff;background:#fff">no se ve</p><div class="slides">
<section class="hoja"><p style="width:5000px">se sale</p><p class="prosa">se pierde</p><div class="salida"> </div></section><section class="hoja"><aside class="notes">
nota</aside></section></div></main><script>
document.querySelector(".prosa").remove();
const hojas = [...document.querySelectorAll("section")];
const Reveal = { getIndices: (hoja) => ({ h: hojas.indexOf(hoja), v: 0 }), getConfig: () => ({ transition: "slide" }),
  getTotalSlides: () => hojas.length, getSlidePastCount: () => 0, layout: () => {},
  slide: (h) => hojas.forEach((hoja, i) => hoja.classList.toggle("present", i === h)) };
</script></body></html>"#;

#[test]
fn el_navegador_ve_todo_lo_que_esta_mal_y_no_se_queja_de_lo_que_esta_bien() {
    let Some(chromium) = chromium() else { return };
    // Publicar, aunque no pueda, deja hecho el entorno con el que se comprueba.
    let proyecto = proyecto_con(&["sin título"]);
    assert!(dicho(&publica(proyecto.path())).contains("no empieza por un título"));
    let sitio = proyecto.path().join("sitio");
    std::fs::create_dir_all(sitio.join("diapositivas")).unwrap();
    for (pagina, texto) in [
        ("mala.html", MALA),
        ("buena.html", BUENA),
        ("search.html", BUENA),
        ("diapositivas/01_uno.html", PRESENTACION),
    ] {
        std::fs::write(sitio.join(pagina), texto).unwrap();
    }
    let consentidas = json!([
        {"pagina": "search.html", "que": "la búsqueda no encuentra nada", "donde": "", "porque": "no es la de verdad"},
        {"pagina": "buena.html", "que": "se sale de la ventana", "donde": "", "porque": "sobra"},
    ]);
    let excepciones = proyecto.path().join("excepciones.json");
    std::fs::write(&excepciones, consentidas.to_string()).unwrap();
    let encargo = json!({"sitio": sitio, "chromium": chromium, "excepciones": excepciones});
    let archivo = proyecto.path().join("encargo.json");
    std::fs::write(&archivo, encargo.to_string()).unwrap();
    let programas = raiz().join("curso/publicar");
    let python = || {
        let mut python = Command::new(proyecto.path().join(".curso/publicar/bin/python"));
        python
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONPATH", &programas);
        python
    };
    let imprime = python()
        .args(["-c", IMPRIME])
        .arg(&sitio)
        .arg(&chromium)
        .output()
        .unwrap();
    exige_que_acabe_bien(&imprime);
    let salida = python()
        .arg(programas.join("comprobar.py"))
        .arg(&archivo)
        .output()
        .unwrap();
    exige_que_acabe_bien(&salida);
    let sucesos = String::from_utf8(salida.stdout).unwrap();
    let faltas: BTreeSet<(String, String)> = sucesos
        .lines()
        .map(|linea| serde_json::from_str::<Value>(linea).unwrap())
        .filter(|suceso| suceso["tipo"] == "falta")
        .map(|falta| {
            let campo = |nombre: &str| falta[nombre].as_str().unwrap().to_owned();
            (campo("pagina"), campo("que"))
        })
        .collect();
    let esperadas = [
        ("diapositivas/01_uno.html", "accesibilidad: color-contrast"),
        ("diapositivas/01_uno.html", "diapositiva en blanco"),
        (
            "diapositivas/01_uno.html",
            "al repartir se pierde o se repite algo",
        ),
        (
            "diapositivas/01_uno.html",
            "con la barra espaciadora no se ven todas",
        ),
        (
            "diapositivas/01_uno.html",
            "la ventana del ponente no enseña las notas",
        ),
        ("diapositivas/01_uno.html", "salida en blanco"),
        (
            "diapositivas/01_uno.html",
            "se mueve, y se ha pedido menos movimiento",
        ),
        ("diapositivas/01_uno.html", "se sale de la diapositiva"),
        ("excepciones.json", "excepción que sobra"),
        ("mala.html", "accesibilidad: color-contrast"),
        ("mala.html", "accesibilidad: heading-order"),
        ("mala.html", "accesibilidad: image-alt"),
        ("mala.html", "enlace que no lleva a ningún sitio"),
        ("mala.html", "error en la consola"),
        ("mala.html", "error en la página"),
        ("mala.html", "figura que no se ve"),
        ("mala.html", "figura sin texto alternativo"),
        ("mala.html", "imagen que no se ve"),
        ("mala.html", "imagen sin texto alternativo"),
        ("mala.html", "la página no dice que está en español"),
        ("mala.html", "no se puede cargar"),
        ("mala.html", "pide algo a la red"),
        ("mala.html", "se sale de la ventana"),
        ("mala.html", "un rótulo en inglés"),
        ("pdf/malo.pdf", "PDF del que no se puede copiar el texto"),
        ("pdf/malo.pdf", "PDF sin etiquetar"),
        ("pdf/malo.pdf", "PDF sin índice"),
        ("pdf/malo.pdf", "el PDF no dice que está en español"),
    ];
    let esperadas = esperadas.map(|(pagina, que)| (pagina.to_owned(), que.to_owned()));
    assert_eq!(faltas, BTreeSet::from(esperadas));
}
