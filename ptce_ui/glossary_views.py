"""The page Glossaire: find a word, read it with its source, go on to its neighbours and to its page."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

import pandas as pd
import streamlit as st

from ptce_data.glossary import Glossary, Term
from ptce_data.text import fold
from ptce_ui import filters, glossary, text
from ptce_ui.navigation import PAGES
from ptce_ui.pagestate import PageState
from ptce_ui.urlstate import TEXT_MAX, Param

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_ALL: Final = "Tous les mots"


def params(dataset: Dataset) -> list[Param]:
    """URL parameters of the page: the open word, and what is searched."""
    return [Param("mot", "one", tuple(glossary.of(dataset).terms)), Param("q", "text")]


def draw(dataset: Dataset, state: PageState) -> list[str]:
    """The open word, the search and the list; returns the ids of the sources shown."""
    words = glossary.of(dataset)
    left, right = st.columns(2)
    with left:
        q = st.text_input(
            "Chercher dans les mots et leurs définitions",
            key=state.key("q"),
            max_chars=TEXT_MAX,
            help="Sans tenir compte des accents ni des majuscules.",
        )
    with right:
        names = {"": _ALL, **{term.id: term.term for term in words.terms.values()}}
        opened = filters.one(state, "mot", "Ouvrir un mot", names)
    if opened:
        _card(dataset, state, words, words.terms[opened])
    found = words.search(q)
    listed = {term.id for term in found}
    with st.container(key="annonce-glossaire"):
        st.markdown(_count(len(found), bool(q)))
    if q and found:
        st.html(_list(dataset, words, found, listed))
    elif q:
        st.info("Essayez un autre mot, ou effacez la recherche.", icon=":material/search_off:")
    else:
        letters = {
            k: list(terms) for k, terms in groupby(found, key=lambda term: fold(term.term)[:1].upper())
        }
        st.markdown(" ".join(f"[{letter}](#lettre-{letter.lower()})" for letter in letters))
        for letter, terms in letters.items():
            st.subheader(letter, anchor=f"lettre-{letter.lower()}")
            st.html(_list(dataset, words, terms, listed))
    shown = [words.terms[opened], *found] if opened else found
    return [term.source_id for term in shown if term.source_id]


def _count(number: int, is_searched: bool) -> str:
    said = text.count(number, "mot", "mots")
    if not is_searched:
        return f"{said}, de A à Z."
    return f"{said} {'répondent' if number >= 2 else 'répond'} à la recherche."


def _card(dataset: Dataset, state: PageState, words: Glossary, term: Term) -> None:
    """The open word, its neighbours and its page; both open in this tab, the session goes on."""
    with st.container(border=True, key="mot-ouvert"):
        st.subheader(text.escape_markdown(term.term), anchor="mot-ouvert")
        if len(term.forms) > 1:
            st.caption("Aussi : " + text.escape_markdown(" ; ".join(term.forms[1:])) + ".")
        st.markdown(text.escape_markdown(text.no_break(term.definition)))
        st.html(f'<p class="ptce-origin">{_origin(dataset, term)}</p>')
        page = _page(term)
        related = [words.terms[one] for one in term.related_ids if one in words.terms]
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            if page is not None:
                name, query_params = page
                st.page_link(
                    PAGES[name].path, label=f"Page {PAGES[name].label}", icon=PAGES[name].icon,
                    query_params=query_params,
                )  # fmt: skip
            for one in related:
                st.button(
                    text.escape_markdown(one.term), on_click=state.set, args=("mot", one.id), key=f"mot-{one.id}",
                    icon=":material/arrow_forward:",
                )  # fmt: skip


def _page(term: Term) -> tuple[str, dict[str, str]] | None:
    """The page where the word serves, and the part to open; None without one that the atlas has."""
    name, _, rest = (term.see_page or "").partition("?")
    if name not in PAGES:
        return None
    return name, {key: values[0] for key, values in parse_qs(rest).items()}


def _list(dataset: Dataset, words: Glossary, terms: list[Term], listed: set[str]) -> str:
    """Words and definitions as a list of definitions; neighbours that are listed too are links to them."""
    return f'<dl class="ptce-glossary">{"".join(_entry(dataset, words, term, listed) for term in terms)}</dl>'


def _entry(dataset: Dataset, words: Glossary, term: Term, listed: set[str]) -> str:
    also = " ; ".join(term.forms[1:])
    more = f' <span class="ptce-forms">({text.escape_html(also)})</span>' if also else ""
    related = [_near(words.terms[one], listed) for one in term.related_ids if one in words.terms]
    see = f" Voir aussi\u00a0: {', '.join(related)}." if related else ""
    return (
        f'<dt id="mot-{text.escape_html(term.id)}">{text.escape_html(term.term)}{more}</dt>'
        f"<dd>{text.escape_html(text.no_break(term.definition))}"
        f'<p class="ptce-origin">{_origin(dataset, term)}{see}</p></dd>'
    )


def _near(term: Term, listed: set[str]) -> str:
    name = text.escape_html(term.term)
    return f'<a href="#mot-{text.escape_html(term.id)}">{name}</a>' if term.id in listed else name


@st.cache_resource(max_entries=4, show_spinner=False)
def _origins(version: str, _dataset: Dataset) -> dict[str, str]:
    """Who defines each word, by its id: a source with its dates, or the method of the atlas. HTML, escaped."""
    known = _dataset.sources.set_index("id")
    made = {}
    for term in glossary.of(_dataset).terms.values():
        source = [_source(known.loc[term.source_id])] if term.source_id in known.index else []
        own = [f"Défini par l’atlas, voir {text.escape_html(term.method)}."] if term.method else []
        made[term.id] = " ".join(source + own)
    return made


def _source(row: pd.Series) -> str:
    name, url = text.escape_html(row["publisher"]), text.safe_url(row["url"])
    shown = name
    if url:
        shown = (
            f'<a href="{text.escape_html(url)}" target="_blank" rel="noopener noreferrer" '
            f'title="{name} (nouvel onglet)">{name}</a>'
        )
    dates = f"publié\u00a0: {text.date(row['date_published'])}, vu le {text.date(row['date_accessed'])}"
    return f"Source\u00a0: {shown}, {text.escape_html(dates)}."


def _origin(dataset: Dataset, term: Term) -> str:
    return _origins(dataset.files_version, dataset)[term.id]
