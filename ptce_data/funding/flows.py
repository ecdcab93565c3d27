"""Flows programme -> region -> pôle, for a Sankey: in euros where amounts are known, in counts elsewhere.

One drawing has one unit. Euros and numbers of laureates never meet in one number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from ptce_data.places import UNKNOWN

if TYPE_CHECKING:
    from ptce_data.load import Dataset

Unit = Literal["eur", "laureats", "laureats_sans_montant"]
Regions = Literal["regions", "former_regions"]

#: Unit -> (label, definition).
UNITS: Final[dict[Unit, tuple[str, str]]] = {
    "eur": ("Euros", "Aides dont le montant est connu."),
    "laureats": ("Lauréats nommés", "Tous les lauréats nommés, quel que soit ce qu’on sait de leur aide."),
    "laureats_sans_montant": (
        "Lauréats nommés sans montant",
        "Lauréats nommés dont l’aide n’est pas connue.",
    ),
}
_CODES: Final[dict[Regions, str]] = {"regions": "region_code", "former_regions": "former_region_code"}
_STEPS: Final = ("programme", "region", "pole")


@dataclass(frozen=True)
class Flows:
    """Nodes and links of one unit.

    `nodes`: node_id, step (programme, region, pole), label, position (year order for programmes).
    `links`: source, target (node ids), value (in `unit`), awards (number of awards behind it),
    low_confidence (how many of them are inferred), source_ids ("|"-joined).
    `awards` is the number of awards drawn, `left_out` that of named awards that the unit leaves out.
    """

    unit: Unit
    nodes: pd.DataFrame
    links: pd.DataFrame
    awards: int
    left_out: int


def flows(dataset: Dataset, unit: Unit, regions: Regions = "regions") -> Flows:
    """Return the flows of the named awards in one unit; a region that is not known is "non_renseigne"."""
    awards = _awards(dataset, regions)
    kept = awards if unit == "laureats" else awards[awards["amount_eur"].notna() == (unit == "eur")]
    value = kept["amount_eur"].astype("float64") if unit == "eur" else pd.Series(1.0, index=kept.index)
    steps = kept.assign(value=value)
    links = pd.concat(
        [_links(steps, "programme", "region"), _links(steps, "region", "pole")], ignore_index=True
    )
    return Flows(unit, _nodes(dataset, kept, regions), links, len(kept), len(awards) - len(kept))


def _awards(dataset: Dataset, regions: Regions) -> pd.DataFrame:
    """The named awards with the node of each step."""
    poles = dataset.places[dataset.places["kind"] == "pole"].drop_duplicates("id").set_index("id")
    awards = dataset.pole_awards.copy()
    awards["region_code"] = awards["pole_id"].map(poles[_CODES[regions]]).fillna(UNKNOWN)
    awards["programme"] = "programme:" + awards["programme_id"]
    awards["region"] = "region:" + awards["region_code"]
    awards["pole"] = "pole:" + awards["pole_id"]
    return awards


def _links(awards: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for (source, target), group in awards.groupby([start, end], sort=True):
        rows.append(
            {
                "source": source,
                "target": target,
                "value": float(group["value"].sum()),
                "awards": len(group),
                "low_confidence": int((group["confidence"] == "low").sum()),
                "source_ids": "|".join(sorted(set(group["source_id"].dropna()))),
            }
        )
    columns = ["source", "target", "value", "awards", "low_confidence", "source_ids"]
    return pd.DataFrame(rows, columns=columns)


def _nodes(dataset: Dataset, awards: pd.DataFrame, regions: Regions) -> pd.DataFrame:
    areas = dataset.region_codes if regions == "regions" else dataset.former_region_codes
    code = _CODES[regions]
    names = {
        "programme": dict(zip(dataset.programmes["id"], dataset.programmes["programme"], strict=True)),
        "region": {UNKNOWN: "Région non renseignée"} | dict(zip(areas[code], areas["name"], strict=True)),
        "pole": dict(zip(dataset.poles["id"], dataset.poles["name"], strict=True)),
    }
    calls = dataset.programmes.sort_values(["year_announced", "id"])["id"].tolist()
    rows = []
    for step in _STEPS:
        for node in sorted(awards[step].unique()):
            key = node.partition(":")[2]
            rows.append(
                {
                    "node_id": node,
                    "step": step,
                    "label": names[step].get(key, key),
                    "position": calls.index(key) if step == "programme" and key in calls else 0,
                }
            )
    frame = pd.DataFrame(rows, columns=["node_id", "step", "label", "position"])
    frame["rank"] = frame["step"].map(_STEPS.index)
    frame = frame.sort_values(["rank", "position", "label"], kind="stable").drop(columns="rank")
    return frame.reset_index(drop=True)
