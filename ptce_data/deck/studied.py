"""A deck made from a study: it names the parts, and the study handed to the renderer fills them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from ptce_data import regional
from ptce_data.deck import words
from ptce_data.deck.model import Deck, new
from ptce_data.deck.ready import Maker
from ptce_data.deck.words import how
from ptce_data.study import PerimeterError, resolve

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_data.study import Study

#: Section of the page Étude -> more of its query, and how to say it.
_PARTS: Final[tuple[tuple[str, dict[str, str], str, str], ...]] = (
    ("perimetre", {}, "situer d’abord, compter ensuite.", words.TYPES),
    ("existant", {}, "demander à la salle ce qui manque : l’inventaire se complète avec elle.", words.PARTIAL),
    ("agencement", {}, "« inconnu » n’est pas « manquant » : seul l’auteur peut le dire.", words.PARTIAL),
    ("acces", {}, "à vol d’oiseau ; un trajet réel est plus long.", words.PARTIAL),
    ("comparables", {}, "qui appeler pour apprendre, non qui dépasser.", words.TYPES),
    ("financer", {}, "le bénévolat valorisé est à part, jamais dans le total en argent.", "Source : les budgets de l’étude."),
    ("autodiagnostic", {"partie": "objectifs"}, "la note est celle de l’auteur.", "Source : autodiagnostic de l’étude ; référentiel des PTCE (2012)."),
    ("autodiagnostic", {"partie": "afom"}, "lire une ligne par liste, non tout le tableau.", "Source : l’étude ; les chiffres repris des données portent la leur."),
    ("document", {}, "finir sur la prochaine étape et son pilote.", "Source : la feuille de route de l’étude."),
)  # fmt: skip


def from_study(dataset: Dataset, study: Study, *, today: datetime.date | None = None) -> Deck:
    """Return « Mon étude »: its parts, and the region around.

    Titles and messages are left to be proposed when a scene is shown: they follow the study as it changes.
    A part of which the study says nothing is there too, and says what it lacks.
    """
    made = Maker()
    for section, more, say, limit in _PARTS:
        made.add("etude", {"section": section, **more}, notes=how(say, limit))
    try:
        around = resolve(dataset, study.perimeter).regions.sort_values(
            "population", ascending=False, kind="stable"
        )
    except PerimeterError:
        around = None
    if around is not None and len(around):
        code = str(around["code"].iloc[0])
        names = regional.names(dataset, "regions")
        if code in set(dataset.regions["region_code"]):
            where = str(names.loc[code, "locative"])
            made.add(
                "carte", {"region": code},
                f"Autour du périmètre, {where}, l’atlas documente {words.kinds(words.objects(dataset, code))}",
                regional.profile(dataset, "regions", code)[1],
                how("ces chiffres sont ceux de la région entière, et non du périmètre.", words.PARTIAL),
            )  # fmt: skip
    return new(
        study.title.strip() or "Mon étude", today or datetime.date.today(), made.scenes, study.organisation
    )
