"""Numbers of legal persons as spreadsheets leave them: SIRET, SIREN and RNA."""

from __future__ import annotations

import re
from typing import Final

from ptce_data.identifiers import is_siren, is_siret
from ptce_data.scdl.parsed import Parsed, RefusedError

_RNA: Final = re.compile(r"W[0-9]{9}")
_SCIENTIFIC: Final = re.compile(r"([0-9])(?:[.,]([0-9]+))?E\+?([0-9]{1,2})", re.IGNORECASE)
_LABEL: Final = re.compile(r"^(?:n[°o]?\s*)?(?:siret|siren|rna)\s*(?:n[°o])?\s*:?\s*", re.IGNORECASE)
_WHOLE: Final = re.compile(r"([0-9]+)\.0+")
_MARKS: Final = re.compile(r"[\s.\-/_\u200b\ufeff]")
_DIGITS: Final = re.compile(r"[0-9]+")
_FORMULA: Final = re.compile(r'="(.*)"')
#: So many zeros at the end are what a spreadsheet puts for the digits it has lost.
_LOST: Final = 6


def identifier(text: str) -> Parsed:
    """Read a SIRET or a SIREN: fourteen or nine digits as text, W and nine digits for a RNA.

    The value is None for a word or a filler (« en cours », zeros). A number of the right length whose
    key is wrong is kept with a warning. Raises RefusedError when digits are lost or cannot be restored.
    """
    number, repair = _bare(text)
    if _RNA.fullmatch(number.upper()):
        return Parsed(number.upper(), "rna_deplace")
    if not _DIGITS.search(number) or len(set(number)) == 1:
        return Parsed(None, "identifiant_ecarte", "numéro absent ou fictif")
    if not _DIGITS.fullmatch(number):
        raise RefusedError("d'autres caractères que des chiffres")
    return _restored(number, repair)


def _bare(text: str) -> tuple[str, str | None]:
    """Return the number without what surrounds it, and the repair that this was."""
    plain = " ".join(text.split())
    formula = _FORMULA.fullmatch(plain)
    plain = _LABEL.sub("", (formula[1] if formula else plain).lstrip("'"))
    match = _SCIENTIFIC.fullmatch(plain)
    if match is not None:
        return _unfolded(match[1] + (match[2] or ""), int(match[3])), "notation_scientifique"
    whole = _WHOLE.fullmatch(plain)
    number = _MARKS.sub("", whole[1] if whole else plain)
    return number, None if number == text else "identifiant_reecrit"


def _unfolded(digits: str, exponent: int) -> str:
    wanted = exponent + 1
    if len(digits) < wanted:
        lost = wanted - len(digits)
        raise RefusedError(
            f"notation scientifique d'un tableur : {lost} chiffre{'s' if lost > 1 else ''} sur {wanted} "
            f"{'sont perdus' if lost > 1 else 'est perdu'}"
        )
    if set(digits[wanted:]) - {"0"}:
        raise RefusedError("notation scientifique d'un nombre qui n'est pas entier")
    return digits[:wanted]


def _restored(number: str, repair: str | None) -> Parsed:
    """Return a number of digits as a SIRET or a SIREN."""
    length = len(number)
    if length == 14:
        if number.endswith("0" * _LOST):
            raise RefusedError("les derniers chiffres ont été remplacés par des zéros (tableur)")
        if number.endswith("00000"):
            if not is_siren(number[:9]):
                raise RefusedError("numéro d'établissement 00000, et Siren dont la clé est fausse")
            return Parsed(number[:9], "siren_sans_nic")
        return Parsed(number, repair, None if is_siret(number) else _wrong_key("SIRET"))
    if length == 9:
        return Parsed(number, repair, None if is_siren(number) else _wrong_key("Siren"))
    for full, holds in ((14, is_siret), (9, is_siren)):
        if full - 2 <= length < full:
            padded = number.zfill(full)
            if holds(padded):
                return Parsed(padded, "zeros_de_tete")
            raise RefusedError(
                f"{length} chiffres au lieu de {full}, et les zéros de tête rétablis ne donnent pas de clé juste"
            )
    raise RefusedError(f"{length} chiffre{'s' if length > 1 else ''} au lieu de 14 (SIRET) ou 9 (Siren)")


def _wrong_key(kind: str) -> str:
    return f"clé de contrôle du {kind} fausse : le numéro ne sert pas au rapprochement"


def rna(text: str) -> Parsed:
    """Read a RNA number (W and nine digits); anything else is unknown, with a warning."""
    number = re.sub(r"[\s.\-]", "", text).upper()
    if _RNA.fullmatch(number):
        return Parsed(number, None if number == text else "identifiant_reecrit")
    return Parsed(None, None, "ce n’est pas un numéro RNA (W et neuf chiffres) : lu comme inconnu")
