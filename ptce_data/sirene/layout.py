"""The Sirene stock as Insee publishes it: columns, types, and the ones that are read here.

Layout 3.11 (« dessin de fichier » of 26 March 2024) with the NAF 2025 columns of December 2025, and the
types of the Parquet files of data.gouv.fr as of June 2026. Types are those of Ibis. Other columns are not
read; a new one changes nothing.
"""

from __future__ import annotations

from typing import Final

_ADDRESS: Final = (
    "complementAdresse", "numeroVoie", "indiceRepetition", "typeVoie", "libelleVoie", "codePostal",
    "libelleCommune", "libelleCommuneEtranger", "distributionSpeciale", "codeCommune", "codeCedex",
    "libelleCedex", "codePaysEtranger", "libellePaysEtranger",
)  # fmt: skip
_FIRST: Final = (
    *_ADDRESS[:3], "dernierNumeroVoie", "indiceRepetitionDernierNumeroVoie", *_ADDRESS[3:],
    "identifiantAdresse", "coordonneeLambertAbscisse", "coordonneeLambertOrdonnee",
)  # fmt: skip

#: Every column of StockEtablissement, in order, with its type.
ETABLISSEMENT: Final[dict[str, str]] = {
    "siren": "string", "nic": "string", "siret": "string", "statutDiffusionEtablissement": "string",
    "dateCreationEtablissement": "date", "trancheEffectifsEtablissement": "string",
    "anneeEffectifsEtablissement": "int64", "activitePrincipaleRegistreMetiersEtablissement": "string",
    "dateDernierTraitementEtablissement": "timestamp", "etablissementSiege": "boolean",
    "nombrePeriodesEtablissement": "int64",
    **{f"{name}Etablissement": "string" for name in _FIRST},
    **{f"{name}2Etablissement": "string" for name in _ADDRESS},
    "dateDebut": "date", "etatAdministratifEtablissement": "string",
    "enseigne1Etablissement": "string", "enseigne2Etablissement": "string", "enseigne3Etablissement": "string",
    "denominationUsuelleEtablissement": "string", "activitePrincipaleEtablissement": "string",
    "nomenclatureActivitePrincipaleEtablissement": "string", "caractereEmployeurEtablissement": "string",
    "activitePrincipaleNAF25Etablissement": "string",
}  # fmt: skip

#: Every column of StockUniteLegale. The legal category is a number in Parquet, a text in CSV.
UNITE_LEGALE: Final[dict[str, str]] = {
    "siren": "string", "statutDiffusionUniteLegale": "string", "unitePurgeeUniteLegale": "boolean",
    "dateCreationUniteLegale": "date", "sigleUniteLegale": "string", "sexeUniteLegale": "string",
    "prenom1UniteLegale": "string", "prenom2UniteLegale": "string", "prenom3UniteLegale": "string",
    "prenom4UniteLegale": "string", "prenomUsuelUniteLegale": "string", "pseudonymeUniteLegale": "string",
    "identifiantAssociationUniteLegale": "string", "trancheEffectifsUniteLegale": "string",
    "anneeEffectifsUniteLegale": "int64", "dateDernierTraitementUniteLegale": "timestamp",
    "nombrePeriodesUniteLegale": "int64", "categorieEntreprise": "string", "anneeCategorieEntreprise": "int64",
    "dateDebut": "date", "etatAdministratifUniteLegale": "string", "nomUniteLegale": "string",
    "nomUsageUniteLegale": "string", "denominationUniteLegale": "string",
    "denominationUsuelle1UniteLegale": "string", "denominationUsuelle2UniteLegale": "string",
    "denominationUsuelle3UniteLegale": "string", "categorieJuridiqueUniteLegale": "int64",
    "activitePrincipaleUniteLegale": "string", "nomenclatureActivitePrincipaleUniteLegale": "string",
    "nicSiegeUniteLegale": "string", "economieSocialeSolidaireUniteLegale": "string",
    "societeMissionUniteLegale": "string", "caractereEmployeurUniteLegale": "string",
    "activitePrincipaleNAF25UniteLegale": "string",
}  # fmt: skip

#: Columns that are read: without one of them a file is refused.
READ_ETABLISSEMENT: Final = (
    "siren", "statutDiffusionEtablissement", "trancheEffectifsEtablissement", "codeCommuneEtablissement",
    "codePaysEtrangerEtablissement", "etatAdministratifEtablissement", "activitePrincipaleEtablissement",
    "nomenclatureActivitePrincipaleEtablissement",
)  # fmt: skip
READ_UNITE_LEGALE: Final = (
    "siren", "etatAdministratifUniteLegale", "categorieJuridiqueUniteLegale",
    "economieSocialeSolidaireUniteLegale",
)  # fmt: skip
#: Read when they are there, for the date of the stock.
TREATED: Final = "dateDernierTraitementEtablissement"
#: Columns of both historical files, which are not a stock.
HISTORICAL: Final = (
    "dateFin",
    "changementEtatAdministratifEtablissement",
    "changementEtatAdministratifUniteLegale",
)
#: Columns of the layouts L and XL sold before 2017 and open until 2018.
BEFORE_2019: Final = ("NIC", "APET700", "DEPET", "COMET", "NOMEN_LONG", "L1_NORMALISEE")
#: The nomenclature whose sections are counted; the others are « activité non classée ».
NAF_REV2: Final = "NAFRev2"

#: Key of the Parquet metadata of a synthetic stock, and word of its file names.
SYNTHETIC_KEY: Final = b"atlas_synthetic"
SYNTHETIC_WORD: Final = "SYNTHETIQUE"
