"""Bajar imágenes a una carpeta: cuántos bytes ocupa cada una, en el orden en que se dan.

Las fotos son una lista de direcciones. Los retratos, una lista de pares: el usuario y la dirección de sus datos, que
dicen dónde está su retrato.
"""

import asyncio
import tempfile
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import aiofiles
import aiohttp
import httpx
import requests

PLAZO = 30


def destinos(carpeta, urls):
    # Una carpeta nueva cada vez: escribir encima de otro archivo cuesta más.
    Path(carpeta).mkdir(parents=True, exist_ok=True)
    nueva = tempfile.mkdtemp(dir=carpeta)
    return [Path(nueva, f"{numero:03}.jpg") for numero in range(len(urls))]


async def guardar(destino, cuerpo):
    async with aiofiles.open(destino, "wb") as archivo:
        await archivo.write(cuerpo)
    return len(cuerpo)


async def foto_con_aiohttp(sesion, url, destino):
    async with sesion.get(url) as respuesta:
        respuesta.raise_for_status()
        cuerpo = await respuesta.read()
    return await guardar(destino, cuerpo)


async def todas_con_aiohttp(urls, carpeta):
    plazo = aiohttp.ClientTimeout(total=PLAZO)
    async with aiohttp.ClientSession(timeout=plazo) as sesion:
        trabajos = map(partial(foto_con_aiohttp, sesion), urls, destinos(carpeta, urls))
        return await asyncio.gather(*trabajos)


def con_aiohttp(urls, carpeta):
    return asyncio.run(todas_con_aiohttp(urls, carpeta))


async def foto_con_httpx(cliente, url, destino):
    respuesta = await cliente.get(url)
    respuesta.raise_for_status()
    return await guardar(destino, respuesta.content)


async def todas_con_httpx(urls, carpeta):
    async with httpx.AsyncClient(timeout=PLAZO, follow_redirects=True) as cliente:
        trabajos = map(partial(foto_con_httpx, cliente), urls, destinos(carpeta, urls))
        return await asyncio.gather(*trabajos)


def con_httpx(urls, carpeta):
    return asyncio.run(todas_con_httpx(urls, carpeta))


def pedir(url):
    respuesta = requests.get(url, timeout=PLAZO)
    respuesta.raise_for_status()
    return respuesta


def retrato(carpeta, usuario_y_url):
    usuario, url = usuario_y_url
    datos = pedir(url).json()["results"][0]
    cuerpo = pedir(datos["picture"]["large"]).content
    Path(carpeta).mkdir(parents=True, exist_ok=True)
    return Path(carpeta, f"{usuario}.jpg").write_bytes(cuerpo)


def retratos_en_serie(usuarios, carpeta):
    return [retrato(carpeta, usuario) for usuario in usuarios]


def retratos_con_hilos(usuarios, carpeta, hilos):
    with ThreadPoolExecutor(hilos) as ejecutor:
        return list(ejecutor.map(partial(retrato, carpeta), usuarios))


def retratos_con_procesos(usuarios, carpeta, procesos):
    with ProcessPoolExecutor(procesos) as ejecutor:
        return list(ejecutor.map(partial(retrato, carpeta), usuarios))
