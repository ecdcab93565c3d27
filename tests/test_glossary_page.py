"""The page Glossaire: its address, its search, an unknown word; and the links of the other pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ptce_data.load import DATA_DIR
from tests import mini
from tests.test_pages import visit, words

PAGE = "pages/glossaire.py"


def html(app: AppTest) -> str:
    written = [str(e.proto.body) for e in app.get("html")]
    return "\n".join(body for body in written if body.startswith(("<dl", "<p")))


def test_the_address_opens_a_word_and_follows_it(app: AppTest) -> None:
    visit(app, PAGE, mot="ptce")
    assert app.selectbox[0].value == "ptce"
    assert "Aussi : pôle territorial de coopération économique" in words(app)
    assert "Éditeur A" in html(app) and "publié\u00a0: 03/2015" in html(app)
    next(b for b in app.button if b.key == "mot-tiers-lieu").click()
    app.run()
    assert app.query_params["mot"] == "tiers-lieu"
    assert "Un lieu partagé" in words(app)


def test_search_keeps_what_answers_and_says_how_many(app: AppTest) -> None:
    visit(app, PAGE, q="lieu partagé")
    assert "1\u00a0mot répond à la recherche." in words(app)
    assert "mot-tiers-lieu" in html(app) and "mot-ptce" not in html(app)
    app.text_input[0].set_value("zzz")
    app.run()
    assert "0\u00a0mot répond" in words(app) and "Essayez un autre mot" in words(app)
    assert app.query_params["q"] == "zzz"


def test_an_unknown_word_of_the_address_is_said(app: AppTest) -> None:
    visit(app, PAGE, mot="<b>zzz")
    assert any("mot" in str(w.value) and "inconnue" in str(w.value) for w in app.warning)
    assert "3\u00a0mots, de A à Z." in words(app)


def test_hostile_words_are_written_harmless(
    app: AppTest, hostile_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTCE_DATA_DIR", str(hostile_dir))
    visit(app, PAGE, mot="hostile-0")
    assert html(app).count("<dt id=") == 3 + len(mini.HOSTILE_NAMES)
    for written in (html(app), *(str(e.value).replace("\\<", "") for e in (*app.markdown, *app.subheader))):
        assert "<script" not in written and "<img" not in written


def test_the_whole_glossary_is_listed_by_letter(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTCE_DATA_DIR", str(DATA_DIR))
    visit(app, PAGE)
    assert "[A](#lettre-a)" in words(app) and "](/glossaire" not in words(app)
    assert html(app).count("<dt id=") == html(app).count("<dd>") > 60
    assert 'href="#mot-ptce"' in html(app) and "Défini par l’atlas, voir docs/territoires.md." in html(app)


@pytest.mark.parametrize("path", ["dashboard.py", "pages/carte.py"])
def test_a_page_links_its_words_once(app: AppTest, path: str) -> None:
    visit(app, path)
    assert words(app).count("(/glossaire?mot=ptce ") == 1
    assert words(app).count("(/glossaire?mot=tiers-lieu ") == 1
