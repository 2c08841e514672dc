//! El mismo trabajo en Python, con lo que usan las lecciones, para correr contra él en una
//! [`Race`](concurrencia::Race).
//!
//! | guion | función y argumentos | da |
//! |---|---|---|
//! | [`DOWNLOADS`] | `en_serie(urls)`, `con_hilos(urls, hilos)`, `con_aiohttp(urls)`, `con_httpx(urls)` | los bytes de cada sitio |
//! | [`IMAGES`] | `con_aiohttp(urls, carpeta)`, `con_httpx(urls, carpeta)` | los bytes de cada imagen |
//! | | `retratos_en_serie(usuarios, carpeta)`, `retratos_con_hilos(usuarios, carpeta, hilos)`, `retratos_con_procesos(usuarios, carpeta, procesos)` | los bytes de cada retrato |
//! | [`THUMBNAILS`] | `en_serie(trabajos)`, `con_hilos(trabajos, hilos)`, `con_procesos(trabajos, procesos)` | ancho y alto de cada miniatura |
//! | [`CPU`] | `claves_en_serie(claves, sal, vueltas)`, `claves_con_hilos(…, hilos)`, `claves_con_procesos(…, procesos)` | cada clave, en hexadecimal |
//! | | `cuadrados_en_serie(hasta, divisor)`, `cuadrados_con_hilos(…, hilos)`, `cuadrados_con_procesos(…, procesos)` | la suma, dividida |
//! | | `mixto_en_serie(trabajos, pausa, vueltas)`, `mixto_con_hilos(…, hilos)`, `mixto_con_procesos(…, procesos)` | la última clave de cada trabajo, o nada |
//!
//! Los usuarios son pares de identificador y dirección; los trabajos de [`THUMBNAILS`], pares de imagen y miniatura, y
//! sus tres funciones admiten al final el `reducing_gap` de Pillow (`None` para decodificar el JPEG entero). La pausa va
//! en segundos reales: [`to_real`](concurrencia::time::to_real) los da. El `con_aiohttp` de [`DOWNLOADS`] admite al final
//! cuántas conexiones a la vez: 100 si no se dice, y con 0, sin tope.
//!
//! Usan requests, aiohttp, httpx, aiofiles y Pillow. Si falta alguno, los participantes de ese guion no corren y la
//! carrera lo avisa.
//!
//! ```
//! use concurrencia::prelude::*;
//! use workloads::python;
//!
//! let n = 100_000_u64;
//! let carrera = Race::new("cuadrados", 3)
//!     .rust("en serie", || (0..n).map(|i| i * i).sum::<u64>() / 223)
//!     .python("en serie", python::CPU.call("cuadrados_en_serie", (n, 223)))
//!     .python("2 procesos", python::CPU.call("cuadrados_con_procesos", (n, 223, 2)))
//!     .run()?;
//! assert_eq!(*carrera.value(), 1_494_745_889_461);
//! # Ok::<(), RaceError>(())
//! ```

use concurrencia::race::Script;

/// Bajar unos sitios, con requests, aiohttp y httpx.
///
/// # Examples
///
/// ```
/// use workloads::python::DOWNLOADS;
///
/// let urls = vec!["http://127.0.0.1:8000/a".to_owned()];
/// assert_eq!(
///     DOWNLOADS.call("con_hilos", (urls, 5)).to_string(),
///     r#"descargas.con_hilos(["http://127.0.0.1:8000/a"], 5)"#,
/// );
/// ```
pub const DOWNLOADS: Script = Script::new("descargas", include_str!("../python/descargas.py"));

/// Bajar imágenes y retratos a una carpeta, con aiohttp, httpx y aiofiles, y con requests en hilos y en procesos.
///
/// # Examples
///
/// ```
/// use workloads::python::IMAGES;
///
/// assert!(IMAGES.source().contains("def con_aiohttp(urls, carpeta):"));
/// ```
pub const IMAGES: Script = Script::new("imagenes", include_str!("../python/imagenes.py"));

/// Hacer miniaturas con Pillow: en serie, con hilos y con procesos.
///
/// # Examples
///
/// ```
/// use workloads::python::THUMBNAILS;
///
/// let trabajos = vec![("playa.jpg".to_owned(), "playa_thumbnail.jpg".to_owned())];
/// let llamada = THUMBNAILS.call("en_serie", (trabajos, None::<f64>));
/// assert_eq!(llamada.to_string(), r#"miniaturas.en_serie([["playa.jpg","playa_thumbnail.jpg"]], null)"#);
/// ```
pub const THUMBNAILS: Script = Script::new("miniaturas", include_str!("../python/miniaturas.py"));

/// Derivar claves, sumar cuadrados y el trabajo que espera y calcula, solo con la biblioteca estándar.
///
/// # Examples
///
/// ```
/// use concurrencia::Race;
/// use workloads::python::CPU;
///
/// let carrera = Race::new("suma", 1)
///     .rust("fórmula", || 333_283_335_000_u64 / 223)
///     .python("suma", CPU.call("cuadrados_en_serie", (10_000, 223)))
///     .run()?;
/// assert_eq!(*carrera.value(), 1_494_544_103);
/// # Ok::<(), concurrencia::RaceError>(())
/// ```
pub const CPU: Script = Script::new("cpu", include_str!("../python/cpu.py"));
