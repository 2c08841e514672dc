//! Dónde va cada cosa de un diagrama: cuánto miden las columnas, las filas y los huecos, y el pintado.
//!
//! Los huecos entre columnas y entre filas miden lo que necesitan los rótulos de sus flechas y los recuadros de los grupos
//! que empiezan o acaban ahí: por eso nada se encima.

use super::canvas::{Anchor, Canvas, Dash, Stroke, Style};
use super::diagram::{Diagram, look};
use super::diagram_routes::{Leg, Route, routes};
use super::fill::Fill;
use super::frame::{Area, BOLD, Frame, count};
use super::names::fit;
use super::palette::{Color, INK, PAPER};
use crate::text::{width, wrap};

const LINE: i32 = 19;
/// Alrededor del texto de una caja.
const PADDING: i32 = 12;
/// La franja de la clase, a la izquierda de la caja.
const STRIP: i32 = 14;
const SHORTEST_BOX: i32 = 46;
const NARROWEST_COLUMN: i32 = 96;
const WIDEST_COLUMN: i32 = 240;
/// Lo menos que hay entre dos columnas o dos filas.
const GAP: i32 = 30;
/// Lo que se ve de una flecha a los lados de su rótulo, con su punta.
const ROOM: i32 = 22;
/// Lo más ancho que puede ser el rótulo de una flecha antes de partirse.
const LABEL_WIDTH: f64 = 132.0;
const LABEL_LINE: i32 = 17;
/// Entre un recuadro y lo que tiene dentro.
const GROUP_PADDING: i32 = 14;
const GROUP_TITLE: i32 = 24;
/// El fondo de los recuadros.
const GROUND: Color = Color(247, 247, 247);
/// Lo largo y lo medio ancho de una punta de flecha.
const TIP: (i32, i32) = (11, 5);

const TEXT: Style = Style {
    size: 15.0,
    color: INK,
    bold: false,
    anchor: Anchor::Middle,
};
const LABEL: Style = Style {
    size: 13.0,
    color: INK,
    bold: false,
    anchor: Anchor::Middle,
};
const TITLE: Style = Style {
    size: 14.0,
    color: INK,
    bold: true,
    anchor: Anchor::Start,
};

/// El sitio de cada caja, cada recuadro y cada flecha, desde la esquina del cuerpo.
pub(super) struct Layout {
    boxes: Vec<Area>,
    lines: Vec<Vec<String>>,
    /// De fuera adentro, para pintarlos en ese orden.
    groups: Vec<(usize, Area)>,
    routes: Vec<Route>,
    labels: Vec<Vec<String>>,
    columns: Tracks,
    rows: Tracks,
}

/// Las columnas o las filas: cuánto miden y qué hay entre ellas.
pub(super) struct Tracks {
    sizes: Vec<i32>,
    /// Antes de cada una, y después de la última: lo que ocupan los recuadros que acaban, lo libre y lo que ocupan los que
    /// empiezan.
    gaps: Vec<[i32; 3]>,
}

impl Tracks {
    fn new(count: usize) -> Tracks {
        let mut gaps = vec![[0, GAP, 0]; count + 1];
        gaps[0][1] = 0;
        gaps[count][1] = 0;
        Tracks {
            sizes: vec![0; count],
            gaps,
        }
    }

    /// Dónde empieza esa.
    fn start(&self, index: usize) -> i32 {
        let gaps: i32 = self.gaps[..=index].iter().flatten().sum();
        gaps + self.sizes[..index].iter().sum::<i32>()
    }

    fn end(&self, index: usize) -> i32 {
        self.start(index) + self.sizes[index]
    }

    /// El medio de lo libre que hay antes de esa, que no es la primera.
    fn middle_before(&self, index: usize) -> i32 {
        let [_, free, after] = self.gaps[index];
        self.start(index) - after - free / 2
    }

    fn total(&self) -> i32 {
        self.sizes.iter().sum::<i32>() + self.gaps.iter().flatten().sum::<i32>()
    }

    fn reserve(&mut self, gap: usize, part: usize, room: i32) {
        let room = room.max(self.gaps[gap][part]);
        self.gaps[gap][part] = room;
    }
}

/// Las casillas que abarca un grupo, de esquina a esquina, y cuántos grupos tiene dentro, él incluido.
#[derive(Clone, Copy)]
struct Extent {
    columns: (usize, usize),
    rows: (usize, usize),
    depth: i32,
}

impl Extent {
    fn of(diagram: &Diagram, nodes: &[usize]) -> Extent {
        let nodes = || nodes.iter().map(|&node| &diagram.nodes[node]);
        let ends = |values: &mut dyn Iterator<Item = usize>| {
            values.fold((usize::MAX, 0), |(least, most), value| {
                (least.min(value), most.max(value))
            })
        };
        let first = ends(&mut nodes().map(|node| node.column)).0;
        let last = ends(&mut nodes().map(|node| node.column + node.columns - 1)).1;
        Extent {
            columns: (first, last),
            rows: ends(&mut nodes().map(|node| node.row)),
            depth: 1,
        }
    }

    fn meets(self, other: Extent) -> bool {
        let meet = |a: (usize, usize), b: (usize, usize)| a.0 <= b.1 && b.0 <= a.1;
        meet(self.columns, other.columns) && meet(self.rows, other.rows)
    }

    fn horizontal(self) -> i32 {
        self.depth * GROUP_PADDING
    }

    fn above(self) -> i32 {
        self.depth * (GROUP_PADDING + GROUP_TITLE)
    }
}

impl Layout {
    /// Lo coloca todo; si algo se encimaría, dice qué y cómo arreglarlo.
    pub(super) fn new(diagram: &Diagram) -> Result<Layout, String> {
        let extents = extents(diagram)?;
        let count_of =
            |end: fn(&super::diagram::Node) -> usize| diagram.nodes.iter().map(end).max();
        let mut columns = Tracks::new(count_of(|node| node.column + node.columns).unwrap_or(0));
        let mut rows = Tracks::new(count_of(|node| node.row + 1).unwrap_or(0));
        for extent in &extents {
            columns.reserve(extent.columns.0, 2, extent.horizontal());
            columns.reserve(extent.columns.1 + 1, 0, extent.horizontal());
            rows.reserve(extent.rows.0, 2, extent.above());
            rows.reserve(extent.rows.1 + 1, 0, extent.horizontal());
        }
        reserve_labels(diagram, &mut columns);
        fit_columns(diagram, &mut columns);

        let lines: Vec<Vec<String>> = diagram
            .nodes
            .iter()
            .map(|node| {
                let last = node.column + node.columns - 1;
                let room = columns.end(last) - columns.start(node.column);
                let room = f64::from(room - padding(node.class));
                let fits = |line: &str| width(line, TEXT.size) <= room;
                node.lines
                    .iter()
                    .flat_map(|line| wrap(line, fits))
                    .collect()
            })
            .collect();
        for (node, lines) in diagram.nodes.iter().zip(&lines) {
            let height = (LINE * count(lines) + 2 * PADDING).max(SHORTEST_BOX);
            rows.sizes[node.row] = rows.sizes[node.row].max(height);
        }
        let labels = wrap_labels(diagram, &columns);
        for (arrow, label) in diagram.arrows.iter().zip(&labels) {
            let (a, b) = (&diagram.nodes[arrow.from], &diagram.nodes[arrow.to]);
            let height = LABEL_LINE * count(label);
            if label.is_empty() {
            } else if a.row == b.row {
                // Por encima de la flecha, o por debajo si es la de vuelta, sin salirse de la fila.
                rows.sizes[a.row] = rows.sizes[a.row].max(2 * height + 40);
            } else if is_vertical(diagram, arrow.from, arrow.to) {
                rows.reserve(a.row.min(b.row) + 1, 1, height + ROOM);
            } else {
                rows.sizes[a.row] = rows.sizes[a.row].max(2 * height + 24);
                rows.sizes[b.row] = rows.sizes[b.row].max(2 * height + 24);
            }
        }

        let boxes: Vec<Area> = diagram
            .nodes
            .iter()
            .map(|node| Area {
                left: columns.start(node.column),
                right: columns.end(node.column + node.columns - 1),
                top: rows.start(node.row),
                bottom: rows.end(node.row),
            })
            .collect();
        let mut groups: Vec<(usize, Area)> = extents
            .iter()
            .map(|extent| Area {
                left: columns.start(extent.columns.0) - extent.horizontal(),
                right: columns.end(extent.columns.1) + extent.horizontal(),
                top: rows.start(extent.rows.0) - extent.above(),
                bottom: rows.end(extent.rows.1) + extent.horizontal(),
            })
            .enumerate()
            .collect();
        groups.sort_by_key(|&(group, _)| (-extents[group].depth, group));
        let routes = routes(diagram, &boxes)?;
        Ok(Layout {
            boxes,
            lines,
            groups,
            routes,
            labels,
            columns,
            rows,
        })
    }

    pub(super) fn height(&self) -> i32 {
        self.rows.total()
    }

    pub(super) fn width(&self) -> i32 {
        self.columns.total()
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, area: Area, diagram: &Diagram) {
        let origin = (area.left + (area.width() - self.width()) / 2, area.top);
        for (group, frame) in &self.groups {
            let frame = moved(*frame, origin);
            canvas.outlined(
                (frame.left, frame.top),
                (frame.width(), frame.height()),
                Fill::solid(GROUND),
            );
            self.draw_title(canvas, frame, origin, &diagram.groups[*group].title);
        }
        for (route, arrow) in self.routes.iter().zip(&diagram.arrows) {
            draw_arrow(canvas, route, origin, arrow.both);
        }
        for (i, node) in diagram.nodes.iter().enumerate() {
            draw_box(
                canvas,
                moved(self.boxes[i], origin),
                node.class,
                &self.lines[i],
            );
        }
        for (i, arrow) in diagram.arrows.iter().enumerate() {
            let (a, b) = (&diagram.nodes[arrow.from], &diagram.nodes[arrow.to]);
            let adjacent = a.column + a.columns == b.column || b.column + b.columns == a.column;
            let gap = match self.routes[i].leg {
                Leg::Horizontal if a.row == b.row && adjacent => {
                    Some(self.columns.middle_before(a.column.max(b.column)))
                }
                Leg::Vertical => Some(self.rows.middle_before(a.row.min(b.row) + 1)),
                Leg::Horizontal => None,
            };
            draw_label(canvas, &self.routes[i], gap, origin, &self.labels[i]);
        }
    }

    /// El título de un recuadro, en el trozo más ancho que le dejan las flechas que entran por arriba.
    fn draw_title(&self, canvas: &mut Canvas, frame: Area, origin: (i32, i32), title: &str) {
        let middle = frame.top + GROUP_PADDING / 2 + GROUP_TITLE / 2;
        let crosses = self.routes.iter().flat_map(|route| {
            route.points.windows(2).filter_map(|ends| {
                let [(x, from), (to_x, to)] = [ends[0], ends[1]];
                let (from, to) = (from.min(to) + origin.1, from.max(to) + origin.1);
                let inside = frame.left < x + origin.0 && x + origin.0 < frame.right;
                (x == to_x && inside && from <= middle && middle <= to).then_some(x + origin.0)
            })
        });
        let mut edges = vec![frame.left, frame.right];
        edges.extend(crosses);
        edges.sort_unstable();
        let room = |ends: &[i32]| ends[1] - ends[0] - 2 * GROUP_PADDING;
        let whole = (width(title, TITLE.size) * BOLD).ceil() as i32;
        // El primero en que cabe entero; si en ninguno, el más ancho.
        let slots = || edges.windows(2);
        let slot = slots()
            .find(|ends| room(ends) >= whole)
            .or_else(|| slots().max_by_key(|ends| room(ends)));
        if let Some(ends) = slot
            && let Some(title) = fit(title, TITLE.size * BOLD, f64::from(room(ends)))
        {
            canvas.text(&title, (ends[0] + GROUP_PADDING, middle), TITLE);
        }
    }
}

/// Lo que abarca cada grupo; si alguno pisa lo que no es suyo, lo dice.
fn extents(diagram: &Diagram) -> Result<Vec<Extent>, String> {
    let mut extents: Vec<Extent> = diagram
        .groups
        .iter()
        .map(|group| Extent::of(diagram, &group.nodes))
        .collect();
    for (extent, group) in extents.iter().zip(&diagram.groups) {
        let stranger = (0..diagram.nodes.len()).find(|&node| {
            !group.nodes.contains(&node) && extent.meets(Extent::of(diagram, &[node]))
        });
        if let Some(stranger) = stranger {
            return Err(format!(
                "el recuadro «{}» pisaría «{}», que no es de ese grupo: junta sus cajas o añádela",
                group.title,
                diagram.name(stranger)
            ));
        }
    }
    // Los de dentro primero: un grupo contiene a otro si tiene todas sus cajas y, si son las mismas, va detrás.
    let contains = |outer: usize, inner: usize| {
        let (out, inn) = (&diagram.groups[outer].nodes, &diagram.groups[inner].nodes);
        let has = |all: &[usize], some: &[usize]| some.iter().all(|node| all.contains(node));
        outer != inner && has(out, inn) && (!has(inn, out) || outer > inner)
    };
    let mut order: Vec<usize> = (0..extents.len()).collect();
    order.sort_by_key(|&group| {
        (0..extents.len())
            .filter(|&inner| contains(group, inner))
            .count()
    });
    for &group in &order {
        let inside = (0..extents.len()).filter(|&inner| contains(group, inner));
        let deepest = inside.map(|inner| extents[inner].depth).max().unwrap_or(0);
        extents[group].depth = deepest + 1;
    }
    for (i, one) in extents.iter().enumerate() {
        for (j, other) in extents.iter().enumerate().skip(i + 1) {
            if one.meets(*other) && !contains(i, j) && !contains(j, i) {
                return Err(format!(
                    "los recuadros «{}» y «{}» se cruzarían: o uno está dentro del otro, o no se tocan",
                    diagram.groups[i].title, diagram.groups[j].title
                ));
            }
        }
    }
    Ok(extents)
}

/// Lo que en una caja no es texto.
fn padding(class: Option<usize>) -> i32 {
    2 * PADDING + if class.is_some() { STRIP } else { 0 }
}

/// Si entre esas dos cajas hay que ir en vertical: comparten alguna columna.
fn is_vertical(diagram: &Diagram, a: usize, b: usize) -> bool {
    let (a, b) = (&diagram.nodes[a], &diagram.nodes[b]);
    a.row != b.row && a.column < b.column + b.columns && b.column < a.column + a.columns
}

fn widest(lines: &[String], size: f64) -> i32 {
    let widths = lines.iter().map(|line| width(line, size));
    widths.fold(0.0, f64::max).ceil() as i32
}

/// Ensancha los huecos entre columnas por los que pasa un rótulo.
fn reserve_labels(diagram: &Diagram, columns: &mut Tracks) {
    for arrow in &diagram.arrows {
        let (a, b) = (&diagram.nodes[arrow.from], &diagram.nodes[arrow.to]);
        if arrow.label.is_empty() || is_vertical(diagram, arrow.from, arrow.to) {
            continue;
        }
        let lines = wrap(&arrow.label, |line| width(line, LABEL.size) <= LABEL_WIDTH);
        let room = widest(&lines, LABEL.size) + 2 * ROOM;
        let (left, right) = if a.column < b.column { (a, b) } else { (b, a) };
        let end = left.column + left.columns;
        // Una flecha con codo, o larga, tiene para su rótulo algo más que un hueco.
        let spare = if a.row == b.row && end == right.column {
            0
        } else {
            NARROWEST_COLUMN / 2
        };
        columns.reserve(end, 1, room - spare);
    }
}

/// Da a cada columna lo que pide su texto, sin pasarse del ancho del papel mientras se pueda leer.
fn fit_columns(diagram: &Diagram, columns: &mut Tracks) {
    let mut wanted = vec![NARROWEST_COLUMN; columns.sizes.len()];
    for node in &diagram.nodes {
        let all = widest(&node.lines, TEXT.size) + padding(node.class);
        // Una caja ancha pide a cada una de sus columnas su parte.
        let each = (all / node.columns as i32).min(WIDEST_COLUMN);
        for wanted in &mut wanted[node.column..node.column + node.columns] {
            *wanted = each.max(*wanted);
        }
    }
    for arrow in &diagram.arrows {
        // Que a la mitad de la caja, al lado de una flecha vertical, quepa su palabra más larga.
        if is_vertical(diagram, arrow.from, arrow.to) {
            let words: Vec<String> = arrow.label.split(' ').map(str::to_owned).collect();
            let half = widest(&words, LABEL.size).min(WIDEST_COLUMN / 2 - 2 * TIP.1) + 2 * TIP.1;
            for node in [arrow.from, arrow.to].map(|node| &diagram.nodes[node]) {
                let each = 2 * half / node.columns as i32 + 1;
                for wanted in &mut wanted[node.column..node.column + node.columns] {
                    *wanted = each.max(*wanted);
                }
            }
        }
    }
    let gaps: i32 = columns.gaps.iter().flatten().sum();
    let room = Frame::area_width() - gaps;
    // El tope más alto con el que caben; por debajo del mínimo, será el papel el que crezca.
    let cap = (NARROWEST_COLUMN..=WIDEST_COLUMN)
        .rev()
        .find(|&cap| wanted.iter().map(|&wanted| wanted.min(cap)).sum::<i32>() <= room)
        .unwrap_or(NARROWEST_COLUMN);
    columns.sizes = wanted.iter().map(|&wanted| wanted.min(cap)).collect();
    // Lo que sobre, a los huecos: las flechas respiran.
    let inner = columns.sizes.len() - 1;
    if let Some(each) = (room - columns.sizes.iter().sum::<i32>()).checked_div(inner as i32) {
        for gap in &mut columns.gaps[1..=inner] {
            gap[1] += each.clamp(0, 40);
        }
    }
}

/// Los rótulos de las flechas, partidos para que quepan donde van.
fn wrap_labels(diagram: &Diagram, columns: &Tracks) -> Vec<Vec<String>> {
    let wrapped = |arrow: &super::diagram::Arrow| {
        if arrow.label.is_empty() {
            return Vec::new();
        }
        let room = if is_vertical(diagram, arrow.from, arrow.to) {
            // Al lado de la flecha, sin salirse de la mitad de la más estrecha de las dos cajas.
            let nodes = [arrow.from, arrow.to].map(|node| &diagram.nodes[node]);
            let sizes = nodes.map(|node| {
                columns.end(node.column + node.columns - 1) - columns.start(node.column)
            });
            f64::from(sizes[0].min(sizes[1]) / 2 - 2 * TIP.1).max(40.0)
        } else {
            LABEL_WIDTH
        };
        wrap(&arrow.label, |line| width(line, LABEL.size) <= room)
    };
    diagram.arrows.iter().map(wrapped).collect()
}

fn moved(area: Area, (x, y): (i32, i32)) -> Area {
    Area {
        left: area.left + x,
        right: area.right + x,
        top: area.top + y,
        bottom: area.bottom + y,
    }
}

fn draw_box(canvas: &mut Canvas, area: Area, class: Option<usize>, lines: &[String]) {
    let fill = class.map(look);
    let ground = fill.map_or(PAPER, |fill| fill.color.pale());
    canvas.outlined(
        (area.left, area.top),
        (area.width(), area.height()),
        Fill::solid(ground),
    );
    let mut left = area.left;
    if let Some(fill) = fill {
        canvas.outlined((area.left, area.top), (STRIP, area.height()), fill);
        left += STRIP;
    }
    let first = (area.top + area.bottom) / 2 - LINE * (count(lines) - 1) / 2;
    canvas.paragraph(lines, ((left + area.right) / 2, first), LINE, TEXT);
}

fn draw_arrow(canvas: &mut Canvas, route: &Route, origin: (i32, i32), both: bool) {
    let mut points: Vec<(i32, i32)> = route
        .points
        .iter()
        .map(|(x, y)| (x + origin.0, y + origin.1))
        .collect();
    let last = points.len() - 1;
    let mut tips = vec![tip(points[last - 1], points[last])];
    if both {
        tips.push(tip(points[1], points[0]));
        points[0] = tips[1].0;
    }
    points[last] = tips[0].0;
    let line: Vec<(f64, f64)> = points
        .iter()
        .map(|&(x, y)| (f64::from(x), f64::from(y)))
        .collect();
    canvas.polyline(&line, Stroke::new(INK, 2.0, Dash::Solid));
    for (_, vertices) in tips {
        canvas.polygon(&vertices, INK);
    }
}

/// La punta de una flecha que viene de `from` y acaba en `to`: dónde se junta con la línea y sus vértices.
fn tip(from: (i32, i32), to: (i32, i32)) -> ((i32, i32), [(i32, i32); 3]) {
    let (dx, dy) = ((to.0 - from.0).signum(), (to.1 - from.1).signum());
    let base = (to.0 - dx * TIP.0, to.1 - dy * TIP.0);
    let side = (dy * TIP.1, dx * TIP.1);
    let vertices = [
        to,
        (base.0 + side.0, base.1 + side.1),
        (base.0 - side.0, base.1 - side.1),
    ];
    (base, vertices)
}

/// El rótulo de una flecha, a un lado de su tramo y a la altura de `gap`, si está en un hueco.
fn draw_label(
    canvas: &mut Canvas,
    route: &Route,
    gap: Option<i32>,
    origin: (i32, i32),
    lines: &[String],
) {
    if lines.is_empty() {
        return;
    }
    let [a, b] = route.label_leg();
    let middle = ((a.0 + b.0) / 2, (a.1 + b.1) / 2);
    let height = LABEL_LINE * count(lines);
    let (at, style) = match route.leg {
        Leg::Horizontal => {
            let top = if route.second {
                middle.1 + 6
            } else {
                middle.1 - 6 - height
            };
            ((gap.unwrap_or(middle.0), top), LABEL)
        }
        Leg::Vertical => {
            let top = gap.unwrap_or(middle.1) - height / 2;
            if route.second {
                ((middle.0 + 9, top), LABEL.anchored(Anchor::Start))
            } else {
                ((middle.0 - 9, top), LABEL.anchored(Anchor::End))
            }
        }
    };
    let at = (at.0 + origin.0, at.1 + origin.1 + LABEL_LINE / 2);
    canvas.paragraph(lines, at, LABEL_LINE, style);
}
