"""A user's budget: mix and measures of each year, warnings, place beside others, what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data import budget as b
from ptce_data.budget import Budget, BudgetError, Line
from ptce_data.budget.model import MAX_LINES, clean
from ptce_data.funding import DEFINITIONS
from ptce_data.funding import mixes as documented
from ptce_data.load import Dataset
from tests.mini import HOSTILE_NAMES

YEARS = (2026, 2027, 2028)


def resource(category: str, *amounts: float, **more: object) -> Line:
    values = {"label": b.RESOURCES.get(category, category), **more}
    return Line(side="ressource", category=category, amounts=amounts, **values)  # type: ignore[arg-type]


def use(*amounts: float, category: str = "personnel") -> Line:
    return Line(b.USES[category], "emploi", category, amounts)


POLE = Budget(
    "Pôle du Val",
    YEARS,
    (
        resource("subvention_region", 60_000, 60_000, 0, ends_year=2027),
        resource("subvention_etat", 20_000, 20_000, 20_000),
        resource("cotisations_membres", 10_000, 10_000, 10_000),
        resource("ressources_propres_prestations", 10_000, 20_000, 50_000),
        resource("benevolat", 30_000, 30_000, 30_000, is_volunteer=True),
        resource("subvention_ue", 0, 400_000, 0, nature="investissement"),
        resource("emprunt", 0, 100_000, 0, nature="investissement"),
        use(100_000, 110_000, 90_000),
        use(0, 500_000, 0, category="investissements"),
        Line("Bénévoles", "emploi", "benevolat", (30_000, 30_000, 30_000), is_volunteer=True),
    ),
)


def kinds(budget: Budget) -> list[tuple[str, int | None]]:
    return [(a.kind, a.year) for a in b.alerts(budget)]


def test_the_measures_of_a_year_are_those_of_the_documented_mixes() -> None:
    own = b.mix(POLE, 2026)
    assert own is not None and own.state == "complete" and own.total is not None
    assert own.total.eur == 100_000, "le bénévolat n'est pas dans le total"
    assert [(p.category, p.amount_eur) for p in own.volunteer] == [("benevolat", 30_000)]
    assert {m.name: m.value for m in b.measures(POLE, 2026)} == {
        "part_publique": 80,
        "premier_financeur": 60,
        "nombre_financeurs": 2,
        "concentration": 3600 + 400 + 100 + 100,
        "ressources_propres": 20,
    }


def test_investment_is_another_base() -> None:
    own = b.mix(POLE, 2027, "investissement")
    assert own is not None and own.base == "investissement"
    assert {m.name: m.value for m in b.measures(POLE, 2027, "investissement")}["part_publique"] == 80
    running = b.mix(POLE, 2027)
    assert running is not None and running.total is not None and running.total.eur == 110_000
    assert b.mix(POLE, 2026, "investissement") is None
    reasons = {m.reason for m in b.measures(POLE, 2026, "investissement")}
    assert reasons == {"aucune ressource en argent cette année-là"}
    with pytest.raises(ValueError):
        b.mix(POLE, 2031)


def test_lines_of_one_category_add_up() -> None:
    lines = (resource("subvention_region", 10, label="A"), resource("subvention_region", 20, label="B"))
    own = b.mix(Budget("x", (2026,), lines), 2026)
    assert own is not None and own.state == "complete" and own.parts[0].amount_eur == 30


def test_only_volunteers_is_no_mix_in_cash() -> None:
    only = Budget("x", (2026,), (resource("benevolat", 10, is_volunteer=True),))
    assert [m.value for m in b.measures(only, 2026)] == [None] * len(DEFINITIONS)


# -- warnings --------------------------------------------------------------------------------------


def test_the_warnings_of_a_budget() -> None:
    assert kinds(POLE) == [
        ("emplois_ressources", 2028),
        ("financeur_majoritaire", 2026),
        ("financeur_majoritaire", 2027),
        ("financeur_majoritaire", 2027),
        ("argent_public_prend_fin", 2027),
        ("argent_public_prend_fin", 2027),
    ]
    texts = [a.text.replace("\u00a0", " ").replace("\u202f", " ") for a in b.alerts(POLE)]
    assert texts[0] == (
        "En 2028, les emplois dépassent les ressources de 10 000 € (80 000 € de ressources, 90 000 € d’emplois)."
    )
    assert texts[1] == (
        "En 2026, « Subvention de la Région » fait 60 % des ressources de l’année : plus de la moitié."
    )
    assert texts[4] == (
        "« Subvention de la Région » (Subvention de la Région) prend fin après 2027 : 60 000 € en 2027, soit "
        "9,8 % des ressources en argent de cette année-là."
    )


def test_a_sound_budget_has_no_warning() -> None:
    lines = (
        resource("subvention_region", 50, 50),
        resource("cotisations_membres", 50, 50),
        resource("benevolat", 900, 900, is_volunteer=True),
        use(100, 100),
    )
    assert b.alerts(Budget("x", (2026, 2027), lines)) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (resource("benevolat", 10.0), ["benevolat_en_argent"]),
        (resource("autre", 10.0, label="Heures des bénévoles"), ["benevolat_en_argent", "emplois_ressources"]),
        (resource("subvention_region", 10.0, ends_year=2025), ["apres_la_fin", "emplois_ressources", "financeur_majoritaire"]),
        (resource("subvention_region", 10.0, ends_year=2026), ["argent_public_prend_fin", "emplois_ressources", "financeur_majoritaire"]),
        (resource("subvention_region", 10.0, ends_year=2027), ["emplois_ressources", "financeur_majoritaire"]),
        (resource("subventions_publiques_non_ventilees", 10.0), ["emplois_ressources", "financeur_majoritaire"]),
        (resource("ressources_propres_prestations", 10.0), ["emplois_ressources"]),
        (resource("cotisations_membres", 0.5), []),
    ],
)  # fmt: skip
def test_each_warning(line: Line, expected: list[str]) -> None:
    found = b.alerts(Budget("x", (2026,), (line,)))
    assert sorted(a.kind for a in found) == expected
    assert all(a.text for a in found)


def test_public_money_that_stops_without_a_date_is_told() -> None:
    stops = Budget("x", YEARS, (resource("subvention_etat", 5, 5, 0), use(5, 5, 0)))
    assert ("argent_public_prend_fin", 2027) in kinds(stops)


amounts = st.integers(0, 10_000_000).map(lambda cents: cents / 100)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(list(b.RESOURCES)), amounts), max_size=6),
    st.lists(amounts, max_size=3),
)
def test_valued_time_changes_no_measure_and_no_balance(
    rows: list[tuple[str, float]], hours: list[float]
) -> None:
    cash = [resource(c, a) for c, a in rows if c != "benevolat"]
    volunteers = [resource("benevolat", h, is_volunteer=True) for h in hours]
    without, beside = Budget("x", (2026,), tuple(cash)), Budget("x", (2026,), (*cash, *volunteers))
    assert b.measures(beside, 2026) == b.measures(without, 2026)
    assert beside.total(2026, "ressource") == without.total(2026, "ressource")
    assert b.alerts(beside) == b.alerts(without)


# -- place -----------------------------------------------------------------------------------------


def test_a_budget_stands_beside_mixes_of_its_base_only(real: Dataset) -> None:
    others = [*documented.mixes(real), *documented.samples(real)]
    place = b.placement(POLE, 2026, others, "part_publique")
    assert place.own.value == 80
    assert {d.mix.base for d in place.dots} | {m.base for m in place.without} == {"budget_annuel"}
    comparable = documented.comparable(others, "budget_annuel")
    assert len(place.dots) + len(place.without) == len(comparable)
    names = [d.mix.entity.name for d in place.dots]
    assert "Club Gier Entreprises (Loire)" in names and "8 Fablab" not in names
    assert not hasattr(place, "rank")
    for dot in place.dots:
        assert dot.measure.value is not None or dot.measure.low is not None or dot.measure.high is not None
    invest = b.placement(POLE, 2027, others, "part_publique", "investissement")
    assert {d.mix.base for d in invest.dots} | {m.base for m in invest.without} == {"investissement"}


# -- what is refused, all at once ------------------------------------------------------------------


def test_all_faults_are_told_at_once() -> None:
    wrong = Budget(
        " ",
        (2026, 2028),
        (
            Line("", "recette", "x", (1.0,)),
            Line("A", "ressource", "personnel", (-1.0, float("nan")), "loisir"),
            Line("B", "ressource", "autre", (1.0, 1e13), is_volunteer=True, ends_year=2026),
            Line("x" * 501, "emploi", "personnel", (0.0, 0.0), ends_year=3000),
        ),
    )
    faults = b.validate(wrong)
    assert [(f.line, f.field, f.rule) for f in faults] == [
        (None, "Nom", "obligatoire"),
        (None, "Années", "annees"),
        (1, "Libellé", "obligatoire"),
        (1, "Sens", "valeurs"),
        (1, "Montants", "montants"),
        (2, "Catégorie", "valeurs"),
        (2, "Nature", "valeurs"),
        (2, "Montants", "plage"),
        (2, "Montants", "plage"),
        (3, "Catégorie", "benevolat"),
        (3, "Dernière année", "public"),
        (3, "Montants", "plage"),
        (4, "Libellé", "longueur"),
        (4, "Dernière année", "plage"),
    ]
    with pytest.raises(BudgetError, match="14 erreurs dans le budget") as caught:
        b.check(wrong)
    assert caught.value.faults == tuple(faults)
    assert all(str(f).startswith("budget") and "attendu" in str(f) for f in faults)


@pytest.mark.parametrize("years", [(), tuple(range(2026, 2032)), (2027, 2026), (1900,)])
def test_years_are_one_to_five_and_follow_each_other(years: tuple[int, ...]) -> None:
    assert [f.rule for f in b.validate(Budget("x", years))] == ["annees"]


def test_there_is_an_end_to_the_number_of_lines() -> None:
    line = use(1.0)
    assert b.validate(Budget("x", (2026,), (line,) * MAX_LINES)) == []
    assert [f.rule for f in b.validate(Budget("x", (2026,), (line,) * (MAX_LINES + 1)))] == ["longueur"]


def test_the_template_is_a_sound_budget() -> None:
    empty = b.template(2027, 5)
    assert empty.years == (2027, 2028, 2029, 2030, 2031) and b.alerts(empty) == []
    assert {x.category for x in empty.lines if x.side == "ressource"} == set(b.RESOURCES)
    assert {x.category for x in empty.lines if x.side == "emploi"} == set(b.USES)
    with pytest.raises(BudgetError):
        b.template(2027, 6)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_text_stays_a_text_of_one_line(name: str) -> None:
    assert clean(clean(name)) == clean(name)
    if not any(c in name for c in "\n\t"):
        assert clean(name) == name
    assert "\n" not in clean(name)
    assert Line(name, "emploi", "personnel", (1.0,)).label == clean(name)


def test_a_line_is_normalised_once() -> None:
    line = Line(" a\x00b ", "emploi", "personnel", (1.005, -0.0, 2))
    assert line.label == "a b" and line.amounts == (1.0, 0.0, 2.0)
    assert replace(line) == line
