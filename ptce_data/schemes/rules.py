"""Published rules of the search « quels dispositifs pour mon projet ? »: criteria, points, publics, verdicts.

Points are only added. A fact that the source does not give, or that the project does not say, earns
nothing and takes nothing away: it is listed among what must be checked. A fact that speaks against a
scheme earns nothing and is listed as such. Only a territory documented as not covered, or a list of
publics that leaves the kind of project out, rules a scheme out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Criterion = Literal["territoire", "public", "statut", "priorite", "nature", "montant", "categorie"]


@dataclass(frozen=True)
class Rule:
    """One criterion: `points` when the fact fits, `partial` points when it fits in part."""

    code: Criterion
    label: str
    points: int
    partial: int
    definition: str


RULES: Final = (
    Rule(
        "territoire",
        "Territoire",
        25,
        10,
        "25 points si le dispositif couvre tout le territoire du projet ; 10 s’il n’en couvre qu’une partie "
        "ou si son périmètre n’est connu qu’approximativement ; écarté s’il n’en couvre rien.",
    ),
    Rule(
        "public",
        "Public visé",
        25,
        10,
        "25 points si le type de projet est nommé ; 18 s’il appartient par définition à un public nommé "
        "(un PTCE à l’ESS, un fablab aux tiers-lieux) ; 10 si l’appartenance dépend du projet ; "
        "écarté si la liste des publics l’exclut.",
    ),
    Rule(
        "statut",
        "Statut à la date de la source",
        15,
        0,
        "15 points si la source le dit ouvert ; aucun si le statut est inconnu (à vérifier) ou clos "
        "(classé après les autres).",
    ),
    Rule(
        "priorite",
        "Territoires prioritaires",
        10,
        5,
        "10 points si le type calculé du territoire est prioritaire ; 5 si seule une partie du territoire "
        "ou son intercommunalité l’est ; aucun sinon, ou si aucune priorité n’est documentée.",
    ),
    Rule(
        "nature",
        "Nature de l’aide",
        10,
        5,
        "10 points si la nature de l’aide est l’une de celles cherchées ; 5 si l’aide est mixte ; aucun si "
        "elle n’est pas renseignée, si elle est autre, ou si le projet ne cherche rien de précis.",
    ),
    Rule(
        "montant",
        "Montant",
        10,
        0,
        "10 points si le montant cherché tient entre le minimum et le maximum documentés ; aucun si le "
        "maximum est inconnu, dépassé, ou si le projet ne dit pas de montant.",
    ),
    Rule(
        "categorie",
        "Catégorie d’action",
        5,
        0,
        "5 points si la catégorie est l’une de celles cherchées ; à défaut de choix, si c’est un appel à "
        "projets ou un accompagnement et financement, qui aident directement un projet.",
    ),
)
BY_CODE: Final[dict[str, Rule]] = {rule.code: rule for rule in RULES}
#: Points of a kind of project that belongs by definition to a named public.
BY_DEFINITION_POINTS: Final = 18
#: Categories that help a project directly.
DIRECT: Final = ("appels_a_projets", "accompagnement_financement")
#: Code of the verdict -> label and definition, in the order of the list.
VERDICTS: Final = {
    "a_etudier": (
        "à étudier",
        "Ouvert à la date d’une source récente, sans rien de documenté qui s’y oppose ni de réserve sur le "
        "territoire ou le public.",
    ),
    "a_verifier": (
        "à vérifier",
        "Rien ne l’exclut, mais un fait décisif manque (statut, public, périmètre, source ancienne) ou "
        "s’y oppose (montant, nature ou catégorie de l’aide, période, priorité à d’autres territoires).",
    ),
    "clos": (
        "clos – pour mémoire",
        "Clos à la date de la source : à garder en mémoire pour une prochaine édition.",
    ),
}


#: What the data do not say of any scheme, to be shown beside the ranking.
LIMITS: Final = (
    "Les données ne disent pas si l’aide finance le fonctionnement ou l’investissement.",
    "Le statut est celui que donne la source à sa date, et non celui d’aujourd’hui.",
    "Le catalogue est une collecte, non un inventaire : d’autres dispositifs existent sans doute.",
    "Un accord élevé ne vaut pas éligibilité : seul le porteur du dispositif en décide.",
)


@dataclass(frozen=True)
class Belongs:
    """Why a kind of project may answer a scheme that names a wider or neighbouring public."""

    by_definition: bool
    sentence: str


_ESS_IF: Final = Belongs(False, "Vise l’ESS : vérifier que le porteur du projet en relève.")
_INNOVATION_IF: Final = Belongs(
    False, "Vise l’innovation sociale : vérifier que le projet répond à la définition du dispositif."
)
_PLACE: Final = Belongs(True, "Vise les tiers-lieux, dont les fablabs et les living labs sont des familles.")
#: Kind of project -> public named by a scheme -> how the kind belongs to it. What is not here is excluded.
PUBLICS: Final[dict[str, dict[str, Belongs]]] = {
    "ptce": {
        "ess": Belongs(True, "Vise l’ESS, dont un PTCE réunit des organisations."),
        "innovation_sociale": _INNOVATION_IF,
        "clusters": Belongs(
            False,
            "Vise les clusters : vérifier qu’un PTCE, groupement d’acteurs d’un territoire, y est admis.",
        ),
    },
    "tiers_lieux": {
        "fablab": Belongs(
            False, "Vise les fablabs : vérifier que le lieu comprend un atelier de fabrication."
        ),
        "living_lab": Belongs(
            False, "Vise les living labs : vérifier que le lieu comprend un laboratoire d’usages."
        ),
        "ess": _ESS_IF,
        "innovation_sociale": _INNOVATION_IF,
    },
    "fablab": {"tiers_lieux": _PLACE, "ess": _ESS_IF, "innovation_sociale": _INNOVATION_IF},
    "living_lab": {"tiers_lieux": _PLACE, "ess": _ESS_IF, "innovation_sociale": _INNOVATION_IF},
    "clusters": {
        "ptce": Belongs(
            False, "Vise les PTCE : vérifier que le cluster répond à la définition de la loi de 2014."
        ),
        "ess": _ESS_IF,
        "innovation_sociale": _INNOVATION_IF,
    },
    "ess": {"innovation_sociale": _INNOVATION_IF},
    "innovation_sociale": {"ess": _ESS_IF},
}
