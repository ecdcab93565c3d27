/* The state of the page: the filters, and what they show in each part. */
(function (atlas) {
  const data = atlas.data;
  const asked = new Set(document.body.dataset.sections.split(" "));
  const national = data.scope === "france";
  const field = national ? "region" : "departement";
  const form = atlas.byId("filters");
  let tables = {};
  atlas.chosen = null;

  const titles = { carte: "Carte", graphiques: "Graphiques", financements: "Financements", objets: "Tableau", sources: "Sources" };
  const parts = Object.keys(titles).filter((name) => asked.has(name) && (name !== "financements" || data.mixes));
  for (const name of parts) {
    atlas.byId(name).hidden = false;
    atlas.byId("parts").appendChild(atlas.make("a", { href: "#" + name }, titles[name]));
  }
  atlas.byId("parts").appendChild(atlas.make("a", { href: "#limites" }, "Limites"));

  function check(group, name, value, sign, label, count) {
    const input = atlas.make("input", { type: "checkbox", name: name, value: value, checked: true });
    atlas.byId(group).appendChild(atlas.make("label", { class: "chip" },
      [input, sign, atlas.make("span", {}, label), atlas.make("span", { class: "count" }, atlas.number(count))]));
  }
  data.kinds.forEach((kind, k) => {
    const count = atlas.objects.filter((o) => o.kind === k).length;
    if (count) check("kinds", "kind", k, atlas.sign(k, "currentColor"), atlas.capital(kind.l), count);
  });
  data.types.forEach((type, t) => {
    const count = atlas.objects.filter((o) => o.type === t).length;
    if (count) check("types", "type", t, atlas.square(type.c), atlas.capital(type.l), count);
  });
  const met = new Set(atlas.objects.map((o) => o[field]));
  const select = atlas.byId("area");
  atlas.byId("area-name").textContent = national ? "Région" : "Département";
  select.appendChild(atlas.make("option", { value: "" }, national ? "Toutes" : "Tous"));
  for (const area of data.places[field + "s"].filter((a) => met.has(a.c))) select.appendChild(atlas.make("option", { value: area.c }, area.n));
  if (met.has(null)) select.appendChild(atlas.make("option", { value: "?" }, national ? "Non renseignée" : "Non renseigné"));

  /* The legend explains every sign on screen and nothing else. */
  function drawLegend(shown) {
    const box = atlas.clear(atlas.byId("legend"));
    const add = (sign, words) => box.appendChild(atlas.make("span", { class: "key" }, [sign, atlas.make("span", {}, words)]));
    data.kinds.forEach((kind, k) => { if (shown.some((o) => o.kind === k && o.lon !== null)) add(atlas.sign(k, "currentColor"), atlas.capital(kind.l)); });
    if (shown.some((o) => o.hollow && o.lon !== null)) add(atlas.sign(1, "currentColor", true), "vide : placé au centre du département ou de la région");
    data.types.forEach((type, t) => { if (shown.some((o) => o.type === t && o.lon !== null)) add(atlas.square(type.c), atlas.capital(type.l)); });
  }

  function matching() {
    const ticked = (name) => new Set([...form.querySelectorAll("input[name=" + name + "]:checked")].map((i) => +i.value));
    const kinds = ticked("kind"), types = ticked("type");
    const area = select.value;
    const words = atlas.fold(atlas.byId("search").value).split(" ").filter(Boolean);
    return atlas.objects.filter((o) => kinds.has(o.kind) && types.has(o.type) &&
      (!area || (area === "?" ? o[field] === null : o[field] === area)) && words.every((w) => o.search.includes(w)));
  }

  /* The same sentence as the screens of the atlas (ptce_ui.tables.sentence). */
  function sentence(shown) {
    if (!shown.length) return "Aucun objet ne répond à ces filtres.";
    const kinds = data.kinds.map((kind, k) => [shown.filter((o) => o.kind === k).length, kind.n]).filter((v) => v[0]);
    const unplaced = shown.filter((o) => o.lon === null).length;
    const objects = new Set(shown.map((o) => o.object)).size;
    let made = atlas.count(shown.length - unplaced, ["signe", "signes"]) + " sur la carte : " + atlas.join(kinds.map((v) => atlas.count(v[0], v[1])));
    const twice = shown.length - objects;
    if (twice) made += ", soit " + atlas.number(objects) + " objets distincts (" + atlas.count(twice, ["est recensé", "sont recensés"]) + " à deux titres)";
    if (unplaced) made += " ; " + atlas.count(unplaced, ["objet sans lieu connu n’est pas placé", "objets sans lieu connu ne sont pas placés"]);
    return made + ".";
  }

  function drawCharts(shown) {
    if (!parts.includes("graphiques")) return;
    atlas.chartTypes(shown);
    atlas.chartAreas(shown);
  }

  let shown = atlas.objects;
  function update() {
    shown = matching();
    const said = atlas.byId("sentence");
    const now = sentence(shown);
    if (said.textContent !== now) said.textContent = now;
    if (atlas.map) { atlas.map.show(shown); drawLegend(shown); }
    drawCharts(shown);
    if (tables.objects) tables.objects(shown);
    if (tables.sources) {
      const uses = new Map();
      for (const o of shown) for (const n of data.objects.sources[o.i]) uses.set(n, (uses.get(n) || 0) + 1);
      tables.sources([...uses].sort((a, b) => a[0] - b[0]).map(([n, count]) => ({ s: data.sources[n], n: count })));
    }
    if (tables.mixes) {
      /* Those of organisations that are not on the map are kept as long as nothing is filtered. */
      const uids = new Set(shown.map((o) => o.uid));
      const every = shown.length === atlas.objects.length;
      tables.mixes(data.mixes.rows.filter((row) => row.u ? uids.has(row.u) : every));
    }
    document.body.dataset.shown = shown.length;
  }

  atlas.open = function (o, options) {
    atlas.chosen = o.uid;
    if (atlas.map) {
      atlas.map.redraw();
      atlas.map.reveal(o);
    }
    atlas.ficheOf(o, options);
  };
  atlas.close = function () {
    const box = atlas.clear(atlas.byId("fiche"));
    delete box.dataset.uid;
    atlas.chosen = null;
    box.appendChild(atlas.make("p", { class: "placeholder" }, "Choisissez un signe sur la carte, ou un nom dans le tableau."));
    if (atlas.map) { atlas.map.redraw(); atlas.byId("map").focus({ preventScroll: true }); }
  };

  atlas.byId("filtres").hidden = false;
  /* On a phone the map comes first; what the layout is must be known before the map takes its size. */
  atlas.byId("panel").open = !atlas.narrow();
  document.body.classList.toggle("has-map", parts.includes("carte"));
  if (parts.includes("carte")) {
    atlas.map = atlas.startMap(atlas.open, atlas.listOf);
    for (const view of data.views) {
      atlas.byId("views").appendChild(atlas.button(national ? view.n : "Toute la région", () => atlas.map.go(view.b)));
    }
    atlas.byId("previous").addEventListener("click", () => atlas.map.step(-1));
    atlas.byId("next").addEventListener("click", () => atlas.map.step(1));
  }
  if (parts.includes("objets")) {
    const name = (o) => parts.includes("carte") ? atlas.button(atlas.short(o.name, 160), () => atlas.open(o), { class: "name" }) : atlas.short(o.name, 160);
    tables.objects = atlas.sortable(atlas.byId("objects-table"), "Objets de la sélection", [
      { t: "Nom", v: (o) => o.name, c: name },
      { t: "Nature", v: (o) => data.kinds[o.kind].l,
        c: (o) => atlas.make("span", { class: "key" }, [atlas.sign(o.kind, data.types[o.type].c, o.hollow), data.kinds[o.kind].l]) },
      { t: "Genre ou famille", v: (o) => o.detail },
      { t: "Type calculé", v: (o) => data.types[o.type].l === data.unknown ? null : data.types[o.type].l },
      { t: "Commune", v: (o) => o.commune },
      { t: "Département", v: (o) => atlas.names.departement.get(o.departement) || o.departement },
      { t: "Région", v: (o) => atlas.names.region.get(o.region) || o.region },
      { t: "Confiance", v: (o) => o.sure },
    ], ["objet de la sélection", "objets de la sélection"]);
  }
  if (parts.includes("sources")) {
    tables.sources = atlas.sortable(atlas.byId("sources-table"), "Sources de la sélection", [
      { t: "Éditeur", v: (r) => r.s.p, c: (r) => atlas.sourceName(r.s) },
      { t: "Objets cités", v: (r) => r.n },
      { t: "Publié", v: (r) => r.s.k, c: (r) => r.s.d },
      { t: "Vu le", v: (r) => r.s.v },
      { t: "Licence", v: (r) => r.s.l },
    ], ["source de ce qui est affiché", "sources de ce qui est affiché"]);
  }
  if (parts.includes("financements")) {
    const columns = data.mixes.head.map((title, c) => ({ t: title, v: (row) => row.c[c], c: (row) => row.c[c] }));
    tables.mixes = atlas.sortable(atlas.byId("mixes-table"), "Financements documentés", columns, ["financement documenté", "financements documentés"]);
  }

  let wait = null;
  form.addEventListener("input", (e) => {
    clearTimeout(wait);
    wait = setTimeout(update, e.target.id === "search" ? 150 : 0);
    if (e.target === select && atlas.map) {
      const view = national && data.views.find((v) => v.r.length === 1 && v.r[0] === select.value);
      const area = data[field + "s"].filter((a) => national ? a.r === select.value : a.n === atlas.names.departement.get(select.value));
      if (view) atlas.map.go(view.b);
      else if (area.length) {
        const b = area[0].b;
        atlas.map.go([[b[1], b[0]], [b[3], b[2]]]);
      } else if (!select.value && data.views[0]) atlas.map.go(data.views[0].b);
    }
  });
  form.addEventListener("submit", (e) => e.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { update(); if (atlas.map && data.views[0]) atlas.map.go(data.views[0].b); }, 0));

  const toggle = atlas.byId("theme");
  toggle.hidden = false;
  function restyle() {
    toggle.setAttribute("aria-pressed", String(atlas.isDark()));
    if (atlas.map) atlas.map.restyle();
  }
  toggle.addEventListener("click", () => {
    document.documentElement.dataset.theme = atlas.isDark() ? "light" : "dark";
    restyle();
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);
  window.matchMedia("screen and (max-width: 899px)").addEventListener("change", () => drawCharts(shown));
  for (const [when, printing] of [["beforeprint", true], ["afterprint", false]]) {
    window.addEventListener(when, () => { atlas.printing = printing;
      if (atlas.map) atlas.map.print(printing);
      restyle();
    });
  }
  restyle();
  update();
  document.body.dataset.ready = "true";
})(ATLAS);
