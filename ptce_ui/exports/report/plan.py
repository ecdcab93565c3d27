"""Parts 9 to 11: scenarios, financing plan, roadmap."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ptce_data.budget import RESOURCES, SIDES, USES
from ptce_data.funding import CATEGORIES, NATURES, ORIGINS
from ptce_data.study import Scenario, scenarios
from ptce_ui import text
from ptce_ui.exports.document import Bullets, Callout, Heading, Paragraph, bold
from ptce_ui.exports.document.model import Block
from ptce_ui.exports.report import charts, words
from ptce_ui.exports.report.facts import Facts
from ptce_ui.exports.report.studio import Studio
from ptce_ui.exports.report.words import NBSP, OWN, table

NO_SCENARIO = "Aucun scénario : jusqu’à trois se construisent à l’étape « Financer », avec un budget d’une à cinq années."


def name_of(scenario: Scenario) -> str:
    """The name of a scenario, never empty."""
    return scenario.name.strip() or "Scénario sans nom"


def cents(value: float | None) -> str:
    """Euros, with cents only where there are some."""
    if value is None or pd.isna(value):
        return text.UNKNOWN_TEXT
    decimals = 0 if abs(value - round(value)) < 0.005 else 2
    return f"{text.number(round(value, 2) + 0.0, decimals)}{NBSP}€".replace("-", "−")


def compare(facts: Facts, studio: Studio) -> list[Block]:
    """Part 9: the scenarios side by side."""
    study = facts.study
    if not study.scenarios:
        return [words.missing(NO_SCENARIO)]
    made: list[Block] = []
    made.append(Heading("Ce que propose chaque scénario", 2))
    for scenario in study.scenarios:
        made.append(Paragraph((bold(name_of(scenario)),)))
        made += words.paragraphs(scenario.note) or [words.missing("L’auteur n’a pas décrit ce scénario.")]
        made.append(Paragraph(_asked(facts, scenario), (OWN,)))
    totals = scenarios.totals(study)
    rows = [
        (
            words.said(r.name), "Toutes les années" if pd.isna(r.year) else words.year(r.year), cents(r.resources_eur), cents(r.uses_eur),
            cents(r.difference_eur), "oui" if r.is_balanced else "non", cents(r.volunteer_resources_eur),
        )
        for r in totals.itertuples(index=False)
    ]  # fmt: skip
    head = ("Scénario", "Année", "Ressources", "Emplois", "Écart", "Équilibré", "Bénévolat valorisé")
    made += [
        Heading("Les scénarios côte à côte", 2),
        table("Ressources et emplois en argent, par scénario et par année", head, rows, sources=(OWN,),
              note="Équilibré : ressources et emplois égaux à moins d’un euro. Le bénévolat valorisé n’entre dans aucun total en argent."),
    ]  # fmt: skip
    bars = _bars(facts)
    if any(bar.resources or bar.uses for bar in bars):
        told = [
            f"{b.scenario}, {b.year} : {cents(sum(b.resources.values()))} de ressources, {cents(b.uses)} d’emplois"
            for b in bars
        ]
        made.append(
            studio.chart(
                lambda c: charts.budgets(c, bars), charts.budgets_height(bars), "Ressources en argent par origine, et emplois",
                f"Barres des ressources. {' ; '.join(told)}.", note="Le trait vertical marque les emplois de l’année. Bénévolat non compté.",
                sources=(OWN,),
            )
        )  # fmt: skip
    return [*made, Heading("Mesures et alertes", 2), *_measures(facts), *_warnings(facts)]


def _asked(facts: Facts, scenario: Scenario) -> str:
    years = scenario.budget.years
    when = words.year(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    kind = facts.labels.of("scheme_target", scenario.project_kind)
    return (
        f"Période : {when}. Projet : {kind}. Aide recherchée : {text.euros(scenario.amount_eur)}. "
        f"Dispositifs retenus : {text.number(len(scenario.schemes)) if scenario.schemes else 'aucun'}."
    )


def _bars(facts: Facts) -> list[charts.YearBar]:
    made = []
    for scenario in facts.study.scenarios:
        budget = scenario.budget
        for at, year in enumerate(budget.years):
            resources: dict[str, float] = {}
            for line in budget.lines:
                if line.side == "ressource" and line.is_cash and line.amounts[at] > 0:
                    origin = ORIGINS[CATEGORIES[line.category].origin]
                    resources[origin] = resources.get(origin, 0.0) + line.amounts[at]
            made.append(charts.YearBar(name_of(scenario), year, resources, budget.total(year, "emploi")))
    return made


def _measures(facts: Facts) -> list[Block]:
    frame = scenarios.compared(facts.study)
    if frame.empty:
        return []
    labels = frame.drop_duplicates("measure")
    rows = []
    for (name, year, base), own in frame.groupby(["name", "year", "base_label"], sort=False):
        by = own.set_index("measure")
        cells = [_value(by.loc[m]) for m in labels["measure"]]
        rows.append((words.said(name), words.year(year), str(base), *cells))
    head = ("Scénario", "Année", "Base", *labels["label"])
    note = " ".join(f"{r.label}{NBSP}: {r.definition}" for r in labels.itertuples(index=False))
    return [
        table(
            "Ce que disent les budgets, par scénario, année et base",
            head,
            rows,
            sources=(OWN,),
            widths=(2.1, 0.85, 1.6, 1.15, 1.75, 1.4, 1.65, 1.4),
        ),
        Callout("methode", note),
    ]


def _value(row: pd.Series) -> str:
    unit = f"{NBSP}%" if row["unit"] == "%" else ""
    decimals = 1 if row["unit"] == "%" else 0
    if pd.notna(row["value"]):
        return f"{text.number(row['value'], decimals)}{unit}"
    if pd.notna(row["low"]) and pd.notna(row["high"]):
        return f"de {text.number(row['low'], decimals)} à {text.number(row['high'], decimals)}{unit}"
    if pd.notna(row["low"]):
        return f"au moins {text.number(row['low'], decimals)}{unit}"
    if pd.notna(row["high"]):
        return f"au plus {text.number(row['high'], decimals)}{unit}"
    return "non calculable"


def _warnings(facts: Facts) -> list[Block]:
    frame = scenarios.warnings(facts.study)
    made: list[Block] = []
    if frame.empty:
        return [
            *made,
            Paragraph(
                "Aucune alerte sur l’équilibre, le poids d’un financeur, la fin d’argent public ou le bénévolat."
            ),
        ]
    items: list[Any] = [
        (bold(f"{words.said(r.name)}{NBSP}: "), str(r.text)) for r in frame.itertuples(index=False)
    ]
    return [*made, Bullets(tuple(items), (OWN,))]


def financing(facts: Facts, studio: Studio) -> list[Block]:
    """Part 10: uses and sources of every scenario, checked to the euro."""
    if not facts.study.scenarios:
        return [words.missing(NO_SCENARIO)]
    made: list[Block] = []
    totals = scenarios.totals(facts.study)
    for scenario in facts.study.scenarios:
        made.append(Heading(name_of(scenario), 2))
        if not scenario.budget.lines:
            made.append(words.missing("Le budget de ce scénario n’a aucune ligne."))
            continue
        frame = scenarios.plan(scenario)
        years = [str(y) for y in scenario.budget.years]
        for side, noun in (("ressource", "Ressources"), ("emploi", "Emplois")):
            made.append(_side(scenario, frame[(frame["side"] == side) & frame["is_cash"]], side, noun, years))
        given = frame[~frame["is_cash"]]
        if len(given):
            made.append(_volunteer(scenario, given, years))
        made.append(_check(totals[totals["scenario"] == scenario.id]))
    return made


def _side(scenario: Scenario, rows: pd.DataFrame, side: str, noun: str, years: list[str]) -> Block:
    names = RESOURCES if side == "ressource" else USES
    several = len(years) > 1
    cells = [
        (
            words.said(r["label"]), names.get(r["category"], r["category"]) + (f" ({NATURES[r['nature']].lower()})" if r["nature"] in NATURES else ""),
            *(cents(r[y]) for y in years), *((cents(r["total"]),) if several else ()),
        )
        for r in rows.to_dict("records")
    ]  # fmt: skip
    sums = [cents(float(rows[y].sum())) for y in years]
    total = (
        f"Total des {noun.lower()}",
        "",
        *sums,
        *((cents(float(rows["total"].sum())),) if several else ()),
    )
    head = ("Ligne", "Catégorie", *years, *(("Total",) if several else ()))
    return table(f"{noun} en argent, {name_of(scenario)}", head, [*cells, total], total=True, sources=(OWN,),
                 align=words.sides(2, len(head) - 2))  # fmt: skip


def _volunteer(scenario: Scenario, rows: pd.DataFrame, years: list[str]) -> Block:
    cells = [
        (SIDES[r["side"]], words.said(r["label"]), *(cents(r[y]) for y in years))
        for r in rows.to_dict("records")
    ]
    return table(f"Bénévolat valorisé, hors des totaux en argent, {name_of(scenario)}", ("Côté", "Ligne", *years), cells, sources=(OWN,),
                 align=words.sides(2, len(years)))  # fmt: skip


def _check(totals: pd.DataFrame) -> Block:
    years = totals[totals["year"].notna()]
    wrong = years[~years["is_balanced"]]
    if wrong.empty:
        whole = totals[totals["year"].isna()].iloc[0]
        return Paragraph(
            (bold("Vérification à l’euro : "), f"chaque année, les emplois égalent les ressources ; {cents(whole['uses_eur'])} d’emplois et {cents(whole['resources_eur'])} de ressources en tout."),
            (OWN,),
        )  # fmt: skip
    told = []
    for r in wrong.itertuples(index=False):
        more = (
            "les emplois dépassent les ressources"
            if r.difference_eur < 0
            else "les ressources dépassent les emplois"
        )
        told.append(f"en {int(r.year)}, {more} de {cents(abs(r.difference_eur))}")
    return Callout(
        "attention", f"Vérification à l’euro : le plan n’est pas équilibré ; {' ; '.join(told)}.", (OWN,)
    )


def roadmap(facts: Facts, studio: Studio) -> list[Block]:
    """Part 11: the steps, in the order of their dates."""
    steps = facts.study.roadmap
    if not steps:
        return [
            words.missing(
                "Aucune étape : la feuille de route se remplit à l’étape « Autodiagnostic », avec un début, une fin et un responsable."
            )
        ]
    ordered = sorted(steps, key=lambda s: (s.start or s.end or "9999", s.end or "9999"))
    bars = [charts.Bar(s.label, _month(s.start, 0), _month(s.end, 1)) for s in ordered]
    made: list[Block] = [Heading("Les étapes", 2)]
    if any(b.start is not None or b.end is not None for b in bars):
        made.append(
            studio.chart(
                lambda c: charts.roadmap(c, bars), charts.roadmap_height(bars), "Calendrier des étapes",
                "Calendrier : " + " ; ".join(f"{s.label or 'étape sans nom'}, {_when(s.start, s.end)}" for s in ordered) + ".",
                note="Losange : une seule date est connue.", sources=(OWN,),
            )
        )  # fmt: skip
    cells = [(words.said(s.label), _when(s.start, s.end), words.said(s.lead), s.note or "–") for s in ordered]
    kept, more = words.spilled(cells)
    made.append(
        table(
            "Étapes de la feuille de route",
            ("Étape", "Quand", "Responsable", "Note"),
            kept,
            sources=(OWN,),
            widths=(3, 1.9, 2, 3.2),
        )
    )
    made += more
    backward = [s for s in ordered if s.start and s.end and s.end < s.start]
    for s in backward:
        made.append(
            Callout(
                "attention",
                f"L’étape «{NBSP}{s.label or 'sans nom'}{NBSP}» finit avant de commencer : à corriger.",
            )
        )
    return made


def _month(value: str | None, more: int) -> float | None:
    return None if value is None else int(value[:4]) + (int(value[5:]) - 1 + more) / 12


def _when(start: str | None, end: str | None) -> str:
    if start and end:
        return text.date(start) if start == end else f"{text.date(start)} à {text.date(end)}"
    if start:
        return f"à partir de {text.date(start)}"
    return f"jusqu’à {text.date(end)}" if end else "dates non renseignées"
