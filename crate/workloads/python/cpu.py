"""Calcular: derivar claves, sumar cuadrados y el trabajo que espera y calcula."""

import hashlib
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial


def derivar(sal, vueltas, clave):
    """La clave derivada con PBKDF2-HMAC-SHA256, en hexadecimal."""
    return hashlib.pbkdf2_hmac("sha256", clave.encode(), sal.encode(), vueltas).hex()


def claves_en_serie(claves, sal, vueltas):
    return [derivar(sal, vueltas, clave) for clave in claves]


def claves_con_hilos(claves, sal, vueltas, hilos):
    # OpenSSL calcula con el GIL suelto: aquí los hilos sí van a la vez.
    with ThreadPoolExecutor(hilos) as ejecutor:
        return list(ejecutor.map(partial(derivar, sal, vueltas), claves))


def claves_con_procesos(claves, sal, vueltas, procesos):
    with ProcessPoolExecutor(procesos) as ejecutor:
        return list(ejecutor.map(partial(derivar, sal, vueltas), claves))


def suma_entre(desde, hasta):
    return sum(i * i for i in range(desde, hasta))


def cuadrados_en_serie(hasta, divisor):
    """La suma de los cuadrados menores que `hasta`², dividida entre `divisor` sin decimales."""
    return suma_entre(0, hasta) // divisor


def cuadrados_repartidos(ejecutor, hasta, divisor, partes):
    cortes = [hasta * parte // partes for parte in range(partes + 1)]
    return sum(ejecutor.map(suma_entre, cortes, cortes[1:])) // divisor


def cuadrados_con_hilos(hasta, divisor, hilos):
    with ThreadPoolExecutor(hilos) as ejecutor:
        return cuadrados_repartidos(ejecutor, hasta, divisor, hilos)


def cuadrados_con_procesos(hasta, divisor, procesos):
    with ProcessPoolExecutor(procesos) as ejecutor:
        return cuadrados_repartidos(ejecutor, hasta, divisor, procesos)


def mixto(pausa, vueltas, n):
    """Espera `pausa` segundos por cada número par menor que `n` y deriva `n` claves: la última, o nada."""
    for i in range(n):
        if i % 2 == 0:
            time.sleep(pausa)
    clave = None
    for _ in range(n):
        clave = derivar("sal", vueltas, "clave")
    return clave


def mixto_en_serie(trabajos, pausa, vueltas):
    return [mixto(pausa, vueltas, n) for n in trabajos]


def mixto_con_hilos(trabajos, pausa, vueltas, hilos):
    with ThreadPoolExecutor(hilos) as ejecutor:
        return list(ejecutor.map(partial(mixto, pausa, vueltas), trabajos))


def mixto_con_procesos(trabajos, pausa, vueltas, procesos):
    with ProcessPoolExecutor(procesos) as ejecutor:
        return list(ejecutor.map(partial(mixto, pausa, vueltas), trabajos))
