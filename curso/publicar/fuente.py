"""De los cuadernos del curso, tal como están guardados, los que se publican: las figuras, dentro de la página."""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbconvert.filters import ansi2html

MARKDOWN = MarkdownIt().use(dollarmath_plugin)


class CuadernoMal(Exception):
    """Un cuaderno al que le falta algo para publicarse."""


@dataclass(frozen=True)
class Leccion:
    """Un cuaderno de lección o de ejercicios: su ruta en el proyecto, sin extensión, su título y sus minutos."""

    ruta: Path
    titulo: str
    minutos: int | None

    @property
    def nombre(self):
        return self.ruta.name

    @property
    def es_de_ejercicios(self):
        return self.ruta.parent.name == "ejercicios"


def cuadernos(raiz):
    """Las rutas de los cuadernos del curso, las lecciones primero."""
    carpeta = raiz / "notebooks"
    return sorted(carpeta.glob("*.ipynb")) + sorted((carpeta / "ejercicios").glob("*.ipynb"))


def lee(ruta, raiz):
    """El cuaderno con las figuras puestas en la página, y lo que se dice de él en la portada."""
    cuaderno = nbformat.read(ruta, as_version=4)
    # Con qué se resalta el código; evcxr lo dice con el nombre cambiado.
    cuaderno.metadata.setdefault("language_info", {"name": "Rust"})["pygments_lexer"] = "rust"
    for celda in cuaderno.cells:
        if celda.cell_type == "markdown":
            sin_formulas(celda.source, ruta)
        elif celda.cell_type == "code":
            celda.outputs = [en_la_pagina(salida) for salida in celda.outputs]
            if celda.metadata.get("jupyter", {}).get("outputs_hidden"):
                # Una respuesta: que se vea al pedirla, también en la página.
                celda.metadata["tags"] = [*celda.metadata.get("tags", []), "hide-output"]
    leccion = Leccion(ruta.relative_to(raiz).with_suffix(""), titulo(cuaderno, ruta), minutos(cuaderno))
    return cuaderno, leccion


def sin_formulas(markdown, ruta):
    """El sitio no lleva MathJax, que son megas: una fórmula saldría como texto."""
    for bloque in MARKDOWN.parse(markdown):
        for trozo in [bloque, *(bloque.children or [])]:
            if trozo.type.startswith("math"):
                raise CuadernoMal(
                    f"«{ruta}» lleva una fórmula, «{trozo.content.strip()}», y el sitio no sabe dibujarlas. Si no lo es, ponla "
                    "como código. Si lo es, escríbela con palabras, o añade MathJax al sitio: de un registro de paquetes, con "
                    "su versión fijada en «curso/python/publicar.in»"
                )


def en_la_pagina(salida):
    """Una salida, como se publica: las figuras y los errores del compilador, en HTML; lo demás, como está.

    Un SVG va entero en la página: con su título y su descripción lo lee un lector de pantalla.
    """
    if salida.output_type == "error":
        dicho = con_clases(ansi2html("\n".join(salida.traceback)))
        return html_de(f'<pre class="error-del-compilador" lang="en">{dicho}</pre>')
    figura = salida.get("data", {}).get("image/svg+xml")
    if figura:
        return html_de(f'<div class="figura-medida">{figura}</div>')
    if salida.output_type == "execute_result":
        # El valor de la celda se enseña como lo demás que da: las plantillas de nbconvert solo saben qué hacer con esto otro.
        return nbformat.v4.new_output("display_data", salida.data)
    return salida


def con_clases(html):
    """Los colores de 256 que pone el compilador, como clases: en cada tema se leen con otro color."""
    return re.sub(r'style="color: rgb\((\d+),(\d+),(\d+)\)"', r'class="ansi-\1-\2-\3"', html)


def html_de(html):
    return nbformat.v4.new_output("display_data", {"text/html": html})


def titulo(cuaderno, ruta):
    for celda in cuaderno.cells:
        primera = celda.source.split("\n", 1)[0]
        if celda.cell_type == "markdown" and primera.startswith("# "):
            return primera.removeprefix("# ").strip()
    raise CuadernoMal(f"«{ruta}» no empieza por un título («# …»)")


def minutos(cuaderno):
    dichos = cuaderno.metadata.get("minutos")
    return int(dichos) if dichos else None


def ancla(titulo):
    """La de un título, como la pone JupyterLab: los enlaces entre unidades valen allí y en las páginas."""
    return titulo.replace(" ", "-")
