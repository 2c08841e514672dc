//! Lo que se sirve: cuánto pesa, qué forma tiene y que siempre es igual.

use std::io::{Read, Write};
use std::net::TcpStream;

use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE};
use workloads::image;
use workloads::schedule;
use workloads::server::{COLLECTIONS, Delivery, PAGES, SITES, latency};

use crate::programa::Programa;
use std::time::Duration;

/// La respuesta tal como viaja, con el `Accept-Encoding` que se diga.
fn raw(program: &Programa, path: &str, accept: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(program.address()).unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {accept}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    (head.to_ascii_lowercase(), answer[end + 4..].to_vec())
}

fn length(head: &str) -> Option<usize> {
    let line = head
        .lines()
        .find(|line| line.starts_with("content-length:"))?;
    line.rsplit(' ').next()?.parse().ok()
}

#[test]
fn los_16_sitios_pesan_lo_que_en_la_leccion() {
    let program = Programa::new();
    for site in SITES {
        let response = program.get(&format!("/sitios/{}", site.name()));
        assert!(
            response.headers()[CONTENT_TYPE]
                .to_str()
                .unwrap()
                .starts_with("text/html")
        );
        let body = response.bytes().unwrap();
        assert_eq!(body.len(), site.bytes(), "{}", site.name());
        assert!(body.starts_with(b"<!doctype html>") && body.ends_with(b"</html>\n"));
    }
    assert_eq!(program.get("/sitios/nadie").status(), 404);
}

#[test]
fn a_quien_entiende_gzip_le_llega_como_en_la_leccion() {
    let program = Programa::new();
    for site in SITES {
        let (head, body) = raw(
            &program,
            &format!("/sitios/{}", site.name()),
            "gzip, deflate",
        );
        let gzip = head.contains("content-encoding: gzip");
        match site.delivery() {
            Delivery::Plain => assert!(!gzip && length(&head) == Some(site.bytes())),
            Delivery::Gzip => {
                assert!(gzip && length(&head) == Some(body.len()));
                assert!(
                    body.len() < site.bytes() / 2,
                    "{}: {}",
                    site.name(),
                    body.len()
                );
            }
            Delivery::Chunked => {
                assert!(gzip && length(&head).is_none());
                assert!(head.contains("transfer-encoding: chunked"));
            }
        }
    }
}

#[test]
fn a_quien_no_entiende_gzip_le_llega_sin_comprimir() {
    let program = Programa::new();
    for accept in ["identity", "br", "gzip;q=0", "deflate, gzip; q=0.0"] {
        let (head, body) = raw(&program, "/sitios/jython", accept);
        assert!(!head.contains("content-encoding"), "{accept}");
        assert_eq!(body.len(), 10_287);
    }
    let (head, _) = raw(&program, "/sitios/jython", "br, GZIP;q=0.5");
    assert!(head.contains("content-encoding: gzip") && head.contains("vary: accept-encoding"));
}

#[test]
fn la_espera_suma_y_llega_a_lo_que_midio_la_leccion() {
    let seconds = SITES.map(|site| latency(site.bytes()));
    let total: f64 = seconds.iter().sum();
    let largest = seconds.iter().copied().fold(0.0, f64::max);
    assert!((total - 10.796).abs() < 0.001, "{total}");
    assert!((largest - 1.134).abs() < 0.001, "{largest}");

    let waits = seconds.map(Duration::from_secs_f64);
    let five = schedule::in_order(waits, 5).makespan().as_secs_f64();
    // La lección midió 2,22 s con cinco hilos; mejor que 2,25 no se puede con estas esperas.
    assert!((five / 2.22 - 1.0).abs() < 0.12, "{five}");
    let best = schedule::best(waits, 5);
    assert!(best.is_best(), "{best}");
    let ratio = five / best.makespan().as_secs_f64();
    assert!((1.0..1.10).contains(&ratio), "{ratio}");
}

#[test]
fn con_la_misma_semilla_los_mismos_bytes_y_con_otra_otros() {
    let programs =
        ["7", "7", "8"].map(|seed| Programa::with(&["--escala", "0", "--semilla", seed]));
    let paths = [
        "/sitios/yahoo",
        "/paginas/python",
        "/posts",
        "/comments",
        "/photos",
        "/todos",
        "/albums",
        "/api?seed=123",
        "/retratos/123.jpg",
        "/imagenes/7.jpg?tam=64x36",
        "/bytes/100000",
    ];
    for path in paths {
        // Lo único que cambia de un arranque a otro: el puerto, en los que dan direcciones del propio servidor.
        let [one, same, other] = programs.each_ref().map(|program| {
            let body = program.body(path);
            match String::from_utf8(body) {
                Ok(text) => text.replace(&program.base, "http://servidor").into_bytes(),
                Err(binary) => binary.into_bytes(),
            }
        });
        assert!(one == same, "{path} cambia de un arranque a otro");
        assert!(one != other, "{path} no depende de la semilla");
    }
}

#[test]
fn pedirlo_dos_veces_da_lo_mismo() {
    let program = Programa::new();
    for path in ["/sitios/cnn", "/imagenes/3.jpg?tam=64x36", "/api?seed=abc"] {
        assert_eq!(program.body(path), program.body(path));
    }
}

#[test]
fn un_usuario_tiene_la_forma_de_randomuser_y_su_retrato_esta_aqui() {
    let program = Programa::new();
    let answer = program.json("/api?seed=123");
    assert_eq!(answer["info"]["seed"], "123");
    let user = &answer["results"][0];
    for field in [
        "/name/first",
        "/name/last",
        "/email",
        "/login/uuid",
        "/location/city",
        "/dob/date",
        "/phone",
        "/nat",
    ] {
        assert!(
            user.pointer(field).is_some_and(|v| v.is_string()),
            "{field}"
        );
    }
    for (field, side) in [("large", 128), ("medium", 72), ("thumbnail", 48)] {
        let url = user["picture"][field].as_str().unwrap();
        let path = url.strip_prefix(&program.base).unwrap();
        let portrait = image::load_from_memory(&program.body(path)).unwrap();
        assert_eq!((portrait.width(), portrait.height()), (side, side));
    }
    assert_ne!(answer["results"], program.json("/api?seed=456")["results"]);
    assert_ne!(
        program.body("/retratos/123.jpg"),
        program.body("/retratos/456.jpg")
    );
}

#[test]
fn un_usuario_con_nombre_raro_tambien_tiene_retrato() {
    let program = Programa::new();
    let answer = program.json("/api?seed=../%C3%B1%20%3F%23");
    assert_eq!(answer["info"]["seed"], "../ñ ?#");
    let url = answer["results"][0]["picture"]["large"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = url.strip_prefix(&program.base).unwrap();
    assert!(
        image::load_from_memory(&program.body(path)).is_ok(),
        "{url}"
    );
}

#[test]
fn las_colecciones_tienen_las_fichas_de_jsonplaceholder() {
    let program = Programa::new();
    for (name, count) in COLLECTIONS {
        let items = program.json(&format!("/{name}"));
        let items = items.as_array().unwrap();
        assert_eq!(items.len(), count, "{name}");
        let ids: Vec<u64> = items
            .iter()
            .map(|item| item["id"].as_u64().unwrap())
            .collect();
        assert_eq!(ids, (1..=count as u64).collect::<Vec<_>>(), "{name}");
    }
    let fields = |path: &str| {
        let item = program.json(path)[0].clone();
        let mut fields: Vec<String> = item.as_object().unwrap().keys().cloned().collect();
        fields.sort();
        fields.join(" ")
    };
    assert_eq!(fields("/posts"), "body id title userId");
    assert_eq!(fields("/comments"), "body email id name postId");
    assert_eq!(fields("/albums"), "id title userId");
    assert_eq!(fields("/photos"), "albumId id thumbnailUrl title url");
    assert_eq!(fields("/todos"), "completed id title userId");
}

#[test]
fn las_imagenes_son_jpeg_de_1600_por_900_o_del_tamano_que_se_pida() {
    let program = Programa::new();
    let body = program.body("/imagenes/7.jpg");
    assert!((100_000..400_000).contains(&body.len()), "{}", body.len());
    assert_eq!(
        image::guess_format(&body).unwrap(),
        image::ImageFormat::Jpeg
    );
    let photo = image::load_from_memory(&body).unwrap();
    assert_eq!((photo.width(), photo.height()), (1600, 900));

    let small = image::load_from_memory(&program.body("/imagenes/7.jpg?tam=40x30")).unwrap();
    assert_eq!((small.width(), small.height()), (40, 30));
    assert_ne!(
        program.body("/imagenes/7.jpg?tam=40x30"),
        program.body("/imagenes/8.jpg?tam=40x30")
    );
}

#[test]
fn lo_que_no_hay_o_no_se_entiende_lo_dice() {
    let program = Programa::new();
    for path in [
        "/nada",
        "/imagenes/siete.jpg",
        "/imagenes/7.png",
        "/paginas/x",
        "/retratos/1",
    ] {
        let response = program.get(path);
        assert_eq!(response.status(), 404, "{path}");
        assert!(
            response.text().unwrap().contains("aquí no hay nada"),
            "{path}"
        );
    }
    for path in [
        "/imagenes/7.jpg?tam=0x10",
        "/imagenes/7.jpg?tam=9000x9",
        "/imagenes/7.jpg?tam=x",
        "/bytes/muchos",
        "/bytes/9999999999",
    ] {
        assert_eq!(program.get(path).status(), 400, "{path}");
    }
    assert!(
        program
            .get("/")
            .text()
            .unwrap()
            .contains("/imagenes/{n}.jpg")
    );
}

#[test]
fn bytes_da_exactamente_los_que_se_piden() {
    let program = Programa::new();
    for n in [0, 1, 10_000, 65_536, 65_537, 3_000_000] {
        let response = program.get(&format!("/bytes/{n}"));
        assert_eq!(response.content_length(), Some(n));
        assert_eq!(response.bytes().unwrap().len() as u64, n);
    }
}

#[test]
fn hay_tres_paginas() {
    let program = Programa::new();
    for (name, _) in PAGES {
        let response = program.get(&format!("/paginas/{name}"));
        // reqwest lo ha descomprimido, y por eso ya no lo dice.
        assert!(!response.headers().contains_key(CONTENT_ENCODING));
        let text = response.text().unwrap();
        assert!(
            (10_000..60_000).contains(&text.len())
                && text.contains(&format!("<title>{name}</title>"))
        );
    }
}

#[test]
fn head_dice_lo_que_pesa_sin_mandarlo() {
    let program = Programa::new();
    let url = format!("{}/sitios/python", program.base);
    let response = crate::programa::client().head(url).send().unwrap();
    assert_eq!(response.headers()["content-length"], "49061");
    assert_eq!(response.bytes().unwrap().len(), 0);
}
