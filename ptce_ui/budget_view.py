"""My budget: a form and files, kept in the browser's session only."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from ptce_data import budget as budgets
from ptce_data.budget import Budget, BudgetError
from ptce_data.funding import DEFINITIONS
from ptce_data.funding import mixes as documented
from ptce_ui import (
    budget_form,
    budget_table,
    examples,
    filters,
    frame,
    funding_figures,
    funding_tables,
    incoming,
    pagestate,
    storedesk,
    text,
    undo,
)
from ptce_ui.pagestate import PageState

if TYPE_CHECKING:
    from ptce_data.load import Dataset

READERS: Final = budget_form.READERS
YEARS: Final = budget_form.YEARS
#: Where removals are remembered (`undo`).
PLACE: Final = "budget"


def draw(dataset: Dataset, state: PageState) -> tuple[pd.DataFrame, list[str]]:
    """The form, what it says, and the documented mixes beside it."""
    st.markdown(
        "Entrez le budget d’un pôle, existant ou prévu, sur une à cinq années. Il reste dans cette session de votre "
        "navigateur : téléchargez-le, ou enregistrez-le dans un espace, pour le reprendre plus tard à l’identique."
    )
    sent = incoming.take("budget")
    if sent is not None:
        replace(state, sent, incoming.former("budget"))
    _files(state)
    made = _form(state)
    undo.offer(PLACE, lambda value: _restore(state, value))
    if made is None:
        return pd.DataFrame(), []
    examples.budget(made)
    for sentence in budget_table.alerts(budgets.alerts(made)):
        st.warning(text.escape_markdown(sentence), icon=":material/warning:")
    shown, ids = _results(dataset, state, made)
    storedesk.saver("budget", made.name or "Mon budget", lambda: budgets.to_json(made))
    frame.downloads(
        "budget",
        {
            "Budget (JSON, à reprendre ici)": (
                "budget.json",
                "application/json",
                lambda: budgets.to_json(made),
            ),
            "Budget (CSV)": ("budget.csv", "text/csv", lambda: budgets.to_csv(made)),
            "Budget (XLSX)": (
                "budget.xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                lambda: budgets.to_xlsx(made),
            ),
        },
    )
    return shown, ids


def _files(state: PageState) -> None:
    blank = budgets.template(date.today().year)
    with st.expander("Reprendre un budget, ou partir d’un modèle", icon=":material/upload_file:"):
        given = st.file_uploader(
            "Fichier de budget (CSV, XLSX ou JSON)", type=list(READERS), key=state.key("fichier")
        )
        frame.downloads(
            "modele",
            {
                "Modèle CSV": ("modele-budget.csv", "text/csv", lambda: budgets.to_csv(blank)),
                "Modèle XLSX": (
                    "modele-budget.xlsx",
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    lambda: budgets.to_xlsx(blank),
                ),
            },
        )
    if given is None or state.kept("lu") == given.file_id:
        return
    try:
        loaded = READERS[given.name.rpartition(".")[2].lower()](given.getvalue(), given.name)
    except BudgetError as error:
        st.error(
            "Ce fichier n’a pas été repris, le budget affiché ne change pas. Corrigez-y ces lignes, ou partez du modèle.\n\n"
            + "\n".join(f"- {text.escape_markdown(str(f))}" for f in error.faults[:50])
        )
        return
    state.keep("lu", given.file_id)
    link = pagestate.shared("stored|budget")
    pagestate.share("stored|budget", None)
    replace(state, loaded, link)
    st.success(f"Budget repris : {text.escape_markdown(loaded.name)}.")


def replace(state: PageState, made: Budget, link: Any = None) -> None:
    """Take another budget; the one on the page, which came from the saved item `link`, can come back (callback)."""
    lines = _lines(state)
    if lines is not None and not lines.equals(state.kept("vierge")):
        undo.remember(PLACE, *_replaced(state, lines, link))
    _start(state, budget_table.to_frame(made), made.name)


def _lines(state: PageState) -> pd.DataFrame | None:
    """The lines as they were typed last; None before the form was ever drawn."""
    is_typed = state.kept("lignes") is not None and state.kept("lignes_version") == state.kept("version")
    found: pd.DataFrame | None = state.kept("lignes" if is_typed else "base")
    return found


def _replaced(state: PageState, lines: pd.DataFrame, link: Any) -> tuple[str, tuple[Any, ...]]:
    name = str(state.get("nom") or "Mon budget")
    return f"Budget « {name} » remplacé.", ("budget", lines, name, link)


def _start(state: PageState, lines: pd.DataFrame, name: str | None = None) -> None:
    """Show these lines, over their own years."""
    years = budget_table.years(lines)
    state.keep("base", lines)
    state.keep("version", int(state.kept("version") or 0) + 1)
    state.set("debut", str(years[0]))
    state.set("duree", str(len(years)))
    if name is not None:
        state.set("nom", name)


def _restore(state: PageState, value: tuple[Any, ...]) -> tuple[str, Any] | None:
    """Put lines, or a whole budget with the saved item it comes from, back (`undo.Restore`)."""
    now = _lines(state)
    if value[0] == "budget":
        _, lines, name, link = value
        displaced = None if now is None else _replaced(state, now, pagestate.shared("stored|budget"))
        pagestate.share("stored|budget", link)
        _start(state, lines, name)
        return displaced
    if now is not None:
        _start(state, budget_table.with_lines(now, *value[1:]))
    return None


def _form(state: PageState) -> Budget | None:
    this_year = date.today().year
    if state.kept("base") is None:
        blank = budget_table.to_frame(budgets.template(this_year, int(state.get("duree"))))
        state.keep("base", blank)
        state.keep("vierge", blank)
        state.keep("version", 1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Nom", key=state.key("nom"), max_chars=200)
        filters.one(state, "debut", "Première année", {y: y for y in YEARS})
        filters.one(state, "duree", "Nombre d’années", {str(n): str(n) for n in range(1, 6)})
    first = int(state.get("debut") or this_year)
    years = range(first, first + int(state.get("duree")))
    editor = f"{state.page}|lignes|{state.kept('version')}|{first}|{len(years)}"
    if not state.has(editor):
        # The editor starts anew (page left, years changed): it starts from the last lines typed.
        latest = state.kept("lignes")
        if latest is None or state.kept("lignes_version") != state.kept("version"):
            latest = state.kept("base")
        gone = budget_table.lost_years(latest, list(years))
        if gone:
            words = f"Montants de {text.join(gone)} retirés."
            undo.remember(PLACE, words, _replaced(state, latest, pagestate.shared("stored|budget"))[1])
        state.keep("depart", budget_table.with_years(latest, list(years)))
    edited = st.data_editor(
        state.kept("depart"), key=editor, num_rows="dynamic", hide_index=True, width="stretch",
        column_config=budget_form.columns(years), placeholder="–",
    )  # fmt: skip
    before = state.kept("lignes") if state.kept("lignes_version") == state.kept("version") else None
    lost = None if before is None else budget_table.lost_lines(before, edited)
    if lost is not None and lost[0]:
        names = undo.quoted([str(line[0]) or "sans nom" for _, line in lost[0]])
        undo.remember(PLACE, f"Retiré du budget : {names}.", ("lines", *lost))
    state.keep("lignes", edited)
    state.keep("lignes_version", state.kept("version"))
    try:
        return budget_table.from_frame(edited, str(state.get("nom") or "Mon budget"))
    except BudgetError as error:
        st.error(
            "Ces lignes du tableau ne peuvent pas être lues : rien n’est calculé tant qu’elles ne sont pas corrigées, ce que "
            "vous avez tapé reste.\n\n"
            + "\n".join(f"- {text.escape_markdown(str(f))}" for f in error.faults[:50])
        )
        return None


def _results(dataset: Dataset, state: PageState, made: Budget) -> tuple[pd.DataFrame, list[str]]:
    by_year = {year: budgets.measures(made, year) for year in made.years}
    own = [m for m in (budgets.mix(made, year) for year in made.years) if m is not None and m.parts]
    if own:
        names = {m.id: f"{made.name[:40]}, {m.year}" for m in own}
        chart = funding_figures.mixes(documented.parts_frame(own), [m.id for m in own], names)
        frame.chart(chart, "Origine des ressources de votre budget, par année", "Source : votre budget.")
    st.subheader("Mesures de votre budget (calculées, budget annuel)")
    shown = budget_table.measures(by_year)
    frame.table(shown, alt="Mesures de votre budget")
    st.subheader("À côté des mix documentés de même base")
    labels = {name: label for name, (label, _, _) in DEFINITIONS.items()}
    name = filters.one(state, "mesure_budget", "Mesure comparée", labels)
    every = [*documented.mixes(dataset), *documented.samples(dataset)]
    placed = budgets.placement(made, made.years[0], every, name)
    unit = DEFINITIONS[name][2]
    rows = budget_table.dots(placed)
    ids = [i for d in placed.dots for i in d.mix.source_ids]
    frame.chart(
        funding_figures.dots(rows, f"{labels[name]} ({unit})"),
        f"{labels[name]} : votre budget et {len(placed.dots)} mix documentés",
        "Votre budget, et " + funding_tables.foot(dataset, ids),
    )
    st.caption(
        "Un point : une valeur certaine ; un trait : les bornes que la source permet. Ce n’est pas un classement. "
        f"{text.count(len(placed.without), 'mix de même base ne dit rien', 'mix de même base ne disent rien')} de cette mesure."
    )
    return shown, ids
