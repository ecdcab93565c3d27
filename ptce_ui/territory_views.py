"""The parts of the Territoires page: map by type, reasons, cross-tables, density, sensitivity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from ptce_data import crosstabs, lookup
from ptce_data.places import AREA_PRECISIONS, UNKNOWN
from ptce_data.territories import Classification, classify, explain, explain_area
from ptce_data.territories.indicators import from_tables
from ptce_ui import (
    assets,
    ess_views,
    figures,
    filters,
    frame,
    legend,
    maps,
    mapview,
    ownlayers,
    reasons,
    rulesform,
    territory_tables,
    text,
    undo,
)
from ptce_ui.pagestate import PageState
from ptce_ui.theme import TYPE_AREA_COLOURS, TYPE_COLOURS
from ptce_ui.urlstate import Param

if TYPE_CHECKING:
    from ptce_data.load import Dataset

MAP_KEY: Final = "territoires_map"
SECTIONS: Final = {
    "carte": "Carte et raisons",
    "croisements": "Croisements",
    "densite": "Densité",
    "sensibilite": "Sensibilité",
}
SCALES: Final = {
    "types": "France, par type",
    "communes": "Communes d’une région",
    "epci": "EPCI d’une région",
    "epci_france": "EPCI de France",
}
SUBJECTS: Final = {
    "activity_family": "Famille d’activité",
    "origin": "Origine",
    "programmes": "Programmes gagnés (connus)",
}


def params(dataset: Dataset) -> list[Param]:
    """URL parameters of the page."""
    regions = tuple(dataset.regions["region_code"])
    made = [
        Param("section", "one", tuple(SECTIONS), "carte"),
        Param("echelle", "one", tuple(SCALES), "types"),
        Param("dans", "one", regions, regions[0] if regions else ""),
        Param("departement", "one", tuple(dataset.departements["departement_code"])),
        Param("points", "one", ("oui", "non"), "oui"),
        Param("q", "text"),
        Param("lieu", "text"),
        Param("base", "one", tuple(text.BASIS_LABELS), "commune"),
        Param("sujet", "one", tuple(SUBJECTS), "activity_family"),
        Param("poles", "one", ("douze", "tous"), "tous"),
        Param("region", "one", regions),
    ]
    return made + (rulesform.params(dataset.territories.rules) if dataset.territories else [])


def type_labels(dataset: Dataset) -> dict[str, str]:
    """Type code -> French label, "non renseigné" included, in the legend's order."""
    labels = text.Labels(dataset.categories)
    return {t: labels.of("territory_type", t) for t in TYPE_COLOURS}


def map_controls(dataset: Dataset, state: PageState) -> None:
    """Scale, region, département, points."""
    regions = {c: n for c, n in filters.options(dataset)["regions"].items() if c != UNKNOWN}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        scale = filters.one(state, "echelle", "Échelle", SCALES)
        if scale in ("communes", "epci"):
            filters.one(state, "dans", "Région", regions)
        if scale == "communes":
            rows = dataset.departements[dataset.departements["region_code"] == state.get("dans")]
            inside = {"": "Toute la région", **dict(zip(rows["departement_code"], rows["name"], strict=True))}
            if state.get("departement") not in inside:
                state.set("departement", "")
            filters.one(state, "departement", "Département", inside)
        filters.one(state, "points", "Signes", {"oui": "PTCE, tiers-lieux et clusters", "non": "Aucun"})


def draw_map(dataset: Dataset, state: PageState) -> None:
    """Areas by type, with the points over them; a click asks why."""
    scale, inside = state.get("echelle"), state.get("dans")
    types = list(TYPE_COLOURS)
    index = {t: i for i, t in enumerate(types)}
    if scale == "types":
        file, level, classes = assets.types_file(dataset), "types", dict(index)
        shown = None
    else:
        level = "communes" if scale == "communes" else "epci"
        shown = inside if scale != "epci_france" else None
        file = assets.areas_file(dataset, level, shown)  # type: ignore[arg-type]
        classes = _area_types(dataset, level, shown, index)
    areas = maps.Areas(
        file=file,
        level=level,
        weight=0.4 if scale in ("communes", "epci_france", "types") else 0.7,
        classes=classes,
        colours=list(TYPE_AREA_COLOURS.values()),
        none=TYPE_AREA_COLOURS[UNKNOWN],
        is_partial=shown is not None,
    )
    points = None
    if state.get("points") == "oui":
        every = pd.Series(True, index=dataset.places.index).to_numpy()
        points = ownlayers.points(dataset, every)
    view = maps.View()
    if scale == "communes" and state.get("departement"):
        rows = dataset.departements
        view = maps.bounds_of(rows[rows["departement_code"] == state.get("departement")])
    elif shown is not None:
        view = maps.bounds_of(dataset.regions[dataset.regions["region_code"] == shown])
    group = maps.layers(
        points,
        areas,
        outline=assets.areas_file(dataset, "regions"),
        view=view,
        is_dark=st.context.theme.type == "dark",
        type_labels=type_labels(dataset),
    )
    mapview.render(dataset, state, MAP_KEY, group, clicked)


def clicked(state: PageState, value: dict[str, Any]) -> None:
    """A click on a commune or an EPCI asks for its reasons; on a place, for those of its commune."""
    place, area = value.get("place"), value.get("area")
    kinds = {"communes": "commune", "epci": "epci"}
    if isinstance(place, str):
        state.set("lieu", place)
    elif isinstance(area, str) and value.get("level") in kinds:
        state.set("lieu", f"{kinds[value['level']]}:{area}")


def _area_types(dataset: Dataset, level: str, region: str | None, index: dict[str, int]) -> dict[str, int]:
    if dataset.territories is None:
        return {}
    key = "commune_insee" if level == "communes" else "epci_siren"
    table = dataset.territories.communes if level == "communes" else dataset.territories.epci
    known = table.dropna(subset=["territory_type"])
    if region is not None:
        areas = getattr(dataset, level)
        known = known[known[key].isin(areas.loc[areas["region_code"] == region, key])]
    return {c: index[t] for c, t in zip(known[key], known["territory_type"], strict=True)}


def show_legend(dataset: Dataset, state: PageState) -> None:
    """Areas: lighter squares; signs: shapes and full colours."""
    names = type_labels(dataset)
    areas = legend.classes(
        "Territoires : type principal calculé",
        list(TYPE_AREA_COLOURS.values()),
        [name.capitalize() for name in names.values()],
        None,
    )
    signs = ""
    if state.get("points") == "oui":
        hollow = bool(dataset.places["geo_precision"].isin(AREA_PRECISIONS).any())
        labels = text.Labels(dataset.categories)
        signs = legend.signs(labels, "Signes : type calculé à la commune", list(TYPE_COLOURS), hollow)
    st.html(areas + signs)


def why(dataset: Dataset, state: PageState) -> None:
    """Find a commune or an EPCI, and say its type, its flags and the reasons."""
    st.text_input(
        "Commune ou EPCI", key=state.key("q"), placeholder="Redon, 35236, Saint-Denis…",
        help="Sans accents ni majuscules ; le code et le département distinguent les homonymes.",
    )  # fmt: skip
    found = lookup.search(dataset, state.get("q"))
    for row in found.head(8).itertuples():
        st.button(
            text.escape_markdown(row.label), key=f"why|{row.place}", type="tertiary",
            on_click=state.set, args=("lieu", row.place),
        )  # fmt: skip
    if state.get("q") and found.empty:
        st.info("Aucune commune ni EPCI de ce nom : essayez une partie du nom, ou le code Insee ou Siren.")
    place = reasons.commune_of(dataset, state.get("lieu"))
    row = lookup.resolve(dataset, place) if place else None
    if row is None or dataset.territories is None:
        st.caption("Cherchez un lieu, ou cliquez sur la carte, pour savoir pourquoi il a son type.")
        return
    listed = (
        explain(dataset.territories, row["code"])
        if row["kind"] == "commune"
        else explain_area(dataset.territories, row["code"], "epci")
    )
    st.markdown(f"#### {text.escape_markdown(row['label'])}")
    st.html(reasons.html(listed))
    ess_views.draw("communes" if row["kind"] == "commune" else "epci", str(row["code"]), str(row["label"]))


@st.cache_data(max_entries=16, show_spinner="Nouveau classement des communes…")
def _reclassified(
    version: str, changes: tuple[tuple[str, Any], ...], _shipped: Classification
) -> Classification:
    data = from_tables(_shipped.communes, _shipped.epci, _shipped.ze)
    return classify(data, _shipped.rules.changed(**dict(changes)))


def reclassify(dataset: Dataset, state: PageState, shipped: Classification) -> Classification:
    """The classification under the reader's thresholds; the shipped one stays as it is."""
    chosen = {name: str(state.get(name)) for name in rulesform.CHOICES}
    wanted = rulesform.rules(shipped.rules, state.get("sans"), chosen)
    changes = tuple((field, pair[1]) for field, pair in shipped.rules.differences(wanted).items())
    return _reclassified(dataset.version, changes, shipped)


def rules_form(state: PageState) -> None:
    """The thresholds a reader may change."""
    switches = rulesform.switch_labels()
    st.multiselect(
        "Règles retirées", list(switches), key=state.key("sans"), format_func=switches.__getitem__,
        placeholder="Aucune",
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name, (_, choices) in rulesform.CHOICES.items():
            filters.one(state, name, rulesform.label(name), choices)
    names = ["sans", *rulesform.CHOICES]
    st.button(
        "Revenir aux règles publiées", on_click=undo.clear, args=(state, names), kwargs={"words": "Vos règles effacées."},
        icon=":material/restart_alt:",
    )  # fmt: skip
    undo.offer_filters(state)


def twelve(dataset: Dataset, before: Classification, after: Classification) -> None:
    """How many of the study's twelve agree with the computed types, and which flip."""
    one = crosstabs.temoins(dataset, before)
    two = crosstabs.temoins(dataset, after)
    if one is None or two is None:
        return
    st.markdown(territory_tables.agreement(one, two))
    rows = territory_tables.twelve(one, two, type_labels(dataset))
    frame.table(rows, height="content", alt="Les douze pôles témoins, avant et après")


def density_chart(dataset: Dataset, region: str | None) -> pd.DataFrame:
    """Chart of objects per 100,000 inhabitants by type; returns its numbers."""
    rows = crosstabs.density(dataset, region)
    frame.chart(
        figures.density(rows, {t: n for t, n in type_labels(dataset).items() if t != UNKNOWN}),
        "PTCE, tiers-lieux et clusters pour 100 000 habitants, par type de territoire",
        territory_tables.DENSITY_NOTE,
        is_wide=True,
    )
    return rows
