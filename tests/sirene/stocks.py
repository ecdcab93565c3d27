"""Small stocks and data folders for the tests of the weight of the ESS."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from benchmarks.sirene_synthetic import TYPES
from ptce_data.load import DATA_DIR
from ptce_data.sirene import layout

ETABLISSEMENT = "SYNTHETIQUE_StockEtablissement_utf8"
UNITE_LEGALE = "SYNTHETIQUE_StockUniteLegale_utf8"
#: EPCI of the small data folder: Rennes, Saint-Malo, Brest, Paris, Lyon, Marseille, the north of La Réunion.
EPCI = ("243500139", "243500782", "242900314", "200054781", "200046977", "200054807", "249740119")


def _table(rows: list[dict[str, Any]], columns: dict[str, str]) -> pa.Table:
    schema = pa.schema([(name, TYPES[kind]) for name, kind in columns.items()])
    schema = schema.with_metadata({layout.SYNTHETIC_KEY: b"true"})
    return pa.Table.from_pylist([dict.fromkeys(columns) | row for row in rows], schema=schema)


def unit(siren: int, form: int | None = 9220, field: str | None = "O", state: str = "A") -> dict[str, Any]:
    """A row of StockUniteLegale."""
    return {
        "siren": f"{siren:09d}",
        "categorieJuridiqueUniteLegale": form,
        "economieSocialeSolidaireUniteLegale": field,
        "etatAdministratifUniteLegale": state,
    }


def place(siren: int, commune: str | None, **more: Any) -> dict[str, Any]:
    """A row of StockEtablissement, active."""
    return {
        "siren": f"{siren:09d}",
        "nic": "00011",
        "codeCommuneEtablissement": commune,
        "etatAdministratifEtablissement": "A",
        "activitePrincipaleEtablissement": "94.99Z",
        "nomenclatureActivitePrincipaleEtablissement": "NAFRev2",
        "trancheEffectifsEtablissement": "NN",
        "statutDiffusionEtablissement": "O",
        "dateDernierTraitementEtablissement": dt.datetime(2026, 10, 30, 12),
        **more,
    }


def write(
    folder: Path, places: list[dict[str, Any]], units: list[dict[str, Any]], *, csv: bool = False
) -> Path:
    """Write a stock marked synthetic, in Parquet or in CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows, columns in (
        (ETABLISSEMENT, places, layout.ETABLISSEMENT),
        (UNITE_LEGALE, units, layout.UNITE_LEGALE),
    ):
        table = _table(rows, columns)
        if csv:
            pcsv.write_csv(table, folder / f"{name}.csv")
        else:
            pq.write_table(table, folder / f"{name}.parquet", row_group_size=4)
    return folder


def to_csv(folder: Path, out: Path) -> Path:
    """The same stock in CSV."""
    out.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.parquet"):
        pcsv.write_csv(pq.read_table(path), out / f"{path.stem}.csv")
    return out


def data_folder(out: Path, epci: tuple[str, ...] = EPCI) -> Path:
    """The geography of a few EPCI of the atlas, as `build` reads it."""
    (out / "geo").mkdir(parents=True)
    (out / "codes").mkdir()
    communes = pd.read_parquet(DATA_DIR / "geo" / "communes.parquet").drop(columns="geometry")
    kept = communes[communes["epci_siren"].isin(epci)]
    kept.to_parquet(out / "geo" / "communes.parquet", index=False)
    types = pd.read_parquet(DATA_DIR / "geo" / "territory_types.parquet")
    types[types["commune_insee"].isin(kept["commune_insee"])].to_parquet(
        out / "geo" / "territory_types.parquet"
    )
    former = pd.read_csv(DATA_DIR / "codes" / "former_communes.csv", dtype="str")
    former[former["commune_insee"].isin(kept["commune_insee"])].to_csv(
        out / "codes" / "former_communes.csv", index=False
    )
    (out / "sources.csv").write_text("id\n", encoding="utf-8")
    return out
