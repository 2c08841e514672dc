//! Los ejercicios de la lección general: futuros, procesos, asyncio y cómo elegir.
