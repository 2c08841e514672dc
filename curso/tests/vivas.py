"""Las diapositivas vivas en un navegador de verdad y con el teclado: se proyectan, se ejecutan celdas y se avanza.

Uso: vivas.py CHROMIUM DIRECCIÓN, la que dice `cargo curso abrir`. El cuaderno de esa dirección ni se lee ni se guarda: en su
lugar se da uno de dos diapositivas, y la ventana que alguien dejó abierta tampoco se toca.
"""

import asyncio
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import TimeoutError, async_playwright

sys.path.append(str(Path(__file__).parents[1] / "publicar"))
import navegador

PRESENTE = "section.present > section.present"
FACTORIAL = "(1..=10u64).product::<u64>()"
LARGA = 'for i in 0..60 { println!("línea {i}"); }'


def celda(clase, tipo, fuente):
    codigo = {"outputs": [], "execution_count": None} if clase == "code" else {}
    return {"cell_type": clase, "id": f"celda-{len(fuente)}", "metadata": {"slideshow": {"slide_type": tipo}}, "source": fuente} | codigo


CUADERNO = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"display_name": "Rust", "language": "rust", "name": "rust"}},
    "cells": [
        celda("markdown", "slide", "# Una"),
        celda("code", "fragment", FACTORIAL),
        celda("markdown", "slide", "# Y otra"),
        celda("code", "-", LARGA),
    ],
}


async def da_el_cuaderno(contexto, direccion):
    """Contesta por el servidor a lo que toca archivos: el cuaderno y la ventana anterior."""
    archivo = urlsplit(direccion).path.removeprefix("/lab/tree/")
    fecha = "2026-01-01T00:00:00Z"
    modelo = {
        "name": Path(archivo).name, "path": archivo, "type": "notebook", "format": "json", "mimetype": None, "size": 1,
        "created": fecha, "last_modified": fecha, "writable": True, "content": CUADERNO,
    }  # fmt: skip

    async def contenido(ruta):
        if "/checkpoints" not in ruta.request.url:
            await ruta.fulfill(json=modelo)
        elif ruta.request.method == "GET":
            await ruta.fulfill(json=[])
        else:
            await ruta.fulfill(status=201, json={"id": "copia", "last_modified": fecha})

    async def ventana(ruta):
        if ruta.request.method == "GET":
            await ruta.fulfill(json={"data": {}, "metadata": {"id": "default"}})
        else:
            await ruta.fulfill(status=204)

    await contexto.route(re.compile(re.escape(f"/api/contents/{archivo}")), contenido)
    await contexto.route(re.compile("/lab/api/workspaces/"), ventana)


class Presentacion:
    """La página, y dentro de ella el marco de las diapositivas."""

    def __init__(self, pagina):
        self.pagina, self.marco = pagina, None

    async def pulsa(self, tecla, que, condicion):
        """Pulsa una tecla y espera a que en las diapositivas pase algo."""
        await self.pagina.keyboard.press(tecla)
        await self.espera(f"{tecla}: {que}", condicion)

    async def espera(self, que, condicion):
        try:
            await self.marco.wait_for_function(condicion)
        except TimeoutError:
            visto = await self.marco.evaluate(f"document.querySelector('{PRESENTE}')?.innerText")
            sys.exit(f"no llega a ocurrir: {que}\nse ve: {visto!r}")

    async def entra(self):
        # Hasta que el cuaderno tiene el foco, los atajos no son suyos; y después, las diapositivas lo piden cuando están.
        await self.pagina.wait_for_function("document.activeElement.closest('.jp-Notebook.jp-mod-commandMode .jp-Cell')")
        await self.pagina.keyboard.press("Alt+r")
        iframe = await self.pagina.wait_for_selector("iframe[src*='/rise/']")
        self.marco = await iframe.content_frame()
        await self.espera("Alt+R: la presentación", f"document.querySelector('#rise-overlay') && document.querySelector('{PRESENTE}')")
        await self.pagina.wait_for_function("document.activeElement.matches('iframe')")


def de_la_activa(que):
    """Algo de la celda que ejecutará el teclado, si está en la diapositiva y a la vista."""
    return f"document.querySelector(':is({PRESENTE}, {PRESENTE} .fragment.visible) > .jp-CodeCell.jp-mod-active'){que}"


NUMERO = de_la_activa("?.querySelector('.jp-InputPrompt').innerText")


def ejecutada(salida):
    dada = de_la_activa(f"?.querySelector('.jp-OutputArea')?.innerText.includes('{salida}')")
    return f"{dada} && /[0-9]/.test({NUMERO})"


async def presenta(presentacion):
    await presentacion.entra()
    await presentacion.pulsa("f", "pantalla completa", "document.fullscreenElement")
    letra = "parseFloat(getComputedStyle(document.querySelector('.cm-content')).fontSize) >= 16"
    await presentacion.espera("el código se lee desde el fondo", letra)

    await presentacion.pulsa("Space", "aparece el código, y queda seleccionado", de_la_activa(""))
    await presentacion.pulsa("Shift+Enter", "la celda se ejecuta y no se pasa a otra diapositiva", ejecutada("3628800"))

    antes = await presentacion.marco.evaluate(NUMERO)
    await presentacion.pulsa("Shift+Space", "vuelve atrás", f"!document.querySelector('{PRESENTE} .fragment.visible')")
    # Oculta la celda que lo tenía, al rato el navegador le quita el foco.
    await presentacion.marco.evaluate("document.activeElement.blur()")
    await presentacion.pulsa("Space", "aparece otra vez", de_la_activa(""))
    await presentacion.pulsa("Shift+Enter", "se ejecuta otra vez", f"{ejecutada('3628800')} && {NUMERO} !== '{antes}'")

    await presentacion.pulsa("Enter", "se edita", "document.activeElement.closest('.cm-content')")
    await presentacion.pagina.keyboard.press("End")
    await presentacion.pagina.keyboard.type(" + 1")
    await presentacion.pulsa("Shift+Enter", "se ejecuta lo editado", ejecutada("3628801"))

    ultima = "document.querySelector('.slide-number').innerText.replace(/\\s/g, '') === '2/2'"
    await presentacion.pulsa("Space", "la diapositiva siguiente", f"{ultima} && {de_la_activa('')}")
    await presentacion.pulsa("Shift+Enter", "una salida que no cabe", ejecutada("línea 59"))
    await presentacion.pagina.mouse.move(640, 360)
    await presentacion.pagina.mouse.wheel(0, 5000)
    al_final = "(({ scrollTop, clientHeight, scrollHeight }) => scrollTop > 0 && scrollTop + clientHeight > scrollHeight - 2)"
    await presentacion.espera("la rueda llega al final", f"{al_final}(document.querySelector('{PRESENTE}'))")
    await presentacion.pulsa("f", "sale de la pantalla completa", "!document.fullscreenElement")


async def prueba(ejecutable, direccion):
    fuera = set()

    def mira(pedido):
        partes = urlsplit(pedido.url)
        if partes.hostname != "127.0.0.1" and partes.scheme not in ("data", "blob", "about"):
            fuera.add(pedido.url)

    async with async_playwright() as playwright:
        chromium = await navegador.abre(playwright, ejecutable)
        contexto = await chromium.new_context(viewport={"width": 1280, "height": 720})
        contexto.on("request", mira)
        await da_el_cuaderno(contexto, direccion)
        pagina = await contexto.new_page()
        pagina.on("websocket", mira)
        pagina.set_default_timeout(180_000)
        await pagina.goto(direccion)
        await presenta(Presentacion(pagina))
        await chromium.close()
    if fuera:
        sys.exit(f"pide a la red: {sorted(fuera)}")


asyncio.run(prueba(*sys.argv[1:]))
