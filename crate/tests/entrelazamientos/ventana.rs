//! La ventana de `imap`: el que lee no se adelanta más de la cuenta, y no se queda dormido.

use shuttle::sync::Arc;
use shuttle::sync::atomic::{AtomicUsize, Ordering};
use shuttle::sync::mpsc::channel;
use shuttle::thread;

use crate::explora;
use crate::window::Window;

#[test]
fn se_leen_todas_sin_adelantarse_mas_de_la_cuenta() {
    const ENTRADAS: usize = 7;
    for ahead in 1..4 {
        explora(move || {
            let window = Arc::new(Window::new(ahead));
            let leidas = Arc::new(AtomicUsize::new(0));
            let (deja, recoge) = channel();
            let (suya, cuenta) = (Arc::clone(&window), Arc::clone(&leidas));
            let lector = thread::spawn(move || {
                for numero in 0..ENTRADAS {
                    assert!(suya.wait_for(numero));
                    cuenta.store(numero + 1, Ordering::SeqCst);
                    deja.send(numero).unwrap();
                }
            });
            for recogidas in 0..ENTRADAS {
                assert_eq!(recoge.recv().unwrap(), recogidas);
                assert!(leidas.load(Ordering::SeqCst) <= recogidas + ahead);
                window.advance(recogidas + 1);
            }
            lector.join().unwrap();
        });
    }
}

#[test]
fn cerrarla_despierta_al_que_lee() {
    explora(|| {
        let window = Arc::new(Window::new(2));
        let suya = Arc::clone(&window);
        let lector =
            thread::spawn(move || (0..).take_while(|numero| suya.wait_for(*numero)).count());
        window.advance(1);
        window.close();
        assert!(lector.join().unwrap() <= 3);
    });
}
