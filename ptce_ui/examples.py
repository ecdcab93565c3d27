"""Examples in the empty states: opened in one click, marked as such, taken away in one click.

An example never takes the place of work in progress without asking; what it replaced comes back with its removal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from ptce_data import budget as budgets
from ptce_data import deck as decks
from ptce_data import study as studies
from ptce_ui import deckdesk, desk, example_files, frame, ownlayers, pagestate, text
from ptce_ui.desk import Desk

if TYPE_CHECKING:
    from ptce_data.budget import Budget
    from ptce_data.load import Dataset

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _offer(name: str, label: str, said: str, work: str, put: Callable[[], Any]) -> None:
    """A button that opens an example; where `work` names what is in progress, it asks first."""
    if pagestate.shared(f"example|{name}|asked") and work:
        st.warning(
            f"«{text.NBSP}{text.escape_markdown(work)}{text.NBSP}» est en cours. L’exemple prendrait sa place ; votre travail "
            "reviendra quand vous le retirerez."
        )
        with st.container(horizontal=True):
            st.button("Ouvrir l’exemple", key=f"exemple|{name}|oui", on_click=_opened, args=(name, put))
            st.button("Garder mon travail", key=f"exemple|{name}|non", on_click=_ask, args=(name, False))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            label, key=f"exemple|{name}", icon=":material/lightbulb:",
            on_click=_ask if work else _opened, args=(name, True) if work else (name, put),
        )  # fmt: skip
        st.caption(said)


def _ask(name: str, is_asked: bool) -> None:
    pagestate.share(f"example|{name}|asked", is_asked)


def _opened(name: str, put: Callable[[], Any]) -> None:
    _ask(name, False)
    put()


def _mark(name: str, said: str, remove: Callable[[], Any]) -> None:
    """Say that an example is open, with the button that takes it away."""
    box = st.container(border=True, horizontal=True, vertical_alignment="center", key=f"exemple-{name}")
    with box:
        st.markdown(f":material/lightbulb: **Exemple.** {said}", width="stretch")
        st.button(
            "Retirer l’exemple", key=f"exemple|{name}|retirer", icon=":material/close:", on_click=remove
        )


# --- a study ----------------------------------------------------------------------------------------


def study(at: Desk) -> None:
    """On the Étude page: the example where there is no perimeter yet, its mark while it is open."""
    if example_files.is_example(at.study.title):
        _mark(
            "etude", "Le territoire est réel, tout ce qui est affiché vient des données ; personne n’a écrit cette étude.",
            lambda: at.open(pagestate.shared("example|etude|former") or _blank_study()),
        )  # fmt: skip
        return
    if not at.study.perimeter.is_empty:
        return
    made = example_files.study(at.dataset, dt.date.today())
    if made is not None:
        work = "" if at.is_untouched else at.study.title
        _offer(
            "etude", "Voir un exemple", "L’étude de Redon Agglomération, calculée des données de l’atlas.", work,
            lambda: _open_study(at, made),
        )  # fmt: skip


def _open_study(at: Desk, made: Any) -> None:
    pagestate.share("example|etude|former", None if at.is_untouched else at.study)
    at.open(made)


def _blank_study() -> Any:
    return studies.new(desk.UNTITLED, dt.date.today())


# --- a deck -----------------------------------------------------------------------------------------


def deck(dataset: Dataset) -> None:
    """On the Conférence page: the example where there is no scene yet, its mark while it is open."""
    now = deckdesk.current()
    if example_files.is_example(now.title):
        _mark(
            "diaporama", "Un diaporama prêt à l’emploi, écrit des données de l’atlas : relisez-le, puis faites le vôtre.",
            _close_deck,
        )  # fmt: skip
        return
    if now.scenes:
        return
    work = "" if now.title == deckdesk.UNTITLED else now.title
    _offer(
        "diaporama",
        "Voir un exemple",
        "Les PTCE en France, scène par scène.",
        work,
        lambda: _open_deck(dataset),
    )


def _open_deck(dataset: Dataset) -> None:
    now = deckdesk.current()
    pagestate.share("example|diaporama|former", None if now.title == deckdesk.UNTITLED else now)
    deckdesk.put(example_files.deck(dataset))


def _close_deck() -> None:
    former = pagestate.shared("example|diaporama|former")
    deckdesk.put(former or decks.new(deckdesk.UNTITLED, dt.date.today()))


# --- a budget ---------------------------------------------------------------------------------------


def budget(made: Budget) -> None:
    """On « Mon budget », as long as no amount is written: no real budget of a pôle is published, so none is shown."""
    if any(any(line.amounts) for line in made.lines):
        return
    blank = budgets.template(made.years[0], len(made.years))
    with st.expander("Par où commencer : les colonnes, expliquées", icon=":material/lightbulb:"):
        st.markdown(
            "Aucune source lue ne publie le budget complet d’un pôle : il n’y a pas d’exemple chiffré, et aucun n’est inventé. "
            "Écrivez vos montants dans le tableau ci-dessus, ou remplissez ce modèle vide et reprenez-le ici."
        )
        frame.table(example_files.budget_columns(), alt="Les colonnes du modèle de budget", height="content")
        frame.downloads(
            "exemple-budget",
            {"Modèle vide (XLSX)": ("modele-budget.xlsx", _XLSX, lambda: budgets.to_xlsx(blank))},
        )


# --- a layer ----------------------------------------------------------------------------------------


def layer(dataset: Dataset, read: Callable[[str, bytes], Any]) -> None:
    """On « Ajouter ma couche »: the example where there is no file yet, its mark while it is open.

    `read(name, content)` takes a file as if the reader had given it.
    """
    found = ownlayers.draft()
    if found is not None:
        if example_files.is_example(found.filename):
            _mark(
                "couche", "Ces lignes sont celles de l’atlas, données comme un fichier de quelqu’un d’autre : presque toutes s’y "
                "retrouvent donc, et l’import le dit.", lambda: ownlayers.keep_draft(None),
            )  # fmt: skip
        return
    made = example_files.layer(dataset)
    if made is None:
        return
    name, content = made
    _offer(
        "couche", "Essayer avec un exemple", "Les tiers-lieux d’Ille-et-Vilaine, pris dans l’atlas (CSV).", "",
        lambda: read(name, content),
    )  # fmt: skip
    frame.downloads("exemple-couche", {"Le fichier d’exemple (CSV)": (name, "text/csv", lambda: content)})
