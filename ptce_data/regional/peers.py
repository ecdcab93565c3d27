"""Comparable areas: the nearest by a weighted distance over a few features, each gap explained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ptce_data.byversion import ByVersion
from ptce_data.regional import traits as base
from ptce_data.regional.areas import NOUNS, check
from ptce_data.territories.french import listing, percent

if TYPE_CHECKING:
    from ptce_data.load import Dataset

CRITERIA: Final = tuple(base.BLOCKS)
#: Similarity is halved at each usual gap.
_HALF: Final = 0.5
_CLOSEST: Final = 2
#: A feature is called close up to half a usual gap.
_CLOSE: Final = 0.5
_COLUMNS: Final = ("code", "name", "distance", "similarity")


def contributions(
    dataset: Dataset, level: str, code: str, criteria: Sequence[str] = CRITERIA
) -> pd.DataFrame:
    """What each feature adds to the squared distance from an area to every other one that can be compared.

    Indexed by code (the area itself left out), one column per feature in use: weight × (scaled gap)².
    A row sums to the squared distance. Areas lacking a feature in use are left out: see `left_out`.
    Criteria that the area itself lacks are not used: see `used`. Raises UnknownAreaError; ValueError for
    an unknown criterion or none.
    """
    check(dataset, level, [code])
    active = used(dataset, level, code, criteria)
    table = base._scaled(ByVersion(dataset), level)
    weights = base.weights(active)
    table = table[list(weights.index)]
    others = table.drop(index=code).dropna()
    gaps = others - table.loc[code]
    return gaps.pow(2) * weights


def used(dataset: Dataset, level: str, code: str, criteria: Sequence[str] = CRITERIA) -> tuple[str, ...]:
    """The criteria, among those asked for, for which the area has every feature."""
    lost = [name for name in criteria if name not in base.BLOCKS]
    if lost or not criteria:
        raise ValueError(f"Critères attendus, parmi {', '.join(CRITERIA)} : {', '.join(lost) or 'aucun'}.")
    row = base._scaled(ByVersion(dataset), level).loc[code]
    return tuple(n for n in CRITERIA if n in criteria and row[list(base.BLOCKS[n])].notna().all())


def left_out(dataset: Dataset, level: str, criteria: Sequence[str] = CRITERIA) -> pd.DataFrame:
    """Areas that cannot be compared under these criteria: code, name, unknown_pct (% of people without type)."""
    wanted = [feature for name in criteria for feature in base.BLOCKS[name]]
    lacking = base._scaled(ByVersion(dataset), level)[wanted].isna().any(axis=1)
    frame = base._features(ByVersion(dataset), level)
    return frame.loc[lacking, ["name", "unknown_pct"]].rename_axis("code").reset_index()


def peers(
    dataset: Dataset, level: str, code: str, n: int = 10, criteria: Sequence[str] = CRITERIA
) -> pd.DataFrame:
    """The `n` areas of a level (regions, former_regions, departements, epci) nearest to one, nearest first.

    Columns code, name, distance, similarity (100: the same; halved at each usual gap), then for the two
    closest features and the farthest one (near_1, near_2, far): its id, `…_here` and `…_there` its values
    for the area and its peer (in the units of `features`; missing when fewer features are in use),
    contribution_<feature> (they sum to distance²) and explanation (a French sentence). Ties: by name, then
    code. Empty when nothing can be compared; `notes` says why, and who was left out.
    Raises UnknownAreaError; ValueError for an unknown criterion.
    """
    parts = contributions(dataset, level, code, criteria)
    frame = base._features(ByVersion(dataset), level)
    if parts.columns.empty:
        parts = parts.iloc[:0]
    weights = base.weights(used(dataset, level, code, criteria))
    squared = parts.sum(axis=1)
    order = pd.DataFrame({"squared": squared, "name": frame["name"].reindex(parts.index)})
    # Rounded, so that areas at the same distance stay in the order of names whatever the last bit says.
    order["rounded"] = order["squared"].round(12)
    order = order.rename_axis("code").reset_index().sort_values(["rounded", "name", "code"], kind="stable")
    kept = order.head(max(n, 0))
    rows = []
    for near in kept.itertuples():
        distance = float(np.sqrt(near.squared))
        row = {"code": near.code, "name": near.name, "distance": distance}
        row["similarity"] = 100 * _HALF**distance
        row |= _told(parts.loc[near.code], frame.loc[code], frame.loc[near.code])
        row |= {f"contribution_{name}": value for name, value in parts.loc[near.code].items()}
        gaps = (parts.loc[near.code] / weights).pow(0.5)
        row["explanation"] = _sentence(row, gaps)
        rows.append(row)
    spots = [f"{spot}{end}" for spot in ("near_1", "near_2", "far") for end in ("", "_here", "_there")]
    columns = [*_COLUMNS, *spots, *(f"contribution_{name}" for name in parts), "explanation"]
    made = pd.DataFrame(rows, columns=columns)
    return made.astype(dict.fromkeys(("code", "name", "near_1", "near_2", "far", "explanation"), "str"))


def _told(parts: pd.Series, here: pd.Series, there: pd.Series) -> dict[str, object]:
    """The two closest features and the farthest; types that neither area has are told last."""
    names = list(parts.index)
    order = {name: i for i, name in enumerate(names)}
    absent = {name: name in base.SHARES and here[name] == 0 and there[name] == 0 for name in names}
    closest = sorted(names, key=lambda name: (absent[name], parts[name], order[name]))
    farthest = min(names, key=lambda name: (-parts[name], order[name]))
    near: list[str | None] = [name for name in closest if name != farthest][:_CLOSEST]
    near += [None] * (_CLOSEST - len(near))
    told: dict[str, object] = {}
    for spot, name in (("near_1", near[0]), ("near_2", near[1]), ("far", farthest)):
        told[spot] = name
        told[f"{spot}_here"] = float("nan") if name is None else float(here[name])
        told[f"{spot}_there"] = float("nan") if name is None else float(there[name])
    return told


def _sentence(row: dict[str, object], gaps: pd.Series) -> str:
    """What makes a peer close, and what most sets it apart; `gaps`: scaled gap per feature."""

    def said(spot: str) -> str:
        name = str(row[spot])
        here, there = (base.written(name, float(str(row[f"{spot}_{end}"]))) for end in ("here", "there"))
        values = f"{here} ici comme là" if here == there else f"{there}, contre {here} ici"
        return f"{base.FEATURE_LABELS[name]} ({values})"

    spots = [spot for spot in ("near_1", "near_2") if isinstance(row[spot], str)]
    far = said("far")
    if not spots:
        return f"Comparaison par {far} seulement."
    near = [said(spot) for spot in spots if gaps[row[spot]] <= _CLOSE]
    if not near:
        return f"Rien de vraiment proche ; le moins éloigné : {said(spots[0])} ; le plus éloigné : {far}."
    return f"Proche par {listing(near)} ; l’écart le plus grand porte sur {far}."


def notes(dataset: Dataset, level: str, code: str, criteria: Sequence[str] = CRITERIA) -> tuple[str, ...]:
    """What must be said beside `peers`: criteria that could not be used, and areas left out, in French."""
    active = used(dataset, level, code, criteria)
    frame = base._features(ByVersion(dataset), level)
    singular, plural, feminine = NOUNS[level]
    said = []
    if "structure" in criteria and "structure" not in active:
        unknown = frame.loc[code, "unknown_pct"]
        rest = [base.BLOCK_LABELS[name] for name in active]
        text = "Le type de territoire est inconnu"
        if pd.notna(unknown):
            text += f" pour {percent(float(unknown), 0)} de la population"
        text += " : la structure de la population ne peut pas être comparée"
        end = f"la comparaison porte sur {listing(rest)}" if rest else "choisir un autre critère"
        said.append(f"{text} ; {end}.")
    lost = left_out(dataset, level, active)
    count = int((lost["code"] != code).sum())
    if count and "structure" in active:
        many = count >= 2
        ending = ("es" if feminine else "s") if many else ("e" if feminine else "")
        said.append(
            f"{count} {plural if many else singular} dont le type de territoire est inconnu pour plus de 5 % de la "
            f"population {'ne sont pas comparé' if many else 'n’est pas comparé'}{ending}."
        )
    return tuple(said)


def distance(
    dataset: Dataset, level: str, left: str, right: str, criteria: Sequence[str] = CRITERIA
) -> float:
    """Distance between two areas in usual gaps; missing when they cannot be compared under these criteria."""
    check(dataset, level, [left, right])
    used(dataset, level, left, criteria)  # refuses unknown criteria
    weights = base.weights(tuple(criteria))
    table = base._scaled(ByVersion(dataset), level)[list(weights.index)]
    gaps = (table.loc[left] - table.loc[right]).pow(2) * weights
    return float(np.sqrt(gaps.sum(skipna=False)))
