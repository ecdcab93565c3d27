"""Tables of the atlas, whole or cut to a selection of the page Carte, as files of open formats."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from ptce_data import query
from ptce_data.opendata import RESOURCES, bundle, source_ids_of, sqlite, write
from ptce_data.opendata.credits import PERIMETER
from ptce_data.places import TABLES
from ptce_ui import urlstate
from ptce_ui.scenes import address

if TYPE_CHECKING:
    import pandas as pd

    from ptce_data.load import Dataset

#: Formats that hold several tables.
SQLITE, ZIP = "sqlite", "zip"
#: Tables whose rows a selection of places can choose.
SELECTABLE: Final = ("places", *TABLES.values())
_MOST: Final = 20


class QueryError(ValueError):
    """A table or a query string is refused; the message is French and lists what is allowed."""


def names(layout: str, table: str | None, selected: str) -> tuple[str, ...]:
    """The tables to write: `table`, else the places; for ZIP all of them, for SQLITE none by name.

    Raises QueryError for an unknown table, and for a selection of what is no place.
    """
    if table is not None and table not in RESOURCES:
        raise QueryError(f"La table « {_short(table)} » n’existe pas. Tables : {', '.join(RESOURCES)}.")
    if layout == SQLITE and (table or selected):
        raise QueryError("Le format sqlite écrit toute la base : sans --table ni --select.")
    if table is not None:
        if selected and table not in SELECTABLE:
            raise QueryError(f"--select choisit des lieux : il va avec --table {', '.join(SELECTABLE)}.")
        return (table,)
    if layout == SQLITE:
        return ()
    if layout != ZIP:
        return ("places",)
    # Contours are not for CSV files: areas are asked for by name.
    tables = tuple(n for n, r in RESOURCES.items() if not r.has_geometry or n in SELECTABLE)
    return SELECTABLE if selected else tables


def selection(dataset: Dataset, given: str) -> frozenset[str] | None:
    """The uids that a query string of the page Carte keeps, None for an empty one.

    `given` is what follows "?" in the address. Parameters of the map alone (its view, what is open) are
    known and change nothing. Raises QueryError for an unknown parameter or value.
    """
    if not given.strip("?& "):
        return None
    try:
        read = parse_qs(
            given.lstrip("?"),
            keep_blank_values=True,
            strict_parsing=True,
            max_num_fields=500,
            errors="strict",
        )
    except ValueError:
        raise QueryError("La requête s’écrit parametre=valeur&parametre=valeur.") from None
    params = {param.name: param for param in address.params(dataset, "carte")}
    for name, values in read.items():
        if name not in params:
            filters = ", ".join(urlstate.SELECTION_PARAMS.values())
            raise QueryError(f"Le paramètre « {_short(name)} » est inconnu. Paramètres : {filters}.")
        allowed = params[name].allowed
        wrong = [] if allowed is None else [v for v in values if v and v not in set(allowed)]
        if wrong and allowed is not None:
            more = f"… et {len(allowed) - _MOST} autres" if len(allowed) > _MOST else ""
            known = f"{', '.join(allowed[:_MOST])}{more}"
            raise QueryError(
                f"La valeur « {_short(wrong[0])} » de « {name} » est inconnue. Valeurs : {known}."
            )
    chosen = urlstate.parse(read, list(params.values())).values
    return frozenset(query.places(dataset, urlstate.selection(chosen))["uid"])


def _short(value: str) -> str:
    shown = value if len(value) <= 60 else value[:60] + "…"
    return "".join(c if c.isprintable() else "?" for c in shown)


def rows(dataset: Dataset, name: str, keep: frozenset[str] | None) -> pd.DataFrame:
    """The rows of a table, those of `keep` only when it is not None."""
    found = RESOURCES[name].rows(dataset)
    return found if keep is None else found[found["uid"].isin(keep)]


def save(dataset: Dataset, layout: str, tables: Mapping[str, pd.DataFrame], selected: str, out: Path) -> int:
    """Write the tables (name -> rows) to `out`; returns its size in bytes. Raises OSError.

    A format of one table takes exactly one; SQLITE writes the whole data set, whatever `tables` holds.
    """
    if layout == SQLITE:
        sqlite(dataset, out)
        return out.stat().st_size
    perimeter = f"Sélection : {_short(selected.lstrip('?'))}" if selected else PERIMETER
    cited = {name: source_ids_of(dataset, frame, name) for name, frame in tables.items()}
    if layout == ZIP:
        parts = {name: (frame, RESOURCES[name].title, cited[name]) for name, frame in tables.items()}
        content = bundle(dataset, parts, perimeter=perimeter)
    else:
        ((name, frame),) = tables.items()
        title = RESOURCES[name].title
        content = write(
            dataset,
            frame,
            layout,
            name=name,
            title=title,
            source_ids=cited[name],
            perimeter=perimeter,
            table=name,
        )
    return out.write_bytes(content)
