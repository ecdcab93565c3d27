"""A file that the atlas wrote comes back as what it was: facts in their fields, the rest aside."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from ptce_data import opendata
from ptce_data.load import Dataset
from ptce_data.own_layers import build, fields_of, propose, read
from ptce_data.own_layers.own_exports import _ALL
from ptce_data.own_layers.proposal import _OTHER_OWNER

FORMATS = ("csv", "xlsx", "geojson", "gpkg")
FIELDS = {
    "name": "name", "tiers_lieu_kind": "kind", "labels": "other_labels", "status": "status",
    "commune_insee": "commune_insee", "commune_name": "commune_name", "departement_code": "departement_code",
    "region_code": "region_code", "geo_precision": "coord_precision", "created_year": "opened_year",
}  # fmt: skip


def taken(real: Dataset, kind: str, count: int = 60) -> gpd.GeoDataFrame:
    """Rows of one kind, among them some of each precision."""
    rows = real.places[real.places["kind"] == kind]
    some = rows.groupby("geo_precision", group_keys=False).head(count // 6).index
    return rows.loc[rows.index.isin(some)]


def written(real: Dataset, rows: gpd.GeoDataFrame, fmt: str) -> bytes:
    return opendata.write(real, rows, fmt, name="lieux", title="Lieux", source_ids=[])


@pytest.mark.parametrize("fmt", FORMATS)
def test_places_come_back_as_they_were(real: Dataset, fmt: str) -> None:
    rows = taken(real, "tiers_lieu")
    raw = read(f"mes lieux.{fmt}", written(real, rows, fmt))
    mapping = propose(real, raw)
    assert mapping.target == "tiers_lieux"
    point = {} if fmt in ("geojson", "gpkg") else {"lon": "lon", "lat": "lat"}
    assert {c.column: c.field for c in mapping.columns if c.field} == FIELDS | point
    layer = build(real, raw, mapping)
    assert layer.report.kept == len(rows) and layer.report.warnings.empty and not layer.questions
    back = layer.rows
    for column, field in {**FIELDS, "tiers_lieu_kind": "kind"}.items():
        if field in back and column not in ("labels", "geo_precision"):
            assert (
                back[field].astype(object).fillna("").tolist()
                == rows[column].astype(object).fillna("").tolist()
            )
    assert back["other_labels"].fillna("").tolist() == ["|".join(labels) for labels in rows["labels"]]
    # The middle of an area is no place: neither a point nor a commune is made of it.
    own = ~rows["geo_precision"].isin(["commune", "departement", "region"]).to_numpy()
    assert own.any() and not own.all()
    assert (back["lon"].notna().to_numpy() == (own & rows["lon"].notna().to_numpy())).all()
    assert shapely.distance(back.geometry.array[own], rows.geometry.array[own]).max() < 1e-5


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(("kind", "target"), [("pole", "poles"), ("cluster", "clusters")])
def test_other_kinds_too(real: Dataset, kind: str, target: str, fmt: str) -> None:
    rows = taken(real, kind, 24)
    mapping = propose(real, read(f"export.{fmt}", written(real, rows, fmt)))
    assert mapping.target == target
    fields = mapping.fields()
    assert "siren" not in fields and fields.get("kind") == {"clusters": "cluster_kind"}.get(target)
    if target == "poles":
        assert fields["territory_type_stated"] == "territory_type_stated" and fields["theme"] == "themes"


def test_a_mix_of_kinds_is_another_layer(real: Dataset) -> None:
    rows = real.places.groupby("kind").head(2)
    mapping = propose(real, read("export.csv", written(real, rows, "csv")))
    assert mapping.target == "autre" and "plusieurs sortes" in mapping.target_reason
    assert set(mapping.fields()) <= set(fields_of("autre"))


def test_every_public_column_is_known(real: Dataset) -> None:
    assert set(opendata.public(real.places).columns) - {"geometry"} <= _ALL
    for target in ("tiers_lieux", "poles", "clusters", "autre"):
        rows = taken(real, "tiers_lieu", 6)
        mapping = propose(real, read("e.csv", written(real, rows, "csv")), target)
        assert not mapping.fields().keys() & {"siren", "coord_score", "source_record_id"}


@pytest.mark.parametrize("title", ["epci_siren", "SIREN EPCI", "Siren de la commune", "siren_interco"])
def test_the_number_of_somebody_else(real: Dataset, title: str) -> None:
    numbers = real.epci["epci_siren"].head(5)
    raw = read("l.csv", "\n".join([f"Nom;{title}", *(f"L{n};{s}" for n, s in enumerate(numbers))]).encode())
    assert "siren" not in propose(real, raw, "tiers_lieux").fields()
    assert _OTHER_OWNER.search("siren structure") is None
