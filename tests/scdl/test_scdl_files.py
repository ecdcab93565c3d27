"""Files as local authorities publish them: every layout reads alike, nothing is swallowed."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data import scdl
from ptce_data.scdl.fields import FIELDS, normal, recognise
from tests.scdl.conftest import FIXTURES, HEADER, ROW, lines

#: What all fixtures say, where they say it.
EXPECTED = {
    "beneficiary_name": ["Pôle A", "Association synthétique Zéro", "Club synthétique"],
    "year": [2019, 2020, 2021],
    "amount_eur": [1234.50, 10_000.0, 500.0],
}
#: What the fixtures of a whole layout say besides.
WHOLE = {
    "funder_name": ["Ville synthétique d'Alpha"] * 3,
    "funder_siren": ["987654324"] * 3,
    "date": ["2019-06-27", "2020-01-15", "2021-03-01"],
    "decision_ref": ["D-1", "D-2", "D-3"],
    "beneficiary_id": ["12345678200010", "00552013500012", None],
    "beneficiary_siren": ["123456782", "005520135", None],
    "purpose": ["Aide au fonctionnement", "Été « culturel » ; spectacles", "Prêt d'une salle"],
    "total_eur": [1234.50, 20_000.0, 500.0],
    "share": [1.0, 0.5, 1.0],
    "is_in_kind": [False, False, True],
    "payment_period": ["2019-06-27", "2020-01-15/2020-12-31", "2021-03-01"],
}


def plain(rows: Any, column: str) -> list[Any]:
    return [
        None if missing else value for value, missing in zip(rows[column], rows[column].isna(), strict=True)
    ]


def test_every_layout_says_the_same(layout: Path) -> None:
    imported = scdl.read([layout], funder="Département synthétique")
    expected = EXPECTED if "annee-seule" in layout.name else EXPECTED | WHOLE
    assert {column: plain(imported.rows, column) for column in expected} == expected
    assert list(imported.rows.columns) == list(scdl.ROW_TYPES)
    assert {c: str(t) for c, t in imported.rows.dtypes.items()} == scdl.ROW_TYPES
    assert imported.report.refused == 0


@pytest.mark.parametrize(
    ("name", "version", "encoding", "separator", "header_line"),
    [
        ("synthetique-1.1-virgule-utf8.csv", "1.1", "utf-8", ",", 1),
        ("synthetique-2.1-point-virgule-bom.csv", "2.1", "utf-8-sig", ";", 1),
        ("synthetique-titres-windows-1252.csv", "1.1", "windows-1252", ";", 3),
        ("synthetique-majuscules-tabulation.csv", "1.1", "utf-8", "\t", 1),
        ("synthetique-api-minuscules.csv", "1.1", "utf-8", ",", 1),
        ("synthetique-annee-seule.csv", "autre", "utf-8", ";", 1),
    ],
)
def test_the_report_says_how_a_file_was_read(
    name: str, version: str, encoding: str, separator: str, header_line: int
) -> None:
    file = scdl.read([FIXTURES / name]).report.files.iloc[0]
    told = (file["version"], file["encoding"], file["separator"], file["header_line"])
    assert told == (version, encoding, separator, header_line)


def test_a_file_that_conforms_needs_no_repair() -> None:
    report = scdl.read([FIXTURES / "synthetique-1.1-virgule-utf8.csv"]).report
    assert (report.repaired, len(report.repairs), len(report.warnings)) == (0, 0, 0)


def test_extra_columns_are_kept_aside() -> None:
    imported = scdl.read([FIXTURES / "synthetique-titres-windows-1252.csv"])
    assert imported.extras.to_dict("list") == {"Canton": ["Nord", "Sud", "Sud"]}
    assert imported.report.files["extra_columns"].iat[0] == ("Canton",)


def test_files_of_different_layouts_are_stacked() -> None:
    paths = sorted(FIXTURES.glob("*.csv"))
    imported = scdl.read(paths, funder="Département synthétique")
    assert imported.report.kept == 3 * len(paths) == len(imported.rows) == len(imported.extras)
    assert list(imported.rows["file"].unique()) == [path.name for path in paths]
    assert imported.extras["Canton"].notna().sum() == 3


def workbook(sheets: dict[str, list[list[Any]]], hidden: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if title == hidden:
            sheet.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def typed_row(**changes: Any) -> list[Any]:
    cells: dict[str, Any] = {
        **ROW, "idAttribuant": 98765432400019, "idBeneficiaire": 552013500012, "dateConvention": dt.date(2019, 6, 27),
        "montant": 1234.567, "pourcentageSubvention": 0.5,
    }  # fmt: skip
    return list((cells | changes).values())


def test_a_workbook_of_typed_cells_reads_like_text() -> None:
    content = workbook(
        {"Lisez-moi": [["Notice"]], "Votes": [["Subventions 2019"], [], list(HEADER), typed_row()]}
    )
    imported = scdl.read([("synthetique.xlsx", content)])
    row = imported.rows.iloc[0]
    assert (row["file"], row["line"]) == ("synthetique.xlsx · Votes", 4)
    assert (row["funder_id"], row["beneficiary_id"], row["date"]) == (
        "98765432400019",
        "00552013500012",
        "2019-06-27",
    )
    assert (row["total_eur"], row["amount_eur"]) == (1234.567, 617.28)


def test_a_number_of_a_workbook_with_three_decimals_is_not_ambiguous() -> None:
    content = workbook({"Votes": [list(HEADER), typed_row(montant=1.234)]})
    assert scdl.read([("synthetique.xlsx", content)]).rows["total_eur"].tolist() == [1.234]


def test_every_visible_sheet_with_a_header_is_read() -> None:
    years = {str(year): [list(HEADER), typed_row(dateConvention=year)] for year in (2019, 2020, 2021)}
    imported = scdl.read([("synthetique.xlsx", workbook(years, hidden="2020"))])
    assert imported.rows["year"].tolist() == [2019, 2021]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "fichier vide"),
        (b"\xef\xbb\xbf\r\n  \r\n", "fichier vide"),
        (b"a;b\n1;2\n", "aucune ligne d’en-tête"),
        (b"nomBeneficiaire;objet\nX;Y\n", "aucune ligne d’en-tête"),
        (b"\x00\x01\x02", "ni un texte ni un classeur"),
        (b"\xff\xfe\x00", "UTF-16"),
        (b"\xef\xbb\xbfnom\xe9", "annoncé en UTF-8"),
        (b"PK\x03\x04pas un classeur", "classeur abîmé"),
        (b"\xd0\xcf\x11\xe0pas un classeur", "classeur"),
        (workbook({"Vide": []}), "classeur vide"),
        (workbook({"Autre": [["a", "b"], [1, 2]]}), "aucune ligne d’en-tête"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(content: bytes, why: str) -> None:
    imported = scdl.read([("bon.csv", lines({})), ("mauvais.csv", content)])
    assert [(one.file, why in one.why) for one in imported.report.unreadable] == [("mauvais.csv", True)]
    assert imported.report.kept == 1


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    unreadable = scdl.read([tmp_path / "absent.csv", tmp_path]).report.unreadable
    assert [one.file for one in unreadable] == ["absent.csv", tmp_path.name]


def test_a_workbook_that_swells_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    from ptce_data.scdl import workbook as module

    monkeypatch.setattr(module, "MAX_UNPACKED", 1_000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 100_000)
    (one,) = scdl.read([("bombe.xlsx", buffer.getvalue())]).report.unreadable
    assert "une fois ouvert" in one.why


def test_utf16_and_twice_encoded_text_are_put_right() -> None:
    text = lines({"nomBeneficiaire": "Été à l’île"}).decode()
    for content in (text.encode("utf-16"), text.encode().decode("windows-1252").encode("utf-8")):
        rows = scdl.read([("synthetique.csv", content)]).rows
        assert rows["beneficiary_name"].tolist() == ["Été à l’île"]


def faults(content: bytes) -> tuple[list[int], list[tuple[int, str]]]:
    """Lines kept; lines refused with their reasons."""
    imported = scdl.read([("synthetique.csv", content)])
    refusals = imported.report.refusals
    return imported.rows["line"].tolist(), list(zip(refusals["line"], refusals["why"], strict=True))


def test_a_truncated_and_a_long_line_are_refused_with_their_line() -> None:
    good = lines({}, {}, {}).decode().splitlines()
    good[2] = good[2][:40]
    good[3] += ";de trop"
    kept, refused = faults("\n".join(good).encode())
    assert kept == [2]
    assert [(line, why.split(" :")[0]) for line, why in refused] == [
        (3, "ligne tronquée"),
        (4, "ligne trop longue"),
    ]


def test_empty_cells_at_the_end_are_no_fault() -> None:
    text = "\n".join(line + ";;" for line in lines({}, {}).decode().splitlines())
    assert faults(text.encode()) == ([2, 3], [])


def test_another_separator_in_the_rows_refuses_every_row() -> None:
    header, row = lines({}).decode().splitlines()
    kept, refused = faults(f"{header}\n{row.replace(';', ',')}\n".encode())
    assert kept == []
    assert [line for line, _ in refused] == [2]


def test_a_quote_that_is_not_closed_swallows_no_row() -> None:
    texts = lines(*[{"objet": f"n{number}"} for number in range(6)]).decode().splitlines()
    texts[2] = texts[2].replace("n1", '"n1')
    kept, refused = faults("\n".join(texts).encode())
    assert kept == [2, 4, 5, 6, 7]
    assert refused == [(3, "guillemet mal fermé ou mal placé")]


def test_a_stray_quote_that_meets_another_swallows_no_row() -> None:
    texts = lines(*[{"objet": f"n{number}"} for number in range(6)]).decode().splitlines()
    texts[2] = texts[2].replace("n1", '"n1')
    texts[4] = texts[4].replace("n3", 'n3"')
    kept, refused = faults("\n".join(texts).encode())
    assert set(kept) | {line for line, _ in refused} == set(range(2, 8))
    assert {5, 2, 4, 6, 7} <= set(kept)


def test_a_quoted_text_over_lines_is_one_row() -> None:
    texts = lines({"objet": '"deux\nlignes ; et ""guillemets"""'}, {}).decode()
    imported = scdl.read([("synthetique.csv", texts.encode())])
    assert imported.rows["line"].tolist() == [2, 4]
    assert imported.rows["purpose"].iat[0] == 'deux\nlignes ; et "guillemets"'


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line_is_one(end: str) -> None:
    text = lines({"objet": "a\x0bb\u2028c\x85d"}, {}).decode().replace("\n", end)
    imported = scdl.read([("synthetique.csv", text.encode())])
    assert imported.rows["line"].tolist() == [2, 3]
    assert imported.rows["purpose"].iat[0] == "a\x0bb\u2028c\x85d"


@pytest.mark.parametrize("name", [field.name for field in FIELDS])
def test_headers_are_known_in_any_case(name: str) -> None:
    field = next(one for one in FIELDS if one.name == name)
    for header in (name, *field.headers):
        for written in (header, header.upper(), header.lower(), f"  {header}* ", header.replace("é", "e")):
            assert recognise([written]).positions == {name: 0}, written


def test_no_header_stands_for_two_fields() -> None:
    owners: dict[str, set[str]] = {}
    for field in FIELDS:
        for header in (field.name, *field.headers):
            owners.setdefault(normal(header), set()).add(field.name)
    assert {word: names for word, names in owners.items() if len(names) > 1} == {}


@pytest.mark.parametrize(
    "header",
    ["Montant demandé", "Montant proposé", "Nom", "id", "Adresse du bénéficiaire", "Date de dépôt", ""],
)
def test_other_headers_are_not_taken_for_fields(header: str) -> None:
    assert recognise([header]).positions == {}


def test_of_two_headers_of_a_field_the_better_one_wins() -> None:
    header = recognise(["Montant versé", "montant", "dateDecision", "dateConvention"])
    assert header.positions == {"montant": 1, "dateConvention": 3}
    assert header.extras == [0, 2]


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(tail: bytes) -> None:
    for content in (tail, lines({}) + tail, b"PK\x03\x04" + tail, b"\xd0\xcf\x11\xe0" + tail):
        report = scdl.read([("x", content)]).report
        assert report.read == report.kept + report.refused
