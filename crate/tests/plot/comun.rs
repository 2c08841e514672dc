//! Leer una figura como la vería quien la mira: textos con su caja, colores, identificadores.

use std::time::Duration;

use concurrencia::{Figure, Measurement};
use roxmltree::{Document, Node};

pub(crate) fn medicion(nombre: impl Into<String>, micros: &[u64]) -> Measurement {
    Measurement::from_samples(nombre, micros.iter().copied().map(Duration::from_micros))
        .with_cores(2)
}

/// Lo que se lee en la figura, en el orden en que está escrito.
pub(crate) fn textos(figura: &Figure) -> Vec<String> {
    let documento = Document::parse(figura.svg()).unwrap();
    etiquetas(&documento, "text")
        .map(|nodo| nodo.text().unwrap_or_default().to_owned())
        .collect()
}

pub(crate) fn etiquetas<'a>(
    documento: &'a Document<'_>,
    nombre: &'a str,
) -> impl Iterator<Item = Node<'a, 'a>> {
    documento
        .descendants()
        .filter(move |nodo| nodo.tag_name().name() == nombre)
}

pub(crate) fn numero(nodo: &Node<'_, '_>, atributo: &str) -> f64 {
    nodo.attribute(atributo).unwrap().parse().unwrap()
}

/// Por dónde pasa una línea quebrada.
pub(crate) fn puntos(linea: &Node<'_, '_>) -> Vec<(f64, f64)> {
    let puntos = linea.attribute("points").unwrap().split(' ');
    puntos
        .map(|punto| punto.split_once(',').unwrap())
        .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
        .collect()
}

pub(crate) fn identificadores(figura: &Figure) -> Vec<String> {
    let documento = Document::parse(figura.svg()).unwrap();
    let ids = documento
        .descendants()
        .filter_map(|nodo| nodo.attribute("id"));
    ids.map(str::to_owned).collect()
}

/// Una caja en el papel: izquierda, arriba, derecha y abajo.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Caja {
    izquierda: f64,
    arriba: f64,
    derecha: f64,
    abajo: f64,
}

impl Caja {
    fn dentro_de(self, otra: Caja) -> bool {
        self.izquierda >= otra.izquierda
            && self.derecha <= otra.derecha
            && self.arriba >= otra.arriba
            && self.abajo <= otra.abajo
    }

    fn pisa(self, otra: Caja) -> bool {
        self.izquierda < otra.derecha
            && otra.izquierda < self.derecha
            && self.arriba < otra.abajo
            && otra.arriba < self.abajo
    }
}

/// De un `<svg>` de dentro al papel: escala y origen.
#[derive(Clone, Copy)]
struct Sitio {
    escala: f64,
    x: f64,
    y: f64,
}

impl Sitio {
    fn de(nodo: &Node<'_, '_>) -> Sitio {
        let mut sitio = Sitio {
            escala: 1.0,
            x: 0.0,
            y: 0.0,
        };
        for dentro in nodo
            .ancestors()
            .skip(1)
            .filter(|nodo| nodo.has_attribute("x"))
        {
            let vista: Vec<f64> = dentro
                .attribute("viewBox")
                .unwrap()
                .split(' ')
                .map(|n| n.parse().unwrap())
                .collect();
            let escala =
                (numero(&dentro, "width") / vista[2]).min(numero(&dentro, "height") / vista[3]);
            // Lo que sobra se reparte a los dos lados.
            let aire =
                |atributo: &str, i: usize| (numero(&dentro, atributo) - vista[i] * escala) / 2.0;
            sitio = Sitio {
                escala: sitio.escala * escala,
                x: numero(&dentro, "x") + aire("width", 2) + sitio.x * escala,
                y: numero(&dentro, "y") + aire("height", 3) + sitio.y * escala,
            };
        }
        sitio
    }

    fn caja(self, izquierda: f64, arriba: f64, derecha: f64, abajo: f64) -> Caja {
        Caja {
            izquierda: self.x + izquierda * self.escala,
            arriba: self.y + arriba * self.escala,
            derecha: self.x + derecha * self.escala,
            abajo: self.y + abajo * self.escala,
        }
    }
}

/// Lo que avanza cada carácter en DejaVu Sans, la letra corriente más ancha, como fracción del cuerpo.
fn avance(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'í' => 0.28,
        '\u{202f}' => 0.2,
        ' ' | '\u{a0}' | '.' | ',' | 'I' => 0.32,
        ':' | ';' | 'f' => 0.35,
        '(' | ')' | 't' | 'r' => 0.41,
        's' | '–' | '«' | '»' | 'z' => 0.53,
        'm' | 'M' | '%' | 'W' | '…' => 1.0,
        'w' | '×' | '<' | '>' | '=' => 0.84,
        c if c.is_lowercase() || c.is_ascii_digit() => 0.64,
        c if c < '\u{1100}' => 0.78,
        _ => 1.0,
    }
}

/// La caja de cada texto. La negrita es un 13 % más ancha.
fn cajas_de_texto(documento: &Document<'_>) -> Vec<(String, Caja)> {
    etiquetas(documento, "text")
        .map(|nodo| {
            let texto = nodo.text().unwrap_or_default().to_owned();
            let cuerpo = numero(&nodo, "font-size");
            let negrita = if nodo.has_attribute("font-weight") {
                1.13
            } else {
                1.0
            };
            let ancho = texto.chars().map(avance).sum::<f64>() * cuerpo * negrita;
            let (x, y) = (numero(&nodo, "x"), numero(&nodo, "y"));
            let desde = match nodo.attribute("text-anchor").unwrap() {
                "start" => x,
                "end" => x - ancho,
                _ => x - ancho / 2.0,
            };
            let caja =
                Sitio::de(&nodo).caja(desde, y - cuerpo / 2.0, desde + ancho, y + cuerpo / 2.0);
            (texto, caja)
        })
        .collect()
}

/// La caja de cada rectángulo, disco y línea.
fn cajas_de_trazos(documento: &Document<'_>) -> Vec<Caja> {
    let rectangulos = etiquetas(documento, "rect").map(|nodo| {
        let [x, y, ancho, alto] = ["x", "y", "width", "height"].map(|a| numero(&nodo, a));
        assert!(ancho >= 0.0 && alto > 0.0, "{nodo:?}");
        Sitio::de(&nodo).caja(x, y, x + ancho, y + alto)
    });
    let fuera_de_tramas = |nodo: &Node<'_, '_>| {
        !nodo
            .ancestors()
            .any(|n| n.has_tag_name(("http://www.w3.org/2000/svg", "pattern")))
    };
    let discos = etiquetas(documento, "circle")
        .filter(fuera_de_tramas)
        .map(|nodo| {
            let [x, y, r] = ["cx", "cy", "r"].map(|a| numero(&nodo, a));
            Sitio::de(&nodo).caja(x - r, y - r, x + r, y + r)
        });
    let lineas = etiquetas(documento, "polyline").map(|nodo| {
        let puntos = puntos(&nodo);
        let x = |mejor: fn(f64, f64) -> f64| puntos.iter().map(|p| p.0).reduce(mejor).unwrap();
        let y = |mejor: fn(f64, f64) -> f64| puntos.iter().map(|p| p.1).reduce(mejor).unwrap();
        Sitio::de(&nodo).caja(x(f64::min), y(f64::min), x(f64::max), y(f64::max))
    });
    rectangulos.chain(discos).chain(lineas).collect()
}

/// Nada se sale del papel y ningún texto pisa a otro.
pub(crate) fn comprueba_que_cabe(figura: &Figure) {
    let documento = Document::parse(figura.svg()).unwrap();
    let raiz = documento.root_element();
    let papel = Caja {
        izquierda: 0.0,
        arriba: 0.0,
        derecha: numero(&raiz, "width"),
        abajo: numero(&raiz, "height"),
    };
    let textos = cajas_de_texto(&documento);
    for (i, (texto, caja)) in textos.iter().enumerate() {
        assert!(
            caja.dentro_de(papel),
            "«{texto}» se sale: {caja:?} de {papel:?}"
        );
        for (otro, su_caja) in &textos[..i] {
            assert!(
                !caja.pisa(*su_caja),
                "«{texto}» {caja:?} pisa «{otro}» {su_caja:?}"
            );
        }
    }
    for caja in cajas_de_trazos(&documento) {
        assert!(caja.dentro_de(papel), "algo se sale: {caja:?} de {papel:?}");
    }
}
