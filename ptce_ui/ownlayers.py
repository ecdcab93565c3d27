"""The layers a reader imported: kept for the session, set beside the atlas on every page, drawn apart."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ptce_data import own_layers
from ptce_data.own_layers import Decisions, Mapping, OwnLayer, RawLayer
from ptce_ui import assets, maps, pagestate

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: More shapes than this would hold the browser back: the table and the files have them all.
MOST_SHAPES: Final = 3_000


@dataclass(frozen=True, eq=False)
class Draft:
    """A file being imported: read, mapped, perhaps checked row by row."""

    filename: str
    data: bytes
    raw: RawLayer
    mapping: Mapping
    answers: dict[str, str]
    layer: OwnLayer | None = None
    candidates: pd.DataFrame | None = None
    decisions: Decisions | None = None


@dataclass(frozen=True, eq=False)
class Added:
    """A layer set beside the atlas, with what was decided of its possible duplicates."""

    layer: OwnLayer
    decisions: Decisions
    on: dt.date


def draft() -> Draft | None:
    """The file being imported in this session."""
    found: Draft | None = pagestate.shared("layer_draft")
    return found


def keep_draft(value: Draft | None) -> None:
    """Remember the file being imported, or forget it (callback)."""
    pagestate.share("stored|layer", None)
    pagestate.share("layer_draft", value)
    pagestate.share("layer_turn", turn() + 1)


def change_draft(**changes: Any) -> None:
    """Change what is known of the file being imported (callback)."""
    found = draft()
    if found is not None:
        pagestate.share("layer_draft", replace(found, **changes))


def turn() -> int:
    """Changes with every other file or mapping: its fields are then drawn afresh."""
    return int(pagestate.shared("layer_turn") or 0)


def report_turn() -> int:
    """Changes with every other report or decision: its tables are then drawn afresh."""
    return int(pagestate.shared("layer_report") or 0)


def new_report() -> None:
    """Tell that the report or the decisions are others than before (callback)."""
    pagestate.share("layer_report", report_turn() + 1)


def say(words: str) -> None:
    """Remember why a layer could not be set beside the atlas; empty when it was (callback)."""
    pagestate.share("layer_said", words)


def said() -> str:
    """What `say` remembered."""
    return str(pagestate.shared("layer_said") or "")


def added() -> tuple[Added, ...]:
    """The layers beside the atlas in this session, the oldest first."""
    return tuple(pagestate.shared("layers") or ())


def add(one: Added) -> None:
    """Set a layer beside the atlas; the same file takes its former place (callback)."""
    others = tuple(a for a in added() if a.layer.digest != one.layer.digest)
    pagestate.share("layers", (*others, one))


def remove(digest: str) -> None:
    """Take a layer away; `restore` brings the last one back (callback)."""
    pagestate.share("layers_removed", [a for a in added() if a.layer.digest == digest])
    pagestate.share("layers", tuple(a for a in added() if a.layer.digest != digest))


def removed() -> Added | None:
    """The layer taken away last, if it is not back."""
    found = list(pagestate.shared("layers_removed") or ())
    return found[0] if found and found[0] not in added() else None


def restore() -> None:
    """Bring back the layer taken away last (callback)."""
    found = removed()
    if found is not None:
        add(found)
    pagestate.share("layers_removed", [])


def joined(base: Dataset, layers: Iterable[Added]) -> Dataset:
    """`base` with these layers beside it. Raises ptce_data.own_layers.AttachError."""
    for one in layers:
        base = own_layers.attach(base, [one.layer], {one.layer.digest: one.decisions}, imported_on=one.on)
    return base


def attached(base: Dataset) -> Dataset:
    """The data set of this session: `base`, with the layers beside it. Made once per change.

    Raises ptce_data.own_layers.AttachError where two layers cannot stand together.
    """
    layers = pagestate.shared("layers")
    if not layers:
        return base
    kept = pagestate.shared("layers_dataset")
    if kept is None or kept[0] != base.version or kept[1] is not layers:
        kept = (base.version, layers, joined(base, layers))
        pagestate.share("layers_dataset", kept)
    found: Dataset = kept[2]
    return found


def points(dataset: Dataset, shown: np.ndarray, **options: Any) -> maps.Points:
    """What a map draws of `dataset.places`: `shown` says of each row whether it is; imported rows come last."""
    own = dataset.places["is_imported"].to_numpy(dtype=bool)
    file = assets.own_places_file(dataset, _token()) if own.any() else None
    return maps.Points(assets.places_file(dataset), shown[~own], file, shown[own], **options)


def outlines(dataset: Dataset) -> dict[str, Any] | None:
    """Layers that are no table of ours, as GeoJSON for the map (at most `MOST_SHAPES` shapes), or None."""
    features: list[dict[str, Any]] = []
    for layer in dataset.own_layers:
        shown = layer.rows[~layer.rows.geometry.isna() & ~layer.rows.geometry.is_empty]
        for shape in json.loads(shown.geometry.head(MOST_SHAPES - len(features)).to_json())["features"]:
            features.append(
                {"type": "Feature", "properties": {"role": "ajout"}, "geometry": shape["geometry"]}
            )
    return {"type": "FeatureCollection", "features": features} if features else None


def progress(say: Callable[[float, str], Any], start: float, end: float) -> Callable[[float, str], None]:
    """A share of one step as a share of the whole, from `start` to `end`."""
    return lambda share, words: say(min(start + (end - start) * share, 1.0), words)


def _token() -> str:
    token = pagestate.shared("layers_token")
    if token is None:
        token = secrets.token_hex(16)
        pagestate.share("layers_token", token)
    return str(token)
