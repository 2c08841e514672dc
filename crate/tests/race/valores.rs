//! Lo que va a Python y vuelve llega entero, y lo que no coincide se caza.

#![allow(
    clippy::question_mark,
    reason = "lo que escribe la derivación de nanoserde"
)]

use std::collections::BTreeMap;
use std::fmt::Debug;

use concurrencia::Race;
use concurrencia::nanoserde::{self, DeJson, SerJson, SerJsonState};
use concurrencia::race::Script;

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
    return str(math.factorial(int(n)))

def evalua(expresion):
    return eval(expresion)

def raro():
    return object()

def clave():
    return {(1, 2): 3}
",
);

/// Ida y vuelta por Python: si llega otra cosa, la carrera falla.
fn va_y_viene<T: SerJson + DeJson + PartialEq + Debug + Clone>(valor: T) {
    let carrera = Race::new("eco", 1)
        .rust("el mismo", || valor.clone())
        .python("eco", ECO.call("eco", (valor.clone(),)))
        .startups(0)
        .run();
    assert_eq!(*carrera.unwrap().value(), valor);
}

/// Lo que da esa expresión de Python, leído como `T`.
fn da<T: DeJson + PartialEq + Debug + Clone>(expresion: &str) -> Result<T, String> {
    let carrera = Race::<T>::new("expresión", 1)
        .python("eval", ECO.call("evalua", (expresion.to_owned(),)))
        .startups(0)
        .run();
    match carrera {
        Ok(carrera) => Ok(carrera.value().clone()),
        Err(error) => {
            assert!(error.is_message(), "{error}");
            assert_eq!(error.participant(), Some("Python: eval"));
            Err(error.to_string())
        }
    }
}

#[derive(Clone, Debug, PartialEq, DeJson, SerJson)]
struct Medida {
    nombre: String,
    veces: Option<u8>,
    partes: Vec<(i64, f64)>,
}

#[derive(Clone, Debug, PartialEq, DeJson, SerJson)]
enum Figura {
    Nada,
    Punto(i64),
    Caja { ancho: f64 },
}

#[test]
fn los_valores_van_y_vienen_enteros() {
    if !hay_python() {
        return;
    }
    va_y_viene((u64::MAX, i64::MIN, true, ()));
    va_y_viene(vec![i64::MIN, -1, 0, i64::MAX]);
    va_y_viene(vec![0, u64::MAX, 1 << 63, (1 << 63) - 1]);
    va_y_viene((u32::MAX, i32::MIN, i8::MIN, u8::MAX));
    va_y_viene([0.1, -1e-7, 1e300, 5e-324]);
    va_y_viene([1e16, f64::MAX, f64::MIN, f64::MIN_POSITIVE]);
    va_y_viene("ñandú 日本 🦀 \"comillas\" \\ \n\0\u{1}\u{7f}\u{2028}</script> 1e+16".to_owned());
    va_y_viene(BTreeMap::from([
        ("1".to_owned(), vec!["a".to_owned()]),
        ("\"é\"".to_owned(), vec![]),
    ]));
    va_y_viene(vec![Medida {
        nombre: "é".into(),
        veces: None,
        partes: vec![(-1, 0.5)],
    }]);
    va_y_viene((Figura::Nada, Figura::Punto(-1), Figura::Caja { ancho: 0.1 }));
    va_y_viene((None::<u8>, Some(3), Vec::<String>::new()));
    va_y_viene("x".repeat(3_000_000));
}

#[test]
fn el_cero_negativo_conserva_el_signo() {
    if !hay_python() {
        return;
    }
    let cero: f64 = da("-0.0").unwrap();
    assert!(cero == 0.0 && cero.is_sign_negative());
}

#[test]
fn none_es_una_tupla_vacia_o_un_opcional_vacio() {
    if !hay_python() {
        return;
    }
    assert_eq!(da("None"), Ok(()));
    assert_eq!(da("None"), Ok(None::<String>));
    assert_eq!(da("[None, 'a']"), Ok(vec![None, Some("a".to_owned())]));
    let error = da::<i32>("None").unwrap_err();
    assert!(
        error.contains("llega None donde se espera un entero"),
        "{error}"
    );
}

#[test]
fn un_decimal_grande_se_lee_aunque_python_lo_escriba_con_mas() {
    if !hay_python() {
        return;
    }
    assert_eq!(da("1e16"), Ok(1e16));
    assert_eq!(da("-2.5e300"), Ok(-2.5e300));
    // Y lo que se le parece dentro de un texto se queda como está.
    let textos = ["1e+16", "\"1e+16", "\\", "2e+3\n"].map(str::to_owned);
    assert_eq!(
        da(r#"(1e16, ['1e+16', '"1e+16', '\\', '2e+3\n'], {'4e+5': 1e22})"#),
        Ok((
            1e16,
            textos.to_vec(),
            BTreeMap::from([("4e+5".to_owned(), 1e22)])
        ))
    );
}

#[test]
fn las_claves_de_mas_no_estorban_y_las_de_menos_se_dicen() {
    if !hay_python() {
        return;
    }
    let medida = Medida {
        nombre: "a".into(),
        veces: Some(2),
        partes: vec![],
    };
    let sobran = "{'x': [{'y': [1, {}]}, None], 'nombre': 'a', 'veces': 2, 'z': {'nombre': 'b'}, 'partes': [], 'w': -1.5}";
    assert_eq!(da(sobran), Ok(medida));
    let error = da::<Medida>("{'partes': []}").unwrap_err();
    assert!(error.contains("falta la clave «nombre»"), "{error}");
}

#[test]
fn un_entero_que_no_cabe_se_dice_y_no_se_recorta() {
    if !hay_python() {
        return;
    }
    for expresion in ["2**64", "-2**63 - 1", "10**30"] {
        let error = da::<u64>(expresion).unwrap_err();
        assert!(error.contains("no cabe en 64 bits"), "{error}");
        assert!(da::<i64>(expresion).is_err());
    }
    let error = da::<u8>("256").unwrap_err();
    assert!(
        error.contains("un número no cabe en su tipo (256>255)"),
        "{error}"
    );
    assert!(da::<u32>("-1").is_err());
    assert!(da::<i8>("-129").is_err());
    assert!(da::<i8>("128").is_err());
    assert!(da::<(u8, u8)>("(1, 2, 3)").is_err());
    assert!(da::<(u8, u8)>("(1,)").is_err());
}

#[test]
fn un_entero_con_signo_no_da_la_vuelta() {
    if !hay_python() {
        return;
    }
    for expresion in ["2**63", "2**64 - 1"] {
        for error in [
            da::<i64>(expresion).unwrap_err(),
            da::<i32>(expresion).unwrap_err(),
            da::<Vec<(i64, String)>>(&format!("[({expresion}, '9223372036854775808')]"))
                .unwrap_err(),
        ] {
            assert!(error.contains("solo cabe en un u64"), "{error}");
        }
    }
    assert_eq!(da("2**63 - 1"), Ok(i64::MAX));
    assert_eq!(da("2**63"), Ok(1_u64 << 63));
    assert_eq!(
        da("'9223372036854775808'"),
        Ok("9223372036854775808".to_owned())
    );
    assert_eq!(da("float(2**63)"), Ok(9_223_372_036_854_775_808.0));
    // Rust da la vuelta y Python no: eso es justo lo que una carrera tiene que cazar.
    let error = Race::new("multiplicar", 1)
        .rust("wrapping_mul", || i64::MAX.wrapping_add(1))
        .python("enteros", ECO.call("otro", (i64::MAX,)))
        .run()
        .unwrap_err();
    assert!(error.is_message(), "{error}");
}

#[test]
fn un_entero_enorme_va_y_vuelve_como_texto() {
    if !hay_python() {
        return;
    }
    let n = 34_u128;
    let carrera = Race::new("factorial", 1)
        .rust("producto", || (1..=n).product::<u128>().to_string())
        .python("math", ECO.call("factorial", (n.to_string(),)))
        .startups(0)
        .run();
    assert_eq!(
        carrera.unwrap().value(),
        "295232799039604140847618609643520000000"
    );
}

#[test]
fn ni_un_nan_ni_un_infinito_vuelven_de_python() {
    if !hay_python() {
        return;
    }
    for expresion in [
        "float('nan')",
        "[1.0, float('inf')]",
        "{'a': -float('inf')}",
    ] {
        let error = da::<f64>(expresion).unwrap_err();
        assert!(error.contains("un NaN o un infinito"), "{error}");
    }
    // Lo que no es eso se dice tal cual.
    let error = da::<Vec<()>>("(lambda l: l.append(l) or l)([])").unwrap_err();
    assert!(error.contains("Circular"), "{error}");
}

#[test]
fn medio_caracter_es_un_error_y_no_cuelga_a_nadie() {
    if !hay_python() {
        return;
    }
    assert_eq!(
        da("'\\ud83e\\udd80'.encode('utf-16', 'surrogatepass').decode('utf-16')"),
        Ok("🦀".to_owned())
    );
    let error = da::<String>("'\\ud83e'").unwrap_err();
    assert!(error.contains("medio carácter"), "{error}");
    // En una traza no importa.
    let error = Race::<i32>::new("traza", 1)
        .python(
            "traza",
            ECO.call(
                "evalua",
                ("(_ for _ in ()).throw(ValueError('\\ud83e'))".to_owned(),),
            ),
        )
        .run()
        .unwrap_err();
    assert!(error.is_exception(), "{error}");
}

#[derive(Debug, PartialEq, DeJson)]
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
        .python("texto", ECO.call("eco", ("siete".to_owned(),)))
        .run()
        .unwrap_err();
    assert!(error.is_message());
    assert!(error.to_string().contains("eco.eco(\"siete\")"), "{error}");
    assert!(
        error
            .to_string()
            .contains("llega un texto donde se espera un entero"),
        "{error}"
    );
}

struct EntraEnPanico;

impl SerJson for EntraEnPanico {
    fn ser_json(&self, _: usize, _: &mut SerJsonState) {
        panic!("esto no se escribe")
    }
}

#[test]
fn un_argumento_que_no_se_escribe_se_dice_antes_de_correr() {
    fn error_con(argumento: impl SerJson) -> String {
        let carrera = Race::<i32>::new("args", 1)
            .rust("nunca corre", || panic!("no tenía que correr"))
            .python("eco", ECO.call("eco", (argumento,)));
        let error = carrera.run().unwrap_err();
        assert!(error.is_message());
        error.to_string()
    }
    let error = error_con(EntraEnPanico);
    assert!(error.contains("esto no se escribe"), "{error}");
    for numero in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let error = error_con(vec![Some(numero)]);
        assert!(
            error.contains("un NaN o un infinito, pásalo como texto"),
            "{error}"
        );
    }
    let error = error_con(BTreeMap::from([(1_u8, 2)]));
    assert!(
        error.contains("las claves de un diccionario tienen que ser textos"),
        "{error}"
    );
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
