"""Step 6 of a study: scenarios, the schemes that could pay for them, budget and financing plan."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import streamlit as st

from ptce_data import budget as budgets
from ptce_data import schemes
from ptce_data.schemes import Fit, Project, ProjectError
from ptce_data.study import Area, Scenario
from ptce_data.study.model import MAX_SCENARIOS
from ptce_ui import frame, scheme_tables, study_budget, study_figures, study_tables, text, undo
from ptce_ui.desk import Desk, said

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Cards of schemes shown; the table below has them all.
CARDS: Final = 6
#: Largest sum sought, in euros.
MOST: Final = 1e9
YEARS: Final = 3


def draw(desk: Desk) -> list[str]:
    """The chosen scenario from top to bottom, then all of them side by side."""
    st.markdown(
        "Un scénario réunit un projet, les dispositifs qui pourraient l’aider et un budget d’une à cinq années. "
        "L’étude en compare trois au plus. Le bénévolat est valorisé à part : il n’entre jamais dans le total en argent."
    )
    scenario = _choose(desk)
    if scenario is None:
        st.info(
            "Aucun scénario encore. Commencez par le plus simple à défendre (par exemple « Prudent »), puis "
            "dupliquez-le pour en changer un seul choix à la fois."
        )
        return _unchosen(desk)
    ids = _schemes(desk, scenario)
    study_budget.draw(desk, scenario.id)
    _compare(desk)
    return ids


def _current(desk: Desk) -> Scenario | None:
    chosen = desk.state.kept("scenario")
    listed = desk.study.scenarios
    return next((s for s in listed if s.id == chosen), listed[0] if listed else None)


def _choose(desk: Desk) -> Scenario | None:
    scenario = _current(desk)
    names = study_tables.scenario_names(desk.study)
    if scenario is not None:
        # Drawn afresh when scenarios come and go: it then shows the one that is open.
        key = desk.key(f"scenario|{'|'.join(names)}|{desk.state.kept('scenarios_changed') or 0}")
        st.segmented_control(
            "Scénario", list(names), default=scenario.id, key=key, required=True,
            format_func=lambda i: text.escape_markdown(names.get(i, i)),
            on_change=desk.state.on_typed(key, lambda v: desk.state.keep("scenario", v)),
        )  # fmt: skip
        scenario = _current(desk)
    full = len(desk.study.scenarios) >= MAX_SCENARIOS
    with st.container(horizontal=True):
        st.button(
            "Ajouter un scénario", on_click=_add, args=(desk,), disabled=full, icon=":material/add:",
            help="Trois scénarios au plus." if full else None,
        )  # fmt: skip
        if scenario is not None:
            st.button(
                "Dupliquer",
                on_click=_copy,
                args=(desk, scenario.id),
                disabled=full,
                icon=":material/content_copy:",
            )
            st.button("Retirer", on_click=_remove, args=(desk, scenario.id), icon=":material/delete:")
    undo.offer(desk.place("scenarios"), lambda gone: _restore(desk, gone))
    if scenario is None:
        return None
    own = scenario.id
    with st.container(horizontal=True, vertical_alignment="bottom"):
        desk.line(f"nom|{own}", "Nom du scénario", scenario.name, lambda v: _save(desk, own, name=v))
    desk.area_text(
        f"note|{own}",
        "Ce que ce scénario suppose",
        scenario.note,
        lambda v: _save(desk, own, note=v),
        height=80,
    )
    return _current(desk)


def _save(desk: Desk, scenario: str, **changes: object) -> None:
    """Change fields of a scenario; refused values are said by the desk."""
    study_budget.save(desk, scenario, **changes)


def _put(desk: Desk, scenarios: tuple[Scenario, ...], shown: str) -> None:
    desk.update(scenarios=scenarios)
    desk.state.keep("scenario", shown)
    desk.state.keep("scenarios_changed", int(desk.state.kept("scenarios_changed") or 0) + 1)


def _add(desk: Desk) -> None:
    listed = desk.study.scenarios
    own = _free(desk)
    name = f"Scénario {len(listed) + 1}"
    made = Scenario(id=own, name=name, budget=budgets.template(date.today().year + 1, YEARS, name))
    _put(desk, (*listed, made), own)


def _free(desk: Desk) -> str:
    """An id that no scenario has, nor had in this session: its fields must be new."""
    number = int(desk.state.kept("scenarios_made") or 0)
    taken = [s.id for s in desk.study.scenarios]
    while True:
        number += 1
        if f"s{number}" not in taken:
            desk.state.keep("scenarios_made", number)
            return f"s{number}"


def _copy(desk: Desk, scenario: str) -> None:
    listed = list(desk.study.scenarios)
    at = next(i for i, s in enumerate(listed) if s.id == scenario)
    own = _free(desk)
    name = f"{listed[at].name or 'Sans nom'} (copie)"[:300]
    listed.insert(at + 1, study_tables.changed(listed[at], id=own, name=name))
    _put(desk, tuple(listed), own)


def _remove(desk: Desk, scenario: str) -> None:
    listed = list(desk.study.scenarios)
    at = next(i for i, s in enumerate(listed) if s.id == scenario)
    words = f"Scénario « {listed[at].name or 'Sans nom'} » retiré."
    undo.remember(desk.place("scenarios"), words, (at, listed.pop(at)))
    _put(desk, tuple(listed), listed[min(at, len(listed) - 1)].id if listed else "")


def _restore(desk: Desk, gone: tuple[int, Scenario]) -> None:
    listed = list(desk.study.scenarios)
    if len(listed) >= MAX_SCENARIOS:
        raise undo.Refused(f"{MAX_SCENARIOS} scénarios au plus : retirez-en un d’abord.")
    listed.insert(gone[0], gone[1])
    _put(desk, tuple(listed), gone[1].id)


def _schemes(desk: Desk, scenario: Scenario) -> list[str]:
    st.subheader("Dispositifs qui pourraient aider")
    labels, own = text.Labels(desk.dataset.categories), scenario.id
    kinds = {code: labels.of("scheme_target", code) for code in labels.codes("scheme_target")}
    needs = {code: labels.of("funding_kind", code) for code in labels.codes("funding_kind")}
    kind = scenario.project_kind if scenario.project_kind in kinds else next(iter(kinds))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        desk.choice(f"projet|{own}", "Projet", kind, kinds, lambda v: _save(desk, own, project_kind=v))
        desk.number(
            f"montant|{own}", "Aide cherchée (€ ; 0 : non dit)", float(scenario.amount_eur or 0), 0.0, MOST,
            lambda v: _save(desk, own, amount_eur=v or None), step=1000.0, format="%.0f",
        )  # fmt: skip
        desk.choices(
            f"besoins|{own}", "Nature d’aide cherchée", scenario.needs, needs, lambda v: _save(desk, own, needs=v),
            placeholder="Toutes",
        )  # fmt: skip
    area = desk.area()
    if area is None:
        frame.need_perimeter()
        found = None
    else:
        found = _fit(desk, _project(area, scenario, kind, tuple(n for n in scenario.needs if n in needs)))
    ids = [] if found is None else _found(desk, scenario, found)
    _retain(desk, scenario, found)
    return ids


def _unchosen(desk: Desk) -> list[str]:
    """Without a scenario: the schemes for a PTCE, to read only."""
    st.subheader("Dispositifs qui pourraient aider")
    area = desk.area()
    kinds = text.Labels(desk.dataset.categories).codes("scheme_target")
    if area is None:
        frame.need_perimeter()
        return []
    blank = Scenario(id="aucun", name="", budget=budgets.template(date.today().year))
    found = _fit(desk, _project(area, blank, kinds[0], ()))
    st.caption(
        "Cherchés pour un PTCE, sans montant ni nature d’aide : un scénario permet de préciser et de retenir."
    )
    return [] if found is None else _found(desk, blank, found)


def _project(area: Area, scenario: Scenario, kind: str, needs: tuple[str, ...]) -> Project:
    """The project that the finder of schemes reads: areas by name where they were chosen so."""
    lost, perimeter = area.unknown_codes, area.perimeter
    epci = tuple(c for c in perimeter.epci if c not in lost)
    rest = area.communes[~area.communes["epci_siren"].isin(epci)]["commune_insee"]
    return Project(
        kind=kind,
        communes=tuple(rest),
        epci=epci,
        amount_eur=scenario.amount_eur or None,
        funding_kinds=needs,
    )


def _fit(desk: Desk, project: Project) -> Fit | None:
    if not project.communes and not project.epci:
        st.info("Le contour ne contient le point d’aucune commune : aucun dispositif ne peut être cherché.")
        return None
    try:
        return _ranked(desk.dataset.version, project, desk.dataset)
    except ProjectError as error:
        said(error)
        return None


@st.cache_data(max_entries=64, show_spinner=False)
def _ranked(version: str, project: Project, _dataset: Dataset) -> Fit:
    return schemes.fit(_dataset, project)


def _found(desk: Desk, scenario: Scenario, found: Fit) -> list[str]:
    rows = found.ranked
    counted = rows["verdict"].value_counts()
    verdicts = [f"{int(counted.get(label, 0))} {label}" for label, _ in schemes.VERDICTS.values()]
    st.markdown(
        f"**{text.join(verdicts)}** parmi les dispositifs documentés ; {text.number(len(found.ruled_out))} écartés par "
        "le territoire ou le public visé. Un accord élevé ne vaut pas éligibilité."
    )
    usable = rows[(rows["status"] != "closed") & ~rows["scheme_id"].isin(scenario.schemes)]
    kept = rows[rows["scheme_id"].isin(scenario.schemes)]
    for part, title in ((kept, "Retenus"), (usable.head(CARDS), "Les plus proches du projet")):
        if len(part):
            st.markdown(f"#### {title}")
        for _, row in part.iterrows():
            label = f"{row['name']} – {row['verdict']}, {row['fit']} points"
            with st.expander(text.escape_markdown(label)):
                st.html(scheme_tables.card(row))
    with st.expander(f"Tous ceux qui pourraient convenir ({len(rows)}), et ce que les données ne disent pas"):
        frame.table(
            scheme_tables.ranked(desk.dataset, found), alt=f"{len(rows)} dispositifs pour ce scénario",
            column_config={"Dispositif": st.column_config.TextColumn(width="large")},
        )  # fmt: skip
        st.markdown("\n".join(f"- {line}" for line in schemes.LIMITS))
    return [*kept["source_id"], *usable["source_id"].head(CARDS)]


def _retain(desk: Desk, scenario: Scenario, found: Fit | None) -> None:
    names = dict(zip(desk.dataset.support_schemes["id"], desk.dataset.support_schemes["name"], strict=True))
    first = [] if found is None else found.ranked["scheme_id"].tolist()
    listed = {i: names[i] for i in dict.fromkeys([*first, *(i for i in scenario.schemes if i in names)])}
    own = scenario.id
    desk.choices(
        f"dispositifs|{own}", "Dispositifs retenus dans ce scénario", scenario.schemes, listed,
        lambda v: _save(desk, own, schemes=v),
    )  # fmt: skip


def _compare(desk: Desk) -> None:
    st.subheader("Les scénarios côte à côte")
    study = desk.study
    plan = study_tables.plan(study)
    foot = "Source : les budgets de l’étude. Argent seulement ; le bénévolat valorisé est à part."
    if plan[["Ressources en argent (€)", "Emplois en argent (€)"]].to_numpy().any():
        frame.chart(study_figures.plans(plan), "Ressources et emplois par scénario et par année", foot)
    else:
        st.info("Aucun montant n’est encore entré : la comparaison se dessinera avec le premier.")
    frame.table(
        study_tables.compared(study), alt="Comparaison des scénarios : totaux et mesures",
        column_config={"Ce qui est comparé": st.column_config.TextColumn(width="medium")},
    )  # fmt: skip
    if len(study.scenarios) == 1:
        st.caption("Un seul scénario : dupliquez-le pour en comparer un autre.")
