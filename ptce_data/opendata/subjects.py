"""What each table is about, for catalogues: themes of the European vocabulary, keywords, period covered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: https://op.europa.eu/en/web/eu-vocabularies/dataset/-/resource?uri=http://publications.europa.eu/resource/dataset/data-theme
THEME: Final = "http://publications.europa.eu/resource/authority/data-theme/"
#: Code of a theme -> its French label.
THEMES: Final = {
    "ECON": "Économie et finances",
    "REGI": "Régions et villes",
    "SOCI": "Population et société",
    "GOVE": "Gouvernement et secteur public",
}
_ECONOMY: Final = ("ECON", "REGI")
_MONEY: Final = ("ECON", "GOVE")
_AREAS: Final = ("REGI",)
#: Table or layer -> themes, own keywords.
SUBJECTS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "poles": (_ECONOMY, ("PTCE", "pôle territorial de coopération économique")),
    "tiers_lieux": (("ECON", "REGI", "SOCI"), ("tiers-lieu", "coworking", "fablab")),
    "clusters": (_ECONOMY, ("cluster", "grappe d’entreprises")),
    "support_schemes": (_MONEY, ("aide publique", "dispositif de soutien")),
    "programmes": (_MONEY, ("appel à projets", "PTCE")),
    "pole_awards": (_MONEY, ("appel à projets", "PTCE", "lauréat")),
    "funding_figures": (_MONEY, ("financement", "modèle économique")),
    "public_awards": (_MONEY, ("subvention", "argent public")),
    "published_counts": (("ECON", "SOCI"), ("effectif", "PTCE", "tiers-lieu")),
    "label_waves": (_MONEY, ("label", "appel à projets")),
    "case_events": (_ECONOMY, ("étude de cas",)),
    "glossary": (_ECONOMY, ("glossaire", "définition")),
    "study_figures": (_ECONOMY, ("étude de cas",)),
    **dict.fromkeys(("communes", "departements", "regions"), (_AREAS, ("limites administratives", "COG 2025"))),
    "epci": (_AREAS, ("intercommunalité", "EPCI", "limites administratives")),
    "former_regions": (_AREAS, ("région d’avant 2016", "limites administratives")),
    **dict.fromkeys(
        ("territory_types", "epci_types", "ze_types"),
        (("REGI", "SOCI"), ("type de territoire", "rural", "désindustrialisation")),
    ),
}  # fmt: skip
GENERAL: Final = ("économie sociale et solidaire", "coopération économique territoriale")
#: Table -> the column that dates its facts. A year of creation dates an object, not the table.
_DATED: Final = {
    "programmes": "year_announced",
    "pole_awards": "year",
    "funding_figures": "year",
    "public_awards": "year",
    "published_counts": "year",
    "study_figures": "year",
    "case_events": "date",
}
_YEAR: Final = re.compile(r"\d{4}")


def subject(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Themes (codes of `THEMES`) and French keywords of a table or layer."""
    themes, words = SUBJECTS.get(name, (_ECONOMY, ()))
    return themes, tuple(dict.fromkeys((*words, *GENERAL)))


def period(dataset: Dataset, name: str) -> tuple[int, int] | None:
    """First and last year of the facts of a table; None where its rows are not dated facts."""
    rows = getattr(dataset, name, None)
    column = _DATED.get(name)
    if rows is None or column is None or column not in rows:
        return None
    years = [int(y) for cell in rows[column].dropna() for y in _YEAR.findall(str(cell))]
    return (min(years), max(years)) if years else None
