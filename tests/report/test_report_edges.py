"""Studies that hold nothing, or anything: the documents are made all the same, and say what is missing."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from ptce_data.load import Dataset
from ptce_data.study import (
    AfomItem,
    Annotation,
    ChallengeNote,
    LogicAnswer,
    OwnPlace,
    PartText,
    Perimeter,
    Scenario,
    Score,
    Step,
    Study,
    dump,
    new,
    registries,
)
from ptce_ui.exports import document as engine
from ptce_ui.exports.report import FORMATS, ReportError, build, documents
from ptce_ui.exports.report import documents as _documents
from ptce_ui.exports.report.command import report
from tests import mini
from tests.report.studies import TODAY, budget
from tests.report.test_report import text_of

NASTY = "<script>alert(1)</script> $x^2$ \\emph{a} #set page() =1+1 | *b* _c_ `d` {{e}} %s 😀 \u202e abc"


def test_an_empty_study_says_what_is_missing(small: Dataset) -> None:
    words = text_of(engine.to_pdf(build(small, new("Étude vide", TODAY), today=TODAY, pictures=("svg",))))
    for label in registries.PARTS.values():
        assert label.replace("\u00a0", " ") in words
    assert "Le périmètre est vide" in words
    assert "Aucun scénario" in words
    assert "Aucune étape" in words
    assert words.count("Ce qui manque") >= 10


def test_layers_need_a_perimeter_and_the_rest_is_made(small: Dataset) -> None:
    with pytest.raises(ReportError) as caught:
        documents(small, new("Vide", TODAY), today=TODAY, only=("pdf", "xlsx", "gpkg"))
    assert set(caught.value.failed) == {"gpkg"}
    assert {name.rpartition(".")[2] for name in caught.value.made} == {"pdf", "xlsx"}
    assert "périmètre" in str(caught.value)


def test_an_unknown_format_is_refused(small: Dataset) -> None:
    with pytest.raises(ReportError, match="odt"):
        documents(small, new("Vide", TODAY), today=TODAY, only=("odt",))


def hostile_study(dataset: Dataset) -> Study:
    """Every free text of a study is hostile."""
    code = str(dataset.communes["commune_insee"].iloc[0])
    uid = str(dataset.places["uid"].iloc[0])
    line = NASTY[:300]
    made = budget(line)
    return new(
        line, TODAY, Perimeter(communes=tuple(dataset.communes["commune_insee"]), zone_km=10.0), organisation=line,
        places=(OwnPlace(id="a", name=line, kind="fablab", commune=code, note=NASTY, source=line), OwnPlace(id="b", name="", kind="pole")),
        annotations=(Annotation(uid=uid, note=NASTY, correction=NASTY),),
        scenarios=(Scenario(id="a", name=line, note=NASTY, budget=made, project_kind="inconnu", needs=("rien",), schemes=("rien",)),
                   Scenario(id="b", name="", budget=made)),
        assessment=tuple(Score(objective=o, score=2, comment=NASTY, evidence=NASTY * 20) for o in registries.OBJECTIVES),
        logics=tuple(LogicAnswer(logic=k, holds=True, comment=NASTY) for k in registries.LOGICS),
        challenges=tuple(ChallengeNote(challenge=k, note=NASTY) for k in registries.CHALLENGES),
        afom=tuple(AfomItem(id=k, list=k, text=NASTY, figure=line, source=line) for k in registries.AFOM),
        roadmap=(Step(id="1", label=line, start="2030-05", end="2029-01", lead=line, note=NASTY), Step(id="2", label="")),
        texts=tuple(PartText(part=p, text=f"{NASTY}\n\n- {NASTY}") for p in registries.PARTS),
        peers=("epci:rien",), inspiring_poles=("pole:rien", "pole:le-periscope"),
    )  # fmt: skip


def test_a_hostile_study_over_hostile_data_is_only_text(hostile: Dataset) -> None:
    wanted = tuple(f for f in FORMATS if f != "docx")
    made = documents(hostile, hostile_study(hostile), today=TODAY, only=wanted)
    pdf = next(content for name, content in made.items() if name.endswith(".pdf"))
    words = text_of(pdf)
    assert "<script>alert(1)</script> $x^2$" in words
    assert "#set page()" in words
    assert all(name == name.lower() and "/" not in name and " " not in name for name in made)
    book = openpyxl.load_workbook(io.BytesIO(next(c for n, c in made.items() if n.endswith(".xlsx"))))
    formulas = [c.value for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert formulas == []


def test_parts_left_out_are_not_there_and_are_told(small: Dataset) -> None:
    study = new("Courte", TODAY, left_out=("afom", "scenarios", "plan_financement"))
    document = build(small, study, today=TODAY, pictures=("svg",))
    titles = [b.text for b in document.blocks if isinstance(b, engine.Heading)]
    assert registries.PARTS["afom"] not in titles
    assert registries.PARTS["feuille_de_route"] in titles
    assert "Parties laissées de côté par l’auteur : Atouts" in text_of(engine.to_pdf(document))


def test_progress_names_each_step_in_order_and_the_bytes_do_not_change(small: Dataset) -> None:
    perimeter = Perimeter(communes=(str(small.communes["commune_insee"].iloc[0]),))
    study = new("Étude", TODAY, perimeter, left_out=("comparables", "portrait", "objet"))
    seen: list[tuple[int, int, str]] = []
    wanted = ("pdf", "xlsx", "gpkg")
    once = documents(small, study, today=TODAY, only=wanted, progress=lambda *step: seen.append(step))
    steps = [step for step, _, _ in seen]
    assert steps == sorted(steps)
    assert len({total for _, total, _ in seen}) == 1
    assert seen[-1][0] == seen[-1][1]
    assert all(label[0].isupper() for *_, label in seen)
    again = documents(small, study, today=TODAY, only=wanted)
    assert {n for n in once if once[n] != again[n]} == set()


def test_a_writer_that_breaks_takes_no_other_file_with_it(
    small: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    module = sys.modules[_documents.__module__]

    def broken(facts: object) -> bytes:
        raise RuntimeError("disque plein")

    monkeypatch.setattr(module, "workbook", broken)
    study = new("Étude", TODAY, Perimeter(communes=(str(small.communes["commune_insee"].iloc[0]),)))
    with pytest.raises(ReportError, match="le classeur") as caught:
        documents(small, study, today=TODAY, only=("xlsx", "gpkg"))
    assert list(caught.value.failed) == ["xlsx"]
    assert [name[-5:] for name in caught.value.made] == [".gpkg"]


def test_the_command_writes_refuses_and_explains(tmp_path: Path, mini_dir: Path) -> None:
    code = (
        mini.tables()["communes"]["commune_insee"].iloc[0]
        if hasattr(mini, "tables") and "communes" in mini.tables()
        else None
    )
    file, out = tmp_path / "etude.json", tmp_path / "sortie"
    perimeter = Perimeter(communes=(str(code),)) if code else Perimeter()
    file.write_bytes(dump(new("Essai", TODAY, perimeter)))
    base = [str(file), "--out", str(out), "--donnees", str(mini_dir)]
    done = CliRunner().invoke(report, [*base, "--only", "pdf,xlsx"])
    assert done.exit_code == 0, done.output
    assert {p.name for p in out.iterdir()} == {"etude-essai.pdf", "etude-essai-tableaux.xlsx"}
    refused = CliRunner().invoke(report, [*base, "--only", "odt"])
    assert refused.exit_code == 2
    assert "odt" in refused.output
    file.write_text("{", encoding="utf-8")
    broken = CliRunner().invoke(report, base)
    assert broken.exit_code == 2
    assert broken.output.startswith("Étude non ouverte")
    assert "Traceback" not in broken.output
    assert CliRunner().invoke(report, [str(tmp_path / "rien.json"), "--out", str(out)]).exit_code == 2
