"""The weight of the ESS for the pages: what state it is in, its indicators, their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from ptce_data.regional.model import Indicator
from ptce_data.sirene import definitions, store
from ptce_data.sirene import nomenclatures as codes
from ptce_data.sirene.definitions import HowTo
from ptce_data.sirene.errors import SireneError
from ptce_data.sirene.geography import FRANCE_LEVEL, LEVELS

NOT_COMPUTED: Final = "non calculé"
MASKED: Final = "secret statistique"
_COLUMNS: Final = ["code", "indicator_id", "value", "is_masked", "numerator", "denominator"]
_CHANGE: Final = "ess_change"
_OWN_FORMS: Final = tuple(f"famille:{name}" for name in codes.TOLD_BY_FORM)


@dataclass(frozen=True)
class SireneState:
    """Whether the indicators are there. When they are not, `why` says why and `how` how to get them.

    Dates are texts (AAAA-MM-JJ): of the stock, of the previous one (empty: none). `report` is that of
    `build`, one per stock: what was counted and what could not be placed.
    """

    is_computed: bool
    why: str = ""
    how: HowTo = field(default_factory=HowTo)
    date: str = ""
    previous_date: str = ""
    engine: str = ""
    computed: str = ""
    threshold: int = 0
    is_synthetic: bool = False
    report: tuple[dict[str, Any], ...] = field(default=())

    @property
    def secrecy(self) -> str:
        """The rule of statistical secrecy that was applied, in French."""
        return definitions.SECRECY.format(threshold=self.threshold) if self.is_computed else ""

    @property
    def said(self) -> str:
        """One sentence: the date and the origin, or that it is not computed."""
        if not self.is_computed:
            return f"Poids de l’ESS : {NOT_COMPUTED}. {self.why}".strip()
        change = f", évolution depuis le {self.previous_date}" if self.previous_date else ""
        return f"Répertoire Sirene de l’Insee au {self.date}{change} ; calcul de l’atlas ({self.engine})."


def state(folder: Path | None = None, *, allow_synthetic: bool = False) -> SireneState:
    """The state of the result of a folder (by default the one of the application); never raises."""
    where = folder or store.FOLDER
    try:
        about = store.about(where)
    except SireneError as error:
        return SireneState(False, str(error))
    if about is None:
        return SireneState(False, "Aucun stock du répertoire Sirene n’a été donné.")
    if about["synthetic"] and not allow_synthetic:
        return SireneState(
            False, "Le résultat vient d’un stock synthétique, qui ne se montre pas.", is_synthetic=True
        )
    dates = [*about["dates"], ""]
    engine = f"{about['engine']['name']} {about['engine']['version']}"
    return SireneState(
        True, date=dates[0], previous_date=dates[1], engine=engine, computed=about["computed"],
        threshold=about["threshold"], is_synthetic=about["synthetic"], report=tuple(about["report"]),
    )  # fmt: skip


def definitions_of(found: SireneState) -> list[Indicator]:
    """The indicators of a state, in order; none when nothing is computed."""
    return definitions.indicators(found.date, found.previous_date) if found.is_computed else []


def indicators(folder: Path | None = None, *, allow_synthetic: bool = False) -> pd.DataFrame:
    """The registry: the columns of `regional.registry`; no row when nothing is computed."""
    rows = [asdict(one) for one in definitions_of(state(folder, allow_synthetic=allow_synthetic))]
    names = ["id", "group", "label", "unit", "definition", "limits", "year", "decimals", "sources",
             "is_rate", "additive", "scope", "source_text"]  # fmt: skip
    return pd.DataFrame(rows, columns=names).rename(columns={"id": "indicator_id"})


def values(
    level: str,
    indicator_ids: Sequence[str] | None = None,
    folder: Path | None = None,
    *,
    allow_synthetic: bool = False,
) -> pd.DataFrame:
    """Values of the areas of a level, one of `LEVELS`: long, indicators in order, areas by code.

    Columns code, indicator_id, value (missing: masked, or a ratio to zero), is_masked, numerator,
    denominator (missing: masked, or not a ratio). No row when nothing is computed.
    """
    if level not in LEVELS:
        raise ValueError(f"Niveau inconnu : {level}.")
    found = state(folder, allow_synthetic=allow_synthetic)
    wanted = [one for one in definitions_of(found) if indicator_ids is None or one.id in set(indicator_ids)]
    if not wanted:
        return pd.DataFrame({name: pd.Series(dtype=_TYPES[name]) for name in _COLUMNS})
    return _long(wanted, *_counts(_key(folder), level))


_TYPES: Final = {"code": "str", "indicator_id": "str", "value": "float64", "is_masked": "bool",
                 "numerator": "float64", "denominator": "float64"}  # fmt: skip


def portrait(
    level: str, code: str, folder: Path | None = None, *, allow_synthetic: bool = False
) -> pd.DataFrame:
    """One area: one row per indicator. Columns indicator_id, group, label, unit, decimals, value, is_masked,
    numerator, denominator, national (the value of France), year. Empty: nothing computed, or no such area."""
    wanted = definitions_of(state(folder, allow_synthetic=allow_synthetic))
    france = values(FRANCE_LEVEL, folder=folder, allow_synthetic=allow_synthetic)
    named = indicators(folder, allow_synthetic=allow_synthetic)
    named = named[["indicator_id", "group", "label", "unit", "decimals", "year"]]
    own = france.iloc[:0]
    if wanted:
        counts, masked = _counts(_key(folder), level)
        here = counts.index == code
        own = _long(wanted, counts[here], masked[here])
    own = own.drop(columns="code")
    made = own.merge(named, on="indicator_id", how="left", validate="1:1")
    made["national"] = made["indicator_id"].map(france.set_index("indicator_id")["value"])
    order = [
        "indicator_id",
        "group",
        "label",
        "unit",
        "decimals",
        "value",
        "is_masked",
        "numerator",
        "denominator",
    ]
    return made[[*order, "national", "year"]]


def _key(folder: Path | None) -> tuple[Path, int, int]:
    path = (folder or store.FOLDER) / store.NAME
    stat = path.stat()
    return path.parent, stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=len(LEVELS) + 1)
def _counts(key: tuple[Path, int, int], level: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Counts of a level, one column per key (missing = masked), and what is masked."""
    rows = store.read(key[0], level)
    names = [*codes.KEYS, store.PEOPLE]
    rows["hidden"] = rows["n"].isna()
    wide = rows.pivot(index="code", columns="key", values="n").astype("Float64").astype("float64")
    hidden = rows.pivot(index="code", columns="key", values="hidden")
    masked = hidden.reindex(columns=names).fillna(False).astype("bool")
    return wide.reindex(columns=names).fillna(0.0).mask(masked), masked


def _long(wanted: Sequence[Indicator], counts: pd.DataFrame, masked: pd.DataFrame) -> pd.DataFrame:
    """The frame of `values` for the areas that are rows of `counts`."""
    nothing = np.full(len(counts), np.nan)
    columns = {name: position for position, name in enumerate(counts)}
    number, hidden = counts.to_numpy(), masked.to_numpy()
    parts: dict[str, list[Any]] = {"value": [], "is_masked": [], "numerator": [], "denominator": []}
    for one in wanted:
        names, base, scale = _formula(one.id)
        used = [columns[name] for name in names]
        top = (
            number[:, used[0]] - number[:, used[1]]
            if one.id.startswith(_CHANGE)
            else number[:, used].sum(axis=1)
        )
        below = nothing if base is None else number[:, columns[base]]
        ratio = np.divide(top * scale, below, out=nothing.copy(), where=below > 0)
        parts["value"].append(top if base is None else ratio)
        parts["is_masked"].append(hidden[:, used + ([] if base is None else [columns[base]])].any(axis=1))
        parts["numerator"].append(top)
        parts["denominator"].append(below)
    made = pd.DataFrame(
        {
            "code": np.tile(counts.index.to_numpy(dtype="object"), len(wanted)),
            "indicator_id": np.repeat(np.array([one.id for one in wanted], dtype="object"), len(counts)),
            **{name: np.concatenate(found) for name, found in parts.items()},
        }
    )
    return made.astype(_TYPES)


def _formula(name: str) -> tuple[tuple[str, ...], str | None, float]:
    """The counts that are added up (or subtracted, for a change), what they are divided by, the scale."""
    fixed: dict[str, tuple[tuple[str, ...], str | None, float]] = {
        "ess_establishments": ((codes.ESS,), None, 1),
        "ess_per_1000": ((codes.ESS,), store.PEOPLE, 1000),
        "ess_share": ((codes.ESS,), codes.ALL, 100),
        "ess_all_active": ((codes.ALL,), None, 1),
        "ess_legal_forms": ((*_OWN_FORMS, codes.FORM_ONLY), None, 1),
        "ess_field_unknown_share": ((codes.UNKNOWN_FIELD,), codes.ALL, 100),
        "ess_change": ((codes.ESS, codes.BEFORE), None, 1),
        "ess_change_pct": ((codes.ESS, codes.BEFORE), codes.BEFORE, 100),
    }
    if name in fixed:
        return fixed[name]
    for breakdown, labels in definitions.LABELS.items():
        for code in labels:
            if name == definitions.part_id(breakdown, code):
                return (f"{breakdown}:{code}",), None, 1
            if name == definitions.part_id(breakdown, code, share=True):
                return (f"{breakdown}:{code}",), codes.ESS, 100
    raise KeyError(name)
