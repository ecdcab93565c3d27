"""What the indicators of the weight of the ESS are: definition, unit, limits, source; and how to get them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ptce_data.regional.model import INSEE, Indicator
from ptce_data.sirene import nomenclatures as codes

SOURCE: Final = "Insee, répertoire Sirene, fichiers stock (data.gouv.fr), Licence Ouverte 2.0"
#: Ids of the rows of `data/sources.csv`.
SOURCE_IDS: Final[tuple[str, ...]] = ()
WEIGHT: Final = "Poids de l’ESS"
GROUPS: Final = {
    "famille": "ESS par famille juridique", "secteur": "ESS par secteur", "effectif": "ESS par tranche d’effectif",
}  # fmt: skip
LABELS: Final[dict[str, dict[str, str]]] = {
    "famille": codes.FAMILIES, "secteur": codes.SECTION_LABELS, "effectif": codes.BAND_LABELS,
}  # fmt: skip
_ACTIVE: Final = "Établissement actif d’une unité légale active."
_FIELD: Final = (
    "Unité légale dont le champ « économie sociale et solidaire » du répertoire est à O. "
    "Un champ vide est inconnu, jamais un non."
)
_LIMITS: Final = (
    "Des établissements, pas des emplois : une association sans salarié compte comme une clinique mutualiste. "
    "Le champ est vide pour une partie du répertoire : un minimum. Les associations sans numéro Siret n’y sont pas."
)
_FORM_LIMITS: Final = (
    "La catégorie juridique classe, le champ du répertoire décide. Une SCOP ou une SCIC en SAS a la catégorie des "
    "SAS et compte parmi les sociétés commerciales."
)
_SECTION_LIMITS: Final = (
    "Activité principale de l’établissement en NAF rév. 2 ; les autres nomenclatures comptent à part."
)
_BAND_LIMITS: Final = "Tranche de la dernière année connue, souvent l’avant-dernière ; vide pour beaucoup."
SECRECY: Final = (
    "Secret statistique : un nombre de moins de {threshold} établissements n’est pas montré, ni assez d’autres pour "
    "qu’aucun total ne permette de le retrouver ; zéro est montré. Règle de fréquence de la statistique publique "
    "sur les entreprises (moins de trois unités)."
)


def indicators(date: str, previous: str = "") -> list[Indicator]:
    """The definitions in order of display; `date` and `previous` are those of the stocks, as text."""
    both = f"{previous} et {date}" if previous else date
    found = [
        _made("ess_establishments", WEIGHT, "Établissements de l’ESS", "établissements", f"{_ACTIVE} {_FIELD}",
              _LIMITS, date),
        _made("ess_per_1000", WEIGHT, "Établissements de l’ESS pour 1 000 habitants", "pour 1 000 hab.",
              f"{_ACTIVE} {_FIELD} Rapportés à la population municipale.", _LIMITS, date, 1, INSEE),
        _made("ess_share", WEIGHT, "Part de l’ESS dans les établissements actifs", "%",
              f"{_ACTIVE} {_FIELD} Rapportés à tous les établissements actifs.", _LIMITS, date, 1),
        _made("ess_all_active", WEIGHT, "Établissements actifs, tous champs", "établissements", _ACTIVE,
              "Entrepreneurs individuels et bailleurs non professionnels compris.", date),
        _made("ess_legal_forms", WEIGHT, "Établissements de forme juridique de l’ESS", "établissements",
              f"{_ACTIVE} Association, coopérative, mutuelle ou fondation par la catégorie juridique, quel que soit "
              "le champ du répertoire. À côté du champ, pas à sa place.",
              "Plus large que le champ (associations exclues de l’ESS) et plus étroit (sans les sociétés "
              "commerciales).", date),
        _made("ess_field_unknown_share", WEIGHT, "Établissements dont le champ est vide", "%",
              f"{_ACTIVE} Part de ceux dont l’unité n’a ni O ni N au champ « économie sociale et solidaire ».",
              "Surtout des entrepreneurs individuels.", date, 1),
    ]  # fmt: skip
    if previous:
        found += [
            _made("ess_change", WEIGHT, "Évolution du nombre d’établissements de l’ESS", "établissements",
                  f"{_ACTIVE} {_FIELD} Différence entre deux dates du répertoire.",
                  "Les deux dates sont comptées dans les communes de 2025. Le champ a pu être rempli entre-temps.",
                  both),
            _made("ess_change_pct", WEIGHT, "Évolution de l’ESS entre deux dates", "%",
                  f"{_ACTIVE} {_FIELD} Différence rapportée à la première date.",
                  "Les deux dates sont comptées dans les communes de 2025. Le champ a pu être rempli entre-temps.",
                  both, 1),
        ]  # fmt: skip
    limits = {"famille": _FORM_LIMITS, "secteur": _SECTION_LIMITS, "effectif": _BAND_LIMITS}
    for share in (False, True):
        for name, labels in LABELS.items():
            for code, label in labels.items():
                found.append(_part(name, code, label, limits[name], date, share))
    return found


def part_id(name: str, code: str, *, share: bool = False) -> str:
    """Id of the indicator of a part of a breakdown: `ess_famille_association`, with `_share` for its share."""
    return f"ess_{name}_{code.lower()}" + "_share" * share


def _part(name: str, code: str, label: str, limits: str, date: str, share: bool) -> Indicator:
    title = f"{code} – {label}" if name == "secteur" and code != codes.UNSORTED else label
    if share:
        return _made(part_id(name, code, share=True), f"{GROUPS[name]} (parts)", title, "%",
                     f"Part des établissements actifs de l’ESS. {_FIELD}", limits, date, 1)  # fmt: skip
    return _made(
        part_id(name, code), GROUPS[name], title, "établissements", f"{_ACTIVE} {_FIELD}", limits, date
    )


def _made(
    id: str,
    group: str,
    label: str,
    unit: str,
    definition: str,
    limits: str,
    date: str,
    decimals: int = 0,
    more: str = "",
) -> Indicator:
    return Indicator(
        id, group, label, unit, definition, f"{limits} Les nombres de moins de trois sont masqués.", date, decimals,
        # Masked counts do not add up.
        is_rate=unit not in ("établissements",), additive=False, sources=SOURCE_IDS,
        source_text=f"{SOURCE} ; {more}" if more else SOURCE,
    )  # fmt: skip


@dataclass(frozen=True)
class HowTo:
    """How to get the indicators: what a page says without a stock."""

    page: str = "https://www.data.gouv.fr/fr/datasets/base-sirene-des-entreprises-et-de-leurs-etablissements-siren-siret/"
    publisher: str = "Insee, sur data.gouv.fr"
    files: tuple[str, ...] = ("StockEtablissement_utf8.parquet", "StockUniteLegale_utf8.parquet")
    size: str = (
        "environ 2 Go pour StockEtablissement ; les fichiers stock en Parquet font ensemble 3,5 à 4 Go"
    )
    licence: str = "Licence Ouverte 2.0"
    updated: str = "chaque mois, image du répertoire au dernier jour du mois précédent"
    command: str = "python -m ptce_data sirene build --stock DOSSIER"

    @property
    def said(self) -> str:
        """The same in French sentences."""
        return (
            f"Téléchargez {' et '.join(self.files)} ({self.publisher}, {self.licence} ; {self.size}), mettez-les dans "
            f"un dossier, puis lancez : {self.command}"
        )
