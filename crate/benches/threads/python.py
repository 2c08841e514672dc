"""El par de Python: hace los mismos trabajos con threading, concurrent.futures, asyncio y queue.

Lo lanza el banco y le habla por la entrada estándar: una línea, «trabajo tamaño veces»; una respuesta, los segundos.
"""

import asyncio
import queue
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

TAREAS = 20_000
ELEMENTOS = 100_000
VUELTAS = 100_000
ESPERA = 0.01


def cuadrado(x):
    return x * x


def nada():
    pass


async def espera():
    await asyncio.sleep(ESPERA)


async def todas(n):
    await asyncio.gather(*(espera() for _ in range(n)))


def submit(ejecutor, tareas):
    futuros = [ejecutor.submit(cuadrado, i) for i in range(tareas)]
    assert len([f.result() for f in futuros]) == tareas


def hilos(n):
    los_hilos = [threading.Thread(target=nada) for _ in range(n)]
    for hilo in los_hilos:
        hilo.start()
    for hilo in los_hilos:
        hilo.join()


def cola(parejas, elementos):
    q = queue.Queue()
    por_hilo = elementos // parejas

    def produce():
        for i in range(por_hilo):
            q.put(i)

    def consume():
        for _ in range(por_hilo):
            q.get()

    los_hilos = [threading.Thread(target=f) for f in (produce, consume) for _ in range(parejas)]
    for hilo in los_hilos:
        hilo.start()
    for hilo in los_hilos:
        hilo.join()


def cerrojo(n, vueltas):
    lock = threading.Lock()
    total = 0

    def suma():
        nonlocal total
        for _ in range(vueltas // n):
            with lock:
                total += 1

    if n == 1:
        suma()
    else:
        los_hilos = [threading.Thread(target=suma) for _ in range(n)]
        for hilo in los_hilos:
            hilo.start()
        for hilo in los_hilos:
            hilo.join()
    assert total == vueltas // n * n


def hacer(trabajo, n, ejecutores):
    if trabajo == "submit_tareas":
        submit(ejecutores[2], n)
    elif trabajo == "submit_hilos":
        submit(ejecutores[n], TAREAS)
    elif trabajo == "gather":
        asyncio.run(todas(n))
    elif trabajo == "thread":
        hilos(n)
    elif trabajo == "queue_elementos":
        cola(2, n)
    elif trabajo == "queue_parejas":
        cola(n, ELEMENTOS)
    elif trabajo == "lock":
        cerrojo(n, VUELTAS)
    else:
        raise ValueError(f"no sé hacer «{trabajo}»")


def main():
    ejecutores = {}
    for linea in sys.stdin:
        trabajo, n, veces = linea.split()
        n = int(n)
        # Los hilos del ejecutor ya están en marcha cuando se empieza a contar.
        hilos_del_pool = {"submit_tareas": 2, "submit_hilos": n}.get(trabajo)
        if hilos_del_pool and hilos_del_pool not in ejecutores:
            ejecutores[hilos_del_pool] = ThreadPoolExecutor(hilos_del_pool)
            submit(ejecutores[hilos_del_pool], 100)
        inicio = time.perf_counter()
        for _ in range(int(veces)):
            hacer(trabajo, n, ejecutores)
        print(time.perf_counter() - inicio, flush=True)


if __name__ == "__main__":
    main()
