"""Filters on places: URL-bound widgets -> Selection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import streamlit as st

from ptce_data.places import KINDS, UNKNOWN
from ptce_data.selection import Selection
from ptce_ui import glossary, text, undo, urlstate
from ptce_ui.pagestate import PageState
from ptce_ui.theme import TYPE_COLOURS
from ptce_ui.urlstate import SELECTION_PARAMS, Param

if TYPE_CHECKING:
    from ptce_data.load import Dataset


@dataclass(frozen=True)
class Filter:
    """One multiselect: the Selection field it fills, its label and where its options come from."""

    field: str
    label: str
    group: str
    category: str | None = None
    with_unknown: bool = True


FILTERS: Final = (
    Filter("kinds", "Nature", "", with_unknown=False),
    Filter("computed_types", "Type de territoire (calculé)", "", "territory_type"),
    Filter("epci_types", "Type de l’intercommunalité (calculé)", "Territoire", "territory_type"),
    Filter("regions", "Région", "Territoire"),
    Filter("former_regions", "Région d’avant 2016", "Territoire"),
    Filter("departements", "Département", "Territoire"),
    Filter("territory_types", "Type de territoire selon une source", "Territoire", "territory_type"),
    Filter("activity_families", "Famille d’activité", "PTCE", "activity_family"),
    Filter("programmes", "Lauréat connu du programme", "PTCE"),
    Filter("award_years", "Année d’un succès connu", "PTCE"),
    Filter("tiers_lieu_kinds", "Genre de tiers-lieu", "Tiers-lieux", "tiers_lieu_kind"),
    Filter("labels", "Label", "Tiers-lieux", "tiers_lieu_label"),
    Filter("cluster_kinds", "Genre de cluster", "Clusters", "cluster_kind"),
    Filter("themes", "Thème ou secteur", "Thème et fiabilité", with_unknown=False),
    Filter("confidences", "Confiance dans la source", "Thème et fiabilité", "confidence", with_unknown=False),
)
GROUPS: Final = ("Territoire", "PTCE", "Tiers-lieux", "Clusters", "Thème et fiabilité")


def params(dataset: Dataset) -> list[Param]:
    """URL parameters of the filters, with the codes this data set knows."""
    known = options(dataset)
    made = [Param(SELECTION_PARAMS[f.field], "many", tuple(known[f.field])) for f in FILTERS]
    return [*made, Param(SELECTION_PARAMS["text"], "text")]


@st.cache_resource(max_entries=4, show_spinner=False)
def _options(version: str, _dataset: Dataset) -> dict[str, dict[str, str]]:
    dataset, frame, labels = _dataset, _dataset.places, text.Labels(_dataset.categories)

    def names(table: str, code: str) -> dict[str, str]:
        rows = getattr(dataset, table)
        return dict(zip(rows[code], rows["name"], strict=True))

    def met(column: str) -> list[str]:
        return sorted({v for cell in frame[column] for v in cell})

    types = {t: labels.of("territory_type", t) for t in TYPE_COLOURS if t != UNKNOWN}
    departements = names("departements", "departement_code")
    titles = dict(zip(dataset.programmes["id"], dataset.programmes["programme"], strict=True))
    found: dict[str, dict[str, str]] = {
        "kinds": {k: text.KIND_LABELS[k] for k in KINDS},
        "computed_types": dict(types),
        "epci_types": dict(types),
        "territory_types": dict(types),
        "regions": names("regions", "region_code"),
        "former_regions": names("former_regions", "former_region_code"),
        "departements": {c: f"{c} {n}" for c, n in departements.items()},
        "themes": {t: t for t in sorted(met("themes"), key=str.casefold)},
        "programmes": {c: t for c, t in titles.items() if c in met("programmes")},
        "award_years": {y: y for y in met("award_years")},
    }
    for item in FILTERS:
        if item.category is not None and item.field not in found:
            found[item.field] = {c: labels.of(item.category, c) for c in labels.codes(item.category)}
        if item.with_unknown:
            found[item.field][UNKNOWN] = text.UNKNOWN_TEXT.capitalize()
    return found


def options(dataset: Dataset) -> dict[str, dict[str, str]]:
    """Selection field -> {code: French label}."""
    return _options(dataset.version, dataset)


def selection(state: PageState) -> Selection:
    """What the filters select; known before they are drawn."""
    return urlstate.selection(state.values())


def draw(dataset: Dataset, state: PageState) -> None:
    """Draw the filters in the sidebar."""
    known = options(dataset)
    with st.sidebar:
        st.text_input(
            "Rechercher un nom, une commune, un thème",
            key=state.key("q"),
            max_chars=urlstate.TEXT_MAX,
            help="Sans tenir compte des accents ni des majuscules.",
        )
        for group in ("", *GROUPS):
            items = [f for f in FILTERS if f.group == group]
            used = sum(bool(state.get(SELECTION_PARAMS[f.field])) for f in items)
            if not group:
                _widgets(items, known, state)
                continue
            with st.expander(f"{group} ({used})" if used else group, expanded=bool(used)):
                _widgets(items, known, state)
        st.button("Effacer tous les filtres", on_click=undo.clear, args=(state, names()), width="stretch")
        undo.offer_filters(state)


def _widgets(items: Sequence[Filter], known: dict[str, dict[str, str]], state: PageState) -> None:
    for item in items:
        labels = known[item.field]
        st.multiselect(
            item.label,
            list(labels),
            key=state.key(SELECTION_PARAMS[item.field]),
            format_func=labels.__getitem__,
            placeholder="Tous",
            help=glossary.hint(item.label),
        )


def one(state: PageState, name: str, label: str, choices: dict[str, str], help: str | None = None) -> str:
    """A URL-bound choice among codes; returns the code."""
    st.selectbox(
        label,
        list(choices),
        key=state.key(name),
        format_func=lambda code: choices.get(code, code),
        help=help or glossary.hint(label),
    )
    return str(state.get(name))


def sections(state: PageState, choices: dict[str, str]) -> str:
    """Which part of a page is open (URL parameter `section`): only that one is drawn."""
    st.segmented_control(
        "Partie de la page",
        list(choices),
        key=state.key("section"),
        format_func=choices.__getitem__,
        label_visibility="collapsed",
        required=True,
    )
    return str(state.get("section"))


def names() -> list[str]:
    """URL parameters of all filters."""
    return list(SELECTION_PARAMS.values())
