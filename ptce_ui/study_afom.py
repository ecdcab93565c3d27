"""AFOM and roadmap of a study: lists of one's own, suggestions of the data, steps in months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from ptce_data import study as studies
from ptce_data.study import AfomItem, Area, Step, Study, Suggestion
from ptce_data.study.model import MAX_ITEMS
from ptce_data.study.registries import AFOM
from ptce_data.study.suggestions import METHOD
from ptce_ui import frame, study_budget, study_tables, text, undo
from ptce_ui.desk import LINE, TEXT, Desk

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: List of the AFOM -> its singular, and what belongs there.
WORDS: Final = {
    "atout": ("Atout", "Ce que le territoire et le projet ont déjà."),
    "faiblesse": ("Faiblesse", "Ce qui leur manque."),
    "opportunite": ("Opportunité", "Ce que le dehors peut leur apporter."),
    "menace": ("Menace", "Ce qui, au dehors, peut leur nuire."),
}


def draw(desk: Desk) -> list[str]:
    """Four lists side by side; under each, what the data suggest."""
    st.markdown(text.escape_markdown(METHOD))
    area = desk.area()
    found = [] if area is None else suggestions(desk, area)
    if area is None:
        frame.need_perimeter()
        st.caption("Vos propres éléments s’écrivent déjà ; les suggestions viendront avec le périmètre.")
    open_ones = study_tables.open_suggestions(desk.study, found)
    ids: list[str] = []
    # Two by two on a tablet: four columns of 180 px cut words and buttons.
    with st.container(key="grille-afom"):
        columns = st.columns(len(AFOM))
    for column, (key, title) in zip(columns, AFOM.items(), strict=True):
        with column:
            st.subheader(title)
            st.caption(WORDS[key][1])
            ids += _own(desk, key)
            undo.offer(desk.place(f"afom|{key}"), lambda value: _restore(desk, value))
            ids += _proposed(desk, key, [s for s in open_ones if s.list == key], area is not None)
    return ids


def suggestions(desk: Desk, area: Area) -> list[Suggestion]:
    """What the data suggest for the perimeter."""
    wanted = desk.study.model_dump_json(include={"perimeter", "places", "annotations"})
    existing, schemes = desk.existing(area), desk.schemes(area)
    return _suggestions(desk.dataset.version, wanted, desk.dataset, area, existing, schemes, desk.study)


@st.cache_data(max_entries=64, show_spinner=False)
def _suggestions(
    version: str,
    wanted: str,
    _dataset: Dataset,
    _area: Area,
    _existing: pd.DataFrame,
    _schemes: pd.DataFrame,
    _study: Study,
) -> list[Suggestion]:
    return studies.suggestions(_dataset, _area, _existing, _schemes, _study)


def _own(desk: Desk, key: str) -> list[str]:
    mine = [item for item in desk.study.afom if item.list == key]
    singular = WORDS[key][0]
    for number, item in enumerate(mine, start=1):
        _item(desk, item, f"{singular} {number}")
    if not mine:
        st.markdown("Rien encore.")
    st.button(
        f"Ajouter : {singular.lower()}", key=desk.key(f"afom-ajouter|{key}"), on_click=_add, args=(desk, key),
        icon=":material/add:", disabled=len(desk.study.afom) >= MAX_ITEMS,
    )  # fmt: skip
    return [i.strip() for item in mine if item.from_suggestion for i in item.source.split(",") if i.strip()]


def _item(desk: Desk, item: AfomItem, label: str) -> None:
    own = item.id
    desk.area_text(f"afom|{own}", label, item.text, lambda v: _save(desk, own, text=v), height=110)
    if item.from_suggestion:
        # A line of a file may hold anything: it is said as it is, and escaped.
        source = study_tables.item_source(desk.dataset, item)
        st.caption(
            ":material/database: proposé par les données – "
            f"{text.escape_markdown(item.figure)} (source : {text.escape_markdown(source)})"
        )
    else:
        # A reader's own item can be backed too.
        desk.line(
            f"afom-source|{own}", f"Chiffre ou source, {label.lower()} (facultatif)", item.source,
            lambda v: _save(desk, own, source=v),
        )  # fmt: skip
    st.button(
        f"Retirer {label.lower()}", key=desk.key(f"afom-retirer|{own}"), on_click=_remove, args=(desk, own),
        icon=":material/delete:", type="tertiary",
    )  # fmt: skip


def _proposed(desk: Desk, key: str, found: list[Suggestion], has_area: bool) -> list[str]:
    if not has_area:
        return []
    st.markdown("**Proposé par les données**")
    if not found:
        st.caption("Rien d’autre que les données puissent proposer ici.")
    for one in found:
        with st.container(border=True):
            st.markdown(text.escape_markdown(one.text))
            source = study_tables.source_names(desk.dataset, one.source_ids)
            st.caption(
                f":material/database: {text.escape_markdown(one.figure)} (source : {text.escape_markdown(source)})"
            )
            st.button(
                "Reprendre", key=desk.key(f"reprendre|{one.id}"), on_click=_take, args=(desk, one),
                icon=":material/add:", help=f"Ajouter à la liste : {AFOM[key].lower()}",
            )  # fmt: skip
    return [i for one in found for i in one.source_ids]


def _free(desk: Desk) -> str:
    """An id that no item has, nor had in this session: a new item has new fields."""
    number = int(desk.state.kept("afom_made") or 0)
    taken = {item.id for item in desk.study.afom}
    while f"a{(number := number + 1)}" in taken:
        pass
    desk.state.keep("afom_made", number)
    return f"a{number}"


def _add(desk: Desk, key: str) -> None:
    desk.update(afom=(*desk.study.afom, AfomItem(id=_free(desk), list=key, text="")))


def _take(desk: Desk, one: Suggestion) -> None:
    made = one.item(_free(desk))
    # The item keeps whole ids of sources only: a cut one would lead nowhere.
    source = ""
    for own in one.source_ids:
        longer = f"{source}, {own}" if source else own
        if len(longer) > LINE:
            break
        source = longer
    desk.update(afom=(*desk.study.afom, study_tables.changed(made, source=source)))


def _save(desk: Desk, item: str, **changes: Any) -> None:
    desk.update(
        afom=tuple(study_tables.changed(i, **changes) if i.id == item else i for i in desk.study.afom)
    )


def _remove(desk: Desk, item: str) -> None:
    rest = tuple(own for own in desk.study.afom if own.id != item)
    gone = undo.lost(desk.study.afom, rest) or ()
    _, removed = gone[0]
    if removed.text.strip() or removed.source:
        said = (
            f"{WORDS[removed.list][0]} « {undo.short(removed.text) or 'sans texte'} » : retiré de la liste."
        )
        undo.remember(desk.place(f"afom|{removed.list}"), said, gone)
    desk.update(afom=rest)


def _restore(desk: Desk, gone: tuple[tuple[int, AfomItem], ...]) -> None:
    desk.put_back(afom=undo.put_back(desk.study.afom, gone, lambda item: item.id))


def _back_on_road(desk: Desk, gone: tuple[tuple[int, Step], ...]) -> None:
    desk.put_back(roadmap=undo.put_back(desk.study.roadmap, gone, lambda step: step.id))
    # What could not be read yet keeps its lines on the screen: the steps come back below them.
    draft = study_budget.remembered(desk, "feuille_brouillon")
    if draft is not None:
        back = study_tables.roadmap(desk.study)
        back = back[back["id"].isin([step.id for _, step in gone])]
        study_budget.remember(desk, "feuille_brouillon", pd.concat([draft, back], ignore_index=True))
    desk.renew("feuille")


def roadmap(desk: Desk) -> list[str]:
    """The steps of the roadmap, as a table one edits."""
    st.markdown(
        "Une ligne par étape : ce qui se fait, de quel mois à quel mois, et l’organisation qui pilote (pas une personne). "
        "Un mois s’écrit 2027-03 ; « 03/2027 » est compris aussi."
    )
    heads = study_tables.ROADMAP
    draft = study_budget.remembered(desk, "feuille_brouillon")
    base = study_tables.roadmap(desk.study) if draft is None else draft
    faults: list[str] = []

    def keep(edited: pd.DataFrame) -> None:
        made, wrong = study_tables.steps(edited)
        faults.extend(wrong)
        # What cannot be read stays on the screen until it can; all the rest is in the study.
        study_budget.remember(desk, "feuille_brouillon", edited.reset_index(drop=True) if wrong else None)
        if made != desk.study.roadmap:
            gone = undo.lost([s.id for s in desk.study.roadmap], [s.id for s in made])
            if gone:
                steps = tuple((at, desk.study.roadmap[at]) for at, _ in gone)
                names = undo.quoted([step.label or "sans nom" for _, step in steps])
                undo.remember(desk.place("feuille"), f"Retiré de la feuille de route : {names}.", steps)
            desk.update(roadmap=made)

    desk.rows(
        "feuille", base, keep, num_rows="dynamic", width="stretch", column_order=list(heads.values()),
        alt="Feuille de route : étapes, mois, pilotes",
        column_config={
            heads["label"]: st.column_config.TextColumn(width="medium", max_chars=LINE),
            heads["start"]: st.column_config.TextColumn(max_chars=10),
            heads["end"]: st.column_config.TextColumn(max_chars=10),
            heads["lead"]: st.column_config.TextColumn(max_chars=LINE),
            heads["note"]: st.column_config.TextColumn(width="large", max_chars=TEXT),
        },
    )  # fmt: skip
    undo.offer(desk.place("feuille"), lambda gone: _back_on_road(desk, gone))
    for sentence in faults:
        st.warning(text.escape_markdown(sentence), icon=":material/warning:")
    count = len(desk.study.roadmap)
    if count:
        st.caption(f"{text.count(count, 'étape', 'étapes')} dans l’étude.")
    else:
        st.info("Aucune étape encore : cliquez dans la première ligne du tableau pour en écrire une.")
    return []
