//! Lo que va bien: el cuerpo entero, comprimido o no; compartir la sesión; usarla donde no conviene.

use crate::comun::*;
use concurrencia::timeline::{State, timeline};
use concurrencia::{ThreadPool, asyncio};
use workloads::http::{Options, User};
use workloads::{ClientSession, Session};

fn los_sitios_llegan_enteros_con_y_sin_compresion<C: Cliente>() {
    let servidor = servidor();
    let (con, sin) = (C::nuevo(), C::con(&Options::new().compression(false)));
    for sitio in servidor.sites().unwrap() {
        let comprimido = con.pide(sitio.url()).unwrap();
        let tal_cual = sin.pide(sitio.url()).unwrap();
        assert_eq!(comprimido.len(), sitio.bytes(), "{}", sitio.name());
        assert_eq!(comprimido.bytes(), tal_cual.bytes(), "{}", sitio.name());
        assert!(
            comprimido.text().unwrap().contains("<html"),
            "{}",
            sitio.name()
        );
    }
    // Por el cable, comprimidos ocupan mucho menos.
    servidor.forget().unwrap();
    let sitio = &servidor.sites().unwrap()[1];
    con.pide(sitio.url()).unwrap();
    let comprimido = servidor.stats().unwrap().bytes();
    servidor.forget().unwrap();
    sin.pide(sitio.url()).unwrap();
    assert!(comprimido * 2 < servidor.stats().unwrap().bytes());
}

fn la_cabecera_dice_tipo_y_longitud<C: Cliente>() {
    let servidor = servidor();
    let respuesta = C::nuevo().pide(&servidor.bytes(1234)).unwrap();
    assert_eq!((respuesta.status(), respuesta.len()), (200, 1234));
    assert_eq!(respuesta.content_length(), Some(1234));
    assert_eq!(respuesta.url(), servidor.bytes(1234));
    let vacia = C::nuevo().pide(&servidor.bytes(0)).unwrap();
    assert!(vacia.is_empty());
}

fn un_usuario_y_su_retrato<C: Cliente>() {
    let (servidor, cliente) = (servidor(), C::nuevo());
    let [uno, otra_vez, otro] = [123, 123, 456]
        .map(|id| User::from_response(&cliente.pide(&servidor.user(id)).unwrap()).unwrap());
    assert_eq!(uno, otra_vez);
    assert_ne!(uno, otro);
    assert!(uno.email().contains('@') && uno.name().contains(' '));
    let retrato = cliente.pide(uno.picture()).unwrap();
    assert!(retrato.bytes().starts_with(b"\xff\xd8"), "es un JPEG");
    // Lo que no es un usuario no se entiende, y se dice.
    let error = User::from_response(&cliente.pide(&servidor.pages()[0]).unwrap()).unwrap_err();
    assert!(error.is_parse(), "{error}");
}

con_las_dos! {
    los_sitios_llegan_enteros_con_y_sin_compresion
    la_cabecera_dice_tipo_y_longitud
    un_usuario_y_su_retrato
}

#[test]
fn una_sesion_se_comparte_entre_hilos() {
    let servidor = servidor();
    let (sesion, url) = (Session::new().unwrap(), servidor.bytes(10_000));
    let pool = ThreadPool::new(8).unwrap();
    let largos = pool
        .map(move |_| sesion.get(&url).map(|r| r.len()), 0..200)
        .unwrap();
    assert!(
        largos.iter().all(|largo| largo == &Ok(10_000)),
        "{largos:?}"
    );
    assert_eq!(servidor.stats().unwrap().requests(), 200);
    assert!(servidor.stats().unwrap().peak() <= 8);
}

#[test]
fn una_sesion_asincrona_hace_muchas_a_la_vez() {
    // Cada sitio tarda: si van a la vez, el servidor las ve a la vez.
    let servidor = workloads::Server::builder().scale(0.2).start().unwrap();
    let urls: Vec<String> = servidor
        .sites()
        .unwrap()
        .iter()
        .map(|sitio| sitio.url().to_owned())
        .collect();
    let bajadas = asyncio::run(async move {
        let sesion = ClientSession::new().unwrap();
        let tareas = urls.into_iter().map(|url| {
            let sesion = sesion.clone();
            async move { sesion.get(url).await }
        });
        asyncio::gather(tareas).await.unwrap()
    });
    assert!(bajadas.iter().all(Result::is_ok), "{bajadas:?}");
    assert_eq!(servidor.stats().unwrap().peak(), 16);
    assert_eq!(servidor.stats().unwrap().in_flight(), 0);
}

#[test]
fn mil_descargas_a_la_vez_sin_un_error() {
    // Cada una espera más de dos segundos: da tiempo a que lleguen todas.
    let servidor = workloads::Server::builder().scale(4).start().unwrap();
    let urls = vec![servidor.bytes(10_000); 1_000];
    let bajadas = asyncio::run(async move {
        let sesion = ClientSession::new().unwrap();
        let tareas = urls.into_iter().map(|url| {
            let sesion = sesion.clone();
            async move { sesion.get(url).await.map(|bajada| bajada.len()) }
        });
        asyncio::gather(tareas).await.unwrap()
    });
    assert_eq!(bajadas, vec![Ok(10_000); 1_000]);
    let cuentas = servidor.stats().unwrap();
    assert_eq!((cuentas.peak(), cuentas.bytes()), (1_000, 10_000_000));
}

#[test]
fn la_bloqueante_dentro_de_un_bucle_lo_bloquea_y_no_entra_en_panico() {
    let servidor = servidor();
    let urls = servidor.pages();
    let peticiones = urls.len();
    let bajadas = asyncio::run(async move {
        // Como en Python: tres «tareas» que no sueltan el bucle.
        let sesion = Session::new().unwrap();
        let tareas = urls.into_iter().map(|url| {
            let sesion = sesion.clone();
            async move { sesion.get(url) }
        });
        asyncio::gather(tareas).await.unwrap()
    });
    assert!(bajadas.iter().all(Result::is_ok), "{bajadas:?}");
    let cuentas = servidor.stats().unwrap();
    assert_eq!(cuentas.requests(), peticiones as u64);
    assert_eq!(cuentas.peak(), 1, "una detrás de otra");
}

#[test]
fn una_peticion_sale_en_la_linea_de_tiempo_como_espera() {
    let servidor = servidor();
    let (sesion, url) = (Session::new().unwrap(), servidor.url("/bytes/5"));
    let traza = timeline(|| sesion.get(&url).unwrap());
    assert!(traza.tasks().iter().any(|tarea| tarea.name() == "5"));
    assert!(!traza.total(State::Io).is_zero());
}

#[test]
fn sesiones_y_respuestas_se_describen_en_una_linea() {
    let servidor = servidor();
    let sesion = Session::new().unwrap();
    let respuesta = sesion.get(servidor.bytes(7)).unwrap();
    assert_eq!(format!("{sesion:?}"), "Session");
    assert!(format!("{respuesta:?}").starts_with("Response(200, 7 bytes de «http://127.0.0.1:"));
}
