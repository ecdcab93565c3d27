"""What reading one cell gives, and the words for what was done to it."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

#: Repair -> what it did, in French.
REPAIRS: Final = {
    "nombre_reecrit": "nombre réécrit (virgule, espaces, €)",
    "date_reecrite": "date réécrite en AAAA-MM-JJ",
    "date_exercice": "date absente : année de l’exercice",
    "numero_tableur": "numéro de jour d’un tableur changé en date",
    "identifiant_reecrit": "espaces, points ou mots retirés du numéro",
    "zeros_de_tete": "zéros de tête rétablis (la clé de contrôle est juste)",
    "notation_scientifique": "notation scientifique dépliée, sans chiffre perdu",
    "siren_sans_nic": "numéro d’établissement 00000 retiré : il reste le Siren",
    "rna_deplace": "numéro RNA rangé dans rnaBeneficiaire",
    "identifiant_ecarte": "ce n’est pas un numéro : lu comme inconnu",
    "part_en_pourcent": "pourcentage ramené à une part de 1",
    "part_supposee": "part vide : bénéficiaire unique supposé (1)",
    "valeur_normalisee": "valeur ramenée à celle du standard",
    "vide_ecrit": "mot pour « vide » (NULL, #N/A) lu comme vide",
    "apostrophe_retiree": "apostrophe de protection d’un tableur retirée",
    "attribuant_indique": "attribuant absent du fichier, indiqué à l’import",
    "annee_indiquee": "date absente du fichier, année indiquée à l’import",
}


class RefusedError(ValueError):
    """A cell cannot be used; the message says why, in French."""

    def __init__(self, why: str) -> None:
        super().__init__(why.replace("'", "’"))


class Parsed(NamedTuple):
    """A value, the repair that made it (a key of REPAIRS) and a warning in French, if any."""

    value: Any
    repair: str | None = None
    warning: str | None = None
