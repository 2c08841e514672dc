"""El lado de Python de una carrera: recibe órdenes, llama a funciones y dice lo que ha tardado cada llamada.

Las órdenes y las respuestas van en JSON, una por línea, por descriptores apartados de la entrada y la salida: lo que
imprima un guion no las estropea.
"""

import importlib
import json
import os
import re
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


# Una cadena, para pasarla de largo, o un número.
PIECES = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[-+.\deE]*')
LONG_INTEGER = re.compile(r"\d{19}")


def renumber(text, change):
    """El mismo JSON, con otros números."""
    return PIECES.sub(lambda piece: piece[0] if piece[0][0] == '"' else change(piece[0]), text)


def dump(value):
    try:
        return json.dumps(value, default=plain, allow_nan=False)
    except ValueError:
        json.dumps(value, default=plain)
        # Así sí se puede: era eso.
        raise ValueError("un NaN o un infinito no se puede pasar a Rust: devuelve None o un texto") from None


def written(value):
    """El valor en JSON, con lo que hace falta para leerlo en Rust, o por qué no se puede escribir."""
    try:
        text = dump(value)
    except Exception as error:
        return {"unsendable": str(error)}
    if "e+" in text:
        # El lector de Rust no entiende el «+» de `1e+16`.
        text = renumber(text, lambda number: number.replace("e+", "e"))
    reply = {"value": text}
    if LONG_INTEGER.search(text):
        signed = renumber(text, lambda number: "-1" if number.isdigit() and int(number) >= 2**63 else number)
        if signed != text:
            reply["signed"] = signed
    return reply


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
        return {"nanoseconds": nanoseconds, **written(value)}
    except BaseException as error:
        # Sin el tramo de este archivo, que a nadie le dice nada.
        trace = error.__traceback__ and error.__traceback__.tb_next
        lines = traceback.format_exception(type(error), error, trace)
        missing = isinstance(error, ImportError)
        return {"raised": "".join(lines).rstrip(), "missing": str(error) if missing else None}


def main():
    orders, replies, forget = set_apart()
    watch(orders)
    os.register_at_fork(after_in_child=forget)
    with os.fdopen(orders, "rb") as lines, os.fdopen(replies, "wb") as out:

        def say(reply):
            # En una traza puede haber medio carácter, que en Rust no vale; en el valor van escapados.
            line = json.dumps(reply, ensure_ascii=False)
            out.write(line.encode(errors="replace") + b"\n")
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
