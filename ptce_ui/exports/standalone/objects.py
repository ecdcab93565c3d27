"""The selection as one JSON value: columns of short numbers and a pool of texts that each appear once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from ptce_data import query
from ptce_data.funding import mixes as funding
from ptce_data.places import AREA_PRECISIONS, KINDS, UNKNOWN
from ptce_data.text import split_codes
from ptce_ui import blocks, funding_tables, text
from ptce_ui.exports.standalone import facts, notes
from ptce_ui.exports.standalone.shapes import FRANCE
from ptce_ui.theme import TYPE_COLOURS

if TYPE_CHECKING:
    from ptce_data.load import Dataset


class Pool:
    """Texts by number: what is repeated is written once."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def add(self, value: str | None) -> int:
        """Number of a text, -1 where there is none."""
        if value is None:
            return -1
        if value not in self._numbers:
            self._numbers[value] = len(self.texts)
            self.texts.append(value)
        return self._numbers[value]


def objects(dataset: Dataset, places: gpd.GeoDataFrame, labels: text.Labels) -> dict[str, Any]:
    """Columns of the objects, their facts, lists and sources, and the rows of those sources.

    Positions in 1e-5 degrees; kinds and types as digits in the order of `KINDS` and `TYPE_COLOURS`;
    texts as numbers of the pool, -1 = not known.
    """
    pool = Pool()
    kinds = {kind: str(i) for i, kind in enumerate(KINDS)}
    types = {value: str(i) for i, value in enumerate(TYPE_COLOURS)}
    known_types = places["territory_type"].fillna(UNKNOWN)
    fields: list[list[dict[str, Any]]] = []
    cells: dict[Any, list[int]] = {}
    for kind in KINDS:
        rows = places[places["kind"] == kind]
        columns = facts.of_kind(dataset, kind, rows, labels)
        fields.append([{"p": f.part, "t": f.name} | ({"a": 1} if f.is_link else {}) for f, _ in columns])
        for position, index in enumerate(rows.index):
            cells[index] = [pool.add(values[position]) for _, values in columns]
    listed, table = _sources(dataset, places)
    detail = _detail(places, labels)
    distinct = {o: i for i, o in enumerate(dict.fromkeys(places["object_id"]))}
    columns_of: dict[str, Any] = {
        "n": len(places),
        "uid": places["uid"].tolist(),
        "name": [blocks.cut(name) for name in places["name"]],
        "search": [blocks.cut(words) for words in places["search_text"]],
        "object": [distinct[o] for o in places["object_id"]],
        "kind": "".join(places["kind"].map(kinds)),
        "type": "".join(types.get(t, types[UNKNOWN]) for t in known_types),
        "hollow": "".join("1" if p in AREA_PRECISIONS else "0" for p in places["geo_precision"]),
        "lon": _fixed(places["lon"]),
        "lat": _fixed(places["lat"]),
        "region": [v if isinstance(v, str) else None for v in places["region_code"]],
        "departement": [v if isinstance(v, str) else None for v in places["departement_code"]],
        "commune": [pool.add(v if isinstance(v, str) else None) for v in places["commune_name"]],
        "detail": [pool.add(v) for v in detail],
        "sure": [pool.add(labels.of("confidence", v)) for v in places["confidence"]],
        "facts": [cells[index] for index in places.index],
        "sources": [listed[uid] for uid in places["uid"]],
        "notes": notes.of_places(dataset, places, labels),
    }
    return {"objects": columns_of, "fields": fields, "texts": pool.texts, "sources": table}


def mixes_table(dataset: Dataset, places: pd.DataFrame, scope: str) -> dict[str, Any] | None:
    """The documented funding mixes of the selection as a table, None when there is none: its heading, and rows
    {"u": uid of the object if it is one of ours, "c": cells}.

    An entity that is in none of our tables is kept when the scope is France or its own région.
    """
    uids = set(places["uid"])
    own = [
        m
        for m in funding.mixes(dataset)
        if (m.entity.uid in uids if m.entity.uid else scope in (FRANCE, m.entity.region_code))
    ]
    if not own:
        return None
    frame = funding_tables.mixes(own, funding_tables.unique_names(own))
    rows = [
        {"u": mix.entity.uid, "c": [blocks.cut(v) if v else "" for v in row]}
        for mix, row in zip(own, frame.itertuples(index=False), strict=True)
    ]
    return {"head": list(frame.columns), "rows": rows}


def _sources(
    dataset: Dataset, places: pd.DataFrame
) -> tuple[dict[str, list[int]], list[dict[str, str | None]]]:
    """uid -> numbers of its sources, and the sources themselves, by publisher."""
    more = notes.sources_of(dataset, places)
    ids: dict[str, list[str]] = {}
    for kind in KINDS:
        rows = places[places["kind"] == kind]
        own = facts.own_rows(dataset, kind, rows)
        extra = [own[c] for c in ("type_source_id", "place_source_id") if c in own]
        for position, (uid, cell) in enumerate(zip(rows["uid"], rows["source_ids"], strict=True)):
            cited = [*split_codes(cell), *(column.iloc[position] for column in extra), *more.get(uid, [])]
            ids[uid] = list(dict.fromkeys(i for i in cited if isinstance(i, str)))
    frame = query.sources(dataset, (i for cited in ids.values() for i in cited))
    order = {source: i for i, source in enumerate(frame["id"])}
    table = [_source(row) for row in frame.to_dict("records")]
    return {uid: [order[i] for i in cited if i in order] for uid, cited in ids.items()}, table


def _source(row: dict[str, Any]) -> dict[str, str | None]:
    """p publisher, u address (http or https only), x what is not an address, d dates, l licence."""
    url = text.safe_url(row["url"])
    other = None if url or not isinstance(row["url"], str) else blocks.cut(row["url"])
    return {
        "p": blocks.cut(row["publisher"]),
        "u": url,
        "x": other,
        "d": text.date(row["date_published"]),
        "k": row["date_published"] if isinstance(row["date_published"], str) else "",
        "v": text.date(row["date_accessed"]),
        "l": row["licence"] if isinstance(row["licence"], str) else None,
    }


def _detail(places: pd.DataFrame, labels: text.Labels) -> Iterable[str | None]:
    fields = {"pole": "activity_family", "tiers_lieu": "tiers_lieu_kind", "cluster": "cluster_kind"}
    for row in places[["kind", *fields.values()]].to_dict("records"):
        field = fields[row["kind"]]
        yield labels.of(field, row[field]) if isinstance(row[field], str) else None


def _fixed(values: pd.Series) -> list[int | None]:
    return [None if pd.isna(v) else round(float(v) * 1e5) for v in values]
