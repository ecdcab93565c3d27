"""Each rule of the models has a row that breaks it, and is named with its file, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptce_data import layers, load, reading, schema
from ptce_data.schema.references import LINK_TEXTS
from tests import mini

#: rule, table, row (0 = first), changes, field that the fault points to
BROKEN = [
    ("obligatoire", "poles", 1, {"name": ""}, "name"),
    ("obligatoire", "poles", 0, {"region_code": ""}, "region_code"),
    ("obligatoire", "tiers_lieux", 2, {"source_id": ""}, "source_id"),
    ("obligatoire", "public_awards", 0, {"amount_eur": ""}, "amount_eur"),
    ("obligatoire", "public_awards", 0, {"is_envelope": ""}, "is_envelope"),
    ("unique", "poles", 1, {"id": "pole-d"}, "id"),
    ("unique", "sources", 1, {"id": "source-a"}, "id"),
    ("motif", "poles", 3, {"id": "Pôle D"}, "id"),
    ("motif", "poles", 0, {"website": "pole-a.example.org"}, "website"),
    ("motif", "sources", 0, {"url": "example.org"}, "url"),
    ("motif", "sources", 0, {"date_published": "2015-13"}, "date_published"),
    ("motif", "case_events", 0, {"date": "octobre 2012"}, "date"),
    ("motif", "duplicates", 0, {"reviewed_on": "hier"}, "reviewed_on"),
    ("motif", "tiers_lieux", 0, {"arrondissement_insee": "75121"}, "arrondissement_insee"),
    ("motif", "region_codes", 0, {"region_code": "ARA"}, "region_code"),
    ("type", "poles", 0, {"created_year": "vers 2010"}, "created_year"),
    ("type", "poles", 0, {"members_count": "12.5"}, "members_count"),
    ("type", "poles", 0, {"is_temoin": "oui"}, "is_temoin"),
    ("type", "tiers_lieux", 0, {"lat": "45,05"}, "lat"),
    ("type", "tiers_lieux", 0, {"lon": "inf"}, "lon"),
    ("type", "public_awards", 1, {"amount_eur": "200 000"}, "amount_eur"),
    ("plage", "poles", 0, {"created_year": "1899"}, "created_year"),
    ("plage", "support_schemes", 0, {"start_year": "2031"}, "start_year"),
    ("plage", "funding_figures", 0, {"share_pct": "100.5"}, "share_pct"),
    ("plage", "funding_figures", 0, {"total_budget_eur": "-1"}, "total_budget_eur"),
    ("plage", "support_schemes", 5, {"rate_max_pct": "101"}, "rate_max_pct"),
    ("plage", "tiers_lieux", 0, {"lat": "91"}, "lat"),
    ("plage", "tiers_lieux", 1, {"lon": "-181"}, "lon"),
    ("plage", "published_counts", 1, {"value": "134"}, "value"),
    ("valeurs", "poles", 0, {"territory_type_stated": "Rural"}, "territory_type_stated"),
    ("valeurs", "clusters", 0, {"kind": "district_industriel"}, "kind"),
    ("valeurs", "poles", 2, {"confidence": "sûre"}, "confidence"),
    ("valeurs", "support_schemes", 0, {"targets": "ptce|inconnu"}, "targets"),
    ("valeurs", "support_schemes", 0, {"targets": "ptce|ptce"}, "targets"),
    ("valeurs", "published_counts", 0, {"metric": "nombre_licornes"}, "metric"),
    ("lien", "poles", 0, {"source_id": "source-z"}, "source_id"),
    ("lien", "poles", 0, {"place_source_id": "source-z"}, "place_source_id"),
    ("lien", "pole_awards", 0, {"pole_id": "pole-z"}, "pole_id"),
    ("lien", "pole_awards", 0, {"programme_id": "appel-1999"}, "programme_id"),
    ("lien", "funding_figures", 0, {"entity_uid": "pole:pole-z"}, "entity_uid"),
    ("lien", "funding_figures", 0, {"entity_uid": "pole-a"}, "entity_uid"),
    ("lien", "case_events", 0, {"entity_uid": "cluster:pole-a"}, "entity_uid"),
    ("lien", "duplicates", 0, {"right_uid": "pole:pole-z"}, "right_uid"),
    ("lien", "tiers_lieux", 0, {"commune_insee": "69999"}, "commune_insee"),
    ("lien", "clusters", 0, {"other_regions": "76|99"}, "other_regions"),
    ("lien", "clusters", 1, {"region_at_the_time": "Gascogne"}, "region_at_the_time"),
    ("lien", "support_schemes", 2, {"coverage_codes": "REG-99"}, "coverage_codes"),
    ("lien", "support_schemes", 2, {"coverage_codes": "PAYS-FR"}, "coverage_codes"),
    ("lien", "support_schemes", 3, {"coverage_codes": "ANCREG-84"}, "coverage_codes"),
    ("lien", "support_schemes", 4, {"coverage_codes": "DEP-31, DEP-34"}, "coverage_codes"),
    ("lien", "support_schemes", 5, {"coverage_codes": "EPCI-999999999"}, "coverage_codes"),
    ("lien", "support_schemes", 6, {"coverage_codes": "COM-01001"}, "coverage_codes"),
    ("commune_departement", "poles", 0, {"departement_code": "63"}, "departement_code"),
    ("commune_departement", "tiers_lieux", 0, {"departement_code": ""}, "departement_code"),
    ("departement_region", "poles", 1, {"region_code": "84"}, "region_code"),
    ("departement_region", "departement_codes", 3, {"departement_code": "978"}, "region_code"),
    ("ancienne_region", "clusters", 1, {"region_code": "84"}, "region_code"),
    ("type_source", "poles", 0, {"type_source_id": ""}, "type_source_id"),
    ("coordonnees", "tiers_lieux", 0, {"lon": ""}, "lat"),
    ("score", "tiers_lieux", 1, {"coord_score": ""}, "coord_score"),
    ("score", "tiers_lieux", 0, {"coord_score": "0.9"}, "coord_score"),
    ("arrondissement", "tiers_lieux", 0, {"arrondissement_insee": "69381"}, "arrondissement_insee"),
    ("min_max", "support_schemes", 5, {"amount_max_eur": "500"}, "amount_min_eur"),
    ("min_max", "programmes", 0, {"amount_per_laureate_min_eur": "9", "amount_per_laureate_max_eur": "8"}, "amount_per_laureate_min_eur"),
    ("min_max", "funding_figures", 1, {"share_max_pct": "29"}, "share_pct"),
    ("annees", "support_schemes", 0, {"end_year": "2013"}, "start_year"),
    ("annees", "programmes", 0, {"year_results": "2012"}, "year_announced"),
    ("candidatures", "programmes", 0, {"laureates": "11"}, "laureates"),
    ("note_approche", "support_schemes", 4, {"coverage_note": ""}, "coverage_note"),
    ("unique", "pole_awards", 1, {"id": "encore", "pole_id": "pole-a", "programme_id": "appel-2013", "confidence": "low", "source_id": "source-b"}, "pole_id"),
    ("enveloppe", "public_awards", 1, {"is_envelope": "false"}, "is_envelope"),
    ("enveloppe", "public_awards", 0, {"amount_basis": "enveloppe"}, "is_envelope"),
    ("entite", "funding_figures", 2, {"entity_name": ""}, "entity_name"),
    ("valeur", "funding_figures", 2, {"share_pct": ""}, "amount_eur"),
    ("unite", "case_events", 0, {"unit": ""}, "unit"),
    ("ordre", "duplicates", 2, {"left_uid": "pole:pole-d", "right_uid": "pole:pole-c"}, "right_uid"),
    ("unique", "duplicates", 2, {"left_uid": "cluster:cluster-a", "right_uid": "pole:pole-a"}, "right_uid"),
    ("garde", "duplicates", 1, {"keep_uid": ""}, "keep_uid"),
    ("garde", "duplicates", 2, {"keep_uid": "pole:pole-c"}, "keep_uid"),
    ("table", "duplicates", 1, {"decision": "meme_objet_lien", "keep_uid": ""}, "decision"),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A valid mini data folder, whose tables each test writes anew."""
    return mini.write(tmp_path_factory.mktemp("schema") / "data")


@pytest.fixture(scope="module")
def known(folder: Path) -> schema.References:
    """The codes of the valid mini data folder."""
    tables = {name: reading.read(name, folder) for name in schema.TABLES}
    return load.references(tables, {level: layers.read(level, folder) for level in layers.LEVELS})


def faults_of(
    folder: Path, known: schema.References, table: str, rows: mini.Rows
) -> list[tuple[str, str, int | None, str | None]]:
    """Write and check one table; return (rule, file, line, field) of its faults."""
    mini.write_table(folder, table, rows)
    read = reading.read(table, folder)
    faults = read.faults + schema.validate(table, read.frame, read.lines, read.file, known)
    return [(fault.rule, fault.file, fault.line, fault.field) for fault in faults]


def test_the_mini_data_set_is_valid(folder: Path) -> None:
    assert load.load(mini.write(folder)).faults == {}


@pytest.mark.parametrize(
    ("rule", "table", "row", "changes", "field"),
    BROKEN,
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_broken_rule_is_named(
    folder: Path,
    known: schema.References,
    rule: str,
    table: str,
    row: int,
    changes: dict[str, str],
    field: str,
) -> None:
    rows = mini.tables()[table]
    if row == len(rows):
        rows.append({})
    rows[row].update(changes)
    found = faults_of(folder, known, table, rows)
    assert (rule, f"data/{schema.PATHS[table]}", row + 2, field) in found


@pytest.mark.parametrize("table", sorted(schema.TABLES))
def test_fields_are_documented_in_french(table: str) -> None:
    title, description = schema.table_text(table)
    assert title and description.endswith((".", "…"))
    for doc in schema.describe(table):
        assert doc.title[0].isupper(), doc.name
        assert doc.description.endswith((".", "…")), doc.name
        assert doc.type in {"texte", "entier", "nombre", "booléen", "liste"}
        if doc.name.endswith(("_eur", "_pct", "_year", "_years")):
            assert doc.unit, f"{doc.name} n'a pas d'unité"


def test_every_category_and_link_is_known() -> None:
    registry = {row["field"] for row in mini.registry()}
    for table in schema.TABLES:
        for doc in schema.describe(table):
            assert doc.category is None or doc.category in registry, doc.category
            assert doc.link is None or doc.link in LINK_TEXTS, doc.link


def test_an_unknown_table_is_an_error() -> None:
    with pytest.raises(KeyError):
        schema.describe("inconnue")


def test_an_empty_table_has_the_types_of_the_full_one(folder: Path) -> None:
    full = load.load(mini.write(folder))
    for table in schema.TABLES:
        kinds = schema.empty(table).dtypes
        assert (getattr(full, table)[list(kinds.index)].dtypes == kinds).all(), table
