"""The HTML page around the data: templates filled in one pass, and a policy that lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import importlib.resources
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ptce_ui.text import escape_html

_HERE: Final = importlib.resources.files("ptce_ui.exports.standalone")
_SCRIPTS: Final = ("base.js", "map.js", "charts.js", "tables.js", "fiche.js", "main.js")
_MARK: Final = re.compile(r"%%([A-Z_]+)%%")
_LEAFLET: Final = "django-js-lib-leaflet"
#: Leaflet's style names pictures that this page never shows.
_PICTURES: Final = re.compile(r"url\([^)]*\)")
_SOURCE_MAP: Final = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


@dataclass(frozen=True)
class Head:
    """What is written before any script runs. All texts are plain: they are escaped here."""

    title: str
    sentence: str
    dates: str
    sections: tuple[str, ...]
    limits: Sequence[str]
    scope_name: str


def html(head: Head, data: Mapping[str, Any]) -> bytes:
    """The whole file. `data` is read by our script from one JSON block, and written by textContent only."""
    leaflet_js, leaflet_css = _leaflet()
    script = "\n".join(_own(name) for name in _SCRIPTS)
    styles = leaflet_css + "\n" + _own("style.css")
    filled = {
        "POLICY": _policy([leaflet_js, script], [styles]),
        "TITLE": escape_html(head.title),
        "SENTENCE": escape_html(head.sentence),
        "DATES": escape_html(head.dates),
        "SCOPE": escape_html(head.scope_name),
        "LIMITS": "".join(f"<li>{escape_html(line)}</li>" for line in head.limits),
        "SECTIONS": escape_html(" ".join(head.sections)),
        "STYLES": styles,
        "LEAFLET": leaflet_js,
        "DATA": json_block(data),
        "SCRIPT": script,
        "LICENCE": escape_html(_licence()),
    }
    # One pass: what is filled in is never read again as a template.
    template = (_HERE / "template.html").read_text(encoding="utf-8")
    return _MARK.sub(lambda m: filled[m[1]], template).encode("utf-8", "replace")


def json_block(data: Mapping[str, Any]) -> str:
    """JSON that cannot leave its `<script type="application/json">`, whatever the texts hold."""
    raw = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        raw = raw.replace(character, f"\\u{ord(character):04x}")
    return raw


def _policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    def hashes(parts: Sequence[str]) -> str:
        return " ".join(
            f"'sha256-{base64.b64encode(hashlib.sha256(p.encode()).digest()).decode()}'" for p in parts
        )

    return (
        f"default-src 'none'; script-src {hashes(scripts)}; style-src {hashes(styles)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _own(name: str) -> str:
    return _safe((_HERE / name).read_text(encoding="utf-8"))


def _leaflet() -> tuple[str, str]:
    """Leaflet's script and style, from its package, without what they would fetch."""
    folder = importlib.resources.files("js_lib_leaflet") / "static" / "js_lib_leaflet"
    script = _SOURCE_MAP.sub("", (folder / "leaflet.js").read_text(encoding="utf-8"))
    styles = _PICTURES.sub("none", (folder / "leaflet.css").read_text(encoding="utf-8"))
    return _safe(script), styles


def _licence() -> str:
    """Leaflet's licence asks to travel with it."""
    return importlib.metadata.distribution(_LEAFLET).read_text("LICENSE") or "Leaflet : BSD-2-Clause"


def _safe(source: str) -> str:
    """Line ends as the browser hashes them; a script or style must not close its own tag."""
    source = source.replace("\r\n", "\n")
    if re.search(r"</(script|style)", source, re.IGNORECASE):
        raise ValueError("un script ou un style fermerait sa propre balise")
    return source
