"""What the home page says, written from the data. No Streamlit here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ptce_data import query
from ptce_ui import text

if TYPE_CHECKING:
    from ptce_data.load import Dataset

Entry = tuple[str, str, str, dict[str, str | list[str]], str]


def figures(dataset: Dataset, counts: dict[str, int]) -> list[tuple[str, str, str]]:
    """Key figures: (name, value, what it is and is not)."""
    schemes = dataset.support_schemes
    day = query.seen(dataset)
    seen = text.date(day) if day else "date non renseignée"
    sources = text.number(len(query.published_sources(dataset)))
    return [
        (
            "PTCE documentés",
            text.number(counts["pole"]),
            f"Pôles nommés par au moins une source publique, vues au {seen}. Ce n’est pas le nombre de PTCE "
            "en France : les comptes publiés diffèrent selon leurs auteurs.",
        ),
        (
            "Tiers-lieux inventoriés",
            text.number(counts["tiers_lieu"]),
            "Inventaire national de 2018–2019 (CGET) et couche des Fabriques de territoire de janvier 2024 (ANCT), "
            f"doublons réunis. {census(dataset)}",
        ),
        (
            "Clusters",
            text.number(counts["cluster"]),
            "Pôles de compétitivité, grappes, SPL, clusters de l’ESS, living labs nommés par une source publique.",
        ),
        (
            "Dispositifs de soutien",
            text.number(len(schemes)),
            "Dispositifs de l’Union européenne, de l’État, des régions, départements et intercommunalités, "
            "ouverts ou clos ; leur état est celui de la page à la date de sa source.",
        ),
        ("Sources", sources, f"Pages et fichiers publics consultés, vus au {seen}."),
    ]


def census(dataset: Dataset) -> str:
    """The published national census count beside our partial inventory, or nothing if it is not in the data."""
    rows = dataset.published_counts
    hit = rows[
        (rows["subject"] == "tiers_lieux")
        & (rows["scope"] == "France")
        & (rows["metric"] == "nombre_tiers_lieux")
        & (rows["year"] == 2023)
    ].sort_values("value")
    if hit.empty:
        return ""
    values = [text.number(v) for v in sorted(set(hit["value"]))]
    return f"Comptes nationaux publiés pour 2023 : {text.join(values)} lieux : cet inventaire est partiel."


def entries(dataset: Dataset) -> list[Entry]:
    """The three uses: title, story, page, URL parameters, action."""
    return [
        (
            "Un conseil régional explore",
            "La carte d’une région, ses limites d’aujourd’hui ou d’avant 2016, ses pôles, ses tiers-lieux et "
            "les dispositifs documentés sur chaque territoire.",
            "carte",
            {"region": "53", "niveau": "epci", "dans": "53", "aplat": "objets"},
            "Ouvrir la carte de la Bretagne par EPCI",
        ),
        (
            "Un bureau d’études instruit un cluster",
            "De quel type est le territoire et pourquoi, les pôles du même type, ce que l’on sait de leurs "
            "financements, et son propre budget à côté.",
            "territoires",
            {"lieu": "epci:243500741"},
            "Voir le type de Redon Agglomération",
        ),
        (
            "Une intervention en conférence",
            "Les lauréats des appels nationaux depuis 2013, sur une carte dont le lien rouvre exactement la même vue.",
            "carte",
            {
                "nature": "pole",
                "programme": [p for p in ("aap-ptce-2013", "aap-ptce-2015") if _has(dataset, p)],
            },
            "Montrer les lauréats de 2013 et 2015",
        ),
    ]


def _has(dataset: Dataset, programme: str) -> bool:
    return bool((dataset.pole_awards["programme_id"] == programme).any())


def limits(dataset: Dataset) -> list[str]:
    """What must be known before quoting a figure."""
    laureats = query.named_laureates(dataset)
    named = []
    for row in laureats.dropna(subset=["laureates"]).itertuples():
        total = int(row.laureates)
        if row.named < total:
            verb = "est nommé" if row.named < 2 else "sont nommés"
            of_whom = f"{text.number(row.named)} des {text.number(total)} lauréats annoncés {verb} ici"
            named.append(f"{of_whom} pour « {text.escape_markdown(row.programme)} »")
    lines = [
        "**Inconnu n’est pas zéro** : une case « non renseigné » dit qu’aucune source lue ne le dit.",
        "**Type de territoire** : calculé par nos règles à la commune, à l’EPCI et à la zone d’emploi ; à côté, "
        "celui qu’une source énonce pour un pôle. Les deux ne sont jamais confondus.",
    ]
    if named:
        lines.append(
            "**Lauréats** : aucune liste officielle complète n’a pu être lue ; " + " ; ".join(named) + "."
        )
    places = dataset.places
    rough = places["geo_precision"].isin(["departement", "region"]).sum()
    lines.append(
        f"**Positions** : {text.count(int(rough), 'objet est placé', 'objets sont placés')} au centre d’un "
        "département ou d’une région, faute de mieux : le signe est alors vide."
    )
    return lines


def laureates(dataset: Dataset) -> pd.DataFrame:
    """Programmes with laureates published and named here."""
    rows = query.named_laureates(dataset)

    def whole(value: Any) -> str:
        return text.UNKNOWN_TEXT if value is None or pd.isna(value) else text.number(int(value))

    publishers = dict(zip(dataset.sources["id"], dataset.sources["publisher"], strict=True))
    return pd.DataFrame(
        {
            "Programme": rows["programme"],
            "Année de l’annonce": rows["year_announced"].map(
                lambda v: text.UNKNOWN_TEXT if pd.isna(v) else str(int(v))
            ),
            "Lauréats publiés": rows["laureates"].map(whole),
            "Nommés dans l’atlas": rows["named"].map(whole),
            "Source du compte": rows["source_id"].map(publishers),
        }
    )


def source_ids(dataset: Dataset) -> list[str]:
    """Sources of the figures shown on the home page."""
    ids = dataset.programmes["source_id"].tolist()
    counts = dataset.published_counts
    ids += counts.loc[
        (counts["metric"] == "nombre_tiers_lieux") & (counts["scope"] == "France"), "source_id"
    ].tolist()
    return ids + dataset.tiers_lieux["source_id"].unique().tolist()
