/* The map: boundaries and signs on canvas, hit-testing on the map's own events. */
(function (atlas) {
  const HIT_PX = 4;
  const PAPER_PX = 640;
  const RANK = [0, 2, 1];

  const Signs = L.Layer.extend({
    onAdd: function (map) {
      this.canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide");
      map.getPane("signs").appendChild(this.canvas);
      map.on("moveend zoomend viewreset resize", this.redraw, this);
    },
    onRemove: function (map) {
      this.canvas.remove();
      map.off("moveend zoomend viewreset resize", this.redraw, this);
    },
    list: [],
    show: function (list) { this.list = list; this.redraw(); },
    redraw: function () {
      const map = this._map;
      if (!map) return;
      const size = map.getSize();
      const margin = size.multiplyBy(0.25).round();
      const all = size.add(margin.multiplyBy(2));
      const ratio = Math.max(window.devicePixelRatio || 1, atlas.printing ? 2 : 1);
      const corner = map.containerPointToLayerPoint([-margin.x, -margin.y]);
      L.DomUtil.setPosition(this.canvas, corner);
      this.canvas.width = all.x * ratio;
      this.canvas.height = all.y * ratio;
      this.canvas.style.width = all.x + "px";
      this.canvas.style.height = all.y + "px";
      const ctx = this.canvas.getContext("2d");
      ctx.scale(ratio, ratio);
      ctx.translate(-corner.x, -corner.y);
      const look = colours();
      const zoom = map.getZoom();
      for (const s of this.list) {
        s.point = map.latLngToLayerPoint(s.latlng);
        s.r = radius(s.o.kind, zoom);
        const x = s.point.x - corner.x;
        const y = s.point.y - corner.y;
        if (x > -20 && y > -20 && x < all.x + 20 && y < all.y + 20) paint(ctx, s, look);
      }
      const chosen = this.list.find((s) => s.o.uid === atlas.chosen);
      if (chosen) ring(ctx, chosen.point, chosen.r + 4, 3, look.ink);
    },
  });

  function radius(kind, zoom) {
    /* On a phone the whole country is small: signs shrink faster, so that shapes stay apart. */
    const grow = Math.max(-3.2, Math.min(4, (zoom - 5.5) * (zoom < 5.3 ? 2.2 : 1.2)));
    return [8, 3.6, 6.5][kind] + (kind === 1 ? grow / 2 : grow);
  }

  function ring(ctx, p, r, width, colour) {
    ctx.beginPath();
    ctx.arc(p.x, p.y, r, 0, 2 * Math.PI);
    ctx.lineWidth = width;
    ctx.strokeStyle = colour;
    ctx.stroke();
  }

  function paint(ctx, s, look) {
    const p = s.point, r = s.r;
    const tint = atlas.data.types[s.o.type].c;
    ctx.beginPath();
    if (s.o.kind === 2) {
      ctx.moveTo(p.x, p.y - r);
      ctx.lineTo(p.x + r, p.y);
      ctx.lineTo(p.x, p.y + r);
      ctx.lineTo(p.x - r, p.y);
      ctx.closePath();
    } else ctx.arc(p.x, p.y, s.o.kind === 0 ? r - 2.5 : r, 0, 2 * Math.PI);
    ctx.fillStyle = s.o.hollow ? look.ring : tint;
    ctx.fill();
    ctx.lineWidth = s.o.hollow ? 1.8 : 1;
    ctx.strokeStyle = s.o.hollow ? tint : look.ring;
    ctx.stroke();
    if (s.o.kind === 0) ring(ctx, p, r, 1.8, tint);
  }

  function colours() {
    return atlas.data.colours[atlas.isDark() && !atlas.printing ? "dark" : "light"];
  }

  /* Flat whole-number steps -> [[lat, lng], …] per ring. */
  function unpack(area) {
    return area.p.map((polygon) => polygon.map((steps) => {
      const made = [];
      let x = 0, y = 0;
      for (let i = 0; i < steps.length; i += 2) {
        x += steps[i];
        y += steps[i + 1];
        made.push([y / area.q, x / area.q]);
      }
      return made;
    }));
  }

  function inside(ring, lat, lng) {
    let found = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [yi, xi] = ring[i], [yj, xj] = ring[j];
      if (yi > lat !== yj > lat && lng < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) found = !found;
    }
    return found;
  }

  atlas.startMap = function (open, list) {
    const box = atlas.byId("map");
    const calm = atlas.isCalm();
    const map = L.map(box, {
      minZoom: 3, maxZoom: 14, zoomSnap: 0.1, attributionControl: false, zoomControl: false, preferCanvas: true,
      zoomAnimation: !calm, fadeAnimation: !calm, inertia: !calm,
    });
    if (calm) {
      /* Leaflet has no option for the arrows of the keyboard, which always glide. */
      const glide = map.panBy;
      map.panBy = (offset, options) => glide.call(map, offset, { ...options, animate: false });
    }
    L.control.zoom({ zoomInTitle: "Zoomer", zoomOutTitle: "Dézoomer" }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    for (const [name, z] of [["areas", 410], ["borders", 420], ["signs", 430]]) {
      const pane = map.createPane(name);
      pane.style.zIndex = z;
      pane.style.pointerEvents = "none";
    }
    map.scrollWheelZoom.disable();
    map.on("focus click", () => map.scrollWheelZoom.enable());
    map.on("mouseout blur", () => map.scrollWheelZoom.disable());

    const renderers = { areas: L.canvas({ pane: "areas", padding: 0.3 }), borders: L.canvas({ pane: "borders", padding: 0.3 }) };
    const departements = atlas.data.departements.map((a) => ({ a: a, rings: unpack(a) }));
    for (const d of departements) {
      d.layer = L.polygon(d.rings, { renderer: renderers.areas, pane: "areas", interactive: false, smoothFactor: 0.5 }).addTo(map);
    }
    const regions = atlas.data.regions.map((a) =>
      [a, L.polygon(unpack(a), { renderer: renderers.borders, pane: "borders", interactive: false, smoothFactor: 0.5 }).addTo(map)]);
    const signs = new Signs();
    /* Canvases need a view before they are drawn on. */
    const first = atlas.data.views[0] ? atlas.data.views[0].b : [[41.2, -5.3], [51.2, 9.7]];
    map.fitBounds(first, { animate: false, padding: [8, 8] });
    signs.addTo(map);
    restyle();

    function restyle() {
      const look = colours();
      box.style.background = look.background;
      for (const d of departements) {
        d.layer.setStyle({ weight: 0.7, color: look.border, opacity: d.a.in ? 0.9 : 0.4, fillColor: look.area, fillOpacity: d.a.in ? 1 : 0.4 });
      }
      for (const [a, layer] of regions) layer.setStyle({ fill: false, weight: a.in ? 1.5 : 0.8, color: look.ink, opacity: a.in ? 0.6 : 0.25 });
      signs.redraw();
    }

    const tip = L.tooltip({ direction: "top", offset: [0, -8], opacity: 1 });
    map.on("mousemove", (e) => {
      const hits = near(e.containerPoint, 3);
      let content = null, at = e.latlng;
      if (hits.length) {
        const o = hits[0].o;
        at = hits[0].latlng;
        content = atlas.make("div", {}, [atlas.make("strong", {}, atlas.short(o.name, 120)), atlas.make("br"),
          atlas.data.kinds[o.kind].l + " · " + atlas.data.types[o.type].l + (o.hollow ? " · position approchée" : "")]);
        if (hits.length > 1) {
          content.appendChild(atlas.make("br"));
          content.appendChild(atlas.make("em", {}, "et " + atlas.count(hits.length - 1, ["autre ici", "autres ici"]) + " : cliquez pour la liste"));
        }
      } else {
        const area = departements.find((d) => {
          const b = d.a.b;
          if (e.latlng.lng < b[0] || e.latlng.lng > b[2] || e.latlng.lat < b[1] || e.latlng.lat > b[3]) return false;
          return d.rings.some((p) => inside(p[0], e.latlng.lat, e.latlng.lng));
        });
        if (area) content = atlas.make("span", {}, area.a.n);
      }
      box.classList.toggle("hit", hits.length > 0);
      if (!content) return tip.remove();
      /* Near the top edge the words go below, where they are not cut. */
      const low = e.containerPoint.y < 110;
      tip.options.direction = low ? "bottom" : "top";
      tip.options.offset = L.point(0, low ? 10 : -8);
      tip.setContent(content).setLatLng(at);
      if (!map.hasLayer(tip)) tip.addTo(map);
    });
    map.on("mouseout", () => tip.remove());
    map.on("click", (e) => {
      const hits = near(e.containerPoint, HIT_PX);
      tip.remove();
      if (hits.length === 1) open(hits[0].o);
      else if (hits.length) list(hits.map((h) => h.o), map.getZoom() < map.getMaxZoom() ? () => map.setView(e.latlng, map.getZoom() + 3, { animate: !calm }) : null);
    });
    box.addEventListener("keydown", (e) => {
      if (e.ctrlKey || e.metaKey || e.altKey) return;
      const key = e.key.toLowerCase();
      if (key !== "s" && key !== "p") return;
      e.preventDefault();
      step(key === "s" ? 1 : -1);
    });

    function near(containerPoint, extra) {
      const p = map.containerPointToLayerPoint(containerPoint);
      const hits = [];
      for (const s of signs.list) {
        const d = Math.hypot(s.point.x - p.x, s.point.y - p.y);
        if (d <= Math.max(s.r, 8) + extra) hits.push([RANK[s.o.kind], d, s]);
      }
      return hits.sort((x, y) => x[0] - y[0] || x[1] - y[1]).map((h) => h[2]);
    }

    /* The next sign of the view, from west to east: the keyboard's way to every object. */
    function step(way) {
      const seen = map.getBounds();
      const inView = signs.list.filter((s) => seen.contains(s.latlng));
      inView.sort((a, b) => a.latlng.lng - b.latlng.lng || a.latlng.lat - b.latlng.lat || a.o.i - b.o.i);
      if (!inView.length) return;
      const now = inView.findIndex((s) => s.o.uid === atlas.chosen);
      const start = now < 0 ? (way > 0 ? 0 : inView.length - 1) : (now + way + inView.length) % inView.length;
      open(inView[start].o, { quiet: true, place: (start + 1) + " sur " + atlas.number(inView.length) + " dans la vue" });
    }

    return {
      map: map,
      step: step,
      restyle: restyle,
      redraw: () => signs.redraw(),
      show: function (shown) {
        const made = [];
        for (const kind of [1, 2, 0]) {
          for (const o of shown) {
            if (o.kind === kind && o.lon !== null) made.push({ o: o, latlng: L.latLng(o.lat, o.lon) });
          }
        }
        signs.show(made);
        box.dataset.points = made.length;
      },
      go: (bounds) => map.fitBounds(bounds, { animate: !calm, padding: [8, 8] }),
      centre: (o) => o.lon !== null && map.setView([o.lat, o.lon], Math.max(map.getZoom(), 10), { animate: !calm }),
      reveal: function (o) {
        if (o.lon !== null && !map.getBounds().contains([o.lat, o.lon])) map.setView([o.lat, o.lon], 8, { animate: !calm });
      },
      /* On paper the map keeps the size it was drawn at, reduced to the sheet. */
      print: function (printing) {
        const width = box.offsetWidth;
        const height = box.offsetHeight;
        box.style.width = printing ? width + "px" : "";
        box.style.height = printing ? height + "px" : "";
        box.style.zoom = printing ? String(Math.min(1, PAPER_PX / width, PAPER_PX / height)) : "";
      },
      at: function (uid) {
        const s = signs.list.find((v) => v.o.uid === uid);
        return s ? map.latLngToContainerPoint(s.latlng) : null;
      },
    };
  };
})(ATLAS);
