// Antes de empezar, cada diapositiva se ajusta para que quepa entera. Primero baja un poco la letra; si no basta, se reparte
// en varias, por sus partes (un texto, una celda, una salida), y cada una baja lo que necesite hasta una letra que aún se
// lee desde el fondo del aula. La que ni así cabe se marca con `data-desborda`: las pruebas dicen cuál es.
(() => {
  "use strict";
  const ANCHO = 1280, ALTO = 720;
  // Escalas de la letra: la que se prefiere a repartir, y la menor que se lee.
  const COMODA = 0.8, MINIMA = 0.6, PASO = 0.05;

  const cabe = (hoja, escala) => {
    hoja.style.fontSize = `${escala}em`;
    return hoja.scrollHeight <= ALTO && hoja.scrollWidth <= ANCHO;
  };

  // La mayor escala con la que cabe, sin pasar de `minima`; si no cabe con ninguna, nada.
  function escala(hoja, minima) {
    for (let probada = 1; probada > minima - PASO / 2; probada -= PASO) {
      if (cabe(hoja, probada)) return probada;
    }
    return undefined;
  }

  // Las partes de una diapositiva en orden, con el número de su fragmento si van en uno. Un fragmento dentro de otro sale
  // después que él.
  function partes(hoja) {
    let ultimo = 0;
    const de = (padre, fragmento) =>
      [...padre.children].flatMap((nodo) => (nodo.classList.contains("fragment") ? de(nodo, ++ultimo) : [{ nodo, fragmento }]));
    return de(hoja, undefined);
  }

  // Un texto que no cabe solo, en sus párrafos.
  function parrafos(texto) {
    return [...texto.children].map((hijo) => {
      const trozo = texto.cloneNode(false);
      trozo.append(hijo);
      return trozo;
    });
  }

  function reparte(hoja) {
    const todas = partes(hoja);
    const notas = todas.filter(({ nodo }) => nodo.matches("aside")).map(({ nodo }) => nodo);
    const pendientes = todas.filter(({ nodo }) => !nodo.matches("aside"));
    hoja.replaceChildren();
    let actual = hoja, primero;
    const hojas = [hoja];
    while (pendientes.length > 0) {
      const { nodo, fragmento } = pendientes.shift();
      const vacia = actual.childElementCount === 0;
      if (vacia) primero = fragmento;
      actual.append(nodo);
      const aparece = fragmento !== undefined && fragmento !== primero;
      nodo.classList.toggle("fragment", aparece);
      if (aparece) nodo.dataset.fragmentIndex = fragmento;
      if (cabe(actual, COMODA)) continue;
      if (!vacia) {
        pendientes.unshift({ nodo, fragmento });
        const siguiente = hoja.cloneNode(false);
        siguiente.removeAttribute("id");
        actual.after(siguiente);
        hojas.push((actual = siguiente));
      } else if (nodo.matches(".prosa") && nodo.childElementCount > 1) {
        nodo.remove();
        pendientes.unshift(...parrafos(nodo).map((trozo) => ({ nodo: trozo, fragmento })));
      }
    }
    hojas.forEach((una) => una.append(...notas.map((nota) => nota.cloneNode(true))));
    return hojas;
  }

  function ajusta(hoja) {
    if (escala(hoja, COMODA)) return;
    for (const una of reparte(hoja)) {
      if (!escala(una, MINIMA)) una.dataset.desborda = `${una.scrollWidth}×${una.scrollHeight}`;
    }
  }

  const EN_ESPANOL = {
    "navigate-left": "unidad anterior",
    "navigate-right": "unidad siguiente",
    "navigate-up": "diapositiva anterior",
    "navigate-down": "diapositiva siguiente",
  };

  document.fonts.ready.then(async () => {
    const hojas = document.querySelector(".slides");
    hojas.classList.add("midiendo");
    hojas.querySelectorAll(".hoja").forEach(ajusta);
    hojas.classList.remove("midiendo");
    const quieto = matchMedia("(prefers-reduced-motion: reduce)").matches;
    await Reveal.initialize({
      width: ANCHO,
      height: ALTO,
      margin: 0,
      center: false,
      hash: true,
      slideNumber: "c/t",
      transition: quieto ? "none" : "slide",
      backgroundTransition: "none",
      pdfSeparateFragments: false,
      plugins: [RevealNotes],
    });
    for (const [clase, texto] of Object.entries(EN_ESPANOL)) {
      document.querySelectorAll(`.${clase}`).forEach((boton) => boton.setAttribute("aria-label", texto));
    }
    document.documentElement.dataset.listas = "";
  });
})();
