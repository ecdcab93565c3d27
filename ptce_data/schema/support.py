"""Models of public support: schemes, calls for PTCE, awards and published amounts."""

from __future__ import annotations

import pandas as pd

from ptce_data.schema import fields as f
from ptce_data.schema.fields import Decimal, Flag, Table, Text, Whole


class SupportSchemes(Table):
    """Modèle de data/support_schemes.csv : une ligne par dispositif."""

    id: Text = f.row_id()
    name: Text = f.name("Nom du dispositif.")
    operator: Text = f.column("Porteur", "Institution qui porte le dispositif.", required=True)
    level: Text = f.column("Échelon", "Échelon du porteur.", required=True, category="scheme_level")
    region_code: Text = f.region()
    region_at_the_time: Text = f.region_at_the_time(
        "Nom de la région d'avant 2016 qui portait le dispositif."
    )
    coverage_codes: Text = f.column(
        "Territoire couvert",
        "Codes séparés par « | » : FR, UE, REG-76, ANCREG-91 (région d'avant 2016), DEP-31, EPCI-siren, COM-insee.",
        required=True,
        link="coverage",
        listed=True,
    )
    coverage_precision: Text = f.column(
        "Précision du territoire",
        "Territoire exact ou approché.",
        required=True,
        category="coverage_precision",
    )
    coverage_note: Text = f.note("Note sur le territoire", "Pourquoi le territoire est approché.")
    category: Text = f.column(
        "Catégorie",
        "L'une des sept catégories du panorama Avise/ARF de 2013.",
        required=True,
        category="scheme_category",
    )
    targets: Text = f.column(
        "Publics", "Publics visés, séparés par « | ».", required=True, category="scheme_target", listed=True
    )
    start_year: Whole = f.year("Début", "Première année.")
    end_year: Whole = f.year("Fin", "Dernière année.")
    status: Text = f.column(
        "Statut",
        "Statut à la date de publication de la source, et non d'aujourd'hui.",
        required=True,
        category="scheme_status",
    )
    amount_min_eur: Decimal = f.euros("Aide minimale", "Montant minimal par projet.")
    amount_max_eur: Decimal = f.euros("Aide maximale", "Montant maximal par projet.")
    rate_max_pct: Decimal = f.share("Taux maximal", "Part maximale de la dépense.")
    total_envelope_eur: Decimal = f.euros("Enveloppe", "Enveloppe totale ; la précision de lieu dit de quoi.")
    funding_kind: Text = f.column("Nature de l'aide", "Nature de l'aide.", category="funding_kind")
    territory_priority: Text = f.column(
        "Territoires prioritaires",
        "Types de territoires prioritaires, séparés par « | ».",
        category="territory_type",
        listed=True,
    )
    summary: Text = f.column("Résumé", "Le dispositif en une phrase.", required=True)
    url: Text = f.website("Adresse", "Page du dispositif.")
    area_note: Text = f.note("Précisions", "Précisions sur le territoire, l'enveloppe ou l'année.")
    confidence: Text = f.confidence()
    source_id: Text = f.source()

    class Config:
        """Title and description of the table."""

        title = "Dispositifs de soutien"
        description = "Une ligne par dispositif d'une région, d'un département, d'une intercommunalité, de l'État ou de l'UE."

    @f.row_rule("min_max", "amount_min_eur", "un minimum inférieur ou égal au maximum")
    def _amounts_ordered(cls, frame: pd.DataFrame) -> pd.Series:
        return f.ordered(frame, "amount_min_eur", "amount_max_eur")

    @f.row_rule("annees", "start_year", "une première année avant la dernière")
    def _years_ordered(cls, frame: pd.DataFrame) -> pd.Series:
        return f.ordered(frame, "start_year", "end_year")

    @f.row_rule(
        "note_approche",
        "coverage_note",
        "une explication quand le territoire est approché, et alors seulement",
    )
    def _approached_explained(cls, frame: pd.DataFrame) -> pd.Series:
        return (
            frame["coverage_precision"].eq("approche").fillna(False).astype(bool)
            == frame["coverage_note"].notna()
        )


class Programmes(Table):
    """Modèle de data/programmes.csv : une ligne par appel aux PTCE."""

    id: Text = f.row_id()
    programme: Text = f.column("Appel", "Nom de l'appel.", required=True)
    year_announced: Whole = f.year("Annonce", "Année de lancement.")
    year_results: Whole = f.year("Résultats", "Année des résultats.")
    applications_received: Whole = f.count("Candidatures", "Candidatures reçues.", "candidatures")
    eligible_applications: Whole = f.count(
        "Candidatures éligibles", "Candidatures éligibles.", "candidatures"
    )
    laureates: Whole = f.count(
        "Lauréats", "Nombre de lauréats annoncé ; la liste nominative n'est pas toujours connue.", "lauréats"
    )
    total_amount_eur: Decimal = f.euros("Enveloppe", "Enveloppe totale.")
    amount_per_laureate_eur: Decimal = f.euros("Aide par lauréat", "Montant par lauréat.")
    amount_per_laureate_min_eur: Decimal = f.euros("Aide minimale", "Aide la plus basse.")
    amount_per_laureate_max_eur: Decimal = f.euros("Aide maximale", "Aide la plus haute.")
    duration_years: Whole = f.column("Durée", "Durée de l'aide.", unit="ans", low=0, high=20)
    funders: Text = f.column("Financeurs", "Qui finance.", required=True)
    target_territories: Text = f.column(
        "Territoires visés", "Territoires visés, tels que la source les nomme."
    )
    notes: Text = f.note()
    confidence: Text = f.confidence()
    source_id: Text = f.source()

    class Config:
        """Title and description of the table."""

        title = "Appels aux PTCE"
        description = "Une ligne par appel à projets ou à manifestation d'intérêt destiné aux PTCE."

    @f.row_rule("min_max", "amount_per_laureate_min_eur", "un minimum inférieur ou égal au maximum")
    def _amounts_ordered(cls, frame: pd.DataFrame) -> pd.Series:
        return f.ordered(
            frame, "amount_per_laureate_min_eur", "amount_per_laureate_eur", "amount_per_laureate_max_eur"
        )

    @f.row_rule("annees", "year_announced", "une annonce avant les résultats")
    def _years_ordered(cls, frame: pd.DataFrame) -> pd.Series:
        return f.ordered(frame, "year_announced", "year_results")

    @f.row_rule("candidatures", "laureates", "pas plus de lauréats que de candidatures")
    def _laureates_among_applications(cls, frame: pd.DataFrame) -> pd.Series:
        return f.ordered(frame, "laureates", "eligible_applications", "applications_received")


class PoleAwards(Table):
    """Modèle de data/pole_awards.csv : un pôle lauréat d'un appel."""

    id: Text = f.row_id()
    pole_id: Text = f.column("Pôle", "Pôle lauréat.", required=True, link="poles")
    programme_id: Text = f.column("Appel", "Appel gagné.", required=True, link="programmes")
    year: Whole = f.year("Année", "Année que la source donne : appel ou annonce des résultats.")
    amount_eur: Decimal = f.euros("Montant", "Aide au pôle ; vide quand la source ne la donne pas.")
    confidence: Text = f.confidence()
    source_id: Text = f.source()

    class Config:
        """Title and description of the table."""

        title = "Pôles lauréats"
        description = "Une ligne par pôle lauréat d'un appel, retrouvé nommément. Aucune liste officielle complète n'a pu être lue."

    @f.row_rule("unique", "pole_id", "un pôle une seule fois par appel")
    def _once_per_programme(cls, frame: pd.DataFrame) -> pd.Series:
        return ~frame.duplicated(["pole_id", "programme_id"], keep=False)


class PublicAwards(Table):
    """Modèle de data/public_awards.csv : autre argent public publié."""

    id: Text = f.row_id()
    programme: Text = f.column("Programme", "Programme ou décision.", required=True)
    funder: Text = f.column("Financeur", "Qui finance.", required=True)
    funder_level: Text = f.column("Échelon", "Échelon du financeur.", required=True, category="funder_level")
    beneficiary_name: Text = f.column(
        "Bénéficiaire", "Bénéficiaire nommé, ou ensemble visé par le programme.", required=True
    )
    beneficiary_kind: Text = f.column(
        "Nature du bénéficiaire", "Nature du bénéficiaire.", required=True, category="beneficiary_kind"
    )
    is_envelope: Flag = f.column(
        "Montant de programme",
        "Vrai : montant d'un programme, à ne jamais ajouter aux aides nommées ; faux : aide à un bénéficiaire nommé.",
        required=True,
    )
    amount_basis: Text = f.column(
        "Base du montant",
        "Aide nommée, enveloppe, ou montant unitaire d'un programme.",
        required=True,
        category="amount_basis",
    )
    entity_uid: Text = f.column(
        "Objet lié", "Objet de nos tables, quand l'identité est certaine.", link="uid"
    )
    region_code: Text = f.region()
    year: Whole = f.year("Année", "Année.")
    amount_eur: Decimal = f.euros("Montant", "Montant publié.", required=True)
    amount_note: Text = f.note("Note sur le montant", "Ce que le montant recouvre.")
    confidence: Text = f.confidence()
    source_id: Text = f.source()

    class Config:
        """Title and description of the table."""

        title = "Autre argent public"
        description = "Une ligne par montant public : bénéficiaires nommés et montants de programmes, à ne pas additionner."

    @f.row_rule("enveloppe", "is_envelope", "vrai si et seulement si le bénéficiaire est un programme")
    def _envelope_is_explicit(cls, frame: pd.DataFrame) -> pd.Series:
        programme = frame["beneficiary_kind"].eq("programme").fillna(False).astype(bool)
        named = frame["amount_basis"].eq("beneficiaire_nomme").fillna(False).astype(bool)
        said = frame["is_envelope"].fillna(False).astype(bool)
        return (said == programme) & (named == ~programme)


class FundingFigures(Table):
    """Modèle de data/funding_figures.csv : un montant ou une part publiés."""

    id: Text = f.row_id()
    entity_id: Text = f.column(
        "Entité", "Nom court de l'entité ou de l'échantillon.", required=True, pattern=f.SLUG
    )
    entity_name: Text = f.column("Nom de l'entité", "Nom, quand l'entité n'est pas une ligne de nos tables.")
    entity_kind: Text = f.column(
        "Nature de l'entité",
        "PTCE, tiers-lieu, cluster ou échantillon.",
        required=True,
        category="entity_kind",
    )
    entity_uid: Text = f.column(
        "Objet lié", "Objet de nos tables, quand l'identité est certaine.", link="uid"
    )
    region_code: Text = f.region()
    sample_size: Whole = f.count(
        "Taille de l'échantillon", "Nombre d'organisations de l'échantillon.", "organisations"
    )
    year: Whole = f.year("Année", "Année du chiffre.")
    category: Text = f.column(
        "Catégorie", "Catégorie de financement.", required=True, category="funding_category"
    )
    amount_eur: Decimal = f.euros("Montant", "Montant publié.")
    share_pct: Decimal = f.share("Part", "Part publiée ; sa base varie d'une ligne à l'autre (voir la base).")
    share_min_pct: Decimal = f.share("Part minimale", "Bas de la fourchette publiée.")
    share_max_pct: Decimal = f.share("Part maximale", "Haut de la fourchette publiée.")
    total_budget_eur: Decimal = f.euros("Total de référence", "Budget ou total auquel la part se rapporte.")
    base: Text = f.column(
        "Base",
        "Ce à quoi le montant ou la part se rapporte. Deux bases différentes ne s'additionnent jamais.",
        required=True,
        category="funding_base",
    )
    nature: Text = f.column(
        "Nature de la dépense", "Vide quand la source ne la dit pas.", category="funding_nature"
    )
    bound: Text = f.column(
        "Borne", "Quand la source ne donne qu'un minimum ou un maximum.", category="figure_bound"
    )
    stage: Text = f.column(
        "État du chiffre",
        "Prévu, estimé ou visé ; vide quand la source ne le dit pas.",
        category="figure_stage",
    )
    base_note: Text = f.column(
        "Note sur la base", "Ce que la source dit de la base, avec ses réserves.", required=True
    )
    confidence: Text = f.confidence()
    source_id: Text = f.source()

    class Config:
        """Title and description of the table."""

        title = "Chiffres de financement"
        description = (
            "Une ligne par montant ou part d'une catégorie de financement, pour une entité ou un échantillon."
        )

    @f.row_rule("min_max", "share_pct", "une part comprise dans sa fourchette")
    def _share_in_range(cls, frame: pd.DataFrame) -> pd.Series:
        return f.ordered(frame, "share_min_pct", "share_pct", "share_max_pct")

    @f.row_rule("entite", "entity_name", "un nom, ou un objet lié")
    def _entity_known(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["entity_name"].notna() | frame["entity_uid"].notna()

    @f.row_rule("valeur", "amount_eur", "au moins un montant, une part ou un total")
    def _says_something(cls, frame: pd.DataFrame) -> pd.Series:
        return frame[["amount_eur", "share_pct", "total_budget_eur"]].notna().any(axis=1)
