//! Ponerse de acuerdo entre hilos: los cerrojos, semáforos, avisos y barreras de `threading`.
