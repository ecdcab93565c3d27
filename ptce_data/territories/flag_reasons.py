"""Rural, périurbain, own past and quartier populaire urbain: one `Reason` each, for one commune."""

from __future__ import annotations

import pandas as pd

from ptce_data.territories.classify import references
from ptce_data.territories.french import UNKNOWN, listing, number, percent, points
from ptce_data.territories.indicators import Indicators
from ptce_data.territories.parameters import (
    AREA_CATEGORY_LABELS,
    AREA_CLASS_LABELS,
    AREA_MINIMUM_LABELS,
    DENSITY_LABELS,
)
from ptce_data.territories.reasons import CENSUS, REFERENCES, Reason, truth
from ptce_data.territories.rules import Rules


def rural_reason(row: pd.Series, rules: Rules) -> Reason:
    """The level of the density grid."""
    levels = [DENSITY_LABELS[level].lower() for level in rules.rural_density_levels]
    level = row["density_level"]
    label = UNKNOWN if pd.isna(level) else DENSITY_LABELS[int(level)].lower()
    met = truth(row["rural_density"])
    return Reason(
        "rural",
        "commune",
        "Rural",
        f"Demande un niveau de densité parmi : {listing(levels, 'ou')}.",
        f"Niveau de densité : {label}.",
        met,
        "" if met is None else "Un autre niveau de densité, ou d’autres niveaux retenus comme ruraux.",
        REFERENCES["rural"],
    )


def periurban_reason(row: pd.Series, rules: Rules) -> Reason:
    """The place of the commune in its aire d'attraction."""
    places = [AREA_CATEGORY_LABELS[c] for c in rules.area_categories]
    category, size = row["cateaav2020"], row["taav2017"]
    place = UNKNOWN if pd.isna(category) else AREA_CATEGORY_LABELS[int(category)]
    # Insee's class 0 repeats « hors attraction des villes »: once is enough.
    outside = not pd.isna(category) and int(category) == 30
    area = "" if outside else f" ; {UNKNOWN if pd.isna(size) else AREA_CLASS_LABELS[int(size)]}"
    name = "" if outside or pd.isna(row["aav2020_label"]) else f" (aire {row['aav2020_label']})"
    met = truth(row["is_periurban"])
    ring, large = truth(row["in_area_ring"]), truth(row["area_large_enough"])
    change = ""
    if met is False and ring:
        change = "Serait remplie si l’aire était plus grande, ou avec une taille minimale plus basse."
    elif met is False and large:
        change = "Serait remplie si la commune était en couronne."
    return Reason(
        "periurbain",
        "commune",
        "Périurbain",
        f"Demande : {listing(places, 'ou')}, dans une aire {AREA_MINIMUM_LABELS[rules.min_area_class]}.",
        f"Place dans l’aire d’attraction : {place}{name}{area}.",
        met,
        change,
        REFERENCES["periurbain"],
    )


def own_reason(row: pd.Series, data: Indicators, rules: Rules) -> Reason:
    """The commune's own share of workers in the base year."""
    base = rules.base_year
    limit = references(data, rules)["base_share"] + rules.own_share_margin_pts
    share = row[f"workers_share_{base}_pct"]
    met = truth(row["above_national_base"])
    change = ""
    if met is not None:
        gap = points(abs(share - limit))
        change = (
            f"Ne serait plus remplie avec un seuil relevé de plus de {gap}."
            if met
            else f"Serait remplie avec {gap} de plus."
        )
    found = f"Ouvriers en {base} : {percent(share)} des actifs de la commune. {CENSUS}."
    return Reason(
        "own",
        "commune",
        f"La commune elle-même en {base}",
        f"Demande : part des ouvriers d’au moins {percent(limit)} en {base} (part nationale).",
        found if met is not None else f"Aucun chiffre connu pour {base}.",
        met,
        change,
        REFERENCES["own"],
    )


def qpv_reason(row: pd.Series, rules: Rules) -> Reason:
    """Quartiers prioritaires, in a commune that is not rural."""
    met = truth(row["is_urban_working_class"])
    count = row["qpv_count"]
    found = (
        "Nombre de quartiers prioritaires inconnu (la liste est incomplète outre-mer)."
        if pd.isna(count)
        else f"Quartiers prioritaires qui touchent la commune : {number(int(count))}."
    )
    if truth(row["is_rural"]):
        found += " La commune est rurale."
    note = " C’est le quartier, non la ville, qui a ce type." if met else ""
    change = "" if met is None or truth(row["is_rural"]) else "Un quartier prioritaire de plus ou de moins."
    if met is not None and not pd.isna(count) and abs(int(count) - rules.min_qpv + 0.5) > 1:
        change = ""
    return Reason(
        "qpv",
        "commune",
        "Quartier populaire urbain",
        f"Demande : commune non rurale, et au moins {number(rules.min_qpv)} quartier prioritaire.",
        found + note,
        met,
        change,
        REFERENCES["qpv"],
    )
