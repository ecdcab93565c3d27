"""The words of the glossary in the texts of the pages: a link at the first occurrence, a line of help.

Only texts of our own go through here. What comes from data or readers is escaped, and stays plain.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import streamlit as st

from ptce_data.glossary import Glossary, Term
from ptce_ui import pagestate, text

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_PAGE: Final = "glossaire"
#: What a page run remembers: the glossary, and the text in which each word became a link.
_RUN: Final = "glossaire"


@st.cache_resource(max_entries=4, show_spinner=False)
def _glossary(version: str, _dataset: Dataset) -> Glossary:
    return Glossary.of(_dataset)


def of(dataset: Dataset) -> Glossary:
    """The glossary of a data set, made once."""
    return _glossary(dataset.files_version, dataset)


def start(dataset: Dataset, is_linking: bool = True) -> Dataset:
    """Begin a page: no word is a link yet. Returns the data set. The glossary's own page does not link."""
    pagestate.share(_RUN, (of(dataset), {} if is_linking else None))
    return dataset


def linked(markdown: str) -> str:
    """Markdown of our own in which each known word is a link at its first occurrence on the page.

    The same text asked again, by a fragment that is drawn again, keeps its links. Before `start`, and in
    tests without a page, the text comes back as it is.
    """
    run = pagestate.shared(_RUN)
    if run is None or run[1] is None:
        return markdown
    glossary, seen = run
    made, at = [], 0
    for found in _found(glossary, markdown):
        if seen.setdefault(found.term.id, markdown) != markdown:
            continue
        made += [markdown[at : found.start], _link(found.term, markdown[found.start : found.end])]
        at = found.end
    return "".join(made) + markdown[at:]


@lru_cache(maxsize=1024)
def _found(glossary: Glossary, markdown: str) -> tuple[Any, ...]:
    return tuple(glossary.find(markdown))


def address(term_id: str) -> str:
    """The address of a word, from any page of the atlas."""
    prefix = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{'/' + prefix if prefix else ''}/{_PAGE}?mot={quote(term_id, safe='')}"


@lru_cache(maxsize=1024)
def _link(term: Term, shown: str) -> str:
    # Streamlit opens links of a text in a new tab, which keeps the reader's work where it is: the title
    # says so, after the word and its meaning.
    title = text.escape_markdown(f"{term.term} : {text.no_break(term.definition)} (nouvel onglet)")
    return f'[{shown}]({address(term.id)} "{title}")'


def hint(label: str) -> str | None:
    """What the first known word of a label means, as the help of its field; None without any."""
    run = pagestate.shared(_RUN)
    if run is None:
        return None
    glossary: Glossary = run[0]
    named = glossary.named(label)
    found = [named] if named else [one.term for one in _found(glossary, label)]
    return _help(found[0]) if found else None


def column_help(names: Iterable[object], config: dict[str, Any]) -> dict[str, Any]:
    """The configuration of a table's columns, with the meaning of every heading that is a known word."""
    run = pagestate.shared(_RUN)
    if run is None:
        return config
    for name in map(str, names):
        term = run[0].named(name)
        own = config.get(name, {})
        if term is not None and isinstance(own, dict) and not own.get("help"):
            config[name] = {**own, "help": _help(term)}
    return config


@lru_cache(maxsize=256)
def _help(term: Term) -> str:
    return f"**{text.escape_markdown(term.term)}** : {text.escape_markdown(text.no_break(term.definition))}"
