"""A study: everything a user chose or typed, as one frozen value. What is computed is never in it."""

from __future__ import annotations

import datetime
import json
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator

from ptce_data.budget import Budget, BudgetError, check, from_json, to_json
from ptce_data.study.base import Base, Code, Codes, Lat, Line, Lon, Text, among, unique
from ptce_data.study.registries import (
    ACCESS_KINDS,
    AFOM,
    CHALLENGES,
    ELEMENT_STATUS,
    ELEMENTS,
    LOGICS,
    OBJECTIVES,
    PARTS,
    PLACE_KINDS,
)
from ptce_data.study.shapes import Outline

FORMAT: Final = "atlas-ptce-etude"
VERSION: Final = 1
MAX_PLACES: Final = 1_000
MAX_NOTES: Final = 5_000
MAX_ITEMS: Final = 200
MAX_SCENARIOS: Final = 3
MAX_ZONE_KM: Final = 100.0
RADII: Final = (5.0, 10.0, 20.0)


def _budget(value: Any) -> Budget:
    """Take a budget, or what its JSON file holds (checked by the budget's own reader)."""
    try:
        if isinstance(value, Budget):
            return check(value)
        return from_json(json.dumps(value).encode("utf-8"), "budget")
    except BudgetError as error:
        # One sentence: the first fault says where and what was expected.
        raise ValueError(f"un budget valable ({error.faults[0]})") from None


def _written(budget: Budget) -> Any:
    return json.loads(to_json(budget))


BudgetValue = Annotated[Budget, PlainValidator(_budget), PlainSerializer(_written)]


class Perimeter(Base):
    """The territory of the study: communes, EPCI (codes, COG of the atlas) and a polygon, added up.

    `zone_km`: width of the surroundings, 0 for none.
    """

    communes: Codes = ()
    epci: Codes = ()
    polygon: Outline | None = None
    polygon_name: Line = ""
    zone_km: Annotated[float, Field(ge=0, le=MAX_ZONE_KM)] = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was chosen."""
        return not self.communes and not self.epci and self.polygon is None

    def parts(self) -> list[tuple[str, str]]:
        """(level, code) of the EPCI and communes chosen: figures that secrecy masks are told part by part."""
        return [*(("epci", code) for code in self.epci), *(("communes", code) for code in self.communes)]


class OwnPlace(Base):
    """A place that the user adds: `kind` is a key of PLACE_KINDS; a point (EPSG:4326), a commune or both."""

    id: Code
    name: Line
    kind: Annotated[str, AfterValidator(among(PLACE_KINDS))]
    status: Literal["existing", "planned"] = "existing"
    lon: Lon | None = None
    lat: Lat | None = None
    commune: Code | None = None
    note: Text = ""
    source: Line = ""

    @property
    def uid(self) -> str:
        """The uid of the place beside those of the atlas."""
        return f"ajout:{self.id}"


class Annotation(Base):
    """What the user says of a place of the atlas; `hidden` leaves it out of the study."""

    uid: Code
    note: Text = ""
    correction: Text = ""
    hidden: bool = False


class Override(Base):
    """What the user says of an element of the arrangement; `status` None keeps the computed one."""

    element: Annotated[str, AfterValidator(among(ELEMENTS))]
    status: Annotated[str, AfterValidator(among(ELEMENT_STATUS))] | None = None
    note: Text = ""


class AccessChoice(Base):
    """Kinds of places and radii in km of the access step, or an isochrone made elsewhere."""

    kinds: Annotated[
        tuple[Annotated[str, AfterValidator(among(ACCESS_KINDS))], ...], Field(max_length=20)
    ] = (
        "tiers_lieu",
        "coworking",
        "fablab",
    )
    radii: Annotated[
        tuple[Annotated[float, Field(gt=0, le=MAX_ZONE_KM)], ...], Field(min_length=1, max_length=6)
    ] = RADII
    isochrone: Outline | None = None
    isochrone_note: Text = ""


class Scenario(Base):
    """A scenario: a budget of one to five years, the project it pays for, the schemes kept for it.

    `project_kind` and `needs` are slugs of the schemes' finder; `amount_eur` is the sum sought.
    """

    id: Code
    name: Line
    note: Text = ""
    budget: BudgetValue
    amount_eur: Annotated[float, Field(ge=0, le=1e12)] | None = None
    project_kind: Code | None = None
    needs: Annotated[Codes, Field(max_length=20)] = ()
    schemes: Annotated[Codes, Field(max_length=500)] = ()


class Score(Base):
    """The score of one of the nine main objectives, 0 to 4, None where not scored."""

    objective: Annotated[str, AfterValidator(among(OBJECTIVES))]
    score: Annotated[int, Field(ge=0, le=4)] | None = None
    comment: Text = ""
    evidence: Text = ""


class LogicAnswer(Base):
    """Whether one of the five logics characterises the project; None where not said."""

    logic: Annotated[str, AfterValidator(among(LOGICS))]
    holds: bool | None = None
    comment: Text = ""


class ChallengeNote(Base):
    """What the project says of one of the six challenges."""

    challenge: Annotated[str, AfterValidator(among(CHALLENGES))]
    note: Text = ""


class AfomItem(Base):
    """An item of a list of the AFOM. `from_suggestion`: id of the suggestion it was taken from."""

    id: Code
    list: Annotated[str, AfterValidator(among(AFOM))]
    text: Text
    from_suggestion: Code | None = None
    figure: Line = ""
    source: Line = ""


class Step(Base):
    """A step of the roadmap; `start` and `end` are months (2027-03), `lead` an organisation."""

    id: Code
    label: Line
    start: Annotated[str, Field(pattern=r"^(19|20|21)[0-9][0-9]-(0[1-9]|1[0-2])$")] | None = None
    end: Annotated[str, Field(pattern=r"^(19|20|21)[0-9][0-9]-(0[1-9]|1[0-2])$")] | None = None
    lead: Line = ""
    note: Text = ""


class PartText(Base):
    """Free text at the head of a part of the document."""

    part: Annotated[str, AfterValidator(among(PARTS))]
    text: Text = ""


def _many(key: str, limit: int = MAX_ITEMS) -> Any:
    """Return the bounds of a tuple whose items are told apart by `key`."""
    return Field(max_length=limit), AfterValidator(unique(key))


class Study(Base):
    """A whole study. Change one with `study.model_copy(update=…)` or, checked, `study.replace(…)`."""

    format: Literal["atlas-ptce-etude"] = FORMAT
    version: Literal[1] = VERSION
    title: Line
    organisation: Line = ""
    created: datetime.date
    modified: datetime.date
    perimeter: Perimeter = Perimeter()
    places: Annotated[tuple[OwnPlace, ...], *_many("id", MAX_PLACES)] = ()
    annotations: Annotated[tuple[Annotation, ...], *_many("uid", MAX_NOTES)] = ()
    arrangement: Annotated[tuple[Override, ...], *_many("element")] = ()
    access: AccessChoice = AccessChoice()
    peers: Annotated[Codes, Field(max_length=50)] = ()
    inspiring_poles: Annotated[Codes, Field(max_length=50)] = ()
    scenarios: Annotated[tuple[Scenario, ...], *_many("id", MAX_SCENARIOS)] = ()
    assessment: Annotated[tuple[Score, ...], *_many("objective")] = ()
    logics: Annotated[tuple[LogicAnswer, ...], *_many("logic")] = ()
    challenges: Annotated[tuple[ChallengeNote, ...], *_many("challenge")] = ()
    afom: Annotated[tuple[AfomItem, ...], *_many("id")] = ()
    roadmap: Annotated[tuple[Step, ...], *_many("id")] = ()
    texts: Annotated[tuple[PartText, ...], *_many("part")] = ()
    left_out: Annotated[
        tuple[Annotated[str, AfterValidator(among(PARTS))], ...], Field(max_length=len(PARTS))
    ] = ()

    def replace(self, **changes: Any) -> Study:
        """Return a copy with some fields changed, all checked. Raises pydantic.ValidationError."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return Study(**{**fields, **changes})

    def text(self, part: str) -> str:
        """The free text of a part of the document, empty where there is none."""
        return next((t.text for t in self.texts if t.part == part), "")

    @property
    def hidden(self) -> frozenset[str]:
        """The uids of the places of the atlas that the user left out."""
        return frozenset(a.uid for a in self.annotations if a.hidden)


def new(title: str, today: datetime.date, perimeter: Perimeter | None = None, **more: Any) -> Study:
    """Return a study with a title, a date and a perimeter; `more` are other fields of Study."""
    return Study(title=title, created=today, modified=today, perimeter=perimeter or Perimeter(), **more)
