//! `Process`: arrancar, esperar, señales, y lo que pasa cuando el hijo no acaba bien.

use std::env;
use std::io::Write;
use std::process::{self, Command};
use std::thread;

use concurrencia::Process;
use concurrencia::process as mp;

use crate::comun::{acaba, existe};

crate::pruebas![
    join_devuelve_el_valor_de_la_funcion,
    join_se_puede_repetir,
    de_cero_a_ocho_argumentos,
    se_llaman_por_orden_o_como_se_diga,
    el_nombre_se_ve_dentro,
    antes_de_start_no_hay_pid_ni_codigo,
    arrancar_dos_veces_es_un_error,
    join_sin_start_es_un_error,
    is_alive_y_exitcode_acompanan,
    join_timeout_vence_y_el_proceso_sigue,
    los_argumentos_se_copian_al_crear,
    el_hijo_no_ve_las_variables_del_padre,
    terminate_y_kill_dan_su_senal,
    terminate_tras_acabar_no_hace_nada,
    un_panico_es_un_error_y_sale_con_uno,
    un_panico_en_otro_hilo_no_lo_acaba,
    exit_es_un_error_con_su_codigo,
    soltarlo_no_lo_detiene,
    muchos_a_la_vez,
    un_proceso_lanza_otro,
    si_muere_el_de_en_medio_mueren_los_de_debajo,
    un_argumento_que_no_cabe_es_un_error_al_arrancar,
    un_valor_grande_va_y_vuelve,
    el_hijo_no_hereda_la_entrada_ni_los_descriptores,
    lo_que_escribe_sale_entero_y_sin_mezclarse,
    esperar_con_la_salida_cogida_no_se_cuelga,
    sin_init_el_error_lo_dice,
];

fn cuadrado(x: u64) -> u64 {
    x * x
}

fn join_devuelve_el_valor_de_la_funcion() {
    let mut proceso = Process::new(cuadrado, (12,));
    proceso.start().unwrap();
    assert_eq!(proceso.join().unwrap(), 144);
    assert_eq!(proceso.exitcode(), Some(0));
}

fn join_se_puede_repetir() {
    let mut proceso = Process::new(|texto: String| texto + "!", ("hola".to_owned(),));
    proceso.start().unwrap();
    assert_eq!(proceso.join().unwrap(), "hola!");
    assert_eq!(proceso.join().unwrap(), "hola!");
    assert_eq!(proceso.join_timeout(0).unwrap(), "hola!");
}

fn junta(proceso: &mut Process<String>) -> String {
    proceso.start().unwrap();
    proceso.join().unwrap()
}

fn de_cero_a_ocho_argumentos() {
    fn ninguno() -> String {
        "nada".to_owned()
    }
    fn tres(a: u8, b: char, c: Option<bool>) -> String {
        format!("{a}{b}{c:?}")
    }
    #[allow(clippy::too_many_arguments, reason = "es lo que se prueba")]
    fn ocho(a: u8, b: u16, c: u32, d: u64, e: i8, f: f32, g: (), h: [u8; 2]) -> String {
        format!("{a}{b}{c}{d}{e}{f}{g:?}{h:?}")
    }
    assert_eq!(junta(&mut Process::new(ninguno, ())), "nada");
    assert_eq!(
        junta(&mut Process::new(tres, (1, 'ñ', Some(true)))),
        "1ñSome(true)"
    );
    assert_eq!(
        junta(&mut Process::new(ocho, (1, 2, 3, 4, -5, 0.5, (), [6, 7]))),
        "1234-50.5()[6, 7]"
    );
}

fn se_llaman_por_orden_o_como_se_diga() {
    let numero = |proceso: &Process<u64>| -> usize {
        proceso
            .name()
            .strip_prefix("Process-")
            .unwrap()
            .parse()
            .unwrap()
    };
    let (uno, otro) = (Process::new(cuadrado, (1,)), Process::new(cuadrado, (2,)));
    assert!(numero(&uno) < numero(&otro));
    assert_eq!(uno.with_name("descarga").name(), "descarga");
}

fn quien_soy() -> (String, u32) {
    let yo = mp::current_process();
    (yo.name().to_owned(), yo.pid())
}

fn el_nombre_se_ve_dentro() {
    assert_eq!(quien_soy(), ("MainProcess".to_owned(), process::id()));
    let mut proceso = Process::new(quien_soy, ()).with_name("la niña");
    proceso.start().unwrap();
    assert_eq!(
        proceso.join().unwrap(),
        ("la niña".to_owned(), proceso.pid().unwrap())
    );
}

fn antes_de_start_no_hay_pid_ni_codigo() {
    let proceso = Process::new(cuadrado, (12,));
    assert_eq!(
        (proceso.pid(), proceso.exitcode(), proceso.is_alive()),
        (None, None, false)
    );
}

fn arrancar_dos_veces_es_un_error() {
    let mut proceso = Process::new(cuadrado, (12,));
    proceso.start().unwrap();
    assert!(
        proceso
            .start()
            .unwrap_err()
            .to_string()
            .contains("una sola vez")
    );
    assert_eq!(proceso.join().unwrap(), 144);
    assert!(proceso.start().is_err());
}

fn join_sin_start_es_un_error() {
    let proceso = Process::new(cuadrado, (12,));
    for error in [
        proceso.join().unwrap_err(),
        proceso.join_timeout(1).unwrap_err(),
    ] {
        assert!(error.to_string().contains("start()"), "{error}");
    }
    assert!(proceso.kill().is_err() && proceso.terminate().is_err());
}

fn espera(puerta: mp::Event) -> u8 {
    puerta.wait();
    7
}

fn is_alive_y_exitcode_acompanan() {
    let puerta = mp::Event::new().unwrap();
    let mut proceso = Process::new(espera, (puerta.clone(),));
    proceso.start().unwrap();
    assert!(proceso.is_alive());
    assert_eq!(proceso.exitcode(), None);
    puerta.set();
    assert_eq!(proceso.join().unwrap(), 7);
    assert!(!proceso.is_alive());
    assert_eq!(proceso.exitcode(), Some(0));
    // Y no queda ni como zombi.
    assert!(!existe(proceso.pid().unwrap()));
}

fn join_timeout_vence_y_el_proceso_sigue() {
    let puerta = mp::Event::new().unwrap();
    let mut proceso = Process::new(espera, (puerta.clone(),));
    proceso.start().unwrap();
    assert!(proceso.join_timeout(0).unwrap_err().is_timeout());
    assert!(proceso.join_timeout(0.1).unwrap_err().is_timeout());
    assert!(proceso.is_alive());
    puerta.set();
    assert_eq!(proceso.join().unwrap(), 7);
}

fn los_argumentos_se_copian_al_crear() {
    let compartido = mp::Value::new(1_i64).unwrap();
    let mut lista = vec![1, 2, 3];
    let mut proceso = Process::new(
        |lista: Vec<i32>, valor: mp::Value<i64>| (lista, valor.get().unwrap()),
        (lista.clone(), compartido.clone()),
    );
    lista.push(4);
    compartido.set(2).unwrap();
    proceso.start().unwrap();
    // La lista es una copia; la memoria compartida, la misma.
    assert_eq!(proceso.join().unwrap(), (vec![1, 2, 3], 2));
}

static CUENTA: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);

fn suma_a_la_cuenta() -> u32 {
    CUENTA.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1
}

fn el_hijo_no_ve_las_variables_del_padre() {
    CUENTA.store(100, std::sync::atomic::Ordering::SeqCst);
    let mut proceso = Process::new(suma_a_la_cuenta, ());
    proceso.start().unwrap();
    assert_eq!(proceso.join().unwrap(), 1);
    assert_eq!(CUENTA.load(std::sync::atomic::Ordering::SeqCst), 100);
}

fn terminate_y_kill_dan_su_senal() {
    for (senal, codigo) in [
        (Process::<u8>::terminate as fn(&Process<u8>) -> _, -15),
        (Process::kill, -9),
    ] {
        let puerta = mp::Event::new().unwrap();
        let mut proceso = Process::new(espera, (puerta,));
        proceso.start().unwrap();
        senal(&proceso).unwrap();
        let error = proceso.join().unwrap_err();
        assert!(error.is_died(), "{error}");
        assert_eq!(error.exitcode(), Some(codigo));
        assert_eq!(proceso.exitcode(), Some(codigo));
        assert_eq!(error.pid(), proceso.pid());
        assert_eq!(error.process_name(), Some(proceso.name()));
    }
}

fn terminate_tras_acabar_no_hace_nada() {
    let mut proceso = Process::new(cuadrado, (12,));
    proceso.start().unwrap();
    proceso.join().unwrap();
    proceso.terminate().unwrap();
    proceso.kill().unwrap();
    assert_eq!(proceso.exitcode(), Some(0));
}

fn falla(x: u32, nombre: String) -> u32 {
    panic!("{nombre} no puede con el {x}")
}

fn un_panico_es_un_error_y_sale_con_uno() {
    let mut proceso = Process::new(falla, (7, "Ana".to_owned()));
    proceso.start().unwrap();
    let error = proceso.join().unwrap_err();
    assert!(error.is_panic());
    assert_eq!(error.panic_message(), Some("Ana no puede con el 7"));
    assert_eq!(error.argument(), Some("(7, \"Ana\")"));
    assert_eq!(error.pid(), proceso.pid());
    assert_eq!(proceso.exitcode(), Some(1));
}

fn un_panico_en_otro_hilo_no_lo_acaba() {
    let mut proceso = Process::new(
        || thread::spawn(|| panic!("solo este hilo")).join().is_err(),
        (),
    );
    proceso.start().unwrap();
    assert!(proceso.join().unwrap());
}

fn exit_es_un_error_con_su_codigo() {
    for codigo in [0, 3, 255] {
        let mut proceso = Process::new(|codigo: i32| -> () { process::exit(codigo) }, (codigo,));
        proceso.start().unwrap();
        assert_eq!(proceso.join().unwrap_err().exitcode(), Some(codigo));
    }
}

fn soltarlo_no_lo_detiene() {
    let (puerta, hecho) = (mp::Event::new().unwrap(), mp::Event::new().unwrap());
    let mut proceso = Process::new(
        |puerta: mp::Event, hecho: mp::Event| {
            puerta.wait();
            hecho.set();
        },
        (puerta.clone(), hecho.clone()),
    );
    proceso.start().unwrap();
    let pid = proceso.pid().unwrap();
    drop(proceso);
    puerta.set();
    hecho.wait();
    acaba(pid);
}

fn muchos_a_la_vez() {
    let barrera = mp::Barrier::new(20).unwrap();
    let mut procesos: Vec<_> = (0..20)
        .map(|id| {
            Process::new(
                |id: u32, barrera: mp::Barrier| {
                    barrera.wait().unwrap();
                    id
                },
                (id, barrera.clone()),
            )
        })
        .collect();
    for proceso in &mut procesos {
        proceso.start().unwrap();
    }
    let salidas: Vec<u32> = procesos
        .iter()
        .map(|proceso| proceso.join().unwrap())
        .collect();
    assert_eq!(salidas, (0..20).collect::<Vec<_>>());
}

fn nieto(x: u64) -> (u32, u64) {
    let mut proceso = Process::new(cuadrado, (x,));
    proceso.start().unwrap();
    (process::id(), proceso.join().unwrap())
}

fn un_proceso_lanza_otro() {
    let mut proceso = Process::new(nieto, (9,));
    proceso.start().unwrap();
    assert_eq!(proceso.join().unwrap(), (proceso.pid().unwrap(), 81));
}

fn con_hijo_que_espera(pids: mp::Queue<u32>, puerta: mp::Event) {
    let mut proceso = Process::new(espera, (puerta.clone(),));
    proceso.start().unwrap();
    pids.put(proceso.pid().unwrap()).unwrap();
    puerta.wait();
}

fn si_muere_el_de_en_medio_mueren_los_de_debajo() {
    let (pids, puerta) = (mp::Queue::new().unwrap(), mp::Event::new().unwrap());
    let mut proceso = Process::new(con_hijo_que_espera, (pids.clone(), puerta));
    proceso.start().unwrap();
    let nieto = pids.get().unwrap();
    assert!(existe(nieto));
    proceso.kill().unwrap();
    assert!(proceso.join().is_err());
    acaba(nieto);
}

fn un_argumento_que_no_cabe_es_un_error_al_arrancar() {
    let mut proceso = Process::new(|bytes: Vec<u8>| bytes.len(), (vec![0; 1 << 30],));
    let error = proceso.start().unwrap_err();
    assert!(
        error.is_message() && error.to_string().contains("512 MiB"),
        "{error}"
    );
    assert_eq!(proceso.pid(), None);
}

fn un_valor_grande_va_y_vuelve() {
    let datos: Vec<f64> = (0..4 << 20).map(f64::from).collect();
    let mut proceso = Process::new(|datos: Vec<f64>| datos, (datos.clone(),));
    proceso.start().unwrap();
    assert!(proceso.join().unwrap() == datos);
}

fn descriptores() -> usize {
    std::fs::read_dir("/dev/fd").unwrap().count()
}

fn mira_su_entrada() -> (usize, usize) {
    let mut texto = String::new();
    (
        std::io::stdin().read_line(&mut texto).unwrap(),
        descriptores(),
    )
}

fn el_hijo_no_hereda_la_entrada_ni_los_descriptores() {
    // Abiertos en el padre, y muchos: que se noten.
    let abiertos: Vec<_> = (0..50).map(|_| std::io::pipe().unwrap()).collect();
    let mut proceso = Process::new(mira_su_entrada, ());
    proceso.start().unwrap();
    let (leidos, descriptores) = proceso.join().unwrap();
    assert_eq!(leidos, 0);
    assert!(descriptores < 20, "{descriptores}");
    drop(abiertos);
}

fn escribe_lineas(id: usize) {
    for linea in 0..200 {
        let mut texto = format!("{id}:{linea}:");
        for n in 0..300 {
            texto += &n.to_string();
        }
        // A trozos: que haya ocasión de mezclarse.
        let (una, otra) = texto.split_at(500);
        print!("{una}");
        std::io::stdout().flush().unwrap();
        println!("{otra}");
    }
    print!("{id}:sin acabar");
}

/// Se ejecuta en un programa aparte, que es de quien se lee la salida.
pub(crate) fn escriben_varios() {
    let mut procesos: Vec<_> = (0..4)
        .map(|id| Process::new(escribe_lineas, (id,)))
        .collect();
    for proceso in &mut procesos {
        proceso.start().unwrap();
    }
    for proceso in &procesos {
        proceso.join().unwrap();
    }
    println!("fin");
}

fn lo_que_escribe_sale_entero_y_sin_mezclarse() {
    let salida = Command::new(env::current_exe().unwrap())
        .arg("escriben_varios")
        .output()
        .unwrap();
    assert!(salida.status.success());
    let texto = String::from_utf8(salida.stdout).unwrap();
    let resto: String = (0..300).map(|n| n.to_string()).collect();
    let mut vistas = [0; 4];
    let mut lineas: Vec<&str> = texto.lines().collect();
    // `join` no vuelve hasta que ha salido todo.
    assert_eq!(lineas.pop(), Some("fin"));
    for linea in lineas {
        let partes: Vec<&str> = linea.split(':').collect();
        let id: usize = partes[0].parse().unwrap();
        match partes[1..] {
            ["sin acabar"] => assert_eq!(vistas[id], 200),
            [numero, texto] => {
                assert_eq!(
                    (numero.parse::<usize>().unwrap(), texto),
                    (vistas[id], resto.as_str())
                );
                vistas[id] += 1;
            }
            _ => panic!("línea mezclada: {linea}"),
        }
    }
    assert_eq!(vistas, [200; 4]);
}

/// Se ejecuta en un programa aparte.
pub(crate) fn espera_con_la_salida_cogida() {
    let mut salida = std::io::stdout().lock();
    let mut proceso = Process::new(|| println!("desde el hijo"), ());
    proceso.start().unwrap();
    proceso.join().unwrap();
    writeln!(salida, "desde el padre").unwrap();
    drop(salida);
    // El segundo sale detrás del primero.
    let mut proceso = Process::new(|| println!("otra vez"), ());
    proceso.start().unwrap();
    proceso.join().unwrap();
}

fn esperar_con_la_salida_cogida_no_se_cuelga() {
    let salida = Command::new(env::current_exe().unwrap())
        .arg("espera_con_la_salida_cogida")
        .output()
        .unwrap();
    let texto = String::from_utf8(salida.stdout).unwrap();
    assert_eq!(texto, "desde el padre\ndesde el hijo\notra vez\n");
}

/// Se ejecuta en un programa aparte, que no ha llamado a `process::init`.
pub(crate) fn sin_init() {
    let mut proceso = Process::new(cuadrado, (12,));
    println!("{}", proceso.start().unwrap_err());
    println!("{}", concurrencia::ProcessPool::new(2).unwrap_err());
}

fn sin_init_el_error_lo_dice() {
    let salida = Command::new(env::current_exe().unwrap())
        .arg("sin_init")
        .output()
        .unwrap();
    let texto = String::from_utf8(salida.stdout).unwrap();
    assert_eq!(
        texto
            .lines()
            .filter(|linea| linea.contains("process::init()"))
            .count(),
        2,
        "{texto}"
    );
    assert!(texto.lines().count() == 2 && salida.status.success());
}
