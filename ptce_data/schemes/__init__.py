"""Support schemes: the catalogue, the matrix of regions and categories, the timeline, the search by project."""

from __future__ import annotations

from ptce_data.schemes.catalogue import NATIONAL_ROWS, NOTHING_DOCUMENTED, find, matrix, status_breakdown
from ptce_data.schemes.fiche import SchemeDetail, detail, editions
from ptce_data.schemes.frames import workbook_frames
from ptce_data.schemes.history import LABELS, timeline, undated
from ptce_data.schemes.project import Project, ProjectError
from ptce_data.schemes.ranking import Fit, fit
from ptce_data.schemes.rules import LIMITS, RULES, VERDICTS, Rule
from ptce_data.schemes.selection import ALL_SCHEMES, SchemeSelection

__all__ = [
    "ALL_SCHEMES",
    "LABELS",
    "LIMITS",
    "NATIONAL_ROWS",
    "NOTHING_DOCUMENTED",
    "RULES",
    "VERDICTS",
    "Fit",
    "Project",
    "ProjectError",
    "Rule",
    "SchemeDetail",
    "SchemeSelection",
    "detail",
    "editions",
    "find",
    "fit",
    "matrix",
    "status_breakdown",
    "timeline",
    "undated",
    "workbook_frames",
]
