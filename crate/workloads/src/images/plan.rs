//! [`plan`]: qué miniatura sale de cada imagen, sin que dos se pisen.

use std::collections::HashSet;
use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{SIZE, path_bytes};

/// Una miniatura por hacer: de qué imagen, en qué archivo y de qué tamaño.
///
/// Viaja entre procesos. Sus campos se pueden cambiar: `size` es el hueco en el que tiene que caber, en píxeles.
///
/// # Examples
///
/// ```
/// use workloads::images::plan;
///
/// let mut trabajos = plan("fotos", ["fotos/playa.jpg"], "miniaturas");
/// trabajos[0].size = (64, 64);
/// assert_eq!(trabajos[0].target.to_str(), Some("miniaturas/playa_thumbnail.jpg"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Job {
    /// La imagen.
    #[serde(with = "path_bytes")]
    pub source: PathBuf,
    /// Dónde va su miniatura.
    #[serde(with = "path_bytes")]
    pub target: PathBuf,
    /// Ancho y alto en los que tiene que caber.
    pub size: (u32, u32),
}

/// Un trabajo por imagen, de 128×128: su miniatura va a la carpeta `target` y se llama `nombre_thumbnail.ext`.
///
/// Delante lleva las carpetas que hay entre `root` y ella: `vacaciones/playa.jpg` da
/// `vacaciones__playa_thumbnail.jpg`. Dos imágenes distintas dan siempre dos nombres distintos, y el de una no depende
/// de las demás; nada sale de `target`. Para eso, en los nombres:
///
/// - lo que no cuelga de `root` empieza por `%o`;
/// - un `_` al principio, al final o junto a otro es `%5F`, y un `%`, `%25`: así `__` solo separa carpetas;
/// - los caracteres de control y lo que no es UTF-8 van como `%` y su número;
/// - los que no caben en un nombre de archivo se cortan y acaban en `%~` y la huella (SHA-256) de la ruta. También la llevan
///   los que se confundirían sin mayúsculas, que en otros sistemas serían el mismo archivo, y los que pisarían una imagen.
///
/// La imagen repetida cuenta una vez. Y no se hacen miniaturas de lo que ya está en `target`, si cuelga de `root`: son
/// las de la vez anterior.
///
/// # En Python
///
/// `f"{ruta.stem}_thumbnail{ruta.suffix}"`: con dos `playa.jpg`, la segunda pisa a la primera.
///
/// # Examples
///
/// ```
/// use workloads::images::plan;
///
/// let trabajos = plan("fotos", ["fotos/playa.jpg", "fotos/2019/playa.jpg"], "miniaturas");
/// let nombres: Vec<_> = trabajos.iter().map(|trabajo| trabajo.target.to_str().unwrap()).collect();
/// assert_eq!(nombres, ["miniaturas/playa_thumbnail.jpg", "miniaturas/2019__playa_thumbnail.jpg"]);
/// ```
pub fn plan<P: Into<PathBuf>>(
    root: impl AsRef<Path>,
    paths: impl IntoIterator<Item = P>,
    target: impl AsRef<Path>,
) -> Vec<Job> {
    let (root, target) = (root.as_ref(), target.as_ref());
    let inside = target != root && target.starts_with(root);
    let mut seen = HashSet::new();
    let sources: Vec<PathBuf> = paths
        .into_iter()
        .map(Into::into)
        .filter(|path: &PathBuf| !(inside && path.starts_with(target)))
        .filter(|path| seen.insert(path.clone()))
        .collect();
    let named: Vec<(PathBuf, String, String)> = sources
        .into_iter()
        .map(|source| {
            let place = Place::new(&source, root);
            (source, place.name(), place.unique())
        })
        .collect();
    // Con cuáles no puede coincidir ninguno, ni sin mirar las mayúsculas.
    let mut once = HashSet::new();
    let mut crowded: HashSet<String> = named
        .iter()
        .filter_map(|(_, name, _)| {
            let folded = name.to_lowercase();
            (!once.insert(folded.clone())).then_some(folded)
        })
        .collect();
    let neighbours = named
        .iter()
        .filter(|(source, ..)| source.parent() == Some(target));
    crowded.extend(
        neighbours
            .filter_map(|(source, ..)| Some(source.file_name()?.to_string_lossy().to_lowercase())),
    );
    named
        .into_iter()
        .map(|(source, name, unique)| {
            let name = if crowded.contains(&name.to_lowercase()) {
                unique
            } else {
                name
            };
            Job {
                source,
                target: target.join(name),
                size: SIZE,
            }
        })
        .collect()
}

/// Lo que cabe en el nombre de un archivo, en bytes.
const LONGEST: usize = 255;

/// El nombre de una imagen, por trozos: cada ruta da unos distintos.
struct Place {
    /// Las carpetas y el nombre.
    body: String,
    /// Con su punto, si la hay.
    extension: String,
    hash: String,
}

impl Place {
    fn new(source: &Path, root: &Path) -> Place {
        let (relative, outside) = match source.strip_prefix(root) {
            Ok(relative) => (relative, false),
            Err(_) => (source, true),
        };
        // Un `%` con algo que no es un número no lo da ningún nombre.
        let mut pieces: Vec<String> = outside.then(|| "%o".to_owned()).into_iter().collect();
        let mut hash = Sha256::new_with_prefix([u8::from(outside)]);
        let mut extension = String::new();
        let mut components = relative.components().peekable();
        while let Some(component) = components.next() {
            hash.update(component.as_os_str().as_bytes());
            hash.update(b"/");
            pieces.push(match component {
                Component::Normal(folder) if components.peek().is_some() => {
                    escape(folder.as_bytes(), false)
                }
                Component::Normal(file) => {
                    let file = Path::new(file);
                    extension = file.extension().map_or(String::new(), |extension| {
                        format!(".{}", escape(extension.as_bytes(), true))
                    });
                    escape(file.file_stem().unwrap_or_default().as_bytes(), false)
                }
                Component::ParentDir => "%..".to_owned(),
                Component::CurDir => "%.".to_owned(),
                Component::RootDir | Component::Prefix(_) => "%r".to_owned(),
            });
        }
        let mut hex_hash = String::new();
        for byte in &hash.finalize()[..16] {
            let _ = write!(hex_hash, "{byte:02x}");
        }
        Place {
            body: pieces.join("__"),
            extension,
            hash: hex_hash,
        }
    }

    fn name(&self) -> String {
        let name = format!("{}_thumbnail{}", self.body, self.extension);
        if name.len() <= LONGEST {
            name
        } else {
            self.unique()
        }
    }

    /// El nombre con la huella de la ruta: no lo da ninguna otra, ni cortado ni sin mayúsculas.
    fn unique(&self) -> String {
        let (mut body, mut extension) = (self.body.clone(), self.extension.clone());
        let tail = format!("%~{}_thumbnail", self.hash);
        shorten(&mut extension, 32);
        shorten(&mut body, LONGEST - tail.len() - extension.len());
        format!("{body}{tail}{extension}")
    }
}

/// Corta el texto en ese byte o, si cae en medio de un carácter, antes.
fn shorten(text: &mut String, longest: usize) {
    let longest = longest.min(text.len());
    let end = (0..=longest).rfind(|&at| text.is_char_boundary(at));
    text.truncate(end.unwrap_or(0));
}

/// El texto sin lo que confunde: ver [`plan`]. `all` escapa todos los `_`.
fn escape(text: &[u8], all: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut at = 0;
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            let next = at + c.len_utf8();
            let alone = at > 0 && text[at - 1] != b'_' && next < text.len() && text[next] != b'_';
            if c == '%' || c.is_control() || (c == '_' && (all || !alone)) {
                hex(&mut escaped, c.encode_utf8(&mut [0; 4]).as_bytes());
            } else {
                escaped.push(c);
            }
            at = next;
        }
        hex(&mut escaped, chunk.invalid());
        at += chunk.invalid().len();
    }
    escaped
}

fn hex(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        let _ = write!(text, "%{byte:02X}");
    }
}
