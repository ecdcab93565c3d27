"""The table of official zonings and census counts that the classifier reads, one row per commune."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pandas as pd

from ptce_data.territories.errors import TerritoryError, listed
from ptce_data.territories.files import LINE, read_delimited
from ptce_data.territories.parameters import AREA_CATEGORY_LABELS, AREA_CLASS_LABELS, DENSITY_LABELS

CODE_PATTERN: Final = r"(?:\d{2}|2[AB])\d{3}"
COUNTS: Final = ("employed_25_54", "unemployed_25_54", "workers_employed", "workers_unemployed")
TEXTS: Final = (
    "epci_siren",
    "epci",
    "ze2020",
    "ze2020_label",
    "aav2020",
    "aav2020_label",
    "territoire_industrie_1",
    "territoire_industrie_2",
)
SWITCHES: Final = ("afr", "ber", "bud")
#: Column -> values allowed, when it is not missing.
_CODES: Final = {
    "density_level": tuple(DENSITY_LABELS),
    "taav2017": tuple(AREA_CLASS_LABELS),
    "cateaav2020": tuple(AREA_CATEGORY_LABELS),
    "afr": (0, 1),
    "ber": (0, 1),
    "bud": (0, 1),
}
REQUIRED: Final = ("commune_insee", "population", "qpv_count", *TEXTS, *_CODES)
_YEAR = re.compile(rf"^(?:{'|'.join(COUNTS)})_(\d{{4}})$")
_DENSITY_CODES: Final = {label: code for code, label in DENSITY_LABELS.items()}


def years(columns: pd.Index) -> list[int]:
    """Census years for which the four counts are all there, in order."""
    found = {int(m.group(1)) for c in columns if (m := _YEAR.match(str(c)))}
    return sorted(y for y in found if all(f"{c}_{y}" in columns for c in COUNTS))


def read_inputs(path: Path, mask_gaps: bool = True) -> pd.DataFrame:
    """Read and check the table of inputs (CSV, .gz accepted); see `checked` for what comes out.

    `mask_gaps` applies `without_known_gaps`, made for the file `zoning_inputs.csv.gz`.
    """
    frame = checked(read_delimited(path, required=REQUIRED), path.name)
    return without_known_gaps(frame) if mask_gaps else frame


def checked(frame: pd.DataFrame, origin: str = "données d’entrée") -> pd.DataFrame:
    """A copy sorted by `commune_insee`, types settled, or a TerritoryError naming the line and the field.

    Codes are text; density_level, taav2017, cateaav2020 and qpv_count are nullable integers (the
    density level is accepted as its label); afr, ber and bud nullable booleans; population and the
    census counts (persons) numbers, missing where unknown.
    """
    missing = [c for c in REQUIRED if c not in frame]
    if missing:
        raise TerritoryError(f"{origin} : colonne manquante « {listed(missing)} ».")
    if frame.empty:
        raise TerritoryError(f"{origin} : aucune commune.")
    if not years(frame.columns):
        raise TerritoryError(f"{origin} : aucune année de recensement complète ({COUNTS[0]}_AAAA…).")
    lines = frame[LINE] if LINE in frame else pd.Series(range(2, len(frame) + 2), index=frame.index)
    codes = frame["commune_insee"].astype("str")
    valid = codes.str.fullmatch(CODE_PATTERN).fillna(False).astype(bool)
    _refuse(~valid, lines, codes, origin, "commune_insee", "code de commune invalide")
    _refuse(codes.duplicated(keep=False), lines, codes, origin, "commune_insee", "commune en double")
    out = pd.DataFrame({"commune_insee": codes})
    for column in TEXTS:
        out[column] = frame[column].astype("str")
    out["population"] = _number(frame, "population", lines, origin).astype("Int64")
    _refuse(out["population"].isna(), lines, codes, origin, "population", "population manquante")
    density = frame["density_level"]
    if not pd.api.types.is_numeric_dtype(density):
        density = density.replace({label: str(code) for label, code in _DENSITY_CODES.items()})
    for column, allowed in _CODES.items():
        values = _number(frame.assign(density_level=density), column, lines, origin)
        refused = values.notna() & ~values.isin(allowed)
        expected = f"valeur hors de la liste {listed(allowed, 10)}"
        _refuse(refused.astype(bool), lines, frame[column], origin, column, expected)
        out[column] = values.astype("boolean" if column in SWITCHES else "Int8")
    out["qpv_count"] = _number(frame, "qpv_count", lines, origin).astype("Int16")
    for year in years(frame.columns):
        for count in COUNTS:
            name = f"{count}_{year}"
            out[name] = _number(frame, name, lines, origin).astype("float64")
    return out.sort_values("commune_insee", ignore_index=True)


def without_known_gaps(inputs: pd.DataFrame) -> pd.DataFrame:
    """A copy where a zero that only means "not covered by the file" becomes unknown.

    Overseas the file lists 131 of 247 quartiers prioritaires: a count of 0 there proves nothing. And
    its regional-aid zones stop at metropolitan France, whereas overseas départements are aided as a
    whole (article 107-3-a of the EU treaty): a 0 there is not a "no".
    """
    out = inputs.copy()
    overseas = out["commune_insee"].str.startswith("97").astype(bool)
    out["qpv_count"] = out["qpv_count"].mask(overseas & (out["qpv_count"] == 0).fillna(False).astype(bool))
    out["afr"] = out["afr"].mask(overseas & (~out["afr"]).fillna(False).astype(bool))
    return out


def _number(frame: pd.DataFrame, column: str, lines: pd.Series, origin: str) -> pd.Series:
    """Non-negative numbers as Float64; a text that is not a number is refused with its line."""
    source = frame[column]
    values = pd.to_numeric(source, errors="coerce")
    _refuse(values.isna() & source.notna(), lines, source, origin, column, "nombre attendu")
    _refuse((values < 0).fillna(False).astype(bool), lines, source, origin, column, "nombre négatif")
    return values.astype("Float64")


def _refuse(bad: pd.Series, lines: pd.Series, values: pd.Series, origin: str, field: str, why: str) -> None:
    if not bad.any():
        return
    spots = [f"ligne {line} : {value}" for line, value in zip(lines[bad], values[bad], strict=True)]
    raise TerritoryError(f"{origin}, champ « {field} » : {why} ({listed(spots, 4)}).")
