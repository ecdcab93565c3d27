"""Measures of a mix, each with its definition, computed only where the mix allows it.

A measure has a value only when the figures leave no doubt. Otherwise it has bounds where the figures
give some, and always the reason. Nothing is assumed of the missing part.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ptce_data.funding import words
from ptce_data.funding.bases import NO_SHARE
from ptce_data.funding.categories import PUBLIC_TOTAL, Category
from ptce_data.funding.figures import EPSILON, Share
from ptce_data.funding.mix import Mix, Part

Unit = Literal["%", "financeurs", "points"]
_TOP: Final = 10_000.0  # HHI of a single resource
_CONTRADICTED: Final = "les sources se contredisent"
_NO_TOTAL: Final = "le total n’est pas connu"
_NO_MONEY: Final = "aucune ressource en argent"


@dataclass(frozen=True)
class Measure:
    """One measure: `value` when it is certain, else `low` and/or `high` when known, and the `reason`.

    `unit` is "%", "financeurs" or "points" (HHI, 0 to 10,000). `reason` is None with a value, except
    where the value is the one that the source itself publishes.
    """

    name: str
    label: str
    definition: str
    unit: Unit
    value: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str | None = None

    @property
    def is_computable(self) -> bool:
        """Whether there is one certain value; "non calculable" is shown otherwise."""
        return self.value is not None


#: name -> (label, definition, unit), in the order of display.
DEFINITIONS: Final[dict[str, tuple[str, str, Unit]]] = {
    "part_publique": (
        "Part publique",
        "Subventions publiques (commune ou intercommunalité, Département, Région, État, Union européenne, "
        "ou sans détail) rapportées au total en argent. Les marchés publics n’en sont pas : ils paient un travail.",
        "%",
    ),
    "premier_financeur": (
        "Dépendance au premier financeur",
        "Part du total en argent qui vient du plus gros financeur extérieur. Un financeur est ici un échelon "
        "public, ou l’ensemble des financeurs privés ; les ressources propres et les emprunts n’en sont pas.",
        "%",
    ),
    "nombre_financeurs": (
        "Nombre de financeurs",
        "Nombre d’échelons publics, plus un pour le privé, qui apportent de l’argent. Plusieurs communes ou "
        "plusieurs fondations comptent pour un.",
        "financeurs",
    ),
    "concentration": (
        "Concentration (HHI)",
        "Somme des carrés des parts, en pour cent, de chaque catégorie de ressources en argent : 10 000 pour une "
        "seule ressource, 2 000 pour cinq ressources égales.",
        "points",
    ),
    "ressources_propres": (
        "Ressources propres",
        "Cotisations des membres, prestations, loyers, ventes et marchés publics, rapportés au total en argent.",
        "%",
    ),
}


def measures(mix: Mix) -> list[Measure]:
    """Return the five measures of `mix`, in the order of `DEFINITIONS`."""
    if mix.state == "contradictory":
        return _nothing(f"{_CONTRADICTED} : {words.join(mix.reasons)}")
    if mix.base in NO_SHARE:
        # Funders can be counted all the same, as far as they are named.
        count = _made("nombre_financeurs", None, _funders(mix).low, None, NO_SHARE[mix.base])
        return [count if m.name == count.name else m for m in _nothing(NO_SHARE[mix.base])]
    return [_public(mix), _first_funder(mix), _funders(mix), _concentration(mix), _own(mix)]


def measure(mix: Mix, name: str) -> Measure:
    """Return one measure by its name. Raises KeyError for an unknown name."""
    return {m.name: m for m in measures(mix)}[name]


def empty(reason: str) -> list[Measure]:
    """Return the five measures without a value, for one reason (a year without resources…)."""
    return _nothing(reason)


def _nothing(reason: str) -> list[Measure]:
    return [Measure(name, *texts, reason=reason) for name, texts in DEFINITIONS.items()]


def _public(mix: Mix) -> Measure:
    public = [p for p in mix.parts if p.scheme.is_public]
    if [p.category for p in public] == [PUBLIC_TOTAL] and public[0].share is not None:
        # What a source gives without detail is, by definition, all the public money it knows of.
        reason = None if mix.state == "complete" else "part publiée telle quelle par la source"
        return _result("part_publique", public[0].share, mix, published=reason, doubt=())
    doubt = [p for p in mix.parts if p.scheme.is_public is None]
    return _result("part_publique", _share_of(mix, lambda c: c.is_public), mix, doubt=doubt)


def _own(mix: Mix) -> Measure:
    doubt = [p for p in mix.parts if p.scheme.is_own_resource is None]
    return _result("ressources_propres", _share_of(mix, lambda c: c.is_own_resource), mix, doubt=doubt)


def _share_of(mix: Mix, belongs: Callable[[Category], bool | None]) -> Share | None:
    """Bounds of the share of the parts that belong, whatever the unknown ones are."""
    if any(p.share is None for p in mix.parts) or not mix.parts or mix.missing is None:
        return None
    sure = [_known(p) for p in mix.parts if belongs(p.scheme) is True]
    perhaps = [_known(p) for p in mix.parts if belongs(p.scheme) is None]
    others = [_known(p) for p in mix.parts if belongs(p.scheme) is False]
    low = math.fsum(s.low for s in sure)
    most = math.fsum(s.high for s in (*sure, *perhaps, mix.missing))
    # What surely is something else cannot be this, whatever the ranges are.
    high = max(low, min(most, 100.0 - math.fsum(s.low for s in others)))
    if high - low <= EPSILON or (mix.state == "complete" and not perhaps and _exact(sure)):
        return Share.exactly(low)
    return Share(low, high)


def _first_funder(mix: Mix) -> Measure:
    if any(p.share is None for p in mix.parts) or mix.missing is None or not mix.parts:
        return _result("premier_financeur", None, mix)
    single = [_known(p) for p in mix.parts if p.scheme.is_funder and not p.scheme.is_lump]
    hidden = [_known(p) for p in mix.parts if p.scheme.is_lump]
    low = max((s.low for s in single), default=0.0)
    # At the most, all that is unknown comes from one funder that is not among the known ones.
    unknown = math.fsum(s.high for s in (*hidden, mix.missing))
    high = min(100.0, max([*(s.high for s in single), unknown]))
    return _result("premier_financeur", Share(low, high, low if high - low <= EPSILON else None), mix)


def _funders(mix: Mix) -> Measure:
    funders = [p for p in mix.parts if p.scheme.is_funder and _positive(p)]
    doubt = [p for p in mix.parts if p.scheme.is_lump and _positive(p)]
    low = float(len(funders))
    if not mix.parts:
        return _made("nombre_financeurs", None, None, None, _why(mix))
    if mix.state == "complete" and not doubt:
        return _made("nombre_financeurs", low, low, low, None)
    return _made("nombre_financeurs", None, low or None, None, _why(mix))


def _concentration(mix: Mix) -> Measure:
    shares = [(p, p.share) for p in mix.parts if p.share is not None]
    if len(shares) < len(mix.parts) or not shares or mix.missing is None:
        return _result("concentration", None, mix)
    low = math.fsum(s.low**2 for p, s in shares if not p.scheme.is_lump)
    high = math.fsum(s.high**2 for _, s in shares) + mix.missing.high**2
    low, high = min(low, _TOP), min(high, _TOP)
    return _result("concentration", Share(low, high, low if high - low <= EPSILON else None), mix, top=_TOP)


def _known(part: Part) -> Share:
    assert part.share is not None
    return part.share


def _exact(shares: Iterable[Share]) -> bool:
    return all(s.is_exact for s in shares)


def _positive(part: Part) -> bool:
    """Whether the part surely brings money; a published zero does not."""
    if part.share is not None:
        return part.share.low > EPSILON
    return part.amount_eur is None or part.amount_eur > 0


def _result(
    name: str,
    share: Share | None,
    mix: Mix,
    *,
    top: float = 100.0,
    published: str | None = None,
    doubt: Sequence[Part] | None = None,
) -> Measure:
    if share is None or (share.low <= EPSILON and share.high >= top - EPSILON):
        return _made(name, None, None, None, _why(mix, doubt))
    # Rounded parts, or the tops of several ranges, may add up to a little more than the whole.
    low, high = min(share.low, top), min(share.high, top)
    if share.is_exact:
        return _made(name, high, high, high, published)
    if published is not None:
        return _made(name, None, low, high, f"{published}, en fourchette")
    return _made(name, None, low, high, _why(mix, doubt))


def _made(
    name: str, value: float | None, low: float | None, high: float | None, reason: str | None
) -> Measure:
    return Measure(name, *DEFINITIONS[name], value=value, low=low, high=high, reason=reason)


def _why(mix: Mix, doubt: Sequence[Part] | None = None) -> str:
    """Say what keeps a measure of `mix` from having one value.

    `doubt` are the parts that may or may not count; by default all that hide several funders.
    """
    reasons = []
    if not mix.parts:
        return _NO_MONEY if mix.total is None or mix.total.eur == 0 else "aucune part n’est publiée"
    if any(p.share is None for p in mix.parts):
        return _NO_TOTAL
    missing = mix.missing
    if missing is not None and missing.high > EPSILON:
        size = words.percent(missing.high) if missing.is_exact else f"jusqu’à {words.percent(missing.high)}"
        reasons.append(f"{size} du total non renseigné")
    doubt = [p for p in mix.parts if p.scheme.is_lump] if doubt is None else doubt
    lumps = [p.scheme.label for p in doubt if _positive(p)]
    if lumps:
        reasons.append(f"« {' » et « '.join(lumps)} » sans détail")
    if any(p.share is not None and not p.share.is_exact for p in mix.parts):
        reasons.append("la source donne une fourchette ou une borne")
    return words.join(reasons) or "les chiffres publiés ne suffisent pas"
