"""Scenes of the page Territoires: types on the map, cross-tables, densities, other rules."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

import pandas as pd

from ptce_data import crosstabs, lookup
from ptce_data.places import KINDS, UNKNOWN
from ptce_data.territories import Classification, TerritoryError, classify, compare, explain, explain_area
from ptce_data.territories.indicators import from_tables
from ptce_ui import figures, reasons, rulesform, territory_tables, text
from ptce_ui.exports.cartography import MapSpec, france_by_type, points, region_map, type_areas
from ptce_ui.exports.slides.model import ChartSeries, NativeChart
from ptce_ui.scenes.model import ChartVisual, FiguresVisual, MapVisual, Shown, View, nothing, others, sentence
from ptce_ui.scenes.native import known, told_apart
from ptce_ui.theme import TYPE_COLOURS

_SUBJECTS: Final = {
    "activity_family": "famille d’activité",
    "origin": "origine",
    "programmes": "programme gagné (connu)",
}
_PATTERNS: Final = {"pole": "", "tiers_lieu": "/", "cluster": "x"}
_KIND_COLOURS: Final = {"pole": "#2B4A7F", "tiers_lieu": "#9D9979", "cluster": "#66738C"}
_ORIGIN: Final = "Type calculé par l’atlas d’après Insee, ANCT et DGCL."
#: Above this share of people without a known type, densities by type say nothing.
_TOO_MUCH: Final = 50.0
#: Values of a subject that stay legible on one slide.
_MOST: Final = 8


def _names(view: View) -> dict[str, str]:
    return {t: view.labels.of("territory_type", t) for t in TYPE_COLOURS}


def _main(shares: pd.DataFrame, names: dict[str, str]) -> str:
    """Which type holds most people, as a sentence; empty where no type is known."""
    typed = shares[shares["territory_type"] != UNKNOWN].sort_values(
        "population", ascending=False, kind="stable"
    )
    if typed.empty or not typed["population"].iloc[0]:
        return ""
    row = typed.iloc[0]
    return f"{text.percent(row['share_pct'])} des habitants vivent dans une commune de type « {names[row['territory_type']].lower()} »"


def map_of_types(view: View) -> Shown:
    """The areas by type, of France or of one region, and the signs that the page shows."""
    dataset, scale = view.dataset, view.get("echelle")
    inside = view.get("dans") if scale in ("communes", "epci") else ""
    with_points = view.get("points") == "oui"
    names = _names(view)
    if inside:
        layer = type_areas(dataset, "communes" if scale == "communes" else "epci")
        places = (
            dataset.places[dataset.places["region_code"] == inside] if with_points else dataset.places.head(0)
        )
        spec = region_map(dataset, inside, places, areas=layer)
    else:
        level: Any = "epci" if scale == "epci_france" else "communes"
        spec = france_by_type(dataset, level)
        if with_points:
            poles = dataset.places[dataset.places["kind"] == "pole"]
            spec = replace(spec, layers=(*spec.layers, points(dataset, poles, basis=None)))
    ids = territory_tables.source_ids(dataset, "carte") if with_points else []
    if with_points and inside:
        ids = [*places["source_ids"]]
    shares = crosstabs.population_shares(dataset, inside or None)
    where = _where(view, inside)
    said = _main(shares, names)
    title = (
        f"{where[:1].upper()}{where[1:]}, {said}"
        if said
        else f"Le type des territoires n’est pas connu {where}"
    )
    message = _reason(view) or (_typed(shares) if inside else territory_tables.sentence(dataset))
    # National maps carry the pôles alone: with all signs, the areas could not be seen.
    alone = (
        "Seuls les PTCE sont placés sur la carte nationale projetée." if with_points and not inside else ""
    )
    told = ", ".join(
        f"{names[r.territory_type].lower()} {text.percent(r.share_pct)}" for r in shares.itertuples()
    )
    alt = f"Carte des types de territoire {where}. Part de la population : {told}." if told else spec.alt
    return Shown(
        title, sentence(message), alt, MapVisual(replace(spec, alt=alt, title=title)),
        _shares(shares, names), ids,
        sentence(spec.note, alone, _ORIGIN),
    )  # fmt: skip


def _typed(shares: pd.DataFrame) -> str:
    """How many communes have a type."""
    unknown = int(shares.loc[shares["territory_type"] == UNKNOWN, "communes"].sum())
    typed = int(shares["communes"].sum()) - unknown
    made = text.count(typed, "commune a un type calculé", "communes ont un type calculé")
    more = (
        f", {text.count(unknown, 'commune reste', 'communes restent')} sans type faute de données"
        if unknown
        else ""
    )
    return f"{made}{more}."


def _shares(frame: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Type calculé": frame["territory_type"].map(names),
            "Communes": frame["communes"],
            "Population 2022": frame["population"],
            "Part de la population": [text.percent(v, 1) for v in frame["share_pct"]],
        }
    )


def _where(view: View, code: str) -> str:
    rows = view.dataset.region_codes.set_index("region_code")
    return str(rows.loc[code, "locative"]) if code in rows.index else "en France"


def _reason(view: View) -> str:
    """Why the place asked for has its type, in one sentence."""
    place = reasons.commune_of(view.dataset, view.get("lieu")) if view.get("lieu") else None
    row = lookup.resolve(view.dataset, place) if place else None
    if row is None or view.dataset.territories is None:
        return ""
    table = view.dataset.territories
    found = (
        explain(table, row["code"]) if row["kind"] == "commune" else explain_area(table, row["code"], "epci")
    )
    return f"{row['label']} : {found[0].title}. {found[0].found}" if found else ""


def crossed(view: View) -> Shown:
    """Pôles by territory type and another fact."""
    dataset, subject = view.dataset, view.get("sujet")
    basis = text.BASIS_COLUMNS[view.get("base")]
    only = view.get("poles") == "douze"
    frame = crosstabs.cross(dataset, subject, basis, only)
    names, values = _names(view), territory_tables.values(dataset, subject)
    if frame.empty:
        return nothing("Aucun pôle n’est documenté", "L’atlas ne connaît aucun pôle pour ce croisement.")
    totals = frame.groupby("value")["poles"].sum().sort_values(ascending=False, kind="stable")
    kept = list(totals.index[:_MOST])
    drawn = frame[frame["value"].isin(kept)]
    types = [t for t in names if t in set(drawn["territory_type"])]
    grid = drawn.pivot(index="value", columns="territory_type", values="poles").fillna(0)
    shown = [v for v in values if v in kept]
    series = tuple(ChartSeries(names[t], known(grid.reindex(shown)[t]), TYPE_COLOURS[t]) for t in types)
    poles = int(crosstabs.poles(dataset, only).shape[0])
    title = f"Sur {text.count(poles, 'pôle documenté', 'pôles documentés')}, {_first(totals, values)}"
    head = f"Pôles par type de territoire et {_SUBJECTS[subject]}"
    native = NativeChart("stacked", told_apart(values[v] for v in shown), series, head, "pôles")
    own = {v: values[v] for v in shown}
    facts = territory_tables.cross(frame, names, values)
    note = others(len(totals) - len(kept), "valeur", "valeurs")
    return Shown(
        title, sentence(f"{head}.", text.BASIS_NOTES[view.get("base")]), f"{head}. {_listed(totals, values)}",
        ChartVisual(figures.small_multiples(drawn, names, {k: figures.wrapped(v) for k, v in own.items()}, "pôles"), native),
        facts, territory_tables.source_ids(dataset, "croisements"), note,
    )  # fmt: skip


def _first(totals: pd.Series, values: dict[str, str]) -> str:
    named = totals[totals.index != UNKNOWN]
    if named.empty:
        return "aucun n’a de valeur connue"
    best = int(named.iloc[0])
    return f"{text.number(best)} {'sont' if best >= 2 else 'est'} « {str(values.get(named.index[0], named.index[0])).lower()} »"


def _listed(totals: pd.Series, values: dict[str, str]) -> str:
    return ", ".join(f"{values.get(v, v)} {text.number(int(n))}" for v, n in totals.items()) + "."


def density(view: View) -> Shown:
    """Objects per 100,000 inhabitants by type and kind."""
    dataset, region = view.dataset, view.get("region")
    rows = crosstabs.density(dataset, region or None)
    names = {t: n for t, n in _names(view).items() if t != UNKNOWN}
    # A type where nobody lives has no density.
    rows = rows.assign(per_100k=rows["per_100k"].where(rows["population"] > 0))
    with_value = rows[rows["per_100k"].notna()]
    if with_value.empty:
        return nothing(
            "Les densités ne se calculent pas ici", "Aucune commune n’a de type et de population connus."
        )
    types = [t for t in names if t in set(with_value["territory_type"])]
    grid = with_value.pivot(index="territory_type", columns="kind", values="per_100k").reindex(types)
    series = tuple(
        ChartSeries(text.KIND_LABELS[k], known(grid[k]), _KIND_COLOURS[k], _PATTERNS[k]) for k in KINDS
    )
    where = _where(view, region)
    poles = (
        with_value[with_value["kind"] == "tiers_lieu"]
        .sort_values("per_100k", ascending=False, kind="stable")
        .iloc[0]
    )
    title = (
        f"{where[:1].upper()}{where[1:]}, l’inventaire compte le plus de tiers-lieux par habitant en "
        f"« {names[poles['territory_type']].lower()} » : {text.number(poles['per_100k'], 2)} pour 100{text.NBSP}000"
    )
    people = crosstabs.population_shares(dataset, region or None).set_index("territory_type")["share_pct"]
    lost = float(people.get(UNKNOWN, 0.0))
    if lost > _TOO_MUCH:
        title = f"{where[:1].upper()}{where[1:]}, le type n’est connu que pour {text.percent(100 - lost)} des habitants"
    unknown = f"Le type n’est pas connu pour {text.percent(lost)} des habitants." if lost >= 1 else ""
    alt = "Objets de l’atlas pour 100 000 habitants, par type de territoire et par nature."
    native = NativeChart(
        "bar", told_apart(names[t] for t in types), series, alt, "pour 100 000 habitants", "0.00;-0.00;0"
    )
    return Shown(
        title, "Objets documentés pour 100 000 habitants des communes de chaque type.", alt,
        ChartVisual(figures.density(rows, names), native), territory_tables.density(rows, _names(view)),
        territory_tables.source_ids(dataset, "densite"),
        sentence(unknown, "Inventaire partiel : ces densités comparent des types, elles ne comptent pas ce qui existe. À l’écran, chaque panneau a son échelle."),
    )  # fmt: skip


@lru_cache(maxsize=4)
def _changed(key: _ByVersion, changes: tuple[tuple[str, Any], ...]) -> Classification:
    shipped = key.shipped
    data = from_tables(shipped.communes, shipped.epci, shipped.ze)
    return classify(data, shipped.rules.changed(**dict(changes)))


class _ByVersion:
    """A classification as a key of a cache: two of the same data version are one."""

    def __init__(self, version: str, shipped: Classification) -> None:
        self.version, self.shipped = version, shipped

    def __hash__(self) -> int:
        return hash(self.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByVersion) and other.version == self.version


def sensitivity(view: View) -> Shown:
    """What other thresholds would change."""
    dataset = view.dataset
    if dataset.territories is None:
        return nothing(
            "Les types calculés ne sont pas disponibles", "Les tables du classement n’ont pas été lues."
        )
    chosen = {name: str(view.get(name)) for name in rulesform.CHOICES}
    try:
        wanted = rulesform.rules(dataset.territories.rules, view.get("sans"), chosen)
        changes = tuple((f, pair[1]) for f, pair in dataset.territories.rules.differences(wanted).items())
        after = (
            _changed(_ByVersion(dataset.version, dataset.territories), changes)
            if changes
            else dataset.territories
        )
    except TerritoryError as error:
        return nothing("Cette règle ne peut pas s’appliquer", str(error), (str(error),))
    change = compare(dataset.territories, after)
    made = territory_tables.change_figures(change)
    facts = territory_tables.change_types(change, _names(view))
    title = (
        f"Avec ces règles, {text.count(change.communes_changed, 'commune changerait', 'communes changeraient')} de type"
        if changes
        else "Les règles publiées sont celles de l’atlas : rien ne change"
    )
    message = "Le type d’un territoire dépend de seuils que chacun peut discuter ; les données publiées ne changent pas."
    return Shown(
        title, message, " ; ".join(f"{n} : {v}" for n, v, _ in made) + ".", FiguresVisual(tuple(made)), facts,
        territory_tables.source_ids(dataset, "sensibilite"),
    )  # fmt: skip


BUILDERS: Final = {
    "carte": map_of_types,
    "croisements": crossed,
    "densite": density,
    "sensibilite": sensitivity,
}
__all__ = ["BUILDERS", "MapSpec"]
