"""Publica el curso y cuenta lo que va haciendo, un objeto JSON por línea de la salida estándar.

Uso: publicar.py ENCARGO.json, con {"raiz", "trabajo", "salida", "jupyter", "chromium"}: el proyecto, una carpeta para lo
que se genera por el camino, la del sitio, dónde escucha JupyterLab y el Chromium con el que se hacen los PDF (`null` si
no se hacen).
"""

import json
import sys
from copy import deepcopy
from pathlib import Path

import diapositivas
import espanol
import fuente
import impresion
import paginas
from sucesos import Paso, cuenta


def publica(encargo):
    raiz = Path(encargo["raiz"])
    todos = [fuente.lee(ruta, raiz) for ruta in fuente.cuadernos(raiz)]
    lecciones = [(deepcopy(cuaderno), leccion) for cuaderno, leccion in todos if not leccion.es_de_ejercicios]
    cuenta("paso", nombre="páginas")
    paginas.haz(encargo, todos)
    paso = Paso("diapositivas", len(lecciones))
    diapositivas.haz(encargo, lecciones, paso.avanza)
    if encargo["chromium"]:
        paso = Paso("PDF", 2 * len(lecciones))
        impresion.haz(encargo, lecciones, paso.avanza)
    cuenta("fin")


if __name__ == "__main__":
    try:
        publica(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    except (fuente.CuadernoMal, paginas.SphinxNoAcaba, espanol.NoLoDice) as fallo:
        sys.exit(str(fallo))
