"""Suggestions for the AFOM, each drawn from one figure of the data that it carries with it.

They are proposals to be judged: what an inventory does not list may exist. Thresholds are constants.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ptce_data import crosstabs
from ptce_data.funding.words import percent
from ptce_data.study.access import Access, access
from ptce_data.study.model import Study
from ptce_data.study.near import france
from ptce_data.study.perimeter import Area
from ptce_data.study.registries import ACCESS_KINDS
from ptce_data.study.suggestion import Suggestion, count, one_decimal, traced
from ptce_data.study.suggestion_rules import clusters, poles, public_money, schemes_of
from ptce_data.territories.french import NBSP, number, points, quoted
from ptce_data.territories.parameters import TYPE_LABELS

if TYPE_CHECKING:
    from ptce_data.load import Dataset

METHOD: Final = (
    "Suggestions tirées des données de l’atlas : à garder, à corriger ou à écarter. Chacune porte le chiffre "
    "dont elle vient. Un inventaire partiel ne prouve pas une absence."
)
#: A share of people by type differs from that of France from so many percentage points.
TYPE_GAP: Final = 10.0
#: A density differs from that of France from these ratios.
HIGH, LOW = 1.25, 0.8
FAR_KM, NEAR_KM = 20.0, 10.0
#: Share of the people farther than FAR_KM from which it is a weakness, in percent.
FAR_PCT: Final = 10.0
_REACHED: Final = ("tiers_lieu", "coworking", "fablab")


def suggestions(
    dataset: Dataset,
    area: Area,
    existing: pd.DataFrame,
    schemes: pd.DataFrame,
    study: Study | None = None,
) -> list[Suggestion]:
    """Return the suggestions of a perimeter, in the order of the lists and of the rules.

    `existing` and `schemes`: what existing.existing and schemes.schemes return.
    """
    atlas = existing[(existing["origin"] == "atlas") & ~existing["hidden"]]
    reach = access(dataset, area, study, kinds=_REACHED, radii=(NEAR_KM, FAR_KM))
    found = [
        *_types(dataset, area),
        *_density(dataset, area, atlas),
        *_access(dataset, area, reach, study),
        *clusters(atlas),
        *poles(dataset, area, atlas),
        *schemes_of(schemes),
        *public_money(dataset),
    ]
    order = {"atout": 0, "faiblesse": 1, "opportunite": 2, "menace": 3}
    return sorted(found, key=lambda s: order[s.list])


def _types(dataset: Dataset, area: Area) -> Iterator[Suggestion]:
    whole = crosstabs.population_shares(dataset).set_index("territory_type")["share_pct"]
    shares = area.types.set_index("territory_type")["share_pct"]
    lists = {
        "desindustrialise": "faiblesse",
        "quartier_populaire_urbain": "faiblesse",
        "rural": "faiblesse",
        "periurbain": "faiblesse",
    }
    words = {
        "desindustrialise": "des emplois industriels y ont disparu, un savoir-faire peut y rester",
        "quartier_populaire_urbain": "des quartiers prioritaires y demandent une réponse",
        "rural": "la population y est dispersée",
        "periurbain": "l’emploi et les services y dépendent d’une ville voisine",
    }
    for kind, which in lists.items():
        value, reference = shares.get(kind), whole.get(kind)
        if value is None or reference is None or not value - reference >= TYPE_GAP:
            continue
        text = f"{percent(value)} de la population vit dans une commune de type {quoted(TYPE_LABELS[kind])}, contre {percent(reference)} en France ({points(value - reference)} de plus) : {words[kind]}."
        yield Suggestion(
            f"type-{kind}",
            which,
            text,
            f"Population en commune de type {TYPE_LABELS[kind]} (types calculés, Insee)",
            one_decimal(value),
            "%",
            one_decimal(reference),
            "France",
        )


def _density(dataset: Dataset, area: Area, atlas: pd.DataFrame) -> Iterator[Suggestion]:
    own = atlas[(atlas["kind"] == "tiers_lieu") & (atlas["where"] == "perimetre")]
    places, people = dataset.places, float(dataset.communes["population"].sum())
    total = places.loc[places["kind"] == "tiers_lieu", "object_id"].nunique()
    if not area.population or not people or not total:
        return
    found = int(own["object_id"].nunique())
    value, reference = found / area.population * 1e5, total / people * 1e5
    label = "Tiers-lieux recensés pour 100 000 habitants"
    common: dict[str, Any] = dict(
        indicator=label,
        value=one_decimal(value),
        unit="",
        reference=one_decimal(reference),
        reference_label="France",
        **traced(own),
    )
    pair = f"({number(value, 1)} pour 100 000 habitants, contre {number(reference, 1)} en France)"
    if not found:
        yield Suggestion(
            "tiers-lieux-aucun",
            "faiblesse",
            f"Aucun tiers-lieu documenté dans le périmètre {pair} : à vérifier sur place.",
            **common,
        )
    elif value >= reference * HIGH:
        yield Suggestion(
            "tiers-lieux-nombreux",
            "atout",
            f"{count(found, 'tiers-lieu documenté', 'tiers-lieux documentés')} dans le périmètre, plus qu’ailleurs {pair}.",
            **common,
        )
    elif value <= reference * LOW:
        yield Suggestion(
            "tiers-lieux-rares",
            "faiblesse",
            f"{count(found, 'tiers-lieu documenté', 'tiers-lieux documentés')} dans le périmètre, moins qu’ailleurs {pair}.",
            **common,
        )


def _access(dataset: Dataset, area: Area, reach: Access, study: Study | None) -> Iterator[Suggestion]:
    if not area.population:
        return
    # Places that the user added and that exist count too: the sentence says so.
    added = study is not None and any(place.status == "existing" for place in study.places)
    known = "documenté ou ajouté" if added else "documenté"
    shares = reach.shares.set_index(["kind", "radius_km"])["share_pct"]
    for kind in _REACHED:
        name = {"tiers_lieu": "un tiers-lieu", "coworking": "un coworking", "fablab": "un fablab"}[kind]
        far, near = 100 - shares[kind, FAR_KM], shares[kind, NEAR_KM]
        reference = 100 - france(dataset, kind, FAR_KM)
        if far >= FAR_PCT and far > reference:
            text = f"{percent(far)} de la population vit à plus de {FAR_KM:.0f}{NBSP}km à vol d’oiseau d’{name} {known}, contre {percent(reference)} en France."
            yield Suggestion(
                f"acces-{kind}-loin",
                "faiblesse",
                text,
                f"Population à plus de {FAR_KM:.0f} km : {ACCESS_KINDS[kind]}",
                one_decimal(far),
                "%",
                one_decimal(reference),
                "France",
            )
        elif near == 100:
            reference = france(dataset, kind, NEAR_KM)
            text = f"Toute la population vit à moins de {NEAR_KM:.0f}{NBSP}km à vol d’oiseau d’{name} {known}, contre {percent(reference)} en France."
            yield Suggestion(
                f"acces-{kind}-proche",
                "atout",
                text,
                f"Population à moins de {NEAR_KM:.0f} km : {ACCESS_KINDS[kind]}",
                one_decimal(near),
                "%",
                one_decimal(reference),
                "France",
            )
