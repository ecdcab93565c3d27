"""What every loader gives back, and how old commune codes become today's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from ptce_data.territories.codes import CommuneCodes, normalised
from ptce_data.territories.errors import TerritoryError, listed
from ptce_data.territories.files import LINE

#: How the rows of several former communes become one: the shared value, the sum, or any true.
SAME: Final = "same"
SUM: Final = "sum"


@dataclass(frozen=True)
class Loaded:
    """One official file, settled on today's communes.

    source: producer and name. frame: one row per commune, `commune_insee` and the columns read.
    former: rows whose old code was mapped (line, old_code, commune_insee). unmapped: rows whose code is
    no commune of today nor a known former one (line, code): left out of `frame`, listed here.
    conflicts: former communes merged since whose values differ (commune_insee, field, values): the
    value is unknown in `frame`. absent: value of each column for a commune the file does not name.
    """

    source: str
    frame: pd.DataFrame
    former: pd.DataFrame
    unmapped: pd.DataFrame
    conflicts: pd.DataFrame
    absent: Mapping[str, Any] = field(default_factory=dict)

    def messages(self) -> list[str]:
        """French sentences on what was mapped, left out or contradictory; empty when all is plain."""
        out = []
        if len(self.former):
            pairs = zip(self.former["old_code"], self.former["commune_insee"], strict=True)
            out.append(
                f"{self.source} : {_rows(len(self.former))} d’une ancienne commune ou d’un arrondissement, "
                f"rapportées à la commune d’aujourd’hui ({listed(f'{a} → {b}' for a, b in pairs)})."
            )
        if len(self.unmapped):
            pairs = zip(self.unmapped["code"], self.unmapped["line"], strict=True)
            out.append(
                f"{self.source} : code sans commune d’aujourd’hui, {_rows(len(self.unmapped))} non reprises "
                f"({listed(f'{code} (ligne {line})' for code, line in pairs)})."
            )
        if len(self.conflicts):
            pairs = zip(self.conflicts["commune_insee"], self.conflicts["field"], strict=True)
            out.append(
                f"{self.source} : valeurs contradictoires entre anciennes communes, laissées inconnues "
                f"({listed(f'{code} : {name}' for code, name in pairs)})."
            )
        return out


def settle(
    table: pd.DataFrame,
    code_field: str,
    columns: Mapping[str, str],
    codes: CommuneCodes,
    origin: str,
    source: str,
    absent: Mapping[str, Any] | None = None,
) -> Loaded:
    """Bring a table (with `_line`) to one row per commune of today.

    `columns`: column -> SAME or SUM. Raises TerritoryError for an invalid code, a commune given
    twice, or a file of which no code is a commune of today.
    """
    raw = normalised(table[code_field], table[LINE], origin, code_field)
    twice = raw.duplicated(keep=False)
    if twice.any():
        places = [f"{c} (ligne {n})" for c, n in zip(raw[twice], table.loc[twice, LINE], strict=True)]
        named = listed(sorted(places))
        raise TerritoryError(f"{origin}, champ « {code_field} » : commune en double ({named}).")
    today = codes.today(raw)
    if today.isna().all():
        raise TerritoryError(
            f"{origin} : aucun des {len(raw)} codes n’est celui d’une commune d’aujourd’hui "
            f"({listed(raw)}) : autre millésime ou autre fichier ?"
        )
    lost = today.isna()
    unmapped = pd.DataFrame({"line": table.loc[lost, LINE], "code": raw[lost]}).reset_index(drop=True)
    moved = ~lost & (today != raw)
    former = pd.DataFrame(
        {"line": table.loc[moved, LINE], "old_code": raw[moved], "commune_insee": today[moved]}
    ).reset_index(drop=True)
    kept = table.loc[~lost, list(columns)].assign(commune_insee=today[~lost])
    frame, conflicts = _merge(kept, columns)
    return Loaded(source, frame, former, unmapped, conflicts, dict(absent or {}))


def integers(
    table: pd.DataFrame, column: str, allowed: Sequence[int], origin: str, hint: str = ""
) -> pd.Series:
    """A column of codes as nullable integers; a value out of `allowed` is refused with its line."""
    values = pd.to_numeric(table[column], errors="coerce")
    bad = table[column].notna() & ~values.isin(list(allowed))
    if bad.any():
        raise TerritoryError(
            f"{origin}, champ « {column} » : valeur hors de la liste {listed(allowed, 10)} "
            f"({spots(table, bad, table[column])}).{hint}"
        )
    return values.astype("Int8")


def spots(table: pd.DataFrame, bad: pd.Series, values: pd.Series) -> str:
    """`ligne 3 : x, ligne 9 : y`: where the refused values are."""
    return listed([f"ligne {n} : {v}" for n, v in zip(table.loc[bad, LINE], values[bad], strict=True)], 4)


def column_named(table: pd.DataFrame, names: Sequence[str], origin: str) -> str:
    """The first of `names` that the table has, capitals aside, or a TerritoryError."""
    found = {str(c).casefold(): str(c) for c in table.columns}
    for name in names:
        if name.casefold() in found:
            return found[name.casefold()]
    have = [c for c in table.columns if c != LINE]
    raise TerritoryError(
        f"{origin} : colonne manquante « {' ou '.join(names)} » (colonnes trouvées : {listed(have, 12)})."
    )


def _merge(kept: pd.DataFrame, columns: Mapping[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    groups = kept.groupby("commune_insee", sort=True)
    frame = pd.DataFrame(index=pd.Index(sorted(kept["commune_insee"].unique()), name="commune_insee"))
    rows: list[dict[str, str]] = []
    for column, rule in columns.items():
        if rule == SUM:
            frame[column] = groups[column].sum(min_count=1)
            continue
        first = groups[column].first()
        distinct = groups[column].nunique()
        # One former commune with a value and another without: the whole is not known either.
        partial = groups[column].count() < groups.size()
        differ = (distinct > 1) | (partial & (distinct > 0))
        frame[column] = first.mask(differ)
        for code in differ.index[differ]:
            values = kept.loc[kept["commune_insee"] == code, column]
            rows.append({"commune_insee": code, "field": column, "values": listed(values.tolist())})
    conflicts = pd.DataFrame(rows, columns=["commune_insee", "field", "values"], dtype="str")
    return frame.reset_index(), conflicts


def _rows(count: int) -> str:
    return f"{count} ligne{'s' if count > 1 else ''}"
