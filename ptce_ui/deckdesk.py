"""The deck of scenes a reader is making: one per session, fed from every page, changed on Conférence."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any, Final

import streamlit as st
from pydantic import ValidationError

from ptce_data import deck as decks
from ptce_data.deck import Deck, Scene
from ptce_data.study import faults
from ptce_ui import pagestate, undo, urlstate
from ptce_ui.pagestate import PageState

UNTITLED: Final = "Diaporama sans titre"
#: Where removals are remembered (`undo`).
PLACE: Final = "diaporama"


def current() -> Deck:
    """The deck of this session; a new, empty one at first."""
    found: Deck | None = pagestate.shared("deck")
    return decks.new(UNTITLED, dt.date.today()) if found is None else found


def revision() -> int:
    """Changes with every deck put in the place of another: fields are then drawn afresh."""
    return int(pagestate.shared("deck_revision") or 0)


def put(deck: Deck) -> None:
    """Take another deck; the former one, with the saved item it comes from, can come back (callback)."""
    if current().scenes and current() != deck:
        undo.remember(PLACE, *_replaced())
    pagestate.share("stored|deck", None)
    _swap(deck)


def _swap(deck: Deck) -> None:
    pagestate.share("deck", deck)
    pagestate.share("deck_revision", revision() + 1)


def _replaced() -> tuple[str, tuple[str, Any]]:
    return f"Diaporama « {current().title} » remplacé.", (
        "deck",
        (current(), pagestate.shared("stored|deck")),
    )


def restore(value: tuple[str, Any]) -> tuple[str, Any] | None:
    """Put back a scene, an order, a text or a whole deck (`undo.Restore`)."""
    kind, kept = value
    scenes, displaced = current().scenes, None
    if kind == "deck":
        displaced = _replaced() if scenes else None
        pagestate.share("stored|deck", kept[1])
        _swap(kept[0])
        return displaced
    if kind == "scenes":
        taken = {s.id for s in scenes}
        # A view added since may have taken the id.
        free = (f"s{n}" for n in itertools.count(1) if f"s{n}" not in taken)
        back = [(at, s.replace(id=next(free)) if s.id in taken else s) for at, s in kept]
        refusal = change(scenes=undo.put_back(scenes, back))
        if refusal:
            raise undo.Refused("Le diaporama est plein (cent scènes) : retirez-en une d’abord.")
    elif kind == "order":
        change(scenes=tuple(sorted(scenes, key=lambda s: kept.index(s.id) if s.id in kept else len(kept))))
    else:
        edit(kept[0], **kept[1])
    pagestate.share("deck_revision", revision() + 1)
    return displaced


def is_about_all() -> bool:
    """Whether the last removal concerns the whole deck, not the scene that is open."""
    step = undo.last(PLACE)
    return step is None or step.value[0] == "deck" or not scenes()


def _name(scene_id: str) -> str:
    """How a scene is called in a sentence: by its own title, or its place in the deck."""
    at = next(n for n, s in enumerate(current().scenes, start=1) if s.id == scene_id)
    title = current().scenes[at - 1].title
    return f"« {undo.short(title)} »" if title else str(at)


def change(**changes: Any) -> str:
    """Change the deck; returns why not, in French, where a value is refused (callback)."""
    try:
        pagestate.share("deck", current().replace(modified=dt.date.today(), **changes))
    except ValidationError as error:
        return faults.refusal(error)
    return ""


def edit(scene_id: str, **changes: Any) -> str:
    """Change one scene (callback)."""
    scenes = tuple(s.replace(**changes) if s.id == scene_id else s for s in current().scenes)
    return change(scenes=scenes)


def write(scene_id: str, field: str, words: str) -> str:
    """Change a text of a scene; what was written can come back where it was erased (callback)."""
    before = next(str(getattr(s, field)) for s in current().scenes if s.id == scene_id)
    refusal = edit(scene_id, **{field: words})
    if not refusal and undo.is_cut(before, words):
        undo.remember(
            PLACE, f"Texte remplacé, scène {_name(scene_id)}.", ("text", (scene_id, {field: before}))
        )
    return refusal


def move(scene_id: str, step: int) -> None:
    """Move a scene up (-1) or down (1) (callback)."""
    scenes = list(current().scenes)
    at = next(i for i, s in enumerate(scenes) if s.id == scene_id)
    to = min(max(at + step, 0), len(scenes) - 1)
    if to == at:
        return
    order = ("order", [s.id for s in scenes])
    undo.remember(PLACE, f"Scène {_name(scene_id)} déplacée.", order, mark=f"move|{scene_id}")
    scenes.insert(to, scenes.pop(at))
    change(scenes=tuple(scenes))
    pagestate.share("deck_revision", revision() + 1)


def remove(scene_id: str) -> None:
    """Take a scene out; `restore` puts it back where it was (callback)."""
    kept = tuple(s for s in current().scenes if s.id != scene_id)
    undo.remember(PLACE, f"Scène {_name(scene_id)} retirée.", ("scenes", undo.lost(current().scenes, kept)))
    change(scenes=kept)
    pagestate.share("deck_revision", revision() + 1)


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
