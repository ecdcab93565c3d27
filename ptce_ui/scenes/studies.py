"""Scenes of the page Étude: the study handed to the renderer, part by part. Nothing of it is in the deck."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ptce_data import regional
from ptce_data import study as studies
from ptce_data.study import Access, Area, Study, near
from ptce_data.study.perimeter import PerimeterError
from ptce_data.study.registries import ELEMENT_STATUS, PLACE_STATUS, WHERE
from ptce_ui import text
from ptce_ui.exports.cartography import CartographyError, perimeter_map
from ptce_ui.exports.slides.model import ChartSeries, NativeChart
from ptce_ui.scenes import regions, study_said
from ptce_ui.scenes.model import (
    TOP,
    ChartVisual,
    MapVisual,
    Shown,
    View,
    nothing,
    others,
    sentence,
)
from ptce_ui.scenes.native import bars, known, told_apart
from ptce_ui.scenes.study_said import NO_STUDY

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_STATUS_STYLES: Final = {"present": ("#117733", ""), "planned": ("#6699CC", "/"), "missing": ("#B3261E", "x"), "unknown": ("#B4B8BF", ".")}  # fmt: skip
_PEOPLE: Final = "Population municipale Insee 2022 ; type calculé par l’atlas d’après Insee, ANCT et DGCL."
_PARTIAL: Final = "Inventaire partiel : une absence ne prouve rien."


class _Facts:
    """What is computed once for all scenes of a study."""

    def __init__(self, dataset: Dataset, study: Study) -> None:
        self.dataset, self.study = dataset, study
        self.area: Area | None = None
        self.refusal = ""
        try:
            self.area = studies.resolve(dataset, study.perimeter)
        except PerimeterError as error:
            self.refusal = str(error)
        self._access: Access | None = None
        self._places: pd.DataFrame | None = None

    @property
    def places(self) -> pd.DataFrame:
        """Places in and around the perimeter, hidden ones left out."""
        assert self.area is not None
        if self._places is None:
            found = studies.existing(self.dataset, self.area, self.study)
            self._places = found[~found["hidden"].astype(bool)]
        return self._places

    @property
    def access(self) -> Access:
        """Who lives within reach."""
        assert self.area is not None
        if self._access is None:
            self._access = studies.access(self.dataset, self.area, self.study)
        return self._access


class _Key:
    """A study and a data version as a key of a cache."""

    def __init__(self, dataset: Dataset, study: Study) -> None:
        self.dataset, self.study = dataset, study

    def __hash__(self) -> int:
        return hash((self.dataset.version, self.study))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and (other.dataset.version, other.study) == (
            self.dataset.version,
            self.study,
        )


@lru_cache(maxsize=4)
def _computed(key: _Key) -> _Facts:
    return _Facts(key.dataset, key.study)


def _facts(view: View) -> _Facts | Shown:
    """The study's facts, or what is shown without a study or a perimeter."""
    if view.study is None:
        return nothing("Aucune étude n’est ouverte", NO_STUDY, (NO_STUDY,))
    found = _computed(_Key(view.dataset, view.study))
    return (
        found
        if found.area is not None
        else nothing(view.study.title or "Étude", found.refusal, (found.refusal,))
    )


def perimeter(view: View) -> Shown:
    """The territory: its map by type, its people."""
    found = _facts(view)
    if isinstance(found, Shown):
        return found
    area: Any = found.area
    codes = list(area.communes["commune_insee"])
    try:
        spec = perimeter_map(view.dataset, codes, area.geometry, area.perimeter.zone_km)
    except CartographyError as error:
        return nothing("Le périmètre ne peut pas être dessiné", error.sentence)
    title = f"Le périmètre réunit {text.count(len(area.communes), 'commune', 'communes')} et {text.number(area.population)}{text.NBSP}habitants"
    types = area.types[area.types["communes"] > 0]
    best = types.sort_values("population", ascending=False, kind="stable").head(1)
    said = [
        f"{text.percent(r.share_pct)} vivent dans une commune de type « {str(r.label).lower()} »"
        for r in best.itertuples()
    ]
    density = f"{text.number(area.density, 1)}{text.NBSP}hab./km²"
    facts = types[["label", "communes", "population", "share_pct"]].round(1)
    facts.columns = pd.Index(["Type calculé à la commune", "Communes", "Population", "Part (%)"])
    where = text.join([str(n) for n in area.regions["name"]])
    return Shown(
        title, sentence(f"{where} ; {density} ; {text.join(said) or 'type de territoire non renseigné'}.", *area.notes), spec.alt,
        MapVisual(replace(spec, title=title)), facts, note=_PEOPLE,
    )  # fmt: skip


def existing(view: View) -> Shown:
    """What exists in and around the perimeter."""
    found = _facts(view)
    if isinstance(found, Shown):
        return found
    area: Any = found.area
    shown = found.places.assign(is_planned=found.places["status"] == "planned")
    drawn = shown.drop(columns="status").assign(
        kind=[k if k in ("pole", "cluster") else "tiers_lieu" for k in shown["kind"]]
    )
    own = drawn[drawn["origin"] == "ajout"]
    spec = perimeter_map(view.dataset, list(area.communes["commune_insee"]), area.geometry, area.perimeter.zone_km, drawn[drawn["origin"] == "atlas"], own)  # fmt: skip
    inside = int(shown.loc[shown["where"] == "perimetre", "object_id"].nunique())
    around = int(shown.loc[shown["where"] == "alentours", "object_id"].nunique())
    vague = studies.imprecise(view.dataset, area, found.study).count
    title = f"{text.count(inside, 'lieu documenté', 'lieux documentés')} dans le périmètre, {text.number(around)} dans les alentours"
    if not area.perimeter.zone_km:
        title = f"{text.count(inside, 'lieu documenté', 'lieux documentés')} dans le périmètre"
    facts = pd.DataFrame(
        {
            "Nom": shown["name"], "Genre": shown["label"], "Où": shown["where"].map(WHERE),
            "Commune": shown["commune_name"].fillna(text.UNKNOWN_TEXT), "État": shown["status"].map(PLACE_STATUS),
            "Origine": shown["origin"].map({"atlas": "atlas", "ajout": "ajouté par l’auteur"}),
        }
    )  # fmt: skip
    message = (
        f"Dont {text.count(len(own), 'ajouté', 'ajoutés')} par l’auteur de l’étude."
        if len(own)
        else "Ce que l’atlas documente."
    )
    more = f"{text.count(vague, 'objet n’est connu', 'objets ne sont connus')} que par le département ou la région, et ne sont pas placés." if vague else ""  # fmt: skip
    return Shown(title, message, spec.alt, MapVisual(replace(spec, title=title)), facts, list(shown["source_ids"]), sentence(more, _PARTIAL))  # fmt: skip


def arrangement(view: View) -> Shown:
    """The elements that a cluster arranges, by family and status."""
    found = _facts(view)
    if isinstance(found, Shown):
        return found
    area: Any = found.area
    rows = studies.status(view.dataset, area, found.places, found.study)
    grid = studies.gaps(rows)
    counted = rows["status"].value_counts()
    title = f"{text.count(int(counted.get('present', 0)), 'élément présent', 'éléments présents')} sur {text.number(len(rows))}, {text.number(int(counted.get('unknown', 0)))} inconnus"
    made = tuple(
        ChartSeries(label, known(grid[s]), *_STATUS_STYLES[s])
        for s, label in ELEMENT_STATUS.items()
        if grid[s].sum()
    )
    alt = "Éléments du cluster par famille et par état."
    native = NativeChart("stacked", told_apart(grid["label"]), made, alt, "éléments")
    facts = pd.DataFrame(
        {
            "Famille": rows["family_label"], "Élément": rows["label"], "État": rows["status_label"],
            "Selon": rows["origin"].map({"computed": "les données", "user": "l’auteur"}), "Raison": rows["reason"],
        }
    )  # fmt: skip
    absent = [str(n).lower() for n in rows.loc[rows["status"] == "missing", "label"]]
    message = (
        f"Manquent, selon l’auteur : {text.join(absent)}."
        if absent
        else "Lieux, recherche et développement, financement, organisations."
    )
    return Shown(title, message, f"{alt} {title}.", ChartVisual(bars(native), native), facts, [], "Un inventaire partiel ne prouve pas une absence : seul l’auteur peut dire « manquant ».")  # fmt: skip


def access(view: View) -> Shown:
    """The share of the people within reach of each kind of places, beside France."""
    found = _facts(view)
    if isinstance(found, Shown):
        return found
    shares = found.access.shares
    if shares.empty or shares["share_pct"].isna().all():
        return nothing(
            "L’accès ne se calcule pas ici",
            "Aucun genre de lieu n’est choisi, ou personne n’habite le périmètre.",
        )
    france = [
        near.france(view.dataset, k, r) for k, r in zip(shares["kind"], shares["radius_km"], strict=True)
    ]
    rows = shares.assign(france_pct=france)
    kept = rows.head(TOP + 1)
    names = told_apart(f"{r.label}, à {text.number(r.radius_km)}{text.NBSP}km" for r in kept.itertuples())
    made = (
        ChartSeries("Périmètre", known(kept["share_pct"]), "#117733"),
        ChartSeries("France", known(kept["france_pct"]), "#9AA0A6"),
    )
    best = rows.iloc[0]
    title = f"{text.percent(best['share_pct'])} des habitants vivent à {text.number(best['radius_km'])} km au plus d’un lieu recensé (« {best['label']} »), contre {text.percent(best['france_pct'])} en France"  # fmt: skip
    alt = "Part de la population à portée de chaque genre de lieux, à vol d’oiseau."
    native = NativeChart("bar", names, made, alt, "% de la population", '0" %"')
    heads = {"label": "Lieux", "radius_km": "Rayon (km)", "within": "Population à portée", "share_pct": "Part (%)", "france_pct": "Part en France (%)", "places": "Lieux comptés"}  # fmt: skip
    facts = rows[list(heads)].rename(columns=heads).round(1)
    return Shown(title, "À vol d’oiseau, du point de chaque commune au lieu le plus proche.", f"{alt} {title}.", ChartVisual(bars(native, top=112.0), native), facts, [], sentence(others(len(rows) - len(kept), "barre", "barres"), "Population Insee 2022.", _PARTIAL))  # fmt: skip


def comparables(view: View) -> Shown:
    """The intercommunalities that resemble the main one of the perimeter."""
    found = _facts(view)
    if isinstance(found, Shown):
        return found
    area: Any = found.area
    own = area.epci.sort_values(["population", "code"], ascending=[False, True])
    if own.empty:
        return nothing(
            "Aucune intercommunalité à comparer", "Les communes du périmètre n’appartiennent à aucune."
        )
    code, name = str(own["code"].iloc[0]), str(own["name"].iloc[0])
    rows = regional.peers(view.dataset, "epci", code, n=TOP)
    notes = regional.notes(view.dataset, "epci", code)
    if rows.empty:
        return nothing(
            f"{name} ne peut être comparée à aucune autre", sentence(*notes) or "Les données manquent."
        )
    return regions.closest(rows, name, notes)


BUILDERS: Final = {
    "perimetre": perimeter,
    "existant": existing,
    "agencement": arrangement,
    "acces": access,
    "comparables": comparables,
    "financer": study_said.financing,
    "autodiagnostic": study_said.self_assessment,
    "document": study_said.roadmap,
}
