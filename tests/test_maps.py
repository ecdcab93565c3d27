"""The map's script: what it carries, what it can never carry, and where its files come from."""

from __future__ import annotations

import base64
import json
import re

import numpy as np
import pytest
from streamlit_folium import generate_leaflet_string

from ptce_data.load import Dataset
from ptce_ui import assets, classes, maps
from ptce_ui.theme import TYPE_COLOURS
from tests.mini import HOSTILE_NAMES


def script(group: object) -> str:
    base = maps.base_map("v")
    group.add_to(base)  # type: ignore[attr-defined]
    base.get_root().render()
    return generate_leaflet_string(base)


def config_of(group: maps._Update) -> dict[str, object]:
    made: dict[str, object] = json.loads(group.config)
    return made


def test_the_mask_tells_which_places_are_shown() -> None:
    shown = np.array([True, False, False, True, True, False, False, False, True])
    points = config_of(maps.layers(maps.Points("gen/v/places.json", shown)))["points"]
    bits = np.unpackbits(np.frombuffer(base64.b64decode(points["mask"]), np.uint8), bitorder="little")  # type: ignore[index]
    assert bits[: len(shown)].astype(bool).tolist() == shown.tolist()


def test_equal_questions_give_equal_scripts_and_others_do_not() -> None:
    shown = np.array([True, False])
    one, two = (maps.layers(maps.Points("p", shown)).config for _ in range(2))
    assert one == two
    assert maps.layers(maps.Points("p", ~shown)).config != one
    assert maps.layers(maps.Points("p", shown), is_dark=True).config != one


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_no_text_leaves_its_json_string(name: str) -> None:
    areas = maps.Areas("a.json", "regions", classes={name: 0}, colours=["#fff"], texts={name: name})
    group = maps.layers(maps.Points("p", np.array([True]), chosen=name), areas, type_labels={"rural": name})
    made = script(group)
    assert "<" not in group.config and "`" not in group.config and "$" not in group.config
    assert json.loads(group.config)["areas"]["texts"] == {name: name}
    assert "<script" not in made and "<img" not in made


def test_no_foreign_address_but_the_tiles_asked_for() -> None:
    base = maps.base_map("v")
    base.get_root().render()
    links = [url for _, url in base.default_js + base.default_css]
    assert links and all(url.startswith(maps.STATIC) for url in links)
    plain = script(maps.layers(maps.Points("p", np.array([True]))))
    assert re.findall(r"https?://", plain) == []
    assert "openstreetmap" in script(maps.layers(None, tiles="osm"))


def test_every_place_is_in_the_file_as_it_is(hostile: Dataset) -> None:
    made = json.loads(assets.places_json(hostile.places))
    frame = hostile.places
    assert made["n"] == len(frame) == len(made["kind"]) == len(made["hollow"])
    assert made["name"] == frame["name"].tolist()
    assert made["uid"] == frame["uid"].tolist()
    order = list(TYPE_COLOURS)
    computed = [order[int(d)] for d in made["types"]["commune"]]
    assert computed == frame["territory_type"].fillna("non_renseigne").tolist()
    stated = [order[int(d)] for d in made["types"]["stated"]]
    assert stated == frame["territory_type_stated"].fillna("non_renseigne").tolist()
    for lon, lat, shape in zip(made["lon"], made["lat"], frame.geometry, strict=True):
        if shape.is_empty:
            assert lon is None and lat is None
        else:
            assert (lon / 1e5, lat / 1e5) == pytest.approx((shape.x, shape.y), abs=1e-5)


def test_files_are_written_once_and_old_versions_forgotten(small: Dataset, tmp_path: object) -> None:
    first = assets.places_file(small, tmp_path)  # type: ignore[arg-type]
    path = tmp_path / first  # type: ignore[operator]
    stamp = path.stat().st_mtime_ns
    assert assets.places_file(small, tmp_path) == first  # type: ignore[arg-type]
    assert path.stat().st_mtime_ns == stamp
    assert not list(path.parent.glob("*.part"))


def test_neighbours_keep_their_border_when_simplified(real: Dataset) -> None:
    made = json.loads(assets.areas_json(real.regions, "region_code", 0.008))
    assert len(made["features"]) == 18
    assert {f["properties"]["c"] for f in made["features"]} == set(real.regions["region_code"])
    size = len(json.dumps(made, separators=(",", ":")))
    assert size < 400_000


def test_classes_cover_every_positive_value_and_no_other() -> None:
    import pandas as pd

    codes = pd.Series(list("abcdefgh"))
    values = pd.Series([0, 1, 1, 2, 3, 5, 8, None])
    made = classes.quantiles(codes, values)
    assert set(made.of) == set("bcdefg")
    assert len(made.colours) == len(made.texts) == max(made.of.values()) + 1
    assert made.of["b"] <= made.of["d"] <= made.of["g"]
    assert classes.quantiles(codes, values * 0).texts == ()
    assert classes.quantiles(codes[:3], values[1:4].reset_index(drop=True)).texts == ("1", "2")
