"""What changed between two versions of a layer of `data/geo`: codes, cells by column, shapes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from ptce_data import layers

_GEOMETRY: Final = "geometry"


class LayerError(ValueError):
    """A layer cannot be read; the message is one French sentence."""


@dataclass(frozen=True)
class LayerChanges:
    """A layer: rows before and after, the codes that came and went, those whose shape differs, and how many
    codes of both versions differ in each column. Shapes that differ in their first point or their
    direction only are the same."""

    file: str
    key: str
    before: int
    after: int
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    reshaped: tuple[str, ...] = ()
    cells: dict[str, int] = field(default_factory=dict)
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (
            self.added or self.removed or self.reshaped or self.cells or self.columns_added or self.columns_removed
        )  # fmt: skip


def compare(file: str, old: Path, new: Path) -> LayerChanges:
    """Compare two versions of a layer; a file that is not there has no rows. Raises LayerError."""
    mine, theirs = _read(old), _read(new)
    key = _key(file, mine if len(mine.columns) else theirs)
    before, after = _indexed(mine, key), _indexed(theirs, key)
    both = before.index.intersection(after.index)
    cells = {}
    for column in before.columns.intersection(after.columns):
        if column != _GEOMETRY:
            differs = int(_differ(before.loc[both, column], after.loc[both, column]).sum())
            if differs:
                cells[str(column)] = differs
    there = len(mine.columns) and len(theirs.columns)
    return LayerChanges(
        file=file,
        key=key,
        before=len(before),
        after=len(after),
        added=tuple(sorted(after.index.difference(before.index))),
        removed=tuple(sorted(before.index.difference(after.index))),
        reshaped=_reshaped(before, after, both),
        cells=cells,
        columns_added=tuple(after.columns.difference(before.columns)) if there else (),
        columns_removed=tuple(before.columns.difference(after.columns)) if there else (),
    )


def _read(path: Path) -> pd.DataFrame:
    """A layer with its geometry as WKB: most shapes are the same bytes and need not be understood."""
    if not path.is_file():
        return pd.DataFrame()
    try:
        return pq.read_table(path).to_pandas(ignore_metadata=True)
    except (pa.ArrowException, OSError) as error:
        raise LayerError(f"« geo/{path.name} » n’est pas un fichier Parquet lisible.") from error


def _key(file: str, frame: pd.DataFrame) -> str:
    level = Path(file).stem
    name = layers.COLUMNS[level][0] if level in layers.COLUMNS else ""
    return name if name in frame.columns else str(frame.columns[0]) if len(frame.columns) else ""


def _indexed(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    if key not in frame.columns:
        return pd.DataFrame(index=pd.Index([], dtype="str"))
    codes = frame[key].astype("str").fillna("")
    rank = codes.groupby(codes).cumcount()
    return frame.drop(columns=key).set_index(pd.Index(codes.where(rank == 0, codes + " (" + (rank + 1).astype("str") + ")")))  # fmt: skip


def _differ(one: pd.Series, other: pd.Series) -> np.ndarray[Any, np.dtype[np.bool_]]:
    left, right = one.isna().to_numpy(), other.isna().to_numpy()
    unequal = one.astype("object").to_numpy() != other.astype("object").to_numpy()
    return np.asarray((left != right) | (~left & ~right & unequal.astype(bool)), dtype=np.bool_)


def _reshaped(before: pd.DataFrame, after: pd.DataFrame, both: pd.Index) -> tuple[str, ...]:
    if _GEOMETRY not in before or _GEOMETRY not in after:
        return ()
    pairs = zip(both, before.loc[both, _GEOMETRY], after.loc[both, _GEOMETRY], strict=True)
    return tuple(str(code) for code, old, new in pairs if old != new and not _same_shape(old, new))


def _same_shape(old: Any, new: Any) -> bool:
    try:
        shapes = shapely.normalize(shapely.from_wkb([old, new]))
    except (shapely.errors.ShapelyError, TypeError):
        return False
    return bool(shapely.equals_exact(*shapes))
