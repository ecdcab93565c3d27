"""A synthetic Sirene stock in the published layout, for tests and measures. Nothing in it is real.

    python -m benchmarks.sirene_synthetic --rows 5000000 --out stock-synthetique

Marked synthetic in the file names and in the Parquet metadata: the application never shows what comes of
it. Written by slices of units: memory does not grow with the rows. Communes are drawn by population;
Paris, Lyon and Marseille by arrondissement; a few codes are former, unknown, abroad, overseas, not diffused.
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ptce_data.sirene import layout

ROOT = Path(__file__).resolve().parents[1]
STEP = 200_000
ESTABLISHMENTS_PER_UNIT = 1.25
TYPES = {
    "string": pa.string(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "int64": pa.int64(),
    "boolean": pa.bool_(),
}
#: Legal category -> (share of units, chance of O, chance of N); the rest of the field is missing.
FORMS = {
    1000: (0.56, 0.0, 0.35), 5499: (0.12, 0.001, 0.75), 5710: (0.09, 0.004, 0.76), 5720: (0.04, 0.001, 0.75),
    6540: (0.085, 0.0, 0.6), 7210: (0.004, 0.0, 0.8), 9220: (0.075, 0.93, 0.04), 9260: (0.002, 0.93, 0.04),
    9110: (0.012, 0.05, 0.8), 9300: (0.0004, 0.9, 0.05), 8210: (0.001, 0.9, 0.05), 6411: (0.0004, 0.9, 0.05),
    5458: (0.0012, 0.9, 0.05), 5558: (0.0004, 0.9, 0.05), 6316: (0.0018, 0.9, 0.05), 6317: (0.0008, 0.9, 0.05),
    6596: (0.002, 0.9, 0.05), 6595: (0.002, 0.9, 0.05), 8410: (0.002, 0.3, 0.3),
}  # fmt: skip
SOCIAL_ACTIVITIES = {"94.99Z": 40, "93.12Z": 16, "90.01Z": 9, "88.99B": 7, "85.59B": 6, "88.10A": 4, "85.20Z": 3,
                     "64.19Z": 4, "01.61Z": 3, "65.12Z": 2, "47.11F": 1.5, "68.20A": 1, "55.20Z": 1, "38.32Z": 0.4,
                     "58.14Z": 0.8, "70.22Z": 0.8, "81.30Z": 0.4, "35.11Z": 0.1, "08.12Z": 0.02, "": 0.6}  # fmt: skip
ACTIVITIES = {"68.20B": 14, "43.39Z": 6, "47.91B": 5, "86.90E": 5, "70.22Z": 6, "01.11Z": 4, "56.10A": 5, "49.32Z": 3,
              "62.01Z": 4, "96.02A": 3, "85.59A": 3, "10.71C": 2, "64.20Z": 3, "81.21Z": 2, "84.11Z": 1, "35.11Z": 1,
              "38.11Z": 0.3, "08.11Z": 0.1, "97.00Z": 0.4, "99.00Z": 0.01, "": 1}  # fmt: skip
BANDS = {None: 0.22, "NN": 0.55, "00": 0.03, "01": 0.1, "02": 0.045, "03": 0.025, "11": 0.015, "12": 0.01,
         "21": 0.003, "22": 0.0012, "31": 0.0003, "32": 0.0003, "41": 0.0001, "42": 0.00004, "51": 0.00001}  # fmt: skip


def communes(data: Path = ROOT / "data") -> tuple[pa.Array, pa.Array, np.ndarray]:
    """Codes, countries and chances of the places of establishments."""
    table = pd.read_parquet(data / "geo" / "communes.parquet", columns=["commune_insee", "population"])
    people = dict(zip(table["commune_insee"], table["population"], strict=True))
    for city, start, count in (("75056", 75101, 20), ("69123", 69381, 9), ("13055", 13201, 16)):
        whole = people.pop(city, 0)
        people.update({str(start + i): whole / count for i in range(count)})
    former = pd.read_csv(data / "codes" / "former_communes.csv", dtype="str")
    old = [code for code in former["old_code"] if code not in people]
    total = sum(people.values())
    people.update({code: 0.008 * total / len(old) for code in old})
    people.update(
        {"97701": 0.0006 * total, "97801": 0.0012 * total, "2B999": 0.0003 * total, "12999": 0.0002 * total}
    )
    codes: list[Any] = [*people, "[ND]", None, None]
    countries: list[Any] = [None] * (len(people) + 2) + ["99109"]
    weights = np.array([*people.values(), 0.0005 * total, 0.0003 * total, 0.004 * total], dtype="float64")
    return pa.array(codes, pa.string()), pa.array(countries, pa.string()), np.cumsum(weights / weights.sum())


def write_stock(
    out: Path, rows: int, *, seed: int = 1, date: dt.date = dt.date(2026, 10, 31), data: Path = ROOT / "data"
) -> None:
    """Write both files for about `rows` establishments, closed ones included."""
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    places = communes(data)
    units = max(1, int(rows / ESTABLISHMENTS_PER_UNIT))
    gap = 800_000_000 // (units + 1)
    with (
        _writer(out, "StockUniteLegale", layout.UNITE_LEGALE) as unit_file,
        _writer(out, "StockEtablissement", layout.ETABLISSEMENT) as file,
    ):
        for start in range(0, units, STEP):
            count = min(STEP, units - start)
            siren = 180_000_000 + (start + np.arange(count)) * gap + rng.integers(0, max(1, gap), count)
            made = _units(rng, siren, date)
            unit_file.write_table(_table(made, layout.UNITE_LEGALE, count))
            of = np.repeat(np.arange(count), 1 + rng.poisson(ESTABLISHMENTS_PER_UNIT - 1, count))
            file.write_table(
                _table(_establishments(rng, made, of, places, date), layout.ETABLISSEMENT, len(of))
            )


def _writer(out: Path, name: str, columns: dict[str, str]) -> pq.ParquetWriter:
    schema = pa.schema([(column, TYPES[kind]) for column, kind in columns.items()])
    schema = schema.with_metadata({layout.SYNTHETIC_KEY: b"true"})
    return pq.ParquetWriter(out / f"{layout.SYNTHETIC_WORD}_{name}_utf8.parquet", schema, compression="zstd")


def _table(made: dict[str, pa.Array], columns: dict[str, str], count: int) -> pa.Table:
    schema = pa.schema([(column, TYPES[kind]) for column, kind in columns.items()])
    schema = schema.with_metadata({layout.SYNTHETIC_KEY: b"true"})
    arrays = [made[c] if c in made else pa.nulls(count, TYPES[kind]) for c, kind in columns.items()]
    return pa.Table.from_arrays(arrays, schema=schema)


def _units(rng: np.random.Generator, siren: np.ndarray, date: dt.date) -> dict[str, pa.Array]:
    count = len(siren)
    shares = np.array([share for share, _, _ in FORMS.values()])
    form = rng.choice(len(FORMS), count, p=shares / shares.sum())
    draw = rng.random(count)
    yes = np.array([o for _, o, _ in FORMS.values()])[form]
    no = yes + np.array([n for _, _, n in FORMS.values()])[form]
    field = np.where(draw < yes, 0, np.where(draw < no, 1, 2))
    return {
        "siren": pc.cast(pa.array(siren), pa.string()),
        "statutDiffusionUniteLegale": _drawn(rng, ["O", "P"], [0.86, 0.14], count),
        "categorieJuridiqueUniteLegale": pa.array(np.array(list(FORMS))[form]),
        "economieSocialeSolidaireUniteLegale": pa.array(["O", "N", None], pa.string()).take(pa.array(field)),
        "etatAdministratifUniteLegale": _drawn(rng, ["A", "C"], [0.55, 0.45], count),
        "dateCreationUniteLegale": _dates(rng, date, count),
        "dateDernierTraitementUniteLegale": _times(rng, date, count),
        "nombrePeriodesUniteLegale": pa.array(rng.integers(1, 6, count)),
        "caractereEmployeurUniteLegale": _drawn(rng, ["O", "N", None], [0.12, 0.6, 0.28], count),
    }


def _establishments(
    rng: np.random.Generator, units: dict[str, pa.Array], of: np.ndarray, places: Any, date: dt.date
) -> dict[str, pa.Array]:
    count, index = len(of), pa.array(of)
    codes, countries, chances = places
    where = pa.array(np.minimum(np.searchsorted(chances, rng.random(count)), len(codes) - 1))
    live = pc.equal(units["etatAdministratifUniteLegale"], "A").take(index).to_numpy(zero_copy_only=False)
    live &= rng.random(count) < 0.78
    social = pc.fill_null(pc.equal(units["economieSocialeSolidaireUniteLegale"], "O"), False).take(index)
    activity = pc.if_else(social, _weighted(rng, SOCIAL_ACTIVITIES, count), _weighted(rng, ACTIVITIES, count))
    activity = pc.if_else(pc.equal(activity, ""), pa.scalar(None, pa.string()), activity)
    nic = pc.utf8_slice_codeunits(pc.cast(pa.array(100_000 + rng.integers(1, 999, count)), pa.string()), 1, 6)
    siren = units["siren"].take(index)
    return {
        "siren": siren,
        "nic": nic,
        "siret": pc.binary_join_element_wise(siren, nic, ""),
        "statutDiffusionEtablissement": units["statutDiffusionUniteLegale"].take(index),
        "dateCreationEtablissement": _dates(rng, date, count),
        "trancheEffectifsEtablissement": _drawn(rng, list(BANDS), list(BANDS.values()), count),
        "dateDernierTraitementEtablissement": _times(rng, date, count),
        "etablissementSiege": pa.array(np.diff(of, prepend=-1) != 0),
        "codeCommuneEtablissement": codes.take(where),
        "codePaysEtrangerEtablissement": countries.take(where),
        "etatAdministratifEtablissement": pa.array(["F", "A"], pa.string()).take(
            pa.array(live.astype("int8"))
        ),
        "activitePrincipaleEtablissement": activity,
        "nomenclatureActivitePrincipaleEtablissement": _drawn(
            rng, ["NAFRev2", "NAFRev1", "NAF1993", None], [0.97, 0.015, 0.01, 0.005], count
        ),
        "caractereEmployeurEtablissement": _drawn(rng, ["O", "N", None], [0.12, 0.6, 0.28], count),
    }


def _drawn(rng: np.random.Generator, values: list[Any], chances: list[float], count: int) -> pa.Array:
    edges = np.cumsum(np.array(chances) / sum(chances))
    found = np.minimum(np.searchsorted(edges, rng.random(count, dtype="float32")), len(values) - 1)
    return pa.array(values, pa.string()).take(pa.array(found))


def _weighted(rng: np.random.Generator, weights: dict[str, float], count: int) -> pa.Array:
    return _drawn(rng, list(weights), list(weights.values()), count)


def _dates(rng: np.random.Generator, date: dt.date, count: int) -> pa.Array:
    days = (date - dt.date(1970, 1, 1)).days - rng.integers(0, 18_000, count)
    return pa.array(days.astype("int32")).cast(pa.date32())


def _times(rng: np.random.Generator, date: dt.date, count: int) -> pa.Array:
    day = dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC).timestamp()
    seconds = int(day) - rng.integers(0, 2_000, count) * 86_400 + rng.integers(0, 86_000, count)
    return pa.array(seconds * 1_000_000).cast(pa.timestamp("us"))


def main() -> None:
    """Write a stock from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--date", type=dt.date.fromisoformat, default=dt.date(2026, 10, 31))
    given = parser.parse_args()
    write_stock(given.out, given.rows, seed=given.seed, date=given.date)
    print(f"{given.out} : {sum(p.stat().st_size for p in given.out.glob('*.parquet')) / 1e6:.0f} Mo")


if __name__ == "__main__":
    main()
