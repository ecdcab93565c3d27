"""The documentation keeps its word: links lead somewhere, quoted labels are on the screens, records have one form."""

from __future__ import annotations

import ast
import csv
import functools
import re
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
WRITTEN = [
    path
    for path in [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")]
    if path.name != "dictionnaire.md"
]
TUTORIALS = sorted((DOCS / "tutoriels").glob("[0-9]-*.md"))
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_QUOTED = re.compile(r"«\s*([^»]+?)\s*»")
_COMMAND = re.compile(r"\bmake ([a-z-]+)")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", WRITTEN, ids=name)
def test_a_link_leads_to_a_file_of_the_repository(path: Path) -> None:
    for target in _LINK.findall(path.read_text(encoding="utf-8")):
        place = target.partition("#")[0]
        if place and not re.match(r"[a-z]+:", place):
            assert (path.parent / place).exists(), target


@pytest.mark.parametrize("path", WRITTEN, ids=name)
def test_a_make_command_exists(path: Path) -> None:
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    quoted = "\n".join(re.findall(r"`[^`\n]+`|^```.*?^```", path.read_text(encoding="utf-8"), re.M | re.S))
    assert set(_COMMAND.findall(quoted)) <= known


def plain(words: str) -> str:
    """Words as they are compared: one kind of space, no markup."""
    return re.sub(r"\s+", " ", words.replace("*", "")).strip()


@functools.cache
def shown() -> frozenset[str]:
    """Every string that the application may show: those of its code, and the names of the data."""
    found: set[str] = set()
    folders = [p for name in ("pages", "ptce_ui", "ptce_data") for p in (ROOT / name).rglob("*.py")]
    for path in [ROOT / "dashboard.py", *folders]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(plain(node.value))
    for table in (ROOT / "data" / "codes").glob("*.csv"):
        with table.open(encoding="utf-8", newline="") as lines:
            found.update(plain(cell) for row in csv.reader(lines) for cell in row)
    found.update(
        map(plain, pd.read_parquet(ROOT / "data" / "geo" / "epci.parquet", columns=["name"])["name"])
    )
    return frozenset(found)


@pytest.mark.parametrize("path", TUTORIALS, ids=name)
def test_every_label_that_a_tutorial_quotes_is_on_a_screen(path: Path) -> None:
    labels = {plain(words) for words in _QUOTED.findall(path.read_text(encoding="utf-8"))}
    assert len(labels) >= 10
    assert labels - shown() == set()


def test_every_setting_that_the_code_reads_is_documented() -> None:
    folders = ("ptce_data", "ptce_ui", "ptce_api", "ptce_server", "ptce_store")
    code = [ROOT / "server.py", *(p for name in folders for p in (ROOT / name).rglob("*.py"))]
    read = {n for p in code for n in re.findall(r'"(PTCE_[A-Z_]*[A-Z])"', p.read_text(encoding="utf-8"))}
    said = "\n".join(path.read_text(encoding="utf-8") for path in WRITTEN)
    assert len(read) > 20
    assert {setting for setting in read if setting not in said} == set()


def test_there_is_a_tutorial_for_each_use() -> None:
    assert len(TUTORIALS) == 3
    for path in TUTORIALS:
        assert "../images/" in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize("path", DECISIONS, ids=lambda p: p.stem)
def test_a_decision_has_the_form_of_the_others(path: Path) -> None:
    rows = path.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(rf"# {path.stem[:4]} · \S.+", rows[0])
    assert re.fullmatch(r"Date : \d{4}-\d\d-\d\d\. Statut : (retenue|remplacée par \[\d{4}\].*)\.", rows[2])
    items = [re.match(r"- \*\*([^*]+)\*\* : \S", row) for row in rows[4:]]
    assert all(items)
    heads = [item[1] for item in items if item]
    assert {"Question", "Décision", "Écarté", "Conséquences"} <= set(heads)
    assert (heads[0], heads[-1]) == ("Question", "Conséquences")


def test_decisions_are_numbered_without_gap() -> None:
    assert [path.stem[:4] for path in DECISIONS] == [f"{n:04d}" for n in range(1, len(DECISIONS) + 1)]


def test_the_index_leads_to_every_page() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} - {"README.md"}
    assert pages <= set(_LINK.findall(index))


def test_pictures_are_small_and_used() -> None:
    pictures = sorted((DOCS / "images").iterdir())
    assert len(pictures) >= 3
    written = "\n".join(path.read_text(encoding="utf-8") for path in WRITTEN)
    for path in pictures:
        assert path.stat().st_size <= 250_000, path.name
        assert f"images/{path.name}" in written, path.name


def test_the_picture_of_the_architecture_is_text_and_names_real_folders() -> None:
    drawn = ElementTree.parse(DOCS / "images" / "architecture.svg").getroot()
    words = " ".join("".join(node.itertext()) for node in drawn.iter() if node.tag.endswith("}text"))
    for package in ("ptce_data", "ptce_ui", "ptce_api", "ptce_server", "ptce_store"):
        assert package in words
    for place in re.findall(r"\b(?:ptce_\w+|static|deploy|data|pages)/[\w./]*\w", words):
        assert (ROOT / place).exists(), place


def test_the_list_of_long_tests_names_tests() -> None:
    """A renamed test would silently go back to `make fast`."""
    listed = [
        r for r in (ROOT / "tests" / "long.txt").read_text(encoding="utf-8").splitlines() if r[0] != "#"
    ]
    assert listed == sorted(set(listed))
    for row in listed:
        path, _, function = row.partition("::")
        assert re.search(rf"^def {function}\(", (ROOT / path).read_text(encoding="utf-8"), re.M), row


def test_no_test_is_left_out_of_both_suites() -> None:
    recipes = (ROOT / "Makefile").read_text(encoding="utf-8")
    everything = re.search(r"^test: (.*?) ##", recipes, re.M)
    assert everything and {"fast", "long"} <= set(everything[1].split())
    assert recipes.count('-m "not long"') == 1 and len(re.findall(r"-m long\b", recipes)) == 1
