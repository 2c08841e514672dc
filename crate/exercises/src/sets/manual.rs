//! Los ejercicios del manual: hilos, procesos, asyncio y temporizadores a fondo.
