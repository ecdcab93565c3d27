"""A file and its mapping -> the rows of a layer, in the layout of `data/`, and the report of every row."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Answers
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ptce_data import schema
from ptce_data.own_layers import build_values, communes, own_exports, position, position_points
from ptce_data.own_layers.build_log import Log
from ptce_data.own_layers.errors import LayerError
from ptce_data.own_layers.limits import MAX_QUESTIONS
from ptce_data.own_layers.model import OwnLayer, Question, RawLayer
from ptce_data.own_layers.position_points import FIELD, Points
from ptce_data.territories.french import NBSP, number, quoted
from ptce_data.text import fold

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_data.own_layers.mapping import Mapping

CRS: Final = "EPSG:4326"
#: Targets whose rows need at least a region.
_NEED_REGION: Final = ("poles", "tiers_lieux")
#: The registry's word for a place of no stated kind.
_NO_KIND: Final = {"tiers_lieux": "autre"}
Progress = Callable[[float, str], None]


def build(
    dataset: Dataset,
    raw: RawLayer,
    mapping: Mapping,
    answers: Answers[str, str] | None = None,
    progress: Progress | None = None,
) -> OwnLayer:
    """Return the layer of a file as `mapping` understands it; see OwnLayer for its columns.

    `answers`: id of a question -> key of the chosen answer; others are left aside. At most MAX_QUESTIONS
    are asked at a time, those of most lines first; answered, they give way to the others. `progress` is called
    with a share (0 to 1) and French words. Raises LayerError where the mapping names a column that the
    file lacks, or a system of coordinates that nobody knows.
    """
    tell: Progress = progress or (lambda share, words: None)
    answers = answers or {}
    missing = [c for c in mapping.fields().values() if c not in raw.frame.columns]
    if missing:
        raise LayerError(
            raw.filename, "une colonne de la correspondance lui manque", "proposez une nouvelle correspondance",
            value=missing[0],
        )  # fmt: skip
    tell(0.0, "Lecture des colonnes")
    log = Log(raw.lines)
    if mapping.target != "autre":
        raw, note = own_exports.without_stand_ins(raw)
        log.notes += [note] if note else []
    cells = {field: build_values.emptied(raw.frame[column]) for field, column in mapping.fields().items()}
    names = _names(raw, cells, mapping.target, log)
    tell(0.1, "Coordonnées")
    places = communes.places(dataset)
    points = position_points.points(
        places, raw, cells, mapping.crs, answers, log, keep_shapes=mapping.target == "autre"
    )
    tell(0.35, "Communes")
    where = position.locate(places, cells, points, answers, log)
    tell(0.7, "Valeurs")
    if mapping.target == "autre":
        rows = _others(raw, mapping, names, cells, points, where, places, log)
    else:
        rows = _objects(dataset, raw, mapping, names, cells, points, where, log)
    _personal(mapping, log)
    questions = _questions([*points.questions, *where.questions], log)
    tell(0.95, "Compte rendu")
    kept = rows[~log.refused].reset_index(drop=True)
    layer = OwnLayer(
        name=mapping.name or raw.filename,
        filename=raw.filename,
        digest=raw.digest,
        target=mapping.target,
        rows=gpd.GeoDataFrame(kept, geometry="geometry", crs=CRS),
        report=log.report(raw.broken),
        questions=questions,
        columns=tuple(raw.frame.columns),
    )
    tell(1.0, "Terminé")
    return layer


def _names(raw: RawLayer, cells: dict[str, pd.Series], target: str, log: Log) -> pd.Series:
    """Return the names of the rows; one of ours without a name is refused, another is called by its line."""
    blank = pd.Series(np.full(len(raw.frame), None), dtype="str")
    names = build_values.clean_text(cells.get("name", blank), "name", log)
    unnamed = names.isna().to_numpy(dtype=bool)
    if target != "autre":
        log.refuse(unnamed, "name", "", "le nom manque")
    elif unnamed.any():
        made = pd.Series([f"Ligne {line}" for line in raw.lines], dtype="str")
        names = names.where(~unnamed, made)
        log.notes.append(f"{_rows(unnamed)} sans nom{NBSP}: appelées par leur numéro de ligne.")
    return names


def _geometry(points: Points) -> Any:
    known = points.known
    made = np.full(len(known), shapely.Point(), dtype=object)
    made[known] = shapely.points(points.lon[known], points.lat[known])
    return made


def _ids(raw: RawLayer) -> list[str]:
    return [f"import-{raw.digest}-{line}" for line in raw.lines]


def _objects(
    dataset: Dataset,
    raw: RawLayer,
    mapping: Mapping,
    names: pd.Series,
    cells: dict[str, pd.Series],
    points: Points,
    where: position.Where,
    log: Log,
) -> pd.DataFrame:
    """Return the rows in the columns of the table `mapping.target`, then line and geometry."""
    target, size = mapping.target, len(raw.frame)
    placed = pd.Series(where.region, dtype="str").replace("", None)
    nowhere = placed.isna().to_numpy(dtype=bool)
    value = points.said
    if target in _NEED_REGION:
        log.refuse(
            nowhere, FIELD, value, "aucun lieu utilisable : ni point, ni commune, ni département, ni région"
        )
    else:
        log.warn(nowhere & ~points.known, FIELD, value, "aucun lieu connu : la ligne n’est sur aucune carte")
    own: dict[str, Any] = {
        "id": _ids(raw),
        "name": names,
        "commune_insee": where.commune,
        "arrondissement_insee": where.arrondissement,
        "departement_code": where.departement,
        "region_code": where.region,
        "lon": points.lon,
        "lat": points.lat,
        "confidence": np.full(size, "", dtype=object),
        "source_id": [f"import-{raw.digest}"] * size,
    }
    columns: dict[str, pd.Series] = {}
    labels = _labels(dataset)
    for doc in schema.describe(target):
        if doc.name in own:
            made = pd.Series(own[doc.name], dtype=doc.dtype)
            columns[doc.name] = (
                made if doc.name == "confidence" or doc.dtype != "str" else made.mask(made == "")
            )
        elif doc.name in cells:
            columns[doc.name] = build_values.column(
                doc,
                cells[doc.name],
                mapping.keys(doc.name),
                labels.get(doc.category or "", {}),
                mapping.separator,
                log,
            )
        else:
            columns[doc.name] = pd.Series(np.full(size, None), dtype=doc.dtype)
    rows = pd.DataFrame(columns)
    _complete(rows, dataset, target, log)
    deduced = where.from_point & ~log.refused
    if deduced.any():
        log.notes.append(f"{_rows(deduced)}{NBSP}: la commune est déduite du point.")
    rows["line"] = np.asarray(raw.lines, dtype="int64")
    rows["geometry"] = _geometry(points)
    return rows


def _complete(rows: pd.DataFrame, dataset: Dataset, target: str, log: Log) -> None:
    """Fill what the rules of a table tie together, and nothing else."""
    if "territory_type_stated" in rows:
        stated = rows["territory_type_stated"].notna()
        rows["type_source_id"] = rows["source_id"].where(stated)
    if "region_at_the_time" in rows:
        known = {fold(name) for name in dataset.former_region_codes["name"]}
        told = rows["region_at_the_time"]
        unknown = told.notna() & ~told.fillna("").map(fold).isin(known)
        log.warn(
            unknown.to_numpy(dtype=bool), "region_at_the_time", told, "ce n’est pas une région d’avant 2016"
        )
        rows["region_at_the_time"] = told.mask(unknown)
    if "other_regions" in rows:
        known = set(dataset.region_codes["region_code"])
        told = rows["other_regions"]
        wrong = told.map(lambda v: isinstance(v, str) and not set(v.split("|")) <= known).to_numpy(dtype=bool)
        log.warn(wrong, "other_regions", told, "codes de région inconnus")
        rows["other_regions"] = told.mask(wrong)
    if target in _NO_KIND:
        without = rows["kind"].isna() & ~log.refused
        rows["kind"] = rows["kind"].fillna(_NO_KIND[target])
        if without.any():
            log.notes.append(f"{_rows(without)} sans famille connue{NBSP}: « Autre ou non précisé ».")
    if "coord_precision" in rows:
        point = rows["lon"].notna()
        scored = rows["coord_score"].notna() & point
        rough = rows["coord_precision"].eq("approximatif").fillna(False)
        fine = rows["coord_precision"].where(~rough | scored).fillna("point_non_qualifie")
        rows["coord_precision"] = fine.where(point)
        rows["coord_score"] = rows["coord_score"].where(
            rows["coord_precision"].eq("approximatif").fillna(False)
        )


def _labels(dataset: Dataset) -> dict[str, dict[str, str]]:
    """Return, per field of the registry, folded key or label -> key."""
    made: dict[str, dict[str, str]] = {}
    table = dataset.categories
    for name, value, label in zip(table["field"], table["value"], table["label"], strict=True):
        made.setdefault(name, {}).update({fold(value.replace("_", " ")): value, fold(label): value})
    return made


def _others(
    raw: RawLayer,
    mapping: Mapping,
    names: pd.Series,
    cells: dict[str, pd.Series],
    points: Points,
    where: position.Where,
    places: communes.Places,
    log: Log,
) -> pd.DataFrame:
    """Return the rows of any other layer: id, name, note, line, geometry, and the file's other columns."""
    shapes = _geometry(points)
    drawn = np.array([s is not None for s in points.shapes], dtype=bool)
    shapes[drawn] = points.shapes[drawn]
    centred = ~points.known & np.array([c in places.at for c in where.commune], dtype=bool)
    at = [places.at[c] for c in where.commune[centred]]
    shapes[centred] = shapely.points(places.lon[at], places.lat[at])
    said = [places.names.get(c, "") for c in where.commune]
    log.repair(centred, FIELD, "sans point : placé au centre de sa commune", "", said)
    log.refuse(
        ~points.known & ~centred, FIELD, points.said, "aucun lieu utilisable : ni forme, ni point, ni commune"
    )
    blank = pd.Series(np.full(len(raw.frame), None), dtype="str")
    rows = pd.DataFrame({"id": _ids(raw), "name": names}).astype("str")
    rows["note"] = build_values.clean_text(cells.get("note", blank), "note", log, private=True)
    rows["line"] = np.asarray(raw.lines, dtype="int64")
    rows["geometry"] = shapes
    placed = {c for f, c in mapping.fields().items() if f in ("name", "note", "lon", "lat", "lat_lon")}
    for one in mapping.columns:
        if one.personal or one.column in placed or one.column not in raw.frame.columns:
            continue
        rows[f"col_{one.column}"] = build_values.clean_text(
            raw.frame[one.column], one.column, log, private=True
        )
    return rows


def _personal(mapping: Mapping, log: Log) -> None:
    left = [quoted(c.column) for c in mapping.columns if c.personal and not c.field]
    if left:
        log.notes.append(f"Colonnes laissées de côté, qui semblent personnelles{NBSP}: {', '.join(left)}.")


def _questions(found: list[Question], log: Log) -> tuple[Question, ...]:
    """Return the questions of most lines, as many as a page can ask; the note says what is left for later."""
    ordered = sorted(found, key=lambda asked: -len(asked.lines))
    later = ordered[MAX_QUESTIONS:]
    if later:
        plural = "s" * (len(later) > 1)
        lines = len({line for asked in later for line in asked.lines})
        log.notes.append(
            f"{number(len(later))} autre{plural} question{plural} après ces {MAX_QUESTIONS}, sur {_counted(lines)}{NBSP}: posée{plural} une "
            "fois celles-ci répondues ; ces lignes restent refusées d’ici là."
        )
    return tuple(ordered[:MAX_QUESTIONS])


def _rows(mask: Any) -> str:
    return _counted(int(np.asarray(mask).sum()))


def _counted(lines: int) -> str:
    return f"{number(lines)} ligne{'s' * (lines > 1)}"
