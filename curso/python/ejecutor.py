"""Ejecuta un cuaderno con nbclient y cuenta lo que pasa, un objeto JSON por línea de la salida estándar.

Uso: ejecutor.py ENCARGO.json, con {"cuaderno", "salida", "carpeta", "plazo"}: qué se lee, dónde se escribe el
resultado, en qué carpeta arranca el núcleo y cuántos segundos se da a una celda que no diga otros en `metadata.plazo`.
No juzga: quien lee decide qué celda está mal.
"""

import asyncio
import json
import os
import queue
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from nbclient.util import ensure_async
from nbformat.v4 import output_from_msg

# evcxr contesta «he acabado» por un camino, y lo que la celda escribe va por otro: puede llegar después de la respuesta, y dado
# por dicho en la celda siguiente. Lo que llega en este rato es de la que acaba de acabar: la siguiente, que tarda más en
# compilarse, aún no ha hecho nada.
LLEGA_TARDE = 0.12


# El núcleo hereda la salida estándar y escribe en ella: lo suyo va con los errores, y lo que se cuenta, por otro lado.
SUCESOS = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)


def cuenta(tipo, **datos):
    print(json.dumps({"tipo": tipo, **datos}, ensure_ascii=False), file=SUCESOS, flush=True)


def es_figura(salida):
    datos = salida.get("data", {})
    return "image/svg+xml" in datos or "image/png" in datos


def es_texto(mensaje):
    return mensaje["msg_type"] == "stream"


def anade(celda, mensaje):
    """Añade a `celda` lo que escribió por la salida o la de errores, con lo demás que haya escrito por ahí."""
    nueva = output_from_msg(mensaje)
    for salida in celda.outputs:
        if salida.output_type == "stream" and salida.name == nueva.name:
            salida.text += nueva.text
            return
    celda.outputs.append(nueva)


class Cliente(NotebookClient):
    """nbclient, que además da a cada celda lo suyo que llega tarde y sabe si lo han cortado."""

    cortado = False
    anterior = None

    async def _async_cleanup_kernel(self):
        # Con Ctrl-C, nbclient llama aquí a mitad de una celda. Lo que esa celda conteste ya no cuenta.
        self.cortado = True
        await super()._async_cleanup_kernel()

    async def _async_poll_output_msg(self, parent_msg_id, cell, cell_index):
        comienzo = time.monotonic()
        while True:
            mensaje = await ensure_async(self.kc.iopub_channel.get_msg(timeout=None))
            if self.anterior and es_texto(mensaje) and time.monotonic() - comienzo < LLEGA_TARDE:
                anade(self.anterior, mensaje)
            elif mensaje["parent_header"].get("msg_id") == parent_msg_id:
                try:
                    self.process_message(mensaje, cell, cell_index)
                except CellExecutionComplete:
                    self.anterior = cell
                    return

    async def lo_que_llega_tarde(self):
        """Lo de la última celda, que no tiene otra detrás."""
        while self.anterior:
            try:
                mensaje = await ensure_async(self.kc.iopub_channel.get_msg(timeout=LLEGA_TARDE))
            except queue.Empty:
                return
            if es_texto(mensaje):
                anade(self.anterior, mensaje)


async def ejecuta(encargo):
    """Ejecuta las celdas de código en orden; se para en la que agota su plazo o mata el núcleo."""
    cuaderno = nbformat.read(encargo["cuaderno"], as_version=4)
    plazo = encargo["plazo"]
    cliente = Cliente(
        cuaderno,
        kernel_name="rust",
        timeout_func=lambda celda: celda.metadata.get("plazo", plazo),
        startup_timeout=600,
        allow_errors=True,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": encargo["carpeta"]}},
    )
    cliente.reset_execution_trackers()
    de_codigo = [i for i, c in enumerate(cuaderno.cells) if c.cell_type == "code" and c.source.strip()]
    for i, celda in enumerate(cuaderno.cells):
        if celda.cell_type == "code":
            celda.outputs, celda.execution_count = [], None
    cuenta("empieza", celdas=len(de_codigo))
    comienzo = time.monotonic()
    async with cliente.async_setup_kernel(cleanup_kc=True):
        cuenta("listo", s=time.monotonic() - comienzo)
        for i in de_codigo:
            celda = cuaderno.cells[i]
            cuenta("celda", i=i)
            antes = time.monotonic()
            try:
                await cliente.async_execute_cell(celda, i)
            except CellTimeoutError:
                cuenta("plazo", i=i, plazo=celda.metadata.get("plazo", plazo))
                await ensure_async(cliente.km.interrupt_kernel())
                break
            except DeadKernelError:
                cuenta("muerto", i=i)
                break
            if cliente.cortado:
                cuenta("muerto", i=i)
                break
            ahora = time.monotonic()
            figura = any(es_figura(s) for s in celda.outputs)
            cuenta("acaba", i=i, s=ahora - antes, desde_el_arranque=ahora - comienzo, figura=figura)
        else:
            await cliente.lo_que_llega_tarde()
            cuenta("entero")
    nbformat.write(cuaderno, encargo["salida"])
    cuenta("fin")


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as archivo:
        asyncio.run(ejecuta(json.load(archivo)))
