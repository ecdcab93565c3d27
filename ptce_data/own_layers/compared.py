"""Imported rows and rows of the atlas, side by side, as `matching` compares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ptce_data.own_layers.model import OwnLayer
from ptce_data.scdl.names import fold_name, read_folded
from ptce_data.text import fold

if TYPE_CHECKING:
    from ptce_data.load import Dataset

KIND_OF: Final = {"tiers_lieux": "tiers_lieu", "poles": "pole", "clusters": "cluster"}
#: Positions that are those of the object itself.
PRECISE: Final = ("adresse", "place_a_la_main", "point_non_qualifie")
EARTH_KM: Final = 6371.0088
#: Letters of a name that are compared: names of thousands of letters must not cost minutes.
_LONGEST: Final = 120
#: What a tiers-lieu, a pôle or a cluster is, rather than which one.
_KIND_WORDS: Final = frozenset(
    "tiers lieu lieux tierslieu coworking cowork fab lab labs fablab espace espaces pole ptce cluster".split()
)
_COLUMNS: Final = ("commune_insee", "departement_code", "region_code", "kind", "siren", "website", "uid")

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows to compare; codes are numbers shared by the two sides, -1 = unknown.

    `text`: what singles the name out (generic words and the names of its place left out), `is_weak` where
    nothing does and `lean` stands for it: the words but those of its kind; `whole`: all its words but
    articles, legal forms and place; `xyz`: unit vector of the precise point (WGS 84), NaN without one.
    """

    line: Ints
    uid: list[str]
    name: list[str]
    kind: Ints
    text: list[str]
    lean: list[str]
    whole: Ints
    words: list[frozenset[str]]
    numbers: Ints
    is_weak: Flags
    commune: Ints
    departement: Ints
    region: Ints
    siren: Ints
    website: Ints
    xyz: Floats


def both(dataset: Dataset, layer: OwnLayer) -> tuple[Rows, Rows]:
    """Return the rows of the layer and those of the atlas (other attached layers included)."""
    theirs, ours = _imported(layer), _atlas(dataset, layer)
    frame = pd.concat([theirs, ours], ignore_index=True)
    prepared = _prepared(dataset, frame)
    codes = {name: pd.factorize(frame[name])[0].astype(np.int64) for name in _COLUMNS if name not in ("uid",)}
    codes["whole"], codes["numbers"] = (
        pd.factorize(prepared[name])[0].astype(np.int64) for name in ("whole", "numbers")
    )
    xyz = _unit_vectors(frame["lon"], frame["lat"])

    def side(rows: slice) -> Rows:
        return Rows(
            line=frame["line"].to_numpy(dtype=np.int64)[rows],
            uid=frame["uid"].tolist()[rows],
            name=frame["name"].fillna("").tolist()[rows],
            kind=codes["kind"][rows],
            text=prepared["text"].tolist()[rows],
            lean=prepared["lean"].tolist()[rows],
            whole=codes["whole"][rows],
            words=prepared["words"].tolist()[rows],
            numbers=codes["numbers"][rows],
            is_weak=prepared["is_weak"].to_numpy(dtype=bool)[rows],
            commune=codes["commune_insee"][rows],
            departement=codes["departement_code"][rows],
            region=codes["region_code"][rows],
            siren=codes["siren"][rows],
            website=codes["website"][rows],
            xyz=xyz[rows],
        )

    return side(slice(0, len(theirs))), side(slice(len(theirs), len(frame)))


def _imported(layer: OwnLayer) -> pd.DataFrame:
    rows, kind = layer.rows, KIND_OF[layer.target]
    made = pd.DataFrame({"line": rows["line"].to_numpy(dtype=np.int64), "kind": kind})
    for name in ("name", "commune_insee", "departement_code", "region_code", "siren"):
        made[name] = rows[name].astype("str").to_numpy()
        made[name] = made[name].mask(made[name] == "")
    made["uid"] = kind + ":" + rows["id"].astype("str").to_numpy()
    made["website"] = _page(pd.Series(rows["website"].to_numpy(), dtype="str"))
    shape = rows.geometry
    is_point = (shape.geom_type == "Point") & ~shape.is_empty
    if "coord_precision" in rows:
        is_point &= rows["coord_precision"].isna() | rows["coord_precision"].isin(["", *PRECISE])
    points = shape.where(is_point)
    return made.assign(lon=points.x.to_numpy(dtype=float), lat=points.y.to_numpy(dtype=float))


def _atlas(dataset: Dataset, layer: OwnLayer) -> pd.DataFrame:
    places = dataset.places
    # The layer itself may already be attached.
    own = places["uid"].isin(set(KIND_OF[layer.target] + ":" + layer.rows["id"].astype("str")))
    columns = ["uid", "kind", "name", "commune_insee", "departement_code", "region_code", "lon", "lat"]
    made = pd.DataFrame(places.loc[~own, columns]).reset_index(drop=True)
    precise = places.loc[~own, "geo_precision"].isin(PRECISE).to_numpy()
    for axis in ("lon", "lat"):
        made[axis] = made[axis].where(precise)
    for column in ("siren", "website"):
        known = pd.concat([getattr(dataset, name).set_index("uid")[column] for name in KIND_OF])
        made[column] = made["uid"].map(known[~known.index.duplicated()]).astype("str")
    made["website"] = _page(made["website"])
    return made.assign(line=-1)


def _page(addresses: pd.Series) -> pd.Series:
    """Return web addresses without scheme, www, parameters and final slash; empty ones missing."""
    bare = addresses.astype("str").str.lower().str.replace(r"^https?://(?:www\.)?", "", regex=True)
    bare = bare.str.partition("#")[0].str.rstrip("/")
    return bare.mask(bare == "")


def _unit_vectors(lon: pd.Series, lat: pd.Series) -> Floats:
    x, y = np.radians(lon.to_numpy(dtype=float)), np.radians(lat.to_numpy(dtype=float))
    return np.column_stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)])


def _prepared(dataset: Dataset, frame: pd.DataFrame) -> pd.DataFrame:
    """Return text, lean, whole, words, numbers and is_weak of each name."""
    place_words = _PlaceWords(dataset)
    columns = ["name", "commune_insee", "departement_code", "region_code"]
    cells = frame[columns].astype(object).where(frame[columns].notna(), None)
    made = [
        _name(name or "", place_words.of(*codes))
        for name, *codes in zip(*(cells[c].tolist() for c in columns), strict=True)
    ]
    return pd.DataFrame(made, columns=["text", "lean", "whole", "words", "numbers", "is_weak"])


def _name(name: str, place: frozenset[str]) -> tuple[str, str, str, frozenset[str], str | None, bool]:
    found = read_folded(fold_name(name[: 4 * _LONGEST]))
    telling = found.telling - place
    plain = [word for word in found.words if word not in place] or list(found.words)
    kept = [word for word in dict.fromkeys(plain) if word in telling]
    lean = "".join([word for word in plain if word not in _KIND_WORDS] or plain)[:_LONGEST]
    text = "".join(kept)[:_LONGEST] or lean
    numbers = "".join(c for word in plain for c in word if c.isdigit()) or None
    return text, lean, " ".join(sorted(set(plain))), frozenset(kept), numbers, not kept


class _PlaceWords:
    """The words of the names of an object's commune, département and région: everybody there bears them."""

    def __init__(self, dataset: Dataset) -> None:
        self._names: tuple[Mapping[Any, Any], ...] = (
            dict(zip(dataset.communes["commune_insee"], dataset.communes["name"], strict=True)),
            dict(zip(dataset.departements["departement_code"], dataset.departements["name"], strict=True)),
            dict(zip(dataset.region_codes["region_code"], dataset.region_codes["name"], strict=True)),
        )
        self._known: dict[tuple[str | None, ...], frozenset[str]] = {}

    def of(self, *codes: str | None) -> frozenset[str]:
        """Return the folded words of the places with these codes (commune, département, région)."""
        found = self._known.get(codes)
        if found is None:
            names = [table[code] for table, code in zip(self._names, codes, strict=True) if code in table]
            found = frozenset(word for name in names for word in fold(str(name)).split())
            self._known[codes] = found
        return found
