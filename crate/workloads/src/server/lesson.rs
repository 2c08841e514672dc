//! Lo que la lección descarga y lo que tardó: los 16 sitios, las colecciones, las páginas y la ley de la espera.

/// Lo que tardó la lección en bajar los 16 sitios uno detrás de otro (L4-06).
const IN_SERIES: f64 = 10.796_195_030_212_402;
/// Lo que tardó en bajarlos todos a la vez (L4-12): lo que tarda el más lento.
const AT_ONCE: f64 = 1.134_104_728_698_730_5;

/// Segundos por byte, y segundos que se esperan aunque no se pida ninguno. Salen de dos ecuaciones, con `n` sitios que
/// suman `total` bytes y el mayor de `largest`:
///
/// ```text
/// n·BASE + total·PER_BYTE = IN_SERIES
///   BASE + largest·PER_BYTE = AT_ONCE
/// ```
///
/// Da 0,551 s y 0,52 µs por byte: una línea de 1,9 MB/s.
const PER_BYTE: f64 = (N * AT_ONCE - IN_SERIES) / (N * LARGEST - TOTAL);
const BASE: f64 = AT_ONCE - LARGEST * PER_BYTE;

const N: f64 = SITES.len() as f64;
const TOTAL: f64 = fold(false) as f64;
const LARGEST: f64 = fold(true) as f64;

const fn fold(largest: bool) -> usize {
    let (mut total, mut i) = (0, 0);
    while i < SITES.len() {
        let bytes = SITES[i].bytes;
        if !largest {
            total += bytes;
        } else if bytes > total {
            total = bytes;
        }
        i += 1;
    }
    total
}

/// Los segundos de la lección que el servidor espera antes del primer byte de un cuerpo de `bytes` bytes (sin comprimir).
///
/// Un fijo más un poco por byte. Con los 16 [`SITES`] suma los 10,796 s que tardó la lección en serie, y el mayor tarda
/// los 1,134 s que tardó con todos a la vez; en orden y entre cinco sale 2,45 s, y el mejor reparto posible es de
/// 2,25 s: la lección midió 2,22 s con cinco hilos, otro día de la misma red. Las 50 imágenes le costaron 4,95 s porque llenaban su línea (10 MB a 2 MB/s, la misma velocidad que sale
/// aquí); la línea de esta máquina no se llena, así que a la vez tardan lo que una.
///
/// # Examples
///
/// ```
/// use workloads::server::{SITES, latency};
///
/// let segundos = SITES.map(|sitio| latency(sitio.bytes()));
/// assert!((segundos.iter().sum::<f64>() - 10.796).abs() < 0.001);
/// assert!((latency(10_000) - 0.556).abs() < 0.001);
/// ```
pub fn latency(bytes: usize) -> f64 {
    BASE + PER_BYTE * bytes as f64
}

/// Uno de los 16 sitios de la lección: su nombre, su dirección, cuánto pesaba y cómo llegaba.
///
/// Es lo que había; lo que se descarga de aquí es un [`Site`](super::Site), que da [`Server::sites`](super::Server::sites).
///
/// # Examples
///
/// ```
/// use workloads::server::{Delivery, SITES};
///
/// let cnn = &SITES[1];
/// assert_eq!((cnn.name(), cnn.url(), cnn.bytes()), ("cnn", "http://www.cnn.com", 1_122_956));
/// assert_eq!(SITES.iter().filter(|sitio| sitio.delivery() == Delivery::Chunked).count(), 6);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LessonSite {
    name: &'static str,
    url: &'static str,
    bytes: usize,
    delivery: Delivery,
}

/// Cómo llegaba el cuerpo de un sitio a un cliente que entiende gzip: se ve en lo que le salió a aiohttp (L4-12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Sin comprimir: `Content-Length` es lo que pesa.
    Plain,
    /// Comprimido, con su `Content-Length`, que es menor.
    Gzip,
    /// Comprimido y a trozos, sin `Content-Length`: a aiohttp le salía `None`.
    Chunked,
}

impl LessonSite {
    const fn new(name: &'static str, url: &'static str, bytes: usize, delivery: Delivery) -> Self {
        LessonSite {
            name,
            url,
            bytes,
            delivery,
        }
    }

    /// El nombre corto.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// La dirección de verdad, tal como está en la lección.
    pub const fn url(&self) -> &'static str {
        self.url
    }

    /// Lo que pesa su cuerpo sin comprimir.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Cómo llega a quien entiende gzip.
    pub const fn delivery(&self) -> Delivery {
        self.delivery
    }
}

/// Los 16 sitios de la lección, en su orden (L4-05) y con lo que pesaban (L4-06).
pub const SITES: [LessonSite; 16] = {
    use Delivery::{Chunked, Gzip, Plain};
    [
        LessonSite::new("yahoo", "https://www.yahoo.com/", 332_919, Chunked),
        LessonSite::new("cnn", "http://www.cnn.com", 1_122_956, Gzip),
        LessonSite::new("python", "http://www.python.org", 49_061, Plain),
        LessonSite::new("jython", "http://www.jython.org", 10_287, Gzip),
        LessonSite::new("pypy", "http://www.pypy.org", 6_761, Plain),
        LessonSite::new("perl", "http://www.perl.org", 12_310, Plain),
        LessonSite::new("cisco", "http://www.cisco.com", 92_271, Gzip),
        LessonSite::new("facebook", "http://www.facebook.com", 132_310, Chunked),
        LessonSite::new("twitter", "http://www.twitter.com", 299_504, Gzip),
        LessonSite::new("macrumors", "http://www.macrumors.com/", 332_984, Chunked),
        LessonSite::new("arstechnica", "http://arstechnica.com/", 87_428, Chunked),
        LessonSite::new("reuters", "http://www.reuters.com/", 197_151, Gzip),
        LessonSite::new("abcnews", "http://abcnews.go.com/", 202_455, Chunked),
        LessonSite::new("cnbc", "http://www.cnbc.com/", 903_057, Gzip),
        LessonSite::new("dice", "http://olympus.realpython.org/dice", 274, Plain),
        LessonSite::new("realpython", "https://realpython.com/", 38_714, Chunked),
    ]
};

/// Las cinco colecciones JSON de la lección, en su orden (L3-27): nombre y cuántas fichas trae cada una.
pub const COLLECTIONS: [(&str, usize); 5] = [
    ("posts", 100),
    ("comments", 500),
    ("photos", 5000),
    ("todos", 200),
    ("albums", 100),
];

/// Las tres páginas de la lección (L2-10): su nombre aquí y su dirección de verdad.
pub const PAGES: [(&str, &str); 3] = [
    ("python", "https://python.org"),
    ("requests", "https://python-requests.com"),
    ("rmotr", "https://rmotr.com"),
];
