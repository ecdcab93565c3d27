"""A selection -> one HTML file: map, charts and tables, with no request to anyone."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import geopandas as gpd

from ptce_data import query
from ptce_data.places import KINDS
from ptce_ui import tables, text, theme
from ptce_ui.exports.standalone import objects, page, shapes

if TYPE_CHECKING:
    from ptce_data.load import Dataset

Section = Literal["carte", "graphiques", "financements", "objets", "sources"]
SECTIONS: Final[tuple[Section, ...]] = get_args(Section)

_LIMITS: Final = (
    "Inconnu n’est pas zéro : « non renseigné » dit qu’aucune source lue ne le dit.",
    "Inventaires partiels : une absence sur la carte ne dit pas qu’il n’existe rien.",
    "Type de territoire : calculé par les règles de l’atlas à la commune, à partir des zonages officiels et des "
    "recensements ; la fiche donne aussi, à part, celui qu’une source énonce.",
    "Un signe vide est placé au centre d’un département ou d’une région, faute de mieux.",
    "Un objet recensé à deux titres (cluster et PTCE, par exemple) a deux signes et compte pour un seul objet "
    "distinct ; deux objets probablement identiques sont comptés à part.",
    "Population municipale Insee 2022 (Mayotte : 2017) ; limites IGN et Insee, COG 2025.",
)


class StandaloneError(ValueError):
    """The file cannot be made: a région or a part is not known. The message is a French sentence."""


def standalone(
    dataset: Dataset,
    places: gpd.GeoDataFrame,
    *,
    title: str,
    scope: str = shapes.FRANCE,
    sections: Collection[Section] = SECTIONS,
    made_on: datetime.date | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> bytes:
    """Return one HTML file (UTF-8) with the interactive map, charts and tables of `places`.

    `places` is a selection: rows of `dataset.places`. `scope` is "france" or a région's INSEE code:
    it says which boundaries are drawn and which views are offered, it does not filter. `sections`
    leaves parts out. `made_on` is written in the file when given; otherwise equal arguments give equal
    bytes. Positions are EPSG:4326. `progress(step, steps, label)` is called before each step. Raises StandaloneError for an unknown scope or section.
    """
    names = dict(zip(dataset.region_codes["region_code"], dataset.region_codes["name"], strict=True))
    if scope != shapes.FRANCE and scope not in names:
        raise StandaloneError(f"Région inconnue : {scope}. Codes connus : {', '.join(names)}.")
    for section in sections:
        if section not in SECTIONS:
            raise StandaloneError(f"Partie inconnue : {section}. Parties : {', '.join(SECTIONS)}.")
    tell = progress or (lambda step, steps, label: None)
    labels = text.Labels(dataset.categories)
    tell(0, 4, "Objets et fiches")
    found = objects.objects(dataset, places, labels)
    tell(1, 4, "Contours des territoires")
    outlines = shapes.layers(dataset, scope)
    tell(2, 4, "Chiffres et graphiques")
    data: dict[str, Any] = {
        **found,
        **outlines,
        "views": shapes.views(dataset, places, scope),
        "scope": scope,
        "kinds": [{"l": text.KIND_LABELS[k], "n": text.KIND_NOUNS[k]} for k in KINDS],
        "types": [
            {"l": labels.of("territory_type", value), "c": colour}
            for value, colour in theme.TYPE_COLOURS.items()
        ],
        "places": _areas(dataset, names),
        "colours": {"light": theme.LIGHT.__dict__, "dark": theme.DARK.__dict__},
        "mixes": objects.mixes_table(dataset, places, scope) if "financements" in sections else None,
        "unknown": text.UNKNOWN_TEXT,
    }
    head = page.Head(
        title=title,
        sentence=tables.sentence(query.counts(places)).replace("**", ""),
        dates=_dates(dataset, made_on),
        sections=tuple(s for s in SECTIONS if s in sections),
        limits=_LIMITS,
        scope_name=names.get(scope, "France"),
    )
    tell(3, 4, "Écriture de la page")
    return page.html(head, data)


def _areas(dataset: Dataset, names: dict[str, str]) -> dict[str, Any]:
    """What the charts count by: régions and départements with their names and inhabitants."""
    people = dict(zip(dataset.regions["region_code"], dataset.regions["population"], strict=True))
    return {
        "regions": [{"c": c, "n": n, "h": int(people[c]) if c in people else None} for c, n in names.items()],
        "departements": [
            {"c": r["departement_code"], "n": r["name"], "r": r["region_code"], "h": int(r["population"])}
            for r in dataset.departements.drop(columns="geometry").to_dict("records")
        ],
    }


def _dates(dataset: Dataset, made_on: datetime.date | None) -> str:
    """When the sources were read, the version of the data, and the day of the file when told."""
    seen = query.seen(dataset)
    read = f"Sources lues jusqu’au {text.date(seen)} · " if seen else ""
    made = f" · fichier du {text.date(made_on.isoformat())}" if made_on else ""
    return f"{read}version des données {dataset.version_said}{made}"
