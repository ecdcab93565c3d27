"""Static maps: whole, projected where they should be, told apart in grey, safe against hostile names."""

from __future__ import annotations

import io
import itertools
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.text import Text
from PIL import Image
from pyproj import Geod

from ptce_data.load import Dataset
from ptce_ui import theme
from ptce_ui.exports import cartography as carto
from ptce_ui.exports.cartography import drawing, extents, furniture, layout, palette, zones
from ptce_ui.exports.cartography.marks import Fill, Scene
from ptce_ui.exports.cartography.page import Page
from ptce_ui.exports.cartography.paper import Paper
from tests.mini import HOSTILE_NAMES

GEOD = Geod(ellps="GRS80")
SVG = "{http://www.w3.org/2000/svg}"
OWN = pd.DataFrame(
    {
        "lon": [2.05, 2.15],
        "lat": [45.05, 45.06],
        "kind": ["tiers_lieu", "cluster"],
        "is_planned": [True, False],
    }
)


def sheet(dataset: Dataset, spec: carto.MapSpec, width: float = 170, height: float | None = None) -> Paper:
    return Page(dataset, spec, width, height, palette.LIGHT).compose()


def texts(paper: Paper) -> list[Text]:
    return [t for t in paper.top.texts if t.get_text()]


def words(paper: Paper) -> set[str]:
    return {t.get_text() for t in texts(paper)}


def perimeter(dataset: Dataset, **more: object) -> carto.MapSpec:
    return carto.perimeter_map(dataset, ["69001", "69002"], None, 5, dataset.places, OWN, **more)  # type: ignore[arg-type]


def redon(real: Dataset) -> carto.MapSpec:
    code = real.epci.loc[real.epci["name"].str.contains("Redon"), "epci_siren"].iloc[0]
    inside = real.communes.loc[real.communes["epci_siren"] == code, "commune_insee"]
    return carto.perimeter_map(real, set(inside), None, 10, real.places, sources="essai " * 60)


def test_a_map_comes_in_three_formats_with_its_text_equivalent(small: Dataset) -> None:
    spec = perimeter(small, title="Étude <&> $x_1$")
    png = Image.open(io.BytesIO(carto.render(small, spec, "png", width_mm=85)))
    assert png.width == pytest.approx(85 / 25.4 * 300, abs=1)
    assert png.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    root = ElementTree.fromstring(carto.render(small, spec, "svg"))
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "Étude <&> $x_1$"  # type: ignore[union-attr]
    assert root.find(f"{SVG}desc").text == spec.alt  # type: ignore[union-attr]
    targets = {e.get("id") for e in root.iter()}
    used = [v[1:] for e in root.iter() for k, v in e.attrib.items() if k.endswith("href")]
    assert used and set(used) <= targets
    pdf = carto.render(small, spec, "pdf")
    assert pdf.startswith(b"%PDF") and b"/Title" in pdf and b"CreationDate" not in pdf


def test_equal_maps_are_equal_bytes_whatever_the_thread_and_settings_stay(small: Dataset) -> None:
    before = dict(mpl.rcParams)
    spec = perimeter(small)
    once = {fmt: carto.render(small, spec, fmt, 85, 96) for fmt in ("svg", "png", "pdf")}  # type: ignore[arg-type]
    jobs = [*once, "png", "svg"]
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda fmt: carto.render(small, spec, fmt, 85, 96), jobs))  # type: ignore[arg-type]
    assert all(once[fmt] == made for fmt, made in zip(jobs, again, strict=True))
    assert carto.render(small, spec, "png", 85, 96, dark=True) != once["png"]
    assert dict(mpl.rcParams) == before


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", [name[:400] for name in HOSTILE_NAMES])
def test_hostile_names_are_drawn_as_text(small: Dataset, name: str) -> None:
    labels = carto.Labels((carto.Label(2.05, 45.05, name),))
    area = carto.CategoryAreas(
        "communes", {"69001": "a"}, (carto.Category("a", name, "#AAAAAA", "#444444"),), name
    )
    spec = carto.MapSpec(name, name, "84", (area, labels), sources=name, dated=name[:300], alt=name)
    svg = carto.render(small, spec, "svg", width_mm=85)
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
    assert not tags & {"script", "image", "foreignObject", "a"}
    for text in texts(sheet(small, spec, 85)):
        assert not text.get_parse_math() and text.get_text().replace("\xa0", " ").isprintable()


@pytest.mark.parametrize(
    ("which", "width"), [("redon", 85), ("11", 85), ("france", 85), ("france", 170), ("many", 85)]
)
def test_no_word_leaves_the_sheet_or_covers_another(real: Dataset, which: str, width: float) -> None:
    paper = sheet(real, national(real, which), width)
    paper.figure.set_dpi(300)
    edge = paper.figure.bbox
    boxes = [(t.get_text(), t.get_window_extent(paper.figure.canvas.get_renderer())) for t in texts(paper)]  # type: ignore[attr-defined]
    for said, box in boxes:
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= edge.x1 and box.y1 <= edge.y1, said
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        up = min(a.y1, b.y1) - max(a.y0, b.y0)
        # Lines of a paragraph may touch by their ascenders.
        assert across <= 4 or up <= 0.3 * min(a.height, b.height), (one, other)


def national(real: Dataset, which: str) -> carto.MapSpec:
    if which == "redon":
        return redon(real)
    if which == "france":
        return carto.places_map(real, real.places, on_types=True)
    if which == "many":
        counts = real.places.groupby("departement_code").size().rename_axis("code").reset_index(name="value")
        return carto.small_multiples(real, "departements", {"Un": counts, "Deux": counts, "Trois": counts})
    return carto.region_map(real, which)


def test_every_region_has_its_projection_and_true_distances() -> None:
    codes = {"01": 5490, "02": 5490, "03": 2972, "04": 2975, "06": 4471, "53": 2154, "94": 2154}
    assert {code: zones.of_region(code).epsg for code in codes} == codes
    for zone in zones.ZONES.values():
        west, south, east, north = zone.frame
        ends = (west + east) / 2, south, (west + east) / 2, north
        one, two = zones.project(zone, np.array(ends[::2]), np.array(ends[1::2]))
        assert np.hypot(*(two - one)) == pytest.approx(GEOD.inv(*ends)[2], rel=0.004)


def test_the_national_view_holds_every_region_whole(real: Dataset) -> None:
    main, insets = extents.places(real, "france")
    frames = layout.frames(main, insets, 166, None, 1.0)
    scenes = [f.scene(1.0) for f in frames]
    assert [f.place.name for f in frames[1:]] == [*(z.name for z in zones.OVERSEAS), layout.PARIS_NAME]
    for code, shape in zip(real.regions["region_code"], real.regions.geometry, strict=True):
        zone = zones.of_region(code)
        box = shapely.box(*next(s.window for s in scenes if s.zone is zone))
        assert box.contains(zones.project_geometry(zone, shape)), code


def test_an_object_of_saint_martin_is_shown(small: Dataset) -> None:
    assert "St-Martin" in words(sheet(small, carto.places_map(small, small.places)))
    assert "St-Martin" not in words(sheet(small, carto.france_by_type(small)))


@pytest.mark.parametrize("window", [4_000, 37_000, 640_000, 1_150_000])
def test_the_scale_bar_is_as_long_as_it_says(small: Dataset, window: float) -> None:
    scene = Scene(zones.MAINLAND, (7e5, 6.6e6, 7e5 + window, 6.6e6 + window), window / 160)
    paper = Paper(170, 40, 1.0, palette.LIGHT)
    furniture.scale_strip(paper, (5, 10, 160, 6), scene)
    drawn = np.concatenate([p.get_xy() for p in paper.top.patches[:2]])
    said = next(t.get_text() for t in texts(paper) if t.get_text().endswith("m"))
    value, unit = said.replace("\u202f", "").split("\xa0")
    metres = float(value) * (1000 if unit == "km" else 1)
    assert np.ptp(drawn[:, 0]) * scene.metres_per_mm == pytest.approx(metres)
    assert str(metres)[0] in "125" and 0.1 < metres / window < 0.32


def test_a_zone_of_ten_kilometres_is_ten_kilometres_wide(small: Dataset) -> None:
    for lon, lat in ((-2.09, 47.65), (55.5, -21.1)):
        zone = zones.at(lon, lat)
        scene = Scene(zone, zones.window_of(zone, (lon - 0.2, lat - 0.2, lon + 0.2, lat + 0.2)), 100)
        drawn = drawing.draw(small, [carto.Ring(shapely.Point(lon, lat), 10)], scene, palette.LIGHT)
        x, y = drawn.lines[0].path.vertices.T
        there = zones._transformer(zone.epsg).transform(x, y, direction="INVERSE")
        far = GEOD.inv(np.full(len(x), lon), np.full(len(x), lat), *there)[2]
        assert far == pytest.approx(np.full(len(x), 10_000), rel=0.005)
        assert "10" in drawn.entries[next(iter(drawn.entries))].words


def test_the_legend_explains_what_is_there_and_nothing_else(real: Dataset) -> None:
    page = Page(real, carto.france_by_type(real, extent="53"), 170, None, palette.LIGHT)
    said = words(page.compose())
    inside = set(real.communes.loc[real.communes["region_code"] == "53", "epci_siren"].dropna())
    types = real.territories.epci.set_index("epci_siren")["territory_type"].reindex(sorted(inside))  # type: ignore[union-attr]
    for category in palette.type_categories({}):
        label = next(c.label for c in carto.type_areas(real).categories if c.key == category.key)
        assert (label in said) == bool((types == category.key).any()), label
    assert ("non renseigné" in said) == bool(types.isna().any())
    assert not said & {"PTCE", "Cluster", "limite d’EPCI"}


def test_the_signs_of_a_study_are_explained(small: Dataset) -> None:
    paper = sheet(small, perimeter(small))
    said = words(paper)
    assert {"périmètre d’étude", "en projet (signe vide)", "ajouté par l’étude (bord épais)", "PTCE"} <= said
    assert "zone de 5\xa0km alentour, à vol d’oiseau" in said
    without = words(sheet(small, carto.perimeter_map(small, ["69001"])))
    assert not without & {"en projet (signe vide)", "PTCE"} and not any("alentour," in w for w in without)


def test_types_are_told_apart_in_grey() -> None:
    for dark in (False, True):
        looks = [
            (c.hatch, palette.luminance(c.dark_colour if dark else c.colour))
            for c in palette.type_categories({})
        ] + [(palette.UNKNOWN_HATCH, palette.luminance(palette.of(dark).unknown))]
        for (hatch, light), (other, lighter) in itertools.combinations(looks, 2):
            assert set(hatch) != set(other) or abs(light - lighter) > 0.15
    for category in palette.type_categories({}):
        for face, ink in (
            (category.colour, category.hatch_colour),
            (category.dark_colour, category.dark_hatch_colour),
        ):
            assert abs(palette.luminance(face) - palette.luminance(ink)) > 0.2
    steps = [palette.luminance(c) for c in theme.SEQUENTIAL]
    assert all(a - b > 0.1 for a, b in itertools.pairwise(steps))


def test_hatches_are_really_drawn(small: Dataset) -> None:
    paper = Paper(60, 60, 1.0, palette.LIGHT)
    axes = paper.map((0, 0, 60, 60), (0, 0, 60, 60))
    square = drawing.shapes.path(np.array([shapely.box(0, 0, 60, 60)]))
    assert square is not None
    from ptce_ui.exports.cartography.paper import add_fill

    add_fill(axes, Fill(square, "#DDDDDD", "////", "#000000"), 1.0)
    out = io.BytesIO()
    paper.figure.savefig(out, format="png", dpi=100)
    grey = np.asarray(Image.open(out).convert("L"), dtype=float)
    assert grey.std() > 15 and (grey > 200).mean() > 0.5


@pytest.mark.parametrize(
    ("extent", "fmt", "width"),
    [("99", "png", 170), ((-70, 40, -60, 50), "png", 170), (shapely.Point(), "png", 170), ("84", "gif", 170), ("84", "png", 5)],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused_in_french(
    small: Dataset, extent: object, fmt: str, width: float
) -> None:
    with pytest.raises(carto.CartographyError) as refused:
        carto.render(small, carto.MapSpec("T", extent=extent), fmt, width_mm=width)  # type: ignore[arg-type]
    assert refused.value.sentence.endswith(".")


def test_an_empty_perimeter_is_refused(small: Dataset) -> None:
    with pytest.raises(carto.CartographyError):
        carto.perimeter_map(small, ["00000"])


def test_a_map_without_objects_or_in_a_wide_frame_is_drawn(small: Dataset) -> None:
    spec = carto.places_map(small, small.places.iloc[:0])
    assert "Aucun objet" in words(sheet(small, spec))
    wide = Image.open(io.BytesIO(carto.render(small, spec, "png", 320, 100, 180, True)))
    assert wide.size == pytest.approx((320 / 25.4 * 100, 180 / 25.4 * 100), abs=1)
