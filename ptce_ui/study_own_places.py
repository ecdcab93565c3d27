"""The reader's own places of a study, as a table one edits; those that are removed can come back."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from ptce_data.study import OwnPlace
from ptce_data.study.registries import PLACE_KINDS
from ptce_ui import undo
from ptce_ui.desk import Desk

STATUS: Final = {"existing": "Existant", "planned": "En projet"}


def draw(desk: Desk) -> None:
    """The table, with « Annuler » below it."""
    places = desk.study.places
    if places:
        _table(desk)
    elif undo.last(desk.place("lieux")) is None:
        st.caption("Vous n’avez encore ajouté aucun lieu.")
    # Below the table: the keyboard comes there next.
    undo.offer(desk.place("lieux"), lambda gone: _restore(desk, gone))


def _table(desk: Desk) -> None:
    places = desk.study.places
    base = pd.DataFrame(
        {
            "Nom": [p.name for p in places],
            "Genre": [PLACE_KINDS[p.kind] for p in places],
            "État": [STATUS[p.status] for p in places],
            "Note": [p.note for p in places],
            "Source": [p.source for p in places],
            "Retirer": [False] * len(places),
        },
        index=[p.id for p in places],
    )
    desk.rows(
        "places", base, lambda edited: _keep(desk, edited),
        column_config={
            "Genre": st.column_config.SelectboxColumn(options=list(PLACE_KINDS.values()), required=True),
            "État": st.column_config.SelectboxColumn(options=list(STATUS.values()), required=True),
        },
    )  # fmt: skip


def _keep(desk: Desk, edited: pd.DataFrame) -> None:
    """Write the edited lines back; removed places leave the table, and can come back."""
    kinds = {label: kind for kind, label in PLACE_KINDS.items()}
    status = {label: code for code, label in STATUS.items()}
    known = {p.id: p for p in desk.study.places}
    made: list[OwnPlace] = []
    removed: list[OwnPlace] = []
    for place_id, row in edited.iterrows():
        before = known.get(str(place_id))
        if before is None:
            continue
        after = before.model_copy(
            update={
                "name": str(row["Nom"] or before.name)[:300],
                "kind": kinds[row["Genre"]],
                "status": status[row["État"]],
                "note": str(row["Note"] or "")[:300],
                "source": str(row["Source"] or "")[:300],
            }
        )
        (removed if row["Retirer"] else made).append(after)
    others = [p for p in desk.study.places if p.id not in {str(i) for i in edited.index}]
    if removed:
        at = {p.id: number for number, p in enumerate(desk.study.places)}
        words = "Lieu retiré" if len(removed) == 1 else "Lieux retirés"
        names = undo.quoted([p.name for p in removed])
        undo.remember(desk.place("lieux"), f"{words} : {names}.", tuple((at[p.id], p) for p in removed))
        desk.renew("places")
    if (*others, *made) != desk.study.places:
        desk.update(places=(*others, *made))
        st.rerun()


def _restore(desk: Desk, gone: tuple[tuple[int, OwnPlace], ...]) -> None:
    desk.put_back(places=undo.put_back(desk.study.places, gone, lambda place: place.id))
    desk.renew("places")
