"""Models of the other tables: counts, events, sources, duplicates, and the lists of codes."""

from __future__ import annotations

import pandas as pd

from ptce_data.schema import fields as f
from ptce_data.schema.fields import Decimal, Table, Text, Whole


class PublishedCounts(Table):
    """Modèle de data/published_counts.csv : un effectif ou une part publiés."""

    id: Text = f.row_id()
    subject: Text = f.column("Sujet", "PTCE ou tiers-lieux.", required=True, category="subject")
    scope: Text = f.column("Territoire", "Territoire du chiffre, tel que la source le nomme.", required=True)
    region_code: Text = f.region()
    year: Whole = f.year("Année", "Année du chiffre.")
    metric: Text = f.column("Mesure", "Ce qui est compté.", required=True, category="metric")
    value: Decimal = f.column("Valeur", "Valeur publiée, dans l'unité de la ligne.", required=True, low=0)
    unit: Text = f.column("Unité", "Unité de la valeur.", required=True, category="unit")
    note: Text = f.note()
    confidence: Text = f.confidence()
    source_id: Text = f.source()

    class Config:
        """Title and description of the table."""

        title = "Effectifs publiés"
        description = (
            "Une ligne par effectif ou part publiés ; deux chiffres contradictoires font deux lignes."
        )

    @f.row_rule("plage", "value", "une part d'au plus 100 %")
    def _shares_up_to_100(cls, frame: pd.DataFrame) -> pd.Series:
        is_share = frame["unit"].eq("pct").fillna(False).astype(bool)
        return ~is_share | (frame["value"] <= 100).fillna(True).astype(bool)


class CaseEvents(Table):
    """Modèle de data/case_events.csv : un fait daté d'un cas."""

    id: Text = f.row_id()
    entity_uid: Text = f.column("Objet", "Objet de nos tables.", required=True, link="uid")
    date: Text = f.column("Date", "Date ou période.", required=True, pattern=f.PERIOD)
    event: Text = f.column("Fait", "Le fait, en une phrase.", required=True)
    figure: Decimal = f.column("Chiffre", "Chiffre du fait, dans l'unité de la ligne.", low=0)
    unit: Text = f.column("Unité", "Unité du chiffre.", category="unit")
    confidence: Text = f.confidence()
    source_id: Text = f.source()

    class Config:
        """Title and description of the table."""

        title = "Faits datés"
        description = "Une ligne par fait ou chiffre daté d'un cas, pour sa fiche."

    @f.row_rule("unite", "unit", "une unité quand il y a un chiffre, et alors seulement")
    def _figure_with_unit(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["figure"].isna() == frame["unit"].isna()


class StudyFigures(Table):
    """Modèle de data/study_figures.csv."""

    id: Text = f.column("Identifiant", "Nom stable du chiffre.", required=True, unique=True)
    label: Text = f.column("Chiffre", "Ce que compte l'étude, sur ses douze pôles témoins.", required=True)
    reported_count: Whole = f.count("Compte publié", "Nombre de pôles donné par l'étude.", "pôles")
    reported_total: Whole = f.count("Sur", "Nombre de pôles étudiés.", "pôles")
    reported_pct: Decimal = f.share("Part publiée", "Part donnée par l'étude, sans compte.")
    source_id: Text = f.source()

    class Config:
        """Title and description of the table."""

        title = "Chiffres de l'étude des douze pôles témoins"
        description = "Ce que l'étude de 2014 rapporte sur ses douze pôles, à comparer aux données."


class TemoinsReference(Table):
    """Modèle de data/temoins_reference.csv."""

    pole_id: Text = f.column(
        "Pôle", "Pôle témoin sans commune dans les données.", required=True, unique=True, link="poles"
    )
    commune_insee: Text = f.column(
        "Commune de repère", "Code Insee de la commune retenue.", required=True, link="communes"
    )
    basis: Text = f.column("Raison", "Pourquoi cette commune.", required=True)

    class Config:
        """Title and description of the table."""

        title = "Communes de repère des pôles témoins"
        description = "Pour comparer l'étude aux types calculés, là où les sources ne nomment pas de commune."


class Sources(Table):
    """Modèle de data/sources.csv : une source."""

    id: Text = f.row_id()
    publisher: Text = f.column("Éditeur", "Éditeur ou auteur.", required=True)
    url: Text = f.column(
        "Adresse",
        "Adresse de la page, ou titre du document.",
        required=True,
        pattern=f.ADDRESS_OR_DOCUMENT,
    )
    date_published: Text = f.column(
        "Publication", "Date de publication, plus ou moins précise.", pattern=f.DATE
    )
    date_accessed: Text = f.column("Consultation", "Date de lecture.", required=True, pattern=f.DATE)
    licence: Text = f.column("Licence", "Licence de la source, quand elle en donne une.")

    class Config:
        """Title and description of the table."""

        title = "Sources"
        description = "Une ligne par source. Les faits sont repris avec nos mots ; les droits des sources restent aux éditeurs."


class Duplicates(Table):
    """Modèle de data/duplicates.csv : une paire comparée, et la décision prise."""

    left_uid: Text = f.column("Premier objet", "Objet, par exemple pole:realis.", required=True, link="uid")
    right_uid: Text = f.column(
        "Second objet", "Objet, après le premier dans l'ordre alphabétique.", required=True, link="uid"
    )
    decision: Text = f.column(
        "Décision",
        "Décision prise à la lecture des deux lignes.",
        required=True,
        category="duplicate_decision",
    )
    keep_uid: Text = f.column("Ligne gardée", "Ligne gardée, pour une fusion.", link="uid")
    reason: Text = f.column("Raison", "Ce qui fonde la décision.", required=True)
    reviewed_on: Text = f.column("Relu le", "Date de la relecture.", required=True, pattern=f.DAY)

    class Config:
        """Title and description of the table."""

        title = "Doublons examinés"
        description = "Une ligne par paire de lignes ressemblantes, relue une à une."

    @f.row_rule("ordre", "right_uid", "un objet après le premier dans l'ordre alphabétique")
    def _ordered_pair(cls, frame: pd.DataFrame) -> pd.Series:
        return (frame["left_uid"] < frame["right_uid"]).fillna(True).astype(bool)

    @f.row_rule("unique", "right_uid", "une paire une seule fois")
    def _pair_once(cls, frame: pd.DataFrame) -> pd.Series:
        return ~frame.duplicated(["left_uid", "right_uid"], keep=False)

    @f.row_rule("garde", "keep_uid", "l'un des deux objets pour une fusion, vide sinon")
    def _kept_is_one_of_them(cls, frame: pd.DataFrame) -> pd.Series:
        merged = frame["decision"] == "meme_objet_fusion"
        one = (frame["keep_uid"] == frame["left_uid"]) | (frame["keep_uid"] == frame["right_uid"])
        return (merged & one) | (~merged & frame["keep_uid"].isna())

    @f.row_rule("table", "decision", "une fusion dans une table, un lien entre deux tables")
    def _merge_within_link_across(cls, frame: pd.DataFrame) -> pd.Series:
        same = frame["left_uid"].str.partition(":")[0] == frame["right_uid"].str.partition(":")[0]
        good_merge = (frame["decision"] != "meme_objet_fusion") | same
        good_link = (frame["decision"] != "meme_objet_lien") | ~same
        return good_merge & good_link


class Categories(Table):
    """Modèle de data/codes/categories.csv : une valeur permise, et son libellé."""

    field: Text = f.column("Champ", "Liste de valeurs.", required=True, pattern=f.SLUG)
    value: Text = f.column("Valeur", "Code de la valeur.", required=True, pattern=f.SLUG)
    label: Text = f.column("Libellé", "Libellé français.", required=True)
    definition: Text = f.column("Définition", "Sens de la valeur.")
    position: Whole = f.column("Rang", "Rang d'affichage dans la liste.", required=True, low=1)

    class Config:
        """Title and description of the table."""

        title = "Listes de valeurs"
        description = "Une ligne par valeur permise. Une valeur inconnue est refusée tant que personne ne l'a classée ici."

    @f.row_rule("unique", "value", "une valeur une seule fois par liste")
    def _value_once(cls, frame: pd.DataFrame) -> pd.Series:
        return ~frame.duplicated(["field", "value"], keep=False)


class RegionCodes(Table):
    """Modèle de data/codes/regions.csv."""

    region_code: Text = f.column("Région", "Code Insee.", required=True, unique=True, pattern=f.REGION)
    name: Text = f.name("Nom de la région.")
    locative: Text = f.locative()
    genitive: Text = f.genitive()
    kind: Text = f.column(
        "Nature",
        "Métropole, outre-mer, ou collectivité d'outre-mer (qui n'est pas une région).",
        required=True,
        category="region_kind",
    )
    position: Whole = f.column("Rang", "Rang d'affichage.", required=True, low=1)
    lon: Decimal = f.column(
        "Longitude",
        "Point d'une collectivité dont le contour manque (WGS 84).",
        unit="degré",
        low=-180,
        high=180,
    )
    lat: Decimal = f.column(
        "Latitude",
        "Point d'une collectivité dont le contour manque (WGS 84).",
        unit="degré",
        low=-90,
        high=90,
    )
    source_id: Text = f.source("Source", "Source du point.", required=False)

    class Config:
        """Title and description of the table."""

        title = "Régions d'aujourd'hui"
        description = "Les 18 régions, et Saint-Martin, collectivité d'outre-mer."


class FormerRegionCodes(Table):
    """Modèle de data/codes/former_regions.csv."""

    former_region_code: Text = f.column(
        "Ancienne région", "Code Insee d'avant 2016.", required=True, unique=True, pattern=f.FORMER_REGION
    )
    name: Text = f.name("Nom de l'ancienne région.")
    locative: Text = f.locative()
    genitive: Text = f.genitive()
    region_code: Text = f.region(required=True)

    class Config:
        """Title and description of the table."""

        title = "Régions d'avant 2016"
        description = "Les 27 régions d'avant la réforme de 2016, outre-mer compris."


class DepartementCodes(Table):
    """Modèle de data/codes/departements.csv."""

    departement_code: Text = f.column(
        "Département", "Code Insee.", required=True, unique=True, pattern=f.DEPARTEMENT
    )
    name: Text = f.name("Nom du département.")
    locative: Text = f.locative()
    genitive: Text = f.genitive()
    region_code: Text = f.region(required=True)
    former_region_code: Text = f.column(
        "Ancienne région", "Code de la région d'avant 2016.", required=True, link="former_region_codes"
    )

    class Config:
        """Title and description of the table."""

        title = "Départements"
        description = "Les 101 départements, leur région d'aujourd'hui et celle d'avant 2016."
