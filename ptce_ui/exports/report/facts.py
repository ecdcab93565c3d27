"""What a report says of a study, computed once from the data and shared by all its parts and formats."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from ptce_data import regional, schemes
from ptce_data import study as st
from ptce_data.funding import mixes
from ptce_data.funding.mix import Mix
from ptce_data.study.existing import Imprecise
from ptce_data.territories.french import quoted
from ptce_data.territories.parameters import TYPE_LABELS
from ptce_ui.exports.report.words import small
from ptce_ui.text import Labels, euros, join

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_data.study import Access, Area, Study, Suggestion

#: Peers shown, and pôles proposed where the author chose none.
PEERS, POLES = 10, 6
_EMPTY = pd.DataFrame()


@dataclass(frozen=True, eq=False)
class Peers:
    """Comparable intercommunalities of the main one of the perimeter.

    `frame`: as `regional.peers` returns it, plus `chosen` (boolean: kept by the author). `home`: code and
    name of the intercommunality that is compared, and its share of the perimeter's people, in percent.
    """

    frame: pd.DataFrame
    home: tuple[str, str, float]
    notes: tuple[str, ...]
    other_names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Search:
    """Schemes for one project: what was asked, in words, and the answer; `fault` where it was refused."""

    title: str
    asked: str
    result: schemes.Fit | None
    fault: str = ""


@dataclass(frozen=True, eq=False)
class Facts:
    """Everything computed. Without a territory, `area` is None and `refusal` says why, in French.

    Frames are those of `ptce_data.study`; `poles` has one row per inspiring pôle (columns of
    `dataset.poles`), `poles_chosen` tells whether the author chose them.
    """

    dataset: Dataset
    study: Study
    today: datetime.date
    labels: Labels
    area: Area | None
    refusal: str
    checks: tuple[str, ...]
    places: pd.DataFrame
    vague: Imprecise | None
    covering: pd.DataFrame
    arrangement: pd.DataFrame
    access: Access | None
    suggestions: tuple[Suggestion, ...]
    peers: Peers | None
    searches: tuple[Search, ...]
    mixes: tuple[Mix, ...]
    poles: pd.DataFrame
    poles_chosen: bool

    @property
    def shown(self) -> pd.DataFrame:
        """The places that the study keeps."""
        return self.places if self.places.empty else self.places[~self.places["hidden"]]

    @property
    def main_type(self) -> str | None:
        """The type of most people of the perimeter, None where it is unknown."""
        if self.area is None:
            return None
        rows = self.area.types[self.area.types["territory_type"].isin(TYPE_LABELS)]
        if not rows["population"].sum():
            return None
        return str(rows.loc[rows["population"].idxmax(), "territory_type"])


def gather(dataset: Dataset, study: Study, today: datetime.date) -> Facts:
    """Compute all that a report says. Never raises for what a study may hold."""
    area, refusal = None, ""
    try:
        area = st.resolve(dataset, study.perimeter)
    except st.PerimeterError as error:
        refusal = str(error)
    labels = Labels(dataset.categories)
    made: dict[str, Any] = {
        "places": _EMPTY, "vague": None, "covering": _EMPTY, "arrangement": _EMPTY, "access": None,
        "suggestions": (), "peers": None, "searches": (),
    }  # fmt: skip
    if area is not None:
        places, covering = st.existing(dataset, area, study), st.schemes(dataset, area)
        made |= {
            "places": places,
            "vague": st.imprecise(dataset, area, study),
            "covering": covering,
            "arrangement": st.status(dataset, area, places, study, covering),
            "access": st.access(dataset, area, study),
            "suggestions": tuple(st.suggestions(dataset, area, places, covering, study)),
            "peers": _peers(dataset, area, study),
            "searches": tuple(_searches(dataset, area, study, labels)),
        }
    facts = Facts(
        dataset=dataset, study=study, today=today, labels=labels, area=area, refusal=refusal,
        checks=tuple(st.check(dataset, study)), mixes=tuple(mixes.mixes(dataset)), poles=_EMPTY, poles_chosen=False,
        **made,
    )  # fmt: skip
    poles, chosen = _poles(facts)
    return Facts(**{**vars(facts), "poles": poles, "poles_chosen": chosen})


def _peers(dataset: Dataset, area: Area, study: Study) -> Peers | None:
    if area.epci.empty:
        return None
    main = area.epci.sort_values(["population", "code"], ascending=[False, True]).iloc[0]
    code = str(main["code"])
    wanted = {c.rpartition(":")[2] for c in study.peers}
    # A sentence per peer has a cost: no more of them than it takes to reach those that the author kept.
    ranks = regional.contributions(dataset, "epci", code).sum(axis=1).round(12).rank(method="max")
    farthest = ranks.reindex(sorted(wanted)).max()
    many = PEERS if pd.isna(farthest) else max(PEERS, int(farthest))
    frame = regional.peers(dataset, "epci", code, n=many)
    frame = frame.assign(chosen=frame["code"].isin(wanted))
    frame = frame[frame["chosen"] | (frame.reset_index(drop=True).index < PEERS)].reset_index(drop=True)
    others = sorted(wanted - set(frame["code"]) - {code})
    names = _area_names(dataset)
    return Peers(
        frame,
        (code, str(main["name"]), float(main["share_pct"])),
        regional.notes(dataset, "epci", code),
        tuple(names.get(c, c) for c in others),
    )


def _area_names(dataset: Dataset) -> dict[str, str]:
    levels = (("communes", "commune_insee"), ("epci", "epci_siren"), ("former_regions", "former_region_code"),
              ("regions", "region_code"), ("departements", "departement_code"))  # fmt: skip
    return {
        str(code): str(name)
        for level, key in levels
        for code, name in zip(getattr(dataset, level)[key], getattr(dataset, level)["name"], strict=True)
    }


def _searches(dataset: Dataset, area: Area, study: Study, labels: Labels) -> list[Search]:
    """One search per distinct project of the scenarios; without any, that of a PTCE with no amount."""
    kinds, natures = labels.codes("scheme_category"), labels.codes("funding_kind")
    communes = tuple(area.communes["commune_insee"])
    asked: dict[tuple[Any, ...], list[str]] = {}
    for scenario in study.scenarios:
        if scenario.project_kind:
            key = (scenario.project_kind, scenario.amount_eur, scenario.needs)
            asked.setdefault(key, []).append(scenario.name)
    made = []
    for (kind, amount, needs), names in (asked or {("ptce", None, ()): []}).items():
        title = (
            f"pour {', '.join(quoted(n) if n else 'un scénario' for n in names)}" if names else "pour un PTCE"
        )
        known = tuple(n for n in needs if n in kinds), tuple(n for n in needs if n in natures)
        words = _asked(labels, kind, amount, (*known[0], *known[1]), bool(names))
        project = schemes.Project(
            kind, communes, (), amount or None, categories=known[0], funding_kinds=known[1]
        )
        try:
            made.append(Search(title, words, schemes.fit(dataset, project)))
        except schemes.ProjectError as error:
            made.append(Search(title, words, None, str(error)))
    return made


def _asked(labels: Labels, kind: str, amount: float | None, needs: tuple[str, ...], is_said: bool) -> str:
    words = f"projet de type « {labels.of('scheme_target', kind)} »"
    if amount:
        words += f", aide recherchée de {euros(amount)}"
    if needs:
        named = [
            next(
                label
                for field in ("scheme_category", "funding_kind")
                if (label := labels.of(field, n)) != n or field == "funding_kind"
            )
            for n in needs
        ]
        words += f", besoins : {join([small(n) for n in named])}"
    return words if is_said else f"{words}, sans montant : aucun scénario ne dit le projet"


def _poles(facts: Facts) -> tuple[pd.DataFrame, bool]:
    """The pôles that the author chose, else the best documented ones of the same type elsewhere."""
    dataset, frame = facts.dataset, facts.dataset.poles
    wanted = [dataset.merged_uids.get(u, u) for u in facts.study.inspiring_poles]
    if wanted:
        rows = frame[frame["uid"].isin(wanted)]
        return rows.sort_values("uid", key=lambda s: s.map(wanted.index), ignore_index=True), True
    main = facts.main_type
    if main is None:
        return frame.iloc[:0], False
    places = dataset.places
    near = set(facts.places.loc[facts.places["where"] == "perimetre", "uid"])
    alike = places.loc[(places["kind"] == "pole") & (places["territory_type"] == main), "uid"]
    rows = frame[frame["uid"].isin(set(alike) - near)]
    told = rows["uid"].map(dataset.funding_figures["entity_uid"].value_counts()).astype("float64").fillna(0)
    facts_known = (
        rows[["members_count", "jobs_count", "created_year", "legal_form", "origin"]].notna().sum(axis=1)
    )
    order = (
        pd.DataFrame({"a": -told, "b": -facts_known, "c": rows["name"]}).sort_values(["a", "b", "c"]).index
    )
    return rows.loc[order].head(POLES).reset_index(drop=True), False
