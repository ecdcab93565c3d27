"""Text files with separators: encoding, records and their lines, whatever a broken quote does."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from ptce_data.scdl.broken import UnreadableError

SEPARATORS: Final = (";", ",", "\t", "|")
#: A quoted cell runs over no more lines than this: beyond, its closing quote is missing.
_MAX_SPAN: Final = 100
_TWICE: Final = ("Ã©", "Ã¨", "Ã ")
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def decode(name: str, content: bytes) -> tuple[str, str]:
    """Return the text of a file and the name of its encoding.

    UTF-8 with or without BOM, UTF-16 with BOM, else Windows-1252. A text that was encoded twice
    (« Ã© » for « é ») is put right when that works for all of it. Raises UnreadableError for a
    binary file.
    """
    if content.startswith(_UTF16):
        try:
            return content.decode("utf-16"), "utf-16"
        except UnicodeDecodeError:
            raise UnreadableError(name, "fichier UTF-16 abîmé") from None
    if b"\0" in content:
        raise UnreadableError(name, "ce n’est ni un texte ni un classeur")
    bom = content.startswith(b"\xef\xbb\xbf")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if bom:
            raise UnreadableError(name, "fichier annoncé en UTF-8 (BOM), qui n’en est pas") from None
        text = content.decode("windows-1252", errors="replace")
        lost = text.count("\ufffd")
        return text, f"windows-1252, {lost} caractère(s) illisible(s)" if lost else "windows-1252"
    if any(mark in text for mark in _TWICE):
        try:
            return text.encode("windows-1252").decode("utf-8"), "utf-8 encodé deux fois"
        except UnicodeError:
            pass
    return text, "utf-8-sig" if bom else "utf-8"


def physical_lines(text: str) -> list[str]:
    """Return the lines of a text, ended by CR, LF or both, with their ends."""
    return list(io.StringIO(text, newline=""))


class _Feed:
    """Lines for the CSV reader, never more than `_MAX_SPAN` beyond the start of its record."""

    def __init__(self, lines: list[str], start: int) -> None:
        self.lines, self.at = lines, start
        self.stop = start + _MAX_SPAN

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self.at >= len(self.lines) or self.at >= self.stop:
            raise StopIteration
        self.at += 1
        return self.lines[self.at - 1]


def records(
    lines: list[str], separator: str, start: int, width: int | None
) -> Iterator[tuple[int, list[str], str | None]]:
    """Yield the line (1 = first), the cells and the fault (None: sound) of each record from `start` on.

    Where a quote is wrong, or a record over several lines does not have `width` cells or holds a
    whole row in a text, only the first of its lines is given as faulty, and reading goes on at the
    next one: a stray quote swallows nothing.
    """
    at = start
    while at < len(lines):
        feed = _Feed(lines, at)
        reader = csv.reader(feed, delimiter=separator, strict=True)
        try:
            for cells in reader:
                if feed.at - at > 1 and width is not None:
                    _check_span(lines[at : feed.at], len(cells), separator, width)
                yield at + 1, cells, None
                at = feed.at
                feed.stop = at + _MAX_SPAN
            if feed.at >= len(lines):
                return
        except csv.Error as error:
            large = "field larger" in str(error)
            why = "cellule de plus de 131 072 caractères" if large else "guillemet mal fermé ou mal placé"
            yield at + 1, [lines[at].rstrip("\r\n")], why
            at += 1


def _check_span(taken: list[str], cells: int, separator: str, width: int) -> None:
    """Raise csv.Error when a record over several lines has too few cells, or holds what looks like a row."""
    counts = [line.count(separator) for line in taken]
    swallowed = max(counts[1:]) >= width - 1 and sum(counts) >= 2 * (width - 1)
    if cells < width or (width > 2 and swallowed):
        raise csv.Error("guillemet")


def span(lines: list[str], separator: str, start: int) -> int:
    """Return the number of lines of the record at index `start` (1 when it is faulty)."""
    feed = _Feed(lines, start)
    try:
        next(csv.reader(feed, delimiter=separator, strict=True), None)
    except csv.Error:
        return 1
    return feed.at - start
