"""Scenes of the page Carte: the map of exactly the selection."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pandas as pd

from ptce_data import coverage, query
from ptce_data.places import AREA_PRECISIONS, UNKNOWN
from ptce_ui import tables, text, urlstate
from ptce_ui.exports.cartography import MapSpec, Outline, QuantityAreas, places_map
from ptce_ui.scenes.model import MapVisual, Shown, View, sentence

_FILLS: Final = {
    "objets": ("Nombre d’objets sélectionnés", ""),
    "pour_100k": ("Objets sélectionnés", "pour 100 000 habitants"),
    "dispositifs": ("Dispositifs de soutien documentés (hors État et UE)", ""),
}
_INNER: Final = ("epci", "communes")


def show(view: View) -> Shown:
    """The places that the filters keep, over the limits and the quantity that the page shows."""
    dataset = view.dataset
    selected = query.places(dataset, urlstate.selection(view.values))
    counts = query.counts(selected)
    extent = _extent(view)
    basis = text.BASIS_COLUMNS[view.get("couleur")]
    spec = places_map(dataset, selected, extent, title=_title(view, counts), basis=basis)
    spec = replace(spec, layers=(*_fill(view, selected, extent), *spec.layers))
    type_counts = tables.by_type(selected, view.labels, basis)
    alt = f"{spec.alt} {_said(type_counts)}".strip()
    return Shown(
        title=_title(view, counts),
        message=sentence(tables.sentence(counts)),
        alt=alt,
        visual=MapVisual(replace(spec, alt=alt)),
        facts=tables.places(dataset, selected).astype("str"),
        sources=[*selected["source_ids"], *selected["type_source_id"]],
        note=sentence(spec.note, _rough(selected)),
    )


def _rough(selected: pd.DataFrame) -> str:
    """How many signs stand for a whole area, and so cover each other."""
    placed = selected[selected["lon"].notna()]
    count = int(placed["geo_precision"].isin(AREA_PRECISIONS).sum())
    said = text.count(count, "objet est connu", "objets sont connus")
    are = "est placé" if count < 2 else "sont placés"
    centre = "en son centre" if count < 2 else "en leur centre, où les signes se recouvrent"
    return f"{said} par le département ou la région seulement, et {are} {centre}." if count else ""


def _extent(view: View) -> str:
    if view.get("vue") != "metropole":
        return str(view.get("vue"))
    chosen = [r for r in view.get("region") if r != UNKNOWN]
    if len(chosen) == 1:
        return str(chosen[0])
    inside = view.get("dans") if view.get("niveau") in _INNER else ""
    return str(inside or (_first(view) if view.get("niveau") in _INNER else "france"))


def _first(view: View) -> str:
    codes = view.dataset.regions["region_code"]
    return str(codes.iloc[0]) if len(codes) else "france"


def _fill(view: View, selected: pd.DataFrame, extent: str) -> tuple[Any, ...]:
    """The areas under the signs, as the page grades them: zero is nothing known, and is not graded."""
    level, fill = view.get("niveau"), view.get("aplat")
    lines = () if level in ("regions", *_INNER) else (Outline(level),)
    if not fill:
        return lines
    if fill == "dispositifs":
        rows, column = coverage.count_by_area(view.dataset, level), "schemes"
    else:
        rows, column = (
            query.by_area(view.dataset, selected, level),
            "objects" if fill == "objets" else "per_100k",
        )
    known = rows[rows[column].notna() & (rows[column] > 0)]
    title, unit = _FILLS[fill]
    values = dict(zip(known["code"], known[column].astype(float), strict=True))
    if not values:
        return lines
    within = None
    if extent != "france":
        own = getattr(view.dataset, level)
        code = query.LEVEL_CODES[level]
        within = frozenset(own.loc[own["region_code"] == extent, code]) if "region_code" in own else None
        if within is not None and not within & set(values):
            return lines
    layer = QuantityAreas(level, values, f"{title}, {text.LEVEL_EACH[level]}", unit, "quantiles", within=within, none_label="rien de documenté")  # fmt: skip
    return (layer, *lines)


def _title(view: View, counts: dict[str, int]) -> str:
    where = "en France"
    chosen = [r for r in view.get("region") if r != UNKNOWN]
    if len(chosen) == 1:
        codes = view.dataset.region_codes.set_index("region_code")
        where = str(codes.loc[chosen[0], "locative"]) if chosen[0] in codes.index else where
    elif len(chosen) > 1:
        where = f"dans {text.number(len(chosen))} régions"
    nouns = [text.count(counts[k], *text.KIND_NOUNS[k]) for k in text.KIND_NOUNS if counts[k]]
    return f"{text.join(nouns) or 'Aucun objet documenté'} {where}"


def _said(types: pd.DataFrame) -> str:
    rows = types.set_index("Type").sum(axis=1, numeric_only=True)
    return f"Par type de territoire : {', '.join(f'{name.lower()} {text.number(int(n))}' for name, n in rows.items())}." if len(rows) else ""  # fmt: skip


__all__ = ["MapSpec", "show"]
