"""The fields that a column can fill, for each target, and the words by which files name them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

from ptce_data import schema
from ptce_data.text import fold

#: Fields that say where a row is, without being columns of `data/` (or that all targets take).
PLACE: Final[dict[str, str]] = {
    "commune_insee": "Code Insee de la commune",
    "commune_name": "Nom de la commune",
    "postal_code": "Code postal (aide à trouver la commune, n’est pas gardé)",
    "departement_code": "Département (code ou nom)",
    "region_code": "Région (code ou nom)",
    "lon": "Longitude (ou X)",
    "lat": "Latitude (ou Y)",
    "lat_lon": "Point dans une seule colonne (latitude, longitude, ou POINT)",
}
#: Columns of `data/` that the import fills itself.
_OURS: Final = {
    "id", "source_id", "type_source_id", "place_source_id", "confidence", "source_dataset", *PLACE,
}  # fmt: skip

#: Field -> folded names of columns that mean it, and nothing else.
SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "name": (
        "nom", "name", "libelle", "intitule", "denomination", "titre", "title", "raison sociale", "nom du lieu",
        "nom lieu", "nom tiers lieu", "nom du tiers lieu", "nom du pole", "nom pole", "nom du cluster", "nom cluster",
        "nom structure", "nom de la structure", "structure", "tiers lieu", "nom du tiers lieux", "nom ptce", "appellation",
    ),
    "short_description": ("description courte", "resume", "short description", "presentation"),
    "commune_insee": (
        "code insee", "insee", "code commune", "commune insee", "insee com", "codgeo", "code geo", "depcom", "cog",
        "code insee commune", "code commune insee", "codeinsee", "code insee de la commune", "com insee", "insee commune",
        "citycode", "insee code", "municipality code", "code officiel commune", "com code",
    ),
    "commune_name": (
        "commune", "ville", "nom commune", "nom de la commune", "city", "town", "localite", "municipality", "libgeo",
        "nom com", "adresse ville", "libelle commune", "nom officiel commune", "com nom", "adresse commune", "com name",
    ),
    "postal_code": ("code postal", "cp", "codepostal", "postal code", "postcode", "zip", "zip code", "zipcode", "code post", "adresse cp"),
    "arrondissement_insee": ("arrondissement", "arrondissement insee", "code arrondissement"),
    "departement_code": (
        "departement", "code departement", "dep", "dept", "code dep", "departement code", "num dep", "nom departement",
        "numero departement", "department", "insee dep", "dep code", "dep name", "n departement", "libelle departement",
    ),
    "region_code": (
        "region", "code region", "reg", "region code", "nom region", "insee reg", "libelle region", "reg code", "reg name",
    ),
    "region_at_the_time": ("ancienne region", "region de l epoque", "region at the time"),
    "area_note": ("adresse", "address", "adresse complete", "territoire", "precision de lieu", "area note", "adresse postale", "lieu dit"),
    "lon": ("lon", "long", "longitude", "lng", "x", "coord x", "coordonnee x", "x l93", "x lambert93", "x lambert 93", "xcoord", "coordx", "longitude x", "x wgs84", "geo lon", "geo long", "lon wgs84", "longitude wgs84", "easting", "xlong", "x long"),
    "lat": ("lat", "latitude", "y", "coord y", "coordonnee y", "y l93", "y lambert93", "y lambert 93", "ycoord", "coordy", "latitude y", "y wgs84", "geo lat", "lat wgs84", "latitude wgs84", "northing", "ylat", "y lat"),
    "lat_lon": ("geo point 2d", "geo point", "geopoint", "coordonnees", "coordonnees geographiques", "gps", "latlon", "lat lon", "latlng", "coordonnees gps", "wkt", "geom", "geometry", "the geom", "geolocalisation", "lonlat", "point"),
    "coord_precision": ("precision des coordonnees", "precision", "coord precision", "result type", "precision geocodage"),
    "coord_score": ("result score", "score", "score geocodage", "coord score", "score de geocodage"),
    "opened_year": ("annee d ouverture", "annee ouverture", "ouverture", "date d ouverture", "date ouverture", "opened year", "opening year", "year opened"),
    "created_year": ("annee de creation", "annee creation", "creation", "date de creation", "date creation", "created year", "annee", "year"),
    "website": ("site web", "site", "site internet", "website", "url", "web", "lien", "adresse internet", "lien site", "page web", "siteweb", "url site", "www"),
    "siren": ("siren", "siret", "numero siren", "n siren", "num siren", "numero siret", "n siret"),
    "kind": ("famille", "genre", "type", "kind", "categorie", "category", "type de lieu", "typologie", "typo", "type lieu", "type de tiers lieu", "type de cluster", "nature"),
    "kind_basis": ("origine de la famille", "kind basis"),
    "label": ("label", "labellisation", "label principal"),
    "other_labels": ("autres labels", "other labels", "labels"),
    "status": ("statut", "etat", "status", "avancement", "etat d avancement"),
    "territory_type_stated": ("type de territoire", "territoire type", "territory type stated", "typologie de territoire"),
    "activity_family": ("famille d activite", "activite", "activity family", "domaine d activite"),
    "theme": ("themes", "theme", "thematique", "thematiques", "filiere", "filieres"),
    "sector": ("secteur", "secteurs", "sector", "secteur d activite", "secteurs d activite", "filiere", "filieres", "thematique", "thematiques"),
    "origin": ("origine", "origin", "initiative"),
    "legal_form": ("forme juridique", "statut juridique", "legal form"),
    "members_count": ("membres", "nombre de membres", "nb membres", "members count", "adherents", "nombre d adherents", "nb adherents", "members"),
    "jobs_count": ("emplois", "nombre d emplois", "nb emplois", "effectif", "effectifs", "jobs count", "etp", "jobs"),
    "has_physical_place": ("lieu vitrine", "has physical place", "lieu physique"),
    "has_employer_group": ("groupement d employeurs", "has employer group"),
    "is_temoin": ("pole temoin", "is temoin", "temoin"),
    "is_active": ("en activite", "actif", "active", "is active"),
    "other_regions": ("autres regions", "other regions"),
    "source_record_id": ("id", "identifiant", "identifiant d origine", "source record id", "fid", "objectid", "gid", "ref", "reference"),
    "note": ("note", "notes", "remarque", "remarques", "description", "commentaire", "commentaires", "observations", "note libre", "comment"),
}  # fmt: skip
KNOWN: Final[frozenset[str]] = frozenset(word for words in SYNONYMS.values() for word in words)


@dataclass(frozen=True)
class FieldInfo:
    """A field that a column can fill: French title and description; `type` as in `ptce_data.schema.FieldDoc`
    (texte, entier, nombre, booléen, liste); `category`: the field of the registry of values, or None."""

    name: str
    title: str
    description: str
    type: str
    category: str | None
    required: bool


@functools.cache
def fields_of(target: str) -> dict[str, FieldInfo]:
    """Return the fields that a column can fill for `target` (a key of `model.TARGETS`), in reading order.

    Raises KeyError for an unknown target.
    """
    if target == "autre":
        plain = {"name": "Nom", "note": "Note"}
        made = {key: FieldInfo(key, title, "", "texte", None, False) for key, title in plain.items()}
    else:
        made = {
            doc.name: FieldInfo(
                doc.name,
                doc.title,
                doc.description,
                doc.type,
                doc.category,
                doc.required and doc.name == "name",
            )
            for doc in schema.describe(target)
            if doc.name not in _OURS
        }
    name = {"name": made.pop("name")}
    place = {key: FieldInfo(key, title, "", "texte", None, False) for key, title in PLACE.items()}
    return name | place | made


def is_known(header: str) -> bool:
    """Tell whether a header is one of the names by which files call a field."""
    return fold(header.replace("_", " ")) in KNOWN
