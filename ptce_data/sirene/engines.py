"""The engines that run the expressions: DuckDB in this process, PySpark here or on a cluster."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pandas as pd

from ptce_data.sirene.errors import SireneError, StockError
from ptce_data.sirene.files import StockFile

DUCKDB, PYSPARK = "duckdb", "pyspark"
#: What DuckDB may hold; beyond, it writes to the disk.
MEMORY_LIMIT: Final = "1GB"
#: What Spark may hold on this machine (its own default is 1 GiB; a cluster has its own settings).
SPARK_MEMORY: Final = "3g"
_NO_MEMORY: Final = ("OutOfMemory", "Out of Memory", "Java heap space")
_NO_SPACE: Final = "No space left"
_LOCAL: Final = "local[*]"


class Engine:
    """A connection of Ibis. `name` and `version` go into the results; `is_local` when it reads our files."""

    def __init__(self, name: str, version: str, connection: Any, is_local: bool = True) -> None:
        self.name = name
        self.version = version
        self.is_local = is_local
        self._connection = connection

    def read(self, file: StockFile, columns: Sequence[str]) -> ir.Table:
        """The columns of a file, those that it has; every column of a CSV file is text."""
        kept = [name for name in columns if name in file.columns]
        try:
            table: ir.Table = (
                self._read_csv(file) if file.is_csv else self._connection.read_parquet(str(file.path))
            )
            return table.select(*kept)
        except Exception as error:  # each engine has its own exceptions
            raise _unreadable(file, error) from None

    def _read_csv(self, file: StockFile) -> ir.Table:
        if self.name == DUCKDB:
            options: dict[str, Any] = {
                "sep": file.separator,
                "header": True,
                "all_varchar": True,
                "quote": '"',
            }
        else:
            options = {
                "sep": file.separator,
                "header": True,
                "inferSchema": False,
                "quote": '"',
                "escape": '"',
            }
        table: ir.Table = self._connection.read_csv(str(file.path), **options)
        return table

    def store(self, expression: ir.Table, path: Path, file: StockFile) -> None:
        """Write an expression over a file to Parquet, without holding it in memory."""
        try:
            self._connection.to_parquet(expression, str(path))
        except Exception as error:
            raise _unreadable(file, error) from None

    def frame(self, expression: ir.Table, *files: StockFile) -> pd.DataFrame:
        """The rows of a small result. Raises StockError for files whose pages cannot be read."""
        try:
            return self._connection.to_pyarrow(expression).to_pandas()
        except Exception as error:
            raise _unreadable(
                next((f for f in files if f.path.name in str(error)), files[0]), error
            ) from None

    def scalar(self, expression: ir.Scalar, file: StockFile) -> Any:
        """One value."""
        try:
            return self._connection.to_pyarrow(expression).as_py()
        except Exception as error:
            raise _unreadable(file, error) from None


def _unreadable(file: StockFile, error: Exception) -> SireneError:
    said = " ".join(str(error).split()).replace(f"{file.path.parent}/", "")
    if any(word in said for word in _NO_MEMORY):
        return SireneError(
            f"{file.path.name} : le moteur de calcul manque de mémoire. Le fichier n’est pas en cause ; "
            "fermez d’autres programmes, ou prenez DuckDB, qui écrit sur le disque."
        )
    if _NO_SPACE in said:
        return SireneError("Le disque est plein : le calcul s’est arrêté, l’ancien résultat est intact.")
    return StockError(
        file.path, f"le moteur de calcul ne peut pas lire ce fichier, sans doute tronqué ({said[:160]})."
    )


@contextmanager
def opened(engine: str, scratch: Path) -> Iterator[Engine]:
    """Open `duckdb`, `pyspark` (this machine) or `pyspark:URL` (a master, or `sc://` for Spark Connect).

    `scratch` receives what does not fit in memory. Raises SireneError when the engine is not there.
    """
    name, _, url = engine.partition(":")
    if name == DUCKDB and not url:
        yield from _duckdb(scratch)
    elif name == PYSPARK:
        yield from _pyspark(url, scratch)
    else:
        raise SireneError(f"Moteur inconnu : « {engine} ». Attendu duckdb, pyspark ou pyspark:ADRESSE.")


def _duckdb(scratch: Path) -> Iterator[Engine]:
    duckdb: Any = _module("duckdb", "duckdb")
    connection = ibis.duckdb.connect(
        memory_limit=MEMORY_LIMIT,
        temp_directory=str(scratch),
        threads=min(os.cpu_count() or 1, 8),
        preserve_insertion_order=False,
    )
    try:
        yield Engine(DUCKDB, duckdb.__version__, connection)
    finally:
        connection.disconnect()


def _pyspark(url: str, scratch: Path) -> Iterator[Engine]:
    pyspark: Any = _module("pyspark", "pyspark")
    sql: Any = importlib.import_module("pyspark.sql")
    builder = sql.SparkSession.builder.appName("atlas-ess")
    if url.startswith("sc://"):
        builder = builder.remote(url)
    else:
        builder = builder.master(url or _LOCAL)
        if not url or url.startswith("local"):
            builder = (
                builder.config("spark.ui.enabled", "false")
                .config("spark.driver.memory", SPARK_MEMORY)
                .config("spark.ui.showConsoleProgress", "false")
                .config("spark.log.level", "ERROR")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.local.dir", str(scratch))
                .config("spark.sql.warehouse.dir", str(scratch / "warehouse"))
                .config("spark.sql.shuffle.partitions", "8")
            )
    try:
        session = builder.getOrCreate()
    except Exception as error:
        raise SireneError(
            f"PySpark ne démarre pas ({str(error).splitlines()[0][:160]}) ; il demande Java 17."
        ) from None
    try:
        session.conf.set("spark.sql.session.timeZone", "UTC")
        yield Engine(
            PYSPARK, pyspark.__version__, ibis.pyspark.connect(session), not url or url.startswith("local")
        )
    finally:
        session.stop()


def _module(name: str, package: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise SireneError(f"Le moteur {name} n’est pas installé : pip install {package}.") from None
