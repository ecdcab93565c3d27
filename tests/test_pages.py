"""The whole application, page by page, without a browser."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ptce_ui import frame
from tests import mini

ROOT = Path(__file__).resolve().parent.parent
PAGES = [page.path for page in frame.PAGES.values()]


def visit(app: AppTest, path: str, **query: str | list[str]) -> AppTest:
    app.switch_page(path) if path != "dashboard.py" else app
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, [e.message for e in app.exception]
    return app


def words(app: AppTest) -> str:
    elements = [*app.markdown, *app.caption, *app.title, *app.warning, *app.info, *app.error]
    return "\n".join(str(e.value) for e in elements)


@pytest.mark.parametrize("path", PAGES)
def test_each_page_runs_on_the_small_data(app: AppTest, path: str) -> None:
    visit(app, path)
    assert len(app.title) == 1
    assert not app.error


@pytest.mark.parametrize("path", PAGES)
def test_each_page_runs_on_hostile_names(
    app: AppTest, path: str, hostile_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTCE_DATA_DIR", str(hostile_dir))
    visit(app, path)
    for element in app.markdown:
        assert "<script" not in element.value.replace("\\<", "")


BROKEN = [
    "clusters.csv",
    "programmes.csv",
    "duplicates.csv",
    "geo/epci.parquet",
    "geo/territory_types.parquet",
]


@pytest.fixture(scope="session")
def broken_dir(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Folders with one file that is none, each written and read once for all pages."""

    @functools.cache
    def make(name: str) -> Path:
        folder = mini.write(tmp_path_factory.mktemp("broken") / "data")
        (folder / name).write_bytes(b"a,b\n1\n")
        return folder

    return make


@pytest.mark.parametrize(
    ("path", "broken"),
    # Each page without one table and without a layer; the Carte without each file in turn.
    [
        *((path, name) for path in PAGES for name in ("clusters.csv", "geo/territory_types.parquet")),
        *(
            ("pages/carte.py", name)
            for name in BROKEN
            if name not in ("clusters.csv", "geo/territory_types.parquet")
        ),
    ],
)
def test_a_fault_in_one_file_leaves_the_rest_usable(
    app: AppTest,
    path: str,
    broken: str,
    broken_dir: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PTCE_DATA_DIR", str(broken_dir(broken)))
    visit(app, path)
    assert any(broken.split("/")[-1] in e.value.replace("\\", "") for e in app.error)


def test_the_sentence_counts_the_selection(app: AppTest) -> None:
    visit(app, "pages/carte.py", nature="pole")
    assert "**4\u00a0signes sur la carte** : 4\u00a0pôles (PTCE)." in words(app)
    assert len(app.dataframe[0].value) == 4


def test_the_link_to_copy_gives_the_same_view(app: AppTest) -> None:
    app.session_state["lien"] = True
    visit(app, "pages/carte.py", region=["76"], fiche="cluster:cluster-b")
    link = str(app.code[0].value)
    assert "region=76" in link and "fiche=cluster%3Acluster-b" in link


def test_url_values_fill_the_filters(app: AppTest) -> None:
    visit(app, "pages/carte.py", region=["76"], nature=["cluster"])
    chosen = {w.label: w.value for w in app.multiselect}
    assert chosen["Région"] == ["76"]
    assert chosen["Nature"] == ["cluster"]
    assert app.dataframe[0].value["Nom"].tolist() == ["Cluster B"]


def test_a_filter_fills_the_url(app: AppTest) -> None:
    visit(app, "pages/carte.py")
    app.text_input[0].set_value("gamma").run()
    assert app.query_params["q"] == "gamma"
    next(w for w in app.multiselect if w.label == "Nature").set_value(["pole"]).run()
    assert app.query_params["nature"] in ("pole", ["pole"])
    next(b for b in app.button if b.label == "Effacer tous les filtres").click().run()
    assert not dict(app.query_params)


def test_unknown_url_values_are_named(app: AppTest) -> None:
    visit(app, "pages/carte.py", region=["999"], inconnu="1", fiche="pole:nobody")
    said = app.warning[0].value
    for word in ("999", "inconnu", "nobody"):
        assert word in said


def test_an_empty_result_offers_a_way_out(app: AppTest) -> None:
    visit(app, "pages/carte.py", q="zzz")
    assert "Aucun objet" in words(app)
    next(b for b in app.button if b.label == "Effacer les filtres").click().run()
    assert "signes sur la carte" in words(app)


@pytest.mark.parametrize("level", ["regions", "former_regions", "departements", "epci", "communes"])
@pytest.mark.parametrize("fill", ["objets", "pour_100k", "dispositifs"])
def test_every_level_with_every_fill(app: AppTest, level: str, fill: str) -> None:
    visit(app, "pages/carte.py", niveau=level, aplat=fill)


def test_a_fiche_by_its_url(app: AppTest) -> None:
    visit(app, "pages/carte.py", fiche="pole:pole-a")
    assert any("Pôle A" in h.proto.body for h in app.get("html"))
    assert "source-a" not in words(app)
    assert "Éditeur A" in words(app)


def test_schemes_of_an_area_by_its_url(app: AppTest) -> None:
    visit(app, "pages/carte.py", zone="regions:76")
    assert "3\u00a0dispositifs documentés" in words(app)


@pytest.mark.parametrize("section", ["carte", "croisements", "densite", "sensibilite"])
@pytest.mark.parametrize("scale", ["types", "communes", "epci", "epci_france"])
def test_every_part_of_territoires(app: AppTest, section: str, scale: str) -> None:
    visit(app, "pages/territoires.py", section=section, echelle=scale, dans="76", sans=["r3"])
    assert len(app.dataframe) >= 1


@pytest.mark.parametrize("section", ["mix", "appels", "flux", "public", "budget", "import"])
@pytest.mark.parametrize("real_data", [False, True])
def test_every_part_of_financements(
    app: AppTest, section: str, real_data: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if real_data:
        monkeypatch.delenv("PTCE_DATA_DIR")
    visit(app, "pages/financements.py", section=section)
    assert section == "import" or len(app.dataframe) >= 1


@pytest.mark.parametrize("measure", ["applications", "envelope", "amount_per_laureate_mean"])
def test_every_measure_of_the_calls(app: AppTest, measure: str) -> None:
    visit(app, "pages/financements.py", section="appels", mesure=measure)


def test_why_a_commune_has_its_type(app: AppTest) -> None:
    visit(app, "pages/territoires.py", q="alpha")
    next(b for b in app.button if "Alpha" in b.label).click().run()
    assert app.query_params["lieu"] in ("commune:69001", ["commune:69001"])
    assert any("Désindustrialisé" in h.proto.body and "2052/88" in h.proto.body for h in app.get("html"))
    visit(app, "pages/territoires.py", lieu="epci:200000001")
    assert "EPCI 200000001" in words(app)


def test_other_rules_leave_the_published_types_alone(app: AppTest) -> None:
    visit(app, "pages/territoires.py", section="sensibilite", sans=["ze", "epci", "r3"])
    before = {m.label: m.value for m in app.metric}
    assert before["Communes qui changent de type"] == "1"
    next(b for b in app.button if b.label == "Revenir aux règles publiées").click().run()
    assert {m.label: m.value for m in app.metric}["Communes qui changent de type"] == "0"


def test_every_table_is_shown_with_its_dictionary(app: AppTest) -> None:
    from ptce_ui import datasheet

    for table in datasheet.SHOWN:
        visit(app, "pages/donnees.py", table=table)
        assert len(app.dataframe) == 3, table


def test_home_says_who_is_named_and_who_is_not(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PTCE_DATA_DIR")
    visit(app, "dashboard.py")
    assert "9 des 14 lauréats" in words(app)
