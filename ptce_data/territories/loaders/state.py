"""The State's lists: quartiers prioritaires and Territoires d'industrie (ANCT), criteria of the DGCL."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ptce_data.territories.codes import CommuneCodes, normalise
from ptce_data.territories.errors import TerritoryError, listed
from ptce_data.territories.files import LINE, read_delimited, read_text
from ptce_data.territories.loaders.common import SAME, SUM, Loaded, column_named, settle, spots
from ptce_data.text import fold

_SEVERAL = re.compile(r"[;,|\s]+")
_YES: Final = {"oui", "o", "1", "true", "vrai", "x"}
_NO: Final = {"non", "n", "0", "false", "faux"}


def load_qpv(path: Path, codes: CommuneCodes) -> Loaded:
    """Quartiers prioritaires 2024 (GeoJSON): qpv_count, the quarters that touch each commune.

    Properties as published: code_qp, lib_qp, insee_com (one code, several in one text, or a list).
    A quarter over two communes counts in both; a municipal arrondissement counts for its city; a
    quarter given by several features counts once. A commune the file does not name has 0.
    """
    features = _features(path)
    rows: list[tuple[int, str, str]] = []
    for number, feature in enumerate(features, start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            raise TerritoryError(f"{path.name}, objet n° {number} : propriétés manquantes.")
        for name in ("code_qp", "lib_qp", "insee_com"):
            if not properties.get(name):
                raise TerritoryError(f"{path.name}, objet n° {number} : propriété « {name} » manquante.")
        quarter = str(properties["code_qp"]).strip()
        if quarter.startswith("QP"):
            raise TerritoryError(
                f"{path.name}, objet n° {number} : quartier {quarter} de la géographie de 2015 ; "
                "le fichier des quartiers de 2024 (codes en QN) est attendu."
            )
        rows += [(number, quarter, commune) for commune in _communes(properties["insee_com"])]
    table = pd.DataFrame(rows, columns=[LINE, "code_qp", "insee_com"])
    # Counted by city, so that a quarter split between arrondissements counts once.
    city = codes.today(table["insee_com"]).fillna(table["insee_com"])
    table["qpv_count"] = table["code_qp"].groupby(city).transform("nunique").astype("Int16")
    return settle(
        table.drop_duplicates("insee_com"),
        "insee_com",
        {"qpv_count": SAME},
        codes,
        path.name,
        "ANCT, quartiers prioritaires 2024",
        {"qpv_count": 0},
    )


def load_industry(path: Path, codes: CommuneCodes, phase: int) -> Loaded:
    """Communes of Territoires d'industrie (CSV) of phase 1 (2018-2022) or 2 (2023-2027).

    Columns as published: insee_com, id_ti, lib_ti. Gives territoire_industrie_<phase>, the name;
    missing for a commune the list does not name, which is not in the programme.
    """
    if phase not in (1, 2):
        raise TerritoryError(f"Phase de Territoires d’industrie : {phase} refusée, attendu 1 ou 2.")
    table = read_delimited(path)
    code = column_named(table, ("insee_com", "codgeo", "code_insee"), path.name)
    name = column_named(table, ("lib_ti", "libelle_ti", "nom_ti"), path.name)
    column = f"territoire_industrie_{phase}"
    table[column] = table[name]
    empty = table[column].isna()
    if empty.any():
        raise TerritoryError(f"{path.name}, ligne {table.loc[empty, LINE].iloc[0]} : champ « {name} » vide.")
    source = f"ANCT, Territoires d’industrie, phase {phase}"
    return settle(table, code, {column: SAME}, codes, path.name, source, {column: pd.NA})


def load_dgcl(path: Path, codes: CommuneCodes) -> Loaded:
    """DGCL, critères de répartition des dotations (CSV): qpv_population (inhabitants), is_frr.

    The file has one long French header per column, which changes a little from year to year: the
    columns are found by their words (« Code INSEE », « Population QPV », « FRR » or « France
    ruralités »). Unknown for a commune the file does not name. Not read by the rules; kept for checks.
    """
    table = read_delimited(path)
    code = _by_words(table, (("code", "insee"),), path.name, "Code INSEE de la commune")
    quarter = _by_words(table, (("population", "qpv"),), path.name, "Population QPV")
    try:
        zone = _by_words(table, (("frr",), ("france", "ruralites")), path.name, "FRR")
    except TerritoryError as error:
        if any("zrr" in fold(str(c)).split() for c in table.columns):
            raise TerritoryError(
                f"{path.name} : colonne FRR absente, zones de revitalisation rurale (ZRR) à la place : "
                "millésime antérieur à 2025."
            ) from error
        raise
    table["qpv_population"] = _numbers(table, quarter, path.name)
    table["is_frr"] = _booleans(table, zone, path.name)
    return settle(
        table,
        code,
        {"qpv_population": SUM, "is_frr": SAME},
        codes,
        path.name,
        "DGCL, critères de répartition",
        {"qpv_population": pd.NA, "is_frr": pd.NA},
    )


def _features(path: Path) -> list[Any]:
    text = read_text(path)
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise TerritoryError(f"{path.name}, ligne {error.lineno} : ce n’est pas du GeoJSON.") from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise TerritoryError(f"{path.name} : une « FeatureCollection » GeoJSON est attendue.")
    if not features:
        raise TerritoryError(f"{path.name} : aucun quartier dans le fichier.")
    return features


def _communes(value: Any) -> list[str]:
    """The commune codes of a cell: a list, or a text with `,` `;` `|` or spaces, ="…" taken off."""
    if isinstance(value, list):
        return [normalise(str(v)) for v in value if str(v).strip()]
    return [normalise(c) for c in _SEVERAL.split(str(value).strip('=" ')) if c]


def _by_words(table: pd.DataFrame, choices: tuple[tuple[str, ...], ...], origin: str, label: str) -> str:
    for words in choices:
        for column in table.columns:
            have = fold(str(column)).split()
            if column != LINE and all(w in have for w in words):
                return str(column)
    columns = [c for c in table.columns if c != LINE]
    raise TerritoryError(
        f"{origin} : colonne manquante « {label} » (colonnes trouvées : {listed(columns, 6)})."
    )


def _numbers(table: pd.DataFrame, column: str, origin: str) -> pd.Series:
    plain = table[column].str.replace(r"[\s\u00a0\u202f]", "", regex=True).str.replace(",", ".")
    values = pd.to_numeric(plain, errors="coerce")
    _refuse(table, column, values.isna() & table[column].notna(), origin, "nombre attendu")
    _refuse(table, column, (values < 0).fillna(False), origin, "nombre négatif")
    return values.astype("Float64")


def _booleans(table: pd.DataFrame, column: str, origin: str) -> pd.Series:
    words = table[column].map(lambda v: fold(v) if isinstance(v, str) else v)
    known = {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}
    values = words.map(known).astype("boolean")
    _refuse(table, column, values.isna() & table[column].notna(), origin, "oui ou non attendu")
    return values


def _refuse(table: pd.DataFrame, column: str, bad: pd.Series, origin: str, why: str) -> None:
    bad = bad.astype(bool)
    if bad.any():
        named = spots(table, bad, table[column])
        raise TerritoryError(f"{origin}, champ « {column} » : {why} ({named}).")
