//! `Diagram`: cajas y flechas, para lo que no son tiempos.

use std::fmt;

use super::diagram_layout::Layout;
use super::figure::Figure;
use super::fill::{Fill, Texture};
use super::frame::{Body, Frame};
use super::legend::Key;
use super::palette::series;
use super::timeline::counted;
use crate::text::{one_line, shorten};

/// Un texto más largo se abrevia: no es un rótulo.
const LONGEST_LINE: usize = 120;
/// Las columnas y las filas que puede haber.
const LARGEST_CELL: usize = 24;

/// Un diagrama de cajas y flechas, con el marco de las demás figuras: para explicar cómo está hecho algo.
///
/// Las cajas van en una rejilla: cada una, en su columna y su fila, que empiezan en cero; en la casilla `(1, 0)`, a la
/// derecha de la `(0, 0)`. Las flechas van rectas o con un codo, y nunca por encima de una caja. Cada método devuelve el
/// diagrama con algo más; [`plot`](Diagram::plot) lo dibuja. Un texto con `\n` son varias líneas, y las largas se parten.
///
/// Las cajas se nombran para las flechas, los grupos y las clases; el nombre no se ve. Si uno no existe, o lo pedido no
/// se puede dibujar sin encimar nada, entra en pánico y dice qué cambiar.
///
/// # En Python
///
/// `graphviz.Digraph`, que coloca las cajas donde quiere.
///
/// # A pelo
///
/// Con [`plotters`](crate::plotters), rectángulo a rectángulo.
///
/// # Examples
///
/// ```
/// use concurrencia::Diagram;
///
/// let figura = Diagram::new()
///     .node("listas", "tareas listas", (0, 0))
///     .node("turno", "una ejecuta", (1, 0))
///     .node("espera", "las demás\nesperan", (1, 1))
///     .arrow("listas", "turno", "le toca")
///     .arrow("turno", "espera", "Pending")
///     .arrow("espera", "listas", "despierta")
///     .plot("Una tarea que espera deja el hilo a otra");
/// assert!(figura.text().contains("tareas listas → una ejecuta: le toca"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Diagram {
    pub(super) nodes: Vec<Node>,
    pub(super) arrows: Vec<Arrow>,
    pub(super) groups: Vec<Group>,
    classes: Vec<String>,
    note: String,
}

/// Una caja.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Node {
    name: String,
    pub(super) lines: Vec<String>,
    pub(super) column: usize,
    pub(super) row: usize,
    /// Las columnas que ocupa.
    pub(super) columns: usize,
    pub(super) class: Option<usize>,
}

/// Una flecha, de una caja a otra.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Arrow {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) label: String,
    /// Con punta en los dos extremos.
    pub(super) both: bool,
}

/// Un recuadro con título alrededor de unas cajas.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) title: String,
    pub(super) nodes: Vec<usize>,
}

impl Diagram {
    /// Uno vacío.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Diagram;
    ///
    /// assert_eq!(format!("{:?}", Diagram::new()), "Diagram(0 cajas, 0 flechas, 0 grupos)");
    /// ```
    #[must_use]
    pub fn new() -> Diagram {
        Diagram::default()
    }

    /// Añade una caja: su nombre, lo que pone dentro y su casilla, `(columna, fila)`.
    ///
    /// # Panics
    ///
    /// Si ya hay otra con ese nombre o en esa casilla, o si la casilla pasa de la columna o la fila 23.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Diagram;
    ///
    /// let figura = Diagram::new()
    ///     .node("hilo", "hilo\n(su pila)", (0, 0))
    ///     .plot("Cada hilo tiene su pila");
    /// assert!(figura.text().contains("hilo (su pila)"));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn node(
        mut self,
        name: impl Into<String>,
        text: impl Into<String>,
        (column, row): (usize, usize),
    ) -> Diagram {
        let name = name.into();
        assert!(
            self.nodes.iter().all(|node| node.name != name),
            "ya hay una caja que se llama «{name}»: dale otro nombre a esta"
        );
        assert!(
            column < LARGEST_CELL && row < LARGEST_CELL,
            "la casilla ({column}, {row}) de «{name}» queda muy lejos: como mucho hay {LARGEST_CELL} columnas y {LARGEST_CELL} filas"
        );
        let lines = text.into();
        let lines = lines.lines().map(short).collect::<Vec<_>>();
        self.nodes.push(Node {
            name,
            lines: if lines.is_empty() {
                vec![short("")]
            } else {
                lines
            },
            column,
            row,
            columns: 1,
            class: None,
        });
        self.check_cells(self.nodes.len() - 1);
        self
    }

    /// Ensancha una caja para que ocupe `columns` columnas, desde la suya hacia la derecha.
    ///
    /// # Panics
    ///
    /// Si no hay ninguna caja con ese nombre, o si en esas casillas hay otra.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Diagram;
    ///
    /// let figura = Diagram::new()
    ///     .node("hilo 1", "hilo 1", (0, 0))
    ///     .node("hilo 2", "hilo 2", (1, 0))
    ///     .node("memoria", "memoria común", (0, 1))
    ///     .wide("memoria", 2)
    ///     .both_ways("hilo 1", "memoria", "")
    ///     .both_ways("hilo 2", "memoria", "")
    ///     .plot("Los dos ven la misma memoria");
    /// assert!(figura.text().contains("hilo 1 ↔ memoria común"));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn wide(mut self, name: &str, columns: usize) -> Diagram {
        let node = self.find(name);
        let last = self.nodes[node].column.saturating_add(columns);
        assert!(
            columns > 0 && last <= LARGEST_CELL,
            "«{name}» no puede ocupar {columns} columnas desde la {}: al menos una, y sin pasar de {LARGEST_CELL}",
            self.nodes[node].column
        );
        self.nodes[node].columns = columns;
        self.check_cells(node);
        self
    }

    /// Da una clase a unas cajas: el mismo color y la misma trama, con su entrada en la leyenda si hay más de una clase.
    ///
    /// # Panics
    ///
    /// Si alguna caja no existe.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Diagram;
    ///
    /// let figura = Diagram::new()
    ///     .node("pila", "pila", (0, 0))
    ///     .node("datos", "datos", (1, 0))
    ///     .class("de cada hilo", ["pila"])
    ///     .class("de todos", ["datos"])
    ///     .plot("La pila no se comparte; los datos, sí");
    /// assert!(figura.text().contains("pila (de cada hilo)"));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn class<N: AsRef<str>>(
        mut self,
        label: impl Into<String>,
        names: impl IntoIterator<Item = N>,
    ) -> Diagram {
        let label = short(&label.into());
        let known = self.classes.iter().position(|known| *known == label);
        let class = known.unwrap_or_else(|| {
            self.classes.push(label);
            self.classes.len() - 1
        });
        // Sin clausura: el pánico diría este archivo, y no la línea de quien llama.
        for name in names {
            let node = self.find(name.as_ref());
            self.nodes[node].class = Some(class);
        }
        self
    }

    /// Añade una flecha de una caja a otra; si el rótulo está vacío, sin él.
    ///
    /// Entre las mismas dos cajas caben dos flechas, una de ida y otra de vuelta.
    ///
    /// # Panics
    ///
    /// Si alguna caja no existe, si es la misma o si entre las dos ya hay dos flechas.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Diagram;
    ///
    /// let figura = Diagram::new()
    ///     .node("productor", "productor", (0, 0))
    ///     .node("cola", "cola", (1, 0))
    ///     .arrow("productor", "cola", "put")
    ///     .plot("El productor no espera al consumidor");
    /// assert!(figura.text().contains("productor → cola: put"));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn arrow(self, from: &str, to: &str, label: impl Into<String>) -> Diagram {
        self.link(from, to, label.into(), false)
    }

    /// Añade una flecha con dos puntas: lo que va y viene.
    ///
    /// # Panics
    ///
    /// Como [`arrow`](Diagram::arrow).
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Diagram;
    ///
    /// let figura = Diagram::new()
    ///     .node("a", "proceso 1", (0, 0))
    ///     .node("b", "proceso 2", (1, 0))
    ///     .both_ways("a", "b", "tubería")
    ///     .plot("Dos procesos se hablan por una tubería");
    /// assert!(figura.text().contains("proceso 1 ↔ proceso 2: tubería"));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn both_ways(self, from: &str, to: &str, label: impl Into<String>) -> Diagram {
        self.link(from, to, label.into(), true)
    }

    #[track_caller]
    fn link(mut self, from: &str, to: &str, label: String, both: bool) -> Diagram {
        let (a, b) = (self.find(from), self.find(to));
        assert!(
            a != b,
            "la flecha de «{from}» a sí misma no se puede dibujar"
        );
        let between =
            |arrow: &&Arrow| (arrow.from, arrow.to) == (a, b) || (arrow.from, arrow.to) == (b, a);
        assert!(
            self.arrows.iter().filter(between).count() < 2,
            "entre «{from}» y «{to}» ya hay dos flechas: no caben más"
        );
        self.arrows.push(Arrow {
            from: a,
            to: b,
            label: if label.trim().is_empty() {
                String::new()
            } else {
                short(&label)
            },
            both,
        });
        self
    }

    /// Rodea unas cajas con un recuadro y le pone título. Un grupo puede ir dentro de otro.
    ///
    /// # Panics
    ///
    /// Si alguna caja no existe o no se da ninguna; y al dibujar, si el recuadro pisaría cajas que no son suyas.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Diagram;
    ///
    /// let figura = Diagram::new()
    ///     .node("hilo", "hilo principal", (0, 0))
    ///     .node("memoria", "su memoria", (0, 1))
    ///     .group("proceso 1", ["hilo", "memoria"])
    ///     .plot("Cada proceso tiene su memoria");
    /// assert!(figura.text().contains("proceso 1: hilo principal, su memoria"));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn group<N: AsRef<str>>(
        mut self,
        title: impl Into<String>,
        names: impl IntoIterator<Item = N>,
    ) -> Diagram {
        let title = short(&title.into());
        let mut nodes = Vec::new();
        for name in names {
            nodes.push(self.find(name.as_ref()));
        }
        assert!(
            !nodes.is_empty(),
            "el grupo «{title}» está vacío: di qué cajas rodea"
        );
        self.groups.push(Group { title, nodes });
        self
    }

    /// Pone una nota al pie.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Diagram;
    ///
    /// let figura = Diagram::new().node("a", "una", (0, 0)).note("Sin escala").plot("Una caja");
    /// assert!(figura.text().ends_with("Sin escala"));
    /// ```
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Diagram {
        self.note = one_line(&text.into());
        self
    }

    /// Lo dibuja. El título dice la conclusión.
    ///
    /// # Panics
    ///
    /// Si no hay ninguna caja, si una flecha tendría que pasar por encima de una caja o de otra flecha, o si un grupo pisaría
    /// cajas ajenas.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Diagram;
    ///
    /// let diagrama = Diagram::new().node("a", "lista", (0, 0)).node("b", "hecha", (1, 0));
    /// let figura = diagrama.arrow("a", "b", "").plot("De lista a hecha");
    /// assert!(figura.svg().starts_with("<svg"));
    /// ```
    #[track_caller]
    pub fn plot(&self, title: impl Into<String>) -> Figure {
        self.drawn(title.into())
    }

    #[track_caller]
    fn drawn(&self, title: String) -> Figure {
        assert!(
            !self.nodes.is_empty(),
            "no hay nada que dibujar: el diagrama necesita al menos una caja"
        );
        let layout = Layout::new(self).unwrap_or_else(|why| panic!("{why}"));
        let keys: Vec<Key> = match self.classes.as_slice() {
            [] | [_] => Vec::new(),
            classes => (0..)
                .zip(classes)
                .map(|(i, label)| Key::fill(look(i), label))
                .collect(),
        };
        let body = Body {
            height: layout.height(),
            description: self.description(),
            text: self.text(),
        };
        Frame::new(title, self.note.clone())
            .with_width_for(layout.width())
            .with_legend(keys)
            .figure(body, |canvas, area| layout.draw(canvas, area, self))
    }

    /// El sitio de la caja que se llama así.
    #[track_caller]
    fn find(&self, name: &str) -> usize {
        let found = self.nodes.iter().position(|node| node.name == name);
        found.unwrap_or_else(|| {
            let names: Vec<String> = (self.nodes.iter())
                .map(|node| format!("«{}»", node.name))
                .collect();
            match names.as_slice() {
                [] => panic!("no hay ninguna caja que se llame «{name}»: añádela antes con node"),
                names => panic!(
                    "no hay ninguna caja que se llame «{name}»: están {}",
                    names.join(", ")
                ),
            }
        })
    }

    #[track_caller]
    fn check_cells(&self, index: usize) {
        let node = &self.nodes[index];
        for other in &self.nodes {
            assert!(
                std::ptr::eq(node, other)
                    || node.row != other.row
                    || node.column >= other.column + other.columns
                    || other.column >= node.column + node.columns,
                "«{}» y «{}» están en la misma casilla: mueve una",
                node.name,
                other.name
            );
        }
    }

    /// Cómo se llama una caja en los mensajes.
    pub(super) fn name(&self, node: usize) -> &str {
        &self.nodes[node].name
    }

    /// Lo que pone en una caja, en una línea.
    fn shown(&self, node: usize) -> String {
        self.nodes[node].lines.join(" ")
    }

    fn arrow_texts(&self) -> Vec<String> {
        let text = |arrow: &Arrow| {
            let tip = if arrow.both { '↔' } else { '→' };
            let (from, to) = (self.shown(arrow.from), self.shown(arrow.to));
            match arrow.label.as_str() {
                "" => format!("{from} {tip} {to}"),
                label => format!("{from} {tip} {to}: {label}"),
            }
        };
        self.arrows.iter().map(text).collect()
    }

    fn group_texts(&self) -> Vec<String> {
        let text = |group: &Group| {
            let nodes: Vec<String> = group.nodes.iter().map(|&node| self.shown(node)).collect();
            format!("{}: {}", group.title, nodes.join(", "))
        };
        self.groups.iter().map(text).collect()
    }

    fn node_texts(&self) -> Vec<String> {
        let text = |i: usize| match self.nodes[i].class {
            Some(class) => format!("{} ({})", self.shown(i), self.classes[class]),
            None => self.shown(i),
        };
        (0..self.nodes.len()).map(text).collect()
    }

    /// Lo mismo que el dibujo, con caracteres: las cajas, las flechas y los grupos, uno por línea.
    fn text(&self) -> String {
        let parts = [
            ("cajas", self.node_texts()),
            ("flechas", self.arrow_texts()),
            ("grupos", self.group_texts()),
        ];
        let parts = parts.iter().filter(|(_, lines)| !lines.is_empty());
        let parts: Vec<String> = parts
            .map(|(name, lines)| format!("{name}:\n  {}", lines.join("\n  ")))
            .collect();
        parts.join("\n")
    }

    /// Lo que se ve, para quien no lo ve.
    fn description(&self) -> String {
        let mut parts = vec![format!("Diagrama con {}", self.counts())];
        for (name, lines) in [
            ("Cajas", self.node_texts()),
            ("Flechas", self.arrow_texts()),
            ("Grupos", self.group_texts()),
        ] {
            if !lines.is_empty() {
                parts.push(format!("{name}: {}", lines.join("; ")));
            }
        }
        parts.join(". ") + "."
    }

    /// «4 cajas, 5 flechas, 1 grupo».
    fn counts(&self) -> String {
        [
            counted(self.nodes.len(), "caja", "cajas"),
            counted(self.arrows.len(), "flecha", "flechas"),
            counted(self.groups.len(), "grupo", "grupos"),
        ]
        .join(", ")
    }
}

/// `Diagram(4 cajas, 5 flechas, 1 grupo)`.
impl fmt::Debug for Diagram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Diagram({})", self.counts())
    }
}

/// Cómo se pinta cada clase: la trama la distingue sin el color.
pub(super) fn look(class: usize) -> Fill {
    const TEXTURES: [Texture; 6] = [
        Texture::Solid,
        Texture::Rising,
        Texture::Dots,
        Texture::Horizontal,
        Texture::Crossed,
        Texture::Falling,
    ];
    Fill::textured(series(class), TEXTURES[class % TEXTURES.len()])
}

fn short(text: &str) -> String {
    shorten(&one_line(text), LONGEST_LINE)
}
