//! El programa, como se usa: por la entrada y la salida o con archivos.

use resvg::tiny_skia::Pixmap;
use std::ffi::OsStr;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

fn programa() -> Command {
    Command::new(env!("CARGO_BIN_EXE_concurrencia-png"))
}

/// Lo que hace el programa con esos argumentos y esa entrada.
fn ejecuta<A: AsRef<OsStr>>(argumentos: &[A], entrada: &str) -> Output {
    let mut hijo = programa()
        .args(argumentos)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Escribe en cuanto ha leído, no antes: no hace falta recoger la salida a la vez.
    let _ = hijo.stdin.take().unwrap().write_all(entrada.as_bytes());
    hijo.wait_with_output().unwrap()
}

fn convierte(svg: &str) -> Vec<u8> {
    let salida = ejecuta::<&str>(&[], svg);
    assert!(salida.status.success(), "{}", dicho(&salida));
    salida.stdout
}

fn dicho(salida: &Output) -> String {
    String::from_utf8(salida.stderr.clone()).unwrap()
}

/// Exige que no convierta, que diga todas estas cosas y que no haya escrito nada.
fn falla_diciendo(salida: &Output, cosas: &[&str]) {
    let dicho = dicho(salida);
    assert!(!salida.status.success(), "debía fallar: {dicho}");
    for cosa in cosas {
        assert!(dicho.contains(cosa), "no dice «{cosa}»: {dicho}");
    }
    assert!(salida.stdout.is_empty(), "hay una salida a medias");
}

/// Un dibujo de 80 × 40 con `dentro` sobre fondo blanco.
fn dibujo(dentro: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"80\" height=\"40\" viewBox=\"0 0 80 40\">\
         <rect width=\"80\" height=\"40\" fill=\"#FFFFFF\"/>{dentro}</svg>"
    )
}

fn rotulo(texto: &str, atributos: &str) -> String {
    dibujo(&format!(
        "<text x=\"4\" y=\"30\" font-family=\"sans-serif\" font-size=\"24\" {atributos}>{texto}</text>"
    ))
}

/// Los píxeles oscuros de un PNG, con sus coordenadas.
fn oscuros(png: &[u8]) -> Vec<(u32, u32)> {
    let imagen = Pixmap::decode_png(png).unwrap();
    let todos = (0..imagen.height()).flat_map(|y| (0..imagen.width()).map(move |x| (x, y)));
    todos
        .filter(|&(x, y)| imagen.pixel(x, y).is_some_and(|p| p.red() < 100))
        .collect()
}

fn de_texto(texto: &str) -> Vec<(u32, u32)> {
    oscuros(&convierte(&rotulo(texto, "")))
}

fn arriba_del_todo(pixeles: &[(u32, u32)]) -> u32 {
    pixeles.iter().map(|(_, y)| *y).min().unwrap()
}

struct Carpeta(PathBuf);

impl Carpeta {
    fn nueva(nombre: &str) -> Carpeta {
        let ruta = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("{nombre}-{}", std::process::id()));
        std::fs::create_dir(&ruta).unwrap();
        Carpeta(ruta)
    }

    fn contenido(&self) -> Vec<String> {
        let dentro = std::fs::read_dir(&self.0).unwrap();
        let mut nombres: Vec<String> = dentro
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        nombres.sort();
        nombres
    }
}

impl Drop for Carpeta {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn da_un_png_del_doble_de_tamano() {
    let png = convierte(&dibujo(""));
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
    assert!(
        png.ends_with(b"IEND\xae\x42\x60\x82"),
        "entero, hasta el final"
    );
    let imagen = Pixmap::decode_png(&png).unwrap();
    assert_eq!((imagen.width(), imagen.height()), (160, 80));
}

#[test]
fn la_escala_cambia_el_tamano_y_no_la_forma() {
    for (escala, ancho, alto) in [
        ("1", 80, 40),
        ("3", 240, 120),
        ("0.5", 40, 20),
        ("1,01", 81, 41),
    ] {
        let salida = ejecuta(
            &["--escala", escala],
            &dibujo("<rect width=\"40\" height=\"40\"/>"),
        );
        let imagen = Pixmap::decode_png(&salida.stdout).unwrap();
        assert_eq!((imagen.width(), imagen.height()), (ancho, alto));
        let rojo = |x: u32| imagen.pixel(x, alto / 2).unwrap().red();
        assert_eq!(
            (rojo(ancho / 4), rojo(3 * ancho / 4)),
            (0, 255),
            "media negra y media blanca"
        );
    }
}

#[test]
fn con_archivos_escribe_lo_mismo_que_por_la_salida() {
    let carpeta = Carpeta::nueva("archivos");
    let (entrada, salida) = (carpeta.0.join("una figura.svg"), carpeta.0.join("año.png"));
    std::fs::write(&entrada, rotulo("hola", "")).unwrap();
    std::fs::write(&salida, "lo de antes").unwrap();
    let hecho = ejecuta(&[&entrada, &salida], "");
    assert!(
        hecho.status.success() && hecho.stdout.is_empty(),
        "{}",
        dicho(&hecho)
    );
    assert!(std::fs::read(&salida).unwrap() == convierte(&rotulo("hola", "")));
    assert_eq!(carpeta.contenido(), ["año.png", "una figura.svg"]);
}

#[test]
fn las_letras_se_ven_tambien_con_acentos() {
    let nada = oscuros(&convierte(&dibujo("")));
    assert!(nada.is_empty());
    for (sin, con) in [
        ("a", "á"),
        ("e", "é"),
        ("o", "ó"),
        ("u", "ü"),
        ("n", "ñ"),
        ("A", "Á"),
        ("N", "Ñ"),
    ] {
        let (sin, con_acento) = (de_texto(sin), de_texto(con));
        assert!(sin.len() > 100, "no hay letra: {} píxeles", sin.len());
        assert!(
            arriba_del_todo(&con_acento) < arriba_del_todo(&sin),
            "a «{con}» le falta el acento"
        );
    }
}

#[test]
fn la_letra_tiene_los_signos_de_las_figuras() {
    // Un carácter que la letra no tiene se dibuja como un recuadro, siempre el mismo, o no se dibuja.
    let sin_dibujo = de_texto("\u{e123}");
    for signo in "¿¡«»·×±≤≥…–—→µ%€▏█".chars() {
        let suyo = de_texto(&signo.to_string());
        assert!(!suyo.is_empty() && suyo != sin_dibujo, "no se ve «{signo}»");
    }
}

#[test]
fn la_negrita_es_mas_gruesa() {
    let negrita = oscuros(&convierte(&rotulo("hilos", "font-weight=\"bold\"")));
    assert!(negrita.len() as f64 > de_texto("hilos").len() as f64 * 1.2);
}

#[test]
fn cualquier_familia_de_letra_es_la_del_programa() {
    let esperado = convierte(&rotulo("hilos", ""));
    for familia in ["serif", "monospace", "Arial", "Una Que No Existe, cursive"] {
        let svg = rotulo("hilos", "").replace("sans-serif", familia);
        assert!(convierte(&svg) == esperado, "con {familia} sale otra");
    }
    assert!(convierte(&rotulo("hilos", "").replace("font-family=\"sans-serif\"", "")) == esperado);
}

#[test]
fn para_lo_mismo_da_los_mismos_bytes_haya_lo_que_haya_en_la_maquina() {
    let svg = rotulo("acción", "font-weight=\"bold\"");
    let (carpeta, esperado) = (Carpeta::nueva("maquina"), convierte(&svg));
    let (entrada, salida) = (carpeta.0.join("a.svg"), carpeta.0.join("a.png"));
    std::fs::write(&entrada, &svg).unwrap();
    // Sin HOME, sin idioma y sin configuración de letras.
    let hecho = programa()
        .env_clear()
        .args([&entrada, &salida])
        .status()
        .unwrap();
    assert!(hecho.success());
    assert!(std::fs::read(&salida).unwrap() == esperado);
}

#[test]
fn un_svg_roto_dice_que_le_pasa_y_donde() {
    let con_cabecera = |resto: &str| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\">\n{resto}")
    };
    let casos: &[(String, &[&str])] = &[
        (String::new(), &["no hay ningún elemento"]),
        (con_cabecera("<g>"), &["se acaba antes de tiempo"]),
        (
            con_cabecera("<g></a></svg>"),
            &["línea 2, columna 4", "se abre «g» y se cierra «a»"],
        ),
        (
            con_cabecera("<text>a & b</text></svg>"),
            &["línea 2", "«&» suelto"],
        ),
        (
            con_cabecera("<text>&nada;</text></svg>"),
            &["línea 2", "«&nada;»"],
        ),
        (
            con_cabecera("<a x='1' x='2'/></svg>"),
            &["línea 2", "«x» está dos veces"],
        ),
        (con_cabecera("<x:a/></svg>"), &["línea 2", "«x»"]),
        (
            con_cabecera("\n\n<a b=\"<\"/></svg>"),
            &["línea 4", "hay «<»"],
        ),
        (
            con_cabecera("<text>\u{1}</text></svg>"),
            &["línea 2", "carácter"],
        ),
        (
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"0\" height=\"9\"/>".to_owned(),
            &["no tiene tamaño"],
        ),
        ("hola".to_owned(), &["línea 1"]),
    ];
    for (svg, cosas) in casos {
        let salida = ejecuta::<&str>(&[], svg);
        falla_diciendo(&salida, &["el SVG no es válido: "]);
        falla_diciendo(&salida, cosas);
    }
}

#[test]
fn con_un_svg_cortado_no_hay_salida_a_medias_ni_se_pierde_la_que_hubiera() {
    let carpeta = Carpeta::nueva("cortado");
    let (entrada, salida) = (carpeta.0.join("a.svg"), carpeta.0.join("a.png"));
    let svg = rotulo("hola", "");
    std::fs::write(&entrada, &svg[..svg.len() - 9]).unwrap();
    falla_diciendo(
        &ejecuta(&[&entrada, &salida], ""),
        &["se acaba antes de tiempo"],
    );
    assert_eq!(carpeta.contenido(), ["a.svg"]);
    std::fs::write(&salida, "lo de antes").unwrap();
    falla_diciendo(
        &ejecuta(&[&entrada, &salida], ""),
        &["se acaba antes de tiempo"],
    );
    assert_eq!(std::fs::read_to_string(&salida).unwrap(), "lo de antes");
}

#[test]
fn los_archivos_que_no_se_pueden_leer_o_escribir_se_dicen() {
    let carpeta = Carpeta::nueva("fallos");
    let (entrada, salida) = (carpeta.0.join("a.svg"), carpeta.0.join("no/existe/a.png"));
    falla_diciendo(
        &ejecuta(&[&entrada, &salida], ""),
        &["no se puede leer", "a.svg»"],
    );
    std::fs::write(&entrada, dibujo("")).unwrap();
    falla_diciendo(
        &ejecuta(&[&entrada, &salida], ""),
        &["no se puede escribir", "no/existe/a.png»"],
    );
    assert_eq!(carpeta.contenido(), ["a.svg"]);
}

#[test]
fn una_imagen_que_no_cabe_en_la_memoria_se_rechaza() {
    let enorme = dibujo("").replacen("width=\"80\"", "width=\"8000000\"", 1);
    falla_diciendo(
        &ejecuta::<&str>(&[], &enorme),
        &["demasiados", "menos escala"],
    );
    falla_diciendo(
        &ejecuta(&["--escala", "1e30"], &dibujo("")),
        &["demasiados"],
    );
}

#[test]
fn la_ayuda_dice_como_se_usa_y_un_argumento_malo_remite_a_ella() {
    let ayuda = ejecuta(&["--ayuda"], "");
    assert!(ayuda.status.success());
    let texto = String::from_utf8(ayuda.stdout).unwrap();
    assert!(
        texto.contains("Uso: concurrencia-png") && texto.contains("--escala"),
        "{texto}"
    );
    falla_diciendo(&ejecuta(&["--calidad"], ""), &["«--calidad»", "--ayuda"]);
}
