"""How one scheme answers one project, criterion by criterion. The points are those of `rules`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ptce_data.funding.words import NBSP, euros, join, percent
from ptce_data.schemes import dates, words
from ptce_data.schemes.project import Place, Project
from ptce_data.schemes.rules import BY_CODE, BY_DEFINITION_POINTS, DIRECT, PUBLICS
from ptce_data.text import split_codes

Row = Mapping[str, Any]
_LEVEL_OF: Final = {
    "REG": "regions",
    "ANCREG": "former_regions",
    "DEP": "departements",
    "EPCI": "epci",
    "COM": "communes",
}
#: Facts whose absence is listed in one sentence: field -> noun.
_ABSENT: Final = {
    "funding_kind": "nature de l’aide",
    "amount_max_eur": "montant maximal",
    "rate_max_pct": "taux maximal",
    "territory_priority": "territoires prioritaires",
    "end_year": "fin du dispositif",
}


@dataclass
class Answer:
    """What the criteria say of one scheme; filled in one pass. `ruled_out`: (code, sentence) or None.

    `doubtful` is set by what keeps an open scheme from being simply « à étudier ».
    """

    points: dict[str, int] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    to_check: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    doubtful: bool = False
    ruled_out: tuple[str, str] | None = None

    def earn(self, code: str, reason: str | None = None, *, partial: bool = False) -> None:
        """Add the points of a criterion, and why."""
        rule = BY_CODE[code]
        self.points[code] = rule.partial if partial else rule.points
        if reason:
            self.reasons.append(reason)

    def check(self, sentence: str, *, doubtful: bool = True) -> None:
        """List something to be checked."""
        self.to_check.append(sentence)
        self.doubtful |= doubtful

    def oppose(self, sentence: str) -> None:
        """List something that speaks against."""
        self.against.append(sentence)
        self.doubtful = True


@dataclass(frozen=True)
class Context:
    """What all schemes of one search share: the project, its place, labels, names and sources."""

    project: Project
    place: Place
    labels: Mapping[str, Mapping[str, str]]
    areas: Mapping[str, tuple[str, ...]]
    merged_regions: frozenset[str]
    sources: Mapping[str, Row]


def covered(place: Place, cell: str) -> int | None:
    """Number of communes of the place that the codes of a cell cover; None: the whole of France."""
    inside = [False] * place.size
    for code in split_codes(cell):
        prefix, _, area = code.partition("-")
        if prefix in ("FR", "UE"):
            return None
        own = place.codes[_LEVEL_OF[prefix]]
        inside = [done or mine == area for done, mine in zip(inside, own, strict=True)]
    return sum(inside)


def answer(row: Row, context: Context) -> Answer:
    """All that the criteria say of one scheme."""
    made = Answer()
    for criterion in (_territory, _public, _status, _priority, _kind, _amount, _category):
        criterion(row, context, made)
        if made.ruled_out:
            return made
    said = {"funding_kind"} if context.project.funding_kinds else set()
    said |= {"amount_max_eur"} if context.project.amount_eur is not None else set()
    absent = [noun for name, noun in _ABSENT.items() if row[name] is None and name not in said]
    if absent:
        made.check(f"Non renseigné par la source : {join(absent)}.", doubtful=False)
    return made


def _territory(row: Row, context: Context, made: Answer) -> None:
    size, count = context.place.size, covered(context.place, row["coverage_codes"])
    names = words.listed(context.areas[row["id"]])
    if count == 0:
        made.ruled_out = ("territoire", f"Ne couvre pas votre territoire, mais : {names}.")
        return
    exact = row["coverage_precision"] == "exact"
    whole = count is None or count == size
    if count is None:
        said = f"Couvre {names}."
    elif whole:
        said = f"Couvre votre territoire : {names}."
    else:
        said = f"Couvre une partie de votre territoire : {names}."
    made.earn("territoire", said, partial=not (exact and whole))
    if not whole:
        made.check(f"Ne couvre que {count} des {size} communes de votre territoire.")
    if not exact:
        made.check(f"Périmètre imprécis : {row['coverage_note'] or 'la source ne le détaille pas'}.")
    lost = [c for c in split_codes(row["coverage_codes"]) if c in context.merged_regions]
    if lost:
        made.check("Porté à l’échelle d’une région d’avant 2016 : vérifier qui le porte aujourd’hui.")


def _public(row: Row, context: Context, made: Answer) -> None:
    kind, named = context.project.kind, split_codes(row["targets"])
    label = context.labels["scheme_target"]
    if kind in named:
        made.earn("public", f"Nomme votre type de projet parmi ses publics : {label.get(kind, kind)}.")
        return
    ways = {public: way for public, way in PUBLICS.get(kind, {}).items() if public in named}
    by_definition = [way for way in ways.values() if way.by_definition]
    if not named:
        made.check("Publics visés non renseignés.")
    elif not ways:
        publics = join([label.get(public, public) for public in named])
        made.ruled_out = ("public", f"Réservé à un autre public : {publics}.")
    elif by_definition:
        made.points["public"] = BY_DEFINITION_POINTS
        made.reasons.append(by_definition[0].sentence)
        made.check("Votre type de projet n’est pas nommé : vérifier qu’il est admis.", doubtful=False)
    else:
        publics = join([label.get(public, public) for public in ways])
        made.earn("public", f"Vise un public voisin : {publics}.", partial=True)
        for way in ways.values():
            made.check(way.sentence)


def _status(row: Row, context: Context, made: Answer) -> None:
    source = context.sources.get(row["source_id"], {})
    published, read = source.get("date_published"), dates.year_read(source)
    dated = f"source publiée : {words.day(published)}" if published else "source sans date"
    if row["status"] == "open":
        made.earn("statut", f"Ouvert à la date de la source ({dated}).")
    elif row["status"] == "closed":
        made.oppose(f"Clos à la date de la source ({dated}).")
    else:
        made.check(f"Statut inconnu ({dated}) : vérifier que le dispositif est ouvert.")
    age = dates.age_years(source)
    if age is None:
        made.check(
            f"Source sans date, vue le {words.day(source.get('date_accessed'))} : vérifier qu’elle est à jour."
        )
    elif age >= dates.OLD_AFTER_YEARS:
        made.check(f"Source ancienne : publiée au moins {age}{NBSP}ans avant sa lecture.")
    end = row["end_year"]
    if end is not None and read is not None and end < read and row["status"] != "closed":
        made.oppose(f"La période documentée s’achevait en {end}.")


def _priority(row: Row, context: Context, made: Answer) -> None:
    priorities, here = split_codes(row["territory_priority"]), context.place
    if not priorities:
        return
    label = context.labels["territory_type"]
    whole = [p for p in priorities if p in here.types]
    partial = [p for p in priorities if p in here.partial]
    all_named = join([label.get(p, p).lower() for p in priorities])
    if whole:
        made.earn(
            "priorite",
            f"Donne priorité aux territoires de type : {label.get(whole[0], whole[0]).lower()} (le vôtre, par calcul).",
        )
    elif partial:
        said = label.get(partial[0], partial[0]).lower()
        made.earn("priorite", f"Donne priorité aux territoires de type : {said}.", partial=True)
        made.check(
            f"Une partie seulement de votre territoire, ou de son intercommunalité, est de type : {said}.",
            doubtful=False,
        )
    elif not here.types_known:
        made.check(
            f"Priorité au type : {all_named} ; celui de votre territoire n’est pas connu.", doubtful=False
        )
    else:
        made.oppose(f"Donne priorité à d’autres types de territoire : {all_named}.")
    if "quartier_populaire_urbain" in [*whole, *partial]:
        made.check(
            "Vérifier que le projet se situe dans un quartier prioritaire, ou à son service.", doubtful=False
        )


def _kind(row: Row, context: Context, made: Answer) -> None:
    sought, kind = context.project.funding_kinds, row["funding_kind"]
    if not sought:
        return
    label = context.labels["funding_kind"]
    if kind is None:
        made.check("Nature de l’aide non renseignée.")
    elif kind in sought:
        made.earn("nature", f"Nature de l’aide cherchée : {label.get(kind, kind).lower()}.")
    elif kind == "mixte":
        made.earn("nature", partial=True)
        made.check("Aide mixte : vérifier qu’elle comprend ce que vous cherchez.")
    else:
        made.oppose(f"Autre nature d’aide que celle cherchée : {label.get(kind, kind).lower()}.")


def _amount(row: Row, context: Context, made: Answer) -> None:
    sought, low, high = context.project.amount_eur, row["amount_min_eur"], row["amount_max_eur"]
    if sought is not None:
        if high is not None and sought > high:
            made.oppose(f"Le montant cherché ({euros(sought)}) dépasse le maximum documenté ({euros(high)}).")
        elif low is not None and sought < low:
            made.oppose(
                f"Le montant cherché ({euros(sought)}) n’atteint pas le minimum documenté ({euros(low)})."
            )
        elif high is not None:
            made.earn("montant", f"Le montant cherché tient dans l’aide documentée : {words.amount(row)}.")
        else:
            made.check(f"Maximum inconnu : vérifier que {euros(sought)} sont possibles.", doubtful=False)
    if row["rate_max_pct"] is not None and row["rate_max_pct"] < 100:
        made.check(
            f"Taux maximal documenté : {percent(row['rate_max_pct'])} ; prévoir le complément.",
            doubtful=False,
        )


def _category(row: Row, context: Context, made: Answer) -> None:
    sought, category = context.project.categories, row["category"]
    said = context.labels["scheme_category"].get(category, category)
    if category in (sought or DIRECT):
        made.earn("categorie", f"Catégorie cherchée : {said.lower()}." if sought else None)
    elif sought:
        made.oppose(f"Autre catégorie d’action que celle cherchée : {said.lower()}.")
    else:
        made.oppose(f"N’aide pas directement un projet : {said.lower()}.")
