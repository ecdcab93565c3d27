"""The words of the glossary, and where they stand in a text: first occurrences, longest word first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data.text import fold, split_codes

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: What is not prose, in Markdown as in plain text: links and images, code, tags, addresses, icons.
_NOT_PROSE: Final = (
    r"!?(?<!\\)\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])?|`[^`]*`|<[^>\n]*>|:[a-z]+/\w+:|(?m:^\#{1,6}\ .*$)"
    r"|(?<!\S)\S*[/?=_&@]\S*|\bwww\.\S+"
)
_BLANKS: Final = "[ \u00a0\u202f]+"
_WORD: Final = re.compile(r"[^\W_]+|[^\w\s]|_|\s+")
#: Letters that a word keeps when it is an abbreviation: only capitals say PTCE, CAE, LEADER.
_CAPITALS: Final = re.compile(r"[A-ZÉÈ]{2,}")


@dataclass(frozen=True)
class Term:
    """A word: `forms` begins with the word itself; `source_id` or `method` says who defines it.

    `see_page` is a page of the atlas as its address names it (`carte`, `etude?section=acces`).
    """

    id: str
    term: str
    forms: tuple[str, ...]
    definition: str
    is_linked: bool
    related_ids: tuple[str, ...]
    see_page: str | None
    method: str | None
    source_id: str | None


@dataclass(frozen=True)
class Found:
    """A word in a text: from `start` to `end`, as in a slice."""

    start: int
    end: int
    term: Term


class Glossary:
    """All words, by id in alphabetical order; immutable. Safe to share between threads."""

    def __init__(self, terms: Iterable[Term]) -> None:
        ordered = sorted(terms, key=lambda term: fold(term.term))
        self.terms: Final[dict[str, Term]] = {term.id: term for term in ordered}

    @classmethod
    def of(cls, dataset: Dataset) -> Glossary:
        """The glossary of a data set; without words where the table could not be read."""
        return cls(_term(row) for _, row in dataset.glossary.iterrows())

    @cached_property
    def _pattern(self) -> tuple[re.Pattern[str], list[Term]]:
        pairs = [(form, term) for term in self.terms.values() if term.is_linked for form in term.forms]
        # Where two words begin at the same place, the longer one is meant.
        pairs.sort(key=lambda pair: len(pair[0]), reverse=True)
        words = [f"({_form(form)})" for form, _ in pairs]
        inside = "|".join(words) or r"(?!)"
        return re.compile(rf"{_NOT_PROSE}|(?<![\w.@/-])(?:{inside})(?![\w@/-]|[.+]\w)"), [t for _, t in pairs]

    @cached_property
    def _labels(self) -> dict[str, Term]:
        return {_singular(fold(form)): term for term in self.terms.values() for form in term.forms}

    def find(self, text: str) -> list[Found]:
        """The first occurrence of each linked word, in the order of the text.

        Links, code, tags, addresses and headings of Markdown are left alone. Plural and feminine forms
        count (`tiers-lieux`, `désindustrialisées`), abbreviations as they are written (`PTCE`, never `ptce`).
        """
        pattern, terms = self._pattern
        seen: set[str] = set()
        found = []
        for match in pattern.finditer(text):
            if match.lastindex is None:
                continue
            term = terms[match.lastindex - 1]
            if term.id not in seen:
                seen.add(term.id)
                found.append(Found(match.start(), match.end(), term))
        return found

    def named(self, label: str) -> Term | None:
        """The word that a label is, whole: a heading of a column, the name of a field; singular or plural."""
        return self._labels.get(_singular(fold(label)))

    def search(self, text: str) -> list[Term]:
        """The words that hold all words of `text`: those that are so named first, then in their definition."""
        wanted = fold(text).split()
        if not wanted:
            return list(self.terms.values())
        by_name = [t for t in self.terms.values() if _holds(" ".join(t.forms), wanted)]
        by_text = [t for t in self.terms.values() if _holds(" ".join((*t.forms, t.definition)), wanted)]
        return list(dict.fromkeys([*by_name, *by_text]))


def _term(row: pd.Series) -> Term:
    def known(name: str) -> str | None:
        return str(row[name]) if isinstance(row[name], str) else None

    return Term(
        id=str(row["id"]),
        term=str(row["term"]),
        forms=(str(row["term"]), *split_codes(row["other_forms"])),
        definition=str(row["definition"]),
        is_linked=bool(row["is_linked"]),
        related_ids=split_codes(row["related_ids"]),
        see_page=known("see_page"),
        method=known("method"),
        source_id=known("source_id"),
    )


def _holds(text: str, wanted: list[str]) -> bool:
    folded = fold(text)
    return all(word in folded for word in wanted)


def _singular(folded: str) -> str:
    return " ".join(re.sub(r"[sx]$", "", re.sub(r"aux$", "al", word)) for word in folded.split())


def _form(form: str) -> str:
    """The pattern of one form: any blank, either apostrophe, an escaped hyphen, plural and feminine."""
    exact = bool(_CAPITALS.search(form))
    made = "".join(_token(token) for token in _WORD.findall(form))
    return made if exact else f"(?i:{made})"


def _token(token: str) -> str:
    if token.isspace():
        return _BLANKS
    if token in "'’":
        return "['’]"
    if token in "-–":
        return r"\\?[-–]"
    if not token.isalpha() or _CAPITALS.search(token):
        return re.escape(token)
    return _inflected(token)


def _inflected(word: str) -> str:
    """A word with its plural and its feminine; short words and invariable ones as they are."""
    if len(word) < 4 or word[-1] in "sxz":
        return re.escape(word)
    if word.endswith("al"):
        return re.escape(word[:-1]) + "(?:l|le|ux|les)"
    if word.endswith("e"):
        return re.escape(word) + "s?"
    return re.escape(word) + "e?[sx]?"
