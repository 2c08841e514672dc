//! Imágenes y miniaturas: pintarlas, encontrarlas, reducirlas y hacerlo con muchas a la vez.
//!
//! ```
//! use workloads::images::{self, Mode, Tree};
//!
//! # let raiz = std::env::temp_dir().join(format!("images-{}", std::process::id()));
//! # std::fs::create_dir_all(&raiz)?;
//! let fotos = raiz.join("fotos");
//! Tree::new(7).images(4).size(320, 180).pdf(1).generate(&fotos)?;
//! let trabajos = images::plan(&fotos, images::find(&fotos)?, raiz.join("miniaturas"));
//! let hechas = images::convert(trabajos, Mode::Threads(2));
//! assert!(hechas.to_string().starts_with("4 bien, 1 mal"));
//! # std::fs::remove_dir_all(&raiz)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`photo`] pinta una foto; [`Tree`], un árbol de carpetas lleno.
//! - [`find`] las encuentra, [`plan`] decide cómo se llama cada miniatura.
//! - [`thumbnail`] hace una, de archivo a archivo; [`shrink`], en memoria; [`clean`] quita lo que quedó a medias.
//! - [`convert`] hace muchas, con quien diga su [`Mode`].
//!
//! # Cómo se reduce
//!
//! Como Pillow: un JPEG se decodifica ya a 1/8, 2/8 o 4/8 de su tamaño (libjpeg junta los píxeles sin llegar a calcularlos
//! todos) y lo que falta se reduce con la bicúbica. El resultado se parece al de Pillow menos de 3 niveles de 255, de media.

mod photo;
pub use photo::{photo, photo_png};

mod tree;
pub use tree::{Planted, Tree};

mod find;
pub use find::{FindError, find};

mod plan;
pub use plan::{Job, plan};

mod thumbnail;
pub use thumbnail::{Thumbnail, clean, thumbnail};

mod shrink;
pub use shrink::shrink;

mod convert;
pub use convert::{Mode, convert, convert_with_progress};

mod error;
pub use error::ImageError;

mod size;
pub use size::SIZE;

// POR DENTRO
mod jpeg;
mod path_bytes;
mod png;
