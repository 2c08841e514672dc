//! Los guiones de Python hacen lo mismo que se hace aquí. Si no hay Python, o le falta una biblioteca, la prueba avisa y
//! se salta.

use std::fmt::Debug;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::{env, fs, process, thread};

use concurrencia::Race;
use concurrencia::race::RaceResults;
use sha2::Sha256;
use workloads::image::{self, ImageFormat, RgbImage};
use workloads::python::{CPU, DOWNLOADS, IMAGES, THUMBNAILS};

/// Un servidor que da `/bytes/N` (N bytes), `/usuario/ID` y `/retrato/ID`, cada conexión en su hilo.
fn servidor() -> String {
    let oyente = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", oyente.local_addr().unwrap());
    let origen = base.clone();
    thread::spawn(move || {
        for conexion in oyente.incoming() {
            let base = origen.clone();
            thread::spawn(move || atiende(conexion.unwrap(), &base));
        }
    });
    base
}

fn atiende(conexion: TcpStream, base: &str) -> Option<()> {
    let mut lectura = BufReader::new(conexion.try_clone().ok()?);
    loop {
        let mut peticion = String::new();
        lectura.read_line(&mut peticion).ok()?;
        let ruta = peticion.split(' ').nth(1)?.to_owned();
        let mut cabecera = String::new();
        while lectura.read_line(&mut cabecera).ok()? > 2 {
            cabecera.clear();
        }
        let cuerpo = match ruta.trim_start_matches('/').split_once('/')? {
            ("bytes", n) => vec![b'x'; n.parse().ok()?],
            ("usuario", id) => {
                let url = format!("{base}/retrato/{id}");
                format!(r#"{{"results":[{{"picture":{{"large":"{url}"}}}}]}}"#).into_bytes()
            }
            (_, id) => id.repeat(100).into_bytes(),
        };
        let largo = cuerpo.len();
        let mut respuesta =
            format!("HTTP/1.1 200 OK\r\nContent-Length: {largo}\r\n\r\n").into_bytes();
        respuesta.extend(cuerpo);
        (&conexion).write_all(&respuesta).ok()?;
    }
}

/// Una carpeta vacía que se borra al soltarla.
struct Carpeta(PathBuf);

impl Carpeta {
    fn nueva(nombre: &str) -> Carpeta {
        let ruta = env::temp_dir().join(format!("prueba-guiones-{nombre}-{}", process::id()));
        fs::create_dir(&ruta).unwrap();
        Carpeta(ruta)
    }
}

impl Drop for Carpeta {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Los resultados, si han corrido `cuantos`; si ha faltado alguno, avisa por qué.
fn si_corrieron<T: Debug>(cuantos: usize, carrera: RaceResults<T>) -> Option<RaceResults<T>> {
    if carrera.participants().len() == cuantos {
        assert_eq!(carrera.warnings(), [] as [&str; 0]);
        return Some(carrera);
    }
    eprintln!("esta prueba se salta: {:?}", carrera.warnings());
    None
}

/// Una ruta, como se le pasa a Python.
fn texto(ruta: PathBuf) -> String {
    ruta.into_os_string().into_string().unwrap()
}

#[test]
fn las_descargas_dan_los_tamanos_en_orden() {
    let base = servidor();
    let tamanos = vec![332_919_usize, 0, 7, 49_061, 12_310];
    let urls: Vec<String> = tamanos
        .iter()
        .map(|n| format!("{base}/bytes/{n}"))
        .collect();
    let carrera = Race::new("descargas", 2)
        .rust("los que son", || tamanos.clone())
        .python("requests", DOWNLOADS.call("en_serie", (urls.clone(),)))
        .python("5 hilos", DOWNLOADS.call("con_hilos", (urls.clone(), 5)))
        .python("aiohttp", DOWNLOADS.call("con_aiohttp", (urls.clone(),)))
        .python("httpx", DOWNLOADS.call("con_httpx", (urls.clone(),)))
        .run()
        .unwrap();
    si_corrieron(5, carrera);
}

#[test]
fn las_imagenes_y_los_retratos_llegan_al_disco() {
    let base = servidor();
    let carpeta = Carpeta::nueva("imagenes");
    let en = |nombre: &str| carpeta.0.join(nombre);
    let tamanos = vec![1000_usize, 2000, 500];
    let urls: Vec<String> = tamanos
        .iter()
        .map(|n| format!("{base}/bytes/{n}"))
        .collect();
    let fotos = Race::new("imágenes", 1)
        .rust("los que son", || tamanos.clone())
        .python(
            "aiohttp",
            IMAGES.call("con_aiohttp", (urls.clone(), texto(en("a")))),
        )
        .python(
            "httpx",
            IMAGES.call("con_httpx", (urls.clone(), texto(en("b")))),
        )
        .run()
        .unwrap();
    if si_corrieron(3, fotos).is_none() {
        return;
    }
    for destino in ["a", "b"] {
        // Cada vez, en una carpeta nueva: el calentamiento, la medida y la de con arranque.
        let carpetas: Vec<PathBuf> = fs::read_dir(en(destino))
            .unwrap()
            .map(|carpeta| carpeta.unwrap().path())
            .collect();
        assert_eq!(carpetas.len(), 3);
        for carpeta in carpetas {
            let largo = |i| {
                fs::metadata(carpeta.join(format!("{i:03}.jpg")))
                    .unwrap()
                    .len()
            };
            assert_eq!([0, 1, 2].map(largo), [1000, 2000, 500]);
        }
    }

    let ids = ["123", "456", "78"];
    let usuarios: Vec<(String, String)> = ids
        .map(|id| (id.to_owned(), format!("{base}/usuario/{id}")))
        .into();
    let retratos = Race::new("retratos", 1)
        .rust("los que son", || vec![300_usize, 300, 200])
        .python(
            "serie",
            IMAGES.call("retratos_en_serie", (usuarios.clone(), texto(en("c")))),
        )
        .python(
            "hilos",
            IMAGES.call("retratos_con_hilos", (usuarios.clone(), texto(en("d")), 2)),
        )
        .python(
            "procesos",
            IMAGES.call(
                "retratos_con_procesos",
                (usuarios.clone(), texto(en("e")), 2),
            ),
        )
        .run()
        .unwrap();
    si_corrieron(4, retratos).unwrap();
    for destino in ["c", "d", "e"] {
        assert_eq!(
            fs::read_to_string(en(destino).join("78.jpg")).unwrap(),
            "78".repeat(100)
        );
    }
}

#[test]
fn las_miniaturas_caben_en_128_y_conservan_la_proporcion() {
    let carpeta = Carpeta::nueva("miniaturas");
    let foto = RgbImage::from_fn(320, 180, |x, y| image::Rgb([x as u8, y as u8, 99]));
    let trabajos: Vec<(String, String)> =
        [("a.jpg", ImageFormat::Jpeg), ("b.png", ImageFormat::Png)]
            .into_iter()
            .map(|(nombre, formato)| {
                let origen = carpeta.0.join(nombre);
                foto.save_with_format(&origen, formato).unwrap();
                (
                    texto(origen),
                    texto(carpeta.0.join(format!("mini-{nombre}"))),
                )
            })
            .collect();
    let carrera = Race::new("miniaturas", 1)
        .rust("las que son", || vec![(128, 72); 2])
        .python("serie", THUMBNAILS.call("en_serie", (trabajos.clone(),)))
        .python(
            "entero",
            THUMBNAILS.call("en_serie", (trabajos.clone(), None::<f64>)),
        )
        .python("hilos", THUMBNAILS.call("con_hilos", (trabajos.clone(), 2)))
        .python(
            "procesos",
            THUMBNAILS.call("con_procesos", (trabajos.clone(), 2, None::<f64>)),
        )
        .run()
        .unwrap();
    if si_corrieron(5, carrera).is_some() {
        assert_eq!(image::image_dimensions(&trabajos[1].1).unwrap(), (128, 72));
    }
}

#[test]
fn las_claves_son_las_de_la_norma() {
    let claves = ["contraseña", "password"].map(str::to_owned);
    let derivar = |clave: &String| {
        let mut salida = [0; 32];
        pbkdf2::pbkdf2_hmac::<Sha256>(clave.as_bytes(), b"sal", 1000, &mut salida);
        salida
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let carrera = Race::new("claves", 1)
        .rust("pbkdf2", || {
            claves.iter().map(derivar).collect::<Vec<String>>()
        })
        .python(
            "serie",
            CPU.call("claves_en_serie", (claves.clone(), "sal".to_owned(), 1000)),
        )
        .python(
            "hilos",
            CPU.call(
                "claves_con_hilos",
                (claves.clone(), "sal".to_owned(), 1000, 2),
            ),
        )
        .python(
            "procesos",
            CPU.call(
                "claves_con_procesos",
                (claves.clone(), "sal".to_owned(), 1000, 2),
            ),
        )
        .run()
        .unwrap();
    si_corrieron(4, carrera);
}

#[test]
fn los_cuadrados_dan_lo_mismo_repartidos() {
    let n = 10_007_u64;
    let carrera = Race::new("cuadrados", 1)
        .rust("serie", || (0..n).map(|i| i * i).sum::<u64>() / 223)
        .python("serie", CPU.call("cuadrados_en_serie", (n, 223)))
        .python("hilos", CPU.call("cuadrados_con_hilos", (n, 223, 3)))
        .python("procesos", CPU.call("cuadrados_con_procesos", (n, 223, 3)))
        .run()
        .unwrap();
    si_corrieron(4, carrera);
}

#[test]
fn el_trabajo_mixto_da_la_ultima_clave_de_cada_uno() {
    let trabajos = [3, 0, 1];
    let carrera = Race::<Vec<Option<String>>>::new("mixto", 1)
        .python("serie", CPU.call("mixto_en_serie", (trabajos, 0.001, 10)))
        .python(
            "hilos",
            CPU.call("mixto_con_hilos", (trabajos, 0.001, 10, 2)),
        )
        .python(
            "procesos",
            CPU.call("mixto_con_procesos", (trabajos, 0.001, 10, 2)),
        )
        .run();
    match carrera {
        Ok(carrera) => {
            let [tres, ninguna, una] = &carrera.value()[..] else {
                panic!("{:?}", carrera.value())
            };
            assert!(tres.is_some() && tres == una && ninguna.is_none());
        }
        Err(error) => assert!(error.is_empty(), "{error}"),
    }
}
