//! Lo que puede ir mal: se dice quién y con qué, y no tumba a nadie.

use std::env;
use std::process::Command;

use concurrencia::Race;
use concurrencia::race::Script;

use super::comun::{hay_python, interprete};

const FALLA: Script = Script::new(
    "falla",
    "
import os, sys

def lanza(n):
    print('voy a fallar')
    return interior(n)

def interior(n):
    raise ValueError(f'no me gusta el {n}')

def sale():
    sys.exit(3)

def se_mata(codigo):
    print('adiós', flush=True)
    os._exit(codigo)

def senal(n):
    os.kill(os.getpid(), n)

def sin_biblioteca():
    import biblioteca_que_no_existe

def a_la_segunda(estado=[]):
    estado.append(1)
    if len(estado) > 1:
        import biblioteca_que_no_existe
    return 0

def bien():
    return 0

def de_lejos():
    from concurrent.futures import ProcessPoolExecutor
    with ProcessPoolExecutor(1) as grupo:
        return grupo.submit(interior, 5).result()

def hondo(n):
    return hondo(n - 1) if n else 1 // 0
",
);

fn error_de(
    funcion: &str,
    argumentos: impl concurrencia::race::Arguments,
) -> concurrencia::RaceError {
    Race::new("fallos", 2)
        .rust("bien", || 0)
        .python("mal", FALLA.call(funcion, argumentos))
        .run()
        .unwrap_err()
}

#[test]
fn una_excepcion_llega_con_su_traza_sus_argumentos_y_lo_que_imprimio() {
    if !hay_python() {
        return;
    }
    let error = error_de("lanza", (7,));
    assert!(error.is_exception());
    assert_eq!(error.participant(), Some("Python: mal"));
    assert_eq!(error.output(), Some("voy a fallar"));
    let traza = error.traceback().unwrap();
    assert!(
        traza.contains("falla.py") && traza.contains("in interior"),
        "{traza}"
    );
    assert!(!traza.contains("arnes.py"), "{traza}");
    let mensaje = error.to_string();
    let primera = mensaje.lines().next().unwrap();
    assert_eq!(
        primera,
        "«Python: mal» ha fallado en falla.lanza(7): ValueError: no me gusta el 7"
    );
}

#[test]
fn una_excepcion_en_otro_proceso_tambien_llega() {
    if !hay_python() {
        return;
    }
    let error = error_de("de_lejos", ());
    assert!(error.is_exception());
    assert!(
        error.to_string().contains("ValueError: no me gusta el 5"),
        "{error}"
    );
}

#[test]
fn una_traza_interminable_se_recorta_por_el_principio() {
    if !hay_python() {
        return;
    }
    let traza = error_de("hondo", (200,)).traceback().unwrap().to_owned();
    assert!(
        traza.len() < 3200
            && traza.ends_with("ZeroDivisionError: integer division or modulo by zero"),
        "{traza}"
    );
    let largo = "m".repeat(100_000);
    let guion = Script::from_string("largo", "def f(m):\n    raise ValueError(m)\n");
    let error = Race::<i32>::new("largo", 1)
        .python("f", guion.call("f", (largo,)))
        .run()
        .unwrap_err();
    assert!(error.traceback().unwrap().len() < 3200);
}

#[test]
fn una_funcion_que_no_esta_o_un_guion_mal_escrito_son_excepciones() {
    if !hay_python() {
        return;
    }
    let mensaje = error_de("no_esta", ()).to_string();
    assert!(mensaje.contains("has no attribute 'no_esta'"), "{mensaje}");
    // La traza es esa misma línea: no se repite.
    assert_eq!(mensaje.lines().count(), 1);
    let guion = Script::new("torcido", "def f(:\n");
    let error = Race::<i32>::new("torcido", 1)
        .python("f", guion.call("f", ()))
        .run()
        .unwrap_err();
    assert!(
        error.is_exception() && error.to_string().contains("SyntaxError"),
        "{error}"
    );
}

#[test]
fn salirse_no_es_acabar_bien() {
    if !hay_python() {
        return;
    }
    let error = error_de("sale", ());
    assert!(
        error.is_exception() && error.to_string().contains("SystemExit: 3"),
        "{error}"
    );
}

#[test]
fn un_python_que_muere_a_medias_se_cuenta_con_su_codigo() {
    if !hay_python() {
        return;
    }
    for codigo in [0, 3] {
        let error = error_de("se_mata", (codigo,));
        assert!(error.is_died());
        let mensaje = error.to_string();
        assert!(
            mensaje.contains(&format!("acabó con el código {codigo}")),
            "{mensaje}"
        );
        assert!(
            mensaje.contains(&format!("falla.se_mata({codigo})")),
            "{mensaje}"
        );
        assert_eq!(error.output(), Some("adiós"));
    }
    let error = error_de("senal", (9,));
    assert!(
        error.is_died() && error.to_string().contains("SIGKILL"),
        "{error}"
    );
}

#[test]
fn a_quien_le_falta_una_biblioteca_se_retira_y_se_avisa() {
    if !hay_python() {
        return;
    }
    let al_importar = Script::new(
        "al_importar",
        "import otra_que_no_existe\ndef f():\n    return 0\n",
    );
    let carrera = Race::new("bibliotecas", 2)
        .python("al llamar", FALLA.call("sin_biblioteca", ()))
        .rust("rust", || 0)
        .python("al importar", al_importar.call("f", ()))
        .python("bien", FALLA.call("bien", ()))
        .reference("al llamar")
        .run()
        .unwrap();
    let quedan: Vec<&str> = carrera.participants().iter().map(|p| p.name()).collect();
    assert_eq!(quedan, ["rust", "bien"]);
    let avisos = carrera.warnings();
    assert_eq!(avisos.len(), 3, "{avisos:?}");
    assert!(
        avisos[0].contains("«Python: al llamar»") && avisos[0].contains("biblioteca_que_no_existe")
    );
    assert!(
        avisos[1].contains("«Python: al importar»") && avisos[1].contains("otra_que_no_existe")
    );
    assert!(avisos[2].contains("la referencia"), "{avisos:?}");
    assert_eq!(carrera.reference().name(), "bien");
    let tabla = carrera.to_string();
    assert!(
        tabla.contains("aviso: no corre «Python: al llamar»"),
        "{tabla}"
    );
    let figura = carrera.plot("Avisos");
    assert!(
        figura.text().contains("otra_que_no_existe")
            && figura.svg().contains("biblioteca_que_no_existe")
    );
}

#[test]
fn si_no_queda_nadie_es_un_error() {
    assert!(Race::<i32>::new("nadie", 1).run().unwrap_err().is_empty());
    let error = Race::<i32>::new("nadie", 1)
        .python("solo", FALLA.call("sin_biblioteca", ()))
        .interpreter(interprete())
        .run()
        .unwrap_err();
    assert!(error.is_empty(), "{error}");
}

#[test]
fn una_biblioteca_que_falta_a_mitad_de_carrera_es_un_error() {
    if !hay_python() {
        return;
    }
    assert!(error_de("a_la_segunda", ()).is_exception());
}

#[test]
fn sin_python_corre_rust_y_se_avisa() {
    for programa in ["/no/hay/tal/python", "false", "true", "cat"] {
        let carrera = Race::new("sin", 2)
            .rust("rust", || 0)
            .python("python", FALLA.call("bien", ()))
            .interpreter(programa)
            .run()
            .unwrap();
        assert_eq!(carrera.participants().len(), 1, "{programa}");
        assert_eq!(carrera.python_version(), None);
        let [aviso] = carrera.warnings() else {
            panic!("{:?}", carrera.warnings())
        };
        assert!(
            aviso.starts_with("sin Python") && aviso.contains(programa),
            "{aviso}"
        );
        assert!(carrera.to_string().contains(aviso.as_str()));
    }
}

/// Si está, esta prueba es la hija: corre con el intérprete que diga `CONCURRENCIA_PYTHON`.
const HIJA: &str = "PRUEBA_CARRERA_HIJA";

#[test]
fn la_variable_de_entorno_dice_que_python() {
    if env::var_os(HIJA).is_some() {
        let carrera = Race::new("variable", 1)
            .rust("rust", || 0)
            .python("python", FALLA.call("bien", ()))
            .run()
            .unwrap();
        assert!(
            carrera.warnings()[0].contains("/tampoco/hay/este"),
            "{:?}",
            carrera.warnings()
        );
        return;
    }
    let salida = Command::new(env::current_exe().unwrap())
        .args(["--exact", "fallos::la_variable_de_entorno_dice_que_python"])
        .env(HIJA, "1")
        .env("CONCURRENCIA_PYTHON", "/tampoco/hay/este")
        .output()
        .unwrap();
    assert!(
        salida.status.success(),
        "{}",
        String::from_utf8_lossy(&salida.stdout)
    );
}

#[test]
fn un_panico_en_rust_es_un_error_con_su_nombre() {
    let mut vez = 0;
    let error = Race::new("pánico", 3)
        .rust("tranquilo", || 0)
        .rust("nervioso", || {
            vez += 1;
            assert!(vez < 3, "sin conexión con el sitio {vez}");
            0
        })
        .run()
        .unwrap_err();
    assert!(error.is_panic());
    assert_eq!(error.participant(), Some("Rust: nervioso"));
    assert_eq!(error.panic_message(), Some("sin conexión con el sitio 3"));
    assert_eq!(
        error.to_string(),
        "pánico en «Rust: nervioso»: sin conexión con el sitio 3"
    );
}

#[test]
fn un_panico_al_comparar_tambien_es_un_error() {
    let carrera = Race::new("comparar", 1)
        .rust("a", || 0)
        .rust("b", || 0)
        .check(|_, _| panic!("no sé comparar"));
    assert!(carrera.run().unwrap_err().is_panic());
}

#[test]
fn el_error_se_clona_y_cruza_hilos() {
    let error = Race::<i32>::new("nadie", 1).run().unwrap_err();
    fn viaja<E: std::error::Error + Clone + Send + Sync + 'static>(_: E) {}
    viaja(error.clone());
    assert!(format!("{error:?}").starts_with("RaceError"));
}
