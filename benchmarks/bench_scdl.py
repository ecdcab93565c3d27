"""Time of the import of public subsidies: 100,000 synthetic rows, read, reported and matched.

    python benchmarks/bench_scdl.py [--rows 100000]

Budget: 10 s for one file of 100,000 rows, on two cores, reading and matching together. The rows are
made up; every cell is written in a way that needs a repair, which is the slow way.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from ptce_data import identifiers, scdl  # noqa: E402
from ptce_data.load import Dataset, load  # noqa: E402

BUDGET_S = 10.0
HEADER = (
    "Nom de l'attribuant", "Identification de l'attribuant", "Date de la convention", "Référence de la décision",
    "Nom du bénéficiaire*", "N° SIRET", "Objet de la subvention", "Montant voté", "Nature de la subvention",
    "Conditions de versement", "Dates de versement", "idRAE", "Aide notifiée à l'Europe", "Pourcentage", "Commune",
)  # fmt: skip
WORDS = (
    "amis club sportif comité fêtes culture jeunesse musique théâtre jardin atelier fabrique lab café "
    "numérique solidaire vélo énergie école parents patrimoine danse rugby tennis maison rural"
).split()


def siret(chance: random.Random) -> str:
    """A made-up SIRET whose keys hold."""
    base = f"{chance.randrange(10**8):08d}"
    siren = next(base + key for key in "0123456789" if identifiers.key_holds(base + key))
    nic = f"{siren}{chance.randrange(1, 99):04d}"
    return next(nic + key for key in "0123456789" if identifiers.key_holds(nic + key))


def synthetic_rows(count: int, dataset: Dataset, seed: int = 4) -> list[list[str]]:
    """Made-up subsidies, one in fifty to an object of the data set; all but one in a hundred usable."""
    chance = random.Random(seed)
    names = dataset.places["name"].tolist()
    communes = dataset.communes["name"].sample(500, random_state=seed).tolist()
    rows = []
    for number in range(count):
        words = " ".join(chance.choices(WORDS, k=3))
        name = chance.choice(names) if number % 50 == 0 else f"ASSOCIATION {words} {chance.randrange(9000)}"
        amount = f"{chance.randrange(500, 900_000):,}".replace(",", " ") + f",{chance.randrange(100):02d} €"
        number_text = siret(chance)
        rows.append(
            [
                "Ville synthétique", "21690123100011",
                f"{chance.randrange(1, 28):02d}/{chance.randrange(1, 13):02d}/{chance.randrange(2017, 2026)}",
                f"D-{number}", name,
                "8,12345E+13" if number % 100 == 1 else f"{number_text[:9]} {number_text[9:]}",
                f"Projet {words}", amount, "Numéraire", "Unique", "2019-01-01_2019-12-31", "", "Non",
                chance.choice(["100", "50", "1", "0,5"]), chance.choice(communes),
            ]
        )  # fmt: skip
    return rows


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """Semicolons, Windows-1252: what spreadsheets of town halls write."""
    lines = [";".join(f'"{cell}"' if ";" in cell else cell for cell in row) for row in (HEADER, *rows)]
    path.write_bytes("\r\n".join(lines).encode("windows-1252", errors="replace"))
    return path


def write_xlsx(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """The same as a workbook."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Subventions")
    for row in (HEADER, *rows):
        sheet.append(list(row))
    book.save(path)
    return path


def timed(step: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of one call, and what it gave."""
    start = time.perf_counter()
    given = step()
    return time.perf_counter() - start, given


def main(argv: Sequence[str] | None = None) -> int:
    """Print the times; exit code 1 over the budget."""
    parser = argparse.ArgumentParser(description="Temps de l’import des subventions.")
    parser.add_argument("--rows", type=int, default=100_000)
    count = parser.parse_args(argv).rows
    dataset = load()
    rows = synthetic_rows(count, dataset)
    slow = False
    with tempfile.TemporaryDirectory() as folder:
        files = (
            write_csv(Path(folder) / "synthetique.csv", rows),
            write_xlsx(Path(folder) / "synthetique.xlsx", rows),
        )
        for path in files:
            reading, imported = timed(lambda path=path: scdl.read([path]))
            matching, matches = timed(lambda imported=imported: scdl.match(imported.rows, dataset))
            report = imported.report
            print(
                f"{path.name} : {report.read} lignes lues, {report.kept} gardées, {report.refused} refusées ; "
                f"lecture {reading:.1f} s, rapprochement {matching:.1f} s "
                f"({len(matches.pairs)} rapprochements proposés) ; budget {BUDGET_S:.0f} s"
            )
            slow |= reading + matching > BUDGET_S
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
