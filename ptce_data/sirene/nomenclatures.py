"""The codes of Insee that are counted: families of legal categories, sections of the NAF, workforce bands.

Sources: Insee, « Catégories juridiques » (levels II and III); Insee, NAF rév. 2 (2008), structure; Insee,
dictionary of the Sirene variables (`trancheEffectifsEtablissement`). Insee gives no list of the legal
categories of the field « économie sociale et solidaire »: the field of the register decides who is in it,
the legal category only sorts those that are.
"""

from __future__ import annotations

from typing import Final

#: Family -> French label, in order of display.
FAMILIES: Final[dict[str, str]] = {
    "association": "Associations",
    "cooperative": "Coopératives",
    "mutuelle": "Mutuelles",
    "fondation": "Fondations",
    "societe_commerciale": "Sociétés commerciales de l’ESS",
    "autre": "Autres formes juridiques",
}
#: Families that the legal category alone tells; the other two need the field to be O.
TOLD_BY_FORM: Final = ("association", "cooperative", "mutuelle", "fondation")

#: Level III categories whose label says « coopérative », « mutuel » for credit, or caisse d'épargne.
COOPERATIVES: Final = frozenset({
    5191, 5192, 5193, 5194, 5195, 5196, 5203, 5307, 5309,
    5443, 5451, 5453, 5454, 5455, 5458, 5459, 5460,
    5543, 5547, 5551, 5552, 5553, 5554, 5555, 5558, 5559, 5560,
    5643, 5647, 5651, 5652, 5653, 5654, 5655, 5658, 5659, 5660,
    6100, 6316, 6317, 6318, 6543, 6551, 6554, 6558, 6560, 6595, 6596,
})  # fmt: skip
#: Organismes mutualistes (82) and sociétés d'assurance mutuelles. Level II 81 (compulsory social protection
#: schemes) is not a mutuelle.
MUTUELLES: Final = frozenset({6411, 8210, 8250, 8290})
#: Level II codes: 92 associations and alike, 93 fondations.
ASSOCIATION: Final = 92
FONDATION: Final = 93
COMMERCIAL: Final = 5

#: Section of the NAF rév. 2 -> (first division, last division, label).
SECTIONS: Final[dict[str, tuple[int, int, str]]] = {
    "A": (1, 3, "Agriculture, sylviculture et pêche"),
    "B": (5, 9, "Industries extractives"),
    "C": (10, 33, "Industrie manufacturière"),
    "D": (35, 35, "Électricité, gaz, vapeur et air conditionné"),
    "E": (36, 39, "Eau, assainissement, déchets et dépollution"),
    "F": (41, 43, "Construction"),
    "G": (45, 47, "Commerce, réparation d’automobiles et de motocycles"),
    "H": (49, 53, "Transports et entreposage"),
    "I": (55, 56, "Hébergement et restauration"),
    "J": (58, 63, "Information et communication"),
    "K": (64, 66, "Activités financières et d’assurance"),
    "L": (68, 68, "Activités immobilières"),
    "M": (69, 75, "Activités spécialisées, scientifiques et techniques"),
    "N": (77, 82, "Services administratifs et de soutien"),
    "O": (84, 84, "Administration publique"),
    "P": (85, 85, "Enseignement"),
    "Q": (86, 88, "Santé humaine et action sociale"),
    "R": (90, 93, "Arts, spectacles et activités récréatives"),
    "S": (94, 96, "Autres activités de services"),
    "T": (97, 98, "Ménages employeurs"),
    "U": (99, 99, "Activités extra-territoriales"),
}
UNSORTED: Final = "inconnu"
SECTION_LABELS: Final[dict[str, str]] = {
    **{code: label for code, (_, _, label) in SECTIONS.items()},
    UNSORTED: "Activité non classée en NAF rév. 2",
}

#: Band shown -> (codes of the register, label).
BANDS: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "nn": (("NN",), "Non employeur, ou présumé tel"),
    "0": (("00",), "Sans salarié au 31 décembre, employeur dans l’année"),
    "1_9": (("01", "02", "03"), "1 à 9 salariés"),
    "10_49": (("11", "12"), "10 à 49 salariés"),
    "50_249": (("21", "22", "31"), "50 à 249 salariés"),
    "250": (("32", "41", "42", "51", "52", "53"), "250 salariés ou plus"),
}
BAND_LABELS: Final[dict[str, str]] = {
    **{code: label for code, (_, label) in BANDS.items()},
    UNSORTED: "Tranche non renseignée",
}

#: Counts without a breakdown: of establishments that are active, of a unit that is.
ALL, ESS, UNKNOWN_FIELD, FORM_ONLY, BEFORE = "tous", "ess", "champ_inconnu", "forme_sans_champ", "ess_avant"
#: Breakdown -> keys of its counts, whose sum is `ESS`.
BREAKDOWNS: Final[dict[str, tuple[str, ...]]] = {
    "famille": tuple(f"famille:{code}" for code in FAMILIES),
    "secteur": tuple(f"secteur:{code}" for code in SECTION_LABELS),
    "effectif": tuple(f"effectif:{code}" for code in BAND_LABELS),
}
#: Every count, in the order of the results.
KEYS: Final = (
    ALL,
    ESS,
    UNKNOWN_FIELD,
    FORM_ONLY,
    BEFORE,
    *(key for keys in BREAKDOWNS.values() for key in keys),
)
