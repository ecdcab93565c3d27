"""Propose pairs of rows that may be one object, within and between pôles, tiers-lieux and clusters.

    python -m scripts.propose_duplicates           lists the proposals that data/duplicates.csv does not decide
    python -m scripts.propose_duplicates --all     lists all proposals

A pair is proposed when its names are alike and its places do not exclude each other, or when the
two rows share a web page and a commune. The rows are read before any merge. A person decides, in
data/duplicates.csv; nothing is decided here.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import itertools
import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from ptce_data import reading
from ptce_data.load import DATA_DIR
from ptce_data.schema.references import UID_TABLES
from ptce_data.text import fold

#: Words that many names share: they tell nothing of one place.
GENERIC: Final = frozenset(
    "le la les l un une d de du des en et a au aux sur pour par the of and "
    "espace espaces coworking cowork coworkin ecoworking co working workspace work tiers lieu lieux tierslieu fab lab labs fablab "
    "atelier ateliers association asso scic sarl centre maison pole poles ptce cluster telecentre "
    "business bureaux bureau partages partage numerique cybercentre hub campus".split()
)
#: Names at least this much alike are proposed (0 to 1), in one commune and elsewhere.
ALIKE_NEAR: Final = 0.72
ALIKE_FAR: Final = 0.9
#: Two precise points closer than this are near, in metres; farther than that, in two communes, is far.
NEAR_M: Final = 2_000.0
SAME_SPOT_M: Final = 60.0
ALIKE_SAME_SPOT: Final = 0.5
#: Shortest part of a name that can stand for it, in letters.
_SHORTEST: Final = 5
#: Shortest name that is looked for in a web address, in letters.
_IN_ADDRESS: Final = 6
_INITIALS: Final = re.compile(r"(?<=\b\w)\.(?=\w\b)")
_PARTS: Final = re.compile(r"[()«»/:]| [–—-] |, | devenue? ")
_ACTIVITY: Final = re.compile(r"e?coworking|cowork in|fab ?lab| ")
_EARTH_M: Final = 6_371_000.0
_POINTS: Final = frozenset({"adresse", "place_a_la_main", "point_non_qualifie"})


@dataclass(frozen=True)
class Row:
    """What is compared of a row.

    `names` holds the folded name and its parts (other names in brackets, after a dash…), each with
    its words that are neither generic nor the name of its area. Coordinates are WGS 84 degrees, only where they are precise.
    """

    uid: str
    names: tuple[tuple[str, frozenset[str]], ...]
    commune: str | None
    departement: str | None
    region: str | None
    lon: float | None
    lat: float | None
    page: str | None


@dataclass(frozen=True, order=True)
class Proposal:
    """A pair to read, left_uid before right_uid; `why` says what brought it here."""

    left_uid: str
    right_uid: str
    alike: float
    why: str


def rows(data_dir: Path = DATA_DIR) -> list[Row]:
    """Read the three tables of objects, unmerged."""
    communes = pq.read_table(data_dir / "geo" / "communes.parquet", columns=["commune_insee", "name"])
    commune_names = dict(
        zip(*(communes[name].to_pylist() for name in ("commune_insee", "name")), strict=True)
    )
    area_words = {
        word
        for table in ("region_codes", "former_region_codes", "departement_codes")
        for name in reading.read(table, data_dir).text["name"]
        for word in fold(name).split()
    }
    found = []
    for prefix, table in UID_TABLES.items():
        for raw in reading.read(table, data_dir).text.to_dict("records"):
            cells = {str(field): str(value) for field, value in raw.items()}
            own = fold(commune_names.get(cells["commune_insee"], "")).split()
            found.append(_row(prefix, cells, GENERIC | area_words | set(own)))
    return found


def _row(prefix: str, cells: dict[str, str], vague: frozenset[str]) -> Row:
    precise = cells.get("coord_precision") in _POINTS
    return Row(
        uid=f"{prefix}:{cells['id']}",
        names=name_parts(cells["name"], vague),
        commune=cells["commune_insee"] or None,
        departement=cells["departement_code"] or None,
        region=cells["region_code"] or None,
        lon=float(cells["lon"]) if precise else None,
        lat=float(cells["lat"]) if precise else None,
        page=_page(cells["website"]),
    )


def name_parts(name: str, vague: frozenset[str]) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the whole name and those of its parts that can stand for it, with the words that tell."""
    found = {}
    for number, part in enumerate((name, *_PARTS.split(name))):
        folded = fold(_INITIALS.sub("", part))
        words = frozenset(folded.split()) - vague
        if number == 0 or _size(words) >= _SHORTEST:
            found[folded] = words
    return tuple(found.items())


def _page(address: str) -> str | None:
    """Return a web address without scheme, www, parameters and final slash."""
    bare = address.lower().partition("://")[2].removeprefix("www.").partition("#")[0].rstrip("/")
    return bare or None


def alike(left: Row, right: Row) -> float:
    """Return how much two rows' names are alike, 0 to 1: their best pair of names, generic words left out."""
    return max(_alike(ours, theirs) for ours in left.names for theirs in right.names)


def _alike(left: tuple[str, frozenset[str]], right: tuple[str, frozenset[str]]) -> float:
    (name, ours), (other, theirs) = left, right
    if name == other:
        return 1.0
    if not ours or not theirs:
        return _ratio(name, other) * 0.8
    if name.replace(" ", "") == other.replace(" ", ""):
        return 1.0
    squeezed = _ratio("".join(_ACTIVITY.split(name)), "".join(_ACTIVITY.split(other))) * 0.95
    sorted_words = _ratio(" ".join(sorted(ours)), " ".join(sorted(theirs)))
    one_in_other = (ours <= theirs or theirs <= ours) and min(_size(ours), _size(theirs)) >= 4
    return max(sorted_words, squeezed, 0.9 if one_in_other else 0.0)


def _ratio(left: str, right: str) -> float:
    return difflib.SequenceMatcher(None, left, right, autojunk=False).ratio()


def _names_the_other(left: Row, right: Row) -> bool:
    """Tell whether the web address of one row holds the name of the other one, and not its own."""
    if left.page is None:
        return False
    page = fold(left.page).replace(" ", "")
    other, own = (
        {"".join(w for w in name.split() if w in words) for name, words in row.names} for row in (right, left)
    )
    return any(len(name) >= _IN_ADDRESS and name in page for name in other - own)


def _size(words: frozenset[str]) -> int:
    return sum(map(len, words))


def distance_m(left: Row, right: Row) -> float | None:
    """Return the great-circle distance of two rows in metres, None where a point is not precise."""
    if left.lon is None or left.lat is None or right.lon is None or right.lat is None:
        return None
    lat1, lat2 = math.radians(left.lat), math.radians(right.lat)
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(right.lon - left.lon) / 2) ** 2
    return 2 * _EARTH_M * math.asin(math.sqrt(half))


def compare(left: Row, right: Row) -> str | None:
    """Say why two rows may be one object, or None."""
    gap = distance_m(left, right)
    same_commune = left.commune is not None and left.commune == right.commune
    near = same_commune or (gap is not None and gap <= NEAR_M)
    score = alike(left, right)
    if left.page is not None and left.page == right.page and near:
        return "même page web, même commune"
    if near and (_names_the_other(left, right) or _names_the_other(right, left)):
        return "l'adresse web de l'un porte le nom de l'autre"
    if gap is not None and gap <= SAME_SPOT_M and score >= ALIKE_SAME_SPOT:
        return f"à {gap:.0f} m, noms proches"
    if near and score >= ALIKE_NEAR:
        return "noms proches, même commune" if same_commune else "noms proches, communes voisines"
    excluded = left.commune and right.commune and left.commune != right.commune
    across = left.uid.partition(":")[0] != right.uid.partition(":")[0]
    same_area = (
        left.departement == right.departement
        if left.departement and right.departement
        else left.region == right.region
    )
    if same_area and score >= ALIKE_FAR and (across or not excluded):
        return "noms presque identiques, lieux compatibles"
    return None


def propose(found: list[Row]) -> list[Proposal]:
    """Return all proposals, ordered."""
    proposals = []
    for left, right in _pairs(found):
        why = compare(left, right)
        if why is not None:
            proposals.append(Proposal(left.uid, right.uid, round(alike(left, right), 2), why))
    return sorted(proposals)


def _pairs(found: list[Row]) -> Iterator[tuple[Row, Row]]:
    """Yield each pair of rows that share a commune, a cell of the map, or a word in a region, once."""
    blocks: dict[tuple[Any, ...], set[int]] = defaultdict(set)
    for number, row in enumerate(found):
        if row.commune:
            blocks["commune", row.commune].add(number)
        if row.lon is not None and row.lat is not None:
            for x, y in itertools.product((0, 1), repeat=2):
                blocks["cell", math.floor(row.lon * 20 + x / 2), math.floor(row.lat * 20 + y / 2), x, y].add(
                    number
                )
        for name, words in row.names:
            for word in words | {name.replace(" ", "")}:
                blocks["word", row.region, word].add(number)
    numbers = {pair for block in blocks.values() for pair in itertools.combinations(sorted(block), 2)}
    for first, second in numbers:
        left, right = sorted((found[first], found[second]), key=lambda row: row.uid)
        yield left, right


def undecided(data_dir: Path = DATA_DIR) -> list[Proposal]:
    """Return the proposals that duplicates.csv does not decide."""
    decisions = reading.read("duplicates", data_dir).text
    decided = set(zip(decisions["left_uid"], decisions["right_uid"], strict=True))
    return [p for p in propose(rows(data_dir)) if (p.left_uid, p.right_uid) not in decided]


def main() -> int:
    """Print the proposals as CSV; return 1 when some are undecided."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--all", action="store_true", help="list the decided ones too")
    shown = propose(rows()) if parser.parse_args().all else undecided()
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("left_uid", "right_uid", "alike", "why"))
    writer.writerows((p.left_uid, p.right_uid, p.alike, p.why) for p in shown)
    return 1 if undecided() else 0


if __name__ == "__main__":
    sys.exit(main())
