"""A deck as one frozen value: pages, the state of their URL, and the texts of the speaker."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from ptce_data.study.base import Base, Code, Line, Text, unique

FORMAT: Final = "atlas-ptce-diaporama"
VERSION: Final = 1
MAX_SCENES: Final = 100
#: Longest value of a URL, and most values of a parameter: a selection of all départements holds.
VALUE: Final = 300
MAX_VALUES: Final = 200
MAX_PARAMS: Final = 40

Query = tuple[tuple[str, tuple[str, ...]], ...]
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]
Value = Annotated[str, Field(max_length=VALUE)]


def _once(pairs: Query) -> Query:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise ValueError("chaque paramètre une seule fois")
    return pairs


class Scene(Base):
    """One view: a page of the application (its name in the navigation) and the parameters of its URL.

    An empty title or message is proposed by the atlas when the scene is shown. `notes` are the speaker's.
    """

    id: Code
    page: Name
    query: Annotated[
        tuple[tuple[Name, Annotated[tuple[Value, ...], Field(max_length=MAX_VALUES)]], ...],
        Field(max_length=MAX_PARAMS),
        AfterValidator(_once),
    ] = ()
    title: Line = ""
    message: Text = ""
    notes: Text = ""

    def replace(self, **changes: Any) -> Scene:
        """Return a copy with some fields changed, all checked. Raises pydantic.ValidationError."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return Scene(**{**fields, **changes})


class Deck(Base):
    """A whole deck: at most a hundred scenes, in the order in which they are shown."""

    format: Literal["atlas-ptce-diaporama"] = FORMAT
    version: Literal[1] = VERSION
    title: Line
    organisation: Line = ""
    created: datetime.date
    modified: datetime.date
    scenes: Annotated[tuple[Scene, ...], Field(max_length=MAX_SCENES), AfterValidator(unique("id"))] = ()

    def replace(self, **changes: Any) -> Deck:
        """Return a copy with some fields changed, all checked. Raises pydantic.ValidationError."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return Deck(**{**fields, **changes})

    def with_scene(self, page: str, parameters: Mapping[str, Sequence[str]], **texts: str) -> Deck:
        """Return the deck with one more scene at its end, under an id of its own."""
        taken = {scene.id for scene in self.scenes}
        own = next(f"s{n}" for n in range(1, len(taken) + 2) if f"s{n}" not in taken)
        return self.replace(scenes=(*self.scenes, Scene(id=own, page=page, query=query(parameters), **texts)))


def query(parameters: Mapping[str, Sequence[str] | str]) -> Query:
    """Return URL parameters as a scene holds them; a lone text is one value, no value no parameter."""
    listed = {
        name: (values,) if isinstance(values, str) else tuple(values) for name, values in parameters.items()
    }
    return tuple((name, values) for name, values in listed.items() if values)


def scene_query(scene: Scene) -> dict[str, list[str]]:
    """Return the parameters of a scene as `ptce_ui.urlstate.parse` reads them."""
    return {name: list(values) for name, values in scene.query}


def new(title: str, today: datetime.date, scenes: Sequence[Scene] = (), organisation: str = "") -> Deck:
    """Return a deck made today."""
    return Deck(title=title, organisation=organisation, created=today, modified=today, scenes=tuple(scenes))
