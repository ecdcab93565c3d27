"""Names of organisations, compared word by word.

What two names have in common tells how much they say: « coursive boutaric » names one organisation
in France, « la fabrique » dozens. String similarity is rapidfuzz's.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from ptce_data.text import fold

#: Articles, links and legal forms: they tell nothing.
_SILENT: Final = frozenset(
    """le la les l un une de du des d et en a au aux pour par sur dans ou the of and
    association assoc asso ass loi 1901 sas sasu sarl eurl sa sci scic scop gie snc societe ste
    devenu ex anciennement dite dit""".split()
)
#: Words that so many organisations bear that they single out none.
_COMMON: Final = frozenset(
    """lab labs fab fablab fabrik fabrique fabriques factory atelier ateliers manufacture cantine coworking cowork
    working work worklab space espace espaces bureau bureaux office tiers lieu lieux place maison maisons
    centre center cite hub campus station gare halle halles usine grange ferme moulin chateau jardin jardins
    cafe ressourcerie recyclerie village collectif reseau federation union groupement cooperative coop
    pole poles cluster clusters grappe filiere ptce territorial territoriale territoires territoire economique
    economie cooperation solidaire solidaires solidarite social sociale ess innovation innovations living
    numerique digital tech developpement durable rural rurale ville commune communaute pays agglomeration
    agglo metropole departement region regional regionale nationale national local locale locales
    emploi emplois formation culture culturel culturelle associatif associative citoyen citoyenne
    services service projet projets plateforme initiative initiatives creation entreprises entreprise
    club comite amis foyer mjc csc ecole office sport sports fete fetes nord sud est ouest france
    francais francaise saint sainte st ste grand grande petit petite nouveau nouvelle
    transition transitions ecologique ecologie energie agriculture alimentaire sante jeunes jeunesse""".split()
)
#: A name that contains the other one loses this much per further word that tells something.
_PER_WORD: Final = 6.0
#: From this likeness on, two whole names differ by typing errors only.
ALIKE: Final = 88
_OTHER_NUMBER: Final = 50.0


@dataclass(frozen=True)
class Name:
    """A name as compared: its words in order, the words that single it out, and all in one text."""

    words: tuple[str, ...]
    telling: frozenset[str]
    text: str


@functools.lru_cache(maxsize=100_000)
def _folded_word(word: str) -> str:
    return fold(word)


def fold_name(value: str) -> str:
    """Return `fold(value)`, word by word: names share their words, and each is folded once."""
    parts = [_folded_word(word) for word in value.split()]
    latin = [part for part in parts if part and part[0].isalnum() and part.isascii()]
    return " ".join(latin) if latin else fold(value)


def read_name(value: str, common: frozenset[str] = frozenset()) -> Name:
    """Return a name without accents, case, legal forms and articles; `common` adds words that tell nothing."""
    return read_folded(fold(value), common)


def read_folded(folded: str, common: frozenset[str] = frozenset()) -> Name:
    """Return a name that is already without accents and case."""
    words = tuple(word for word in folded.split() if word not in _SILENT)
    telling = frozenset(w for w in words if w not in _COMMON and w not in common and len(w) > 1)
    return Name(words, telling, " ".join(sorted(words)))


def variants(value: str) -> list[str]:
    """Return the names under which an object may be paid: « Nom (ancien nom) », « Nom – devise », « Nom / Autre »."""
    inner = re.findall(r"\(([^)]*)\)", value)
    outer = re.sub(r"\([^)]*\)", " ", value)
    parts = re.split(r"\s+[–—-]\s+|\s*/\s*|\s*,\s+devenu\s+|\s*;\s*", outer)
    made = [value, outer, *parts, *inner]
    return list(dict.fromkeys(" ".join(one.split()) for one in made if len(fold(one)) > 2))


@dataclass(frozen=True)
class Likeness:
    """How alike two names are (0 to 100), and how many telling words they share."""

    score: float
    shared: int


def compare(ours: Name, theirs: Name, place_words: Iterable[str] = ()) -> Likeness:
    """Compare a name of ours with the name of a beneficiary.

    Four fifths of the score say whether the telling words of one are all in the other, the rest how
    alike the whole names are (rapidfuzz, words in any order). `place_words`, the words of the place
    of our object, count neither for nor against: everybody there bears them.
    """
    whole = fuzz.ratio(ours.text, theirs.text)
    if ours.text == theirs.text:
        return Likeness(100.0, len(ours.telling - set(place_words)))
    placed = frozenset(place_words)
    mine, other = ours.telling - placed, theirs.telling - placed
    shared = mine & other
    if shared and shared in (mine, other):
        contained = max(0.0, 100 - _PER_WORD * len(mine ^ other))
        return Likeness(0.8 * contained + 0.2 * whole, len(shared))
    if _numbers(ours) != _numbers(theirs):
        # « Lieu 13 » and « Lieu 14 » look alike, and are two places.
        whole = min(whole, _OTHER_NUMBER)
    return Likeness(whole, min(len(mine), len(other)) if whole >= ALIKE else len(shared))


def _numbers(name: Name) -> set[str]:
    return {word for word in name.words if any(c.isdigit() for c in word)}
