"""What is asked of the register, written once with Ibis for every engine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from ptce_data.sirene import layout
from ptce_data.sirene import nomenclatures as codes

#: Columns of `cells`: texts, then the count.
DIMENSIONS: Final = ("commune", "unit", "field", "family", "division", "band")
#: State of the legal unit of an establishment.
ACTIVE, CEASED, MISSING = "A", "C", "?"
#: Values of the field of the register, and the one for anything else.
YES, NO, UNKNOWN = "O", "N", "?"
#: Communes that are no code: abroad, not diffused, not given.
ABROAD, HIDDEN, NOWHERE = "etranger", "non_diffuse", "sans_commune"
_HIDDEN_WORD: Final = "[ND]"
#: Lowest and highest siren of a slice, both in it.
Slice = tuple[int, int]
EVERYTHING: Final[Slice] = (0, 999_999_999)


def cells(etablissement: ir.Table, unite_legale: ir.Table, part: Slice = EVERYTHING) -> ir.Table:
    """Active establishments counted by commune of the register and by what is published of them.

    Columns `DIMENSIONS` and n. The family is that of the legal category. Division (of the NAF rév. 2, or
    empty) and band (as in the register) are empty unless the field is O: they are sorted into sections and
    bands once counted. Establishments of a ceased or absent unit are counted apart, by `unit`.
    """
    places = _places(active(etablissement, part))
    joined = places.left_join(
        _units(unite_legale, part), places["siren"] == _units(unite_legale, part)["unit_siren"]
    )
    field = joined["field"].fill_null(UNKNOWN)
    social = field == YES
    made = joined.select(
        commune=joined["commune"],
        unit=joined["unit"].fill_null(MISSING),
        field=field,
        family=joined["family"].fill_null("autre"),
        division=ibis.ifelse(social, joined["division"], ""),
        band=ibis.ifelse(social, joined["band"], ""),
    )
    return made.group_by(list(DIMENSIONS)).aggregate(n=made.count())


def active(etablissement: ir.Table, part: Slice = EVERYTHING) -> ir.Table:
    """Active establishments of a slice, with the columns that are read."""
    kept = etablissement.select(*layout.READ_ETABLISSEMENT)
    kept = kept.filter(kept["etatAdministratifEtablissement"] == "A")
    return _within(kept, part)


def last_treatment(etablissement: ir.Table) -> ir.Scalar:
    """The latest date of treatment of an establishment, as text of ten characters."""
    treated: Any = etablissement[layout.TREATED]
    return treated.max().cast("string").left(10)


def _within(table: ir.Table, part: Slice) -> ir.Table:
    """Rows of a slice; text is compared with text, so that an engine can skip row groups."""
    if part == EVERYTHING:
        return table
    siren: Any = table["siren"]
    low, high = part if not siren.type().is_string() else (f"{part[0]:09d}", f"{part[1]:09d}")
    return table.filter(siren >= low, siren <= high)


def _siren(column: Any) -> Any:
    return column if column.type().is_string() else column.cast("string").lpad(9, "0")


def _places(table: ir.Table) -> ir.Table:
    code: Any = table["codeCommuneEtablissement"].cast("string")
    commune = ibis.cases(
        (code == _HIDDEN_WORD, HIDDEN),
        (code.fill_null("") != "", code),
        (table["codePaysEtrangerEtablissement"].cast("string").fill_null("") != "", ABROAD),
        else_=NOWHERE,
    )
    activity: Any = table["activitePrincipaleEtablissement"].cast("string")
    rev2: Any = table["nomenclatureActivitePrincipaleEtablissement"].cast("string") == layout.NAF_REV2
    band: Any = table["trancheEffectifsEtablissement"].cast("string")
    return table.select(
        siren=_siren(table["siren"]),
        commune=commune,
        division=ibis.ifelse(rev2.fill_null(False), activity.left(2).fill_null(""), ""),
        band=band.fill_null(""),
    )


def _units(table: ir.Table, part: Slice) -> ir.Table:
    kept = _within(table.select(*layout.READ_UNITE_LEGALE), part)
    form: Any = kept["categorieJuridiqueUniteLegale"].cast("string").left(4)
    field: Any = kept["economieSocialeSolidaireUniteLegale"].cast("string")
    state: Any = kept["etatAdministratifUniteLegale"].cast("string")
    family = ibis.cases(
        (form.isin(_texts(codes.COOPERATIVES)), "cooperative"),
        (form.isin(_texts(codes.MUTUELLES)), "mutuelle"),
        (form.left(2) == str(codes.ASSOCIATION), "association"),
        (form.left(2) == str(codes.FONDATION), "fondation"),
        (form.left(1) == str(codes.COMMERCIAL), "societe_commerciale"),
        else_="autre",
    )
    return kept.select(
        unit_siren=_siren(kept["siren"]),
        unit=ibis.ifelse((state == ACTIVE).fill_null(False), ACTIVE, CEASED),
        field=ibis.cases((field == YES, YES), (field == NO, NO), else_=UNKNOWN),
        family=family,
    )


def _texts(numbers: Iterable[int]) -> list[str]:
    return [str(number) for number in sorted(numbers)]
