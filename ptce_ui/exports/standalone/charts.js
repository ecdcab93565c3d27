/* Charts as SVG drawn from the objects on screen, so that they follow the filters; each has its table. */
(function (atlas) {
  const ROW = 30;
  /* On a phone a label has a line of its own above its bars. */
  const LINE = 20;

  function layout(label) {
    const narrow = atlas.narrow();
    return { width: narrow ? 340 : 620, label: narrow ? 0 : label, line: narrow ? LINE : 0, row: narrow ? ROW + LINE : ROW };
  }

  function name(svg, area, y, words) {
    const at = area.line ? y + LINE - 3 : y + ROW / 2 + 4;
    svg.appendChild(atlas.draw("text", { x: 0, y: at, class: "label" }, atlas.short(words, area.line ? 40 : 32)));
  }

  function bars(svg, x, y, width, value, most, colour) {
    const long = most ? Math.max(value ? 1.5 : 0, (value / most) * width) : 0;
    if (long) svg.appendChild(atlas.draw("rect", { x: x, y: y + 6, width: long.toFixed(1), height: ROW - 12, rx: 2, fill: colour, class: "edge" }));
    svg.appendChild(atlas.draw("text", { x: (x + long + 6).toFixed(1), y: y + ROW / 2 + 4, class: value ? "value" : "value none" }, atlas.number(value)));
  }

  function chart(figure, title, says, width, height, head, rows) {
    atlas.clear(figure);
    const id = figure.id + "-title";
    figure.appendChild(atlas.make("figcaption", { id: id }, [atlas.make("h3", {}, title), atlas.make("p", { class: "small" }, says)]));
    const svg = atlas.draw("svg", { viewBox: "0 0 " + width + " " + height, role: "img", "aria-labelledby": id, class: "chart" });
    figure.appendChild(svg);
    const details = atlas.make("details", {}, atlas.make("summary", {}, "Les mêmes nombres en tableau"));
    atlas.plainTable(details, title, head, rows);
    figure.appendChild(details);
    return svg;
  }

  atlas.chartTypes = function (shown) {
    const figure = atlas.byId("by-type");
    const area = layout(196);
    const counts = atlas.data.types.map((_, t) => atlas.data.kinds.map((_, k) => shown.filter((o) => o.type === t && o.kind === k).length));
    const kinds = atlas.data.kinds.map((_, k) => k).filter((k) => counts.some((row) => row[k]));
    const types = atlas.data.types.map((_, t) => t).filter((t) => counts[t].some((n) => n));
    const rows = types.map((t) => [atlas.capital(atlas.data.types[t].l), ...kinds.map((k) => counts[t][k])]);
    const svg = chart(figure, "Signes par type de territoire et nature",
      types.length ? "Une échelle par nature : les longueurs se comparent dans une colonne, pas d’une colonne à l’autre." : "Aucun objet à compter.",
      area.width, 30 + types.length * area.row, ["Type de territoire", ...kinds.map((k) => atlas.data.kinds[k].l)], rows);
    const column = (area.width - area.label) / Math.max(1, kinds.length);
    kinds.forEach((k, c) => {
      const most = Math.max(...types.map((t) => counts[t][k]));
      const x = area.label + c * column;
      svg.appendChild(atlas.draw("text", { x: x, y: 18, class: "head" }, atlas.capital(atlas.data.kinds[k].l)));
      types.forEach((t, r) => bars(svg, x, 26 + r * area.row + area.line, column - 50, counts[t][k], most, atlas.data.types[t].c));
    });
    types.forEach((t, r) => name(svg, area, 26 + r * area.row, atlas.capital(atlas.data.types[t].l)));
  };

  atlas.chartAreas = function (shown) {
    const figure = atlas.byId("by-area");
    const national = atlas.data.scope === "france";
    const field = national ? "region" : "departement";
    const areas = national ? atlas.data.places.regions : atlas.data.places.departements.filter((d) => d.r === atlas.data.scope);
    const sets = new Map(areas.map((a) => [a.c, new Set()]));
    const lost = new Set();
    for (const o of shown) (sets.get(o[field]) || lost).add(o.object);
    const counted = areas.map((a) => ({ a: a, n: sets.get(a.c).size })).filter((v) => v.n || v.a.h !== null);
    counted.sort((x, y) => y.n - x.n || x.a.n.localeCompare(y.a.n, "fr"));
    const per = (v) => v.a.h ? atlas.decimal((v.n / v.a.h) * 1e5) : atlas.data.unknown;
    const rows = counted.map((v) => [v.a.n, v.n, per(v)]);
    const each = national ? "région" : "département";
    const why = national ? [" objet n’y est pas, sa région n’étant pas connue.", " objets n’y sont pas, leur région n’étant pas connue."]
      : [" objet n’y est pas, son département n’étant pas connu ou étant ailleurs.", " objets n’y sont pas, leur département n’étant pas connu ou étant ailleurs."];
    const says = "Chaque objet compte une fois par " + each + "." + (lost.size ? " " + atlas.number(lost.size) + why[lost.size > 1 ? 1 : 0] : "");
    const space = layout(230);
    const svg = chart(figure, "Objets distincts par " + each, says, space.width, 8 + counted.length * space.row,
      [atlas.capital(each), "Objets distincts", "Pour 100 000 habitants"], rows);
    const most = Math.max(0, ...counted.map((v) => v.n));
    counted.forEach((v, r) => {
      name(svg, space, 4 + r * space.row, v.a.n);
      bars(svg, space.label, 4 + r * space.row + space.line, space.width - space.label - 50, v.n, most, "currentColor");
    });
  };
})(ATLAS);
