"""A portrait of an area in two to four French sentences, written from the indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data.regional import indicators
from ptce_data.regional.areas import NOUNS, areas, check, names
from ptce_data.territories.french import NBSP, number, percent
from ptce_data.territories.parameters import TYPES

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Two values within a tenth of each other are called close.
CLOSE: Final = 0.10
_LIVING: Final = {
    "desindustrialise": "dans une commune désindustrialisée",
    "rural": "dans une commune rurale",
    "quartier_populaire_urbain": "dans une commune du type quartier populaire urbain",
    "periurbain": "dans une commune périurbaine",
    "urbain_autre": "dans une autre commune urbaine",
}
_MILLION: Final = 1_000_000


def profile(dataset: Dataset, level: str, code: str) -> tuple[str, ...]:
    """Sentences about one area of `LEVELS`: people, pôles, tiers-lieux and clusters, schemes and money.

    Comparison words are used beyond `CLOSE` only; what is unknown is said to be. Raises UnknownAreaError.
    """
    check(dataset, level, [code])
    table = indicators.compare(dataset, level, [code]).set_index("indicator_id")
    here, median, france = table[code], table["median"], table["national"]
    where = str(names(dataset, level).loc[code, "locative"])
    several = len(areas(dataset, level).codes) > 1
    return (
        f"{capital(where)}, {_people(here, france)}.",
        f"{_poles(here, median, level, several)}.",
        f"{_others(here, median, level, several)}.",
        f"{_schemes(here)}{_money(here)}.",
    )


def capital(text: str) -> str:
    """The text with a capital first letter: "À La Réunion"."""
    return text[:1].upper() + text[1:]


def inhabitants(value: float) -> str:
    """`3,4 millions d’habitants`, `1,2 million d’habitants`, `76 612 habitants`."""
    if value >= _MILLION:
        rounded = round(value / _MILLION, 1)
        decimals = 0 if rounded == int(rounded) else 1
        return f"{number(rounded, decimals)}{NBSP}million{'s' if rounded >= 2 else ''} d’habitants"
    return counted(value, "habitant", "habitants")


def counted(value: float, singular: str, plural: str) -> str:
    """`1 pôle`, `2 pôles`."""
    return f"{number(float(value))}{NBSP}{plural if value >= 2 else singular}"


def against(value: float, reference: float) -> str:
    """`plus que`, `moins que`, `proche de` or `autant que`: how a value stands to a reference (see `CLOSE`)."""
    if value == reference:
        return "autant que"
    if abs(value - reference) <= CLOSE * abs(reference):
        return "proche de"
    return "plus que" if value > reference else "moins que"


def _people(here: pd.Series, france: pd.Series) -> str:
    text = inhabitants(here["population"])
    unknown = here["population_share_non_renseigne"]
    shares = {name: here[f"population_share_{name}"] for name in TYPES}
    if any(pd.isna(share) for share in shares.values()):
        if pd.isna(unknown):
            return f"{text} ; leur répartition par type de territoire est inconnue"
        return f"{text} ; le type de territoire n’est pas connu pour {percent(unknown, 0)} d’entre eux"
    gaps = {name: share - france[f"population_share_{name}"] for name, share in shares.items()}
    # The type that sets the area apart the most; the order of the legend decides ties.
    name = max(TYPES, key=lambda n: (abs(gaps[n]) if pd.notna(gaps[n]) else -1.0, -TYPES.index(n)))
    share = shares[name]
    much = f"moins de 1{NBSP}%" if 0 < share < 1 else percent(float(share), 0)
    text += f" ; {much} vivent {_LIVING[name]}" if share else f" ; personne n’y vit {_LIVING[name]}"
    reference = france[f"population_share_{name}"]
    return text if pd.isna(reference) else f"{text} ({percent(reference, 0)} en France)"


def _poles(here: pd.Series, median: pd.Series, level: str, several: bool) -> str:
    value = here["poles"]
    if value == 0:
        return "L’atlas n’y connaît aucun pôle" + (
            ""
            if not several or median["poles"] > 0
            else f", comme dans la moitié au moins des {NOUNS[level][1]}"
        )
    text = f"L’atlas y connaît {counted(value, 'pôle', 'pôles')}"
    rate = _rate(here, median, "poles_per_100k", level, several)
    return f"{text}, soit {rate}" if rate else text


def _rate(here: pd.Series, median: pd.Series, name: str, level: str, several: bool) -> str:
    """`0,26 pour 100 000 habitants, plus que la médiane des régions, 0,12`; empty without a rate."""
    rate, middle = here[name], median[name]
    if pd.isna(rate):
        return ""
    text = f"{number(float(rate), 2)} pour 100{NBSP}000{NBSP}habitants"
    if not several or pd.isna(middle):
        return text
    word = against(rate, middle)
    the = "de la médiane" if word == "proche de" else "la médiane"
    return f"{text}, {word.removesuffix(' de')} {the} des {NOUNS[level][1]}, {number(float(middle), 2)}"


def _others(here: pd.Series, median: pd.Series, level: str, several: bool) -> str:
    lieux, clusters, census = here["tiers_lieux"], here["clusters"], here["tiers_lieux_census"]
    others = counted(clusters, "cluster", "clusters")
    if lieux == 0:
        text = "Il n’y connaît " + (
            f"aucun tiers-lieu, mais {others}" if clusters else "ni tiers-lieu ni cluster"
        )
    else:
        rate = _rate(here, median, "tiers_lieux_per_100k", level, several)
        text = f"Il y connaît {counted(lieux, 'tiers-lieu', 'tiers-lieux')}{f' ({rate})' if rate else ''}"
        text += f" et {others}" if clusters else " et n’y connaît aucun cluster"
    if pd.notna(census):
        about = counted(round(census), "tiers-lieu", "tiers-lieux")
        text += f" ; le recensement publié donne environ {about}"
    return text


def _schemes(here: pd.Series) -> str:
    value, opened = here["schemes"], here["schemes_status_open"]
    if value == 0:
        return "Aucun dispositif régional ou local n’y est documenté, ce qui ne veut pas dire qu’il n’en existe pas"
    text = counted(
        value,
        "dispositif régional ou local y est documenté",
        "dispositifs régionaux ou locaux y sont documentés",
    )
    if value >= 2:
        which = counted(opened, "ouvert", "ouverts") if opened else "aucun ouvert"
        text += f", dont {which} à la date de {'leur' if opened >= 2 else 'sa'} source"
    return text


def _money(here: pd.Series) -> str:
    amount = here["public_money"]
    if pd.isna(amount):
        return " ; aucun montant d’argent public n’y est documenté pour un bénéficiaire nommé"
    text = (
        f" ; l’argent public documenté vers des bénéficiaires nommés y est de {number(float(amount))}{NBSP}€"
    )
    each = here["public_money_per_inhabitant"]
    return text if pd.isna(each) else f"{text}, soit {number(float(each), 2)}{NBSP}€ par habitant"
