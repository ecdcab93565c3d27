"""What a reader removed or replaced can come back: one bounded stack of snapshots for the whole session.

**To make a removal undoable**, in three lines:

1. in the callback that removes, before or after: `undo.remember(place, words, value)`. `place` names what the
   removal belongs to ("diaporama", "etude|3|lieux"): each place has its own stack. `words` is one French sentence in
   plain text (it is escaped when shown): `"Lieu « Le Quai » retiré."`. `value` is whatever `restore` needs, best
   only what went: `(position, item)` for a line of a list (`lost`, `put_back`), the whole document where another one
   took its place. It must be a plain value that nobody changes afterwards.
2. where the removal happened: `undo.offer(place, restore)`, in every run: once there is something to take back, it
   draws the sentence and the button « Annuler ». (`announce`, at the end of every page, tells screen readers.)
3. `restore(value)` is called as a callback: it puts the value back, draws widgets afresh where needed (another key),
   and returns None, or, where it displaced something the reader may want again, `(words, value)` of that: the
   button « Rétablir » then brings it back, by the same `restore`. It raises `Refused` where there is no room.

**Who opens another document** (an example, a file) over the one on a desk need not do any of it: `Desk.open`
(study), `deckdesk.put` (deck), `budget_view.replace` (budget) and `ownlayers.keep_draft` (layer) remember.

Where a list lost lines and something was added since, undoing brings the lines back and keeps what was added.
The memory is bounded: MOST_STEPS by place, MOST_BYTES in a session; what was touched longest ago goes first,
the newest never.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from ptce_ui import pagestate, text
from ptce_ui.losses import is_cut as is_cut
from ptce_ui.losses import lost as lost
from ptce_ui.losses import put_back as put_back
from ptce_ui.losses import quoted as quoted
from ptce_ui.losses import short as short

if TYPE_CHECKING:
    from ptce_ui.pagestate import PageState

#: Steps kept for one place, and bytes (as pickled, or as the caller says) kept in one session.
MOST_STEPS: Final = 20
MOST_BYTES: Final = 50_000_000
#: Steps of a session, whatever they weigh.
MOST_IN_ALL: Final = 300

#: Puts a value back; returns the words and the value of what it displaced, or None.
Restore = Callable[[Any], tuple[str, Any] | None]


@dataclass(frozen=True, eq=False)
class Step:
    """One removal: where, in which words, what goes back, and its size in bytes.

    Steps of one `mark` that follow each other count as one: a scene moved five times goes back in one click.
    """

    place: str
    words: str
    value: Any
    size: int
    mark: str = ""


class Refused(Exception):
    """What `restore` raises, with a French sentence, where there is no room to put the value back: it stays."""


def _steps(name: str) -> tuple[Step, ...]:
    return tuple(pagestate.shared(f"undo_{name}") or ())


def _of(name: str, place: str) -> tuple[Step, ...]:
    return tuple(step for step in _steps(name) if step.place == place)


def _keep(name: str, place: str, steps: tuple[Step, ...]) -> None:
    """Write the steps of one place, the newest last; then let the oldest go where there is too much."""
    others = tuple(step for step in _steps(name) if step.place != place)
    kept = [*others, *steps[-MOST_STEPS:]][-MOST_IN_ALL:]
    while len(kept) > 1 and sum(step.size for step in kept) > MOST_BYTES:
        kept.pop(0)
    pagestate.share(f"undo_{name}", tuple(kept))


def remember(place: str, words: str, value: Any, *, size: int | None = None, mark: str = "") -> None:
    """Remember what is being removed or replaced (see the module's text).

    `size`: bytes the value holds, where pickling it to know would be slow.
    """
    past, future = _of("past", place), _of("future", place)
    _say(f"{words} Le bouton « Annuler » revient en arrière.")
    if mark and past and past[-1].mark == mark and not future:
        _keep("past", place, (*past[:-1], replace(past[-1], words=words)))
        return
    weight = len(pickle.dumps(value)) if size is None else size
    # What undoing displaced goes below: it stays within reach, and lines still go back where they were.
    _keep("past", place, (*future, *past, Step(place, words, value, weight, mark)))
    _keep("future", place, ())


def last(place: str) -> Step | None:
    """The removal that « Annuler » would take back, or None."""
    past = _of("past", place)
    return past[-1] if past else None


def count(place: str) -> int:
    """How many removals of a place can be taken back, one after the other."""
    return len(_of("past", place))


def settle(place: str, is_back: Callable[[Any], bool]) -> None:
    """Drop the last removals whose value is back by other means: there is nothing to undo any more."""
    past = _of("past", place)
    while past and is_back(past[-1].value):
        past = past[:-1]
    _keep("past", place, past)


def forget(place: str) -> None:
    """Let go of all that is kept of a place."""
    for name in ("past", "future"):
        _keep(name, place, ())


def back(place: str, restore: Restore) -> None:
    """Take the last removal back (callback); nothing happens without any."""
    _turn("past", "future", place, restore)


def again(place: str, restore: Restore) -> None:
    """Bring back what `back` displaced (callback)."""
    _turn("future", "past", place, restore)


def _turn(taken: str, given: str, place: str, restore: Restore) -> None:
    steps = _of(taken, place)
    if not steps:
        return
    step = steps[-1]
    try:
        displaced = restore(step.value)
    except Refused as refusal:
        _say(str(refusal))
        pagestate.share(f"undo_refused|{place}", str(refusal))
        return
    _keep(taken, place, steps[:-1])
    if displaced is not None:
        made = Step(place, displaced[0], displaced[1], step.size)
        _keep(given, place, (*_of(given, place), made))
    _say(f"{'Annulé' if taken == 'past' else 'Rétabli'} : {step.words}")


def offer(place: str, restore: Restore) -> None:
    """Say what was removed last, with « Annuler »; after undoing, « Rétablir » where something was displaced."""
    step, future = last(place), _of("future", place)
    if step is None and not future:
        return
    refusal = str(pagestate.shared(f"undo_refused|{place}") or "")
    if refusal:
        st.warning(text.escape_markdown(refusal), icon=":material/warning:")
        pagestate.share(f"undo_refused|{place}", "")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"annuler-{place}"):
        st.markdown(
            text.escape_markdown(
                text.no_break(step.words if step is not None else f"Annulé : {future[-1].words}")
            ),
            width="content",
        )
        if step is not None:
            more = count(place) - 1
            st.button(
                "Annuler", on_click=back, args=(place, restore), key=f"{place}|annuler", icon=":material/undo:",
                help=f"Encore {more} avant, une à une : cliquez de nouveau." if more else None,
            )  # fmt: skip
        if future:
            st.button(
                "Rétablir", on_click=again, args=(place, restore), key=f"{place}|retablir", icon=":material/redo:"
            )  # fmt: skip


# --- what is told to screen readers -----------------------------------------------------------------


def _say(words: str) -> None:
    """The same words told twice differ by a blank: what does not change is not read."""
    is_same = str(pagestate.shared("undo_said") or "") == words
    pagestate.share("undo_said", words + text.NBSP if is_same else words)


def announce() -> None:
    """The status that screen readers read when its words change: once per page, at its end, whatever it holds."""
    with st.container(key="annonce-annuler"):
        st.html(
            f'<p class="ptce-hidden">{text.escape_html(text.no_break(pagestate.shared("undo_said") or ""))}</p>'
        )


# --- filters ----------------------------------------------------------------------------------------


def clear(state: PageState, names: Sequence[str], words: str = "Filtres effacés.") -> None:
    """Put parameters of a page back to their defaults (callback); `offer_filters` brings them back."""
    before = {name: state.get(name) for name in names}
    state.clear(names)
    blank = {name: state.get(name) for name in names}
    if before != blank:
        remember(f"{state.page}|filtres", words, (before, blank))


def offer_filters(state: PageState) -> None:
    """« Annuler » after `clear`, beside the filters of a page."""

    def restore(value: tuple[dict[str, Any], dict[str, Any]]) -> tuple[str, Any] | None:
        wanted, blank = value
        now = {name: state.get(name) for name in wanted}
        for name, chosen in wanted.items():
            state.set(name, chosen)
        return None if now == blank else ("Choix remplacés.", (now, blank))

    offer(f"{state.page}|filtres", restore)
