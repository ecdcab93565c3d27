"""Import of public subsidies published to the SCDL standard: read, account for, match, add up.

    imported = scdl.read([Path("subventions.csv")])
    matches = scdl.match(imported.rows, dataset, decisions={})
    scdl.totals(matches, by=("entity_uid", "year"))

See docs/import-subventions.md for the layouts, the repairs, the refusals and the rule of matching.
"""

from ptce_data.scdl.broken import UnreadableError
from ptce_data.scdl.matching import (
    ATTRIBUTED,
    AUTOMATIC,
    PROPOSED,
    DecisionError,
    Matches,
    match,
    rule_label,
)
from ptce_data.scdl.reader import ROW_TYPES, Import, read
from ptce_data.scdl.report import Report
from ptce_data.scdl.totals import attributed, totals

__all__ = [
    "ATTRIBUTED",
    "AUTOMATIC",
    "PROPOSED",
    "ROW_TYPES",
    "DecisionError",
    "Import",
    "Matches",
    "Report",
    "UnreadableError",
    "attributed",
    "match",
    "read",
    "rule_label",
    "totals",
]
