"""A deck of scenes: views of the application with what a speaker says of them. Nothing here draws.

    deck = region(dataset, "53")
    deck = read(dump(deck))
    scene_query(deck.scenes[0])        # {"region": ["53"], …}: the URL of the page, as the page reads it

A `Deck` holds choices and texts only, and is frozen; what is shown is computed by `ptce_ui.scenes`.
"""

from __future__ import annotations

from ptce_data.deck.comparing import compare
from ptce_data.deck.file import DeckFileError, dump, read
from ptce_data.deck.model import MAX_SCENES, Deck, Scene, new, query, scene_query
from ptce_data.deck.ready import DeckError, france, region
from ptce_data.deck.studied import from_study

__all__ = [
    "MAX_SCENES",
    "Deck",
    "DeckError",
    "DeckFileError",
    "Scene",
    "compare",
    "dump",
    "france",
    "from_study",
    "new",
    "query",
    "read",
    "region",
    "scene_query",
]
