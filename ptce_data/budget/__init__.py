"""My budget: a user's own budget, its mix, measures and warnings, and its files. Nothing is kept."""

from __future__ import annotations

from ptce_data.budget.analysis import (
    USER_BASES,
    Alert,
    Dot,
    Placement,
    alerts,
    measures,
    mix,
    placement,
)
from ptce_data.budget.files import from_csv, from_json, from_xlsx, to_csv, to_json, to_xlsx
from ptce_data.budget.model import (
    RESOURCES,
    SIDES,
    USES,
    Budget,
    BudgetError,
    Line,
    check,
    template,
    validate,
)

__all__ = [
    "RESOURCES",
    "SIDES",
    "USER_BASES",
    "USES",
    "Alert",
    "Budget",
    "BudgetError",
    "Dot",
    "Line",
    "Placement",
    "alerts",
    "check",
    "from_csv",
    "from_json",
    "from_xlsx",
    "measures",
    "mix",
    "placement",
    "template",
    "to_csv",
    "to_json",
    "to_xlsx",
    "validate",
]
