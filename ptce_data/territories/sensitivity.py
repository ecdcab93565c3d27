"""What another set of thresholds changes: communes and population that change type, flag by flag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from ptce_data.territories import logic
from ptce_data.territories.classify import Classification
from ptce_data.territories.errors import TerritoryError
from ptce_data.territories.parameters import FLAGS, TYPES

UNKNOWN_TYPE: Final = "inconnu"
_ORDER: Final = [*TYPES, UNKNOWN_TYPE]


@dataclass(frozen=True)
class Comparison:
    """Two classifications of the same communes.

    communes, population: matrices, rows = type before, columns = type after (`inconnu` last), in
        communes and in inhabitants.
    changed: one row per commune whose type changes: commune_insee, population, before, after.
    types: per type, communes and population before, after and difference.
    flags: per flag, communes gained, lost, and population gained and lost (known to known or not).
    epci_changed: epci_siren, name, population, before, after of the EPCI that change type.
    rules: thresholds that differ, `{field: (before, after)}`.
    """

    communes: pd.DataFrame
    population: pd.DataFrame
    changed: pd.DataFrame
    types: pd.DataFrame
    flags: pd.DataFrame
    epci_changed: pd.DataFrame
    rules: dict[str, tuple[Any, Any]]

    @property
    def communes_changed(self) -> int:
        """Number of communes whose type changes."""
        return len(self.changed)

    @property
    def population_changed(self) -> int:
        """Inhabitants of the communes whose type changes."""
        return int(self.changed["population"].sum())


def compare(before: Classification, after: Classification) -> Comparison:
    """Compare two runs. Raises TerritoryError when they are not about the same communes."""
    old, new = before.communes, after.communes
    if not old["commune_insee"].equals(new["commune_insee"]):
        raise TerritoryError(
            "Comparaison impossible : les deux classements ne portent pas sur les mêmes communes."
        )
    people = old["population"].astype("int64")
    was, now = _types(old), _types(new)
    changed = was != now
    return Comparison(
        communes=_matrix(was, now, pd.Series(1, index=old.index)),
        population=_matrix(was, now, people),
        changed=_changes(old[["commune_insee", "population"]], was, now, changed),
        types=_by_type(was, now, people),
        flags=_by_flag(old, new, people),
        epci_changed=_epci_changes(before.epci, after.epci),
        rules=before.rules.differences(after.rules),
    )


def types_if_unknown_is_no(result: Classification) -> pd.Series:
    """Primary types when every unknown fact is read as "no", by commune.

    Not a result to show: it is how a two-valued prototype reads the data, kept to compare with it.
    """
    table = logic.type_of_state(result.rules.type_order)
    frame = result.communes
    facts = {
        logic.RURAL: frame["is_rural"],
        logic.PERIURBAN: frame["is_periurban"],
        logic.QPV: frame["has_qpv"],
        logic.DEINDUSTRIALISED: frame["is_deindustrialised"],
    }
    state = sum(bit * logic.known_true(values).astype(np.int64) for bit, values in facts.items())
    names = np.array(TYPES, dtype=object)[table[state]]
    return pd.Series(names, index=pd.Index(frame["commune_insee"]), dtype="str")


def _types(frame: pd.DataFrame) -> pd.Series:
    return frame["territory_type"].fillna(UNKNOWN_TYPE)


def _matrix(was: pd.Series, now: pd.Series, weight: pd.Series) -> pd.DataFrame:
    table = weight.groupby([was.rename("before"), now.rename("after")]).sum().unstack(fill_value=0)
    return table.reindex(index=_ORDER, columns=_ORDER, fill_value=0).astype("int64")


def _changes(keys: pd.DataFrame, was: pd.Series, now: pd.Series, changed: pd.Series) -> pd.DataFrame:
    return keys.assign(before=was, after=now)[changed].reset_index(drop=True)


def _by_type(was: pd.Series, now: pd.Series, people: pd.Series) -> pd.DataFrame:
    table = pd.DataFrame(index=pd.Index(_ORDER, name="territory_type"))
    for moment, types in (("before", was), ("after", now)):
        table[f"communes_{moment}"] = types.groupby(types).size()
        table[f"population_{moment}"] = people.groupby(types).sum()
    table = table.fillna(0).astype("int64")
    for unit in ("communes", "population"):
        table[f"{unit}_difference"] = table[f"{unit}_after"] - table[f"{unit}_before"]
    return table


def _by_flag(old: pd.DataFrame, new: pd.DataFrame, people: pd.Series) -> pd.DataFrame:
    rows = {}
    for flag in FLAGS.values():
        was, now = logic.known_true(old[flag]), logic.known_true(new[flag])
        gained, lost = now & ~was, was & ~now
        rows[flag] = {
            "communes_gained": int(gained.sum()),
            "communes_lost": int(lost.sum()),
            "population_gained": int(people[gained].sum()),
            "population_lost": int(people[lost].sum()),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("flag")


def _epci_changes(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    was, now = _types(old), _types(new)
    return _changes(old[["epci_siren", "name", "population"]], was, now, was != now)
