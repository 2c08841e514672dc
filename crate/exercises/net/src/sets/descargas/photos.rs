//! Las fotos de las que se piden miniaturas.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use concurrencia::fastrand::Rng;
use concurrencia::timeline::{Trace, timeline};
use workloads::images;

/// Escribe un archivo, con sus carpetas.
pub(super) fn put(path: &Path, bytes: &[u8]) {
    let folder = path.parent().unwrap_or(path);
    if let Err(error) = fs::create_dir_all(folder).and_then(|()| fs::write(path, bytes)) {
        panic!("no se puede escribir «{}»: {error}", path.display());
    }
}

/// Unas cuantas fotos: pintarlas cuesta, así que se repiten.
pub(super) struct Photos {
    jpeg: [Vec<u8>; 2],
    png: Vec<u8>,
}

impl Photos {
    pub(super) fn paint() -> Photos {
        let seed = Rng::new().u64(..);
        Photos {
            jpeg: [seed, seed ^ 1].map(|seed| images::photo(seed, 320, 180)),
            png: images::photo_png(seed, 160, 90),
        }
    }

    /// El contenido del archivo `name`, el número `i`.
    pub(super) fn like(&self, name: &str, i: usize) -> &[u8] {
        if name.ends_with(".png") {
            &self.png
        } else {
            &self.jpeg[i % 2]
        }
    }
}

/// Sin la carpeta de destino, que no cabe en un veredicto.
pub(super) fn relative(
    made: &[Result<PathBuf, String>],
    target: &Path,
) -> Vec<Result<String, String>> {
    let short = |path: &PathBuf| match path.strip_prefix(target) {
        Ok(name) => name.display().to_string(),
        Err(_) => path.display().to_string(),
    };
    made.iter()
        .map(|one| one.as_ref().map(short).map_err(Clone::clone))
        .collect()
}

/// Lo que mide de ancho.
pub(super) fn width(made: Result<PathBuf, String>) -> Result<u32, String> {
    let size = workloads::image::image_dimensions(made?).map_err(|error| error.to_string())?;
    Ok(size.0)
}

/// Cuántas fotos llega a reducir `run` a la vez. La repite hasta que son dos, un segundo como mucho: con un solo núcleo
/// libre, dos hilos tardan en cruzarse; quien va de una en una no las cruza nunca.
pub(super) fn most_at_once(mut run: impl FnMut()) -> u64 {
    let until = Instant::now() + Duration::from_secs(1);
    loop {
        let peak = photos_at_once(&timeline(&mut run));
        if peak >= 2 || Instant::now() > until {
            return peak;
        }
    }
}

/// Cuántas fotos se llegaron a reducir a la vez: cada una es una barra con el nombre de su archivo.
fn photos_at_once(trace: &Trace) -> u64 {
    let bars = trace.lanes().iter().flat_map(|lane| lane.spans());
    let mut edges: Vec<(Duration, i64)> = bars
        .filter(|bar| bar.name().ends_with(".jpg"))
        .flat_map(|bar| [(bar.start(), 1), (bar.end(), -1)])
        .collect();
    edges.sort_unstable();
    let (mut now, mut most) = (0, 0);
    for (_, change) in edges {
        now += change;
        most = most.max(now);
    }
    most.unsigned_abs()
}
