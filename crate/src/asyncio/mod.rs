//! Tareas asíncronas, con la forma de `asyncio`, sobre tokio.
