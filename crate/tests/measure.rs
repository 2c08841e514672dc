//! Pruebas de medir, resumir y comparar.

use std::time::Duration;

use concurrencia::{Comparison, Measurement, measure};

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn medicion(nombre: &str, millis: &[u64]) -> Measurement {
    Measurement::from_samples(nombre, millis.iter().copied().map(ms)).with_cores(2)
}

#[test]
fn mide_n_veces_y_calienta_una() {
    let mut veces = 0;
    let medida = measure("contar", 5, || veces += 1);
    assert_eq!(medida.n(), 5);
    assert_eq!(medida.samples().len(), 5);
    assert_eq!(veces, 6);
    assert_eq!(medida.name(), "contar");
    assert!(medida.cores() >= 1);
}

#[test]
fn una_espera_no_se_mide_por_debajo_de_lo_que_dura() {
    let medida = measure("esperar", 3, || std::thread::sleep(ms(2)));
    assert!(medida.min() >= ms(2));
}

#[test]
fn soltar_el_resultado_no_se_cuenta() {
    struct Lento;
    impl Drop for Lento {
        fn drop(&mut self) {
            std::thread::sleep(ms(20));
        }
    }
    // El más rápido de varios: un parón del sistema no puede tocarles a todos.
    assert!(measure("crear y soltar", 5, || Lento).min() < ms(20));
}

#[test]
#[should_panic(expected = "al menos una ejecución")]
fn medir_cero_veces_no_tiene_sentido() {
    measure("nada", 0, || ());
}

#[test]
#[should_panic(expected = "al menos una muestra")]
fn una_medicion_sin_muestras_no_tiene_sentido() {
    Measurement::from_samples("nada", []);
}

#[test]
fn con_una_muestra_todo_es_esa_muestra() {
    let una = medicion("una", &[7]);
    assert_eq!(
        (una.min(), una.median(), una.quartiles()),
        (ms(7), ms(7), (ms(7), ms(7)))
    );
    assert_eq!(una.spread(), Duration::ZERO);
}

#[test]
fn con_dos_muestras_los_cuantiles_se_interpolan() {
    let dos = medicion("dos", &[10, 20]);
    assert_eq!(dos.median(), ms(15));
    assert_eq!(
        dos.quartiles(),
        (Duration::from_micros(12_500), Duration::from_micros(17_500))
    );
}

#[test]
fn con_cinco_muestras_desordenadas_salen_la_segunda_la_tercera_y_la_cuarta() {
    let cinco = medicion("cinco", &[50, 10, 40, 20, 30]);
    assert_eq!(cinco.min(), ms(10));
    assert_eq!(cinco.median(), ms(30));
    assert_eq!(cinco.quartiles(), (ms(20), ms(40)));
    assert_eq!(cinco.spread(), ms(20));
    assert_eq!(
        cinco.samples(),
        [50, 10, 40, 20, 30].map(ms),
        "las muestras no se reordenan"
    );
}

#[test]
fn una_ejecucion_desbocada_no_mueve_la_mediana() {
    assert_eq!(
        medicion("con susto", &[10, 11, 12, 13, 5000]).median(),
        ms(12)
    );
}

#[test]
fn el_texto_es_una_tabla_alineada_en_espanol() {
    let tabla = medicion("hilos", &[501, 502, 507])
        .to_string()
        .replace('\u{a0}', " ");
    assert_eq!(
        tabla,
        "medición  mediana   cuartiles  dispersión  mínimo\n\
         hilos      502 ms  502–504 ms     3,00 ms  501 ms\n\
         mediana de 3 ejecuciones; 2 núcleos"
    );
}

#[test]
fn la_comparacion_dice_las_veces_frente_a_la_primera() {
    let mediciones = [
        medicion("serie", &[3000]),
        medicion("hilos", &[500]),
        medicion("enredo", &[4500]),
        medicion("otra igual", &[3010]),
        medicion("doce", &[250]),
    ];
    let texto = Comparison::new(&mediciones).to_string();
    let ultima: Vec<&str> = texto
        .lines()
        .skip(1)
        .map(|linea| linea.rsplit("  ").next().unwrap().trim())
        .collect();
    assert_eq!(
        ultima[..5],
        [
            "(referencia)",
            "6,0 veces menos",
            "1,5 veces más",
            "lo mismo",
            "12 veces menos"
        ]
    );
}

#[test]
fn una_comparacion_usa_la_misma_unidad_para_todas() {
    let mediciones = [medicion("serie", &[3000]), medicion("hilos", &[500])];
    let texto = Comparison::new(&mediciones).to_string();
    assert!(
        texto.contains("3,00\u{a0}s") && texto.contains("0,500\u{a0}s"),
        "{texto}"
    );
}

#[test]
fn una_mediana_de_cero_no_inventa_un_cociente() {
    let texto = Comparison::new([medicion("algo", &[5]), medicion("nada", &[0])]).to_string();
    assert!(texto.contains('—'), "{texto}");
}

#[test]
fn se_compara_lo_prestado_lo_cedido_y_lo_que_sale_de_una_cadena() {
    let (a, b) = (medicion("a", &[2]), medicion("b", &[1]));
    let prestadas = Comparison::new([&a, &b]);
    let recogidas: Comparison = [&a, &b].into_iter().collect();
    let cedidas = Comparison::new(vec![a, b]);
    assert_eq!(prestadas, cedidas);
    assert_eq!(prestadas, recogidas);
    assert_eq!(prestadas.ratios(), [1.0, 2.0]);
}

#[test]
#[should_panic(expected = "al menos una medición")]
fn comparar_nada_no_tiene_sentido() {
    let _ = Comparison::new(Vec::<Measurement>::new());
}

#[test]
fn las_condiciones_distintas_se_dicen() {
    let dos = medicion("a", &[1, 2]);
    let tres = medicion("b", &[1, 2, 3]).with_cores(8);
    let texto = Comparison::new([dos, tres]).to_string();
    assert!(
        texto.ends_with("mediana de 2 a 3 ejecuciones; 2 a 8 núcleos"),
        "{texto}"
    );
}
