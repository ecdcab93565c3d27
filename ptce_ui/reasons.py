"""Why a place has its type, as HTML: rule by rule, with references. No Streamlit here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ptce_data import query
from ptce_data.territories import Reason
from ptce_data.territories.reasons import status
from ptce_ui.text import escape_html

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_COLOURS = {True: "#009E73", False: "#8A8F98", None: "#E69F00"}


def commune_of(dataset: Dataset, place: str) -> str:
    """ "commune:35236" and "epci:243500741" as they are; a pôle, tiers-lieu or cluster gives its commune."""
    if place.partition(":")[0] in ("commune", "epci"):
        return place
    row = query.find_place(dataset, place) if place else None
    if row is None or not isinstance(row["commune_insee"], str):
        return ""
    return f"commune:{row['commune_insee']}"


def html(reasons: Sequence[Reason]) -> str:
    """The first reason (the type) in full, then one foldable block per rule."""
    return "".join(_block(reason, is_open=number == 0) for number, reason in enumerate(reasons))


def _block(reason: Reason, is_open: bool) -> str:
    mark = (
        f'<span aria-hidden="true" style="display:inline-block;width:10px;height:10px;border-radius:50%;'
        f'background:{_COLOURS[reason.met]};margin-right:.4rem"></span>'
    )
    said = "" if reason.rule == "type" else f" : {status(reason.met)}"
    change = (
        f"<dt><strong>Ce qui changerait</strong></dt><dd>{escape_html(reason.change)}</dd>"
        if reason.change
        else ""
    )
    return (
        f'<details {"open" if is_open else ""} style="margin:.25rem 0;border-bottom:1px solid rgba(128,128,128,.3)">'
        f'<summary style="cursor:pointer;min-height:24px">{mark}<strong>{escape_html(reason.title)}</strong>'
        f"{escape_html(said)}</summary>"
        '<dl style="font-size:.9rem;margin:.3rem 0 .5rem;padding:0">'
        f"<dt><strong>La règle</strong></dt><dd>{escape_html(reason.asks)}</dd>"
        f"<dt><strong>Ce qui est constaté</strong></dt><dd>{escape_html(reason.found)}</dd>"
        f"{change}<dt><strong>Référence</strong></dt><dd>{escape_html(reason.reference)}</dd></dl></details>"
    )
