"""Where each row is: commune by code, name or point, département, région; contradictions said, homonyms asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ptce_data.own_layers import coordinates
from ptce_data.own_layers.build_log import Log, Rows
from ptce_data.own_layers.communes import Code, Places
from ptce_data.own_layers.model import Question
from ptce_data.own_layers.position_points import FIELD, Points
from ptce_data.territories.french import NBSP, listing, number, quoted
from ptce_data.text import fold

Texts = npt.NDArray[np.object_]

#: A point farther than this from its commune is told; than that, the row contradicts itself, and is refused.
FAR_KM: Final = 3.0
TOO_FAR_KM: Final = 30.0
NONE_OF_THEM: Final = "aucune"


@dataclass
class Where:
    """Codes of each row, "" where unknown, and the questions that names raise."""

    commune: Texts
    arrondissement: Texts
    departement: Texts
    region: Texts
    from_point: Rows
    questions: list[Question] = field(default_factory=list)


def locate(
    places: Places, cells: Mapping[str, pd.Series], points: Points, answers: Mapping[str, str], log: Log
) -> Where:
    """Return the commune, département and région of each row; refuses rows that contradict themselves."""
    size = len(log.lines)

    def column(name: str) -> pd.Series:
        return cells.get(name, pd.Series(np.full(size, None), dtype="str"))

    codes = _each(column("commune_insee"), places.code)
    departements = _each(column("departement_code"), places.departement)
    regions = _each(column("region_code"), places.region)
    where = Where(
        commune=np.array([c.commune if isinstance(c, Code) else "" for c in codes], dtype=object),
        arrondissement=np.array(
            [c.arrondissement if isinstance(c, Code) else "" for c in codes], dtype=object
        ),
        departement=np.full(size, "", dtype=object),
        region=np.full(size, "", dtype=object),
        from_point=np.zeros(size, dtype=bool),
    )
    _say_codes(places, column("commune_insee"), where, log)
    found = _around(places, points, log)
    _names(places, column, departements, regions, where, found, answers, log)
    _points(places, points, where, found, log)
    _arrondissements(places, column("arrondissement_insee"), where, log)
    _areas(places, column, departements, regions, where, log)
    return where


def _each(cells: pd.Series, rule: Callable[[str], Any]) -> Texts:
    """Apply a rule once per distinct cell; None for empty ones."""
    made = {cell: rule(cell) for cell in cells.dropna().unique()}
    return np.array([made.get(cell) if isinstance(cell, str) else None for cell in cells], dtype=object)


def _say_codes(places: Places, cells: pd.Series, where: Where, log: Log) -> None:
    told = cells.notna().to_numpy(dtype=bool)
    unknown = told & (where.commune == "")
    if unknown.any():
        said = "ce n’est pas le code Insee d’une commune de 2025"
        postal = unknown & cells.str.fullmatch(r"\d{4}0").fillna(False).to_numpy(dtype=bool)
        log.warn(unknown & ~postal, "commune_insee", cells, said)
        log.warn(postal, "commune_insee", cells, f"{said} (peut-être un code postal)")
    written = cells.fillna("").str.strip().str.upper().to_numpy(dtype=object)
    changed = told & ~unknown & (written != where.commune)
    part = changed & (where.arrondissement != "")
    log.repair(part, "commune_insee", "arrondissement : code de sa commune", cells, where.commune)
    today = np.array([w.zfill(5) for w in written], dtype=object)
    zeros = changed & ~part & (today == where.commune)
    log.repair(zeros, "commune_insee", "code réécrit sur cinq caractères", cells, where.commune)
    log.repair(
        changed & ~part & ~zeros,
        "commune_insee",
        "ancienne commune : code de celle d’aujourd’hui",
        cells,
        where.commune,
    )


def _arrondissements(places: Places, cells: pd.Series, where: Where, log: Log) -> None:
    """Take the arrondissement that a column of its own gives, where it is one of the row's commune."""
    told = cells.notna().to_numpy(dtype=bool)
    if not told.any():
        return
    codes = _each(cells, places.code)
    good = np.array([isinstance(c, Code) and c.arrondissement != "" for c in codes], dtype=bool)
    good &= np.array([getattr(c, "commune", "") for c in codes], dtype=object) == where.commune
    where.arrondissement[good] = [c.arrondissement for c in codes[good]]
    log.warn(
        told & ~good, "arrondissement_insee", cells, "ce n’est pas un arrondissement de la commune : inconnu"
    )


def _around(places: Places, points: Points, log: Log) -> Texts:
    """Return the commune in which or near which each point is, "" for none; points abroad are told."""
    found = np.full(len(log.lines), "", dtype=object)
    known = points.known
    if known.any():
        at = places.around(points.lon[known], points.lat[known])
        found[known] = np.where(at >= 0, places.codes[np.maximum(at, 0)], "")
        # Saint-Martin has no outline in the data: its points are in the box of the Antilles all the same.
        abroad = known & (found == "")
        outside = abroad & ~(
            coordinates.in_france(points.lon, points.lat)
            & coordinates.in_saint_martin(points.lon, points.lat)
        )
        log.warn(outside, FIELD, points.said, "point hors de France : il est laissé de côté")
        points.lon[outside] = points.lat[outside] = np.nan
        points.shapes[outside] = None
    return found


def _names(
    places: Places,
    column: Callable[[str], pd.Series],
    departements: Texts,
    regions: Texts,
    where: Where,
    found: Texts,
    answers: Mapping[str, str],
    log: Log,
) -> None:
    """Find communes by name within the département, region or postal code; ask where several have it."""
    names, postal = column("commune_name"), column("postal_code")
    told = names.notna().to_numpy(dtype=bool)
    _contradicted(places, names, where, told & (where.commune != ""), log)
    asked: dict[str, tuple[str, tuple[str, ...], list[int]]] = {}
    cache: dict[tuple[Any, ...], tuple[str, ...]] = {}
    unknown: dict[int, str] = {}
    by_point = np.zeros(len(told), dtype=bool)
    cells, codes = names.tolist(), postal.tolist()
    for at in np.flatnonzero(told & (where.commune == "")).tolist():
        name, departement, region = cells[at], departements[at], regions[at]
        code = codes[at] if isinstance(codes[at], str) else None
        key = (name, departement, code, region)
        if key not in cache:
            cache[key] = places.named(*key)
        hits = cache[key]
        if len(hits) == 1:
            where.commune[at] = hits[0]
        elif not hits:
            unknown[at] = name
        elif found[at] in hits:
            where.commune[at], by_point[at] = found[at], True
        else:
            scope = departement or region or (code or "")[:2]
            ident = f"commune:{fold(name)}:{scope}"
            asked.setdefault(ident, (name, hits, []))[2].append(int(at))
    log.repair(
        by_point, "commune_name", "plusieurs communes de ce nom : celle du point", names, where.commune
    )
    _ask(places, asked, where, answers, log)
    _unknown(places, unknown, departements, where, found, log)


def _contradicted(places: Places, names: pd.Series, where: Where, both: Rows, log: Log) -> None:
    """Warn where the name of a commune is that of another one than its code."""
    pairs: dict[tuple[str, str], bool] = {}
    rows = np.zeros(len(both), dtype=bool)
    cells = names.tolist()
    for at in np.flatnonzero(both):
        key = (cells[at], where.commune[at])
        if key not in pairs:
            same = places.is_named(key[1], key[0])
            hits = () if same else places.named(key[0], None, None, None)
            pairs[key] = bool(hits) and key[1] not in hits
        rows[at] = pairs[key]
    said = [f"ce nom n’est pas celui du code {c} : la commune du code est gardée" for c in where.commune]
    log.warn(rows, "commune_name", names, said)


def _ask(
    places: Places,
    asked: Mapping[str, tuple[str, tuple[str, ...], list[int]]],
    where: Where,
    answers: Mapping[str, str],
    log: Log,
) -> None:
    size = len(log.lines)
    for ident in sorted(asked):
        name, hits, rows = asked[ident]
        mask = np.zeros(size, dtype=bool)
        mask[rows] = True
        answer = answers.get(ident)
        if answer in hits:
            where.commune[mask] = answer
            log.repair(
                mask, "commune_name", "commune choisie parmi des homonymes", name, places.words(answer)
            )
            continue
        if answer == NONE_OF_THEM:
            log.refuse(mask, "commune_name", name, "aucune des communes de ce nom n’est la bonne, selon vous")
            continue
        text = f"{number(len(hits))} communes s’appellent {quoted(name)}. Laquelle est-ce{NBSP}?"
        choices = {code: places.words(code) for code in hits} | {NONE_OF_THEM: "Aucune de celles-ci"}
        where.questions.append(Question(ident, text, choices, tuple(log.lines[mask].tolist())))
        log.refuse(mask, "commune_name", name, f"question ouverte : {text}")


def _unknown(
    places: Places, unknown: Mapping[int, str], departements: Texts, where: Where, found: Texts, log: Log
) -> None:
    """Tell of names that no commune has; without a point, the row is refused, with the nearest names."""
    size = len(log.lines)
    hints: dict[tuple[str, Any], str] = {}
    names, why = np.full(size, "", dtype=object), np.full(size, "", dtype=object)
    alone, placed = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    for at, name in unknown.items():
        names[at] = name
        if found[at]:
            placed[at] = True
            continue
        key = (name, departements[at])
        if key not in hints:
            within = (
                ""
                if departements[at] is None
                else f" dans {quoted(places.departements.get(departements[at], departements[at]))}"
            )
            near = places.alike(*key)
            hint = f" ; noms proches : {listing(near, 'ou')}" if near else ""
            hints[key] = f"aucune commune de ce nom{within}{hint}"
        alone[at], why[at] = True, hints[key]
    log.refuse(alone, "commune_name", names, why)
    log.warn(placed, "commune_name", names, "aucune commune de ce nom : celle du point est prise")


def _points(places: Places, points: Points, where: Where, found: Texts, log: Log) -> None:
    """Take the commune of the point where there is no other; measure the distance where there is."""
    alone = points.known & (where.commune == "") & (found != "")
    where.commune[alone] = found[alone]
    where.from_point[:] = alone
    known = np.array([c in places.at for c in where.commune], dtype=bool)
    both = points.known & known & ~alone & (found != where.commune)
    if not both.any():
        return
    km = np.zeros(len(both))
    km[both] = places.km_from(where.commune[both], points.lon[both], points.lat[both])
    whole = [
        f"point à {number(float(d))} km de {places.names.get(c, c)}" if d else ""
        for d, c in zip(km, where.commune, strict=True)
    ]
    log.warn((km > FAR_KM) & (km <= TOO_FAR_KM), FIELD, points.said, whole)
    log.refuse(
        km > TOO_FAR_KM, FIELD, points.said, [f"{w}, sa commune : l’un des deux est faux" for w in whole]
    )


def _areas(
    places: Places,
    column: Callable[[str], pd.Series],
    departements: Texts,
    regions: Texts,
    where: Where,
    log: Log,
) -> None:
    """Give each row its département and région, from the commune first."""
    told = column("departement_code")
    own = {c: places.departement_code_of(c) or "" for c in set(where.commune)}
    of_commune = np.array([own[c] for c in where.commune], dtype=object)
    given = np.array([d or "" for d in departements], dtype=object)
    log.warn(
        told.notna().to_numpy(dtype=bool) & (given == ""), "departement_code", told, "département inconnu"
    )
    differs = (given != "") & (of_commune != "") & (given != of_commune)
    said = [f"la commune est dans le département {d}, qui est gardé" for d in of_commune]
    log.warn(differs, "departement_code", told, said)
    where.departement[:] = np.where(of_commune != "", of_commune, given)
    by = {d: places.region_of.get(d, "") for d in set(where.departement)}
    of_departement = np.array([by[d] for d in where.departement], dtype=object)
    given = np.array([r or "" for r in regions], dtype=object)
    told = column("region_code")
    log.warn(told.notna().to_numpy(dtype=bool) & (given == ""), "region_code", told, "région inconnue")
    differs = (given != "") & (of_departement != "") & (given != of_departement)
    said = [f"le département est dans la région {r}, qui est gardée" for r in of_departement]
    log.warn(differs, "region_code", told, said)
    where.region[:] = np.where(of_departement != "", of_departement, given)
