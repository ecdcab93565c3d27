"""What the home page says and where it leads, written from the data. No Streamlit here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ptce_data import query
from ptce_data.finding import Hit
from ptce_data.places import KINDS, UNKNOWN
from ptce_data.selection import Selection
from ptce_data.text import fold
from ptce_ui import text
from ptce_ui.theme import TYPE_COLOURS
from ptce_ui.urlstate import Param

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Parameters of an address.
Wanted = dict[str, str | list[str]]
#: Regions side by side in slides at most.
MOST_REGIONS: Final = 6
#: What the first door can look for.
KIND_NAMES: Final = {"pole": "PTCE", "tiers_lieu": "Tiers-lieux", "cluster": "Clusters"}
_NOUNS: Final = {
    "region": "région",
    "departement": "département",
    "epci": "EPCI",
    "commune": "commune",
    "pole": "PTCE",
    "tiers_lieu": "tiers-lieu",
    "cluster": "cluster",
}


@dataclass(frozen=True)
class Link:
    """Words, the page they lead to (a key of `navigation.PAGES`), and the parameters of its address."""

    label: str
    page: str
    wanted: Wanted = field(default_factory=dict)


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


def params(dataset: Dataset) -> list[Param]:
    """URL parameters of the home page: what is searched, and what is chosen at each of the three doors."""
    regions = tuple(dataset.regions["region_code"])
    return [
        Param("q", "text"),
        Param("objets", "one", KINDS, "tiers_lieu"),
        Param("type_epci", "one", tuple(type_names(dataset))),
        Param("region", "one", regions),
        Param("territoire", "text"),
        Param("presenter", "text"),
    ]


def region_names(dataset: Dataset) -> dict[str, str]:
    """Code -> name of the regions of today, in the order of the alphabet."""
    rows = zip(dataset.regions["region_code"], dataset.regions["name"], strict=True)
    return dict(sorted(rows, key=lambda row: fold(row[1])))


def type_names(dataset: Dataset) -> dict[str, str]:
    """Code -> label of the known types of territory, in the legend's order."""
    labels = text.Labels(dataset.categories)
    return {t: labels.of("territory_type", t) for t in TYPE_COLOURS if t != UNKNOWN}


def explored(kind: str, epci_type: str, region: str) -> Selection:
    """What the first door selects; an empty code keeps all."""
    return Selection(
        kinds=(kind,), epci_types=(epci_type,) if epci_type else (), regions=(region,) if region else ()
    )


def explored_words(dataset: Dataset, kind: str, epci_type: str, region: str, count: int) -> str:
    """`68 tiers-lieux, intercommunalités (EPCI) de type rural, Occitanie`, in plain text."""
    names = region_names(dataset)
    label = type_names(dataset).get(epci_type, "").lower()
    where = f", intercommunalités (EPCI) de type {label}" if epci_type else ""
    return f"{text.count(count, *text.KIND_NOUNS[kind])}{where}, {names.get(region, 'toute la France')}"


def explored_map(kind: str, epci_type: str, region: str) -> Link:
    """The same on the map, coloured by what was asked."""
    wanted: Wanted = {"nature": kind}
    if epci_type:
        wanted |= {"type_epci": epci_type, "couleur": "epci"}
    if region:
        wanted |= {"region": region, "niveau": "epci", "dans": region}
    return Link("La carte", "carte", wanted)


def deck_links(codes: Sequence[str]) -> list[Link]:
    """What the third door offers for no region, one, or several."""
    if not codes:
        return [
            Link("Présenter les PTCE en France, à l’écran", "conference", {"presenter": "1", "scene": "1"}),
            Link("Préparer ces diapositives (PPTX)", "conference", _taken("france")),
        ]
    more: Wanted = {"region": codes[0]} if len(codes) == 1 else {"regions": list(codes)}
    wanted = _taken("region" if len(codes) == 1 else "comparer") | more
    composed = {k: v for k, v in wanted.items() if k != "section"}
    return [
        Link("Préparer les diapositives (PPTX)", "conference", wanted),
        Link("Relire et composer d’abord", "conference", composed),
    ]


def _taken(model: str) -> Wanted:
    """A ready-made deck, taken on arrival, its slides prepared at once."""
    return {"section": "fichiers", "modele": model, "prendre": "1"}


def study_link(hit: Hit) -> Link:
    """The study of a commune or EPCI, where its documents are made."""
    return Link(f"Étude : {told(hit)}", "etude", {"section": "document", "depart": f"{hit.kind}:{hit.code}"})


def told(hit: Hit) -> str:
    """`CA Redon Agglomération – EPCI`, `Redon – commune (35)`, in plain text: communes share their names."""
    more = f" ({hit.departement_code})" if hit.kind == "commune" else ""
    return f"{hit.name} – {_NOUNS[hit.kind]}{more}"


def actions(hit: Hit) -> list[Link]:
    """What can be done with what was found, the nearest first."""
    if hit.kind == "region":
        inside: Wanted = {"region": hit.code, "niveau": "epci", "dans": hit.code}
        return [
            Link("Sa carte", "carte", inside),
            Link("Ses dispositifs", "dispositifs", {"region": hit.code}),
            Link("Régions proches", "regions", _near("regions", hit.code)),
            Link("Diapositives", "conference", _taken("region") | {"region": hit.code}),
        ]
    if hit.kind == "departement":
        return [
            Link("Sa carte", "carte", {"departement": hit.code}),
            Link("Départements proches", "regions", _near("departements", hit.code)),
        ]
    if hit.is_territory:
        level = "communes" if hit.kind == "commune" else "epci"
        place = f"{hit.kind}:{hit.code}"
        drawn: Wanted = {"niveau": level, "dans": hit.region_code, "zone": f"{level}:{hit.code}"}
        return [
            Link("Son type, et pourquoi", "territoires", {"lieu": place}),
            Link("La carte ici", "carte", drawn),
            Link("Étude (PDF, Word)", "etude", {"section": "document", "depart": place}),
            Link("Diapositives", "conference", _taken("etude") | {"depart": place}),
        ]
    fiche: Wanted = {"fiche": hit.code}
    if hit.region_code:
        fiche["region"] = hit.region_code
    found = [Link("Sa fiche, sur la carte", "carte", fiche)]
    if hit.commune_insee:
        found.append(Link("Type de son territoire", "territoires", {"lieu": f"commune:{hit.commune_insee}"}))
    if hit.epci_siren:
        found.append(
            Link("Étude autour", "etude", {"section": "document", "depart": f"epci:{hit.epci_siren}"})
        )
    return found


def comparison(codes: Sequence[str]) -> list[Link]:
    """What can be done with several regions named together."""
    return [
        Link("Leurs chiffres côte à côte", "regions", {"region": list(codes)}),
        deck_links(codes)[0],
    ]


def _near(level: str, code: str) -> Wanted:
    return {"section": "proches", "proche_niveau": level, f"de_{level}": code}


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
