"""Where a beneficiary is, as far as a file tells, and whether one of our objects can be there.

A file names a place in three ways: columns of the beneficiary (commune, postcode, département), the
name of the beneficiary itself (« Le Lab – Dijon »), and the funder: a town funds in its town.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from ptce_data.load import Dataset
from ptce_data.text import fold

#: Levels of evidence that an object and a beneficiary are in one place, the strongest first.
LEVELS: Final = {
    "commune": "même commune",
    "commune_dans_le_nom": "commune de l’objet dans le nom du bénéficiaire",
    "departement": "même département",
    "attribuant_local": "objet dans la commune ou l’intercommunalité de l’attribuant",
    "attribuant_large": "objet dans le département ou la région de l’attribuant",
    "inconnu": "lieu du bénéficiaire inconnu",
    "hors_attribuant": "objet hors du territoire de l’attribuant",
    "ailleurs": "autre lieu",
}
_CITIES: Final = {"751": "75056", "132": "13055", "693": "69123"}
_DISTRICT: Final = re.compile(r"\s+(?:cedex.*|\d{1,2}(?:e|er|eme)?(?: arrondissement)?)$")
_PUBLIC_BODY: Final = {
    "region": re.compile(r"^(?:conseil regional|region)\s+(.+)$"),
    "departement": re.compile(r"^(?:conseil departemental|conseil general|departement)\s+(.+)$"),
    "commune": re.compile(r"^(?:commune|ville|mairie)\s+(.+)$"),
}
_LINK: Final = re.compile(r"^(?:de |du |des |d )")
_ARTICLE: Final = re.compile(r"^(?:le |la |les |l )")


@dataclass(frozen=True)
class Spot:
    """The areas of a place: codes of communes and départements that it may be, and regions."""

    communes: frozenset[str] = frozenset()
    departements: frozenset[str] = frozenset()

    @property
    def code(self) -> str:
        """A short text that is the same for the same place; empty for an unknown one."""
        return "+".join(sorted(self.communes or self.departements))


@dataclass(frozen=True)
class Scope:
    """The territory of a funder: kind is commune, epci, departement or region, empty when unknown."""

    kind: str = ""
    code: str = ""


@dataclass(frozen=True)
class Location:
    """Where an object of ours is: codes as in `Dataset.places`, empty when unknown."""

    commune: str
    epci: str
    departement: str
    region: str
    commune_name: str


class Gazetteer:
    """Names and codes of communes, EPCI, départements and regions of a data set."""

    def __init__(self, dataset: Dataset) -> None:
        communes = dataset.communes
        self.departement_of: Mapping[str, str] = dict(
            zip(communes["commune_insee"], communes["departement_code"], strict=True)
        )
        self.region_of: Mapping[str, str] = dict(
            zip(dataset.departements["departement_code"], dataset.departements["region_code"], strict=True)
        )
        self._communes = _by_name(communes, "commune_insee")
        self._departements = _by_name(dataset.departements, "departement_code")
        self._regions = _by_name(dataset.regions, "region_code")
        self._epci = _by_name(dataset.epci, "epci_siren")
        self._epci_codes = frozenset(dataset.epci["epci_siren"])

    def spot(self, commune: object, insee: object, postcode: object, departement: object) -> Spot:
        """Return the place that the columns of a beneficiary tell; cells may be missing."""
        departements = self._departements_of(postcode, departement)
        if isinstance(insee, str):
            code = insee.strip().upper().zfill(5)
            code = _CITIES.get(code[:3], code) if code not in self.departement_of else code
            if code in self.departement_of:
                return Spot(frozenset((code,)), frozenset((self.departement_of[code],)))
        named = self._commune_codes(commune) if isinstance(commune, str) else frozenset()
        if named and departements:
            named = frozenset(c for c in named if self.departement_of[c] in departements) or frozenset()
        if named:
            return Spot(named, frozenset(self.departement_of[c] for c in named))
        return Spot(frozenset(), departements)

    def _commune_codes(self, name: str) -> frozenset[str]:
        return self._communes.get(_town(name), frozenset())

    def _departements_of(self, postcode: object, departement: object) -> frozenset[str]:
        if isinstance(departement, str):
            plain = departement.strip().upper()
            code = plain.zfill(2)
            if code in self.region_of:
                return frozenset((code,))
            named = self._departements.get(fold(plain))
            if named:
                return named
        digits = re.sub(r"\s", "", postcode) if isinstance(postcode, str) else ""
        if re.fullmatch(r"[0-9]{4,5}", digits):
            digits = digits.zfill(5)
            code = digits[:3] if digits.startswith("97") else digits[:2]
            return frozenset(c for c in (("2A", "2B") if code == "20" else (code,)) if c in self.region_of)
        return frozenset()

    def scope(self, funder: object, siren: object) -> Scope:
        """Return the territory of a funder, from its SIREN (EPCI) or its name."""
        if isinstance(siren, str) and siren in self._epci_codes:
            return Scope("epci", siren)
        if not isinstance(funder, str):
            return Scope()
        name = _expanded(fold(funder))
        known = {"region": self._regions, "departement": self._departements, "commune": self._communes}
        for kind, pattern in _PUBLIC_BODY.items():
            match = pattern.fullmatch(name)
            if match is not None:
                codes = next((known[kind][n] for n in _spellings(match[1]) if n in known[kind]), frozenset())
                if kind == "commune" and len(codes) > 1 and isinstance(siren, str):
                    # The SIREN of a commune of mainland France is 21, then its Insee code with a 0 inside.
                    codes = frozenset(c for c in codes if siren.startswith(f"21{c[:2]}0{c[2:]}"))
                return Scope(kind, next(iter(codes))) if len(codes) == 1 else Scope()
        epci = self._epci.get(name, frozenset())
        return Scope("epci", next(iter(epci))) if len(epci) == 1 else Scope()

    def level(self, where: Location, spot: Spot, scope: Scope, beneficiary: str) -> str:
        """Return the level of evidence (a key of LEVELS) that an object is where a beneficiary is.

        `beneficiary` is the folded name of the beneficiary.
        """
        if spot.departements:
            return self._against_spot(where, spot)
        town = _town(where.commune_name) if where.commune_name else ""
        if len(town) >= 4 and re.search(rf"(?:^| ){re.escape(town)}(?: |$)", _expanded(beneficiary)):
            return "commune_dans_le_nom"
        mine = {
            "commune": where.commune,
            "epci": where.epci,
            "departement": where.departement,
            "region": where.region,
        }
        if not scope.kind or not mine[scope.kind]:
            return "inconnu"
        if mine[scope.kind] != scope.code:
            return "hors_attribuant"
        return "attribuant_local" if scope.kind in ("commune", "epci") else "attribuant_large"

    def _against_spot(self, where: Location, spot: Spot) -> str:
        if where.commune and spot.communes == {where.commune}:
            return "commune"
        if where.departement:
            return "departement" if where.departement in spot.departements else "ailleurs"
        regions = {self.region_of.get(code, "") for code in spot.departements}
        return "attribuant_large" if where.region in regions else "ailleurs"


def _by_name(frame: pd.DataFrame, code: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, value in zip(frame["name"], frame[code], strict=True):
        found.setdefault(_expanded(fold(name)), set()).add(value)
    return {name: frozenset(codes) for name, codes in found.items()}


@functools.lru_cache(maxsize=50_000)
def _town(name: str) -> str:
    """Return the name of a commune as compared: no district, no cedex, « st » spelt out."""
    plain = _expanded(fold(re.sub(r"\([^)]*\)", " ", name)))
    return _DISTRICT.sub("", plain)


def _spellings(name: str) -> list[str]:
    """Return the names meant by « du mans », « de la somme », « des ulis »: with and without article."""
    rest = _LINK.sub("", name)
    made = [rest, _ARTICLE.sub("", rest)]
    made += [f"le {rest}"] * name.startswith("du ") + [f"les {rest}"] * name.startswith("des ")
    return made


def _expanded(folded: str) -> str:
    words = {"st": "saint", "ste": "sainte"}
    return " ".join(words.get(word, word) for word in folded.split())
