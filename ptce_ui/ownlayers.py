"""The layers a reader imported: kept for the session, set beside the atlas on every page, drawn apart."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ptce_data import own_layers
from ptce_data.own_layers import Decisions, Mapping, OwnLayer, RawLayer
from ptce_ui import assets, maps, pagestate, undo

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: What the name of an example’s file begins with.
EXAMPLE: Final = "exemple-"
#: More shapes than this would hold the browser back: the table and the files have them all.
MOST_SHAPES: Final = 3_000
#: Where removals are remembered (`undo`): the file being imported, its decisions, the layers beside the atlas.
DRAFT: Final = "couche|fichier"
DECISIONS: Final = "couche|paires"
LAYERS: Final = "couche|ajoutees"


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
    """Remember the file being imported, or forget it; the former one can come back (callback).

    One that was only read and took no work is given up for another one without a word.
    """
    before = draft()
    if before is not None and (value is None or before.layer is not None):
        what = "abandonné" if value is None else "remplacé"
        remember_draft(f"Fichier « {before.filename} » {what}.")
    _swap(value, None)


def remember_draft(words: str) -> None:
    """Make what is about to change of the file being imported undoable (callback)."""
    found = draft()
    if found is not None:
        undo.remember(DRAFT, words, (found, pagestate.shared("stored|layer")), size=3 * len(found.data))


def _swap(value: Draft | None, link: Any) -> None:
    pagestate.share("stored|layer", link)
    pagestate.share("layer_draft", value)
    pagestate.share("layer_turn", turn() + 1)
    new_report()


def restore_draft(value: tuple[Draft, Any]) -> tuple[str, Any] | None:
    """Put a file being imported back, with its columns, answers and decisions (`undo.Restore`)."""
    now = draft()
    link = pagestate.shared("stored|layer")
    displaced = None if now is None else (f"Fichier « {now.filename} » remplacé.", (now, link))
    _swap(*value)
    return displaced


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


def called(one: Added) -> str:
    """What a layer is called: the reader's own, or that of an example."""
    return "La couche d’exemple" if one.layer.filename.startswith(EXAMPLE) else "Votre couche"


def added() -> tuple[Added, ...]:
    """The layers beside the atlas in this session, the oldest first."""
    return tuple(pagestate.shared("layers") or ())


def add(one: Added) -> None:
    """Set a layer beside the atlas; the same file takes its former place, and can give it back (callback)."""
    _remember(one.layer.digest, "remplacée")
    pagestate.share("layers", (*_others(one.layer.digest), one))


def _others(digest: str) -> tuple[Added, ...]:
    return tuple(a for a in added() if a.layer.digest != digest)


def _remember(digest: str, what: str) -> None:
    for at, one in undo.lost(added(), _others(digest)) or ():
        size = 4 * int(one.layer.rows.memory_usage(deep=True).sum())
        undo.remember(LAYERS, f"Couche « {one.layer.name} » {what}.", ((at, one),), size=size)


def remove(digest: str) -> None:
    """Take a layer away; it can come back where it was (callback)."""
    _remember(digest, "retirée")
    pagestate.share("layers", _others(digest))


def restore(gone: tuple[tuple[int, Added], ...]) -> tuple[str, Any] | None:
    """Bring back a layer that was taken away or replaced (`undo.Restore`)."""
    ((_, one),) = gone
    now = undo.lost(added(), _others(one.layer.digest)) or ()
    pagestate.share("layers", undo.put_back(_others(one.layer.digest), gone))
    return (f"Couche « {one.layer.name} » remplacée.", now) if now else None


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


def _token() -> str:
    token = pagestate.shared("layers_token")
    if token is None:
        token = secrets.token_hex(16)
        pagestate.share("layers_token", token)
    return str(token)
