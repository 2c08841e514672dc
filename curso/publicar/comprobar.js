// Lo que se mira en cada página del sitio, dentro de ella. Cada comprobación da pares [qué está mal, dónde].
globalThis.comprobar = (() => {
  "use strict";

  // Un elemento, para quien lo busque: su etiqueta, sus clases y el principio de su texto.
  function donde(elemento) {
    const clases = [...elemento.classList].map((clase) => `.${clase}`).join("");
    const texto = elemento.textContent.trim().replace(/\s+/g, " ").slice(0, 60);
    return `<${elemento.localName}${clases}> «${texto}»`;
  }

  const se_ve = (elemento) => elemento.checkVisibility({ visibilityProperty: true });

  // Los rótulos que solo se ven al pasar por encima o con un lector de pantalla son los que se quedan en inglés sin que se note.
  const EN_INGLES = /\b(toggle|link to|this|the|main|page|search|copy|next|previous|above|below)\b/i;

  function idioma() {
    const dicho = document.documentElement.lang;
    const faltas = dicho === "es" ? [] : [["la página no dice que está en español", `lang="${dicho}"`]];
    for (const elemento of document.querySelectorAll("[title], [aria-label]")) {
      const rotulo = elemento.getAttribute("aria-label") ?? elemento.title;
      if (EN_INGLES.test(rotulo) && !elemento.closest("body [lang=en]")) faltas.push(["un rótulo en inglés", `«${rotulo}» ${donde(elemento)}`]);
    }
    return faltas;
  }

  function figuras() {
    const faltas = [];
    for (const svg of document.querySelectorAll("svg[role=img]:not([data-icon])")) {
      const [titulo, descripcion] = ["title", "desc"].map((que) => svg.querySelector(`:scope > ${que}`)?.textContent.trim());
      const { width, height } = svg.getBoundingClientRect();
      if (!titulo || !descripcion) faltas.push(["figura sin texto alternativo", donde(svg)]);
      if (!svg.closest("details:not([open])") && (width < 50 || height < 30)) faltas.push(["figura que no se ve", donde(svg)]);
    }
    for (const imagen of document.images) {
      if (!imagen.alt.trim() && imagen.getAttribute("alt") === null) faltas.push(["imagen sin texto alternativo", imagen.src]);
      if (se_ve(imagen) && imagen.naturalWidth === 0) faltas.push(["imagen que no se ve", imagen.src]);
    }
    return faltas;
  }

  // Si algo se sale por la derecha de la ventana y nada de lo que lo contiene se desplaza.
  function anchura() {
    const raiz = document.scrollingElement;
    if (raiz.scrollWidth <= innerWidth) return [];
    const culpable = [...document.body.querySelectorAll("*")].find(
      (e) => se_ve(e) && e.getBoundingClientRect().right > innerWidth + 1 && !con_barra(e));
    return [["se sale de la ventana", `${raiz.scrollWidth} px de ${innerWidth}: ${culpable ? donde(culpable) : ""}`]];
  }

  function con_barra(elemento) {
    for (let padre = elemento.parentElement; padre; padre = padre.parentElement) {
      if (["auto", "scroll", "hidden"].includes(getComputedStyle(padre).overflowX)) return true;
    }
    return false;
  }

  // Lo que dicen las diapositivas, sin espacios: repartirlas no puede perder nada.
  function texto() {
    const partes = document.querySelectorAll(".slides :is(.codigo, .prosa, .salida:not(.figura-medida)):not(aside *)");
    return [...partes].map((parte) => parte.textContent.replace(/\s/g, "")).join("");
  }

  // Pasa por todas las diapositivas, con sus fragmentos a la vista, y mira que nada se salga de la pantalla.
  function diapositivas() {
    const faltas = [];
    Reveal.layout();
    const hojas = document.querySelectorAll(".slides section.hoja");
    hojas.forEach((hoja, i) => {
      const { h, v } = Reveal.getIndices(hoja);
      Reveal.slide(h, v, 999);
      const marco = { derecha: innerWidth + 1, abajo: innerHeight + 1 };
      const fuera = [...hoja.querySelectorAll(":scope *:not(aside, aside *)")].find((elemento) => {
        if (!se_ve(elemento) || elemento.closest("svg") !== null && elemento.localName !== "svg") return false;
        const caja = elemento.getBoundingClientRect();
        return caja.width > 0 && (caja.right > marco.derecha || caja.bottom > marco.abajo || caja.left < -1 || caja.top < -1);
      });
      const titulo = `diapositiva ${i + 1} de ${hojas.length}`;
      if (hoja.dataset.desborda) faltas.push(["la diapositiva no cabe", `${titulo}, ${hoja.dataset.desborda}: ${donde(hoja)}`]);
      else if (fuera) faltas.push(["se sale de la diapositiva", `${titulo}: ${donde(fuera)}`]);
      const vista = [...hoja.children].filter((parte) => !parte.matches("aside"));
      if (!vista.some((parte) => parte.textContent.trim())) faltas.push(["diapositiva en blanco", titulo]);
      const vacia = [...hoja.querySelectorAll(".salida")].some((salida) => !salida.textContent.trim());
      if (vacia) faltas.push(["salida en blanco", `${titulo}: ${donde(hoja)}`]);
    });
    const { transition } = Reveal.getConfig();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches && transition !== "none") {
      faltas.push(["se mueve, y se ha pedido menos movimiento", transition]);
    }
    return hojas.length > 0 ? faltas : [["no hay diapositivas", location.pathname]];
  }

  // Las faltas graves que ve axe, y el orden de los encabezados. Lo que más tarda es el contraste, trozo a trozo: del código se
  // deja uno de cada color, que son todos iguales. La página ya no sirve para mirar otra cosa.
  async function accesibilidad(modo) {
    const vistos = new Set();
    for (const trozo of document.querySelectorAll("pre span")) {
      const color = `${trozo.closest("pre").parentElement.className} ${trozo.className}`;
      if (vistos.has(color)) trozo.replaceWith(...trozo.childNodes);
      vistos.add(color);
    }
    const { violations, incomplete } = await axe.run(document, { resultTypes: ["violations", "incomplete"], preload: false });
    const graves = violations.filter(({ id, impact }) => ["serious", "critical"].includes(impact) || id === "heading-order");
    // Del texto del mismo color que su fondo, axe no sabe si está escondido adrede: aquí nada lo está.
    const del_color_del_fondo = incomplete
      .filter(({ id }) => id === "color-contrast")
      .map((duda) => ({ ...duda, nodes: duda.nodes.filter(({ any }) => any[0]?.data?.messageKey === "equalRatio") }));
    return [...graves, ...del_color_del_fondo].flatMap(({ id, help, nodes }) =>
      nodes.map((nodo) => [`accesibilidad: ${id}`, `${modo}: ${help}: ${nodo.target.join(" ")} ${nodo.html.slice(0, 120)}`]));
  }

  return { idioma, figuras, texto, anchura, diapositivas, accesibilidad };
})();
