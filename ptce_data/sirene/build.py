"""Compute the weight of the ESS from a stock: by slices, resumable, the result replaced at the end only."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ptce_data.sirene import counting, engines, layout, secrecy, store
from ptce_data.sirene import expressions as register
from ptce_data.sirene import files as stock_files
from ptce_data.sirene import nomenclatures as codes
from ptce_data.sirene.errors import SireneError, StockError, SyntheticStockError
from ptce_data.sirene.files import Stock, StockFile
from ptce_data.sirene.geography import Geography
from ptce_data.sirene.geography import read as read_geography

#: Establishments of a slice, at most: what bounds the memory.
SLICE_ROWS: Final = 4_000_000
#: Changes when the expressions do: parts of an earlier version are not taken up.
_VERSION: Final = 1
_WORK: Final = ".travail-"
Step = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What is to be done. `steps` is their number, for a bar."""

    stock: Stock
    previous: Stock | None
    engine: str
    work: Path
    slices: tuple[tuple[register.Slice, ...], ...]

    @property
    def stocks(self) -> tuple[Stock, ...]:
        """The stock, and the previous one if there is one."""
        return (self.stock,) if self.previous is None else (self.stock, self.previous)

    @property
    def steps(self) -> int:
        """Slices of each stock and its date, then the placing, the secrecy and the writing."""
        return sum(len(found) + 1 for found in self.slices) + 3


def plan(
    stock: Path, engine: str = engines.DUCKDB, previous: Path | None = None, out: Path = store.FOLDER
) -> Plan:
    """Check the stocks and cut them. Raises SireneError; nothing is written."""
    now = stock_files.open_stock(stock)
    before = None if previous is None else stock_files.open_stock(previous)
    stocks = [now] if before is None else [now, before]
    slices = tuple(_slices(found, engine) for found in stocks)
    said = "|".join([str(_VERSION), engine, *(found.fingerprint for found in stocks), repr(slices)])
    work = out / (_WORK + hashlib.sha256(said.encode()).hexdigest()[:12])
    return Plan(now, before, engine, work, slices)


def guard(made: Plan, out: Path, allow_synthetic: bool) -> None:
    """Raise SyntheticStockError for a synthetic stock that would be written where the application reads."""
    inside = any(out.resolve().is_relative_to((store.ROOT / name).resolve()) for name in ("data", "var"))
    if inside and not allow_synthetic and any(found.is_synthetic for found in made.stocks):
        raise SyntheticStockError


def build(
    made: Plan,
    out: Path = store.FOLDER,
    *,
    data_dir: Path,
    threshold: int = secrecy.THRESHOLD,
    date: str | None = None,
    previous_date: str | None = None,
    allow_synthetic: bool = False,
    step: Step = lambda name: None,
) -> dict[str, Any]:
    """Run a plan and write the result; what was done, as `store.about` reads it.

    A killed run leaves the former result as it was; the next one of the same files takes up the slices
    that are done. Raises SireneError.
    """
    guard(made, out, allow_synthetic)
    geography = read_geography(data_dir)
    made.work.mkdir(parents=True, exist_ok=True)
    try:
        with engines.opened(made.engine, made.work / "disque") as engine:
            said = {"name": engine.name, "version": engine.version}
            found = [_margins(made, engine, position, step) for position in range(len(made.stocks))]
    except SireneError:
        if not any(made.work.glob("*.parquet")):  # nothing to take up
            shutil.rmtree(made.work, ignore_errors=True)
        raise
    dates = [_dated(given, part) for given, part in zip((date, previous_date), found, strict=False)]
    placed = [counting.place(part.margins, geography) for part in found]
    step("Placement")
    if not int(placed[0].counts.sum()):
        raise StockError(made.stock.etablissement.path, "aucun établissement actif dans une commune connue.")
    counts = placed[0].counts.copy()
    if len(placed) > 1:
        ess, before = codes.KEYS.index(codes.ESS), codes.KEYS.index(codes.BEFORE)
        counts[:, before] = placed[1].counts[:, ess]
    about = {
        "engine": said, "dates": dates, "threshold": threshold, "synthetic": any(s.is_synthetic for s in made.stocks),
        "computed": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "report": [_report(part, where, threshold) for part, where in zip(found, placed, strict=True)],
    }  # fmt: skip
    return _published(counts, about, geography, made, out, step)


def _published(
    counts: Any, about: dict[str, Any], geography: Geography, made: Plan, out: Path, step: Step
) -> dict[str, Any]:
    rolled = geography.rolled(counts)
    protection = secrecy.protect(rolled, geography, about["threshold"])
    if protection.unproved:
        raise SireneError("Le secret statistique ne peut pas être garanti sur ce stock : rien n’est écrit.")
    step("Secret statistique")
    table = store.table(rolled, protection.masked, geography, before=made.previous is not None)
    store.write(table, about, out)
    step("Résultat écrit")
    for old in out.glob(f"{_WORK}*"):
        shutil.rmtree(old, ignore_errors=True)
    return {"format": store.FORMAT, **about}


@dataclass(frozen=True)
class _Found:
    margins: pd.DataFrame
    date: str
    diffusion: dict[str, int]


def _margins(made: Plan, engine: engines.Engine, position: int, step: Step) -> _Found:
    """Margins of a stock, slice by slice; those of an earlier run are read again."""
    stock, word = made.stocks[position], ("stock", "ancien")[position]
    parts, diffusion, tables = [], dict[str, int](), None
    for number, part in enumerate(made.slices[position]):
        path = made.work / f"{word}-{number:03d}.parquet"
        if not path.is_file():
            tables = tables or _tables(stock, engine, made.work, word)
            _write_part(_slice(tables, stock, engine, part), path)
        frame = pd.read_parquet(path)
        sums = frame[frame["key"].str.startswith("diffusion:")]
        for key, n in zip(sums["key"], sums["n"], strict=True):
            diffusion[key[10:]] = diffusion.get(key[10:], 0) + int(n)
        parts.append(frame[~frame["key"].str.startswith("diffusion:")])
        step(f"Tranche {number + 1}/{len(made.slices[position])}")
    path = made.work / f"{word}-date.json"
    if not path.is_file():
        tables = tables or _tables(stock, engine, made.work, word)
        dated = layout.TREATED in tables[0].columns
        last = engine.scalar(register.last_treatment(tables[0]), stock.etablissement) if dated else None
        _replace(path, json.dumps(last).encode())
    step("Date du stock")
    return _Found(counting.added(parts), json.loads(path.read_bytes()) or "", diffusion)


def _tables(stock: Stock, engine: engines.Engine, work: Path, word: str) -> tuple[Any, Any]:
    wanted = (
        (stock.etablissement, (*layout.READ_ETABLISSEMENT, layout.TREATED)),
        (stock.unite_legale, layout.READ_UNITE_LEGALE),
    )
    return tuple(
        _table(file, columns, engine, work / f"{word}-{n}.parquet")
        for n, (file, columns) in enumerate(wanted)
    )  # type: ignore[return-value]


def _table(file: StockFile, columns: Sequence[str], engine: engines.Engine, path: Path) -> Any:
    """The table of a file; a CSV file is turned into Parquet once (for the engine of this machine)."""
    if not file.is_csv or engine.name != engines.DUCKDB:
        return engine.read(file, columns)
    if not path.is_file():
        draft = path.with_suffix(".draft")
        engine.store(engine.read(file, columns), draft, file)
        draft.replace(path)
    return engine.read(replace(file, path=path, is_csv=False), columns)


def _slice(
    tables: tuple[Any, Any], stock: Stock, engine: engines.Engine, part: register.Slice
) -> pd.DataFrame:
    etablissement, unite_legale = tables
    both = (stock.etablissement, stock.unite_legale)
    cells = engine.frame(register.cells(etablissement, unite_legale, part), *both)
    live = register.active(etablissement, part)
    status = live["statutDiffusionEtablissement"].cast("string").fill_null("")
    sums = engine.frame(live.group_by(status=status).aggregate(n=live.count()), *both)
    if int(sums["n"].sum()) != int(cells["n"].sum()):
        raise StockError(
            stock.unite_legale.path, "des unités légales y sont plusieurs fois ; reprenez le téléchargement."
        )
    diffusion = pd.DataFrame(
        {"commune": "", "key": "diffusion:" + sums["status"].astype("str"), "n": sums["n"]}
    )
    return pd.concat([counting.margins(cells), diffusion], ignore_index=True)


def _write_part(frame: pd.DataFrame, path: Path) -> None:
    draft = path.with_suffix(f".{os.getpid()}")
    frame.to_parquet(draft, index=False)
    draft.replace(path)


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)


def _slices(stock: Stock, engine: str) -> tuple[register.Slice, ...]:
    """Ranges of siren of about `SLICE_ROWS` establishments; one only for Spark, which cuts by itself."""
    rows = (
        stock.rows or 0 if not stock.etablissement.is_csv else stock.etablissement.path.stat().st_size // 300
    )
    count = math.ceil(rows / SLICE_ROWS)
    if count < 2 or engine != engines.DUCKDB:
        return (register.EVERYTHING,)
    tops = stock.etablissement.bounds
    if len(tops) < 2 * count:  # not sorted, or too few row groups to follow them
        tops = tuple(range(10_000_000, 1_000_000_000, 10_000_000))
    cuts = sorted({tops[len(tops) * n // count - 1] for n in range(1, count)})
    edges = [-1, *cuts, register.EVERYTHING[1]]
    return tuple((low + 1, high) for low, high in pairwise(edges) if low < high)


def _dated(given: str | None, found: _Found) -> str:
    if given or found.date:
        return given or found.date
    raise SireneError("Le stock ne dit pas sa date : donnez-la avec --date AAAA-MM-JJ.")


def _report(found: _Found, placed: counting.Placed, threshold: int) -> dict[str, Any]:
    ess = placed.ess_not_placed
    return {
        "active": int(placed.counts[:, codes.KEYS.index(codes.ALL)].sum()) + sum(placed.not_placed.values()),
        "not_placed": placed.not_placed,
        "ess_not_placed": None if 0 < ess < threshold else ess,
        "unknown_codes": placed.unknown_codes,
        "former_codes": placed.former_codes,
        "ceased_units": placed.ceased_units,
        "absent_units": placed.absent_units,
        "diffusion": dict(sorted(found.diffusion.items())),
    }
