"""La portada: lo que el README dice del curso, con cada lección en todas sus formas."""

import html
import re

from fuente import CuadernoMal

# Una fila de las tablas de cuadernos del README: el enlace, lo que se dice de él y los minutos.
FILA = re.compile(r"^\| \[[^\]]+\]\((?P<ruta>notebooks/[^)]+)\.ipynb\) \|(?P<dicho>.+)\| *(?P<minutos>\d+) *\|$", re.M)


def haz(readme, lecciones, encargo):
    """El Markdown de la portada."""
    filas = {f["ruta"]: f for f in FILA.finditer(readme)}
    for leccion in lecciones:
        if str(leccion.ruta) not in filas:
            raise CuadernoMal(f"«{leccion.ruta}.ipynb» no está en las tablas de cuadernos del README")
    titulo = re.search(r"^# (.+)$", readme, re.M)[1]
    entrada, figura = re.search(r"^# [^\n]+\n\n(.+?)\n\n(!\[.+?\]\(.+?\))", readme, re.S | re.M).groups()
    del_curso = [l for l in lecciones if not l.es_de_ejercicios]
    de_ejercicios = [l for l in lecciones if l.es_de_ejercicios]
    partes = [
        f"# {titulo}",
        f":::{{container}} entrada\n{entrada}\n:::",
        figura,
        "## Lecciones",
        fichas(del_curso, filas, encargo),
        "## Ejercicios que se corrigen solos",
        "En JupyterLab, cada uno dice al instante qué casos van bien, cuál falla, con qué entrada y por qué importa.",
        fichas(de_ejercicios, filas, encargo),
        "## El crate",
        "El código que cargan los cuadernos, con su documentación: "
        '<a href="api/concurrencia/index.html">el rustdoc de <code>concurrencia</code></a>.',
        "## Para ejecutarlo en tu máquina",
        "Con [Rust](https://rustup.rs) y Python instalados, desde la carpeta del curso:",
        "```console\n$ cargo curso abrir\n```",
        "Si das la clase, empieza por la [guía](guia.md): el ritmo por sesiones, qué preguntar y qué suele fallar.",
        indice("Lecciones", [con_numero(l) for l in del_curso]),
        indice("Ejercicios", [con_numero(l) for l in de_ejercicios]),
        indice("Además", ["guia", "licencias"]),
    ]
    return "\n\n".join(partes) + "\n"


def fichas(lecciones, filas, encargo):
    return '<ul class="fichas">\n' + "\n".join(ficha(l, filas[str(l.ruta)], encargo) for l in lecciones) + "\n</ul>"


def ficha(leccion, fila, encargo):
    dicho = [celda.strip() for celda in fila["dicho"].split("|")]
    formas = []
    if not leccion.es_de_ejercicios:
        formas.append(f'<a href="diapositivas/{leccion.nombre}.html">diapositivas</a>')
        if encargo["chromium"]:
            formas.append(f'<a href="pdf/{leccion.nombre}.pdf">PDF</a>')
        resumen = f"{con_codigo(dicho[0])}: {con_codigo(dicho[1])}"
    else:
        resumen = f"{dicho[2]} ejercicios de las lecciones {dicho[0]}; acaba con {con_codigo(dicho[1])}"
    return (
        f'<li><span class="numero" aria-hidden="true">{numero(leccion)}</span>'
        f'<h3><a href="{leccion.ruta}.html">{con_codigo(leccion.titulo)}</a></h3>'
        f"<p>{resumen}.</p>"
        f'<p class="pie">{fila["minutos"]} min{"".join(" · " + f for f in formas)}</p></li>'
    )


def numero(leccion):
    return leccion.nombre.partition("_")[0]


def con_numero(leccion):
    """La entrada del índice de una lección: sin su número, la primera se llamaría como el curso."""
    titulo = leccion.titulo.removeprefix("Ejercicios: ")
    return f"{numero(leccion)} · {titulo[0].upper()}{titulo[1:]} <{leccion.ruta}>"


def con_codigo(texto):
    """El Markdown de una celda de tabla: texto con trozos de código."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(texto, quote=False))


def indice(titulo, paginas):
    return "\n".join(["```{toctree}", f":caption: {titulo}", ":hidden:", "", *map(str, paginas), "```"])
