"""Files -> one validated, frozen Dataset.

Every file is read as text, then typed, then checked against its model and against the other files.
All faults of all files are reported together.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from ptce_data import duplicates, layers, places, reading, schema
from ptce_data.errors import DataError, Fault
from ptce_data.schema.references import UID_TABLES, References
from ptce_data.territories import Classification, Rules, TerritoryError, shipped_classification
from ptce_data.text import fold

if TYPE_CHECKING:
    from ptce_data.own_layers.model import OwnLayer

DATA_DIR: Final = Path(__file__).resolve().parent.parent / "data"
RULES_FILE: Final = "territory_rules.toml"
_COLLECTIVITE: Final = "collectivite_outre_mer"


@dataclass(frozen=True)
class Dataset:
    """All the data, typed and checked. Treat every frame as read-only: it is shared by all users.

    Missing values are unknown, never no and never zero: text is `str` with NaN, numbers are Int64
    or Float64, booleans are `boolean`, all with NA. `poles`, `tiers_lieux` and `clusters` have their
    duplicates merged and carry `uid`, `object_id`, `source_ids`, `merged_ids`. Geographic layers are
    in EPSG:4326, areas in km², population in inhabitants. `places` is one row per object and kind;
    `merged_uids` leads from the uid of a row that was merged away to the uid of the row that stays.
    `version` changes with any byte of the data. `faults` is empty unless loaded with
    `tolerant=True`: it then tells, per table or layer, why that one is empty. `own_layers` are the
    layers of a user that are no table of ours; `base_version` is the version of the files where a layer
    of a user was attached (`ptce_data.own_layers.attach`), empty otherwise.
    """

    version: str
    poles: pd.DataFrame
    tiers_lieux: pd.DataFrame
    clusters: pd.DataFrame
    support_schemes: pd.DataFrame
    programmes: pd.DataFrame
    pole_awards: pd.DataFrame
    funding_figures: pd.DataFrame
    public_awards: pd.DataFrame
    published_counts: pd.DataFrame
    case_events: pd.DataFrame
    study_figures: pd.DataFrame
    label_waves: pd.DataFrame
    temoins_reference: pd.DataFrame
    glossary: pd.DataFrame
    sources: pd.DataFrame
    duplicates: pd.DataFrame
    categories: pd.DataFrame
    region_codes: pd.DataFrame
    former_region_codes: pd.DataFrame
    departement_codes: pd.DataFrame
    regions: gpd.GeoDataFrame
    former_regions: gpd.GeoDataFrame
    departements: gpd.GeoDataFrame
    epci: gpd.GeoDataFrame
    communes: gpd.GeoDataFrame
    territories: Classification | None
    places: gpd.GeoDataFrame
    merged_uids: Mapping[str, str]
    faults: Mapping[str, list[Fault]]
    own_layers: tuple[OwnLayer, ...] = ()
    base_version: str = ""

    @property
    def files_version(self) -> str:
        """The version of the files alone: what does not depend on objects (areas, codes) is kept by it."""
        return self.base_version or self.version

    @property
    def version_said(self) -> str:
        """The version as every document, picture and file names it: imported objects are told with it."""
        count = int(self.places["is_imported"].sum()) + sum(len(layer.rows) for layer in self.own_layers)
        if not count:
            return self.files_version
        objects = "objet importé, non vérifié" if count == 1 else "objets importés, non vérifiés"
        return f"{self.files_version}, avec {count}\u00a0{objects}"


def load(data_dir: Path = DATA_DIR, *, tolerant: bool = False) -> Dataset:
    """Read, check and join the files of `data_dir`.

    Raises DataError with every fault of every file. With `tolerant=True`, a faulty table or layer is
    replaced by an empty one of the right columns and its faults are kept in `Dataset.faults`, so that
    the rest stays usable; rows of other tables that point into it then point to nothing.
    """
    tables = {name: reading.read(name, data_dir) for name in schema.TABLES}
    levels = {level: layers.read(level, data_dir) for level in layers.LEVELS}
    faults = _all_faults(tables, levels)
    if faults and not tolerant:
        raise DataError(fault for found in faults.values() for fault in found)
    frames = {name: schema.empty(name) if name in faults else table.frame for name, table in tables.items()}
    decisions = frames["duplicates"]
    frames = duplicates.apply(frames, decisions)
    geo = {level: layer.frame for level, layer in levels.items()}
    territories = _territories(data_dir, faults)
    if territories is None and not tolerant:
        raise DataError(faults["territories"])
    return Dataset(
        version=version(data_dir),
        territories=territories,
        places=places.build(frames, geo, territories),
        merged_uids=duplicates.survivors(decisions),
        faults=faults,
        **frames,
        **geo,
    )


def _territories(data_dir: Path, faults: dict[str, list[Fault]]) -> Classification | None:
    """Return the computed types of communes, EPCI and zones d'emploi, or None and a fault."""
    try:
        rules = Rules.from_toml(data_dir / RULES_FILE)
        return shipped_classification(data_dir / "geo", rules)
    except (TerritoryError, ValueError, OSError, KeyError) as error:
        said = str(error) if isinstance(error, TerritoryError) else f"des tables lisibles ({error})"
        fault = Fault(f"{data_dir.name}/geo", None, None, None, said, "fichier")
        faults["territories"] = [fault]
        return None


def version(data_dir: Path = DATA_DIR) -> str:
    """Return a short hash of the names and contents of all tables and layers of `data_dir`."""
    digest = hashlib.sha256()
    for path in sorted(p for p in data_dir.rglob("*") if p.suffix in (".csv", ".parquet", ".toml")):
        digest.update(path.relative_to(data_dir).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _all_faults(
    tables: Mapping[str, reading.RawTable], levels: Mapping[str, layers.Layer]
) -> dict[str, list[Fault]]:
    """Return the faults per table and layer, tables first, nothing for what is sound."""
    known = references(tables, levels)
    faults: dict[str, list[Fault]] = {}
    for name, table in tables.items():
        found = list(table.faults)
        if table.readable:
            seen = {(fault.line, fault.field) for fault in found}
            more = schema.validate(name, table.frame, table.lines, table.file, known)
            found += [fault for fault in more if (fault.line, fault.field) not in seen]
        if name == "duplicates" and not found:
            lines = dict(enumerate(table.lines))
            found = duplicates.contradictions(table.frame, lines, table.file)
        if found:
            faults[name] = sorted(found, key=lambda fault: fault.line or 0)
    for level, layer in levels.items():
        found = layer.faults or layers.unlisted(layer, level, _listed(level, known))
        if found:
            faults[level] = found
    return faults


def _listed(level: str, known: References) -> frozenset[str] | None:
    """Return the codes that a level must hold exactly, or None where no list says so."""
    listed = known.sets.get("former_region_codes" if level == "former_regions" else level)
    if level in ("communes", "epci") or listed is None:
        return None
    return listed - known.collectivites


def references(tables: Mapping[str, reading.RawTable], levels: Mapping[str, layers.Layer]) -> References:
    """Collect the known codes of all files, to check links with.

    A file that lost rows is no reference: what it lacks is not known.
    """

    def whole(name: str) -> pd.DataFrame | None:
        table = tables[name]
        lost = any(fault.rule == "cellules" for fault in table.faults)
        return table.text if table.readable and not lost else None

    sets: dict[str, frozenset[str]] = {}
    for name in ("sources", "programmes", "support_schemes", "label_waves", "glossary", *UID_TABLES.values()):
        text = whole(name)
        if text is not None:
            sets[name] = frozenset(text["id"])
    regions, former, departements = (
        whole(name) for name in ("region_codes", "former_region_codes", "departement_codes")
    )
    collectivites: frozenset[str] = frozenset()
    if regions is not None:
        sets["regions"] = frozenset(regions["region_code"])
        collectivites = frozenset(regions.loc[regions["kind"] == _COLLECTIVITE, "region_code"])
        # Without the list of collectivities, nobody can tell which communes the layer may lack.
        communes = layers.codes(levels, "communes")
        if communes is not None:
            sets["communes"] = communes
    epci = layers.codes(levels, "epci")
    if epci is not None:
        sets["epci"] = epci
    if former is not None:
        sets["former_region_codes"] = frozenset(former["former_region_code"])
        sets["former_regions"] = frozenset(former["name"].map(fold))
    if departements is not None and regions is not None:
        sets["departements"] = frozenset(departements["departement_code"]) | collectivites
    categories = whole("categories")
    return References(
        sets=sets,
        categories={}
        if categories is None
        else {str(field): frozenset(rows["value"]) for field, rows in categories.groupby("field")},
        departement_of=_pairs(levels["communes"].frame, "commune_insee", "departement_code"),
        region_of=_pairs(departements, "departement_code", "region_code") | {c: c for c in collectivites},
        region_of_former={fold(name): code for name, code in _pairs(former, "name", "region_code").items()},
        collectivites=collectivites,
    )


def _pairs(frame: pd.DataFrame | None, key: str, value: str) -> dict[str, str]:
    return {} if frame is None else dict(zip(frame[key], frame[value], strict=True))


class _Callable(ModuleType):
    """This module: `from ptce_data import load` gives it, and `load()` loads."""

    def __call__(self, data_dir: Path = DATA_DIR, *, tolerant: bool = False) -> Dataset:
        """Read, check and join the files of `data_dir`; see `ptce_data.load.load`."""
        return load(data_dir, tolerant=tolerant)


sys.modules[__name__].__class__ = _Callable
