"""Studies made up for the tests, on the small data folder."""

from __future__ import annotations

import datetime
from typing import Any

import shapely
from hypothesis import strategies as st

from ptce_data.budget import Budget, Line
from ptce_data.study import (
    AccessChoice,
    AfomItem,
    Annotation,
    LogicAnswer,
    Outline,
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
from ptce_data.study.registries import (
    ACCESS_KINDS,
    AFOM,
    ELEMENT_STATUS,
    ELEMENTS,
    LOGICS,
    OBJECTIVES,
    PARTS,
    PLACE_KINDS,
)

DAY = datetime.date(2026, 11, 22)
#: Alpha (0, 0) and the western half of Bêta: the point of Bêta, in its middle, is just outside.
ALPHA_AND_A_HALF = shapely.box(1.99, 44.99, 2.149, 45.099)


def a_study(**more: Any) -> Study:
    return new("Étude", DAY, **more)


def over(shape: shapely.Geometry, zone_km: float = 0.0) -> Perimeter:
    return Perimeter(polygon=Outline.of(shape), zone_km=zone_km)


texts = st.text(max_size=30)
codes = st.from_regex(r"[0-9A-Za-z][0-9A-Za-z:_.\-]{0,12}", fullmatch=True)
amounts = st.floats(0, 1e9)
lons, lats = st.floats(-180, 180), st.floats(-90, 90)
boxes = st.tuples(st.floats(-60, 55), st.floats(-20, 50), st.floats(0.01, 2), st.floats(0.01, 2)).map(
    lambda b: Outline.of(shapely.box(b[0], b[1], b[0] + b[2], b[1] + b[3]))
)
_labels = texts.filter(lambda t: Line(t, "emploi", "personnel", ()).label != "")


@st.composite
def budgets(draw: st.DrawFn) -> Budget:
    years = tuple(range(2027, 2027 + draw(st.integers(1, 5))))
    paid = st.tuples(*[amounts] * len(years))
    line = st.builds(
        Line, _labels, st.just("ressource"), st.sampled_from(["emprunt", "subvention_region"]), paid
    )
    spent = st.builds(Line, _labels, st.just("emploi"), st.just("personnel"), paid)
    lines = (*draw(st.lists(line, max_size=3)), *draw(st.lists(spent, max_size=3)))
    return Budget(draw(_labels), years, lines)


def _some(strategy: st.SearchStrategy[Any], key: str, most: int = 3) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=most, unique_by=lambda item: getattr(item, key)).map(tuple)


months = st.none() | st.dates(datetime.date(1990, 1, 1)).map(
    lambda d: f"{min(d.year, 2199):04d}-{d.month:02d}"
)
studies = st.builds(
    Study,
    title=texts,
    organisation=texts,
    created=st.dates(),
    modified=st.dates(),
    perimeter=st.builds(
        Perimeter,
        communes=st.lists(codes, max_size=3).map(tuple),
        epci=st.lists(codes, max_size=3).map(tuple),
        polygon=st.none() | boxes,
        zone_km=st.floats(0, 100),
    ),
    places=_some(
        st.builds(
            OwnPlace, id=codes, name=texts, kind=st.sampled_from([*PLACE_KINDS]), lon=st.none() | lons,
            lat=st.none() | lats, commune=st.none() | codes, note=texts,
            status=st.sampled_from(["existing", "planned"]),
        ),
        "id",
    ),
    annotations=_some(st.builds(Annotation, uid=codes, note=texts, hidden=st.booleans()), "uid"),
    arrangement=_some(
        st.builds(
            Override, element=st.sampled_from([*ELEMENTS]), status=st.none() | st.sampled_from([*ELEMENT_STATUS])
        ),
        "element",
    ),
    access=st.builds(
        AccessChoice,
        kinds=st.lists(st.sampled_from([*ACCESS_KINDS]), max_size=3).map(tuple),
        radii=st.lists(st.floats(0.1, 100), min_size=1, max_size=4).map(tuple),
        isochrone=st.none() | boxes,
    ),
    scenarios=_some(
        st.builds(Scenario, id=codes, name=texts, budget=budgets(), amount_eur=st.none() | amounts), "id", 2
    ),
    assessment=_some(
        st.builds(Score, objective=st.sampled_from([*OBJECTIVES]), score=st.none() | st.integers(0, 4)),
        "objective",
    ),
    logics=_some(
        st.builds(LogicAnswer, logic=st.sampled_from([*LOGICS]), holds=st.none() | st.booleans()), "logic"
    ),
    afom=_some(st.builds(AfomItem, id=codes, list=st.sampled_from([*AFOM]), text=texts), "id"),
    roadmap=_some(st.builds(Step, id=codes, label=texts, start=months), "id"),
    texts=_some(st.builds(PartText, part=st.sampled_from([*PARTS]), text=texts), "part"),
)  # fmt: skip
