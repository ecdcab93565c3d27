"""Checks that need more than one table: allowed values, links, and places that agree."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd
import pandera.pandas as pa

from ptce_data.schema.fields import Table
from ptce_data.text import fold, split_codes

UID_TABLES: Final = {"pole": "poles", "tiers_lieu": "tiers_lieux", "cluster": "clusters"}
COVERAGE_LINKS: Final = {
    "REG": "regions",
    "ANCREG": "former_region_codes",
    "DEP": "departements",
    "EPCI": "epci",
    "COM": "communes",
}
#: Link name -> what a value must be, for people.
LINK_TEXTS: Final = {
    "sources": "un identifiant de sources.csv",
    "poles": "un identifiant de poles.csv",
    "programmes": "un identifiant de programmes.csv",
    "support_schemes": "un identifiant de support_schemes.csv",
    "label_waves": "un identifiant de label_waves.csv",
    "glossary": "un identifiant de glossary.csv",
    "regions": "un code de codes/regions.csv",
    "former_regions": "un nom de codes/former_regions.csv",
    "former_region_codes": "un code de codes/former_regions.csv",
    "departements": "un code de codes/departements.csv",
    "communes": "un code Insee de commune (COG 2025)",
    "uid": "un objet existant, écrit pole:…, tiers_lieu:… ou cluster:…",
    "coverage": "des codes FR, UE, REG-, ANCREG-, DEP-, EPCI- ou COM- existants",
}


@dataclass(frozen=True)
class References:
    """Known codes. A set that is missing (its file could not be read) is not checked.

    `sets` maps a link name to its codes (`former_regions`: folded names); `categories` maps a field
    of the registry to its allowed values. `collectivites` are overseas collectivities that are
    neither a région nor a département (978), whose communes the COG list does not hold.
    """

    sets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    categories: Mapping[str, frozenset[str]] = field(default_factory=dict)
    departement_of: Mapping[str, str] = field(default_factory=dict)
    region_of: Mapping[str, str] = field(default_factory=dict)
    region_of_former: Mapping[str, str] = field(default_factory=dict)
    collectivites: frozenset[str] = frozenset()

    def knows(self, link: str, code: str) -> bool:
        """Tell whether `code` is known under `link`; true when there is nothing to compare with."""
        if link == "uid":
            prefix, _, key = code.partition(":")
            return prefix in UID_TABLES and self.knows(UID_TABLES[prefix], key)
        if link == "coverage":
            prefix, _, key = code.partition("-")
            return code in ("FR", "UE") or (
                prefix in COVERAGE_LINKS and self.knows(COVERAGE_LINKS[prefix], key)
            )
        known = self.sets.get(link)
        if known is None:
            return True
        if link == "former_regions":
            return fold(code) in known
        return code in known or (link == "communes" and code[:3] in self.collectivites)


def bind(model: type[Table], references: References) -> pa.DataFrameSchema:
    """Return the schema of `model` with the checks that depend on the other files added."""
    schema = copy.deepcopy(model.to_schema())
    for column in schema.columns.values():
        meta = column.metadata or {}
        if meta.get("category") and references.categories:
            allowed = references.categories.get(meta["category"], frozenset())
            column.checks.append(_cell_check("valeurs", meta["listed"], allowed.__contains__))
        if meta.get("link"):
            column.checks.append(_cell_check("lien", meta["listed"], _known(references, meta["link"])))
    schema.checks = [*schema.checks, *_place_checks(set(schema.columns), references)]
    return schema


def _known(references: References, link: str) -> Callable[[str], bool]:
    return lambda code: references.knows(link, code)


def _cell_check(name: str, listed: bool, good: Callable[[str], bool]) -> pa.Check:
    def cell(value: str) -> bool:
        if not listed:
            return good(value)
        codes = split_codes(value)
        return "|".join(dict.fromkeys(codes)) == value and all(good(code) for code in codes)

    def column(series: pd.Series) -> pd.Series:
        verdicts = {value: cell(value) for value in series.unique()}
        return series.map(verdicts).astype(bool)

    return pa.Check(column, name=name)


def _place_checks(columns: set[str], references: References) -> list[pa.Check]:
    checks = []
    if {"commune_insee", "departement_code"} <= columns:
        checks.append(
            _agreement(
                "commune_departement",
                "commune_insee",
                references.departement_of,
                "departement_code",
                "le département de la commune",
            )
        )
    if {"departement_code", "region_code"} <= columns:
        checks.append(
            _agreement(
                "departement_region",
                "departement_code",
                references.region_of,
                "region_code",
                "la région du département",
            )
        )
    if {"region_at_the_time", "region_code"} <= columns:
        checks.append(
            _agreement(
                "ancienne_region",
                "region_at_the_time",
                references.region_of_former,
                "region_code",
                "la région d'aujourd'hui de l'ancienne région",
                fold,
            )
        )
    return checks


def _agreement(
    rule: str,
    child: str,
    parent_of: Mapping[str, str],
    parent: str,
    expected: str,
    key: Callable[[str], str] = str,
) -> pa.Check:
    """Build the check that a row's `parent` is the parent of its `child`, where both can be known."""

    def rows(frame: pd.DataFrame) -> pd.Series:
        known = frame[child].map(lambda code: parent_of.get(key(code)), na_action="ignore")
        return known.isna() | (known == frame[parent]).fillna(False).astype(bool)

    return pa.Check(rows, name=f"{rule}@{parent}", error=expected)


def expected_link(meta: Mapping[str, Any]) -> str:
    """Say in French what a linked cell may hold."""
    text = LINK_TEXTS[meta["link"]]
    return f"{text} (plusieurs : séparés par « | », sans répétition)" if meta["listed"] else text
