"""The state of one page, kept in its URL: the only module that touches `st.session_state`.

Streamlit's own `bind="query-params"` writes labels into the URL, drops unknown values silently and
replaces the browser's history entry; here codes travel, unknown values are named on the screen, and
Back and Forward step through the filters (docs/decisions/0001).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from ptce_ui import urlstate
from ptce_ui.urlstate import Param

Value = tuple[str, ...] | str | bool


class PageState:
    """Values of a page's parameters: read from the URL when it changed, from the widgets otherwise."""

    def __init__(self, page: str, params: Sequence[Param]) -> None:
        self.page = page
        self.params = list(params)
        query = {name: st.query_params.get_all(name) for name in st.query_params}
        query = {name: values for name, values in query.items() if name not in urlstate.RESERVED}
        #: Whether this visitor's browser shows the page for the first time.
        self.is_new = self._url_key not in st.session_state
        moved = st.session_state.get(self._url_key) != query
        # Streamlit forgets the widgets of a page that was left: what is missing comes back from the URL,
        # what a user just typed stays.
        missing = [p for p in self.params if moved or self.key(p.name) not in st.session_state]
        if missing:
            parsed = urlstate.parse(query, self.params)
            for param in missing:
                value = parsed.values[param.name]
                st.session_state[self.key(param.name)] = list(value) if isinstance(value, tuple) else value
            if moved:
                st.session_state[self._url_key] = query
                st.session_state[self._problems_key] = parsed.problems

    @property
    def _url_key(self) -> str:
        return f"{self.page}|url"

    @property
    def _problems_key(self) -> str:
        return f"{self.page}|problems"

    @property
    def problems(self) -> list[str]:
        """French sentences on what the URL held and could not be used."""
        return list(st.session_state.get(self._problems_key, []))

    def key(self, name: str) -> str:
        """Widget key of a parameter."""
        return f"{self.page}|{name}"

    def get(self, name: str) -> Any:
        """Current value: a tuple of codes, one code, a text or a boolean."""
        value = st.session_state[self.key(name)]
        if value is None:
            return next(p.default for p in self.params if p.name == name)
        return tuple(value) if isinstance(value, list) else value

    def set(self, name: str, value: Value) -> None:
        """Change a value; allowed in callbacks, or before the widget of that name is drawn."""
        st.session_state[self.key(name)] = list(value) if isinstance(value, tuple) else value

    def clear(self, names: Sequence[str]) -> None:
        """Put parameters back to their defaults (callback)."""
        for param in self.params:
            if param.name in names:
                empty: dict[str, Any] = {"many": [], "flag": False}
                st.session_state[self.key(param.name)] = empty.get(param.kind, param.default)

    def values(self) -> dict[str, Value]:
        """All values by parameter name."""
        return {p.name: self.get(p.name) for p in self.params}

    def save(self) -> None:
        """Write the values into the URL, as a new step of the browser's history, if they changed."""
        new = urlstate.build(self.values(), self.params)
        known = {p.name for p in self.params}
        old_query = st.session_state[self._url_key]
        parsed = urlstate.parse({k: v for k, v in old_query.items() if k in known}, self.params)
        if new != urlstate.build(parsed.values, self.params):
            st.query_params.from_dict(new)
            st.session_state[self._url_key] = new
            st.session_state[self._problems_key] = []

    def keep(self, name: str, value: Any) -> None:
        """Remember what belongs to the session and not to the URL (a file read, lines typed)."""
        st.session_state[f"{self.page}|kept|{name}"] = value

    def kept(self, name: str) -> Any:
        """What `keep` remembered, or None."""
        return st.session_state.get(f"{self.page}|kept|{name}")

    def has(self, widget_key: str) -> bool:
        """Whether a widget of that key has a state."""
        return widget_key in st.session_state

    def on_component(self, component_key: str, apply: Any) -> Any:
        """A callback that hands the value a component just sent to `apply(value)`."""

        def handle() -> None:
            value = st.session_state.get(component_key)
            if isinstance(value, dict):
                apply(value)

        return handle

    def on_typed(self, widget_key: str, apply: Any) -> Any:
        """A callback that hands the value a widget now has to `apply(value)`."""

        def handle() -> None:
            apply(st.session_state.get(widget_key))

        return handle

    def on_step(self, component_key: str, apply: Any) -> Any:
        """A callback that hands the `step` a component just triggered to `apply(step)`."""

        def handle() -> None:
            value = st.session_state.get(component_key)
            step = value.get("step") if isinstance(value, Mapping) else getattr(value, "step", None)
            if isinstance(step, str):
                apply(step)

        return handle


def share(name: str, value: Any) -> None:
    """Remember what all pages of a session share: the deck being made, the study on the desk."""
    st.session_state[f"shared|{name}"] = value


def shared(name: str) -> Any:
    """What `share` remembered, or None."""
    return st.session_state.get(f"shared|{name}")
