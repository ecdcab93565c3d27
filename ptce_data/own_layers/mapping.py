"""Which column fills which field: corrected by the user, kept as a small file, found again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import AfterValidator, Field

from ptce_data.own_layers.coordinates import SYSTEMS
from ptce_data.own_layers.errors import MappingFileError
from ptce_data.own_layers.limits import MAX_COLUMNS
from ptce_data.own_layers.mapping_fields import fields_of
from ptce_data.own_layers.model import TARGETS
from ptce_data.study.base import LINE, Base, Line, among
from ptce_data.study.savedfile import Kind, Migration

if TYPE_CHECKING:
    from ptce_data.own_layers.model import RawLayer

FORMAT: Final = "atlas-ptce-correspondance"
VERSION: Final = 1
#: Version -> what makes the next version of it. Empty: version 1 is the first one.
MIGRATIONS: Final[dict[int, Migration]] = {}
#: Most distinct values of a column that are mapped one by one.
MAX_VALUES: Final = 200

Name = Annotated[str, Field(min_length=1, max_length=LINE)]


class Column(Base):
    """A column of the file and the field that it fills ("" = none).

    `confidence` is 0 to 1, `reason` says in French why. `personal`: it looks like personal data, and
    is left out of everything while it fills no field.
    """

    column: Name
    field: str = Field(default="", max_length=60)
    confidence: float = Field(default=1.0, ge=0, le=1)
    reason: Line = ""
    personal: bool = False


class Value(Base):
    """A value of a column, as written in the file, and the key of the registry it stands for ("" = unknown)."""

    field: Annotated[str, Field(min_length=1, max_length=60)]
    value: Annotated[str, Field(min_length=1, max_length=LINE)]
    key: str = Field(default="", max_length=60)


class Mapping(Base):
    """How a file is understood. `columns` are all those of the file, in its order, each once.

    `target`: a key of TARGETS, and `target_reason` why it is proposed; `name`: of the layer; `crs`: the
    system of coordinates chosen by the user (a key of SYSTEMS, "" = as the file says, else asked);
    `separator`: of lists in one cell; `values`: what the values of enumerated fields stand for.
    """

    format: Literal["atlas-ptce-correspondance"] = "atlas-ptce-correspondance"
    version: Literal[1] = 1
    name: Line = ""
    target: Annotated[str, AfterValidator(among(TARGETS))]
    target_reason: Line = ""
    columns: Annotated[tuple[Column, ...], Field(max_length=MAX_COLUMNS)] = ()
    values: Annotated[tuple[Value, ...], Field(max_length=20 * MAX_VALUES)] = ()
    crs: Annotated[str, AfterValidator(among(("", *SYSTEMS)))] = ""
    separator: Annotated[str, Field(min_length=1, max_length=3)] = "|"
    notes: Annotated[tuple[Line, ...], Field(max_length=50)] = ()

    def model_post_init(self, context: object) -> None:
        """Check what types cannot say: columns once, fields once, fields of the target."""
        names = [c.column for c in self.columns]
        filled = [c.field for c in self.columns if c.field]
        if len(set(names)) < len(names) or len(set(filled)) < len(filled):
            raise ValueError("chaque colonne et chaque champ une seule fois")
        if not set(filled) <= set(fields_of(self.target)):
            raise ValueError(f"des champs de « {TARGETS[self.target]} »")

    def fields(self) -> dict[str, str]:
        """Return field -> column."""
        return {c.field: c.column for c in self.columns if c.field}

    def keys(self, field: str) -> dict[str, str]:
        """Return value as written -> key of the registry ("" = unknown), for an enumerated field."""
        return {v.value: v.key for v in self.values if v.field == field}

    def with_field(self, column: str, field: str) -> Mapping:
        """Return the mapping where `column` fills `field` ("" = none); another column that did fills none.

        Raises ValueError for a field that the target lacks.
        """
        if field and field not in fields_of(self.target):
            raise ValueError(f"« {field} » n’est pas un champ de « {TARGETS[self.target]} »")
        made = []
        for one in self.columns:
            if one.column == column:
                one = one.model_copy(update={"field": field, "confidence": 1.0, "reason": "choisi à la main"})
            elif field and one.field == field:
                one = one.model_copy(update={"field": "", "confidence": 1.0, "reason": "remplacé à la main"})
            made.append(one)
        moved = {field, *(one.field for one in self.columns if one.column == column)} - {""}
        values = tuple(v for v in self.values if v.field not in moved)
        return self.model_copy(update={"columns": tuple(made), "values": values})

    def with_value(self, field: str, value: str, key: str) -> Mapping:
        """Return the mapping where `value` of `field` stands for `key` ("" = unknown)."""
        rest = tuple(v for v in self.values if (v.field, v.value) != (field, value))
        return self.model_copy(update={"values": (*rest, Value(field=field, value=value, key=key))})

    def with_crs(self, crs: str) -> Mapping:
        """Return the mapping with a system of coordinates ("" or a key of SYSTEMS). Raises ValueError."""
        among(("", *SYSTEMS))(crs)
        return self.model_copy(update={"crs": crs})


KIND: Final = Kind(
    Mapping,
    MappingFileError,
    FORMAT,
    "correspondance à enregistrer",
    "une correspondance enregistrée",
    "une correspondance complète",
    "la correspondance",
)


def dump_mapping(mapping: Mapping) -> bytes:
    """Return the canonical file of a mapping (UTF-8 JSON)."""
    return KIND.dump(mapping)


def read_mapping(data: bytes) -> Mapping:
    """Return the mapping of a file. Raises MappingFileError, one French sentence, for anything else."""
    return KIND.read(data, VERSION, MIGRATIONS)


def applies(mapping: Mapping, raw: RawLayer) -> float:
    """Return how well a remembered mapping fits a file: 1 for the same columns, 0 when one it uses is missing."""
    have, known = set(raw.frame.columns), {c.column for c in mapping.columns}
    used = {c.column for c in mapping.columns if c.field}
    if not used <= have or not (used or have == known):
        return 0.0
    # A file whose points are in columns lacks them in a file that has shapes, and the other way round.
    if raw.geometry is None and not used & {c.column for c in mapping.columns if c.field in PLACING}:
        return 0.0
    return len(have & known) / len(have | known) if have | known else 1.0


#: Fields one of which a file without shapes needs.
PLACING: Final = frozenset(
    ("commune_insee", "commune_name", "lon", "lat", "lat_lon", "departement_code", "region_code")
)
