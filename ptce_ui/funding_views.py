"""The parts of the Financements page. Each returns the table it shows and the ids of its sources."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from ptce_data.funding import DEFINITIONS, flows, programmes, public_money
from ptce_data.funding import mixes as documented
from ptce_ui import (
    budget_view,
    filters,
    frame,
    funding_figures,
    funding_tables,
    glossary,
    subsidies_view,
    text,
)
from ptce_ui.pagestate import PageState
from ptce_ui.urlstate import Param

if TYPE_CHECKING:
    from ptce_data.load import Dataset

Shown = tuple[pd.DataFrame, list[str]]

SECTIONS: Final = {
    "mix": "Qui paie",
    "appels": "Les appels dans le temps",
    "flux": "Des appels aux pôles",
    "public": "L’argent public par région",
    "budget": "Mon budget",
    "import": "Importer des subventions",
}
GROUPS: Final = {
    "kind": "Nature",
    "year": "Année",
    "territory_type": "Type de territoire calculé",
    "region": "Région",
}
WHO: Final = {
    "": "Tout ce qui est documenté",
    "ptce": "PTCE",
    "tiers_lieu": "Tiers-lieux",
    "cluster": "Clusters",
}
REGIONS: Final = {"regions": "Régions d’aujourd’hui", "former_regions": "Régions d’avant 2016"}


def params(dataset: Dataset) -> list[Param]:
    """URL parameters of the page."""
    return [
        Param("section", "one", tuple(SECTIONS), "mix"),
        Param("grouper", "one", tuple(GROUPS), "kind"),
        Param("qui", "one", tuple(WHO)),
        Param("mesure", "one", tuple(programmes.METRICS), "laureates"),
        Param("unite", "one", tuple(flows.UNITS), "eur"),
        Param("regions", "one", tuple(REGIONS), "regions"),
        Param("mesure_budget", "one", tuple(DEFINITIONS), "part_publique"),
        Param("nom", "text", default="Mon pôle"),
        Param("debut", "one", budget_view.YEARS, str(date.today().year)),
        Param("duree", "one", tuple("12345"), "3"),
    ]


def draw(dataset: Dataset, state: PageState, section: str) -> Shown:
    """Draw one part."""
    parts = {
        "mix": mixes,
        "appels": calls,
        "flux": from_calls_to_poles,
        "public": public,
        "budget": budget_view.draw,
        "import": subsidies_view.draw,
    }
    return parts[section](dataset, state)


def mixes(dataset: Dataset, state: PageState) -> Shown:
    """Bars of 100 % of the documented mixes; surveys as reference lines below."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        who = filters.one(state, "qui", "Qui", WHO)
        by: Any = filters.one(state, "grouper", "Grouper par", GROUPS)
    known = [m for m in documented.mixes(dataset) if not who or m.entity.kind == who]
    references = [m for m in documented.samples(dataset) if not who or m.entity.kind.startswith(who)]
    ordered = [m for group in documented.grouped(known, by) for m in group.mixes]
    everything = [*ordered, *references]
    drawn = [m for m in everything if m.parts and m.has_shares]
    names = funding_tables.unique_names(everything)
    people = len({m.entity.key for m in ordered})
    st.markdown(
        f"**{text.count(len(ordered), 'mix documenté', 'mix documentés')}** pour "
        f"{text.count(people, 'organisation', 'organisations')}, et "
        f"{text.count(len(references), 'enquête', 'enquêtes')} en repère (en bas) ; "
        f"{text.count(len(drawn), 'barre est dessinée', 'barres sont dessinées')}, le reste n’a pas de total publié : "
        "voir le tableau."
    )
    st.caption(funding_tables.NOTE)
    if drawn:
        chart = funding_figures.mixes(documented.parts_frame(drawn), [m.id for m in drawn], names)
        ids = [i for m in drawn for i in m.source_ids]
        frame.chart(
            chart, f"Origine de l’argent de {len(drawn)} mix documentés", funding_tables.foot(dataset, ids)
        )
    shown = funding_tables.mixes(everything, names)
    frame.table(shown, alt="Mix de financement documentés, avec leurs mesures")
    with st.expander("Définition des mesures et des états"):
        st.markdown(glossary.linked(funding_tables.definitions()))
    return shown, [i for m in everything for i in m.source_ids]


def calls(dataset: Dataset, state: PageState) -> Shown:
    """One metric of the calls from 2011 to 2025, every source's value."""
    labels = {name: label for name, (label, _) in programmes.METRICS.items()}
    metric = filters.one(state, "mesure", "Mesure", labels)
    rows = programmes.over_time(dataset)
    rows = rows[rows["metric"] == metric]
    unit = programmes.METRICS[metric][1]
    if rows.empty:
        st.info("Aucune valeur publiée n’a été lue pour cette mesure.")
    else:
        chart = funding_figures.over_time(rows, unit)
        ids = rows["source_id"].dropna().tolist()
        frame.chart(chart, f"{labels[metric]} par appel et par année", funding_tables.foot(dataset, ids))
    st.caption(
        "Un disque : la valeur de la table des appels ; un losange : ce qu’en dit une autre source. "
        "Des valeurs contradictoires restent côte à côte. Les appels régionaux y sont aussi."
    )
    shown = funding_tables.programmes(rows, funding_tables.publishers(dataset))
    frame.table(shown, alt=f"{labels[metric]} : toutes les valeurs publiées")
    st.subheader("Ce que les données nomment")
    frame.table(
        funding_tables.named(public_money.named_share(dataset)),
        alt="Lauréats publiés et nommés",
        height="content",
    )
    return shown, rows["source_id"].dropna().tolist() + dataset.programmes["source_id"].tolist()


def from_calls_to_poles(dataset: Dataset, state: PageState) -> Shown:
    """Sankey in one unit: euros where known, laureates elsewhere, never both."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        unit: Any = filters.one(state, "unite", "Unité", {u: label for u, (label, _) in flows.UNITS.items()})
        regions: Any = filters.one(state, "regions", "Découpage", REGIONS)
    made = flows.flows(dataset, unit, regions)
    said = "€" if unit == "eur" else "lauréat(s)"
    st.markdown(
        f"{flows.UNITS[unit][1]} **{text.count(made.awards, 'aide dessinée', 'aides dessinées')}**, "
        f"{text.number(made.left_out)} laissées de côté par cette unité. Les lauréats que personne n’a nommés manquent."
    )
    if len(made.links):
        chart = funding_figures.sankey(made.nodes, made.links, said)
        ids = [i for cell in made.links["source_ids"] for i in cell.split("|")]
        title = f"Des appels aux régions et aux pôles ({flows.UNITS[unit][0].lower()})"
        frame.chart(chart, title, funding_tables.foot(dataset, ids), is_wide=True)
    names = dict(zip(made.nodes["node_id"], made.nodes["label"], strict=True))
    shown = pd.DataFrame(
        {
            "De": made.links["source"].map(names),
            "Vers": made.links["target"].map(names),
            f"Valeur ({said})": made.links["value"],
            "Aides": made.links["awards"],
            "Dont confiance faible": made.links["low_confidence"],
        }
    )
    frame.table(shown, alt="Les mêmes flux en tableau")
    return shown, [i for cell in made.links["source_ids"] for i in cell.split("|")]


def public(dataset: Dataset, state: PageState) -> Shown:
    """Documented awards to named beneficiaries, by region and level; envelopes never enter."""
    regions: Any = filters.one(state, "regions", "Découpage", REGIONS)
    labels = text.Labels(dataset.categories)
    rows = public_money.by_level_and_region(dataset, regions)
    levels = {code: labels.of("funder_level", code) for code in labels.codes("funder_level")}
    chart = funding_figures.by_region(rows, levels)
    awards = public_money.awards(dataset)
    ids = [i for cell in awards["source_ids"].dropna() for i in cell.split("|")]
    frame.chart(
        chart, "Aides documentées par région et par échelon du financeur", funding_tables.foot(dataset, ids)
    )
    left = public_money.left_out(dataset)
    why = " ; ".join(f"{r.awards} ({r.reason})" for r in left.itertuples())
    st.caption(
        "Aides à des bénéficiaires nommés seulement, années confondues, en euros courants ; les enveloppes de programmes "
        f"n’y entrent jamais. Hors sommes : {why or 'rien'}. « Rien de documenté » ne veut pas dire rien."
    )
    shown = funding_tables.public_money(rows, labels)
    frame.table(shown, alt="Aides documentées par région")
    st.subheader("Part des lauréats que les données nomment")
    frame.table(
        funding_tables.named(public_money.named_share(dataset)),
        alt="Lauréats publiés et nommés",
        height="content",
    )
    return shown, ids
