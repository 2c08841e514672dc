//! El veredicto: qué se dice de cada manera de acabar, y que nada de lo que haga la función llega a este proceso.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::mpsc;
use std::thread;

use exercises::{Outcome, Verdict, comprobar};
use roxmltree::Document;

use crate::mios::pausa;
use crate::pruebas;

pruebas![
    la_que_esta_bien_aprueba,
    la_que_da_otra_cosa_dice_que_se_esperaba,
    el_todo_sin_hacer_no_es_un_panico,
    el_todo_de_un_hilo_tampoco,
    se_cuenta_el_primer_panico_y_no_su_consecuencia,
    la_que_se_cuelga_agota_su_plazo_y_no_llega_aqui,
    la_que_acaba_con_el_proceso_lo_dice,
    lo_que_cambia_la_funcion_no_se_ve_aqui,
    un_hilo_que_no_acaba_no_retrasa_el_veredicto,
    lo_medido_va_en_una_figura,
    el_html_esta_bien_formado_y_escapa_lo_que_ensena,
];

fn resultados(veredicto: &Verdict) -> Vec<&Outcome> {
    veredicto
        .cases()
        .iter()
        .map(|caso| caso.outcome())
        .collect()
}

fn la_que_esta_bien_aprueba() {
    let veredicto = comprobar!("mio-doble", |n| 2 * n);
    assert!(veredicto.is_pass(), "{veredicto}");
    assert_eq!(resultados(&veredicto), [&Outcome::Pass, &Outcome::Pass]);
    assert!(veredicto.to_string().contains("aprobado"), "{veredicto}");
}

fn la_que_da_otra_cosa_dice_que_se_esperaba() {
    let veredicto = comprobar!("mio-doble", |n| 3 * n);
    assert!(!veredicto.is_pass());
    let falla = Outcome::Fail {
        expected: "14".to_owned(),
        got: "21".to_owned(),
    };
    assert_eq!(resultados(&veredicto), [&Outcome::Pass, &falla]);
    let texto = veredicto.to_string();
    for dicho in [
        "entrada: 7",
        "esperado: 14",
        "obtenido: 21",
        "importa porque: es la definición",
    ] {
        assert!(texto.contains(dicho), "falta «{dicho}»:\n{texto}");
    }
}

fn sin_hacer(_: u64) -> u64 {
    todo!()
}

fn el_todo_sin_hacer_no_es_un_panico() {
    let veredicto = comprobar!("mio-doble", sin_hacer);
    assert!(veredicto.is_undone() && !veredicto.is_pass());
    assert_eq!(
        resultados(&veredicto),
        [&Outcome::Undone],
        "no hay más que probar"
    );
}

fn a_medias_en_un_hilo(n: u64) -> u64 {
    thread::spawn(move || sin_hacer(n)).join().unwrap_or(0)
}

fn el_todo_de_un_hilo_tampoco() {
    let veredicto = comprobar!("mio-doble", a_medias_en_un_hilo);
    assert!(veredicto.is_undone(), "{veredicto}");
}

fn panico_en_un_hilo(n: u64) -> u64 {
    thread::spawn(move || panic!("no sé doblar {n}"))
        .join()
        .unwrap()
}

fn se_cuenta_el_primer_panico_y_no_su_consecuencia() {
    let veredicto = comprobar!("mio-doble", panico_en_un_hilo);
    let panico = |n| Outcome::Panic {
        message: format!("no sé doblar {n}"),
    };
    assert_eq!(resultados(&veredicto), [&panico(0), &panico(7)]);
}

fn espera_al_que_no_llega(n: u64) -> u64 {
    let (_manda, recibe) = mpsc::channel();
    if n == 7 {
        recibe.recv().unwrap()
    } else {
        2 * n
    }
}

fn la_que_se_cuelga_agota_su_plazo_y_no_llega_aqui() {
    let veredicto = comprobar!("mio-doble", espera_al_que_no_llega);
    let plazo = Outcome::TimedOut { seconds: 0.5 };
    assert_eq!(resultados(&veredicto), [&Outcome::Pass, &plazo]);
    assert!(
        veredicto.to_string().contains("no ha acabado en 0,5 s"),
        "{veredicto}"
    );
}

fn la_que_acaba_con_el_proceso_lo_dice() {
    let veredicto = comprobar!("mio-doble", |_| std::process::exit(3));
    let [Outcome::Died { how }] = resultados(&veredicto)[..] else {
        panic!("{veredicto}")
    };
    assert!(how.contains('3'), "{how}");
}

static MARCA: AtomicU64 = AtomicU64::new(0);

fn deja_marca(n: u64) -> u64 {
    MARCA.store(99, SeqCst);
    2 * n
}

fn lo_que_cambia_la_funcion_no_se_ve_aqui() {
    assert!(comprobar!("mio-doble", deja_marca).is_pass());
    assert_eq!(MARCA.load(SeqCst), 0);
}

fn deja_un_hilo(n: u64) -> u64 {
    thread::spawn(|| pausa(600_000));
    2 * n
}

fn un_hilo_que_no_acaba_no_retrasa_el_veredicto() {
    assert!(comprobar!("mio-doble", deja_un_hilo).is_pass());
}

fn lo_medido_va_en_una_figura() {
    let veredicto = comprobar!("mio-deprisa", || pausa(4));
    assert!(veredicto.is_pass(), "{veredicto}");
    let figura = veredicto.figure().expect("ha medido");
    assert!(figura.text().contains("despacio") && figura.text().contains("la tuya"));

    let lenta = comprobar!("mio-deprisa", || pausa(60));
    let [Outcome::Fail { expected, .. }] = resultados(&lenta)[..] else {
        panic!("{lenta}")
    };
    assert_eq!(expected, "más de 2,0 veces más deprisa");
    assert!(lenta.figure().is_some(), "también cuando no llega");
}

fn el_html_esta_bien_formado_y_escapa_lo_que_ensena() {
    let mut salida = Vec::new();
    for veredicto in [
        comprobar!("mio-doble", |n| 2 * n),
        comprobar!("mio-doble", |n| n + 1),
        comprobar!("mio-doble", panico_en_un_hilo),
        comprobar!("mio-deprisa", || pausa(4)),
    ] {
        salida.push(veredicto.html());
    }
    for html in &salida {
        let documento = Document::parse(html).unwrap_or_else(|e| panic!("{e}:\n{html}"));
        assert_eq!(documento.root_element().attribute("lang"), Some("es"));
    }
    let falla = &salida[1];
    assert!(falla.contains("&lt;cero&gt; &amp; nada más"), "{falla}");
    // Cada caso se distingue sin ver los colores.
    assert!(
        falla.contains(" falla</span>") && salida[0].contains(" bien</span>"),
        "{falla}"
    );
}
