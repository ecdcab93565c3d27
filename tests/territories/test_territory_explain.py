"""The reasons, from the shipped tables: complete, in French, and saying what the data say."""

from __future__ import annotations

import pandas as pd
import pytest
from territory_small import LOST, area, inputs

from ptce_data.territories import (
    FLAGS,
    TYPE_LABELS,
    Classification,
    Indicators,
    Reason,
    Rules,
    TerritoryError,
    classify,
    explain,
    explain_area,
)
from ptce_data.territories.reasons import status

RULES = ["type", "rural", "periurbain", "desindustrialise", "r1", "r2", "r1", "r2", "r3", "own", "qpv"]


def by_rule(reasons: list[Reason], rule: str, scale: str | None = None) -> Reason:
    return next(r for r in reasons if r.rule == rule and scale in (None, r.scale))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_every_rule_has_its_reason_with_its_reference(result: Classification) -> None:
    reasons = explain(result, "59350")
    assert [r.rule for r in reasons] == RULES
    assert all(r.reference and r.title and r.asks and r.found for r in reasons)
    assert "2052/88" in by_rule(reasons, "r1").reference
    assert "Observatoire des territoires, 2018" in by_rule(reasons, "r2").reference
    assert "quartiers prioritaires" in by_rule(reasons, "qpv").reference


def test_lille_is_deindustrialised_by_its_epci_only(result: Classification) -> None:
    reasons = explain(result, "59350")
    assert reasons[0].title == "Type : désindustrialisé"
    assert [by_rule(reasons, rule, "ze").met for rule in ("r1", "r2")] == [False, False]
    assert [by_rule(reasons, rule, "epci").met for rule in ("r1", "r2")] == [True, True]
    found = plain(by_rule(reasons, "r1", "epci").found)
    assert "Chômage en 2011 : 12,5 % (France : 10,1 %)" in found
    assert "ouvriers en 1982 : 35,5 % des actifs (France : 32,3 %)" in found
    assert "100 132 en 1982, 67 849 en 2011 (−32,2 %)" in found
    assert plain(by_rule(reasons, "r1", "ze").change) == (
        "Serait remplie avec 0,4 point de plus (part des ouvriers de départ)."
    )
    assert "« quartier populaire urbain » si la commune n’était pas désindustrialisée" in plain(
        reasons[0].change
    )


def test_tarnos_is_deindustrialised_by_its_zonings_only(result: Classification) -> None:
    reasons = explain(result, "40312")
    assert [r.met for r in reasons if r.rule in ("r1", "r2")] == [False] * 4
    zoning = by_rule(reasons, "r3")
    assert zoning.met is True
    assert "zone d’aide à finalité régionale : oui" in zoning.found
    assert "2018–2022" in zoning.found
    assert "Force : 1 sur 3" in by_rule(reasons, "desindustrialise").found


def test_overseas_says_unknown_and_what_remains_possible(result: Classification) -> None:
    reasons = explain(result, "97209")
    assert reasons[0].met is None
    assert reasons[0].title == "Type : inconnu (désindustrialisé ou quartier populaire urbain)"
    assert by_rule(reasons, "r1").met is None
    assert "Aucun chiffre de recensement comparable" in by_rule(reasons, "r1").found
    assert by_rule(reasons, "own").met is None
    assert "inconnu" in by_rule(reasons, "r3").found
    assert not any("nan" in r.found.lower().split() or "<NA>" in r.found for r in reasons)


def test_an_island_without_epci_says_so(result: Classification) -> None:
    reasons = explain(result, "29155")
    reason = by_rule(reasons, "r1", "epci")
    assert reason.met is None and reason.found == "Aucun rattachement connu : EPCI."


def test_no_figure_in_1982_says_so(result: Classification) -> None:
    empty = result.communes["workers_share_1982_pct"].isna() & ~result.communes[
        "commune_insee"
    ].str.startswith("97")
    code = result.communes.loc[empty, "commune_insee"].iloc[0]
    assert by_rule(explain(result, code), "own").found == "Aucun chiffre connu pour 1982."


def test_reasons_say_what_the_table_says_for_a_sample_of_france(result: Classification) -> None:
    sample = result.communes.iloc[::700]
    overseas = result.communes[result.communes["commune_insee"].str.startswith("97")].iloc[::13]
    for row in pd.concat([sample, overseas]).to_dict("records"):
        reasons = explain(result, row["commune_insee"])
        flags = {"rural": "is_rural", "periurbain": "is_periurban", "desindustrialise": "is_deindustrialised"}
        for rule, flag in {**flags, "qpv": "is_urban_working_class", "r3": "r3"}.items():
            said, held = by_rule(reasons, rule).met, row[flag]
            assert said is (None if pd.isna(held) else bool(held)), (row["commune_insee"], rule)
        kind = row["territory_type"]
        assert (
            reasons[0].title == f"Type : {TYPE_LABELS[kind]}"
            if not pd.isna(kind)
            else "inconnu" in reasons[0].title
        )
        for reason in reasons:
            text = f"{reason.asks} {reason.found} {reason.change}"
            assert "nan" not in text.split() and "<NA>" not in text and "None" not in text, text
            assert status(reason.met) in ("remplie", "non remplie", "inconnue")


def test_what_would_change_the_type_does_change_it(france: Indicators, result: Classification) -> None:
    reasons = explain(result, "35236")
    assert "« quartier populaire urbain » si la commune avait un quartier prioritaire" in plain(
        reasons[0].change
    )
    communes = france.communes.copy()
    communes.loc[communes["commune_insee"] == "35236", "qpv_count"] = 1
    changed = classify(Indicators(communes, france.epci, france.ze, france.national), result.rules)
    assert explain(changed, "35236")[0].title == "Type : quartier populaire urbain"


def test_switched_off_rules_have_no_reason() -> None:
    rules = Rules(rule_r1=False, rule_r3=False, scale_epci=False, own_share_required=False)
    reasons = explain(classify(inputs(LOST, area(2)), rules), "01001")
    assert [r.rule for r in reasons] == ["type", "rural", "periurbain", "desindustrialise", "r2", "qpv"]


def test_margins_are_told() -> None:
    rules = Rules(base_share_margin_pts=1.5, min_job_loss_pct=10, decline_margin_pts=2)
    reason = by_rule(explain(classify(inputs(LOST, area(2)), rules), "01001"), "r2")
    assert "(écart exigé : 1,5 point)" in plain(reason.asks)
    assert "(écart exigé : 2,0 points)" in plain(reason.asks)
    assert "d’au moins 10,0 %" in plain(reason.asks)


def test_an_epci(result: Classification) -> None:
    reasons = explain_area(result, "200093201")
    assert [r.rule for r in reasons] == ["type", "r1", "r2", "r3"]
    assert reasons[0].title == "Type : désindustrialisé"
    assert "Territoire lui-même désindustrialisé : oui" in reasons[0].found
    assert [r.met for r in reasons] == [True, True, True, False]


def test_a_zone_demploi_and_an_overseas_epci(result: Classification) -> None:
    assert explain_area(result, "0062", "ze")[0].title == "Type : rural"
    overseas = result.communes.loc[result.communes["commune_insee"] == "97209", "epci_siren"].item()
    reasons = explain_area(result, overseas)
    assert reasons[0].met is None
    assert "zonage inconnu pour" in by_rule(reasons, "r3").found


def test_an_unknown_code_is_refused(result: Classification) -> None:
    with pytest.raises(TerritoryError, match="« 99999 »"):
        explain(result, "99999")
    with pytest.raises(TerritoryError, match="« 1 »"):
        explain_area(result, "1")


def test_flag_columns_are_those_of_the_types(result: Classification) -> None:
    assert set(FLAGS.values()) <= set(result.communes.columns)
