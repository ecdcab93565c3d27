"""Schemes in the national open standard « dispositif d’aide », and from Aides-territoires.

    export(dataset, schemes).csv()
    read_standard(dataset, data, "dispositifs.csv").rows
    read_aides_territoires(dataset, data, "page.json").report

See docs/dispositifs-standards.md for the correspondence, field by field.
"""

from ptce_data.aid_standard.aides import read_aides_territoires
from ptce_data.aid_standard.export import Export, export, to_standard
from ptce_data.aid_standard.mapping import CORE, RULES, VERSION
from ptce_data.aid_standard.report import REPAIRS, Report, SchemeImport
from ptce_data.aid_standard.standard import read_standard

__all__ = [
    "CORE",
    "REPAIRS",
    "RULES",
    "VERSION",
    "Export",
    "Report",
    "SchemeImport",
    "export",
    "read_aides_territoires",
    "read_standard",
    "to_standard",
]
