"""Row labels of charts: whole, escaped, in as many lines as they need."""

from __future__ import annotations

import html

from hypothesis import given
from hypothesis import strategies as st

from ptce_ui.figures import rows_height, wrapped

_words = st.lists(st.text("abcé<&>’-", min_size=1, max_size=18), min_size=1, max_size=12)


@given(_words)
def test_a_wrapped_label_keeps_every_letter_and_no_tag_of_its_own(words: list[str]) -> None:
    label = wrapped(" ".join(words))
    lines = label.split("<br>")
    assert "".join(html.unescape("".join(lines)).split()) == "".join(words)
    assert all("<" not in line and len(html.unescape(line)) <= 24 for line in lines)


def test_rows_are_as_high_as_their_highest_label() -> None:
    assert rows_height(["a", "b"]) == 2 * 34
    assert rows_height(["a", "b<br>c<br>d"]) == 2 * 51
    assert rows_height([]) == 34
