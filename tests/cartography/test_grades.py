"""Classes of graded maps, and words that fit: properties that hold whatever the values."""

from __future__ import annotations

import unicodedata

import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ptce_data.load import Dataset
from ptce_ui import theme
from ptce_ui.exports import cartography as carto
from ptce_ui.exports.cartography import drawing, extents, grades, palette
from ptce_ui.exports.cartography.layout import Frame
from ptce_ui.exports.cartography.words import clean, width, wrap

# No indicator is finer than a millionth: beyond, words cannot tell two limits apart.
NUMBERS = st.one_of(
    st.floats(-1e9, 1e9).map(lambda v: round(v, 6)), st.integers(0, 50).map(float), st.just(float("nan"))
)


@settings(max_examples=60, deadline=None)
@example(values=[0.0, -1e-05], method="rond")
@given(st.lists(NUMBERS, max_size=40), st.sampled_from(["rond", "quantiles"]))
def test_every_known_value_has_one_class_with_words_and_colour(values: list[float], method: str) -> None:
    layer = carto.QuantityAreas(
        "epci", dict(zip(map(str, range(99)), values, strict=False)), "T", "%", method
    )  # type: ignore[arg-type]
    made = grades.grades(layer)
    assert list(made.limits) == sorted(set(made.limits))
    assert len(made.colours) == len(made.texts) == len(made.limits) + 1 <= len(theme.SEQUENTIAL)
    assert len(set(made.texts)) == len(made.texts) or method == "quantiles"
    for value in filter(grades.is_known, values):
        index = made.index(value)
        assert (index is None) == (made.zero is not None and value == 0)
        assert index is None or 0 <= index < len(made.colours)


def test_limits_are_round_and_counts_are_whole() -> None:
    of = {str(i): v for i, v in enumerate([0.0, 1, 1, 2, 3, 4, 6, 7, 9, 12, 15, 22, 31, 48])}
    made = grades.grades(carto.QuantityAreas("epci", of, "T"))
    assert made.zero == "0" and made.texts[-1].endswith("ou plus")
    assert not any("moins" in text for text in made.texts)
    assert all(limit == int(limit) for limit in made.limits)
    shares = {str(i): v for i, v in enumerate([12.31, 15.2, 18.77, 23.4, 31.9, 44.12, 58.3])}
    made = grades.grades(carto.QuantityAreas("epci", shares, "T", "%"))
    assert made.texts[0].startswith("moins de 1") and "\xa0%" in made.texts[0]
    assert all(limit * 2 == int(limit * 2) for limit in made.limits)


def test_areas_without_value_are_hatched_and_said(small: Dataset) -> None:
    frame = pd.DataFrame({"code": ["200000001", "200000002"], "value": [3.5, None]})
    spec = carto.quantity_map(small, "epci", frame, "Part", "%", "84")
    main, _ = extents.places(small, "84")
    drawn = drawing.draw(small, spec.layers, Frame(main, (0, 0, 160, 90), False).scene(1.0), palette.LIGHT)
    said = {entry.words: entry.swatch for entry in drawn.entries.values()}
    assert said["non renseigné"].hatch == palette.UNKNOWN_HATCH  # type: ignore[union-attr]
    assert any(words.startswith("3,5") for words in said)
    assert spec.alt == "Carte : Part, par EPCI : de 3,5\xa0% à 3,5\xa0%."


def test_small_multiples_share_their_classes(small: Dataset) -> None:
    one = pd.DataFrame({"code": ["69", "63"], "value": [1.0, 2.0]})
    two = pd.DataFrame({"code": ["31", "34"], "value": [30.0, 80.0]})
    spec = carto.small_multiples(small, "departements", {"Un": one, "Deux": two}, title="T")
    layers = [panel.layers[0] for panel in spec.panels]
    assert layers[0].limits == layers[1].limits != ()  # type: ignore[union-attr]
    assert grades.grades(layers[0]).colours == grades.grades(layers[1]).colours  # type: ignore[arg-type]


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200), st.floats(8, 120))
def test_words_are_wrapped_without_loss(text: str, room: float) -> None:
    cleaned = clean(text)
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in cleaned)
    assert clean(cleaned) == cleaned
    lines = wrap(cleaned, room, 7)
    assert "".join(lines).replace(" ", "") == cleaned.replace(" ", "")
    assert all(width(line, 7) <= room or len(line) == 1 for line in lines)
