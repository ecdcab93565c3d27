"""Long work under the reader's eyes: each step is named, a button cancels, and what happened is said after.

The work runs in a thread of its own that never touches Streamlit; the page only watches it. Cancelling is thus
felt at once, whatever step is being done: the page goes on, and the work ends by itself at its next step.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, Generic, TypeVar

import streamlit as st

from ptce_ui import pagestate, text

Made = TypeVar("Made")
#: Told by a work as each step begins: steps done, steps in all, what the next one is.
Progress = Callable[[int, int, str], None]
#: Steps in all, for a work that tells a share of itself and not its steps.
SHARES: Final = 100
#: Seconds between two looks at the work: a cancelled one leaves the page as soon.
LOOK: Final = 0.15


class Cancelled(BaseException):
    """Ends a work that nobody waits for any more; no `except Exception` of a writer must hold it."""


class _Job(threading.Thread, Generic[Made]):
    """One work, what it last said, and what became of it."""

    def __init__(self, work: Callable[[Progress], Made]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self.is_unwanted = threading.Event()
        self.said: tuple[int, int, str] = (0, 1, "Préparation")
        self.made: Made | None = None
        self.error: BaseException | None = None

    def _tell(self, step: int, total: int, label: str) -> None:
        if self.is_unwanted.is_set():
            raise Cancelled
        self.said = (step, total, label)

    def run(self) -> None:
        """Do the work; an error is kept for who watches."""
        try:
            self.made = self._work(self._tell)
        except Cancelled:
            pass
        except BaseException as error:  # raised again where somebody can say it
            self.error = error


def run(name: str, noun: str, work: Callable[[Progress], Made]) -> Made:
    """Do `work(progress)` and return what it made; its errors are raised here.

    `noun` says what is being made (« Les documents »); `name` tells the works of a session apart. Where the reader
    cancels, or does something else on the page, the script starts anew and this never returns: `told` then says so.
    Not inside a form.
    """
    job = _Job(work)
    pagestate.share(f"work|{name}|running", (noun, ""))
    pagestate.share(f"work|{name}|cancelled", False)
    slot = st.empty()
    with slot.container(border=True, key=f"travail-{name}"):
        with st.container(key=f"annonce-travail-{name}"):
            bar = st.progress(0.0, "Préparation…")
        st.button(
            "Annuler", key=f"travail|{name}|annuler", icon=":material/cancel:",
            on_click=pagestate.share, args=(f"work|{name}|cancelled", True),
        )  # fmt: skip
    job.start()
    try:
        while job.is_alive():
            job.join(LOOK)
            step, total, label = job.said
            pagestate.share(f"work|{name}|running", (noun, label))
            # Also without news: this is where Streamlit lets a click of the reader in.
            bar.progress(
                min(1.0, max(0.0, step / max(1, total))), text.escape_markdown(_line(step, total, label))
            )
    finally:
        job.is_unwanted.set()
    pagestate.share(f"work|{name}|running", None)
    slot.empty()
    if job.error is not None:
        raise job.error
    return job.made  # type: ignore[return-value]


def _line(step: int, total: int, label: str) -> str:
    if total == SHARES:
        return f"{text.percent(min(step, total))}{text.NBSP}: {label}"
    return f"Étape {min(step + 1, total)} sur {total}{text.NBSP}: {label}" if total > 1 else f"{label}…"


def shares(tell: Progress, start: float, end: float) -> Callable[[float, str], None]:
    """A share (0 to 1) of one part of a work as a share of the whole, from `start` to `end`."""
    return lambda share, label: tell(round(SHARES * (start + (end - start) * share)), SHARES, label)


def told(name: str, unchanged: str) -> None:
    """What became of a work that did not end, if any; `unchanged` says what the reader still has."""
    running: tuple[str, str] | None = pagestate.shared(f"work|{name}|running")
    if running is None:
        return
    noun, label = running
    where = f" pendant «{text.NBSP}{label}{text.NBSP}»" if label else ""
    if pagestate.shared(f"work|{name}|cancelled"):
        sentence = f"{noun}{text.NBSP}: préparation annulée{where}. {unchanged}"
    else:
        sentence = (
            f"{noun}{text.NBSP}: préparation interrompue{where}, parce que vous avez changé autre chose ou quitté la "
            f"page. {unchanged} Relancez-la quand vous voulez."
        )
    st.info(text.escape_markdown(sentence), icon=":material/cancel:")


def file(
    name: str, label: str, work: Callable[[Progress], bytes], *, file_name: str, mime: str, version: str
) -> None:
    """One file that takes seconds: a button makes it, step by step; then another one hands it out.

    `version` changes with whatever the file would hold: one made before is then no longer offered.
    """
    made: tuple[str, bytes] | None = pagestate.shared(f"work|{name}|file")
    if st.button(f"Préparer{text.NBSP}: {label}", key=f"travail|{name}|preparer", icon=":material/build:"):
        made = (version, run(name, label, work))
        pagestate.share(f"work|{name}|file", made)
    else:
        told(name, "Aucun fichier n’a été fait.")
    if made is not None and made[0] == version:
        st.download_button(
            f"{label} – {text.weight(len(made[1]))}", made[1], file_name=file_name, mime=mime,
            key=f"travail|{name}|fichier", on_click="ignore", icon=":material/download:", type="primary",
        )  # fmt: skip
