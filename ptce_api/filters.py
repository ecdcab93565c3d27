"""Which rows of a collection a request asks for: box, properties, words and CQL2 text.

Unknown is unknown: a comparison with a missing value is neither true nor false, so neither `a = 1` nor
`NOT a = 1` returns a row whose `a` is missing (three-valued logic, as in SQL). `a IS NULL` finds it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pygeoapi.provider.base import ProviderInvalidQueryError
from pygeofilter import ast
from pygeofilter.backends.evaluator import handle
from pygeofilter.backends.geopandas.evaluate import GeoPandasEvaluator

from ptce_data.text import fold

if TYPE_CHECKING:
    from ptce_api.layers import Layer

_Handler = TypeVar("_Handler", bound=Callable[..., Any])

_BOOLEANS: Final = {"true": True, "false": False, "1": True, "0": False}
#: Levels and elements of a filter, words of a search: each costs a pass over all rows.
_MAX_DEPTH: Final = 40
_MAX_NODES: Final = 100
_MAX_WORDS: Final = 8


def refuse(sentence: str) -> ProviderInvalidQueryError:
    """An error of the asker, with a French sentence: HTTP 400."""
    return ProviderInvalidQueryError(user_msg=sentence)


def inside(frame: gpd.GeoDataFrame, shape: shapely.Geometry) -> np.ndarray:
    """A mask of the rows whose geometry meets `shape` (CRS84); a row without geometry never does."""
    mask = np.zeros(len(frame), dtype=bool)
    mask[frame.sindex.query(shape, predicate="intersects")] = True
    return mask


def box_shape(bbox: Sequence[float]) -> shapely.Geometry:
    """The shape of 4 or 6 numbers (the heights of 6 say nothing here); west > east crosses the antimeridian."""
    west, south, *_ = bbox
    east, north = (bbox[2], bbox[3]) if len(bbox) == 4 else (bbox[3], bbox[4])
    if west <= east:
        return shapely.box(west, south, east, north)
    return shapely.union(shapely.box(west, south, 180, north), shapely.box(-180, south, east, north))


def equal(layer: Layer, name: str, asked: str) -> np.ndarray:
    """A mask of the rows whose property `name` has the value written as `asked`. Raises for a wrong type."""
    kind = next(field.kind for field in layer.fields if field.name == name)
    value: Any = asked
    try:
        if kind == "integer":
            value = int(asked)
        elif kind == "number":
            value = float(asked)
        elif kind == "boolean":
            value = _BOOLEANS[asked.casefold()]
    except (ValueError, KeyError):
        said = {"integer": "un entier", "number": "un nombre", "boolean": "true ou false"}[kind]
        raise refuse(f"Le paramètre « {name} » attend {said}.") from None
    return known(layer.frame[name] == value)


def known(mask: Any) -> np.ndarray:
    """Where a mask of three values is true; what is unknown is not."""
    return np.asarray(pd.Series(mask).astype("boolean").fillna(False), dtype=bool)


def words(layer: Layer, asked: str) -> np.ndarray:
    """A mask of the rows whose names and texts hold every word of `asked`, accents and case aside."""
    text = layer.search_text
    mask = np.ones(len(text), dtype=bool)
    wanted = fold(asked).split()
    if len(wanted) > _MAX_WORDS:
        raise refuse(f"q attend au plus {_MAX_WORDS} mots.")
    for word in wanted:
        mask &= text.str.contains(word, regex=False).to_numpy(dtype=bool)
    return mask


def cql(layer: Layer, tree: ast.Node) -> np.ndarray:
    """A mask of the rows that a CQL2 text expression selects. Raises for what it cannot mean here."""
    if _is_large(tree):
        raise refuse("Le filtre est trop long.")
    try:
        mask = _Evaluator(layer.frame).evaluate(tree)
    except KeyError as error:
        raise refuse(f"Le filtre nomme une propriété inconnue : {_named(error)}.") from error
    except ProviderInvalidQueryError:
        raise
    except Exception as error:
        raise refuse(
            "Le filtre compare ce qui ne se compare pas, ou emploie un opérateur inconnu."
        ) from error
    if not isinstance(mask, (pd.Series, np.ndarray)) or len(mask) != len(layer.frame):
        raise refuse("Le filtre n’est pas une condition.")
    if not pd.api.types.is_bool_dtype(pd.Series(mask).dtype):
        raise refuse("Le filtre n’est pas une condition.")
    return known(mask)


def _named(error: KeyError) -> str:
    name = re.sub(r"\W", "", str(error.args[0] if error.args else ""))
    return f"« {name[:60]} »"


def _is_large(tree: object) -> bool:
    """Whether an expression is deeper or longer than a request has use for."""
    waiting, seen = [(tree, 1)], 0
    while waiting:
        here, depth = waiting.pop()
        seen += 1
        if depth > _MAX_DEPTH or seen > _MAX_NODES:
            return True
        if isinstance(here, ast.Node):
            waiting.extend((child, depth + 1) for child in here.get_sub_nodes())
    return False


def _handles(*nodes: type, **options: bool) -> Callable[[_Handler], _Handler]:
    """pygeofilter's `handle`, with a type."""
    made: Callable[[_Handler], _Handler] = handle(*nodes, **options)
    return made


class _Evaluator(GeoPandasEvaluator):  # type: ignore[misc]
    """pygeofilter's own, but `LIKE` never runs a regular expression and unknown stays unknown."""

    @_handles(ast.Like)
    def like(self, node: ast.Like, column: pd.Series) -> pd.Series:
        """A mask of the texts that have the pieces of the pattern in their order."""
        pattern, texts = str(node.pattern), column.astype("string")
        if node.nocase:
            pattern, texts = pattern.casefold(), texts.str.casefold()
        if node.singlechar and node.singlechar in pattern:
            raise refuse("Dans LIKE, seul le joker « % » est compris.")
        pieces = pattern.split(node.wildcard or "%")
        found = [pd.NA if pd.isna(text) else _has(text, pieces) for text in texts]
        mask = pd.Series(found, index=texts.index, dtype="boolean")
        return ~mask if node.not_ else mask

    @_handles(ast.In)
    def in_(self, node: ast.In, column: pd.Series, *options: Any) -> pd.Series:
        """A mask of the values among the options; unknown where the value is."""
        mask = column.isin(options).astype("boolean").mask(column.isna())
        return ~mask if node.not_ else mask

    @_handles(ast.Between)
    def between(self, node: ast.Between, column: pd.Series, low: Any, high: Any) -> pd.Series:
        """A mask of the values from `low` to `high`; unknown where the value is."""
        mask = (column >= low) & (column <= high)
        return ~mask if node.not_ else mask

    @_handles(ast.Arithmetic, subclasses=True)
    def arithmetic(self, node: ast.Arithmetic, lhs: Any, rhs: Any) -> Any:
        """Numbers only: pandas would repeat a text that is multiplied."""
        for side in (lhs, rhs):
            if not pd.api.types.is_numeric_dtype(pd.Series(side).dtype):
                raise refuse("Un filtre ne calcule qu’avec des nombres.")
        return super().arithmetic(node, lhs, rhs)

    @_handles(ast.Function)
    def function(self, node: ast.Function, *arguments: Any) -> Any:
        """No function is known."""
        raise refuse("Aucune fonction n’est comprise dans un filtre.")

    @_handles(ast.TemporalPredicate, subclasses=True)
    def temporal(self, node: ast.TemporalPredicate, lhs: Any, rhs: Any) -> Any:
        """No property is a time."""
        raise refuse("Les comparaisons de dates ne sont pas comprises : les années sont des entiers.")


def _has(text: str, pieces: list[str]) -> bool:
    """Whether `text` is the pieces in their order with anything between them; linear in its length."""
    if len(pieces) == 1:
        return text == pieces[0]
    first, *middle, last = pieces
    if not text.startswith(first) or len(text) < len(first) + len(last) or not text.endswith(last):
        return False
    position, end = len(first), len(text) - len(last)
    for piece in middle:
        position = text.find(piece, position, end)
        if position < 0:
            return False
        position += len(piece)
    return True
