"""The study on the reader's desk: kept in the session, changed field by field, computed when asked.

A field shows what the study holds and writes back what is typed, at once: leaving a step, or the page,
loses nothing. Whatever is refused is said, and the study stays as it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st
from pydantic import ValidationError

from ptce_data import study as studies
from ptce_data.study import Area, Study, faults
from ptce_ui import incoming, pagestate, text, undo, undo_fields
from ptce_ui.pagestate import PageState

if TYPE_CHECKING:
    from ptce_data.load import Dataset

UNTITLED: Final = "Étude sans titre"
#: Longest text a field takes, as in `ptce_data.study.base`.
LINE: Final = 300
TEXT: Final = 20_000


class Desk:
    """One study in one session, and what is computed from it (kept per version of data and study)."""

    def __init__(self, dataset: Dataset, state: PageState) -> None:
        self.dataset = dataset
        self.state = state
        if state.kept("study") is None:
            state.keep("study", studies.new(UNTITLED, dt.date.today()))
            state.keep("revision", 0)
        sent = incoming.take("study")
        if sent is not None:
            self._put(sent, incoming.former("study"))
        # The conference page makes slides of it.
        pagestate.share("study", state.kept("study"))

    @property
    def study(self) -> Study:
        """The study as it is now."""
        found: Study = self.state.kept("study")
        return found

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was chosen or typed yet."""
        blank = studies.new(UNTITLED, self.study.created)
        return self.study.replace(modified=self.study.created) == blank

    def key(self, name: str) -> str:
        """Widget key: another study on the desk makes all fields new."""
        return f"etude|{self.state.kept('revision')}|{name}"

    def place(self, kind: str) -> str:
        """Where removals of a kind are remembered (`undo`): each study that was on the desk has its own."""
        return f"etude|{self.state.kept('dossier') or 0}|{kind}"

    def open(self, study: Study) -> None:
        """Put another study on the desk, which no saved one is; the former one can come back (callback)."""
        link = pagestate.shared("stored|study")
        pagestate.share("stored|study", None)
        self._put(study, link)

    def _put(self, study: Study, link: Any) -> None:
        if not self.is_untouched:
            undo.remember("etude", *self._replaced(link))
        made = int(self.state.kept("dossiers") or 0) + 1
        self.state.keep("dossiers", made)
        self._swap(study, made)

    def _replaced(self, link: Any) -> tuple[str, Any]:
        """The study on the desk, what belongs to it, and the saved item it comes from."""
        return f"Étude « {self.study.title} » remplacée.", (self.study, self.state.kept("dossier"), link)

    def _swap(self, study: Study, dossier: int | None) -> None:
        self.state.keep("dossier", dossier)
        self.state.keep("view", None)
        self.state.keep("study", study)
        self.state.keep("revision", int(self.state.kept("revision") or 0) + 1)

    def restore(self, value: Any) -> tuple[str, Any] | None:
        """Put back a study that another one replaced (`undo.Restore`)."""
        displaced = None if self.is_untouched else self._replaced(pagestate.shared("stored|study"))
        self._swap(*value[:2])
        pagestate.share("stored|study", value[2])
        return displaced

    def put_back(self, **changes: Any) -> None:
        """Change fields while restoring. Raises undo.Refused where there is no room for what comes back."""
        self.update(**changes)
        if self.refused:
            raise undo.Refused(self.refused)

    def update(self, **changes: Any) -> None:
        """Change fields of the study (callback); a refused value is said and changes nothing."""
        try:
            self.state.keep("study", self.study.replace(modified=dt.date.today(), **changes))
            pagestate.share("study", self.study)
            self.state.keep("refused", "")
        except ValidationError as error:
            self.state.keep("refused", faults.refusal(error))

    def retitle(self, title: str) -> None:
        """Give the study a title of ours, before its field is drawn or in a callback."""
        self.update(title=title[:LINE])
        self.state.keep("titled", int(self.state.kept("titled") or 0) + 1)

    @property
    def refused(self) -> str:
        """Why the last change was not taken, in French; empty when it was."""
        return str(self.state.kept("refused") or "")

    # --- fields -------------------------------------------------------------------------------------

    def line(self, name: str, label: str, value: str, save: Callable[[str], Any], **options: Any) -> None:
        """One line of text; `save(new)` is called as soon as it is typed."""
        key = self.key(name)
        st.text_input(
            label, value=value, key=key, max_chars=LINE,
            on_change=self.state.on_typed(key, lambda v: save(str(v or ""))), **options,
        )  # fmt: skip

    def area_text(
        self, name: str, label: str, value: str, save: Callable[[str], Any], **options: Any
    ) -> None:
        """Text of several lines; what was erased can come back."""
        key, place = self.key(self._drawn(name)), self.place(f"texte|{name}")
        typed, restore = undo_fields.written(place, label, value, save, lambda: self.renew(name))
        st.text_area(
            label, value=value, key=key, max_chars=TEXT, on_change=self.state.on_typed(key, typed), **options
        )
        undo.offer(place, restore)

    def choice(
        self,
        name: str,
        label: str,
        value: str,
        choices: Mapping[str, str],
        save: Callable[[str], Any],
        **options: Any,
    ) -> None:
        """One among codes."""
        key, codes = self.key(name), list(choices)
        st.selectbox(
            label, codes, index=codes.index(value) if value in codes else 0, key=key,
            format_func=lambda c: choices.get(c, c), on_change=self.state.on_typed(key, lambda v: save(str(v))),
            **options,
        )  # fmt: skip

    def choices(
        self,
        name: str,
        label: str,
        values: Sequence[str],
        choices: Mapping[str, str],
        save: Callable[[tuple[str, ...]], Any],
        with_undo: bool = True,
        **options: Any,
    ) -> None:
        """Several among codes; a code of the study that the atlas does not know stays, under itself.

        What is taken out of the choice can come back, here or (without `with_undo`) where `save` sees to it.
        """
        key, place = self.key(self._drawn(name)), self.place(f"choix|{name}")
        codes = list(dict.fromkeys([*choices, *values]))
        picked, restore = undo_fields.chosen(place, label, values, choices, save, lambda: self.renew(name))
        st.multiselect(
            label, codes, default=list(values), key=key, format_func=lambda c: choices.get(c, c),
            on_change=self.state.on_typed(key, picked if with_undo else lambda v: save(tuple(v or ()))),
            **{"placeholder": "Choisir", **options},
        )  # fmt: skip
        if with_undo:
            undo.offer(place, restore)

    def number(
        self,
        name: str,
        label: str,
        value: float,
        low: float,
        high: float,
        save: Callable[[float], Any],
        **options: Any,
    ) -> None:
        """A number between bounds."""
        key = self.key(name)
        st.number_input(
            label, min_value=low, max_value=high, value=value, key=key,
            on_change=self.state.on_typed(key, lambda v: save(float(v or 0))), **options,
        )  # fmt: skip

    def rows(
        self, name: str, base: pd.DataFrame, save: Callable[[pd.DataFrame], Any], **options: Any
    ) -> None:
        """A table the reader edits; `base` is what the study holds, `save(edited)` keeps every change.

        Streamlit keeps the changes of an editor against the table it was first given: that table is kept
        until the editor is new (another study, another visit) or `renew(name)` was called.
        """
        key = self.key(self._drawn(name))
        if not self.state.has(key):
            self.state.keep(f"base|{name}", base)
        edited = st.data_editor(self.state.kept(f"base|{name}"), key=key, hide_index=True, **options)
        save(edited)

    def _drawn(self, name: str) -> str:
        turn = self.state.kept(f"renewed|{name}")
        return f"{name}|{turn}" if turn else name

    def renew(self, name: str) -> None:
        """Draw a field afresh from the study, after the study was changed by something else."""
        self.state.keep(f"renewed|{name}", int(self.state.kept(f"renewed|{name}") or 0) + 1)

    # --- what is computed ---------------------------------------------------------------------------

    def area(self) -> Area | None:
        """The territory of the study; None without a perimeter. Raises PerimeterError."""
        if self.study.perimeter.is_empty:
            return None
        return _area(self.dataset.version, self.study.perimeter.model_dump_json(), self.dataset, self.study)

    def existing(self, area: Area) -> pd.DataFrame:
        """Places in the perimeter and its surroundings, with those of the study."""
        wanted = self.study.model_dump_json(include={"perimeter", "places", "annotations"})
        return _existing(self.dataset.version, wanted, self.dataset, area, self.study)

    def schemes(self, area: Area) -> pd.DataFrame:
        """Schemes that cover all or part of the perimeter."""
        return _schemes(self.dataset.version, self.study.perimeter.model_dump_json(), self.dataset, area)

    def arrangement(self, area: Area) -> pd.DataFrame:
        """Status of every element of the arrangement."""
        wanted = self.study.model_dump_json(include={"perimeter", "places", "annotations", "arrangement"})
        found, covering = self.existing(area), self.schemes(area)
        return _arrangement(self.dataset.version, wanted, self.dataset, area, found, self.study, covering)

    def unknown_codes(self) -> list[str]:
        """French sentences on the codes of the study that the atlas does not know."""
        return _checked(self.dataset.version, self.study.model_dump_json(), self.dataset, self.study)

    def access(self, area: Area) -> studies.Access:
        """Access of the perimeter's people to places."""
        wanted = self.study.model_dump_json(include={"perimeter", "places", "annotations", "access"})
        return _access(self.dataset.version, wanted, self.dataset, area, self.study)


@st.cache_resource(max_entries=64, show_spinner=False)
def _area(version: str, perimeter: str, _dataset: Dataset, _study: Study) -> Area:
    return studies.resolve(_dataset, _study.perimeter)


@st.cache_data(max_entries=64, show_spinner=False)
def _existing(version: str, wanted: str, _dataset: Dataset, _area: Area, _study: Study) -> pd.DataFrame:
    return studies.existing(_dataset, _area, _study)


@st.cache_data(max_entries=64, show_spinner=False)
def _schemes(version: str, perimeter: str, _dataset: Dataset, _area: Area) -> pd.DataFrame:
    return studies.schemes(_dataset, _area)


@st.cache_data(max_entries=64, show_spinner=False)
def _arrangement(
    version: str,
    wanted: str,
    _dataset: Dataset,
    _area: Area,
    _found: pd.DataFrame,
    _study: Study,
    _covering: pd.DataFrame,
) -> pd.DataFrame:
    return studies.status(_dataset, _area, _found, _study, _covering)


@st.cache_data(max_entries=64, show_spinner=False)
def _checked(version: str, wanted: str, _dataset: Dataset, _study: Study) -> list[str]:
    return studies.check(_dataset, _study)


@st.cache_resource(max_entries=64, show_spinner=False)
def _access(version: str, wanted: str, _dataset: Dataset, _area: Area, _study: Study) -> studies.Access:
    return studies.access(_dataset, _area, _study)


def said(error: Exception) -> None:
    """Show a refusal as one French sentence."""
    st.error(text.escape_markdown(str(error)), icon=":material/error:")
