"""One's own layer on the pages: from the file to the map, marked, proposed, taken away and back."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from ptce_data import own_layers
from ptce_data.load import Dataset
from ptce_ui import assets, own_tables, ownlayers, tables
from ptce_ui.navigation import LANGUAGE_SCRIPT
from tests import test_pages
from tests.conftest import ROOT
from tests.test_pages import visit

NAMES = ("Halle <script>alert(1)</script>", "Forge $&{x}", "Grange `a`")


def words(app: AppTest) -> str:
    return test_pages.words(app).replace("\u00a0", " ").replace("\u202f", " ").replace("\\", "")


def a_file(data: Dataset, wrong: bool = True) -> bytes:
    communes = data.communes.head(3)
    lines = ["nom;famille;code insee"]
    kinds = ("Fab Lab", "coworking", "inconnu au bataillon")
    lines += [f'"{n}";{k};{c}' for n, k, c in zip(NAMES, kinds, communes["commune_insee"], strict=True)]
    lines += ["Sans commune;fablab;99999"] if wrong else []
    return "\n".join(lines).encode()


def sent(app: AppTest, data: bytes, name: str = "lieux.csv") -> AppTest:
    visit(app, "pages/donnees.py", section="couche")
    app.file_uploader[0].set_value([(name, data, "text/csv")]).run()
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(b for b in app.button if b.label.startswith(label)).click().run()
    assert not app.exception, [e.message for e in app.exception]
    return app


def test_a_file_goes_to_the_map_marked_and_comes_away(app: AppTest, small: Dataset) -> None:
    sent(app, a_file(small))
    assert "4 lignes" in words(app)
    columns = app.dataframe[0].value
    assert columns["Remplit"].tolist() == ["Nom", "Famille", "Code Insee de la commune"]
    press(app, "Vérifier les lignes")
    figures = {m.label: m.value for m in app.metric}
    assert (figures["Lignes lues"], figures["Gardées"], figures["Refusées"]) == ("4", "3", "1")
    press(app, "Ajouter à l’atlas")
    assert "3 objets importés" in words(app)
    visit(app, "pages/carte.py")
    assert "dont **3 importés par vous**" in words(app)
    shown = app.dataframe[0].value
    assert shown.loc[shown["Provenance"] != "atlas", "Nom"].tolist() == list(NAMES)
    visit(app, "pages/donnees.py", section="couche")
    press(app, "Retirer")
    assert not ownlayers_of(app)
    press(app, "Annuler")
    assert [a.layer.name for a in ownlayers_of(app)] == ["lieux"]


def ownlayers_of(app: AppTest) -> list[ownlayers.Added]:
    return list(app.session_state["shared|layers"])


def test_the_shared_data_set_never_changes(app: AppTest, small: Dataset) -> None:
    press(press(sent(app, a_file(small)), "Vérifier"), "Ajouter")
    other = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    visit(other, "pages/carte.py")
    assert "import" not in words(other)
    assert len(other.dataframe[0].value) == len(small.places)


def test_a_refused_file_changes_nothing(app: AppTest, small: Dataset) -> None:
    sent(app, a_file(small))
    app.file_uploader[0].set_value([("autre.csv", b"%PDF-1.7 x", "text/csv")]).run()
    said = "".join(e.value for e in app.error).replace("\\", "")
    assert "autre.csv" in said and "PDF" in said
    assert "**lieux.csv**" in words(app)


def test_what_was_filled_in_survives_another_page(app: AppTest, small: Dataset) -> None:
    press(sent(app, a_file(small)), "Vérifier")
    visit(app, "pages/carte.py")
    visit(app, "pages/donnees.py", section="couche")
    assert {m.label: m.value for m in app.metric}["Gardées"] == "3"


def test_a_fiche_and_its_error_report(app: AppTest, small: Dataset) -> None:
    press(press(sent(app, a_file(small)), "Vérifier"), "Ajouter")
    uid = f"tiers_lieu:{ownlayers_of(app)[0].layer.rows['id'].iloc[0]}"
    app.session_state[f"erreur|{uid}"] = True
    visit(app, "pages/carte.py", fiche=uid)
    fiche = "".join(h.proto.body for h in app.get("html") if LANGUAGE_SCRIPT not in h.proto.body)
    assert "Halle" in fiche and "<script>" not in fiche
    assert any("Champ" in c.value or "Table" in c.value for c in app.code)
    assert any("Votre fichier" in m.value for m in app.markdown)


@pytest.fixture
def layer(small: Dataset) -> own_layers.OwnLayer:
    raw = own_layers.read("lieux.csv", a_file(small, wrong=False))
    return own_layers.build(small, raw, own_layers.propose(small, raw))


def test_the_points_of_a_reader_have_a_file_of_their_own(
    small: Dataset, layer: own_layers.OwnLayer, tmp_path: Path
) -> None:
    mine = own_layers.attach(small, [layer], {}, imported_on=dt.date(2026, 1, 2))
    assert assets.places_file(mine, tmp_path) == assets.places_file(small, tmp_path)
    assert assets.own_places_file(small, "a" * 32, tmp_path) is None
    name = assets.own_places_file(mine, "a" * 32, tmp_path)
    assert name and "a" * 32 in name
    held = json.loads((tmp_path / name).read_bytes())
    assert held["n"] == len(layer.rows) and held["name"] == list(NAMES)
    public = json.loads((tmp_path / assets.places_file(mine, tmp_path)).read_bytes())
    assert public["n"] == len(small.places) and not set(NAMES) & set(public["name"])
    assert tables.provenance(mine.places).value_counts().to_dict() == {
        "atlas": len(small.places), "importé par vous": len(layer.rows)
    }  # fmt: skip


def test_columns_are_mapped_by_their_titles_once_each(small: Dataset) -> None:
    raw = own_layers.read("lieux.csv", a_file(small))
    mapping = own_layers.propose(small, raw, "tiers_lieux")
    table = own_tables.columns(raw, mapping)
    same, twice = own_tables.mapped(mapping, table["Remplit"])
    assert same.fields() == mapping.fields() and not twice
    both, twice = own_tables.mapped(mapping, ["Nom", "Nom", own_tables.ASIDE])
    assert both.fields() == {"name": "nom"} and twice == ["name"]


def test_a_decision_on_a_pair_holds_for_its_line(small: Dataset) -> None:
    found = pd.DataFrame(
        {"line": [2, 2, 3], "name": list("aab"), "uid": ["tiers_lieu:x", "tiers_lieu:y", "pole:z"],
         "atlas_name": list("xyz"), "kind": ["tiers_lieu", "tiers_lieu", "pole"], "reason": [""] * 3}
    )  # fmt: skip
    start = own_layers.Decisions.of(found)
    assert own_tables.pairs(found, start)["Décision"].tolist() == [own_tables.UNDECIDED] * 3
    same = own_tables.decided(found, start, {1: own_tables.SAME})
    assert own_tables.pairs(found, same)["Décision"].tolist() == [
        own_tables.NONE, own_tables.SAME, own_tables.UNDECIDED
    ]  # fmt: skip
    none = own_tables.decided(found, same, {0: own_tables.NONE})
    assert none.state(2) == "distinct" and none.state(3) == "undecided"
    assert own_tables.decided(found, none, {0: own_tables.UNDECIDED}).state(2) == "undecided"


def test_the_proposal_leaves_as_a_zip_of_tables(app: AppTest, small: Dataset) -> None:
    press(press(sent(app, a_file(small)), "Vérifier"), "Ajouter")
    one = ownlayers_of(app)[0]
    made = own_layers.patch(small, one.layer, one.decisions, one.on)
    with zipfile.ZipFile(io.BytesIO(made)) as held:
        assert "tiers_lieux.csv" in held.namelist()
