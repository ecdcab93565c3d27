"""Territory types: every commune, EPCI and zone d'emploi, its type, the evidence and the reasons.

`classify(inputs | indicators, rules)` is the classifier; `store` reads what ships in data/geo. The
method is told in docs/territoires.md.
"""

from __future__ import annotations

from ptce_data.territories.classify import Classification, classify
from ptce_data.territories.errors import TerritoryError
from ptce_data.territories.explain import explain, explain_area
from ptce_data.territories.indicators import Indicators, indicators
from ptce_data.territories.inputs import read_inputs
from ptce_data.territories.parameters import FLAGS, PARAMETERS, TYPE_LABELS, TYPES
from ptce_data.territories.place_types import place_types
from ptce_data.territories.reasons import Reason
from ptce_data.territories.rules import Rules
from ptce_data.territories.sensitivity import Comparison, compare
from ptce_data.territories.store import read_tables, shipped_classification, shipped_indicators
from ptce_data.territories.temoins import TemoinComparison, compare_temoins

__all__ = [
    "FLAGS",
    "PARAMETERS",
    "TYPES",
    "TYPE_LABELS",
    "Classification",
    "Comparison",
    "Indicators",
    "Reason",
    "Rules",
    "TemoinComparison",
    "TerritoryError",
    "classify",
    "compare",
    "compare_temoins",
    "explain",
    "explain_area",
    "indicators",
    "place_types",
    "read_inputs",
    "read_tables",
    "shipped_classification",
    "shipped_indicators",
]
