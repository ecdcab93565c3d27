"""From a scene to what it shows: the page's parameters read, its builder asked, the speaker's words kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ptce_data import query
from ptce_data.deck import Scene
from ptce_ui import text
from ptce_ui.scenes import address, funding, home, places, regions, schemes, studies, territories
from ptce_ui.scenes.model import SceneContent, Shown, View, cited, nothing

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_data.study import Study

Builder = Callable[[View], Shown]
#: (page, section) -> what shows it; a page without sections has the empty one.
BUILDERS: Final[dict[tuple[str, str], Builder]] = {
    ("accueil", ""): home.figures,
    ("donnees", ""): home.table,
    ("carte", ""): places.show,
    **{("territoires", name): maker for name, maker in territories.BUILDERS.items()},
    **{("financements", name): maker for name, maker in funding.BUILDERS.items()},
    **{("regions", name): maker for name, maker in regions.BUILDERS.items()},
    **{("dispositifs", name): maker for name, maker in schemes.BUILDERS.items()},
    **{("etude", name): maker for name, maker in studies.BUILDERS.items()},
}


def content(dataset: Dataset, scene: Scene, study: Study | None = None) -> SceneContent:
    """What a scene shows. `study`: the one that scenes of the page Étude speak of.

    Values of the scene that the page does not know are named in `problems`, and the rest applies; a title
    or a message that the scene has not is proposed. What cannot be shown says why: nothing is raised for
    the content of a scene.
    """
    parsed = address.read(dataset, scene)
    view = View(dataset, parsed.values, study)
    section = str(parsed.values.get("section", ""))
    builder = BUILDERS.get((scene.page, section))
    if builder is None:
        shown = nothing(
            text.UNKNOWN_TEXT.capitalize(), "Cette page de l’atlas n’existe pas ou n’existe plus."
        )
    else:
        shown = builder(view)
    sources = query.sources(dataset, shown.sources)
    known = set(sources["id"])
    return SceneContent(
        title=text.no_break(scene.title or shown.title),
        message=text.no_break(scene.message or shown.message),
        notes=scene.notes,
        note=text.no_break(shown.note),
        alt=shown.alt,
        visual=shown.visual,
        facts=shown.facts,
        sources=tuple(i for i in cited(shown.sources) if i in known),
        problems=(*parsed.problems, *shown.problems),
    )
