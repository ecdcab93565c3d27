"""Who pays for cooperation: mixes, measures, calls over time, public money, shown as the sources tell.

Plain questions asked of a Dataset; nothing here draws or reads files. See docs/financements.md.
"""

from __future__ import annotations

from ptce_data.funding.bases import BASES, STAGES, Amount, BaseMismatch
from ptce_data.funding.categories import CATEGORIES, NATURES, ORIGINS, Category, table
from ptce_data.funding.figures import Figure, Share
from ptce_data.funding.measures import DEFINITIONS, Measure, measure, measures
from ptce_data.funding.mix import STATES, Entity, Mix, Part, build

__all__ = [
    "BASES",
    "CATEGORIES",
    "DEFINITIONS",
    "NATURES",
    "ORIGINS",
    "STAGES",
    "STATES",
    "Amount",
    "BaseMismatch",
    "Category",
    "Entity",
    "Figure",
    "Measure",
    "Mix",
    "Part",
    "Share",
    "build",
    "measure",
    "measures",
    "table",
]
