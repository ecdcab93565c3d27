"""Open data out: files of five formats, bundles, a database and catalogue records. Nothing draws here.

`write` makes one file of any rows, `bundle` a ZIP of CSV files with licence and data package,
`sqlite` a database of everything, `dcat` (imported apart, it needs rdflib) the catalogue.
"""

from ptce_data.opendata.bundle import bundle
from ptce_data.opendata.database import datasette_metadata, sqlite
from ptce_data.opendata.formats import FORMATS, Format, write
from ptce_data.opendata.resources import RESOURCES, Resource, public, resource, source_ids_of

__all__ = [
    "FORMATS",
    "RESOURCES",
    "Format",
    "Resource",
    "bundle",
    "datasette_metadata",
    "public",
    "resource",
    "source_ids_of",
    "sqlite",
    "write",
]
