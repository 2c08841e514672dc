"""El lado de Python de una carrera: recibe órdenes, llama a funciones y dice lo que ha tardado cada llamada.

Las órdenes y las respuestas van en JSON, una por línea, por descriptores apartados de la entrada y la salida: lo que
imprima un guion no las estropea.
"""

import importlib
import json
import os
import select
import signal
import sys
import time
import traceback


def set_apart():
    """Aparta los descriptores del protocolo; lo que se imprima desde ahora va todo a la salida de error."""
    orders, replies = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    owner = os.getpid()

    def forget():
        # Solo los hijos directos los tienen: en un nieto, esos números pueden ser ya de otros archivos.
        if os.getppid() == owner:
            os.close(orders)
            os.close(replies)

    return orders, replies, forget


def watch(orders):
    """Deja un vigía que, en cuanto no hay quien dé órdenes, acaba con todo el grupo de procesos y borra los guiones.

    Es otro proceso, y no un hilo, porque un guion puede hacer `fork`, y con hilos no es seguro.
    """
    child = os.fork()
    if child > 0:
        os.waitpid(child, 0)
        return
    if os.fork() > 0:
        os._exit(0)
    try:
        os.closerange(0, orders)
        os.closerange(orders + 1, 256)
        hangup = select.poll()
        hangup.register(orders, 0)
        hangup.poll()
        import shutil

        shutil.rmtree(os.path.dirname(os.path.abspath(__file__)), ignore_errors=True)
    finally:
        os.killpg(0, signal.SIGKILL)


def plain(value):
    """Lo que JSON no sabe escribir y en Rust tiene un equivalente claro."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return list(bytes(value))
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"un valor de tipo {type(value).__name__} no se puede pasar a Rust")


def obey(order):
    """Importa el guion y, si la orden dice qué función, la llama y mide solo la llamada."""
    try:
        module = importlib.import_module("guiones." + order["script"])
        if "function" not in order:
            return {}
        function = getattr(module, order["function"])
        arguments = order["arguments"]
        start = time.perf_counter_ns()
        value = function(*arguments)
        nanoseconds = time.perf_counter_ns() - start
        return {"nanoseconds": nanoseconds, "value": value}
    except BaseException as error:
        # Sin el tramo de este archivo, que a nadie le dice nada.
        trace = error.__traceback__ and error.__traceback__.tb_next
        lines = traceback.format_exception(type(error), error, trace)
        missing = isinstance(error, ImportError)
        return {"raised": "".join(lines).rstrip(), "missing": str(error) if missing else None}


def written(reply):
    try:
        return json.dumps(reply, default=plain)
    except Exception as error:
        return json.dumps({"unsendable": str(error)})


def main():
    orders, replies, forget = set_apart()
    watch(orders)
    os.register_at_fork(after_in_child=forget)
    with os.fdopen(orders, "rb") as lines, os.fdopen(replies, "wb") as out:

        def say(reply):
            out.write(written(reply).encode() + b"\n")
            out.flush()

        say({"python": ".".join(map(str, sys.version_info[:3]))})
        for line in lines:
            order = json.loads(line)
            if "bye" in order:
                # Quien mide cuenta también lo que tarda Python en despedirse.
                return
            say(obey(order))


if __name__ == "__main__":
    main()
