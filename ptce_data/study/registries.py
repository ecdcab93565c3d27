"""The fixed lists of a study: families, elements, kinds of places, objectives, logics, challenges, parts.

Keys are French slugs that files hold; labels are what people read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ptce_data.territories.parameters import TYPE_LABELS

#: The four families that a cluster arranges on a territory.
FAMILIES: Final[dict[str, str]] = {
    "lieux": "Lieux",
    "recherche_developpement": "Recherche et développement",
    "financement": "Capacité de financement",
    "organisations": "Organisations",
}


@dataclass(frozen=True)
class Element:
    """One element of the arrangement: its family, its label, what it means."""

    family: str
    label: str
    definition: str


ELEMENTS: Final[dict[str, Element]] = {
    "showroom": Element("lieux", "Showroom", "Lieu vitrine où l’on montre ce que le cluster fait."),
    "coworking": Element("lieux", "Coworking", "Bureaux partagés."),
    "fablab": Element("lieux", "Fablab", "Atelier de fabrication numérique."),
    "incubateur": Element("lieux", "Incubateur", "Lieu qui accompagne la création d’activités."),
    "pepiniere": Element("lieux", "Pépinière", "Lieu qui héberge de jeunes entreprises."),
    "moyens_recherche": Element(
        "recherche_developpement",
        "Moyens de recherche et d’innovation",
        "Laboratoires, établissements d’enseignement supérieur, services de recherche-développement.",
    ),
    "innovation_ouverte": Element(
        "recherche_developpement",
        "Innovation ouverte",
        "Innovation menée avec des partenaires et des usagers : living lab, ateliers, défis.",
    ),
    "recherche_citoyenne": Element(
        "recherche_developpement",
        "Recherche citoyenne",
        "Recherche menée avec des habitants ou des associations.",
    ),
    "subventions_publiques": Element(
        "financement",
        "Subventions et appels à projets",
        "Argent public non remboursable que le territoire peut demander.",
    ),
    "prets_garanties": Element(
        "financement", "Prêts et garanties", "Prêts, avances remboursables, garanties d’emprunt."
    ),
    "fonds_propres": Element(
        "financement", "Fonds propres", "Prises de participation et titres participatifs."
    ),
    "mecenat_rse": Element(
        "financement",
        "Mécénat et RSE",
        "Fondations, mécénat d’entreprises et de compétences, responsabilité sociétale.",
    ),
    "financement_participatif": Element(
        "financement", "Financement participatif", "Dons, prêts ou parts souscrits par le public."
    ),
    "organisations_publiques": Element(
        "organisations",
        "Organisations publiques",
        "Collectivités et établissements publics parties au projet.",
    ),
    "entreprises": Element(
        "organisations", "Entreprises", "Entreprises et groupements d’entreprises parties au projet."
    ),
    "organisations_ess": Element(
        "organisations",
        "Organisations de l’ESS",
        "Associations, coopératives, mutuelles, fondations et entreprises solidaires parties au projet.",
    ),
}

#: Kinds of tiers-lieux of the atlas that are no element of the arrangement.
_OTHER_TIERS_LIEUX: Final[dict[str, str]] = {
    "hybride": "Tiers-lieu hybride ou généraliste",
    "atelier_partage": "Atelier partagé",
    "culturel": "Tiers-lieu culturel",
    "nourricier": "Tiers-lieu nourricier",
    "cuisine_partagee": "Cuisine partagée",
    "incubateur_pepiniere": "Incubateur ou pépinière",
    "autre_tiers_lieu": "Autre tiers-lieu",
}

#: What a place added by the user may be: an element of the arrangement, or a kind of the atlas.
PLACE_KINDS: Final[dict[str, str]] = {
    **{key: element.label for key, element in ELEMENTS.items() if element.family == "lieux"},
    **_OTHER_TIERS_LIEUX,
    "pole": "PTCE",
    "cluster": "Cluster",
    **{key: element.label for key, element in ELEMENTS.items() if element.family != "lieux"},
}

#: Kinds of own places that are tiers-lieux.
TIERS_LIEU_KINDS: Final = frozenset(
    {"showroom", "coworking", "fablab", "incubateur", "pepiniere", *_OTHER_TIERS_LIEUX}
)

#: Kinds of places whose access is measured.
ACCESS_KINDS: Final[dict[str, str]] = {
    "tiers_lieu": "Tiers-lieu (tous genres)",
    "coworking": "Coworking",
    "fablab": "Fablab",
    "incubateur_pepiniere": "Incubateur ou pépinière",
    "hybride": "Tiers-lieu hybride ou généraliste",
    "atelier_partage": "Atelier partagé",
    "culturel": "Tiers-lieu culturel",
    "nourricier": "Tiers-lieu nourricier",
    "cuisine_partagee": "Cuisine partagée",
    "showroom": "Showroom",
    "pole": "PTCE",
    "cluster": "Cluster",
}

#: Status of a place. An inventory rarely tells: a place it lists without a status is "unknown".
PLACE_STATUS: Final[dict[str, str]] = {
    "existing": "Existant",
    "planned": "En projet",
    "unknown": "Recensé, état non précisé par la source",
}
#: Status of an element of the arrangement.
ELEMENT_STATUS: Final[dict[str, str]] = {
    "present": "Présent",
    "planned": "En projet",
    "missing": "Manquant",
    "unknown": "Inconnu",
}
WHERE: Final[dict[str, str]] = {
    "perimetre": "Dans le périmètre",
    "alentours": "Dans les alentours",
    "ailleurs": "Ailleurs",
    "inconnu": "Non placé",
}

#: The three general objectives of the référentiel of 2012.
GENERAL_OBJECTIVES: Final[dict[str, str]] = {
    "territoire": "Cultiver et servir un territoire",
    "cooperation": "Insuffler la coopération pour et dans le pilotage",
    "economie": "Développer une économie intégrée au territoire",
}


@dataclass(frozen=True)
class Objective:
    """A main objective, the general one it serves, and the question to score it by."""

    general: str
    label: str
    question: str


#: The nine main objectives, in the order of the source. It lists three general ones and nine main ones;
#: three under each, in that order, is our reading.
OBJECTIVES: Final[dict[str, Objective]] = {
    "ancrage_territorial": Objective(
        "territoire", "Ancrage territorial", "Le projet part-il de besoins et d’acteurs de son territoire ?"
    ),
    "developpement_durable": Objective(
        "territoire",
        "Développement local durable",
        "Ses activités restent-elles utiles dans la durée aux habitants et au milieu ?",
    ),
    "partenariats": Objective(
        "territoire",
        "Partenariats, dont public/privé",
        "Collectivités, entreprises, recherche et ESS sont-elles engagées ensemble ?",
    ),
    "ethique_valeurs": Objective(
        "cooperation", "Éthique et valeurs", "Les membres partagent-ils des valeurs écrites et suivies ?"
    ),
    "cooperer_mutualiser": Objective(
        "cooperation",
        "Coopérer et mutualiser",
        "Des moyens, des emplois ou des marchés sont-ils mis en commun ?",
    ),
    "gouvernance_citoyenne": Objective(
        "cooperation",
        "Gouvernance citoyenne",
        "Habitants, salariés et membres prennent-ils part aux décisions ?",
    ),
    "dynamisme_economique": Objective(
        "economie",
        "Dynamisme économique",
        "Le projet crée-t-il ou consolide-t-il des activités et des emplois ?",
    ),
    "recherche_developpement": Objective(
        "economie",
        "Recherche-développement",
        "Le projet cherche-t-il, expérimente-t-il, avec qui et avec quels moyens ?",
    ),
    "transversalite": Objective(
        "economie",
        "Transversalité économique, sociale et environnementale",
        "L’économique, le social et l’environnement sont-ils traités ensemble ?",
    ),
}
SCORES: Final[dict[int, str]] = {
    0: "Rien n’est engagé",
    1: "En réflexion",
    2: "Engagé en partie",
    3: "En place",
    4: "En place et évalué",
}


@dataclass(frozen=True)
class Topic:
    """A logic or a challenge: its label and what it means."""

    label: str
    definition: str


LOGICS: Final[dict[str, Topic]] = {
    "mutualisation": Topic("Partage de moyens", "Des moyens communs, le plus souvent des locaux."),
    "integration": Topic("Intégration d’activités", "Plusieurs activités tenues ensemble."),
    "filiere": Topic("Construction d’une filière", "Tout un secteur, de l’amont à l’aval."),
    "promotion_ess": Topic("Promotion politique de l’ESS", "L’ESS défendue et rendue visible."),
    "solidarite": Topic("Solidarité internalisée", "La solidarité au cœur de l’activité économique."),
}
CHALLENGES: Final[dict[str, Topic]] = {
    "double_ancrage": Topic(
        "Filière et territoire", "Tenir ensemble l’ancrage dans un secteur et dans un territoire."
    ),
    "projets_communs": Topic(
        "Des moyens aux projets communs", "Passer du partage de moyens à des projets portés ensemble."
    ),
    "economique_social": Topic(
        "Au-delà du clivage économique/social", "Ne pas séparer ce qui est économique de ce qui est social."
    ),
    "formation_recherche": Topic(
        "Formation et recherche", "Faire entrer la formation et la recherche dans le pôle."
    ),
    "utilite": Topic(
        "Évaluer l’utilité socio-économique", "Évaluer les résultats, mais aussi les démarches et les effets."
    ),
    "organisation": Topic(
        "Une organisation qui anime", "Animer les membres au lieu d’ajouter une superstructure."
    ),
}

AFOM: Final[dict[str, str]] = {
    "atout": "Atouts",
    "faiblesse": "Faiblesses",
    "opportunite": "Opportunités",
    "menace": "Menaces",
}

#: Parts of the document: eleven, and the annexes.
PARTS: Final[dict[str, str]] = {
    "objet": "Objet et périmètre",
    "portrait": "Portrait du territoire",
    "existant": "Ce qui existe",
    "accessibilite": "Accès et zones blanches",
    "dispositifs": "Politiques et dispositifs de soutien",
    "modeles": "Modèles économiques et financement",
    "comparables": "Territoires comparables",
    "afom": "Atouts, faiblesses, opportunités, menaces",
    "scenarios": "Scénarios",
    "plan_financement": "Plan de financement",
    "feuille_de_route": "Feuille de route",
    "annexes": "Annexes : sources, méthode, limites",
}

UNKNOWN_TYPE: Final = "non_renseigne"
#: Territory types in the order of the legend, the unknown last.
TERRITORY_LABELS: Final[dict[str, str]] = {**TYPE_LABELS, UNKNOWN_TYPE: "Type inconnu"}
