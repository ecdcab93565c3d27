"""Values that the formats do not have, proposed from words and marked as proposed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ptce_data.text import fold

CALL, FUNDING = "appels_a_projets", "accompagnement_financement"
_TARGETS: Final = {
    "ptce": re.compile(r"\b(?:ptce|poles? territori(?:al|aux) de cooperation economique)\b"),
    "tiers_lieux": re.compile(r"\btiers lieux?\b"),
    "fablab": re.compile(r"\bfab ?labs?\b"),
    "living_lab": re.compile(r"\bliving ?labs?\b"),
    "clusters": re.compile(r"\b(?:clusters?|grappes? d entreprises)\b"),
    "ess": re.compile(r"\b(?:ess|economie sociale et solidaire|economie sociale solidaire)\b"),
    "innovation_sociale": re.compile(r"\binnovations? sociales?\b"),
}
#: How the name of an institution tells its level, first match.
_LEVELS: Final = (
    ("ue", re.compile(r"^(?:commission europeenne|union europeenne)\b")),
    ("departement", re.compile(r"^(?:conseil departemental|departement|collectivite europeenne d alsace)\b")),
    ("region", re.compile(r"^(?:conseil regional|region|collectivite de corse|collectivite territoriale de)\b")),
    ("epci", re.compile(r"^(?:cc|ca|cu|communaute (?:de communes|d agglomeration|urbaine)|ville|commune|metropole|syndicat mixte)\b|\bmetropole$")),
    ("etat", re.compile(r"^(?:etat|ministere|secretariat d etat|prefectures?|ademe|anct|agence nationale|banque des territoires|caisse des depots)\b")),
)  # fmt: skip
_CALL: Final = re.compile(r"\b(?:appels? a (?:projets?|manifestations? d interet)|aap|ami)\b")
#: Kind of aid as the two formats name it (folded) -> ours; None: neither of ours.
KINDS: Final[dict[str, str | None]] = {
    "grant": "subvention", "subvention": "subvention",
    "loan": "pret", "pret": "pret", "recoverable advance": "pret", "avance recuperable": "pret", "avance remboursable": "pret",
    "technical engineering": "ingenierie", "financial engineering": "ingenierie", "legal engineering": "ingenierie",
    "ingenierie": "ingenierie", "ingenierie technique": "ingenierie", "ingenierie financiere": "ingenierie",
    "ingenierie juridique": "ingenierie", "ingenierie juridique administrative": "ingenierie",
    "ingenierie juridique et administrative": "ingenierie", "accompagnement": "ingenierie",
    "garantie": "garantie", "prise de participation": "prise_de_participation",
    "cee": None, "certificat d economie d energie": None, "certificat d economie d energie cee": None,
    "certificats d economie d energie cee": None, "other": None, "autre": None, "autre aide financiere": None,
    "financement": None,
}  # fmt: skip


def targets(texts: Iterable[str]) -> str | None:
    """Return the targets whose words are in the texts, separated by « | », None for none."""
    words = fold(" . ".join(texts))
    found = [value for value, pattern in _TARGETS.items() if pattern.search(words)]
    return "|".join(found) or None


def level(operators: Iterable[str]) -> str | None:
    """Return the level that the names of all operators tell, None when one is silent or they differ."""
    found = {_level(fold(name)) for name in operators}
    return found.pop() if len(found) == 1 else None


def _level(name: str) -> str | None:
    return next((value for value, pattern in _LEVELS if pattern.search(name)), None)


def category(title: str, is_call: bool | None = None) -> tuple[str, str]:
    """Return a proposed category and why."""
    if is_call:
        return CALL, "appel à projets ou à manifestation d’intérêt, dit la fiche"
    if _CALL.search(fold(title)):
        return CALL, "appel, dit le titre"
    return FUNDING, "par défaut"


def funding_kind(types: Iterable[str]) -> tuple[str | None, tuple[str, ...]]:
    """Return our kind of aid (« mixte » for several) and the types that we do not know."""
    words = [(one, fold(one)) for one in types if fold(one) != "information"]
    kinds = {KINDS[word] for _, word in words if word in KINDS}
    unknown = tuple(one for one, word in words if word not in KINDS)
    if kinds <= {None}:
        return None, unknown
    return (kinds.pop() if len(kinds) == 1 else "mixte"), unknown
