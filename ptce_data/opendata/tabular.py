"""A frame as CSV that spreadsheets open and statistics software reads."""

from __future__ import annotations

import pandas as pd

from ptce_data.opendata.plain import is_days, plain
from ptce_data.text import neutralise


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Any frame as CSV, without its geometry (see `csv_file`)."""
    return csv_file(plain(frame))


def csv_file(flat: pd.DataFrame, *, bom: bool = True) -> bytes:
    """A plain frame (see `plain`) as CSV: UTF-8 with BOM, commas, CRLF, one header line, formulas neutralised.

    Unknown cells are empty; numbers have a decimal point; booleans are true and false; days are
    AAAA-MM-JJ and times AAAA-MM-JJTHH:MM:SS. A text that a spreadsheet would run has a leading apostrophe.
    """
    made = {}
    for name in flat.columns:
        column = flat[name]
        kind = str(column.dtype)
        if kind == "str":
            column = column.map(neutralise, na_action="ignore")
        elif kind == "boolean":
            column = column.map({True: "true", False: "false"}, na_action="ignore").astype("str")
        elif kind.startswith("datetime64"):
            column = _dates(column)
        made[neutralise(name)] = column
    text = pd.DataFrame(made, index=flat.index).to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig" if bom else "utf-8")


def _dates(column: pd.Series) -> pd.Series:
    if is_days(column):
        return column.dt.strftime("%Y-%m-%d").astype("str")
    return column.map(lambda moment: moment.isoformat(), na_action="ignore").astype("str")
