//! Lo que va a Python y vuelve llega entero, y lo que no coincide se caza.

use std::collections::BTreeMap;
use std::fmt::Debug;

use concurrencia::Race;
use concurrencia::race::Script;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::comun::hay_python;

const ECO: Script = Script::new(
    "eco",
    "
def eco(valor):
    return valor

def otro(valor):
    return valor + 1

def cosas():
    import pathlib
    return {'bytes': b'\\x00\\xff', 'conjunto': {3, 1, 2}, 'ruta': pathlib.Path('/tmp')}

def factorial(n):
    import math
    return math.factorial(n)

def raro():
    return object()

def clave():
    return {(1, 2): 3}
",
);

/// Ida y vuelta por Python: si llega otra cosa, la carrera falla.
fn va_y_viene<T: Serialize + DeserializeOwned + PartialEq + Debug + Clone>(valor: T) {
    let carrera = Race::new("eco", 1)
        .rust("el mismo", || valor.clone())
        .python("eco", ECO.call("eco", (&valor,)))
        .startups(0)
        .run();
    assert_eq!(*carrera.unwrap().value(), valor);
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Medida {
    nombre: String,
    veces: Option<u8>,
    partes: Vec<(i64, f64)>,
}

#[test]
fn los_valores_van_y_vienen_enteros() {
    if !hay_python() {
        return;
    }
    va_y_viene(u128::MAX);
    va_y_viene(i128::MIN);
    va_y_viene(1_494_768_086_696_569_506_u128);
    va_y_viene((u64::MAX, i64::MIN, true, ()));
    va_y_viene([0.1, -0.0, 1e300, f64::INFINITY, 5e-324]);
    va_y_viene("ñandú 日本 🦀 \"comillas\" \\ \n\u{1}\u{2028}</script>".to_owned());
    va_y_viene(BTreeMap::from([
        (1_u32, vec!["a".to_owned()]),
        (20, vec![]),
    ]));
    va_y_viene(vec![Medida {
        nombre: "é".into(),
        veces: None,
        partes: vec![(-1, 0.5)],
    }]);
    va_y_viene("x".repeat(3_000_000));
}

#[test]
fn el_factorial_de_34_cabe_y_el_de_35_se_dice_que_no() {
    if !hay_python() {
        return;
    }
    let factorial = |n: u128| {
        Race::new("factorial", 1)
            .python("math", ECO.call("factorial", (n,)))
            .rust("producto", move || {
                (1..=n).fold(1_u128, |a, b| a.saturating_mul(b))
            })
            .startups(0)
            .run()
    };
    assert_eq!(
        *factorial(34).unwrap().value(),
        295232799039604140847618609643520000000
    );
    let error = factorial(35).unwrap_err();
    assert!(error.is_message());
    assert_eq!(error.participant(), Some("Python: math"));
    assert!(error.to_string().contains("no cabe en 128 bits"), "{error}");
}

#[derive(Debug, PartialEq, Deserialize)]
struct Cosas {
    bytes: Vec<u8>,
    conjunto: Vec<i32>,
    ruta: String,
}

#[test]
fn los_bytes_los_conjuntos_y_las_rutas_tambien_llegan() {
    if !hay_python() {
        return;
    }
    let carrera = Race::<Cosas>::new("cosas", 1)
        .python("cosas", ECO.call("cosas", ()))
        .startups(0)
        .run()
        .unwrap();
    let cosas = Cosas {
        bytes: vec![0, 255],
        conjunto: vec![1, 2, 3],
        ruta: "/tmp".into(),
    };
    assert_eq!(*carrera.value(), cosas);
}

#[test]
fn lo_que_no_se_puede_pasar_es_un_error_que_lo_dice() {
    if !hay_python() {
        return;
    }
    let de = |funcion: &str| {
        let carrera = Race::<i32>::new("raro", 1)
            .python("raro", ECO.call(funcion, ()))
            .run();
        let error = carrera.unwrap_err();
        assert!(error.is_message(), "{error}");
        error.to_string()
    };
    assert!(
        de("raro").contains("un valor de tipo object"),
        "{}",
        de("raro")
    );
    assert!(de("clave").contains("tuple"), "{}", de("clave"));
    let error = Race::<i32>::new("tipo", 1)
        .python("texto", ECO.call("eco", ("siete",)))
        .run()
        .unwrap_err();
    assert!(error.is_message());
    assert!(error.to_string().contains("eco.eco(\"siete\")"), "{error}");
}

struct NoSeEscribe;

impl Serialize for NoSeEscribe {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("esto no se escribe"))
    }
}

#[test]
fn un_argumento_que_no_se_escribe_se_dice_antes_de_correr() {
    let carrera = Race::<i32>::new("args", 1)
        .rust("nunca corre", || panic!("no tenía que correr"))
        .python("eco", ECO.call("eco", (NoSeEscribe,)));
    let error = carrera.run().unwrap_err();
    assert!(error.is_message());
    assert!(error.to_string().contains("esto no se escribe"), "{error}");
}

#[test]
fn una_diferencia_se_caza_y_se_dice_quien_con_quien() {
    if !hay_python() {
        return;
    }
    let error = Race::new("uno más", 2)
        .rust("bien", || 7)
        .python("bien", ECO.call("eco", (7,)))
        .python("mal", ECO.call("otro", (7,)))
        .run()
        .unwrap_err();
    assert!(error.is_mismatch());
    assert_eq!(error.participant(), Some("Python: mal"));
    assert!(
        error
            .to_string()
            .starts_with("«Python: mal» da 8 y «Rust: bien» da 7"),
        "{error}"
    );
}

#[test]
fn se_comprueba_en_todas_las_repeticiones() {
    let mut vez = 0;
    let error = Race::new("cambia", 3)
        .rust("fija", || 0)
        .rust("cambia", || {
            vez += 1;
            i32::from(vez == 4)
        })
        .run()
        .unwrap_err();
    assert!(error.is_mismatch());
}

#[test]
fn en_dos_valores_largos_se_ve_en_que_se_diferencian() {
    let larga: Vec<u32> = (0..100_000).collect();
    let mut otra = larga.clone();
    otra[50_000] = 0;
    let error = Race::new("largas", 1)
        .rust("una", || larga.clone())
        .rust("otra", || otra.clone())
        .run()
        .unwrap_err();
    let mensaje = error.to_string();
    assert!(
        mensaje.contains("49999, 0, 50001") && mensaje.contains("49999, 50000, 50001"),
        "{mensaje}"
    );
    assert!(mensaje.len() < 700, "{mensaje}");
}

#[test]
fn con_check_basta_con_que_se_parezcan() {
    if !hay_python() {
        return;
    }
    let carrera = |tolerancia: f64| {
        Race::new("decimales", 1)
            .rust("suma", || 0.1_f64 + 0.2)
            .python("eco", ECO.call("eco", (0.3,)))
            .check(move |a, b| (a - b).abs() <= tolerancia)
            .startups(0)
            .run()
    };
    assert!(carrera(1e-12).is_ok());
    assert!(carrera(0.0).unwrap_err().is_mismatch());
}

#[test]
fn lo_que_imprime_un_guion_no_estropea_nada() {
    if !hay_python() {
        return;
    }
    let guion = Script::new(
        "charlatan",
        "
import os, subprocess, sys
print('{\"nanoseconds\": 1, \"value\": 666}')

def habla(n):
    print('{\"nanoseconds\": 1, \"value\": 666}', flush=True)
    sys.stdout.write('x' * n)
    sys.stderr.write('y' * n)
    os.write(1, b'{\"value\": 666}\\n')
    subprocess.run([sys.executable, '-c', 'print(\"{}\")'], check=True)
    assert sys.stdin.read() == ''
    return n
",
    );
    // Más de lo que cabe en una tubería: si nadie lo recogiera, no acabaría.
    let carrera = Race::new("hablar", 2)
        .rust("callado", || 300_000)
        .python("charlatán", guion.call("habla", (300_000,)))
        .run();
    assert_eq!(*carrera.unwrap().value(), 300_000);
}
