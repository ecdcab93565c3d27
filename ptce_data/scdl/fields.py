"""The fields of the SCDL « subventions » standard, and the headers under which they are published.

Names and titles: versions 1.1 and 2.1.1 of the standard (schema.data.gouv.fr/scdl/subventions).
Other headers: those met in files of local authorities and listed by api-subventions-asso (beta.gouv).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz.distance import OSA

from ptce_data.text import fold

#: Words that change nothing in a header.
_EMPTY_WORDS: Final = frozenset("de du des la le les l d au aux".split())
#: A header that misses a known one by this many letters is taken for it, when it is long enough.
_TYPOS: Final = 2
_LONG: Final = 10


@dataclass(frozen=True)
class Field:
    """One field: its name in the standard, its column in our frames, its known headers, best first.

    `versions` are the versions that have it (empty: not in the standard, but useful); `required`
    tells that a row without it cannot be used.
    """

    name: str
    column: str
    headers: tuple[str, ...]
    versions: tuple[str, ...] = ("1.1", "2.1")
    required: bool = False


FIELDS: Final = (
    Field("nomAttribuant", "funder_name", ("Nom de l'attribuant", "Attribuant", "Nom attributaire financeur", "Financeur", "Collectivité", "Nom de la collectivité", "Collectivité attribuante"), required=True),
    Field("idAttribuant", "funder_id", ("Identification de l'attribuant", "Identifiant de l'attribuant", "SIRET attribuant", "Siren attribuant", "N° SIRET de l'attribuant")),
    Field("dateConvention", "date", ("Date de la convention de subvention", "Date de la convention", "Date convention subvention", "Date de signature de la convention", "dateDecision", "Date de la décision", "Date décision tri", "Date de délibération", "Date du vote", "Date d'attribution", "Date d'attribution de la subvention"), required=True),
    Field("referenceDecision", "decision_ref", ("Référence de la décision", "Référence délibération", "N° délibération", "Numéro de délibération")),
    Field("nomBeneficiaire", "beneficiary_name", ("Nom du bénéficiaire", "Bénéficiaire", "Nom de l'association", "Raison sociale du bénéficiaire", "Raison sociale", "Nom de l'organisme bénéficiaire", "Organisme bénéficiaire", "Dénomination du bénéficiaire", "Association", "Nom du tiers"), required=True),
    Field("idBeneficiaire", "beneficiary_id", ("Identification du bénéficiaire", "Identification SIRET du bénéficiaire", "Identifiant du bénéficiaire", "SIRET du bénéficiaire", "N° SIRET du bénéficiaire", "Numéro Siret du bénéficiaire", "Siren du bénéficiaire", "Numéro Siret", "N° SIRET", "SIRET", "Code SIRET", "Numéro Siren", "N° SIREN", "SIREN")),
    Field("rnaBeneficiaire", "beneficiary_rna", ("Identification RNA du bénéficiaire", "RNA du bénéficiaire", "Numéro RNA", "N° RNA", "RNA"), ("2.1",)),
    Field("objet", "purpose", ("Objet de la subvention", "Objet de la convention", "Objet du dossier", "object", "Libellé de la subvention", "Objet subvention accordée")),
    Field("montant", "total_eur", ("Montant total de la subvention", "montantTotal", "Montant de la subvention", "Montant voté", "Montant vote subvention", "Montant attribué", "Montant accordé", "Montant alloué", "Montant en euros", "Montant euros", "Montant notifié", "Montant versé"), required=True),
    Field("nature", "nature", ("Nature de la subvention", "Nature de l'aide")),
    Field("conditionsVersement", "payment_terms", ("Conditions de versement de la subvention", "Conditions de versement", "Condition de versement", "Modalités de versement")),
    Field("datesPeriodeVersement", "payment_period", ("Date ou période de versement", "Dates ou périodes de versement", "Dates de versement", "Date de versement", "Dates période de versement", "dateperiodedeversement", "dateperiodedversement", "Période de versement")),
    Field("idRAE", "state_aid_id", ("Identifiant RAE de l'aide au titre de laquelle la subvention est attribuée", "Numéro unique de référencement dans le répertoire des aides aux entreprises", "Numéro unique de référencement au répertoire des aides aux entreprises", "Numéro de référencement au répertoire des entreprises", "Identifiant RAE")),
    Field("notificationUE", "eu_notified", ("Aide d'État notifiée à la Commission européenne", "Aide notifiée à l'Europe", "Notification UE", "Aide d'Etat notifiée à la Commission européenne, conformément aux dispositions du règlement UE n° 1407/2013 de la Commission du 18 décembre 2013")),
    Field("pourcentageSubvention", "share", ("Pourcentage du montant total de la subvention attribuée au bénéficiaire", "Pourcentage du montant de la subvention attribué au bénéficiaire", "Pourcentage du montant de la subvention attribuée au bénéficiaire", "% du mt de la subvention attribuée au bénéficiaire", "Pourcentage de la subvention", "Pourcentage")),
    Field("dispositifAide", "scheme_id", ("Identifiant référençant le dispositif d'aide à l'origine de la subvention", "Dispositif d'aide", "Dispositif"), ("2.1",)),
    Field("exercice", "budget_year", ("Exercice budgétaire", "Année", "Année budgétaire", "Année de la demande", "Année d'attribution", "Année de la subvention", "Année exercice", "Millésime"), ()),
    Field("communeBeneficiaire", "beneficiary_commune", ("Commune du bénéficiaire", "Ville du bénéficiaire", "Commune", "Ville", "Localité", "Commune du siège", "Nom de la commune"), ()),
    Field("codeInseeBeneficiaire", "beneficiary_insee", ("Code Insee du bénéficiaire", "Code Insee", "Code commune", "Code Insee de la commune"), ()),
    Field("codePostalBeneficiaire", "beneficiary_postcode", ("Code postal du bénéficiaire", "Code postal", "CP"), ()),
    Field("departementBeneficiaire", "beneficiary_departement", ("Département du bénéficiaire", "Département", "Code département"), ()),
)  # fmt: skip

BY_NAME: Final = {one.name: one for one in FIELDS}
COLUMNS: Final = {one.name: one.column for one in FIELDS}
REQUIRED: Final = tuple(one.name for one in FIELDS if one.required)
#: Without these two, a row of cells is not a header.
ANCHORS: Final = ("nomBeneficiaire", "montant")


def normal(header: str) -> str:
    """Return a header without accents, case, brackets, signs and empty words, in one word."""
    plain = re.sub(r"\([^)]*\)", " ", header.replace("%", " pourcentage "))
    words = fold(plain).split()
    return "".join(word for word in words if word not in _EMPTY_WORDS)


def _catalogue() -> dict[str, tuple[str, int]]:
    known: dict[str, tuple[str, int]] = {}
    for one in FIELDS:
        for rank, header in enumerate((one.name, *one.headers)):
            known.setdefault(normal(header), (one.name, rank))
    return known


_KNOWN: Final = _catalogue()


@dataclass(frozen=True)
class Header:
    """A header line as understood.

    `positions` maps a field to its column; `close` holds the fields whose header was not exact;
    `extras` are the positions of the columns that are kept aside.
    """

    titles: tuple[str, ...]
    positions: dict[str, int]
    close: frozenset[str] = field(default_factory=frozenset)

    @property
    def extras(self) -> list[int]:
        """Positions of the named columns that are no field, in the order of the file."""
        used = set(self.positions.values())
        return [at for at, title in enumerate(self.titles) if title and at not in used]

    @functools.cached_property
    def width(self) -> int:
        """The least number of cells of a row: up to the last column that has a title."""
        return max((at + 1 for at, title in enumerate(self.titles) if title), default=0)

    @property
    def version(self) -> str:
        """Version of the standard that the columns tell: "1.1", "2.1", or "autre" for another layout."""
        names = set(self.positions)
        if not {"nomAttribuant", "nomBeneficiaire", "montant"} <= names:
            return "autre"
        newer = [one.name for one in FIELDS if one.versions == ("2.1",)]
        if names & set(newer):
            return "2.1"
        standard = [one for one in FIELDS if "1.1" in one.versions and one.name in names]
        return "1.1" if len(standard) >= 8 else "autre"

    @property
    def missing(self) -> list[str]:
        """Fields of the version (2.1 for another layout) that no column holds."""
        version = "1.1" if self.version == "1.1" else "2.1"
        return [f.name for f in FIELDS if version in f.versions and f.name not in self.positions]


def recognise(cells: Sequence[str]) -> Header:
    """Understand a line of cells as a header; a line that is none has no (or few) `positions`.

    Of two columns for one field, the better known header wins; the other one is an extra.
    """
    titles = tuple(" ".join(cell.split()) for cell in cells)
    best: dict[str, tuple[int, int]] = {}
    unknown: list[tuple[int, str]] = []
    for at, title in enumerate(titles):
        word = normal(title)
        if word in _KNOWN:
            name, rank = _KNOWN[word]
            if name not in best or rank < best[name][0]:
                best[name] = (rank, at)
        elif len(word) >= _LONG:
            unknown.append((at, word))
    positions = {name: at for name, (_, at) in best.items()}
    close = set()
    for at, word in unknown:
        found = _nearest(word)
        if found is not None and found not in positions:
            positions[found] = at
            close.add(found)
    return Header(titles, positions, frozenset(close))


def _nearest(word: str) -> str | None:
    """Return the field whose known header is the nearest to `word`, if one is near and alone."""
    found: dict[str, int] = {}
    for known, (name, _) in _KNOWN.items():
        if len(known) < _LONG:
            continue
        away = OSA.distance(word, known, score_cutoff=_TYPOS)
        if away <= _TYPOS:
            found[name] = min(away, found.get(name, away))
    nearest = [name for name, away in found.items() if away == min(found.values())]
    return nearest[0] if len(nearest) == 1 else None


def is_header(header: Header) -> bool:
    """Tell whether the line names at least a beneficiary and an amount."""
    return all(anchor in header.positions for anchor in ANCHORS)


def unique_titles(titles: Sequence[str], taken: Sequence[str] = ()) -> list[str]:
    """Make the headers of a file different from each other and from `taken`; an empty one gets a name."""
    used = set(taken)
    made = []
    for title in titles:
        name, number = title or "(sans titre)", 2
        while name in used:
            name, number = f"{title or '(sans titre)'} ({number})", number + 1
        used.add(name)
        made.append(name)
    return made
