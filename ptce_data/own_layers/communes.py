"""Communes by code (of today or former), by name and département, and by point."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import rapidfuzz
import shapely

from ptce_data.byversion import ByVersion
from ptce_data.load import DATA_DIR
from ptce_data.scdl.territory import Gazetteer
from ptce_data.territories.codes import CommuneCodes, normalise
from ptce_data.text import fold

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Former communes and municipal arrondissements -> communes of COG 2025; a file of the atlas itself.
FORMER_FILE: Final = DATA_DIR / "codes" / "former_communes.csv"
#: First digits of the codes of municipal arrondissements.
_ARRONDISSEMENT: Final = re.compile(r"751(?:0[1-9]|1\d|20)|6938[1-9]|132(?:0[1-9]|1[0-6])")
_SHAPE: Final = re.compile(r"(?:\d{2}|2[AB])\d{3}")
_KM_PER_DEGREE: Final = 111.32
#: How far a point may be from every commune, in degrees: outlines are simplified, places stand on the shore.
NEAR_DEGREES: Final = 0.06

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Code:
    """What a code of commune stands for: the commune of COG 2025 ("" = unknown), its arrondissement, if any."""

    commune: str
    arrondissement: str = ""


class Places:
    """The communes of a data set, ready to be asked."""

    def __init__(self, dataset: Dataset) -> None:
        communes = dataset.communes
        self.codes = communes["commune_insee"].to_numpy(dtype=object)
        self.names: dict[str, str] = dict(zip(self.codes, communes["name"], strict=True))
        self.departement_of: dict[str, str] = dict(zip(self.codes, communes["departement_code"], strict=True))
        self.departements: dict[str, str] = dict(
            zip(dataset.departement_codes["departement_code"], dataset.departement_codes["name"], strict=True)
        )
        regions = dataset.region_codes
        self.regions: dict[str, str] = dict(zip(regions["region_code"], regions["name"], strict=True))
        collectivites = regions.loc[regions["kind"] == "collectivite_outre_mer", "region_code"]
        self.collectivites = frozenset(collectivites)
        pairs = dataset.departement_codes[["departement_code", "region_code"]]
        self.region_of: dict[str, str] = dict(pairs.itertuples(index=False)) | {c: c for c in collectivites}
        self.at = {code: at for at, code in enumerate(self.codes)}
        self.lon, self.lat = communes["lon"].to_numpy(), communes["lat"].to_numpy()
        self._shapes = communes.geometry.to_numpy()
        self._tree = shapely.STRtree(self._shapes)
        self._codes = CommuneCodes.from_csv(self.codes, FORMER_FILE)
        self._gazetteer = Gazetteer(dataset)
        self._departement_names = {fold(name): code for code, name in self.departements.items()}
        self._region_names = {fold(name): code for code, name in self.regions.items()}
        self._folded = {code: fold(name) for code, name in self.names.items()}
        self._by_name: dict[str, list[str]] = {}
        for code in sorted(self._folded):
            self._by_name.setdefault(self._folded[code], []).append(code)

    def code(self, cell: str) -> Code | None:
        """Return what a cell stands for, None where it is not the code of a commune."""
        code = normalise(cell.replace("\u00a0", "").replace(" ", ""))
        if code in self.departement_of:
            return Code(code)
        if _SHAPE.fullmatch(code) is None:
            return None
        if code[:3] in self.collectivites:
            return Code(code)
        today = self._codes.former.get(code)
        if today is None:
            return None
        return Code(today, code if _ARRONDISSEMENT.fullmatch(code) else "")

    def departement(self, cell: str) -> str | None:
        """Return the code of a département given by code or name, None when unknown."""
        plain = cell.strip().upper().removesuffix(".0")
        code = plain.zfill(2)
        if code in self.region_of:
            return code
        lead = re.match(r"^(\d{2,3}|2[AB])\s*[-–:(]", plain)
        if lead is not None and lead[1] in self.region_of:
            return lead[1]
        return self._departement_names.get(fold(cell))

    def region(self, cell: str) -> str | None:
        """Return the code of a region given by code or name, None when unknown."""
        code = cell.strip().removesuffix(".0").zfill(2)
        return code if code in self.regions else self._region_names.get(fold(cell))

    def departement_code_of(self, commune: str) -> str | None:
        """Return the département of a commune code; that of a collectivité is itself."""
        return commune[:3] if commune[:3] in self.collectivites else self.departement_of.get(commune)

    def named(
        self, name: str, departement: str | None, postal_code: str | None, region: str | None
    ) -> tuple[str, ...]:
        """Return the communes of exactly this name (folded), within the département or region when given."""
        exact = self._by_name.get(fold(name))
        if exact is None:
            spot = self._gazetteer.spot(name, None, postal_code if departement is None else None, departement)
            found = sorted(spot.communes)
        else:
            within = {departement} if departement is not None else self._postal(postal_code)
            found = [code for code in exact if not within or self.departement_of[code] in within]
        if region is not None:
            found = [code for code in found if self.region_of.get(self.departement_of[code]) == region]
        return tuple(found)

    def _postal(self, postal_code: str | None) -> frozenset[str]:
        """Return the départements of a postal code, empty for none."""
        return (
            frozenset()
            if postal_code is None
            else self._gazetteer.spot(None, None, postal_code, None).departements
        )

    def is_named(self, code: str, name: str) -> bool:
        """Tell whether `name` is that of a commune of today; of one without a name in the data, any is."""
        return fold(name) == self._folded.get(code, fold(name))

    def alike(self, name: str, departement: str | None, limit: int = 3) -> list[str]:
        """Return the names of communes that look most like `name`, as a hint for people."""
        pool = {
            code: folded
            for code, folded in self._folded.items()
            if departement is None or self.departement_of[code] == departement
        }
        hits = rapidfuzz.process.extract(
            fold(name)[:80], pool, scorer=rapidfuzz.fuzz.ratio, limit=limit, score_cutoff=65
        )
        return [self.words(code) for _, _, code in hits]

    @property
    def folded_names(self) -> Collection[str]:
        """The folded names of all communes."""
        return self._by_name.keys()

    def words(self, code: str) -> str:
        """Return a commune in words: « Saint-Denis (Seine-Saint-Denis, 93) »."""
        departement = self.departement_of.get(code, code[:3])
        name = self.departements.get(departement) or self.regions.get(departement, "")
        return f"{self.names.get(code, code)} ({name}, {departement})"

    def around(self, lon: Floats, lat: Floats) -> Ints:
        """Return the position in `codes` of the commune of each point, the nearest within some km, else -1."""
        points = shapely.points(lon, lat)
        found = np.full(len(points), -1, dtype=np.int64)
        which, commune = self._tree.query(points, predicate="intersects")
        found[which[::-1]] = commune[::-1]
        rest = np.flatnonzero((found < 0) & np.isfinite(lon) & np.isfinite(lat))
        if rest.size:
            which, commune = self._tree.query_nearest(
                points[rest], max_distance=NEAR_DEGREES, all_matches=False
            )
            found[rest[which]] = commune
        return found

    def km_from(self, codes: npt.NDArray[np.object_], lon: Floats, lat: Floats) -> Floats:
        """Return how far points are from the outlines of communes of today, in km (0 inside; a good estimate)."""
        if len(codes) == 0:
            return np.empty(0)
        shapes = self._shapes[[self.at[code] for code in codes]]
        lines = shapely.shortest_line(shapes, shapely.points(lon, lat))
        ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
        step = ends[:, 1] - ends[:, 0]
        east = step[:, 0] * np.cos(np.radians(ends[:, :, 1].mean(axis=1)))
        return np.hypot(east, step[:, 1]) * _KM_PER_DEGREE


@lru_cache(maxsize=2)
def _places(index: ByVersion) -> Places:
    return Places(index.dataset)


def places(dataset: Dataset) -> Places:
    """Return the communes of a data set, made once per version."""
    return _places(ByVersion(dataset))
