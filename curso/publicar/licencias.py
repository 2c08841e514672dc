"""Las licencias de lo que el sitio lleva dentro, al lado de lo que licencian: una página, y sus textos en `licencias/`."""

import re
import shutil
from dataclasses import dataclass
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path

from diapositivas import LETRA, LETRAS, REVEAL


@dataclass(frozen=True)
class Pieza:
    """Algo que no es del curso y va en el sitio: para qué, con qué versión y licencia, y el archivo con su texto."""

    nombre: str
    para: str
    version: str
    licencia: str
    texto: Path

    @property
    def archivo(self):
        return self.nombre.lower().replace(" ", "-") + ".txt"


def del_paquete(nombre, para, licencia):
    """La de un paquete de Python, que la trae entre sus metadatos."""
    suyo = distribution(nombre)
    texto = next(ruta for ruta in suyo.files if re.match(r"LICEN[CS]E", ruta.name, re.I))
    return Pieza(nombre, para, suyo.version, licencia, Path(suyo.locate_file(texto)))


def piezas():
    reveal = re.search(r"reveal\.js (\d[\d.]*)", (REVEAL / "dist" / "reveal.js").read_text(encoding="utf-8"))[1]
    return [
        Pieza("reveal.js", "las diapositivas", reveal, "MIT", REVEAL / "LICENSE"),
        Pieza(LETRA, "la letra de las diapositivas", f"la de reveal.js {reveal}", "SIL OFL 1.1", LETRAS / "LICENSE"),
        del_paquete("nbconvert", "los colores del código en las diapositivas", "BSD de 3 cláusulas"),
        del_paquete("sphinx", "las páginas y la búsqueda", "BSD de 2 cláusulas"),
        del_paquete("sphinx-book-theme", "el aspecto de las páginas", "BSD de 3 cláusulas"),
        del_paquete("pydata-sphinx-theme", "el aspecto de las páginas", "BSD de 3 cláusulas"),
        del_paquete("myst-nb", "los cuadernos en las páginas", "BSD de 3 cláusulas"),
        del_paquete("sphinx-copybutton", "el botón de copiar", "MIT"),
        del_tema("Bootstrap", "bootstrap", "el aspecto de las páginas", "MIT"),
        del_tema("Font Awesome Free", "fontawesome", "los iconos de las páginas", "CC BY 4.0, SIL OFL 1.1 y MIT"),
    ]


def del_tema(nombre, guion, para, licencia):
    """La de un guion que el tema de las páginas trae de otros, con su licencia y su versión en un archivo al lado."""
    texto = files("pydata_sphinx_theme") / "theme" / "pydata_sphinx_theme" / "static" / "scripts" / f"{guion}.js.LICENSE.txt"
    suya = re.search(r"\d+\.\d+\.\d+", texto.read_text(encoding="utf-8"))[0]
    return Pieza(nombre, para, suya, licencia, texto)


def pagina():
    """El Markdown de la página de licencias."""
    filas = [
        f'| {p.nombre} | {p.para} | {p.version} | <a href="licencias/{p.archivo}">{p.licencia}</a> |' for p in piezas()
    ]
    return "\n".join([
        "# Licencias",
        "",
        'El curso (textos, figuras y código) tiene licencia <a href="licencias/curso.txt">MIT</a>. Para verse sin red, el sitio '
        "lleva dentro lo que sigue. La documentación del crate trae las suyas en `api/static.files/`.",
        "",
        "| qué | para qué | versión | licencia |",
        "|---|---|---|---|",
        *filas,
        "",
    ])


def copia(raiz, salida):
    """Los textos, en `licencias/`."""
    destino = salida / "licencias"
    destino.mkdir()
    shutil.copyfile(raiz / "LICENSE", destino / "curso.txt")
    for pieza in piezas():
        shutil.copyfile(pieza.texto, destino / pieza.archivo)
