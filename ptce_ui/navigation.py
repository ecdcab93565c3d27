"""The pages of the atlas: one list for the navigation, the home page and the tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True)
class Page:
    """One entry of the navigation."""

    path: str
    label: str
    icon: str
    question: str
    #: Pages that do not crowd the navigation are reached from the footer.
    is_in_menu: bool = True
    #: Whether filters stand at the side of the whole page, whatever part of it is open.
    has_filters: bool = False


PAGES: Final[dict[str, Page]] = {
    "accueil": Page("dashboard.py", "Accueil", ":material/home:", "Ce que l’atlas contient et par où entrer"),
    "carte": Page(
        "pages/carte.py",
        "Carte",
        ":material/map:",
        "Où sont les PTCE, les tiers-lieux et les clusters, et sur quel type de territoire ?",
        has_filters=True,
    ),
    "territoires": Page(
        "pages/territoires.py",
        "Territoires",
        ":material/landscape:",
        "De quel type est ce territoire, pourquoi, et que changerait une autre règle ?",
    ),
    "financements": Page(
        "pages/financements.py",
        "Financements",
        ":material/payments:",
        "Qui paie la coopération, sur quelle base, et que ne sait-on pas ?",
    ),
    "regions": Page(
        "pages/regions.py",
        "Régions",
        ":material/compare_arrows:",
        "Comment les régions se comparent-elles, à quels territoires ressemble celui-ci, et qu’a changé 2016 ?",
    ),
    "dispositifs": Page(
        "pages/dispositifs.py",
        "Dispositifs",
        ":material/volunteer_activism:",
        "Quels soutiens publics sont documentés, où, et lesquels pourraient convenir à mon projet ?",
    ),
    "etude": Page(
        "pages/etude.py",
        "Étude",
        ":material/edit_document:",
        "Un cluster d’innovation sociale est-il faisable ici ? Du territoire au document à remettre.",
    ),
    "conference": Page(
        "pages/conference.py",
        "Conférence",
        ":material/present_to_all:",
        "Comment le montrer à une salle : un diaporama, des diapositives, un fichier sans réseau ?",
    ),
    "donnees": Page(
        "pages/donnees.py",
        "Données",
        ":material/table:",
        "Que contient chaque table, d’où vient-elle et que lui manque-t-il ?",
    ),
    "espace": Page(
        "pages/espace.py",
        "Espaces",
        ":material/folder_shared:",
        "Où est mon travail enregistré, qui peut l’ouvrir, et comment revenir à une version passée ?",
    ),
    "glossaire": Page(
        "pages/glossaire.py",
        "Glossaire",
        ":material/dictionary:",
        "Que veulent dire les mots de l’atlas, et qui le dit ?",
        is_in_menu=False,
    ),
    "confidentialite": Page(
        "pages/confidentialite.py",
        "Confidentialité",
        ":material/shield_person:",
        "Qu’est-ce que l’atlas garde, où, combien de temps, et qu’envoie-t-il ailleurs ?",
        is_in_menu=False,
    ),
    "accessibilite": Page(
        "pages/accessibilite.py",
        "Accessibilité",
        ":material/accessibility_new:",
        "L’atlas se lit-il sans souris, sans couleurs, sans voir l’écran ? Ce qui est conforme, et ce qui ne l’est pas.",
        is_in_menu=False,
    ),
}
TITLE: Final = "Atlas de la coopération économique territoriale"
#: The one script written into the pages; the content security policy names it by its hash.
LANGUAGE_SCRIPT: Final = (
    (Path(__file__).resolve().parent.parent / "static" / "page.js").read_text(encoding="utf-8").strip()
)
