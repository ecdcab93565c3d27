"""What each threshold means, its unit and its bounds: for the file, the checks and the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["bool", "int", "float", "optional_float", "codes", "steps"]

#: Primary types, in the order of the national legend.
TYPES: Final = ("desindustrialise", "rural", "quartier_populaire_urbain", "periurbain", "urbain_autre")
TYPE_LABELS: Final = {
    "desindustrialise": "désindustrialisé",
    "rural": "rural",
    "quartier_populaire_urbain": "quartier populaire urbain",
    "periurbain": "périurbain",
    "urbain_autre": "urbain autre",
}
#: Flag column of each of the four types of the study (`urbain_autre` is the absence of the four).
FLAGS: Final = {
    "desindustrialise": "is_deindustrialised",
    "rural": "is_rural",
    "quartier_populaire_urbain": "is_urban_working_class",
    "periurbain": "is_periurban",
}
#: Steps that give the primary type: the first one that holds decides, else `urbain_autre`.
STEPS: Final = ("periurbain_rural", "rural", "desindustrialise", "quartier_populaire_urbain", "periurbain")
STEP_LABELS: Final = {
    "periurbain_rural": "rural et périurbain → périurbain",
    "rural": "rural → rural",
    "desindustrialise": "désindustrialisé → désindustrialisé",
    "quartier_populaire_urbain": "quartier prioritaire en ville → quartier populaire urbain",
    "periurbain": "périurbain → périurbain",
}
#: Insee, grille communale de densité à 7 niveaux (DENS7): code -> label as published.
DENSITY_LABELS: Final = {
    1: "Grands centres urbains",
    2: "Centres urbains intermédiaires",
    3: "Petites villes",
    4: "Ceintures urbaines",
    5: "Bourgs ruraux",
    6: "Rural à habitat dispersé",
    7: "Rural à habitat très dispersé",
}
#: Insee, AAV 2020: size class of the area in 2017 (TAAV2017).
AREA_CLASS_LABELS: Final = {
    0: "commune hors attraction des villes",
    1: "aire de moins de 50 000 habitants",
    2: "aire de 50 000 à moins de 200 000 habitants",
    3: "aire de 200 000 à moins de 700 000 habitants",
    4: "aire de 700 000 habitants ou plus (hors Paris)",
    5: "aire de Paris",
}
#: The same classes as a minimum: « une aire … ».
AREA_MINIMUM_LABELS: Final = {
    1: "de toute taille",
    2: "de 50 000 habitants ou plus",
    3: "de 200 000 habitants ou plus",
    4: "de 700 000 habitants ou plus, ou celle de Paris",
    5: "celle de Paris",
}
#: Insee, AAV 2020: place of the commune in its area (CATEAAV2020).
AREA_CATEGORY_LABELS: Final = {
    11: "commune-centre",
    12: "autre commune du pôle principal",
    13: "commune d’un pôle secondaire",
    20: "commune de la couronne",
    30: "commune hors attraction des villes",
}


@dataclass(frozen=True)
class Parameter:
    """One threshold: section of the file, kind, French label, unit, bounds (inclusive) and allowed codes."""

    section: str
    kind: Kind
    label: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    allowed: tuple[int | str, ...] = ()


def _switch(section: str, label: str) -> Parameter:
    return Parameter(section, "bool", label)


def _margin(label: str) -> Parameter:
    return Parameter("deindustrialised", "float", label, "points", -20.0, 20.0, 0.5)


PARAMETERS: Final[dict[str, Parameter]] = {
    "base_year": Parameter("census", "int", "Année de départ", "", 1962, 2100, 1),
    "end_year": Parameter("census", "int", "Année d’arrivée", "", 1962, 2100, 1),
    "national_base_share_pct": Parameter(
        "census", "optional_float", "Part nationale des ouvriers, année de départ", "%", 0, 100, 0.1
    ),
    "national_end_share_pct": Parameter(
        "census", "optional_float", "Part nationale des ouvriers, année d’arrivée", "%", 0, 100, 0.1
    ),
    "national_unemployment_rate_pct": Parameter(
        "census", "optional_float", "Taux de chômage national, année d’arrivée", "%", 0, 100, 0.1
    ),
    "min_coverage_pct": Parameter(
        "census", "float", "Part minimale de la population couverte par le recensement", "%", 0, 100, 1
    ),
    "rule_r1": _switch("deindustrialised", "R1 : déclin industriel (Objectif 2 européen)"),
    "rule_r2": _switch("deindustrialised", "R2 : intensité du recul (Observatoire des territoires)"),
    "rule_r3": _switch("deindustrialised", "R3 : zonages de reconversion de l’État"),
    "scale_ze": _switch("deindustrialised", "R1 et R2 lues à la zone d’emploi"),
    "scale_epci": _switch("deindustrialised", "R1 et R2 lues à l’EPCI"),
    "own_share_required": _switch("deindustrialised", "La commune doit elle-même avoir été ouvrière"),
    "base_share_margin_pts": _margin("Écart exigé à la part nationale de départ"),
    "unemployment_margin_pts": _margin("Écart exigé au taux de chômage national"),
    "decline_margin_pts": _margin("Recul exigé au-delà du recul national"),
    "own_share_margin_pts": _margin("Écart exigé de la commune à la part nationale de départ"),
    "min_job_loss_pct": Parameter(
        "deindustrialised", "float", "Perte minimale d’ouvriers en emploi", "%", 0, 99, 1
    ),
    "zoning_ber": _switch("deindustrialised", "R3 : bassins d’emploi à redynamiser"),
    "zoning_bud": _switch("deindustrialised", "R3 : bassins urbains à dynamiser"),
    "zoning_afr_industry": _switch("deindustrialised", "R3 : zone AFR et Territoire d’industrie"),
    "industry_phases": Parameter(
        "deindustrialised", "codes", "Phases de Territoires d’industrie retenues", allowed=(1, 2)
    ),
    "rural_density_levels": Parameter(
        "rural", "codes", "Niveaux de densité ruraux", allowed=tuple(DENSITY_LABELS)
    ),
    "min_area_class": Parameter(
        "periurban", "int", "Taille minimale de l’aire (tranche TAAV2017)", "", 1, 5, 1
    ),
    "area_categories": Parameter(
        "periurban", "codes", "Place de la commune dans l’aire", allowed=(11, 12, 13, 20)
    ),
    "min_qpv": Parameter(
        "urban_working_class", "int", "Nombre minimal de quartiers prioritaires", "", 1, 50, 1
    ),
    "type_order": Parameter("order", "steps", "Ordre des types", allowed=STEPS),
    "deindustrialised_override": _switch(
        "epci", "Un EPCI lui-même désindustrialisé et assez urbain prend ce type"
    ),
    "min_r3_share_pct": Parameter("epci", "float", "Part minimale de population sous R3", "%", 0, 100, 5),
    "min_urban_share_pct": Parameter("epci", "float", "Part minimale de population urbaine", "%", 0, 100, 5),
}
