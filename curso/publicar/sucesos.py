"""Lo que estos programas cuentan a quien los lanza: un objeto JSON por línea de la salida estándar."""

import json
import os

# Lo que digan las bibliotecas va con los errores; lo que se cuenta, por otro lado.
SUCESOS = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)


def cuenta(tipo, **datos):
    print(json.dumps({"tipo": tipo, **datos}, ensure_ascii=False), file=SUCESOS, flush=True)


class Paso:
    """Un paso, del que se cuenta por dónde va."""

    def __init__(self, nombre, total):
        self.hechas, self.total = 0, total
        cuenta("paso", nombre=nombre)

    def avanza(self):
        self.hechas += 1
        cuenta("avanza", hechas=self.hechas, total=self.total)
