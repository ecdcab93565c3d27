/* Draws areas and places on the Leaflet map that folium made.
 *
 * Places and boundaries are files fetched once per browser; a change of filter sends a bit mask.
 * Every name is written with textContent, never as HTML. Hit-testing is done here, on the map's own
 * events, because two canvas panes would hide each other from the mouse. */
(function () {
  "use strict";

  const files = {};
  const HIT_PX = 12;
  const KEY_PX = 16;
  /* A finger is wider than a mouse: half of 24 px around a sign. */
  const FINGER_PX = 12;
  const LIST_MAX = 200;
  const NAME_MAX = 120;

  function load(url) {
    if (!files[url]) {
      files[url] = fetch(url).then((r) => {
        if (!r.ok) throw new Error(r.status + " " + url);
        return r.json();
      });
      files[url].catch(() => delete files[url]);
    }
    return files[url];
  }

  /* All signs on one canvas: a marker object each would cost ten times as much to change. */
  const Signs = L.Layer.extend({
    onAdd: function (map) {
      this.canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide");
      map.getPane("ptcePoints").appendChild(this.canvas);
      map.on("moveend zoomend viewreset resize", this.redraw, this);
      this.list = [];
    },
    onRemove: function (map) {
      this.canvas.remove();
      map.off("moveend zoomend viewreset resize", this.redraw, this);
    },
    show: function (list) {
      this.list = list;
      this.redraw();
    },
    redraw: function () {
      const map = this._map;
      const size = map.getSize();
      const margin = size.multiplyBy(0.25).round();
      const whole = size.add(margin.multiplyBy(2));
      const ratio = window.devicePixelRatio || 1;
      const corner = map.containerPointToLayerPoint([-margin.x, -margin.y]);
      L.DomUtil.setPosition(this.canvas, corner);
      this.canvas.width = whole.x * ratio;
      this.canvas.height = whole.y * ratio;
      this.canvas.style.width = whole.x + "px";
      this.canvas.style.height = whole.y + "px";
      const ctx = this.canvas.getContext("2d");
      ctx.scale(ratio, ratio);
      ctx.translate(-corner.x, -corner.y);
      const zoom = map.getZoom();
      for (const s of this.list) {
        s.point = map.latLngToLayerPoint(s.latlng);
        s.r = radius(s.kind, zoom);
        const x = s.point.x - corner.x;
        const y = s.point.y - corner.y;
        if (x > -20 && y > -20 && x < whole.x + 20 && y < whole.y + 20) draw(ctx, s.point, s.r, s);
      }
    },
  });

  /* kind 0 = pôle (disc with a ring), 1 = tiers-lieu (small disc), 2 = cluster (diamond). */
  function draw(ctx, p, r, o) {
    ctx.beginPath();
    if (o.kind === 2) {
      ctx.moveTo(p.x, p.y - r);
      ctx.lineTo(p.x + r, p.y);
      ctx.lineTo(p.x, p.y + r);
      ctx.lineTo(p.x - r, p.y);
      ctx.closePath();
    } else {
      ctx.arc(p.x, p.y, o.kind === 0 ? r - 2.5 : r, 0, 2 * Math.PI);
    }
    ctx.fillStyle = o.hollow ? o.paper : o.tint;
    ctx.fill();
    ctx.lineWidth = o.hollow ? 1.8 : 1;
    ctx.strokeStyle = o.hollow ? o.edge || o.tint : o.edge || o.paper;
    ctx.stroke();
    if (o.kind === 0) {
      ctx.beginPath();
      ctx.arc(p.x, p.y, r, 0, 2 * Math.PI);
      ctx.lineWidth = 1.8;
      ctx.strokeStyle = o.edge || o.tint;
      ctx.stroke();
    }
    if (o.own) {
      /* Imported by this reader: a dashed ring, whatever its kind. */
      ctx.beginPath();
      ctx.setLineDash([3, 2]);
      ctx.arc(p.x, p.y, r + 3, 0, 2 * Math.PI);
      ctx.lineWidth = 1.5;
      ctx.strokeStyle = o.ink;
      ctx.stroke();
      ctx.setLineDash([]);
    }
    if (o.chosen) {
      ctx.beginPath();
      ctx.arc(p.x, p.y, r + 4, 0, 2 * Math.PI);
      ctx.lineWidth = 3;
      ctx.strokeStyle = o.ink;
      ctx.stroke();
    }
  }

  function radius(kind, zoom) {
    const grow = Math.max(-2.4, Math.min(4, (zoom - 5.5) * 1.2));
    return [8, 3.6, 6.5][kind] + (kind === 1 ? grow / 2 : grow);
  }

  function bit(mask, i) {
    return (mask.charCodeAt(i >> 3) >> (i & 7)) & 1;
  }

  function atlas(map, config) {
    if (map._ptce) return map._ptce;
    const pane = (name, z) => {
      const p = map.createPane(name);
      p.style.zIndex = z;
      p.style.pointerEvents = "none";
    };
    pane("ptceLand", 405);
    pane("ptceAreas", 410);
    pane("ptceOutline", 420);
    pane("ptceExtra", 425);
    pane("ptcePoints", 430);
    const a = {
      map: map,
      turn: 0,
      areas: null,
      outline: null,
      signs: new Signs().addTo(map),
      areaCanvas: L.canvas({ pane: "ptceAreas", padding: 0.3 }),
      landCanvas: L.canvas({ pane: "ptceLand", padding: 0.3 }),
      outlineCanvas: L.canvas({ pane: "ptceOutline", padding: 0.3 }),
      tip: L.tooltip({ direction: "top", offset: [0, -8], opacity: 1 }),
      clicks: 0,
    };
    map._ptce = a;
    L.control.scale({ imperial: false }).addTo(map);
    map.attributionControl.setPrefix("Leaflet");
    map.attributionControl.addAttribution(config.words.credit);
    map.on("mousemove", (e) => hover(a, e));
    map.on("mouseout", () => a.tip.remove());
    map.on("click", (e) => {
      const way = e.originalEvent && e.originalEvent.pointerType;
      click(a, e, way === "touch" ? FINGER_PX : HIT_PX - 8);
    });
    byKeys(a, config.words);
    /* A wheel or a finger on the map must not stop the page from scrolling. */
    map.scrollWheelZoom.disable();
    map.on("focus click", () => map.scrollWheelZoom.enable());
    map.on("mouseout blur", () => map.scrollWheelZoom.disable());
    byFingers(map, config.words);
    return a;
  }

  /* One finger scrolls the page, two move and zoom the map; a mouse on the same machine still drags it. */
  function byFingers(map, words) {
    const box = map.getContainer();
    box.style.touchAction = "pan-x pan-y";
    box.addEventListener("pointerdown", (e) => {
      if (e.pointerType === "mouse") map.dragging.enable();
      else map.dragging.disable();
    }, true);
    const hint = text("div", words.fingers, "ptce-fingers");
    box.appendChild(hint);
    /* Who has done it once needs no telling. */
    box.addEventListener("touchmove", (e) => {
      if (e.touches.length > 1) hint.remove();
    }, { passive: true });
  }

  function say(value) {
    window.Streamlit.setComponentValue(value);
  }

  function text(tag, content, className) {
    const node = document.createElement(tag);
    node.textContent = content;
    if (className) node.className = className;
    return node;
  }

  function short(name) {
    return name.length > NAME_MAX ? name.slice(0, NAME_MAX) + "…" : name;
  }

  function signsNear(a, containerPoint, extra) {
    const p = a.map.containerPointToLayerPoint(containerPoint);
    const hits = [];
    for (const s of a.signs.list) {
      const d = Math.hypot(s.point.x - p.x, s.point.y - p.y);
      if (d <= Math.max(s.r, 4) + extra) hits.push([s.kind, d, s]);
    }
    const rank = [0, 2, 1];
    hits.sort((x, y) => rank[x[0]] - rank[y[0]] || x[1] - y[1]);
    return hits.map((h) => h[2]);
  }

  function inRing(ring, x, y) {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
  }

  function areaAt(a, latlng) {
    if (!a.areas || !a.config.areas) return null;
    for (const f of a.areas.data.features) {
      const b = f.bbox;
      if (latlng.lng < b[0] || latlng.lng > b[2] || latlng.lat < b[1] || latlng.lat > b[3]) continue;
      const polygons = f.geometry.type === "Polygon" ? [f.geometry.coordinates] : f.geometry.coordinates;
      for (const rings of polygons) {
        if (inRing(rings[0], latlng.lng, latlng.lat) &&
            !rings.slice(1).some((hole) => inRing(hole, latlng.lng, latlng.lat))) return f.properties;
      }
    }
    return null;
  }

  function describe(a, sign) {
    const box = document.createElement("div");
    box.appendChild(text("strong", short(sign.label)));
    box.appendChild(document.createElement("br"));
    const c = a.config.points;
    const words = [c.kinds[sign.kind], c.types[sign.type]];
    if (sign.hollow) words.push(c.approximate);
    if (sign.own) words.push(c.imported);
    box.appendChild(text("span", words.join(" · ")));
    return box;
  }

  function hover(a, e) {
    const map = a.map;
    const hits = signsNear(a, e.containerPoint, 3);
    let content = null;
    let at = e.latlng;
    if (hits.length) {
      at = hits[0].latlng;
      content = describe(a, hits[0]);
      if (hits.length > 1) {
        content.appendChild(document.createElement("br"));
        content.appendChild(text("em", a.config.words.others.replace("{n}", hits.length - 1)));
      }
    } else {
      const area = areaAt(a, e.latlng);
      if (area) {
        content = document.createElement("div");
        content.appendChild(text("strong", area.n));
        const t = a.config.areas.texts && a.config.areas.texts[area.c];
        if (t !== undefined) {
          content.appendChild(document.createElement("br"));
          content.appendChild(text("span", t));
        }
      }
    }
    map.getContainer().style.cursor = content ? "pointer" : "";
    if (!content) return a.tip.remove();
    a.tip.setContent(content).setLatLng(at);
    if (!map.hasLayer(a.tip)) a.tip.addTo(map);
  }

  /* Without a mouse: arrows move the map under the cross that focus draws, Enter opens what is there. */
  function byKeys(a, words) {
    const box = a.map.getContainer();
    document.documentElement.lang = "fr";
    document.title = words.map;
    box.setAttribute("role", "application");
    box.setAttribute("aria-label", words.map + " " + words.keys);
    const zoom = { in: words.zoom_in, out: words.zoom_out };
    for (const way of Object.keys(zoom)) {
      const button = box.querySelector(".leaflet-control-zoom-" + way);
      if (!button) continue;
      button.title = zoom[way];
      button.setAttribute("aria-label", zoom[way]);
    }
    box.addEventListener("keydown", (e) => {
      if (e.key !== "Enter" || e.target !== box) return;
      e.preventDefault();
      const middle = a.map.getSize().divideBy(2);
      click(a, { containerPoint: middle, latlng: a.map.containerPointToLatLng(middle) }, KEY_PX);
    });
    if (window.matchMedia && window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
      a.map._zoomAnimated = false;
      a.map.options.inertia = a.map.options.fadeAnimation = false;
      const pan = a.map.panBy;
      a.map.panBy = (by, how) => pan.call(a.map, by, Object.assign({}, how, { animate: false }));
    }
  }

  function click(a, e, reach) {
    if (a.config.pick) {
      const under = areaAt(a, e.latlng);
      say({
        lon: e.latlng.lng,
        lat: e.latlng.lat,
        area: under ? under.c : null,
        level: a.config.areas ? a.config.areas.level : null,
        n: Date.now(),
      });
      return;
    }
    const hits = signsNear(a, e.containerPoint, reach);
    if (!hits.length) {
      const area = areaAt(a, e.latlng);
      if (area) say({ area: area.c, level: a.config.areas.level, n: Date.now() });
      return;
    }
    if (hits.length === 1) return say({ place: hits[0].uid, n: Date.now() });
    const box = document.createElement("div");
    box.className = "ptce-list";
    box.appendChild(text("strong", a.config.words.here.replace("{n}", hits.length)));
    const list = document.createElement("ul");
    hits.slice(0, LIST_MAX).forEach((s) => {
      const item = document.createElement("li");
      const button = text("button", short(s.label));
      button.type = "button";
      button.appendChild(text("small", " " + a.config.points.kinds[s.kind]));
      button.addEventListener("click", () => {
        a.map.closePopup();
        say({ place: s.uid, n: Date.now() });
      });
      item.appendChild(button);
      list.appendChild(item);
    });
    box.appendChild(list);
    if (a.map.getZoom() < a.map.getMaxZoom() - 3) {
      const zoom = text("button", a.config.words.zoom, "ptce-zoom");
      zoom.type = "button";
      zoom.addEventListener("click", () => {
        a.map.closePopup();
        a.map.setView(e.latlng, a.map.getZoom() + 3);
      });
      box.appendChild(zoom);
    }
    L.popup({ maxWidth: 280, autoPan: true }).setLatLng(e.latlng).setContent(box).openOn(a.map);
    if (reach === KEY_PX) list.querySelector("button").focus();
  }

  function areaStyle(a, code) {
    const c = a.config;
    const style = { weight: c.areas.weight, color: c.theme.border, fillColor: c.theme.area, fillOpacity: c.tiles ? 0 : 1 };
    if (c.areas.classes) {
      const k = c.areas.classes[code];
      style.fillColor = k === undefined ? c.areas.none : c.areas.colours[k];
      style.fillOpacity = c.tiles ? 0.65 : 1;
    }
    return style;
  }

  function drawAreas(a, data) {
    const url = a.config.areas.url;
    const look = JSON.stringify([a.config.areas, a.config.theme, a.config.tiles]);
    if (a.areas && a.areas.look === look) return;
    if (!a.areas || a.areas.url !== url) {
      if (a.areas) a.areas.layer.remove();
      const layer = L.geoJSON(data, {
        renderer: a.areaCanvas,
        pane: "ptceAreas",
        interactive: false,
        style: (f) => areaStyle(a, f.properties.c),
      }).addTo(a.map);
      a.areas = { url: url, layer: layer, data: data };
    } else {
      a.areas.layer.setStyle((f) => areaStyle(a, f.properties.c));
    }
    a.areas.look = look;
    a.map.getContainer().dataset.areas = data.features.length;
  }

  function drawOutline(a, data) {
    const look = JSON.stringify([a.config.outline, a.config.land, a.config.theme, a.config.tiles]);
    if (a.outlineLook === look) return;
    a.outlineLook = look;
    if (a.outline) a.outline.remove();
    a.outline = null;
    if (!data) return;
    /* Around areas that cover one region only, the rest of the country is land; elsewhere, borders. */
    const land = a.config.land;
    const t = a.config.theme;
    a.outline = L.geoJSON(data, {
      renderer: land ? a.landCanvas : a.outlineCanvas,
      pane: land ? "ptceLand" : "ptceOutline",
      interactive: false,
      style: land
        ? { weight: 1, color: t.border, fillColor: t.area, fillOpacity: a.config.tiles ? 0 : 0.6, opacity: 0.6 }
        : { weight: 1.4, color: t.ink, fill: false, opacity: 0.55 },
    }).addTo(a.map);
  }

  function drawPoints(a, [data, own]) {
    const c = a.config.points;
    const list = signsOf(a, data, c.mask, false);
    if (own) list.push(...signsOf(a, own, c.own.mask, true));
    a.signs.show(list);
    a.map.getContainer().dataset.points = list.length;
    a.map.getContainer().dataset.own = own ? own.n : 0;
  }

  function signsOf(a, data, bits, own) {
    const c = a.config.points;
    const mask = atob(bits);
    const types = data.types[c.column];
    const list = [];
    for (const kind of [1, 2, 0]) {
      for (let i = 0; i < data.n; i++) {
        if (+data.kind[i] !== kind || !bit(mask, i) || data.lon[i] === null) continue;
        const type = +types[i];
        list.push({
          latlng: L.latLng(data.lat[i] / 1e5, data.lon[i] / 1e5),
          kind: kind,
          type: type,
          tint: c.colours[type],
          edge: c.edges[type],
          paper: a.config.theme.ring,
          ink: a.config.theme.ink,
          hollow: data.hollow[i] === "1",
          chosen: data.uid[i] === c.chosen,
          label: data.name[i],
          uid: data.uid[i],
          own: own,
        });
      }
    }
    return list;
  }

  /* Outlines of a study, sent with the update: few, small, and different for each reader. */
  const ROLES = {
    perimetre: { weight: 3, fill: false },
    zone: { weight: 1.5, fill: false, dashArray: "6 5" },
    isochrone: { weight: 2, dashArray: "2 4", fillOpacity: 0.12 },
    trace: { weight: 2.5, dashArray: "4 4", fillOpacity: 0.15 },
  };
  function drawExtra(a, data) {
    const look = JSON.stringify([data, a.config.theme]);
    if (a.extraLook === look) return;
    a.extraLook = look;
    if (a.extra) a.extra.remove();
    a.extra = null;
    if (!data) return;
    const t = a.config.theme;
    a.extra = L.geoJSON(data, {
      pane: "ptceExtra",
      interactive: false,
      style: (f) => Object.assign({ color: t.ink, fillColor: t.ink, fillOpacity: 0.08 }, ROLES[f.properties.role]),
      pointToLayer: (f, latlng) =>
        L.circleMarker(latlng, {
          pane: "ptceExtra",
          radius: f.properties.role === "sommet" ? 5 : 8,
          color: t.ink,
          weight: 2.5,
          dashArray: f.properties.role === "projet" ? "3 3" : null,
          fillColor: f.properties.role === "projet" ? t.ring : f.properties.tint || t.ink,
          fillOpacity: 1,
        }),
    }).addTo(a.map);
    a.map.getContainer().dataset.extra = data.features.length;
  }

  function tiles(a) {
    const wanted = a.config.tiles;
    if (a.tileLayer && (!wanted || a.tileLayer._url !== wanted.url)) {
      a.tileLayer.remove();
      a.tileLayer = null;
    }
    if (wanted && !a.tileLayer) {
      a.tileLayer = L.tileLayer(wanted.url, { attribution: wanted.attribution, maxZoom: 18 }).addTo(a.map);
    }
  }

  function fault(a, layer, error) {
    const box = a.map.getContainer();
    let node = box.querySelector(".ptce-fault[data-layer='" + layer + "']");
    if (!error) {
      if (node) node.remove();
      return;
    }
    if (!node) {
      node = text("div", a.config.words["fault_" + layer], "ptce-fault");
      node.dataset.layer = layer;
      node.setAttribute("role", "alert");
      box.appendChild(node);
    }
    console.error(error);
  }

  function style(map, theme) {
    const box = map.getContainer();
    box.style.background = theme.background;
    document.documentElement.style.setProperty("--ptce-paper", theme.background);
    document.documentElement.style.setProperty("--ptce-ink", theme.ink);
    document.documentElement.style.setProperty("--ptce-line", theme.border);
    document.documentElement.style.setProperty("--ptce-link", theme.link);
    if (document.getElementById("ptce-style")) return;
    const css = document.createElement("style");
    css.id = "ptce-style";
    css.textContent =
      /* The page's style sheet says how high the frame is; the map fills it. */
      "body{margin:0;overflow:hidden}#map_div{height:100vh!important}" +
      ".leaflet-container{font:14px/1.4 'Source Sans','Source Sans Pro',system-ui,sans-serif}" +
      ".leaflet-tooltip{max-width:min(260px,70vw);white-space:normal;overflow-wrap:break-word;width:max-content}" +
      ".leaflet-tooltip,.leaflet-popup-content-wrapper,.leaflet-popup-tip,.leaflet-touch .leaflet-bar,.leaflet-bar a,.leaflet-bar a:hover," +
      ".leaflet-control-attribution,.leaflet-control-scale-line,.ptce-fingers{background:var(--ptce-paper)!important;" +
      "color:var(--ptce-ink)!important;border-color:var(--ptce-line)!important;text-shadow:none!important}" +
      ".leaflet-tooltip-top::before{border-top-color:var(--ptce-line)}" +
      ".leaflet-control-attribution a,.leaflet-popup-close-button{color:var(--ptce-link)!important}" +
      ".leaflet-bar a.leaflet-disabled{opacity:.5}" +
      ".leaflet-container a.leaflet-popup-close-button{width:28px;height:28px;line-height:28px}" +
      ".ptce-fingers{display:none;position:absolute;z-index:800;left:54px;right:10px;top:10px;width:fit-content;" +
      "padding:4px 8px;border:1px solid;border-radius:4px;font-size:13px;pointer-events:none}" +
      "@media (any-pointer:coarse){.ptce-fingers{display:block}.ptce-list button{min-height:40px!important}" +
      ".leaflet-control-zoom a{width:40px!important;height:40px!important;line-height:40px!important}.ptce-fingers{left:64px}}" +
      ".ptce-list ul{list-style:none;margin:6px 0;padding:0;max-height:220px;overflow:auto}" +
      ".ptce-list button{display:block;width:100%;min-height:28px;text-align:left;font:inherit;color:inherit;" +
      "background:none;border:0;border-bottom:1px solid var(--ptce-line);padding:5px 2px;cursor:pointer;overflow-wrap:anywhere}" +
      ".ptce-list button:hover,.ptce-list button:focus{text-decoration:underline}.ptce-list small{opacity:.8}" +
      ".ptce-list .ptce-zoom{border:1px solid var(--ptce-link);border-radius:4px;text-align:center;color:var(--ptce-link)}" +
      ".leaflet-container:focus-visible{outline:3px solid var(--ptce-ink);outline-offset:-3px}" +
      ".leaflet-container:focus-visible::after{content:'+';position:absolute;z-index:900;left:50%;top:50%;" +
      "transform:translate(-50%,-50%);font:700 34px/1 sans-serif;color:var(--ptce-ink);pointer-events:none;" +
      "text-shadow:0 0 3px var(--ptce-paper),0 0 3px var(--ptce-paper),0 0 3px var(--ptce-paper)}" +
      ".leaflet-control-zoom a{min-width:30px;min-height:30px;line-height:30px!important}" +
      ".ptce-pick,.ptce-pick .leaflet-interactive{cursor:crosshair !important}" +
      ".ptce-fault{position:absolute;z-index:1000;left:60px;right:10px;top:10px;padding:8px 12px;background:#fff3cd;" +
      "color:#5c4400;border:1px solid #b38600;border-radius:4px}";
    document.head.appendChild(css);
  }

  function update(map, config) {
    const a = atlas(map, config);
    const turn = ++a.turn;
    a.config = config;
    style(map, config.theme);
    tiles(a);
    const fresh = () => turn === a.turn;
    const step = (layer, url, drawer) =>
      url === null
        ? Promise.resolve(drawer(a, null))
        : (Array.isArray(url) ? Promise.all(url.map(load)) : load(url)).then((data) => {
            if (!fresh()) return;
            drawer(a, data);
            fault(a, layer, null);
          }).catch((error) => fault(a, layer, error));
    const work = [];
    if (config.areas) work.push(step("areas", config.areas.url, drawAreas));
    work.push(step("areas", config.outline || null, drawOutline));
    const own = config.points && config.points.own;
    if (config.points) {
      work.push(step("points", [config.points.url].concat(own ? [own.url] : []), drawPoints));
    }
    else a.signs.show([]);
    drawExtra(a, config.extra || null);
    map.getContainer().classList.toggle("ptce-pick", !!config.pick);
    if (config.view && a.viewId !== config.view.id) {
      a.viewId = config.view.id;
      map.fitBounds(config.view.bounds, { animate: false, padding: [8, 8] });
    }
    Promise.all(work).then(() => {
      if (!fresh()) return;
      /* Leaflet's canvases redraw in the frame they asked for before this one. */
      requestAnimationFrame(() => {
        const box = map.getContainer();
        box.dataset.drawnAt = Date.now();
        box.dataset.drawn = config.id;
      });
    });
  }

  window.ptceAtlas = { update: update };
})();
