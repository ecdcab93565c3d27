"""The scheme of funding categories: where money comes from, and what each measure makes of it.

One table, `CATEGORIES`, decides for every category of the data; docs/financements.md shows the same.
`None` means that the category does not say ("autre" may be public or private).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd


@dataclass(frozen=True)
class Category:
    """One funding category.

    `is_public`: a subsidy of a public body (a public contract is sold work, not a subsidy).
    `is_own_resource`: the organisation's own income. `is_cash`: money, as opposed to valued time.
    `is_funder`: somebody outside who grants money. `is_lump`: may hide several funders.
    """

    value: str
    label: str
    origin: str
    is_public: bool | None
    is_own_resource: bool | None
    is_funder: bool | None
    is_cash: bool = True
    is_lump: bool = False


#: Origin of the money -> French label, in the order of display.
ORIGINS: Final[dict[str, str]] = {
    "membres": "Membres",
    "activite": "Activité",
    "commune_epci": "Commune ou intercommunalité",
    "departement": "Département",
    "region": "Région",
    "etat": "État",
    "ue": "Union européenne",
    "public_non_ventile": "Public, financeur non précisé",
    "prive": "Privé",
    "prets": "Prêts",
    "autre": "Autre, non précisé",
    "benevolat": "Bénévolat",
}

_ALL: Final = (
    Category("cotisations_membres", "Cotisations des membres", "membres", False, True, False),
    Category(
        "subvention_commune_epci",
        "Subvention de la commune ou de l’intercommunalité",
        "commune_epci",
        True,
        False,
        True,
    ),
    Category("subvention_departement", "Subvention du Département", "departement", True, False, True),
    Category("subvention_region", "Subvention de la Région", "region", True, False, True),
    Category("subvention_etat", "Subvention de l’État", "etat", True, False, True),
    Category("subvention_ue", "Subvention de l’Union européenne", "ue", True, False, True),
    Category(
        "subventions_publiques_non_ventilees",
        "Subventions publiques non ventilées",
        "public_non_ventile",
        True,
        False,
        True,
        is_lump=True,
    ),
    Category("commande_publique", "Commande publique", "activite", False, True, False),
    Category(
        "fonds_prives_mecenat_fondations", "Fonds privés, mécénat, fondations", "prive", False, False, True
    ),
    Category(
        "ressources_propres_prestations",
        "Ressources propres et prestations",
        "activite",
        False,
        True,
        False,
    ),
    Category("emprunt", "Emprunt", "prets", False, False, False),
    Category("autre", "Autre", "autre", None, None, None, is_lump=True),
    Category("benevolat", "Bénévolat valorisé", "benevolat", False, False, False, is_cash=False),
)

#: Category of the data -> its place in the scheme, in the order of display.
CATEGORIES: Final[dict[str, Category]] = {category.value: category for category in _ALL}

#: The rank of a category in every list and drawing.
RANK: Final = {value: rank for rank, value in enumerate(CATEGORIES)}

#: The category whose figure is, by its definition, all the public money that a source knows of.
PUBLIC_TOTAL: Final = "subventions_publiques_non_ventilees"

#: What money is spent on, where it is known: second axis of the scheme.
NATURES: Final[dict[str, str]] = {
    "fonctionnement": "Fonctionnement",
    "investissement": "Investissement",
    "projet": "Projet",
}


def table() -> pd.DataFrame:
    """The scheme as a table: value, label, origin, origin_label and the flags, one row per category.

    Flags are `boolean`; missing = the category does not say.
    """
    frame = pd.DataFrame([vars(category) for category in _ALL])
    frame.insert(3, "origin_label", frame["origin"].map(ORIGINS))
    flags = [name for name in frame.columns if name.startswith("is_")]
    return frame.astype(dict.fromkeys(flags, "boolean"))
