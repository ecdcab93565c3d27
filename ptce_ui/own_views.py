"""Import of one's own layer, on the Données page: file, columns, questions, report, duplicates, use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from ptce_data import own_layers
from ptce_data.own_layers import LayerError, MappingFileError
from ptce_data.own_layers.coordinates import SYSTEMS
from ptce_ui import examples, frame, own_report, own_tables, ownlayers, pagestate, storedesk, text, undo
from ptce_ui.ownlayers import Draft
from ptce_ui.pagestate import PageState

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_TYPES: Final = ["csv", "tsv", "txt", "xlsx", "xls", "ods", "geojson", "json", "gpkg", "zip"]
_AUTO: Final = "selon le fichier"


def draw(dataset: Dataset, state: PageState) -> None:
    """`dataset` is the atlas without imported layers."""
    st.markdown(
        "Posez **vos propres lieux** à côté de ceux de l’atlas : tiers-lieux, pôles, clusters, ou d’autres points et "
        "surfaces. Le fichier reste dans cette session, n’est envoyé nulle part et n’entre pas dans les données "
        "publiées ; ce qui en vient est marqué **importé** sur toutes les pages."
    )
    _present(dataset)
    given = st.file_uploader(
        "Fichier (CSV, XLSX, XLS, ODS, GeoJSON, GeoPackage, ou Shapefile zippé ; 50 Mo au plus)",
        type=_TYPES, key=state.key("couche"), max_upload_size=50,
    )  # fmt: skip
    if given is not None and state.kept("couche_lue") != given.file_id:
        state.keep("couche_lue", given.file_id)
        _read(dataset, given.name, given.getvalue())
    undo.offer(ownlayers.DRAFT, ownlayers.restore_draft)
    found = ownlayers.draft()
    examples.layer(dataset, lambda name, content: _read(dataset, name, content))
    if found is None:
        st.info(
            "Une ligne d’en-têtes, un lieu par ligne, et de quoi le placer : des coordonnées, un code Insee, ou une "
            "commune et son département. Chaque ligne sera gardée, réparée ou refusée, et le motif dit."
        )
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        rows = text.count(len(found.raw.frame), "ligne", "lignes")
        st.markdown(f"**{text.escape_markdown(found.filename)}** : {rows}.")
        st.button(
            "Abandonner ce fichier", on_click=ownlayers.keep_draft, args=(None,), icon=":material/close:"
        )
    if found.raw.notes:
        st.caption(text.escape_markdown(" ".join(found.raw.notes)))
    _part(dataset, state, found)
    _columns(dataset, found)
    own_report.draw(dataset, state)


def _read(dataset: Dataset, filename: str, data: bytes, part: str | None = None) -> Draft | None:
    """Read a file and propose its mapping; a refusal is said, and changes nothing."""
    try:
        with st.spinner("Lecture du fichier…"):
            raw = own_layers.read(filename, data, part)
            known = [m for m in pagestate.shared("mappings") or () if own_layers.applies(m, raw) == 1]
            mapping = known[-1] if known else own_layers.propose(dataset, raw)
    except LayerError as error:
        st.error(text.escape_markdown(str(error)), icon=":material/error:")
        return ownlayers.draft()
    made = Draft(filename, data, raw, mapping, {})
    ownlayers.keep_draft(made)
    return made


def _present(dataset: Dataset) -> None:
    """The layers already beside the atlas: what they hold, what leaves, what goes."""
    for one in ownlayers.added():
        layer = one.layer
        with st.container(border=True):
            rows = text.count(len(layer.rows), "objet importé", "objets importés")
            st.markdown(
                f"**{text.escape_markdown(layer.name)}** ({own_layers.TARGETS[layer.target].lower()}) : {rows}, à côté de "
                "l’atlas pour cette session."
            )
            with st.container(horizontal=True):
                st.page_link("pages/carte.py", label="Voir sur la carte", icon=":material/map:")
                st.button(
                    "Retirer", on_click=ownlayers.remove, args=(layer.digest,), key=f"retirer|{layer.digest}",
                    icon=":material/delete:",
                )  # fmt: skip
            own_report.proposal(dataset, one)
    undo.offer(ownlayers.LAYERS, ownlayers.restore)


def _part(dataset: Dataset, state: PageState, found: Draft) -> None:
    if len(found.raw.parts) < 2:
        return
    key = f"couche|feuille|{ownlayers.turn()}"
    taken = state.on_typed(key, lambda part: _read(dataset, found.filename, found.data, str(part)))
    at = found.raw.parts.index(found.raw.part) if found.raw.part in found.raw.parts else 0
    st.selectbox("Feuille ou couche du fichier", found.raw.parts, index=at, key=key, on_change=taken)


def _columns(dataset: Dataset, found: Draft) -> None:
    """What each column fills, in one form: nothing is computed while it is being filled in."""
    turn = ownlayers.turn()
    targets = list(own_layers.TARGETS)
    st.subheader("Ce que contient le fichier")
    target = st.selectbox(
        "Chaque ligne est", targets, index=targets.index(found.mapping.target), format_func=own_layers.TARGETS.__getitem__,
        key=f"couche|nature|{turn}", help=found.mapping.target_reason or None,
    )  # fmt: skip
    if target != found.mapping.target:
        ownlayers.keep_draft(
            Draft(found.filename, found.data, found.raw, own_layers.propose(dataset, found.raw, target), {})
        )
        st.rerun()
    with st.container(horizontal=True):
        _remembered(found)
        storedesk.saver(
            "mapping", found.mapping.name or found.filename, lambda: own_layers.dump_mapping(found.mapping)
        )
    labels = text.Labels(dataset.categories)
    rows = own_tables.columns(found.raw, found.mapping)
    with st.form(f"couche|colonnes|{turn}", border=False):
        name = st.text_input("Nom de la couche", value=found.mapping.name or found.filename, max_chars=120)
        filled = st.data_editor(
            rows, hide_index=True, key=f"couche|table|{turn}", disabled=[c for c in rows if c != "Remplit"],
            column_config={
                "Remplit": st.column_config.SelectboxColumn(
                    options=list(own_tables.field_titles(found.mapping.target).values()), required=True, width="medium"
                )
            },
        )  # fmt: skip
        chosen = {f: _values(found, f, labels, turn) for f in own_tables.enumerated(found.mapping)}
        systems = ["", *SYSTEMS]
        crs = st.selectbox(
            "Coordonnées", systems, index=systems.index(found.mapping.crs), key=f"couche|crs|{turn}",
            format_func=lambda c: SYSTEMS.get(c, _AUTO),
        )  # fmt: skip
        if st.form_submit_button("Vérifier les lignes", type="primary", icon=":material/checklist:"):
            mapping, twice = own_tables.mapped(found.mapping, filled["Remplit"].tolist())
            for field, table in chosen.items():
                known = own_tables.value_choices(found.mapping, field, labels)
                for value, label in zip(table["Valeur du fichier"], table["Devient"], strict=True):
                    mapping = mapping.with_value(field, value, known.get(label, ""))
            if twice:
                said = ", ".join(own_tables.field_titles(mapping.target)[f] for f in twice)
                st.warning(
                    f"Un champ ne se remplit que par une colonne : la première est gardée ({text.escape_markdown(said)}). Changez "
                    "« Remplit » si c’était l’autre."
                )
            if found.answers or (
                found.decisions is not None and (found.decisions.same or found.decisions.distinct)
            ):
                ownlayers.remember_draft("Lignes vérifiées de nouveau : réponses reprises à zéro.")
            ownlayers.change_draft(
                mapping=mapping.model_copy(update={"name": name.strip()[:120]}).with_crs(crs), answers={}
            )
            own_report.ask()


def _values(found: Draft, field: str, labels: text.Labels, turn: int) -> pd.DataFrame:
    """Words of the file -> our values, for one field."""
    title = own_tables.field_titles(found.mapping.target)[field]
    st.markdown(f"**{text.escape_markdown(title)}** : ce que valent les mots du fichier")
    rows = own_tables.values(found.raw, found.mapping, field, labels)
    made: pd.DataFrame = st.data_editor(
        rows, hide_index=True, key=f"couche|valeurs|{field}|{turn}", disabled=["Valeur du fichier", "Lignes"],
        column_config={
            "Devient": st.column_config.SelectboxColumn(
                options=list(own_tables.value_choices(found.mapping, field, labels)), required=True
            )
        },
    )  # fmt: skip
    return made


def _remembered(found: Draft) -> None:
    """The mapping as a small file: saved for the next time, taken up for this one."""
    with st.popover("Correspondance enregistrée", icon=":material/rule:"):
        frame.downloads(
            "correspondance",
            {
                "Enregistrer celle-ci (JSON)": (
                    "correspondance.json",
                    "application/json",
                    lambda: own_layers.dump_mapping(found.mapping),
                )
            },
        )
        given: Any = st.file_uploader(
            "En reprendre une", type=["json"], key=f"couche|json|{ownlayers.turn()}"
        )
        if given is None:
            return
        try:
            mapping = own_layers.read_mapping(given.getvalue())
        except MappingFileError as error:
            st.error(text.escape_markdown(str(error)))
            return
        if own_layers.applies(mapping, found.raw) == 0:
            st.error(
                "Cette correspondance est celle d’un autre fichier : une colonne dont elle se sert manque ici. Rien ne change ; "
                "prenez-en une autre, ou remplissez le tableau des colonnes."
            )
            return
        ownlayers.keep_draft(Draft(found.filename, found.data, found.raw, mapping, {}))
        st.rerun()
