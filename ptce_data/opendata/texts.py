"""Title, description and unit of the columns that no model declares: those of places, areas and computed types."""

from __future__ import annotations

from typing import Final, NamedTuple


class Text(NamedTuple):
    """What a column is: `category` is a field of the registry, `kind` a type as in `FieldDoc`."""

    title: str
    description: str
    kind: str = "texte"
    unit: str | None = None
    category: str | None = None


_LON: Final = Text("Longitude", "Longitude, WGS 84.", "nombre", "degré")
_LAT: Final = Text("Latitude", "Latitude, WGS 84.", "nombre", "degré")
_INSIDE: Final = "d’un point à l’intérieur du contour, WGS 84."
_COMPUTED: Final = (
    "calculé par l’atlas à partir des zonages officiels et des recensements (docs/territoires.md)"
)

#: What the three tables of objects gain when their duplicates are merged.
MERGED: Final[dict[str, Text]] = {
    "uid": Text(
        "Identifiant complet", "Nature et identifiant de l’objet : pole:…, tiers_lieu:… ou cluster:…."
    ),
    "object_id": Text(
        "Objet",
        "Identifiant commun aux lignes d’un même objet connu sous plusieurs natures ; compter les objets, c’est compter ces valeurs.",
    ),
    "source_ids": Text(
        "Sources", "Identifiants de toutes les sources de la ligne (voir les sources).", "liste"
    ),
    "merged_ids": Text("Doublons réunis", "Identifiants des lignes réunies à celle-ci.", "liste"),
    "geo_precision": Text(
        "Précision du point",
        "Ce que vaut le point : de l’adresse au centre de la région.",
        category="geo_precision",
    ),
}

PLACES: Final[dict[str, Text]] = {
    **{k: MERGED[k] for k in ("uid", "object_id")},
    "kind": Text("Nature", "PTCE, tiers-lieu ou cluster.", category="object_kind"),
    "id": Text("Identifiant", "Identifiant de la ligne dans la table de sa nature."),
    "name": Text("Nom", "Nom de l’objet, tel que sa source l’écrit."),
    "tiers_lieu_kind": Text(
        "Famille de tiers-lieu", "Famille du lieu ; tiers-lieux seulement.", category="tiers_lieu_kind"
    ),
    "cluster_kind": Text(
        "Famille de cluster", "Label ou famille du cluster ; clusters seulement.", category="cluster_kind"
    ),
    "activity_family": Text(
        "Famille d’activité",
        "L’une des trois familles de l’étude de 2014 ; pôles seulement.",
        category="activity_family",
    ),
    "origin": Text("Origine", "Qui a lancé le pôle ; pôles seulement.", category="origin"),
    "themes": Text("Thèmes", "Thèmes ou secteurs, tels que la source les nomme.", "liste"),
    "labels": Text(
        "Labels",
        "Labels du lieu (liste tiers_lieu_label), ou pole_temoin pour un pôle témoin de 2011.",
        "liste",
    ),
    "programmes": Text(
        "Appels remportés",
        "Identifiants des appels dont le pôle est lauréat connu (voir les appels nationaux).",
        "liste",
    ),
    "award_years": Text("Années de lauréat", "Années des appels remportés connus.", "liste", "année"),
    "status": Text("Statut", "Statut du tiers-lieu à la date de la source.", category="tiers_lieu_status"),
    "created_year": Text(
        "Création", "Année de création ou d’ouverture, telle que la source la donne.", "entier", "année"
    ),
    "territory_type_stated": Text(
        "Type de territoire selon la source",
        "Type que la source donne à l’objet ; à ne pas confondre avec le type calculé.",
        category="territory_type",
    ),
    "type_source_id": Text("Source du type", "Identifiant de la source du type selon la source."),
    "territory_type": Text(
        "Type calculé, commune", f"Type de la commune, {_COMPUTED}.", category="territory_type"
    ),
    "territory_type_epci": Text(
        "Type calculé, EPCI", f"Type de l’intercommunalité, {_COMPUTED}.", category="territory_type"
    ),
    "territory_type_ze": Text(
        "Type calculé, zone d’emploi", f"Type de la zone d’emploi, {_COMPUTED}.", category="territory_type"
    ),
    "scales_agree": Text(
        "Accord des échelles",
        "concordent : les trois types calculés sont connus et égaux ; divergent : deux types connus diffèrent.",
    ),
    "commune_insee": Text("Commune", "Code Insee de la commune (COG 2025)."),
    "commune_name": Text("Nom de la commune", "Nom de la commune (COG 2025)."),
    "epci_siren": Text("EPCI", "Siren de l’intercommunalité de la commune (COG 2025)."),
    "departement_code": Text("Département", "Code Insee du département."),
    "region_code": Text("Région", "Code Insee de la région d’aujourd’hui."),
    "former_region_code": Text("Région d’avant 2016", "Code Insee de la région d’avant 2016."),
    "region_at_the_time": Text(
        "Région de l’époque", "Nom de la région d’avant 2016, quand la source la nomme."
    ),
    "geo_precision": MERGED["geo_precision"],
    "lon": _LON,
    "lat": _LAT,
    "confidence": Text(
        "Confiance",
        "Élevée : page officielle ou primaire ; moyenne : page secondaire ; faible : fait déduit.",
        category="confidence",
    ),
    "source_ids": MERGED["source_ids"],
    "is_imported": Text(
        "Importé", "La ligne vient d’une couche de l’utilisateur, et non de l’atlas.", "booléen"
    ),
    "possible_duplicate": Text(
        "Doublon possible", "Ligne importée qui ressemble à un objet de l’atlas.", "booléen"
    ),
    "search_text": Text("Texte de recherche", "Nom, commune et thèmes, sans accents ; usage interne."),
}

_MEASURES: Final[dict[str, Text]] = {
    "population": Text(
        "Population",
        "Population municipale, Insee 2022 (Mayotte : recensement de 2017).",
        "entier",
        "habitants",
    ),
    "area_km2": Text("Superficie", "Superficie du contour.", "nombre", "km²"),
    "lon": Text("Longitude", f"Longitude {_INSIDE}", "nombre", "degré"),
    "lat": Text("Latitude", f"Latitude {_INSIDE}", "nombre", "degré"),
}
_MAJORITY: Final = " ; celui de la majorité de la population."
_TYPE: Final = Text("Type de territoire", f"Type {_COMPUTED}.", category="territory_type")
_POSSIBLE: Final = Text(
    "Types possibles", "Quand le type n’est pas tranché : ceux qui restent possibles.", "liste"
)


def _flag(title: str, description: str) -> Text:
    return Text(title, f"{description} Vide : inconnu.", "booléen")


#: Level -> its columns.
AREAS: Final[dict[str, dict[str, Text]]] = {
    "communes": {
        "commune_insee": Text("Commune", "Code Insee de la commune (COG 2025)."),
        "name": Text("Nom", "Nom de la commune."),
        "epci_siren": Text("EPCI", "Siren de l’intercommunalité ; quatre îles n’en ont pas."),
        "departement_code": Text("Département", "Code Insee du département."),
        "region_code": Text("Région", "Code Insee de la région d’aujourd’hui."),
        "former_region_code": Text("Région d’avant 2016", "Code Insee de la région d’avant 2016."),
        **_MEASURES,
        "ze2020": Text("Zone d’emploi", "Code de la zone d’emploi 2020 (Insee)."),
        "territory_type": _TYPE,
        "possible_types": _POSSIBLE,
        "is_deindustrialised": _flag(
            "Désindustrialisée", "La commune remplit la règle « désindustrialisé »."
        ),
        "is_rural": _flag("Rurale", "La commune remplit la règle « rural »."),
        "is_urban_working_class": _flag(
            "Quartier populaire", "La commune remplit la règle « quartier populaire urbain »."
        ),
        "is_periurban": _flag("Périurbaine", "La commune remplit la règle « périurbain »."),
    },
    "epci": {
        "epci_siren": Text("EPCI", "Numéro Siren de l’intercommunalité."),
        "name": Text("Nom", "Nom de l’intercommunalité."),
        "kind": Text(
            "Nature",
            "Nature juridique : CC (communauté de communes), CA (d’agglomération), CU (urbaine), métropole…",
        ),
        "departement_code": Text("Département", "Code Insee du département" + _MAJORITY),
        "region_code": Text("Région", "Code Insee de la région d’aujourd’hui" + _MAJORITY),
        "former_region_code": Text("Région d’avant 2016", "Code Insee de la région d’avant 2016" + _MAJORITY),
        **_MEASURES,
        "territory_type": _TYPE,
        "possible_types": _POSSIBLE,
    },
    "departements": {
        "departement_code": Text("Département", "Code Insee du département."),
        "name": Text("Nom", "Nom du département."),
        "region_code": Text("Région", "Code Insee de la région d’aujourd’hui."),
        "former_region_code": Text("Région d’avant 2016", "Code Insee de la région d’avant 2016."),
        **_MEASURES,
    },
    "regions": {
        "region_code": Text("Région", "Code Insee de la région d’aujourd’hui."),
        "name": Text("Nom", "Nom de la région."),
        **_MEASURES,
    },
    "former_regions": {
        "former_region_code": Text("Région d’avant 2016", "Code Insee de la région d’avant 2016."),
        "name": Text("Nom", "Nom de la région d’avant 2016."),
        "region_code": Text("Région d’aujourd’hui", "Code Insee de la région d’aujourd’hui."),
        **_MEASURES,
    },
}
#: Level -> title and description.
AREA_TITLES: Final[dict[str, tuple[str, str]]] = {
    "communes": (
        "Communes et leur type de territoire",
        "Une ligne par commune (COG 2025), avec son contour et son type calculé.",
    ),
    "epci": (
        "Intercommunalités et leur type de territoire",
        "Une ligne par EPCI à fiscalité propre, avec son contour et son type calculé.",
    ),
    "departements": ("Départements", "Une ligne par département, avec son contour."),
    "regions": ("Régions d’aujourd’hui", "Une ligne par région, avec son contour."),
    "former_regions": (
        "Régions d’avant 2016",
        "Une ligne par région telle qu’elle était avant 2016, avec son contour.",
    ),
}
PLACES_TITLE: Final = (
    "PTCE, tiers-lieux et clusters",
    "Une ligne par objet et par nature, avec son point, sa précision et le type calculé de son territoire.",
)
#: A column of a table shown on a page, which no model declares.
SHOWN: Final = "Colonne du tableau affiché, calculée par l’atlas ; son intitulé dit ce qu’elle contient."
