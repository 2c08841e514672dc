"""Lo que reveal.js (la ventana del ponente, la ayuda con los atajos) y el tema de las páginas dicen en inglés, en español."""

DE_REVEAL = {
    '"next slide":"previous slide"': '"unidad siguiente":"unidad anterior"',
    '"previous slide":"next slide"': '"unidad anterior":"unidad siguiente"',
    '"above slide"': '"diapositiva anterior"',
    '"below slide"': '"diapositiva siguiente"',
    "Resume presentation": "Seguir con la presentación",
    "Keyboard Shortcuts": "Atajos de teclado",
    "<th>KEY</th><th>ACTION</th>": "<th>tecla</th><th>qué hace</th>",
    '"Next slide"': '"diapositiva siguiente"',
    '"Previous slide"': '"diapositiva anterior"',
    '"Navigate left"': '"unidad anterior"',
    '"Navigate right"': '"unidad siguiente"',
    '"Navigate up"': '"diapositiva anterior de la unidad"',
    '"Navigate down"': '"diapositiva siguiente de la unidad"',
    '"Navigate without fragments"': '"moverse sin pasar por los fragmentos"',
    '"Jump to first/last slide"': '"primera o última diapositiva"',
    '"Pause"': '"pantalla en negro"',
    '"Fullscreen"': '"pantalla completa"',
    '"Slide overview"': '"ver todas las diapositivas"',
    "Jump to slide": "Ir a una diapositiva",
}
DEL_PONENTE = {
    r'lang=\"en\"': r'lang=\"es\"',
    "reveal.js - Speaker View": "Ventana del ponente",
    "Loading speaker view...": "Abriendo la ventana del ponente…",
    ">Upcoming<": ">Después<",
    ">Time <span": ">Tiempo <span",
    "Click to Reset": "Un clic lo pone a cero",
    "0:00 AM": "0:00",
    "Pacing – Time to finish current slide": "Ritmo: lo que queda para esta diapositiva",
    ">Notes<": ">Notas<",
    "innerHTML = 'Layout'": "innerHTML = 'Disposición'",
    "'Default'": "'normal'",
    "'Wide'": "'ancha'",
    "'Tall'": "'alta'",
    "'Notes only'": "'solo notas'",
    "'en-US', { hour12: true": "'es', { hour12: false",
    "Cross origin error.<br>The speaker window can only be opened from the same origin.": (
        "No se puede abrir desde aquí.<br>La ventana del ponente se abre desde la misma carpeta o servidor que las diapositivas."
    ),
    "Error connecting to main window.<br>Please try closing and reopening the speaker view.": (
        "No se encuentra la presentación.<br>Cierra esta ventana y ábrela otra vez con la tecla S."
    ),
    "Speaker view popup failed to open. Please make sure popups are allowed and reopen the speaker view.": (
        "El navegador no ha dejado abrir la ventana del ponente: permite las ventanas emergentes y pulsa S otra vez."
    ),
    '"Speaker notes view"': '"ventana del ponente, con las notas"',
}
DE_LAS_PAGINAS = {
    'title="Link to this heading"': 'title="Enlace a este título"',
    'aria-label="Toggle hidden content"': 'aria-label="Ver u ocultar la respuesta"',
    'title="Toggle primary sidebar"': 'title="Ver u ocultar el índice"',
    'title="Toggle secondary sidebar"': 'title="Ver u ocultar el contenido de la página"',
    'aria-label="Main"': 'aria-label="Índice"',
    'aria-label="Page"': 'aria-label="Contenido de la página"',
}


class NoLoDice(Exception):
    """reveal.js ya no dice algo que aquí se traduce: ha cambiado, y la tabla con él."""


def en_espanol(guion, tabla):
    """El guion con cada frase de `tabla` cambiada por la suya."""
    for ingles in tabla:
        if ingles not in guion:
            raise NoLoDice(f"reveal.js ya no dice «{ingles}»: revisa «curso/publicar/espanol.py»")
    return traducido(guion, tabla)


def traducido(texto, tabla):
    for ingles, espanol in tabla.items():
        texto = texto.replace(ingles, espanol)
    return texto
