"""The doors of the home page: a search by name, and one door for each of the three uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from ptce_data import finding, opendata, query
from ptce_ui import filters, frame, home, text, urlstate
from ptce_ui.home import Link
from ptce_ui.pagestate import PageState

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_XLSX: Final = opendata.FORMATS["xlsx"]
_STUDIES: Final = 3


def search(dataset: Dataset, state: PageState) -> None:
    """A name, and what can be done with what it names."""
    typed = st.text_input(
        "Chercher un territoire ou un lieu", key=state.key("q"), max_chars=urlstate.TEXT_MAX, icon=":material/search:",
        placeholder="Redon Agglomération, Occitanie, 35236, Les Articulteurs…",
        help="Région, département, intercommunalité, commune, pôle, tiers-lieu ou cluster ; ou plusieurs régions : "
        "« Bretagne et Pays de la Loire ». Sans accents ni majuscules. Entrée pour chercher.",
    )  # fmt: skip
    if not typed:
        return
    regions = finding.regions(dataset, typed)
    found = finding.find(dataset, typed)
    with st.container(border=True, gap="small"):
        if len(regions) > 1:
            names = home.region_names(dataset)
            _row(text.join([names[c] for c in regions]), home.comparison(regions))
        for hit in found:
            _row(home.told(hit), home.actions(hit))
        if not found and len(regions) < 2:
            st.markdown(
                "Rien de ce nom dans l’atlas. Essayez une partie du nom, ou le code Insee ou Siren ; "
                "l’inventaire est partiel : une absence ici ne dit pas que le lieu n’existe pas."
            )


def _row(name: str, links: list[Link]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{text.escape_markdown(name)}**", width="content")
        for link in links:
            _link(link, frame.PAGES[link.page].icon)


def _link(link: Link, icon: str | None = None) -> None:
    wanted = {name: value for name, value in link.wanted.items() if value}
    label = text.escape_markdown(link.label)
    st.page_link(frame.PAGES[link.page].path, label=label, icon=icon, query_params=wanted)


def doors(dataset: Dataset, state: PageState) -> None:
    """The three uses, each with its question and the shortest way to its answer."""
    for column, draw in zip(st.columns(3), (_explore, _study, _present), strict=True):
        with column, st.container(border=True, height="stretch"):
            draw(dataset, state)


def _explore(dataset: Dataset, state: PageState) -> None:
    st.subheader("J’explore et compare")
    st.markdown("Quels lieux, dans quelles intercommunalités, de quelle région ?")
    st.pills(
        "Je cherche",
        list(home.KIND_NAMES),
        key=state.key("objets"),
        format_func=home.KIND_NAMES.__getitem__,
        required=True,
    )
    types = {"": "Tous les types", **home.type_names(dataset)}
    regions = {"": "Toute la France", **home.region_names(dataset)}
    epci_type = filters.one(
        state, "type_epci", "Type de l’intercommunalité (EPCI)", types,
        help="Le type calculé pour l’EPCI entier, et non pour la commune : un bourg urbain d’un EPCI rural en est.",
    )  # fmt: skip
    region = filters.one(state, "region", "Région", regions)
    kind = str(state.get("objets"))
    asked = home.explored(kind, epci_type, region)
    count = int(query.mask(dataset.places, asked).sum())
    said = home.explored_words(dataset, kind, epci_type, region, count)
    if not count:
        st.markdown(
            f"**{text.escape_markdown(said)}** : aucun n’est connu de l’atlas. Élargissez le type ou la région."
        )
    else:
        st.markdown(f"**{text.escape_markdown(said)}**")
        name = text.slug(said)

        def content() -> bytes:
            selected = query.places(dataset, asked)
            ids = opendata.source_ids_of(dataset, selected)
            return opendata.write(dataset, selected, "xlsx", name=name, title=said, source_ids=ids)

        frame.downloads("accueil-tableau", {"Le tableau (XLSX)": (f"{name}.xlsx", _XLSX.mime, content)})
    with st.container(horizontal=True, gap="small"):
        _link(home.explored_map(kind, epci_type, region), ":material/map:")
        _link(Link("Comparer des régions", "regions"), ":material/compare_arrows:")


def _study(dataset: Dataset, state: PageState) -> None:
    st.subheader("J’écris une étude")
    st.markdown(
        "Un cluster d’innovation sociale est-il faisable ici ? Un document rempli par les données, à compléter."
    )
    typed = st.text_input(
        "Ma commune ou mon intercommunalité", key=state.key("territoire"), max_chars=urlstate.TEXT_MAX,
        placeholder="Redon Agglomération", help="Sans accents ni majuscules. Entrée pour chercher.",
    )  # fmt: skip
    found = finding.find(dataset, typed, _STUDIES, ("epci", "commune"))
    # A study is more often that of a whole intercommunalité.
    for hit in sorted(found, key=lambda hit: hit.kind != "epci"):
        _link(home.study_link(hit), ":material/edit_document:")
    if typed and not found:
        st.markdown("Aucune commune ni intercommunalité de ce nom : essayez une partie du nom, ou le code.")
    with st.container(horizontal=True, gap="small"):
        _link(Link("Choisir sur la carte, ou voir un exemple", "etude"), ":material/draw:")
        _link(Link("Mon budget", "financements", {"section": "budget"}), ":material/payments:")


def _present(dataset: Dataset, state: PageState) -> None:
    st.subheader("Je présente")
    st.markdown(
        "Des diapositives, ou la salle face à l’écran : la France, ma région, ou plusieurs côte à côte."
    )
    typed = st.text_input(
        "Une région, ou plusieurs à comparer", key=state.key("presenter"), max_chars=urlstate.TEXT_MAX,
        placeholder="Bretagne, Pays de la Loire",
        help="Des noms de régions séparés par une virgule, six au plus. Vide : toute la France. Entrée pour valider.",
    )  # fmt: skip
    codes = finding.regions(dataset, typed)[: home.MOST_REGIONS]
    names = home.region_names(dataset)
    if typed and not codes:
        st.markdown(
            "Une région de ce nom n’est pas reconnue : séparez par une virgule, ou choisissez dans la liste."
        )
        _link(
            Link("Choisir les régions dans la liste", "conference", {"modele": "comparer"}),
            ":material/checklist:",
        )
        return
    if codes:
        st.markdown(f"**{text.escape_markdown(text.join([names[c] for c in codes]))}**")
    for link, icon in zip(home.deck_links(codes), ("slideshow", "present_to_all"), strict=True):
        _link(link, f":material/{icon}:")
