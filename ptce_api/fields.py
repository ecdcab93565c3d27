"""The fields of the collections: name, French title and description, JSON type, unit, allowed values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ptce_data import schema

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_JSON_TYPES: Final = {"str": "string", "Int64": "integer", "Float64": "number", "boolean": "boolean"}


@dataclass(frozen=True)
class Field:
    """One property of a feature. `kind` is a JSON type; `values` are the allowed ones, None when open."""

    name: str
    title: str
    description: str
    kind: str = "string"
    unit: str | None = None
    values: tuple[str, ...] | None = None

    def json_schema(self) -> dict[str, Any]:
        """The field as JSON Schema (OGC API – Features, part 5: unit in `x-ogc-unit`)."""
        made: dict[str, Any] = {"type": self.kind, "title": self.title, "description": self.description}
        if self.unit:
            made["x-ogc-unit"] = self.unit
        if self.values is not None:
            made["enum"] = list(self.values)
        return made


def values_of(dataset: Dataset, category: str) -> tuple[str, ...] | None:
    """The registered values of a category in their order; None for a category without rows."""
    rows = dataset.categories
    found = rows.loc[rows["field"] == category].sort_values("position")["value"]
    return tuple(found) or None


def of_table(dataset: Dataset, table: str) -> list[Field]:
    """The fields of a table of `data/`, from its model."""
    made = []
    for doc in schema.describe(table):
        listed = doc.listed or doc.type == "liste"
        values = values_of(dataset, doc.category) if doc.category and not listed else None
        text = doc.description + (" Codes séparés par « | »." if listed else "")
        made.append(Field(doc.name, doc.title, text, _JSON_TYPES[doc.dtype], doc.unit, values))
    return made


_TYPE_TEXT: Final = "Type calculé par les règles de l’atlas (docs/territoires.md) ; vide : non calculable."


def of_places(dataset: Dataset) -> list[Field]:
    """What the atlas computes for each pôle, tiers-lieu and cluster, in addition to its table."""
    types = values_of(dataset, "territory_type")
    return [
        Field("uid", "Identifiant dans l’atlas", "Genre et identifiant : unique parmi tous les objets."),
        Field(
            "object_id",
            "Identifiant de l’objet",
            "Commun aux lignes qui décrivent un même objet sous plusieurs genres.",
        ),
        Field("source_ids", "Sources", "Sources de la ligne et des lignes fusionnées, séparées par « | »."),
        Field(
            "merged_ids",
            "Lignes fusionnées",
            "Doublons réunis dans cette ligne, séparés par « | » ; vide : aucun.",
        ),
        Field("commune_name", "Nom de la commune", "D’après la commune (COG 2025)."),
        Field("epci_siren", "Intercommunalité", "SIREN de l’intercommunalité de la commune (COG 2025)."),
        Field(
            "geo_precision",
            "Précision de la position",
            "De quoi le point est la position ; « departement » et « region » : un point au milieu du territoire.",
            values=values_of(dataset, "geo_precision"),
        ),
        Field("territory_type", "Type de territoire de la commune", _TYPE_TEXT, values=types),
        Field("territory_type_epci", "Type de l’intercommunalité", _TYPE_TEXT, values=types),
        Field("territory_type_ze", "Type de la zone d’emploi", _TYPE_TEXT, values=types),
    ]


_PARENTS: Final = (
    Field("departement_code", "Département", "Code Insee du département."),
    Field("region_code", "Région", "Code Insee de la région d’aujourd’hui."),
    Field("former_region_code", "Région d’avant 2016", "Code Insee de la région d’avant 2016."),
)
_MEASURES: Final = (
    Field(
        "population",
        "Population",
        "Population municipale Insee 2022 (Mayotte : 2017).",
        "integer",
        "habitants",
    ),
    Field("area_km2", "Superficie", "Superficie du contour.", "number", "km²"),
    Field("lon", "Longitude", "Longitude WGS 84 d’un point à l’intérieur.", "number", "degrés"),
    Field("lat", "Latitude", "Latitude WGS 84 d’un point à l’intérieur.", "number", "degrés"),
)
_KEYS: Final = {
    "communes": Field("commune_insee", "Commune", "Code Insee de la commune (COG 2025)."),
    "epci": Field("epci_siren", "SIREN", "SIREN de l’intercommunalité (COG 2025)."),
    "departements": Field("departement_code", "Code", "Code Insee du département."),
    "regions": Field("region_code", "Code", "Code Insee de la région d’aujourd’hui."),
    "former_regions": Field("former_region_code", "Code", "Code Insee de la région d’avant 2016."),
}
_OTHERS: Final = {
    "name": Field("name", "Nom", "Nom officiel."),
    "kind": Field("kind", "Nature", "Nature de l’intercommunalité : CC, CA, CU ou métropole."),
    "epci_siren": Field("epci_siren", "Intercommunalité", "SIREN de l’intercommunalité ; vide : aucune."),
    **{field.name: field for field in (*_PARENTS, *_MEASURES)},
}


def of_level(level: str, columns: tuple[str, ...]) -> list[Field]:
    """The fields of a geographic layer, in the order of its columns."""
    key = _KEYS[level]
    return [key if name == key.name else _OTHERS[name] for name in columns]


def of_types(dataset: Dataset, level: str) -> list[Field]:
    """The computed type of a commune or of an EPCI and what it rests on."""
    types = values_of(dataset, "territory_type")
    made = [
        Field("territory_type", "Type de territoire", _TYPE_TEXT, values=types),
        Field(
            "possible_types",
            "Types possibles",
            "Types que les règles laissent possibles quand une donnée manque, séparés par « | ».",
        ),
        Field("is_deindustrialised", "Désindustrialisé", "Critère rempli, ou vide : inconnu.", "boolean"),
    ]
    if level == "epci":
        return made
    return [
        *made,
        Field("is_rural", "Rural", "Critère rempli, ou vide : inconnu.", "boolean"),
        Field(
            "is_urban_working_class",
            "Quartier populaire urbain",
            "Critère rempli, ou vide : inconnu.",
            "boolean",
        ),
        Field("is_periurban", "Périurbain", "Critère rempli, ou vide : inconnu.", "boolean"),
        Field("ze2020", "Zone d’emploi", "Code Insee de la zone d’emploi (2020)."),
        Field("density_level", "Densité", "Grille communale de densité de l’Insee, de 1 à 7.", "integer"),
        Field("aav2020", "Aire d’attraction", "Code de l’aire d’attraction des villes (2020)."),
        Field("aav2020_label", "Nom de l’aire", "Nom de l’aire d’attraction des villes."),
        Field(
            "qpv_count", "Quartiers prioritaires", "Nombre de quartiers prioritaires.", "integer", "quartiers"
        ),
    ]
