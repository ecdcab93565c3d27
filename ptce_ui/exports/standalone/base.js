/* What every part shares: the data, French numbers, and the only ways to write on the page.
 * Texts of the data go through textContent and attributes of fixed names, never through markup. */
"use strict";
const ATLAS = { data: JSON.parse(document.getElementById("data").textContent) };
(function (atlas) {
  const SVG = "http://www.w3.org/2000/svg";
  const whole = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 0 });
  const one = new Intl.NumberFormat("fr-FR", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const NBSP = "\u00a0";

  atlas.byId = (id) => document.getElementById(id);
  atlas.number = (value) => whole.format(value);
  atlas.decimal = (value) => one.format(value);
  atlas.count = (value, words) => whole.format(value) + NBSP + words[value >= 2 ? 1 : 0];
  atlas.join = (words) => words.length < 2 ? words.join("") : words.slice(0, -1).join(", ") + " et " + words[words.length - 1];
  atlas.capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);
  atlas.short = (name, most) => name.length > most ? name.slice(0, most) + "…" : name;
  atlas.said = (n) => n < 0 ? null : atlas.data.texts[n];

  /* make("td", {class: "x", title: "…"}, "text" | node | [nodes]) */
  function fill(node, attributes, content) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      node.setAttribute(name, value === true ? "" : value);
    }
    for (const part of [].concat(content === undefined || content === null ? [] : content)) {
      node.appendChild(typeof part === "object" ? part : document.createTextNode(part));
    }
    return node;
  }
  atlas.make = (tag, attributes, content) => fill(document.createElement(tag), attributes, content);
  atlas.draw = (tag, attributes, content) => fill(document.createElementNS(SVG, tag), attributes, content);
  atlas.clear = (node) => { node.textContent = ""; return node; };
  atlas.unknown = () => atlas.make("em", { class: "unknown" }, atlas.data.unknown);

  atlas.button = function (words, act, attributes) {
    const made = atlas.make("button", { type: "button", ...attributes }, words);
    made.addEventListener("click", act);
    return made;
  };

  /* Only addresses of the web become links. */
  atlas.link = function (url, words) {
    if (!/^https?:\/\/[^\s]+$/.test(url)) return atlas.make("span", {}, words);
    return atlas.make("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, words);
  };

  /* The sign of a kind: 0 pôle, 1 tiers-lieu, 2 cluster; as the map draws it. */
  atlas.sign = function (kind, colour, hollow) {
    const box = atlas.draw("svg", { viewBox: "-10 -10 20 20", width: 18, height: 18, "aria-hidden": "true", class: "sign" });
    const look = hollow ? { fill: "none", stroke: colour, "stroke-width": 2.2 } : { fill: colour };
    if (kind === 2) box.appendChild(atlas.draw("path", { d: "M0-7.5 7.5 0 0 7.5-7.5 0Z", ...look }));
    else box.appendChild(atlas.draw("circle", { r: kind === 0 ? 5 : 4.5, ...look }));
    if (kind === 0) box.appendChild(atlas.draw("circle", { r: 8, fill: "none", stroke: colour, "stroke-width": 2 }));
    return box;
  };
  atlas.square = (colour) => atlas.draw("svg", { viewBox: "0 0 18 14", width: 18, height: 14, "aria-hidden": "true", class: "sign" },
    atlas.draw("rect", { x: 1, y: 1, width: 16, height: 12, rx: 2, fill: colour, class: "edge" }));

  atlas.isDark = function () {
    const asked = document.documentElement.dataset.theme;
    if (asked) return asked === "dark";
    return window.matchMedia("(prefers-color-scheme: dark)").matches;
  };
  atlas.isCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  atlas.narrow = () => window.matchMedia("screen and (max-width: 899px)").matches;

  const LIGATURES = { œ: "oe", æ: "ae", ß: "ss" };
  atlas.fold = function (value) {
    const plain = value.toLowerCase().replace(/[œæß]/g, (c) => LIGATURES[c]).normalize("NFKD").replace(/\p{M}/gu, "");
    return plain.replace(/[^0-9a-z]+/g, " ").trim() || plain.trim();
  };

  /* Objects as the parts read them, in the order of the selection. */
  const o = atlas.data.objects;
  atlas.objects = Array.from({ length: o.n }, (_, i) => ({
    i: i, uid: o.uid[i], name: o.name[i], search: o.search[i], object: o.object[i],
    kind: +o.kind[i], type: +o.type[i], hollow: o.hollow[i] === "1",
    lon: o.lon[i] === null ? null : o.lon[i] / 1e5, lat: o.lat[i] === null ? null : o.lat[i] / 1e5,
    region: o.region[i], departement: o.departement[i], commune: atlas.said(o.commune[i]),
    detail: atlas.said(o.detail[i]), sure: atlas.said(o.sure[i]),
  }));
  atlas.byUid = new Map(atlas.objects.map((p) => [p.uid, p]));
  atlas.names = {
    region: new Map(atlas.data.places.regions.map((a) => [a.c, a.n])),
    departement: new Map(atlas.data.places.departements.map((a) => [a.c, a.n])),
  };
})(ATLAS);
