"""Any valid row, written in any separator, encoding and style, reads back identically."""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Callable
from typing import Any, Final

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data import scdl
from ptce_data.identifiers import key_holds
from ptce_data.scdl.fields import BY_NAME
from tests.scdl.conftest import HEADER

_ENCODINGS: Final = ("utf-8", "utf-8-sig", "windows-1252", "utf-16")
_WRITTEN_EMPTY: Final = ("NULL", "null", "#N/A", "#N/D", "N/A", "n/a", "NaN", "nan", "#REF!", "#VALEUR!")


def _sound(text: str) -> bool:
    """A text that a file can hold and that means itself."""
    return (
        text == text.strip()
        and text not in _WRITTEN_EMPTY
        and not text.startswith("'")
        and not any(mark in text for mark in ("Ã©", "Ã¨", "Ã "))
        and all(c in "\n\t" or unicodedata.category(c)[0] != "C" for c in text)
    )


#: What Windows-1252 can write, so that every encoding can.
_TEXT: Final = st.text(
    st.sampled_from("abcdéÉèçœŒ€’«» ;,|\t\n\"'=+-@()<>&%0123456789\u00a0"), min_size=1, max_size=40
).filter(lambda t: bool(t.strip()) and _sound(t))


@st.composite
def sirets(draw: st.DrawFn) -> str:
    base = f"{draw(st.integers(1_000_000, 99_999_999)):08d}"
    siren = next(base + key for key in "0123456789" if key_holds(base + key))
    nic = f"{siren}{draw(st.integers(1, 9_999)):04d}"
    return next(nic + key for key in "0123456789" if key_holds(nic + key))


@st.composite
def subsidies(draw: st.DrawFn) -> dict[str, Any]:
    """The values of one row of version 1.1."""
    day = draw(st.dates(dt.date(2000, 1, 1), dt.date(2035, 12, 31)))
    return {
        "nomAttribuant": draw(_TEXT),
        "idAttribuant": draw(sirets()),
        "dateConvention": day,
        "referenceDecision": draw(st.one_of(st.just(""), _TEXT)),
        "nomBeneficiaire": draw(_TEXT),
        "idBeneficiaire": draw(st.one_of(st.just(""), sirets())),
        "objet": draw(_TEXT),
        "montant": draw(st.integers(1, 10**10)),
        "nature": draw(
            st.sampled_from(["aide en numéraire", "aide en nature", "aide en numéraire;aide en nature"])
        ),
        "conditionsVersement": draw(st.sampled_from(["unique", "échelonné", "autre"])),
        "datesPeriodeVersement": day,
        "idRAE": "",
        "notificationUE": draw(st.booleans()),
        "pourcentageSubvention": draw(st.integers(1, 100)),
    }


def _spaced(cents: int, space: str) -> str:
    return f"{cents // 100:,}".replace(",", space) + f",{cents % 100:02d}"


_DATES: Final[list[Callable[[dt.date], str]]] = [
    lambda d: d.isoformat(), lambda d: f"{d:%d/%m/%Y}", lambda d: f"{d} 00:00:00", lambda d: f"{d:%d.%m.%Y}",
]  # fmt: skip
_AMOUNTS: Final[list[Callable[[int], str]]] = [
    lambda c: f"{c / 100:.2f}", lambda c: f"{c // 100},{c % 100:02d}", lambda c: _spaced(c, " ") + " €",
    lambda c: _spaced(c, "\u00a0") + "€", lambda c: f"{c / 100:.2f} EUR",
]  # fmt: skip
_NUMBERS: Final[list[Callable[[str], str]]] = [
    lambda n: n, lambda n: f"{n[:3]} {n[3:6]} {n[6:9]} {n[9:]}", lambda n: f"{n[:9]} {n[9:]}",
    lambda n: n.removeprefix("0"), lambda n: f"{n}.0", lambda n: f"'{n}",
]  # fmt: skip
_SHARES: Final[list[Callable[[int], str]]] = [
    lambda p: f"{p / 100:.2f}", lambda p: f"{p} %", lambda p: f"{p / 100:.2f}".replace(".", ","), lambda p: f"{p}%",
]  # fmt: skip
_FLAGS: Final[list[Callable[[bool], str]]] = [
    lambda f: "oui" if f else "non", lambda f: "OUI" if f else "NON", lambda f: "true" if f else "false",
]  # fmt: skip
_HEADERS: Final[list[Callable[[str], str]]] = [
    lambda n: n, str.upper, str.lower, lambda n: BY_NAME[n].headers[0], lambda n: BY_NAME[n].headers[0].upper() + "*",
]  # fmt: skip


def _styled(draw: st.DrawFn, row: dict[str, Any]) -> list[str]:
    day, amount = draw(st.sampled_from(_DATES)), draw(st.sampled_from(_AMOUNTS))
    number, share = draw(st.sampled_from(_NUMBERS)), draw(st.sampled_from(_SHARES))
    cells = dict(row)
    cells["dateConvention"] = day(row["dateConvention"])
    cells["datesPeriodeVersement"] = day(row["datesPeriodeVersement"])
    cells["montant"] = amount(row["montant"])
    for name in ("idAttribuant", "idBeneficiaire"):
        cells[name] = number(row[name]) if row[name] else ""
    cells["pourcentageSubvention"] = share(row["pourcentageSubvention"])
    cells["notificationUE"] = draw(st.sampled_from(_FLAGS))(row["notificationUE"])
    return [cells[name] for name in HEADER]


def _expected(row: dict[str, Any]) -> dict[str, Any]:
    total = row["montant"] / 100
    day = row["dateConvention"].isoformat()
    return {
        "funder_name": row["nomAttribuant"],
        "funder_id": row["idAttribuant"],
        "funder_siren": row["idAttribuant"][:9],
        "date": day,
        "year": row["dateConvention"].year,
        "decision_ref": row["referenceDecision"] or None,
        "beneficiary_name": row["nomBeneficiaire"],
        "beneficiary_id": row["idBeneficiaire"] or None,
        "purpose": row["objet"],
        "total_eur": total,
        "share": row["pourcentageSubvention"] / 100,
        "nature": row["nature"],
        "payment_terms": row["conditionsVersement"],
        "payment_period": day,
        "eu_notified": row["notificationUE"],
    }


def _check(imported: scdl.Import, rows: list[dict[str, Any]]) -> None:
    report = imported.report
    assert (report.read, report.kept, report.refused) == (len(rows), len(rows), 0), report.refusals
    kept = imported.rows.astype(object).where(imported.rows.notna(), None)
    for read, row in zip(kept.to_dict("records"), rows, strict=True):
        expected = _expected(row)
        assert {name: read[name] for name in expected} == expected


@st.composite
def files(draw: st.DrawFn) -> tuple[list[dict[str, Any]], bytes]:
    """Some rows, and a CSV file of them in one style per row and one layout."""
    rows = draw(st.lists(subsidies(), min_size=1, max_size=4))
    header = draw(st.sampled_from(_HEADERS))
    order = draw(st.permutations(range(len(HEADER))))
    buffer = io.StringIO(newline="")
    writer = csv.writer(
        buffer,
        delimiter=draw(st.sampled_from(";,\t|")),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        lineterminator=draw(st.sampled_from(["\n", "\r\n"])),
    )
    writer.writerow([header(HEADER[at]) for at in order])
    for row in rows:
        cells = _styled(draw, row)
        writer.writerow([cells[at] for at in order])
    return rows, buffer.getvalue().encode(draw(st.sampled_from(_ENCODINGS)))


@settings(max_examples=40, deadline=None)
@given(files())
def test_a_csv_file_reads_back(case: tuple[list[dict[str, Any]], bytes]) -> None:
    rows, content = case
    _check(scdl.read([("synthetique.csv", content)]), rows)


@st.composite
def workbooks(draw: st.DrawFn) -> tuple[list[dict[str, Any]], bytes]:
    """The same as a workbook, whose cells are texts, numbers and dates."""
    rows = draw(st.lists(subsidies(), min_size=1, max_size=3))
    header = draw(st.sampled_from(_HEADERS))
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([header(name) for name in HEADER])
    for line, row in enumerate(rows, start=2):
        cells: list[Any] = _styled(draw, row)
        if draw(st.booleans()):
            cells[1] = int(row["idAttribuant"])
            cells[2] = row["dateConvention"]
            cells[7] = row["montant"] / 100
            cells[13] = row["pourcentageSubvention"] / 100
        for column, value in enumerate(cells, start=1):
            cell = sheet.cell(line, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    buffer = io.BytesIO()
    book.save(buffer)
    return rows, buffer.getvalue()


@settings(max_examples=15, deadline=None)
@given(workbooks())
def test_a_workbook_reads_back(case: tuple[list[dict[str, Any]], bytes]) -> None:
    rows, content = case
    _check(scdl.read([("synthetique.xlsx", content)]), rows)
