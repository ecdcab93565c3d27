/* Sortable tables: a heading is a button, the order is said by aria-sort, long lists come by parts. */
(function (atlas) {
  const FIRST = 25;
  const collator = new Intl.Collator("fr", { numeric: true, sensitivity: "base" });

  function compare(a, b) {
    const none = (v) => v === null || v === undefined || v === "";
    if (none(a) || none(b)) return none(a) - none(b);
    return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b);
  }

  function scroller(caption) {
    return atlas.make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": caption });
  }

  atlas.plainTable = function (box, caption, head, rows) {
    const body = rows.map((row) => atlas.make("tr", {}, row.map((cell, c) => c
      ? atlas.make("td", { class: typeof cell === "number" ? "number" : null }, typeof cell === "number" ? atlas.number(cell) : cell)
      : atlas.make("th", { scope: "row" }, cell))));
    const table = atlas.make("table", {}, [atlas.make("caption", { class: "hidden" }, caption),
      atlas.make("thead", {}, atlas.make("tr", {}, head.map((h) => atlas.make("th", { scope: "col" }, h)))), atlas.make("tbody", {}, body)]);
    const frame = scroller(caption);
    frame.appendChild(table);
    box.appendChild(frame);
  };

  /* columns: [{t: title, v: row -> value to sort by, c: row -> node or text (optional)}] */
  atlas.sortable = function (box, caption, columns, words) {
    let rows = [], by = null, way = 1, most = FIRST;
    const says = atlas.make("p", { class: "small", role: "status" });
    const body = atlas.make("tbody");
    const heads = columns.map((column, c) => {
      const button = atlas.button(column.t, () => { way = by === c ? -way : 1; by = c; render(); });
      return atlas.make("th", { scope: "col" }, button);
    });
    const table = atlas.make("table", {}, [atlas.make("caption", { class: "hidden" }, caption),
      atlas.make("thead", {}, atlas.make("tr", {}, heads)), body]);
    const frame = scroller(caption);
    frame.appendChild(table);
    const more = atlas.make("div", { class: "row screen" });
    for (const part of [says, frame, more]) box.appendChild(part);

    function cell(column, row, c) {
      const value = column.c ? column.c(row) : column.v(row);
      const content = value === null || value === undefined ? atlas.unknown() : typeof value === "number" ? atlas.number(value) : value;
      return c ? atlas.make("td", {}, content) : atlas.make("th", { scope: "row" }, content);
    }

    function render() {
      heads.forEach((head, c) => {
        if (c === by) head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
        else head.removeAttribute("aria-sort");
      });
      const ordered = by === null ? rows : rows.slice().sort((a, b) => {
        const x = columns[by].v(a), y = columns[by].v(b);
        const none = (v) => v === null || v === undefined || v === "";
        /* What is not known stays last, whichever way the column is read. */
        return none(x) || none(y) ? compare(x, y) : way * compare(x, y);
      });
      atlas.clear(body);
      for (const row of ordered.slice(0, most)) body.appendChild(atlas.make("tr", {}, columns.map((column, c) => cell(column, row, c))));
      const shown = Math.min(most, rows.length);
      says.textContent = atlas.count(rows.length, words) + (shown < rows.length ? ", les " + atlas.number(shown) + " premières lignes affichées" : "")
        + (by === null ? "" : " ; tri par " + columns[by].t.toLowerCase() + (way > 0 ? ", croissant" : ", décroissant")) + ".";
      atlas.clear(more);
      if (shown < rows.length) {
        more.appendChild(atlas.button("Afficher " + atlas.number(Math.min(200, rows.length - shown)) + " lignes de plus", () => { most += 200; render(); }));
        more.appendChild(atlas.button("Tout afficher", () => { most = Infinity; render(); }, { class: "quiet" }));
      }
    }
    return (list) => { rows = list; most = FIRST; render(); };
  };
})(ATLAS);
