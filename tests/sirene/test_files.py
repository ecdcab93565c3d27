"""A stock that cannot be used says so in one sentence."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ptce_data.sirene import build, engines, layout
from ptce_data.sirene import expressions as register
from ptce_data.sirene.errors import SireneError, StockError
from ptce_data.sirene.files import open_stock
from tests.sirene import stocks

ETAB = f"{stocks.ETABLISSEMENT}.parquet"
UNIT = f"{stocks.UNITE_LEGALE}.parquet"


@pytest.fixture
def stock(tmp_path: Path) -> Path:
    places = [stocks.place(n, "35238") for n in range(100, 120)]
    return stocks.write(tmp_path / "stock", places, [stocks.unit(n) for n in range(100, 120)])


def refused(folder: Path) -> str:
    with pytest.raises(SireneError) as caught:
        open_stock(folder)
    said = str(caught.value)
    assert "\n" not in said and said.endswith(".")
    assert str(folder.parent) not in said
    return said


def test_a_sound_stock_is_described(stock: Path) -> None:
    found = open_stock(stock)
    assert found.rows == 20
    assert found.is_synthetic
    assert found.etablissement.bounds == (103, 107, 111, 115, 119)
    assert found.fingerprint == open_stock(stock).fingerprint


def _truncated(folder: Path) -> None:
    content = (folder / ETAB).read_bytes()
    (folder / ETAB).write_bytes(content[: len(content) // 2])


def _empty(folder: Path) -> None:
    stocks.write(folder, [], [stocks.unit(1)])


def _no_column(folder: Path) -> None:
    table = pq.read_table(folder / UNIT)
    pq.write_table(table.drop_columns(["economieSocialeSolidaireUniteLegale"]), folder / UNIT)


def _old_layout(folder: Path) -> None:
    pq.write_table(pa.table({"SIREN": ["1"], "NIC": ["1"], "APET700": ["9499Z"]}), folder / ETAB)


def _history(folder: Path) -> None:
    pq.write_table(
        pq.read_table(folder / ETAB).append_column("dateFin", pa.nulls(20, pa.date32())), folder / ETAB
    )


def _swapped(folder: Path) -> None:
    shutil.copy(folder / UNIT, folder / ETAB)


def _archive(folder: Path) -> None:
    (folder / ETAB).rename(folder / "StockEtablissement_utf8.zip")


def _missing(folder: Path) -> None:
    (folder / UNIT).unlink()


def _double(folder: Path) -> None:
    shutil.copy(folder / UNIT, folder / "StockUniteLegale_utf8.parquet")


def _latin(folder: Path) -> None:
    (folder / ETAB).unlink()
    (folder / "StockEtablissement.csv").write_bytes("siren,libellé\n1,é\n".encode("latin-1"))


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (_truncated, "tronqué"), (_empty, "aucune ligne"), (_no_column, "economieSocialeSolidaireUniteLegale"),
        (_old_layout, "avant 2019"), (_history, "historique"), (_swapped, "StockUniteLegale"),
        (_archive, "décompressez"), (_missing, "n’a pas de fichier"), (_double, "Plusieurs"), (_latin, "UTF-8"),
    ],
)  # fmt: skip
def test_a_faulty_stock_is_refused(stock: Path, spoil: Callable[[Path], None], word: str) -> None:
    spoil(stock)
    assert word in refused(stock)


def test_no_folder(tmp_path: Path) -> None:
    assert "n’existe pas" in refused(tmp_path / "rien")


def test_other_files_of_the_register_are_left_alone(stock: Path) -> None:
    for name in (
        "StockEtablissementHistorique_utf8.parquet",
        "StockEtablissementLiensSuccession_utf8.parquet",
    ):
        (stock / name).write_bytes(b"")
    assert open_stock(stock).rows == 20


def test_pages_that_cannot_be_read_are_one_message(stock: Path, few_communes: Path, tmp_path: Path) -> None:
    content = bytearray((stock / ETAB).read_bytes())
    content[40 : len(content) // 3] = b"\x00" * (len(content) // 3 - 40)
    (stock / ETAB).write_bytes(content)
    out = tmp_path / "out"
    with pytest.raises(StockError, match="tronqué"):
        build.build(build.plan(stock, out=out), out, data_dir=few_communes)
    assert not list(out.glob("*.parquet"))


def test_a_unit_that_is_there_twice_is_refused(few_communes: Path, tmp_path: Path) -> None:
    stock = stocks.write(tmp_path / "stock", [stocks.place(1, "35238")], [stocks.unit(1), stocks.unit(1)])
    with pytest.raises(StockError, match="plusieurs fois"):
        build.build(build.plan(stock, out=tmp_path), tmp_path, data_dir=few_communes)


def test_a_stock_with_nothing_to_count_is_refused(few_communes: Path, tmp_path: Path) -> None:
    stock = stocks.write(tmp_path / "stock", [stocks.place(1, "99999")], [stocks.unit(1)])
    with pytest.raises(StockError, match="aucun établissement actif"):
        build.build(build.plan(stock, out=tmp_path), tmp_path, data_dir=few_communes)


def test_every_column_that_is_read_is_in_the_published_layout() -> None:
    assert set(layout.READ_ETABLISSEMENT) | {layout.TREATED} <= set(layout.ETABLISSEMENT)
    assert set(layout.READ_UNITE_LEGALE) <= set(layout.UNITE_LEGALE)


def test_a_lack_of_memory_is_not_said_to_be_the_file(
    stock: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(engines, "MEMORY_LIMIT", "1MB")
    found = open_stock(stock)
    with engines.opened("duckdb", tmp_path / "disque") as engine:
        tables = engine.read(found.etablissement, layout.READ_ETABLISSEMENT), engine.read(found.unite_legale, layout.READ_UNITE_LEGALE)  # fmt: skip
        with pytest.raises(SireneError, match="mémoire"):
            engine.frame(register.cells(*tables), found.etablissement, found.unite_legale)
