"""HTML of others -> plain text.

nh3 (the Ammonia sanitiser, on a browser-grade parser) drops every tag but a few without attributes,
and the whole of scripts and styles. What remains is a handful of known marks, which become spaces.
"""

from __future__ import annotations

import html
import re
from typing import Final

import nh3

#: Tags that separate words; every other tag vanishes and leaves its text.
_BLOCKS: Final = frozenset(
    "p br div li ul ol h1 h2 h3 h4 h5 h6 tr td th table blockquote hr section article dt dd".split()
)
_CLEANER: Final = nh3.Cleaner(
    tags=set(_BLOCKS),
    clean_content_tags={"script", "style", "title", "template", "iframe", "object", "noscript"},
    attributes={},
    generic_attribute_prefixes=set(),
    strip_comments=True,
    link_rel=None,
)
_TAG: Final = re.compile(r"</?(?:" + "|".join(sorted(_BLOCKS, key=len, reverse=True)) + r")(?: [^<>]*)?/?>")
#: Characters that would move or colour a terminal, or turn a text around.
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")  # fmt: skip


#: The parser slows down with the square of the depth: no more text, and no more tags, than this is read.
_LONGEST: Final = 20_000
_MOST_TAGS: Final = 1_500


def plain_text(markup: str) -> str:
    """Return the text of an HTML fragment, on one line. What remains may hold « < »: it is text, to be escaped.

    Of a longer fragment than 20,000 characters or 1,500 tags, the start is read. Raises
    UnicodeEncodeError for half a surrogate pair.
    """
    if "<" not in markup and "&" not in markup:
        text = markup
    else:
        markup = "<".join(markup[:_LONGEST].split("<", _MOST_TAGS + 1)[: _MOST_TAGS + 1])
        text = html.unescape(_TAG.sub(" ", _CLEANER.clean(markup)))
    return " ".join(_UNPRINTABLE.sub(" ", text).split())
