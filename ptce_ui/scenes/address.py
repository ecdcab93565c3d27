"""The URL parameters of every page, without Streamlit; a test holds them equal to those of the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Final

from ptce_data import regional
from ptce_data.deck import Scene, scene_query
from ptce_data.funding import DEFINITIONS, flows, programmes
from ptce_data.places import KINDS, UNKNOWN
from ptce_ui import datasheet, home, region_tables, rulesform, text, urlstate
from ptce_ui.theme import TYPE_COLOURS
from ptce_ui.urlstate import SELECTION_PARAMS, Param, Parsed

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Page -> its sections with the first one as default; a page without sections has none.
SECTIONS: Final[dict[str, dict[str, str]]] = {
    "accueil": {},
    "carte": {},
    "territoires": {
        "carte": "Carte et raisons", "croisements": "Croisements", "densite": "Densité", "sensibilite": "Sensibilité",
    },
    "financements": {
        "mix": "Qui paie", "appels": "Les appels dans le temps", "flux": "Des appels aux pôles",
        "public": "L’argent public par région", "budget": "Mon budget", "import": "Importer des subventions",
    },
    "regions": {
        "comparer": "Côte à côte", "cartes": "Petites cartes", "proches": "Territoires comparables",
        "reforme": "Avant et après 2016",
    },
    "dispositifs": {
        "catalogue": "Catalogue", "projet": "Pour mon projet", "matrice": "Où quoi est documenté",
        "frise": "Dans le temps", "echanges": "Importer, exporter",
    },
    "etude": {
        "perimetre": "1. Périmètre", "existant": "2. Ce qui existe", "agencement": "3. Agencement", "acces": "4. Accès",
        "comparables": "5. Comparables", "financer": "6. Financer", "autodiagnostic": "7. Autodiagnostic",
        "document": "8. Document",
    },
    "donnees": {},
}  # fmt: skip
#: Page -> its name in the navigation.
PAGES: Final = {
    "accueil": "Accueil", "carte": "Carte", "territoires": "Territoires", "financements": "Financements",
    "regions": "Régions", "dispositifs": "Dispositifs", "etude": "Étude", "donnees": "Données",
}  # fmt: skip
#: Parts of the self-assessment that a scene may show; only scenes have this parameter.
STUDY_PARTS: Final = ("objectifs", "logiques", "afom", "feuille")
PEER_LEVELS: Final = ("regions", "former_regions", "departements", "epci")
_OVERSEAS: Final = ("01", "02", "03", "04", "06")
_SCHEME_FILTERS: Final = {
    "echelon": ("scheme_level", False), "categorie": ("scheme_category", False), "public": ("scheme_target", True),
    "priorite": ("territory_type", True), "nature": ("funding_kind", True), "statut": ("scheme_status", False),
}  # fmt: skip


def read(dataset: Dataset, scene: Scene) -> Parsed:
    """The values of a scene, and French sentences for what could not be used; the rest applies."""
    if scene.page not in SECTIONS:
        return Parsed({}, [f"La page « {scene.page[:60]} » est inconnue de l’atlas."])
    return urlstate.parse(scene_query(scene), params(dataset, scene.page))


def params(dataset: Dataset, page: str) -> list[Param]:
    """The parameters of a page, as its own module lists them."""
    makers: dict[str, Callable[[Dataset], list[Param]]] = {
        "accueil": home.params,
        "carte": lambda d: [*places(d), *_map(d)],
        "territoires": _territories,
        "financements": _funding,
        "regions": _regions,
        "dispositifs": _schemes,
        "etude": _study,
        "donnees": lambda _: [Param("table", "one", tuple(datasheet.titles()), next(iter(datasheet.titles())))],
    }  # fmt: skip
    return makers[page](dataset)


def _section(page: str) -> Param:
    codes = tuple(SECTIONS[page])
    return Param("section", "one", codes, codes[0])


def places(dataset: Dataset) -> list[Param]:
    """The filters on places."""
    frame, labels = dataset.places, text.Labels(dataset.categories)
    types = tuple(t for t in TYPE_COLOURS if t != UNKNOWN)

    def met(column: str) -> list[str]:
        return sorted({v for one in frame[column] for v in one})

    programme_ids = set(met("programmes"))
    known: dict[str, tuple[str, ...]] = {
        "kinds": tuple(KINDS),
        "computed_types": (*types, UNKNOWN),
        "epci_types": (*types, UNKNOWN),
        "regions": (*dataset.regions["region_code"], UNKNOWN),
        "former_regions": (*dataset.former_regions["former_region_code"], UNKNOWN),
        "departements": (*dataset.departements["departement_code"], UNKNOWN),
        "territory_types": (*types, UNKNOWN),
        "activity_families": (*labels.codes("activity_family"), UNKNOWN),
        "programmes": (*(i for i in dataset.programmes["id"] if i in programme_ids), UNKNOWN),
        "award_years": (*met("award_years"), UNKNOWN),
        "tiers_lieu_kinds": (*labels.codes("tiers_lieu_kind"), UNKNOWN),
        "labels": (*labels.codes("tiers_lieu_label"), UNKNOWN),
        "cluster_kinds": (*labels.codes("cluster_kind"), UNKNOWN),
        "themes": tuple(sorted(met("themes"), key=str.casefold)),
        "confidences": tuple(labels.codes("confidence")),
    }
    made = [Param(SELECTION_PARAMS[name], "many", codes) for name, codes in known.items()]
    return [*made, Param(SELECTION_PARAMS["text"], "text")]


def _map(dataset: Dataset) -> list[Param]:
    return [
        Param("niveau", "one", tuple(text.LEVEL_LABELS), "regions"),
        Param("dans", "one", tuple(dataset.regions["region_code"])),
        Param("aplat", "one", ("", "objets", "pour_100k", "dispositifs")),
        Param("vue", "one", ("metropole", *_OVERSEAS), "metropole"),
        Param("fond", "one", ("", "ign", "osm")),
        Param("couleur", "one", tuple(text.BASIS_LABELS), "commune"),
        Param("fiche", "one", (*dataset.places["uid"], *dataset.merged_uids)),
        Param("zone", "text"),
    ]


def _territories(dataset: Dataset) -> list[Param]:
    regions = tuple(dataset.regions["region_code"])
    made = [
        _section("territoires"),
        Param("echelle", "one", ("types", "communes", "epci", "epci_france"), "types"),
        Param("dans", "one", regions, regions[0] if regions else ""),
        Param("departement", "one", tuple(dataset.departements["departement_code"])),
        Param("points", "one", ("oui", "non"), "oui"),
        Param("q", "text"),
        Param("lieu", "text"),
        Param("base", "one", tuple(text.BASIS_LABELS), "commune"),
        Param("sujet", "one", ("activity_family", "origin", "programmes"), "activity_family"),
        Param("poles", "one", ("douze", "tous"), "tous"),
        Param("region", "one", regions),
    ]
    return made + (rulesform.params(dataset.territories.rules) if dataset.territories else [])


def _funding(_: Dataset) -> list[Param]:
    years = tuple(str(y) for y in range(2011, 2041))
    return [
        _section("financements"),
        Param("grouper", "one", ("kind", "year", "territory_type", "region"), "kind"),
        Param("qui", "one", ("", "ptce", "tiers_lieu", "cluster")),
        Param("mesure", "one", tuple(programmes.METRICS), "laureates"),
        Param("unite", "one", tuple(flows.UNITS), "eur"),
        Param("regions", "one", ("regions", "former_regions"), "regions"),
        Param("mesure_budget", "one", tuple(DEFINITIONS), "part_publique"),
        Param("nom", "text", default="Mon pôle"),
        Param("debut", "one", years, str(date.today().year)),
        Param("duree", "one", tuple("12345"), "3"),
    ]


def indicator_groups(dataset: Dataset) -> dict[str, str]:
    """Short code -> group of indicators, as the page Régions has them."""
    return region_tables.groups(dataset)


def _regions(dataset: Dataset) -> list[Param]:
    codes = {level: tuple(region_tables.area_names(dataset, level)) for level in PEER_LEVELS}
    merged = dataset.former_regions["region_code"].value_counts(sort=True)
    chosen = {"regions": "region", "former_regions": "ancienne_region", "departements": "departement"}
    first = {level: next(iter(codes[level]), "") for level in PEER_LEVELS}
    return [
        _section("regions"),
        Param("niveau", "one", ("regions", "former_regions", "departements"), "regions"),
        Param("dans", "one", codes["regions"], first["regions"]),
        *(Param(name, "many", codes[level]) for level, name in chosen.items()),
        Param("groupe", "one", tuple(indicator_groups(dataset)), "objets"),
        Param("unite", "one", tuple(region_tables.units(regional.registry(dataset)))),
        Param("carte", "one", tuple(region_tables.MAP_FAMILIES), "types"),
        Param("proche_niveau", "one", PEER_LEVELS, "epci"),
        *(Param(f"de_{level}", "one", codes[level], first[level]) for level in PEER_LEVELS),
        Param("critere", "many", ("structure", "density", "size")),
        Param("reforme", "one", codes["regions"], merged.index[0] if len(merged) else ""),
        Param("indicateur", "one", tuple(regional.registry(dataset)["indicator_id"]), "poles"),
    ]


def _schemes(dataset: Dataset) -> list[Param]:
    labels = text.Labels(dataset.categories)
    levels = tuple(labels.codes("scheme_level"))
    filters = [
        Param(name, "many", (*labels.codes(registry), *((UNKNOWN,) if unknown else ())))
        for name, (registry, unknown) in _SCHEME_FILTERS.items()
    ]
    return [
        _section("dispositifs"),
        Param("region", "many", tuple(dataset.regions["region_code"])),
        *filters,
        Param("q", "text"),
        Param("sans_national", "flag"),
        Param("dispositif", "one", tuple(dataset.support_schemes["id"])),
        Param("frise", "one", ("labels", *levels), "labels"),
        Param("chercher", "text"),
        Param("lieu", "text"),
        Param("projet", "one", tuple(labels.codes("scheme_target")), "ptce"),
        Param("montant", "text"),
        Param("besoin", "many", tuple(labels.codes("funding_kind"))),
        Param("action", "many", tuple(labels.codes("scheme_category"))),
    ]


def _study(dataset: Dataset) -> list[Param]:
    return [
        _section("etude"),
        Param("depart", "text"),
        Param("clic", "one", ("communes", "epci", "trace"), "communes"),
        Param("carte_region", "one", tuple(dataset.regions["region_code"])),
        Param("partie", "one", STUDY_PARTS, "objectifs"),
    ]
