"""Models of the objects on the map: pôles, tiers-lieux and clusters."""

from __future__ import annotations

import pandas as pd

from ptce_data.identifiers import sirens_hold
from ptce_data.schema import fields as f
from ptce_data.schema.fields import Decimal, Flag, Table, Text, Whole

_ARRONDISSEMENTS = {"751": "75056", "132": "13055", "693": "69123"}


class Poles(Table):
    """Modèle de data/poles.csv : une ligne par PTCE documenté."""

    id: Text = f.row_id()
    name: Text = f.name("Nom du pôle, autres noms compris.")
    short_description: Text = f.column("Description", "Le pôle en une phrase.")
    commune_insee: Text = f.commune()
    departement_code: Text = f.departement()
    region_code: Text = f.region(required=True)
    region_at_the_time: Text = f.region_at_the_time(
        "Nom de la région d'avant 2016, quand la source la nomme."
    )
    area_note: Text = f.note("Précision de lieu", "Ce que la source dit du territoire du pôle.")
    territory_type_stated: Text = f.column(
        "Type de territoire selon la source",
        "Type que la source donne au pôle ; à ne pas confondre avec le type calculé de sa commune.",
        category="territory_type",
    )
    type_source_id: Text = f.source("Source du type", "Source du type de territoire.", required=False)
    activity_family: Text = f.column(
        "Famille d'activité", "L'une des trois familles de l'étude de 2014.", category="activity_family"
    )
    theme: Text = f.column("Thèmes", "Thèmes du pôle, séparés par des virgules.")
    origin: Text = f.column("Origine", "Qui a lancé le pôle.", category="origin")
    legal_form: Text = f.column("Forme juridique", "Forme juridique, telle que la source la donne.")
    created_year: Whole = f.year("Création", "Année de création, telle que la source la donne.")
    members_count: Whole = f.count("Membres", "Nombre d'organisations membres.", "organisations")
    jobs_count: Whole = f.count(
        "Emplois",
        "Emplois ; ne se compare pas d'un pôle à l'autre (pôle seul, ou ensemble des membres).",
        "emplois",
    )
    has_physical_place: Flag = f.column("Lieu vitrine", "Le pôle a un lieu physique.")
    has_employer_group: Flag = f.column("Groupement d'employeurs", "Le pôle a un groupement d'employeurs.")
    is_temoin: Flag = f.column("Pôle témoin", "Pôle témoin de l'appel de 2011, selon une source.")
    website: Text = f.website()
    siren: Text = f.siren()
    note: Text = f.note()
    confidence: Text = f.confidence()
    place_source_id: Text = f.source("Source du lieu", "Source du lieu, si elle diffère.", required=False)
    source_id: Text = f.source()

    class Config:
        """Title and description of the table."""

        title = "Pôles territoriaux de coopération économique"
        description = "Une ligne par PTCE : pôle témoin, lauréat d'un appel ou autrement documenté."

    @f.row_rule("type_source", "type_source_id", "une source quand le type de territoire est donné")
    def _typed_with_source(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["territory_type_stated"].isna() | frame["type_source_id"].notna()

    @f.row_rule("cle_siren", "siren", "un numéro Siren dont la clé de contrôle est juste")
    def _siren_key(cls, frame: pd.DataFrame) -> pd.Series:
        return sirens_hold(frame["siren"])


class TiersLieux(Table):
    """Modèle de data/tiers_lieux.csv : une ligne par tiers-lieu."""

    id: Text = f.row_id()
    name: Text = f.name("Nom du lieu.")
    kind: Text = f.column("Famille", "Famille du lieu.", required=True, category="tiers_lieu_kind")
    kind_basis: Text = f.column(
        "Origine de la famille", "Ce qui fonde la famille : typologie, label, nom ou page."
    )
    label: Text = f.column("Label", "Label principal.", category="tiers_lieu_label")
    other_labels: Text = f.column(
        "Autres labels", "Autres labels, séparés par « | ».", category="tiers_lieu_label", listed=True
    )
    status: Text = f.column(
        "Statut",
        "Statut à la date de la source ; presque toujours inconnu : un lieu sans statut n'est pas dit ouvert.",
        category="tiers_lieu_status",
    )
    commune_insee: Text = f.commune()
    arrondissement_insee: Text = f.column(
        "Arrondissement",
        "Code Insee de l'arrondissement municipal (Paris, Lyon, Marseille).",
        pattern=f.ARRONDISSEMENT,
    )
    departement_code: Text = f.departement()
    region_code: Text = f.region(required=True)
    area_note: Text = f.note("Précision de lieu", "Ce que la source dit du lieu.")
    lat: Decimal = f.column("Latitude", "Latitude WGS 84.", unit="degré", low=-90, high=90)
    lon: Decimal = f.column("Longitude", "Longitude WGS 84.", unit="degré", low=-180, high=180)
    coord_precision: Text = f.column(
        "Précision des coordonnées", "Ce que valent les coordonnées.", category="coord_precision"
    )
    coord_score: Decimal = f.column("Score de géocodage", "Score du géocodage approximatif.", low=0, high=1)
    opened_year: Whole = f.year("Ouverture", "Année d'ouverture.")
    website: Text = f.website()
    siren: Text = f.siren()
    source_dataset: Text = f.column(
        "Jeu d'origine", "Jeu de données ou page d'origine.", required=True, category="source_dataset"
    )
    source_record_id: Text = f.column(
        "Identifiant d'origine", "Identifiant de la ligne dans le jeu d'origine."
    )
    confidence: Text = f.confidence()
    note: Text = f.note()
    source_id: Text = f.source()

    class Config:
        """Title and description of the table."""

        title = "Tiers-lieux"
        description = (
            "Une ligne par tiers-lieu. Inventaire partiel : le recensement national en compte 3 500 en 2023."
        )

    @f.row_rule("coordonnees", "lat", "latitude, longitude et précision ensemble, ou aucune des trois")
    def _coordinates_together(cls, frame: pd.DataFrame) -> pd.Series:
        known = frame[["lat", "lon", "coord_precision"]].notna().sum(axis=1)
        return known.isin([0, 3])

    @f.row_rule("score", "coord_score", "un score pour les coordonnées approximatives, et pour elles seules")
    def _score_of_approximate(cls, frame: pd.DataFrame) -> pd.Series:
        approximate = frame["coord_precision"].eq("approximatif").fillna(False).astype(bool)
        return approximate == frame["coord_score"].notna()

    @f.row_rule("arrondissement", "arrondissement_insee", "un arrondissement de la commune de la ligne")
    def _arrondissement_of_commune(cls, frame: pd.DataFrame) -> pd.Series:
        commune = frame["arrondissement_insee"].str[:3].map(_ARRONDISSEMENTS)
        return frame["arrondissement_insee"].isna() | (commune == frame["commune_insee"])

    @f.row_rule("cle_siren", "siren", "un numéro Siren dont la clé de contrôle est juste")
    def _siren_key(cls, frame: pd.DataFrame) -> pd.Series:
        return sirens_hold(frame["siren"])


class Clusters(Table):
    """Modèle de data/clusters.csv : une ligne par cluster."""

    id: Text = f.row_id()
    name: Text = f.name("Nom du cluster, anciens noms compris.")
    kind: Text = f.column("Famille", "Label ou famille du cluster.", required=True, category="cluster_kind")
    commune_insee: Text = f.commune()
    departement_code: Text = f.departement()
    region_code: Text = f.region()
    region_at_the_time: Text = f.region_at_the_time(
        "Nom de la région d'avant 2016, quand la source la nomme."
    )
    other_regions: Text = f.column(
        "Autres régions",
        "Codes des autres régions où le cluster agit, séparés par « | ».",
        link="regions",
        listed=True,
    )
    area_note: Text = f.note("Précision de lieu", "Ce que la source dit du territoire du cluster.")
    sector: Text = f.column("Secteurs", "Secteurs d'activité, séparés par des virgules.")
    members_count: Whole = f.count("Membres", "Nombre de membres.", "membres")
    created_year: Whole = f.year("Création", "Année de création.")
    website: Text = f.website()
    siren: Text = f.siren()
    is_active: Flag = f.column("En activité", "En activité selon une source ; vide quand aucune ne le dit.")
    confidence: Text = f.confidence()
    note: Text = f.note()
    place_source_id: Text = f.source("Source du lieu", "Source du lieu, si elle diffère.", required=False)
    source_id: Text = f.source()

    class Config:
        """Title and description of the table."""

        title = "Clusters"
        description = (
            "Une ligne par cluster : pôle de compétitivité, grappe, SPL, cluster de l'ESS, living lab…"
        )

    @f.row_rule("cle_siren", "siren", "un numéro Siren dont la clé de contrôle est juste")
    def _siren_key(cls, frame: pd.DataFrame) -> pd.Series:
        return sirens_hold(frame["siren"])
