"""A template given by someone else: opened only when it is a sound, reasonable, macro-free presentation."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

from ptce_ui.exports.slides.model import TemplateError

MAX_BYTES: Final = 30_000_000
MAX_UNPACKED: Final = 200_000_000
MAX_XML: Final = 60_000_000
MAX_PARTS: Final = 3_000
_PRESENTATION: Final = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
#: A .potx is the same file but for this word.
_TEMPLATE: Final = b"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml"
_SHOW: Final = b"application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml"
_TYPES: Final = "[Content_Types].xml"
_BROKEN: Final = "Le modèle n’est pas un fichier .pptx lisible : ouvrez-le dans PowerPoint ou LibreOffice et enregistrez-le de nouveau au format .pptx."
_BIG: Final = "Le modèle est trop gros une fois ouvert : enlevez-en les images et les vidéos inutiles."
_MACROS: Final = (
    "Le modèle contient des macros : enregistrez-le au format .pptx (sans macro) et donnez ce fichier."
)
_EXTERNAL: Final = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>")


def checked(content: bytes) -> bytes:
    """The template's bytes, made a plain .pptx where it was a .potx or .ppsx.

    Raises TemplateError, with one sentence for the user, for what is too big, damaged, protected, with
    macros or linked to files elsewhere.
    """
    if len(content) > MAX_BYTES:
        raise TemplateError(
            f"Le modèle pèse {len(content) / 1e6:.0f} Mo ; la limite est de {MAX_BYTES // 1_000_000} Mo."
        )
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise TemplateError(
            "Le modèle est protégé par un mot de passe ou au vieux format .ppt : enregistrez-le au format .pptx, sans mot de passe."
        )
    try:
        parts = _parts(content)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        EOFError,
    ) as error:
        if isinstance(error, TemplateError):
            raise
        raise TemplateError(_BROKEN) from error
    except Exception as error:  # zlib.error and what other compressions raise
        raise TemplateError(_BROKEN) from error
    return _plain(content, parts)


def _parts(content: bytes) -> dict[str, bytes]:
    """The XML parts of the package, read within limits."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
        names = [info.filename for info in infos]
        if len(set(names)) != len(names) or _TYPES not in names:
            raise TemplateError(_BROKEN)
        xml = [info for info in infos if info.filename.lower().endswith((".xml", ".rels", ".vml"))]
        if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED:
            raise TemplateError(_BIG)
        if sum(info.file_size for info in xml) > MAX_XML:
            raise TemplateError(_BIG)
        if any("vbaproject" in name.lower() or "/activex/" in name.lower() for name in names):
            raise TemplateError(_MACROS)
        read = {info.filename: archive.read(info) for info in xml}
        for info in infos:
            if info.filename not in read:
                with archive.open(info) as stream:
                    while stream.read(1_000_000):  # the sum of control of pictures is checked too
                        pass
    return read


def _plain(content: bytes, parts: dict[str, bytes]) -> bytes:
    types = parts[_TYPES]
    if b"macroEnabled" in types:
        raise TemplateError(_MACROS)
    for name, xml in parts.items():
        if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
            raise TemplateError(_BROKEN)
        if name.endswith(".rels") and any(
            b"/hyperlink" not in found for found in _EXTERNAL.findall(xml) if not _slide(name)
        ):
            raise TemplateError(
                "Le modèle est lié à des fichiers qui ne sont pas dedans (image, vidéo ou objet lié) : insérez-les, puis enregistrez-le de nouveau."
            )
    if _PRESENTATION in types:
        return content
    for kind in (_TEMPLATE, _SHOW):
        if kind in types:
            return _rewritten(content, types.replace(kind, _PRESENTATION))
    raise TemplateError("Le fichier donné comme modèle n’est pas une présentation : donnez un .pptx.")


def _slide(name: str) -> bool:
    """Whether the relationships are a slide's, which goes away with its links."""
    return name.startswith(("ppt/slides/", "ppt/notesSlides/"))


def _rewritten(content: bytes, types: bytes) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            new.writestr(info.filename, types if info.filename == _TYPES else old.read(info))
    return out.getvalue()
