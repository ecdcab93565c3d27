"""The steps of a study, in any order, and what stands above all of them: title, file, last refusal."""

from __future__ import annotations

import datetime as dt
import importlib
from typing import TYPE_CHECKING, Final, Literal

import streamlit as st

from ptce_data import study as studies
from ptce_data.study import StudyFileError
from ptce_data.study.perimeter import PerimeterError
from ptce_ui import examples, frame, storedesk, study_arrival, study_perimeter, text, undo
from ptce_ui.desk import UNTITLED, Desk, said
from ptce_ui.urlstate import Param

if TYPE_CHECKING:
    from ptce_data.load import Dataset

STEPS: Final = {
    "perimetre": "1. Périmètre",
    "existant": "2. Ce qui existe",
    "agencement": "3. Agencement",
    "acces": "4. Accès",
    "comparables": "5. Comparables",
    "financer": "6. Financer",
    "autodiagnostic": "7. Autodiagnostic",
    "document": "8. Document",
}
#: Step -> its module, read when the step is opened: documents bring heavy libraries along.
_MODULES: Final = {
    "perimetre": "study_perimeter",
    "existant": "study_places",
    "agencement": "study_arrangement",
    "acces": "study_access",
    "comparables": "study_peers",
    "financer": "study_finance",
    "autodiagnostic": "study_assessment",
    "document": "study_document",
}


def params(dataset: Dataset) -> list[Param]:
    """URL parameters: the step, and for a first visit the EPCI or commune to start from.

    The study itself never travels in the address.
    """
    return [
        Param("section", "one", tuple(STEPS), "perimetre"),
        Param("depart", "text"),
        Param("clic", "one", tuple(study_perimeter.CLICKS), "communes"),
        Param("carte_region", "one", tuple(dataset.regions["region_code"])),
        Param("partie", "one", ("objectifs", "logiques", "afom", "feuille"), "objectifs"),
    ]


def header(desk: Desk) -> None:
    """Title, organisation, save and open."""
    study_arrival.arrive(desk)
    is_first = desk.state.get("section") == "perimetre"
    if is_first:
        _names(desk)
    else:
        # Read from here on: on a phone two more fields would push every step off the screen.
        st.markdown(f"**{text.escape_markdown(desk.study.title)}**")
    with st.container(horizontal=True, key="rangee-etude"):
        name, study = text.slug(desk.study.title), desk.study
        frame.downloads(
            "etude",
            {
                "Enregistrer l’étude (JSON)": (
                    f"{name}.json",
                    "application/json",
                    lambda: studies.dump(study),
                )
            },
        )
        storedesk.saver("study", desk.study.title, lambda: studies.dump(study))
        with st.popover("Ouvrir une étude", icon=":material/folder_open:"):
            _open(desk)
    undo.offer("etude", desk.restore)
    examples.study(desk)
    if desk.refused:
        st.error(text.escape_markdown(desk.refused), icon=":material/error:")
    for sentence in desk.unknown_codes():
        st.warning(text.escape_markdown(sentence))
    if is_first:
        st.caption(
            "L’étude reste dans cette session tant que vous ne l’enregistrez pas : en fichier chez vous, ou dans un "
            "espace de travail sur ce serveur. Rien n’est envoyé ailleurs."
        )


def _names(desk: Desk) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        desk.line(
            f"title|{desk.state.kept('titled') or 0}",
            "Titre de l’étude",
            desk.study.title,
            lambda v: desk.update(title=v or UNTITLED),
        )
        desk.line(
            "organisation", "Organisation (facultatif)", desk.study.organisation,
            lambda v: desk.update(organisation=v),
        )  # fmt: skip


def _open(desk: Desk) -> None:
    given = st.file_uploader(
        "Étude enregistrée (JSON ; 5 Mo au plus)", type=["json"], key=desk.state.key("fichier")
    )
    if given is not None and desk.state.kept("opened") != given.file_id:
        desk.state.keep("opened", given.file_id)
        try:
            desk.open(studies.read(given.getvalue()))
            desk.state.keep("file_refused", "")
            st.rerun()
        except StudyFileError as error:
            desk.state.keep("file_refused", str(error))
    # Beside the field: on a phone this drawer covers the page behind it.
    if desk.state.kept("file_refused"):
        said(desk.state.kept("file_refused"))
    st.button("Commencer une étude vide", on_click=desk.open, args=(studies.new(UNTITLED, dt.date.today()),))


def draw(desk: Desk, step: str) -> list[str]:
    """Draw one step; returns the ids of the sources it shows."""
    try:
        module = importlib.import_module(f"ptce_ui.{_MODULES[step]}")
        ids: list[str] = module.draw(desk)
    except PerimeterError as error:
        said(error)
        ids = []
    _around(desk, step)
    return ids


def _around(desk: Desk, step: str) -> None:
    """The step before and the one after, where a long step ends; `page.js` then shows the new one from its top."""
    steps = list(STEPS)
    at = steps.index(step)
    where: Literal["left", "right", "distribute"] = (
        "right" if at == 0 else "distribute" if at < len(steps) - 1 else "left"
    )
    sides: tuple[tuple[int, str, Literal["left", "right"]], ...] = (
        (at - 1, "arrow_back", "left"),
        (at + 1, "arrow_forward", "right"),
    )
    with st.container(horizontal=True, horizontal_alignment=where, key="etapes-voisines"):
        for to, icon, side in sides:
            if 0 <= to < len(steps):
                st.button(
                    STEPS[steps[to]], key=f"etude|vers|{steps[to]}", icon=f":material/{icon}:", icon_position=side,
                    on_click=desk.state.set, args=("section", steps[to]),
                )  # fmt: skip
