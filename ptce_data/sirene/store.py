"""The result: one Parquet file, replaced in one go; counts by area, and what was done in its metadata."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ptce_data.sirene import nomenclatures as codes
from ptce_data.sirene.errors import SireneError
from ptce_data.sirene.geography import LEVELS, NO_EPCI, Geography

ROOT: Final = Path(__file__).resolve().parents[2]
#: Where the application looks, and where `build` writes.
FOLDER: Final = ROOT / "var" / "sirene"
NAME: Final = "poids-ess.parquet"
#: Version of the file: another one is asked to be computed again.
FORMAT: Final = 1
#: Key of the inhabitants of an area, beside its counts.
PEOPLE: Final = "population"
_KEY: Final = b"atlas_ess"


def table(
    counts: npt.NDArray[np.int64], masked: npt.NDArray[np.bool_], geography: Geography, *, before: bool
) -> pa.Table:
    """Counts of every area that is shown: level, code, key, n (missing when masked).

    A count that is zero and shown is left out. Every area has its `PEOPLE`, its inhabitants.
    """
    people = geography.frame["population"].to_numpy()[:, None]
    counts = np.hstack([counts, people])
    masked = np.hstack([masked, np.zeros_like(people, dtype=bool)])
    names = (*codes.KEYS, PEOPLE)
    wanted = (counts != 0) | masked
    wanted[:, -1] = True
    area, key = np.nonzero(wanted)
    shown = (geography.frame["code"] != NO_EPCI).to_numpy()[area]
    if not before:
        shown &= key != codes.KEYS.index(codes.BEFORE)
    area, key = area[shown], key[shown]
    hidden = masked[area, key]
    n = np.where(hidden, 0, counts[area, key]).astype("int32")
    return pa.table(
        {
            "level": _words(geography.frame["level"].to_numpy()[area], LEVELS),
            "code": pa.array(geography.frame["code"].to_numpy()[area], pa.string()).dictionary_encode(),
            "key": pa.DictionaryArray.from_arrays(pa.array(key.astype("int8")), pa.array(names)),
            "n": pa.array(n, mask=hidden),
        }
    )


def _words(values: Any, words: tuple[str, ...]) -> pa.DictionaryArray:
    order = {word: position for position, word in enumerate(words)}
    return pa.DictionaryArray.from_arrays(pa.array([order[v] for v in values], pa.int8()), pa.array(words))


def write(made: pa.Table, about: dict[str, Any], folder: Path) -> Path:
    """Replace the result of a folder in one go: a reader sees the former file, or the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    said = json.dumps({"format": FORMAT, **about}, ensure_ascii=False, sort_keys=True).encode()
    path, draft = folder / NAME, folder / f".{NAME}.{os.getpid()}"
    try:
        with draft.open("wb") as handle:
            with pq.ParquetWriter(
                handle, made.schema.with_metadata({_KEY: said}), compression="zstd"
            ) as writer:
                for level in LEVELS:
                    writer.write_table(made.filter(pa.compute.equal(made["level"].cast(pa.string()), level)))
            handle.flush()
            os.fsync(handle.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def about(folder: Path) -> dict[str, Any] | None:
    """What was done, from the metadata; None without a result. Raises SireneError for one that is not ours."""
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        said = json.loads((pq.read_schema(path).metadata or {})[_KEY])
    except (pa.ArrowException, OSError, KeyError, ValueError):
        raise SireneError(f"{NAME} : résultat illisible ; relancez le calcul.") from None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise SireneError(f"{NAME} : résultat d’une autre version de l’atlas ; relancez le calcul.")
    return said


def read(folder: Path, level: str) -> pd.DataFrame:
    """The counts of a level: columns code, key, n (Int32, missing = masked)."""
    found = pq.read_table(folder / NAME, columns=["code", "key", "n"], filters=[("level", "=", level)])
    frame = found.to_pandas(types_mapper={pa.int32(): pd.Int32Dtype()}.get)
    return frame.astype({"code": "str", "key": "str", "n": "Int32"})
