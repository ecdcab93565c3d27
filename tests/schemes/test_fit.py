"""Which schemes for a project: points, reasons, what rules out, what is only unknown."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data import coverage, schema
from ptce_data.load import Dataset
from ptce_data.schemes import RULES, VERDICTS, Project, ProjectError, fit
from ptce_data.schemes.catalogue import NEAREST
from ptce_data.schemes.rules import PUBLICS

EMPTY = schema.empty("support_schemes")
KINDS = ("ptce", "tiers_lieux", "fablab", "living_lab", "clusters", "ess", "innovation_sociale")
OPEN = {"status": "open", "source_id": "recente", "category": "appels_a_projets"}
FACTS = st.fixed_dictionaries(
    {
        "coverage_codes": st.sampled_from(
            ["FR", "REG-84", "DEP-69", "COM-69001", "EPCI-200000001", "REG-76"]
        ),
        "coverage_precision": st.sampled_from(["exact", "approche"]),
        "targets": st.sampled_from(["ess", "innovation_sociale", "tiers_lieux", "clusters", "ptce|ess"]),
        "status": st.sampled_from(["open", "closed", "unknown"]),
        "funding_kind": st.sampled_from([None, "mixte", "pret", "subvention"]),
        "amount_min_eur": st.sampled_from([None, 500.0, 20_000.0]),
        "amount_max_eur": st.sampled_from([None, 20_000.0, 90_000.0]),
        "rate_max_pct": st.sampled_from([None, 50.0]),
        "territory_priority": st.sampled_from([None, "rural", "periurbain", "desindustrialise"]),
        "end_year": st.sampled_from([None, 2016, 2030]),
        "category": st.sampled_from(["appels_a_projets", "capitalisation"]),
        "source_id": st.sampled_from(["recente", "source-a", "source-b"]),
    }
)
PROJECTS = st.builds(
    Project,
    kind=st.sampled_from(KINDS),
    communes=st.sampled_from([("69001",), ("69001", "63001")]),
    amount_eur=st.sampled_from([None, 1_000.0, 50_000.0]),
    categories=st.sampled_from([(), ("appels_a_projets",)]),
    funding_kinds=st.sampled_from([(), ("subvention",)]),
)


def with_schemes(dataset: Dataset, *rows: dict[str, Any]) -> Dataset:
    """The data set with these schemes only; facts that are not given are unknown."""
    base = {"operator": "Porteur", "level": "region", "coverage_codes": "FR", "coverage_precision": "exact"}
    base |= {"category": "appels_a_projets", "targets": "ptce", "status": "unknown", "summary": "Une aide."}
    empty = EMPTY
    made = [{"id": f"aide-{n}", "name": f"Aide {n}", **base, **row} for n, row in enumerate(rows)]
    types = {column: str(dtype) for column, dtype in empty.dtypes.items()}
    frame = pd.DataFrame(made, columns=list(empty.columns)).astype(types)
    source = {"id": "recente", "publisher": "É", "url": "https://example.org"}
    source |= {"date_published": "2026-01", "date_accessed": "2026-11-21"}
    sources = pd.concat([dataset.sources, pd.DataFrame([source])], ignore_index=True)
    return dataclasses.replace(dataset, support_schemes=frame, sources=sources)


def one(dataset: Dataset, project: Project, **facts: Any) -> pd.Series:
    """The ranked row of one scheme."""
    found = fit(with_schemes(dataset, facts), project)
    assert len(found.ranked) == 1, found.ruled_out["reason"].tolist()
    return found.ranked.iloc[0]


ALPHA = Project("ptce", communes=("69001",))


def test_the_points_add_up_to_a_hundred(small: Dataset) -> None:
    assert sum(rule.points for rule in RULES) == 100
    assert all(0 <= rule.partial < rule.points for rule in RULES)
    best = dataclasses.replace(ALPHA, amount_eur=1_000.0, funding_kinds=("subvention",))
    facts = OPEN | {
        "funding_kind": "subvention",
        "amount_max_eur": 5_000,
        "territory_priority": "desindustrialise",
    }
    row = one(small, best, **facts)
    assert row["fit"] == 100
    assert row["verdict"] == "à étudier" and row["against"] == ()


def test_nothing_known_is_neither_yes_nor_no(small: Dataset) -> None:
    row = one(
        small,
        dataclasses.replace(ALPHA, amount_eur=1_000.0, funding_kinds=("subvention",)),
        source_id="source-b",
    )
    assert row["fit"] == 25 + 25 + 5
    assert row["verdict"] == "à vérifier" and row["against"] == ()
    checks = " ".join(row["to_check"])
    for word in (
        "Statut inconnu",
        "Maximum inconnu",
        "Nature de l’aide non renseignée",
        "sans date",
        "taux maximal",
    ):
        assert word in checks


@pytest.mark.parametrize(
    ("kind", "targets", "points", "doubtful"),
    [
        ("ptce", "ptce|ess", 25, False),
        ("ptce", "ess", 18, False),
        ("ptce", "innovation_sociale|clusters", 10, True),
        ("fablab", "tiers_lieux", 18, False),
        ("tiers_lieux", "fablab", 10, True),
        ("ess", "innovation_sociale", 10, True),
    ],
)
def test_publics_named_by_definition_or_perhaps(
    small: Dataset, kind: str, targets: str, points: int, doubtful: bool
) -> None:
    row = one(small, Project(kind, communes=("69001",)), **OPEN, targets=targets)
    assert row["points_public"] == points
    assert row["verdict"] == ("à vérifier" if doubtful else "à étudier")


def test_only_territory_and_publics_rule_out(small: Dataset) -> None:
    data = with_schemes(
        small,
        {"coverage_codes": "REG-76"},
        {"targets": "tiers_lieux|fablab"},
        {"status": "closed", "amount_max_eur": 1, "funding_kind": "pret"},
        {"coverage_codes": "DEP-31|DEP-69"},
    )
    found = fit(data, dataclasses.replace(ALPHA, amount_eur=1e6, funding_kinds=("subvention",)))
    assert dict(zip(found.ruled_out["scheme_id"], found.ruled_out["reason"], strict=True)) == {
        "aide-0": "Ne couvre pas votre territoire, mais : Occitanie.",
        "aide-1": "Réservé à un autre public : Tiers-lieux et Fablabs.",
    }
    assert found.ruled_out_counts == {"territoire": 1, "public": 1}
    assert found.ranked["scheme_id"].tolist() == ["aide-3", "aide-2"]
    assert found.ranked["verdict"].tolist() == ["à vérifier", "clos – pour mémoire"]
    assert len(found.ranked.iloc[1]["against"]) == 3


@pytest.mark.parametrize(
    ("facts", "points", "said"),
    [
        ({"coverage_codes": "EPCI-200000001"}, 25, None),
        ({"coverage_codes": "COM-69001"}, 10, "1 des 2 communes"),
        ({"coverage_precision": "approche", "coverage_note": "flou"}, 10, "Périmètre imprécis : flou."),
        ({"coverage_codes": "ANCREG-82"}, 25, "région d’avant 2016"),
        ({"coverage_codes": "COM-69001|COM-69002"}, 25, None),
    ],
)
def test_a_territory_in_whole_in_part_or_nearly(
    small: Dataset, facts: Any, points: int, said: str | None
) -> None:
    row = one(small, Project("ptce", epci=("200000001",)), **OPEN, **facts)
    assert row["points_territoire"] == points
    assert (said is None) == (row["verdict"] == "à étudier")
    assert said is None or any(said in sentence for sentence in row["to_check"])


@pytest.mark.parametrize(
    ("project", "priority", "points"),
    [
        (ALPHA, "desindustrialise", 10),
        (ALPHA, "rural|desindustrialise", 10),
        (ALPHA, "quartier_populaire_urbain", 0),
        (Project("ptce", communes=("63001",)), "quartier_populaire_urbain", 10),
        (Project("ptce", communes=("31002",)), "rural", 10),
        (ALPHA, None, 0),
    ],
)
def test_priorities_meet_the_computed_type(
    small: Dataset, project: Project, priority: Any, points: int
) -> None:
    row = one(small, project, **OPEN, territory_priority=priority)
    assert row["points_priorite"] == points
    assert bool(row["against"]) == (priority is not None and points == 0)
    if priority == "quartier_populaire_urbain" and points:
        assert any("quartier prioritaire" in sentence for sentence in row["to_check"])


def test_a_priority_of_a_part_of_the_territory_earns_half(real: Dataset) -> None:
    types = real.territories.epci  # type: ignore[union-attr]
    part = types[(types["territory_type"] == "rural") & (types["share_periurbain_pct"] > 0)].iloc[0]
    row = one(real, Project("ptce", epci=(part["epci_siren"],)), **OPEN, territory_priority="periurbain")
    assert row["points_priorite"] == 5
    assert any("Une partie seulement" in sentence for sentence in row["to_check"])


def test_a_priority_of_the_epci_around_a_commune_earns_half(real: Dataset) -> None:
    computed = real.territories
    assert computed is not None
    kinds = computed.epci.set_index("epci_siren")["territory_type"]
    communes = computed.communes.assign(around=computed.communes["epci_siren"].map(kinds))
    inside = (
        (communes["territory_type"] == "periurbain") & (communes["around"] == "rural") & ~communes["is_rural"]
    )
    commune = communes[inside.fillna(False)].iloc[0]["commune_insee"]
    row = one(real, Project("ptce", communes=(commune,)), **OPEN, territory_priority="rural")
    assert row["points_priorite"] == 5


def test_unknown_types_are_to_be_checked(small: Dataset) -> None:
    row = one(dataclasses.replace(small, territories=None), ALPHA, **OPEN, territory_priority="rural")
    assert row["points_priorite"] == 0 and row["against"] == ()
    assert any("n’est pas connu" in sentence for sentence in row["to_check"])


@pytest.mark.parametrize(
    ("low", "high", "points", "against"),
    [
        (None, 50_000, 10, 0),
        (None, 49_999, 0, 1),
        (50_001, None, 0, 1),
        (1_000, None, 0, 0),
        (50_000, 60_000, 10, 0),
    ],
)
def test_amounts(small: Dataset, low: Any, high: Any, points: int, against: int) -> None:
    row = one(
        small,
        dataclasses.replace(ALPHA, amount_eur=50_000.0),
        **OPEN,
        amount_min_eur=low,
        amount_max_eur=high,
    )
    assert (row["points_montant"], len(row["against"])) == (points, against)


def test_what_is_sought(small: Dataset) -> None:
    wants = dataclasses.replace(ALPHA, funding_kinds=("ingenierie",), categories=("capitalisation",))
    kinds = {"ingenierie": 10, "mixte": 5, "pret": 0, None: 0}
    for kind, points in kinds.items():
        row = one(small, wants, **OPEN, funding_kind=kind)
        assert row["points_nature"] == points
        assert row["points_categorie"] == 0 and any("catégorie" in s for s in row["against"])
    assert one(small, wants, **(OPEN | {"category": "capitalisation"}))["points_categorie"] == 5
    assert any("directement" in s for s in one(small, ALPHA, category="etudes_recherche")["against"])


def test_an_old_source_or_a_past_period_is_never_simply_to_be_studied(small: Dataset) -> None:
    old = one(small, ALPHA, **(OPEN | {"source_id": "source-a"}))
    assert old["verdict"] == "à vérifier" and any("Source ancienne" in s for s in old["to_check"])
    past = one(small, ALPHA, **OPEN, end_year=2025)
    assert past["verdict"] == "à vérifier" and past["against"] == (
        "La période documentée s’achevait en 2025.",
    )
    assert one(small, ALPHA, **OPEN, end_year=2026)["verdict"] == "à étudier"


@settings(max_examples=40, deadline=None)
@given(facts=FACTS, project=PROJECTS, data=st.data())
def test_a_known_fact_that_fits_never_lowers(small: Dataset, facts: Any, project: Project, data: Any) -> None:
    fitting = {
        "coverage_codes": "FR",
        "coverage_precision": "exact",
        "targets": f"{facts['targets']}|{project.kind}"
        if project.kind not in facts["targets"]
        else facts["targets"],
        "status": "open",
        "funding_kind": "subvention",
        "amount_max_eur": 1e9,
        "amount_min_eur": None,
        "territory_priority": "desindustrialise",
        "source_id": "recente",
        "category": "appels_a_projets",
    }
    field = data.draw(st.sampled_from(sorted(fitting)))
    found = fit(with_schemes(small, facts, facts | {field: fitting[field]}), project)
    scores = dict(zip(found.ranked["scheme_id"], found.ranked["fit"], strict=True))
    assert scores.get("aide-1", -1) >= scores.get("aide-0", -1)
    assert len(found.ranked) + len(found.ruled_out) == 2
    assert found.ranked["fit"].between(0, 100).all()


@settings(max_examples=15, deadline=None)
@given(facts=FACTS, project=PROJECTS, amount=st.floats(1, 1e7))
def test_an_amount_above_the_maximum_never_raises(
    small: Dataset, facts: Any, project: Project, amount: float
) -> None:
    facts = facts | {"amount_max_eur": 800.0, "amount_min_eur": None}
    data = with_schemes(small, facts)
    silent = fit(data, dataclasses.replace(project, amount_eur=None)).ranked["fit"].sum()
    asked = fit(data, dataclasses.replace(project, amount_eur=max(amount, 801.0))).ranked
    assert asked["fit"].sum() <= silent
    assert all(any("dépasse le maximum" in s for s in row) for row in asked["against"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_real_scheme_is_ranked_or_ruled_out_with_a_reason(real: Dataset, kind: str) -> None:
    project = Project(kind, communes=("35238",), epci=("200070035",), amount_eur=40_000.0)
    found = fit(real, project)
    ids = [*found.ranked["scheme_id"], *found.ruled_out["scheme_id"]]
    assert sorted(ids) == sorted(real.support_schemes["id"])
    assert found.ruled_out["reason"].str.len().gt(20).all()
    points = found.ranked[[f"points_{rule.code}" for rule in RULES]]
    assert (points.sum(axis=1) == found.ranked["fit"]).all()
    assert set(found.ranked["verdict"]) <= {label for label, _ in VERDICTS.values()}
    closed = found.ranked["status"] == "closed"
    assert closed.is_monotonic_increasing
    for _, rows in found.ranked.groupby(closed):
        assert rows["fit"].is_monotonic_decreasing
        for _, ties in rows.groupby("fit"):
            assert ties["level"].map(NEAREST.index).is_monotonic_increasing
    for sentences in pd.concat([found.ranked[c] for c in ("reasons", "to_check", "against")]):
        assert all(
            s[0].isupper() and s.endswith(".") and "None" not in s and "nan" not in s for s in sentences
        )
    pd.testing.assert_frame_equal(found.ranked, fit(real, project).ranked)


def test_the_territory_of_the_search_is_that_of_the_coverage_module(real: Dataset) -> None:
    found = fit(real, Project("ptce", communes=("35238",)))
    away = set(found.ruled_out.loc[found.ruled_out["rule"] == "territoire", "scheme_id"])
    covering = set(coverage.of_area(real, "communes", "35238")["id"])
    assert away == set(real.support_schemes["id"]) - covering


def test_the_national_and_european_ones_are_always_there(real: Dataset) -> None:
    overseas = fit(real, Project("ptce", communes=("97411",))).ranked
    assert {"etat", "ue", "region"} <= set(overseas["level"])
    assert overseas.loc[overseas["scheme_id"] == "dla", "points_territoire"].item() == 25


def test_the_publics_are_values_of_the_registry(real: Dataset) -> None:
    registry = real.categories
    known = set(registry.loc[registry["field"] == "scheme_target", "value"])
    assert set(PUBLICS) == known == set(KINDS)
    for kind, ways in PUBLICS.items():
        assert set(ways) <= known - {kind}


@pytest.mark.parametrize(
    ("project", "field"),
    [
        (Project("ptce"), "communes"),
        (Project("ptce", communes=("97801",)), "communes"),
        (Project("ptce", epci=("1",)), "epci"),
        (Project("pole", communes=("69001",)), "kind"),
        (dataclasses.replace(ALPHA, categories=("x",)), "categories"),
        (dataclasses.replace(ALPHA, funding_kinds=("don",)), "funding_kinds"),
        (dataclasses.replace(ALPHA, amount_eur=0.0), "amount_eur"),
        (dataclasses.replace(ALPHA, amount_eur=float("nan")), "amount_eur"),
        (dataclasses.replace(ALPHA, amount_eur=float("inf")), "amount_eur"),
    ],
)
def test_a_project_that_cannot_be_read_is_said(small: Dataset, project: Project, field: str) -> None:
    with pytest.raises(ProjectError) as caught:
        fit(small, project)
    assert caught.value.field == field and str(caught.value).endswith(".")


def test_hostile_names_are_ranked_like_others(hostile: Dataset) -> None:
    assert len(fit(hostile, ALPHA).ranked) > 9


def test_a_search_takes_less_than_a_sixth_of_a_second(real: Dataset) -> None:
    project = Project("tiers_lieux", epci=("200054781",), amount_eur=40_000.0, funding_kinds=("subvention",))
    took = []
    for _ in range(5):
        start = time.perf_counter()
        fit(real, project)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.15
