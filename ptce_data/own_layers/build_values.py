"""Cells of a file -> values of our tables: typed, checked, never guessed; what is not understood is unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from ptce_data import schema
from ptce_data.identifiers import is_siren, is_siret
from ptce_data.own_layers.build_log import Log
from ptce_data.schema.fields import URL, YEARS
from ptce_data.territories.french import listing, quoted
from ptce_data.text import fold

#: Words for « nothing », in lower case.
_NOTHING: Final = (
    "null", "n/a", "na", "#n/a", "nan", "nc", "n.c.", "none", "nr", "non renseigné", "non renseigne", "inconnu", "nd",
    "-", "–", "—", "#ref!", "#valeur!", "#value!", "#nom?", "#name?", "#div/0!", "?",
)  # fmt: skip
_FLAGS: Final = {
    **dict.fromkeys(("true", "vrai", "oui", "o", "yes", "y", "1", "x"), True),
    **dict.fromkeys(("false", "faux", "non", "n", "no", "0"), False),
}
_YEAR: Final = re.compile(r"(?:.*\D)?((?:19|20)\d{2})(?:\D.*)?", re.DOTALL)
_WHOLE: Final = re.compile(r"\d{1,9}(?:[.,]0+)?")
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE: Final = re.compile(r"(?<![\d.])(?:\+33[\s.-]?|0)[1-9](?:[\s.-]?\d{2}){4}(?!\d)")
#: A text, not a compiled pattern: pandas hands it to Arrow, ten times as fast.
_CONTROL: Final = "[\x00-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]+"
#: What a text must hold for _MAIL and _PHONE to be worth a look.
_HINTS: Final = {_MAIL: "@", _PHONE: r"\d\d.?\d\d.?\d\d"}
#: Longest text kept of a cell.
MAX_TEXT: Final = 10_000


class Made(NamedTuple):
    """What a cell gives: its value (None: unknown), what was repaired, what is wrong."""

    value: Any
    repair: str = ""
    warning: str = ""


def emptied(cells: pd.Series) -> pd.Series:
    """Return the cells without words for « nothing » (NULL, n/a…)."""
    nothing = cells.str.lower().isin(_NOTHING)
    return cells.mask(nothing) if nothing.any() else cells


def clean_text(cells: pd.Series, field: str, log: Log, private: bool = False) -> pd.Series:
    """Return texts on one line each, bounded; with `private`, e-mails and phone numbers are taken out, and told."""
    odd = cells.str.contains(_CONTROL).fillna(False).astype(bool)
    if odd.any():
        cells = cells.where(~odd, cells.str.replace(_CONTROL, " ", regex=True).str.strip())
    long = (cells.str.len() > MAX_TEXT).fillna(False).astype(bool)
    if long.any():
        log.repair(long.to_numpy(), field, f"texte coupé à {MAX_TEXT} caractères", "", "")
        cells = cells.where(~long, cells.str.slice(0, MAX_TEXT))
    if private:
        for pattern, word in ((_MAIL, "adresse électronique"), (_PHONE, "numéro de téléphone")):
            hit = cells.str.contains(_HINTS[pattern]).fillna(False).astype(bool)
            if hit.any():
                hit &= cells.str.contains(pattern).fillna(False).astype(bool)
            if hit.any():
                cells = cells.where(
                    ~hit,
                    cells.str.replace(pattern, f"[{word} retiré{'e' * word.startswith('a')}]", regex=True),
                )
                log.repair(
                    hit.to_numpy(),
                    field,
                    f"{word} retiré{'e' * word.startswith('a')} (donnée personnelle)",
                    "",
                    "",
                )
    return cells.mask(cells == "")


def column(
    doc: schema.FieldDoc,
    cells: pd.Series,
    keys: Mapping[str, str],
    labels: Mapping[str, str],
    separator: str,
    log: Log,
) -> pd.Series:
    """Return the column of a table from the cells of a file, typed as `ptce_data.reading` does.

    `keys`: value as written -> key, chosen in the mapping; `labels`: folded key or label -> key.
    """
    rule = _rule(doc, keys, labels, separator)
    if rule is None:
        return clean_text(cells, doc.name, log, private=doc.name != "name")
    made = {cell: rule(cell) for cell in cells.dropna().unique()}
    each = [made[cell] if isinstance(cell, str) else Made(None) for cell in cells]
    for kind in ("repair", "warning"):
        said = np.array([getattr(m, kind) for m in each], dtype=object)
        rows = said != ""
        if rows.any() and kind == "repair":
            new = ["" if m.value is None else str(m.value) for m in each]
            log.repair(rows, doc.name, said, cells, new)
        elif rows.any():
            log.warn(rows, doc.name, cells, said)
    return pd.Series([m.value for m in each], dtype=doc.dtype, index=cells.index)


def _rule(
    doc: schema.FieldDoc, keys: Mapping[str, str], labels: Mapping[str, str], separator: str
) -> Callable[[str], Made] | None:
    """Return how a cell of a field is read, None for a free text."""
    if doc.category is not None:
        if doc.listed:
            return lambda cell: _listed(cell, keys, labels, separator)
        return lambda cell: _category(cell, keys, labels)
    if doc.listed:
        return lambda cell: Made(
            "|".join(dict.fromkeys(p.strip() for p in cell.split(separator) if p.strip()))
        )
    if doc.name == "siren":
        return _siren
    if doc.name == "website":
        return _website
    if doc.unit == "année":
        return _year
    if doc.dtype == "Int64":
        return _count
    if doc.dtype == "Float64":
        return lambda cell: _decimal(cell, doc.low, doc.high)
    return _flag if doc.dtype == "boolean" else None


def _category(cell: str, keys: Mapping[str, str], labels: Mapping[str, str]) -> Made:
    if cell in keys:
        return (
            Made(keys[cell])
            if keys[cell]
            else Made(None, warning="valeur sans équivalent dans l’atlas : inconnue")
        )
    key = labels.get(fold(cell))
    return Made(key) if key else Made(None, warning="valeur sans équivalent dans l’atlas : inconnue")


def _listed(cell: str, keys: Mapping[str, str], labels: Mapping[str, str], separator: str) -> Made:
    parts = [part.strip() for part in cell.split(separator) if part.strip()]
    found = [(part, keys.get(part) or labels.get(fold(part))) for part in parts]
    known = dict.fromkeys(key for _, key in found if key)
    lost = [quoted(part) for part, key in found if not key]
    warning = f"sans équivalent dans l’atlas : {listing(lost)}" if lost else ""
    return Made("|".join(known) or None, warning=warning)


def _siren(cell: str) -> Made:
    digits = re.sub(r"[\s\u00a0\u202f.]", "", cell)
    if is_siret(digits):
        return Made(digits[:9], repair="Siret ramené au Siren")
    if is_siren(digits):
        return Made(digits, repair="" if digits == cell else "espaces ou points retirés")
    return Made(None, warning="ce n’est pas un numéro Siren juste : inconnu")


def _website(cell: str) -> Made:
    if re.match(URL, cell) and len(cell) <= 2_000:
        return Made(cell)
    if (
        re.fullmatch(r"(?:www\.|[\w-]+\.(?:fr|org|com|net|eu|coop|io|info)\b)\S*", cell, re.IGNORECASE)
        and "@" not in cell
    ):
        return Made(f"http://{cell}", repair="http:// ajouté")
    return Made(None, warning="ce n’est pas une adresse http:// ou https:// : inconnue")


def _year(cell: str) -> Made:
    plain = cell.removesuffix(".0")
    found = re.findall(r"(?<!\d)((?:19|20)\d{2})(?!\d)", plain)
    if len(set(found)) == 1 and YEARS[0] <= int(found[0]) <= YEARS[1]:
        return Made(int(found[0]), repair="" if plain == found[0] else "année prise de la date")
    return Made(None, warning=f"ce n’est pas une année de {YEARS[0]} à {YEARS[1]} : inconnue")


def _count(cell: str) -> Made:
    plain = re.sub(r"[\s\u00a0\u202f]", "", cell)
    if _WHOLE.fullmatch(plain):
        return Made(int(re.split("[.,]", plain)[0]))
    return Made(None, warning="ce n’est pas un nombre entier : inconnu")


def _decimal(cell: str, low: float | None, high: float | None) -> Made:
    try:
        value = float(cell.replace(",", "."))
    except ValueError:
        value = float("nan")
    if (low is None or value >= low) and (high is None or value <= high) and np.isfinite(value):
        return Made(value)
    return Made(None, warning="ce n’est pas un nombre de l’étendue attendue : inconnu")


def _flag(cell: str) -> Made:
    value = _FLAGS.get(fold(cell))
    return Made(value) if value is not None else Made(None, warning="ni oui ni non : inconnu")
