"""Los trabajos de `images.rs`, con Pillow: lee «trabajo n veces» y contesta los segundos que ha tardado."""

import io
import pathlib
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from PIL import Image

CARPETA = pathlib.Path(tempfile.gettempdir(), "concurrencia-banco-images")
DATOS = {}


def miniatura(datos):
    imagen = Image.open(io.BytesIO(datos))
    imagen.thumbnail((128, 128))
    salida = io.BytesIO()
    imagen.save(salida, imagen.format)
    return salida.getvalue()


def convierte(ruta):
    with Image.open(ruta) as imagen:
        imagen.thumbnail((128, 128))
        imagen.save(CARPETA / "python" / f"{ruta.stem}_thumbnail{ruta.suffix}")


def una(n):
    if n not in DATOS:
        DATOS[n] = (CARPETA / f"{n}.jpg").read_bytes()
    miniatura(DATOS[n])


def png(n):
    if -n not in DATOS:
        DATOS[-n] = (CARPETA / f"{n}.png").read_bytes()
    miniatura(DATOS[-n])


def hilos(n):
    rutas = sorted((CARPETA / "fotos").rglob("*.jpg"))
    with ThreadPoolExecutor(n) as ejecutor:
        list(ejecutor.map(convierte, rutas))


TRABAJOS = {"jpeg": una, "png": png, "hilos": hilos}

(CARPETA / "python").mkdir(exist_ok=True)
for linea in sys.stdin:
    trabajo, n, veces = linea.split()
    inicio = time.perf_counter()
    for _ in range(int(veces)):
        TRABAJOS[trabajo](int(n))
    print(time.perf_counter() - inicio, flush=True)
