"""Export to the national standard: valid, nothing invented, and it comes back whole."""

from __future__ import annotations

import io
import json
import re
import uuid

import openpyxl
import pandas as pd
import pytest
from frictionless import Dialect, Resource, Schema, formats
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ptce_data.aid_standard import export, read_standard, to_standard
from ptce_data.aid_standard.export import protect, unprotect
from ptce_data.aid_standard.mapping import CORE, CORE_NAMES, GEO_PATTERN, OWN_NAMES, UNKNOWN
from ptce_data.aid_standard.sentences import cut, promise
from ptce_data.aid_standard.territory import areas
from ptce_data.load import Dataset
from ptce_data.text import neutralise

#: Constraints of the published schema 0.2.0.
_FIELDS = {
    "id": {"type": "string", "format": "uuid", "constraints": {"required": True, "unique": True}},
    "promesse": {"type": "string", "constraints": {"maxLength": 180}},
    "description": {"type": "string", "constraints": {"required": True, "maxLength": 5000}},
    "url_source": {"type": "string", "format": "uri"},
    "cibles": {"type": "string", "constraints": {"required": True, "pattern": r"^(professionnels|particuliers|associations|secteur public)(\|(professionnels|particuliers|associations|secteur public))*$"}},
    "eligibilite_geographique": {"type": "string", "constraints": {"required": True, "pattern": GEO_PATTERN}},
    "eligibilite_geographique_exclusions": {"type": "string", "constraints": {"pattern": GEO_PATTERN}},
    "date_ouverture": {"type": "datetime"},
    "date_cloture": {"type": "datetime"},
    "date_mise_a_jour": {"type": "datetime", "constraints": {"required": True}},
}  # fmt: skip


def back(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.drop(columns="imported_from")


def same(found: pd.DataFrame, schemes: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(back(found), schemes.reset_index(drop=True))


def test_all_schemes_come_back_as_they_were(real: Dataset) -> None:
    made = export(real, real.support_schemes)
    assert list(made.rows) == [*CORE_NAMES, *OWN_NAMES]
    for content, name in ((made.csv(), "a.csv"), (made.json(), "a.json")):
        found = read_standard(real, content, name)
        same(found.rows, real.support_schemes)
        report = found.report
        assert (report.read, report.kept, report.repaired) == (len(real.support_schemes),) * 2 + (0,)
        assert report.warnings.empty
        assert report.proposals.empty
        assert len(found.known_ids) == report.kept
    known = real.sources.set_index("id").loc[found.sources["id"]].reset_index()
    pd.testing.assert_frame_equal(found.sources, known)


def test_a_workbook_comes_back_too(real: Dataset) -> None:
    rows = to_standard(real, real.support_schemes)
    book = openpyxl.Workbook()
    book.active.append(["Dispositifs de l’atlas"])  # type: ignore[union-attr]
    book.active.append(list(rows))  # type: ignore[union-attr]
    for row in rows.astype(object).where(rows.notna(), None).itertuples(index=False):
        book.active.append(list(row))  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    found = read_standard(real, out.getvalue(), "a.xlsx")
    same(found.rows, real.support_schemes)
    assert found.lines[0] == 3


def test_hostile_texts_come_back_and_run_nowhere(hostile: Dataset) -> None:
    made = export(hostile, hostile.support_schemes)
    found = read_standard(hostile, made.csv(), "a.csv")
    same(found.rows, hostile.support_schemes)
    cells = pd.read_csv(io.BytesIO(made.csv()), dtype=str, keep_default_na=False).to_numpy().ravel()
    assert not [cell for cell in cells if neutralise(cell) != cell]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert made.rows["promesse"].str.len().max() <= 180
    assert made.rows["description"].str.len().max() <= 5_000


def test_the_core_passes_the_published_constraints(real: Dataset) -> None:
    fields = [{"name": c.name, **_FIELDS.get(c.name, {"type": "string", "constraints": {"required": c.required}})} for c in CORE]  # fmt: skip
    made = export(real, real.support_schemes).csv(own=False)
    dialect = Dialect(controls=[formats.CsvControl(delimiter=",")])
    resource = Resource(
        data=made, format="csv", dialect=dialect, schema=Schema.from_descriptor({"fields": fields})
    )
    report = resource.validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])[:5]
    assert report.stats["errors"] == 0
    assert report.tasks[0].stats["rows"] == len(real.support_schemes)


def test_an_identifier_is_a_uuid_that_never_changes(real: Dataset) -> None:
    rows = to_standard(real, real.support_schemes)
    assert rows["id"].is_unique
    assert {uuid.UUID(one).version for one in rows["id"]} == {5}
    by_id = dict(zip(rows["atlas_id"], rows["id"], strict=True))
    assert by_id["aap-ptce-2013"] == str(
        uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_OID, "atlas-ptce/support_schemes"), "aap-ptce-2013")
    )


def test_unknown_is_said_and_listed(small: Dataset) -> None:
    schemes = small.support_schemes.head(1).assign(
        operator=None, funding_kind=None, targets=None, source_id="x"
    )
    made = export(small, schemes.astype(small.support_schemes.dtypes))
    row = made.rows.iloc[0]
    assert row["types_aides"] == UNKNOWN
    assert json.loads(row["porteurs"])[0]["nom"] == UNKNOWN
    assert pd.isna(row["cibles"])
    assert pd.isna(row["date_mise_a_jour"])
    assert {"types_aides", "porteurs", "cibles", "date_mise_a_jour", "date_ouverture"} <= set(
        made.gaps["field"]
    )
    assert pd.isna(row["date_ouverture"])  # the year alone is no moment


def test_territories_in_the_codes_of_the_standard(real: Dataset) -> None:
    index = areas(real)
    assert index.to_cog(["FR"]) == (("PAYS-99100",), ())
    ue = index.to_cog(["UE"])
    assert ue.codes == ("PAYS-99100",) and ue.lost[0][0] == "UE"
    former = real.departement_codes[real.departement_codes["former_region_code"] == "73"]
    assert set(index.to_cog(["ANCREG-73"]).codes) == {f"DEP-{d}" for d in former["departement_code"]}
    epci = real.communes[real.communes["epci_siren"] == "243100518"]
    assert set(index.to_cog(["EPCI-243100518"]).codes) == {f"COM-{c}" for c in epci["commune_insee"]}
    for whole in (["REG-94"], ["ANCREG-94"], ["DEP-2A", "DEP-2B"]):
        assert index.to_cog(whole) == (("REG-94",), ())
    half = index.to_cog(["DEP-2A", "DEP-13"])
    assert half.codes == ("DEP-13",) and half.lost[0][0] == "DEP-2A"
    rows = to_standard(real, real.support_schemes)
    assert rows["eligibilite_geographique"].map(lambda c: re.fullmatch(GEO_PATTERN, c) is not None).all()


def test_a_scheme_of_half_of_corsica_says_nothing_false(real: Dataset) -> None:
    schemes = real.support_schemes.head(1).assign(coverage_codes="DEP-2A")
    made = export(real, schemes)
    assert pd.isna(made.rows["eligibilite_geographique"].iat[0])
    lost = made.gaps[made.gaps["field"] == "eligibilite_geographique"]
    assert list(lost["value"]) == ["DEP-2A", ""]
    same(read_standard(real, made.csv(), "a.csv").rows, schemes)


@given(st.text(max_size=400), st.integers(2, 200))
def test_a_text_is_cut_at_a_word(text: str, longest: int) -> None:
    made = cut(text, longest)
    assert len(made) <= longest
    assert made == text or (made.endswith("…") and text.startswith(made[:-1]))


def test_a_promise_ends_with_a_whole_word() -> None:
    text = "mot " * 60
    assert promise(text.strip()) == ("mot " * 45).strip() + "…"
    assert promise("x" * 180) == "x" * 180
    assert promise("x" * 181) == "x" * 179 + "…"


@given(st.text(st.sampled_from("'=+-@\t ab"), max_size=6))
def test_protection_comes_off_whole(cell: str) -> None:
    safe = protect(cell)
    assert neutralise(safe) == safe
    assert unprotect(safe) == cell


texts = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=40)
amounts = st.none() | st.floats(0, 1e9, allow_nan=False).map(lambda v: round(v, 4))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts, texts, texts, amounts, st.sampled_from(["csv", "json"]))
def test_any_scheme_comes_back(
    small: Dataset, name: str, note: str, operator: str, amount: float | None, layout: str
) -> None:
    types = small.support_schemes.dtypes
    schemes = small.support_schemes.head(3).assign(name=name, area_note=note, operator=f"{operator} ; {note}")
    schemes = schemes.assign(total_envelope_eur=amount, amount_min_eur=None, amount_max_eur=amount).astype(
        types
    )
    made = export(small, schemes)
    content = made.csv() if layout == "csv" else made.json()
    same(read_standard(small, content, f"a.{layout}").rows, schemes)


@pytest.mark.parametrize("own", [True, False])
def test_json_has_numbers_and_null(small: Dataset, own: bool) -> None:
    items = json.loads(export(small, small.support_schemes).json(own=own))
    assert list(items[0]) == [*CORE_NAMES, *(OWN_NAMES if own else ())]
    assert items[0]["programmes_parents"] is None
    if own:
        assert items[5]["atlas_amount_max_eur"] == 5000
