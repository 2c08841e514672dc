"""Los PDF de las lecciones y de las diapositivas, con el Chromium del sistema: etiquetados y con índice."""

import asyncio
from pathlib import Path

from playwright.async_api import async_playwright
from pypdf import PdfWriter

import navegador

# Cuántas páginas imprime Chromium a la vez.
A_LA_VEZ = 2


def haz(encargo, lecciones, avanza):
    """Escribe `pdf/NOMBRE.pdf` y `pdf/NOMBRE-diapositivas.pdf` por lección; `avanza` se llama con cada uno hecho."""
    asyncio.run(imprime(encargo, [leccion for _, leccion in lecciones], avanza))


async def imprime(encargo, lecciones, avanza):
    salida = Path(encargo["salida"])
    (salida / "pdf").mkdir(parents=True, exist_ok=True)
    trabajos = []
    for leccion in lecciones:
        pagina = (salida / leccion.ruta).with_suffix(".html")
        trabajos.append((pagina.as_uri(), None, salida / "pdf" / f"{leccion.nombre}.pdf", EN_PAGINAS))
        diapositivas = salida / "diapositivas" / f"{leccion.nombre}.html"
        listas = "'listas' in document.documentElement.dataset"
        destino = salida / "pdf" / f"{leccion.nombre}-diapositivas.pdf"
        trabajos.append((f"{diapositivas.as_uri()}?print-pdf", listas, destino, EN_DIAPOSITIVAS))
    plazas = asyncio.Semaphore(A_LA_VEZ)
    async with async_playwright() as playwright:
        chromium = await navegador.abre(playwright, encargo["chromium"])

        async def uno(direccion, lista, destino, forma):
            async with plazas:
                pagina = await chromium.new_page(color_scheme="light", reduced_motion="reduce")
                await pagina.goto(direccion)
                if lista:
                    await pagina.wait_for_function(lista)
                # En papel no se despliega nada: lo plegado sale abierto.
                await pagina.evaluate("document.querySelectorAll('details').forEach((plegado) => (plegado.open = true))")
                await pagina.pdf(path=destino, tagged=True, outline=True, print_background=True, **forma)
                await pagina.close()
                await asyncio.to_thread(sin_repetidos, destino)
                avanza()

        await asyncio.gather(*(uno(*trabajo) for trabajo in trabajos))
        await chromium.close()


def sin_repetidos(ruta):
    """Chromium guarda la trama de una barra otra vez en cada sitio en que sale: con una basta, y el PDF ocupa la cuarta parte."""
    pdf = PdfWriter(clone_from=ruta)
    pdf.compress_identical_objects(remove_duplicates=True, remove_unreferenced=False)
    pdf.write(ruta)


PIE = (
    '<div style="width:100%;padding:0 12mm;font:7pt sans-serif;color:#555;display:flex;justify-content:space-between">'
    '<span class="title"></span><span><span class="pageNumber"></span> de <span class="totalPages"></span></span></div>'
)
EN_PAGINAS = {
    "format": "A4",
    "margin": {"top": "14mm", "bottom": "16mm", "left": "14mm", "right": "14mm"},
    "display_header_footer": True,
    "header_template": "<span></span>",
    "footer_template": PIE,
}
EN_DIAPOSITIVAS = {"prefer_css_page_size": True}
