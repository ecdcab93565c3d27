"""The parts of the Régions page: side by side, small maps, comparable areas, before and after 2016."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from ptce_data import regional
from ptce_data.byversion import ByVersion
from ptce_ui import ess_views, filters, frame, legend, pictureview, region_figures, region_kept, text
from ptce_ui import region_tables as tables
from ptce_ui.exports import cartography
from ptce_ui.pagestate import PageState
from ptce_ui.urlstate import Param

if TYPE_CHECKING:
    from ptce_data.load import Dataset

SECTIONS: Final = {
    "comparer": "Côte à côte",
    "cartes": "Petites cartes",
    "proches": "Territoires comparables",
    "reforme": "Avant et après 2016",
}
LEVELS: Final = {
    "regions": "Régions d’aujourd’hui",
    "former_regions": "Régions d’avant 2016",
    "departements": "Départements d’une région",
}
#: Level -> URL parameter of the areas chosen.
CHOSEN: Final = {"regions": "region", "former_regions": "ancienne_region", "departements": "departement"}
PEER_LEVELS: Final = {**LEVELS, "departements": "Départements", "epci": "Intercommunalités (EPCI)"}
MOST: Final = 10
CRITERIA: Final = {
    "structure": "Types de territoire",
    "density": "Densité",
    "size": "Population",
}
Shown = tuple[pd.DataFrame, list[str]]


def params(dataset: Dataset) -> list[Param]:
    """URL parameters of the page."""
    return list(_params(ByVersion(dataset)))


@lru_cache(maxsize=4)
def _params(key: ByVersion) -> list[Param]:
    dataset = key.dataset
    codes = {level: tuple(tables.area_names(dataset, level)) for level in PEER_LEVELS}
    groups = tuple(tables.groups(dataset))
    indicators = tuple(regional.registry(dataset)["indicator_id"])
    first = codes["regions"][0] if codes["regions"] else ""
    merged = dataset.former_regions["region_code"].value_counts(sort=True)
    return [
        Param("section", "one", tuple(SECTIONS), "comparer"),
        Param("niveau", "one", tuple(LEVELS), "regions"),
        Param("dans", "one", codes["regions"], first),
        *(Param(name, "many", codes[level]) for level, name in CHOSEN.items()),
        Param("groupe", "one", groups, "objets"),
        Param("unite", "one", tuple(tables.units(regional.registry(dataset)))),
        Param("carte", "one", tuple(tables.MAP_FAMILIES), "types"),
        Param("proche_niveau", "one", tuple(PEER_LEVELS), "epci"),
        *(Param(f"de_{level}", "one", codes[level], next(iter(codes[level]), "")) for level in PEER_LEVELS),
        Param("critere", "many", tuple(CRITERIA)),
        Param("reforme", "one", codes["regions"], merged.index[0] if len(merged) else ""),
        Param("indicateur", "one", indicators, "poles"),
    ]


def draw(dataset: Dataset, state: PageState, section: str) -> Shown:
    """Draw one part; returns its table and the ids of its sources."""
    parts = {"comparer": compare, "cartes": maps, "proches": peers, "reforme": reform}
    return parts[section](dataset, state)


def _level(dataset: Dataset, state: PageState) -> tuple[str, str | None, dict[str, str]]:
    """Level, region that holds the départements (or None), and code -> name of what can be chosen."""
    level = filters.one(state, "niveau", "Comparer", LEVELS)
    names = tables.area_names(dataset, level)
    if level != "departements":
        return level, None, names
    within = filters.one(state, "dans", "Région", tables.area_names(dataset, "regions"))
    inside = dataset.departements
    own = set(inside.loc[inside["region_code"] == within, "departement_code"])
    return level, within, {code: name for code, name in names.items() if code in own}


def compare(dataset: Dataset, state: PageState) -> Shown:
    """Two to ten areas side by side, with France and the median: sentences, dots, table."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level, within, names = _level(dataset, state)
        key = CHOSEN[level]
        kept = [code for code in state.get(key) if code in names][:MOST]
        if kept != list(state.get(key)):
            state.set(key, tuple(kept))
        st.multiselect(
            "Territoires à comparer (dix au plus)", list(names), key=state.key(key), format_func=names.__getitem__,
            max_selections=MOST, placeholder="Choisir",
        )  # fmt: skip
        groups = tables.groups(dataset)
        group = groups[filters.one(state, "groupe", "Indicateurs", groups)]
    chosen = {code: names[code] for code in kept}
    registry = regional.registry(dataset)
    kept_key = (ByVersion(dataset), level, within, tuple(chosen))
    compared = region_kept.compared(*kept_key)
    # Within one region, no choice means all of its départements: the table has them all, the dots are pale.
    columns = chosen or {c: n for c, n in names.items() if c in compared.columns}
    if len(chosen) < 2:
        st.info("Choisissez deux à dix territoires : les points pâles sont tous ceux du même niveau.")
    shown = registry[(registry["group"] == group) & (registry["scope"] == "areas")]
    choices = tables.units(shown)
    unit = state.get("unite") if state.get("unite") in choices else next(iter(choices), "")
    if len(choices) > 1:
        # One unit at a time: one scale holds one unit, and the table has them all.
        state.set("unite", unit)
        filters.one(state, "unite", "Unité du graphique", choices)
    if unit:
        _dots(dataset, level, within, shown[shown["unit"] == choices[unit]], chosen)
    if chosen:
        st.subheader("Portraits")
        st.markdown(region_kept.portraits(dataset.version, level, tuple(chosen), dataset))
    st.caption(tables.NOTE)
    named = tuple(columns.items())
    frame.table(
        region_kept.written(*kept_key, named, group, tables.masked(level)), alt=f"{group} : {len(columns)} territoires, France et médiane",
        column_config={"Indicateur": st.column_config.TextColumn(pinned=True, width=300)}, height="content",
    )  # fmt: skip
    drawer = st.expander(
        "Définition, année et limites de ces indicateurs", key="regions-definitions", on_change="rerun"
    )
    if drawer.open:
        with drawer:
            definitions = tables.definitions(registry[registry["group"] == group])
            frame.table(definitions, alt=f"Définitions : {group}", height="content")
    ess_views.note()
    st.caption("Les téléchargements portent sur tous les indicateurs, avec leurs définitions.")
    table = region_kept.downloadable(*kept_key, named)
    return table, tables.source_ids(registry, registry.loc[registry["group"] == group, "indicator_id"])


def _dots(
    dataset: Dataset, level: str, within: str | None, rows: pd.DataFrame, chosen: dict[str, str]
) -> None:
    """The chart of indicators of one unit, since one scale holds one unit."""
    st.html(legend.marks(region_figures.dot_legend(chosen, bool(rows["is_rate"].any()))))
    group, unit = str(rows["group"].iloc[0]), str(rows["unit"].iloc[0])
    chart = region_kept.dots(ByVersion(dataset), level, within, tuple(chosen.items()), group, unit)
    if chart is not None:
        foot = (
            f"Sources : {'; '.join(dict.fromkeys(rows['source_text']))}. Valeurs de France : taux seulement."
        )
        frame.chart(chart[0], f"{group}, en {unit}", foot, key="regions-points", picture=chart[1])


def maps(dataset: Dataset, state: PageState) -> Shown:
    """Small maps with one legend."""
    families = {name: label for name, (label, _) in tables.MAP_FAMILIES.items()}
    levels = {level: label for level, label in LEVELS.items() if level != "departements"}
    levels["departements"] = "Départements"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level = filters.one(state, "niveau", "Découpage", levels)
        family = filters.one(state, "carte", "Famille d’indicateurs", families)
    registry = regional.registry(dataset).set_index("indicator_id")
    ids = list(tables.MAP_FAMILIES[family][1])
    values = regional.values(dataset, level)
    values = values[values["indicator_id"].isin(ids)]
    panels = {
        str(registry.loc[i, "label"]): values.loc[values["indicator_id"] == i, ["code", "value"]] for i in ids
    }
    sources = "; ".join(dict.fromkeys(registry.loc[ids, "source_text"]))
    spec = cartography.small_multiples(
        dataset, level, panels, str(registry.loc[ids[0], "unit"]), title=families[family], sources=sources
    )
    pictureview.show(dataset, f"{level}-{family}", spec)
    names = tables.area_names(dataset, level)
    wide = values.pivot(index="code", columns="indicator_id", values="value")[ids]
    wide = wide.round(dict(registry.loc[ids, "decimals"]))
    wide.columns = pd.Index([registry.loc[i, "label"] for i in ids])
    wide.insert(0, "Territoire", [names[c] for c in wide.index])
    table = wide.reset_index(names="Code")
    frame.table(table, alt=f"{families[family]}, par territoire")
    return table, tables.source_ids(registry.reset_index(), ids)


def peers(dataset: Dataset, state: PageState) -> Shown:
    """Areas whose population, density and types resemble those of one area, and why."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level = filters.one(state, "proche_niveau", "Niveau", PEER_LEVELS)
        names = tables.area_names(dataset, level)
        ordered = dict(sorted(names.items(), key=lambda item: item[1]))
        code = filters.one(state, f"de_{level}", "Territoire de départ", ordered)
    st.pills(
        "Critères (tous si aucun n’est choisi)", list(CRITERIA), selection_mode="multi",
        key=state.key("critere"), format_func=CRITERIA.__getitem__,
    )  # fmt: skip
    criteria: Any = state.get("critere") or tuple(CRITERIA)
    return _peers(dataset, state, level, code, criteria, names)


def _peers(
    dataset: Dataset, state: PageState, level: str, code: str, criteria: Sequence[str], names: dict[str, str]
) -> Shown:
    rows = regional.peers(dataset, level, code, n=MOST, criteria=criteria)
    for note in regional.notes(dataset, level, code, criteria):
        st.info(text.escape_markdown(note))
    if rows.empty:
        return pd.DataFrame(), []
    parts = [name for name in rows if name.startswith("contribution_")]
    short = {name: name.removeprefix("contribution_") for name in parts}
    frame.chart(
        region_figures.closeness(rows[parts].rename(columns=short), list(rows["name"]), tables.FEATURES),
        f"Ce qui éloigne de {names[code]} ses territoires les plus proches",
        "Calcul de l’atlas : écarts réduits des parts de population par type, de la densité et de la population.",
    )
    table = pd.DataFrame(
        {
            "Territoire": rows["name"],
            "Code": rows["code"],
            "Ressemblance (0 à 100)": rows["similarity"].round().astype("int64"),
            "Pourquoi": rows["explanation"],
        }
    )
    frame.table(
        table, alt=f"Territoires comparables à {names[code]}", height="content",
        column_config={"Pourquoi": st.column_config.TextColumn(width="large")},
    )  # fmt: skip
    st.caption(tables.PEERS_NOTE)
    none = regional.neighbours_note(dataset, level, code)
    near = ", ".join(regional.neighbours(dataset, level, code)["name"])
    st.markdown(text.escape_markdown(none or f"Voisins qui partagent une limite : {near}."))
    if level in CHOSEN and level != "departements":
        picked = (code, *rows["code"][:4])
        st.button(
            "Comparer ces territoires", on_click=_to_compare, args=(state, level, picked),
            icon=":material/compare_arrows:",
        )  # fmt: skip
    return table, []


def _to_compare(state: PageState, level: str, codes: Sequence[str]) -> None:
    state.set("niveau", level)
    state.set(CHOSEN[level], tuple(codes))
    state.set("section", "comparer")


def reform(dataset: Dataset, state: PageState) -> Shown:
    """One indicator in both sets of regions."""
    registry = regional.registry(dataset)
    known = registry[registry["scope"] == "areas"]
    labels = {
        i: f"{label} ({unit})" if unit in ("%", "€", "€/hab.", "km²") else label
        for i, label, unit in zip(known["indicator_id"], known["label"], known["unit"], strict=True)
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        region = filters.one(state, "reforme", "Région d’aujourd’hui", tables.area_names(dataset, "regions"))
        name = filters.one(state, "indicateur", "Indicateur", labels)
    rows = regional.before_after(dataset, name, region)
    parts = regional.composition(dataset)
    parts = parts[parts["region_code"] == region]
    here = tables.area_names(dataset, "regions")[region]
    made_of = text.join([f"{r.name} ({text.percent(r.share_pct)})" for r in parts.itertuples(index=False)])
    st.markdown(
        text.escape_markdown(f"{here} : {made_of} de sa population.")
        if len(parts) > 1
        else text.escape_markdown(f"{here} n’a pas changé en 2016.")
    )
    about = known[known["indicator_id"] == name].iloc[0]
    is_former = rows["level"] == "former_regions"
    said = rows["name"].where(~is_former, rows["name"] + " (avant 2016)")
    drawn = rows.assign(is_new=rows["level"] == "regions", name=said)
    frame.chart(
        region_figures.reform(drawn, str(about["unit"]), int(about["decimals"])),
        f"{about['label']}, {here} et ses anciennes régions",
        f"Source : {about['source_text']}.",
    )
    st.caption(text.escape_markdown(f"{about['definition']} {about['limits']} Année : {about['year']}."))
    table = pd.DataFrame(
        {
            "Territoire": rows["name"],
            "Découpage": rows["level"].map(
                {"regions": "depuis 2016", "former_regions": "avant 2016", "unknown": "non connue"}
            ),
            f"{about['label']} ({about['unit']})": rows["value"],
            "Numérateur": rows["numerator"],
            "Dénominateur": rows["denominator"],
        }
    )
    frame.table(table, alt=f"{about['label']} avant et après 2016")
    return table, list(about["sources"])
