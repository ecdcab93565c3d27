"""Files of the standard from others: tolerated, repaired, refused, never a crash."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ptce_data import schema
from ptce_data.aid_standard import SchemeImport, export, read_standard
from ptce_data.aid_standard import files as aid_files
from ptce_data.aid_standard.mapping import CORE, CORE_NAMES, OWN_NAMES
from ptce_data.load import Dataset

TODAY = dt.date(2026, 11, 22)
ROW = {
    "id": "65d5b6c7-102c-4440-ac3b-768f708edc0a",
    "titre": "Appel à projets tiers-lieux",
    "promesse": "Ouvrez votre tiers-lieu",
    "description": "Texte du porteur, à ne pas recopier, sur l’ESS.",
    "eligibilite": "• être une association",
    "types_aides": "subvention",
    "porteurs": '[{"nom": "Région Occitanie", "siren": "200053791", "roles": ["financeur"]}]',
    "programmes_parents": "",
    "url_source": "https://exemple.test/aide",
    "cibles": "associations",
    "eligibilite_geographique": "REG-76",
    "eligibilite_geographique_exclusions": "",
    "date_ouverture": "2026-01-15T08:00:00Z",
    "date_cloture": "2027-03-01T22:00:00Z",
    "date_mise_a_jour": "2026-10-01T00:00:00Z",
}


def written(*rows: dict[str, str], separator: str = ",", header: list[str] | None = None) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    names = list(dict.fromkeys(key for row in (ROW, *rows) for key in row))
    writer.writerow(header or names)
    writer.writerows([[{**ROW, **row}.get(name, "") for name in names] for row in rows])
    return out.getvalue().encode("utf-8")


def read(dataset: Dataset, *rows: dict[str, str], **how: str) -> SchemeImport:
    return read_standard(dataset, written(*rows, **how), "a.csv", today=TODAY)  # type: ignore[arg-type]


def counted(found: SchemeImport) -> tuple[int, int, int]:
    report = found.report
    assert report.read == report.kept + report.refused
    assert report.kept == len(found.rows) == len(found.lines)
    assert set(report.refusals["line"]).isdisjoint(found.lines)
    return report.read, report.kept, report.refused


def test_a_row_of_another_publisher(small: Dataset) -> None:
    found = read(small, {})
    assert counted(found) == (1, 1, 0)
    row = found.rows.iloc[0]
    told = {
        "id": "da-" + ROW["id"], "name": ROW["titre"], "operator": "Région Occitanie", "level": "region",
        "region_code": "76", "coverage_codes": "REG-76", "coverage_precision": "exact",
        "category": "appels_a_projets", "targets": "tiers_lieux|ess", "start_year": 2026, "end_year": 2027,
        "status": "open", "funding_kind": "subvention", "summary": "Ouvrez votre tiers-lieu",
        "url": ROW["url_source"], "source_id": "dispositif-aide-" + ROW["id"],
        "imported_from": "Dispositif d’aide (a.csv)",
    }  # fmt: skip
    assert {name: row[name] for name in told} == told
    assert row.drop(list(told)).isna().all()
    assert set(found.report.proposals["field"]) == {"level", "category", "targets"}
    assert found.sources.iloc[0][["id", "url", "date_published"]].tolist() == [
        row["source_id"], ROW["url_source"], "2026-10-01",
    ]  # fmt: skip
    assert list(found.rows)[:-1] == [doc.name for doc in schema.describe("support_schemes")]
    again = export(small, found.rows, found.sources).rows.iloc[0]
    assert (again["id"], again["date_mise_a_jour"]) == (ROW["id"], "2026-10-01T00:00:00Z")


@pytest.mark.parametrize(
    ("separator", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), (";", "windows-1252"), ("\t", "utf-16")]
)
def test_separators_and_encodings(small: Dataset, separator: str, encoding: str) -> None:
    content = written({}, separator=separator).decode().encode(encoding)
    found = read_standard(small, content, "a.csv", today=TODAY)
    assert found.rows["name"].tolist() == [ROW["titre"]]


@pytest.mark.parametrize(
    "header",
    [
        [name.upper() for name in CORE_NAMES],
        [one.title for one in CORE],
        [one.title.upper().replace("É", "E") for one in CORE],
        [name.replace("eligibilite", "éligibilité").replace("cloture", "clôture") for name in CORE_NAMES],
        [
            name.replace("description", "descripton").replace("geographique", "geografique")
            for name in CORE_NAMES
        ],
    ],
    ids=["capitals", "titles", "no-accents", "accents", "typos"],
)
def test_headers_as_people_write_them(small: Dataset, header: list[str]) -> None:
    found = read_standard(small, written({}, header=header), "a.csv", today=TODAY)
    assert found.report.missing_fields == ()
    assert found.rows["coverage_codes"].tolist() == ["REG-76"]


def test_the_official_way_of_writing_carriers(small: Dataset) -> None:
    said = "[{ nom: 'ADEME', siren: '385290309', roles: [ 'instructeur' ]}, { nom: 'BPIFRANCE', siren: '320252489' }]"
    found = read(small, {"porteurs": said})
    assert found.rows["operator"].tolist() == ["ADEME ; BPIFRANCE"]
    assert found.report.repairs["repair"].tolist() == ["porteurs_reecrits"]
    assert found.report.repaired == 1
    plain = read(small, {"porteurs": "ADEME"})
    assert plain.rows["operator"].tolist() == ["ADEME"]


@pytest.mark.parametrize(
    ("change", "field", "why"),
    [
        ({"titre": " "}, "titre", "absente"),
        ({"id": ""}, "id", "absente"),
        ({"id": "§§"}, "id", "inutilisable"),
        ({"date_cloture": "bientôt"}, "date_cloture", "date"),
        ({"date_ouverture": "2030-01-01T00:00:00Z"}, "date_ouverture", "première année"),
        ({"date_mise_a_jour": "2026-02-30"}, "date_mise_a_jour", "jour"),
    ],
)
def test_a_row_is_refused_and_the_others_are_kept(
    small: Dataset, change: dict[str, str], field: str, why: str
) -> None:
    found = read(small, {"id": "autre", **change}, {})
    assert counted(found) == (2, 1, 1)
    (refusal,) = found.report.refusals.to_dict("records")
    assert (refusal["file"], refusal["line"], refusal["field"]) == ("a.csv", 2, field)
    assert why in refusal["why"]
    assert found.lines == (3,)


def test_a_word_for_empty_is_empty(small: Dataset) -> None:
    found = read(small, {"promesse": "NULL", "date_cloture": "#N/A", "url_source": "n/a"})
    row = found.rows.iloc[0]
    assert row[["end_year", "url"]].isna().all()
    assert row["summary"] == "Aide de : Région Occitanie."
    assert set(found.report.repairs["repair"]) == {"vide_ecrit"}


def test_the_core_alone_comes_back_as_far_as_it_goes(small: Dataset) -> None:
    found = read_standard(small, export(small, small.support_schemes).csv(own=False), "a.csv", today=TODAY)
    assert counted(found)[2] == 0
    assert found.rows["name"].tolist() == small.support_schemes["name"].tolist()
    assert found.rows["funding_kind"].isna().all()
    assert set(found.report.warnings["field"]).isdisjoint({"types_aides"})
    assert found.rows["start_year"].isna().all()


def test_an_identifier_once(small: Dataset) -> None:
    found = read(small, {}, {"titre": "Autre"})
    assert counted(found) == (2, 1, 1)
    assert found.report.refusals.iloc[0]["why"] == "déjà lu, ligne 2"


@pytest.mark.parametrize(
    ("geo", "codes"),
    [
        ("PAYS-99100", "FR"), ("reg-84|DEP-31", "REG-84|DEP-31"), ("DEP-31", "DEP-31"), ("COM-34001", "COM-34001"),
        ("REG-99", None), ("DEP-31|REG-99", None), ("n’importe quoi", None), ("", None),
    ],
)  # fmt: skip
def test_territories_are_known_or_unknown(small: Dataset, geo: str, codes: str | None) -> None:
    found = read(small, {"eligibilite_geographique": geo})
    got = found.rows["coverage_codes"].iat[0]
    assert (None if pd.isna(got) else got) == codes
    assert (codes is None) == ("coverage_codes" in " ".join(found.report.warnings["why"]))


def test_excluded_areas_make_the_territory_approximate(small: Dataset) -> None:
    row = read(small, {"eligibilite_geographique_exclusions": "DEP-31"}).rows.iloc[0]
    assert (row["coverage_precision"], row["coverage_note"]) == ("approche", "sauf : DEP-31")


@pytest.mark.parametrize(
    ("opened", "closed", "status"),
    [("", "", "unknown"), ("2026-01-01", "", "unknown"), ("2020-01-01", "2026-11-21", "closed"),
     ("2026-01-01", "2026-11-22", "open"), ("2026-12-01", "2026-12-31", "unknown"), ("", "2025", "closed"),
     ("2026", "2026", "open")],
)  # fmt: skip
def test_status_from_the_dates(small: Dataset, opened: str, closed: str, status: str) -> None:
    found = read(small, {"date_ouverture": opened, "date_cloture": closed})
    assert found.rows["status"].tolist() == [status]


def own(dataset: Dataset, **changes: object) -> list[dict[str, object]]:
    items: list[dict[str, object]] = json.loads(export(dataset, dataset.support_schemes).json())
    items[5].update(changes)
    return items


def test_what_a_spreadsheet_did_to_our_file_is_repaired(small: Dataset) -> None:
    items = own(small, atlas_total_envelope_eur="1 250 000,50 €", atlas_region_code="1")
    found = read_standard(small, json.dumps(items).encode(), "a.json")
    assert found.report.repairs.empty  # region 01 is not in this data set: the row is refused
    assert found.report.refusals["field"].tolist() == ["atlas_region_code"]
    items = own(small, atlas_total_envelope_eur="1 250 000,50 €")
    found = read_standard(small, json.dumps(items).encode(), "a.json")
    assert found.rows["total_envelope_eur"].iat[5] == 1_250_000.5
    assert found.report.repairs["field"].tolist() == ["atlas_total_envelope_eur"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"atlas_amount_min_eur": 9e6}, "atlas_amount_min_eur"),
        ({"atlas_rate_max_pct": 120}, "atlas_rate_max_pct"),
        ({"atlas_start_year": 2013.5}, "atlas_start_year"),
        ({"atlas_category": "inventee"}, "atlas_category"),
        ({"atlas_coverage_codes": "REG-99"}, "atlas_coverage_codes"),
        ({"atlas_summary": ["a", {"b": 1}]}, "atlas_summary"),
        ({"titre": True}, "titre"),
        ({"titre": "\ud800"}, "titre"),
        ({"url_source": "javascript:alert(1)"}, "url_source"),
    ],
)  # fmt: skip
def test_our_own_rules_hold_for_own_columns(small: Dataset, change: dict[str, object], field: str) -> None:
    found = read_standard(small, json.dumps(own(small, **change)).encode(), "a.json")
    total = len(small.support_schemes)
    assert counted(found) == (total, total - 1, 1)
    assert field in found.report.refusals["field"].tolist()
    assert set(found.report.refusals["line"]) == {6}


def test_an_edited_text_of_the_standard_is_told(small: Dataset) -> None:
    found = read_standard(
        small, json.dumps(own(small, promesse="Autre", titre="Nouveau nom")).encode(), "a.json"
    )
    assert found.rows["name"].iat[5] == "Nouveau nom"
    assert found.rows["summary"].iat[5] == "Une aide."
    assert found.report.warnings[["line", "field"]].to_numpy().tolist() == [[6, "promesse"]]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "vide"),
        (b"a,b,c\n1,2,3\n", "titre"),
        (b"[1,", "JSON mal form"),
        (b"[NaN]", "NaN"),
        (b"[" * 100_000, "imbriqué"),
        (b"[" + b"9" * 5_000 + b"]", "JSON illisible"),
        (b"PK\x03\x04 rien", "abîmé"),
        (b"\xd0\xcf\x11\xe0 rien", "abîmé"),
        (b"\x00\x01", "ni un texte"),
        (b"x" * (aid_files.MAX_BYTES + 1), "20 Mo"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_an_unreadable_file_is_told_not_raised(small: Dataset, content: bytes, why: str) -> None:
    found = read_standard(small, content, "a.csv")
    assert found.report.unreadable is not None
    assert why in found.report.unreadable.why
    assert counted(found) == (0, 0, 0)
    assert list(found.rows)[-1] == "imported_from"


def test_too_many_rows_and_too_deep(small: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    deep: object = "x"
    for _ in range(20):
        deep = [deep]
    items = [dict(ROW), {**ROW, "id": "b", "cibles": deep}, 3, None]
    found = read_standard(small, json.dumps(items).encode(), "a.json")
    assert counted(found) == (4, 1, 3)
    monkeypatch.setattr(aid_files, "MAX_ROWS", 1)
    for content in (json.dumps([ROW, ROW]).encode(), written({}, {})):
        told = read_standard(small, content, "a").report.unreadable
        assert told is not None and "lignes" in told.why


def test_a_broken_line_loses_only_itself(small: Dataset) -> None:
    content = written({}, {"id": "b"}, {"id": "c"}).decode().splitlines()
    content[2] = 'b,"Titre sans fin'
    found = read_standard(small, "\n".join(content).encode(), "a.csv")
    assert counted(found) == (3, 2, 1)
    assert found.report.refusals["field"].tolist() == ["(ligne)"]


def test_refusals_are_written_without_formulas(small: Dataset) -> None:
    found = read(small, {"date_cloture": "=1+1"})
    assert b"'=1+1" in found.report.refused_csv()


names = st.sampled_from([*CORE_NAMES, *OWN_NAMES, "autre"])
plain = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
)
values = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=6
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(names, values, max_size=8).map(lambda d: {**ROW, **d}) | values, max_size=4))
def test_any_json_is_accounted_for(small: Dataset, items: list[object]) -> None:
    found = read_standard(small, json.dumps(items).encode(), "a.json", today=TODAY)
    counted(found)
    export(small, found.rows, found.sources).csv()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_accounted_for(small: Dataset, content: bytes, headed: bool) -> None:
    counted(read_standard(small, written({}) + content if headed else content, "a.csv", today=TODAY))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.sampled_from(CORE_NAMES), st.text(max_size=20), max_size=6), max_size=4))
def test_any_cells_are_accounted_for(small: Dataset, rows: list[dict[str, str]]) -> None:
    counted(read(small, *rows))
