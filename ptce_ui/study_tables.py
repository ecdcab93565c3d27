"""What the steps of a study show as tables: frames -> frames. No Streamlit here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pandas as pd
from pydantic import BaseModel

from ptce_data.study import AfomItem, Scenario, Step, Study, Suggestion, assessment, scenarios
from ptce_ui import text
from ptce_ui.funding_tables import measure_text, publishers

if TYPE_CHECKING:
    from ptce_data.load import Dataset

Item = TypeVar("Item", bound=BaseModel)

#: Columns of the roadmap; the id of a step travels in a column that is not shown.
ROADMAP: Final = {
    "label": "Étape",
    "start": "Début (AAAA-MM)",
    "end": "Fin (AAAA-MM)",
    "lead": "Pilote (une organisation)",
    "note": "Note",
}
_MONTH: Final = re.compile(r"(?P<year>(19|20|21)\d\d)[-/. ](?P<month>0?[1-9]|1[0-2])")
_TURNED: Final = re.compile(r"(?P<month>0?[1-9]|1[0-2])[-/. ](?P<year>(19|20|21)\d\d)")


def new_id(prefix: str, taken: Iterable[str]) -> str:
    """An id of an item that no other has: `s1`, `s2`…"""
    used = set(taken)
    return next(made for made in (f"{prefix}{n}" for n in range(1, len(used) + 2)) if made not in used)


def peers(rows: pd.DataFrame) -> pd.DataFrame:
    """Comparable areas as they are read: name, code, similarity, why."""
    return pd.DataFrame(
        {
            "Territoire": rows["name"],
            "Code": rows["code"],
            "Ressemblance (0 à 100)": rows["similarity"].round().astype("int64"),
            "Pourquoi": rows["explanation"],
        }
    )


def closeness(rows: pd.DataFrame, features: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    """The figures of the chart of contributions, to the thousandth."""
    parts = [name for name in rows if name.startswith("contribution_")]
    made = rows[["name", *parts]].round(3)
    heads = {name: features[name.removeprefix("contribution_")][0] for name in parts}
    return made.rename(columns={"name": "Territoire", **heads})


def poles(rows: pd.DataFrame, labels: text.Labels) -> pd.DataFrame:
    """Pôles of `study_poles.alike` as they are read."""
    place = rows["commune_name"].fillna(rows["departement_code"]).fillna(text.UNKNOWN_TEXT)
    return pd.DataFrame(
        {
            "Pôle": rows["name"],
            "Pourquoi il ressemble": rows["why"],
            "Distance du périmètre": rows["distance_km"].map(distance),
            "Commune ou département": place,
            "Famille": rows["activity_family"].map(lambda v: labels.of("activity_family", v)),
            "Thèmes": rows["themes"].map(lambda v: ", ".join(v) or text.UNKNOWN_TEXT),
            "Chiffres et aides connus": rows["known"],
        }
    )


def distance(km: float) -> str:
    """A distance in words."""
    if pd.isna(km):
        return text.UNKNOWN_TEXT
    return "dans le périmètre" if km == 0 else f"{text.number(km, 1 if km < 10 else 0)}{text.NBSP}km"


def scenario_names(study: Study) -> dict[str, str]:
    """Scenario id -> a name that tells it from the others."""
    made: dict[str, str] = {}
    for scenario in study.scenarios:
        name = " ".join(scenario.name.split()) or "Sans nom"
        made[scenario.id] = f"{name} ({scenario.id})" if name in made.values() else name
    return made


def balances(study: Study, scenario: str) -> list[tuple[str, str]]:
    """One verdict per year of a scenario: (`equilibre`, `manque`, `excedent` or `vide`, sentence to the euro)."""
    rows = scenarios.totals(study)
    rows = rows[(rows["scenario"] == scenario) & rows["year"].notna()]
    said = []
    for row in rows.itertuples():
        both = f"{text.euros(row.resources_eur)} de ressources, {text.euros(row.uses_eur)} d’emplois"
        gap = text.euros(abs(row.difference_eur))
        if not row.resources_eur and not row.uses_eur:
            said.append(("vide", f"{row.year} : aucun montant en argent n’est encore entré."))
        elif row.is_balanced:
            said.append(("equilibre", f"{row.year} : les ressources égalent les emplois ({both})."))
        elif row.difference_eur < 0:
            said.append(("manque", f"{row.year} : il manque {gap} ({both})."))
        else:
            said.append(("excedent", f"{row.year} : {gap} de ressources sont sans emploi ({both})."))
    return said


def plan(study: Study) -> pd.DataFrame:
    """Resources and uses of every scenario and year; the figures of the chart."""
    names = scenario_names(study)
    rows = scenarios.totals(study)
    rows = rows[rows["year"].notna()]
    return pd.DataFrame(
        {
            "Scénario": rows["scenario"].map(names),
            "Année": rows["year"].astype("str"),
            "Ressources en argent (€)": rows["resources_eur"],
            "Emplois en argent (€)": rows["uses_eur"],
            "Différence (€)": rows["difference_eur"],
            "Équilibre": rows["is_balanced"].map({True: "oui", False: "non"}),
            "Bénévolat valorisé, à part (€)": rows["volunteer_resources_eur"],
        }
    ).reset_index(drop=True)


def compared(study: Study) -> pd.DataFrame:
    """Totals, then measures, in rows; scenarios in columns; a year or base that a scenario lacks is a dash."""
    names = scenario_names(study)
    lines: dict[tuple[str, str, str], dict[str, str]] = {}
    heads = {
        "resources_eur": "Ressources en argent", "uses_eur": "Emplois en argent",
        "difference_eur": "Ressources moins emplois", "volunteer_resources_eur": "Bénévolat valorisé, à part",
    }  # fmt: skip
    found = scenarios.totals(study)
    for row in found[found["year"].notna()].to_dict("records"):
        for column, head in heads.items():
            key = (head, "toutes", str(row["year"]))
            lines.setdefault(key, {})[row["scenario"]] = text.euros(row[column])
    for row in scenarios.compared(study).to_dict("records"):
        key = (str(row["label"]), str(row["base_label"]).lower(), str(row["year"]))
        low, high, value = (None if pd.isna(row[c]) else float(row[c]) for c in ("low", "high", "value"))
        lines.setdefault(key, {})[row["scenario"]] = measure_text(value, low, high, str(row["unit"]))
    rows = [
        {"Ce qui est comparé": what, "Base": base, "Année": year, **{n: said.get(i, "–") for i, n in names.items()}}
        for (what, base, year), said in lines.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["Ce qui est comparé", "Base", "Année", *names.values()])


def warnings(study: Study, scenario: str) -> list[str]:
    """Warnings of a scenario in words; the balance is said apart."""
    rows = scenarios.warnings(study)
    rows = rows[(rows["scenario"] == scenario) & (rows["kind"] != "emplois_ressources")]
    return [str(t) for t in rows["text"]]


def scores(study: Study, weakest: bool = False) -> pd.DataFrame:
    """The nine objectives with their scores; what is not scored says so."""
    rows = assessment.weakest_first(study) if weakest else assessment.scores(study)
    return pd.DataFrame(
        {
            "Objectif": rows["label"],
            "Objectif général": rows["general_label"],
            "Note (0 à 4)": ["non noté" if pd.isna(v) else str(v) for v in rows["score"]],
            "Niveau": rows["score_label"],
            "Commentaire": rows["comment"],
            "Preuves": rows["evidence"],
        }
    )


def mean_text(found: assessment.Mean) -> str:
    """`2,3 sur 4 (n = 3 sur 9)`, or why there is none."""
    if found.value is None:
        return f"pas de moyenne (aucun noté sur {found.total})"
    return f"{text.number(found.value, 1)} sur 4 (n = {found.n} sur {found.total})"


def open_suggestions(study: Study, found: Sequence[Suggestion]) -> list[Suggestion]:
    """Suggestions that no item of the study was taken from."""
    taken = {item.from_suggestion for item in study.afom}
    return [s for s in found if s.id not in taken]


def source_names(dataset: Dataset, ids: Iterable[str], most: int = 3) -> str:
    """Publishers of sources, in words; the layers of Insee and IGN where none is named."""
    known = publishers(dataset)
    named = list(dict.fromkeys(known.get(i, i) for i in ids))
    if not named:
        return "calcul de l’atlas, données Insee et IGN"
    more = len(named) - most
    return (
        text.join(named)
        if more <= 0
        else f"{', '.join(named[:most])} et {text.count(more, 'autre', 'autres')}"
    )


def item_source(dataset: Dataset, item: AfomItem) -> str:
    """Where a suggestion that was taken up comes from, in words."""
    return source_names(dataset, [i.strip() for i in item.source.split(",") if i.strip()])


def roadmap(study: Study) -> pd.DataFrame:
    """The roadmap as an editable frame: its id, then the columns of ROADMAP."""
    rows = [(s.id, s.label, s.start or "", s.end or "", s.lead, s.note) for s in study.roadmap]
    return pd.DataFrame(rows, columns=["id", *ROADMAP.values()], dtype="str").reset_index(drop=True)


def steps(frame: pd.DataFrame) -> tuple[tuple[Step, ...], list[str]]:
    """The steps an edited frame holds, and what of it cannot be read, line by line, in French."""
    made: list[Step] = []
    faults = []
    for number, row in enumerate(frame.to_dict("records"), start=1):
        cells = {k: "" if v is None or pd.isna(v) else str(v).strip() for k, v in row.items()}
        if not any(cells[head] for head in ROADMAP.values()):
            continue
        months: dict[str, str | None] = {}
        for field in ("start", "end"):
            typed = cells[ROADMAP[field]]
            months[field] = month(typed)
            if typed and months[field] is None:
                faults.append(
                    f"Ligne {number}, « {ROADMAP[field]} » : « {typed} » n’est pas un mois (2027-03)."
                )
        start, end = months["start"], months["end"]
        if start and end and end < start:
            faults.append(f"Ligne {number} : la fin ({end}) précède le début ({start}).")
        taken = [s.id for s in made] + [str(i) for i in frame["id"].dropna()]
        own = cells["id"] if cells["id"] and cells["id"] not in [s.id for s in made] else new_id("e", taken)
        texts = {field: cells[ROADMAP[field]][:300] for field in ("label", "lead")}
        made.append(Step(id=own, start=start, end=end, note=cells[ROADMAP["note"]], **texts))
    return tuple(made), faults


def month(typed: str) -> str | None:
    """`2027-03` out of what people type (`2027-3`, `03/2027`); None when it is no month."""
    found = _MONTH.fullmatch(typed) or _TURNED.fullmatch(typed)
    return f"{found['year']}-{int(found['month']):02d}" if found else None


def changed(item: Item, **changes: Any) -> Item:
    """A copy of a piece of a study with some fields changed, all checked. Raises pydantic.ValidationError."""
    fields = {name: getattr(item, name) for name in type(item).model_fields}
    return type(item)(**{**fields, **changes})


def with_scenario(study: Study, scenario: Scenario) -> tuple[Scenario, ...]:
    """The scenarios of a study with one of them changed."""
    return tuple(scenario if s.id == scenario.id else s for s in study.scenarios)
