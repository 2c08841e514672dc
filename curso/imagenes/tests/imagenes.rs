//! Las imágenes guardadas son las que salen de dibujarlas, son SVG válidos y se explican solas.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

use concurrencia::timeline;
use concurrencia::timeline::span;
use imagenes::{Carpetas, IMAGENES, Imagen};
use roxmltree::Document;

fn carpetas() -> Carpetas {
    let raiz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Carpetas::de(raiz)
}

#[test]
fn dibujarlas_da_los_bytes_guardados() {
    for imagen in IMAGENES {
        let dibujada = imagen.dibuja(&carpetas()).unwrap();
        let guardada = fs::read_to_string(imagen.ruta(&carpetas())).unwrap();
        assert!(
            dibujada.svg() == guardada,
            "{} ha cambiado: guarda la nueva con «cargo curso imagenes»",
            imagen.nombre
        );
    }
}

#[test]
fn todas_son_svg_pequenos_con_titulo_y_descripcion() {
    for imagen in IMAGENES {
        let texto = fs::read_to_string(imagen.ruta(&carpetas())).unwrap();
        assert!(
            texto.len() < 150_000,
            "{}: {} bytes",
            imagen.nombre,
            texto.len()
        );
        let documento = Document::parse(&texto).unwrap();
        let raiz = documento.root_element();
        assert_eq!(raiz.tag_name().name(), "svg");
        for (dicho, minimo) in [("title", 20), ("desc", 40)] {
            let nodo = raiz
                .children()
                .find(|nodo| nodo.has_tag_name(("http://www.w3.org/2000/svg", dicho)));
            let largo = nodo
                .and_then(|nodo| nodo.text())
                .unwrap_or_default()
                .chars()
                .count();
            assert!(
                largo >= minimo,
                "{}: <{dicho}> de {largo} letras",
                imagen.nombre
            );
        }
    }
}

#[test]
fn las_trazas_son_pequenas_y_no_sobra_ninguna() {
    let mut usadas = BTreeSet::new();
    for ruta in IMAGENES
        .iter()
        .flat_map(|imagen| imagen.rutas_de_trazas(&carpetas()))
    {
        assert!(
            ruta.metadata().unwrap().len() < 60_000,
            "{}",
            ruta.display()
        );
        usadas.insert(ruta.file_name().unwrap().to_owned());
    }
    let guardadas: BTreeSet<_> = fs::read_dir(carpetas().trazas())
        .unwrap()
        .map(|archivo| archivo.unwrap().file_name())
        .collect();
    assert_eq!(usadas, guardadas);
}

#[test]
fn cada_una_se_llama_por_lo_que_muestra_y_ningun_nombre_se_repite() {
    let nombres: BTreeSet<&str> = IMAGENES.iter().map(|imagen| imagen.nombre).collect();
    assert_eq!(nombres.len(), IMAGENES.len());
    for nombre in nombres {
        // Sin número: la misma la puede enseñar más de un cuaderno.
        let de_nombre = |c: char| c.is_ascii_lowercase() || c == '_';
        assert!(nombre.chars().all(de_nombre), "{nombre}");
    }
}

#[test]
fn una_traza_que_contradice_la_conclusion_no_da_figura() {
    // La de la tarea de CPU, leída como si fuera la de E/S, y al revés.
    let de = |nombre: &str| {
        *IMAGENES
            .iter()
            .find(|imagen| imagen.nombre == nombre)
            .unwrap()
    };
    let [es, cpu] = ["tarea_de_es", "tarea_de_cpu"].map(de);
    for (imagen, ajena) in [(es, cpu), (cpu, es)] {
        let traza = concurrencia::Trace::load(&ajena.rutas_de_trazas(&carpetas())[0]).unwrap();
        let porque = (imagen.figura)(&[traza]).unwrap_err();
        assert!(porque.contains("solo"), "{porque}");
    }
    let porque = (es.figura)(&[]).unwrap_err();
    assert!(porque.contains("falta"), "{porque}");
}

/// Una carpeta de proyecto vacía, que se borra al soltarla.
struct Proyecto(PathBuf);

impl Proyecto {
    fn nuevo(nombre: &str) -> (Proyecto, Carpetas) {
        let raiz = env::temp_dir().join(format!("imagenes-{nombre}-{}", process::id()));
        let carpetas = Carpetas::de(&raiz);
        fs::create_dir_all(carpetas.imagenes()).unwrap();
        fs::create_dir_all(carpetas.trazas()).unwrap();
        (Proyecto(raiz), carpetas)
    }
}

impl Drop for Proyecto {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn lo_medido_se_guarda_y_se_dibuja_siempre_igual() {
    let (_proyecto, carpetas) = Proyecto::nuevo("medida");
    let imagen = Imagen {
        nombre: "prueba",
        trazas: &[("una", || timeline(|| span("sumar", || 2 + 2)))],
        figura: |trazas| Ok(trazas[0].plot("Una suma")),
    };
    imagen.mide(&carpetas).unwrap();
    assert!(imagen.rutas_de_trazas(&carpetas)[0].ends_with("prueba_una.json"));
    assert_eq!(imagen.guarda(&carpetas), Ok(true));
    let guardada = fs::read_to_string(imagen.ruta(&carpetas)).unwrap();
    assert_eq!(imagen.guarda(&carpetas), Ok(false), "no ha cambiado nada");
    assert_eq!(imagen.dibuja(&carpetas).unwrap().svg(), guardada);
}

#[test]
fn una_medida_que_contradice_la_conclusion_no_se_guarda() {
    let (_proyecto, carpetas) = Proyecto::nuevo("contradiccion");
    let imagen = Imagen {
        nombre: "prueba",
        trazas: &[("", || timeline(|| ()))],
        figura: |_| Err("tardan lo mismo".to_owned()),
    };
    let porque = imagen.mide(&carpetas).unwrap_err();
    assert!(
        porque.contains("contradice a prueba: tardan lo mismo"),
        "{porque}"
    );
    assert_eq!(fs::read_dir(carpetas.trazas()).unwrap().count(), 0);
}

#[test]
fn sin_su_traza_una_imagen_dice_como_medirla() {
    let imagen = IMAGENES[0];
    let porque = imagen.dibuja(&Carpetas::de("no_existe")).unwrap_err();
    assert!(porque.contains("cargo curso imagenes --medir"), "{porque}");
}
