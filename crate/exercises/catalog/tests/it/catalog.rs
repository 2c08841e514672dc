use std::error::Error as _;
use std::fs;
use std::path::Path;

use catalog::{Catalog, How, Kind};

use crate::books::{Cell, STATEMENT, exercise, load, notebook, opening, project};

fn book() -> Vec<Cell> {
    [opening(), exercise("hilos-01"), exercise("hilos-02")].concat()
}

/// El error de un libro de un ejercicio al que se le cambia algo.
fn error_after(change: impl FnOnce(&mut Vec<Cell>)) -> String {
    let mut cells = [opening(), exercise("hilos-01")].concat();
    change(&mut cells);
    load(&cells).unwrap_err().to_string()
}

/// Un ejercicio que empieza por este enunciado.
fn with_statement(extra: &str) -> Result<Catalog, String> {
    let mut cells = [opening(), exercise("hilos-01")].concat();
    cells[2] = Cell::new("hilos-01", "enunciado", extra, "Suma.");
    load(&cells).map_err(|error| error.to_string())
}

fn has_all(error: &str, wanted: &[&str]) {
    for piece in wanted {
        assert!(error.contains(piece), "no dice «{piece}»: {error}");
    }
}

#[test]
fn se_lee_todo_lo_que_dice_cada_celda() {
    let catalog = load(&book()).unwrap();
    let [book] = catalog.books() else {
        panic!("{:?}", catalog.books());
    };
    assert_eq!(
        (book.name.as_str(), book.title.as_str()),
        ("1_hilos", "Hilos y procesos")
    );
    assert!(book.path.ends_with("curso/ejercicios/1_hilos.ipynb"));
    assert_eq!(
        book.setup,
        [":dep x = { path = \"../x\" }\nuse x::prelude::*;"]
    );
    let names: Vec<_> = catalog.exercises().map(|e| e.name.as_str()).collect();
    assert_eq!(names, ["hilos-01", "hilos-02"]);

    let one = catalog.get("hilos-01").unwrap();
    assert_eq!(
        (one.title.as_str(), one.minutes, one.difficulty),
        ("Sumar", 10, 2)
    );
    assert_eq!((one.kind, one.project), (Kind::Complete, false));
    assert_eq!((&one.error, &one.fails), (&None, &None));
    assert_eq!(one.units, ["L1-03", "L1-06"]);
    assert_eq!(one.statement, "### Sumar\n\nSuma.");
    assert_eq!(one.given, ["use std::thread;\n"]);
    assert_eq!(one.start, "fn suma() {\n    sin_hacer!()\n}");
    assert_eq!(one.check, "comprobar!(\"hilos-01\", suma)");
    assert_eq!(one.hints, ["Mira `join`.", "Con `join`."]);
    assert_eq!(one.solution, "fn suma() { /* bien */ }");
    assert_eq!(one.reason, "Porque sí.");
    assert_eq!(one.book, "1_hilos");
    let [wrong] = &one.wrong[..] else {
        panic!("{:?}", one.wrong);
    };
    assert_eq!(
        (wrong.disguise.as_str(), wrong.fails.as_str()),
        ("en serie", "a la vez")
    );
    assert_eq!(
        (wrong.how, wrong.code.as_str()),
        (How::TimesOut, "fn suma() { /* mal */ }")
    );
}

#[test]
fn se_leen_los_campos_de_cada_clase_de_ejercicio() {
    let statement = |class: &str, extra: &str| {
        let fields = STATEMENT.replace("completar", class) + extra;
        let catalog = with_statement(&fields).unwrap();
        catalog.get("hilos-01").unwrap().clone()
    };
    let broken = statement("no compila", ", \"error\": \"E0373\"");
    assert_eq!(
        (broken.kind, broken.error.as_deref()),
        (Kind::DoesNotCompile, Some("E0373"))
    );
    let failing = statement("falla", ", \"suspende\": \"con mil\"");
    assert_eq!(
        (failing.kind, failing.fails.as_deref()),
        (Kind::Fails, Some("con mil"))
    );
    let project = statement("diseñar", ", \"proyecto\": true");
    assert_eq!((project.kind, project.project), (Kind::Design, true));
}

#[test]
fn los_libros_van_por_el_nombre_del_archivo_y_lo_que_no_es_un_cuaderno_no_cuenta() {
    let root = project(&[
        (
            "2_paralelismo.ipynb",
            notebook(&[opening(), exercise("paralelo-01")].concat()),
        ),
        ("1_hilos.ipynb", notebook(&book())),
        (".1_hilos.ipynb", "a medio guardar".to_owned()),
        ("LÉEME.md", "no es un cuaderno".to_owned()),
    ]);
    fs::create_dir(root.path().join("curso/ejercicios/.ipynb_checkpoints")).unwrap();
    let catalog = Catalog::load(root.path()).unwrap();
    let names: Vec<_> = catalog
        .books()
        .iter()
        .map(|book| book.name.as_str())
        .collect();
    assert_eq!(names, ["1_hilos", "2_paralelismo"]);
    assert_eq!(catalog.exercises().count(), 3);
}

#[test]
fn sin_carpeta_es_un_error_que_la_nombra_y_con_la_carpeta_vacia_no_hay_ejercicios() {
    let root = tempfile::tempdir().unwrap();
    let error = Catalog::load(root.path()).unwrap_err();
    assert_eq!(
        error.path(),
        Some(root.path().join("curso/ejercicios").as_path())
    );
    assert!(error.source().is_some());
    has_all(&error.to_string(), &["no existe", "git checkout"]);

    fs::create_dir_all(root.path().join("curso/ejercicios")).unwrap();
    let catalog = Catalog::load(root.path()).unwrap();
    assert!(catalog.books().is_empty());
    let error = catalog.get("hilos-01").unwrap_err().to_string();
    has_all(&error, &["«hilos-01»", "no hay ninguno"]);
}

#[test]
fn un_nombre_mal_escrito_sugiere_el_bueno_y_dice_cuales_hay() {
    let names = ["hilos-01", "hilos-02", "hilos-03", "hilos-04"];
    let many: Vec<Cell> = names.iter().flat_map(|name| exercise(name)).collect();
    let root = project(&[
        ("1_hilos.ipynb", notebook(&[opening(), many].concat())),
        (
            "2_general.ipynb",
            notebook(&[opening(), exercise("general-01")].concat()),
        ),
    ]);
    let catalog = Catalog::load(root.path()).unwrap();
    let error = catalog.get("hilo-3").unwrap_err().to_string();
    has_all(
        &error,
        &[
            "«hilo-3»",
            "¿querías decir «hilos-03»?",
            "de hilos-01 a hilos-04; general-01",
        ],
    );
    let error = catalog.get("otra cosa").unwrap_err().to_string();
    assert!(!error.contains("querías decir"), "{error}");
}

#[test]
fn un_error_dice_el_archivo_la_celda_y_el_ejercicio() {
    let mut cells = book();
    cells.last_mut().unwrap().fields =
        Some("{\"nombre\": \"hilos-02\", \"papel\": \"trampa\"}".to_owned());
    let error = load(&cells).unwrap_err();
    assert_eq!(
        error.path().unwrap().file_name(),
        Path::new("1_hilos.ipynb").file_name()
    );
    assert_eq!(
        (error.cell(), error.exercise()),
        (Some(20), Some("hilos-02"))
    );
    has_all(
        &error.to_string(),
        &[
            "1_hilos.ipynb», celda 20, ejercicio «hilos-02»: no hay ningún papel «trampa»",
            "solucion, porque, mala",
        ],
    );
}

#[test]
fn la_celda_de_un_ejercicio_dice_de_cual_es_y_su_papel() {
    let with = |fields: &str| error_after(|cells| cells[3].fields = Some(fields.to_owned()));
    has_all(&with("3"), &["celda 4", "no es un objeto"]);
    has_all(
        &with("{\"papel\": \"dado\"}"),
        &["celda 4", "no dice de qué ejercicio"],
    );
    has_all(
        &with("{\"nombre\": \"hilos-01\"}"),
        &["no dice su papel", "enunciado, dado"],
    );
    for name in ["", "Hilos-01", "../hilos", "hilos 01", "año-1", "-x"] {
        let error = with(&format!("{{\"nombre\": \"{name}\", \"papel\": \"dado\"}}"));
        has_all(&error, &["celda 4", "el nombre no vale", "minúsculas"]);
    }
    let extra = with("{\"nombre\": \"hilos-01\", \"papel\": \"dado\", \"minutos\": 3}");
    has_all(&extra, &["sobra el campo «minutos»", "no lleva más campos"]);
}

#[test]
fn a_un_ejercicio_no_le_puede_faltar_ninguna_celda() {
    for role in [
        "partida",
        "comprobar",
        "pista",
        "solucion",
        "porque",
        "mala",
    ] {
        let error = error_after(|cells| {
            cells.retain(|cell| {
                let fields = cell.fields.as_deref().unwrap_or_default();
                // Sin partida no puede haber comprobación.
                let after_it = role == "partida" && fields.contains("\"comprobar\"");
                !after_it && !fields.contains(&format!("\"{role}\""))
            });
        });
        has_all(
            &error,
            &[
                "celda 3, ejercicio «hilos-01»",
                &format!("le falta la celda «{role}»"),
            ],
        );
    }
    let error = error_after(|cells| drop(cells.remove(2)));
    has_all(&error, &["empieza por una celda «dado»", "«enunciado»"]);
}

#[test]
fn lo_que_va_una_vez_no_puede_ir_dos() {
    for (index, role) in [
        (2, "enunciado"),
        (4, "partida"),
        (5, "comprobar"),
        (8, "solucion"),
        (9, "porque"),
    ] {
        let error = error_after(|cells| {
            let again = cells[index].clone();
            cells.insert(index + 1, again);
        });
        has_all(
            &error,
            &[
                &format!("celda {}", index + 2),
                &format!("hay dos celdas «{role}»"),
            ],
        );
    }
}

#[test]
fn las_celdas_van_en_su_orden_y_son_de_su_clase() {
    has_all(
        &error_after(|cells| cells.swap(4, 5)),
        &["«comprobar» está delante"],
    );
    has_all(
        &error_after(|cells| cells.swap(3, 4)),
        &["«dado» detrás de la «partida»"],
    );
    has_all(
        &error_after(|cells| cells[6].class = "code"),
        &["«pista» es de código", "Markdown"],
    );
    has_all(
        &error_after(|cells| cells[8].class = "markdown"),
        &["«solucion» es de Markdown", "código"],
    );
    for (index, role) in [
        (2, "enunciado"),
        (3, "dado"),
        (6, "pista"),
        (8, "solucion"),
        (10, "mala"),
    ] {
        let error = error_after(|cells| cells[index].source = " \n".to_owned());
        has_all(
            &error,
            &[
                &format!("celda {}", index + 1),
                &format!("«{role}» está vacía"),
            ],
        );
    }
}

#[test]
fn comprobar_otro_ejercicio_es_un_error() {
    let error = error_after(|cells| cells[5].source = "comprobar!(\"hilos-02\", suma)".to_owned());
    has_all(
        &error,
        &["no comprueba este ejercicio", "comprobar!(\"hilos-01\", …)"],
    );
}

#[test]
fn un_nombre_no_se_repite_ni_en_su_cuaderno_ni_en_otro() {
    let twice = [
        opening(),
        exercise("hilos-01"),
        exercise("hilos-02"),
        exercise("hilos-01"),
    ]
    .concat();
    let error = load(&twice).unwrap_err().to_string();
    has_all(
        &error,
        &["celda 21", "se repite", "1_hilos.ipynb», celda 3"],
    );

    // Con una celda de nadie en medio, lo que sigue es otro ejercicio con el mismo nombre.
    let mut split = [opening(), exercise("hilos-01")].concat();
    split.push(Cell::plain("markdown", "Descansa."));
    split.push(Cell::new("hilos-01", "pista", "", "Otra."));
    has_all(
        &load(&split).unwrap_err().to_string(),
        &["se repite", "pon sus celdas seguidas"],
    );

    let root = project(&[
        (
            "1_hilos.ipynb",
            notebook(&[opening(), exercise("hilos-01")].concat()),
        ),
        (
            "2_mas.ipynb",
            notebook(&[opening(), exercise("hilos-01")].concat()),
        ),
    ]);
    let error = Catalog::load(root.path()).unwrap_err().to_string();
    has_all(
        &error,
        &[
            "2_mas.ipynb», celda 3",
            "ya está en «",
            "1_hilos.ipynb», celda 3",
        ],
    );
}

#[test]
fn el_enunciado_dice_todo_lo_suyo_y_como_debe() {
    for (field, bad) in [
        ("titulo", "\"titulo\": \" \""),
        ("minutos", "\"minutos\": 0"),
        ("minutos", "\"minutos\": 2.5"),
        ("minutos", "\"minutos\": \"10\""),
        ("dificultad", "\"dificultad\": 4"),
        ("dificultad", "\"dificultad\": -1"),
        ("clase", "\"clase\": \"inventar\""),
        ("unidades", "\"unidades\": []"),
        ("unidades", "\"unidades\": [3]"),
        ("proyecto", "\"proyecto\": \"sí\""),
    ] {
        // De una clave repetida vale la última.
        let error = with_statement(&format!("{STATEMENT}, {bad}")).unwrap_err();
        has_all(
            &error,
            &[
                "celda 3, ejercicio «hilos-01»",
                &format!("el campo «{field}» no vale"),
            ],
        );
    }
    let fields = [
        "\"titulo\": \"Sumar\"",
        "\"minutos\": 10",
        "\"dificultad\": 2",
        "\"clase\": \"completar\"",
        "\"unidades\": [\"L1-03\"]",
    ];
    for (missing, name) in ["titulo", "minutos", "dificultad", "clase", "unidades"]
        .into_iter()
        .enumerate()
    {
        let rest: Vec<&str> = (0..fields.len())
            .filter(|&i| i != missing)
            .map(|i| fields[i])
            .collect();
        let error = with_statement(&rest.join(", ")).unwrap_err();
        has_all(&error, &["celda 3", &format!("falta el campo «{name}»")]);
    }
    let error = with_statement(&format!("{STATEMENT}, \"minuto\": 3")).unwrap_err();
    has_all(&error, &["sobra el campo «minuto»", "minutos, dificultad"]);
}

#[test]
fn el_error_y_el_caso_que_falla_los_llevan_las_clases_que_los_tienen() {
    let of_class = |class: &str, extra: &str| {
        with_statement(&format!("{}{extra}", STATEMENT.replace("completar", class)))
    };
    for (class, extra, wanted) in [
        ("completar", ", \"error\": \"E0373\"", "«error» no casa"),
        ("no compila", "", "«error» no casa"),
        ("no compila", ", \"error\": \"373\"", "«error» no vale"),
        ("falla", "", "«suspende» no casa"),
        ("completar", ", \"suspende\": \"x\"", "«suspende» no casa"),
        ("falla", ", \"suspende\": \"\"", "«suspende» no vale"),
    ] {
        has_all(&of_class(class, extra).unwrap_err(), &["celda 3", wanted]);
    }
}

#[test]
fn una_mala_dice_su_disfraz_el_caso_que_no_pasa_y_como() {
    let with = |extra: &str| {
        let mut cells = [opening(), exercise("hilos-01")].concat();
        cells[10] = Cell::new("hilos-01", "mala", extra, "fn suma() {}");
        load(&cells).map_err(|error| error.to_string())
    };
    for (extra, wanted) in [
        (
            "\"suspende\": \"a\", \"como\": \"falla\"",
            "falta el campo «disfraz»",
        ),
        (
            "\"disfraz\": \"a\", \"como\": \"falla\"",
            "falta el campo «suspende»",
        ),
        (
            "\"disfraz\": \"a\", \"suspende\": \"a\"",
            "falta el campo «como»",
        ),
        (
            "\"disfraz\": \"a\", \"suspende\": \"a\", \"como\": \"mal\"",
            "«falla», «pánico», «plazo», «no compila»",
        ),
    ] {
        has_all(&with(extra).unwrap_err(), &["celda 11", wanted]);
    }
    let good =
        with("\"disfraz\": \"a\", \"suspende\": \"E0382\", \"como\": \"no compila\"").unwrap();
    let wrong = &good.get("hilos-01").unwrap().wrong[0];
    assert_eq!(
        (wrong.how, wrong.fails.as_str()),
        (How::DoesNotCompile, "E0382")
    );
}

#[test]
fn un_cuaderno_roto_dice_en_que_linea_y_no_se_queda_esperando() {
    let whole = notebook(&book());
    for end in [1, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
        let end = (end..).find(|&end| whole.is_char_boundary(end)).unwrap();
        let root = project(&[("1_hilos.ipynb", whole[..end].to_owned())]);
        let error = Catalog::load(root.path()).unwrap_err().to_string();
        has_all(
            &error,
            &["1_hilos.ipynb", "no es JSON (línea 1", "git checkout"],
        );
    }
    let root = project(&[("1_hilos.ipynb", format!("{{\n <<<<<<< HEAD\n{whole}"))]);
    let error = Catalog::load(root.path()).unwrap_err().to_string();
    has_all(&error, &["no es JSON (línea 2"]);
    let root = project(&[("1_hilos.ipynb", "{\"nbformat\": 3}".to_owned())]);
    has_all(
        &Catalog::load(root.path()).unwrap_err().to_string(),
        &["formato 4"],
    );
}

#[test]
fn un_cuaderno_sin_titulo_o_que_no_es_texto_se_dice() {
    let mut cells = book();
    cells[0].source = "Hilos".to_owned();
    has_all(
        &load(&cells).unwrap_err().to_string(),
        &["no tiene título", "# Título"],
    );
    let root = project(&[]);
    fs::write(root.path().join("curso/ejercicios/x.ipynb"), [0xff, 0xfe]).unwrap();
    let error = Catalog::load(root.path()).unwrap_err().to_string();
    has_all(&error, &["x.ipynb", "no es texto UTF-8"]);
}
