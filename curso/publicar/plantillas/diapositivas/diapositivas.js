// Antes de empezar, cada diapositiva se ajusta para que quepa entera y se lea desde el fondo del aula. La letra baja un poco; si no
// basta, la diapositiva se reparte en varias, por sus partes (un texto, una celda, una salida), y cada una baja lo que necesite hasta
// una letra que aún se lee. Una figura ocupa lo que quede libre, y la que junta varias que así no se leen va seguida de cada una, en
// grande. La que ni con eso cabe se marca con `data-desborda`: las pruebas dicen cuál es.
(() => {
  "use strict";
  const ANCHO = 1280, ALTO = 720;
  // Escalas de la letra: la que se prefiere a repartir, la que se prefiere a dejar una línea sola, y la menor que se lee.
  const COMODA = 0.8, JUSTA = 0.7, MINIMA = 0.6, PASO = 0.05;
  // La letra de las figuras, en píxeles de una pantalla de 720 de alto: la que se busca y la menor que se lee.
  const LETRA = 13, LETRA_MINIMA = 12;
  // La altura mayor de una figura, y la menor de una que solo se enseña para verla junta.
  const MAYOR_FIGURA = 620, DE_CONJUNTO = 420;

  // Las figuras de una diapositiva con su altura menor, la que da una letra legible, y la mayor que cabe a lo ancho.
  const medidas = new Map();
  const figuras = (hoja) => [...hoja.querySelectorAll("svg[role=img]")].map((svg) => [svg, medidas.get(svg)]);

  function mide(svg) {
    const { width, height } = svg.viewBox.baseVal;
    const escala = svg.getScreenCTM().a;
    const letra = Math.min(
      ...[...svg.querySelectorAll("text")].map((texto) => (parseFloat(getComputedStyle(texto).fontSize) * texto.getScreenCTM().a) / escala));
    const mayor = Math.min(MAYOR_FIGURA, (svg.parentElement.clientWidth / width) * height);
    // Si junta varias y ni con su altura mayor se lee, da igual que sea menor: detrás va cada una en grande.
    const paneles = [...svg.querySelectorAll(":scope > svg")];
    const apretada = paneles.length > 1 && (letra * mayor) / height < LETRA_MINIMA;
    const menor = apretada ? DE_CONJUNTO : Math.min((LETRA / letra) * height, mayor);
    return { menor, mayor, paneles: apretada ? paneles : [] };
  }

  function cabe(hoja, escala) {
    hoja.style.fontSize = `${escala}em`;
    figuras(hoja).forEach(([svg, { menor }]) => (svg.style.height = `${menor}px`));
    return hoja.scrollHeight <= ALTO && hoja.scrollWidth <= ANCHO;
  }

  // La mayor escala con la que cabe, sin pasar de `minima`; si no cabe con ninguna, nada.
  function escala(hoja, minima) {
    for (let probada = 1; probada > minima - PASO / 2; probada -= PASO) {
      if (cabe(hoja, probada)) return probada;
    }
    return undefined;
  }

  // La letra del código baja lo que haga falta, sin dejar de leerse, para no partir líneas.
  function sinPartir(hoja, escala) {
    const lineas = [...hoja.querySelectorAll(".linea")];
    const partidas = () => lineas.some((linea) => linea.offsetHeight > 1.5 * Math.min(...lineas.map((otra) => otra.offsetHeight)));
    for (let factor = 1; factor * escala > JUSTA; factor -= PASO) {
      hoja.style.setProperty("--letra-del-codigo", factor);
      if (!partidas()) return;
    }
    hoja.style.removeProperty("--letra-del-codigo");
  }

  // Las figuras crecen hasta llenar lo que ha quedado libre.
  function crece(hoja) {
    const suyas = figuras(hoja);
    const libre = (ALTO - hoja.offsetHeight) / suyas.length;
    for (const [svg, { menor, mayor }] of suyas) svg.style.height = `${Math.floor(Math.min(mayor, menor + libre))}px`;
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

  function nueva(hoja) {
    const otra = hoja.cloneNode(false);
    otra.removeAttribute("id");
    return otra;
  }

  function reparte(hoja) {
    const pendientes = partes(hoja);
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
        const siguiente = nueva(hoja);
        actual.after(siguiente);
        hojas.push((actual = siguiente));
      } else if (nodo.matches(".prosa") && nodo.childElementCount > 1) {
        nodo.remove();
        pendientes.unshift(...parrafos(nodo).map((trozo) => ({ nodo: trozo, fragmento })));
      }
    }
    return hojas.reduce((quedan, una) => (recoge(quedan.at(-1), una) ? quedan : [...quedan, una]), []);
  }

  // Una línea de salida no se queda sola en su diapositiva si, apretando, cabe en la anterior.
  function recoge(anterior, hoja) {
    const sobra = [...hoja.children];
    if (!anterior || sobra.length !== 1 || !sobra[0].matches(".salida") || sobra[0].querySelector("svg")) return false;
    anterior.append(...sobra);
    if (escala(anterior, JUSTA)) {
      hoja.remove();
      return true;
    }
    hoja.append(...sobra);
    return false;
  }

  // Un texto suelto no llena una diapositiva: si cabe con la celda de la siguiente, o al menos con su código, sale debajo al avanzar.
  function junta(hoja) {
    const siguiente = hoja.nextElementSibling;
    const otras = [...(siguiente?.children ?? [])];
    if (![...hoja.children].every((nodo) => nodo.matches(".prosa")) || !otras[0]?.matches(".codigo")) return;
    const celda = document.createElement("div");
    celda.className = "fragment";
    hoja.append(celda);
    const salidas = otras.slice(1).findIndex((nodo) => !nodo.matches(".salida"));
    const cuantas = [otras.length, salidas < 0 ? otras.length : salidas + 1, 1].find((n) => {
      celda.replaceChildren(...otras.slice(0, n));
      return escala(hoja, COMODA);
    });
    if (!cuantas) celda.remove();
    siguiente.append(...otras.slice(cuantas ?? 0));
    if (cuantas === otras.length) siguiente.remove();
  }

  // Las figuras que una junta, cada una en su diapositiva, si juntas no se leen.
  function separa(hoja) {
    let ultima = hoja;
    for (const [svg, { paneles }] of figuras(hoja)) {
      paneles.forEach((panel, i) => {
        const sola = nueva(hoja);
        const marco = document.createElement("div");
        marco.className = "salida figura-medida";
        // Lo que un panel toma de la figura por su nombre (las tramas) no se dibuja si la figura está escondida: va con él.
        const suyo = (texto) => texto.replace(/(\bid="|url\(#)([^")]+)/g, `$1$2-${i}`);
        const tramas = [...svg.querySelectorAll(":scope > defs")].map((defs) => defs.outerHTML).join("");
        marco.innerHTML = suyo(panel.outerHTML);
        const figura = marco.firstElementChild;
        for (const sitio of ["x", "y", "width", "height"]) figura.removeAttribute(sitio);
        figura.setAttribute("role", "img");
        for (const atributo of ["font-family", "lang"]) if (svg.hasAttribute(atributo)) figura.setAttribute(atributo, svg.getAttribute(atributo));
        const rotulo = [...panel.querySelectorAll("text[font-weight=bold]")].map((texto) => texto.textContent).join(" ");
        const titulo = svg.querySelector(":scope > title").textContent;
        figura.insertAdjacentHTML("afterbegin", `<title></title><desc></desc>${suyo(tramas)}`);
        figura.querySelector("title").textContent = rotulo;
        figura.querySelector("desc").textContent = `Figura ${i + 1} de las ${paneles.length} de «${titulo}».`;
        sola.append(marco);
        ultima.after(sola);
        ultima = sola;
        medidas.set(figura, mide(figura));
        escala(sola, MINIMA);
        crece(sola);
      });
    }
  }

  function ajusta(hoja) {
    junta(hoja);
    const hojas = escala(hoja, COMODA) ? [hoja] : reparte(hoja);
    if (hojas.length > 1) junta(hojas.at(-1));
    for (const una of hojas) {
      const suya = escala(una, MINIMA);
      if (!suya) una.dataset.desborda = `${una.scrollWidth}×${una.scrollHeight}`;
      sinPartir(una, suya ?? MINIMA);
      crece(una);
      separa(una);
    }
  }

  // El código, línea a línea: la que no cabe sigue debajo de donde empezaba, y se ve que es la misma.
  function enLineas(pre) {
    const lineas = [[]];
    for (const nodo of [...pre.childNodes]) {
      nodo.textContent.split("\n").forEach((trozo, i) => {
        if (i > 0) lineas.push([]);
        if (!trozo) return;
        const suyo = nodo.cloneNode(false);
        suyo[nodo.nodeType === Node.TEXT_NODE ? "data" : "textContent"] = trozo;
        lineas.at(-1).push(suyo);
      });
    }
    if (lineas.at(-1).length === 0) lineas.pop();
    pre.replaceChildren(
      ...lineas.map((trozos) => {
        const linea = document.createElement("span");
        linea.className = "linea";
        linea.append(...trozos);
        linea.style.setProperty("--sangria", `${linea.textContent.search(/\S|$/) + 4}ch`);
        linea.append("\n");
        return linea;
      }));
  }

  // Las notas de una unidad dicen qué preguntar en ella: en la ventana del ponente salen con todas sus diapositivas.
  function conNotas(unidad) {
    const notas = [...unidad.querySelectorAll("aside.notes")];
    notas.forEach((nota) => nota.remove());
    unidad.querySelectorAll(".hoja:empty").forEach((hoja) => hoja.remove());
    return () => unidad.querySelectorAll(".hoja").forEach((hoja) => hoja.append(...notas.map((nota) => nota.cloneNode(true))));
  }

  document.fonts.ready.then(async () => {
    const hojas = document.querySelector(".slides");
    hojas.classList.add("midiendo");
    hojas.querySelectorAll(".codigo pre").forEach(enLineas);
    hojas.querySelectorAll("svg[role=img]").forEach((svg) => medidas.set(svg, mide(svg)));
    const ponNotas = [...hojas.children].map(conNotas);
    hojas.querySelectorAll(".hoja").forEach((hoja) => hoja.isConnected && ajusta(hoja));
    ponNotas.forEach((pon) => pon());
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
    document.documentElement.dataset.listas = "";
  });
})();
