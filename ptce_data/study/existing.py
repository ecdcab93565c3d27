"""What exists in and around a perimeter: places of the atlas as the user annotates them, and their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from ptce_data.places import AREA_PRECISIONS
from ptce_data.study import zones
from ptce_data.study.model import Study
from ptce_data.study.perimeter import Area, distances_km
from ptce_data.study.registries import PLACE_KINDS

if TYPE_CHECKING:
    from ptce_data.load import Dataset

METHOD: Final = (
    "Distances à vol d’oiseau, en projection métrique. Un lieu connu par sa commune seule est placé à "
    "l’intérieur d’elle. Un lieu connu par son département ou sa région seuls est compté à part."
)
_STATUS: Final = {"ouvert": "existing", "en_projet": "planned"}
_COLUMNS: Final[dict[str, str]] = {
    "uid": "str", "object_id": "str", "name": "str", "kind": "str", "subkind": "str", "label": "str",
    "where": "str", "distance_km": "float64", "centre_km": "float64", "commune_insee": "str",
    "commune_name": "str", "territory_type": "str", "status": "str", "geo_precision": "str",
    "lon": "float64", "lat": "float64", "origin": "str", "note": "str", "correction": "str",
    "hidden": "bool", "source": "str", "source_ids": "str", "confidence": "str",
}  # fmt: skip
_ORDER: Final = {"perimetre": 0, "alentours": 1, "ailleurs": 2, "inconnu": 3}


@dataclass(frozen=True, eq=False)
class Imprecise:
    """Objects known only by their département or region, which the perimeter touches: maybe there.

    `places`: uid, name, kind, geo_precision, departement_code, region_code, hidden. `count`: number of
    objects, each once, hidden ones left out.
    """

    places: pd.DataFrame
    count: int


def existing(dataset: Dataset, area: Area, study: Study | None = None) -> pd.DataFrame:
    """Return the places in the perimeter and its surroundings, and all those the user added.

    Columns: uid, object_id (two rows of one object share it), name, kind (pole, tiers_lieu, cluster; a
    key of PLACE_KINDS for an own place), subkind (tiers_lieu_kind or cluster_kind, missing when
    unknown), label (French, of the subkind, else of the kind), where (perimetre, alentours; ailleurs and inconnu
    for own places only), distance_km (to the border, 0 inside), centre_km (to the population-weighted
    centre of the same part), commune_insee, commune_name, territory_type (missing when unknown), status
    (existing, planned, unknown), geo_precision, lon, lat, origin (atlas, ajout), note, correction,
    hidden, source (text of an own place), source_ids ("|"-separated), confidence. Hidden places are
    kept and marked. Sorted: perimeter first, then by distance and name.
    """
    frame = dataset.places
    placed = frame[frame["lon"].notna() & ~frame["geo_precision"].isin(AREA_PRECISIONS)]
    atlas = _located(area, placed[["uid", "lon", "lat", "commune_insee", "geo_precision"]])
    rows = placed.loc[atlas.index].assign(**{c: atlas[c] for c in ("where", "distance_km", "centre_km")})
    made = pd.DataFrame(rows.drop(columns="geometry"))
    made["subkind"] = made["tiers_lieu_kind"].fillna(made["cluster_kind"])
    made["status"] = made["status"].map(_STATUS).fillna("unknown")
    made["origin"] = "atlas"
    made["label"] = _labels(dataset, made)
    own = _own(dataset, area, study)
    made = made.reindex(columns=list(_COLUMNS))
    if len(own):
        made = pd.concat([made, own], ignore_index=True)
    made = _annotated(dataset, made, study)
    made["rank"] = made["where"].map(_ORDER)
    made = made.sort_values(["rank", "distance_km", "name", "uid"], kind="stable", ignore_index=True)
    return made.reindex(columns=list(_COLUMNS)).astype(_COLUMNS)


def imprecise(dataset: Dataset, area: Area, study: Study | None = None) -> Imprecise:
    """Return the objects that may be in the perimeter, but are known only by its département or region."""
    frame = dataset.places
    vague = frame[frame["geo_precision"].isin(AREA_PRECISIONS)]
    columns = ["uid", "name", "kind", "geo_precision", "departement_code", "region_code", "object_id"]
    kept = pd.DataFrame(vague.loc[maybe_in(area, vague), columns])
    kept["hidden"] = kept["uid"].isin(hidden_uids(dataset, study))
    count = int(kept.loc[~kept["hidden"], "object_id"].nunique())
    return Imprecise(kept.drop(columns="object_id").reset_index(drop=True), count)


def hidden_uids(dataset: Dataset, study: Study | None) -> frozenset[str]:
    """The uids that the study leaves out; that of a merged duplicate is that of the row that stays."""
    return frozenset(dataset.merged_uids.get(uid, uid) for uid in (study.hidden if study else ()))


def maybe_in(area: Area, vague: pd.DataFrame) -> pd.Series:
    """Mask of the objects whose département, or region where that is all that is known, the perimeter touches."""
    departement = vague["departement_code"].isin(area.departements["code"])
    region = vague["departement_code"].isna() & vague["region_code"].isin(area.regions["code"])
    former = vague["former_region_code"]
    return departement | (region & (former.isna() | former.isin(area.former_regions["code"])))


def _located(area: Area, points: pd.DataFrame, everywhere: bool = False) -> pd.DataFrame:
    """Add where, distance_km, centre_km to the points in the perimeter or its zone (or to all)."""
    members = frozenset(area.communes["commune_insee"])
    drawn = area.perimeter.polygon
    chosen = frozenset(area.perimeter.communes)
    by_epci = area.communes["epci_siren"].isin(area.perimeter.epci)
    chosen |= frozenset(area.communes.loc[by_epci, "commune_insee"])
    lon, lat = points["lon"].to_numpy(dtype="float64"), points["lat"].to_numpy(dtype="float64")
    # A place of a chosen commune is inside, even where its point is a little off the outline.
    inside = points["commune_insee"].isin(chosen).to_numpy(dtype=bool, copy=True)
    if drawn is not None:
        at_commune = (points["geo_precision"] == "commune").to_numpy(dtype=bool)
        of_member = points["commune_insee"].isin(members).to_numpy(dtype=bool)
        outline = drawn.geometry()
        shapely.prepare(outline)
        inside |= np.where(at_commune, of_member, shapely.contains_xy(outline, lon, lat))
    else:
        nowhere = points["commune_insee"].isna().to_numpy(dtype=bool)
        inside |= nowhere & shapely.contains_xy(area.geometry, lon, lat)
    reach = np.inf if everywhere else max(area.perimeter.zone_km, 0.0)
    away, centre = np.full(len(points), np.nan), np.full(len(points), np.nan)
    where = zones.zones_of(lon, lat)
    for part in area.parts:
        own = np.flatnonzero(where == part.epsg)
        away[own] = distances_km(part, lon[own], lat[own], reach)
        xy = zones.project(lon[own], lat[own], part.epsg)
        centre[own] = np.round(np.hypot(*(xy - np.array(part.centre_xy)).T) / 1000, 3)
    away[inside] = 0.0
    zone = area.perimeter.zone_km
    near = np.zeros(len(points), dtype=bool) if zone <= 0 else away <= zone
    said = np.where(
        inside, "perimetre", np.where(near, "alentours", np.where(np.isnan(lon), "inconnu", "ailleurs"))
    )
    made = points.assign(where=said, distance_km=away, centre_km=centre)
    return made if everywhere else made[inside | near]


def own_points(dataset: Dataset, study: Study | None) -> pd.DataFrame:
    """The user's places with a position: their own point, else a point inside their commune.

    Columns uid, name, kind, status, lon, lat, commune_insee, geo_precision (place_a_la_main, commune or
    aucune), note, source.
    """
    columns = ["uid", "name", "kind", "status", "lon", "lat", "commune", "note", "source"]
    rows = [[getattr(place, name) for name in columns] for place in (study.places if study else ())]
    kinds = {c: "float64" if c in ("lon", "lat") else "str" for c in columns}
    made = pd.DataFrame(rows, columns=columns).astype(kinds)
    made = made.rename(columns={"commune": "commune_insee"})
    if made.empty:
        return made.assign(geo_precision=pd.Series(dtype="str"))
    layer = dataset.communes
    own = made["lon"].notna() & made["lat"].notna()
    known = layer[layer["commune_insee"].isin(made["commune_insee"])].set_index("commune_insee")
    made["commune_insee"] = made["commune_insee"].where(made["commune_insee"].isin(known.index))
    lost = np.flatnonzero(own & made["commune_insee"].isna())
    points = shapely.points(made["lon"].to_numpy()[lost], made["lat"].to_numpy()[lost])
    which, where = layer.sindex.query(points, predicate="intersects")
    found = dict(zip(lost[which], layer["commune_insee"].to_numpy()[where], strict=True))
    made["commune_insee"] = made["commune_insee"].fillna(pd.Series(found, dtype="str"))
    for axis in ("lon", "lat"):
        made[axis] = made[axis].where(own, made["commune_insee"].map(known[axis]).astype("float64"))
    placed = np.where(made["lon"].notna(), "commune", "aucune")
    made["geo_precision"] = pd.Series(np.where(own, "place_a_la_main", placed), dtype="str")
    return made


def _labels(dataset: Dataset, made: pd.DataFrame) -> pd.Series:
    """French label of the subkind of each place of the atlas, else of its kind."""
    rows = dataset.categories
    known = {(f, v): label for f, v, label in zip(rows["field"], rows["value"], rows["label"], strict=True)}
    pairs = zip(made["kind"], made["subkind"], strict=True)
    said = [known.get((f"{kind}_kind", sub), known.get(("object_kind", kind), kind)) for kind, sub in pairs]
    return pd.Series(said, index=made.index, dtype="str")


def _own(dataset: Dataset, area: Area, study: Study | None) -> pd.DataFrame:
    own = own_points(dataset, study)
    if own.empty:
        return own
    made = _located(area, own, everywhere=True)
    names = dataset.communes.set_index("commune_insee")["name"]
    made["commune_name"] = made["commune_insee"].map(names)
    if dataset.territories is not None:
        types = dataset.territories.communes.set_index("commune_insee")["territory_type"]
        made["territory_type"] = made["commune_insee"].map(types)
    made["label"] = made["kind"].map(PLACE_KINDS)
    return made.assign(object_id=made["uid"], origin="ajout", hidden=False)


def _annotated(dataset: Dataset, made: pd.DataFrame, study: Study | None) -> pd.DataFrame:
    """Add note, correction and hidden of the user's annotations; a merged duplicate leads to the kept row."""
    said = {dataset.merged_uids.get(a.uid, a.uid): a for a in (study.annotations if study else ())}
    notes = made["uid"].map({uid: a.note for uid, a in said.items()})
    made["note"] = notes.fillna(made["note"]).fillna("")
    made["correction"] = made["uid"].map({uid: a.correction for uid, a in said.items()}).fillna("")
    made["hidden"] = made["uid"].isin({uid for uid, a in said.items() if a.hidden})
    return made
