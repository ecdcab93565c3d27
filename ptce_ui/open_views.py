"""The whole atlas as files and as an API, on the Données page."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import streamlit as st

from ptce_data import opendata, schema
from ptce_ui import glossary, longwork

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Collection of the API -> what it holds.
COLLECTIONS: Final = (
    "poles", "tiers_lieux", "clusters", "support_schemes", "communes", "epci", "departements", "regions",
    "former_regions",
)  # fmt: skip


def draw(dataset: Dataset) -> None:
    """`dataset` is the atlas without imported layers: what is published."""
    st.subheader("Tout l’atlas en un fichier")
    with st.container(horizontal=True):
        longwork.file(
            "atlas-zip", "Toutes les tables, sources et licence (ZIP)", lambda tell: _everything(dataset, tell),
            file_name=f"atlas-{dataset.version}.zip", mime="application/zip", version=dataset.version,
        )  # fmt: skip
    with st.container(horizontal=True):
        longwork.file(
            "atlas-sqlite", "Base de données (SQLite)", lambda tell: _database(dataset, tell),
            file_name=f"atlas-{dataset.version}.db", mime="application/vnd.sqlite3", version=dataset.version,
        )  # fmt: skip
    st.caption(
        "Le ZIP est un paquet de données Frictionless (CSV, dictionnaire, clés). La base s’ouvre avec Datasette, "
        "DB Browser ou tout langage. Chaque table part aussi seule, en cinq formats, de l’onglet « Les tables »."
    )
    st.subheader("Lire l’atlas depuis un SIG, un tableur ou un programme")
    base = _origin() + "/api"
    st.markdown(
        glossary.linked(
            "Une interface **OGC API – Features** sert les mêmes données, en lecture seule et sans clé : QGIS, ArcGIS, "
            "GDAL, R et Python la lisent d’origine. Filtres, pagination, projections (WGS 84, Lambert-93), GeoJSON ou HTML."
        )
    )
    with st.container(horizontal=True):
        st.link_button("Ouvrir l’API", base, icon=":material/api:")
        st.link_button("Sa description (OpenAPI)", f"{base}/openapi?f=html", icon=":material/description:")
        st.link_button("Paquet de données", f"{base}/package/datapackage.json", icon=":material/inventory_2:")
        st.link_button("Catalogue DCAT-AP", f"{base}/catalogue.ttl", icon=":material/library_books:")
    st.code(
        f"# Les tiers-lieux de Bretagne, dans un GeoPackage\n"
        f'ogr2ogr tiers-lieux.gpkg "OAPIF:{base}" tiers_lieux -where "region_code = \'53\'"\n\n'
        f"# Les pôles, dans un tableau Python\n"
        f'geopandas.read_file("{base}/collections/poles/items?f=json&limit=1000")\n\n'
        f"# Dans QGIS : Ajouter une couche WFS / OGC API – Features, adresse {base}",
        language="bash",
        wrap_lines=True,
    )
    st.caption(f"Collections : {', '.join(COLLECTIONS)}. Documentation : docs/api.md.")


def _everything(dataset: Dataset, tell: longwork.Progress) -> bytes:
    tables, total = {}, len(schema.TABLES) + 2
    for at, (name, key) in enumerate({"lieux": "places", **{n: n for n in schema.TABLES}}.items()):
        tell(at, total, f"Table {key}")
        tables[name] = opendata.resource(dataset, key)
    tell(total - 1, total, "Écriture du ZIP")
    return opendata.bundle(dataset, tables)


def _database(dataset: Dataset, tell: longwork.Progress) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "atlas.db"
        opendata.sqlite(
            dataset, path, progress=lambda step, steps, table: tell(step, steps, f"Table {table}")
        )
        return path.read_bytes()


def _origin() -> str:
    """Scheme, host and path prefix under which this reader sees the atlas."""
    parts = urlsplit(st.context.url or "")
    prefix = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{parts.scheme}://{parts.netloc}" + (f"/{prefix}" if prefix else "")
