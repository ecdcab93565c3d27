"""The deck of scenes a reader is making: one per session, fed from every page, changed on Conférence."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import streamlit as st
from pydantic import ValidationError

from ptce_data import deck as decks
from ptce_data.deck import Deck, Scene
from ptce_ui import pagestate, urlstate
from ptce_ui.pagestate import PageState

UNTITLED: Final = "Diaporama sans titre"


def current() -> Deck:
    """The deck of this session; a new, empty one at first."""
    found: Deck | None = pagestate.shared("deck")
    return decks.new(UNTITLED, dt.date.today()) if found is None else found


def revision() -> int:
    """Changes with every deck put in the place of another: fields are then drawn afresh."""
    return int(pagestate.shared("deck_revision") or 0)


def put(deck: Deck) -> None:
    """Take another deck; the former one can come back (callback)."""
    pagestate.share("former_deck", pagestate.shared("deck"))
    pagestate.share("stored|deck", None)
    pagestate.share("deck", deck)
    pagestate.share("deck_revision", revision() + 1)


def back() -> None:
    """Take the former deck again (callback)."""
    former = pagestate.shared("former_deck")
    if former is not None:
        put(former)


def has_former() -> bool:
    """Whether a deck was replaced or shortened in this session."""
    return pagestate.shared("former_deck") is not None


def change(**changes: Any) -> str:
    """Change the deck; returns why not, in French, where a value is refused (callback)."""
    try:
        pagestate.share("deck", current().replace(modified=dt.date.today(), **changes))
    except ValidationError as error:
        first = error.errors()[0]
        return f"La valeur de « {'.'.join(map(str, first['loc']))} » n’est pas prise : {first['msg']}."
    return ""


def edit(scene_id: str, **changes: Any) -> str:
    """Change one scene (callback)."""
    scenes = tuple(s.replace(**changes) if s.id == scene_id else s for s in current().scenes)
    return change(scenes=scenes)


def move(scene_id: str, step: int) -> None:
    """Move a scene up (-1) or down (1) (callback)."""
    scenes = list(current().scenes)
    at = next(i for i, s in enumerate(scenes) if s.id == scene_id)
    to = min(max(at + step, 0), len(scenes) - 1)
    scenes.insert(to, scenes.pop(at))
    change(scenes=tuple(scenes))
    pagestate.share("deck_revision", revision() + 1)


def remove(scene_id: str) -> None:
    """Take a scene out; `back` brings the deck as it was (callback)."""
    put(current().replace(scenes=tuple(s for s in current().scenes if s.id != scene_id)))


def add_view(state: PageState) -> None:
    """A button that adds the view of this page, exactly as it is, to the deck."""
    listed = urlstate.build(state.values(), state.params)
    st.button(
        "Ajouter cette vue au diaporama", on_click=_added, args=(state.page, listed), key=f"{state.page}|vers-diaporama",
        icon=":material/add_to_queue:",
    )  # fmt: skip
    if pagestate.shared("deck_added"):
        st.toast(pagestate.shared("deck_added"), icon=":material/check:")
        pagestate.share("deck_added", "")


def _added(page: str, listed: dict[str, list[str]]) -> None:
    before = current()
    try:
        made = before.with_scene(page, listed)
    except ValidationError:
        pagestate.share("deck_added", "Le diaporama est plein (cent scènes) ou cette vue est trop longue.")
        return
    pagestate.share("deck", made)
    pagestate.share("deck_revision", revision() + 1)
    pagestate.share("deck_added", f"Vue ajoutée : scène {len(made.scenes)} du diaporama (page Conférence).")


def scenes() -> tuple[Scene, ...]:
    """The scenes of the deck, in their order."""
    return current().scenes
