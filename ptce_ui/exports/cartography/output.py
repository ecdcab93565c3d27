"""A composed sheet as bytes: SVG, PNG or PDF, the same bytes for the same map."""

from __future__ import annotations

import hashlib
import io
import re
from typing import Any
from xml.sax.saxutils import escape

from ptce_data.load import Dataset
from ptce_ui.exports.cartography import palette
from ptce_ui.exports.cartography.page import Page
from ptce_ui.exports.cartography.paper import Paper
from ptce_ui.exports.cartography.spec import CartographyError, Format, MapSpec
from ptce_ui.exports.cartography.words import clean

_MAKER = "Atlas de la coopération économique territoriale"
#: Coordinates of paths past the hundredth of a point; transforms, between brackets, keep all digits.
_LONG = re.compile(rb"(?<=[ -])(\d+\.\d\d)\d+(?=[ \n])")
_USE = re.compile(rb'(?<=[#"])[A-Za-z0-9_]*?[0-9a-f]{10}(?=[")])')
_ID = re.compile(rb'(?<=id=")([A-Za-z0-9_]*?)[0-9a-f]{10}(?=")')


def render(
    dataset: Dataset,
    spec: MapSpec,
    fmt: Format = "png",
    width_mm: float = 170,
    dpi: int = 300,
    height: float | None = None,
    dark: bool = False,
) -> bytes:
    """Draw `spec` as a picture `width_mm` wide (40 to 600 mm).

    `height` in mm: None lets the content choose; given, the map shrinks or grows to fill it, the legend
    goes beside where the sheet is wide, and the sheet only gets higher when its words would be cut.
    `dpi` (96 to 600) counts for PNG. Equal arguments give equal bytes; safe between threads.
    Raises CartographyError for an extent outside France, an unknown region, a format or a size that
    cannot be drawn.
    """
    if fmt not in ("svg", "png", "pdf"):
        raise CartographyError(f"Le format « {clean(fmt, 20)} » n’existe pas : svg, png ou pdf.", fmt=fmt)
    if not (40 <= width_mm <= 600 and 96 <= dpi <= 600 and (height is None or 40 <= height <= 900)):
        raise CartographyError(
            "La taille de la carte doit tenir entre 40 et 600 mm de large, 40 et 900 mm de haut, 96 et 600 points par pouce.",
            width_mm=width_mm, height=height, dpi=dpi,
        )  # fmt: skip
    paper = Page(dataset, spec, float(width_mm), height, palette.of(dark)).compose()
    title, alt = clean(spec.title, 400), clean(spec.alt or spec.subtitle or spec.title, 4000)
    if fmt == "png":
        return _saved(paper, "png", dpi, {"Software": None, "Title": title, "Description": alt})
    if fmt == "pdf":
        return _saved(
            paper,
            "pdf",
            72,
            {"Title": title, "Subject": alt, "Creator": _MAKER, "Producer": None, "CreationDate": None},
        )
    return named(_saved(paper, "svg", 72, {"Date": None, "Creator": None}), title, alt)


def _saved(paper: Paper, fmt: str, dpi: int, metadata: dict[str, str | None]) -> bytes:
    out = io.BytesIO()
    # Most of the time of a PNG is its compression: the usual level 6 costs half again as much, for 3 %.
    packing: dict[str, Any] = {"pil_kwargs": {"compress_level": 4}} if fmt == "png" else {}
    paper.figure.savefig(
        out, format=fmt, dpi=dpi, facecolor=paper.palette.paper, metadata=metadata, **packing
    )
    return out.getvalue()


def named(svg: bytes, title: str, alt: str) -> bytes:
    """Give a drawing of matplotlib its title and text equivalent, and names that do not change from one run to the next.

    matplotlib salts its identifiers at random unless a global setting says otherwise, which another
    thread could change: they are numbered here instead. Two maps in one web page must not share a name:
    each holds a digest of the drawing.
    """
    svg = _LONG.sub(rb"\1", svg)
    drawing = hashlib.sha256(_USE.sub(b"", svg) + alt.encode()).hexdigest()[:8]
    numbers: dict[bytes, bytes] = {}
    for found in _ID.finditer(svg):
        numbers.setdefault(found.group(0), found.group(1) + f"-{drawing}-{len(numbers)}".encode())
    svg = _USE.sub(lambda m: numbers.get(m.group(0), m.group(0)), svg)
    opened = svg.index(b"<svg ")
    body = svg.index(b">", opened) + 1
    head = f' role="img" aria-labelledby="titre-{drawing} texte-{drawing}"'.encode()
    said = f'\n <title id="titre-{drawing}">{escape(title)}</title>\n <desc id="texte-{drawing}">{escape(alt)}</desc>'
    return svg[: opened + 4] + head + svg[opened + 4 : body] + said.encode() + svg[body:]
