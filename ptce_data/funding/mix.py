"""A mix: the figures of one entity, one year and one base, and what they say together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ptce_data.funding import words
from ptce_data.funding.bases import STAGES, Amount, BaseMismatch, single_base
from ptce_data.funding.categories import CATEGORIES, PUBLIC_TOTAL, RANK, Category
from ptce_data.funding.figures import EPSILON, TOLERANCE, Figure, Share

State = Literal["complete", "partial", "single", "contradictory"]

#: State -> (label, definition), for people.
STATES: Final[dict[State, tuple[str, str]]] = {
    "complete": ("Complet", "Les parts font 100 % du total, à 0,5 % près."),
    "partial": ("Partiel", "Une partie du total est non renseignée ; elle n’est jamais comblée."),
    "single": ("Chiffre seul", "Un seul chiffre est publié."),
    "contradictory": ("Contradictoire", "Les sources se contredisent : leurs chiffres restent côte à côte."),
}
_CONFIDENCE: Final = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True)
class Entity:
    """Whose money it is. Places and types are those of the linked object; None is unknown.

    `kind` is an `entity_kind` of the data, or "budget" for a user's own. `territory_type` is computed
    for the commune, `territory_type_stated` is what a source says: never compared without saying so.
    `sample_size` is the number of organisations of a sample.
    """

    key: str
    kind: str
    name: str
    uid: str | None = None
    region_code: str | None = None
    former_region_code: str | None = None
    territory_type: str | None = None
    territory_type_stated: str | None = None
    sample_size: int | None = None

    @property
    def is_sample(self) -> bool:
        """Whether the figures are those of a survey: a line of reference, not an organisation."""
        return self.kind.endswith("_sample")


@dataclass(frozen=True)
class Part:
    """What one category brings, according to one source, or to several that agree.

    `share` is None where the total is unknown. `contradicted`: another part of the same mix gives
    another value for the same money.
    """

    category: str
    amount_eur: float | None
    share: Share | None
    figures: tuple[Figure, ...]
    contradicted: bool = False

    @property
    def scheme(self) -> Category:
        """The place of the part's category in the scheme."""
        return CATEGORIES[self.category]

    @property
    def natures(self) -> tuple[str, ...]:
        """The known natures of the money, sorted."""
        return tuple(sorted({f.nature for f in self.figures if f.nature is not None}))

    @property
    def source_ids(self) -> tuple[str, ...]:
        """The sources of the part, sorted."""
        return tuple(sorted({f.source_id for f in self.figures}))


@dataclass(frozen=True)
class Mix:
    """Figures of one entity, one year, one base. Built by `build` only.

    `parts` are cash, in the order of the scheme; `volunteer` stands beside, never in the total.
    `missing` is the share of the total that no source tells ("non renseigné"), None where sources
    contradict each other. `reasons` say in French why sources contradict each other.
    """

    id: str
    entity: Entity
    year: int | None
    base: str
    stage: str | None
    state: State
    parts: tuple[Part, ...]
    volunteer: tuple[Part, ...]
    missing: Share | None
    total: Amount | None
    figures: tuple[Figure, ...]
    reasons: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What the sources say of the base, each once."""
        return tuple(dict.fromkeys(f.note for f in self.figures if f.note))

    @property
    def source_ids(self) -> tuple[str, ...]:
        """All sources, sorted."""
        return tuple(sorted({f.source_id for f in self.figures}))

    @property
    def confidence(self) -> str:
        """The lowest confidence of the figures: a mix is as sure as its least sure part."""
        return max((f.confidence for f in self.figures), key=lambda c: _CONFIDENCE.get(c, 3))

    @property
    def has_shares(self) -> bool:
        """Whether every published part has a share: a bar of 100 % can be drawn."""
        return self.state != "contradictory" and all(p.share is not None for p in self.parts)

    @property
    def organisations(self) -> int | None:
        """How many organisations stand behind: 1, or the size of the sample (None = not told)."""
        return self.entity.sample_size if self.entity.is_sample else 1

    def __add__(self, other: object) -> Mix:
        """Refuse: mixes of several entities, years or bases have no sum."""
        if isinstance(other, Mix) and other.base != self.base:
            raise BaseMismatch((self.base, other.base))
        return NotImplemented


def build(entity: Entity, year: int | None, figures: Iterable[Figure], mix_id: str | None = None) -> Mix:
    """Put together the figures of one entity, one year and one base.

    The order of `figures` changes nothing. Raises BaseMismatch when bases, or stages (a target and
    an observation), differ; ValueError when there is no figure.
    """
    ordered = tuple(sorted(figures, key=lambda f: (RANK[f.category], f.source_id, f.id)))
    base = single_base(f.base for f in ordered)
    stages = {f.stage for f in ordered}
    if len(stages) > 1:
        said = (STAGES.get(stage or "", "constaté ou non précisé") for stage in stages)
        raise BaseMismatch(said, "d’états différents")
    total, reasons = _total(ordered)
    cash, faults = _parts([f for f in ordered if f.scheme.is_cash], total)
    volunteer, _ = _parts([f for f in ordered if not f.scheme.is_cash], None)
    reasons += faults + _overlaps(cash)
    low = math.fsum(p.share.low for p in cash if p.share is not None)
    if not any(p.contradicted for p in cash) and low > 100 + TOLERANCE + EPSILON:
        reasons.append(f"les parts publiées font plus que le total ({words.percent(low)})")
    state = _state(cash, reasons)
    return Mix(
        id=mix_id or "|".join((entity.key, str(year or "sans-date"), base)),
        entity=entity,
        year=year,
        base=base,
        stage=ordered[0].stage,
        state=state,
        parts=tuple(cash),
        volunteer=tuple(volunteer),
        missing=_missing(cash, state),
        total=None if total is None else Amount(total, base),
        figures=ordered,
        reasons=tuple(reasons),
    )


def _total(figures: Sequence[Figure]) -> tuple[float | None, list[str]]:
    """Return the total that the sources agree on, else none and the reason."""
    totals = sorted({f.total_eur for f in figures if f.total_eur is not None and f.scheme.is_cash})
    if not totals:
        return None, []
    if totals[-1] - totals[0] > totals[-1] * TOLERANCE / 100:
        return None, [f"deux totaux différents : {words.euros(totals[0])} et {words.euros(totals[-1])}"]
    return totals[0], []


def _parts(figures: Sequence[Figure], total: float | None) -> tuple[list[Part], list[str]]:
    """Return the parts in the order of the scheme, and where sources differ."""
    parts: list[Part] = []
    reasons: list[str] = []
    by_category: dict[str, dict[str, list[Figure]]] = {}
    for figure in figures:
        if figure.says_part:
            by_category.setdefault(figure.category, {}).setdefault(figure.source_id, []).append(figure)
    for category, by_source in by_category.items():
        # Lines of one source add up; what two sources say of one category does not.
        told = [_part(category, lines, total) for lines in by_source.values()]
        if all(_agree(a, b) for i, a in enumerate(told) for b in told[i + 1 :]):
            best = min(told, key=_rank)
            parts.append(
                Part(category, best.amount_eur, best.share, tuple(f for p in told for f in p.figures))
            )
            continue
        parts += [Part(p.category, p.amount_eur, p.share, p.figures, contradicted=True) for p in told]
        values = " et ".join(_said(p) for p in told)
        reasons.append(f"{CATEGORIES[category].label} : {values}, selon la source")
    reasons += [
        f"{f.scheme.label} : la part et le montant d’une même ligne ne concordent pas"
        for f in figures
        if _inconsistent(f)
    ]
    return parts, reasons


def _part(category: str, lines: Sequence[Figure], total: float | None) -> Part:
    amounts = [f.amount_eur for f in lines if f.amount_eur is not None]
    shares = [s for s in (f.share(total) for f in lines) if s is not None]
    share = None
    if len(shares) == len(lines):
        points = [s.point for s in shares if s.point is not None]
        share = Share(
            math.fsum(s.low for s in shares),
            math.fsum(s.high for s in shares),
            math.fsum(points) if len(points) == len(lines) else None,
        )
    amount = math.fsum(amounts) if len(amounts) == len(lines) else None
    return Part(category, amount, share, tuple(lines))


def _agree(one: Part, two: Part) -> bool:
    if one.share is not None and two.share is not None:
        return one.share.agrees(two.share)
    if one.amount_eur is not None and two.amount_eur is not None:
        largest = max(one.amount_eur, two.amount_eur)
        return abs(one.amount_eur - two.amount_eur) <= largest * TOLERANCE / 100 + EPSILON
    return True  # a share and an amount without a total cannot be compared


def _rank(part: Part) -> tuple[object, ...]:
    """The order in which one of several agreeing parts is chosen: known, narrow, sure, then by name."""
    width = 200.0 if part.share is None else part.share.high - part.share.low
    sure = min(_CONFIDENCE.get(f.confidence, 3) for f in part.figures)
    return (width, part.amount_eur is None, sure, part.source_ids)


def _inconsistent(figure: Figure) -> bool:
    if figure.amount_eur is None or not figure.total_eur or figure.stated is None or figure.bound:
        return False
    computed = Share.exactly(figure.amount_eur / figure.total_eur * 100)
    return not figure.stated.agrees(computed)


def _overlaps(parts: Sequence[Part]) -> list[str]:
    """Tell where one source lumps together what another one details: the two cannot be stacked."""
    reasons = []
    for lump in (p for p in parts if p.scheme.is_lump):
        for other in parts:
            if other.category == lump.category or set(other.source_ids) & set(lump.source_ids):
                continue
            if lump.category == PUBLIC_TOTAL and not other.scheme.is_public:
                continue
            reasons.append(
                f"{lump.scheme.label} et {other.scheme.label} viennent de deux sources et se recouvrent peut-être"
            )
    return reasons


def _state(cash: Sequence[Part], reasons: Sequence[str]) -> State:
    if reasons:
        return "contradictory"
    points = [p.share.point for p in cash if p.share is not None and p.share.point is not None]
    whole = abs(math.fsum(points) - 100) <= TOLERANCE + EPSILON
    if cash and len(points) == len(cash) and whole:
        return "complete"
    return "single" if len(cash) <= 1 else "partial"


def _missing(cash: Sequence[Part], state: State) -> Share | None:
    """Return what the parts leave untold of 100 %."""
    if state == "contradictory":
        return None
    if state == "complete":
        return Share.exactly(0.0)
    shares = [p.share for p in cash if p.share is not None]
    most = max(0.0, 100 - math.fsum(s.low for s in shares))
    if len(shares) < len(cash):
        return Share(0.0, most)  # an amount without a share: the total is unknown
    points = [s.point for s in shares if s.point is not None]
    least = max(0.0, 100 - math.fsum(s.high for s in shares))
    point = max(0.0, 100 - math.fsum(points)) if len(points) == len(shares) else None
    return Share(least, most, point)


def _said(part: Part) -> str:
    if part.share is None:
        return "non renseigné" if part.amount_eur is None else words.euros(part.amount_eur)
    if part.share.is_exact:
        return words.percent(part.share.high)
    return f"{words.percent(part.share.low)} à {words.percent(part.share.high)}"
