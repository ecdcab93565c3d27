"""The house rules that a machine can hold."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "dashboard.py", *sorted((ROOT / "pages").glob("*.py"))]
MODULES = sorted(
    p
    for folder in ("ptce_data", "ptce_ui", "ptce_api", "ptce_server", "ptce_store", "scripts")
    for p in (ROOT / folder).rglob("*.py")
)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_a_page_is_short_and_only_composes(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 90
    tree = ast.parse(source)
    for node in ast.walk(tree):
        assert not isinstance(node, (ast.Try, ast.FunctionDef, ast.ClassDef)), f"ligne {node.lineno}"  # type: ignore[attr-defined]
    for word in (
        "session_state",
        "unsafe_allow_html",
        "open(",
        "read_csv",
        "read_parquet",
        "read_text",
        "<style",
    ):
        assert word not in source, word
    assert re.search(r"frame\.open_page\(", source)
    assert "frame.footer()" in source


@pytest.mark.parametrize("path", MODULES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_module_is_short_and_documented(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 300
    tree = ast.parse(source)
    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} n’a pas de docstring"


def test_the_first_line_of_a_file_says_what_it_is_for() -> None:
    folders = (
        "ptce_data",
        "ptce_ui",
        "ptce_api",
        "ptce_server",
        "ptce_store",
        "scripts",
        "pages",
        "benchmarks",
        "tests",
    )
    found = [
        ROOT / "server.py",
        ROOT / "dashboard.py",
        *(p for f in folders for p in (ROOT / f).rglob("*.py")),
    ]
    silent = [
        str(path.relative_to(ROOT))
        for path in found
        if "node_modules" not in path.parts
        and (source := path.read_text(encoding="utf-8"))
        and not re.match(r'r?"""\S[^\n]{15,}', source)
    ]
    assert silent == []


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_every_chart_and_table_has_an_accessible_name(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr in ("dataframe", "plotly_chart", "table"):
            assert "alt" in {k.arg for k in node.keywords}, f"ligne {node.lineno}"


def test_only_one_module_touches_the_session_state() -> None:
    users = [p.name for p in MODULES if re.search(r"st\.session_state", p.read_text(encoding="utf-8"))]
    assert users == ["pagestate.py"]


def test_every_page_is_in_the_navigation() -> None:
    from ptce_ui.frame import PAGES as listed

    assert {p.path for p in listed.values()} == {str(p.relative_to(ROOT)) for p in PAGES}


def pins(name: str) -> dict[str, str]:
    rows = (line.partition("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    return dict(row.split("==") for row in rows if "==" in row)


def wanted(name: str) -> set[str]:
    rows = (line.partition("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    return {re.split(r"[\[<>=~!]", row)[0].strip().lower() for row in rows if row and not row.startswith("-")}


def test_pinned_requirements_agree_with_what_was_asked() -> None:
    run, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    assert wanted("requirements.in") <= set(run)
    assert wanted("requirements-dev.in") <= set(dev)
    for name in set(run) & set(dev):
        assert run[name] == dev[name], name
    for name, pinned in (("requirements.txt", run), ("requirements-dev.txt", dev)):
        source = (ROOT / name).read_text(encoding="utf-8")
        rows = [r for r in source.splitlines() if r and not r.lstrip().startswith("#")]
        assert len(rows) == len(pinned), f"{name} : chaque ligne épingle une version"
        for direct in wanted(name.replace(".txt", ".in")):
            assert re.search(
                rf"^{re.escape(direct)}==.*\n(\s+#.*\n)*?\s+# .*-r {re.escape(name[:-4])}\.in", source, re.M
            ), direct


def test_what_is_imported_is_asked_for() -> None:
    import importlib.metadata as metadata
    import sys

    asked = wanted("requirements.in")
    owners = metadata.packages_distributions()
    for path in [*PAGES, *(p for p in MODULES if p.parent.name != "scripts")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in {n.partition(".")[0] for n in names}:
                if name in sys.stdlib_module_names or name in (
                    "ptce_data",
                    "ptce_ui",
                    "ptce_api",
                    "ptce_server",
                    "ptce_store",
                ):
                    continue
                assert {d.lower().replace("_", "-") for d in owners[name]} & (
                    asked | {"numpy", "shapely", "pyproj"}
                ), f"{path.name}: {name}"


def test_streamlit_serves_our_files_and_calls_nobody() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["browser"]["gatherUsageStats"] is False
    assert config["server"]["enableStaticServing"] is True
    assert config["client"]["showSidebarNavigation"] is False
