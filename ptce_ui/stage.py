"""A deck on the projector: one scene per screen, keys of a keyboard or a remote, nothing else."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from ptce_data.deck import Scene
from ptce_ui import deckdesk, scenes, tables, text
from ptce_ui.exports import cartography
from ptce_ui.pagestate import PageState
from ptce_ui.scenes import ChartVisual, FiguresVisual, MapVisual, SceneContent, TableVisual

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_data.study import Study

#: The screen a scene is laid out for; smaller and larger ones show the same, scaled.
WIDTH, HEIGHT = 1920, 1080
_INNER: Final = 1760
_DPI: Final = 200
#: Pixels a line of each kind takes, and characters it holds.
_LINES: Final = {"title": (62, 60), "message": (42, 112), "foot": (36, 125)}
_MARGINS: Final = 190
_LEAST: Final = 420

#: Width of the column that a phone held upright shows, in the same pixels: words of 12 px and more.
TALL_WIDTH: Final = 720
#: Keys to steps: arrows, and what remote controls send (PageUp, PageDown); Home, End; N, Esc, F. Without a keyboard:
#: a finger's swipe, and buttons at the bottom that the style sheet shows on touch screens only.
_KEYS: Final = """
export default function (component) {
  const { setTriggerValue, data } = component;
  const steps = {
    ArrowRight: "next", PageDown: "next", " ": "next", Enter: "next", ArrowDown: "next",
    ArrowLeft: "previous", PageUp: "previous", Backspace: "previous", ArrowUp: "previous",
    Home: "first", End: "last", n: "notes", N: "notes", Escape: "leave",
  };
  const main = document.querySelector('[data-testid="stMainBlockContainer"]');
  const fit = () => {
    const wide = window.innerWidth, high = window.innerHeight - touch.offsetHeight;
    const tall = wide < 700 && wide < high;
    document.body.classList.toggle("ptce-stage-tall", tall);
    if (!main) return;
    /* A transform, not a zoom: charts and pictures are laid out for the width they measure, which a zoom changes. */
    const scale = tall ? wide / data.tall : Math.min(wide / data.width, high / data.height);
    const x = tall ? 0 : (wide - data.width * scale) / 2, y = tall ? 0 : (high - data.height * scale) / 2;
    main.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    /* What is drawn smaller still takes its room in the page: an upright phone would scroll through nothing. */
    main.style.marginBottom = tall ? `${main.offsetHeight * (scale - 1)}px` : "";
  };
  const watch = new ResizeObserver(() => fit());
  /* A chart is measured as it is seen, already smaller: told its own size, it is not made smaller twice. */
  const seen = Element.prototype.getBoundingClientRect;
  Element.prototype.getBoundingClientRect = function () {
    const rect = seen.call(this);
    const holds = this instanceof HTMLElement && (this.closest(".stPlotlyChart") || this.querySelector(".stPlotlyChart"));
    return holds && main && main.contains(this) ? new DOMRect(rect.x, rect.y, this.offsetWidth, this.offsetHeight) : rect;
  };
  const touch = document.createElement("nav");
  touch.className = "ptce-touch";
  touch.setAttribute("aria-label", "Scènes");
  for (const [step, label] of [["previous", "Précédente"], ["next", "Suivante"], ["notes", "Notes"], ["leave", "Quitter"]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => setTriggerValue("step", step));
    touch.append(button);
  }
  let from = null;
  const start = (event) => { from = event.touches.length === 1 ? event.touches[0] : null; };
  const end = (event) => {
    const to = event.changedTouches[0];
    if (!from || !to) return;
    const x = to.clientX - from.clientX, y = to.clientY - from.clientY;
    from = null;
    if (Math.abs(x) > 60 && Math.abs(x) > 2 * Math.abs(y)) setTriggerValue("step", x < 0 ? "next" : "previous");
  };
  const press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "f" || event.key === "F") {
      event.preventDefault();
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen().catch(() => {});
      return;
    }
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    setTriggerValue("step", step);
  };
  /* Called again when the theme changes, before the former call is undone: one listener at a time. */
  if (window.ptceStage) window.ptceStage();
  document.body.classList.add("ptce-stage");
  document.body.append(touch);
  fit();
  if (main) watch.observe(main);
  window.addEventListener("resize", fit);
  document.addEventListener("keydown", press, true);
  document.addEventListener("touchstart", start, { passive: true });
  document.addEventListener("touchend", end, { passive: true });
  const leave = () => {
    if (window.ptceStage !== leave) return;
    delete window.ptceStage;
    watch.disconnect();
    Element.prototype.getBoundingClientRect = seen;
    window.removeEventListener("resize", fit);
    document.removeEventListener("keydown", press, true);
    document.removeEventListener("touchstart", start);
    document.removeEventListener("touchend", end);
    touch.remove();
    document.body.classList.remove("ptce-stage", "ptce-stage-tall");
    if (main) main.style.transform = main.style.marginBottom = "";
  };
  window.ptceStage = leave;
  return leave;
}
"""


@st.cache_resource(show_spinner=False)
def _keys() -> Any:
    return st.components.v2.component("ptce_stage_keys", html="<span></span>", js=_KEYS)


def draw(dataset: Dataset, state: PageState, study: Study | None) -> None:
    """Show the scene of the URL; keys change it."""
    listed = deckdesk.scenes()
    _keys()(
        key="stage_keys", data={"width": WIDTH, "height": HEIGHT, "tall": TALL_WIDTH},
        on_step_change=state.on_step("stage_keys", lambda step: _go(state, step, len(listed))),
    )  # fmt: skip
    if not listed:
        st.info(
            "Ce diaporama est vide. Échap ou « Quitter » revient à la page Conférence, où l’on en compose un."
        )
        return
    at = min(max(_number(state.get("scene")), 1), len(listed))
    shown = made(dataset, listed[at - 1], study)
    foot = f"{shown.note} {tables.publishers(dataset, shown.sources)}".strip()
    st.html(
        f'<div class="ptce-scene"><h1>{_said(shown.title)}</h1>'
        f'<p class="ptce-message">{_said(shown.message)}</p></div>'
    )
    visual(dataset, listed[at - 1], shown, room_for(shown, foot))
    st.html(
        f'<div class="ptce-foot"><span>{_said(foot)}</span>'
        f'<span class="ptce-count">{at} / {len(listed)}</span>'
        f'<progress max="{len(listed)}" value="{at}" aria-label="Scène {at} sur {len(listed)}"></progress></div>'
    )
    if state.get("notes"):
        st.html(f'<aside class="ptce-notes" aria-label="Notes"><p>{_paragraphs(shown.notes)}</p></aside>')


def made(dataset: Dataset, scene: Scene, study: Study | None) -> SceneContent:
    """The content of a scene, kept per version of data, scene and study."""
    return _content(
        dataset.version,
        scene.model_dump_json(),
        study.model_dump_json() if study else "",
        dataset,
        scene,
        study,
    )


@st.cache_resource(max_entries=128, show_spinner=False)
def _content(
    version: str, scene_key: str, study_key: str, _dataset: Dataset, _scene: Scene, _study: Study | None
) -> SceneContent:
    return scenes.content(_dataset, _scene, _study)


@st.cache_data(max_entries=64, show_spinner="Dessin de la carte…")
def _map(
    version: str, scene_key: str, is_dark: bool, room: int, _dataset: Dataset, _visual: MapVisual
) -> bytes:
    """The map without the words that the scene says around it, as high as the room left."""
    spec = dataclasses.replace(_visual.spec, title="", subtitle="", sources="", dated="")
    width = _INNER / _DPI * 25.4
    return cartography.render(
        _dataset, spec, "png", width_mm=width, height=width * room / _INNER, dpi=_DPI, dark=is_dark
    )


def room_for(shown: SceneContent, foot: str) -> int:
    """Pixels left for the visual once title, message and foot have their lines."""
    used = _MARGINS
    for kind, words in (("title", shown.title), ("message", shown.message), ("foot", foot)):
        pixels, length = _LINES[kind]
        used += pixels * max(1, math.ceil(len(words) / length))
    return max(_LEAST, HEIGHT - used)


def visual(dataset: Dataset, scene: Scene, shown: SceneContent, room: int = 720) -> None:
    """The one picture, chart, table or row of figures of a scene, at projector size, `room` pixels high."""
    is_dark = st.context.theme.type == "dark"
    drawn = shown.visual
    if isinstance(drawn, MapVisual):
        st.image(
            _map(dataset.version, scene.model_dump_json(), is_dark, room, dataset, drawn),
            alt=shown.alt,
            width="stretch",
        )
    elif isinstance(drawn, ChartVisual):
        st.plotly_chart(
            scenes.for_projector(drawn.figure, is_dark=is_dark).update_layout(height=room), alt=shown.alt, config={"displayModeBar": False},
            key=f"stage-{scene.id}", theme=None,
        )  # fmt: skip
    elif isinstance(drawn, TableVisual):
        st.html(table_html(drawn, shown.alt))
    elif isinstance(drawn, FiguresVisual):
        cells = "".join(
            f"<div><dt>{text.escape_html(name)}</dt><dd>{text.escape_html(value)}</dd><dd class='ptce-note'>{text.escape_html(note)}</dd></div>"
            for name, value, note in drawn.figures
        )
        st.html(f'<dl class="ptce-figures">{cells}</dl>')


def table_html(drawn: TableVisual, alt: str) -> str:
    """A table of large letters, numbers to the right."""
    right = [a in ("right", "droite") for a in drawn.alignments]
    head = "".join(f"<th scope='col'>{text.escape_html(c)}</th>" for c in drawn.columns)
    rows = "".join(
        "<tr>" + "".join(
            f"<td{' class=num' if is_right else ''}>{text.escape_html(cell)}</td>"
            for cell, is_right in zip(row, right, strict=True)
        ) + "</tr>"
        for row in drawn.rows
    )  # fmt: skip
    return (
        f'<table class="ptce-table"><caption class="ptce-hidden">{text.escape_html(alt)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _said(words: str) -> str:
    return text.escape_html(text.no_break(words))


def _paragraphs(notes: str) -> str:
    return "</p><p>".join(_said(line) for line in notes.splitlines() if line.strip()) or "Aucune note."


def _number(value: str) -> int:
    return int(value) if value.isdigit() and len(value) < 4 else 1


def _go(state: PageState, step: str, count: int) -> None:
    at = min(max(_number(state.get("scene")), 1), max(count, 1))
    if step == "leave":
        state.set("presenter", False)
    elif step == "notes":
        state.set("notes", not state.get("notes"))
    else:
        to = {"next": at + 1, "previous": at - 1, "first": 1, "last": count}.get(step, at)
        state.set("scene", str(min(max(to, 1), max(count, 1))))
