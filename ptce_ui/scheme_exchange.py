"""Support schemes in the formats of others: the national standard out and in, Aides-territoires in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from ptce_data import aid_standard
from ptce_data.aid_standard import SchemeImport
from ptce_ui import frame, text
from ptce_ui import scheme_tables as tables
from ptce_ui.pagestate import PageState

if TYPE_CHECKING:
    from ptce_data.load import Dataset

FORMATS: Final = {
    "standard": "Standard national « dispositif d’aide » (CSV, tableur, JSON)",
    "aides-territoires": "Aides-territoires (page JSON déjà téléchargée)",
}


def draw(dataset: Dataset, state: PageState, found: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Downloads of the current selection, then the import."""
    st.subheader("Exporter la sélection")
    made = aid_standard.export(dataset, found)
    st.markdown(
        f"{text.count(len(found), 'dispositif', 'dispositifs')} au standard national « dispositif d’aide » "
        f"{aid_standard.VERSION} ; ce qu’il ne sait pas dire (montants, taux, enveloppe, catégorie…) suit dans des "
        f"colonnes « atlas_ ». {text.count(len(made.gaps), 'manque est signalé', 'manques sont signalés')} ci-dessous."
    )
    frame.downloads(
        "standard",
        {
            "Standard (CSV)": ("dispositifs-aide.csv", "text/csv", made.csv),
            "Standard (JSON)": ("dispositifs-aide.json", "application/json", made.json),
        },
    )
    with st.expander("Ce que le standard demande et que nous ne savons pas, ou qu’il ne sait pas dire"):
        heads = {"name": "Dispositif", "field": "Champ", "value": "Valeur", "why": "Pourquoi"}
        frame.table(made.gaps[list(heads)].rename(columns=heads), alt="Manques de l’export")
    st.subheader("Importer des dispositifs")
    st.markdown(
        "Vos lignes restent dans cette session, marquées **importées** : elles ne se mêlent pas au catalogue."
    )
    layout = st.segmented_control(
        "Format", list(FORMATS), format_func=FORMATS.__getitem__, default="standard", required=True,
        key=state.key("format"),
    )  # fmt: skip
    given = st.file_uploader(
        "Fichier (CSV, XLSX, ODS ou JSON ; 20 Mo au plus)", type=["csv", "tsv", "txt", "xlsx", "xls", "ods", "json"],
        key=state.key("fichier"),
    )  # fmt: skip
    if given is not None and state.kept("import_id") != (given.file_id, layout):
        read = aid_standard.read_standard if layout == "standard" else aid_standard.read_aides_territoires
        with st.spinner("Lecture du fichier…"):
            state.keep("import", read(dataset, given.getvalue(), given.name))
        state.keep("import_id", (given.file_id, layout))
    imported: SchemeImport | None = state.kept("import")
    if imported is None:
        return pd.DataFrame(), []
    return _report(dataset, imported), []


def _report(dataset: Dataset, imported: SchemeImport) -> pd.DataFrame:
    report = imported.report
    if report.unreadable is not None:
        st.error(
            f"{text.escape_markdown(str(report.unreadable).rstrip('.'))}. Rien n’en est importé ; vérifiez le format choisi ci-dessus, ou "
            "corrigez le fichier, puis reposez-le."
        )
        return pd.DataFrame()
    frame.figures(
        [
            ("Lignes lues", text.number(report.read), f"Dans « {text.escape_markdown(report.file)} »."),
            ("Gardées", text.number(report.kept), f"Dont {text.number(report.repaired)} réparées."),
            ("Refusées", text.number(report.refused), "Chacune avec son motif."),
        ]
    )
    common = {"line": "Ligne", "field": "Champ"}
    heads = {**common, "value": "Valeur", "why": "Motif"}
    notes = {
        "Refus": (report.refusals, heads),
        "Réparations": (report.repairs, {**common, "repair": "Réparation", "old": "Lu", "new": "Gardé"}),
        "Proposé par nous, à vérifier": (report.proposals, heads),
        "Avertissements": (report.warnings, heads),
    }
    for tab, (rows, columns) in zip(st.tabs(list(notes)), notes.values(), strict=True):
        with tab:
            shown = rows[list(columns)].rename(columns=columns)
            if "Réparation" in shown:
                shown["Réparation"] = (
                    shown["Réparation"].map(aid_standard.REPAIRS).fillna(shown["Réparation"])
                )
            frame.table(shown, alt="Compte rendu de l’import")
    if report.refused:
        frame.downloads("refus", {"Refus (CSV)": ("refus.csv", "text/csv", report.refused_csv)})
    if imported.rows.empty:
        return pd.DataFrame()
    rows = imported.rows
    shown = tables.catalogue(dataset, rows).drop(columns="Vu le")
    shown.insert(1, "Importé de", rows["imported_from"].to_numpy())
    frame.table(shown, alt=f"{len(shown)} dispositifs importés")
    return rows
