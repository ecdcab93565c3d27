"""The finished file: the same bytes for the same deck, and a check that nothing in it would need repair."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from typing import Final
from urllib.parse import unquote
from xml.etree import ElementTree

_TYPES: Final = "[Content_Types].xml"
_RELATIONSHIPS: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_CONTENT: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_REL: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_STORED: Final = (".png", ".jpg", ".jpeg", ".gif", ".xlsx")


def steady(content: bytes) -> bytes:
    """The same package without the hour it was made; what is compressed already is not compressed again."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        names = sorted(old.namelist(), key=lambda name: (name != _TYPES, not name.startswith("_rels/"), name))
        for name in names:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_STORED if name.endswith(_STORED) else zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, old.read(name))
    return out.getvalue()


def problems(content: bytes) -> list[str]:
    """What would make PowerPoint offer a repair; empty for a sound file.

    Looks at: names of parts, content types, targets of relationships, parts nobody points at, XML,
    identifiers of shapes, slides and layouts, links between slides and their notes.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        parts = {name: archive.read(name) for name in names}
    found = [
        f"nom en double : {name}" for name, times in Counter(n.lower() for n in names).items() if times > 1
    ]
    trees = {}
    for name, raw in parts.items():
        if name.endswith((".xml", ".rels")):
            try:
                trees[name] = ElementTree.fromstring(raw)
            except ElementTree.ParseError as error:
                found.append(f"XML illisible : {name} ({error})")
    if _TYPES not in trees:
        return [*found, "pas de [Content_Types].xml"]
    found += _types(trees[_TYPES], names)
    targets = _targets(trees, set(names), found)
    reached = {"_rels/.rels", _TYPES, *targets}
    found += [
        f"partie orpheline : {name}" for name in names if name not in reached and not name.endswith(".rels")
    ]
    for name, tree in trees.items():
        if re.fullmatch(r"ppt/(slides|slideLayouts|slideMasters|notesSlides|notesMasters)/[^/]+\.xml", name):
            ids = Counter(e.get("id") for e in tree.iter(f"{_P}cNvPr"))
            found += [
                f"identifiant de forme en double : {name} {key}" for key, times in ids.items() if times > 1
            ]
        if name.endswith(".xml"):
            found += _references(name, tree, trees.get(_rels_of(name)))
    return found + _slides(trees)


def _types(types: ElementTree.Element, names: list[str]) -> list[str]:
    defaults = {str(e.get("Extension")).lower() for e in types.iter(f"{_CONTENT}Default")}
    overrides = [str(e.get("PartName")).lstrip("/") for e in types.iter(f"{_CONTENT}Override")]
    found = [f"type en double : {name}" for name, times in Counter(overrides).items() if times > 1]
    found += [f"type d’une partie absente : {name}" for name in overrides if name not in names]
    for name in names:
        if name != _TYPES and name not in overrides and name.rpartition(".")[2].lower() not in defaults:
            found.append(f"partie sans type : {name}")
    return found


def _rels_of(name: str) -> str:
    folder, _, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"


def _targets(trees: dict[str, ElementTree.Element], names: set[str], found: list[str]) -> set[str]:
    reached = set()
    for name, tree in trees.items():
        if not name.endswith(".rels"):
            continue
        base = posixpath.dirname(posixpath.dirname(name))
        ids = Counter(e.get("Id") for e in tree.iter(_RELATIONSHIPS))
        found += [f"relation en double : {name} {key}" for key, times in ids.items() if times > 1]
        for relation in tree.iter(_RELATIONSHIPS):
            if relation.get("TargetMode") == "External":
                continue
            target = unquote(str(relation.get("Target")))
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(base, target))  # fmt: skip
            reached.add(path)
            if path not in names:
                found.append(f"cible absente : {name} -> {target}")
    return reached


def _references(name: str, tree: ElementTree.Element, rels: ElementTree.Element | None) -> list[str]:
    known = {e.get("Id") for e in rels.iter(_RELATIONSHIPS)} if rels is not None else set()
    used = {v for e in tree.iter() for k, v in e.attrib.items() if str(k).startswith(_REL) and v}
    return [f"relation inconnue : {name} {key}" for key in sorted(map(str, used - known))]


def _slides(trees: dict[str, ElementTree.Element]) -> list[str]:
    found = []
    main = trees.get("ppt/presentation.xml")
    if main is None:
        return ["pas de ppt/presentation.xml"]
    ids = Counter(e.get("id") for e in main.iter(f"{_P}sldId"))
    found += [f"diapositive en double : {key}" for key, times in ids.items() if times > 1]
    listed = sum(ids.values())
    slides = [name for name in trees if re.fullmatch(r"ppt/slides/[^/]+\.xml", name)]
    if listed != len(slides):
        found.append(f"{listed} diapositives annoncées, {len(slides)} dans le fichier")
    back: Counter[str] = Counter()
    for name, tree in trees.items():
        if re.fullmatch(r"ppt/notesSlides/_rels/[^/]+\.rels", name):
            kinds = [str(e.get("Type")).rpartition("/")[2] for e in tree.iter(_RELATIONSHIPS)]
            if sorted(k for k in kinds if k in ("slide", "notesMaster")) != ["notesMaster", "slide"]:
                found.append(f"notes mal reliées : {name}")
            back.update(str(e.get("Target")) for e in tree.iter(_RELATIONSHIPS) if str(e.get("Type")).endswith("/slide"))  # fmt: skip
    found += [f"deux notes pour {key}" for key, times in back.items() if times > 1]
    if back and main.find(f"{_P}notesMasterIdLst") is None:
        found.append("masque de notes non annoncé")
    # Identifiers of masters and layouts share one series.
    masters = [tree for name, tree in trees.items() if re.fullmatch(r"ppt/slideMasters/[^/]+\.xml", name)]
    tags = (f"{_P}sldMasterId", f"{_P}sldLayoutId")
    shared = Counter(e.get("id") for tree in (main, *masters) for tag in tags for e in tree.iter(tag))
    return found + [f"identifiant de masque en double : {key}" for key, times in shared.items() if times > 1]
