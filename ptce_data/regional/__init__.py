"""Regions, départements and EPCI compared: indicators, profiles in words, before and after 2016, peers.

`registry`, `values`, `national`, `compare` and `not_located` (indicators); `profile` (sentences);
`composition` and `before_after` (the reform of 2016); `features`, `peers`, `neighbours` (peers);
`names` ("en Bretagne", "de Bretagne").
"""

from __future__ import annotations

from ptce_data.regional.areas import FRANCE, LEVELS, NOUNS, UnknownAreaError, names
from ptce_data.regional.indicators import (
    UnknownIndicatorError,
    compare,
    indicator,
    national,
    not_located,
    registry,
    values,
)
from ptce_data.regional.neighbours import neighbours, neighbours_note
from ptce_data.regional.peers import CRITERIA, contributions, distance, left_out, notes, peers
from ptce_data.regional.reform import before_after, composition
from ptce_data.regional.sentences import profile
from ptce_data.regional.traits import features

__all__ = [
    "CRITERIA",
    "FRANCE",
    "LEVELS",
    "NOUNS",
    "UnknownAreaError",
    "UnknownIndicatorError",
    "before_after",
    "compare",
    "composition",
    "contributions",
    "distance",
    "features",
    "indicator",
    "left_out",
    "names",
    "national",
    "neighbours",
    "neighbours_note",
    "not_located",
    "notes",
    "peers",
    "profile",
    "registry",
    "values",
]
