"""The parts of the Dispositifs page: catalogue and fiche, matrix, timeline, search by project, exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from ptce_data import schemes
from ptce_data.places import UNKNOWN
from ptce_data.schemes import SchemeSelection
from ptce_ui import (
    erratum,
    filters,
    frame,
    glossary,
    scheme_exchange,
    scheme_figures,
    scheme_project,
    text,
    undo,
)
from ptce_ui import scheme_tables as tables
from ptce_ui.pagestate import PageState
from ptce_ui.urlstate import Param

if TYPE_CHECKING:
    from ptce_data.load import Dataset

SECTIONS: Final = {
    "catalogue": "Catalogue",
    "projet": "Pour mon projet",
    "matrice": "Où quoi est documenté",
    "frise": "Dans le temps",
    "echanges": "Importer, exporter",
}
#: URL parameter -> (Selection field, label, registry of its values, whether "not given" is a value).
FILTERS: Final = {
    "region": ("areas", "Région couverte", "", False),
    "echelon": ("levels", "Échelon", "scheme_level", False),
    "categorie": ("categories", "Catégorie (Avise)", "scheme_category", False),
    "public": ("targets", "Public visé", "scheme_target", True),
    "priorite": ("priorities", "Territoire prioritaire", "territory_type", True),
    "nature": ("funding_kinds", "Nature de l’aide", "funding_kind", True),
    "statut": ("statuses", "Statut à la date de la source", "scheme_status", False),
}
LANES: Final = {"labels": "Labels et leurs vagues"}
Shown = tuple[pd.DataFrame, list[str]]
#: Column of the timeline's table -> pixels, « non renseigné » whole.
_YEARS: Final = {"Début": 80, "Fin": 112, "Labellisés": 112}


def params(dataset: Dataset) -> list[Param]:
    """URL parameters of the page."""
    labels = text.Labels(dataset.categories)
    levels = tuple(labels.codes("scheme_level"))
    return [
        Param("section", "one", tuple(SECTIONS), "catalogue"),
        *(Param(name, "many", tuple(options(dataset, name))) for name in FILTERS),
        Param("q", "text"),
        Param("sans_national", "flag"),
        Param("dispositif", "one", tuple(dataset.support_schemes["id"])),
        Param("frise", "one", (*LANES, *levels), "labels"),
        *scheme_project.params(dataset),
    ]


def options(dataset: Dataset, name: str) -> dict[str, str]:
    """Code -> label of one filter."""
    _, _, registry, with_unknown = FILTERS[name]
    if not registry:
        return dict(zip(dataset.regions["region_code"], dataset.regions["name"], strict=True))
    labels = text.Labels(dataset.categories)
    found = {code: labels.of(registry, code) for code in labels.codes(registry)}
    return {**found, UNKNOWN: text.UNKNOWN_TEXT.capitalize()} if with_unknown else found


def selection(state: PageState) -> SchemeSelection:
    """What the filters select."""
    chosen: dict[str, Any] = {field: state.get(name) for name, (field, *_) in FILTERS.items()}
    return SchemeSelection(**chosen, text=state.get("q"), with_national=not state.get("sans_national"))


def sidebar(dataset: Dataset, state: PageState) -> None:
    """Draw the filters."""
    with st.sidebar:
        st.header("Filtres")
        st.text_input("Rechercher un mot", key=state.key("q"), max_chars=200)
        for name, (_, label, *_rest) in FILTERS.items():
            known = options(dataset, name)
            st.multiselect(
                label, list(known), key=state.key(name), format_func=known.__getitem__, placeholder="Tous"
            )
        st.toggle("Sans ceux de l’État et de l’Union", key=state.key("sans_national"))
        names = [*FILTERS, "q", "sans_national"]
        st.button("Effacer tous les filtres", on_click=undo.clear, args=(state, names), width="stretch")
        undo.offer_filters(state)


def draw(dataset: Dataset, state: PageState, section: str) -> Shown:
    """Draw one part; returns its table and the ids of its sources."""
    parts = {
        "catalogue": catalogue,
        "projet": scheme_project.draw,
        "matrice": matrix,
        "frise": timeline,
        "echanges": exchange,
    }
    return parts[section](dataset, state)


def catalogue(dataset: Dataset, state: PageState) -> Shown:
    """The schemes that the filters keep; a click on a line opens its fiche."""
    sidebar(dataset, state)
    found = schemes.find(dataset, selection(state))
    opened = schemes.detail(dataset, state.get("dispositif")) if state.get("dispositif") else None
    counted = found["status"].value_counts()
    st.markdown(
        f"**{text.count(len(found), 'dispositif documenté', 'dispositifs documentés')}** : "
        f"{text.count(int(counted.get('open', 0)), 'ouvert', 'ouverts')}, "
        f"{text.number(int(counted.get('unknown', 0)))} de statut inconnu et "
        f"{text.count(int(counted.get('closed', 0)), 'clos', 'clos')} à la date de leur source."
    )
    if opened is not None:
        with st.container(border=True):
            st.html(tables.fiche(opened, text.Labels(dataset.categories)))
            erratum.button(dataset, f"support_schemes:{state.get('dispositif')}")
            st.button("Fermer la fiche", on_click=state.set, args=("dispositif", ""), icon=":material/close:")
    if found.empty:
        frame.empty("Aucun dispositif documenté ne répond à tous ces filtres.", state, [*FILTERS, "q"])
        return pd.DataFrame(), []

    def pick(value: dict[str, Any]) -> None:
        rows = value.get("selection", {}).get("rows", [])
        if rows:
            state.set("dispositif", str(found["id"].iloc[rows[0]]))

    st.caption("Cliquez au début d’une ligne pour ouvrir sa fiche.")
    frame.table(
        tables.catalogue(dataset, found), alt=f"Catalogue : {len(found)} dispositifs", key="dispositifs_table",
        on_select=state.on_component("dispositifs_table", pick), selection_mode="single-row", height=520,
        column_config={"Dispositif": st.column_config.TextColumn(width="large")},
    )  # fmt: skip
    st.caption(tables.NOTE)
    return schemes.workbook_frames(dataset, found)["dispositifs"], found["source_id"].tolist()


def matrix(dataset: Dataset, state: PageState) -> Shown:
    """Region × category: how many are documented, and where nothing is."""
    sidebar(dataset, state)
    chosen = selection(state)
    counted = schemes.matrix(dataset, chosen)
    breakdown = schemes.status_breakdown(dataset, chosen)
    found = schemes.find(dataset, chosen)
    empty = int((counted["schemes"] == 0).sum())
    st.markdown(
        f"Dispositifs documentés par région et catégorie. Un tiret : **{schemes.NOTHING_DOCUMENTED}** "
        f"({text.count(empty, 'case', 'cases')}), ce qui ne veut pas dire que rien n’existe."
    )
    ids = found["source_id"].tolist()
    frame.chart(
        scheme_figures.matrix(counted), "Dispositifs documentés par région et catégorie",
        f"Sources : {text.count(len(set(ids)), 'source', 'sources')} du catalogue de l’atlas. {tables.NOTE}", is_wide=True,
    )  # fmt: skip
    shown = tables.matrix(counted, breakdown)
    frame.table(shown, alt="Matrice des dispositifs par région et catégorie")
    st.caption(f"{tables.NOTE} Un dispositif qui touche plusieurs régions compte dans chacune.")
    return shown, ids


def timeline(dataset: Dataset, state: PageState) -> Shown:
    """Labels and schemes since the 1990s."""
    labels = text.Labels(dataset.categories)
    lanes = {
        **LANES,
        **{code: f"Dispositifs : {labels.of('scheme_level', code)}" for code in labels.codes("scheme_level")},
    }
    lane = filters.one(state, "frise", "Montrer", lanes)
    rows = schemes.timeline(dataset)
    rows = rows[rows["lane"] == lane].sort_values(["start_year", "end_year", "name"], kind="stable")
    st.markdown(
        glossary.linked(
            "Districts industriels, systèmes productifs locaux, pôles de compétitivité, grappes, PTCE, fabriques : les "
            "labels se succèdent et s’hybrident. Une flèche dit que la fin n’est pas connue, ou que c’était encore ouvert."
        )
    )
    if rows.empty:
        st.info("Aucune année de début n’est documentée ici.")
        return pd.DataFrame(), []
    ids = rows["source_id"].dropna().tolist()
    chart = scheme_figures.timeline(rows, {})
    frame.chart(
        chart,
        f"{lanes[lane]} dans le temps",
        f"Sources : {len(set(ids))}, listées sur la page Dispositifs.",
    )
    shown = pd.DataFrame(
        {
            "Nom": rows["name"],
            "Début": rows["start_year"],
            "Fin": rows["end_year"],
            "Statut à la date de la source": rows["status"].map(lambda v: labels.of("scheme_status", v)),
            "Labellisés": rows["labelled_count"],
        }
    )
    frame.table(
        shown, alt=f"{lanes[lane]} : années",
        column_config={c: st.column_config.NumberColumn(format="%d", width=w) for c, w in _YEARS.items()},
    )  # fmt: skip
    hidden = schemes.undated(dataset)
    if lane != "labels":
        st.caption(
            f"{text.count(len(hidden), 'dispositif sans année de début n’est', 'dispositifs sans année de début ne sont')} sur aucune frise."
        )
    return shown, ids


def exchange(dataset: Dataset, state: PageState) -> Shown:
    """Take schemes away in the national standard, and read those of others."""
    sidebar(dataset, state)
    return scheme_exchange.draw(dataset, state, schemes.find(dataset, selection(state)))
