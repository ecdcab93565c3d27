"""All the files of a study: PDF, DOCX, tables, layers. One that fails is named and takes no other with it."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Final

from ptce_ui import text
from ptce_ui.exports import document as engine
from ptce_ui.exports.document import Document
from ptce_ui.exports.report.build import Progress, compose, silent, steps
from ptce_ui.exports.report.facts import Facts, gather
from ptce_ui.exports.report.layers import geopackage
from ptce_ui.exports.report.studio import Kind
from ptce_ui.exports.report.tables import workbook
from ptce_ui.text import NBSP

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_data.study import Study

#: Format -> (end of the file's name, name of the step).
FORMATS: Final[dict[str, tuple[str, str]]] = {
    "pdf": (".pdf", "Mise en page du PDF"),
    "docx": (".docx", "Écriture du document Word"),
    "xlsx": ("-tableaux.xlsx", "Classeur des tableaux"),
    "gpkg": ("-couches.gpkg", "Couches géographiques"),
}
_NOUNS: Final = {
    "pdf": "le PDF",
    "docx": "le document Word (DOCX)",
    "xlsx": "le classeur (XLSX)",
    "gpkg": "les couches (GPKG)",
}

#: One report at a time: drawing holds the interpreter, and several at once would be slower for their users
#: and for everybody else's pages (measured: 3 at once end together after 16 s, in turn after 4, 8 and 11 s).
_TURN: Final = threading.Lock()
#: Seconds between two words to who waits for it.
_PATIENCE: Final = 0.5


class ReportError(ValueError):
    """Some documents could not be made; str() is one French sentence.

    `made`: the files that could, by name. `failed`: format -> reason, in French.
    """

    def __init__(self, sentence: str, failed: dict[str, str], made: dict[str, bytes]) -> None:
        self.failed = failed
        self.made = made
        super().__init__(sentence)


def names(study: Study) -> dict[str, str]:
    """Format -> name of its file."""
    # The usual title begins with the word already.
    stem = f"etude-{text.slug(study.title).removeprefix('etude-')}"
    return {key: stem + ending for key, (ending, _) in FORMATS.items()}


def documents(
    dataset: Dataset,
    study: Study,
    *,
    today: datetime.date,
    only: Sequence[str] = tuple(FORMATS),
    progress: Progress | None = None,
) -> dict[str, bytes]:
    """Return the files asked for, by name. The same study, data and day give the same bytes.

    `progress(step, total, label)` is called as each step begins, and once at the end. Raises ReportError
    for an unknown format, or when a format fails: the others are in its `made`.
    """
    unknown = [f for f in only if f not in FORMATS]
    if unknown or not only:
        said = ", ".join(map(str, unknown)) or "aucun"
        raise ReportError(f"Formats attendus, parmi {', '.join(FORMATS)}{NBSP}; reçu{NBSP}: {said}.", {}, {})
    wanted = [f for f in FORMATS if f in only]
    tell = progress or silent
    total = 1 + (len(steps(study)) if {"pdf", "docx"} & set(wanted) else 0) + len(wanted)
    while not _TURN.acquire(timeout=_PATIENCE):
        # Told again and again: whoever waits may give up here.
        tell(0, total, "En attente : un autre document se prépare")
    try:
        made, failed = _all(dataset, study, today, wanted, total, tell)
    finally:
        _TURN.release()
    tell(total, total, "Documents prêts" if not failed else "Documents prêts, sauf un ou plusieurs")
    if failed:
        listed = " ; ".join(f"{_NOUNS[key]}{NBSP}: {why}" for key, why in failed.items())
        many = (
            "Ces documents n’ont pas pu être faits" if len(failed) > 1 else "Ce document n’a pas pu être fait"
        )
        raise ReportError(f"{many}{NBSP}– {listed}", failed, made)
    return made


def _all(
    dataset: Dataset, study: Study, today: datetime.date, wanted: Sequence[str], total: int, tell: Progress
) -> tuple[dict[str, bytes], dict[str, str]]:
    """The files by name, and format -> reason for those that failed."""
    written = bool({"pdf", "docx"} & set(wanted))
    parts = total - 1 - len(wanted)
    tell(0, total, "Lecture du périmètre et des données")
    facts = gather(dataset, study, today)
    failed: dict[str, str] = {}
    document = (
        _composed(facts, wanted, lambda n, label: tell(n + 1, total, label), failed) if written else None
    )
    made: dict[str, bytes] = {}
    called = names(study)
    for at, key in enumerate(wanted):
        if key in failed:
            continue
        tell(1 + parts + at, total, FORMATS[key][1])
        try:
            made[called[key]] = _made(key, facts, document)
        except Exception as error:  # whatever breaks in a writer must not take the other files with it
            failed[key] = _reason(error)
    return made, failed


def _composed(
    facts: Facts, wanted: Collection[str], tell: Callable[[int, str], None], failed: dict[str, str]
) -> Document | None:
    """The document that PDF and DOCX share, its pictures drawn once each; None where it cannot be written."""
    kinds: tuple[Kind, ...] = tuple(k for k, f in (("svg", "pdf"), ("png", "docx")) if f in wanted)  # type: ignore[misc]
    try:
        return compose(facts, kinds, tell)
    except Exception as error:  # tables and layers can still be made
        failed.update(dict.fromkeys([f for f in ("pdf", "docx") if f in wanted], _reason(error)))
        return None


def _made(key: str, facts: Facts, document: Document | None) -> bytes:
    if key == "xlsx":
        return workbook(facts)
    if key == "gpkg":
        content = geopackage(facts)
        if not content:
            raise ValueError("le périmètre n’est pas choisi, il n’y a pas de couche à écrire.")
        return content
    assert document is not None
    return engine.to_pdf(document) if key == "pdf" else engine.to_docx(document)


def _reason(error: Exception) -> str:
    said = (
        getattr(error, "reason", None)
        or getattr(error, "sentence", None)
        or (str(error) if type(error) is ValueError else "")
    )
    return said or f"erreur inattendue ({type(error).__name__})."
