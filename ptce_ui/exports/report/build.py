"""A study as a document: the page in brief, the eleven parts, the annexes."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ptce_data.study.registries import PARTS
from ptce_ui.exports.cartography import CartographyError
from ptce_ui.exports.document import Document, Heading
from ptce_ui.exports.document.model import Block
from ptce_ui.exports.report import (
    comparables,
    ess,
    judgement,
    money,
    places,
    plan,
    reach,
    summary,
    territory,
    words,
)
from ptce_ui.exports.report.facts import Facts, gather
from ptce_ui.exports.report.studio import Kind, Studio

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_data.study import Study

#: Called with the step done, the number of steps, and the French name of what comes.
Progress = Callable[[int, int, str], None]
Writer = Callable[[Facts, Studio], list[Block]]
#: Part -> what writes it after the author's own text.
WRITERS: Final[dict[str, Writer]] = {
    "objet": territory.subject,
    "portrait": territory.portrait,
    "existant": places.what_exists,
    "accessibilite": reach.reach,
    "dispositifs": money.support,
    "modeles": money.models,
    "comparables": comparables.comparables,
    "afom": judgement.swot,
    "scenarios": plan.compare,
    "plan_financement": plan.financing,
    "feuille_de_route": plan.roadmap,
    "annexes": summary.annexes,
}


def silent(step: int, total: int, label: str) -> None:
    """Tell nobody."""


def steps(study: Study) -> list[str]:
    """Keys of the parts that the document has, in order."""
    return [part for part in PARTS if part not in study.left_out]


def build(
    dataset: Dataset,
    study: Study,
    *,
    today: datetime.date,
    progress: Progress | None = None,
    pictures: tuple[Kind, ...] = ("svg", "png"),
) -> Document:
    """Write a study as a document. `pictures`: formats to draw, SVG for the PDF, PNG for the DOCX.

    What the study does not say is told as missing. Raises CartographyError where a map cannot be drawn.
    """
    tell = progress or silent
    total = len(steps(study)) + 1
    tell(0, total, "Lecture du périmètre et des données")
    facts = gather(dataset, study, today)
    return compose(facts, pictures, lambda n, label: tell(n + 1, total, label))


def compose(facts: Facts, pictures: tuple[Kind, ...], tell: Callable[[int, str], None]) -> Document:
    """The document of facts already computed; `tell` has the number of parts done and the next one's name."""
    study, dataset = facts.study, facts.dataset
    studio = Studio(dataset, pictures)
    blocks: list[Block] = [*summary.in_brief(facts)]
    parts = steps(study)
    for at, part in enumerate(parts):
        tell(at, f"Partie {at + 1} : {PARTS[part]}" if part != "annexes" else "Annexes")
        blocks.append(Heading(PARTS[part], 1, numbered=part != "annexes"))
        blocks += words.own(study.text(part))
        blocks += WRITERS[part](facts, studio)
    if facts.area is None:
        where = "Périmètre à choisir"
    else:
        names = [str(n) for n in facts.area.epci["name"]] or [str(n) for n in facts.area.communes["name"]]
        where = (
            names[0]
            if len(names) == 1
            else f"{len(facts.area.communes)} communes, {len(names)} intercommunalités"
        )
        where = f"{where} – {', '.join(facts.area.regions['name'])}"
    return Document(
        title=study.title.strip() or "Étude sans titre",
        subtitle=f"Étude de faisabilité d’un cluster d’innovation sociale. {where}",
        organisation=study.organisation,
        date=facts.today,
        version_note=f"Version des données : {dataset.version_said}",
        blocks=tuple(blocks),
        sources=(*words.all_sources(dataset, study), *ess.source()),
        contents_depth=2,
    )


__all__ = ["WRITERS", "CartographyError", "Progress", "build", "compose", "silent", "steps"]
