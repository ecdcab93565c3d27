"""What the page Confidentialité says: kept where and for how long, cookies, logs, what leaves the host."""

from __future__ import annotations

import os
from typing import Final

import pandas as pd

from ptce_api import signin
from ptce_store import Limits
from ptce_ui import text
from ptce_ui.assets import OWN_HOURS

#: Variable that says, in the operator's words, who keeps this site and how to write to them.
CONTACT: Final = "PTCE_PRIVACY_CONTACT"
_LONGEST: Final = 600
_COLUMNS: Final = ("Quoi", "Où", "Combien de temps")


def summary() -> str:
    """The short answer, as Markdown."""
    who = (
        "Lire l’atlas ne demande pas de compte ; se connecter sert seulement à retrouver un travail enregistré."
        if signin.from_environment()
        else "Lire l’atlas et y travailler ne demande pas de compte."
    )
    return (
        f"{who} L’atlas ne mesure pas sa fréquentation, ne dépose aucun traceur et **n’envoie rien à un autre "
        "site**, sauf si vous choisissez un fond de carte. Les données publiées portent sur des organismes et des "
        "lieux : elles ne contiennent ni nom de personne, ni adresse électronique, ni téléphone."
    )


def tables() -> list[tuple[str, pd.DataFrame, str]]:
    """The tables of the page: (title, rows, accessible name)."""
    return [
        ("Ce qui est gardé", _frame(_kept(Limits())), "Ce que l’atlas garde, où et combien de temps"),
        (
            "Ce que votre navigateur garde",
            _frame(_cookies()),
            "Témoins de connexion (cookies) et mémoire du navigateur",
        ),
        ("Ce qui sort de la machine", _frame(_outside()), "Ce que l’atlas envoie à d’autres sites"),
    ]


def contact() -> str:
    """Who to ask, as Markdown: what the operator set in `PTCE_PRIVACY_CONTACT`."""
    said = os.environ.get(CONTACT, "").strip()[:_LONGEST]
    who = (
        text.escape_markdown(said)
        if said
        else "L’organisme qui tient ce site n’a pas indiqué ici comment lui écrire."
    )
    return (
        f"{who}\n\nVous effacez vous-même ce que vous avez enregistré, et votre compte avec tout ce qu’il contient. "
        "Si vous estimez que vos droits ne sont pas respectés, vous pouvez vous adresser à la CNIL."
    )


def _kept(limits: Limits) -> list[tuple[str, str, str]]:
    rows = [
        ("Les filtres d’une vue, la fiche ouverte", "Dans l’adresse de la page, donc dans votre navigateur",
         "Aussi longtemps que vous gardez cette adresse"),
        ("Un fichier déposé, une étude, un budget ou un diaporama en cours", "Dans la mémoire du serveur, pour "
         "votre seule session", "Jusqu’à la fermeture de l’onglet, et deux minutes de plus s’il se déconnecte"),
        ("Les points d’une couche que vous importez", "Dans un fichier du serveur dont le nom, tiré au hasard, "
         "n’est connu que de votre navigateur",
         f"{OWN_HOURS}\u00a0heures après le dernier changement, effacé au premier import qui suit"),
        ("Un travail que vous enregistrez, avec ses versions", "Dans la base de données de l’organisme qui tient "
         "ce site ; qui a le lien d’un espace, ou y est membre, le lit",
         f"Jusqu’à ce que vous l’effaciez, puis {limits.days_deleted}\u00a0jours pendant lesquels vous pouvez "
         f"revenir en arrière ; un espace laissé vide est effacé après {limits.days_empty}\u00a0jours"),
        ("Le journal des espaces : quel geste, sur quoi, quand", "Dans la même base, sans nom ni adresse",
         f"{limits.days_audit}\u00a0jours"),
        ("Le nombre de demandes faites à l’API par une adresse réseau", "Dans la mémoire du serveur, pour refuser "
         "les abus", "La période comptée, une minute si rien d’autre n’est réglé"),
        ("Le journal d’accès", "L’application n’en tient pas ; celui du serveur nginx fourni note l’heure, "
         "l’adresse demandée sans ses paramètres et la réponse, sans adresse IP",
         "Selon l’organisme qui tient ce site"),
    ]  # fmt: skip
    if signin.from_environment() is not None:
        rows.insert(4, (
            "Votre compte", "Dans la même base : une empreinte calculée avec un secret, qui ne permet pas de "
            "retrouver qui vous êtes ; le nom qu’un responsable vous donne dans un espace partagé. Ni adresse "
            "électronique, ni mot de passe", "Jusqu’à ce que vous effaciez votre compte",
        ))  # fmt: skip
    return rows


def _cookies() -> list[tuple[str, str, str]]:
    rows = [
        ("_streamlit_xsrf : empêche un autre site de déposer un fichier à votre place", "Cookie, envoyé à ce site "
         "seulement", "Jusqu’à la fermeture du navigateur"),
        ("Le thème clair ou sombre, la largeur du panneau latéral", "Mémoire locale du navigateur, jamais envoyée",
         "Jusqu’à ce que vous l’effaciez"),
    ]  # fmt: skip
    provider = signin.from_environment()
    if provider is not None:
        rows += [
            ("_streamlit_session : relie votre demande de connexion à sa réponse", "Cookie signé, illisible par "
             "les scripts", "14\u00a0jours au plus, vidé par la connexion"),
            ("_streamlit_user et _streamlit_user_tokens : ce que votre fournisseur d’identité dit de vous",
             "Cookies signés, illisibles par les scripts, gardés dans votre navigateur et nulle part ailleurs",
             f"{text.count(provider.hours, 'heure', 'heures')}, ou jusqu’à la déconnexion"),
        ]  # fmt: skip
    return rows


def _outside() -> list[tuple[str, str, str]]:
    rows = [
        ("Fond de carte, seulement si vous en choisissez un : l’adresse réseau de votre poste, le nom de ce site et "
         "la zone regardée", "IGN (data.geopf.fr) ou OpenStreetMap", "Selon ces services"),
        ("Un lien que vous suivez : le nom de ce site, sans l’adresse de la page", "Le site du lien",
         "Selon ce site"),
    ]  # fmt: skip
    if signin.from_environment() is not None:
        rows.append(("Connexion, si vous la demandez", "Le fournisseur d’identité de votre organisation",
                     "Selon ce fournisseur"))  # fmt: skip
    return rows


def _frame(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(_COLUMNS))
