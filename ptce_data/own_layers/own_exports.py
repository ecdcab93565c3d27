"""Files that the atlas itself wrote of its places or objects, come back: which columns are facts of a row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ptce_data.places import TABLES
from ptce_data.territories.french import NBSP, number, quoted

if TYPE_CHECKING:
    from ptce_data.own_layers.model import RawLayer

#: Columns that files of places and of objects both have, and no others.
_MARK: Final = frozenset(("uid", "geo_precision"))
#: Columns of places -> the field that they fill, for any target that has it.
_COMMON: Final = {
    name: name for name in ("name", "commune_insee", "commune_name", "departement_code", "region_code", "lon", "lat")
}  # fmt: skip
_FIELDS: Final[dict[str, dict[str, str]]] = {
    "tiers_lieux": {
        "tiers_lieu_kind": "kind", "labels": "other_labels", "status": "status",
        "created_year": "opened_year", "geo_precision": "coord_precision",
    },
    "clusters": {"cluster_kind": "kind", "themes": "sector", "created_year": "created_year"},
    "poles": {
        "territory_type_stated": "territory_type_stated", "activity_family": "activity_family",
        "origin": "origin", "themes": "theme", "created_year": "created_year",
    },
    "autre": {},
}  # fmt: skip
#: The other columns of places: computed again, of the atlas alone, or of another kind of object.
_ASIDE: Final = frozenset(
    (
        "id", "fid", "uid", "object_id", "kind", "programmes", "award_years", "type_source_id", "territory_type",
        "territory_type_epci", "territory_type_ze", "scales_agree", "epci_siren", "former_region_code", "confidence",
        "source_ids", "is_imported", "possible_duplicate",
    )
)  # fmt: skip
_ALL: Final = _ASIDE | _COMMON.keys() | {column for fields in _FIELDS.values() for column in fields}
#: Values of `geo_precision` whose point is one inside an area, not the row's own.
_STAND_INS: Final = ("commune", "departement", "region")
_COLUMNS: Final = ("lon", "lat", "geo_precision")


def kinds(samples: Mapping[str, Collection[str]]) -> set[str]:
    """Return the kinds of objects of a file of places, from cells of its columns; none for any other file."""
    found = set(samples.get("kind", ()))
    return found if samples.keys() >= _MARK and found <= TABLES.keys() else set()


def target(samples: Mapping[str, Collection[str]]) -> tuple[str, str] | None:
    """Return the table that the rows of a file of places belong to, and why; None for any other file."""
    found = kinds(samples)
    if not found:
        return None
    if len(found) > 1:
        return "autre", "c’est un export de l’atlas qui mêle plusieurs sortes d’objets"
    return TABLES[found.pop()], "c’est un export de l’atlas"


def columns(samples: Mapping[str, Collection[str]], target: str) -> dict[str, tuple[str, str]]:
    """Return column -> (field, "" for none; reason) for those of a file of places; nothing for any other file."""
    if not kinds(samples):
        return {}
    known = _COMMON | _FIELDS[target]
    said = "d’un export de l’atlas"
    return {
        title: (
            known.get(title, ""),
            f"colonne {quoted(title)} {said}{', laissée de côté' * (title not in known)}",
        )
        for title in samples
        if title in _ALL
    }


def without_stand_ins(raw: RawLayer) -> tuple[RawLayer, str]:
    """Return a file without the points that the atlas put inside an area for want of a better one, and a note.

    The area itself is in the codes of the row: its point, read as the place, would make up a commune.
    """
    if not set(raw.frame.columns) >= _MARK:
        return raw, ""
    rows = raw.frame["geo_precision"].isin(_STAND_INS)
    count = int(rows.sum())
    if not count:
        return raw, ""
    held = [column for column in _COLUMNS if column in raw.frame.columns]
    frame = raw.frame.assign(**{column: raw.frame[column].mask(rows) for column in held})
    shapes = None if raw.geometry is None else raw.geometry.where(~rows.to_numpy(), None)
    plural = "s" * (count > 1)
    note = (
        f"{number(count)} ligne{plural} d’un export de l’atlas{NBSP}: le point au milieu de la commune, du département "
        "ou de la région n’est pas repris."
    )
    return replace(raw, frame=frame, geometry=shapes), note
