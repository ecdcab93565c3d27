"""Where the rows are by their coordinates: shapes or columns, in degrees, questions asked where the file is not clear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from ptce_data.own_layers import coordinates
from ptce_data.own_layers.build_log import Log, Rows
from ptce_data.own_layers.communes import Places
from ptce_data.own_layers.coordinates import DEGREES, SYSTEMS, Floats
from ptce_data.own_layers.errors import LayerError
from ptce_data.own_layers.model import Question, RawLayer
from ptce_data.study.shapes import polygons_of
from ptce_data.territories.french import NBSP, number, quoted

FIELD: Final = "coordonnées"
_INVERSE: Final = "/inverse"
_SHOWN: Final = 12

Shapes = npt.NDArray[np.object_]


@dataclass
class Points:
    """Points in degrees (NaN: none); `shapes`: the shapes themselves, in degrees (None: none); rows in doubt."""

    lon: Floats
    lat: Floats
    shapes: Shapes
    said: npt.NDArray[np.object_]
    questions: list[Question] = field(default_factory=list)

    @property
    def known(self) -> Rows:
        """Rows that have a point."""
        return np.isfinite(self.lon) & np.isfinite(self.lat)


def points(
    places: Places,
    raw: RawLayer,
    cells: Mapping[str, pd.Series],
    crs: str,
    answers: Mapping[str, str],
    log: Log,
    keep_shapes: bool,
) -> Points:
    """Return the points of the rows, in degrees. `crs`: the system that the user chose, "" for none.

    Raises LayerError where the file names a system of coordinates that nobody knows.
    """
    x, y, said = _columns(raw, cells, log)
    shapes = _shapes(raw, log, keep_shapes)
    drawn = np.array([s is not None for s in shapes], dtype=bool)
    if drawn.any():
        bounds = shapely.bounds(shapes)
        x = np.where(drawn, (bounds[:, 0] + bounds[:, 2]) / 2, x)
        y = np.where(drawn, (bounds[:, 1] + bounds[:, 3]) / 2, y)
        said = np.where(drawn, _written(x, y), said)
    made = Points(x, y, shapes, said)
    declared = raw.crs if raw.crs is not None and drawn.any() else None
    _project(places, raw.filename, made, crs, declared, answers, log)
    _swap(made, answers, log)
    drawn = np.array([s is not None for s in made.shapes], dtype=bool)
    if drawn.any():
        centre = _inside(made.shapes[drawn])
        made.lon[drawn], made.lat[drawn] = shapely.get_x(centre), shapely.get_y(centre)
    return made


def _columns(raw: RawLayer, cells: Mapping[str, pd.Series], log: Log) -> tuple[Floats, Floats, Any]:
    """Return x, y and the text of the cells they come from."""
    none = np.full(len(raw.frame), np.nan)
    empty = pd.Series(np.full(len(raw.frame), None), dtype="str")
    first, second, pair = (cells.get(name, empty) for name in ("lon", "lat", "lat_lon"))
    x = coordinates.numbers(first) if "lon" in cells else none
    y = coordinates.numbers(second) if "lat" in cells else none
    said = (first.fillna("") + " " + second.fillna("")).str.strip()
    if "lat_lon" in cells:
        px, py = coordinates.pairs(pair)
        x, y = np.where(np.isnan(x), px, x), np.where(np.isnan(y), py, y)
        said = said.where(said != "", pair.fillna(""))
    told = (said != "").to_numpy(dtype=bool)
    half = told & ~(np.isfinite(x) & np.isfinite(y))
    log.warn(half, FIELD, said, "coordonnées illisibles ou incomplètes : elles sont laissées de côté")
    x, y = np.where(half, np.nan, x), np.where(half, np.nan, y)
    zero = (x == 0) & (y == 0)
    log.warn(zero, FIELD, said, "coordonnées 0, 0 : tenues pour absentes")
    return np.where(zero, np.nan, x), np.where(zero, np.nan, y), said.to_numpy(dtype=object)


def _written(x: Floats, y: Floats) -> npt.NDArray[np.object_]:
    return np.array([f"{a:.6g} {b:.6g}" for a, b in zip(x, y, strict=True)], dtype=object)


def _shapes(raw: RawLayer, log: Log, keep: bool) -> Shapes:
    """Return the shapes of the file, made valid; only a point of each unless they are kept."""
    if raw.geometry is None:
        return np.full(len(raw.frame), None, dtype=object)
    shapes = raw.geometry.to_numpy().astype(object).copy()
    drawn = np.array([s is not None and not s.is_empty for s in shapes], dtype=bool)
    shapes[~drawn] = None
    bad = drawn & ~shapely.is_valid(shapes)
    for at in np.flatnonzero(bad):
        shapes[at] = (
            polygons_of(shapes[at]) if "Polygon" in shapes[at].geom_type else shapely.make_valid(shapes[at])
        )
        if shapes[at].is_empty:
            shapes[at] = None
    log.repair(bad, "géométrie", "contour mal formé (croisement ou doublon) : réparé", "", "")
    kinds = np.array(["" if s is None else s.geom_type for s in shapes], dtype=object)
    if keep:
        for at in np.flatnonzero(kinds == "GeometryCollection"):
            area = polygons_of(shapes[at])
            shapes[at] = shapes[at] if area.is_empty else area
        log.repair(
            kinds == "GeometryCollection",
            "géométrie",
            "collection de formes : ses surfaces sont gardées",
            "",
            "",
        )
        return shapes
    other = (kinds != "Point") & (kinds != "")
    if other.any():
        shapes[other] = _inside(shapes[other])
        log.repair(other, "géométrie", "un point à l’intérieur est pris pour la forme", kinds, "Point")
    return shapes


def _inside(shapes: Shapes) -> Shapes:
    """Return a point of each shape; none of them is empty."""
    made = np.asarray(shapely.point_on_surface(shapes), dtype=object)
    # A collection of an empty surface and a point has no surface to be on: its first point stands for it.
    for at in np.flatnonzero(shapely.is_empty(made)):
        made[at] = shapely.Point(shapely.get_coordinates(shapes[at])[0])
    return made


def _project(
    places: Places,
    file: str,
    made: Points,
    crs: str,
    declared: str | None,
    answers: Mapping[str, str],
    log: Log,
) -> None:
    """Bring everything to degrees: as chosen, as declared, else as answered."""
    rows = made.known
    chosen = crs or (declared if declared not in (None, DEGREES) else "")
    if chosen:
        log.notes.append(
            f"Coordonnées lues comme {SYSTEMS.get(chosen, chosen)}."
        ) if chosen != DEGREES else None
        _move(made, rows, chosen, file)
    else:
        rows = rows & ~coordinates.in_degrees(made.lon, made.lat)
        if not rows.any():
            return
        question = _system_question(places, made, rows, declared, log)
        answer = answers.get("crs")
        if question is not None and answer in question.choices:
            if answer.endswith(_INVERSE):
                _turn(made, rows)
            _move(made, rows, answer.removesuffix(_INVERSE), file)
        elif question is not None:
            made.questions.append(question)
            log.refuse(rows, FIELD, made.said, f"question ouverte : {question.text}")
            return
    lost = rows & ~(made.known & coordinates.in_degrees(made.lon, made.lat))
    log.warn(lost, FIELD, made.said, "coordonnées hors de tout système reconnu : elles sont laissées de côté")
    _forget(made, lost)


def _move(made: Points, rows: Rows, system: str, file: str) -> None:
    try:
        made.lon[rows], made.lat[rows] = coordinates.to_degrees(made.lon[rows], made.lat[rows], system)
        drawn = rows & np.array([s is not None for s in made.shapes], dtype=bool)
        if drawn.any():
            made.shapes[drawn] = coordinates.shapes_to_degrees(made.shapes[drawn], system)
            lost = drawn & np.array([s is None for s in made.shapes], dtype=bool)
            made.lon[lost] = made.lat[lost] = np.nan
    except pyproj.exceptions.ProjError:
        raise LayerError(
            file,
            "son système de coordonnées est inconnu",
            "exportez-le en WGS 84 ou en Lambert-93",
            value=system,
        ) from None


def _turn(made: Points, rows: Rows) -> None:
    """Exchange the two coordinates of rows."""
    made.lon[rows], made.lat[rows] = made.lat[rows], made.lon[rows]
    drawn = rows & np.array([s is not None for s in made.shapes], dtype=bool)
    if drawn.any():
        made.shapes[drawn] = shapely.transform(made.shapes[drawn], lambda c: c[:, ::-1])


def _forget(made: Points, rows: Rows) -> None:
    made.lon[rows] = made.lat[rows] = np.nan
    made.shapes[rows] = None


def _system_question(
    places: Places, made: Points, rows: Rows, declared: str | None, log: Log
) -> Question | None:
    """Ask in which system the points of rows are, with those that place them in France; None where none does."""
    x, y = made.lon[rows], made.lat[rows]
    found = [system for system, _ in coordinates.likely_systems(places, x, y)]
    choices = {system: SYSTEMS[system] for system in found}
    if not choices:
        turned = [system for system, _ in coordinates.likely_systems(places, y, x)]
        choices = {system + _INVERSE: f"{SYSTEMS[system]}, X et Y inversés" for system in turned}
    if not choices:
        return None
    proposed = next(iter(choices))
    choices["aucun"] = "Aucun de ceux-ci"
    lines = tuple(log.lines[rows].tolist())
    said = "qui s’annonce en degrés " if declared == DEGREES else ""
    text = (
        f"Les coordonnées de {_count(lines)} {said}ne sont pas des degrés (exemple{NBSP}: {made.said[rows][0]}). "
        f"Sont-elles en {choices[proposed]}{NBSP}?"
    )
    return Question("crs", text, choices, lines, proposed)


def _swap(made: Points, answers: Mapping[str, str], log: Log) -> None:
    """Ask whether longitude and latitude are swapped where only so the points are in France."""
    rows = made.known & coordinates.swapped(made.lon, made.lat) & ~log.refused
    if not rows.any():
        return
    lines = tuple(log.lines[rows].tolist())
    answer = answers.get("swap")
    if answer == "oui":
        _turn(made, rows)
        log.repair(
            rows,
            FIELD,
            "longitude et latitude inversées, à votre demande",
            made.said,
            _written(made.lon, made.lat),
        )
    elif answer != "non":
        one = len(lines) == 1
        text = (
            f"{'Le point' if one else 'Les points'} de {_count(lines)} {'est' if one else 'sont'} hors de France, mais en "
            f"France si l’on inverse longitude et latitude (exemple{NBSP}: {quoted(made.said[rows][0])}). "
            f"{'L’inverser' if one else 'Les inverser'}{NBSP}?"
        )
        choices = {"oui": "Oui, inverser", "non": "Non, laisser"}
        made.questions.append(Question("swap", text, choices, lines, "oui"))
        log.refuse(rows, FIELD, made.said, f"question ouverte : {text}")


def _count(lines: tuple[int, ...]) -> str:
    return f"{number(len(lines))} lignes" if len(lines) > 1 else f"la ligne {lines[0]}"
