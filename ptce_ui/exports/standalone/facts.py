"""What a fiche says of each object, as plain text, column by column: no markup, unknown is None."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ptce_data.places import TABLES
from ptce_data.text import split_codes
from ptce_ui import blocks, text
from ptce_ui.fiche import AGREEMENT

if TYPE_CHECKING:
    from ptce_data.load import Dataset

Cell = str | None
Column = list[Cell]


@dataclass(frozen=True)
class Field:
    """One line of a fiche: its part, its name, whether its value may be a link."""

    part: str
    name: str
    is_link: bool = False


#: Kind -> (column of its table, name shown, how to read it). As the fiche of the screen (`ptce_ui.fiche`).
_OWN: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "pole": (
        ("short_description", "En bref", "text"),
        ("theme", "Thème", "text"),
        ("activity_family", "Famille d’activité", "code:activity_family"),
        ("origin", "Origine", "code:origin"),
        ("legal_form", "Forme juridique", "text"),
        ("created_year", "Année de création", "year"),
        ("members_count", "Membres", "whole"),
        ("jobs_count", "Emplois (périmètre variable, non comparable)", "whole"),
        ("has_physical_place", "Lieu physique", "yes"),
        ("has_employer_group", "Groupement d’employeurs", "yes"),
        ("is_temoin", "Pôle témoin (2011)", "yes"),
        ("website", "Site", "link"),
        ("note", "Précisions", "text"),
    ),
    "tiers_lieu": (
        ("kind", "Genre", "code:tiers_lieu_kind"),
        ("kind_basis", "Genre établi d’après", "text"),
        ("label", "Label", "codes:tiers_lieu_label"),
        ("other_labels", "Autres labels", "codes:tiers_lieu_label"),
        ("status", "État à la date de la source", "code:tiers_lieu_status"),
        ("opened_year", "Année d’ouverture", "year"),
        ("website", "Site", "link"),
        ("source_dataset", "Inventaire", "code:source_dataset"),
        ("note", "Précisions", "text"),
    ),
    "cluster": (
        ("kind", "Genre", "code:cluster_kind"),
        ("sector", "Secteur", "text"),
        ("members_count", "Membres", "whole"),
        ("created_year", "Année de création", "year"),
        ("is_active", "En activité selon la source", "yes"),
        ("website", "Site", "link"),
        ("note", "Précisions", "text"),
    ),
}
_TYPES: Final = (
    ("territory_type_stated", "Type de territoire selon une source"),
    ("territory_type", "Type calculé : commune"),
    ("territory_type_epci", "Type calculé : EPCI"),
    ("territory_type_ze", "Type calculé : zone d’emploi"),
)
_AREAS: Final = (
    ("communes", "commune_insee", "Commune"),
    ("epci", "epci_siren", "EPCI"),
    ("departements", "departement_code", "Département"),
    ("regions", "region_code", "Région"),
    ("former_regions", "former_region_code", "Région d’avant 2016"),
)


def own_rows(dataset: Dataset, kind: str, places: pd.DataFrame) -> pd.DataFrame:
    """The rows of the kind's own table, in the order of `places` (rows of that kind)."""
    table: pd.DataFrame = getattr(dataset, TABLES[kind])
    return table.drop_duplicates("uid").set_index("uid").reindex(places["uid"])


def of_kind(
    dataset: Dataset, kind: str, places: pd.DataFrame, labels: text.Labels
) -> list[tuple[Field, Column]]:
    """Fields and values of the objects of one kind, in the order of `places`."""
    own = own_rows(dataset, kind, places)
    made: list[tuple[Field, Column]] = []
    for column, name, how in _OWN[kind]:
        if column in own:
            read = _reader(how, labels)
            made.append((Field("Identité", name, how == "link"), [read(v) for v in own[column]]))
    for column, name in _TYPES:
        values = [_code(labels, "territory_type", v) for v in places[column]]
        made.append((Field("Territoire", name), values))
    agreement = [AGREEMENT.get(v) if isinstance(v, str) else None for v in places["scales_agree"]]
    made.append((Field("Territoire", "Accord des échelles"), agreement))
    for level, column, name in _AREAS:
        frame: pd.DataFrame = getattr(dataset, level)
        names = dict(zip(frame[column], frame["name"], strict=True))
        if level == "regions":
            codes = dataset.region_codes
            names = dict(zip(codes["region_code"], codes["name"], strict=True)) | names
        made.append((Field("Territoire", name), [_named(names, v) for v in places[column]]))
    if "area_note" in own:
        made.append((Field("Territoire", "Périmètre décrit"), [_text(v) for v in own["area_note"]]))
    precision = [_code(labels, "geo_precision", v) for v in places["geo_precision"]]
    made.append((Field("Territoire", "Précision de la position"), precision))
    sure = [_lower(_code(labels, "confidence", v)) for v in places["confidence"]]
    made.append((Field("Fiabilité", "Confiance"), sure))
    return made


def _reader(how: str, labels: text.Labels) -> Callable[[Any], Cell]:
    name, _, field = how.partition(":")
    return {
        "text": _text,
        "link": _text,
        "year": lambda v: None if _missing(v) else str(int(v)),
        "whole": lambda v: None if _missing(v) else text.number(int(v)),
        "yes": lambda v: None if _missing(v) else "oui" if v else "non",
        "code": lambda v: _code(labels, field, v),
        "codes": lambda v: ", ".join(labels.of(field, c) for c in split_codes(v)) or None,
    }[name]


def _missing(value: Any) -> bool:
    return value is None or bool(pd.isna(value)) or value == ""


def _text(value: Any) -> Cell:
    return None if _missing(value) else blocks.cut(value)


def _code(labels: text.Labels, field: str, value: Any) -> Cell:
    if not isinstance(value, str) or not value:
        return None
    said = labels.of(field, value)
    return None if said == text.UNKNOWN_TEXT else said


def _named(names: dict[str, str], code: Any) -> Cell:
    if not isinstance(code, str):
        return None
    return f"{names[code]} ({code})" if code in names else code


def _lower(value: Cell) -> Cell:
    return value.lower() if value else None
