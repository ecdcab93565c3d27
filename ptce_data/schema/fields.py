"""Building blocks of the table models: typed columns, each with its French title and description."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

Text = Series[str]
Whole = Series[pd.Int64Dtype]
Decimal = Series[pd.Float64Dtype]
Flag = Series[pd.BooleanDtype]

YEARS: Final = (1900, 2030)
SLUG: Final = r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$"
URL: Final = r"^https?://\S+$"
DATE: Final = r"^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$"
PERIOD: Final = f"{DATE[:-1]}(?:/{DATE[1:-1]})?$"
DAY: Final = r"^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$"
ADDRESS_OR_DOCUMENT: Final = r"^(?:https?://\S+|document: .+)$"
ARRONDISSEMENT: Final = r"^(?:751(?:0[1-9]|1\d|20)|6938[1-9]|132(?:0[1-9]|1[0-6]))$"
REGION: Final = r"^\d{2,3}$"
FORMER_REGION: Final = r"^\d{2}$"
DEPARTEMENT: Final = r"^(?:\d{2}|2[AB]|97\d)$"
SIREN: Final = r"^[0-9]{9}$"
#: A page of the atlas as its address names it, with the part to open where it has parts.
PAGE: Final = r"^[a-z]+(?:\?section=[a-z_]+)?$"
METHOD: Final = r"^docs/[a-z0-9-]+\.md$"

#: What a pattern means, for people.
PATTERN_TEXTS: Final = {
    SLUG: "minuscules sans accent, chiffres et tirets",
    URL: "adresse commençant par http:// ou https://, sans espace",
    DATE: "date AAAA, AAAA-MM ou AAAA-MM-JJ",
    DAY: "date AAAA-MM-JJ",
    ADDRESS_OR_DOCUMENT: "adresse http:// ou https://, ou « document: titre »",
    ARRONDISSEMENT: "code d'arrondissement de Paris, Lyon ou Marseille",
    REGION: "code de région, en deux ou trois chiffres",
    FORMER_REGION: "code de région d'avant 2016, en deux chiffres",
    DEPARTEMENT: "code de département",
    SIREN: "neuf chiffres, sans espace",
    PAGE: "page de l'atlas, suivie au besoin de ?section=…",
    METHOD: "page de docs, écrite docs/….md",
    PERIOD: "date AAAA, AAAA-MM ou AAAA-MM-JJ, ou deux dates séparées par « / »",
}


class Table(pa.DataFrameModel):
    """Base of the models: exactly the declared columns."""

    class Config:
        """No column more, no column less; values are typed before they come here."""

        strict = True


def column(
    title: str,
    description: str,
    *,
    required: bool = False,
    unique: bool = False,
    unit: str | None = None,
    category: str | None = None,
    link: str | None = None,
    listed: bool = False,
    pattern: str | None = None,
    low: float | None = None,
    high: float | None = None,
) -> Any:
    """Declare a column of a model.

    `category` is a field of data/codes/categories.csv that lists the allowed values; `link` names a
    set of known codes (see `ptce_data.schema.references`); `listed` says that the cell holds several
    codes separated by "|". Bounds are inclusive.
    """
    checks: dict[str, Any] = {}
    if low is not None:
        checks["ge"] = low
    if high is not None:
        checks["le"] = high
    if pattern is not None:
        checks["str_matches"] = pattern
    return pa.Field(
        nullable=not required,
        unique=unique,
        title=title,
        description=description,
        metadata={
            "unit": unit,
            "category": category,
            "link": link,
            "listed": listed,
            "pattern": pattern,
            "low": low,
            "high": high,
        },
        **checks,
    )


def row_id(description: str = "Nom court, stable, unique dans la table.") -> Any:
    """Declare the identifier of a row."""
    return column("Identifiant", description, required=True, unique=True, pattern=SLUG)


def name(description: str) -> Any:
    """Declare the name of an object: any text, kept as it is."""
    return column("Nom", description, required=True)


def locative() -> Any:
    """Declare the name of an area as the place where something is, article included."""
    return column(
        "Lieu, avec l'article",
        "Nom précédé de « en », « à », « dans le »… : « dans le Grand Est ».",
        required=True,
    )


def genitive() -> Any:
    """Declare the name of an area as the owner of something, article included."""
    return column(
        "Complément, avec l'article",
        "Nom précédé de « de », « du », « des »… : « du Grand Est ».",
        required=True,
    )


def source(title: str = "Source", description: str = "Source du fait.", required: bool = True) -> Any:
    """Declare a link to a row of sources.csv."""
    return column(title, description, required=required, link="sources")


def confidence() -> Any:
    """Declare how sure a fact is."""
    return column(
        "Confiance",
        "Élevée : page officielle ou primaire ; moyenne : page secondaire ; faible : fait déduit.",
        required=True,
        category="confidence",
    )


def year(title: str, description: str) -> Any:
    """Declare a year."""
    return column(title, description, unit="année", low=YEARS[0], high=YEARS[1])


def euros(title: str, description: str, required: bool = False) -> Any:
    """Declare an amount of money in current euros."""
    return column(title, description, required=required, unit="€", low=0)


def share(title: str, description: str) -> Any:
    """Declare a share in per cent."""
    return column(title, description, unit="%", low=0, high=100)


def count(title: str, description: str, unit: str) -> Any:
    """Declare a number of things."""
    return column(title, description, unit=unit, low=0)


def website(title: str = "Site web", description: str = "Adresse du site.") -> Any:
    """Declare a web address."""
    return column(title, description, pattern=URL)


def siren() -> Any:
    """Declare the SIREN of the legal person that carries an object; its key is a rule of the row."""
    return column(
        "Siren",
        "Numéro Siren de la personne morale qui porte l'objet, quand une source officielle le donne ; "
        "sert à rapprocher les subventions importées.",
        pattern=SIREN,
    )


def note(title: str = "Note", description: str = "Précisions, réserves et désaccords entre sources.") -> Any:
    """Declare a free note."""
    return column(title, description)


def commune() -> Any:
    """Declare the commune of an object."""
    return column("Commune", "Code Insee de la commune (COG 2025).", link="communes")


def departement() -> Any:
    """Declare the département of an object."""
    return column("Département", "Code Insee du département.", link="departements")


def region(required: bool = False) -> Any:
    """Declare the region of an object."""
    return column("Région", "Code Insee de la région d'aujourd'hui.", required=required, link="regions")


def region_at_the_time(description: str) -> Any:
    """Declare a region of before 2016, by name."""
    return column("Région de l'époque", description, link="former_regions")


def row_rule(rule: str, field: str, expected: str) -> Callable[[Any], Any]:
    """Name a rule over several cells of a row; `field` is the cell that the fault points to."""
    return pa.dataframe_check(name=f"{rule}@{field}", error=expected)


def ordered(frame: pd.DataFrame, *fields: str) -> pd.Series:
    """Tell, row by row, whether the known values among `fields` are in increasing order."""
    good = pd.Series(True, index=frame.index)
    for position, low in enumerate(fields):
        for high in fields[position + 1 :]:
            good &= (frame[low] <= frame[high]).fillna(True).astype(bool)
    return good
