"""One data set per process and folder, whoever asks first: the pages, the API or a command."""

from __future__ import annotations

import functools
import gc
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from ptce_data import load as loading

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_LOCK = threading.Lock()


def data_dir() -> Path:
    """The folder of the data: `PTCE_DATA_DIR`, else the one that comes with the code."""
    return Path(os.environ.get("PTCE_DATA_DIR") or loading.DATA_DIR)


def dataset(folder: Path | None = None) -> Dataset:
    """The data set of `folder` (else of `data_dir()`), read once per process, faulty tables left empty.

    Two threads that ask at the same time wait for one reading. The frames are shared: read only.
    """
    with _LOCK:
        return _read(str(folder or data_dir()))


@functools.lru_cache(maxsize=2)
def _read(folder: str) -> Dataset:
    made = loading.load(Path(folder), tolerant=True)
    # The tables live as long as the process: a full collection walked their 300,000 objects each time (0.15 s).
    gc.collect()
    gc.freeze()
    return made
