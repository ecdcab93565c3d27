"""What the user says of possible duplicates, and how far they are: nothing is decided unasked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from ptce_data.own_layers.model import OwnLayer
from ptce_data.places import UNKNOWN

if TYPE_CHECKING:
    from ptce_data.load import Dataset

State = Literal["same", "distinct", "undecided", "alone"]

#: What became of a row -> how a page says it.
STATES: Final[dict[State, str]] = {
    "same": "Déjà dans l’atlas",
    "distinct": "Autre objet",
    "undecided": "Doublon possible",
    "alone": "Aucun objet ressemblant",
}


@dataclass(frozen=True)
class Decisions:
    """Decisions on one layer, by line of its file.

    `proposed`: line -> uids that it may be, the best first (from `candidates`); `same`: line -> the uid that
    it is; `distinct`: lines that are none of those proposed. A line that is proposed and in neither is
    undecided. Methods return new decisions: the last word on a line holds.
    """

    proposed: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    same: Mapping[int, str] = field(default_factory=dict)
    distinct: frozenset[int] = frozenset()

    @classmethod
    def of(cls, candidates: pd.DataFrame) -> Decisions:
        """Return the decisions before any word of the user: every line with a candidate is undecided."""
        found: dict[int, tuple[str, ...]] = {}
        for line, uid in zip(candidates["line"].tolist(), candidates["uid"].tolist(), strict=True):
            found[int(line)] = (*found.get(int(line), ()), str(uid))
        return cls(proposed=found)

    def is_same(self, line: int, uid: str) -> Decisions:
        """The row of `line` is the object `uid`, proposed or not."""
        return replace(self, same={**self.same, line: uid}, distinct=self.distinct - {line})

    def is_distinct(self, *lines: int) -> Decisions:
        """The rows of these lines are none of the objects proposed for them."""
        same = {line: uid for line, uid in self.same.items() if line not in lines}
        return replace(self, same=same, distinct=self.distinct | set(lines))

    def withdrawn(self, *lines: int) -> Decisions:
        """Nothing is decided any more of these lines."""
        same = {line: uid for line, uid in self.same.items() if line not in lines}
        return replace(self, same=same, distinct=self.distinct - set(lines))

    def accept_sure(self, candidates: pd.DataFrame) -> Decisions:
        """Accept every pair of `candidates` marked is_sure whose line is undecided: the user asked for it."""
        sure = candidates[candidates["is_sure"]]
        pairs = {int(line): str(uid) for line, uid in zip(sure["line"], sure["uid"], strict=True)}
        fresh = {line: uid for line, uid in pairs.items() if self.state(line) in ("undecided", "alone")}
        return replace(self, same={**self.same, **fresh})

    def state(self, line: int) -> State:
        """What is decided of a line: a key of STATES."""
        if line in self.same:
            return "same"
        if line in self.distinct:
            return "distinct"
        return "undecided" if self.proposed.get(line) else "alone"

    def states(self, lines: Iterable[int]) -> list[State]:
        """The state of each line, in order."""
        return [self.state(int(line)) for line in lines]

    def canonical(self) -> dict[str, Any]:
        """Return plain, sorted values that are equal exactly when the decisions are (for a key or a file)."""
        return {
            "proposed": {str(line): list(self.proposed[line]) for line in sorted(self.proposed)},
            "same": {str(line): self.same[line] for line in sorted(self.same)},
            "distinct": sorted(self.distinct),
        }


@dataclass(frozen=True, eq=False)
class Summary:
    """How an import stands, for its page.

    read = kept + refused. `with_point`: kept rows with a geometry of their own. `by_type`: kept rows per
    computed type of their commune (columns territory_type, rows; `non_renseigne` = no commune known).
    `possible_duplicates`: rows with a candidate, of which `sure` have one that may be accepted in bulk;
    `same`, `distinct` and `undecided` are those decided so, or not yet.
    """

    read: int
    kept: int
    refused: int
    with_point: int
    by_type: pd.DataFrame
    possible_duplicates: int
    sure: int
    same: int
    distinct: int
    undecided: int


def summary(
    dataset: Dataset, layer: OwnLayer, candidates: pd.DataFrame, decisions: Decisions | None = None
) -> Summary:
    """Return the counts of one layer; `decisions` defaults to nothing decided."""
    decided = decisions or Decisions.of(candidates)
    states = decided.states(layer.rows["line"].tolist())
    shape = layer.rows.geometry
    types = pd.Series(UNKNOWN, index=layer.rows.index, dtype="str")
    if "commune_insee" in layer.rows and dataset.territories is not None:
        known = dataset.territories.communes.set_index("commune_insee")["territory_type"]
        types = layer.rows["commune_insee"].map(known).astype("str").fillna(UNKNOWN)
    counted = types.value_counts().rename_axis("territory_type").rename("rows").reset_index()
    return Summary(
        read=layer.report.read,
        kept=layer.report.kept,
        refused=layer.report.read - layer.report.kept,
        with_point=int((~shape.isna() & ~shape.is_empty).sum()),
        by_type=counted.sort_values(["rows", "territory_type"], ascending=[False, True], ignore_index=True),
        possible_duplicates=int(candidates["line"].nunique()),
        sure=int(candidates.loc[candidates["is_sure"], "line"].nunique()),
        same=states.count("same"),
        distinct=states.count("distinct"),
        undecided=states.count("undecided"),
    )
