"""Workbooks of anyone, opened in a process of their own: whatever the file asks for, the atlas stands.

    with values(data, limits) as (titles, sheets):      # saved values: XLSX, XLSB, XLS, ODS
        for sheet in sheets:
            rows = [[text(cell, repr) for cell in row] for row in sheet.rows]
    with written(data, "Budget", rows, columns, limits) as lines:      # cells as typed: XLSX
        ...

Both raise BookError, whose `why` is a key of FAULTS; the words of it are the caller's.
"""

from __future__ import annotations

from ptce_data.workbooks.process import FAULTS, BookError, Limits
from ptce_data.workbooks.reading import Cell, Sheet, text, values, written

__all__ = ["FAULTS", "BookError", "Cell", "Limits", "Sheet", "text", "values", "written"]
