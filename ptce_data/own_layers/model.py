"""What the parts of an import of one's own layer hand to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import geopandas as gpd
import pandas as pd

from ptce_data.scdl.broken import BrokenRow

#: What the rows of a layer can be: a table of the atlas, or anything else (drawn, listed, not counted).
TARGETS: Final[dict[str, str]] = {
    "tiers_lieux": "Tiers-lieux",
    "poles": "Pôles territoriaux de coopération économique",
    "clusters": "Clusters",
    "autre": "Autre chose (points ou surfaces, montrés à part)",
}


@dataclass(frozen=True, eq=False)
class RawLayer:
    """A file as it was read, before anything is understood of it.

    `frame`: one text column per column of the file (`str`, missing = empty cell), index 0…n-1;
    `lines`: the line of each row in the file (1 = the first; for GeoJSON and other layers, the number of
    the feature); `geometry`: shapes in `crs`, or None for a table; `crs`: as the file declares it
    ("EPSG:2154"), None when it says nothing; `digest`: first 12 hexadecimal digits of the SHA-256 of the
    file; `part`: the sheet or layer read, of `parts`; `notes`: what was repaired in reading, in French;
    `broken`: rows whose cells do not fit the header (line, cells, why), refused by `build`.
    """

    filename: str
    digest: str
    kind: str
    part: str | None
    parts: tuple[str, ...]
    frame: pd.DataFrame
    lines: tuple[int, ...]
    geometry: gpd.GeoSeries | None = None
    crs: str | None = None
    notes: tuple[str, ...] = ()
    broken: tuple[BrokenRow, ...] = ()


@dataclass(frozen=True)
class Question:
    """Something only the user can tell: the answer is the key of one of `choices` (key -> French words).

    `id` is stable for the same file and mapping; `lines` are the rows concerned; `proposed` is the most
    probable answer, never applied unasked.
    """

    id: str
    text: str
    choices: dict[str, str]
    lines: tuple[int, ...]
    proposed: str | None = None


@dataclass(frozen=True, eq=False)
class LayerReport:
    """What became of every row. read = kept + refused, always; a row with an open question is refused.

    `repairs`: line, field, repair (French), old, new; `refusals`: line, field, value, why (French);
    `warnings`: line, field, value, why (French; the row is kept). A refused row has one line in `refusals`,
    and none in the two others. `notes`: what holds for the whole file, in French.
    """

    read: int
    kept: int
    repairs: pd.DataFrame
    refusals: pd.DataFrame
    warnings: pd.DataFrame
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class OwnLayer:
    """The rows of a file that are understood, in the layout of their table.

    For `target` in poles, tiers_lieux, clusters: `rows` has exactly the columns of that table of `data/`
    (`ptce_data.schema`), typed as `ptce_data.reading` types them, `id` = "import-{digest}-{line}",
    `source_id` = "import-{digest}", `confidence` = "" (unknown), and then `line` (int) and `geometry`
    (EPSG:4326; a point, or empty where only a commune, département or region is known).
    For "autre": `id`, `name`, `note`, `line`, `geometry` (any kind), and the file's other columns as text,
    prefixed "col_". `questions` are those still open,
    of most lines first, 50 at most at a time (`report.notes` says how many others).
    """

    name: str
    filename: str
    digest: str
    target: str
    rows: gpd.GeoDataFrame
    report: LayerReport
    questions: tuple[Question, ...] = ()
    columns: tuple[str, ...] = field(default=())
