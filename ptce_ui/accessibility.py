"""What the page Accessibilité says: state, what conforms, what does not and why, how it was tested. No Streamlit here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

import pandas as pd

from ptce_ui import text

#: Variables that say, in the operator's words, who to write to; the first one set is used.
CONTACTS: Final = ("PTCE_ACCESSIBILITY_CONTACT", "PTCE_PRIVACY_CONTACT")
_LONGEST: Final = 600
#: ISO date of the last full run of the tests below; update it with the tables.
TESTED: Final = "2026-11-22"
AXE_VERSION: Final = "4.12"
_COLUMNS: Final = ("Critère RGAA", "Ce qui manque", "Pourquoi", "Comment faire autrement")


@dataclass(frozen=True)
class AxeException:
    """A serious finding of axe that cannot be mended from outside Streamlit.

    `rule` is the rule's id, `selector` a regular expression on the place axe names, `criterion` the RGAA's,
    `why` a French sentence.
    """

    rule: str
    selector: str
    criterion: str
    why: str


#: The only findings that the browser tests let pass. Empty: axe finds nothing serious any more.
AXE_EXCEPTIONS: Final[tuple[AxeException, ...]] = ()

#: Criterion, what is missing, why, what to do instead.
_LIMITS: Final = (
    ("1.6, 7.1 – Cartes", "Les signes de la carte interactive sont un dessin : un lecteur d’écran ne les énumère pas.",
     "Des milliers de signes tiennent dans une seule image, tracée par l’atlas.",
     "Le tableau sous la carte dit les mêmes objets et leur type ; au clavier, Entrée ouvre ce qui est sous la croix."),
    ("5.1 à 5.7, 7.1 – Tableaux", "Les grands tableaux sont dessinés ; seules les lignes visibles sont décrites aux "
     "lecteurs d’écran, et une feuille de style personnelle n’y agit pas.",
     "Composant de Streamlit (st.dataframe).", "Chaque tableau se télécharge en CSV et en XLSX."),
    ("3.2 – Contraste", "La colonne qui reste en place dans un tableau est plus pâle que les autres (60 %).",
     "Composant de Streamlit (st.dataframe).",
     "L’encre du thème est assez sombre pour y garder 4,5 pour 1, par calcul ; le fichier CSV dit les mêmes noms."),
    ("7.3, 10.13 – Graphiques", "Les infobulles des graphiques ne s’ouvrent qu’à la souris.",
     "Composant de Plotly.", "Les mêmes nombres sont dans le tableau qui accompagne chaque graphique."),
    ("8.7 – Langue", "Quelques mots restent en anglais pendant un court instant (« Running », « Stop ») ; les noms "
     "propres étrangers ne sont pas marqués.", "Mots écrits par Streamlit ; l’atlas traduit les autres une fois la page "
     "dessinée.", "Aucune perte d’information."),
    ("9.1 – Titres", "Les niveaux de titres sont corrigés par un script (aria-level), non par la balise.",
     "Streamlit n’offre que trois niveaux de titres.", "Sans effet avec un lecteur d’écran récent."),
    ("10.12 – Espacement", "Le texte des tableaux, des cartes et des graphiques ne suit pas un espacement choisi par le "
     "lecteur.", "Il est dessiné, non écrit.", "Fichiers CSV, XLSX et SVG."),
    ("11.10 – Erreurs de saisie", "Un message d’erreur est affiché près du champ, sans lui être relié.",
     "Streamlit ne permet pas de relier un message à un champ.", "Le message nomme le champ et dit quoi corriger."),
    ("13.1 – Limite de temps", "Une session coupée plus de deux minutes est perdue, avec ce qui n’y est pas enregistré.",
     "Fonctionnement de Streamlit.", "Enregistrer l’étude, le budget ou le diaporama : en fichier ou dans un espace."),
    ("13.3 – Documents", "Le document d’étude en PDF est balisé et déclaré PDF/UA-1, sans contrôle par un "
     "validateur tiers ; les cartes et graphiques en PDF sont des dessins.", "Contrôle non encore fait.",
     "Les mêmes contenus existent en DOCX, XLSX et CSV."),
)  # fmt: skip

_CONFORMS: Final = (
    ("1, 4 – Images", "Chaque carte fixe, image et graphique a un nom et une phrase de résumé ; chacun a son tableau."),
    ("2 – Cadres", "La carte interactive a un titre et une consigne de clavier."),
    ("3 – Couleurs", "Textes à 4,5 pour 1, signes de la carte et contours des barres à 3 pour 1, sur fond clair et sombre ; la nature d’un "
     "objet est dite par sa forme, son type par l’infobulle, la fiche et le tableau, l’origine d’un financement par un "
     "motif et un nom."),
    ("7 – Scripts", "Tout ce qui s’ouvre à la souris s’ouvre au clavier ; le nombre d’objets est annoncé après un filtre."),
    ("8 – Éléments obligatoires", "Langue, titre de page, attributs sans faute grave."),
    ("9 – Structure", "Un seul titre principal, niveaux sans saut, repères d’en-tête, de navigation et de contenu."),
    ("10 – Présentation", "Lecture à 360 pixels de large sans défilement horizontal de la page ; focus toujours visible ; "
     "cibles de 24 pixels au moins."),
    ("11 – Formulaires", "Chaque champ a une étiquette ; l’aide d’un champ se lit au clavier."),
    ("12 – Navigation", "Lien d’évitement, page en cours indiquée, ordre de tabulation suivant la lecture, deux chemins "
     "vers chaque page (menu et accueil)."),
    ("13 – Consultation", "Aucun mouvement si le système le demande ; aucun rafraîchissement sans geste du lecteur."),
)  # fmt: skip


def state() -> str:
    """The state of conformity, as Markdown."""
    return (
        "L’atlas est **partiellement conforme** au référentiel général d’amélioration de l’accessibilité (RGAA 4.1) et "
        "aux WCAG 2.2, niveau AA. Cette déclaration est une **auto-évaluation** : les 106 critères n’ont pas été audités "
        "par un tiers, et l’atlas n’a pas été essayé avec des personnes qui se servent d’un lecteur d’écran. Aucun taux de "
        "conformité n’est donc donné."
    )


def tables() -> list[tuple[str, pd.DataFrame, str]]:
    """The tables of the page: (title, rows, caption)."""
    left = _LIMITS + tuple((e.criterion, e.rule, e.why, "") for e in AXE_EXCEPTIONS)
    return [
        (
            "Ce qui n’est pas conforme",
            pd.DataFrame(left, columns=list(_COLUMNS)),
            "Ce qui n’est pas conforme, pourquoi, et comment faire autrement",
        ),
        (
            "Ce qui a été fait et vérifié",
            pd.DataFrame(_CONFORMS, columns=["Thème du RGAA", "Ce qui est vérifié"]),
            "Ce qui est vérifié, par thème du RGAA",
        ),
    ]


def keys() -> str:
    """How to go without a mouse, as Markdown."""
    return (
        "- **Partout** : Tab et Maj + Tab vont d’un élément à l’autre ; le premier est « Aller au contenu ».\n"
        "- **Une liste** : flèche bas l’ouvre, quelques lettres la filtrent, Entrée choisit ; une valeur choisie s’enlève "
        "par Retour arrière.\n"
        "- **Les parties d’une page, les étapes d’une étude** : flèches gauche et droite, puis Espace.\n"
        "- **Un tableau** : les flèches vont de case en case, **Maj + Espace** choisit la ligne et ouvre sa fiche.\n"
        "- **La carte** : les flèches la déplacent, + et − changent l’échelle, **Entrée** ouvre ce qui est sous la croix, "
        "Échap ferme.\n"
        "- **En conférence** : flèches ou Page suivante, Début, Fin, N pour les notes, Échap pour quitter."
    )


def method() -> str:
    """What was tested, when and with what, as Markdown."""
    return (
        f"Tests du {text.date(TESTED)}, rejoués à chaque modification : axe-core {AXE_VERSION} dans Chromium, sur chaque "
        "page et chacune de ses parties, thèmes clair et sombre, 1 280 et 360 pixels de large, mode présentation compris ; "
        f"aucune faute grave ou critique, {_exceptions()}. Parcours au clavier seul : filtrer, ouvrir une fiche depuis le "
        "tableau et depuis la carte, télécharger, comparer deux régions, suivre les étapes d’une étude, présenter un "
        "diaporama. Contrastes calculés à partir des couleurs de l’atlas. Un test automatique ne voit qu’une partie des "
        "obstacles : s’il vous en reste un, dites-le."
    )


def contact() -> str:
    """Who to tell, and the reader's recourse, as Markdown."""
    told = (os.environ.get(name, "").strip()[:_LONGEST] for name in CONTACTS)
    said = next((words for words in told if words), "")
    who = (
        text.escape_markdown(said)
        if said
        else "L’organisme qui tient ce site n’a pas indiqué ici comment lui écrire."
    )
    return (
        f"{who}\n\nSi vous signalez un obstacle et n’obtenez pas de réponse, vous pouvez saisir le [Défenseur des droits]"
        "(https://formulaire.defenseurdesdroits.fr/) ou son délégué dans votre département."
    )


def _exceptions() -> str:
    if not AXE_EXCEPTIONS:
        return "sans exception"
    return text.count(len(AXE_EXCEPTIONS), "exception nommée ci-dessus", "exceptions nommées ci-dessus")
