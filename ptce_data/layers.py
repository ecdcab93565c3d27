"""The geographic layers: GeoParquet files of data/geo, read and checked for what the rest relies on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from ptce_data.errors import Fault

CRS: Final = "EPSG:4326"
_PARENTS: Final = ("departement_code", "region_code", "former_region_code")
_MEASURES: Final = ("population", "area_km2", "lon", "lat")

#: Level -> its columns, the key first; every level ends with the measures and the geometry.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "communes": ("commune_insee", "name", "epci_siren", *_PARENTS, *_MEASURES),
    "epci": ("epci_siren", "name", "kind", *_PARENTS, *_MEASURES),
    "departements": ("departement_code", "name", "region_code", "former_region_code", *_MEASURES),
    "regions": ("region_code", "name", *_MEASURES),
    "former_regions": ("former_region_code", "name", "region_code", *_MEASURES),
}
LEVELS: Final = tuple(COLUMNS)
#: Missing where nobody belongs: four island communes have no EPCI.
_OPTIONAL: Final = ("epci_siren",)


@dataclass
class Layer:
    """A level as read: its file, its frame (EPSG:4326; empty when faulty) and its faults."""

    file: str
    frame: gpd.GeoDataFrame
    faults: list[Fault]


def empty(level: str) -> gpd.GeoDataFrame:
    """Return a layer without rows, with the columns of `level`."""
    kinds = {name: "float64" if name in _MEASURES else "str" for name in COLUMNS[level]}
    frame = pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in kinds.items()})
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([], crs=CRS), crs=CRS)


def read(level: str, data_dir: Path) -> Layer:
    """Read one level. Never raises for what its file may hold."""
    path = data_dir / "geo" / f"{level}.parquet"
    file = f"{data_dir.name}/geo/{level}.parquet"
    if not path.exists():
        return Layer(
            file, empty(level), [Fault(file, None, None, None, "un fichier, qui est absent", "fichier")]
        )
    try:
        frame = gpd.read_parquet(path)
    except (ValueError, OSError, TypeError, KeyError) as error:  # pyarrow's errors are ValueError or OSError
        said = f"un fichier GeoParquet lisible ({type(error).__name__})"
        return Layer(file, empty(level), [Fault(file, None, None, None, said, "fichier")])
    faults = [Fault(file, None, *found) for found in _wrong(level, frame)]
    return Layer(file, empty(level) if faults else frame, faults)


def _wrong(level: str, frame: gpd.GeoDataFrame) -> list[tuple[str | None, str | None, str, str]]:
    """List (field, value, expected, rule) of what is wrong in a layer."""
    absent = [name for name in COLUMNS[level] if name not in frame]
    if absent:
        return [(name, None, "une colonne, qui manque", "colonne_absente") for name in absent]
    wrong: list[tuple[str | None, str | None, str, str]] = []
    key = COLUMNS[level][0]
    if frame.empty:
        wrong.append((None, None, "au moins une ligne", "vide"))
    if frame.crs is None or frame.crs.to_epsg() != 4326:
        wrong.append(("geometry", str(frame.crs), CRS, "crs"))
    if frame.geometry.isna().any() or frame.geometry.is_empty.any():
        wrong.append(("geometry", None, "un contour pour chaque ligne", "obligatoire"))
    for code in frame.loc[frame[key].duplicated() & frame[key].notna(), key].unique():
        wrong.append((key, str(code), "une valeur unique dans la couche", "unique"))
    for name in COLUMNS[level]:
        if name not in (_OPTIONAL if level == "communes" else ()) and frame[name].isna().any():
            wrong.append((name, None, "une valeur pour chaque ligne", "obligatoire"))
    return wrong


def unlisted(layer: Layer, level: str, listed: frozenset[str] | None) -> list[Fault]:
    """Return, as faults, the codes that a sound layer has too many or too few against a list."""
    if listed is None:
        return []
    key = COLUMNS[level][0]
    have = frozenset(layer.frame[key])
    return [
        Fault(layer.file, None, key, code, "un code de la liste, et tous les codes de la liste", "lien")
        for code in sorted(have ^ listed)
    ]


def codes(layers: Mapping[str, Layer], level: str) -> frozenset[str] | None:
    """Return the codes of a level, or None when the level could not be read."""
    layer = layers[level]
    return None if layer.faults else frozenset(layer.frame[COLUMNS[level][0]])
