"""Decks ready to show: France, and any region. Titles are sentences written from the data of the day."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from ptce_data import query, regional, schemes
from ptce_data.deck import words
from ptce_data.deck.model import Deck, Scene, new
from ptce_data.deck.model import query as as_query
from ptce_data.deck.words import how, joined
from ptce_data.funding import mixes, programmes, public_money
from ptce_data.places import UNKNOWN
from ptce_data.regional.sentences import counted
from ptce_data.schemes import ALL_SCHEMES, SchemeSelection
from ptce_data.territories.french import number, percent

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Peers beside which a region is set.
PEERS: Final = 3
#: The group of indicators on public money, as the page Régions names it in its URL.
MONEY_GROUP: Final = "argent"
#: Per cent of the people without a known type above which densities by type say nothing.
_TOO_MUCH: Final = 50.0
_OVERSEAS: Final = ("01", "02", "03", "04", "06")


class DeckError(ValueError):
    """A ready-made deck cannot be made; str() is one French sentence."""


class Maker:
    """Scenes one after another, numbered."""

    def __init__(self) -> None:
        self.scenes: list[Scene] = []

    def add(
        self,
        page: str,
        parameters: Mapping[str, Sequence[str] | str],
        title: str = "",
        message: str = "",
        notes: str = "",
    ) -> None:
        """Add a scene."""
        own = f"s{len(self.scenes) + 1}"
        self.scenes.append(
            Scene(
                id=own, page=page, query=as_query(parameters), title=title[:300], message=message, notes=notes
            )
        )


def france(dataset: Dataset, *, today: datetime.date | None = None) -> Deck:
    """Return « Les PTCE en France »: what is documented, where, since when, paid by whom."""
    made = Maker()
    counts = words.objects(dataset)
    made.add(
        "accueil", {}, f"L’atlas documente {words.kinds(counts)}",
        "Chaque objet est nommé par au moins une source publique, doublons réunis.",
        how("« documentés par l’atlas », jamais « existent en France ».", words.PARTIAL),
    )  # fmt: skip
    poles = dataset.places[dataset.places["kind"] == "pole"]
    held = poles.loc[poles["region_code"].isin(dataset.regions["region_code"]), "region_code"].nunique()
    made.add(
        "carte", {"nature": "pole"},
        f"{counted(counts['pole'], 'pôle documenté', 'pôles documentés')}, dans {number(held)} des {number(len(dataset.regions))} régions",
        "La couleur dit le type de territoire, calculé à la commune.",
        how("nommer deux ou trois pôles que la salle connaît ; dire où la carte est vide sans en conclure rien.", words.PARTIAL),
    )  # fmt: skip
    _types(dataset, made, None)
    made.add(
        "territoires", {"section": "croisements", "sujet": "activity_family"}, notes=how(
            "le type et la famille d’activité ne sont connus que pour une partie des pôles.", words.TYPES)
    )  # fmt: skip
    made.add(
        "territoires", {"section": "densite"}, notes=how(
            "comparer des types de territoire, non des régions ; chaque panneau a son échelle.", words.PARTIAL)
    )  # fmt: skip
    made.add(
        "regions", {"section": "cartes", "carte": "objets", "niveau": "regions"},
        "Rapportés aux habitants, les objets documentés se répartissent autrement",
        notes=how("une densité documentée dépend de l’effort de collecte autant que du territoire.", words.PARTIAL),
    )  # fmt: skip
    _calls(dataset, made)
    _mixes(dataset, made)
    _public(dataset, made)
    _matrix(dataset, made)
    made.add(
        "dispositifs", {"section": "frise"}, notes=how(
            "les labels se succèdent et s’hybrident : un même pôle peut en porter plusieurs.", words.SCHEMES)
    )  # fmt: skip
    return new("Les PTCE en France", today or datetime.date.today(), made.scenes)


def region(dataset: Dataset, code: str, *, today: datetime.date | None = None) -> Deck:
    """Return « Ma région » for one of the 18 regions. Raises DeckError for another code."""
    names = regional.names(dataset, "regions")
    if code not in set(dataset.regions["region_code"]):
        known = joined(f"{c} ({names.loc[c, 'name']})" for c in dataset.regions["region_code"])
        raise DeckError(f"Aucune région n’a le code « {code[:20]} ». Codes connus : {known}.")
    name, where, of = (str(names.loc[code, c]) for c in ("name", "locative", "genitive"))
    made = Maker()
    counts = words.objects(dataset, code)
    portrait = regional.profile(dataset, "regions", code)
    made.add(
        "carte", {"region": code}, f"{words.capital(where)}, l’atlas documente {words.kinds(counts)}",
        portrait[0], how(f"« documentés {where} », jamais « existent ».", words.PARTIAL),
    )  # fmt: skip
    _types(dataset, made, code)
    made.add(
        "carte", {"nature": "pole", "region": code},
        f"{counted(counts['pole'], 'pôle est documenté', 'pôles sont documentés')} {where}" if counts["pole"] else
        f"L’atlas ne connaît aucun pôle {where}",
        portrait[1], how("citer les pôles par leur nom et leur commune.", words.PARTIAL),
    )  # fmt: skip
    if words.unknown_type(dataset, code) <= _TOO_MUCH:
        # Where most types are unknown, their densities would be an empty chart.
        made.add(
            "territoires", {"section": "densite", "region": code}, notes=how(
                "comparer des types de territoire entre eux, dans la région.", words.PARTIAL)
        )  # fmt: skip
    near = [str(c) for c in regional.peers(dataset, "regions", code, n=PEERS)["code"]]
    others = [str(names.loc[c, "genitive"]) for c in near]
    made.add(
        "regions", {"section": "comparer", "niveau": "regions", "region": [code, *near], "groupe": "objets"},
        f"{name}, à côté {joined([*others, 'de la France'])}" if others else f"{name}, à côté de la France",
        portrait[2].replace("Il y connaît", "L’atlas y connaît", 1), how("les régions comparées sont celles qui lui ressemblent par leurs territoires ; ce n’est pas un classement.", words.PARTIAL),
    )  # fmt: skip
    made.add(
        "regions", {"section": "proches", "proche_niveau": "regions", "de_regions": code}, notes=how(
            "ce que les barres disent est ce qui éloigne, non ce qui rapproche.", words.TYPES)
    )  # fmt: skip
    if int((dataset.former_regions["region_code"] == code).sum()) > 1:
        made.add(
            "regions", {"section": "reforme", "reforme": code, "indicateur": "poles"}, notes=how(
                "utile devant ceux qui pensent encore en anciennes régions.", words.PARTIAL)
        )  # fmt: skip
    else:
        made.add(
            "carte", {"nature": "tiers_lieu", "region": code},
            f"{counted(counts['tiers_lieu'], 'tiers-lieu est inventorié', 'tiers-lieux sont inventoriés')} {where}"
            if counts["tiers_lieu"] else f"L’atlas ne connaît aucun tiers-lieu {where}",
            notes=how("un inventaire de 2018–2019 et les Fabriques de 2024 : beaucoup ont ouvert ou fermé depuis.", words.PARTIAL),
        )  # fmt: skip
    found = schemes.find(dataset, SchemeSelection(areas=(code,), with_national=False))
    opened = int((found["status"] == "open").sum())
    made.add(
        "dispositifs", {"section": "catalogue", "region": code, "sans_national": "1"},
        f"{counted(len(found), 'dispositif documenté', 'dispositifs documentés')} {where}, hors dispositifs nationaux, "
        f"dont {counted(opened, 'ouvert', 'ouverts') if opened else 'aucun ouvert'} à la date de {'leur' if len(found) >= 2 else 'sa'} source"
        if len(found) else f"Hors dispositifs nationaux, aucun n’est documenté {where}",
        notes=how("renvoyer vers les pages des financeurs : elles seules disent ce qui est ouvert aujourd’hui.", words.SCHEMES),
    )  # fmt: skip
    made.add(
        "dispositifs", {"section": "matrice", "region": [code, *near], "sans_national": "1"},
        f"Où l’aide est documentée, {where} et dans les régions qui lui ressemblent",
        notes=how("un tiret veut dire : aucune source lue n’en parle.", words.SCHEMES),
    )  # fmt: skip
    amount = words.value(dataset, "regions", code, "public_money")
    made.add(
        "regions", {"section": "comparer", "niveau": "regions", "region": [code, *near], "groupe": MONEY_GROUP},
        f"{words.capital(where)}, {words.euros(amount)} d’argent public sont documentés vers des bénéficiaires nommés" if amount else
        f"Aucun montant d’argent public n’est documenté {where} vers un bénéficiaire nommé",
        portrait[3], how("la plupart des aides n’ont ni montant ni bénéficiaire publiés.", words.MONEY),
    )  # fmt: skip
    return new(f"La coopération économique {of}", today or datetime.date.today(), made.scenes)


def _types(dataset: Dataset, made: Maker, code: str | None) -> None:
    """The map of the territory types."""
    where = "en France" if code is None else str(regional.names(dataset, "regions").loc[code, "locative"])
    main, unknown = words.main_type(dataset, code), words.unknown_type(dataset, code)
    if main is None or unknown > _TOO_MUCH:
        title = f"{words.capital(where)}, le type de territoire n’est pas connu pour {percent(unknown, 0)} des habitants"
    else:
        title = f"{words.capital(where)}, {percent(main[1], 0)} des habitants vivent dans une commune de type « {main[0]} »"
    parameters = {"section": "carte", "points": "non"}
    if code is not None:
        parameters |= {"echelle": "communes" if code in _OVERSEAS else "epci", "dans": code, "points": "oui"}
    say = "le type n’est pas un jugement : il dit quels caractères officiels s’y cumulent."
    made.add("territoires", parameters, title, notes=how(say, words.TYPES))


def _calls(dataset: Dataset, made: Maker) -> None:
    rows = programmes.over_time(dataset)
    rows = rows[(rows["metric"] == "laureates") & rows["year"].notna()]
    named = query.named_laureates(dataset).dropna(subset=["laureates"])
    title = ""
    if len(rows):
        span = f"De {int(rows['year'].min())} à {int(rows['year'].max())}"
        title = f"{span}, {counted(rows['programme_id'].nunique(), 'appel a', 'appels ont')} un nombre de lauréats publié"
    message = ""
    if len(named):
        message = f"L’atlas nomme {number(int(named['named'].sum()))} des {number(int(named['laureates'].sum()))} lauréats annoncés par ces appels."
    say = "les comptes des pôles témoins diffèrent selon les auteurs : les citer tous, avec leur source."
    made.add(
        "financements", {"section": "appels", "mesure": "laureates"}, title, message, how(say, words.COUNTS)
    )


def _mixes(dataset: Dataset, made: Maker) -> None:
    listed = mixes.mixes(dataset)
    people = len({m.entity.key for m in listed})
    title = (
        f"Qui paie ? {counted(len(listed), 'mix de financement documenté', 'mix de financement documentés')}, pour {counted(people, 'organisation', 'organisations')}"
        if listed
        else ""
    )
    say = "deux barres de bases différentes ne se comparent pas, et aucune moyenne n’a de sens ici."
    made.add("financements", {"section": "mix"}, title, notes=how(say, words.MONEY))


def _public(dataset: Dataset, made: Maker) -> None:
    rows = public_money.by_level_and_region(dataset)
    known = rows[(rows["funder_level"] == "tous") & rows["amount_eur"].notna() & (rows["code"] != UNKNOWN)]
    total = float(known["amount_eur"].sum())
    title = (
        f"{words.euros(total)} d’argent public sont documentés vers des bénéficiaires nommés, dans {counted(len(known), 'région', 'régions')}"
        if len(known)
        else ""
    )
    made.add("financements", {"section": "public"}, title, notes=how("dire « documentés », et que le total est un plancher.", words.MONEY))  # fmt: skip


def _matrix(dataset: Dataset, made: Maker) -> None:
    cells = schemes.matrix(dataset, ALL_SCHEMES)
    empty = int((cells["schemes"] == 0).sum())
    found = schemes.find(dataset, ALL_SCHEMES)
    title = (
        f"{counted(len(found), 'dispositif documenté', 'dispositifs documentés')}, et rien dans {number(empty)} cases « région et catégorie » sur {number(len(cells))}"
        if len(found)
        else ""
    )
    say = "les sept catégories sont celles du panorama Avise et ARF de 2013."
    made.add("dispositifs", {"section": "matrice"}, title, notes=how(say, words.SCHEMES))
