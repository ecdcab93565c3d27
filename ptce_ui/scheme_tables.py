"""Support schemes as a reader's tables and fiche. No Streamlit here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data import schemes
from ptce_data.schemes import Fit, SchemeDetail
from ptce_ui import blocks, text

if TYPE_CHECKING:
    from ptce_data.load import Dataset

NOTE: Final = (
    "Une collecte, non un inventaire : « rien de documenté ici » ne veut pas dire que rien n’existe. Le statut est celui "
    "que donne la source à sa date, non celui d’aujourd’hui."
)
_STATUS_HEADS: Final = {"open": "Ouverts", "unknown": "Statut inconnu", "closed": "Clos"}


def catalogue(dataset: Dataset, found: pd.DataFrame) -> pd.DataFrame:
    """The catalogue as it is read: one line per scheme, in the order of `found`."""
    labels = text.Labels(dataset.categories)
    seen = dataset.sources.set_index("id")["date_accessed"]
    details = [_money(row) for row in found.to_dict("records")]
    return pd.DataFrame(
        {
            "Dispositif": found["name"],
            "Porteur": found["operator"],
            "Échelon": found["level"].map(lambda v: labels.of("scheme_level", v)),
            "Catégorie": found["category"].map(lambda v: labels.of("scheme_category", v)),
            "Nature": found["funding_kind"].map(lambda v: labels.of("funding_kind", v)),
            "Montant par projet": details,
            "Début": found["start_year"].map(_year),
            "Fin": found["end_year"].map(_year),
            "Statut à la date de la source": found["status"].map(lambda v: labels.of("scheme_status", v)),
            "Vu le": found["source_id"].map(seen).map(text.date),
        }
    )


def _year(value: object) -> str:
    return text.UNKNOWN_TEXT if value is None or pd.isna(value) else str(int(str(value)))


def _money(row: dict[object, object]) -> str:
    low, high = (
        None if pd.isna(row[c]) else float(str(row[c])) for c in ("amount_min_eur", "amount_max_eur")
    )
    if low is not None and high is not None:
        return text.euros(high) if low == high else f"{text.euros(low)} à {text.euros(high)}"
    if high is not None:
        return f"jusqu’à {text.euros(high)}"
    return text.UNKNOWN_TEXT if low is None else f"au moins {text.euros(low)}"


def matrix(counted: pd.DataFrame, breakdown: pd.DataFrame) -> pd.DataFrame:
    """Areas × categories, zeros said in words, then the statuses."""
    wide = counted.pivot(index="code", columns="category_label", values="schemes")
    wide = wide[list(dict.fromkeys(counted["category_label"]))].reindex(breakdown["code"])
    made = wide.map(lambda n: schemes.NOTHING_DOCUMENTED if n == 0 else str(int(n))).reset_index(drop=True)
    made.insert(0, "Territoire", breakdown["name"].to_numpy())
    for column, head in _STATUS_HEADS.items():
        made[head] = breakdown[column].to_numpy()
    made["Total"] = breakdown["schemes"].to_numpy()
    return made


def ranked(dataset: Dataset, fit: Fit) -> pd.DataFrame:
    """Schemes for a project, with why, what to check and what speaks against."""
    labels = text.Labels(dataset.categories)
    rows = fit.ranked
    return pd.DataFrame(
        {
            "Dispositif": rows["name"],
            "Avis": rows["verdict"],
            "Points (sur 100)": rows["fit"],
            "Échelon": rows["level"].map(lambda v: labels.of("scheme_level", v)),
            "Pourquoi": rows["reasons"].map(" ".join),
            "À vérifier": rows["to_check"].map(" ".join),
            "Contre": rows["against"].map(" ".join),
            "Identifiant": rows["scheme_id"],
        }
    )


def ruled_out(dataset: Dataset, fit: Fit) -> pd.DataFrame:
    """Schemes that do not apply, each with its reason."""
    labels = text.Labels(dataset.categories)
    rows = fit.ruled_out
    return pd.DataFrame(
        {
            "Dispositif": rows["name"],
            "Échelon": rows["level"].map(lambda v: labels.of("scheme_level", v)),
            "Écarté parce que": rows["reason"],
        }
    )


def criteria() -> pd.DataFrame:
    """The published points of the search by project."""
    return pd.DataFrame(
        {
            "Critère": [rule.label for rule in schemes.RULES],
            "Points au plus": [rule.points for rule in schemes.RULES],
            "Définition": [rule.definition for rule in schemes.RULES],
        }
    )


def card(row: pd.Series) -> str:
    """One proposed scheme: why, what to check, what speaks against, as HTML."""
    parts = [
        ("Pourquoi", row["reasons"]),
        ("À vérifier", row["to_check"]),
        ("Ce qui s’y oppose", row["against"]),
    ]
    return "".join(blocks.bullets(title, map(text.escape_html, items)) for title, items in parts if items)


def fiche(found: SchemeDetail, labels: text.Labels) -> str:
    """The fiche of a scheme as HTML; every string of the data is escaped."""
    row = found.row
    url = text.safe_url(row["url"])
    heading = (
        f'<h3 style="margin:0 0 .25rem;padding:0;overflow-wrap:anywhere">{text.escape_html(row["name"])}</h3>'
        f'<p style="margin:0 0 .5rem">{blocks.known(row["summary"])}</p>'
    )
    place = _join(found.coverage) + f" ({blocks.known(found.coverage_precision.lower())})"
    facts = [
        ("Porteur", blocks.known(row["operator"])),
        ("Échelon", blocks.known(found.level)),
        ("Catégorie", blocks.known(found.category)),
        ("Publics", _join(found.targets)),
        ("Territoires prioritaires", _join(found.priorities)),
        ("Territoire couvert", place),
        ("Précision du territoire", blocks.known(found.coverage_note)),
    ]
    money = [
        ("Nature de l’aide", blocks.known(found.funding_kind)),
        ("Montant par projet", blocks.known(found.amount)),
        ("Taux", blocks.known(found.rate)),
        ("Enveloppe", blocks.known(found.envelope)),
        ("Période", blocks.known(found.period)),
        ("Statut", blocks.known(found.status_text)),
    ]
    trust = [
        ("Confiance", blocks.known(found.confidence)),
        ("Page", blocks.anchor(url, blocks.cut(url)) if url else blocks.known(None)),
        ("Sources", "<br>".join(map(text.escape_html, found.source_texts)) or blocks.known(None)),
        ("Ce que la source ne dit pas", blocks.known(", ".join(title.lower() for _, title in found.unknown))),
    ]
    editions = [
        f'<a href="?section=catalogue&amp;dispositif={text.escape_html(e.id)}" target="_self">'
        f"{text.escape_html(e.name)}</a> ({text.escape_html(_year(e.start_year))}), {text.escape_html(e.reason)}"
        for e in found.editions.itertuples()
    ]
    return (
        heading
        + blocks.facts("Ce que c’est", facts)
        + blocks.facts("Ce qu’il apporte", money)
        + blocks.facts("Fiabilité", trust)
        + (blocks.bullets("Autres éditions", editions) if editions else "")
    )


def _join(items: Iterable[str]) -> str:
    return blocks.known(", ".join(items) or None)
