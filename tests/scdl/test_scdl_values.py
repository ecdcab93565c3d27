"""Cells: each way of writing a value gives that value; what could be two values is refused."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_data.identifiers import is_siren, is_siret, key_holds
from ptce_data.scdl import identity, values
from ptce_data.scdl.names import fold_name
from ptce_data.scdl.parsed import REPAIRS, RefusedError
from ptce_data.text import fold


@pytest.mark.parametrize(
    ("text", "value", "repaired"),
    [
        ("47800.20", 47800.20, False),
        ("0", 0.0, False),
        ("12", 12.0, False),
        ("1234.5678", 1234.5678, False),
        ("1234,5", 1234.5, True),
        ("0,125", 0.125, True),
        ("0.125", 0.125, False),
        ("1 234 567,89 €", 1234567.89, True),
        ("1\u00a0234,00\u202f€", 1234.0, True),
        ("€ 12 000", 12000.0, True),
        ("12 000 euros", 12000.0, True),
        ("12000EUR", 12000.0, True),
        ("1.234.567", 1234567.0, True),
        ("1.234,50", 1234.5, True),
        ("1,234.50", 1234.5, True),
        ("1,234,567", 1234567.0, True),
    ],
)
def test_an_amount_is_read(text: str, value: float, repaired: bool) -> None:
    parsed = values.amount(text)
    assert parsed.value == value
    assert (parsed.repair is not None) == repaired


@pytest.mark.parametrize(
    "text",
    ["1.234", "1,234", "12 34", "1 2345", "-500", "(500)", "1.2E+06", "12 k€", "gratuit", "€", "12,", "1.234,56,7",
     "nan", "inf", "9999999999999999", "１２", "12..5", "1 234.567,89"],
)  # fmt: skip
def test_an_amount_that_is_not_sure_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        values.amount(text)


def test_an_amount_of_nothing_is_kept_with_a_warning() -> None:
    assert values.amount("0").warning == "montant nul"
    assert values.amount("0.01").warning is None


@pytest.mark.parametrize(
    ("text", "share", "repair"),
    [("1", 1.0, None), ("1.00", 1.0, None), ("0.45", 0.45, None), ("0,5", 0.5, "nombre_reecrit"),
     ("50", 0.5, "part_en_pourcent"), ("50 %", 0.5, "part_en_pourcent"), ("100", 1.0, "part_en_pourcent"),
     ("33,33", 0.3333, "part_en_pourcent"), ("1 %", 0.01, "part_en_pourcent"), ("0.01", 0.01, None)],
)  # fmt: skip
def test_a_share_is_read(text: str, share: float, repair: str | None) -> None:
    assert values.share(text) == (share, repair, None)


@pytest.mark.parametrize("text", ["0", "0 %", "100.5", "150", "-1", "moitié"])
def test_an_impossible_share_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        values.share(text)


@pytest.mark.parametrize(
    ("text", "day", "repair"),
    [
        ("2019-06-27", "2019-06-27", None),
        ("2019", "2019", None),
        ("2019.0", "2019", None),
        ("2019-06", "2019-06", None),
        ("06/2019", "2019-06", "date_reecrite"),
        ("27/06/2019", "2019-06-27", "date_reecrite"),
        ("1/3/2021", "2021-03-01", "date_reecrite"),
        ("27-06-2019", "2019-06-27", "date_reecrite"),
        ("27.06.2019", "2019-06-27", "date_reecrite"),
        ("27/06/19", "2019-06-27", "date_reecrite"),
        ("2019/06/27", "2019-06-27", "date_reecrite"),
        ("20190627", "2019-06-27", "date_reecrite"),
        ("2019-06-27T00:00:00", "2019-06-27", "date_reecrite"),
        ("27/06/2019 00:00", "2019-06-27", "date_reecrite"),
        ("2018-12-31T23:00:00Z", "2019-01-01", "date_reecrite"),
        ("2019-06-30T22:00:00+00:00", "2019-07-01", "date_reecrite"),
        ("1er mars 2019", "2019-03-01", "date_reecrite"),
        ("Jeudi 12 août 2021", "2021-08-12", "date_reecrite"),
        ("43643", "2019-06-27", "numero_tableur"),
    ],
)
def test_a_date_is_read(text: str, day: str, repair: str | None) -> None:
    parsed = values.date(text)
    assert (parsed.value.text, parsed.value.year, parsed.repair) == (day, int(day[:4]), repair)


@pytest.mark.parametrize(
    "text",
    ["2019-02-30", "30/02/2019", "13/2019", "2019-00", "06/27/2019", "1889-06-27", "2099", "19-06-27", "2019/2020",
     "hier", "99999", "0000-00-00", "12 brumaire 2019", "1234567"],
)  # fmt: skip
def test_an_impossible_date_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        values.date(text)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2040, 12, 31)))
def test_every_day_is_read_in_every_style(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    for text in (
        f"{day:%Y-%m-%d}",
        f"{day:%d/%m/%Y}",
        f"{day:%d.%m.%Y}",
        f"{day:%Y%m%d}",
        f"{day} 00:00:00",
        str(serial),
    ):
        assert values.date(text).value.text == day.isoformat(), text


@given(st.integers(0, 10**11))
def test_every_amount_is_read_in_every_style(cents: int) -> None:
    whole, rest = divmod(cents, 100)
    spaced = f"{whole:,}".replace(",", " ")
    for text in (
        f"{whole}.{rest:02d}",
        f"{whole},{rest:02d}",
        f"{spaced},{rest:02d} €",
        f"{spaced},{rest:02d}".replace(" ", "\u202f"),
        f"{spaced}.{rest:02d}".replace(" ", "\u00a0"),
        f"{whole:,}.{rest:02d}",
    ):
        assert round(values.amount(text).value * 100) == cents, text


@pytest.mark.parametrize(
    ("text", "number", "repair"),
    [
        ("12345678200010", "12345678200010", None),
        ("123456782", "123456782", None),
        (" 123 456 782 00010", "12345678200010", "identifiant_reecrit"),
        ("123.456.782.00010", "12345678200010", "identifiant_reecrit"),
        ("SIRET : 12345678200010", "12345678200010", "identifiant_reecrit"),
        ('="12345678200010"', "12345678200010", "identifiant_reecrit"),
        ("'12345678200010", "12345678200010", "identifiant_reecrit"),
        ("12345678200010.0", "12345678200010", "identifiant_reecrit"),
        ("552013500012", "00552013500012", "zeros_de_tete"),
        ("5520135", "005520135", "zeros_de_tete"),
        ("1.2345678200010E+13", "12345678200010", "notation_scientifique"),
        ("1,2345678200010E13", "12345678200010", "notation_scientifique"),
        ("12345678200000", "123456782", "siren_sans_nic"),
        ("W691234567", "W691234567", "rna_deplace"),
        ("w 69 1234567", "W691234567", "rna_deplace"),
        ("35600000000048", "35600000000048", None),
    ],
)
def test_an_identifier_is_read(text: str, number: str, repair: str | None) -> None:
    assert identity.identifier(text) == (number, repair, None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("8.12345E+13", "8 chiffres sur 14 sont perdus"),
        ("8,1234567890123E+14", "1 chiffre sur 15 est perdu"),
        ("1.23456782000105E+13", "pas entier"),
        ("81234500000000", "remplacés par des zéros"),
        ("12345678300000", "clé est fausse"),
        ("1234567820001", "zéros de tête"),
        ("12345678", "zéros de tête"),
        ("123456", "6 chiffres"),
        ("1234567820001000", "16 chiffres"),
        ("FR12 123456782", "autres caractères"),
        ("12345678200010 / 98765432400019", "28 chiffres"),
    ],
)
def test_an_identifier_whose_digits_are_lost_is_refused(text: str, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        identity.identifier(text)


@pytest.mark.parametrize("text", ["néant", "en cours", "-", "00000000000000", "0", "99999999999999"])
def test_a_filler_is_no_identifier(text: str) -> None:
    parsed = identity.identifier(text)
    assert (parsed.value, parsed.repair) == (None, "identifiant_ecarte")
    assert parsed.warning


@pytest.mark.parametrize("text", ["12345678200011", "123456783"])
def test_a_wrong_key_is_a_warning(text: str) -> None:
    parsed = identity.identifier(text)
    assert parsed.value == text
    assert "clé de contrôle" in (parsed.warning or "")


@given(st.from_regex(r"[0-9]{8}", fullmatch=True), st.from_regex(r"[0-9]{4}", fullmatch=True))
def test_leading_zeros_come_back_or_nothing_does(body: str, rank: str) -> None:
    siren = next(body + key for key in "0123456789" if key_holds(body + key))
    siret = next(siren + rank + key for key in "0123456789" if key_holds(siren + rank + key))
    if not is_siret(siret) or siret.endswith("00000"):
        return
    short = siret.lstrip("0")
    try:
        read = identity.identifier(short).value
    except RefusedError:
        assert len(siret) - len(short) > 2
    else:
        # So many zeros that what is left reads as a SIREN of its own.
        assert read == siret or (len(short) <= 9 and read in (short, short.zfill(9)))


@given(st.text(max_size=30))
def test_no_text_breaks_a_parser(text: str) -> None:
    for name, parser in values.PARSERS.items():
        plain = text.strip()
        if not plain:
            continue
        try:
            parsed = parser(plain)
        except RefusedError as error:
            assert str(error)
        else:
            assert parsed.repair is None or parsed.repair in REPAIRS, name
            assert isinstance(values.shown(parsed.value), str)


@pytest.mark.parametrize("number", ["123456782", "005520135", "356000000"])
def test_a_key_catches_a_changed_digit(number: str) -> None:
    assert is_siren(number)
    for at in range(9):
        changed = number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]
        assert not is_siren(changed)
    assert not is_siren("000000000")
    assert not is_siren(number + "0")
    assert not is_siren("１２３４５６７８２")


@given(st.text())
def test_names_are_folded_word_by_word_alike(value: str) -> None:
    assert fold_name(value) == fold(value)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("2019-06-27", "2019-06-27"),
        ("2019-01-01/2019-12-31", "2019-01-01/2019-12-31"),
        ("2019-01-01_2019-12-31", "2019-01-01/2019-12-31"),
        ("01/01/2019 au 31/12/2019", "2019-01-01/2019-12-31"),
        ("27/06/2019", "2019-06-27"),
        ("courant 2019", "courant 2019"),
    ],
)
def test_a_period_of_payment_is_read_or_kept(text: str, made: str) -> None:
    parsed = values.period(text)
    assert parsed.value == made
    assert (parsed.warning is None) == (made != "courant 2019")
