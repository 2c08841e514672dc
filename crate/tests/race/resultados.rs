//! Quién corre, en qué orden, frente a quién, y lo que dice la tabla.

use std::cell::RefCell;
use std::fs;

use concurrencia::race::Language;
use concurrencia::{Race, RaceError, race::RaceResults, race::Script};

use super::comun::{Carpeta, hay_python, texto};

const SUMAS: Script = Script::new(
    "sumas",
    "
def generador(n):
    return sum(range(n))

def formula(n):
    return n * (n - 1) // 2
",
);

fn mixta() -> Result<RaceResults<u64>, RaceError> {
    let n = 1000_u64;
    Race::new("sumar", 3)
        .rust("formula", move || n * (n - 1) / 2)
        .rust("sum", move || (0..n).sum::<u64>())
        .python("generador", SUMAS.call("generador", (n,)))
        .python("formula", SUMAS.call("formula", (n,)))
        .run()
}

#[test]
fn todos_corren_lo_mismo_y_da_lo_mismo() {
    if !hay_python() {
        return;
    }
    let carrera = mixta().unwrap();
    assert_eq!(*carrera.value(), 499_500);
    assert_eq!(carrera.warnings(), [] as [&str; 0]);
    let quienes: Vec<(Language, &str, usize)> = carrera
        .participants()
        .iter()
        .map(|p| (p.language(), p.name(), p.measurement().n()))
        .collect();
    assert_eq!(
        quienes,
        [
            (Language::Rust, "formula", 3),
            (Language::Rust, "sum", 3),
            (Language::Python, "generador", 3),
            (Language::Python, "formula", 3),
        ]
    );
    assert!(carrera.python_version().unwrap().starts_with("3."));
}

#[test]
fn en_cada_repeticion_empieza_otro() {
    let orden = RefCell::new(String::new());
    let apunta = |quien: char| {
        let orden = &orden;
        move || orden.borrow_mut().push(quien)
    };
    Race::new("orden", 4)
        .rust("a", apunta('a'))
        .rust("b", apunta('b'))
        .rust("c", apunta('c'))
        .run()
        .unwrap();
    // El calentamiento y cuatro vueltas.
    assert_eq!(
        orden.into_inner(),
        "abc".to_owned() + "abc" + "bca" + "cab" + "abc"
    );
}

#[test]
fn rust_y_python_se_turnan_en_un_solo_proceso() {
    if !hay_python() {
        return;
    }
    let carpeta = Carpeta::nueva();
    let ruta = carpeta.archivo("orden");
    let guion = Script::new(
        "turnos",
        "
import os

def apunta(ruta, quien):
    with open(ruta, 'a') as archivo:
        archivo.write(f'{quien} {os.getpid()}\\n')
",
    );
    let en_rust = || {
        let antes = fs::read_to_string(&ruta).unwrap_or_default();
        fs::write(&ruta, antes + "r 0\n").unwrap();
    };
    let destino = texto(&ruta);
    Race::new("turnos", 3)
        .rust("r", en_rust)
        .python("p", guion.call("apunta", (destino.clone(), "p".to_owned())))
        .python("q", guion.call("apunta", (destino, "q".to_owned())))
        .startups(0)
        .run()
        .unwrap();
    let texto = fs::read_to_string(&ruta).unwrap();
    let orden: String = texto.lines().map(|linea| &linea[..1]).collect();
    assert_eq!(orden, "rpq".to_owned() + "rpq" + "pqr" + "qrp");
    let mut pids: Vec<&str> = texto
        .lines()
        .map(|linea| &linea[2..])
        .filter(|pid| *pid != "0")
        .collect();
    pids.dedup();
    assert_eq!(pids.len(), 1, "{pids:?}");
}

#[test]
fn se_mide_dentro_de_python_y_aparte_con_arranque() {
    if !hay_python() {
        return;
    }
    let guion = Script::new(
        "lento_al_importar",
        "
import time
time.sleep(0.3)

def nada():
    return 0
",
    );
    let carrera = Race::new("nada", 3)
        .rust("nada", || 0)
        .python("nada", guion.call("nada", ()))
        .startups(2)
        .run()
        .unwrap();
    let python = carrera.participant("Python: nada").unwrap();
    let importar = std::time::Duration::from_millis(300);
    assert!(python.measurement().median() < importar);
    assert_eq!(python.startup().unwrap().n(), 2);
    assert!(python.startup().unwrap().min() > importar);
    assert!(
        carrera
            .participant("Rust: nada")
            .unwrap()
            .startup()
            .is_none()
    );
    let tabla = carrera.to_string();
    assert!(
        tabla.contains("con arranque: 2 ejecuciones de un proceso nuevo"),
        "{tabla}"
    );
}

#[test]
fn la_referencia_es_la_primera_de_python_o_la_que_se_diga() {
    let solo_rust = || Race::new("nada", 1).rust("a", || 0).rust("b", || 0);
    assert_eq!(solo_rust().run().unwrap().reference().name(), "a");
    let con_otra = solo_rust().reference("Rust: b").run().unwrap();
    assert_eq!(con_otra.reference().name(), "b");
    let error = solo_rust().reference("c").run().unwrap_err();
    assert!(error.is_unknown());
    assert!(
        error.to_string().contains("están Rust: a, Rust: b"),
        "{error}"
    );
    if !hay_python() {
        return;
    }
    assert_eq!(
        mixta().unwrap().reference().measurement().name(),
        "Python: generador"
    );
    // «formula» hay dos: hay que decir cuál.
    let dos = Race::new("dos", 1)
        .rust("formula", || 0)
        .python("formula", SUMAS.call("formula", (0,)));
    assert!(dos.reference("formula").run().unwrap_err().is_unknown());
}

#[test]
fn se_pregunta_por_el_nombre_y_si_hay_dos_tambien_por_el_lenguaje() {
    if !hay_python() {
        return;
    }
    let carrera = mixta().unwrap();
    assert_eq!(carrera.median("formula"), None);
    assert_eq!(carrera.median("nadie"), None);
    let (python, rust) = (
        carrera.median("generador").unwrap(),
        carrera.median("Rust: formula").unwrap(),
    );
    let ratio = carrera.ratio("Rust: formula", "generador").unwrap();
    assert_eq!(ratio, python.as_secs_f64() / rust.as_secs_f64());
}

#[test]
fn la_tabla_dice_el_lenguaje_la_referencia_y_en_que_condiciones() {
    if !hay_python() {
        return;
    }
    let carrera = mixta().unwrap();
    let tabla = carrera.to_string();
    for dicho in [
        "participante",
        "lenguaje",
        "con arranque",
        "(referencia)",
        "veces menos",
        "sumar: mediana de 3 ejecuciones",
        carrera.python_version().unwrap(),
    ] {
        assert!(tabla.contains(dicho), "falta «{dicho}» en\n{tabla}");
    }
    let filas: Vec<&str> = tabla.lines().collect();
    assert_eq!(filas.len(), 1 + 4 + 1);
    assert!(
        filas[1].starts_with("formula") && filas[1].contains("Rust"),
        "{tabla}"
    );
    let una = format!("{carrera:?}");
    assert!(
        una.starts_with("Race(sumar, frente a Python: generador: Rust: formula "),
        "{una}"
    );
    assert!(!una.contains('\n'));
}

#[test]
fn las_copias_comparten_los_datos() {
    let carrera = Race::new("nada", 1).rust("a", || vec![1, 2]).run().unwrap();
    let copia = carrera.clone();
    assert!(std::ptr::eq(carrera.value(), copia.value()));
    fn se_guarda_en_una_celda<T: Send + Sync + 'static>(_: T) {}
    se_guarda_en_una_celda(copia);
}

#[test]
#[should_panic(expected = "pide n = 1 o más")]
fn sin_repeticiones_no_hay_carrera() {
    let _ = Race::<()>::new("nada", 0);
}

#[test]
#[should_panic(expected = "ya hay un participante «Rust: a»")]
fn dos_no_se_llaman_igual_en_el_mismo_lenguaje() {
    let _ = Race::new("nada", 1).rust("a", || 0).rust(" a ", || 0);
}

#[test]
#[should_panic(expected = "hay dos guiones distintos que se llaman «g»")]
fn dos_guiones_distintos_no_se_llaman_igual() {
    let una = Script::new("g", "def f():\n    return 1\n").call("f", ());
    let otra = Script::new("g", "def f():\n    return 2\n").call("f", ());
    let _ = Race::<i32>::new("nada", 1)
        .python("una", una)
        .python("otra", otra);
}

#[test]
#[should_panic(expected = "no vale como nombre de un módulo")]
fn un_guion_no_se_sale_de_su_carpeta() {
    let _ = Script::new("../fuera", "").call("f", ());
}
