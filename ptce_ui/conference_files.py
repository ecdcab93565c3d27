"""What leaves the Conférence page: slides and one file without network; and a deck taken on arrival by a link."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import streamlit as st

from ptce_data.deck import Deck
from ptce_data.study import Study
from ptce_ui import conference_views as views
from ptce_ui import deckdesk, longwork, pagestate, scenes, study_start, text
from ptce_ui.exports import slides, standalone
from ptce_ui.pagestate import PageState

if TYPE_CHECKING:
    from ptce_data.load import Dataset

PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_SLIDES: Final = "faire-diapositives"
_SAME: Final = "Votre diaporama n’a pas changé."


def arrive(dataset: Dataset, state: PageState) -> None:
    """Take the deck that a link names (`prendre=1`), unless another one, or another study, is being worked on."""
    place, own = state.get("depart"), views.study()
    if not state.get("prendre"):
        return
    state.set("prendre", False)
    if state.get("modele") == "etude" and place:
        if own is not None and not study_start.is_about(own, place):
            st.warning(
                f"L’étude « {text.escape_markdown(own.title)} » est déjà ouverte : ce diaporama serait le sien. Pour un "
                "autre territoire, ouvrez d’abord son étude (page Étude, « Ouvrir une étude »).",
                icon=":material/edit_document:",
            )
            return
        if own is None:
            begun = study_start.begun(dataset, place, today=dt.date.today())
            # The Étude page finds it on its desk.
            pagestate.share("incoming|study", begun)
            pagestate.share("study", begun)
    made = views.ready(dataset, state)
    if made is None:
        return
    current = deckdesk.current()
    if current.scenes and current != made:
        st.info(
            f"Le diaporama « {text.escape_markdown(current.title)} » est déjà ouvert : rien n’est remplacé sans vous. "
            "« Prendre ce diaporama » met le nouveau à sa place ; l’ancien reste à un clic.",
            icon=":material/slideshow:",
        )
        return
    deckdesk.put(made)
    state.keep("slides_asked", state.get("section") == "fichiers")


def draw(dataset: Dataset, state: PageState) -> list[str]:
    """Slides of the deck, and the whole atlas in one file."""
    deck, own = deckdesk.current(), views.study()
    st.subheader("Diapositives (PPTX)")
    st.markdown(
        "De vraies diapositives : graphiques et tableaux modifiables, cartes en image, notes et sources. "
        "Le modèle de votre organisation peut remplacer le nôtre."
    )
    if not deck.scenes:
        st.info(
            "Le diaporama est vide : prenez-en d’abord un ci-dessus, ou ajoutez-y des vues depuis les autres pages."
        )
    _slides(dataset, state, deck, own)
    st.subheader("Un fichier qui s’ouvre sans réseau (HTML)")
    st.markdown(
        "La carte interactive, les graphiques, les tableaux et les fiches dans un seul fichier, pour une clé USB."
    )
    title = "La coopération économique en France"
    longwork.file(
        "atlas-html", "L’atlas de la France (HTML)",
        lambda tell: standalone.standalone(dataset, dataset.places, title=title, made_on=dt.date.today(), progress=tell),
        file_name="atlas-france.html", mime="text/html", version=dataset.version,
    )  # fmt: skip
    return []


def _slides(dataset: Dataset, state: PageState, deck: Deck, own: Study | None) -> None:
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
    is_clicked = st.button(
        "Préparer les diapositives", type="primary", disabled=not deck.scenes, icon=":material/slideshow:"
    )
    is_asked = bool(state.kept("slides_asked")) and bool(deck.scenes)
    state.keep("slides_asked", False)
    if is_clicked or is_asked:
        state.keep("pptx_refused", "")

        def work(tell: longwork.Progress) -> bytes:
            return _pptx(dataset, deck, own, template, tell)

        try:
            state.keep("pptx", (wanted, longwork.run(_SLIDES, "Les diapositives", work)))
        except slides.TemplateError as error:
            state.keep("pptx_refused", str(error))
    else:
        longwork.told(_SLIDES, _SAME)
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


def _pptx(
    dataset: Dataset, deck: Deck, own: Study | None, template: bytes | None, tell: longwork.Progress
) -> bytes:
    total = len(deck.scenes) + 1
    drawn = scenes.slides(
        dataset, deck, own, today=dt.date.today(), progress=lambda at, _, label: tell(at - 1, total, label)
    )
    tell(total - 1, total, "Écriture du fichier PPTX")
    return slides.to_pptx(drawn, template)
