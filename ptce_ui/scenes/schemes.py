"""Scenes of the page Dispositifs: catalogue, fiche, project, matrix, timeline, exchange."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from ptce_data import lookup, schemes
from ptce_data.schemes import Project, ProjectError, SchemeDetail, SchemeSelection
from ptce_ui import scheme_figures, scheme_tables, text
from ptce_ui.exports.slides.model import ChartSeries, NativeChart
from ptce_ui.scenes.model import ChartVisual, Shown, View, cell, nothing, others, sentence, table
from ptce_ui.scenes.native import bars, known, told_apart

#: URL parameter -> Selection field.
_FILTERS: Final = {
    "region": "areas", "echelon": "levels", "categorie": "categories", "public": "targets", "priorite": "priorities",
    "nature": "funding_kinds", "statut": "statuses",
}  # fmt: skip
_STATUS: Final = {"open": "#117733", "unknown": "#9AA0A6", "closed": "#882255"}
#: One colour per category, none of them that of a territory type.
_CATEGORIES: Final = ("#332288", "#88CCEE", "#44AA99", "#999933", "#CC6677", "#4477AA", "#BBBBBB", "#882255")
_PERIODS: Final = 12
_AREAS: Final = 12
_NOTE: Final = "Une collecte, non un inventaire ; le statut est celui de la source à sa date."


def selection(view: View) -> SchemeSelection:
    """What the filters select."""
    chosen: dict[str, Any] = {field: view.get(name) for name, field in _FILTERS.items()}
    return SchemeSelection(**chosen, text=view.get("q"), with_national=not view.get("sans_national"))


def _where(view: View) -> str:
    codes, rows = view.get("region"), view.dataset.region_codes.set_index("region_code")
    if len(codes) == 1 and codes[0] in rows.index:
        return f" {rows.loc[codes[0], 'locative']}"
    return f" dans {text.number(len(codes))} régions" if codes else ""


def catalogue(view: View) -> Shown:
    """How many schemes are documented, by level and status; or the fiche that is open."""
    dataset = view.dataset
    opened = schemes.detail(dataset, view.get("dispositif")) if view.get("dispositif") else None
    if opened is not None:
        return _fiche(view, opened)
    found = schemes.find(dataset, selection(view))
    if found.empty:
        return nothing(
            f"Aucun dispositif n’est documenté{_where(view)} pour ces choix",
            "« Rien de documenté ici » ne veut pas dire que rien n’existe.",
        )
    counted = found["status"].value_counts()
    title = f"{text.count(len(found), 'dispositif de soutien est documenté', 'dispositifs de soutien sont documentés')}{_where(view)}"
    message = (
        f"{text.count(int(counted.get('open', 0)), 'ouvert', 'ouverts')}, {text.number(int(counted.get('unknown', 0)))} de statut inconnu "
        f"et {text.count(int(counted.get('closed', 0)), 'clos', 'clos')} à la date de leur source."
    )
    native = _by_level(view, found)
    facts = scheme_tables.catalogue(dataset, found)
    return Shown(title, message, f"{native.alt} {title}.", ChartVisual(bars(native), native), facts, found["source_id"].tolist(), _NOTE)  # fmt: skip


def _by_level(view: View, found: pd.DataFrame) -> NativeChart:
    labels = view.labels
    grid = pd.crosstab(found["level"], found["status"])
    levels = [c for c in labels.codes("scheme_level") if c in grid.index]
    made = tuple(
        ChartSeries(labels.of("scheme_status", s), known(grid.reindex(levels)[s]), colour)
        for s, colour in _STATUS.items()
        if s in grid
    )
    names = told_apart(labels.of("scheme_level", c) for c in levels)
    return NativeChart(
        "stacked", names, made, "Dispositifs documentés par échelon et par statut.", "dispositifs"
    )


def _fiche(view: View, found: SchemeDetail) -> Shown:
    row = found.row
    lines = [
        ("Porteur", cell(row["operator"])),
        ("Échelon", cell(found.level)),
        ("Catégorie", cell(found.category)),
        ("Territoire", ", ".join(found.coverage) or text.UNKNOWN_TEXT),
        ("Nature de l’aide", cell(found.funding_kind)),
        ("Montant par projet", cell(found.amount)),
        ("Période", cell(found.period)),
        ("Statut", cell(found.status_text)),
    ]
    facts = pd.DataFrame(lines, columns=["Fait", "Selon la source"])
    visual, _ = table(facts, len(facts))
    title = str(row["name"])
    return Shown(
        title,
        cell(row["summary"]),
        f"Fiche du dispositif « {title} ».",
        visual,
        facts,
        [row["source_id"]],
        _NOTE,
    )


def project(view: View) -> Shown:
    """Which schemes could suit a project, the best first."""
    place = lookup.resolve(view.dataset, view.get("lieu"))
    if place is None:
        return nothing("Le lieu du projet n’est pas dit", "Choisissez une commune ou une intercommunalité.")
    own = (place["code"],)
    amount, lost = _amount(view.get("montant"))
    wanted = Project(
        kind=view.get("projet"), communes=own if place["kind"] == "commune" else (),
        epci=own if place["kind"] == "epci" else (), amount_eur=amount, categories=view.get("action"),
        funding_kinds=view.get("besoin"),
    )  # fmt: skip
    try:
        found = schemes.fit(view.dataset, wanted)
    except ProjectError as error:
        return nothing("Ce projet ne peut pas être cherché", str(error), (str(error), *lost))
    rows = found.ranked
    counted = rows["verdict"].value_counts()
    said = [f"{int(counted.get(label, 0))} {label}" for label, _ in schemes.VERDICTS.values()]
    facts = scheme_tables.ranked(view.dataset, found)
    if rows.empty:
        return nothing(f"Aucun dispositif documenté ne couvre {place['label']}", _NOTE, lost)
    visual, left = table(facts[["Dispositif", "Avis", "Points (sur 100)", "Échelon"]])
    title = f"{text.count(len(rows), 'dispositif pourrait convenir', 'dispositifs pourraient convenir')} à un projet à {place['name']}"
    return Shown(title, f"{text.join(said)}. Un accord élevé ne vaut pas éligibilité.", f"{title}.", visual, facts, rows["source_id"].tolist(), sentence(left, _NOTE), lost)  # fmt: skip


def _amount(typed: str) -> tuple[float | None, tuple[str, ...]]:
    plain = "".join(typed.replace("€", "").replace(",", ".").split())
    try:
        value = float(plain) if plain else None
        return (value, ()) if value is None or value == value else (None, ())
    except ValueError:
        return None, (f"« {typed} » n’est pas un nombre d’euros : il n’est pas pris en compte.",)


def matrix(view: View) -> Shown:
    """Region × category: how many are documented."""
    dataset, chosen = view.dataset, selection(view)
    counted = schemes.matrix(dataset, chosen)
    breakdown = schemes.status_breakdown(dataset, chosen)
    if view.get("region"):
        # The page has all areas; beside those asked for, the others would say nothing.
        counted = counted[counted["code"].isin(view.get("region"))]
        breakdown = breakdown[breakdown["code"].isin(view.get("region"))]
    if counted.empty:
        return nothing("Aucun dispositif n’est documenté pour ces choix", _NOTE)
    facts = scheme_tables.matrix(counted, breakdown)
    found = schemes.find(dataset, chosen)
    empty, cells = int((counted["schemes"] == 0).sum()), len(counted)
    title = f"Rien n’est documenté dans {text.count(empty, 'case', 'cases')} sur {text.number(cells)}, ce qui ne veut pas dire que rien n’existe"
    columns = [c for c in facts if c not in ("Ouverts", "Statut inconnu", "Clos")]
    short = facts[columns].map(lambda v: "–" if v == schemes.NOTHING_DOCUMENTED else v)
    visual, _ = table(short, len(short))
    alt = "Dispositifs documentés par région et par catégorie."
    # Letters of 24 px leave room for a dozen lines: the areas with most schemes, in their order.
    most = breakdown.sort_values("schemes", ascending=False, kind="stable")["code"].head(_AREAS)
    drawn = counted[counted["code"].isin(most)]
    native = _by_area(drawn)
    note = sentence(others(len(breakdown) - len(most), "territoire", "territoires"), _NOTE)
    return Shown(title, f"{alt} Tiret ou absence : {schemes.NOTHING_DOCUMENTED}.", f"{alt} {title}.", ChartVisual(scheme_figures.matrix(drawn), native, visual), facts, found["source_id"].tolist(), note)  # fmt: skip


def _by_area(counted: pd.DataFrame) -> NativeChart:
    """The matrix as bars that an office programme can edit: areas, one piece per category."""
    grid = counted.pivot(index="name", columns="category_label", values="schemes")
    areas, heads = list(dict.fromkeys(counted["name"])), list(dict.fromkeys(counted["category_label"]))
    made = tuple(
        ChartSeries(str(h), known(grid.reindex(areas)[h]), colour)
        for h, colour in zip(heads, _CATEGORIES, strict=False)
    )
    return NativeChart(
        "stacked",
        told_apart(areas),
        made,
        "Dispositifs documentés par région et par catégorie.",
        "dispositifs",
    )


def timeline(view: View) -> Shown:
    """Labels or schemes since the 1990s; the longest-lived and latest first where there are many."""
    labels, lane = view.labels, view.get("frise")
    rows = schemes.timeline(view.dataset)
    rows = rows[rows["lane"] == lane].sort_values(["start_year", "end_year", "name"], kind="stable")
    name = "Labels" if lane == "labels" else f"Dispositifs, échelon {labels.of('scheme_level', lane).lower()}"
    if rows.empty:
        return nothing(
            f"{name} : aucune année de début n’est documentée", "Les sources lues ne datent rien ici."
        )
    facts = pd.DataFrame(
        {
            "Nom": rows["name"],
            "Début": [str(int(v)) for v in rows["start_year"]],
            "Fin": [text.UNKNOWN_TEXT if pd.isna(v) else str(int(v)) for v in rows["end_year"]],
            "Statut à la date de la source": rows["status"].map(lambda v: labels.of("scheme_status", v)),
        }
    )
    # Waves spread over the years: one line in so many, so that the whole period is seen.
    step = max(1, -(-len(rows) // _PERIODS))
    kept = rows.iloc[::step].head(_PERIODS)
    title = (
        f"Depuis {int(rows['start_year'].min())}, {text.count(len(rows), 'label ou vague se succède', 'labels et vagues se succèdent')}"
        if lane == "labels"
        else f"{name} : {text.count(len(rows), 'dispositif daté', 'dispositifs datés')} depuis {int(rows['start_year'].min())}"
    )
    visual, _ = table(facts.loc[kept.index], _PERIODS)
    hidden = len(schemes.undated(view.dataset)) if lane != "labels" else 0
    undated = f"{text.count(hidden, 'dispositif sans année de début n’est', 'dispositifs sans année de début ne sont')} sur aucune frise." if hidden else ""  # fmt: skip
    shown = kept.assign(name=[n if len(n) <= 60 else n[:59] + "…" for n in kept["name"]])
    return Shown(
        title, "Les labels se succèdent et s’hybrident. Une flèche, ou une fin non renseignée : elle n’est pas connue, ou c’était encore ouvert.",
        f"{title}.", ChartVisual(scheme_figures.timeline(shown, {}), None, visual), facts, rows["source_id"].dropna().tolist(),
        sentence(others(len(rows) - len(kept), "période", "périodes"), undated),
    )  # fmt: skip


def exchange(view: View) -> Shown:
    """What can be taken away in the national standard: the catalogue that the filters keep."""
    found = schemes.find(view.dataset, selection(view))
    facts = scheme_tables.catalogue(view.dataset, found)
    if found.empty:
        return nothing("Aucun dispositif à échanger pour ces choix", _NOTE)
    visual, left = table(facts[["Dispositif", "Porteur", "Échelon", "Statut à la date de la source"]])
    title = f"{text.count(len(found), 'dispositif peut être repris', 'dispositifs peuvent être repris')} au standard national des aides"
    return Shown(title, "Chaque dispositif s’exporte et s’importe sans perdre sa source.", f"{title}.", visual, facts, found["source_id"].tolist(), sentence(left, _NOTE))  # fmt: skip


BUILDERS: Final = {
    "catalogue": catalogue,
    "projet": project,
    "matrice": matrix,
    "frise": timeline,
    "echanges": exchange,
}
