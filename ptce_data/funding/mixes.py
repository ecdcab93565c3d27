"""The documented mixes of the data set: one per entity, year and base, and their frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from ptce_data import query
from ptce_data.funding.bases import BASES, PER_SOURCE
from ptce_data.funding.categories import ORIGINS
from ptce_data.funding.figures import Figure, from_row, text, whole
from ptce_data.funding.measures import measures
from ptce_data.funding.mix import STATES, Entity, Mix, Part, build
from ptce_data.places import UNKNOWN
from ptce_data.selection import EVERYTHING, Selection
from ptce_data.text import fold

if TYPE_CHECKING:
    from ptce_data.load import Dataset

GroupBy = Literal["kind", "year", "territory_type", "territory_type_stated", "region", "former_region"]
#: Kind of entity -> kind of place, to apply a selection to entities that no table holds.
_PLACE_KIND: Final = {"ptce": "pole", "tiers_lieu": "tiers_lieu", "cluster": "cluster"}
_KIND_ORDER: Final = (
    "ptce",
    "tiers_lieu",
    "cluster",
    "ptce_sample",
    "tiers_lieu_sample",
    "association_sample",
)
#: The filters that an entity outside of our tables can be held against.
_OWN_FILTERS: Final = ("kinds", "regions")


@dataclass(frozen=True)
class Group:
    """Mixes of one base that share a value. `organisations` is how many stand behind them."""

    base: str
    value: str
    mixes: tuple[Mix, ...]

    @property
    def organisations(self) -> int:
        """Number of distinct entities, samples left out."""
        return len({m.entity.key for m in self.mixes if not m.entity.is_sample})


def mixes(dataset: Dataset, selection: Selection = EVERYTHING) -> list[Mix]:
    """Return the documented mixes of organisations, samples left out, in the order kind, name, year, base.

    `selection` filters the linked objects as everywhere else. An entity that is in none of our tables
    is kept when `selection` only filters kinds and regions, and keeps its kind and region.
    """
    return [m for m in _all(dataset, _keeps(dataset, selection)) if not m.entity.is_sample]


def samples(dataset: Dataset) -> list[Mix]:
    """Return the mixes of surveys: lines of reference, with `entity.sample_size` where the source tells."""
    return [m for m in _all(dataset, lambda entity: True) if m.entity.is_sample]


def comparable(documented: Iterable[Mix], base: str) -> list[Mix]:
    """Keep the mixes of one base: the only ones that may stand side by side."""
    return [m for m in documented if m.base == base]


def grouped(documented: Iterable[Mix], by: GroupBy) -> list[Group]:
    """Group mixes by base first, always, then by `by`; an unknown value is "non_renseigne"."""
    found: dict[tuple[str, str], list[Mix]] = {}
    for mix in documented:
        found.setdefault((mix.base, _value(mix, by)), []).append(mix)
    bases = list(BASES)
    order = sorted(found, key=lambda k: (bases.index(k[0]), k[1] == UNKNOWN, _rank(k[1], by)))
    return [Group(base, value, tuple(found[base, value])) for base, value in order]


def _value(mix: Mix, by: GroupBy) -> str:
    if by == "year":
        return str(mix.year) if mix.year is not None else UNKNOWN
    field = {"region": "region_code", "former_region": "former_region_code"}.get(by, by)
    return getattr(mix.entity, field) or UNKNOWN


def _rank(value: str, by: GroupBy) -> tuple[int, str]:
    return (_KIND_ORDER.index(value) if by == "kind" and value in _KIND_ORDER else 0, value)


def _keeps(dataset: Dataset, selection: Selection) -> Callable[[Entity], bool]:
    if selection.is_empty:
        return lambda entity: True
    uids = frozenset(query.places(dataset, selection)["uid"])
    more = selection.replace(**dict.fromkeys(_OWN_FILTERS, ()))
    own = more.is_empty

    def keeps(entity: Entity) -> bool:
        if entity.uid is not None:
            return entity.uid in uids
        kind = not selection.kinds or _PLACE_KIND.get(entity.kind) in selection.kinds
        region = not selection.regions or (entity.region_code or UNKNOWN) in selection.regions
        return own and kind and region

    return keeps


def _all(dataset: Dataset, keeps: Callable[[Entity], bool]) -> list[Mix]:
    places = dataset.places.drop_duplicates("uid").set_index("uid", drop=False)
    entities: dict[str, Entity] = {}
    grouped_figures: dict[tuple[Any, ...], list[Figure]] = {}
    for row in dataset.funding_figures.to_dict("records"):
        entity = _entity(row, places)
        entity = entities.setdefault(entity.key, entity)
        figure, year = from_row(row), whole(row["year"])
        # Undated figures, and unclear bases, of two sources are not known to be the same thing.
        apart = year is None or figure.base in PER_SOURCE
        source = figure.source_id if apart else ""
        key = (entity.key, year or 0, figure.base, figure.stage or "", source)
        grouped_figures.setdefault(key, []).append(figure)
    made = []
    for key, figures in grouped_figures.items():
        entity = entities[key[0]]
        if keeps(entity):
            mix_id = "|".join(str(part) for part in key)
            made.append(build(entity, key[1] or None, figures, mix_id))
    bases = list(BASES)
    return sorted(
        made,
        key=lambda m: (
            _KIND_ORDER.index(m.entity.kind) if m.entity.kind in _KIND_ORDER else 99,
            fold(m.entity.name),
            m.year or 9999,
            bases.index(m.base),
            m.id,
        ),
    )


def _entity(row: Mapping[str, Any], places: pd.DataFrame) -> Entity:
    uid = text(row["entity_uid"])
    size, kind = whole(row["sample_size"]), str(row["entity_kind"])
    if uid is not None and uid in places.index:
        place = places.loc[uid]
        return Entity(
            key=uid,
            kind=kind,
            name=str(place["name"]),
            uid=uid,
            region_code=text(place["region_code"]),
            former_region_code=text(place["former_region_code"]),
            territory_type=text(place.get("territory_type")),
            territory_type_stated=text(place["territory_type_stated"]),
            sample_size=size,
        )
    name = text(row["entity_name"]) or str(row["entity_id"])
    return Entity(f"{kind}:{row['entity_id']}", kind, name, None, text(row["region_code"]), sample_size=size)


def parts_frame(documented: Iterable[Mix]) -> pd.DataFrame:
    """One row per part, and one per missing part (`is_missing`): what a stacked bar is drawn from.

    Columns mix_id, name, entity_kind, entity_uid, year, base, state, category, label, origin, nature,
    amount_eur, share_pct (published point), share_min_pct, share_max_pct, is_missing, is_volunteer,
    contradicted, confidence, source_ids ("|"-joined). Shares in per cent of the mix's own base: they
    are not to be averaged over mixes.
    """
    rows: list[dict[str, Any]] = []
    for mix in documented:
        head = {
            "mix_id": mix.id,
            "name": mix.entity.name,
            "entity_kind": mix.entity.kind,
            "entity_uid": mix.entity.uid,
            "year": mix.year,
            "base": mix.base,
            "state": mix.state,
        }
        rows += [head | _part_row(p, False) for p in mix.parts]
        rows += [head | _part_row(p, True) for p in mix.volunteer]
        if mix.missing is not None and mix.missing.high > 0:
            share = {
                "share_pct": mix.missing.point,
                "share_min_pct": mix.missing.low,
                "share_max_pct": mix.missing.high,
            }
            rows.append(head | {"category": UNKNOWN, "label": "Non renseigné", "is_missing": True} | share)
    return _typed(rows, _PART_TYPES)


def _part_row(part: Part, volunteer: bool) -> dict[str, Any]:
    share = part.share
    return {
        "category": part.category,
        "label": part.scheme.label,
        "origin": ORIGINS[part.scheme.origin],
        "nature": "|".join(part.natures) or None,
        "amount_eur": part.amount_eur,
        "share_pct": share.point if share else None,
        "share_min_pct": share.low if share else None,
        "share_max_pct": share.high if share else None,
        "is_volunteer": volunteer,
        "contradicted": part.contradicted,
        "confidence": "|".join(sorted({f.confidence for f in part.figures})),
        "source_ids": "|".join(part.source_ids),
    }


def mixes_frame(documented: Iterable[Mix]) -> pd.DataFrame:
    """One row per mix: who, when, of what, its state, its total, its measures and their reasons.

    For each measure `m`: columns m (certain value), m_min, m_max (bounds) and m_raison.
    """
    rows = []
    for mix in documented:
        row: dict[str, Any] = {
            "mix_id": mix.id,
            "name": mix.entity.name,
            "entity_kind": mix.entity.kind,
            "entity_uid": mix.entity.uid,
            "organisations": mix.organisations,
            "year": mix.year,
            "base": mix.base,
            "base_label": BASES[mix.base],
            "stage": mix.stage,
            "state": mix.state,
            "state_label": STATES[mix.state][0],
            "total_eur": mix.total.eur if mix.total else None,
            "missing_min_pct": mix.missing.low if mix.missing else None,
            "missing_max_pct": mix.missing.high if mix.missing else None,
            "region_code": mix.entity.region_code,
            "former_region_code": mix.entity.former_region_code,
            "territory_type": mix.entity.territory_type,
            "territory_type_stated": mix.entity.territory_type_stated,
            "base_notes": " / ".join(mix.notes),
            "confidence": mix.confidence,
            "source_ids": "|".join(mix.source_ids),
        }
        for m in measures(mix):
            row |= {m.name: m.value, f"{m.name}_min": m.low, f"{m.name}_max": m.high}
            row[f"{m.name}_raison"] = m.reason
        rows.append(row)
    return pd.DataFrame(rows).astype({"year": "Int64", "organisations": "Int64"}) if rows else pd.DataFrame()


_PART_TYPES: Final = {
    "mix_id": "str",
    "name": "str",
    "entity_kind": "str",
    "entity_uid": "str",
    "year": "Int64",
    "base": "str",
    "state": "str",
    "category": "str",
    "label": "str",
    "origin": "str",
    "nature": "str",
    "amount_eur": "Float64",
    "share_pct": "Float64",
    "share_min_pct": "Float64",
    "share_max_pct": "Float64",
    "is_missing": "boolean",
    "is_volunteer": "boolean",
    "contradicted": "boolean",
    "confidence": "str",
    "source_ids": "str",
}


def _typed(rows: list[dict[str, Any]], types: Mapping[str, str]) -> pd.DataFrame:
    columns = {}
    for name, dtype in types.items():
        default = False if dtype == "boolean" else None
        columns[name] = pd.Series([row.get(name, default) for row in rows], dtype=dtype)
    return pd.DataFrame(columns)
