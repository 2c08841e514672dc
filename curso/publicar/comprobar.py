"""Comprueba el sitio publicado con un navegador de verdad y sin red, y cuenta lo que está mal.

Uso: comprobar.py ENCARGO.json, con {"sitio", "chromium", "excepciones"}: la carpeta del sitio, el Chromium del sistema y el
archivo de lo que se consiente, con su porqué. Un objeto JSON por línea de la salida estándar.
"""

import asyncio
import json
import re
import sys
from dataclasses import dataclass
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.async_api import TimeoutError, async_playwright
from pypdf import PdfReader

import navegador
from sucesos import Paso, cuenta

AQUI = Path(__file__).parent
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
GUION = (AQUI / "comprobar.js").read_text(encoding="utf-8")

A_LA_VEZ = 2
TAMANOS = [{"width": 1280, "height": 720}, {"width": 1920, "height": 1080}]
MAYOR_PAGINA = 3_000_000
# Lo que dice una presentación cuando ha acabado de repartirse.
LISTAS = "'listas' in document.documentElement.dataset"
# Lo que alguien buscaría: un concepto, un nombre de Python y un error del compilador.
BUSQUEDAS = ["interbloqueo", "as_completed", "E0373"]


@dataclass(frozen=True, order=True)
class Falta:
    """Algo que está mal: en qué página, qué y dónde."""

    pagina: str
    que: str
    donde: str


async def comprueba(encargo):
    sitio = Path(encargo["sitio"])
    # Lo de `api/` lo escribe rustdoc: de eso solo se mira que los enlaces hasta allí lleguen.
    paginas = sorted(sitio.glob("*.html")) + sorted((sitio / "notebooks").rglob("*.html"))
    presentaciones = sorted((sitio / "diapositivas").glob("*.html"))
    faltas = enlaces_rotos(sitio, paginas + presentaciones) | pdf_malos(sitio)
    paso = Paso("páginas y diapositivas en el navegador", len(paginas) + len(presentaciones) + 1 + len(BUSQUEDAS))
    plazas = asyncio.Semaphore(A_LA_VEZ)
    async with async_playwright() as playwright:
        chromium = await navegador.abre(playwright, encargo["chromium"])

        async def con_plaza(tarea):
            async with plazas:
                dadas = await tarea
                paso.avanza()
                return dadas

        tareas = [pagina(chromium, sitio, ruta) for ruta in paginas]
        tareas += [presentacion(chromium, sitio, ruta) for ruta in presentaciones]
        tareas += [en_clase(chromium, sitio, ruta) for ruta in presentaciones[:1]]
        tareas += [busqueda(chromium, sitio, buscada) for buscada in BUSQUEDAS]
        for dadas in await asyncio.gather(*map(con_plaza, tareas)):
            faltas |= dadas
        await chromium.close()
    for falta in sorted(sin_las_consentidas(faltas, Path(encargo["excepciones"]))):
        cuenta("falta", pagina=falta.pagina, que=falta.que, donde=falta.donde)
    cuenta("fin")


class Abierta:
    """Una página abierta, sin red, que apunta lo que pide y lo que se queja."""

    def __init__(self, pagina, nombre):
        self.pagina, self.nombre, self.faltas, self.archivos = pagina, nombre, set(), {}
        self.cerrada = False
        pagina.on("request", self.pedido)
        pagina.on("requestfailed", lambda pedido: self.falta("no se puede cargar", pedido.url))
        pagina.on("console", lambda dicho: dicho.type == "error" and self.falta("error en la consola", dicho.text))
        pagina.on("pageerror", lambda error: self.falta("error en la página", str(error)))

    def falta(self, que, donde):
        # Al cerrarla se corta lo que esté cargando, y eso no es una falta.
        if not self.cerrada:
            self.faltas.add(Falta(self.nombre, que, donde[:300]))

    def pedido(self, pedido):
        partes = urlsplit(pedido.url)
        if partes.scheme not in ("file", "data", "blob", "about"):
            self.falta("pide algo a la red", pedido.url)
        elif partes.scheme == "file" and (ruta := Path(unquote(partes.path))).is_file():
            self.archivos[ruta] = ruta.stat().st_size

    async def apunta(self, guion, *argumentos):
        """Ejecuta una comprobación de `comprobar.js`, que da pares de qué y dónde."""
        for que, donde in await self.pagina.evaluate(guion, *argumentos):
            self.falta(que, donde)

    async def cierra(self):
        self.cerrada = True
        await self.pagina.context.close()

    async def accesibilidad(self, modo):
        await self.pagina.evaluate(AXE)
        await self.apunta("(modo) => comprobar.accesibilidad(modo)", modo)


async def abre(chromium, sitio, ruta, tema="light", consulta="", con_guiones=True):
    contexto = await chromium.new_context(
        viewport=TAMANOS[0],
        color_scheme=tema,
        reduced_motion="reduce",
        offline=True,
        java_script_enabled=con_guiones,
    )
    await contexto.add_init_script(GUION)
    abierta = Abierta(await contexto.new_page(), str(ruta.relative_to(sitio)))
    await abierta.pagina.goto(ruta.as_uri() + consulta)
    return abierta


async def pagina(chromium, sitio, ruta):
    """Las faltas de una página con cada tema: cómo se ve, de tamaño en tamaño, y la accesibilidad."""
    faltas = set()
    for tema in ("light", "dark"):
        abierta = await abre(chromium, sitio, ruta, tema)
        await abierta.apunta("() => comprobar.idioma()")
        for tamano in reversed(TAMANOS):
            await abierta.pagina.set_viewport_size(tamano)
            await abierta.apunta("() => [...comprobar.figuras(), ...comprobar.anchura()]")
        await abierta.accesibilidad(tema)
        if (bytes_ := sum(abierta.archivos.values())) > MAYOR_PAGINA:
            abierta.falta("pesa demasiado", f"{bytes_} bytes")
        faltas |= abierta.faltas
        await abierta.cierra()
    return faltas


async def presentacion(chromium, sitio, ruta):
    """Las faltas de una presentación: diapositiva a diapositiva en los dos tamaños, y todas juntas la accesibilidad."""
    faltas = set()
    sin_repartir = await abre(chromium, sitio, ruta, con_guiones=False)
    await sin_repartir.pagina.evaluate(GUION)
    escrito = await sin_repartir.pagina.evaluate("comprobar.texto()")
    await sin_repartir.cierra()
    abierta = await abre(chromium, sitio, ruta)
    await abierta.pagina.wait_for_function(LISTAS)
    for tamano in TAMANOS:
        await abierta.pagina.set_viewport_size(tamano)
        if (queda := await abierta.pagina.evaluate("comprobar.texto()")) != escrito:
            abierta.falta("al repartir se pierde o se repite algo", f"{len(escrito)} letras escritas y {len(queda)} repartidas")
        await abierta.apunta("() => [...comprobar.idioma(), ...comprobar.diapositivas()]")
    faltas |= abierta.faltas
    await abierta.cierra()
    abierta = await abre(chromium, sitio, ruta, consulta="?print-pdf")
    await abierta.pagina.wait_for_function(LISTAS)
    await abierta.apunta("() => comprobar.figuras()")
    await abierta.accesibilidad("diapositivas")
    faltas |= abierta.faltas
    await abierta.cierra()
    return faltas


async def en_clase(chromium, sitio, ruta):
    """Una presentación, como en clase: con espacio se llega al final, y con S se abren las notas, en español."""
    abierta = await abre(chromium, sitio, ruta)
    pagina = abierta.pagina
    await pagina.wait_for_function(LISTAS)
    diapositivas, pasos = await pagina.evaluate("[Reveal.getTotalSlides(), document.querySelectorAll('.fragment').length]")
    vistas = set()
    for _ in range(diapositivas + pasos):
        vistas.add(await pagina.evaluate("Reveal.getSlidePastCount()"))
        await pagina.keyboard.press("Space")
    if len(vistas) != diapositivas or not pasos:
        abierta.falta("con la barra espaciadora no se ven todas", f"{len(vistas)} de {diapositivas}, con {pasos} fragmentos")
    await pagina.evaluate("Reveal.slide(...Object.values(Reveal.getIndices(document.querySelector('aside.notes').parentElement)))")
    try:
        async with pagina.context.expect_page(timeout=10_000) as abriendo:
            await pagina.keyboard.press("s")
        notas = (await abriendo.value).locator(".speaker-controls-notes", has_text="Notas")
        await notas.locator(".value", has_text=re.compile(r"\w")).wait_for(timeout=10_000)
    except TimeoutError as fallo:
        abierta.falta("la ventana del ponente no enseña las notas", str(fallo))
    await abierta.cierra()
    return abierta.faltas


async def busqueda(chromium, sitio, buscada):
    """La búsqueda del sitio encuentra `buscada` en alguna lección."""
    abierta = await abre(chromium, sitio, sitio / "search.html", consulta=f"?q={buscada}")
    hallada = abierta.pagina.locator("#search-results ul.search a[href*='notebooks/']").first
    try:
        await hallada.wait_for(timeout=10_000)
    except TimeoutError:
        abierta.falta("la búsqueda no encuentra nada", buscada)
    await abierta.cierra()
    return abierta.faltas


class Enlaces(HTMLParser):
    """Adónde lleva y qué anclas tiene una página."""

    def __init__(self, texto):
        super().__init__()
        self.destinos, self.anclas = set(), set()
        self.feed(texto)

    def handle_starttag(self, etiqueta, atributos):
        for nombre, valor in atributos:
            if nombre in ("href", "src") and valor:
                self.destinos.add(valor)
            elif nombre in ("id", "name") and valor:
                self.anclas |= {valor, unquote(valor)}


def enlaces_rotos(sitio, rutas):
    """Los enlaces internos que no llevan a un archivo del sitio, o a un ancla que no está en él."""
    leidas = {}

    def lee(ruta):
        if ruta not in leidas:
            leidas[ruta] = Enlaces(ruta.read_text(encoding="utf-8"))
        return leidas[ruta]

    faltas = set()
    for ruta in rutas:
        for destino in lee(ruta).destinos:
            partes = urlsplit(destino)
            if partes.scheme or partes.netloc:
                continue
            hacia = (ruta.parent / unquote(partes.path)).resolve() if partes.path else ruta
            ancla = unquote(partes.fragment)
            esta = hacia.is_file() and hacia.is_relative_to(sitio.resolve())
            if esta and ancla and hacia.suffix == ".html" and not ancla.startswith("/"):
                esta = ancla in lee(hacia).anclas
            if not esta:
                faltas.add(Falta(str(ruta.relative_to(sitio)), "enlace que no lleva a ningún sitio", destino))
    return faltas


def pdf_malos(sitio):
    """Los PDF sin etiquetar, sin índice, sin idioma o de los que no se puede copiar el texto."""
    faltas = set()
    for ruta in sorted((sitio / "pdf").glob("*.pdf")):
        pdf, nombre = PdfReader(ruta), str(ruta.relative_to(sitio))
        raiz = pdf.trailer["/Root"]
        if not raiz.get("/MarkInfo", {}).get("/Marked") or "/StructTreeRoot" not in raiz:
            faltas.add(Falta(nombre, "PDF sin etiquetar", ""))
        if not pdf.outline:
            faltas.add(Falta(nombre, "PDF sin índice", ""))
        if raiz.get("/Lang") != "es":
            faltas.add(Falta(nombre, "el PDF no dice que está en español", str(raiz.get("/Lang"))))
        if len(pdf.pages[0].extract_text()) < 50:
            faltas.add(Falta(nombre, "PDF del que no se puede copiar el texto", ""))
    return faltas


def sin_las_consentidas(faltas, archivo):
    """Las que no están en la lista de excepciones, y las excepciones que ya no hacen falta."""
    quedan = set(faltas)
    for consentida in json.loads(archivo.read_text(encoding="utf-8")):
        suyas = {
            f
            for f in faltas
            if f.que == consentida["que"] and consentida["donde"] in f.donde and f.pagina.startswith(consentida["pagina"])
        }
        if not suyas:
            quedan.add(Falta(archivo.name, "excepción que sobra", json.dumps(consentida, ensure_ascii=False)))
        quedan -= suyas
    return quedan


if __name__ == "__main__":
    asyncio.run(comprueba(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
