"""Thresholds a reader may change, as URL parameters -> Rules. No Streamlit here."""

from __future__ import annotations

from typing import Final

from ptce_data.territories import PARAMETERS, Rules
from ptce_data.territories.parameters import AREA_MINIMUM_LABELS
from ptce_ui.urlstate import Param

#: URL code -> switch of the rules that the reader may turn off.
SWITCHES: Final = {
    "r1": "rule_r1",
    "r2": "rule_r2",
    "r3": "rule_r3",
    "ze": "scale_ze",
    "epci": "scale_epci",
    "commune": "own_share_required",
    "ber": "zoning_ber",
    "bud": "zoning_bud",
    "afr": "zoning_afr_industry",
}
#: URL parameter -> (threshold, values offered).
CHOICES: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "aire": ("min_area_class", {str(k): f"aire {v}" for k, v in AREA_MINIMUM_LABELS.items()}),
    "qpv": ("min_qpv", {str(n): str(n) for n in (1, 2, 3, 5, 10)}),
    "part": (
        "base_share_margin_pts",
        {v: f"{v.replace('.', ',')} point(s)" for v in ("-5", "-2", "0", "2", "5", "10")},
    ),
    "chomage": ("unemployment_margin_pts", {v: f"{v} point(s)" for v in ("-3", "-1", "0", "1", "3", "5")}),
    "recul": ("decline_margin_pts", {v: f"{v} point(s)" for v in ("-5", "-2", "0", "2", "5", "10")}),
    "pertes": ("min_job_loss_pct", {v: f"{v} %" for v in ("0", "10", "25", "50", "75")}),
}


def defaults(rules: Rules) -> dict[str, str]:
    """The shipped thresholds as URL codes."""
    return {name: f"{getattr(rules, field):g}" for name, (field, _) in CHOICES.items()}


def params(rules: Rules) -> list[Param]:
    """URL parameters of the form."""
    made = [Param("sans", "many", tuple(SWITCHES))]
    start = defaults(rules)
    return made + [Param(name, "one", tuple(values), start[name]) for name, (_, values) in CHOICES.items()]


def switch_labels() -> dict[str, str]:
    """URL code of a switch -> its label."""
    return {code: PARAMETERS[field].label for code, field in SWITCHES.items()}


def label(name: str) -> str:
    """Label of a threshold."""
    return PARAMETERS[CHOICES[name][0]].label


def rules(shipped: Rules, off: tuple[str, ...], chosen: dict[str, str]) -> Rules:
    """The shipped rules with the reader's changes. Raises TerritoryError, naming the field, out of range."""
    changes: dict[str, object] = {SWITCHES[code]: False for code in off}
    for name, value in chosen.items():
        field = CHOICES[name][0]
        changes[field] = int(value) if PARAMETERS[field].kind == "int" else float(value)
    return shipped.changed(**changes)
