"""A frame as GeoParquet 1.1, or as plain Parquet where it has no geometry."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ptce_data.layers import CRS
from ptce_data.opendata.columns import ColumnDoc, dictionary
from ptce_data.opendata.credits import Credits
from ptce_data.opendata.plain import is_days, plain

_ROWS: Final = 10_000


def geoparquet(
    flat: pd.DataFrame, places: gpd.GeoSeries | None, docs: Sequence[ColumnDoc], about: Credits
) -> bytes:
    """A plain frame (see `plain`) and its shapes as GeoParquet 1.1 with a `bbox` column, zstd.

    The metadata of the file carries `licence`, `attribution`, `data_version`… (see `Credits.members`),
    `sources` and `dictionary` as JSON. Days are of the type date. Unknown places are null.
    """
    frame = flat.copy(deep=False)
    for name in frame.columns:
        if str(frame[name].dtype).startswith("datetime64") and is_days(frame[name]):
            frame[name] = pd.Series(pd.arrays.ArrowExtensionArray(_date_array(frame[name])), frame.index)
    if places is None:
        table = pa.Table.from_pandas(frame, preserve_index=False)
    else:
        out = io.BytesIO()
        geo = gpd.GeoDataFrame(frame, geometry=places, crs=CRS)
        geo.to_parquet(out, index=False, schema_version="1.1.0", write_covering_bbox=_has_bbox_room(frame))
        table = pq.read_table(io.BytesIO(out.getvalue()))
    own = {"name": about.name, **about.members()}
    own["sources"] = json.dumps(plain(about.sources).to_dict("records"), ensure_ascii=False, default=str)
    own["dictionary"] = json.dumps(dictionary(docs).to_dict("records"), ensure_ascii=False, default=str)
    meta = {key.encode(): text.encode() for key, text in own.items()}
    packed = io.BytesIO()
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), **meta})
    pq.write_table(table, packed, compression="zstd", row_group_size=_ROWS)
    return packed.getvalue()


def _date_array(column: pd.Series) -> pa.Array:
    return pa.array(column, from_pandas=True).cast(pa.date32())


def _has_bbox_room(frame: pd.DataFrame) -> bool:
    """The covering is a column of this name: a column of ours keeps it."""
    return "bbox" not in frame
