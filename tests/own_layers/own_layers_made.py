"""Layers made by hand, as `build` hands them over: from rows of the atlas, or from a few cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ptce_data import schema
from ptce_data.load import Dataset
from ptce_data.own_layers.model import LayerReport, OwnLayer

DIGEST = "0123456789ab"


def report(kept: int, refused: int = 0) -> LayerReport:
    empty = {c: pd.DataFrame() for c in ("repairs", "warnings")}
    refusals = pd.DataFrame({"line": range(refused), "field": "", "value": "", "why": "Refusée."})
    return LayerReport(read=kept + refused, kept=kept, refusals=refusals, **empty)


def layer(
    target: str,
    cells: Sequence[Mapping[str, Any]],
    lines: Sequence[int] | None = None,
    digest: str = DIGEST,
    name: str = "Mes lieux",
    refused: int = 0,
) -> OwnLayer:
    """A layer of `target` whose rows hold `cells` (lon and lat give the point), other cells unknown."""
    numbers = list(lines or range(2, len(cells) + 2))
    ids = {"id": [f"import-{digest}-{n}" for n in numbers], "source_id": f"import-{digest}", "confidence": ""}
    frame = pd.DataFrame(list(cells), index=range(len(cells))).assign(**ids)
    axes = {axis: pd.to_numeric(frame.get(axis, pd.Series(np.nan, frame.index))) for axis in ("lon", "lat")}
    if target == "autre":
        kept = frame.drop(columns=["lon", "lat", "source_id", "confidence"], errors="ignore")
    else:
        docs = schema.describe(target)
        kept = frame.reindex(columns=[doc.name for doc in docs]).astype({doc.name: doc.dtype for doc in docs})
    kept["line"] = numbers
    points = gpd.GeoSeries(gpd.points_from_xy(axes["lon"], axes["lat"]), index=kept.index, crs="EPSG:4326")
    rows = gpd.GeoDataFrame(kept, geometry=points.where(axes["lon"].notna(), shapely.Point()))
    return OwnLayer(name, "lieux.csv", digest, target, rows, report(len(rows), refused))


def copied(dataset: Dataset, table: str, uids: Sequence[str] | None = None, digest: str = DIGEST) -> OwnLayer:
    """A layer that holds rows of the atlas once more; line n + 2 is the n-th row."""
    frame = getattr(dataset, table)
    if uids is not None:
        frame = frame.set_index("uid", drop=False).loc[list(uids)]
    cells = frame.drop(columns=["id", "uid", "object_id", "source_ids", "merged_ids"]).to_dict("records")
    return layer(table, cells, digest=digest)
