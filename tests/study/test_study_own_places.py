"""The user's own places from a file: kept, or refused with the reason."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data.load import Dataset
from ptce_data.study import UploadError, dump, places_from, read
from tests.study.study_small import a_study

CSV = """\
Nom;Genre;État;Longitude;Latitude;Commune;Note;Autre
Atelier;Fablab;en projet;2,05;45,05;;à suivre;x
Bureaux;coworking;;;;69002;;
=1+1;PTCE;existant;2.1;45.1;1;;
;Fablab;;2;45;;;
Gare;gare;;2;45;;;
Loin;Fablab;;45;2;;;
Nulle part;Fablab;;;;99999;;
Mot;Fablab;;deux;45;;;
Fermé;Fablab;fermé;2;45;;;
"""


def test_rows_are_kept_or_refused_with_the_reason(small: Dataset) -> None:
    made = places_from(small, CSV.encode("cp1252"), "lieux.csv", taken=("f1", "a"))
    assert [(p.name, p.kind, p.status) for p in made.places] == [
        ("Atelier", "fablab", "planned"),
        ("Bureaux", "coworking", "existing"),
        ("=1+1", "pole", "existing"),
    ]
    assert (made.places[0].lon, made.places[0].lat, made.places[0].note) == (2.05, 45.05, "à suivre")
    assert made.places[1].commune == "69002"
    assert len({p.id for p in made.places} | {"f1", "a"}) == 5
    assert made.rows == 9
    assert made.refused["line"].tolist() == [5, 6, 7, 8, 9, 10]
    assert made.refused["value"].tolist() == ["", "gare", "45 2", "99999", "deux 45", "fermé"]
    study = a_study(places=made.places)
    assert read(dump(study)) == study


def test_points_of_a_geojson(small: Dataset) -> None:
    def feature(**geometry: object) -> dict[str, object]:
        return {"type": "Feature", "properties": {"nom": "A", "type": "showroom"}, "geometry": geometry}

    features = [
        feature(type="Point", coordinates=[2.05, 45.05]),
        feature(type="LineString", coordinates=[]),
        3,
    ]
    made = places_from(small, json.dumps({"features": features}).encode(), "lieux.geojson")
    assert [(p.kind, p.lon) for p in made.places] == [("showroom", 2.05)]
    assert made.refused["line"].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b" " * 5_000_001, "5\u00a0Mo"),
        (b"", "il lui manque une colonne"),
        (b"nom;note\nA;B", "ajoutez genre"),
        (b"nom;genre\n", "aucun lieu"),
        (b"nom;genre\n" + b"A;fablab\n" * 1_001, "plus de 1000 lieux"),
        (b"{}", "pas une collection"),
        (b"{", "JSON bien formé"),
        (b"\x00\x01", "ni du CSV ni du GeoJSON"),
    ],
)
def test_a_file_without_places_is_refused(small: Dataset, data: bytes, said: str) -> None:
    with pytest.raises(UploadError, match=said):
        places_from(small, data, "lieux")


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=80) | st.text(max_size=80).map(lambda t: f"nom;genre;lon;lat;commune\n{t}".encode())
)
def test_any_bytes_are_read_or_refused(small: Dataset, data: bytes) -> None:
    try:
        made = places_from(small, data, "lieux")
    except UploadError:
        return
    assert made.rows == len(made.places) + len(made.refused)
