//! Descargar a un archivo: entero o nada, con un nombre que no sale de su carpeta.

use crate::comun::*;
use concurrencia::asyncio;
use workloads::ClientSession;
use workloads::http::Options;
use workloads::server::Fault;

fn el_archivo_es_lo_que_sirve_el_servidor<C: Cliente>() {
    let (servidor, cliente) = (servidor(), C::nuevo());
    let carpeta = tempfile::tempdir().unwrap();
    // La carpeta que falta se crea, con las que haya por encima.
    let destino = carpeta.path().join("a/b");
    let url = &servidor.collections()[0];
    let bajado = cliente.baja(url, &destino).unwrap();
    assert_eq!(bajado.url(), url);
    assert_eq!(bajado.path(), destino.join("posts"));
    let leido = std::fs::read(bajado.path()).unwrap();
    assert_eq!(leido, cliente.pide(url).unwrap().bytes());
    assert_eq!(bajado.bytes(), leido.len() as u64);
    assert_eq!(nombres(&destino), ["posts"], "no queda nada a medias");
}

fn el_que_habia_se_sustituye_entero<C: Cliente>() {
    let servidor = servidor();
    let carpeta = tempfile::tempdir().unwrap();
    std::fs::write(carpeta.path().join("x.bin"), vec![b'-'; 50_000]).unwrap();
    let cliente = C::nuevo();
    cliente
        .baja_como(&servidor.bytes(100), carpeta.path(), "x.bin")
        .unwrap();
    assert_eq!(
        std::fs::read(carpeta.path().join("x.bin")).unwrap().len(),
        100
    );
    assert_eq!(nombres(carpeta.path()), ["x.bin"]);
}

fn un_fallo_no_deja_ni_toca_nada<C: Cliente>() {
    let servidor = servidor();
    let carpeta = tempfile::tempdir().unwrap();
    std::fs::write(carpeta.path().join("x"), "lo de antes").unwrap();
    let cliente = C::con(&Options::new().redirects(3));
    for fallo in [
        Fault::NotFound,
        Fault::Truncated,
        Fault::RedirectLoop,
        Fault::Disconnect,
    ] {
        cliente
            .baja_como(&servidor.fault(fallo), carpeta.path(), "x")
            .unwrap_err();
    }
    assert_eq!(nombres(carpeta.path()), ["x"]);
    assert_eq!(
        std::fs::read(carpeta.path().join("x")).unwrap(),
        b"lo de antes"
    );
}

fn no_poder_escribir_es_un_error_con_su_ruta<C: Cliente>() {
    let servidor = servidor();
    let carpeta = tempfile::tempdir().unwrap();
    let estorbo = carpeta.path().join("estorbo");
    std::fs::write(&estorbo, "un archivo, no una carpeta").unwrap();
    let error = C::nuevo().baja(&servidor.bytes(10), &estorbo).unwrap_err();
    assert!(error.is_file(), "{error}");
    assert!(error.to_string().contains("estorbo"), "{error}");
    // Y donde ya hay una carpeta con ese nombre.
    std::fs::create_dir_all(carpeta.path().join("10/dentro")).unwrap();
    let error = C::nuevo()
        .baja(&servidor.bytes(10), carpeta.path())
        .unwrap_err();
    assert!(error.is_file(), "{error}");
    assert_eq!(nombres(carpeta.path()), ["10", "estorbo"]);
}

fn ningun_nombre_sale_de_su_carpeta<C: Cliente>() {
    let servidor = servidor();
    let fuera = tempfile::tempdir().unwrap();
    let dentro = fuera.path().join("dentro");
    let cliente = C::nuevo();
    let nombres_tramposos = ["../escapa", "/tmp/escapa", "..", "", "a/b/c", "..\\x", "\0"];
    for nombre in nombres_tramposos {
        let bajado = cliente
            .baja_como(&servidor.bytes(3), &dentro, nombre)
            .unwrap();
        assert_eq!(bajado.path().parent(), Some(dentro.as_path()), "{nombre:?}");
        assert!(bajado.path().is_file());
    }
    assert_eq!(nombres(fuera.path()), ["dentro"]);
}

con_las_dos! {
    el_archivo_es_lo_que_sirve_el_servidor
    el_que_habia_se_sustituye_entero
    un_fallo_no_deja_ni_toca_nada
    no_poder_escribir_es_un_error_con_su_ruta
    ningun_nombre_sale_de_su_carpeta
}

#[test]
fn cancelar_una_descarga_no_deja_nada() {
    let servidor = workloads::Server::builder().scale(1000).start().unwrap();
    let carpeta = tempfile::tempdir().unwrap();
    let destino = carpeta.path().to_owned();
    let url = servidor.sites().unwrap()[0].url().to_owned();
    let vigila = servidor.clone();
    let cancelada = asyncio::run(async move {
        let sesion = ClientSession::new().unwrap();
        let tarea = asyncio::create_task(async move { sesion.download(url, destino).await });
        // Cuando el servidor ya la tiene entre manos.
        while vigila.stats().unwrap().in_flight() == 0 {
            asyncio::sleep(0.01).await;
        }
        tarea.cancel();
        tarea.await.is_err()
    });
    assert!(cancelada);
    assert_eq!(nombres(carpeta.path()), [""; 0]);
}
