use catalog::{Catalog, Counts, Progress, Record, Summary};

use crate::books::{exercise, notebook, opening, project};

fn two_books() -> Catalog {
    let root = project(&[
        (
            "1_hilos.ipynb",
            notebook(&[opening(), exercise("hilos-01"), exercise("hilos-02")].concat()),
        ),
        (
            "2_general.ipynb",
            notebook(&[opening(), exercise("general-01")].concat()),
        ),
        ("3_vacio.ipynb", notebook(&opening())),
    ]);
    Catalog::load(root.path()).unwrap()
}

fn record(attempts: u32, passed_on: Option<u32>, hints: u32, gave_up: bool) -> Record {
    Record {
        attempts,
        passed_on,
        hints,
        gave_up,
    }
}

fn summary(records: &[(&str, Record)]) -> Summary {
    let mut progress = Progress::default();
    for (name, record) in records {
        *progress.record_mut(name) = *record;
    }
    Summary::new(&two_books(), &progress)
}

#[test]
fn sin_empezar_toca_el_primero() {
    let summary = summary(&[]);
    let names: Vec<_> = summary
        .books
        .iter()
        .map(|book| book.name.as_str())
        .collect();
    assert_eq!(names, ["1_hilos", "2_general", "3_vacio"]);
    assert_eq!(summary.next.as_deref(), Some("hilos-01"));
    assert_eq!(
        summary.total(),
        Counts {
            total: 3,
            minutes: 30,
            ..Counts::default()
        }
    );
}

#[test]
fn se_cuenta_lo_de_cada_libro_y_no_lo_que_ya_no_existe() {
    let summary = summary(&[
        ("hilos-01", record(3, Some(3), 2, true)),
        ("hilos-02", record(1, None, 0, false)),
        ("general-01", record(1, Some(1), 0, false)),
        ("jubilado-01", record(50, Some(1), 9, true)),
    ]);
    let wanted = Counts {
        done: 1,
        total: 2,
        minutes_done: 10,
        minutes: 20,
        attempts: 4,
        hints: 2,
        gave_up: 1,
    };
    assert_eq!(summary.books[0].counts, wanted);
    assert_eq!(summary.books[2].counts, Counts::default());
    let total = summary.total();
    assert_eq!((total.done, total.attempts, total.minutes_done), (2, 5, 20));
    assert_eq!(summary.next.as_deref(), Some("hilos-02"));
}

#[test]
fn al_que_se_ha_renunciado_le_toca_cuando_no_queda_otro() {
    let passed = record(1, Some(1), 0, false);
    let given_up = record(2, None, 0, true);
    let one = summary(&[("hilos-01", given_up)]);
    assert_eq!(one.next.as_deref(), Some("hilos-02"));
    let last = summary(&[
        ("hilos-01", given_up),
        ("hilos-02", passed),
        ("general-01", passed),
    ]);
    assert_eq!(last.next.as_deref(), Some("hilos-01"));
    let all = summary(&[
        ("hilos-01", passed),
        ("hilos-02", passed),
        ("general-01", passed),
    ]);
    assert_eq!(all.next, None);
}
