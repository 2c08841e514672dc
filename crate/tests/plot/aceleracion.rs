//! `Speedup`: la cuenta, la ley de Amdahl y su figura.

use std::cell::RefCell;
use std::panic::catch_unwind;

use concurrencia::{Measurement, Speedup};
use roxmltree::Document;

use super::comun::{etiquetas, medicion, numero, textos};

fn escala(nucleos: usize, tiempos: &[(usize, u64)]) -> Speedup {
    let medida = |(hilos, ms): &(usize, u64)| {
        let nombre = format!("{hilos} hilos");
        (*hilos, medicion(nombre, &[ms * 1000]).with_cores(nucleos))
    };
    Speedup::from_measurements(tiempos.iter().map(medida).collect::<Vec<_>>())
}

/// Lo que tardaría, según la ley, un trabajo con esa fracción en serie.
fn segun_amdahl(serie: f64, hilos: &[usize]) -> Vec<(usize, u64)> {
    let tarda = |n: usize| (1e6 * (serie + (1.0 - serie) / n as f64)).round() as u64;
    hilos.iter().map(|n| (*n, tarda(*n))).collect()
}

#[test]
fn mide_con_cada_numero_de_hilos_y_calienta_cada_vez() {
    let llamadas = RefCell::new(Vec::new());
    let escala = Speedup::measure([1, 2, 4], 3, |hilos| llamadas.borrow_mut().push(hilos));
    assert_eq!(escala.threads(), [1, 2, 4]);
    let nombres: Vec<&str> = escala
        .measurements()
        .iter()
        .map(Measurement::name)
        .collect();
    assert_eq!(nombres, ["1 hilo", "2 hilos", "4 hilos"]);
    assert!(escala.measurements().iter().all(|m| m.n() == 3));
    assert_eq!(*llamadas.borrow(), [[1; 4], [2; 4], [4; 4]].concat());
}

#[test]
fn la_referencia_es_la_de_menos_hilos_se_den_en_el_orden_que_se_den() {
    let escala = escala(8, &[(4, 250), (2, 500), (8, 200)]);
    assert_eq!(escala.threads(), [2, 4, 8]);
    assert_eq!(escala.ratios(), [1.0, 2.0, 2.5]);
}

#[test]
fn recupera_la_fraccion_en_serie_de_un_trabajo_que_cumple_la_ley() {
    for serie in [0.0, 0.05, 0.12, 0.5, 1.0] {
        for hilos in [&[1, 2, 4, 8][..], &[2, 4, 8]] {
            let fraccion = escala(8, &segun_amdahl(serie, hilos)).serial_fraction();
            assert!(
                (fraccion.unwrap() - serie).abs() < 1e-4,
                "{fraccion:?} por {serie}"
            );
        }
    }
}

#[test]
fn los_hilos_que_pasan_de_los_nucleos_no_cuentan_como_trabajo_en_serie() {
    let escala = escala(2, &[(1, 1000), (2, 500), (4, 500), (8, 500)]);
    assert_eq!(escala.serial_fraction(), Some(0.0));
    let figura = escala.plot("Dos núcleos no dan más de sí");
    assert!(
        figura
            .text()
            .contains("Amdahl: 0\u{a0}% en serie, sin tope"),
        "{}",
        figura.text()
    );
    assert!(
        figura
            .text()
            .contains("sin contar los hilos que pasan de los núcleos")
    );
}

#[test]
fn sin_con_que_estimarla_no_hay_fraccion() {
    assert_eq!(escala(4, &[(1, 1000)]).serial_fraction(), None);
    assert_eq!(escala(1, &[(1, 1000), (2, 1000)]).serial_fraction(), None);
    assert_eq!(escala(4, &[(1, 0), (2, 0)]).serial_fraction(), None);
    let figura = escala(1, &[(1, 1000), (2, 1000)]).plot("Un núcleo");
    assert!(!figura.text().contains("Amdahl") && !figura.svg().contains("Amdahl"));
}

#[test]
fn el_tope_es_lo_que_deja_la_fraccion_en_serie() {
    let figura = escala(8, &segun_amdahl(0.12, &[1, 2, 4, 8])).plot("Lo que no se reparte manda");
    assert!(
        figura
            .text()
            .contains("Amdahl: 12\u{a0}% en serie, tope 8,3×"),
        "{}",
        figura.text()
    );
}

#[test]
fn el_pie_avisa_si_la_ley_no_explica_lo_medido() {
    let bueno = escala(8, &segun_amdahl(0.1, &[1, 2, 4])).plot("Bien");
    assert!(!bueno.text().contains("se aparta"));
    let malo = escala(8, &[(1, 1000), (2, 500), (4, 250), (8, 900)]).plot("Mal");
    assert!(
        malo.text().contains("la ley de Amdahl se aparta hasta un"),
        "{}",
        malo.text()
    );
}

#[test]
fn las_tres_lineas_llevan_rotulo_y_cada_una_su_trazo() {
    let figura = escala(4, &segun_amdahl(0.2, &[1, 2, 4])).plot("Cuatro núcleos");
    let leido = textos(&figura).join(" ");
    for dicho in [
        "ideal",
        "medido: 2,5×",
        "Amdahl: 20\u{a0}% en serie, tope 5×",
        "4 núcleos",
        "hilos",
        "aceleración respecto a 1 hilo (veces)",
    ] {
        assert!(leido.contains(dicho), "falta «{dicho}» en {leido}");
    }
    let documento = Document::parse(figura.svg()).unwrap();
    let mut trazos: Vec<(&str, Option<&str>)> = etiquetas(&documento, "polyline")
        .filter(|nodo| numero(nodo, "stroke-width") >= 2.0)
        .map(|nodo| {
            (
                nodo.attribute("stroke").unwrap(),
                nodo.attribute("stroke-dasharray"),
            )
        })
        .collect();
    trazos.sort();
    trazos.dedup();
    assert_eq!(trazos.len(), 3, "{trazos:?}");
    let mut rayas: Vec<Option<&str>> = trazos.iter().map(|(_, raya)| *raya).collect();
    rayas.sort();
    rayas.dedup();
    assert_eq!(rayas.len(), 3, "se distinguen sin el color: {rayas:?}");
}

#[test]
fn los_puntos_estan_a_la_altura_de_su_aceleracion() {
    let figura = escala(4, &[(1, 1200), (2, 600), (4, 400)]).plot("Tres puntos");
    let documento = Document::parse(figura.svg()).unwrap();
    let alturas: Vec<f64> = etiquetas(&documento, "circle")
        .map(|nodo| numero(&nodo, "cy"))
        .collect();
    assert_eq!(alturas.len(), 3);
    // De 1 a 2 y de 2 a 3 hay lo mismo.
    assert!(
        ((alturas[0] - alturas[1]) - (alturas[1] - alturas[2])).abs() <= 1.5,
        "{alturas:?}"
    );
}

#[test]
fn los_bigotes_aparecen_cuando_hay_dispersion() {
    let uno = medicion("uno", &[900_000, 1_000_000, 1_100_000]);
    let dos = medicion("dos", &[300_000, 500_000, 900_000]);
    let figura = Speedup::from_measurements([(1, uno), (2, dos)]).plot("Ruido");
    assert!(
        figura
            .text()
            .contains("2 hilos  ████████████████████████████████████████  2,00× (1,43×–2,50×)"),
        "{}",
        figura.text()
    );
    assert!(figura.text().contains("bigotes: cuartiles"));
}

#[test]
fn una_mediana_de_cero_no_rompe_la_figura() {
    let figura = escala(4, &[(1, 1000), (2, 0)]).plot("Imposible");
    assert!(figura.text().contains('—'), "{}", figura.text());
    Document::parse(figura.svg()).unwrap();
    for raro in ["NaN", "inf"] {
        assert!(!figura.svg().contains(raro));
    }
}

#[test]
fn se_escribe_como_tabla_y_se_depura_en_una_linea() {
    let escala = escala(2, &[(1, 1000), (2, 500)]);
    assert!(escala.to_string().contains("2,0 veces menos"), "{escala}");
    assert_eq!(
        format!("{escala:?}"),
        "Speedup(1 hilo: 1,0×; 2 hilos: 2,0×)"
    );
}

#[test]
fn acepta_mediciones_prestadas_o_cedidas() {
    let (uno, dos) = (medicion("uno", &[2000]), medicion("dos", &[1000]));
    let prestadas = Speedup::from_measurements([(1, &uno), (2, &dos)]);
    assert_eq!(prestadas, Speedup::from_measurements([(1, uno), (2, dos)]));
}

#[test]
fn lo_que_no_se_puede_medir_se_dice_antes_de_medir() {
    let pide = |hilos: &'static [usize]| {
        let error = catch_unwind(|| {
            Speedup::measure(hilos.iter().copied(), 1, |_| {
                unreachable!("no se llega a medir")
            })
        });
        let mensaje = error.unwrap_err();
        let fijo = mensaje.downcast_ref::<&str>().map(|m| (*m).to_owned());
        fijo.or_else(|| mensaje.downcast_ref::<String>().cloned())
            .unwrap()
    };
    assert!(pide(&[]).contains("al menos un número de hilos"));
    assert!(pide(&[1, 0]).contains("con 0 hilos no se hace nada"));
    assert!(pide(&[1, 2, 2]).contains("el número de hilos 2 está repetido"));
}
