"""Changes of a study's perimeter, on the page: what leaves it can come back (`undo`)."""

from __future__ import annotations

from typing import Any

from ptce_data import lookup
from ptce_data.study import Perimeter
from ptce_ui import undo
from ptce_ui.desk import Desk


def change(desk: Desk, **changes: Any) -> None:
    """Change the perimeter (callback); communes, EPCI and the outline that go can come back."""
    before, place = desk.study.perimeter, desk.place("perimetre")
    desk.update(perimeter=_with(before, changes))
    desk.state.keep("view", None)
    after = desk.study.perimeter
    kinds = {"epci": "epci", "communes": "commune"}
    gone = {f: undo.lost(getattr(before, f), _still(before, after, f)) or () for f in kinds}
    names = [name_of(desk, f"{kinds[f]}:{code}") for f, codes in gone.items() for _, code in codes]
    if names:
        undo.remember(place, f"Retiré du périmètre : {undo.quoted(names)}.", {**gone, "outline": None})
    if before.polygon is not None and before.polygon != after.polygon:
        undo.remember(place, *_outline(before, "remplacé" if after.polygon else "retiré"))
    if not names:
        undo.settle(place, lambda value: _is_back(after, value))


def _with(before: Perimeter, changes: dict[str, Any]) -> Perimeter:
    return Perimeter(**{**{name: getattr(before, name) for name in Perimeter.model_fields}, **changes})


def _still(before: Perimeter, after: Perimeter, field: str) -> list[str]:
    return [code for code in getattr(before, field) if code in getattr(after, field)]


def _outline(perimeter: Perimeter, what: str) -> tuple[str, dict[str, Any]]:
    held = (perimeter.polygon, perimeter.polygon_name)
    words = f"Contour « {perimeter.polygon_name or 'importé'} » {what}."
    return words, {"epci": (), "communes": (), "outline": held}


def _is_back(perimeter: Perimeter, value: dict[str, Any]) -> bool:
    codes = {code for field in ("epci", "communes") for _, code in value[field]}
    return value["outline"] is None and codes <= {*perimeter.epci, *perimeter.communes}


def restore(desk: Desk, value: dict[str, Any]) -> tuple[str, Any] | None:
    """Put communes, EPCI or an outline back into the perimeter (`undo.Restore`)."""
    now = desk.study.perimeter
    changes: dict[str, Any] = {f: undo.put_back(getattr(now, f), value[f], str) for f in ("epci", "communes")}
    displaced = None
    if value["outline"] is not None:
        changes |= dict(zip(("polygon", "polygon_name"), value["outline"], strict=True))
        displaced = _outline(now, "remplacé") if now.polygon is not None else None
    desk.put_back(perimeter=_with(now, changes))
    desk.state.keep("view", None)
    desk.renew("perimeter")
    return displaced


def name_of(desk: Desk, place: str) -> str:
    """Name of a place such as "epci:243500741"; its code where the atlas does not know it."""
    row = lookup.resolve(desk.dataset, place)
    return place.partition(":")[2] if row is None else str(row["name"])
