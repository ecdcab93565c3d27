/* The fiche of one object: all that is known, the unknown said, its sources; and lists under one click. */
(function (atlas) {
  const LIST_MAX = 200;
  const box = atlas.byId("fiche");

  function facts(o) {
    const cells = atlas.data.objects.facts[o.i];
    const fields = atlas.data.fields[o.kind];
    const parts = [];
    fields.forEach((field, f) => {
      if (!parts.length || parts[parts.length - 1].name !== field.p) parts.push({ name: field.p, rows: [] });
      const value = atlas.said(cells[f]);
      const shown = value === null ? atlas.unknown() : field.a ? atlas.link(value, value) : value;
      parts[parts.length - 1].rows.push(atlas.make("div", {}, [atlas.make("dt", {}, field.t), atlas.make("dd", {}, shown)]));
    });
    return parts.map((part) => [atlas.make("h4", {}, part.name), atlas.make("dl", {}, part.rows)]);
  }

  function block(b) {
    const items = b.i.map((item) => {
      const other = item.to && atlas.byUid.get(item.to);
      const head = other ? atlas.button(item.t, () => atlas.open(other), { class: "name" }) : atlas.make("span", {}, item.t);
      return atlas.make("li", {}, item.s ? [head, atlas.make("br"), atlas.make("small", {}, item.s)] : head);
    });
    return [atlas.make("h4", {}, b.t), atlas.make("ul", {}, items), ...(b.n ? [atlas.make("p", { class: "small" }, b.n)] : [])];
  }

  atlas.sourceName = (s) => s.u ? atlas.link(s.u, s.p) : s.x ? s.p + " (" + s.x + ")" : s.p;

  function sources(o) {
    const items = atlas.data.objects.sources[o.i].map((n) => {
      const s = atlas.data.sources[n];
      return atlas.make("li", {}, [atlas.make("span", {}, atlas.sourceName(s)),
        " · publié : " + s.d + " · vu le " + s.v + (s.l ? " · " + s.l : "")]);
    });
    return [atlas.make("h4", {}, "Sources"), atlas.make("ul", {}, items.length ? items : atlas.make("li", {}, atlas.unknown()))];
  }

  function top(title, small) {
    const heading = atlas.make("h3", { tabindex: "-1" }, title);
    const close = atlas.button("Fermer", atlas.close, { class: "quiet screen" });
    return [atlas.make("div", { class: "top" }, [heading, close]), ...(small ? [small] : [])];
  }

  atlas.ficheOf = function (o, options) {
    atlas.clear(box);
    const colour = atlas.data.types[o.type].c;
    const kind = atlas.make("p", { class: "kind" }, [atlas.sign(o.kind, colour, o.hollow), atlas.data.kinds[o.kind].l,
      " · " + atlas.data.types[o.type].l]);
    const nodes = top(o.name, kind);
    if (options && options.place) nodes.push(atlas.make("p", { class: "small" }, options.place));
    if (o.lon === null) nodes.push(atlas.make("p", { class: "small" }, "Aucun lieu connu : cet objet n’est pas sur la carte."));
    else if (atlas.map) nodes.push(atlas.button("Voir de près sur la carte", () => { atlas.map.centre(o); atlas.byId("map").focus(); }, { class: "screen" }));
    const lists = (atlas.data.objects.notes[o.uid] || []).map(block);
    for (const node of [...nodes, ...facts(o).flat(), ...lists.flat(), ...sources(o)]) box.appendChild(node);
    box.dataset.uid = o.uid;
    settle(options);
  };

  atlas.listOf = function (objects, closer) {
    atlas.clear(box);
    delete box.dataset.uid;
    const items = objects.slice(0, LIST_MAX).map((o) => atlas.make("li", {},
      atlas.button([atlas.sign(o.kind, atlas.data.types[o.type].c, o.hollow), atlas.make("span", {}, atlas.short(o.name, 120))], () => atlas.open(o), { class: "pick" })));
    for (const node of top(atlas.count(objects.length, ["objet ici", "objets ici"]))) box.appendChild(node);
    if (closer) box.appendChild(atlas.button("Zoomer ici", closer, { class: "screen" }));
    box.appendChild(atlas.make("ul", { class: "picks" }, items));
    if (objects.length > LIST_MAX) box.appendChild(atlas.make("p", { class: "small" }, "Les " + LIST_MAX + " premiers. Zoomez pour les séparer."));
    settle();
  };

  function settle(options) {
    box.scrollTop = 0;
    const heading = box.querySelector("h3");
    if (options && options.quiet) { atlas.byId("map-says").textContent = heading.textContent + (options.place ? ", " + options.place : ""); return; }
    heading.focus({ preventScroll: true });
    const seen = heading.getBoundingClientRect();
    if (atlas.narrow()) box.scrollIntoView({ block: "start", behavior: "auto" });
    else if (seen.top < 0 || seen.bottom > window.innerHeight) atlas.byId("carte").scrollIntoView({ block: "start", behavior: "auto" });
  }
})(ATLAS);
