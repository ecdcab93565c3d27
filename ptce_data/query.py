"""Questions asked of the data set: (Dataset, Selection) -> frame. Nothing here draws or reads files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, Literal

import geopandas as gpd
import pandas as pd

from ptce_data.places import KINDS, TABLES, UNKNOWN
from ptce_data.selection import Selection
from ptce_data.text import fold

if TYPE_CHECKING:
    from ptce_data.load import Dataset

Level = Literal["regions", "former_regions", "departements", "epci", "communes"]

LEVEL_CODES: Final[dict[str, str]] = {
    "regions": "region_code",
    "former_regions": "former_region_code",
    "departements": "departement_code",
    "epci": "epci_siren",
    "communes": "commune_insee",
}
#: The call whose outcome is the mark `is_temoin`.
#: Beginning of the id of a source that is a reader’s own file (`ptce_data.own_layers`).
IMPORTED: Final = "import-"
TEMOIN_PROGRAMME: Final = "appel-experimentation-2011"
#: Selection field -> column of `places` that holds one value.
_SINGLE: Final = {
    "kinds": "kind",
    "regions": "region_code",
    "former_regions": "former_region_code",
    "departements": "departement_code",
    "territory_types": "territory_type_stated",
    "computed_types": "territory_type",
    "epci_types": "territory_type_epci",
    "activity_families": "activity_family",
    "tiers_lieu_kinds": "tiers_lieu_kind",
    "cluster_kinds": "cluster_kind",
    "confidences": "confidence",
}
#: Selection field -> column of `places` that holds a tuple of values.
_MULTIPLE: Final = {
    "themes": "themes",
    "labels": "labels",
    "programmes": "programmes",
    "award_years": "award_years",
}
#: Facts that only one kind of object carries: "non renseigné" then means "of that kind, unknown".
_OWN_KIND: Final = {
    "activity_families": "pole",
    "tiers_lieu_kinds": "tiers_lieu",
    "cluster_kinds": "cluster",
    "programmes": "pole",
    "award_years": "pole",
}


def places(dataset: Dataset, selection: Selection) -> gpd.GeoDataFrame:
    """Return the rows of `dataset.places` that `selection` keeps, in their order."""
    frame = dataset.places
    kept: gpd.GeoDataFrame = frame[mask(frame, selection)]
    return kept


def mask(frame: pd.DataFrame, selection: Selection) -> pd.Series:
    """Boolean mask of the rows of `frame` (a `places` frame) that `selection` keeps."""
    keep = pd.Series(True, index=frame.index)
    for field, column in _SINGLE.items():
        wanted = getattr(selection, field)
        if wanted:
            match = frame[column].isin(wanted)
            if UNKNOWN in wanted:
                match |= frame[column].isna() & _of_kind(frame, field)
            keep &= match
    for field, column in _MULTIPLE.items():
        wanted = set(getattr(selection, field))
        if wanted:
            match = frame[column].map(lambda have, w=wanted: not w.isdisjoint(have)).astype(bool)
            if UNKNOWN in wanted:
                match |= (frame[column].map(len) == 0) & _of_kind(frame, field)
            keep &= match
    for word in fold(selection.text).split():
        keep &= frame["search_text"].str.contains(word, regex=False)
    return keep


def _of_kind(frame: pd.DataFrame, field: str) -> pd.Series:
    own = _OWN_KIND.get(field)
    return frame["kind"] == own if own else pd.Series(True, index=frame.index)


def counts(selected: pd.DataFrame) -> dict[str, int]:
    """Rows per kind, plus "objects" (each object once), "rows", "unplaced" (no known place), "imported"."""
    by_kind = selected["kind"].value_counts()
    return {
        **{kind: int(by_kind.get(kind, 0)) for kind in KINDS},
        "objects": int(selected["object_id"].nunique()),
        "rows": len(selected),
        "unplaced": int((selected["geo_precision"] == "aucune").sum()),
        "imported": int(selected["is_imported"].sum()),
    }


def by_area(dataset: Dataset, selected: pd.DataFrame, level: Level) -> pd.DataFrame:
    """Objects per area of one level, for all areas of France.

    Returns columns code, name, population, objects (each object counted once per area) and
    per_100k (objects per 100,000 inhabitants; missing where population is zero). Objects whose
    place is not known at that level (a pôle known by its region only has no EPCI) are not counted:
    `not_located(selected, level)` says how many.
    """
    code = LEVEL_CODES[level]
    areas = getattr(dataset, level)[[code, "name", "population"]].rename(columns={code: "code"})
    found = selected.dropna(subset=[code]).groupby(code)["object_id"].nunique()
    result = areas.copy()
    result["objects"] = result["code"].map(found).fillna(0).astype("int64")
    population = result["population"].where(result["population"] > 0)
    result["per_100k"] = result["objects"] / population * 100_000
    return result.reset_index(drop=True)


def not_located(selected: pd.DataFrame, level: Level) -> int:
    """Number of selected rows whose area at `level` is unknown."""
    return int(selected[LEVEL_CODES[level]].isna().sum())


def find_place(dataset: Dataset, uid: str) -> pd.Series | None:
    """Row of `places` for a uid such as "pole:le-periscope"; a merged duplicate leads to the kept row."""
    frame = dataset.places
    hit = frame[frame["uid"] == uid]
    if hit.empty:
        hit = frame[frame["uid"] == dataset.merged_uids.get(uid)]
    return None if hit.empty else hit.iloc[0]


def record(dataset: Dataset, uid: str) -> pd.Series | None:
    """The whole row of the object's own table (all columns), or None."""
    place = find_place(dataset, uid)
    if place is None:
        return None
    table: pd.DataFrame = getattr(dataset, TABLES[place["kind"]])
    return table[table["uid"] == place["uid"]].iloc[0]


def published_sources(dataset: Dataset) -> pd.DataFrame:
    """The public sources: those of the data, without the files that a reader imported."""
    return dataset.sources[~dataset.sources["id"].str.startswith(IMPORTED)]


def seen(dataset: Dataset) -> str:
    """The day (AAAA-MM-JJ) on which the newest public source was read; empty without any."""
    days = published_sources(dataset)["date_accessed"].dropna()
    return "" if days.empty else str(days.max())


def related(dataset: Dataset, uid: str) -> pd.DataFrame:
    """Other rows of the same object (other kinds) and probable same objects.

    Returns columns uid, name, kind, relation ("meme_objet_lien" or "probable") and reason.
    """
    place = find_place(dataset, uid)
    columns = ["uid", "name", "kind", "relation", "reason"]
    if place is None:
        return pd.DataFrame(columns=columns)
    frame = dataset.places
    same = frame[(frame["object_id"] == place["object_id"]) & (frame["uid"] != place["uid"])]
    rows = [(*row, "meme_objet_lien", "") for row in same[["uid", "name", "kind"]].itertuples(index=False)]
    links = dataset.duplicates
    own = (links["left_uid"] == place["uid"]) | (links["right_uid"] == place["uid"])
    for link in links[own & (links["decision"] == "probable")].itertuples():
        other = find_place(dataset, link.right_uid if link.left_uid == place["uid"] else link.left_uid)
        if other is not None:
            rows.append((other["uid"], other["name"], other["kind"], "probable", link.reason))
    return pd.DataFrame(rows, columns=columns)


def awards(dataset: Dataset, uid: str) -> pd.DataFrame:
    """Awards known for a pôle, with the programme's name; empty means none known, not none won."""
    pole_id = uid.partition(":")[2]
    rows = dataset.pole_awards[dataset.pole_awards["pole_id"] == pole_id]
    names = dataset.programmes.set_index("id")["programme"]
    return rows.assign(programme=rows["programme_id"].map(names))


def funding_figures(dataset: Dataset, uid: str) -> pd.DataFrame:
    """Published funding figures of one object, as they are: never added, never averaged."""
    return dataset.funding_figures[dataset.funding_figures["entity_uid"] == uid]


def public_awards(dataset: Dataset, uid: str) -> pd.DataFrame:
    """Other public money whose named beneficiary is this object."""
    return dataset.public_awards[dataset.public_awards["entity_uid"] == uid]


def case_events(dataset: Dataset, uid: str) -> pd.DataFrame:
    """Dated events and figures of one object."""
    return dataset.case_events[dataset.case_events["entity_uid"] == uid]


def named_laureates(dataset: Dataset) -> pd.DataFrame:
    """Per programme: id, programme, year_announced, laureates (published, may be missing), named.

    The pôles témoins are those of the call of 2011: they have a mark, not an award.
    """
    named = dataset.pole_awards.groupby("programme_id")["pole_id"].nunique()
    frame = dataset.programmes[["id", "programme", "year_announced", "laureates", "source_id"]].copy()
    frame["named"] = frame["id"].map(named).fillna(0).astype("int64")
    temoins = int(dataset.poles["is_temoin"].fillna(False).sum())
    frame.loc[frame["id"] == TEMOIN_PROGRAMME, "named"] = temoins
    return frame.sort_values("year_announced", kind="stable").reset_index(drop=True)


def count_sources(dataset: Dataset, ids: Iterable[str]) -> int:
    """How many rows `sources` gives for these ids."""
    return int(dataset.sources["id"].isin({i for i in ids if isinstance(i, str)}).sum())


def sources(dataset: Dataset, ids: Iterable[str]) -> pd.DataFrame:
    """Rows of the sources table for these ids, each once, ordered by publisher."""
    wanted = {i for i in ids if isinstance(i, str)}
    rows = dataset.sources[dataset.sources["id"].isin(wanted)]
    return rows.sort_values(["publisher", "id"]).reset_index(drop=True)
