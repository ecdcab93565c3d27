"""Step 8 of a study: its texts, the parts to leave out, and the documents to hand in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from ptce_data.study import PartText
from ptce_data.study.registries import PARTS
from ptce_ui import longwork, text
from ptce_ui.desk import Desk, said
from ptce_ui.exports import report

#: Name of the long work of this step.
_WORK: Final = "faire-documents"
FORMATS: Final = {
    "pdf": ("Document PDF", "application/pdf"),
    "docx": (
        "Document Word (DOCX)",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "xlsx": ("Tableaux (XLSX)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "gpkg": ("Couches (GPKG)", "application/geopackage+sqlite3"),
}


def draw(desk: Desk) -> list[str]:
    """What the author writes, then the documents."""
    st.markdown(
        "Onze parties et des annexes, remplies par les données et par ce que vous avez saisi. Une partie vide dit ce "
        "qui lui manque ; chaque chiffre porte sa source."
    )
    _make(desk)
    desk.choices(
        "left_out", "Parties à laisser de côté", desk.study.left_out, PARTS, lambda v: desk.update(left_out=v),
        placeholder="Aucune",
    )  # fmt: skip
    st.subheader("Vos textes, en tête de chaque partie")
    known = {t.part: t.text for t in desk.study.texts}
    for part, label in PARTS.items():
        if part in desk.study.left_out:
            continue
        with st.expander(f"{label}{' – rédigé' if known.get(part) else ''}"):
            desk.area_text(
                f"text-{part}", f"Texte de « {label} »", known.get(part, ""), _writer(desk, part),
                height=160,
            )  # fmt: skip
    return []


def _writer(desk: Desk, part: str) -> Callable[[str], None]:
    return lambda words: _write(desk, part, words)


def _write(desk: Desk, part: str, words: str) -> None:
    others = [t for t in desk.study.texts if t.part != part]
    desk.update(texts=tuple([*others, PartText(part=part, text=words)] if words.strip() else others))


def _make(desk: Desk) -> None:
    made: tuple[str, dict[str, bytes]] | None = desk.state.kept("documents")
    wanted = st.multiselect(
        "Formats", list(FORMATS), default=list(FORMATS), format_func=lambda f: FORMATS[f][0],
        key=desk.state.key("formats"), placeholder="Choisir",
    )  # fmt: skip
    now = desk.study.model_dump_json()
    if st.button(
        "Préparer les documents", type="primary", icon=":material/description:", disabled=not wanted
    ):
        made = (now, _documents(desk, tuple(wanted)))
        desk.state.keep("documents", made)
    else:
        longwork.told(_WORK, "Votre étude n’a pas changé.")
    if made is None or not made[1]:
        return
    if made[0] != now:
        st.warning("L’étude a changé depuis ces documents : préparez-les à nouveau.")
    with st.container(horizontal=True):
        for name, content in made[1].items():
            ending = name.rpartition(".")[2]
            label, mime = FORMATS.get(ending, (name, "application/octet-stream"))
            _button(label, name, mime, content)


def _documents(desk: Desk, wanted: tuple[str, ...]) -> dict[str, bytes]:
    """The files by name, made step by step; a format that fails is said and takes no other with it."""
    dataset, study = desk.dataset, desk.study

    def work(tell: longwork.Progress) -> dict[str, bytes]:
        return report.documents(dataset, study, today=dt.date.today(), only=wanted, progress=tell)

    try:
        return longwork.run(_WORK, "Les documents", work)
    except report.ReportError as error:
        # What could be made is not thrown away, and the study stays as it is.
        said(error)
        return error.made


def _button(label: str, name: str, mime: str, content: Any) -> None:
    size = f"{text.number(max(1, len(content) // 1024))} ko"
    st.download_button(
        f"{label} – {size}", content, file_name=name, mime=mime, key=f"document|{name}", on_click="ignore",
        icon=":material/download:",
    )  # fmt: skip
