"""Insee's workbooks: grille communale de densité, aires d'attraction des villes 2020, zones d'emploi 2020."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from ptce_data.territories.codes import CommuneCodes
from ptce_data.territories.errors import TerritoryError
from ptce_data.territories.files import LINE, read_sheet
from ptce_data.territories.loaders.common import SAME, Loaded, integers, settle, spots
from ptce_data.territories.parameters import AREA_CATEGORY_LABELS, AREA_CLASS_LABELS, DENSITY_LABELS

DENSITY_SHEET: Final = "Maille communale"
COMPOSITION_SHEET: Final = "Composition_communale"
#: Insee, grille de densité croisée avec les aires d'attraction des villes (DENS_AAV).
DENSITY_AREA_LABELS: Final = {
    1: "urbain dense",
    2: "urbain intermédiaire",
    3: "rural périurbain",
    4: "rural non périurbain",
}


def load_density(path: Path, codes: CommuneCodes, sheet: str = DENSITY_SHEET) -> Loaded:
    """Grille communale de densité, 7 levels (since 2022): density_level 1-7 and dens_aav 1-4.

    Columns as published: CODGEO, DENS7, LIBDENS7, DENS_AAV, LIBDENS_AAV.
    """
    origin = f"{path.name}, feuille « {sheet} »"
    required = ("CODGEO", "DENS7", "LIBDENS7", "DENS_AAV", "LIBDENS_AAV")
    table = read_sheet(path, sheet, "CODGEO", required)
    vintage = " Ce fichier est-il bien la grille à 7 niveaux (2022 ou après) ?"
    table["density_level"] = integers(table, "DENS7", tuple(DENSITY_LABELS), origin, vintage)
    table["dens_aav"] = integers(table, "DENS_AAV", tuple(DENSITY_AREA_LABELS), origin, vintage)
    _same_labels(table, "density_level", "LIBDENS7", DENSITY_LABELS, origin)
    return settle(
        table,
        "CODGEO",
        {"density_level": SAME, "dens_aav": SAME},
        codes,
        origin,
        "Insee, grille communale de densité",
        {"density_level": pd.NA, "dens_aav": pd.NA},
    )


def load_aav(path: Path, codes: CommuneCodes, sheet: str = COMPOSITION_SHEET) -> Loaded:
    """Aires d'attraction des villes 2020: aav2020, aav2020_label, cateaav2020, taav2017.

    Sheet "Composition_communale" (CODGEO, AAV2020, LIBAAV2020, CATEAAV2020); the size class TAAV2017
    comes from it where it is there, else from the sheet "AAV2020", one row per area.
    """
    origin = f"{path.name}, feuille « {sheet} »"
    table = read_sheet(path, sheet, "CODGEO", ("CODGEO", "AAV2020", "LIBAAV2020", "CATEAAV2020"))
    table["cateaav2020"] = integers(table, "CATEAAV2020", tuple(AREA_CATEGORY_LABELS), origin)
    table["aav2020"] = table["AAV2020"].str.zfill(3)
    table["aav2020_label"] = table["LIBAAV2020"]
    if "TAAV2017" not in table:
        areas = read_sheet(path, "AAV2020", "AAV2020", ("AAV2020", "TAAV2017"))
        size = areas.assign(AAV2020=areas["AAV2020"].str.zfill(3)).drop_duplicates("AAV2020")
        table["TAAV2017"] = table["aav2020"].map(size.set_index("AAV2020")["TAAV2017"])
        lost = table["TAAV2017"].isna() & table["aav2020"].notna()
        if lost.any():
            named = spots(table, lost, table["aav2020"])
            raise TerritoryError(f"{origin} : aire absente de la feuille « AAV2020 » ({named}).")
    table["taav2017"] = integers(table, "TAAV2017", tuple(AREA_CLASS_LABELS), origin)
    columns = ("aav2020", "aav2020_label", "cateaav2020", "taav2017")
    return settle(
        table,
        "CODGEO",
        dict.fromkeys(columns, SAME),
        codes,
        origin,
        "Insee, aires d’attraction des villes 2020",
        dict.fromkeys(columns, pd.NA),
    )


def load_ze(path: Path, codes: CommuneCodes, sheet: str = COMPOSITION_SHEET) -> Loaded:
    """Zones d'emploi 2020: ze2020, ze2020_label. Columns as published: CODGEO, ZE2020, LIBZE2020."""
    origin = f"{path.name}, feuille « {sheet} »"
    table = read_sheet(path, sheet, "CODGEO", ("CODGEO", "ZE2020", "LIBZE2020"))
    table["ze2020"] = table["ZE2020"].str.zfill(4)
    table["ze2020_label"] = table["LIBZE2020"]
    columns = ("ze2020", "ze2020_label")
    return settle(
        table,
        "CODGEO",
        dict.fromkeys(columns, SAME),
        codes,
        origin,
        "Insee, zones d’emploi 2020",
        dict.fromkeys(columns, pd.NA),
    )


def _same_labels(table: pd.DataFrame, code: str, label: str, expected: dict[int, str], origin: str) -> None:
    """Refuse a file whose labels are not those of the codes: another version of the grid."""
    wanted = table[code].map(expected).str.casefold()
    given = table[label].str.strip().str.casefold()
    bad = wanted.notna() & given.notna() & (wanted != given)
    if bad.any():
        first = table[bad].iloc[0]
        raise TerritoryError(
            f"{origin}, ligne {first[LINE]} : le niveau {first[code]} porte le libellé « {first[label]} » "
            f"au lieu de « {expected[int(first[code])]} » : autre millésime de la grille."
        )
