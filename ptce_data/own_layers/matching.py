"""Imported rows that may already be in the atlas, or be twice in their file: proposed, never decided.

Two rows are proposed as one when they are near (2 km between two precise points, else the same commune)
and their names are alike; where a commune is unknown, when their names are almost the same in one
département or région; and when they share a SIREN or a web page and their places do not exclude it.
What counts of a name is what singles it out: generic words (`scdl.names`) and the names of its place are
left out. Likeness is rapidfuzz's ratio, or that the words of one are all in the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from ptce_data.own_layers.compared import EARTH_KM, KIND_OF, Flags, Floats, Ints, Rows, both
from ptce_data.own_layers.model import OwnLayer
from ptce_data.territories.french import NBSP

if TYPE_CHECKING:
    from ptce_data.load import Dataset

Progress = Callable[[float, str], None]

#: Columns of `candidates` and their types.
COLUMNS: Final[dict[str, str]] = {
    "line": "int64", "name": "str", "uid": "str", "atlas_name": "str", "kind": "str", "distance_km": "float64",
    "similarity": "int64", "same_commune": "bool", "score": "int64", "is_sure": "bool", "reason": "str",
    "within_layer": "bool",
}  # fmt: skip
#: Two precise points closer than this are near; than that, at the same spot.
NEAR_KM: Final = 2.0
SPOT_KM: Final = 0.06
#: Likeness (0 to 100) from which a pair is proposed: near and of one kind, near and of two kinds, at the
#: same spot, and where a commune is unknown.
ALIKE, ALIKE_ACROSS, ALIKE_SPOT, ALIKE_AREA = 72, 80, 50, 90
#: A pair is sure when the whole names are equal and two points are this near, or no point says otherwise
#: in a commune small enough for one name to be one place.
SURE_KM: Final = 0.15
SURE_POPULATION: Final = 50_000
#: At most so many proposals per imported row, the best first.
MOST: Final = 5

_CHUNK: Final = 2_000
#: A block of more rows than this is only compared by equal names within itself.
_BLOCK: Final = 4_000
_CONTAINED, _PER_WORD, _SHORTEST = 92, 4, 4
_OTHER_NUMBER, _WEAK = 60, 0.8


def candidates(dataset: Dataset, layer: OwnLayer, progress: Progress | None = None) -> pd.DataFrame:
    """Return the pairs to decide, per imported row the best first (at most `MOST`).

    Columns: line and name of the imported row; uid, atlas_name and kind of the row it may be (for
    `within_layer`, an earlier row of the same file); distance_km between two precise points, NaN where one is
    unknown; similarity of the names and score of the pair (0 to 100); same_commune; is_sure (may be
    accepted in bulk by the user); reason, a French sentence. Empty for the target "autre".
    `progress` is called with a share (0 to 1) and French words.
    """
    if layer.target not in KIND_OF or layer.rows.empty:
        return _typed(pd.DataFrame(columns=list(COLUMNS)))
    tell: Progress = progress or (lambda share, words: None)
    tell(0.0, "Préparation des noms")
    theirs, ours = both(dataset, layer)
    found = []
    chunks = -(-len(layer.rows) // _CHUNK)
    for step, (left, right, alike) in enumerate(_with_atlas(theirs, ours)):
        tell(0.25 + 0.6 * step / chunks, "Recherche dans l’atlas")
        found.append(_pairs(theirs, ours, left, right, alike, within=False))
    tell(0.85, "Recherche de doublons dans le fichier")
    found.append(_pairs(theirs, theirs, *_within(theirs), within=True))
    made = pd.concat(found, ignore_index=True)
    made = made.sort_values(["line", "score", "uid"], ascending=[True, False, True], kind="stable")
    made = made[made.groupby("line").cumcount() < MOST].reset_index(drop=True)
    made = _sure(dataset, made, layer)
    tell(1.0, "Terminé")
    return _typed(made)


def _typed(made: pd.DataFrame) -> pd.DataFrame:
    return made.reindex(columns=list(COLUMNS)).astype(COLUMNS)


def _with_atlas(theirs: Rows, ours: Rows) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Yield, chunk by chunk of imported rows, the pairs with rows of the atlas and their likeness."""
    by_word: dict[str, list[int]] = defaultdict(list)
    for at, words in enumerate(ours.words):
        for word in words:
            by_word[word].append(at)
    keys = [(theirs.siren, _positions(ours.siren)), (theirs.website, _positions(ours.website))]
    for start in range(0, len(theirs.text), _CHUNK):
        stop = min(start + _CHUNK, len(theirs.text))
        alike = _alike(theirs, ours, slice(start, stop), ALIKE_SPOT)
        for row in range(start, stop):
            _contained(alike[row - start], theirs.words[row], ours.words, by_word)
            for codes, known in keys:
                for at in known.get(int(codes[row]), ()):
                    alike[row - start, at] = max(alike[row - start, at], 1)
        left, right = np.nonzero(alike)
        likeness = alike[left, right].astype(np.int64)
        left = left + start
        likeness = _weakened(theirs, ours, left, right, likeness)
        kept = _worth(theirs, ours, left, right, likeness)
        yield left[kept], right[kept], likeness[kept]


def _alike(theirs: Rows, ours: Rows, part: slice, least: int) -> Any:
    """Return the likeness of each row of `part` with each of ours (0 to 100), 0 below `least`."""
    options: dict[str, Any] = {"scorer": fuzz.ratio, "score_cutoff": least, "dtype": np.uint8}
    alike = process.cdist(theirs.text[part], ours.text, **options)
    lean = process.cdist(theirs.lean[part], ours.lean, **options)
    np.maximum(alike, lean, out=alike, where=lean >= ALIKE_AREA)
    weak = theirs.is_weak[part]
    alike[weak] = lean[weak]
    alike[:, ours.is_weak] = lean[:, ours.is_weak]
    return alike


def _positions(codes: Ints) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for at in np.flatnonzero(codes >= 0).tolist():
        found[int(codes[at])].append(at)
    return dict(found)


def _worth(theirs: Rows, ours: Rows, left: Ints, right: Ints, alike: Ints) -> Flags:
    """Tell which pairs are to be proposed."""
    commune, other = theirs.commune[left], ours.commune[right]
    # NaN compares as False: no precise point, no distance.
    cosine = np.einsum("ij,ij->i", theirs.xyz[left], ours.xyz[right])
    near = ((commune == other) & (commune >= 0)) | (cosine >= np.cos(NEAR_KM / EARTH_KM))
    maybe = (commune < 0) | (other < 0)
    maybe[maybe] = _same_area(theirs, ours, left[maybe], right[maybe])
    of_kind = theirs.kind[left] == ours.kind[right]
    kept: Flags = near & (alike >= np.where(of_kind, ALIKE, ALIKE_ACROSS))
    kept |= (cosine >= np.cos(SPOT_KM / EARTH_KM)) & (alike >= ALIKE_SPOT)
    kept |= maybe & (alike >= ALIKE_AREA) & ~theirs.is_weak[left]
    for mine, others in (
        (theirs.siren[left], ours.siren[right]),
        (theirs.website[left], ours.website[right]),
    ):
        kept |= (mine == others) & (mine >= 0) & (near | maybe)
    return kept


def _weakened(theirs: Rows, ours: Rows, left: Ints, right: Ints, alike: Ints) -> Ints:
    """Lower the likeness of names that nothing singles out, or that bear other numbers."""
    weak = (theirs.is_weak[left] | ours.is_weak[right]) & (alike < 100)
    numbers, others = theirs.numbers[left], ours.numbers[right]
    # « Lieu 13 » and « Lieu 14 » look alike, and are two places.
    another = (numbers != others) & (numbers >= 0) & (others >= 0)
    lowered = np.where(weak, alike * _WEAK, alike)
    return np.where(another, np.minimum(lowered, _OTHER_NUMBER), lowered).astype(np.int64)


def _contained(
    row: Any, mine: frozenset[str], others: list[frozenset[str]], by_word: dict[str, list[int]]
) -> None:
    """Raise, in place, the likeness of names whose words are all in the other one."""
    for at in {at for word in mine for at in by_word.get(word, ())}:
        other = others[at]
        small, large = (mine, other) if len(mine) <= len(other) else (other, mine)
        if small <= large and sum(map(len, small)) >= _SHORTEST:
            extra = len(large) - len(small)
            row[at] = max(row[at], _CONTAINED - _PER_WORD * extra if extra else 100, 1)


def _same_area(theirs: Rows, ours: Rows, left: Ints, right: Ints) -> Flags:
    departement, other = theirs.departement[left], ours.departement[right]
    region = theirs.region[left]
    same_region = (region == ours.region[right]) & (region >= 0)
    same: Flags = np.where((departement >= 0) & (other >= 0), departement == other, same_region)
    return same


def _within(rows: Rows) -> tuple[Ints, Ints, Ints]:
    """Return each row that looks like an earlier one of its file, that one, and their likeness."""
    blocks = np.where(rows.commune >= 0, rows.commune, -2 - rows.departement)
    order = np.argsort(blocks, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(blocks[order]) != 0])
    found: list[tuple[int, int, int]] = []
    for members in np.split(order, starts[1:]):
        if len(members) > _BLOCK:
            found += _equal(rows, members)
        elif len(members) > 1:
            found += _like_earlier(rows, members)
    made = np.array(found, dtype=np.int64).reshape(-1, 3)
    return made[:, 0], made[:, 1], made[:, 2]


def _equal(rows: Rows, members: Ints) -> list[tuple[int, int, int]]:
    seen: dict[int, int] = {}
    firsts = [(at, seen.setdefault(int(rows.whole[at]), at)) for at in members.tolist()]
    return [(at, first, 100) for at, first in firsts if at != first]


def _like_earlier(rows: Rows, members: Ints) -> list[tuple[int, int, int]]:
    own = [rows.text[at] for at in members]
    least = ALIKE if rows.commune[members[0]] >= 0 else ALIKE_AREA
    alike = process.cdist(own, own, scorer=fuzz.ratio, score_cutoff=least, dtype=np.uint8)
    alike = np.tril(alike, -1)
    weak, numbers = rows.is_weak[members], rows.numbers[members]
    alike[(weak[:, None] | weak) & (alike < 100)] = 0
    alike[(numbers[:, None] != numbers) & (numbers[:, None] >= 0) & (numbers >= 0)] = 0
    best = alike.argmax(axis=1)
    likeness = alike[np.arange(len(members)), best]
    hits = np.flatnonzero(likeness >= least).tolist()
    return [(int(members[at]), int(members[best[at]]), int(likeness[at])) for at in hits]


def _pairs(theirs: Rows, ours: Rows, left: Ints, right: Ints, alike: Ints, within: bool) -> pd.DataFrame:
    chord = np.linalg.norm(theirs.xyz[left] - ours.xyz[right], axis=1)
    distance = 2 * EARTH_KM * np.arcsin(np.minimum(chord / 2, 1.0))
    same = (theirs.commune[left] == ours.commune[right]) & (theirs.commune[left] >= 0)
    siren, other = theirs.siren[left], ours.siren[right]
    far: Floats = np.where(np.isnan(distance), np.where(same, 1.5, 4.0), distance)
    nearness = 100 * np.exp(-np.maximum(far - 0.05, 0) / 2)
    score = 0.7 * alike + 0.3 * nearness
    page = (theirs.website[left] == ours.website[right]) & (theirs.website[left] >= 0)
    same_siren = (siren == other) & (siren >= 0)
    score = np.where(page | same_siren, np.maximum(score, 60), score)
    equal = (theirs.whole[left] == ours.whole[right]) & ~theirs.is_weak[left]
    other_siren = (siren >= 0) & (other >= 0) & (siren != other)
    made = pd.DataFrame(
        {
            "line": theirs.line[left],
            "name": [theirs.name[at] for at in left],
            "uid": [ours.uid[at] for at in right],
            "atlas_name": [ours.name[at] for at in right],
            "kind": [ours.uid[at].partition(":")[0] for at in right],
            "distance_km": np.round(distance, 3),
            "similarity": alike,
            "same_commune": same,
            "score": np.round(score).astype(np.int64),
            "is_sure": equal & ~other_siren & (theirs.kind[left] == ours.kind[right]),
            "within_layer": within,
        }
    )
    made["reason"] = [
        _reason(*cells)
        for cells in zip(alike.tolist(), distance.tolist(), same.tolist(), same_siren, page, strict=True)
    ]
    return made


def _reason(alike: int, distance: float, same: bool, same_siren: bool, page: bool) -> str:
    """Say in one French sentence what makes a pair likely."""
    said = ["noms identiques" if alike == 100 else "noms proches" if alike >= ALIKE else "noms différents"]
    if same_siren:
        said.insert(0, "même numéro Siren")
    if page:
        said.insert(0, "même page web")
    if distance == distance:
        metres = f"{distance * 1000:.0f}{NBSP}m"
        said.append(f"à {metres}" if distance < 1 else f"à {distance:.1f}{NBSP}km".replace(".", ","))
    if same:
        said.append("même commune")
    elif distance != distance:
        said.append("commune inconnue d’un côté")
    text = ", ".join(said) + "."
    return text[0].upper() + text[1:]


def _sure(dataset: Dataset, made: pd.DataFrame, layer: OwnLayer) -> pd.DataFrame:
    """Keep `is_sure` where the places agree, and where nothing else could be meant."""
    rows = layer.rows
    commune = made["line"].map(dict(zip(rows["line"], rows["commune_insee"], strict=True)))
    people = commune.map(dataset.communes.set_index("commune_insee")["population"])
    small = made["same_commune"] & (people < SURE_POPULATION)
    sure = made["is_sure"] & ((made["distance_km"] <= SURE_KM) | (made["distance_km"].isna() & small))
    alone = ~made[sure].duplicated("line", keep=False).reindex(made.index, fill_value=False)
    # Two rows of the file cannot both be the same object of the atlas, unless they are one themselves.
    claimed = made[sure & ~made["within_layer"]].duplicated("uid", keep=False)
    alone &= ~claimed.reindex(made.index, fill_value=False)
    return made.assign(is_sure=sure & alone)
