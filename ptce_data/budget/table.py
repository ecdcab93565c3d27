"""A budget as a table of cells, the same for every spreadsheet format, both ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from ptce_data.budget import cells
from ptce_data.budget.cells import Cell, Refused, Unreadable
from ptce_data.budget.model import (
    MAX_LINES,
    MAX_YEARS,
    RESOURCES,
    SIDES,
    USES,
    YEARS,
    Budget,
    BudgetError,
    Line,
    check,
    clean,
)
from ptce_data.errors import Fault
from ptce_data.funding.categories import NATURES
from ptce_data.text import fold

T = TypeVar("T")
Row = tuple[int, Sequence[Cell]]

#: Columns before those of the years, as written; their folded names are what is looked for.
COLUMNS: Final = ("Libellé", "Sens", "Catégorie", "Nature", "Bénévolat valorisé", "Dernière année")
NAME: Final = "Budget"
_SIDE_NAMES: Final = {
    "ressources": "ressource",
    "recette": "ressource",
    "recettes": "ressource",
    "produit": "ressource",
    "produits": "ressource",
    "emplois": "emploi",
    "depense": "emploi",
    "depenses": "emploi",
    "charge": "emploi",
    "charges": "emploi",
}
_FOLDED: Final = {fold(name): name for name in COLUMNS}
_OPTIONAL: Final = frozenset({"Nature", "Bénévolat valorisé", "Dernière année"})


def write(budget: Budget, amount: Callable[[float], Any]) -> list[list[Any]]:
    """Return the rows of the table: name, header, lines. `amount` turns euros into a cell."""
    rows: list[list[Any]] = [[NAME, budget.name], [*COLUMNS, *budget.years]]
    for line in budget.lines:
        categories = RESOURCES if line.side == "ressource" else USES
        rows.append(
            [
                line.label,
                SIDES[line.side],
                categories[line.category],
                NATURES[line.nature] if line.nature else "",
                "oui" if line.is_volunteer else "",
                line.ends_year if line.ends_year is not None else "",
                *(amount(a) for a in line.amounts),
            ]
        )
    return rows


def read(rows: Sequence[Row], file: str) -> Budget:
    """Read a table of (line of the file, cells). Raises BudgetError with every fault of every cell."""
    start = find_header(rows)
    if start is None:
        expected = f"une ligne d’en-tête : {', '.join(COLUMNS)}, puis une colonne par année"
        raise BudgetError([Fault(file, None, None, None, expected, "entete")])
    faults: list[Fault] = []
    name = _name(rows[:start], file, faults)
    places, years = _header(rows[start], file, faults)
    if faults:
        raise BudgetError(faults)
    lines: list[Line] = []
    at: list[int] = []
    body = [(n, row) for n, row in rows[start + 1 :] if not _is_blank(row)]
    if len(body) > MAX_LINES:
        raise BudgetError(
            [Fault(file, None, "Lignes", str(len(body)), f"{MAX_LINES} lignes au plus", "longueur")]
        )
    for number, row in body:
        line = _line(row, places, years, file, number, faults)
        if line is not None:
            lines.append(line)
            at.append(number)
    budget = Budget(name, tuple(years), tuple(lines))
    try:
        check(budget, file, at)
    except BudgetError as error:
        faults += error.faults
    if faults:
        raise BudgetError(sorted(faults, key=lambda f: f.line or 0))
    return budget


def find_header(rows: Sequence[Row]) -> int | None:
    """Return the position of the first row that names the label and the side."""
    for position, (_, row) in enumerate(rows):
        names = {fold(cells.shown(cell)) for cell in row}
        if {"libelle", "sens"} <= names:
            return position
    return None


def _is_blank(row: Sequence[Cell]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row)


def _name(rows: Sequence[Row], file: str, faults: list[Fault]) -> str:
    for number, row in rows:
        if len(row) > 1 and fold(cells.shown(row[0])) == fold(NAME):
            try:
                return cells.text(row[1])
            except Unreadable as error:
                faults.append(Fault(file, number, "Nom", cells.shown(row[1]), str(error), "formule"))
                return ""
    faults.append(Fault(file, 1, "Nom", None, f"une première ligne « {NAME} », puis le nom", "obligatoire"))
    return ""


def _header(row: Row, file: str, faults: list[Fault]) -> tuple[dict[str, int], dict[int, int]]:
    """Return column name -> position and year -> position."""
    number, header = row
    places: dict[str, int] = {}
    years: dict[int, int] = {}

    def wrong(cell: Cell, expected: str, rule: str) -> None:
        faults.append(Fault(file, number, None, cells.shown(cell), expected, rule))

    for position, cell in enumerate(header):
        name = _FOLDED.get(fold(cells.shown(cell)))
        if isinstance(cell, Refused):
            wrong(cell, cell.expected, "formule")
        elif name is not None and name not in places:
            places[name] = position
        elif _is_year(cell) and cells.year(cell) not in years:
            years[int(cells.text(cell))] = position
        elif name is not None or _is_year(cell):
            wrong(cell, "une colonne une seule fois", "colonne_double")
        elif not _is_blank([cell]):
            wrong(cell, f"une colonne connue ({', '.join(COLUMNS)}) ou une année", "colonne_inconnue")
    for name in COLUMNS:
        if name not in places and name not in _OPTIONAL:
            faults.append(Fault(file, number, name, None, "une colonne, qui manque", "colonne_absente"))
    ordered = dict(sorted(years.items()))
    if not 1 <= len(years) <= MAX_YEARS:
        expected = f"de une à {MAX_YEARS} colonnes d’années (entre {YEARS[0]} et {YEARS[1]})"
        faults.append(Fault(file, number, "Années", ", ".join(map(str, ordered)), expected, "annees"))
    return places, ordered


def _is_year(cell: Cell) -> bool:
    try:
        return not isinstance(cell, bool) and cells.year(cell) is not None
    except Unreadable:
        return False


def _line(
    row: Sequence[Cell],
    places: dict[str, int],
    years: dict[int, int],
    file: str,
    number: int,
    faults: list[Fault],
) -> Line | None:
    """Read one line; its faults are added to `faults`, and it is then None."""
    before = len(faults)

    def get(field: str, position: int | None, convert: Callable[[Cell], T], default: T) -> T:
        cell = row[position] if position is not None and position < len(row) else None
        try:
            return convert(cell)
        except Unreadable as error:
            rule = "formule" if isinstance(cell, Refused) else "type"
            faults.append(Fault(file, number, field, cells.shown(cell), str(error), rule))
            return default

    def named(field: str, convert: Callable[[Cell], T], default: T) -> T:
        return get(field, places.get(field), convert, default)

    label = named("Libellé", cells.text, "")
    side = named("Sens", lambda c: cells.choice(c, SIDES, _SIDE_NAMES), "")
    allowed = {"ressource": RESOURCES, "emploi": USES}.get(side)
    category = named("Catégorie", lambda c: cells.choice(c, allowed), "") if allowed else ""
    nature = named("Nature", _nature, None)
    volunteer = named("Bénévolat valorisé", cells.yes, False)
    ends = named("Dernière année", cells.year, None)
    amounts = [get(str(year), position, cells.amount, 0.0) for year, position in years.items()]
    used = {*places.values(), *years.values()}
    for position, cell in enumerate(row):
        if position not in used and not _is_blank([cell]):
            expected = "rien hors des colonnes de l’en-tête"
            faults.append(Fault(file, number, None, cells.shown(cell), expected, "cellules"))
    if len(faults) > before:
        return None
    return Line(clean(label), side, category, tuple(amounts), nature, volunteer, ends)


def _nature(cell: Cell) -> str | None:
    return cells.choice(cell, NATURES) if fold(cells.text(cell)) else None
