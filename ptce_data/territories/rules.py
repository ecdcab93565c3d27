"""Thresholds and switches of the classifier, checked when made: a `Rules` that exists is valid."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ptce_data.territories.errors import TerritoryError, listed
from ptce_data.territories.parameters import PARAMETERS, STEPS, Parameter

#: Written in the file instead of a figure when the national value is computed from the data.
COMPUTED: Final = "calculee"


@dataclass(frozen=True)
class Rules:
    """All thresholds; the defaults are those of `data/territory_rules.toml` (a test holds them equal).

    Shares and rates in percent, margins in percentage points. `None` as a national value means
    "computed from the data" (metropolitan France, the communes that have census figures).
    `type_order` is a permutation of `STEPS`: the first step that holds gives the primary type.
    Raises TerritoryError, naming the field, when a value is of the wrong kind or out of range.
    """

    base_year: int = 1982
    end_year: int = 2011
    national_base_share_pct: float | None = None
    national_end_share_pct: float | None = None
    national_unemployment_rate_pct: float | None = None
    min_coverage_pct: float = 95.0
    rule_r1: bool = True
    rule_r2: bool = True
    rule_r3: bool = True
    scale_ze: bool = True
    scale_epci: bool = True
    own_share_required: bool = True
    base_share_margin_pts: float = 0.0
    unemployment_margin_pts: float = 0.0
    decline_margin_pts: float = 0.0
    own_share_margin_pts: float = 0.0
    min_job_loss_pct: float = 0.0
    zoning_ber: bool = True
    zoning_bud: bool = True
    zoning_afr_industry: bool = True
    industry_phases: tuple[int, ...] = (1, 2)
    rural_density_levels: tuple[int, ...] = (5, 6, 7)
    min_area_class: int = 2
    area_categories: tuple[int, ...] = (20,)
    min_qpv: int = 1
    type_order: tuple[str, ...] = STEPS
    deindustrialised_override: bool = True
    min_r3_share_pct: float = 50.0
    min_urban_share_pct: float = 50.0

    def __post_init__(self) -> None:
        for name, parameter in PARAMETERS.items():
            checked = _checked(name, parameter, getattr(self, name))
            object.__setattr__(self, name, checked)
        if self.end_year <= self.base_year:
            raise TerritoryError(
                f"Seuil « end_year » : {self.end_year} doit suivre « base_year » ({self.base_year})."
            )

    @classmethod
    def from_mapping(cls, sections: dict[str, Any], origin: str = "seuils") -> Rules:
        """Build from `{section: {field: value}}`; a missing field keeps its default."""
        values: dict[str, Any] = {}
        known = {p.section for p in PARAMETERS.values()}
        for section, fields in sections.items():
            if section not in known or not isinstance(fields, dict):
                raise TerritoryError(
                    f"{origin} : section « {section} » inconnue (attendu : {', '.join(sorted(known))})."
                )
            for name, value in fields.items():
                parameter = PARAMETERS.get(name)
                if parameter is None or parameter.section != section:
                    expected = [n for n, p in PARAMETERS.items() if p.section == section]
                    raise TerritoryError(
                        f"{origin}, section [{section}] : champ « {name} » inconnu "
                        f"(attendu : {listed(expected, 12)})."
                    )
                values[name] = None if value == COMPUTED and parameter.kind == "optional_float" else value
        return cls(**values)

    @classmethod
    def from_toml(cls, path: Path) -> Rules:
        """Read the file of thresholds. Raises TerritoryError (French) for a missing or broken file."""
        try:
            sections = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise TerritoryError(f"{path.name} : fichier de seuils introuvable.") from error
        except UnicodeDecodeError as error:
            raise TerritoryError(f"{path.name} : le fichier doit être en UTF-8.") from error
        except tomllib.TOMLDecodeError as error:
            raise TerritoryError(f"{path.name} : fichier TOML illisible ({error}).") from error
        return cls.from_mapping(sections, path.name)

    def changed(self, **changes: Any) -> Rules:
        """A copy with other thresholds; these rules stay as they are."""
        unknown = sorted(set(changes) - set(PARAMETERS))
        if unknown:
            raise TerritoryError(f"Seuil inconnu : {listed(unknown)}.")
        return dataclasses.replace(self, **changes)

    def differences(self, other: Rules) -> dict[str, tuple[Any, Any]]:
        """Fields whose value differs: `{field: (here, in other)}`."""
        pairs = {n: (getattr(self, n), getattr(other, n)) for n in PARAMETERS}
        return {n: pair for n, pair in pairs.items() if pair[0] != pair[1]}


def _checked(name: str, parameter: Parameter, value: Any) -> Any:
    """Return the value in its final type, or raise an error that names the field."""
    kind = parameter.kind
    if kind == "bool":
        if not isinstance(value, bool):
            raise _refusal(name, parameter, value, "vrai ou faux (true, false)")
        return value
    if kind in ("codes", "steps"):
        return _checked_list(name, parameter, value)
    if kind == "optional_float" and value is None:
        return None
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    if not numeric or (kind == "int" and int(value) != value):
        raise _refusal(name, parameter, value, "un nombre entier" if kind == "int" else "un nombre")
    low, high = parameter.minimum, parameter.maximum
    # A NaN compares False with everything: written this way it is refused too.
    if low is not None and high is not None and not low <= value <= high:
        raise _refusal(name, parameter, value, f"de {low:g} à {high:g} {parameter.unit}".rstrip())
    return int(value) if kind == "int" else float(value)


def _checked_list(name: str, parameter: Parameter, value: Any) -> tuple[Any, ...]:
    choices = ", ".join(str(a) for a in parameter.allowed)
    if isinstance(value, str) or not isinstance(value, list | tuple) or not value:
        raise _refusal(name, parameter, value, f"une liste non vide prise dans {choices}")
    items = tuple(value)
    if any(isinstance(v, bool) or v not in parameter.allowed for v in items) or len(set(items)) < len(items):
        raise _refusal(name, parameter, value, f"des valeurs distinctes prises dans {choices}")
    if parameter.kind == "steps":
        if set(items) != set(parameter.allowed):
            raise _refusal(name, parameter, value, f"les cinq étapes {choices}, chacune une fois")
        return items
    # Sets of codes: their order means nothing, so equal rules compare equal.
    return tuple(sorted(int(v) for v in items))


def _refusal(name: str, parameter: Parameter, value: Any, expected: str) -> TerritoryError:
    return TerritoryError(f"Seuil « {name} » ({parameter.label}) : {value!r} refusé, attendu {expected}.")
