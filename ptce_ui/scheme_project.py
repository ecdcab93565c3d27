"""Which schemes for my project: the form, the answer, its reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from ptce_data import lookup, schemes
from ptce_data.schemes import Fit, Project, ProjectError
from ptce_ui import filters, frame, text
from ptce_ui import scheme_tables as tables
from ptce_ui.pagestate import PageState
from ptce_ui.urlstate import Param

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Cards shown open under the form; the table below has them all.
CARDS: Final = 12


def params(dataset: Dataset) -> list[Param]:
    """URL parameters of this part."""
    labels = text.Labels(dataset.categories)
    return [
        Param("chercher", "text"),
        Param("lieu", "text"),
        Param("projet", "one", tuple(labels.codes("scheme_target")), "ptce"),
        Param("montant", "text"),
        Param("besoin", "many", tuple(labels.codes("funding_kind"))),
        Param("action", "many", tuple(labels.codes("scheme_category"))),
    ]


def draw(dataset: Dataset, state: PageState) -> tuple[pd.DataFrame, list[str]]:
    """Form, then the schemes that could apply, ordered by fit."""
    project = _form(dataset, state)
    if project is None:
        st.info("Dites d’abord où se tient le projet : une commune ou une intercommunalité.")
        return pd.DataFrame(), []
    try:
        found = _fit(dataset.version, project, dataset)
    except ProjectError as error:
        st.error(text.escape_markdown(str(error)))
        return pd.DataFrame(), []
    return _answer(dataset, found)


@st.cache_data(max_entries=64, show_spinner=False)
def _fit(version: str, project: Project, _dataset: Dataset) -> Fit:
    return schemes.fit(_dataset, project)


def _form(dataset: Dataset, state: PageState) -> Project | None:
    labels = text.Labels(dataset.categories)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Commune ou EPCI", key=state.key("chercher"), placeholder="Redon, 35236, Saint-Denis…")
        kinds = {code: labels.of("scheme_target", code) for code in labels.codes("scheme_target")}
        kind = filters.one(state, "projet", "Projet", kinds)
        st.text_input("Aide cherchée (€)", key=state.key("montant"), placeholder="facultatif", max_chars=12)
    place = lookup.resolve(dataset, state.get("lieu"))
    searched = lookup.search(dataset, state.get("chercher")).head(6)
    for row in searched.itertuples():
        if place is None or row.place != place["place"]:
            st.button(
                text.escape_markdown(row.label), key=f"projet|{row.place}", type="tertiary",
                on_click=state.set, args=("lieu", row.place),
            )  # fmt: skip
    if state.get("chercher") and searched.empty:
        st.info("Aucune commune ni EPCI de ce nom : essayez une partie du nom, ou le code Insee ou Siren.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name, label, field in (
            ("besoin", "Nature d’aide cherchée", "funding_kind"),
            ("action", "Catégorie cherchée", "scheme_category"),
        ):
            known = {code: labels.of(field, code) for code in labels.codes(field)}
            st.multiselect(
                label, list(known), key=state.key(name), format_func=known.__getitem__, placeholder="Toutes"
            )
    if place is None:
        return None
    st.markdown(f"#### {text.escape_markdown(place['label'])}")
    own = (place["code"],)
    return Project(
        kind=kind,
        communes=own if place["kind"] == "commune" else (),
        epci=own if place["kind"] == "epci" else (),
        amount_eur=_amount(state.get("montant")),
        categories=state.get("action"),
        funding_kinds=state.get("besoin"),
    )


def _amount(typed: str) -> float | None:
    """Euros out of what people type; a text that is no number is said and left out."""
    plain = "".join(typed.replace("€", "").replace(",", ".").split())
    if not plain:
        return None
    try:
        return float(plain)
    except ValueError:
        st.warning(
            f"« {text.escape_markdown(typed)} » n’est pas un nombre d’euros : le montant n’est pas pris en compte. Écrivez-le en chiffres, 25000 par exemple."
        )
        return None


def _answer(dataset: Dataset, found: Fit) -> tuple[pd.DataFrame, list[str]]:
    rows = found.ranked
    counted = rows["verdict"].value_counts()
    said = [f"{int(counted.get(label, 0))} {label}" for label, _ in schemes.VERDICTS.values()]
    out = found.ruled_out_counts
    st.markdown(
        f"**{text.join(said)}** ; {text.number(out['territoire'])} écartés par le territoire, "
        f"{text.number(out['public'])} par le public visé. Un accord élevé ne vaut pas éligibilité."
    )
    for _, row in rows[rows["status"] != "closed"].head(CARDS).iterrows():
        label = f"{row['name']} – {row['verdict']}, {row['fit']} points"
        with st.expander(text.escape_markdown(label)):
            st.html(tables.card(row))
    shown = tables.ranked(dataset, found)
    st.subheader("Tous ceux qui pourraient convenir")
    frame.table(
        shown, alt=f"{len(shown)} dispositifs pour ce projet",
        column_config={"Dispositif": st.column_config.TextColumn(width="large")},
    )  # fmt: skip
    with st.expander(f"Écartés, et pourquoi ({len(found.ruled_out)})"):
        frame.table(tables.ruled_out(dataset, found), alt="Dispositifs écartés et motifs")
    with st.expander("Comment les points sont donnés, et ce que les données ne disent pas"):
        frame.table(tables.criteria(), alt="Critères et points", height="content")
        st.markdown("\n".join(f"- {line}" for line in schemes.LIMITS))
        st.markdown("\n".join(f"- **{label}** : {words}" for label, words in schemes.VERDICTS.values()))
    return shown, rows["source_id"].tolist()
