"""The data set with the user's layers in it: for one session, marked, ours untouched.

Rows are appended after ours, in their table and in `places`: ours keep their order. A row that the user
says is one of ours is not added a second time, and changes nothing of ours; a row that is one of ours
under another kind is added and shares its `object_id`, so that the object is counted once.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd

from ptce_data import places
from ptce_data.duplicates import LINK
from ptce_data.own_layers.decisions import Decisions
from ptce_data.own_layers.model import TARGETS, OwnLayer
from ptce_data.query import IMPORTED
from ptce_data.territories.french import NBSP, quoted

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_KIND: Final = {table: kind for kind, table in places.TABLES.items()}
_GEO: Final = ("communes", "departements", "regions", "former_regions")
_LONGEST_NAME: Final = 80
_Frame = TypeVar("_Frame", bound=pd.DataFrame)
_UNDECIDED: Final = "Ressemblance trouvée à l’import de votre fichier ; rien n’est encore décidé."
_LINKED: Final = "Même objet, selon votre décision à l’import."


class AttachError(ValueError):
    """A layer or a decision cannot be attached; str() is one French sentence.

    `layer`: name of the layer; `line`: line of its file, None when the whole layer is at fault.
    """

    def __init__(self, layer: str, line: int | None, said: str) -> None:
        self.layer, self.line = layer, line
        where = quoted(layer) if line is None else f"{quoted(layer)}, ligne {line}"
        super().__init__(f"{where}{NBSP}: {said}.")


def source_id(layer: OwnLayer) -> str:
    """The id of the row of `sources` that stands for a layer."""
    return f"{IMPORTED}{layer.digest}"


def attach(
    dataset: Dataset,
    layers: Sequence[OwnLayer],
    decisions: Mapping[str, Decisions] | None = None,
    *,
    imported_on: datetime.date,
) -> Dataset:
    """Return a data set that also holds `layers`; without a row to add, `dataset` itself.

    `decisions` maps the digest of a layer to what was decided of it; `imported_on` is the date of access
    of its source. Undecided rows are added with `possible_duplicate` and, in `duplicates`, a row
    `probable` per candidate. `version` changes with layers, decisions and date, and with nothing else.
    Layers of target "autre" go to `own_layers`. `dataset` is not changed; frames that no layer touches
    are shared. Raises AttachError: a layer twice, an unknown target, a decision for an object that is
    not there, or decisions that lead in a circle.
    """
    result = dataset
    for layer in layers:
        if layer.target not in TARGETS:
            raise AttachError(layer.name, None, f"nature inconnue, {quoted(layer.target)}")
        if len(layer.rows) == 0:
            continue
        if source_id(layer) in set(result.sources["id"]):
            raise AttachError(layer.name, None, "ce fichier est déjà importé")
        decided = (decisions or {}).get(layer.digest, Decisions())
        result = _attached(result, layer, decided, imported_on)
    return result


def _attached(dataset: Dataset, layer: OwnLayer, decided: Decisions, on: datetime.date) -> Dataset:
    changes: dict[str, object] = {
        "version": _version(dataset, layer, decided, on),
        "base_version": dataset.files_version,
        "sources": _stacked(dataset.sources, _source(layer, on)),
    }
    if layer.target == "autre":
        return dataclasses.replace(dataset, own_layers=(*dataset.own_layers, layer), **changes)  # type: ignore[arg-type]
    kind, base = _KIND[layer.target], getattr(dataset, layer.target)
    uids = dict(zip(layer.rows["line"].tolist(), (kind + ":" + layer.rows["id"]).tolist(), strict=True))
    if set(uids.values()) & set(base["uid"]) or len(set(uids.values())) < len(layer.rows):
        raise AttachError(layer.name, None, "des identifiants de lignes sont en double")
    merged, linked = _destinies(dataset, layer, decided, uids)
    added = layer.rows[~layer.rows["line"].isin(merged)].reset_index(drop=True)
    gone = {uids[line]: uid for line, uid in merged.items()}
    changes["merged_uids"] = {**dataset.merged_uids, **gone}
    if added.empty:
        return dataclasses.replace(dataset, **changes)  # type: ignore[arg-type]
    table = _as_ours(added, base, kind)
    objects = dataset.places.drop_duplicates("uid").set_index("uid")["object_id"] if linked else {}
    shared = added["line"].map({line: objects[uid] for line, uid in linked.items()})
    table["object_id"] = shared.astype("str").fillna(table["uid"])
    states = pd.Series(decided.states(added["line"].tolist()), index=added.index)
    points = _places(dataset, table, added, kind).assign(
        is_imported=True, possible_duplicate=(states == "undecided").to_numpy(dtype=bool)
    )
    rows = _pairs(dataset, added, states, decided, uids, {**dataset.merged_uids, **gone}, linked, on)
    changes |= {
        layer.target: _stacked(base, table),
        "places": _stacked(dataset.places, points),
        "duplicates": _stacked(dataset.duplicates, rows),
    }
    return dataclasses.replace(dataset, **changes)  # type: ignore[arg-type]


def _destinies(
    dataset: Dataset, layer: OwnLayer, decided: Decisions, uids: Mapping[int, str]
) -> tuple[dict[int, str], dict[int, str]]:
    """Return, by line, the uid that a row is merged into, and the uid of another kind it is linked to."""
    known, lines = set(dataset.places["uid"]), {uid: line for line, uid in uids.items()}
    kind = _KIND[layer.target]
    merged: dict[int, str] = {}
    linked: dict[int, str] = {}
    for line in sorted(set(decided.same) & set(uids)):
        uid, seen, last = decided.same[line], {line}, ""
        # « la même que la ligne 4 », which is itself one of ours.
        while uid in lines and lines[uid] in decided.same:
            if lines[uid] in seen:
                raise AttachError(layer.name, line, "des décisions « même objet » tournent en rond")
            seen.add(lines[uid])
            uid, last = decided.same[lines[uid]], uid
        uid = dataset.merged_uids.get(uid, uid)
        if uid in lines:
            if lines[uid] == line:
                raise AttachError(layer.name, line, "une ligne ne peut être la même qu’elle-même")
            merged[line] = uid
        elif uid not in known:
            raise AttachError(layer.name, line, f"l’objet {quoted(uid)} n’est pas dans l’atlas")
        elif uid.partition(":")[0] == kind:
            merged[line] = uid
        elif last:
            merged[line] = last
        else:
            linked[line] = uid
    return merged, linked


def _as_ours(added: gpd.GeoDataFrame, base: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return the rows with the columns and types of the merged table of the data set."""
    table = pd.DataFrame(added.drop(columns=["line", "geometry"]))
    for name in table.columns[[dtype == "str" for dtype in table.dtypes]]:
        table[name] = table[name].mask(table[name] == "")
    table["uid"] = kind + ":" + table["id"]
    table["source_ids"] = table["source_id"]
    table["object_id"] = table["uid"]
    return table.reindex(columns=base.columns).astype(base.dtypes.to_dict())


def _places(dataset: Dataset, table: pd.DataFrame, added: gpd.GeoDataFrame, kind: str) -> gpd.GeoDataFrame:
    """Return the rows of `places`: as ours, with the point of the layer where the table has none."""
    placed = table.copy()
    shape = added.geometry
    shown = shape.where((shape.geom_type == "Point") & ~shape.is_empty)
    for name, own in (("lon", shown.x), ("lat", shown.y)):
        have = placed[name].astype("float64") if name in placed else pd.Series(np.nan, placed.index)
        placed[name] = have.fillna(pd.Series(own.to_numpy(dtype="float64"), index=placed.index))
    if "coord_precision" not in placed:
        placed["coord_precision"] = pd.Series(pd.NA, index=placed.index, dtype="str")
    # 35,000 communes cost more than the rows themselves: only theirs are looked up.
    codes = placed["commune_insee"].dropna().unique().tolist()
    geo = {level: getattr(dataset, level) for level in _GEO}
    geo["communes"] = _only(dataset.communes, codes)
    types = dataset.territories
    if types is not None:
        types = dataclasses.replace(types, communes=_only(types.communes, codes))
    return places.of_kind(kind, placed, geo, dataset.region_codes, dataset.pole_awards.iloc[:0], types)


def _only(frame: _Frame, codes: list[str]) -> _Frame:
    """Return the rows of these communes."""
    at = pd.Index(frame["commune_insee"]).get_indexer(codes)
    made: _Frame = frame.iloc[np.sort(at[at >= 0])]
    return made


def _pairs(
    dataset: Dataset,
    added: gpd.GeoDataFrame,
    states: pd.Series,
    decided: Decisions,
    uids: Mapping[int, str],
    redirect: Mapping[str, str],
    linked: Mapping[int, str],
    on: datetime.date,
) -> pd.DataFrame:
    """Return the rows of `duplicates`: a link per linked row, `probable` per undecided candidate."""
    known = set(dataset.places["uid"]) | {uids[line] for line in added["line"]}
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for line, state in zip(added["line"].tolist(), states.tolist(), strict=True):
        if line in linked:
            found[_ordered(uids[line], linked[line])] = (LINK, _LINKED)
        for uid in decided.proposed.get(line, ()) if state == "undecided" else ():
            other = redirect.get(uid, uid)
            if other in known and other != uids[line]:
                found.setdefault(_ordered(uids[line], other), ("probable", _UNDECIDED))
    cells = [(*pair, word, pd.NA, reason, on.isoformat()) for pair, (word, reason) in found.items()]
    return pd.DataFrame(cells, columns=list(dataset.duplicates.columns))


def _ordered(left: str, right: str) -> tuple[str, str]:
    return (left, right) if left < right else (right, left)


def _source(layer: OwnLayer, on: datetime.date) -> pd.DataFrame:
    name = " ".join(layer.name.split())
    shown = name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…"
    publisher = f"Votre fichier “{shown}” (import, non vérifié)"
    return pd.DataFrame([{"id": source_id(layer), "publisher": publisher, "date_accessed": on.isoformat()}])


def _stacked(ours: _Frame, more: pd.DataFrame) -> _Frame:
    """Append rows, with our columns and types; our rows keep their index and order."""
    if more.empty:
        return ours
    own = ours.dtypes.to_dict()
    fitted = more.reindex(columns=ours.columns)
    fitted = fitted.astype({name: kind for name, kind in own.items() if name != "geometry"})
    if isinstance(ours, gpd.GeoDataFrame):
        fitted = gpd.GeoDataFrame(fitted, geometry="geometry", crs=ours.crs)
    made: _Frame = pd.concat([ours, fitted], ignore_index=True)
    return made


def _version(dataset: Dataset, layer: OwnLayer, decided: Decisions, on: datetime.date) -> str:
    """Return a hash of the former version, the layer as it is understood, and what was decided of it."""
    said = [layer.digest, layer.name, layer.filename, layer.target, decided.canonical(), on.isoformat()]
    digest = hashlib.sha256(f"{dataset.version}|{json.dumps(said, ensure_ascii=False)}".encode())
    for name in layer.rows.columns:
        digest.update(str(name).encode())
        if name == "geometry":
            shapes = layer.rows.geometry.to_wkb()
            digest.update(b"|".join(shape or b"-" for shape in shapes))
        else:
            cells = layer.rows[name].astype("str").fillna("\x00").tolist()
            digest.update("\x1f".join(cells).encode())
    return digest.hexdigest()[:12]
