"""El par de Python: hace los mismos trabajos con multiprocessing y dice cuánto ha tardado cada vez.

Lo lanza el banco y le habla por la entrada estándar: una línea, «trabajo procesos veces»; una respuesta, los segundos.
"""

import array
import multiprocessing as mp
import sys
import time
from concurrent.futures import ProcessPoolExecutor

ENTRADAS = 100_000
SUELTAS = 10_000
ENCARGOS = 3_000
INCREMENTOS = 50_000


def cuadrado(x):
    return x * x


def nada():
    pass


def eco(extremo):
    while (valor := extremo.recv()) is not None:
        extremo.send(valor)


def suma(valor, veces):
    for _ in range(veces):
        with valor.get_lock():
            valor.value += 1


class Par:
    def __init__(self):
        self.ctx = mp.get_context("spawn")
        self.pools = {}
        self.ejecutores = {}
        self.extremo = None

    def pool(self, n):
        if n not in self.pools:
            self.pools[n] = self.ctx.Pool(n)
            self.pools[n].map(cuadrado, range(100))
        return self.pools[n]

    def ejecutor(self, n):
        if n not in self.ejecutores:
            self.ejecutores[n] = ProcessPoolExecutor(n, mp_context=self.ctx)
            list(self.ejecutores[n].map(cuadrado, range(100)))
        return self.ejecutores[n]

    def conexion(self):
        if self.extremo is None:
            self.extremo, otro = self.ctx.Pipe()
            self.ctx.Process(target=eco, args=(otro,), daemon=True).start()
            self.extremo.send(1)
            self.extremo.recv()
        return self.extremo

    def preparar(self, trabajo, n):
        """Lo que no se mide: procesos en marcha, datos hechos."""
        if trabajo in ("map", "imap_unordered"):
            return self.pool(n)
        if trabajo == "submit":
            return self.ejecutor(n)
        if trabajo == "pipe":
            return self.conexion(), (1 if n < 8 else array.array("d", [1.5]) * (n // 8))
        if trabajo == "value":
            valor = self.ctx.Value("q", 0)
            procesos = [self.ctx.Process(target=suma, args=(valor, INCREMENTOS)) for _ in range(n)]
            return valor, procesos
        return None

    def hacer(self, trabajo, n, listo):
        if trabajo == "process":
            proceso = self.ctx.Process(target=nada)
            proceso.start()
            proceso.join()
        elif trabajo == "map":
            assert len(listo.map(cuadrado, range(ENTRADAS))) == ENTRADAS
        elif trabajo == "imap_unordered":
            assert sum(1 for _ in listo.imap_unordered(cuadrado, range(SUELTAS))) == SUELTAS
        elif trabajo == "submit":
            futuros = [listo.submit(cuadrado, i) for i in range(ENCARGOS)]
            assert len([f.result() for f in futuros]) == ENCARGOS
        elif trabajo == "pipe":
            extremo, dato = listo
            extremo.send(dato)
            extremo.recv()
        elif trabajo == "value":
            valor, procesos = listo
            for proceso in procesos:
                proceso.start()
            for proceso in procesos:
                proceso.join()
            assert valor.value == n * INCREMENTOS


def main():
    par = Par()
    for linea in sys.stdin:
        trabajo, n, veces = linea.split()
        total = 0.0
        for _ in range(int(veces)):
            listo = par.preparar(trabajo, int(n))
            inicio = time.perf_counter()
            par.hacer(trabajo, int(n), listo)
            total += time.perf_counter() - inicio
        print(total, flush=True)
    for pool in par.pools.values():
        pool.terminate()
    for ejecutor in par.ejecutores.values():
        ejecutor.shutdown()
    if par.extremo is not None:
        par.extremo.send(None)


if __name__ == "__main__":
    main()
