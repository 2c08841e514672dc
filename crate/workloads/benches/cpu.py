"""Los trabajos de `cpu.rs`, con hashlib (OpenSSL): lee «trabajo n veces» y contesta los segundos que ha tardado."""

import hashlib
import sys
import time
from concurrent.futures import ThreadPoolExecutor


def clave(_):
    return hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 100_000)


def hilos(n):
    with ThreadPoolExecutor(n) as ejecutor:
        list(ejecutor.map(clave, range(8)))


def suma(n):
    return sum(i * i for i in range(n))


TRABAJOS = {"pbkdf2": clave, "hilos": hilos, "suma": suma}

for linea in sys.stdin:
    trabajo, n, veces = linea.split()
    inicio = time.perf_counter()
    for _ in range(int(veces)):
        TRABAJOS[trabajo](int(n))
    print(time.perf_counter() - inicio, flush=True)
