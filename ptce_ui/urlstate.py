"""The state of a page as URL parameters and back. Plain functions, no Streamlit here.

Codes travel in the URL, not labels: a link stays valid when a label is reworded or translated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from ptce_data.selection import Selection

Query = dict[str, list[str]]

TEXT_MAX: Final = 200
#: Parameters that Streamlit itself reads.
RESERVED: Final = ("embed", "embed_options")


@dataclass(frozen=True)
class Param:
    """One URL parameter: its widget kind and the codes it may hold (None = free text)."""

    name: str
    kind: Literal["many", "one", "text", "flag"]
    allowed: Sequence[str] | None = None
    default: str = ""


@dataclass
class Parsed:
    """Values read from a URL, and French sentences for what could not be used."""

    values: dict[str, tuple[str, ...] | str | bool] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


#: Selection field -> URL parameter.
SELECTION_PARAMS: Final[dict[str, str]] = {
    "kinds": "nature",
    "regions": "region",
    "former_regions": "ancienne_region",
    "departements": "departement",
    "territory_types": "type",
    "computed_types": "type_calcule",
    "epci_types": "type_epci",
    "activity_families": "famille",
    "themes": "theme",
    "tiers_lieu_kinds": "genre_lieu",
    "labels": "label",
    "cluster_kinds": "genre_cluster",
    "programmes": "programme",
    "award_years": "annee",
    "confidences": "confiance",
    "text": "q",
}


def parse(query: Mapping[str, Sequence[str]], params: Sequence[Param]) -> Parsed:
    """Read `query`; unknown parameters and values are reported, the rest applies."""
    parsed = Parsed()
    known = {p.name: p for p in params}
    for name in query:
        if name not in known and name not in RESERVED:
            parsed.problems.append(f"Le paramètre « {name} » de l’adresse est inconnu : il est ignoré.")
    for param in params:
        given = [v for v in query.get(param.name, ()) if v != ""]
        if param.kind == "text":
            parsed.values[param.name] = given[0][:TEXT_MAX] if given else param.default
        elif param.kind == "flag":
            parsed.values[param.name] = bool(given) and given[0] == "1"
            parsed.problems += [_unknown(param, v) for v in given if v not in ("0", "1")]
        else:
            parsed.values[param.name] = _codes(param, given, parsed.problems)
    return parsed


def _codes(param: Param, given: Sequence[str], problems: list[str]) -> tuple[str, ...] | str:
    allowed = set(param.allowed or ())
    good = [v for v in dict.fromkeys(given) if v in allowed]
    problems += [_unknown(param, v) for v in given if v not in allowed]
    if param.kind == "many":
        return tuple(good)
    return good[0] if good else param.default


def _unknown(param: Param, value: str) -> str:
    shown = value if len(value) <= 60 else value[:60] + "…"
    return f"La valeur « {shown} » du filtre « {param.name} » de l’adresse est inconnue : elle est ignorée."


def build(values: Mapping[str, tuple[str, ...] | str | bool | None], params: Sequence[Param]) -> Query:
    """The shortest query that gives these values back: defaults are left out."""
    query: Query = {}
    for param in params:
        value = values.get(param.name)
        if param.kind == "flag":
            if value:
                query[param.name] = ["1"]
        elif isinstance(value, str):
            if value and value != param.default:
                query[param.name] = [value]
        elif isinstance(value, tuple) and value:
            query[param.name] = list(value)
    return query


def selection(values: Mapping[str, object]) -> Selection:
    """The filters on places out of all values of a page."""
    chosen = {f: values[p] for f, p in SELECTION_PARAMS.items() if p in values}
    return Selection(**chosen)  # type: ignore[arg-type]
