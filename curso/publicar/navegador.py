"""El Chromium del sistema, sin cabeza y sin pedir nada a la red por su cuenta."""

import os

ARGUMENTOS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


async def abre(playwright, ejecutable):
    """Como administrador (en un contenedor), Chromium no puede encerrarse: solo abre páginas de este proyecto."""
    return await playwright.chromium.launch(
        executable_path=ejecutable, chromium_sandbox=os.getuid() != 0, args=ARGUMENTOS
    )
