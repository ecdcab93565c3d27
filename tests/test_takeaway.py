"""The fixed maps of the interactive pages: of the same view, with every object and its sources."""

from __future__ import annotations

import pytest

from ptce_data import query
from ptce_data.load import Dataset
from ptce_data.selection import Selection
from ptce_ui import takeaway
from ptce_ui.exports import cartography
from ptce_ui.exports.cartography import Points


def test_the_fixed_map_has_the_objects_of_the_selection(real: Dataset) -> None:
    selected = query.places(real, Selection(regions=("53",)))
    spec = takeaway.selection_map(real, selected, "53", "territory_type")
    drawn = next(layer for layer in spec.layers if isinstance(layer, Points))
    assert len(drawn.points) == selected["lon"].notna().sum()
    assert spec.extent == "53" and "objets" in spec.title
    publishers = set(
        query.sources(real, [i for c in selected["source_ids"] for i in c.split("|")])["publisher"]
    )
    assert any(name in spec.sources for name in publishers)


@pytest.mark.parametrize(
    ("scale", "extent"), [("types", "france"), ("epci_france", "france"), ("communes", "84"), ("epci", "84")]
)
def test_each_scale_has_its_fixed_map(small: Dataset, scale: str, extent: str) -> None:
    spec = takeaway.types_map(small, scale, "84")
    assert spec.extent == extent
    assert cartography.render(small, spec, "png", width_mm=85, dpi=96).startswith(b"\x89PNG")
