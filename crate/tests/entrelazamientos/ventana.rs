//! La ventana de `imap`: el que lee no se adelanta más de la cuenta, y no se queda dormido.

use shuttle::sync::Arc;
use shuttle::sync::mpsc::channel;
use shuttle::thread;

use crate::window::Window;

#[test]
fn se_leen_todas_sin_adelantarse_mas_de_la_cuenta() {
    const ENTRADAS: usize = 7;
    for ahead in 1..4 {
        shuttle::check_random(
            move || {
                let window = Arc::new(Window::new(ahead));
                let (deja, recoge) = channel();
                let suya = Arc::clone(&window);
                let lector = thread::spawn(move || {
                    for numero in 0..ENTRADAS {
                        assert!(suya.wait_for(numero));
                        deja.send(numero).unwrap();
                    }
                });
                for recogidas in 0..ENTRADAS {
                    assert_eq!(recoge.recv().unwrap(), recogidas);
                    // Lo que ya se ha dejado leer está dentro de la ventana.
                    let adelantadas =
                        std::iter::from_fn(|| recoge.try_recv().ok()).collect::<Vec<_>>();
                    assert!(adelantadas.len() < ahead, "{adelantadas:?}");
                    if let Some(ultima) = adelantadas.last() {
                        // Se recogen de golpe: hasta ahí llegó el que lee.
                        for hasta in recogidas + 1..=ultima + 1 {
                            window.advance(hasta);
                        }
                        for numero in ultima + 1..ENTRADAS {
                            assert_eq!(recoge.recv().unwrap(), numero);
                            window.advance(numero + 1);
                        }
                        break;
                    }
                    window.advance(recogidas + 1);
                }
                lector.join().unwrap();
            },
            2000,
        );
    }
}

#[test]
fn cerrarla_despierta_al_que_lee() {
    shuttle::check_random(
        || {
            let window = Arc::new(Window::new(2));
            let suya = Arc::clone(&window);
            let lector =
                thread::spawn(move || (0..).take_while(|numero| suya.wait_for(*numero)).count());
            window.advance(1);
            window.close();
            assert!(lector.join().unwrap() <= 3);
        },
        2000,
    );
}
