"""SIREN and SIRET numbers: the key that tells a mistyped number from a real one.

Both end with a Luhn key (Insee, répertoire Sirene). The establishments of La Poste are the one
exception: the sum of the digits of their SIRET is a multiple of five.
"""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

SIREN: Final = re.compile(r"[0-9]{9}")
SIRET: Final = re.compile(r"[0-9]{14}")
_LA_POSTE: Final = "356000000"
#: A digit doubled, its two digits added.
_DOUBLED: Final = bytes.maketrans(b"0123456789", b"0246813579")


def key_holds(number: str) -> bool:
    """Tell whether the Luhn key of `number` (digits only) holds."""
    codes = number.encode("ascii")
    total = sum(codes[-1::-2]) + sum(codes[-2::-2].translate(_DOUBLED))
    return (total - len(codes) * ord("0")) % 10 == 0


def is_siren(number: str) -> bool:
    """Tell whether `number` is nine digits, not all zero, whose key holds."""
    return SIREN.fullmatch(number) is not None and int(number) > 0 and key_holds(number)


def is_siret(number: str) -> bool:
    """Tell whether `number` is fourteen digits whose keys hold: its own and that of its SIREN."""
    if SIRET.fullmatch(number) is None or not is_siren(number[:9]):
        return False
    if number.startswith(_LA_POSTE) and sum(map(int, number)) % 5 == 0:
        return True
    return key_holds(number)


def sirens_hold(numbers: pd.Series) -> pd.Series:
    """Tell, cell by cell, whether a SIREN is unknown or right: text in, `bool` out, same index."""
    return numbers.map(lambda number: not isinstance(number, str) or is_siren(number)).astype(bool)
