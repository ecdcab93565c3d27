"""One's own layer: a file read, understood, checked row by row, and set beside the data of the atlas.

    raw = read("lieux.csv", data)
    mapping = propose(dataset, raw)
    layer = build(dataset, raw, mapping, answers={})
    found = candidates(dataset, layer)
    decisions = Decisions.of(found).accept_sure(found).is_distinct(12)
    shown = attach(dataset, [layer], {layer.digest: decisions}, imported_on=today)
    proposal = patch(dataset, layer, decisions, today)

See docs/importer-sa-couche.md for the formats, the repairs, the questions and the refusals.
"""

from __future__ import annotations

from ptce_data.own_layers.attach import AttachError, attach
from ptce_data.own_layers.build import build
from ptce_data.own_layers.decisions import STATES, Decisions, Summary, summary
from ptce_data.own_layers.errors import LayerError, MappingFileError
from ptce_data.own_layers.files import read
from ptce_data.own_layers.mapping import Column, Mapping, Value, applies, dump_mapping, read_mapping
from ptce_data.own_layers.mapping_fields import FieldInfo, fields_of
from ptce_data.own_layers.matching import candidates
from ptce_data.own_layers.model import TARGETS, LayerReport, OwnLayer, Question, RawLayer
from ptce_data.own_layers.patch import patch
from ptce_data.own_layers.proposal import propose

__all__ = [
    "STATES",
    "TARGETS",
    "AttachError",
    "Column",
    "Decisions",
    "FieldInfo",
    "LayerError",
    "LayerReport",
    "Mapping",
    "MappingFileError",
    "OwnLayer",
    "Question",
    "RawLayer",
    "Summary",
    "Value",
    "applies",
    "attach",
    "build",
    "candidates",
    "dump_mapping",
    "fields_of",
    "patch",
    "propose",
    "read",
    "read_mapping",
    "summary",
]
