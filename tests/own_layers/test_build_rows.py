"""A file becomes rows of our tables: codes, names, points, values; what is in doubt is asked, nothing is lost."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data import schema
from ptce_data.load import DATA_DIR, Dataset
from ptce_data.own_layers import OwnLayer, build, propose, read
from ptce_data.own_layers.coordinates import SYSTEMS
from ptce_data.study import zones
from tests.own_layers import layer_files as f


def made(
    dataset: Dataset,
    header: str,
    *rows: str,
    target: str = "tiers_lieux",
    answers: dict[str, str] | None = None,
) -> OwnLayer:
    raw = read("l.csv", "\n".join([header, *rows]).encode())
    layer = build(dataset, raw, propose(dataset, raw, target), answers)
    report = layer.report
    assert report.read == report.kept + len(report.refusals) == len(rows)
    assert report.kept == len(layer.rows) and report.refusals["line"].is_unique
    kept = set(layer.rows["line"])
    assert set(report.warnings["line"]) | set(report.repairs["line"]) <= kept
    return layer


def why(layer: OwnLayer, line: int, part: str = "refusals") -> str:
    frame = getattr(layer.report, part)
    return " / ".join(frame.loc[frame["line"] == line, "why" if part != "repairs" else "repair"])


@pytest.mark.parametrize("target", ["tiers_lieux", "poles", "clusters"])
def test_rows_have_the_layout_of_their_table(small: Dataset, target: str) -> None:
    layer = made(small, "Nom;Code INSEE;Longitude;Latitude", "A;69001;2.05;45.05", "B;31001;;", target=target)
    docs = schema.describe(target)
    assert list(layer.rows.columns) == [*(doc.name for doc in docs), "line", "geometry"]
    for doc in docs:
        assert str(layer.rows[doc.name].dtype) == doc.dtype, doc.name
    assert layer.rows["id"].tolist() == [f"import-{layer.digest}-2", f"import-{layer.digest}-3"]
    assert set(layer.rows["source_id"]) == {f"import-{layer.digest}"} and set(layer.rows["confidence"]) == {
        ""
    }
    assert layer.rows["departement_code"].tolist() == ["69", "31"]
    assert layer.rows["region_code"].tolist() == ["84", "76"]
    assert layer.rows.crs.to_epsg() == 4326
    assert (
        layer.rows.geometry.iloc[0].equals(shapely.Point(2.05, 45.05))
        and layer.rows.geometry.iloc[1].is_empty
    )


def test_a_commune_is_found_by_code_name_or_point(small: Dataset) -> None:
    layer = made(
        small, "Nom;Code INSEE;Commune;Département;Longitude;Latitude",
        "A;69001;;;;", "B;;alpha;Rhône;;", "C;;ILE D EPSILON;31;;", "D;;L'Ile d'Epsilon;;;", "E;;;;2.05;45.05",
        "F;;Nulle part;69;;", "G;99999;;;;", "H;;;69;;", "I;;;;;", ";69001;;;;", "K;;;;30;10",
    )  # fmt: skip
    by_line = dict(zip(layer.rows["line"], layer.rows["commune_insee"].fillna("-"), strict=True))
    assert by_line == {2: "69001", 3: "69001", 5: "31002", 6: "69001", 9: "-"}
    assert layer.rows.set_index("line").at[9, "region_code"] == "84"
    assert "aucune commune de ce nom" in why(layer, 4) and "Epsilon" in why(layer, 4)
    assert "« Rhône »" in why(layer, 7).replace("\u00a0", " ")
    for line in (8, 10, 12):
        assert "aucun lieu" in why(layer, line)
    assert why(layer, 11) == "le nom manque"
    assert any("déduite du point" in note for note in layer.report.notes)


def test_contradictions_are_told_and_far_points_refused(small: Dataset) -> None:
    layer = made(
        small, "Nom;Code INSEE;Département;Région;Longitude;Latitude",
        "A;69001;31;Occitanie;2.05;45.05", "B;69001;;;2.16;45.05", "C;69001;;;2.25;45.15", "D;69001;;;5.0;48.0", "E;69001;;;0;0",
    )  # fmt: skip
    assert "département 69" in why(layer, 2, "warnings") and "région 84" in why(layer, 2, "warnings")
    assert "km de Alpha" in why(layer, 3, "warnings")
    assert "hors de France" in why(layer, 5, "warnings")
    assert "0, 0" in why(layer, 6, "warnings")
    assert layer.rows.geometry.is_empty.tolist()[-2:] == [True, True]
    assert 3 <= float(why(layer, 4, "warnings").split()[2].replace(",", ".")) <= 30


def test_values_are_typed_or_unknown_and_told(small: Dataset) -> None:
    header = "Nom;Code INSEE;Type;Autres labels;Ouverture;Site web;SIREN;Statut"
    layer = made(
        small, header,
        "A;69001;Fab Lab;fablab|Manufacture de proximité;12/05/2016;www.a.example.org;12345678200010;Ouvert",
        "B;69001;Ferme;rien;1492;pas un site;123456789;fermé",
        "C;69001;;;2019.0;https://c.example.org;123 456 782;",
    )  # fmt: skip
    rows = layer.rows
    assert rows["kind"].tolist() == ["fablab", "autre", "autre"]
    assert rows["other_labels"].fillna("").tolist() == ["fablab|manufacture_de_proximite", "", ""]
    assert rows["opened_year"].fillna(0).tolist() == [2016, 0, 2019]
    assert rows["website"].fillna("").tolist() == ["http://www.a.example.org", "", "https://c.example.org"]
    assert rows["siren"].fillna("").tolist()[1:] == ["", "123456782"]
    assert rows["status"].fillna("").tolist() == ["ouvert", "", ""]
    told = layer.report.warnings
    assert set(told.loc[told["line"] == 3, "field"]) == {
        "kind",
        "other_labels",
        "opened_year",
        "website",
        "siren",
        "status",
    }


def test_rows_pass_the_rules_of_their_table(small: Dataset) -> None:
    layer = made(
        small, "Nom;Code INSEE;Longitude;Latitude;Type;Précision des coordonnées;Score",
        "A;69001;2.05;45.05;Fablab;Approximatif;0,5", "B;31001;2.05;45.15;Coworking;Approximatif;", "C;34001;;;;Adresse;",
    )  # fmt: skip
    rows = pd.DataFrame(layer.rows.drop(columns=["line", "geometry"])).assign(
        source_dataset="page_web", confidence="low"
    )
    assert layer.rows["coord_precision"].fillna("").tolist() == ["approximatif", "point_non_qualifie", ""]
    model = schema.TABLES["tiers_lieux"].to_schema()
    model.validate(rows)


def test_homonyms_are_asked_never_guessed(real: Dataset) -> None:
    header, rows = (
        "Nom;Commune;Département;Longitude;Latitude",
        ("A;Saint-Denis;;;", "B;saint denis;93;;", "C;Saint-Denis;;2.357;48.936"),
    )
    layer = made(real, header, *rows)
    expected = set(real.communes.loc[real.communes["name"] == "Saint-Denis", "commune_insee"])
    (question,) = layer.questions
    assert (
        question.lines == (2,)
        and set(question.choices) == expected | {"aucune"}
        and question.proposed is None
    )
    assert any("La Réunion, 974" in words for words in question.choices.values())
    assert why(layer, 2).startswith("question ouverte")
    assert layer.rows["commune_insee"].tolist() == ["93066", "93066"]
    answered = made(real, header, *rows, answers={question.id: "97411"})
    assert answered.rows["commune_insee"].tolist() == ["97411", "93066", "93066"] and not answered.questions
    none = made(real, header, *rows, answers={question.id: "aucune"})
    assert none.report.kept == 2 and not none.questions
    strange = made(real, header, *rows, answers={question.id: "75056"})
    assert strange.questions == layer.questions


def test_old_codes_arrondissements_and_lost_zeros(real: Dataset) -> None:
    layer = made(real, "Nom;Code INSEE", "A;01039", "B;75111", "C;1004", "D;97801", "E;98818")
    assert layer.rows["commune_insee"].tolist() == ["01138", "75056", "01004", "97801"]
    assert layer.rows["arrondissement_insee"].fillna("").tolist() == ["", "75111", "", ""]
    assert layer.rows["region_code"].tolist() == ["84", "11", "84", "978"]
    for line, word in ((2, "ancienne commune"), (3, "arrondissement"), (4, "cinq caractères")):
        assert word in why(layer, line, "repairs")
    assert "aucun lieu" in why(layer, 6)


@pytest.mark.parametrize(
    ("system", "turned"),
    [
        ("EPSG:2154", False),
        ("EPSG:2154", True),
        ("EPSG:3857", False),
        ("EPSG:27572", False),
        ("EPSG:3946", False),
    ],
)
def test_metres_are_recognised_and_asked(real: Dataset, system: str, turned: bool) -> None:
    import pyproj

    spots = real.communes[real.communes["departement_code"] == "69"].iloc[::30]
    x, y = pyproj.Transformer.from_crs(4326, system, always_xy=True).transform(spots["lon"], spots["lat"])
    first, second = (y, x) if turned else (x, y)
    rows = [f"L{n};{a:.1f};{b:.1f}" for n, (a, b) in enumerate(zip(first, second, strict=True))]
    layer = made(real, "Nom;X;Y", *rows)
    (question,) = layer.questions
    assert question.id == "crs" and question.proposed == system + "/inverse" * turned
    assert SYSTEMS[system] in question.choices[question.proposed] and layer.report.kept == 0
    answered = made(real, "Nom;X;Y", *rows, answers={"crs": question.proposed})
    assert answered.rows["commune_insee"].tolist() == spots["commune_insee"].tolist()


def test_overseas_metres_and_the_choice_of_the_user(real: Dataset) -> None:
    spot = real.communes[real.communes["commune_insee"] == "97411"].iloc[0]
    ((x, y),) = zones.project([spot["lon"]], [spot["lat"]], 2975)
    raw = read("l.csv", f"Nom;X;Y\nA;{x:.0f};{y:.0f}\n".encode())
    mapping = propose(real, raw, "tiers_lieux")
    assert "EPSG:2975" in build(real, raw, mapping).questions[0].choices
    layer = build(real, raw, mapping.with_crs("EPSG:2975"))
    assert not layer.questions and layer.rows["commune_insee"].tolist() == ["97411"]


def test_swapped_degrees_are_asked(small: Dataset) -> None:
    rows = ("A;45.05;2.05", "B;2.05;45.05")
    layer = made(small, "Nom;Longitude;Latitude", *rows)
    assert [q.id for q in layer.questions] == ["swap"] and layer.questions[0].lines == (2,)
    assert layer.rows["line"].tolist() == [3]
    swapped = made(small, "Nom;Longitude;Latitude", *rows, answers={"swap": "oui"})
    assert swapped.rows["lon"].tolist() == [2.05, 2.05] and not swapped.questions
    kept = made(small, "Nom;Longitude;Latitude", *rows, answers={"swap": "non"})
    assert kept.report.kept == 1 and not kept.questions


@pytest.mark.parametrize(
    "cell",
    ["45.05, 2.05", "45,05 ; 2,05", "POINT (2.05 45.05)", "[45.05,2.05]", "SRID=4326;POINT Z(2.05 45.05 7)"],
)
def test_a_point_in_one_cell(small: Dataset, cell: str) -> None:
    layer = made(small, "Nom|geo_point_2d", f"A|{cell}")
    assert layer.rows["commune_insee"].tolist() == ["69001"]


def test_shapes_of_places_become_points_and_others_stay(small: Dataset) -> None:
    bow = shapely.Polygon([(2.01, 45.01), (2.09, 45.09), (2.09, 45.01), (2.01, 45.09)])
    raw = read(
        "l.geojson",
        f.geojson(
            [shapely.box(2.01, 45.01, 2.04, 45.02), bow, None], [{"nom": "A"}, {"nom": "B"}, {"nom": "C"}]
        ),
    )
    places = build(small, raw, propose(small, raw, "tiers_lieux"))
    assert set(places.rows.geometry.geom_type) == {"Point"} and places.report.kept == 2
    assert "un point à l’intérieur" in why(places, 1, "repairs") and "mal formé" in why(places, 2, "repairs")
    others = build(small, raw, propose(small, raw, "autre"))
    assert list(others.rows.columns[:5]) == ["id", "name", "note", "line", "geometry"]
    assert others.rows.geometry.iloc[0].equals(raw.geometry.iloc[0]) and others.rows.geometry.is_valid.all()
    assert others.report.refusals["line"].tolist() == [3]


def test_a_collection_without_a_surface_has_a_point(small: Dataset) -> None:
    mixed = shapely.GeometryCollection([shapely.Polygon(), shapely.Point(2.05, 45.05)])
    raw = read("l.geojson", f.geojson([mixed], [{"nom": "A"}]))
    for target in ("tiers_lieux", "autre"):
        layer = build(small, raw, propose(small, raw, target))
        assert layer.report.kept == 1 and not layer.rows.geometry.is_empty.any()


def test_declared_and_unknown_systems(real: Dataset) -> None:
    for data, name in ((f.gpkg({"a": f.frame()}), "a.gpkg"), (f.zipped(f.shapefile(f.frame())), "a.zip")):
        raw = read(name, data)
        layer = build(real, raw, propose(real, raw, "tiers_lieux"))
        assert layer.rows["commune_insee"].tolist() == ["69123", "31555"] and not layer.questions
    parts = {k: v for k, v in f.shapefile(f.frame()).items() if not k.endswith("prj")}
    raw = read("a.zip", f.zipped(parts))
    (question,) = build(real, raw, propose(real, raw, "tiers_lieux")).questions
    assert (question.id, question.proposed) == ("crs", "EPSG:2154")
    layer = build(real, raw, propose(real, raw, "tiers_lieux"), {"crs": "EPSG:2154"})
    assert layer.rows["commune_insee"].tolist() == ["69123", "31555"]


def test_broken_rows_are_refused_and_hostile_texts_stay_texts(small: Dataset) -> None:
    text = 'Nom;Code INSEE;Note\n"=HYPERLINK(1)";69001;"<script>\x07 écrire à moi@ici.fr"\nCourt\n'
    raw = read("l.csv", text.encode())
    layer = build(small, raw, propose(small, raw, "tiers_lieux"))
    assert (layer.report.read, layer.report.kept) == (2, 1) and "tronquée" in why(layer, 3)
    assert layer.rows["name"].tolist() == ["=HYPERLINK(1)"]
    assert layer.rows["note"].tolist() == ["<script>  écrire à [adresse électronique retirée]"]


def test_progress_ends_at_one(small: Dataset) -> None:
    raw, seen = read("l.csv", f.csv_text().encode()), []
    build(
        small,
        raw,
        propose(small, raw, "tiers_lieux"),
        progress=lambda share, words: seen.append((share, words)),
    )
    shares = [share for share, _ in seen]
    assert shares == sorted(shares) and shares[-1] == 1 and all(words for _, words in seen)


CELL = st.sampled_from(
    ["", "69001", "31002", "alpha", "x", "2.05", "45.05", "1e400", "842000", "NaN", "-", "6520000", "é" * 300]
)


@settings(max_examples=8)
@given(
    st.lists(st.lists(CELL, min_size=6, max_size=6), min_size=1, max_size=5),
    st.sampled_from(["tiers_lieux", "poles", "clusters", "autre"]),
)
def test_no_row_is_ever_lost(small: Dataset, rows: list[list[str]], target: str) -> None:
    lines = [";".join(row) for row in rows if any(row)]
    if lines:
        header = "Nom;Code INSEE;Commune;Département;Longitude;Latitude"
        layer = made(small, header, *lines, target=target)
        assert set(layer.rows["line"]) | set(layer.report.refusals["line"]) == set(range(2, len(lines) + 2))


def test_the_same_file_gives_the_same_layer(small: Dataset) -> None:
    layers = [
        made(small, "Nom;Commune;X;Y", "A;alpha;;", "B;;45.05;2.05", "C;;842000;6520000") for _ in range(2)
    ]
    first, again = (layer.rows.to_csv() for layer in layers)
    assert first == again and layers[0].questions == layers[1].questions


def test_metres_of_nowhere_are_not_placed(small: Dataset) -> None:
    layer = made(small, "Nom;Code INSEE;X;Y", "A;69001;123456789;5", "B;;1e300;1e300")
    assert layer.rows["line"].tolist() == [2] and layer.rows.geometry.is_empty.all()
    assert "laissées de côté" in why(layer, 2, "warnings") and "aucun lieu" in why(layer, 3)


def test_a_table_of_the_atlas_comes_back_as_it_is(real: Dataset) -> None:
    raw = read("tiers_lieux.csv", (DATA_DIR / "tiers_lieux.csv").read_bytes())
    layer = build(real, raw, propose(real, raw))
    assert layer.target == "tiers_lieux" and layer.report.kept == len(raw.frame)
    assert not len(layer.report.warnings) and not len(layer.report.repairs)
    ours = {"id", "source_id", "confidence", "source_dataset"}
    for doc in schema.describe("tiers_lieux"):
        if doc.name not in ours and doc.dtype == "str":
            assert layer.rows[doc.name].fillna("").tolist() == raw.frame[doc.name].fillna("").tolist(), (
                doc.name
            )


def test_a_page_is_never_asked_more_than_fifty_questions(real: Dataset) -> None:
    named = real.communes["name"].value_counts()
    names = named[named > 1].index[:120].tolist()
    rows = [f"L{n};{name}" for n, name in enumerate([*names, *names[70:80], names[75]])]
    layer = made(real, "Nom;Commune", *rows)
    assert len(layer.questions) == 50 and layer.report.kept == 0
    sizes = [len(asked.lines) for asked in layer.questions]
    assert sizes[:11] == [3, *[2] * 9, 1] and sizes == sorted(sizes, reverse=True)
    (note,) = (n for n in layer.report.notes if "question" in n)
    assert note.startswith("70 autres questions après ces 50, sur 70 lignes")
    assert layer.report.refusals["why"].str.startswith("question ouverte").all()
    answers = {asked.id: next(iter(asked.choices)) for asked in layer.questions}
    after = made(real, "Nom;Commune", *rows, answers=answers)
    assert after.report.kept == sum(sizes) and len(after.questions) == 50
    assert not {asked.id for asked in after.questions} & answers.keys()
    assert any(n.startswith("20 autres questions") for n in after.report.notes)
