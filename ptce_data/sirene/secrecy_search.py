"""Find the move that protects a count at the least cost, and mask what it changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ptce_data.sirene import nomenclatures as codes
from ptce_data.sirene.geography import CHAIN, Geography

Matrix = npt.NDArray[Any]
#: What masking one count costs, by level of `CHAIN`: the wider the area, the more it is missed. The last
#: one is that of a second move, which gives the types of territory back what the first one took.
COST: Final = np.array([1.0, 6.0, 40.0, 80.0, 120.0, 3.0])
TYPES: Final = CHAIN.index("territory_types")
#: Levels that two communes of a pool share, pools tried in turn; then all communes.
_SHARED: Final = (("departements",), ("former_regions",), ("regions",))
_INFINITE: Final = 1e18


class Search:
    """The state of the protection: what is masked and what is proved, which only grow."""

    def __init__(self, counts: Matrix, geography: Geography) -> None:
        self.counts = counts
        self.geography = geography
        self.masked = np.zeros(counts.shape, dtype=bool)
        self.proved = np.zeros(counts.shape, dtype=bool)
        self.size = len(geography.chain)
        #: Communes that share every area above them.
        self.classes: Matrix = np.unique(geography.chain[:, 1:], axis=0, return_inverse=True)[1].ravel()
        self._log = np.log1p(counts).astype("float32")
        self._moves: dict[int, tuple[Matrix, Matrix]] = {}
        self._groups: dict[tuple[str, ...], tuple[Matrix, list[Matrix]]] = {}

    def moves(self, key: int) -> tuple[Matrix, Matrix]:
        """Communes whose count may be one less, and one more, with the other shown counts as they are."""
        if key not in self._moves:
            self._moves[key] = self._moved(key)
        return self._moves[key]

    def _moved(self, key: int) -> tuple[Matrix, Matrix]:
        leaf = self.counts[: self.size]
        column = {
            k: leaf[:, codes.KEYS.index(k)]
            for k in (codes.ALL, codes.ESS, codes.UNKNOWN_FIELD, codes.FORM_ONLY)
        }
        outside = column[codes.ALL] - column[codes.ESS]
        said_no = outside - column[codes.UNKNOWN_FIELD]
        room = outside > column[codes.FORM_ONLY]
        name = codes.KEYS[key]
        if name == codes.ALL:
            return (said_no > 0) & room, np.ones(self.size, dtype=bool)
        less = leaf[:, key] > 0
        more = {codes.ESS: (said_no > 0) & room, codes.UNKNOWN_FIELD: said_no > 0, codes.FORM_ONLY: room}
        return less, more.get(name, np.ones(self.size, dtype=bool))

    def pools(self, commune: int, without: Matrix) -> Iterator[tuple[bool, Matrix]]:
        """Groups of communes where to look for a partner out of an area, the cheapest first; whether it is all."""
        allowed = np.ones(self.size, dtype=bool)
        allowed[without] = False
        shared: tuple[str, ...] | None
        for shared in (None, *_SHARED):
            ids, groups = self._grouped(shared)
            found = groups[ids[commune]]
            yield False, found[allowed[found]]
        yield True, np.flatnonzero(allowed)

    def _grouped(self, shared: tuple[str, ...] | None) -> tuple[Matrix, list[Matrix]]:
        name = shared or ("",)
        if name not in self._groups:
            if shared is None:
                ids = self.classes
            else:
                levels = [CHAIN.index(level) for level in shared]
                ids = np.unique(self.geography.chain[:, levels], axis=0, return_inverse=True)[1].ravel()
            order = np.argsort(ids, kind="stable")
            cuts = np.flatnonzero(np.diff(ids[order])) + 1
            self._groups[name] = (ids, np.split(order, cuts))
        return self._groups[name]

    def cost(self, rows: Matrix, columns: Any) -> Matrix:
        """Cost of masking counts that are not masked yet: rows × columns."""
        at = np.ix_(rows, columns)
        made: Matrix = np.where(self.masked[at], 0.0, 1.0 + self._log[at])
        return made

    def transfer(self, key: int, level: int, row: int) -> bool:
        """Protect the total of an area by a move to or from a commune outside of it."""
        less, more = self.moves(key)
        inside = self.geography.inside(level, row)
        giving = bool(self.counts[row, key] > 0) and bool(less[inside].any())
        gives, takes = (less, more) if giving else (more, less)
        usable = inside[gives[inside]]
        if not len(usable):
            return False
        commune = int(usable[np.lexsort((self.counts[usable, key], ~self.masked[usable, key]))[0]])
        columns = np.array([key])
        for last, pool in self.pools(commune, inside):
            found = pool[takes[pool]]
            price = self._price(columns, 0, commune, found)
            if self._settle(commune, found, price, columns, 0, level, (gives, takes), last):
                return True
        return False

    def swap(self, columns: Matrix, part: int, level: int, row: int) -> bool:
        """Protect a part of an area (`part`: a position in `columns`) by two moves that cross."""
        inside = self.geography.inside(level, row)
        usable = inside[self.counts[inside, columns[part]] > 0]
        if not len(usable):
            return False
        commune = int(usable[np.argmin(self.counts[usable, columns[part]])])
        filled = self.counts[: self.size, codes.KEYS.index(codes.ESS)] > 0
        for last, around in self.pools(commune, inside):
            pool = around[filled[around]]
            price = self._price(columns, part, commune, pool)
            price[self.counts[np.ix_(pool, columns)] == 0] = _INFINITE
            price[:, part] = _INFINITE
            if self._settle(commune, pool, price, columns, part, level, None, last):
                return True
        return False

    def _price(self, columns: Matrix, part: int, commune: int, pool: Matrix) -> Matrix:
        """Cost of a move with each commune of a pool (rows) by each other part (columns)."""
        chain = self.geography.chain
        apart = chain[pool] != chain[commune]
        price = np.zeros((len(pool), len(columns)))
        for step in range(len(CHAIN)):
            different = apart[:, step]
            if different.any():
                theirs = self.cost(chain[pool[different], step], columns)
                ours = self.cost(chain[[commune], step], columns)[0]
                price[different] += COST[step] * (theirs + theirs[:, [part]] + ours + ours[part])
        return price

    def _settle(
        self, commune: int, pool: Matrix, price: Matrix, columns: Matrix, part: int, level: int,
        moves: tuple[Matrix, Matrix] | None, everywhere: bool,
    ) -> bool:  # fmt: skip
        """Make the cheapest move of a pool. Types of territory that differ are given back by a second move;
        where none can be, a partner of the same type is taken, then any one if there is no other pool."""
        types = self.geography.chain[:, TYPES]
        for last in (False, True):
            if not price.size or price.min() >= _INFINITE:
                return False
            other, second = divmod(int(np.argmin(price)), price.shape[1])
            chosen = int(pool[other])
            used = np.unique(columns[[part, second]])
            if types[chosen] == types[commune] or level == TYPES:
                self._write(commune, chosen, used)
                return True
            gives, takes = moves or (self._filled(columns[part]), self._filled(columns[second]))
            if self._give_back(commune, chosen, used, gives, takes):
                return True
            same = types[pool] == types[commune]
            if last or not same.any():
                break
            price[~same] = _INFINITE
        if not everywhere:
            return False
        self._write(commune, chosen, used)
        return True

    def _filled(self, column: int) -> Matrix:
        made: Matrix = self.counts[: self.size, column] > 0
        return made

    def _give_back(self, one: int, other: int, used: Matrix, gives: Matrix, takes: Matrix) -> bool:
        """A second move, between two communes that only differ by type: the types of `other` and `one`."""
        chain, types = self.geography.chain, self.geography.chain[:, TYPES]
        free = np.ones(self.size, dtype=bool)
        free[[one, other]] = False
        ids, groups = self._grouped(CHAIN[1:TYPES])
        price = self.cost(np.arange(self.size), used).sum(axis=1)
        best = []
        for wanted, able in ((types[other], gives), (types[one], takes)):
            found = np.flatnonzero(free & able & (types == wanted))
            order = found[np.lexsort((price[found], ids[found]))]
            first = np.full(len(groups), -1)
            first[ids[order][::-1]] = order[::-1]
            best.append(first)
        both = np.flatnonzero((best[0] >= 0) & (best[1] >= 0))
        if not len(both):
            return False
        group = both[np.argmin(price[best[0][both]] + price[best[1][both]])]
        pair = np.array([best[0][group], best[1][group]])
        self.masked[np.ix_(pair, used)] = True
        self.proved[np.ix_(pair, used)] = True
        different = chain[one] != chain[other]
        different[TYPES] = False
        self._mark(chain[one][different], used)
        self._mark(chain[other][different], used)
        return True

    def _write(self, one: int, other: int, columns: Matrix) -> None:
        """Mask and prove the counts that a move between two communes changes."""
        chain = self.geography.chain
        different = chain[one] != chain[other]
        self._mark(chain[one][different], columns)
        self._mark(chain[other][different], columns)

    def _mark(self, rows: Matrix, columns: Matrix) -> None:
        at = np.ix_(rows, columns)
        self.masked[at] = True
        self.proved[at] = True

    def prove_pairs(self, key: int) -> Matrix:
        """Prove what two masked communes of one class prove of each other; the ones that may give one away."""
        less, more = self.moves(key)
        hidden = self.masked[: self.size, key]
        total = int(self.classes.max()) + 1
        takers = np.bincount(self.classes[hidden & more], minlength=total)[self.classes] - (hidden & more)
        givers = np.bincount(self.classes[hidden & less], minlength=total)[self.classes] - (hidden & less)
        giving: Matrix = hidden & less & (takers > 0)
        self.proved[: self.size, key] |= giving | (hidden & more & (givers > 0))
        return giving

    def release(self, key: int, parts: Matrix | None = None) -> bool:
        """Protect a count of France: of a total, by the establishments that are not of the ESS; of a part,
        by another part of the same breakdown."""
        leaf = self.counts[: self.size, key]
        less, more = self.moves(key)
        if parts is None:
            usable = np.flatnonzero(less if self.counts[-1, key] > 0 else more)
            columns = [key]
        else:
            others = parts[parts != key]
            usable = np.flatnonzero(leaf > 0)
            price = self.cost(np.array([self.geography.top]), others)[0]
            columns = [key, int(others[np.argmin(price)])]
        if not len(usable):
            return False
        commune = int(usable[np.argmin(leaf[usable])])
        rows, at = np.append(self.geography.chain[commune], self.geography.top), np.array(columns)
        self._mark(rows, at)
        return True
