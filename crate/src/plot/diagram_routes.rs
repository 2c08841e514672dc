//! Por dónde va cada flecha de un diagrama: recta o con un codo, y sin pasar por encima de una caja ni de otra flecha.

use super::diagram::{Diagram, Node};
use super::frame::Area;

/// Lo que se separan dos flechas entre las mismas cajas.
const APART: i32 = 20;
/// Lo menos que hay entre dos flechas que salen del mismo lado.
const CLOSEST: i32 = 10;

/// Por dónde va una flecha.
pub(super) struct Route {
    /// De donde sale a donde llega, por los codos.
    pub(super) points: Vec<(i32, i32)>,
    /// En cuál de sus tramos va el rótulo.
    pub(super) leg: Leg,
    /// Si el rótulo va por el segundo lado: debajo, o a la derecha.
    pub(super) second: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leg {
    Horizontal,
    Vertical,
}

impl Route {
    /// Los extremos del tramo del rótulo.
    pub(super) fn label_leg(&self) -> [(i32, i32); 2] {
        let flat = |ends: &&[(i32, i32)]| match self.leg {
            Leg::Horizontal => ends[0].1 == ends[1].1,
            Leg::Vertical => ends[0].0 == ends[1].0,
        };
        let ends = self.points.windows(2).find(flat);
        ends.map_or([self.points[0]; 2], |ends| [ends[0], ends[1]])
    }
}

/// Un lado de una caja, y por qué puntos suyos pasan ya flechas.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

struct Router<'a> {
    diagram: &'a Diagram,
    boxes: &'a [Area],
    used: Vec<(usize, Side, i32)>,
}

/// El camino de cada flecha; si alguna no lo tiene, lo dice.
pub(super) fn routes(diagram: &Diagram, boxes: &[Area]) -> Result<Vec<Route>, String> {
    let mut router = Router {
        diagram,
        boxes,
        used: Vec::new(),
    };
    let mut routes: Vec<Option<Route>> = Vec::new();
    for arrow in 0..diagram.arrows.len() {
        routes.push(router.straight(arrow));
    }
    // Las de codo, después: se acomodan a las rectas.
    for (arrow, route) in routes.iter_mut().enumerate() {
        if route.is_none() {
            *route = router.bent(arrow);
        }
    }
    let named = |arrow: usize| {
        let arrow = &diagram.arrows[arrow];
        let (from, to) = (diagram.name(arrow.from), diagram.name(arrow.to));
        format!("la flecha de «{from}» a «{to}»")
    };
    let mut done: Vec<Route> = Vec::new();
    for (i, route) in routes.into_iter().enumerate() {
        let Some(route) = route else {
            return Err(format!(
                "{} pasaría por encima de otra caja: deja libre alguna casilla entre las dos o cámbialas de sitio",
                named(i)
            ));
        };
        if let Some(other) = done.iter().position(|other| overlap(other, &route)) {
            return Err(format!(
                "{} iría por encima de {}: cambia de sitio alguna de sus cajas",
                named(i),
                named(other)
            ));
        }
        done.push(route);
    }
    Ok(done)
}

impl Router<'_> {
    fn ends(&self, arrow: usize) -> (usize, usize) {
        let arrow = &self.diagram.arrows[arrow];
        (arrow.from, arrow.to)
    }

    /// ¿Está libre ese trozo de la rejilla, salvo por esas dos cajas?
    fn clear(&self, columns: (usize, usize), rows: (usize, usize), except: [usize; 2]) -> bool {
        (self.diagram.nodes.iter().enumerate()).all(|(i, node)| {
            except.contains(&i)
                || node.row < rows.0
                || node.row > rows.1
                || node.column > columns.1
                || node.column + node.columns <= columns.0
        })
    }

    /// Cuánto se aparta del medio, y si es la segunda de las dos que van entre las mismas cajas.
    fn apart(&self, arrow: usize) -> (i32, Option<bool>) {
        let (a, b) = self.ends(arrow);
        let twins: Vec<usize> = (0..self.diagram.arrows.len())
            .filter(|&other| [(a, b), (b, a)].contains(&self.ends(other)))
            .collect();
        match twins.as_slice() {
            [first, _] if *first == arrow => (-APART / 2, Some(false)),
            [_, _] => (APART / 2, Some(true)),
            _ => (0, None),
        }
    }

    fn straight(&mut self, arrow: usize) -> Option<Route> {
        let (a, b) = self.ends(arrow);
        let (from, to) = (&self.diagram.nodes[a], &self.diagram.nodes[b]);
        let (box_a, box_b) = (self.boxes[a], self.boxes[b]);
        let (offset, twin) = self.apart(arrow);
        let columns = (from.column.max(to.column), end(from).min(end(to)));
        if from.row == to.row {
            let columns = (from.column.min(to.column), end(from).max(end(to)));
            if !self.clear(columns, (from.row, from.row), [a, b]) {
                return None;
            }
            let y = (box_a.top + box_a.bottom) / 2 + offset;
            let (x, sides) = if from.column < to.column {
                ((box_a.right, box_b.left), (Side::Right, Side::Left))
            } else {
                ((box_a.left, box_b.right), (Side::Left, Side::Right))
            };
            self.used.extend([(a, sides.0, y), (b, sides.1, y)]);
            return Some(Route {
                points: vec![(x.0, y), (x.1, y)],
                leg: Leg::Horizontal,
                second: twin.unwrap_or(false),
            });
        }
        let rows = (from.row.min(to.row), from.row.max(to.row));
        if columns.0 > columns.1 || !self.clear(columns, rows, [a, b]) {
            return None;
        }
        let x = (box_a.left.max(box_b.left) + box_a.right.min(box_b.right)) / 2 + offset;
        let (y, sides) = if from.row < to.row {
            ((box_a.bottom, box_b.top), (Side::Bottom, Side::Top))
        } else {
            ((box_a.top, box_b.bottom), (Side::Top, Side::Bottom))
        };
        self.used.extend([(a, sides.0, x), (b, sides.1, x)]);
        Some(Route {
            points: vec![(x, y.0), (x, y.1)],
            leg: Leg::Vertical,
            second: twin.unwrap_or(true),
        })
    }

    /// Con un codo: primero en horizontal o, si por ahí no se puede, primero en vertical.
    fn bent(&mut self, arrow: usize) -> Option<Route> {
        let (a, b) = self.ends(arrow);
        let points = self.elbow(a, b).or_else(|| {
            let mut points = self.elbow(b, a)?;
            points.reverse();
            Some(points)
        })?;
        Some(Route {
            points,
            leg: Leg::Horizontal,
            second: false,
        })
    }

    /// De un lado de `a` en horizontal, hasta encima o debajo de `b`, y en vertical hasta ella.
    fn elbow(&mut self, a: usize, b: usize) -> Option<Vec<(i32, i32)>> {
        let (from, to) = (&self.diagram.nodes[a], &self.diagram.nodes[b]);
        let apart = end(from) < to.column || end(to) < from.column;
        if from.row == to.row || !apart {
            return None;
        }
        // Las columnas del medio de `b`: una, o dos si el medio cae en el hueco.
        let middle = (to.column + (to.columns - 1) / 2, to.column + to.columns / 2);
        let across = (from.column.min(middle.0), end(from).max(middle.1));
        let rows = (from.row.min(to.row), from.row.max(to.row));
        if !self.clear(across, (from.row, from.row), [a, b]) || !self.clear(middle, rows, [a, b]) {
            return None;
        }
        let (box_a, box_b) = (self.boxes[a], self.boxes[b]);
        let (right, down) = (from.column < to.column, from.row < to.row);
        let (side_a, x_a) = if right {
            (Side::Right, box_a.right)
        } else {
            (Side::Left, box_a.left)
        };
        let (side_b, y_b) = if down {
            (Side::Top, box_b.top)
        } else {
            (Side::Bottom, box_b.bottom)
        };
        let toward = |positive: bool| if positive { 1 } else { -1 };
        let y = self.port((a, side_a), (box_a.top, box_a.bottom), toward(down))?;
        let x = self.port((b, side_b), (box_b.left, box_b.right), toward(!right))?;
        self.used.extend([(a, side_a, y), (b, side_b, x)]);
        Some(vec![(x_a, y), (x, y), (x, y_b)])
    }

    /// Un punto libre de un lado: el medio o, si ya lo usa otra flecha, a un cuarto.
    fn port(&self, (node, side): (usize, Side), (from, to): (i32, i32), sign: i32) -> Option<i32> {
        let quarter = (to - from) / 4;
        let free = |at: &i32| {
            !(self.used.iter()).any(|&(other, its, used)| {
                (other, its) == (node, side) && (used - at).abs() < CLOSEST
            })
        };
        [0, sign * quarter, -sign * quarter]
            .into_iter()
            .map(|offset| (from + to) / 2 + offset)
            .find(free)
    }
}

/// La última columna de una caja.
fn end(node: &Node) -> usize {
    node.column + node.columns - 1
}

/// ¿Van dos flechas un trecho por el mismo sitio?
fn overlap(one: &Route, other: &Route) -> bool {
    let legs = |route: &Route| -> Vec<((i32, i32), (i32, i32))> {
        route
            .points
            .windows(2)
            .map(|ends| (ends[0].min(ends[1]), ends[0].max(ends[1])))
            .collect()
    };
    let theirs = legs(other);
    legs(one).iter().any(|(a, b)| {
        theirs.iter().any(|(c, d)| {
            let across = a.1 == b.1 && c.1 == d.1 && (a.1 - c.1).abs() < CLOSEST / 2;
            let along = a.0 == b.0 && c.0 == d.0 && (a.0 - c.0).abs() < CLOSEST / 2;
            (across && a.0.max(c.0) < b.0.min(d.0)) || (along && a.1.max(c.1) < b.1.min(d.1))
        })
    })
}
