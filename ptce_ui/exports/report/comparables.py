"""Part 7: comparable intercommunalities, explained, and inspiring pôles."""

from __future__ import annotations

from ptce_ui import text
from ptce_ui.exports.cartography import Category, CategoryAreas, MapSpec, Outline
from ptce_ui.exports.cartography.builders import credit
from ptce_ui.exports.document import Callout, Heading, Paragraph
from ptce_ui.exports.document.model import Block
from ptce_ui.exports.report import money, words
from ptce_ui.exports.report.facts import Facts, Peers
from ptce_ui.exports.report.studio import Studio
from ptce_ui.exports.report.territory import NO_AREA
from ptce_ui.exports.report.words import INSEE, LIMITS, NBSP, TYPES, table

METHOD = (
    "Comparaison de la structure de la population par type de territoire (pour moitié), de la densité et de la population "
    "(pour un quart chacune). Les écarts sont mesurés en écarts usuels entre intercommunalités. Ressemblance de 100 % : "
    "même profil ; elle est divisée par deux à chaque écart usuel. Là où le type est inconnu, outre-mer surtout, la densité et "
    "la population comptent seules. La ressemblance ne dit rien des projets."
)


def comparables(facts: Facts, studio: Studio) -> list[Block]:
    """Part 7."""
    if facts.area is None:
        return [words.missing(NO_AREA)]
    made: list[Block] = [Heading("Intercommunalités comparables", 2)]
    if facts.peers is None:
        made.append(
            words.missing(
                "Aucune intercommunalité dans le périmètre : la comparaison se fait d’intercommunalité à intercommunalité."
            )
        )
    elif facts.peers.frame.empty:
        made.append(
            words.missing(" ".join(facts.peers.notes) or "Aucune intercommunalité ne peut être comparée.")
        )
    else:
        made += _peers(facts, facts.peers, studio)
    made.append(Heading("Pôles inspirants", 2))
    if facts.poles.empty:
        return [
            *made,
            words.missing(
                "Aucun pôle n’est choisi, et l’atlas n’en connaît aucun sur le même type de territoire."
            ),
        ]
    if facts.poles_chosen:
        said = f"L’auteur de l’étude a choisi {text.count(len(facts.poles), 'pôle', 'pôles')}."
    else:
        label = facts.labels.of("territory_type", facts.main_type).lower()
        said = (
            f"L’auteur n’a pas choisi de pôle. En voici {text.number(len(facts.poles))} sur une commune de type «{NBSP}{label}{NBSP}», comme la "
            "plus grande part de la population du périmètre : les mieux documentés de l’atlas, sans jugement sur leur réussite."
        )
    made += [Paragraph(said), *money.poles_table(facts, facts.poles)]
    return made


def _peers(facts: Facts, peers: Peers, studio: Studio) -> list[Block]:
    _, name, share = peers.home
    whole = f"«{NBSP}{name}{NBSP}»"
    said = f"La comparaison porte sur {whole}"
    if share < 99.95:
        said += f", où vit {text.percent(share, 1)} de la population du périmètre"
    said += (
        f". Voici {text.count(len(peers.frame), 'intercommunalité', 'intercommunalités')} de profil voisin."
    )
    if peers.frame["chosen"].any():
        said += " Celles que l’auteur a retenues portent la mention «\u00a0retenue\u00a0»."
    rows = [
        (
            f"{r.name}{' (retenue)' if r.chosen else ''}", text.percent(r.similarity), str(r.explanation),
        )
        for r in peers.frame.itertuples(index=False)
    ]  # fmt: skip
    made: list[Block] = [Paragraph(said, (INSEE, TYPES)), Callout("methode", METHOD)]
    if peers.other_names:
        made.append(
            Paragraph(
                f"L’auteur retient aussi, hors de cette comparaison : {text.join(list(peers.other_names))}."
            )
        )
    made.append(
        studio.map(
            _map(facts, peers),
            "Intercommunalités comparables en France",
            height=118,
            sources=(INSEE, TYPES, LIMITS),
        )
    )
    made.append(
        table("Intercommunalités comparables, de la plus à la moins ressemblante", ("Intercommunalité", "Ressemblance", "Pourquoi"),
              rows, widths=(2.2, 1.45, 5.2), sources=(INSEE, TYPES), note=" ".join(peers.notes))
    )  # fmt: skip
    return made


def _map(facts: Facts, peers: Peers) -> MapSpec:
    code, name, _ = peers.home
    categories = (
        Category("home", "intercommunalité de l’étude", "#2B4A7F", "#2B4A7F"),
        Category("peer", "comparable", "#D2C074", "#D2C074", "/////", "#6B5E20", "#6B5E20"),
    )
    values = {code: "home", **dict.fromkeys(peers.frame["code"], "peer")}
    areas = CategoryAreas("epci", values, categories, "Intercommunalités", frozenset(values))
    listed = text.join([str(n) for n in peers.frame["name"]])
    return MapSpec(
        "Intercommunalités comparables", f"{name} et {text.count(len(peers.frame), 'intercommunalité', 'intercommunalités')} de profil voisin",
        "france", (areas, Outline("regions")), alt=f"Carte de France des intercommunalités comparables à {name} : {listed}.",
        **credit(facts.dataset),
    )  # fmt: skip
