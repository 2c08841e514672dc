"""Las páginas: los cuadernos y la portada, con Sphinx."""

import contextlib
import html
import io
import os
import shutil
from pathlib import Path

import nbformat
from sphinx.cmd.build import main as sphinx

import licencias
import portada
from espanol import DE_LAS_PAGINAS, traducido

AQUI = Path(__file__).parent


class SphinxNoAcaba(Exception):
    """Sphinx se ha quejado de algo: lo que dijo."""


def haz(encargo, lecciones):
    """Deja las páginas en `salida`: portada, lecciones, ejercicios y búsqueda."""
    raiz, trabajo, salida = (Path(encargo[c]) for c in ("raiz", "trabajo", "salida"))
    origen = trabajo / "fuente"
    shutil.rmtree(origen, ignore_errors=True)
    shutil.copytree(raiz / "images", origen / "images")
    for cuaderno, leccion in lecciones:
        cuaderno.cells.insert(1, nbformat.v4.new_markdown_cell(enlaces(leccion, encargo)))
        ruta = (origen / leccion.ruta).with_suffix(".ipynb")
        ruta.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(cuaderno, ruta)
    shutil.copy(raiz / "GUIA.md", origen / "guia.md")
    (origen / "licencias.md").write_text(licencias.pagina(), encoding="utf-8")
    texto = portada.haz((raiz / "README.md").read_text(encoding="utf-8"), [l for _, l in lecciones], encargo)
    (origen / "index.md").write_text(texto, encoding="utf-8")
    os.environ["PUBLICAR_ESTILO"] = str(AQUI / "estilo")
    dicho = io.StringIO()
    with contextlib.redirect_stdout(dicho), contextlib.redirect_stderr(dicho):
        # `-W`: un enlace que no lleva a ningún sitio no se publica.
        codigo = sphinx(
            ["-b", "html", "-W", "--keep-going", "-q", "-j", "2", "-N", "-c", str(AQUI)]
            + ["-d", str(trabajo / "sphinx"), str(origen), str(salida)]
        )
    if codigo:
        raise SphinxNoAcaba(dicho.getvalue())
    traduce(salida)
    licencias.copia(raiz, salida)


def traduce(salida):
    """Lo que el tema deja en inglés en las páginas: lo que lee un lector de pantalla y lo que sale al pasar por encima."""
    for ruta in salida.rglob("*.html"):
        ruta.write_text(traducido(ruta.read_text(encoding="utf-8"), DE_LAS_PAGINAS), encoding="utf-8")


def enlaces(leccion, encargo):
    """Lo que va bajo el título de una lección: en qué otras formas está, y cómo se ejecuta."""
    arriba = "../" * (len(leccion.ruta.parts) - 1)
    partes = []
    if not leccion.es_de_ejercicios:
        partes.append(f'<a href="{arriba}diapositivas/{leccion.nombre}.html">Diapositivas</a>')
        if encargo["chromium"]:
            partes.append(f'<a href="{arriba}pdf/{leccion.nombre}.pdf">Lección en PDF</a>')
            partes.append(f'<a href="{arriba}pdf/{leccion.nombre}-diapositivas.pdf">Diapositivas en PDF</a>')
    partes.append(f'<a href="{encargo["jupyter"]}/lab/tree/{leccion.ruta}.ipynb">Abrir en JupyterLab</a>')
    partes.append(f'<a href="{arriba}api/concurrencia/index.html">Documentación del crate</a>')
    orden = leccion.ruta.relative_to("notebooks")
    ayuda = f"Para ejecutarla en tu máquina: <code>cargo curso abrir {html.escape(str(orden))}</code>"
    return f'<nav class="formas" aria-label="Otras formas de esta lección"><p>{" ".join(partes)}</p><p>{ayuda}</p></nav>'
