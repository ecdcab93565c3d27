"""What is counted, and where: a stock written by hand, whose every row has its reason."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ptce_data.sirene import counting, engines, files, geography, layout
from ptce_data.sirene import expressions as register
from ptce_data.sirene import nomenclatures as codes
from tests.sirene import stocks
from tests.sirene.stocks import place, unit

RENNES, PARIS, LYON, MARSEILLE = "35238", "75056", "69123", "13055"
UNITS = [
    unit(1, 9220, "O"),
    unit(2, 5458, "O"),
    unit(3, 8210, "O"),
    unit(4, 9300, "O"),
    unit(5, 5710, "O"),
    unit(6, 7210, "O"),
    unit(7, 9220, "N"),
    unit(8, 9220, None),
    unit(9, 1000, None),
    unit(10, 5710, "N"),
    unit(11, 9220, "O", "C"),
    unit(12, None, ""),
]
PLACES = [
    place(1, RENNES, trancheEffectifsEtablissement="12", activitePrincipaleEtablissement="88.10A"),
    place(1, RENNES, etatAdministratifEtablissement="F"),
    place(1, "75105"),
    place(2, "69381", trancheEffectifsEtablissement="53", activitePrincipaleEtablissement="43.11Z"),
    place(3, "13201", trancheEffectifsEtablissement=None, activitePrincipaleEtablissement=None),
    place(4, RENNES, nomenclatureActivitePrincipaleEtablissement="NAFRev1"),
    place(5, RENNES),
    place(6, RENNES),
    place(7, RENNES),
    place(8, RENNES, statutDiffusionEtablissement="P"),
    place(9, RENNES),
    place(10, RENNES),
    place(11, RENNES),
    place(12, RENNES),
    place(77, RENNES),
    place(1, None, codePaysEtrangerEtablissement="99109"),
    place(1, "[ND]"),
    place(1, None),
    place(1, "97801"),
    place(1, "35999"),
]


@pytest.fixture(scope="module")
def where(few_communes: Path) -> geography.Geography:
    return geography.read(few_communes)


@pytest.fixture(scope="module", params=["parquet", "csv"])
def placed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, where: geography.Geography
) -> counting.Placed:
    folder = stocks.write(tmp_path_factory.mktemp("main"), PLACES, UNITS, csv=request.param == "csv")
    stock = files.open_stock(folder)
    with engines.opened("duckdb", folder / "disque") as engine:
        tables = (
            engine.read(stock.etablissement, layout.READ_ETABLISSEMENT),
            engine.read(stock.unite_legale, layout.READ_UNITE_LEGALE),
        )
        parts = [(0, 3), (4, 6), (7, register.EVERYTHING[1])]
        found = [
            counting.margins(engine.frame(register.cells(*tables, part), stock.etablissement))
            for part in parts
        ]
    return counting.place(counting.added(found), where)


def at(placed: counting.Placed, where: geography.Geography, commune: str) -> dict[str, int]:
    row = where.frame["code"].tolist().index(commune)
    return {key: int(n) for key, n in zip(codes.KEYS, placed.counts[row], strict=True) if n}


def test_a_field_that_is_empty_is_unknown_and_never_no(
    placed: counting.Placed, where: geography.Geography
) -> None:
    found = at(placed, where, RENNES)
    assert found[codes.ALL] == 9
    assert found[codes.ESS] == 4
    assert found[codes.UNKNOWN_FIELD] == 3
    assert found[codes.FORM_ONLY] == 2, "associations dont le champ est à N, ou vide"


def test_families_sectors_and_bands_each_add_up_to_the_ess(
    placed: counting.Placed, where: geography.Geography
) -> None:
    found = at(placed, where, RENNES)
    families = {
        "famille:association": 1,
        "famille:fondation": 1,
        "famille:societe_commerciale": 1,
        "famille:autre": 1,
    }
    assert {key: n for key, n in found.items() if key.startswith("famille:")} == families
    assert {key: n for key, n in found.items() if key.startswith("secteur:")} == {
        "secteur:Q": 1, "secteur:S": 2, "secteur:inconnu": 1}  # fmt: skip
    assert {key: n for key, n in found.items() if key.startswith("effectif:")} == {
        "effectif:10_49": 1, "effectif:nn": 3}  # fmt: skip


def test_arrondissements_are_their_city(placed: counting.Placed, where: geography.Geography) -> None:
    assert at(placed, where, PARIS)["famille:association"] == 1
    assert at(placed, where, LYON) == {
        codes.ALL: 1, codes.ESS: 1, "famille:cooperative": 1, "secteur:F": 1, "effectif:250": 1}  # fmt: skip
    assert at(placed, where, MARSEILLE) == {
        codes.ALL: 1, codes.ESS: 1, "famille:mutuelle": 1, "secteur:inconnu": 1, "effectif:inconnu": 1}  # fmt: skip
    assert placed.former_codes == 3


def test_what_is_nowhere_is_counted_apart_and_listed(placed: counting.Placed) -> None:
    assert placed.not_placed == dict.fromkeys(counting.REASONS, 1)
    assert placed.unknown_codes == {"35999": 1}
    assert placed.ess_not_placed == 5
    assert (placed.ceased_units, placed.absent_units) == (1, 1)


def test_every_area_is_the_sum_of_its_communes(placed: counting.Placed, where: geography.Geography) -> None:
    rolled = where.rolled(placed.counts)
    frame = where.frame.assign(ess=rolled[:, codes.KEYS.index(codes.ESS)])
    for _, rows in frame.groupby("level"):
        assert rows["ess"].sum() == placed.counts[:, codes.KEYS.index(codes.ESS)].sum()
        assert rows["population"].sum() == frame["population"].iloc[-1]


def test_a_former_code_goes_to_its_commune_of_today() -> None:
    communes = pd.DataFrame(
        {
            "commune_insee": ["01001"], "epci_siren": [None], "departement_code": ["01"], "region_code": ["84"],
            "former_region_code": ["82"], "territory_type": [None], "population": [10],
        }
    )  # fmt: skip
    former = pd.DataFrame({"old_code": ["01999"], "commune_insee": ["01001"]})
    where = geography.build(communes, former)
    found = pd.DataFrame({"commune": ["1001", "01999", "01001"], "key": codes.ALL, "n": [1, 2, 4]})
    assert counting.place(found, where).counts[0, 0] == 7
    assert set(where.frame["code"]) >= {geography.NO_EPCI, "non_renseigne", "FR"}


def test_nomenclatures_are_whole() -> None:
    divisions = [n for first, last, _ in codes.SECTIONS.values() for n in range(first, last + 1)]
    assert len(divisions) == len(set(divisions)) == 88
    bands = [code for found, _ in codes.BANDS.values() for code in found]
    assert bands == "NN 00 01 02 03 11 12 21 22 31 32 41 42 51 52 53".split()
    assert len(set(codes.KEYS)) == len(codes.KEYS) < 127
