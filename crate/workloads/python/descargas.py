"""Bajar unos sitios: cuántos bytes ocupa cada uno, en el orden en que se dan."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import httpx
import requests

PLAZO = 30

del_hilo = threading.local()


def bajar(sesion, url):
    respuesta = sesion.get(url, timeout=PLAZO)
    respuesta.raise_for_status()
    return len(respuesta.content)


def en_serie(urls):
    with requests.Session() as sesion:
        return [bajar(sesion, url) for url in urls]


def bajar_en_su_hilo(url):
    # Una sesión por hilo: requests no promete que se pueda compartir.
    if not hasattr(del_hilo, "sesion"):
        del_hilo.sesion = requests.Session()
    return bajar(del_hilo.sesion, url)


def con_hilos(urls, hilos):
    with ThreadPoolExecutor(hilos) as ejecutor:
        return list(ejecutor.map(bajar_en_su_hilo, urls))


async def bajar_con_aiohttp(sesion, url):
    async with sesion.get(url) as respuesta:
        respuesta.raise_for_status()
        # Sin leer el cuerpo solo se habrían bajado las cabeceras.
        return len(await respuesta.read())


async def todas_con_aiohttp(urls, conexiones):
    plazo = aiohttp.ClientTimeout(total=PLAZO)
    conector = aiohttp.TCPConnector(limit=conexiones)
    async with aiohttp.ClientSession(timeout=plazo, connector=conector) as sesion:
        return await asyncio.gather(*(bajar_con_aiohttp(sesion, url) for url in urls))


def con_aiohttp(urls, conexiones=100):
    """Con tantas conexiones a la vez como mucho; las 100 de siempre, o 0 para no poner tope."""
    return asyncio.run(todas_con_aiohttp(urls, conexiones))


async def bajar_con_httpx(cliente, url):
    respuesta = await cliente.get(url)
    respuesta.raise_for_status()
    return len(respuesta.content)


async def todas_con_httpx(urls):
    async with httpx.AsyncClient(timeout=PLAZO, follow_redirects=True) as cliente:
        return await asyncio.gather(*(bajar_con_httpx(cliente, url) for url in urls))


def con_httpx(urls):
    return asyncio.run(todas_con_httpx(urls))
