"""Rehace las miniaturas de Pillow con las que se comparan las de aquí.

    python crate/workloads/tests/datos/pillow.py

Pide Pillow. Pinta cada foto con el ejemplo `photo`, la reduce como la lección y guarda los píxeles, sin pérdida.
"""

import pathlib
import subprocess
import tempfile

from PIL import Image

AQUI = pathlib.Path(__file__).parent
FOTOS = [(1, 1600, 900, "jpg"), (2, 1600, 900, "jpg"), (3, 1024, 576, "jpg"), (4, 900, 1200, "png")]

with tempfile.TemporaryDirectory() as carpeta:
    for semilla, ancho, alto, formato in FOTOS:
        foto = pathlib.Path(carpeta, f"foto.{formato}")
        orden = ["cargo", "run", "--release", "-q", "-p", "concurrencia-workloads", "--example", "photo", "--"]
        subprocess.run([*orden, str(semilla), str(ancho), str(alto), str(foto)], check=True, cwd=AQUI)
        with Image.open(foto) as imagen:
            imagen.thumbnail((128, 128))
            imagen.save(AQUI / f"{semilla}_{ancho}x{alto}_{formato}.png", optimize=True)
