"""Import of public subsidies (SCDL) by a user: report, matches to confirm, sums marked as imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from ptce_data import scdl
from ptce_data.scdl import DecisionError, Import, Matches
from ptce_ui import frame, funding_figures, glossary, longwork, text, undo
from ptce_ui.pagestate import PageState

if TYPE_CHECKING:
    from ptce_data.load import Dataset

UNDECIDED: Final = "À décider"
#: Where removals are remembered (`undo`).
PLACE: Final = "subventions"
#: Name of the long work: files of up to 200 MB are read.
_WORK: Final = "lire-subventions"
#: What a reader chooses -> the word of `scdl.match`.
DECISIONS: Final = {UNDECIDED: None, "Confirmer": "confirme", "Rejeter": "rejete"}
STATUSES: Final = {
    "automatique": "attribué (score sûr)",
    "a_confirmer": "à confirmer",
    "confirme": "confirmé par vous",
    "rejete": "rejeté",
}


def draw(dataset: Dataset, state: PageState) -> tuple[pd.DataFrame, list[str]]:
    """Files, report, matches, sums."""
    st.markdown(
        glossary.linked(
            "Importez les subventions qu’une collectivité publie (standard SCDL, CSV ou tableur). Rien n’est enregistré "
            "ici : ces chiffres sont les vôtres, marqués **importés**, et ne se mêlent pas aux données de l’atlas."
        )
    )
    given = st.file_uploader(
        "Fichiers de subventions (CSV, XLSX, XLS ou ODS ; 200 Mo au plus chacun)", type=["csv", "xlsx", "xls", "ods", "txt", "tsv"], accept_multiple_files=True,
        key=state.key("subventions"),
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        funder = st.text_input(
            "Attribuant, si les fichiers ne le disent pas", key=state.key("attribuant"), max_chars=140
        )
    files = [(f.name, f.getvalue()) for f in given]
    identity = (tuple(f.file_id for f in given), funder)
    if files and state.kept("import_seen") != identity:
        # Also where the reading is cancelled: it must not begin again by itself.
        state.keep("import_seen", identity)
        made = longwork.run(_WORK, "Les subventions", lambda tell: scdl.read(files, funder=funder or None))
        gone = state.kept("import_id")
        if gone is not None and not set(gone[0]) <= set(identity[0]):
            undo.remember(PLACE, *_replaced(state), size=_size(state))
        # Decisions stay, pair by pair: they hold again where the same pair is met again.
        for name, value in (("import", made), ("import_id", identity)):
            state.keep(name, value)
    else:
        longwork.told(_WORK, "Ces fichiers ne sont pas importés. Retirez-les du champ, puis reposez-les.")
    undo.offer(PLACE, lambda value: _restore(state, value))
    imported: Import | None = state.kept("import")
    if imported is None:
        st.info(
            "Le rapport dira ce que devient chaque ligne : gardée, réparée (et comment) ou refusée (et pourquoi)."
        )
        return pd.DataFrame(), []
    _report(imported)
    matches = _matches(dataset, state, imported)
    return (_sums(matches), []) if matches is not None else (pd.DataFrame(), [])


def _replaced(state: PageState) -> tuple[str, tuple[Any, Any]]:
    """The import on the page: its rows, and which files they come from."""
    held: Import = state.kept("import")
    names = undo.quoted([str(name) for name in held.report.files.iloc[:, 0].unique()])
    return f"Import de {names} remplacé.", (held, state.kept("import_id"))


def _size(state: PageState) -> int:
    return int(state.kept("import").rows.memory_usage(deep=True).sum())


def _restore(state: PageState, value: tuple[Any, Any]) -> tuple[str, Any]:
    """Show the import that another one replaced; the files chosen in the field stay as they are."""
    displaced = _replaced(state)
    state.keep("import", value[0])
    state.keep("import_id", value[1])
    return displaced


def _report(imported: Import) -> None:
    report = imported.report
    for error in report.unreadable:
        st.error(
            f"{text.escape_markdown(str(error).rstrip('.'))}. Rien n’en est importé ; corrigez-le, ou enregistrez-le de nouveau en "
            "CSV ou XLSX, puis reposez-le."
        )
    frame.figures(
        [
            ("Lignes lues", text.number(report.read), "Dans les fichiers importés."),
            ("Gardées", text.number(report.kept), f"Dont {text.number(report.repaired)} réparées."),
            ("Refusées", text.number(report.refused), "Téléchargeables telles quelles, avec leurs motifs."),
        ]
    )
    repairs, refusals, files = st.tabs(["Réparations", "Refus", "Fichiers et colonnes"])
    with repairs:
        counted = report.repair_counts()
        heads = {
            "file": "Fichier",
            "field": "Champ",
            "label": "Réparation",
            "cells": "Cellules",
            "old": "Exemple lu",
            "new": "Exemple gardé",
        }
        frame.table(counted[list(heads)].rename(columns=heads), alt="Réparations faites à la lecture")
    with refusals:
        heads = {"file": "Fichier", "line": "Ligne", "field": "Champ", "value": "Valeur", "why": "Motif"}
        frame.table(report.refusals[list(heads)].rename(columns=heads), alt="Cellules refusées et motifs")
    with files:
        frame.table(report.files, alt="Tables lues dans les fichiers")
        frame.table(report.columns, alt="Colonnes reconnues")
    if report.refused:
        frame.downloads(
            "refus", {"Lignes refusées (CSV)": ("lignes-refusees.csv", "text/csv", report.refused_csv)}
        )


def _matches(dataset: Dataset, state: PageState, imported: Import) -> Matches | None:
    st.subheader("Rapprochements avec les pôles, tiers-lieux et clusters")
    found = scdl.match(imported.rows, dataset)
    if found.pairs.empty:
        st.info("Aucun bénéficiaire de ces fichiers ne ressemble à un objet de l’atlas.")
        return None
    st.caption(
        f"Au-dessus de {scdl.AUTOMATIC} sur 100, un rapprochement vaut sans vous ; entre {scdl.PROPOSED} et "
        f"{scdl.AUTOMATIC}, rien n’est attribué sans votre confirmation ; en dessous, rien n’est proposé. "
        f"{text.count(found.unmatched, 'ligne sans rapprochement', 'lignes sans rapprochement')}."
    )
    words = {word: label for label, word in DECISIONS.items() if word}
    kept: dict[str, str] = state.kept("decisions") or {}
    editor = f"{state.page}|decisions|{hash(state.kept('import_id'))}"
    if not state.has(editor):
        state.keep("pairs", _pairs(found.pairs, {k: words[v] for k, v in kept.items()}))
    edited = st.data_editor(
        state.kept("pairs"), key=editor, hide_index=True, disabled=[c for c in _pairs(found.pairs, {}) if c != "Décision"],
        column_config={"Décision": st.column_config.SelectboxColumn(options=list(DECISIONS), required=True)},
    )  # fmt: skip
    chosen: dict[str, str] = {
        key: str(DECISIONS[label])
        for key, label in zip(found.pairs["key"], edited["Décision"], strict=True)
        if DECISIONS.get(label)
    }
    met = set(found.pairs["key"])
    state.keep("decisions", {k: v for k, v in kept.items() if k not in met} | chosen)
    try:
        return scdl.match(imported.rows, dataset, chosen)
    except DecisionError as error:
        st.error(
            f"Ces décisions ne s’appliquent pas : {text.escape_markdown(str(error))}. Une seule "
            "confirmation par bénéficiaire."
        )
        return found


def _pairs(pairs: pd.DataFrame, decided: dict[str, str]) -> pd.DataFrame:
    """What a person decides on, in words."""
    return pd.DataFrame(
        {
            "Décision": pairs["key"].map(decided).fillna(UNDECIDED),
            "Bénéficiaire (fichier)": pairs["beneficiary_name"],
            "Objet de l’atlas": pairs["entity_name"],
            "Score": pairs["score"].astype("int64"),
            "Règle": pairs["rule"].map(scdl.rule_label),
            "État": pairs["status"].map(STATUSES),
            "Subventions": pairs["subsidies"].astype("int64"),
            "Montant (€)": pairs["amount_eur"].astype(float),
        }
    ).reset_index(drop=True)


def _sums(matches: Matches) -> pd.DataFrame:
    rows = scdl.totals(matches)
    st.subheader("Subventions importées, par objet, financeur et année")
    if rows.empty:
        st.info("Rien n’est encore attribué : confirmez des rapprochements ci-dessus.")
        return pd.DataFrame()
    cash = rows[~rows["is_in_kind"].astype(bool)]
    if len(cash):
        chart = funding_figures.imported(cash)
        frame.chart(
            chart, "Subventions importées par objet et financeur", "Source : fichiers importés par vous."
        )
    heads: dict[str, Any] = {
        "entity_name": "Objet", "funder": "Financeur", "year": "Année", "amount_eur": "Montant (€)",
        "subsidies": "Subventions", "is_in_kind": "En nature", "origin": "Origine",
    }  # fmt: skip
    shown = rows[list(heads)].rename(columns=heads)
    shown["En nature"] = shown["En nature"].map({True: "oui", False: ""})
    shown["Origine"] = "importé"
    frame.table(shown, alt="Subventions importées et attribuées")
    return shown
