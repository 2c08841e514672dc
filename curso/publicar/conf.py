"""La configuración de Sphinx para las páginas del curso. Las salidas son las guardadas: aquí no se ejecuta nada."""

import os

project = "Concurrencia en Rust, en cuadernos"
author = "Concurrencia en Rust"
copyright = "los autores, con licencia MIT"
language = "es"

extensions = ["myst_nb", "sphinx_copybutton"]
nb_execution_mode = "off"
nb_merge_streams = True
nb_code_prompt_show = "Ver la respuesta"
nb_code_prompt_hide = "Plegar la respuesta"
myst_heading_anchors = 3
myst_heading_slug_func = "fuente.ancla"
myst_enable_extensions = ["colon_fence", "attrs_inline", "attrs_block"]
# Lo que el núcleo ejecuta es Rust, también cuando se resalta un fragmento suelto.
highlight_language = "rust"

html_static_path = [os.environ["PUBLICAR_ESTILO"]]
html_css_files = ["paginas.css", "errores.css"]
html_theme = "sphinx_book_theme"
html_title = project
html_show_sourcelink = False
html_copy_source = False
# El resumen de cada resultado se pide con `fetch`, que un archivo abierto con doble clic no puede hacer.
html_show_search_summary = False
html_context = {"default_mode": "auto"}
html_theme_options = {
    # La búsqueda ya está arriba del índice.
    "navbar_persistent": [],
    "home_page_in_toc": True,
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "search_bar_text": "Buscar en el curso",
}
copybutton_selector = "div.cell_input div.highlight pre, div.highlight-console pre"
