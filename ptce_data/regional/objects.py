"""Pôles, tiers-lieux and clusters per area, each object once; the published census beside ours."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data import query
from ptce_data.byversion import ByVersion
from ptce_data.places import UNKNOWN
from ptce_data.regional.areas import Areas, children_alone, collectivites, labels
from ptce_data.regional.model import Indicator, Measure, source_ids

if TYPE_CHECKING:
    from ptce_data.load import Dataset

GROUP: Final = "Pôles, tiers-lieux et clusters"
KINDS: Final = {
    "poles": ("pole", "Pôles (PTCE)", "pôles"),
    "tiers_lieux": ("tiers_lieu", "Tiers-lieux, dans l’atlas", "tiers-lieux"),
    "clusters": ("cluster", "Clusters", "clusters"),
}
#: Prefix of the ids -> (column of places, registered field, group, words of the label).
SPLITS: Final = {
    "poles_type": ("territory_type", "territory_type", "Pôles par type de territoire", "de type"),
    "poles_family": ("activity_family", "activity_family", "Pôles par famille d’activité", "famille"),
    "poles_origin": ("origin", "origin", "Pôles par origine", "origine"),
}
PER: Final = 100_000.0
CENSUS_SHARE: Final = "part_des_tiers_lieux_nationaux"
CENSUS_TOTAL: Final = "nombre_tiers_lieux"
LIMITS: Final = (
    "Ce que l’atlas connaît par des pages publiques : ce n’est pas un recensement, et zéro veut dire « aucun "
    "connu ». Chaque objet compte une fois. Un objet dont le territoire n’est pas connu à ce niveau, ou situé à "
    "Saint-Martin, ne compte que dans le total national."
)
_CENSUS_LIMITS: Final = (
    "Part publiée arrondie (au point, ou au demi-point) : leur somme fait 100,8 %. Publié pour les régions "
    "d’aujourd’hui seulement ; définition plus large que celle de l’atlas, à ne pas soustraire."
)


def indicators(dataset: Dataset) -> list[Indicator]:
    """The definitions, in the order of display."""
    year = seen(dataset)
    found = []
    for name, (kind, label, unit) in KINDS.items():
        rows = dataset.places[dataset.places["kind"] == kind]
        ids = source_ids(rows["source_ids"])
        found.append(
            Indicator(
                name, GROUP, label, unit, f"Nombre de {unit} connus de l’atlas.", LIMITS, year, sources=ids
            )
        )
        found.append(
            Indicator(f"{name}_per_100k", GROUP, f"{label}, pour 100 000 habitants", "pour 100 000 hab.",
                      f"Nombre de {unit} connus de l’atlas pour 100 000 habitants.",
                      LIMITS + " Le taux national laisse Saint-Martin de côté.", year, 2, is_rate=True,
                      sources=ids)
        )  # fmt: skip
        if name == "tiers_lieux":
            found += _census_indicators(dataset, ids, year)
    for prefix, (_, field, group, words) in SPLITS.items():
        ids = found[0].sources
        for value, label in [*labels(dataset, field).items(), (UNKNOWN, "non renseigné")]:
            text = f"Pôles, {words} : {label.lower()}"
            found.append(
                Indicator(
                    f"{prefix}_{value}", group, text, "pôles", _split_text(prefix), LIMITS, year, sources=ids
                )
            )
    return found


def _split_text(prefix: str) -> str:
    if prefix == "poles_type":
        return "Pôles selon le type calculé à leur commune ; inconnu quand la commune ou le type l’est."
    return "Pôles selon ce que leurs sources énoncent ; inconnu quand elles ne le disent pas."


def _census_indicators(dataset: Dataset, ours: tuple[str, ...], year: str) -> list[Indicator]:
    shares, total = census(dataset)
    ids = source_ids([*shares["source_id"], *total["source_id"]])
    rows = pd.concat([shares, total])["year"].dropna()
    when = str(int(rows.max())) if len(rows) else "inconnue"
    made = "Part publiée de la région × nombre national publié : un ordre de grandeur, que nous calculons."
    return [
        Indicator("tiers_lieux_census", GROUP, "Tiers-lieux, recensement publié (calculé)", "tiers-lieux",
                  made, _CENSUS_LIMITS, when, sources=ids, additive=False),
        Indicator("tiers_lieux_census_per_100k", GROUP, "Tiers-lieux, recensement publié, pour 100 000 habitants",
                  "pour 100 000 hab.", made, _CENSUS_LIMITS, when, 1, is_rate=True, additive=False, sources=ids),
        Indicator("tiers_lieux_census_share", GROUP, "Part des tiers-lieux de France, recensement publié", "%",
                  "Part de la région dans le total national, telle qu’elle est publiée.", _CENSUS_LIMITS, when, 1,
                  is_rate=True, additive=False, sources=ids),
        Indicator("tiers_lieux_share", GROUP, "Part des tiers-lieux de France, dans l’atlas", "%",
                  "Tiers-lieux de l’atlas situés ici, sur tous ceux de l’atlas.", LIMITS, year, 1,
                  is_rate=True, sources=ours),
    ]  # fmt: skip


def seen(dataset: Dataset) -> str:
    """Until when sources were read: "sources lues jusqu’en 2026"."""
    last = query.seen(dataset)
    return f"sources lues jusqu’en {last[:4]}" if last else "date des sources inconnue"


def census(dataset: Dataset) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of `published_counts`: the regions' shares of the last census, and its national total."""
    table = dataset.published_counts
    table = table[table["subject"] == "tiers_lieux"]
    shares = table[(table["metric"] == CENSUS_SHARE) & table["region_code"].notna()]
    last = shares["year"].max()
    shares = shares[shares["year"] == last].drop_duplicates("region_code")
    total = table[
        (table["metric"] == CENSUS_TOTAL) & table["region_code"].isna() & (table["scope"] == "France")
    ]
    # Shares and total must be of one census, by one publisher's page.
    return shares, total[(total["year"] == last) & total["source_id"].isin(set(shares["source_id"]))].head(1)


@lru_cache(maxsize=2)
def _rows(key: ByVersion) -> pd.DataFrame:
    """The columns of `places` that are counted, without the points."""
    columns = ["kind", "object_id", "region_code", "former_region_code", "departement_code"]
    splits = [column for column, *_ in SPLITS.values()]
    frame = pd.DataFrame(key.dataset.places[[*columns, *splits]])
    frame["outside"] = frame["region_code"].isin(collectivites(key.dataset))
    return frame.fillna(dict.fromkeys(splits, UNKNOWN))


def count(rows: pd.DataFrame, areas: Areas) -> pd.Series:
    """Objects of `rows` (of `places`) per area, each once."""
    return areas.spread(rows.groupby(areas.key(rows))["object_id"].nunique())


def measures(dataset: Dataset, areas: Areas) -> dict[str, Measure]:
    """The measures of `indicators`, by id."""
    places = _rows(ByVersion(dataset))
    population = areas.frame["population"].astype("float64")
    outside = places["outside"]
    found: dict[str, Measure] = {}
    for name, (kind, _, _) in KINDS.items():
        mine = places["kind"] == kind
        counted = count(places[mine], areas)
        found[name] = Measure(counted)
        found[f"{name}_per_100k"] = Measure(count(places[mine & ~outside], areas), population, PER)
        if name == "tiers_lieux":
            whole = float(places.loc[mine, "object_id"].nunique())
            found["tiers_lieux_share"] = Measure(counted, pd.Series(whole, index=areas.codes), 100.0)
    poles = places[places["kind"] == "pole"]
    for prefix, (column, field, _, _) in SPLITS.items():
        split = areas.table(poles, "object_id", column, (*labels(dataset, field), UNKNOWN))
        found |= {f"{prefix}_{value}": Measure(split[value]) for value in split}
    return found | _census_measures(dataset, areas, population)


def _census_measures(dataset: Dataset, areas: Areas, population: pd.Series) -> dict[str, Measure]:
    shares, total = census(dataset)
    whole = float(total["value"].iloc[0]) if len(total) else float("nan")
    if areas.level is None:
        share = pd.Series(100.0 if len(shares) else float("nan"), index=areas.codes)
    else:
        alone = children_alone(dataset, areas.level)
        share = shares["value"].astype("float64").set_axis(shares["region_code"].map(alone))
        share = share[share.index.notna()].reindex(areas.codes)
    number = share * whole / 100
    return {
        "tiers_lieux_census": Measure(number),
        "tiers_lieux_census_per_100k": Measure(number, population, PER),
        "tiers_lieux_census_share": Measure(share),
    }
