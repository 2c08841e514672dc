//! `convert`: lo mismo se haga como se haga, y ningún error perdido.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use concurrencia::timeline::timeline;
use workloads::Progress;
use workloads::images::{Job, Mode, Tree, convert, convert_with_progress, find, photo, plan};

use crate::comun::{carpeta, contenido, guarda};
use crate::pruebas;

pruebas![
    los_cinco_modos_dan_los_mismos_bytes,
    cada_error_con_su_ruta,
    un_panico_es_el_error_de_su_imagen,
    un_nombre_que_no_es_utf8_viaja_a_otro_proceso,
    sin_trabajos_no_pasa_nada,
    cada_miniatura_es_una_barra_en_la_linea_de_tiempo,
    el_avance_son_cuatro_lineas_enteras,
    el_avance_cuenta_en_todos_los_modos,
    los_repetidos_no_se_pisan,
];

const MODOS: [Mode; 5] = [
    Mode::Serial,
    Mode::Threads(3),
    Mode::Processes(2),
    Mode::Rayon,
    Mode::Tokio(2),
];

fn trabajos(raiz: &Path, destino: &Path) -> Vec<Job> {
    let fotos = raiz.join("fotos");
    let arbol = Tree::new(3).images(12).size(200, 150);
    let arbol = arbol.corrupt(2).truncated(2).empty(1).pdf(1);
    arbol.generate(&fotos).unwrap();
    plan(&fotos, find(&fotos).unwrap(), destino)
}

fn los_cinco_modos_dan_los_mismos_bytes() {
    let raiz = carpeta();
    let destino = raiz.path().join("miniaturas");
    let trabajos = trabajos(raiz.path(), &destino);
    let mut anterior = None;
    for modo in MODOS {
        let informe = convert(trabajos.clone(), modo);
        assert_eq!(
            (informe.succeeded(), informe.failed()),
            (12, 6),
            "{modo:?}: {informe}"
        );
        let obtenido = (informe, contenido(&destino));
        assert_eq!(obtenido.1.len(), 12, "{modo:?}");
        if let Some(anterior) = &anterior {
            assert_eq!(anterior, &obtenido, "{modo:?}");
        }
        anterior = Some(obtenido);
        fs::remove_dir_all(&destino).unwrap();
    }
}

fn cada_error_con_su_ruta() {
    let raiz = carpeta();
    let mut trabajos = trabajos(raiz.path(), &raiz.path().join("miniaturas"));
    let fantasma = raiz.path().join("fotos/fantasma.jpg");
    trabajos.insert(
        5,
        Job {
            source: fantasma.clone(),
            ..trabajos[0].clone()
        },
    );
    for modo in MODOS {
        let informe = convert(trabajos.clone(), modo);
        let nombres: Vec<_> = informe
            .entries()
            .iter()
            .map(|(nombre, _)| PathBuf::from(nombre))
            .collect();
        let origenes: Vec<_> = trabajos
            .iter()
            .map(|trabajo| trabajo.source.clone())
            .collect();
        assert_eq!(nombres, origenes, "{modo:?}");
        let cuenta = |es: fn(&workloads::images::ImageError) -> bool| {
            informe.errors().filter(|(_, error)| es(error)).count()
        };
        use workloads::images::ImageError;
        assert_eq!(cuenta(ImageError::is_empty), 1);
        assert_eq!(cuenta(ImageError::is_not_an_image), 1);
        assert_eq!(cuenta(ImageError::is_not_found), 1);
        assert_eq!(
            cuenta(|error| error.is_truncated() || error.is_corrupt()),
            4
        );
        for (nombre, error) in informe.errors() {
            assert_eq!(error.path(), Some(Path::new(nombre)), "{modo:?}");
        }
    }
}

fn un_panico_es_el_error_de_su_imagen() {
    let raiz = carpeta();
    let origen = guarda(raiz.path(), "a.jpg", photo(1, 64, 36));
    let mut trabajos = plan(
        &raiz,
        [origen.clone(), origen.with_file_name("b.jpg")],
        raiz.path().join("m"),
    );
    fs::copy(&origen, &trabajos[1].source).unwrap();
    trabajos[0].size = (0, 0);
    for modo in MODOS {
        let informe = convert(trabajos.clone(), modo);
        assert_eq!(
            (informe.succeeded(), informe.failed()),
            (1, 1),
            "{modo:?}: {informe}"
        );
        let (_, error) = informe.errors().next().unwrap();
        assert!(
            error.is_worker() && error.path() == Some(&origen),
            "{modo:?}: {error}"
        );
        assert!(error.to_string().contains("0×0"), "{modo:?}: {error}");
    }
}

fn un_nombre_que_no_es_utf8_viaja_a_otro_proceso() {
    let raiz = carpeta();
    let origen = raiz.path().join(OsStr::from_bytes(b"fo\xffto.jpg"));
    if fs::write(&origen, photo(1, 320, 180)).is_err() {
        return; // Hay sistemas de archivos que no lo admiten.
    }
    let trabajos = plan(&raiz, find(&raiz).unwrap(), raiz.path().join("m"));
    let informe = convert(trabajos, Mode::Processes(1));
    let hecha = informe.values().next().expect("bien");
    assert_eq!(hecha.path().file_name().unwrap(), "fo%FFto_thumbnail.jpg");
    assert_eq!((hecha.size(), hecha.source_size()), ((128, 72), (320, 180)));
    assert_eq!(fs::read(hecha.path()).unwrap().len(), hecha.bytes());
}

fn sin_trabajos_no_pasa_nada() {
    for modo in MODOS {
        assert!(convert([], modo).entries().is_empty());
    }
}

fn cada_miniatura_es_una_barra_en_la_linea_de_tiempo() {
    let raiz = carpeta();
    for nombre in ["uno.jpg", "dos.jpg"] {
        guarda(raiz.path(), nombre, photo(1, 320, 180));
    }
    let trabajos = plan(&raiz, find(&raiz).unwrap(), raiz.path().join("m"));
    for modo in MODOS {
        let traza = timeline(|| convert(trabajos.clone(), modo));
        for nombre in ["uno.jpg", "dos.jpg"] {
            let barras = traza
                .tasks()
                .iter()
                .filter(|tarea| tarea.name() == nombre)
                .count();
            assert_eq!(barras, 1, "{modo:?}");
        }
    }
}

#[derive(Clone, Default)]
struct Papel(Arc<Mutex<Vec<u8>>>);

impl Write for Papel {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn el_avance_son_cuatro_lineas_enteras() {
    for (total, lineas) in [
        (8, "m: 2 de 8\nm: 4 de 8\nm: 6 de 8\nm: 8 de 8\n"),
        (10, "m: 3 de 10\nm: 5 de 10\nm: 8 de 10\nm: 10 de 10\n"),
        (2, "m: 1 de 2\nm: 2 de 2\n"),
        (1, "m: 1 de 1\n"),
    ] {
        let papel = Papel::default();
        let avance = Progress::with_output("m", total, papel.clone());
        for _ in 0..total {
            avance.tick();
        }
        assert_eq!(
            String::from_utf8(papel.0.lock().unwrap().clone()).unwrap(),
            lineas
        );
        assert_eq!(
            format!("{avance:?}"),
            format!("Progress(«m», {total} de {total})")
        );
    }
}

fn el_avance_cuenta_en_todos_los_modos() {
    let raiz = carpeta();
    let trabajos = trabajos(raiz.path(), &raiz.path().join("m"));
    for modo in MODOS {
        let papel = Papel::default();
        let avance = Progress::with_output("m", trabajos.len(), papel.clone());
        convert_with_progress(trabajos.clone(), modo, &avance);
        assert_eq!(avance.done(), trabajos.len(), "{modo:?}");
        let texto = String::from_utf8(papel.0.lock().unwrap().clone()).unwrap();
        assert_eq!(
            texto, "m: 5 de 18\nm: 9 de 18\nm: 14 de 18\nm: 18 de 18\n",
            "{modo:?}"
        );
    }
}

fn los_repetidos_no_se_pisan() {
    let raiz = carpeta();
    for (semilla, nombre) in [
        (1, "fotos/playa.jpg"),
        (2, "fotos/a/playa.jpg"),
        (3, "fotos/a/b/playa.jpg"),
    ] {
        guarda(raiz.path(), nombre, photo(semilla, 64, 36));
    }
    let fotos = raiz.path().join("fotos");
    let destino = raiz.path().join("m");
    let informe = convert(plan(&fotos, find(&fotos).unwrap(), &destino), Mode::Rayon);
    assert!(informe.is_ok(), "{informe}");
    let mut bytes: Vec<_> = contenido(&destino)
        .into_iter()
        .map(|(_, bytes)| bytes)
        .collect();
    bytes.dedup();
    assert_eq!(bytes.len(), 3);
}
