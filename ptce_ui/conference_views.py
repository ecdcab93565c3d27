"""The Conférence page: ready-made decks, one's own scenes, slides and files to take away."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from ptce_data import deck as decks
from ptce_data.deck import Deck, DeckFileError, Scene
from ptce_ui import deckdesk, filters, frame, pagestate, scenes, stage, storedesk, text
from ptce_ui.exports import slides, standalone
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
PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def params(dataset: Dataset) -> list[Param]:
    """URL parameters of the page."""
    regions = tuple(dataset.regions["region_code"])
    return [
        Param("section", "one", tuple(SECTIONS), "composer"),
        Param("modele", "one", tuple(READY), "france"),
        Param("region", "one", regions, regions[0] if regions else ""),
        Param("regions", "many", regions),
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
        made = _ready(dataset, state)
        if made is not None:
            deckdesk.put(made)


def _ready(dataset: Dataset, state: PageState) -> Deck | None:
    model = state.get("modele")
    if model == "region":
        return decks.region(dataset, state.get("region"))
    if model == "comparer":
        codes = state.get("regions")
        return decks.compare(dataset, codes) if len(codes) > 1 else None
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
                max_selections=6,
            )
        made = _ready(dataset, state)
        st.button(
            "Prendre ce diaporama", on_click=deckdesk.put, args=(made,), disabled=made is None, type="primary",
            icon=":material/slideshow:",
        )  # fmt: skip
    if model == "etude" and made is None:
        st.info("Commencez une étude et choisissez son périmètre (page Étude) : ses scènes viendront d’elle.")
    with st.container(horizontal=True):
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
        if deckdesk.has_former():
            st.button("Revenir au diaporama précédent", on_click=deckdesk.back, icon=":material/undo:")
    if state.kept("file_refused"):
        st.error(text.escape_markdown(state.kept("file_refused")), icon=":material/error:")


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
    if not deck.scenes:
        st.info(
            "Prenez un diaporama prêt à l’emploi, ou ajoutez une vue depuis n’importe quelle page (« Ajouter cette vue »)."
        )
        return []
    st.button(
        "Présenter", on_click=_present, args=(state,), type="primary", icon=":material/present_to_all:",
        help="Flèches, Début et Fin, N pour les notes, F pour le plein écran, Échap pour sortir ; les télécommandes aussi.",
    )  # fmt: skip
    own = study()
    names = {s.id: f"{n}. {stage.made(dataset, s, own).title}" for n, s in enumerate(deck.scenes, start=1)}
    opened = state.get("apercu") if state.get("apercu") in names else deck.scenes[0].id
    left, right = st.columns([4, 7])
    with left:
        for scene in deck.scenes:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
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


def _say(state: PageState, refusal: str) -> None:
    state.keep("refused", refusal)


def _scene(dataset: Dataset, state: PageState, scene: Scene, own: Study | None) -> list[str]:
    shown = stage.made(dataset, scene, own)
    with st.container(horizontal=True):
        for label, icon, call, args in (
            ("Monter", "arrow_upward", deckdesk.move, (scene.id, -1)),
            ("Descendre", "arrow_downward", deckdesk.move, (scene.id, 1)),
            ("Retirer", "delete", deckdesk.remove, (scene.id,)),
        ):
            st.button(label, icon=f":material/{icon}:", on_click=call, args=args, key=f"{label}|{scene.id}")
    for field, label, value, proposed in (
        ("title", "Titre", scene.title, shown.title),
        ("message", "Message", scene.message, shown.message),
        ("notes", "Notes de l’orateur", scene.notes, shown.notes),
    ):
        key = f"diaporama|{deckdesk.revision()}|{scene.id}|{field}"
        st.text_area(
            label, value=value or proposed, key=key, max_chars=300 if field == "title" else 20_000,
            height=70 if field != "notes" else 120,
            on_change=state.on_typed(key, lambda v, f=field: _say(state, deckdesk.edit(scene.id, **{f: str(v or "")}))),
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


def files(dataset: Dataset, state: PageState) -> list[str]:
    """Slides of the deck, and the whole atlas in one file."""
    deck, own = deckdesk.current(), study()
    st.subheader("Diapositives (PPTX)")
    st.markdown(
        "De vraies diapositives : graphiques et tableaux modifiables, cartes en image, notes et sources. "
        "Le modèle de votre organisation peut remplacer le nôtre."
    )
    given = st.file_uploader(
        "Modèle de votre organisation (PPTX, facultatif ; 30 Mo au plus)",
        type=["pptx", "potx"],
        key=state.key("modele_pptx"),
    )
    template = given.getvalue() if given is not None else None
    wanted = (
        deck.model_dump_json(),
        own.model_dump_json() if own else "",
        given.file_id if given is not None else "",
    )
    if st.button(
        "Préparer les diapositives", type="primary", disabled=not deck.scenes, icon=":material/slideshow:"
    ):
        with st.spinner("Dessin des diapositives…"):
            try:
                content = slides.to_pptx(scenes.slides(dataset, deck, own, today=dt.date.today()), template)
                state.keep("pptx", (wanted, content))
                state.keep("pptx_refused", "")
            except slides.TemplateError as error:
                state.keep("pptx_refused", str(error))
    if state.kept("pptx_refused"):
        st.error(text.escape_markdown(state.kept("pptx_refused")), icon=":material/error:")
    made = state.kept("pptx")
    if made is not None and made[0] == wanted:
        st.download_button(
            f"Diapositives (PPTX) – {text.number(len(made[1]) // 1024)} ko", made[1], file_name=f"{text.slug(deck.title)}.pptx",
            mime=PPTX, on_click="ignore", icon=":material/download:",
        )  # fmt: skip
    elif made is not None:
        st.caption("Le diaporama a changé depuis : préparez à nouveau les diapositives.")
    st.subheader("Un fichier qui s’ouvre sans réseau (HTML)")
    st.markdown(
        "La carte interactive, les graphiques, les tableaux et les fiches dans un seul fichier, pour une clé USB."
    )
    frame.downloads(
        "atlas-html",
        {
            "L’atlas de la France (HTML)": (
                "atlas-france.html", "text/html",
                lambda: standalone.standalone(dataset, dataset.places, title="La coopération économique en France", made_on=dt.date.today()),
            )
        },
    )  # fmt: skip
    return []
