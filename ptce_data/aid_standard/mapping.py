"""The one table of correspondence: our support_schemes, the national standard, Aides-territoires.

The standard is « dispositif d’aide » 0.2.0 (etalab/schema-dispositif-aide, core of 15 fields). The tables of
docs/dispositifs-standards.md are made from here: `documented` rewrites them, a test checks that they agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

VERSION: Final = "0.2.0"
#: Prefix of the columns that the standard lacks.
PREFIX: Final = "atlas_"
#: What a required text of the standard says when we do not know.
UNKNOWN: Final = "non renseigné"
LONGEST_PROMISE: Final = 180
LONGEST_DESCRIPTION: Final = 5_000
GEO_PATTERN: Final = r"^[A-Z]+-\d+(\|[A-Z]+-\d+)*$"


@dataclass(frozen=True)
class CoreField:
    """A core field of the standard: its name, its title there, whether required, what the export writes."""

    name: str
    title: str
    required: bool
    written: str


@dataclass(frozen=True)
class Rule:
    """One column of ours: where it goes in the standard, where it comes from, the rule in French.

    `exact` tells that the standard field carries the value whole, so that no own column is needed.
    """

    column: str
    standard: str
    aides_territoires: str
    rule: str
    exact: bool = False

    @property
    def own(self) -> str:
        """Name of the own column of the export, empty where the standard carries the value."""
        return "" if self.exact else PREFIX + self.column


CORE: Final = (
    CoreField("id", "Identifiant", True, "UUID v5 de notre `id`, toujours le même ; l’UUID d’origine pour un dispositif importé du standard"),
    CoreField("titre", "Titre", True, "`name`"),
    CoreField("promesse", "Promesse", False, f"`summary`, coupé à un mot et « … » au-delà de {LONGEST_PROMISE} caractères"),
    CoreField("description", "Description", True, "`summary`, puis nature, montants, taux, enveloppe, années, statut et précisions, en phrases ; 5 000 caractères au plus"),
    CoreField("eligibilite", "Critères d’éligibilité", True, "publics et territoires prioritaires connus ; « Autres conditions : non renseigné »"),
    CoreField("types_aides", "Types d’aides", True, "`financement` ; `accompagnement` pour l’ingénierie ; « non renseigné » sans `funding_kind`"),
    CoreField("porteurs", "Porteurs", True, "liste JSON `{nom, siren, roles}` ; Siren et rôles inconnus : `null` et `[]`"),
    CoreField("programmes_parents", "Programmes parents et régime d’aides", False, "vide : inconnu"),
    CoreField("url_source", "URL Source", False, "`url`"),
    CoreField("cibles", "Bénéficiaires", True, "`professionnels` si seuls les clusters sont visés, sinon `associations|professionnels` ; le public exact est dans `atlas_targets`"),
    CoreField("eligibilite_geographique", "Couverture géographique de l’aide", True, "codes COG, voir plus bas"),
    CoreField("eligibilite_geographique_exclusions", "Couverture géographique de l’aide - Exclusions", False, "vide"),
    CoreField("date_ouverture", "Date d’ouverture", False, "vide : nous n’avons que l’année, le standard veut un instant"),
    CoreField("date_cloture", "Date de fin", False, "vide : de même"),
    CoreField("date_mise_a_jour", "Date de dernière mise à jour", True, "jour de lecture de la source, à 00:00 UTC ; à défaut, son jour de publication"),
)  # fmt: skip

RULES: Final = (
    Rule("id", "id", "slug", "import : `da-` et l’UUID, ou `at-` et le slug ; export : UUID v5"),
    Rule("name", "titre", "name", "tel quel, HTML retiré", exact=True),
    Rule("operator", "porteurs", "financers, instructors", "noms joints par « ; »", exact=True),
    Rule("level", "porteurs", "financers", "**proposé** d’après le nom des porteurs (« Région », « Conseil départemental », « Ministère »…) s’ils sont tous du même échelon ; sinon inconnu"),
    Rule("region_code", "eligibilite_geographique", "perimeter, perimeter_scale", "région de tous les territoires couverts, s’il n’y en a qu’une"),
    Rule("region_at_the_time", "", "", "local"),
    Rule("coverage_codes", "eligibilite_geographique", "perimeter, perimeter_scale", "code seulement si un seul territoire de cette échelle porte exactement ce nom (ou si `perimeter_code` départage des homonymes) ; sinon inconnu. `PAYS-99100` ↔ `FR`"),
    Rule("coverage_precision", "eligibilite_geographique_exclusions", "", "`exact`, ou `approche` s’il y a des zones exclues"),
    Rule("coverage_note", "eligibilite_geographique_exclusions", "", "les zones exclues"),
    Rule("category", "titre", "is_call_for_project", "**proposée** : appel à projets (vrai, ou dit dans le titre) → `appels_a_projets` ; sinon `accompagnement_financement`"),
    Rule("targets", "cibles", "name, categories, description", "**proposés** : mots « PTCE », « tiers-lieu », « fablab », « living lab », « cluster », « ESS », « innovation sociale » ; aucun : inconnu"),
    Rule("start_year", "date_ouverture", "start_date", "année seule"),
    Rule("end_year", "date_cloture", "submission_deadline", "année seule"),
    Rule("status", "date_ouverture, date_cloture", "is_live, submission_deadline, recurrence", "date passée → `closed` ; `is_live`, permanente, ou entre les deux dates → `open` ; sinon `unknown`"),
    Rule("amount_min_eur", "description", "", "local"),
    Rule("amount_max_eur", "description", "loan_amount, recoverable_advance_amount", "prêt ou avance seulement ; vide pour une subvention"),
    Rule("rate_max_pct", "description", "subvention_rate_upper_bound", "en %"),
    Rule("total_envelope_eur", "description", "", "local"),
    Rule("funding_kind", "types_aides", "aid_types, aid_types_full", "subvention ; prêt et avance → `pret` ; ingénierie → `ingenierie` ; plusieurs → `mixte` ; CEE ou autre seuls : inconnu"),
    Rule("territory_priority", "eligibilite", "", "local"),
    Rule("summary", "promesse", "short_title", "sinon une phrase à nous ; **`description` n’est jamais recopiée**"),
    Rule("url", "url_source", "origin_url, url", "`origin_url`, sinon la fiche", exact=True),
    Rule("area_note", "description", "perimeter, subvention_comment", "périmètre et précision sur le taux, tels quels"),
    Rule("confidence", "", "", "Aides-territoires : `medium` (portail qui reprend le porteur)"),
    Rule("source_id", "date_mise_a_jour", "url, date_updated", "une source par ligne : adresse, date de mise à jour, Licence Ouverte 2.0 pour Aides-territoires"),
)  # fmt: skip

CORE_NAMES: Final = tuple(one.name for one in CORE)
REQUIRED: Final = tuple(one.name for one in CORE if one.required)
COLUMNS: Final = tuple(one.column for one in RULES)
BY_COLUMN: Final = {one.column: one for one in RULES}
#: Columns of data/sources.csv -> own columns that carry the source of a scheme.
SOURCE_COLUMNS: Final = {
    name: f"{PREFIX}source_{name}"
    for name in ("publisher", "url", "date_published", "date_accessed", "licence")
}
STANDARD_VERSION: Final = PREFIX + "standard_version"
OWN_NAMES: Final = (*(one.own for one in RULES if one.own), *SOURCE_COLUMNS.values(), STANDARD_VERSION)

_MARKS: Final = {
    "socle": ("<!-- socle -->", "<!-- /socle -->"),
    "correspondance": ("<!-- correspondance -->", "<!-- /correspondance -->"),
}


def _code(names: str) -> str:
    return ", ".join(f"`{name}`" for name in names.split(", ")) if names else "—"


def core_table() -> str:
    """Return the Markdown table of the core fields."""
    rows = [f"| `{f.name}` | {'oui' if f.required else 'non'} | {f.written.replace('|', chr(92) + '|')} |" for f in CORE]  # fmt: skip
    return "\n".join(["| Champ | Requis | Ce que l’export écrit |", "|---|---|---|", *rows])


def rules_table() -> str:
    """Return the Markdown table of correspondence, one row per column of ours."""
    head = "| Notre colonne | Dispositif d’aide | Colonne propre | Aides-territoires | Règle |"
    rows = [
        f"| `{r.column}` | {_code(r.standard)} | {_code(r.own)} | {_code(r.aides_territoires)} | {r.rule} |"
        for r in RULES
    ]
    return "\n".join([head, "|---|---|---|---|---|", *rows])


def documented(text: str) -> str:
    """Return a document with its two tables, between their marks, made anew. Raises ValueError without marks."""
    for name, table in (("socle", core_table()), ("correspondance", rules_table())):
        start, end = _MARKS[name]
        before, _, rest = text.partition(start)
        _, found, after = rest.partition(end)
        if not found:
            raise ValueError(f"marques absentes : {start} … {end}")
        text = f"{before}{start}\n{table}\n{end}{after}"
    return text
