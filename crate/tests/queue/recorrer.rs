//! Recorrer una cola con `for`.

use super::{con, en_las_tres};

en_las_tres! {
    fn el_bucle_acaba_con_el_cierre() {
        let cola = Cola::new();
        let hilo = con(&cola, |cola| {
            let mut suma = 0;
            for n in &cola {
                suma += n;
            }
            suma
        });
        for n in 1..=10 {
            cola.put(n).unwrap();
        }
        cola.shutdown();
        assert_eq!(hilo.join().unwrap(), 55);
    }

    fn salir_del_bucle_a_medias_deja_lo_demas_en_la_cola() {
        let cola = Cola::new();
        for n in 0..3 {
            cola.put(n).unwrap();
        }
        for n in &cola {
            if n < 3 {
                break;
            }
        }
        assert_eq!(cola.qsize(), 2);
    }

    fn dos_bucles_se_reparten_lo_que_sale() {
        let cola = Cola::new();
        for n in 0..6 {
            cola.put(n).unwrap();
        }
        cola.shutdown();
        let mut pares = 0;
        let (mut uno, mut otro) = (cola.iter(), cola.iter());
        while let (Some(_), Some(_)) = (uno.next(), otro.next()) {
            pares += 1;
        }
        assert_eq!(pares, 3);
        assert_eq!(uno.next(), None);
        assert_eq!(otro.next(), None);
    }

    fn con_la_cola_dentro_el_iterador_va_a_otro_hilo() {
        let cola = Cola::new();
        for n in 0..3 {
            cola.put(n).unwrap();
        }
        cola.shutdown();
        let salen = cola.clone().into_iter();
        assert!(format!("{salen:?}").starts_with("IntoIter("));
        let hilo = std::thread::spawn(move || salen.sum::<i32>());
        assert_eq!(hilo.join().unwrap(), 3);
        assert!(format!("{:?}", cola.iter()).starts_with("Iter("));
    }
}
