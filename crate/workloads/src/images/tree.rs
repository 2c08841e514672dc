//! [`Tree`]: un árbol de carpetas con fotos inventadas, y las que vienen mal, a petición.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use concurrencia::rayon::prelude::*;

use super::photo::mix;
use super::{photo, photo_png};

/// Dónde se apunta lo que hay: sin él, una carpeta con cosas dentro no se toca.
const RECORD: &str = ".arbol";

const FOLDERS: [&str; 7] = [
    "",
    "vacaciones",
    "vacaciones/playa",
    "vacaciones/montaña",
    "familia",
    "familia/2019",
    "familia/2019/cumpleaños",
];

const NAMES: [&str; 6] = ["amanecer", "retrato", "paseo", "mar", "casa", "grupo"];

/// Un árbol de carpetas con fotos: siempre las mismas para la misma semilla.
///
/// Siete carpetas, unas dentro de otras, y los mismos nombres en todas (`amanecer.jpg`, `retrato.png`…). Una de cada cinco
/// fotos es PNG; las demás, JPEG, con la extensión escrita de varias maneras. Las que vienen mal se piden aparte.
///
/// # Examples
///
/// ```
/// use workloads::images::{Tree, find};
///
/// # let raiz = std::env::temp_dir().join(format!("tree-{}", std::process::id()));
/// let arbol = Tree::new(7).images(10).size(160, 90).truncated(1).pdf(1);
/// let plantado = arbol.generate(&raiz)?;
/// assert_eq!((plantado.images().len(), plantado.broken().len()), (10, 2));
/// assert_eq!(find(&raiz)?.len(), 12);
/// assert!(!arbol.generate(&raiz)?.is_new()); // ya estaba: no se rehace
/// # std::fs::remove_dir_all(&raiz)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "no hay árbol hasta que se llama a generate"]
pub struct Tree {
    seed: u64,
    images: usize,
    size: (u32, u32),
    broken: [usize; 5],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Good,
    Corrupt,
    Truncated,
    Empty,
    Pdf,
    Unreadable,
}

const BROKEN: [(Kind, &str); 5] = [
    (Kind::Corrupt, "estropeada"),
    (Kind::Truncated, "cortada"),
    (Kind::Empty, "vacia"),
    (Kind::Pdf, "documento"),
    (Kind::Unreadable, "sin_permiso"),
];

struct Leaf {
    /// Desde la raíz.
    path: PathBuf,
    kind: Kind,
    seed: u64,
}

impl Tree {
    /// Un árbol de 24 fotos de 1600×900, todas buenas.
    pub fn new(seed: u64) -> Tree {
        Tree {
            seed,
            images: 24,
            size: (1600, 900),
            broken: [0; 5],
        }
    }

    /// Cuántas fotos buenas.
    pub fn images(mut self, count: usize) -> Tree {
        self.images = count;
        self
    }

    /// Lo que mide cada una, en píxeles.
    pub fn size(mut self, width: u32, height: u32) -> Tree {
        self.size = (width, height);
        self
    }

    /// Cuántas con la cabecera de una foto y, detrás, cualquier cosa.
    pub fn corrupt(self, count: usize) -> Tree {
        self.with(Kind::Corrupt, count)
    }

    /// Cuántas cortadas por la mitad.
    pub fn truncated(self, count: usize) -> Tree {
        self.with(Kind::Truncated, count)
    }

    /// Cuántas de 0 bytes.
    pub fn empty(self, count: usize) -> Tree {
        self.with(Kind::Empty, count)
    }

    /// Cuántos PDF que se llaman `.jpg`.
    pub fn pdf(self, count: usize) -> Tree {
        self.with(Kind::Pdf, count)
    }

    /// Cuántas buenas, pero que no se pueden leer (el administrador puede siempre).
    pub fn unreadable(self, count: usize) -> Tree {
        self.with(Kind::Unreadable, count)
    }

    fn with(mut self, kind: Kind, count: usize) -> Tree {
        let which = BROKEN.iter().position(|(known, _)| *known == kind);
        self.broken[which.expect("están todas")] = count;
        self
    }

    /// Lo crea en `root`, en paralelo. **Bloquea** hasta que está; si ya estaba este mismo, no lo rehace.
    ///
    /// En la raíz deja un archivo oculto con lo que hay. Si en ella está otro árbol (o este a medias, o le falta algo), borra
    /// lo que él puso y pone el nuevo; lo demás que haya no se toca.
    ///
    /// # Errors
    ///
    /// Si en `root` ya hay algo y no es un árbol de estos ([`AlreadyExists`](io::ErrorKind::AlreadyExists)), o no se
    /// puede escribir.
    ///
    /// # Panics
    ///
    /// Si un lado de las fotos es 0 o pasa de 65 535.
    pub fn generate(&self, root: impl AsRef<Path>) -> io::Result<Planted> {
        let root = root.as_ref();
        let leaves = self.leaves();
        let record = root.join(RECORD);
        let (doing, done) = (
            self.record(&leaves, "a medias"),
            self.record(&leaves, "hecho"),
        );
        let is_new = match fs::read_to_string(&record) {
            Ok(text) if text == done && leaves.iter().all(|leaf| leaf.is_at(root)) => false,
            Ok(text) => {
                uproot(root, &text)?;
                true
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(root)?;
                if fs::read_dir(root)?.next().is_some() {
                    return Err(io::Error::new(
                        io::ErrorKind::AlreadyExists,
                        format!(
                            "en «{}» ya hay algo y no es un árbol de estos: elige una carpeta vacía",
                            root.display()
                        ),
                    ));
                }
                true
            }
            Err(error) => return Err(error),
        };
        if is_new {
            fs::write(&record, doing)?;
            leaves
                .par_iter()
                .try_for_each(|leaf| leaf.grow(root, self.size))?;
            fs::write(&record, done)?;
        }
        let (good, broken): (Vec<_>, Vec<_>) =
            leaves.into_iter().partition(|leaf| leaf.kind == Kind::Good);
        let paths = |leaves: Vec<Leaf>| {
            let mut paths: Vec<_> = leaves.iter().map(|leaf| root.join(&leaf.path)).collect();
            paths.sort();
            paths
        };
        Ok(Planted {
            images: paths(good),
            broken: paths(broken),
            is_new,
        })
    }

    fn leaves(&self) -> Vec<Leaf> {
        let good = (0..self.images).map(|i| (Kind::Good, "", i));
        let broken = BROKEN.iter().zip(self.broken);
        let broken = broken.flat_map(|((kind, name), count)| (0..count).map(|i| (*kind, *name, i)));
        good.chain(broken)
            .enumerate()
            .map(|(i, (kind, name, nth))| {
                // Se llenan las carpetas a la vez, así los nombres se repiten en todas.
                let (folder, nth) = (FOLDERS[nth % FOLDERS.len()], nth / FOLDERS.len());
                let extension = match (kind, i % 5) {
                    (Kind::Good | Kind::Truncated, 3) => "png",
                    (Kind::Good, 1) => "JPG",
                    (Kind::Good, 2) => "jpeg",
                    _ => "jpg",
                };
                let name = match kind {
                    Kind::Good => NAMES[nth % NAMES.len()],
                    _ => name,
                };
                let round = match kind {
                    Kind::Good => nth / NAMES.len(),
                    _ => nth,
                };
                let number = if round == 0 {
                    String::new()
                } else {
                    format!("_{}", round + 1)
                };
                Leaf {
                    path: Path::new(folder).join(format!("{name}{number}.{extension}")),
                    kind,
                    seed: mix(self.seed ^ mix(i as u64)),
                }
            })
            .collect()
    }

    fn record(&self, leaves: &[Leaf], state: &str) -> String {
        let mut text = format!("{self:?} {state}\n");
        for leaf in leaves {
            text.push_str(&leaf.path.to_string_lossy());
            text.push('\n');
        }
        text
    }
}

/// Quita lo que puso otro árbol; las carpetas, si se quedan vacías.
fn uproot(root: &Path, record: &str) -> io::Result<()> {
    let inside = |path: &&Path| path.components().all(|c| matches!(c, Component::Normal(_)));
    for path in record.lines().skip(1).map(Path::new).filter(inside) {
        match fs::remove_file(root.join(path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    for folder in FOLDERS.iter().skip(1).rev() {
        // No está vacía, o no está: se queda como esté.
        let _ = fs::remove_dir(root.join(folder));
    }
    Ok(())
}

impl Leaf {
    fn is_at(&self, root: &Path) -> bool {
        fs::metadata(root.join(&self.path)).is_ok_and(|data| data.is_file())
    }

    fn grow(&self, root: &Path, (width, height): (u32, u32)) -> io::Result<()> {
        let path = root.join(&self.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let png = path.extension().is_some_and(|extension| extension == "png");
        let picture = || {
            if png {
                photo_png(self.seed, width, height)
            } else {
                photo(self.seed, width, height)
            }
        };
        let bytes = match self.kind {
            Kind::Good | Kind::Unreadable => picture(),
            Kind::Truncated => {
                let mut bytes = picture();
                bytes.truncate(bytes.len() / 2);
                bytes
            }
            Kind::Corrupt => {
                let mut bytes = photo(self.seed, width.min(64), height.min(64));
                let header = bytes.len().min(40);
                let noise = bytes.iter_mut().enumerate().skip(header);
                noise.for_each(|(i, byte)| *byte = mix(self.seed ^ i as u64) as u8 & 0x7f);
                bytes
            }
            Kind::Empty => Vec::new(),
            Kind::Pdf => b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n".to_vec(),
        };
        fs::write(&path, bytes)?;
        if self.kind == Kind::Unreadable {
            fs::set_permissions(&path, Permissions::from_mode(0o000))?;
        }
        Ok(())
    }
}

/// Lo que dejó [`Tree::generate`].
///
/// # Examples
///
/// Ve [`Tree`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    images: Vec<PathBuf>,
    broken: Vec<PathBuf>,
    is_new: bool,
}

impl Planted {
    /// Las fotos buenas, en orden.
    pub fn images(&self) -> &[PathBuf] {
        &self.images
    }

    /// Las que vienen mal, en orden.
    pub fn broken(&self) -> &[PathBuf] {
        &self.broken
    }

    /// Si se ha hecho ahora, y no estaba ya.
    pub fn is_new(&self) -> bool {
        self.is_new
    }
}
