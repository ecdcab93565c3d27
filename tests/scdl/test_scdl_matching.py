"""Beneficiaries and our objects: a SIREN decides, a name proposes, a person confirms."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data import scdl
from ptce_data.load import Dataset, load
from ptce_data.scdl.matching import CAPS
from ptce_data.scdl.names import compare, read_name, variants
from ptce_data.scdl.territory import LEVELS, Gazetteer, Scope
from tests import mini
from tests.scdl.conftest import HEADER, lines

PLACED = (*HEADER, "commune", "code postal", "code insee", "departement")
#: Objects added to the mini data: homonyms of two communes, and names that say more or less.
OBJECTS = (
    ("fabrique-alpha", "La Fabrique", "69001", "69", "84"),
    ("fabrique-delta", "La Fabrique", "31001", "31", "76"),
    ("coursive", "La Coursive Boutaric (ancienne Manufacture Zutique)", "31001", "31", "76"),
    ("phares", "PHARES", "34001", "34", "76"),
    ("lieu-13", "Le Treize 13 rue Zutique", "34001", "34", "76"),
)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    rows = mini.tables()
    for key, name, commune, departement, region in OBJECTS:
        rows["tiers_lieux"].append(
            {**rows["tiers_lieux"][3], "id": key, "name": name, "commune_insee": commune,
             "departement_code": departement, "region_code": region}
        )  # fmt: skip
    return load(mini.write(tmp_path_factory.mktemp("scdl") / "data", rows))


def subsidies(*rows: dict[str, str]) -> pd.DataFrame:
    anonymous = [{"idBeneficiaire": "", **row} for row in rows]
    imported = scdl.read([("synthetique.csv", lines(*anonymous, header=PLACED))])
    assert imported.report.refused == 0, imported.report.refusals
    return imported.rows


def links(dataset: Dataset, *rows: dict[str, str], **decisions: str) -> list[tuple[str, str, int, str]]:
    pairs = scdl.match(subsidies(*rows), dataset, decisions).pairs
    return list(pairs[["entity_uid", "rule", "score", "status"]].itertuples(index=False, name=None))


def test_a_siren_decides_whatever_the_name(dataset: Dataset) -> None:
    for number in ("12345678200010", "12345678200028", "123456782"):
        row = {"idBeneficiaire": number, "nomBeneficiaire": "Tout autre nom", "commune": "Zêta"}
        assert links(dataset, row) == [("pole:pole-a", "siren", 100, "automatique")]


def test_an_object_of_two_kinds_is_matched_once(dataset: Dataset) -> None:
    """cluster-a is pole-a: they share their SIREN, and the subsidy counts once."""
    rows = subsidies({"idBeneficiaire": "123456782"})
    matches = scdl.match(rows, dataset)
    assert matches.rows["entity_uid"].tolist() == ["pole:pole-a"]


def test_a_siren_of_two_objects_asks_a_person(tmp_path: Path) -> None:
    rows = mini.tables()
    rows["tiers_lieux"][3]["siren"] = "123456782"
    found = links(load(mini.write(tmp_path / "data", rows)), {"idBeneficiaire": "123456782"})
    assert found == [
        ("pole:pole-a", "siren", 100, "a_confirmer"),
        ("tiers_lieu:lieu-c", "siren", 100, "a_confirmer"),
    ]


@pytest.mark.parametrize(
    "place",
    [{"commune": "DELTA"}, {"commune": "Delta cedex 9", "code postal": "31000"}, {"code insee": "31001"}],
)
def test_a_telling_name_in_its_commune_is_attributed(dataset: Dataset, place: dict[str, str]) -> None:
    for name in ("La Coursive Boutaric", "ASSOCIATION LA COURSIVE-BOUTARIC", "Manufacture Zutique"):
        (found,) = links(dataset, {"nomBeneficiaire": name, **place})
        assert found[0] == "tiers_lieu:coursive"
        assert found[1] == "nom_commune"
        if name != "Manufacture Zutique":
            assert found[2:] == (100, "automatique")


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({}, "nom_inconnu"),
        ({"code postal": "31500"}, "nom_departement"),
        ({"departement": "Haute-Garonne"}, "nom_departement"),
        ({"departement": "31"}, "nom_departement"),
        ({"nomAttribuant": "Ville de Delta"}, "nom_attribuant_local"),
        ({"nomAttribuant": "Commune de DELTA"}, "nom_attribuant_local"),
        ({"nomAttribuant": "Région Occitanie"}, "nom_attribuant_large"),
        ({"nomAttribuant": "Conseil départemental de la Haute-Garonne"}, "nom_attribuant_large"),
        ({"nomAttribuant": "Ville d'Alpha"}, "nom_hors_attribuant"),
        ({"nomBeneficiaire": "La Coursive Boutaric Delta"}, "nom_commune_dans_le_nom"),
    ],
)
def test_without_the_commune_a_person_is_asked(dataset: Dataset, row: dict[str, str], rule: str) -> None:
    (found,) = links(dataset, {"nomBeneficiaire": "La Coursive Boutaric", **row})
    assert found[:2] == ("tiers_lieu:coursive", rule)
    assert scdl.PROPOSED <= found[2] < scdl.AUTOMATIC
    assert found[3] == "a_confirmer"


def test_a_telling_name_elsewhere_is_another_one(dataset: Dataset) -> None:
    for place in ({"commune": "Alpha"}, {"code postal": "69001"}, {"departement": "Rhône"}):
        assert links(dataset, {"nomBeneficiaire": "La Coursive Boutaric", **place}) == []


def test_a_generic_name_is_never_attributed_by_itself(dataset: Dataset) -> None:
    assert links(dataset, {"nomBeneficiaire": "La Fabrique", "commune": "Alpha"}) == [
        ("tiers_lieu:fabrique-alpha", "nom_commune", 80, "a_confirmer")
    ]
    assert links(dataset, {"nomBeneficiaire": "La Fabrique", "nomAttribuant": "Ville de Delta"}) == [
        ("tiers_lieu:fabrique-delta", "nom_attribuant_local", 60, "a_confirmer")
    ]


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"commune": "Zêta"},
        {"commune": "Bêta"},
        {"departement": "31"},
        {"nomAttribuant": "Région Occitanie"},
    ],
)
def test_a_generic_name_without_its_commune_is_not_even_proposed(
    dataset: Dataset, row: dict[str, str]
) -> None:
    assert links(dataset, {"nomBeneficiaire": "LA FABRIQUE", **row}) == []


def test_a_name_of_one_word_asks_even_in_its_commune(dataset: Dataset) -> None:
    assert links(dataset, {"nomBeneficiaire": "Phares", "commune": "Zeta"}) == [
        ("tiers_lieu:phares", "nom_commune", 90, "a_confirmer")
    ]


def test_a_typing_error_is_found_and_another_number_is_not(dataset: Dataset) -> None:
    (found,) = links(dataset, {"nomBeneficiaire": "La Coursive Boutarik", "commune": "Delta"})
    assert found[0] == "tiers_lieu:coursive"
    (same,) = links(dataset, {"nomBeneficiaire": "Treize 13 rue Zutique", "commune": "Zêta"})
    assert same[0] == "tiers_lieu:lieu-13"
    other = links(dataset, {"nomBeneficiaire": "Treize 14 rue Zutique", "commune": "Zêta"})
    assert all(score < scdl.AUTOMATIC for _, _, score, _ in other)


def test_another_siren_is_another_organisation(dataset: Dataset) -> None:
    row = {"nomBeneficiaire": "Lieu A", "commune": "Alpha"}
    assert links(dataset, row)
    assert links(dataset, {**row, "idBeneficiaire": "98765432400019"}) == []


def test_no_level_but_the_commune_reaches_the_threshold() -> None:
    assert set(CAPS) == set(LEVELS)
    reached = {
        (level, rank)
        for level, caps in CAPS.items()
        for rank, cap in enumerate(caps)
        if cap >= scdl.AUTOMATIC
    }
    assert reached == {("commune", 0)}


def key_of(dataset: Dataset, *rows: dict[str, str]) -> str:
    (key,) = scdl.match(subsidies(*rows), dataset).pairs["key"]
    return str(key)


def test_a_person_confirms_or_rejects(dataset: Dataset) -> None:
    row = {"nomBeneficiaire": "La Fabrique", "commune": "Alpha"}
    key = key_of(dataset, row)
    for word in ("confirme", "rejete"):
        assert [status for *_, status in links(dataset, row, **{key: word})] == [word]
    sure = {"idBeneficiaire": "123456782"}
    assert [status for *_, status in links(dataset, sure, **{key_of(dataset, sure): "rejete"})] == ["rejete"]


def test_a_decision_holds_for_the_beneficiary_and_not_for_its_homonym(dataset: Dataset) -> None:
    alpha, delta = ({"nomBeneficiaire": "La Fabrique", "commune": c} for c in ("Alpha", "Delta"))
    key = key_of(dataset, alpha)
    matches = scdl.match(subsidies(alpha, {**alpha, "montant": "7"}, delta), dataset, {key: "confirme"})
    found = list(matches.rows[["line", "entity_uid", "status"]].itertuples(index=False, name=None))
    assert found == [
        (2, "tiers_lieu:fabrique-alpha", "confirme"),
        (3, "tiers_lieu:fabrique-alpha", "confirme"),
        (4, "tiers_lieu:fabrique-delta", "a_confirmer"),
    ]


def test_to_confirm_one_object_rejects_the_others(tmp_path: Path) -> None:
    rows = mini.tables()
    rows["tiers_lieux"][3]["siren"] = "123456782"
    data = load(mini.write(tmp_path / "data", rows))
    subsidy = subsidies({"idBeneficiaire": "123456782"})
    keys = scdl.match(subsidy, data).pairs["key"].tolist()
    matches = scdl.match(subsidy, data, {keys[1]: "confirme"})
    assert dict(zip(matches.pairs["entity_uid"], matches.pairs["status"], strict=True)) == {
        "pole:pole-a": "rejete",
        "tiers_lieu:lieu-c": "confirme",
    }
    with pytest.raises(scdl.DecisionError, match="deux objets"):
        scdl.match(subsidy, data, dict.fromkeys(keys, "confirme"))


def test_decisions_about_nothing_are_told_and_other_words_refused(dataset: Dataset) -> None:
    rows = subsidies({"nomBeneficiaire": "Inconnue"})
    assert scdl.match(rows, dataset, {"pole:x|nom:y": "rejete"}).unused_decisions == ("pole:x|nom:y",)
    with pytest.raises(scdl.DecisionError, match="peut-être"):
        scdl.match(rows, dataset, {"k": "peut-être"})


def test_totals_count_attributed_subsidies_once(dataset: Dataset) -> None:
    sure = {"idBeneficiaire": "123456782", "montant": "100"}
    rows = subsidies(
        sure,
        {**sure, "nomAttribuant": "VILLE SYNTHETIQUE", "montant": "50", "objet": "Autre"},
        {**sure, "dateConvention": "2020", "nature": "aide en nature", "montant": "30"},
        sure,
        {"nomBeneficiaire": "La Fabrique", "commune": "Alpha", "montant": "999"},
        {"nomBeneficiaire": "Sans rapport"},
    )
    matches = scdl.match(rows, dataset)
    assert matches.unmatched == 1
    table = scdl.totals(matches)
    # The two spellings of the funder have one SIREN; the repeated row counts once; kind is not money.
    told = (
        table[["entity_uid", "funder", "year", "is_in_kind", "amount_eur", "subsidies"]].to_numpy().tolist()
    )
    assert told == [
        ["pole:pole-a", "Ville synthétique", 2019, False, 150.0, 2],
        ["pole:pole-a", "Ville synthétique", 2020, True, 30.0, 1],
    ]
    assert set(table["origin"]) == {"import"}
    assert scdl.totals(matches, by=("year",), with_duplicates=True)["amount_eur"].tolist() == [250.0, 30.0]
    assert matches.pairs.set_index("entity_uid")["amount_eur"].to_dict() == {
        "pole:pole-a": 180.0,
        "tiers_lieu:fabrique-alpha": 999.0,
    }
    with pytest.raises(KeyError):
        scdl.totals(matches, by=("purpose",))


def test_nothing_to_match_has_the_columns_of_any_other(dataset: Dataset) -> None:
    full = scdl.match(subsidies({"idBeneficiaire": "123456782"}), dataset)
    for rows in (subsidies(), subsidies({"nomBeneficiaire": "Sans rapport"})):
        empty = scdl.match(rows, dataset)
        assert (list(empty.pairs), list(empty.rows)) == (list(full.pairs), list(full.rows))
        assert (empty.pairs.dtypes == full.pairs.dtypes).all()
        assert list(scdl.totals(empty)) == list(scdl.totals(full))


def test_funders_are_placed_by_their_name(real: Dataset) -> None:
    gazetteer = Gazetteer(real)
    for name, scope in {
        "Ville de Nantes": Scope("commune", "44109"),
        "Mairie du Mans": Scope("commune", "72181"),
        "COMMUNE DES ULIS": Scope("commune", "91692"),
        "Ville de La Roche-sur-Yon": Scope("commune", "85191"),
        "Ville de La Rochelle": Scope(),
        "Ville de Saint-Denis": Scope(),
        "Département de la Somme": Scope("departement", "80"),
        "Conseil départemental des Hauts-de-Seine": Scope("departement", "92"),
        "Région Centre-Val de Loire": Scope("region", "24"),
        "Conseil régional de Bretagne": Scope("region", "53"),
        "Direction de la culture": Scope(),
    }.items():
        assert gazetteer.scope(name, None) == scope, name
    assert gazetteer.scope("Ville de Saint-Denis", "219300662") == Scope("commune", "93066")
    assert gazetteer.scope("Nantes Métropole", "244400404") == Scope("epci", "244400404")


def test_names_of_the_real_data_match_themselves_and_homonyms_are_never_attributed(real: Dataset) -> None:
    places = real.places.dropna(subset=["commune_name"])
    homonyms = places[places["name"].map(str.casefold).duplicated(keep=False)]
    elsewhere = real.communes.set_index("commune_insee").loc["14118", "name"]
    rows = [
        {"nomBeneficiaire": name.replace(";", " "), "commune": elsewhere, "code insee": "14118"}
        for name in homonyms["name"]
    ]
    for uid, _, score, status in links(real, *rows):
        assert status == "a_confirmer", (uid, score)
    poles = real.poles.dropna(subset=["commune_insee"])
    own = [
        {"nomBeneficiaire": name.replace(";", " "), "code insee": code}
        for name, code in zip(poles["name"], poles["commune_insee"], strict=True)
    ]
    found = {uid for uid, *_ in links(real, *own)}
    assert len(found & set(poles["uid"])) >= 0.95 * len(poles)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_a_symmetric_score(left: str, right: str) -> None:
    one, other = read_name(left), read_name(right)
    there, back = compare(one, other), compare(other, one)
    assert 0 <= there.score <= 100
    assert there == back
    assert compare(one, one).score == 100


def test_an_object_is_known_under_the_names_in_its_name() -> None:
    assert variants("La Serre – Le Multiple (devenu Les Imaginations Fertiles)") == [
        "La Serre – Le Multiple (devenu Les Imaginations Fertiles)",
        "La Serre – Le Multiple",
        "La Serre",
        "Le Multiple",
        "devenu Les Imaginations Fertiles",
    ]
