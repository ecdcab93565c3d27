"""Comparisons of regions as a reader's tables: frames -> frames. No Streamlit here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data import regional, sirene
from ptce_ui.text import number, slug
from ptce_ui.theme import TYPE_COLOURS

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: What is drawn as small maps with one legend: name -> (indicator ids, unit, decimals).
MAP_FAMILIES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "types": (
        "Population par type de territoire",
        (
            "population_share_desindustrialise",
            "population_share_rural",
            "population_share_quartier_populaire_urbain",
            "population_share_periurbain",
            "population_share_urbain_autre",
        ),
    ),
    "objets": (
        "Pôles, tiers-lieux et clusters pour 100 000 habitants",
        ("poles_per_100k", "tiers_lieux_per_100k", "tiers_lieux_census_per_100k", "clusters_per_100k"),
    ),
    "dispositifs": (
        "Dispositifs documentés, par catégorie",
        (
            "schemes_category_etudes_recherche",
            "schemes_category_definition_caracterisation",
            "schemes_category_capitalisation",
            "schemes_category_sensibilisation_formation",
            "schemes_category_appels_a_projets",
            "schemes_category_accompagnement_financement",
            "schemes_category_actions_diverses",
        ),
    ),
}
NOTE: Final = (
    "« Non renseigné » : aucune source lue ne le dit. Un compte de l’atlas est un nombre d’objets documentés, "
    "jamais un recensement. Médiane : sur les territoires du même niveau dont la valeur est connue."
)

PEERS_NOTE: Final = (
    "Distance : écarts entre les parts de population par type, la densité et la population (en logarithme), chacun "
    "rapporté à son écart habituel, puis additionnés au carré. Ressemblance : 100 pour des territoires identiques, "
    "divisée par deux à chaque écart habituel. Ce n’est pas un classement."
)

#: Feature of the comparison -> label and colour; a type keeps its own everywhere.
FEATURES: Final[dict[str, tuple[str, str]]] = {
    "share_desindustrialise": ("Part désindustrialisée", TYPE_COLOURS["desindustrialise"]),
    "share_rural": ("Part rurale", TYPE_COLOURS["rural"]),
    "share_quartier_populaire_urbain": (
        "Part en quartier populaire",
        TYPE_COLOURS["quartier_populaire_urbain"],
    ),
    "share_periurbain": ("Part périurbaine", TYPE_COLOURS["periurbain"]),
    "share_urbain_autre": ("Part urbaine autre", TYPE_COLOURS["urbain_autre"]),
    "density": ("Densité", "#4A4A4A"),
    "population": ("Population", "#B0B0B0"),
}


#: Short codes of the groups of indicators, in the order of the registry: what a URL holds.
_GROUPS: Final = (
    "territoire", "types", "objets", "poles-type", "poles-famille", "poles-origine", "laureats", "argent",
    "dispositifs", "dispositifs-categorie", "dispositifs-niveau", "dispositifs-statut", "dispositifs-nationaux",
)  # fmt: skip


def groups(dataset: Dataset) -> dict[str, str]:
    """Short code -> group of indicators: what travels in the URL must not change with its wording."""
    found = list(dict.fromkeys(regional.registry(dataset)["group"]))
    more = [slug(group) for group in found[len(_GROUPS) :]]
    return dict(zip([*_GROUPS, *more], found, strict=False))


def units(shown: pd.DataFrame) -> dict[str, str]:
    """Short code -> unit of these indicators (rows of the registry), those of ratios first."""
    rows = list(zip(shown["unit"].tolist(), shown["is_rate"].tolist(), strict=True))
    ordered = dict.fromkeys([u for u, is_rate in rows if is_rate] + [u for u, is_rate in rows if not is_rate])
    return {slug(str(unit)): str(unit) for unit in ordered}


#: What stands in the place of a value that could tell of fewer than three establishments.
SECRET: Final = str(sirene.MASKED)


def masked(level: str) -> frozenset[tuple[str, str]]:
    """The values (indicator, code) of a level that statistical secrecy hides; none when nothing is computed."""
    if not sirene.state().is_computed or level not in sirene.LEVELS:
        return frozenset()
    rows = sirene.values(level)
    rows = rows[rows["is_masked"].astype(bool)]
    return frozenset(zip(rows["indicator_id"], rows["code"], strict=True))


def written(
    compared: pd.DataFrame,
    names: Mapping[str, str],
    decimals: Mapping[str, int],
    masked: frozenset[tuple[str, str]] = frozenset(),
) -> pd.DataFrame:
    """The comparison in words: one line per indicator, one column per area, then France and the median.

    `masked`: pairs (indicator, area code) that statistical secrecy hides: said so, not « unknown ».
    """
    made = pd.DataFrame({"Indicateur": compared["label"], "Unité": compared["unit"]})
    places = [decimals[i] for i in compared["indicator_id"]]
    for code, name in {**names, "national": "France", "median": "Médiane"}.items():
        # A median of counts may fall between two of them.
        more = [
            max(d, 1) if code == "median" and v % 1 else d
            for v, d in zip(compared[code], places, strict=True)
        ]
        made[name] = [
            SECRET if (i, code) in masked else number(v, d)
            for i, v, d in zip(compared["indicator_id"], compared[code], more, strict=True)
        ]
    made["Territoires connus"] = compared["known"].astype("int64")
    return made


def definitions(registry: pd.DataFrame) -> pd.DataFrame:
    """What each indicator means: definition, unit, year, limits, producer."""
    heads = {
        "label": "Indicateur", "unit": "Unité", "definition": "Définition", "year": "Année",
        "limits": "Limites", "source_text": "Producteur ou source",
    }  # fmt: skip
    return registry[list(heads)].rename(columns=heads)


def downloadable(compared: pd.DataFrame, registry: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """The comparison with numbers as numbers and, line by line, what they mean."""
    heads = {**names, "national": "France", "median": "Médiane", "known": "Territoires connus"}
    made = compared[["indicator_id", "group", "label", "unit", *heads]].rename(columns=heads)
    more = registry.set_index("indicator_id")[["definition", "year", "limits", "source_text"]]
    return made.join(more, on="indicator_id")


def source_ids(registry: pd.DataFrame, indicator_ids: Iterable[str]) -> list[str]:
    """Ids of the sources that these indicators name."""
    wanted = registry[registry["indicator_id"].isin(list(indicator_ids))]
    return sorted({i for cell in wanted["sources"] for i in cell})


def area_names(dataset: Dataset, level: str) -> dict[str, str]:
    """Code -> name of the areas of a level, in the order a reader looks for them."""
    table, code = {
        "regions": (dataset.regions, "region_code"),
        "former_regions": (dataset.former_regions, "former_region_code"),
        "departements": (dataset.departements, "departement_code"),
        "epci": (dataset.epci, "epci_siren"),
    }[level]
    return dict(zip(table[code], table["name"], strict=True))
