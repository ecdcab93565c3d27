"""The Conférence page: ready-made decks, one's own scenes, slides and files to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from ptce_data import deck as decks
from ptce_data.deck import Deck, DeckFileError, Scene
from ptce_ui import deckdesk, examples, filters, frame, home, pagestate, scenes, stage, storedesk, text, undo
from ptce_ui.pagestate import PageState
from ptce_ui.urlstate import Param

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_data.study import Study

READY: Final = {
    "france": "Les PTCE en France",
    "region": "Ma région",
    "comparer": "Comparer des régions",
    "etude": "Mon étude",
}
SECTIONS: Final = {"composer": "Composer", "fichiers": "Diapositives et fichiers"}


def params(dataset: Dataset) -> list[Param]:
    """URL parameters of the page."""
    regions = tuple(dataset.regions["region_code"])
    return [
        Param("section", "one", tuple(SECTIONS), "composer"),
        Param("modele", "one", tuple(READY), "france"),
        Param("region", "one", regions, regions[0] if regions else ""),
        Param("regions", "many", regions),
        Param("prendre", "flag"),
        Param("depart", "text"),
        Param("presenter", "flag"),
        Param("scene", "text"),
        Param("notes", "flag"),
        Param("apercu", "text"),
    ]


def study() -> Study | None:
    """The study on the desk, if it has a territory."""
    found: Study | None = pagestate.shared("study")
    return None if found is None or found.perimeter.is_empty else found


def first_deck(dataset: Dataset, state: PageState) -> None:
    """A link to a presentation starts with the deck it names: nobody arrives before an empty screen."""
    if not deckdesk.scenes():
        made = ready(dataset, state)
        if made is not None:
            deckdesk.put(made)


def ready(dataset: Dataset, state: PageState) -> Deck | None:
    """The ready-made deck that is chosen; None where it lacks regions, or a study."""
    model = state.get("modele")
    if model == "region":
        return decks.region(dataset, state.get("region"))
    if model == "comparer":
        codes = state.get("regions")
        return decks.compare(dataset, codes) if 1 < len(codes) <= home.MOST_REGIONS else None
    if model == "etude":
        own = study()
        return None if own is None else decks.from_study(dataset, own)
    return decks.france(dataset)


def choose(dataset: Dataset, state: PageState) -> None:
    """Take a ready-made deck, or open one's own."""
    regions = dict(zip(dataset.regions["region_code"], dataset.regions["name"], strict=True))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        model = filters.one(state, "modele", "Diaporama prêt à l’emploi", READY)
        if model == "region":
            filters.one(state, "region", "Région", regions)
        elif model == "comparer":
            st.multiselect(
                "Régions",
                list(regions),
                key=state.key("regions"),
                format_func=regions.__getitem__,
                placeholder="Deux au moins",
                max_selections=home.MOST_REGIONS,
            )
        made = ready(dataset, state)
        st.button(
            "Prendre ce diaporama", on_click=deckdesk.put, args=(made,), disabled=made is None,
            type="secondary" if deckdesk.scenes() else "primary",
            icon=":material/slideshow:",
        )  # fmt: skip
    if model == "etude" and made is None:
        st.info("Commencez une étude et choisissez son périmètre (page Étude) : ses scènes viendront d’elle.")
    with st.container(horizontal=True, key="rangee-diaporama"):
        deck = deckdesk.current()
        frame.downloads(
            "diaporama",
            {
                "Enregistrer le diaporama (JSON)": (
                    f"{text.slug(deck.title)}.json",
                    "application/json",
                    lambda: decks.dump(deck),
                )
            },
        )
        storedesk.saver("deck", deck.title, lambda: decks.dump(deck))
        with st.popover("Ouvrir un diaporama", icon=":material/folder_open:"):
            _open(state)
    if deckdesk.is_about_all() or state.get("section") != "composer":
        undo.offer(deckdesk.PLACE, deckdesk.restore)


def _open(state: PageState) -> None:
    given = st.file_uploader(
        "Diaporama enregistré (JSON ; 5 Mo au plus)", type=["json"], key=state.key("fichier")
    )
    if given is not None and state.kept("opened") != given.file_id:
        state.keep("opened", given.file_id)
        try:
            deckdesk.put(decks.read(given.getvalue()))
            state.keep("file_refused", "")
            st.rerun()
        except DeckFileError as error:
            state.keep("file_refused", str(error))
    # Beside the field: on a phone this drawer covers the page behind it.
    if state.kept("file_refused"):
        st.error(text.escape_markdown(state.kept("file_refused")), icon=":material/error:")


def compose(dataset: Dataset, state: PageState) -> list[str]:
    """The scenes one by one: words, order, and what each shows."""
    deck = deckdesk.current()
    key = f"diaporama|{deckdesk.revision()}|titre"
    st.text_input(
        "Titre du diaporama", value=deck.title, key=key, max_chars=300,
        on_change=state.on_typed(key, lambda v: _say(state, deckdesk.change(title=str(v or deckdesk.UNTITLED)))),
    )  # fmt: skip
    if state.kept("refused"):
        st.error(text.escape_markdown(state.kept("refused")))
    examples.deck(dataset)
    if not deck.scenes:
        st.info(
            "Prenez un diaporama prêt à l’emploi, ou ajoutez une vue depuis n’importe quelle page (« Ajouter cette vue »)."
        )
        return []
    st.button(
        "Présenter", on_click=_present, args=(state,), type="primary", icon=":material/present_to_all:",
        help="Flèches, Début et Fin, N pour les notes, F pour le plein écran, Échap pour sortir ; les télécommandes aussi. "
        "Sur un écran tactile : les boutons du bas, ou un glissement du doigt.",
    )  # fmt: skip
    own = study()
    names = {s.id: f"{n}. {stage.made(dataset, s, own).title}" for n, s in enumerate(deck.scenes, start=1)}
    opened = state.get("apercu") if state.get("apercu") in names else deck.scenes[0].id
    left, right = st.columns([4, 7])
    with left, st.container(key="liste-scenes", gap="xxsmall"):
        for scene in deck.scenes:
            st.button(
                text.escape_markdown(names[scene.id]), key=f"scene|{scene.id}", width="stretch",
                type="secondary" if scene.id == opened else "tertiary", on_click=state.set, args=("apercu", scene.id),
            )  # fmt: skip
    chosen = next(s for s in deck.scenes if s.id == opened)
    with right:
        return _scene(dataset, state, chosen, own)


def _present(state: PageState) -> None:
    state.set("presenter", True)
    state.set("scene", "1")


def _move(state: PageState, scene_id: str, step: int) -> None:
    deckdesk.move(scene_id, step)
    state.set("apercu", scene_id)


def _remove(state: PageState, scene_id: str) -> None:
    """Take a scene out; the one that comes in its place is opened."""
    ids = [s.id for s in deckdesk.scenes()]
    at = ids.index(scene_id)
    deckdesk.remove(scene_id)
    rest = [s.id for s in deckdesk.scenes()]
    state.set("apercu", rest[min(at, len(rest) - 1)] if rest else "")


def _restore(state: PageState, value: tuple[str, Any]) -> tuple[str, Any] | None:
    before = {s.id for s in deckdesk.scenes()}
    displaced = deckdesk.restore(value)
    back = [s.id for s in deckdesk.scenes() if s.id not in before]
    if back and value[0] == "scenes":
        state.set("apercu", back[0])
    return displaced


def _say(state: PageState, refusal: str) -> None:
    state.keep("refused", refusal)


def _scene(dataset: Dataset, state: PageState, scene: Scene, own: Study | None) -> list[str]:
    shown = stage.made(dataset, scene, own)
    with st.container(horizontal=True):
        for label, icon, call, args in (
            ("Monter", "arrow_upward", _move, (state, scene.id, -1)),
            ("Descendre", "arrow_downward", _move, (state, scene.id, 1)),
            ("Retirer", "delete", _remove, (state, scene.id)),
        ):
            st.button(label, icon=f":material/{icon}:", on_click=call, args=args, key=f"{label}|{scene.id}")
    if not deckdesk.is_about_all():
        undo.offer(deckdesk.PLACE, lambda value: _restore(state, value))
    for field, label, value, proposed in (
        ("title", "Titre", scene.title, shown.title),
        ("message", "Message", scene.message, shown.message),
        ("notes", "Notes de l’orateur", scene.notes, shown.notes),
    ):
        key = f"diaporama|{deckdesk.revision()}|{scene.id}|{field}"
        st.text_area(
            label, value=value or proposed, key=key, max_chars=300 if field == "title" else 20_000,
            height=70 if field != "notes" else 120,
            on_change=state.on_typed(key, lambda v, f=field: _say(state, deckdesk.write(scene.id, f, str(v or "")))),
        )  # fmt: skip
    for problem in shown.problems:
        st.warning(text.escape_markdown(problem))
    with st.container(border=True, key="defile-apercu"):
        _preview(dataset, scene, shown)
    if shown.note:
        st.caption(text.escape_markdown(shown.note))
    with st.expander("Les chiffres de cette scène"):
        frame.table(shown.facts, alt=shown.alt or shown.title)
    page = frame.PAGES.get(scene.page)
    if page is not None:
        wanted: dict[str, Any] = {name: list(values) for name, values in scene.query}
        st.page_link(
            page.path, label="Ouvrir cette vue", icon=":material/arrow_forward:", query_params=wanted
        )
    return list(shown.sources)


def _preview(dataset: Dataset, scene: Scene, shown: scenes.SceneContent) -> None:
    drawn = shown.visual
    if isinstance(drawn, scenes.ChartVisual):
        st.plotly_chart(
            drawn.figure, alt=shown.alt, config={"displayModeBar": False}, key=f"apercu-{scene.id}"
        )
    else:
        stage.visual(dataset, scene, shown)
