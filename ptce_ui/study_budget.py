"""The budget of a scenario: an editable table, its files, the balance to the euro, measures, warnings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final

import pandas as pd
import streamlit as st
from pydantic import ValidationError

from ptce_data import budget as budgets
from ptce_data.budget import Budget, BudgetError
from ptce_data.study import Scenario, faults
from ptce_ui import budget_form, budget_table, frame, study_tables, text, undo
from ptce_ui.desk import Desk

#: Verdict on a year -> colour, icon and word.
VERDICTS: Final = {
    "equilibre": ("green", ":material/check_circle:", "Équilibré"),
    "manque": ("red", ":material/error:", "Ressources insuffisantes"),
    "excedent": ("orange", ":material/warning:", "Ressources sans emploi"),
    "vide": ("gray", ":material/help:", "À remplir"),
}
_FAULTS: Final = 10


def save(desk: Desk, scenario: str, **changes: Any) -> None:
    """Change fields of a scenario of the study; the desk says what is refused."""
    try:
        made = study_tables.changed(_find(desk, scenario), **changes)
    except ValidationError as error:
        desk.state.keep("refused", faults.refusal(error))
        return
    desk.update(scenarios=study_tables.with_scenario(desk.study, made))


def remember(desk: Desk, name: str, value: Any) -> None:
    """Remember something beside the study that is on the desk: another study does not see it."""
    desk.state.keep(desk.place(name), value)


def remembered(desk: Desk, name: str) -> Any:
    """What `remember` kept for the study that is on the desk, or None."""
    return desk.state.kept(desk.place(name))


def _find(desk: Desk, scenario: str) -> Scenario:
    return next(s for s in desk.study.scenarios if s.id == scenario)


def draw(desk: Desk, scenario: str) -> None:
    """Years, table, balance, warnings, measures, files."""
    st.subheader("Budget et plan de financement")
    _years(desk, scenario)
    faults = _table(desk, scenario)
    if faults:
        more = len(faults) - _FAULTS
        st.error(
            "Ces lignes ne peuvent pas être lues : le plan ci-dessous reste celui d’avant, ce que vous avez tapé est gardé.\n\n"
            + "\n".join(f"- {text.escape_markdown(f)}" for f in faults[:_FAULTS])
            + (f"\n- et {more} autres" if more > 0 else ""),
            icon=":material/error:",
        )
    _balance(desk, scenario)
    for sentence in study_tables.warnings(desk.study, scenario):
        st.warning(text.escape_markdown(sentence), icon=":material/warning:")
    made = _find(desk, scenario).budget
    with st.expander("Mesures de ce budget (calculées, budget annuel)"):
        frame.table(
            budget_table.measures({year: budgets.measures(made, year) for year in made.years}),
            alt="Mesures du budget du scénario, par année",
        )
    _files(desk, scenario, made)


def _years(desk: Desk, scenario: str) -> None:
    made = _find(desk, scenario).budget
    first, length = str(made.years[0]), str(len(made.years))
    version = desk.state.kept(f"renewed|budget|{scenario}") or 0
    starts = {y: y for y in sorted({*budget_form.YEARS, first})}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        desk.choice(
            f"debut|{scenario}|{version}", "Première année", first, starts,
            lambda v: _over(desk, scenario, int(v), len(_find(desk, scenario).budget.years)),
        )  # fmt: skip
        desk.choice(
            f"duree|{scenario}|{version}", "Nombre d’années", length, {str(n): str(n) for n in range(1, 6)},
            lambda v: _over(desk, scenario, _find(desk, scenario).budget.years[0], int(v)),
        )  # fmt: skip


def _span(made: Budget) -> str:
    first, last = made.years[0], made.years[-1]
    return str(first) if first == last else f"{first}–{last}"


def _over(desk: Desk, scenario: str, first: int, length: int) -> None:
    """The same lines over other years (callback); amounts of years that go can be taken back."""
    own = _find(desk, scenario).budget
    years = range(first, first + length)
    rows = budget_table.with_years(budget_table.to_frame(own), list(years))
    made = budget_table.from_frame(rows, own.name) if len(rows) else Budget(own.name, tuple(years))
    gone = [at for at, year in enumerate(own.years) if year not in years]
    if (
        any(line.amounts[at] for line in own.lines for at in gone)
        or remembered(desk, f"brouillon|{scenario}") is not None
    ):
        _replace(desk, scenario, made)
    else:
        _swap(desk, scenario, made, None)


def _replace(desk: Desk, scenario: str, made: Budget) -> None:
    """Put another budget in a scenario (callback); the one that goes, with what was typed, can come back."""
    if _find(desk, scenario).budget.lines:
        undo.remember(_place(desk, scenario), *_replaced(desk, scenario))
    _swap(desk, scenario, made, None)


def _place(desk: Desk, scenario: str) -> str:
    return desk.place(f"budget|{scenario}")


def _replaced(desk: Desk, scenario: str) -> tuple[str, tuple[str, Any]]:
    own, draft = _find(desk, scenario).budget, remembered(desk, f"brouillon|{scenario}")
    return f"Budget remplacé ({_span(own)}).", ("budget", (own, draft))


def _swap(desk: Desk, scenario: str, made: Budget, draft: pd.DataFrame | None) -> None:
    remember(desk, f"brouillon|{scenario}", draft)
    save(desk, scenario, budget=made)
    desk.renew(f"budget|{scenario}")


def _restore(desk: Desk, scenario: str, value: tuple[str, Any]) -> tuple[str, Any] | None:
    """Put lines or a whole budget back (`undo.Restore`)."""
    kind, kept = value
    own = _find(desk, scenario).budget
    if kind == "budget":
        displaced = _replaced(desk, scenario)
        _swap(desk, scenario, *kept)
        return displaced
    _swap(desk, scenario, replace(own, lines=undo.put_back(own.lines, kept)), None)
    return None


def _table(desk: Desk, scenario: str) -> list[str]:
    """The editor; returns what cannot be read of it. What is typed is kept even where it cannot be read."""
    own = _find(desk, scenario).budget
    draft = remembered(desk, f"brouillon|{scenario}")
    is_mine = draft is not None and list(draft.columns[6:]) == [str(y) for y in own.years]
    base = draft if is_mine else budget_table.to_frame(own)
    # Without any line, the amounts would be of no type that can be edited as numbers.
    base = base.astype({str(y): "float64" for y in own.years})
    faults: list[str] = []

    def keep(edited: pd.DataFrame) -> None:
        try:
            made = _read(edited, own)
        except BudgetError as error:
            faults.extend(str(f) for f in error.faults)
            remember(desk, f"brouillon|{scenario}", edited.reset_index(drop=True))
            return
        remember(desk, f"brouillon|{scenario}", None)
        if made != own:
            gone = undo.lost(own.lines, made.lines)
            if gone:
                names = undo.quoted([line.label or "sans nom" for _, line in gone])
                undo.remember(_place(desk, scenario), f"Retiré du budget : {names}.", ("lines", gone))
            save(desk, scenario, budget=made)

    st.caption(
        "Une ligne par ressource ou par emploi, un montant en euros par année. Ajoutez une ligne au bas du tableau."
    )
    desk.rows(
        f"budget|{scenario}", base, keep, num_rows="dynamic", width="stretch", placeholder="–",
        column_config=budget_form.columns(own.years), column_order=budget_form.order(own.years), alt="Budget du scénario : ressources et emplois par année",
    )  # fmt: skip
    undo.offer(_place(desk, scenario), lambda value: _restore(desk, scenario, value))
    return faults


def _read(edited: pd.DataFrame, own: Budget) -> Budget:
    words = edited.iloc[:, :6].fillna("").astype("str")
    if not any(cell.strip() for column in words for cell in words[column]):
        return Budget(own.name, own.years)
    return budget_table.from_frame(edited, own.name)


def _balance(desk: Desk, scenario: str) -> None:
    """Uses = sources, to the euro, year by year: colour, icon, word, sentence."""
    lines = []
    for verdict, sentence in study_tables.balances(desk.study, scenario):
        colour, icon, word = VERDICTS[verdict]
        # Years and amounts only: escaping would undo the no-break spaces of the numbers.
        lines.append(f":{colour}-badge[{icon} {word}] {sentence}")
    st.markdown("\n\n".join(lines))


def _files(desk: Desk, scenario: str, made: Budget) -> None:
    with st.expander("Reprendre un budget, ou emporter celui-ci", icon=":material/upload_file:"):
        given = st.file_uploader(
            "Reprendre un budget (CSV, XLSX ou JSON)", type=list(budget_form.READERS),
            key=desk.key(f"fichier|{scenario}"),
        )  # fmt: skip
        if given is not None and desk.state.kept(f"lu|{scenario}") != given.file_id:
            desk.state.keep(f"lu|{scenario}", given.file_id)
            desk.state.keep(f"refus|{scenario}", ())
            try:
                read = budget_form.READERS[given.name.rpartition(".")[2].lower()](
                    given.getvalue(), given.name
                )
                _replace(desk, scenario, read)
                st.rerun()
            except BudgetError as error:
                desk.state.keep(f"refus|{scenario}", tuple(str(f) for f in error.faults[:50]))
        refused = desk.state.kept(f"refus|{scenario}") or ()
        if refused:
            st.error(
                "Ce fichier n’a pas été repris, le budget ne change pas.\n\n"
                + "\n".join(f"- {text.escape_markdown(f)}" for f in refused)
            )
        blank = budgets.template(date.today().year + 1)
        name = text.slug(f"budget {made.name}")
        xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        frame.downloads(
            f"budget-{scenario}",
            {
                "Budget (JSON)": (f"{name}.json", "application/json", lambda: budgets.to_json(made)),
                "Budget (CSV)": (f"{name}.csv", "text/csv", lambda: budgets.to_csv(made)),
                "Budget (XLSX)": (f"{name}.xlsx", xlsx, lambda: budgets.to_xlsx(made)),
                "Modèle vide (XLSX)": ("modele-budget.xlsx", xlsx, lambda: budgets.to_xlsx(blank)),
            },
        )
