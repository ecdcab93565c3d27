"""The report accounts for every row: kept, repaired, refused, repeated; refused rows come back."""

from __future__ import annotations

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data import scdl
from tests.scdl.conftest import HEADER, ROW, lines

#: Changes of a row that must refuse it: field and reason.
BAD = [
    ({"montant": "1.234"}, "montant", "ambigu"),
    ({"montant": "-5"}, "montant", "négatif"),
    ({"montant": ""}, "montant", "valeur absente"),
    ({"dateConvention": "hier"}, "dateConvention", "pas une date"),
    ({"dateConvention": ""}, "dateConvention", "valeur absente"),
    ({"nomBeneficiaire": " "}, "nomBeneficiaire", "valeur absente"),
    ({"nomAttribuant": "NULL"}, "nomAttribuant", "valeur absente"),
    ({"idBeneficiaire": "8,12345E+13"}, "idBeneficiaire", "8 chiffres sur 14"),
    ({"idAttribuant": "123"}, "idAttribuant", "3 chiffres"),
    ({"pourcentageSubvention": "0"}, "pourcentageSubvention", "part nulle"),
]
ODD = [
    {"notificationUE": "peut-être"},
    {"nature": "subvention"},
    {"datesPeriodeVersement": "au fil de l'eau"},
    {"idBeneficiaire": "12345678200011"},
]


def read(*rows: dict[str, str], **options: object) -> scdl.Import:
    return scdl.read([("synthetique.csv", lines(*rows))], **options)  # type: ignore[arg-type]


def test_each_refusal_names_its_line_field_value_and_reason() -> None:
    report = read({}, *(bad for bad, _, _ in BAD)).report
    assert (report.read, report.kept, report.refused) == (len(BAD) + 1, 1, len(BAD))
    found = report.refusals.itertuples(index=False)
    for line, (row, (changes, field, why)) in enumerate(zip(found, BAD, strict=True), start=3):
        assert (row.file, row.line, row.field) == ("synthetique.csv", line, field)
        assert row.value.strip() in (changes[field].strip(), "")
        assert why in row.why


def test_a_row_with_two_faults_is_one_refused_row_with_two_reasons() -> None:
    report = read({"montant": "x", "dateConvention": "y"}).report
    assert (report.refused, len(report.refusals), len(report.refused_rows)) == (1, 2, 1)
    assert report.refused_rows["motifs"].iat[0].count(" : ") >= 2


def test_what_is_odd_is_kept_with_a_warning() -> None:
    report = read(*ODD).report
    assert report.kept == len(ODD)
    assert report.warnings["line"].tolist() == [2, 3, 4, 5]


def test_a_number_with_a_wrong_key_gives_no_siren() -> None:
    row = read({"idBeneficiaire": "12345678200011"}).rows.iloc[0]
    assert row["beneficiary_id"] == "12345678200011"
    assert row[["beneficiary_siren"]].isna().all()
    assert row["funder_siren"] == "987654324"


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from([{}, {"_": "blank"}, {"_": "short"}, *(bad for bad, _, _ in BAD), *ODD]), max_size=25
    )
)
def test_nothing_is_lost(rows: list[dict[str, str]]) -> None:
    texts = lines(*rows).decode().splitlines()
    for at, row in enumerate(rows, start=1):
        if "_" in row:
            texts[at] = ";" * (len(HEADER) - 1) if row["_"] == "blank" else "une;deux"
    imported = scdl.read([("synthetique.csv", "\n".join(texts).encode())])
    report = imported.report
    blank = sum(row.get("_") == "blank" for row in rows)
    assert report.read == report.kept + report.refused == len(rows) - blank
    assert report.files["blank_lines"].iat[0] == blank
    assert (len(imported.rows), len(report.refused_rows)) == (report.kept, report.refused)
    seen = sorted([*imported.rows["line"], *report.refused_rows["ligne"]])
    assert seen == [at for at, row in enumerate(rows, start=2) if row.get("_") != "blank"]


def test_each_repair_says_the_old_and_the_new() -> None:
    report = read(
        {"montant": "1 000,50 €", "pourcentageSubvention": "50", "idBeneficiaire": "552013500012"}, {}
    ).report
    told = {
        (row.line, row.field, row.repair, row.old, row.new) for row in report.repairs.itertuples(index=False)
    }
    assert told == {
        (2, "montant", "nombre_reecrit", "1 000,50 €", "1000.5"),
        (2, "pourcentageSubvention", "part_en_pourcent", "50", "0.5"),
        (2, "idBeneficiaire", "zeros_de_tete", "552013500012", "00552013500012"),
    }
    assert report.repaired == 1
    assert set(report.repair_counts()["cells"]) == {1}


def test_the_repairs_of_a_refused_row_are_not_counted() -> None:
    report = read({"montant": "1 000,50 €", "dateConvention": "hier"}).report
    assert (report.repaired, len(report.repairs), report.refused) == (0, 0, 1)


def test_the_amount_of_a_beneficiary_is_its_share() -> None:
    rows = read(
        {"montant": "100", "pourcentageSubvention": "33,33"},
        {"montant": "0.10", "pourcentageSubvention": "0.5"},
    ).rows
    assert rows["amount_eur"].tolist() == [33.33, 0.05]
    assert rows["total_eur"].tolist() == [100, 0.1]


def test_an_empty_share_is_the_whole_and_said() -> None:
    imported = read({"pourcentageSubvention": ""})
    assert imported.rows["share"].tolist() == [1.0]
    assert imported.report.repairs["repair"].tolist() == ["part_supposee"]


def test_the_year_of_the_budget_stands_for_a_missing_date() -> None:
    header = (*HEADER, "Exercice")
    content = lines({"dateConvention": "", "Exercice": "2018"}, {"Exercice": "2018-2019"}, header=header)
    imported = scdl.read([("synthetique.csv", content)])
    assert imported.rows[["date", "year"]].to_numpy().tolist() == [["2018", 2018], ["2019-06-27", 2019]]
    assert imported.rows["budget_year"].isna().tolist() == [False, True]
    assert imported.report.repairs["repair"].tolist() == ["date_exercice"]


def test_what_the_user_tells_fills_only_what_is_missing() -> None:
    header = ("nomBeneficiaire", "montant", "nomAttribuant")
    content = lines({"nomAttribuant": ""}, {}, header=header)
    assert scdl.read([("synthetique.csv", content)]).report.refused == 2
    imported = scdl.read([("synthetique.csv", content)], funder="Ville d’Exemple", year=2020)
    assert imported.rows["funder_name"].tolist() == ["Ville d’Exemple", ROW["nomAttribuant"]]
    assert imported.rows["year"].tolist() == [2020, 2020]
    assert set(imported.report.repairs["repair"]) == {"attribuant_indique", "annee_indiquee"}


def test_a_repeated_row_is_reported_and_marked() -> None:
    imported = read({}, {"montant": "2"}, {}, {"montant": "1 000,50"})
    assert imported.rows["is_duplicate"].tolist() == [False, False, True, True]
    pairs = imported.report.duplicates[["line", "first_line", "amount_eur"]].to_numpy().tolist()
    assert pairs == [[4, 2, 1000.5], [5, 2, 1000.5]]
    assert imported.report.kept == 4


def test_a_file_given_twice_is_a_file_of_duplicates() -> None:
    imported = scdl.read([("synthetique.csv", lines({})), ("synthetique.csv", lines({}))])
    assert imported.rows["file"].tolist() == ["synthetique.csv", "synthetique.csv (2)"]
    assert imported.report.files["rows_kept"].tolist() == [1, 1]
    assert imported.report.duplicates["first_file"].tolist() == ["synthetique.csv"]


def test_two_rows_alike_without_purpose_may_be_two_subsidies() -> None:
    imported = read({"objet": "", "referenceDecision": ""}, {"objet": "", "referenceDecision": ""})
    assert imported.rows["is_duplicate"].tolist() == [False, False]
    assert imported.report.duplicates["is_sure"].tolist() == [False]


def test_refused_rows_are_written_as_they_were_and_can_be_put_right() -> None:
    header = (*HEADER, "Canton")
    content = lines({}, {"montant": "douze", "Canton": "Nord"}, header=header)
    report = scdl.read([("synthetique.csv", content)]).report
    text = report.refused_csv().decode("utf-8-sig")
    (row,) = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert (row["fichier"], row["ligne"], row["montant"], row["Canton"]) == (
        "synthetique.csv",
        "3",
        "douze",
        "Nord",
    )
    again = scdl.read([("corrige.csv", text.replace("douze", "12").encode())])
    assert again.rows["total_eur"].tolist() == [12.0]
    assert again.report.refused == 0


def test_formulas_are_neutralised_on_the_way_out_and_back() -> None:
    name = '=HYPERLINK("http://x")'
    imported = read({"nomBeneficiaire": name, "objet": "@somme", "montant": "-1"})
    text = imported.report.refused_csv().decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text), delimiter=";"):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in row)
    again = scdl.read([("corrige.csv", text.replace("'-1", "1").encode())])
    assert again.rows[["beneficiary_name", "purpose"]].to_numpy().tolist() == [[name, "@somme"]]


def test_headers_named_like_our_own_columns_are_kept_apart() -> None:
    header = (*HEADER, "motifs", "ligne", "ligne", "")
    report = scdl.read([("synthetique.csv", lines({"montant": "x"}, header=header))]).report
    assert {"motifs (2)", "ligne (2)", "ligne (3)"} <= set(report.refused_rows.columns)
    assert "montant" in report.refused_rows["motifs"].iat[0]


def test_an_import_of_nothing_has_the_columns_of_any_other() -> None:
    for imported in (scdl.read([]), read(), read({"montant": "x"})):
        assert list(imported.rows.columns) == list(scdl.ROW_TYPES)
        assert imported.report.kept == 0
        assert imported.report.refused_csv().startswith(b"\xef\xbb\xbf")
        assert imported.report.repair_counts().empty
