"""A feasibility study for a social-innovation cluster: what the user says, and what the data say of it.

    study = new("Mon étude", today, Perimeter(epci=("200067205",), zone_km=20.0))
    area = resolve(dataset, study.perimeter)
    places, covering = existing(dataset, area, study), schemes(dataset, area)
    status(dataset, area, places, study, covering)
    access(dataset, area, study)
    suggestions(dataset, area, places, covering, study)
    study = read(dump(study))

A `Study` holds choices and texts only, and is frozen; all the rest is computed from it and a Dataset.
"""

from __future__ import annotations

from ptce_data.study import assessment, registries, scenarios
from ptce_data.study.access import Access, access
from ptce_data.study.arrangement import gaps, status
from ptce_data.study.checks import check
from ptce_data.study.existing import Imprecise, existing, imprecise
from ptce_data.study.file import StudyFileError, dump, read
from ptce_data.study.model import (
    AccessChoice,
    AfomItem,
    Annotation,
    ChallengeNote,
    LogicAnswer,
    Override,
    OwnPlace,
    PartText,
    Perimeter,
    Scenario,
    Score,
    Step,
    Study,
    new,
)
from ptce_data.study.own_places import ImportedPlaces, places_from
from ptce_data.study.perimeter import Area, Part, PerimeterError, resolve
from ptce_data.study.schemes import schemes
from ptce_data.study.shapes import Outline
from ptce_data.study.suggestion import Suggestion
from ptce_data.study.suggestions import suggestions
from ptce_data.study.uploads import Upload, UploadError, polygon_from

__all__ = [
    "Access",
    "AccessChoice",
    "AfomItem",
    "Annotation",
    "Area",
    "ChallengeNote",
    "ImportedPlaces",
    "Imprecise",
    "LogicAnswer",
    "Outline",
    "Override",
    "OwnPlace",
    "Part",
    "PartText",
    "Perimeter",
    "PerimeterError",
    "Scenario",
    "Score",
    "Step",
    "Study",
    "StudyFileError",
    "Suggestion",
    "Upload",
    "UploadError",
    "access",
    "assessment",
    "check",
    "dump",
    "existing",
    "gaps",
    "imprecise",
    "new",
    "places_from",
    "polygon_from",
    "read",
    "registries",
    "resolve",
    "scenarios",
    "schemes",
    "status",
    "suggestions",
]
