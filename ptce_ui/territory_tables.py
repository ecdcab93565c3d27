"""Numbers of the Territoires page as a reader's tables and sentences. No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ptce_data import crosstabs
from ptce_data.places import UNKNOWN
from ptce_data.territories.parameters import PARAMETERS
from ptce_data.territories.sensitivity import UNKNOWN_TYPE, Comparison
from ptce_data.territories.temoins import IN_SAMPLE, TemoinComparison
from ptce_ui.text import KIND_LABELS, UNKNOWN_TEXT, Labels, count, number, percent

if TYPE_CHECKING:
    from ptce_data.load import Dataset

Names = Mapping[str, str]

DENSITY_NOTE: Final = (
    "Objets de l’atlas pour 100 000 habitants des communes de chaque type (population municipale Insee 2022). "
    "L’inventaire des tiers-lieux est partiel (2018–2019 et Fabriques de 2024) : ces densités comparent des types, "
    "elles ne comptent pas ce qui existe. Les objets sans commune connue ne sont pas comptés. Chaque panneau a son échelle."
)
METHOD: Final = (
    "**Méthode.** Type calculé : quatre caractères (désindustrialisé, rural, quartier populaire urbain, périurbain) "
    "tirés de zonages officiels et des recensements de 1982 et 2011, puis un type principal par un ordre fixe ; "
    "« urbain autre » quand aucun ne vaut. Il n’existe pas de liste officielle des territoires désindustrialisés : "
    "trois références donnent chacune une règle. Un quartier prioritaire donne son type à un quartier, pas à toute "
    "la ville : à l’échelle de la commune c’est une possibilité. Sources : Insee (grille de densité 2022, aires "
    "d’attraction 2020, zones d’emploi 2020, recensements de 1982 et 2011, population 2022) ; ANCT (quartiers "
    "prioritaires 2024, Territoires d’industrie 2018–2022 et 2023–2027, zones AFR 2014–2020, BER, BUD) ; DGCL (EPCI 2025)."
)
_SCALES: Final = {"commune": "par la commune du siège", "epci": "par l’EPCI", "either": "par l’un ou l’autre"}


def nothing() -> pd.DataFrame:
    """An empty table."""
    return pd.DataFrame()


def sentence(dataset: Dataset) -> str:
    """One French sentence on how many communes have a type."""
    shares = crosstabs.population_shares(dataset)
    if shares.empty:
        return "Les types calculés ne sont pas disponibles."
    unknown = shares.loc[shares["territory_type"] == UNKNOWN, "communes"].sum()
    typed = int(shares["communes"].sum() - unknown)
    made = f"**{count(typed, 'commune a', 'communes ont')} un type calculé**"
    return made + (
        f", {count(int(unknown), 'commune reste', 'communes restent')} sans type faute de données."
        if unknown
        else "."
    )


def shares(dataset: Dataset, names: Names) -> pd.DataFrame:
    """Communes and population by type."""
    frame = crosstabs.population_shares(dataset)
    return pd.DataFrame(
        {
            "Type calculé": frame["territory_type"].map(names),
            "Communes": frame["communes"],
            "Population 2022": frame["population"],
            "Part de la population": [percent(v, 1) for v in frame["share_pct"]],
        }
    )


def values(dataset: Dataset, subject: str) -> dict[str, str]:
    """Code -> label of the values of a subject, unknown last."""
    labels = Labels(dataset.categories)
    if subject == "programmes":
        named = dict(zip(dataset.programmes["id"], dataset.programmes["programme"], strict=True))
        return {**named, UNKNOWN: "aucun connu"}
    return {**{c: labels.of(subject, c) for c in labels.codes(subject)}, UNKNOWN: UNKNOWN_TEXT}


def cross(frame: pd.DataFrame, names: Names, labels: Names) -> pd.DataFrame:
    """Cross-table as a grid: types in rows, values in columns."""
    grid = frame.pivot(index="territory_type", columns="value", values="poles").fillna(0).astype("int64")
    grid = grid.reindex(
        index=[t for t in names if t in grid.index], columns=[v for v in labels if v in grid.columns]
    )
    grid.index = pd.Index([names[t] for t in grid.index], name="Type")
    return grid.rename(columns=dict(labels)).reset_index()


def study(dataset: Dataset) -> pd.DataFrame:
    """The study's figures, marked reported or computed."""
    frame = crosstabs.study_figures(dataset)

    def reported(row: Any) -> str:
        return (
            percent(row.reported_pct)
            if pd.isna(row.reported_count)
            else f"{row.reported_count} sur {row.reported_total}"
        )

    def computed(row: Any) -> str:
        if pd.isna(row.computed):
            return "les données ne le disent pas"
        known = "" if pd.isna(row.known) else f" (fait connu pour {row.known})"
        return f"{row.computed}{known}"

    return pd.DataFrame(
        {
            "Chiffre": frame["label"],
            "Rapporté par l’étude (2014)": [reported(r) for r in frame.itertuples()],
            "Calculé sur nos données": [computed(r) for r in frame.itertuples()],
        }
    )


def density(frame: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Objects, population and density by type and kind."""
    return pd.DataFrame(
        {
            "Type calculé": frame["territory_type"].map(names),
            "Nature": frame["kind"].map(KIND_LABELS),
            "Objets": frame["objects"],
            "Population 2022": frame["population"].astype("Int64"),
            "Pour 100 000 habitants": frame["per_100k"].astype(float).round(3),
        }
    )


def change_figures(change: Comparison) -> list[tuple[str, str, str]]:
    """What changes, in figures."""
    rules = " ; ".join(PARAMETERS[r].label for r in change.rules) or "aucun"
    return [
        ("Communes qui changent de type", number(change.communes_changed), f"Sur {number(change.types['communes_before'].sum())}. Changement : {rules}."),
        ("Habitants concernés", number(change.population_changed), "Population municipale Insee 2022."),
        ("EPCI qui changent de type", number(len(change.epci_changed)), "Les données publiées ne changent pas : ce calcul ne vaut que pour cet écran."),
    ]  # fmt: skip


def change_types(change: Comparison, names: Names) -> pd.DataFrame:
    """Communes and population by type, before and after."""
    frame = change.types.reset_index()
    label = {**names, UNKNOWN_TYPE: UNKNOWN_TEXT}
    frame.iloc[:, 0] = frame.iloc[:, 0].map(lambda v: label.get(v, v))
    heads = {
        "communes_before": "Communes avant",
        "communes_after": "Communes après",
        "communes_difference": "Écart",
        "population_before": "Population avant",
        "population_after": "Population après",
        "population_difference": "Écart de population",
    }
    frame = frame.rename(columns={frame.columns[0]: "Type", **heads})
    return frame[["Type", *heads.values()]]


def changed(dataset: Dataset, change: Comparison, names: Names) -> pd.DataFrame:
    """Communes whose type changes, the most populated first."""
    label = {**names, UNKNOWN_TYPE: UNKNOWN_TEXT}
    communes = dataset.communes.set_index("commune_insee")["name"]
    frame = change.changed.sort_values("population", ascending=False)
    return pd.DataFrame(
        {
            "Commune": frame["commune_insee"].map(communes),
            "Code Insee": frame["commune_insee"],
            "Population 2022": frame["population"],
            "Type avant": frame["before"].map(label),
            "Type après": frame["after"].map(label),
        }
    )


def agreement(before: TemoinComparison, after: TemoinComparison) -> str:
    """How many of the twelve agree, with the interval, in Markdown."""
    lines = [
        f"- {_SCALES[b.scale]} : **{b.agreed} sur {b.total}** (intervalle exact à 95 % : {number(b.low_pct)} à "
        f"{percent(b.high_pct)})"
        + (f" ; avec ces règles : **{a.agreed} sur {a.total}**" if a.agreed != b.agreed else "")
        for b, a in zip(before.agreements, after.agreements, strict=True)
    ]
    return (
        "**Les douze pôles témoins de l’étude** : le type que l’étude leur donne est retrouvé\n"
        + "\n".join(lines)
        + f"\n\n{IN_SAMPLE}"
    )


def twelve(before: TemoinComparison, after: TemoinComparison, names: Names) -> pd.DataFrame:
    """The twelve, before and after."""
    one, two = before.poles, after.poles
    flips = (one["agrees_either"] != two["agrees_either"]) | (
        one["commune_type"].fillna("") != two["commune_type"].fillna("")
    )
    return pd.DataFrame(
        {
            "Pôle": one["name"],
            "Selon l’étude": one["stated_type"].map(names),
            "Commune, avant": one["commune_type"].map(names).fillna(UNKNOWN_TEXT),
            "Commune, après": two["commune_type"].map(names).fillna(UNKNOWN_TEXT),
            "EPCI, avant": one["epci_type"].map(names).fillna(UNKNOWN_TEXT),
            "EPCI, après": two["epci_type"].map(names).fillna(UNKNOWN_TEXT),
            "Bascule": flips.map({True: "oui", False: ""}),
            "Commune retenue": one["basis"],
        }
    )


def source_ids(dataset: Dataset, section: str) -> list[str]:
    """Sources of the facts of a section beside the zonings named in the method."""
    poles = crosstabs.poles(dataset, only_temoins=False)
    ids = poles["type_source_id"].tolist() + dataset.study_figures["source_id"].tolist()
    if section == "densite":
        ids += [i for cell in dataset.places["source_ids"] for i in cell.split("|")]
    return ids + [i for cell in poles["source_ids"] for i in cell.split("|")]
