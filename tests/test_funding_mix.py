"""Mixes and measures: exact results on small cases, laws on any mix, bases that cannot be put together."""

from __future__ import annotations

import dataclasses
import itertools
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data import funding
from ptce_data.funding import (
    BASES,
    CATEGORIES,
    NATURES,
    ORIGINS,
    STAGES,
    Amount,
    BaseMismatch,
    Entity,
    Figure,
    Mix,
    build,
    measure,
    measures,
)
from ptce_data.funding import mixes as documented
from ptce_data.funding.figures import TOLERANCE
from ptce_data.load import Dataset
from ptce_data.selection import Selection

ANYBODY = Entity("x", "ptce", "X")
CASH = [c for c, scheme in CATEGORIES.items() if scheme.is_cash]
_COUNT = itertools.count()


def figure(category: str, share: float | None = None, **more: object) -> Figure:
    values = {"base": "budget_annuel", "source_id": "a", "confidence": "high", **more}
    return Figure(f"f{next(_COUNT)}", category, share_pct=share, **values)  # type: ignore[arg-type]


def mix(*figures: Figure) -> Mix:
    return build(ANYBODY, 2020, figures)


def value(made: Mix, name: str) -> tuple[float | None, float | None, float | None]:
    found = measure(made, name)
    return found.value, found.low, found.high


# -- the scheme ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "labels"),
    [
        ("funding_category", {v: c.label for v, c in CATEGORIES.items()}),
        ("funding_base", BASES),
        ("funding_nature", NATURES),
        ("figure_stage", STAGES),
    ],
)
def test_the_scheme_says_what_the_registry_says(real: Dataset, field: str, labels: dict[str, str]) -> None:
    rows = real.categories[real.categories["field"] == field].sort_values("position")
    assert dict(zip(rows["value"], rows["label"], strict=True)) == labels
    assert set(rows["value"]) == set(labels)


def test_every_category_has_its_place_on_the_first_axis() -> None:
    assert {c.origin for c in CATEGORIES.values()} == set(ORIGINS)
    for c in CATEGORIES.values():
        assert not (c.is_public and c.is_own_resource)
        assert c.is_cash == (c.value != "benevolat")
    table = funding.table()
    assert table["value"].tolist() == list(CATEGORIES)
    assert table.loc[table["value"] == "autre", "is_public"].isna().all()
    assert table.loc[
        table["value"] == "commande_publique", ["is_public", "is_own_resource"]
    ].values.tolist() == [[False, True]]


# -- states ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "state"),
    [
        ([figure("subvention_region", 60), figure("cotisations_membres", 40)], "complete"),
        ([figure("subvention_region", 60), figure("cotisations_membres", 39.5)], "complete"),
        ([figure("subvention_region", 60), figure("cotisations_membres", 39.4)], "partial"),
        ([figure("subvention_region", 60), figure("cotisations_membres", 40.5)], "complete"),
        ([figure("subvention_region", 60), figure("cotisations_membres", 40.6)], "contradictory"),
        ([figure("subvention_region", 100)], "complete"),
        ([figure("subvention_region", 60)], "single"),
        ([figure("autre", total_eur=1000.0)], "single"),
        ([figure("subvention_region", amount_eur=1.0), figure("emprunt", amount_eur=1.0)], "partial"),
        (
            [figure("subvention_region", amount_eur=600.0, total_eur=1000.0), figure("autre", 40)],
            "complete",
        ),
        ([figure("subvention_region", 60), figure("subvention_region", 30, source_id="b")], "contradictory"),
        ([figure("subvention_region", 60), figure("subvention_region", 60.4, source_id="b")], "single"),
        ([figure("subvention_region", 60), figure("subvention_region", 40)], "complete"),
        (
            [figure("emprunt", 60, total_eur=100.0), figure("autre", 40, total_eur=200.0, source_id="b")],
            "contradictory",
        ),
        ([figure("emprunt", 60, amount_eur=10.0, total_eur=100.0)], "contradictory"),
        (
            [figure("subventions_publiques_non_ventilees", 60), figure("subvention_etat", 20, source_id="b")],
            "contradictory",
        ),
        (
            [figure("subventions_publiques_non_ventilees", 60), figure("subvention_etat", 20)],
            "partial",
        ),
        (
            [figure("subventions_publiques_non_ventilees", 60), figure("emprunt", 20, source_id="b")],
            "partial",
        ),
    ],
)  # fmt: skip
def test_the_state_of_a_mix(figures: list[Figure], state: str) -> None:
    made = mix(*figures)
    assert made.state == state
    assert bool(made.reasons) == (state == "contradictory")
    assert (made.missing is None) == (state == "contradictory")


def test_contradicting_sources_stay_side_by_side() -> None:
    made = mix(
        figure("subvention_region", 60), figure("subvention_region", 30, source_id="b"), figure("emprunt", 10)
    )
    assert [(p.category, p.contradicted, p.share and p.share.point) for p in made.parts] == [
        ("subvention_region", True, 60),
        ("subvention_region", True, 30),
        ("emprunt", False, 10),
    ]
    assert made.reasons == ("Subvention de la Région : 60\u00a0% et 30\u00a0%, selon la source",)
    assert not made.has_shares
    for found in measures(made):
        assert found.value is found.low is found.high is None
        assert "se contredisent" in str(found.reason)


def test_the_missing_part_is_told_and_never_filled() -> None:
    made = mix(figure("subvention_region", 30, share_min_pct=25, share_max_pct=35), figure("emprunt", 20))
    assert made.missing is not None
    assert (made.missing.low, made.missing.high, made.missing.point) == (45, 55, 50)
    assert made.parts[0].share is not None and (made.parts[0].share.low, made.parts[0].share.high) == (25, 35)
    unknown_total = mix(figure("subvention_region", amount_eur=5.0), figure("emprunt", 20))
    assert unknown_total.missing is not None and unknown_total.missing.point is None
    assert (unknown_total.missing.low, unknown_total.missing.high) == (0, 80)


@pytest.mark.parametrize(("bound", "low", "high"), [("maximum", 0, 7), ("minimum", 7, 100), (None, 7, 7)])
def test_a_bound_is_not_a_value(bound: str | None, low: float, high: float) -> None:
    share = mix(figure("subvention_region", 7, bound=bound)).parts[0].share
    assert share is not None and (share.low, share.high, share.is_exact) == (low, high, bound is None)


# -- measures --------------------------------------------------------------------------------------


def test_measures_of_a_complete_mix() -> None:
    made = mix(
        figure("subvention_region", 40),
        figure("subvention_etat", 20),
        figure("fonds_prives_mecenat_fondations", 10),
        figure("ressources_propres_prestations", 20),
        figure("commande_publique", 5),
        figure("emprunt", 5),
    )
    assert [(m.name, m.value, m.reason) for m in measures(made)] == [
        ("part_publique", 60, None),
        ("premier_financeur", 40, None),
        ("nombre_financeurs", 3, None),
        ("concentration", 1600 + 400 + 100 + 400 + 25 + 25, None),
        ("ressources_propres", 25, None),
    ]
    assert all(m.definition and m.label for m in measures(made))


def test_a_partial_mix_gives_bounds_and_the_reason() -> None:
    made = mix(figure("subvention_region", 30), figure("cotisations_membres", 20))
    assert value(made, "part_publique") == (None, 30, 80)
    assert value(made, "premier_financeur") == (None, 30, 50)
    assert value(made, "nombre_financeurs") == (None, 1, None)
    assert value(made, "concentration") == (None, 1300, 3800)
    assert value(made, "ressources_propres") == (None, 20, 70)
    assert measure(made, "part_publique").reason == "50\u00a0% du total non renseigné"


def test_a_part_that_outweighs_what_is_missing_is_the_first_funder() -> None:
    assert value(mix(figure("subvention_region", 60), figure("autre", 10)), "premier_financeur")[0] == 60


def test_the_public_total_of_a_source_is_its_public_share() -> None:
    single = mix(figure("subventions_publiques_non_ventilees", 43))
    assert value(single, "part_publique") == (43, 43, 43)
    assert measure(single, "part_publique").reason == "part publiée telle quelle par la source"
    detailed = mix(figure("subventions_publiques_non_ventilees", 12), figure("subvention_etat", 16))
    assert value(detailed, "part_publique") == (None, 28, 100)


def test_other_may_be_public_or_not() -> None:
    made = mix(figure("subvention_region", 60), figure("autre", 40))
    assert value(made, "part_publique") == (None, 60, 100)
    assert value(made, "ressources_propres") == (None, 0, 40)
    assert value(made, "nombre_financeurs") == (None, 1, None)
    assert measure(made, "part_publique").reason == "« Autre » sans détail"


def test_nothing_is_told_of_an_unknown_base_or_total() -> None:
    unknown = mix(
        figure("subvention_region", 60, base="non_precisee"), figure("emprunt", 40, base="non_precisee")
    )
    assert unknown.state == "complete"
    assert {m.value for m in measures(unknown)} == {None}
    assert value(unknown, "nombre_financeurs") == (None, 1, None)
    private = mix(figure("cotisations_membres", 25, base="revenus_prives"))
    assert value(private, "ressources_propres") == (None, None, None)
    amounts = mix(figure("subvention_region", amount_eur=5.0), figure("subvention_ue", amount_eur=5.0))
    assert value(amounts, "part_publique") == (None, None, None)
    assert measure(amounts, "part_publique").reason == "le total n’est pas connu"
    assert value(amounts, "nombre_financeurs") == (None, 2, None)


def test_no_funder_is_a_known_answer_when_the_mix_is_complete() -> None:
    made = mix(figure("ressources_propres_prestations", 100))
    assert value(made, "nombre_financeurs")[0] == 0 == value(made, "premier_financeur")[0]
    assert value(made, "concentration")[0] == 10_000


# -- bases: a test tries ---------------------------------------------------------------------------


def test_rows_of_different_bases_cannot_be_put_together() -> None:
    one, two = figure("emprunt", amount_eur=10.0), figure("autre", amount_eur=5.0, base="investissement")
    with pytest.raises(BaseMismatch, match="« Budget annuel » et « Investissement »"):
        mix(one, two)
    assert one.amount is not None and two.amount is not None
    with pytest.raises(BaseMismatch):
        one.amount + two.amount
    with pytest.raises(BaseMismatch):
        sum([one.amount, two.amount])
    with pytest.raises(BaseMismatch):
        mix(one) + mix(two)
    with pytest.raises(TypeError):
        mix(one) + mix(one)
    with pytest.raises(TypeError):
        one.amount + 3.0  # type: ignore[operator]
    with pytest.raises(TypeError):
        statistics.mean([one.amount, two.amount])  # type: ignore[type-var]
    with pytest.raises(TypeError):
        statistics.fmean([one.amount, two.amount])  # type: ignore[list-item]
    assert sum([one.amount, one.amount]) == Amount(20.0, "budget_annuel")


@pytest.mark.parametrize("base", ["non_precisee", "cumul"])
def test_unclear_bases_are_not_known_to_be_the_same(base: str) -> None:
    with pytest.raises(BaseMismatch):
        Amount(1.0, base) + Amount(1.0, base)


def test_a_target_is_not_put_with_an_observation() -> None:
    with pytest.raises(BaseMismatch, match="Objectif"):
        mix(figure("emprunt", 10), figure("autre", 20, stage="objectif"))
    with pytest.raises(ValueError, match="Aucun chiffre"):
        mix()


# -- laws ------------------------------------------------------------------------------------------

shares = st.floats(0, 100).map(lambda x: round(x, 1))


@st.composite
def several(draw: st.DrawFn) -> list[Figure]:
    """Figures of one entity, year and base, which may contradict each other."""
    total = draw(st.sampled_from([None, 1000.0]))
    made = []
    for number in range(draw(st.integers(1, 6))):
        low, point, high = sorted(draw(st.tuples(shares, shares, shares)))
        kind = draw(st.sampled_from(["share", "range", "amount"]))
        made.append(
            Figure(
                f"f{number}",
                draw(st.sampled_from(CASH)),
                "budget_annuel",
                amount_eur=point * 10 if kind == "amount" else None,
                share_pct=None if kind == "amount" else point,
                share_min_pct=low if kind == "range" else None,
                share_max_pct=high if kind == "range" else None,
                total_eur=total,
                bound=draw(st.sampled_from([None, None, None, "minimum", "maximum"])),
                source_id=draw(st.sampled_from(["a", "a", "a", "b"])),
                confidence=draw(st.sampled_from(["high", "medium", "low"])),
            )
        )
    return made


@st.composite
def complete(draw: st.DrawFn, among: list[str] = CASH) -> list[Figure]:
    """Exact parts of 1,000 €, one per category."""
    categories = draw(st.lists(st.sampled_from(among), min_size=1, max_size=8, unique=True))
    weights = [draw(st.integers(1, 1000)) for _ in categories]
    return [
        Figure(f"f{c}", c, "budget_annuel", amount_eur=w * 1000 / sum(weights), total_eur=1000.0)
        for c, w in zip(categories, weights, strict=True)
    ]


@settings(deadline=None)
@given(several())
def test_parts_and_the_unknown_make_the_whole(figures: list[Figure]) -> None:
    made = mix(*figures)
    if made.missing is None:
        assert made.state == "contradictory" and made.reasons
        return
    assert 0 <= made.missing.low <= made.missing.high <= 100
    told = [p.share for p in made.parts if p.share is not None]
    if len(told) == len(made.parts) and all(s.is_exact for s in told):
        assert made.missing.point is not None
        whole = sum(s.point or 0.0 for s in told) + made.missing.point
        assert whole == pytest.approx(100, abs=TOLERANCE + 1e-6)
    if made.state == "complete":
        assert made.missing.high == 0
    elif len(made.parts) > 1:
        assert made.state == "partial"


@settings(deadline=None)
@given(several(), st.randoms())
def test_the_order_of_rows_changes_nothing(figures: list[Figure], random: object) -> None:
    shuffled = list(figures)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert mix(*shuffled) == mix(*figures)
    assert measures(mix(*shuffled)) == measures(mix(*figures))


@settings(deadline=None)
@given(several(), st.lists(st.floats(1, 1e6), min_size=1, max_size=3), st.booleans())
def test_volunteer_time_never_changes_a_cash_measure(
    figures: list[Figure], hours: list[float], as_share: bool
) -> None:
    volunteers = [
        Figure(
            f"v{i}",
            "benevolat",
            "budget_annuel",
            amount_eur=None if as_share else x,
            share_pct=min(x, 100) if as_share else None,
            total_eur=x * 3,
            source_id="a",
        )
        for i, x in enumerate(hours)
    ]
    without, beside = mix(*figures), mix(*figures, *volunteers)
    assert measures(beside) == measures(without)
    assert (beside.state, beside.parts, beside.missing, beside.total) == (
        without.state,
        without.parts,
        without.missing,
        without.total,
    )
    assert len(beside.volunteer) == 1 and not without.volunteer


@settings(deadline=None)
@given(complete())
def test_measures_of_complete_mixes_are_within_their_bounds(figures: list[Figure]) -> None:
    made = mix(*figures)
    assert made.state == "complete"
    found = {m.name: m for m in measures(made)}
    concentration = found["concentration"]
    for bound in (concentration.low, concentration.high):
        assert bound is None or 0 <= bound <= 10_000
    if concentration.value is not None:
        assert 10_000 / len(figures) - 1e-6 <= concentration.value
    if not any(CATEGORIES[f.category].is_lump for f in figures):
        assert all(m.value is not None and m.reason is None for m in found.values())
        public, own = found["part_publique"].value, found["ressources_propres"].value
        assert public is not None and own is not None and 0 <= public + own <= 100 + 1e-6
        assert (found["premier_financeur"].value or 0) <= 100 - own + 1e-6


@settings(deadline=None)
@given(several())
def test_bounds_hold_the_value_and_a_missing_value_has_a_reason(figures: list[Figure]) -> None:
    for found in measures(mix(*figures)):
        top = 10_000 if found.unit == "points" else 100
        if found.value is None:
            assert found.reason
        else:
            assert found.low == pytest.approx(found.value) == found.high
        if found.low is not None and found.high is not None:
            assert 0 <= found.low <= found.high <= top
            assert found.value is not None or found.high > found.low


@settings(deadline=None)
@given(complete([c for c in CASH if not CATEGORIES[c].is_lump]), st.data())
def test_taking_a_part_away_never_makes_a_measure_wrong(figures: list[Figure], data: st.DataObject) -> None:
    """What a partial mix says of the whole stays true of the whole."""
    kept = data.draw(st.lists(st.sampled_from(figures), min_size=1, unique=True))
    gone = 1000 - sum(f.amount_eur or 0.0 for f in kept)
    if gone <= 10 * TOLERANCE:
        kept = figures
    whole = {m.name: m.value for m in measures(mix(*figures))}
    for partial in measures(mix(*kept)):
        truth = whole[partial.name]
        assert truth is not None and partial.value in (None, pytest.approx(truth))
        assert partial.low is None or partial.low <= truth + 1e-6
        assert partial.high is None or truth <= partial.high + 1e-6


# -- the small data set ----------------------------------------------------------------------------


def test_the_mixes_of_the_small_data_set(small: Dataset) -> None:
    found = documented.mixes(small)
    assert [(m.entity.name, m.year, m.base, m.state) for m in found] == [
        ("Pôle A", 2015, "budget_annuel", "partial"),
        ("Lieu B", None, "investissement", "single"),
    ]
    pole, place = found
    assert pole.total == Amount(100_000.0, "budget_annuel")
    assert pole.missing is not None and (pole.missing.low, pole.missing.high) == (45, 55)
    assert value(pole, "part_publique") == (None, 25, 80)
    assert value(pole, "premier_financeur") == (None, 25, 55)
    assert value(pole, "concentration") == (None, 400 + 625, 400 + 1225 + 3025)
    assert pole.parts[1].natures == ("fonctionnement",)
    assert (pole.entity.region_code, pole.entity.territory_type_stated) == ("84", "desindustrialise")
    assert (place.entity.uid, place.entity.region_code) == ("tiers_lieu:lieu-b", "76"), "la ligne gardée"
    assert place.parts[0].amount_eur == 50_000.5 and place.parts[0].share is None
    (survey,) = documented.samples(small)
    assert (survey.organisations, survey.entity.name, survey.state) == (20, "Pôles enquêtés", "single")


def test_frames_of_the_small_data_set(small: Dataset) -> None:
    parts = documented.parts_frame(documented.mixes(small))
    assert parts[["category", "share_pct", "is_missing"]].fillna(-1).values.tolist() == [
        ["cotisations_membres", 20, False],
        ["subvention_region", 30, False],
        ["non_renseigne", 50, True],
        ["subvention_etat", -1, False],
        ["non_renseigne", -1, True],
    ]
    frame = documented.mixes_frame(documented.mixes(small))
    assert frame["mix_id"].is_unique
    assert frame.loc[0, ["part_publique_min", "part_publique_max"]].tolist() == [25, 80]
    assert documented.parts_frame([]).empty and documented.mixes_frame([]).empty


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, ["Pôle A", "Lieu B"]),
        ({"kinds": ("pole",)}, ["Pôle A"]),
        ({"regions": ("76",)}, ["Lieu B"]),
        ({"territory_types": ("desindustrialise",)}, ["Pôle A"]),
        ({"text": "introuvable"}, []),
    ],
)
def test_a_selection_filters_mixes(small: Dataset, filters: dict[str, object], names: list[str]) -> None:
    assert [m.entity.name for m in documented.mixes(small, Selection(**filters))] == names  # type: ignore[arg-type]


def test_groups_never_put_two_bases_together(small: Dataset) -> None:
    found = documented.mixes(small)
    for by in ("kind", "year", "territory_type", "territory_type_stated", "region", "former_region"):
        groups = documented.grouped(found, by)  # type: ignore[arg-type]
        assert sum(len(g.mixes) for g in groups) == len(found)
        assert all({m.base for m in g.mixes} == {g.base} for g in groups)
    assert [(g.value, g.organisations) for g in documented.grouped(found, "year")] == [
        ("2015", 1),
        ("non_renseigne", 1),
    ]


def test_undated_or_unclear_figures_of_two_sources_are_two_mixes(small: Dataset) -> None:
    rows = small.funding_figures[small.funding_figures["entity_uid"] == "pole:pole-a"]
    for changes in ({"year": None}, {"base": "non_precisee"}):
        changed = rows.assign(**changes)
        changed["source_id"] = ["source-a", "source-b"]
        changed["year"] = changed["year"].astype("Int64")
        apart = dataclasses.replace(small, funding_figures=changed)
        assert [len(m.figures) for m in documented.mixes(apart)] == [1, 1]
        changed["source_id"] = "source-a"
        assert [len(m.figures) for m in documented.mixes(apart)] == [2]
