"""Commune codes of today and those they replace: former communes, municipal arrondissements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from ptce_data.territories.errors import TerritoryError
from ptce_data.territories.files import read_delimited
from ptce_data.territories.inputs import CODE_PATTERN

_CODE: Final = re.compile(CODE_PATTERN)
#: Collectivités d'outre-mer: valid codes, outside of the official zonings and of the classifier.
OUTSIDE: Final = ("975", "977", "978", "986", "987", "988")


@dataclass(frozen=True)
class CommuneCodes:
    """Codes of today (`current`) and former code -> code of today (`former`)."""

    current: frozenset[str]
    former: Mapping[str, str]

    @classmethod
    def build(cls, current: Iterable[str], former: pd.DataFrame | None = None) -> CommuneCodes:
        """From the codes of today and the table `old_code, commune_insee`."""
        today = frozenset(current)
        if former is None:
            return cls(today, {})
        pairs = zip(former["old_code"], former["commune_insee"], strict=True)
        return cls(today, {old: new for old, new in pairs if new in today})

    @classmethod
    def from_csv(cls, current: Iterable[str], path: Path) -> CommuneCodes:
        """The same, with the table read from `data/codes/former_communes.csv`."""
        return cls.build(current, read_delimited(path, required=("old_code", "commune_insee")))

    def today(self, codes: pd.Series) -> pd.Series:
        """Code of today of each code, missing where it cannot be mapped (or was missing).

        A former code that was given again to a commune of today is that commune.
        """
        known = codes.where(codes.isin(self.current))
        return known.fillna(codes.map(dict(self.former))).astype("str")


def normalise(code: str) -> str:
    """A commune code as text of five characters: `1001` -> `01001`, `2a004` -> `2A004`; else as given."""
    text = code.strip().upper()
    if text.endswith(".0") and text[:-2].isdigit():
        text = text[:-2]
    return text.zfill(5) if text.isdigit() and len(text) == 4 else text


def normalised(codes: pd.Series, lines: pd.Series, origin: str, field: str) -> pd.Series:
    """Normalised codes, or a TerritoryError naming the lines of those that cannot be commune codes."""
    out = codes.map(lambda v: normalise(v) if isinstance(v, str) else v).astype("str")
    bad = ~out.str.fullmatch(_CODE).fillna(False).astype(bool)
    if bad.any():
        spots = [
            f"ligne {line} : {'vide' if pd.isna(code) else code}"
            for line, code in zip(lines[bad], codes[bad], strict=True)
        ]
        more = f" et {len(spots) - 4} autres" if len(spots) > 4 else ""
        raise TerritoryError(
            f"{origin}, champ « {field} » : code de commune invalide ({', '.join(spots[:4])}{more})."
        )
    return out
