/* The one script written into the pages: their language, and what Streamlit's markup does not say.
 *
 * Streamlit gives no way to name these parts from Python, so they are named once they are drawn:
 * French words for its English ones, the map's title, the navigation, a sound order of headings, and
 * frames that scroll reachable by the keyboard, no-break spaces as French wants them. Nothing is moved, no word changed.
 * The content security policy names this script by its hash. */
document.documentElement.lang = "fr";
(function () {
  "use strict";
  if (window.ptcePage) return window.ptcePage();

  const WORDS = {
    "Sidebar": "Panneau latéral", "Collapse sidebar": "Replier le panneau latéral",
    "Expand sidebar": "Filtres : déplier le panneau latéral", "Skip to main content": "Aller au contenu",
    "Main menu": "Menu", "Selected values": "Valeurs choisies", "Clear all": "Tout effacer", "Clear": "Effacer",
    "Open": "Ouvrir la liste", "Close": "Fermer", "Link to heading": "Lien vers ce titre",
    "Choose an option": "Choisir", "Choose options": "Choisir", "Type to search": "Chercher dans le tableau",
    "Close fullscreen": "Quitter le plein écran", "Fullscreen": "Plein écran", "Search": "Chercher",
    "Show/hide columns": "Colonnes à montrer", "Download as CSV": "Télécharger en CSV", "Upload": "Choisir un fichier",
    "Loading...": "Chargement…", "No results": "Aucun résultat", "Increment": "Augmenter", "Decrement": "Diminuer",
    "Dismiss": "Fermer", "Stop": "Arrêter", "Add row": "Ajouter une ligne", "Delete row(s)": "Retirer les lignes",
  };
  const STARTS = [
    [/^Remove (.+)$/, "Retirer $1"], [/^Help for (.+)$/, "Aide : $1"],
    [/^(Show\/hide columns|Download as CSV|Search|Fullscreen|Close fullscreen): (.+)$/, null],
  ];
  const MAP_TITLE = "Carte interactive ; ce qu’elle montre est aussi en tableau sur cette page";

  function french(said) {
    if (Object.hasOwn(WORDS, said)) return WORDS[said];
    for (const [form, to] of STARTS) {
      const found = said.match(form);
      if (found) return to ? said.replace(form, to) : WORDS[found[1]] + " : " + found[2];
    }
    return said;
  }

  /* Written only when it differs: the observer below would see each writing again. */
  function set(node, name, value) {
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  }

  function translate() {
    for (const name of ["aria-label", "placeholder"]) {
      for (const node of document.querySelectorAll("[" + name + "]")) {
        const said = node.getAttribute(name);
        if (said) set(node, name, french(said));
      }
    }
    const skip = document.querySelector('[data-testid="stSkipToContent"]');
    if (skip && skip.firstChild) {
      const words = french(skip.firstChild.nodeValue);
      if (words !== skip.firstChild.nodeValue) skip.firstChild.nodeValue = words;
    }
  }

  function structure() {
    for (const map of document.querySelectorAll("iframe[title^='streamlit_folium']")) set(map, "title", MAP_TITLE);
    for (const tag of document.querySelectorAll("[data-tag]")) set(tag, "role", "group");
    for (const drop of document.querySelectorAll("section[role='presentation'][aria-label]")) set(drop, "role", "group");
    const menu = document.querySelector(".st-key-pages");
    if (menu) {
      set(menu, "role", "navigation");
      set(menu, "aria-label", "Pages de l’atlas");
      const here = location.pathname.split("/").pop();
      for (const link of menu.querySelectorAll("a")) {
        if (link.getAttribute("href").split("?")[0].split("/").pop() === here) {
          /* On a phone the menu is one row that scrolls: the open page is in sight, once. */
          if (!link.hasAttribute("aria-current")) menu.scrollLeft += link.getBoundingClientRect().left - 72;
          set(link, "aria-current", "page");
        }
        else link.removeAttribute("aria-current");
      }
    }
    /* A status is read when its words change: the number of objects after a filter. */
    for (const box of document.querySelectorAll("[class*='st-key-annonce-']")) set(box, "role", "status");
    /* Headings: no level skipped, whatever size Streamlit gives them. */
    const above = [];
    for (const h of document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6)")) {
      const level = Number(h.tagName[1]);
      while (above.length && above[above.length - 1] >= level) above.pop();
      above.push(level);
      if (above.length === level) h.removeAttribute("aria-level");
      else set(h, "aria-level", String(above.length));
    }
    for (const box of document.querySelectorAll("[class*='st-key-defile-'], .stTable, [data-testid='stTable']")) {
      if (box.scrollWidth > box.clientWidth) {
        set(box, "tabindex", "0");
        set(box, "role", "group");
        if (!box.hasAttribute("aria-label")) set(box, "aria-label", "Cadre qui défile : flèches gauche et droite");
      } else if (box.getAttribute("tabindex") === "0") box.removeAttribute("tabindex");
    }
  }

  /* Words of Streamlit's own lists, which are text and have no attribute to name them by. */
  const LISTED = { "Select all": "Tout choisir", "No results": "Aucun résultat" };

  /* French typography: no line begins with : ; ? ! » % €, nor ends with «, whatever blank was typed there. */
  const BEFORE = / (?=[:;?!»%€](?:\s|$|[,.)]))/g;
  const AFTER = /« /g;
  const AS_TYPED = "script, style, textarea, code, pre, [contenteditable]";

  function typography() {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const said = node.nodeValue;
      if (said.length < 3) continue;
      if (Object.hasOwn(LISTED, said) && node.parentElement.closest('[role="listbox"]')) {
        node.nodeValue = LISTED[said];
        continue;
      }
      const typeset = said.replace(BEFORE, "\u00a0").replace(AFTER, "«\u00a0");
      if (typeset !== said && !node.parentElement.closest(AS_TYPED)) node.nodeValue = typeset;
    }
  }

  let isWaiting = false;
  function later() {
    if (isWaiting) return;
    isWaiting = true;
    /* Once per burst of drawing, when the browser has nothing more urgent. */
    const idle = window.requestIdleCallback || ((work) => setTimeout(work, 100));
    idle(() => {
      isWaiting = false;
      translate();
      structure();
      typography();
    }, { timeout: 500 });
  }
  window.ptcePage = later;
  new MutationObserver(later).observe(document.body, { childList: true, subtree: true, characterData: true });
  window.addEventListener("resize", later);
  /* The next step of a study is read from its top, not from where the last one ended. */
  document.addEventListener("click", (event) => {
    const main = event.target.closest(".st-key-etapes-voisines button") && document.querySelector('[data-testid="stMain"]');
    if (main) main.scrollTo(0, 0);
  });
  later();
})();
