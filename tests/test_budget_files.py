"""A budget's files: what is written loads back identically; what is hostile is told, and runs nothing."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data import budget as b
from ptce_data.budget import Budget, BudgetError, Line, cells
from ptce_data.budget.model import MAX_TEXT, clean
from ptce_data.funding import NATURES
from tests.mini import HOSTILE_NAMES
from tests.test_budget import POLE

FORMATS: dict[str, tuple[Callable[[Budget], bytes], Callable[[bytes], Budget]]] = {
    "csv": (b.to_csv, b.from_csv),
    "xlsx": (b.to_xlsx, b.from_xlsx),
    "json": (b.to_json, b.from_json),
}

texts = st.one_of(
    st.text(max_size=40),
    st.builds(lambda head, tail: head + tail, st.sampled_from(["=", "+", "-", "@", "'", "''=", "#N/A", "\t", "_x0041_"]), st.text(max_size=8)),
    st.sampled_from([n for n in HOSTILE_NAMES if len(n) <= MAX_TEXT]),
    st.sampled_from(["Libellé", "Sens", "Budget", "oui", "1,5", "2026", "TRUE", "1e5", "\ufeffx", "a;b\"c,d"]),
)  # fmt: skip
labels = texts.filter(lambda t: bool(clean(t)))
amounts = st.one_of(
    st.integers(0, 10**14).map(lambda cents: cents / 100), st.sampled_from([0.0, 0.1, 0.01, 1e12])
)


@st.composite
def budgets(draw: st.DrawFn) -> Budget:
    """Any sound budget."""
    first, length = draw(st.integers(1990, 2090)), draw(st.integers(1, 5))
    lines = []
    for _ in range(draw(st.integers(0, 4))):
        side = draw(st.sampled_from(["ressource", "emploi"]))
        category = draw(st.sampled_from(list(b.RESOURCES if side == "ressource" else b.USES)))
        line = Line(
            draw(labels),
            side,
            category,
            tuple(draw(amounts) for _ in range(length)),
            draw(st.sampled_from([None, *NATURES])),
            category == "benevolat" and draw(st.booleans()),
        )
        ends = draw(st.none() | st.integers(1990, 2100)) if line.is_public else None
        lines.append(Line(line.label, side, category, line.amounts, line.nature, line.is_volunteer, ends))
    return Budget(draw(labels), tuple(range(first, first + length)), tuple(lines))


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_budget_loads_back_identically(name: str) -> None:
    write, read = FORMATS[name]

    @settings(deadline=None, max_examples=20 if name == "xlsx" else 100)
    @given(budgets())
    def law(made: Budget) -> None:
        assert read(write(made)) == made

    law()


@pytest.mark.parametrize("name", list(FORMATS))
@pytest.mark.parametrize("made", [POLE, b.template(2026, 3)], ids=["pole", "template"])
def test_the_form_s_budgets_load_back_identically(name: str, made: Budget) -> None:
    write, read = FORMATS[name]
    assert read(write(made)) == made


@pytest.mark.parametrize("name", list(FORMATS))
def test_an_unsound_budget_is_not_written(name: str) -> None:
    with pytest.raises(BudgetError):
        FORMATS[name][0](Budget("", (2026,)))


@given(st.text())
def test_escaping_is_undone_exactly(text: str) -> None:
    assert cells.unescape(cells.escape(text)) == text
    assert not cells.escape(text).startswith(("=", "+", "-", "@"))


# -- CSV as people make it -------------------------------------------------------------------------


def table(header: str, *rows: str, name: str = "Budget;Mon pôle") -> str:
    return "\r\n".join([name, header, *rows])


HEADER = "Libellé;Sens;Catégorie;2026"


@pytest.mark.parametrize(
    "content",
    [
        table(HEADER, "Région;Ressource;Subvention de la Région;1 234,50 €").encode(),
        table(HEADER, "Région;ressource;subvention_region;1234.5").encode("utf-8-sig"),
        table(HEADER, "Région;RECETTE;SUBVENTION DE LA RÉGION;1234,5").encode("cp1252"),
        table(HEADER, "Région;ressource;subvention_region;1234,5").encode("utf-16"),
        table(HEADER, "Région;ressource;subvention_region;1.234,50").replace(";", "\t").encode(),
        table("LIBELLE,sens,Categorie,2026", 'Région,ressource,subvention_region,"1,234.50"', name="budget,Mon pôle").encode(),
        table("2026;Catégorie;Sens;Libellé;Nature", "1234,5;subvention_region;Ressource;Région;", ";;;;").encode(),
        table(HEADER + ";;", "Région;Ressource;Subvention de la Région;1\u202f234,5;;", "", ";;;").encode(),
    ],
)  # fmt: skip
def test_files_as_people_make_them(content: bytes) -> None:
    expected = Line("Région", "ressource", "subvention_region", (1234.5,))
    assert b.from_csv(content) == Budget("Mon pôle", (2026,), (expected,))


def test_an_empty_cell_is_nothing_that_year() -> None:
    made = b.from_csv(table("Libellé;Sens;Catégorie;2027;2026", "A;emploi;Locaux;;5").encode())
    assert (made.years, made.lines[0].amounts) == ((2026, 2027), (5.0, 0.0)), "années dans l'ordre"


def test_all_faults_of_a_file_are_told_at_once() -> None:
    content = table(
        "Libellé;Sens;Catégorie;Nature;Bénévolat valorisé;Dernière année;2026;2027",
        "A;ressource;Mécène;;;;1;2",
        "B;vente;Locaux;;;;1;2",
        "C;emploi;Locaux;durable;peut-être;bientôt;=1+1;1.234",
        ";emploi;Locaux;;;;-5;abc",
        ";emploi;Locaux;;;;-5;0",
        "D;emploi;Locaux;;;2026;1;1;surplus",
        "E;emploi;Locaux;;;2026;1;1",
    )
    with pytest.raises(BudgetError) as caught:
        b.from_csv(content.encode(), "mien.csv")
    assert [(f.file, f.line, f.field) for f in caught.value.faults] == [
        ("mien.csv", 3, "Catégorie"),
        ("mien.csv", 4, "Sens"),
        ("mien.csv", 5, "Nature"),
        ("mien.csv", 5, "Bénévolat valorisé"),
        ("mien.csv", 5, "Dernière année"),
        ("mien.csv", 5, "2026"),
        ("mien.csv", 5, "2027"),
        ("mien.csv", 6, "2027"),
        ("mien.csv", 7, "Libellé"),
        ("mien.csv", 7, "Montants"),
        ("mien.csv", 8, None),
        ("mien.csv", 9, "Dernière année"),
    ]
    said = {(f.line, f.field): f.expected for f in caught.value.faults}
    assert "formule" in said[5, "2026"] and "sans ambiguïté" in said[5, "2027"]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "entete"),
        (b"\x00\x01", "encodage"),
        (b"\xff\xfe\x00", "encodage"),
        (b"a;b\r\n1;2", "entete"),
        (table("Libellé;Sens;Catégorie").encode(), "annees"),
        (table("Libellé;Sens;2026").encode(), "colonne_absente"),
        (table(HEADER + ";2026").encode(), "colonne_double"),
        (table(HEADER + ";Couleur").encode(), "colonne_inconnue"),
        (table(HEADER, name="Autre chose").encode(), "obligatoire"),
        (table(HEADER, *["A;emploi;Locaux;1"] * 501).encode(), "longueur"),
        (b"x" * 5_000_001, "taille"),
        (table(HEADER, '"' + "x" * 200_000).encode(), "csv"),
    ],
)
@pytest.mark.parametrize("limit", [131_072, 10_000_000])
def test_a_file_that_is_no_budget_is_refused(content: bytes, rule: str, limit: int) -> None:
    # The limit of Python's reader belongs to the process: a library that raises it changes nothing here.
    before = csv.field_size_limit(limit)
    try:
        with pytest.raises(BudgetError) as caught:
            b.from_csv(content)
    finally:
        csv.field_size_limit(before)
    assert rule in {f.rule for f in caught.value.faults}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("", 0.0), (None, 0.0), (3, 3.0), (2.5, 2.5), ("1 000", 1000.0), ("1.000.000", 1e6), ("12,5 €", 12.5),
        ("1,234,567.8", 1234567.8), ("1.234,5", 1234.5), ("-3", -3.0), ("0,05", 0.05), ("12345,678", 12345.678),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(cell: cells.Cell, value: float) -> None:
    assert cells.amount(cell) == value


@pytest.mark.parametrize("cell", ["1.234", "1,234", "1e5", "1,2,3", "1.2.3,4", "=A1", "nan", "inf", "douze", "١٢", True, float("inf"), 10**400])  # fmt: skip
def test_what_is_no_amount_is_refused(cell: cells.Cell) -> None:
    with pytest.raises(cells.Unreadable):
        cells.amount(cell)


# -- XLSX ------------------------------------------------------------------------------------------


def book(change: Callable[[openpyxl.worksheet.worksheet.Worksheet], None]) -> bytes:
    """The workbook of POLE, changed as a person would in a spreadsheet."""
    made = openpyxl.load_workbook(io.BytesIO(b.to_xlsx(POLE)))
    change(made["Budget"])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_texts_are_stored_as_texts() -> None:
    made = Budget("=1+1", (2026,), (Line("#N/A", "emploi", "locaux", (1.0,)),))
    sheet = openpyxl.load_workbook(io.BytesIO(b.to_xlsx(made)))["Budget"]
    assert [(sheet[c].value, sheet[c].data_type) for c in ("B1", "A3")] == [("=1+1", "s"), ("#N/A", "s")]


def test_the_workbook_offers_the_lists_of_values() -> None:
    made = openpyxl.load_workbook(io.BytesIO(b.to_xlsx(b.template(2026))))
    assert made.sheetnames == ["Budget", "Lisez-moi"]
    rules = {str(v.sqref)[0]: v.formula1 for v in made["Budget"].data_validations.dataValidation}
    assert set(rules) == {"B", "C", "D", "E"}
    start, end = rules["C"].split("!")[1].replace("$", "").split(":")
    listed = [row[0].value for row in made["Lisez-moi"][start:end]]
    assert listed == list(dict.fromkeys([*b.RESOURCES.values(), *b.USES.values()]))


@pytest.mark.parametrize("cell", ["A3", "B1", "C4", "G3", "G2"])
def test_a_formula_is_refused_where_it_stands(cell: str) -> None:
    with pytest.raises(BudgetError) as caught:
        b.from_xlsx(book(lambda sheet: sheet.__setitem__(cell, "=SUM(1,2)")))
    (fault,) = (f for f in caught.value.faults if f.rule == "formule")
    assert fault.line == int(cell[1]) and fault.value == "=SUM(1,2)" and "formule" in fault.expected


def test_numbers_and_words_of_a_spreadsheet_are_read() -> None:
    def change(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet["G2"], sheet["G3"], sheet["E3"], sheet["F3"] = "2026", "60 000 €", False, 2027.0
        sheet["A40"] = " "

    assert b.from_xlsx(book(change)) == POLE


def test_dates_and_errors_are_refused() -> None:
    import datetime

    def change(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet["F3"] = datetime.date(2027, 12, 31)
        sheet["G4"] = "#REF!"

    with pytest.raises(BudgetError) as caught:
        b.from_xlsx(book(change))
    assert [(f.line, f.field) for f in caught.value.faults] == [(3, "Dernière année"), (4, "2026")]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 60_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"not a workbook", b.to_csv(POLE), b.to_xlsx(POLE)[:-200], bomb(), b"x" * 5_000_001],
    ids=["vide", "zip", "texte", "csv", "tronqué", "bombe", "gros"],
)
def test_a_workbook_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(BudgetError):
        b.from_xlsx(content)


def test_a_far_away_cell_does_not_cost_a_million_rows() -> None:
    with pytest.raises(BudgetError, match="500 lignes au plus"):
        b.from_xlsx(book(lambda sheet: sheet.__setitem__("A1048576", "x")))


# -- JSON ------------------------------------------------------------------------------------------


def edited(**changes: object) -> bytes:
    return json.dumps(json.loads(b.to_json(POLE)) | changes).encode()


def line(**changes: object) -> bytes:
    first = json.loads(b.to_json(POLE))["lines"][0]
    return edited(lines=[first | changes])


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"{", b"null", b"\xff", b"[" * 100_000, edited(format="autre"), edited(version=2),
        edited(name=None), edited(years="2026"), edited(years=[2026.5]), edited(years=[True]), edited(lines={}),
        edited(lines=[3]), line(couleur=1), line(amounts=[1, 2, "3"]), line(amounts=[1, 2, True]),
        line(amounts=[1, 2, 10**400]), line(amounts=[1, 2]), line(label=3), line(ends_year=True), line(is_volunteer=1),
        line(side="\ud800"), b.to_json(POLE).replace(b"60000.0", b"NaN"), edited(years=[10**40]),
    ],
)  # fmt: skip
def test_a_json_that_is_no_budget_is_refused(content: bytes) -> None:
    with pytest.raises(BudgetError) as caught:
        b.from_json(content)
    str(caught.value).encode()


def test_all_faults_of_a_json_are_told_at_once() -> None:
    first = json.loads(b.to_json(POLE))["lines"][0]
    content = edited(name=3, years=None, lines=[3, first | {"amounts": None, "nature": 1}])
    with pytest.raises(BudgetError) as caught:
        b.from_json(content)
    assert [(f.line, f.field) for f in caught.value.faults] == [
        (None, "name"),
        (None, "years"),
        (1, None),
        (2, "amounts"),
        (2, "nature"),
    ]
