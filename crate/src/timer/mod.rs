//! Hacer algo dentro de un rato, o cada cierto tiempo, con la forma de `threading.Timer`.
