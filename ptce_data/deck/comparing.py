"""A deck that sets two to ten regions side by side."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ptce_data import regional
from ptce_data.deck import words
from ptce_data.deck.model import Deck, new
from ptce_data.deck.ready import DeckError, Maker
from ptce_data.deck.words import how, joined

if TYPE_CHECKING:
    from ptce_data.load import Dataset

MOST: Final = 10
#: Regions whose own map is shown; above, the deck would be too long.
_MAPS: Final = 4
_GROUPS: Final = {
    "territoire": "population, superficie et densité",
    "types": "la population par type de territoire",
    "objets": "pôles, tiers-lieux et clusters rapportés aux habitants",
    "poles-famille": "les pôles par famille d’activité",
}


def compare(dataset: Dataset, codes: Sequence[str], *, today: datetime.date | None = None) -> Deck:
    """Return a deck on two to ten regions. Raises DeckError for fewer, more or unknown ones."""
    wanted = list(dict.fromkeys(codes))
    known = set(dataset.regions["region_code"])
    lost = [c for c in wanted if c not in known]
    if lost:
        raise DeckError(f"Aucune région n’a le code {joined(f'« {c[:20]} »' for c in lost[:5])}.")
    if not 2 <= len(wanted) <= MOST:
        raise DeckError(f"Choisissez deux à dix régions à comparer ; vous en avez donné {len(wanted)}.")
    names = regional.names(dataset, "regions")
    listed = [str(names.loc[c, "name"]) for c in wanted]
    said = joined(listed) if len(listed) <= 4 else f"{len(listed)} régions"
    made = Maker()
    poles = {c: words.objects(dataset, c)["pole"] for c in wanted}
    first = max(wanted, key=lambda c: (poles[c], -wanted.index(c)))
    for group, label in _GROUPS.items():
        title = f"{words.capital(label)} : {said}"
        if group == "objets" and poles[first]:
            where = str(names.loc[first, "locative"])
            title = f"C’est {where} que l’atlas documente le plus de pôles ({poles[first]}), devant {joined(str(names.loc[c, 'name']) for c in wanted if c != first) if len(wanted) <= 4 else 'les autres régions'}"  # fmt: skip
            if sum(poles[c] == poles[first] for c in wanted) > 1:
                title = f"Pôles, tiers-lieux et clusters rapportés aux habitants : {said}"
        made.add(
            "regions", {"section": "comparer", "niveau": "regions", "region": wanted, "groupe": group}, title,
            notes=how("« documentés », et rapportés aux habitants ; ce n’est pas un classement.", words.PARTIAL),
        )  # fmt: skip
    for code in wanted[:_MAPS]:
        counts = words.objects(dataset, code)
        where = str(names.loc[code, "locative"])
        made.add(
            "carte", {"region": code}, f"{words.capital(where)}, l’atlas documente {words.kinds(counts)}",
            regional.profile(dataset, "regions", code)[1], how(f"« documentés {where} ».", words.PARTIAL),
        )  # fmt: skip
    made.add(
        "dispositifs", {"section": "matrice", "region": wanted, "sans_national": "1"},
        f"Où l’aide régionale et locale est documentée : {said}",
        notes=how("un tiret veut dire : aucune source lue n’en parle.", words.SCHEMES),
    )  # fmt: skip
    made.add(
        "regions", {"section": "cartes", "niveau": "regions", "carte": "objets"},
        "Ces régions parmi les autres", notes=how("resituer avant de conclure.", words.PARTIAL),
    )  # fmt: skip
    made.add("financements", {"section": "public"}, notes=how("dire « documentés ».", words.MONEY))
    return new(f"Comparer {said}", today or datetime.date.today(), made.scenes)
