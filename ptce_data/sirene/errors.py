"""What stops the computation of the weight of the ESS, in one French sentence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class SireneError(ValueError):
    """A stock or a result that cannot be used. The text is one French sentence."""


class StockError(SireneError):
    """A file of the stock that cannot be used. `file` is its name, `columns` those that are missing."""

    def __init__(self, path: Path, said: str, columns: Sequence[str] = ()) -> None:
        self.file = path.name
        self.columns = tuple(columns)
        super().__init__(f"{path.name} : {said}")


class SyntheticStockError(SireneError):
    """A synthetic stock where the application reads: refused."""

    def __init__(self) -> None:
        super().__init__(
            "Ce stock est synthétique : son résultat ne s’écrit pas là où l’application lit. "
            "Donnez un autre dossier avec --out."
        )
