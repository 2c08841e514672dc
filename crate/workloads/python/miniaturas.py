"""Miniaturas de 128×128 como mucho: el ancho y el alto de cada una, en el orden en que se dan.

Cada trabajo es un par: la imagen y el archivo donde va su miniatura. Con `reducing_gap`, el de `Image.thumbnail`, un JPEG
se decodifica ya reducido; con `None`, entero.
"""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial

from PIL import Image

LADO = (128, 128)


def miniatura(trabajo, reducing_gap=2.0):
    origen, destino = trabajo
    with Image.open(origen) as imagen:
        imagen.thumbnail(LADO, reducing_gap=reducing_gap)
        imagen.save(destino)
        return imagen.size


def en_serie(trabajos, reducing_gap=2.0):
    return [miniatura(trabajo, reducing_gap) for trabajo in trabajos]


def con_hilos(trabajos, hilos, reducing_gap=2.0):
    with ThreadPoolExecutor(hilos) as ejecutor:
        return list(ejecutor.map(partial(miniatura, reducing_gap=reducing_gap), trabajos))


def con_procesos(trabajos, procesos, reducing_gap=2.0):
    with ProcessPoolExecutor(procesos) as ejecutor:
        return list(ejecutor.map(partial(miniatura, reducing_gap=reducing_gap), trabajos))
