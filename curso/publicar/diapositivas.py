"""Las diapositivas: una presentación de reveal.js por lección, entera en su archivo."""

import base64
import re
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib.resources import files
from pathlib import Path

from nbconvert import SlidesExporter
from traitlets.config import Config

from espanol import DE_REVEAL, DEL_PONENTE, en_espanol

AQUI = Path(__file__).parent
PLANTILLA = AQUI / "plantillas" / "diapositivas"
REVEAL = files("sphinx_revealjs") / "_static" / "revealjs"
# El pliegue de las notas en los cuadernos: en la ventana del ponente no hace falta decirlo.
DE_LAS_NOTAS = "Para quien da la clase"
LETRA = "Source Sans Pro"
LETRAS = REVEAL / "dist" / "theme" / "fonts" / "source-sans-pro"
# Los cortes que usa el estilo: redonda y seminegra, con sus cursivas.
CORTES = [("regular", 400, "normal"), ("italic", 400, "italic"), ("semibold", 600, "normal"), ("semibolditalic", 600, "italic")]


def haz(encargo, lecciones, avanza):
    """Escribe `diapositivas/NOMBRE.html` por lección; `avanza` se llama con cada una hecha."""
    salida = Path(encargo["salida"]) / "diapositivas"
    salida.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(max_workers=2) as taller:
        hechas = [taller.submit(presentacion, cuaderno, leccion, encargo["raiz"]) for cuaderno, leccion in lecciones]
        for (_, leccion), hecha in zip(lecciones, hechas, strict=True):
            (salida / f"{leccion.nombre}.html").write_text(hecha.result(), encoding="utf-8")
            avanza()


def presentacion(cuaderno, leccion, raiz):
    """El HTML de la presentación de una lección."""
    for celda in cuaderno.cells:
        if celda.cell_type == "markdown":
            celda.source = con_dibujos(con_enlaces(sin_pliegue(celda.source)), raiz)
    exportador = SlidesExporter(
        config=Config({"CSSHTMLHeaderPreprocessor": {"style": "a11y-high-contrast-light"}}),
        template_name="diapositivas",
        extra_template_basedirs=[str(AQUI / "plantillas")],
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    html, _ = exportador.from_notebook_node(cuaderno, {"curso": piezas() | {"titulo": leccion.titulo}})
    return html


def sin_pliegue(markdown):
    """Lo que en el cuaderno se despliega, a la vista: en una diapositiva sale al avanzar, o va en las notas."""
    markdown = markdown.replace(f"<summary>{DE_LAS_NOTAS}</summary>", "")
    markdown = re.sub(r"<summary>(.*?)</summary>", r"**\1.**\n", markdown)
    return re.sub(r"^</?details>\s*$", "", markdown, flags=re.M)


def con_enlaces(markdown):
    """Los enlaces a otros cuadernos, a lo que hay de ellos junto a las diapositivas."""
    markdown = re.sub(r"\]\(ejercicios/([^)]+)\.ipynb", r"](../notebooks/ejercicios/\1.html", markdown)
    return re.sub(r"\]\(([^):/]+)\.ipynb", r"](\1.html", markdown)


def con_dibujos(markdown, raiz):
    """Los dibujos de `images/`, dentro: son SVG, con su título y su descripción."""
    dibujo = lambda hallado: (Path(raiz) / "images" / hallado[1]).read_text(encoding="utf-8")
    return re.sub(r"!\[[^\]]*\]\(\.\./images/([\w.-]+\.svg)\)", dibujo, markdown)


@cache
def piezas():
    """Lo que lleva dentro cada presentación: reveal.js, la letra y el estilo."""
    texto = lambda ruta: ruta.read_text(encoding="utf-8")
    return {
        "reveal_css": texto(REVEAL / "dist" / "reset.css") + texto(REVEAL / "dist" / "reveal.css"),
        "estilo": letra() + texto(PLANTILLA / "diapositivas.css") + texto(AQUI / "estilo" / "errores.css"),
        "reveal_js": en_espanol(texto(REVEAL / "dist" / "reveal.js"), DE_REVEAL),
        "notas_js": en_espanol(texto(REVEAL / "plugin" / "notes" / "notes.js"), DEL_PONENTE),
        "guion": texto(PLANTILLA / "diapositivas.js"),
    }


def letra():
    caras = []
    for corte, peso, estilo in CORTES:
        datos = base64.b64encode((LETRAS / f"source-sans-pro-{corte}.woff").read_bytes()).decode()
        caras.append(
            f'@font-face {{ font-family: "{LETRA}"; font-weight: {peso}; font-style: {estilo}; '
            f'src: url("data:font/woff;base64,{datos}") format("woff"); }}\n'
        )
    return "".join(caras)
