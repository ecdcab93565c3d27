"""A study's file: it loads back identically, and what is broken is refused with one sentence."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ptce_data.load import Dataset
from ptce_data.study import (
    Annotation,
    OwnPlace,
    Perimeter,
    Scenario,
    Score,
    Study,
    StudyFileError,
    check,
    dump,
    read,
)
from ptce_data.study.file import FORMAT
from tests.study.study_small import a_study, budgets, studies


def changed(**fields: Any) -> bytes:
    return json.dumps({**json.loads(dump(a_study())), **fields}).encode()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(studies)
def test_a_file_loads_back_identically(study: Study) -> None:
    data = dump(study)
    again = read(data)
    assert again == study
    assert dump(again) == data
    assert hash(again) == hash(study)


def test_a_file_is_canonical() -> None:
    data = dump(a_study(organisation="Pôle d’été"))
    text = data.decode("utf-8")
    assert "Pôle d’été" in text
    assert text.endswith("}\n")
    keys = list(json.loads(text))
    assert keys == sorted(keys)


def test_any_text_survives_and_controls_do_not() -> None:
    study = a_study(
        organisation="a\x00bc\r\nd",
        places=(OwnPlace(id="x", name="", kind="fablab", note="a\r\nb\x07"),),
    )
    assert study.organisation == "a bc  d"
    assert study.places[0].note == "a\nb"
    assert read(dump(study)) == study


SENTENCES = {
    b"": "du JSON bien formé",
    b"\xff{}": "UTF-8",
    b"[" * 4_000_000: "40 niveaux",
    b'{"a":' * 50 + b"1" + b"}" * 50: "40 niveaux",
    b'"' + b'\\"' * 2_000_000: "du JSON bien formé",
    b" " * 5_000_001: "5\u00a0Mo au plus",
    b'{"a": 1, "a": 2}': "chaque clé une seule fois",
    b'{"a": NaN}': "des nombres finis",
    b'{"a": -Infinity}': "des nombres finis",
    b"9" * 10_000: "des nombres de taille courante",
    b"[]": "une étude enregistrée par l’atlas",
    b'{"format": "autre", "version": 1}': "une étude enregistrée par l’atlas",
    json.dumps({"format": FORMAT}).encode(): "un numéro de version",
    json.dumps({"format": FORMAT, "version": True}).encode(): "un numéro de version",
    json.dumps({"format": FORMAT, "version": 2}).encode(): "la version 1 au plus",
    changed(title=1): "un texte",
    changed(title="a" * 301): "300 caractères au plus",
    changed(title="\ud800"): "sans demi-caractère",
    changed(created="hier"): "une date comme",
    changed(created=None): "une date comme",
    changed(inconnu=1): "un champ connu",
    changed(perimeter=[]): "un objet",
    changed(perimeter={"zone_km": "3"}): "un nombre",
    changed(perimeter={"zone_km": 101}): "100 au plus",
    changed(perimeter={"communes": ["75056"] * 5_001}): "5000 éléments au plus",
    changed(perimeter={"polygon": {"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [1, 1]]]]}}): "4 éléments",
    changed(perimeter={"polygon": {"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [1, 1], [0, 1]]]]}}): "fermé",
    changed(perimeter={"polygon": {"type": "MultiPolygon", "coordinates": [[[[0, 0], [999, 0], [1, 1], [0, 0]]]]}}): "180 au plus",
    changed(peers=["<script>"]): "un code bien formé",
    changed(peers="75056"): "une liste",
    changed(places=[{"id": "a", "name": "A", "kind": "gare"}]): "une valeur de la liste",
    changed(places=[{"id": "a", "name": "A", "kind": "fablab"}] * 2): "une seule fois",
    changed(assessment=[{"objective": "partenariats", "score": 5}]): "4 au plus",
    changed(assessment=[{"objective": "partenariats", "score": 2.5}]): "un nombre entier",
    changed(assessment=[{"objective": "partenariats", "score": True}]): "un nombre entier",
    changed(roadmap=[{"id": "a", "label": "", "start": "2027-13"}]): "un code bien formé",
    changed(scenarios=[{"id": "a", "name": "", "budget": {"format": "x"}}]): "un budget valable",
    changed(scenarios=[{"id": "a", "name": "", "budget": 3}]): "un budget valable",
}  # fmt: skip


@pytest.mark.parametrize("number", range(len(SENTENCES)))
def test_a_broken_file_is_refused_with_one_sentence(number: int) -> None:
    data, expected = list(SENTENCES.items())[number]
    start = time.perf_counter()
    with pytest.raises(StudyFileError) as refused:
        read(data)
    assert time.perf_counter() - start < 2
    sentence = str(refused.value)
    assert expected in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 800
    assert refused.value.where
    assert refused.value.expected
    assert refused.value.advice


def test_the_place_of_a_fault_is_told() -> None:
    with pytest.raises(StudyFileError) as refused:
        read(
            changed(
                places=[{"id": "a", "name": "A", "kind": "fablab"}, {"id": "b", "name": 3, "kind": "fablab"}]
            )
        )
    assert refused.value.where == "champ places[2].name"
    assert refused.value.value == "3"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_anything_else_is_refused_and_never_breaks(data: bytes) -> None:
    with pytest.raises(StudyFileError):
        read(data)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(Study.model_fields)), _JSON)
def test_any_content_of_any_field_is_read_or_refused(field: str, content: Any) -> None:
    try:
        study = read(changed(**{field: content}))
    except StudyFileError:
        return
    assert read(dump(study)) == study


def test_a_study_too_big_to_be_read_again_is_not_written() -> None:
    notes = tuple(Annotation(uid=f"tiers_lieu:{n}", note="é" * 20_000) for n in range(130))
    with pytest.raises(StudyFileError, match="5\u00a0Mo au plus"):
        dump(a_study(annotations=notes))


def older(version: int) -> bytes:
    content = json.loads(dump(a_study()))
    content["version"] = version
    return json.dumps(content).encode()


def test_an_older_file_goes_through_every_migration() -> None:
    """A made-up past: version -1 … 1 stand for 1 … 3, for the model is that of version 1."""
    content = json.loads(dump(a_study()))
    content |= {"version": 1, "nom": content.pop("title")}
    steps: list[int] = []

    def first(old: dict[str, Any]) -> dict[str, Any]:
        steps.append(1)
        return {**{k: v for k, v in old.items() if k != "nom"}, "title": old["nom"]}

    def second(old: dict[str, Any]) -> dict[str, Any]:
        steps.append(2)
        return {**old, "organisation": "venue de la version 2"}

    with pytest.raises(StudyFileError, match="version"):
        # Both steps are taken, then the model of version 1 refuses version 3: the mechanism, not the model.
        read(json.dumps(content).encode(), version=3, migrations={1: first, 2: second})
    assert steps == [1, 2]


def test_a_migrated_file_is_a_study(monkeypatch: pytest.MonkeyPatch) -> None:
    from ptce_data.study import file

    content = json.loads(dump(a_study()))
    content["version"], content["nom"] = 1, content.pop("title")
    made = file.KIND.migrated(
        content, 2, {1: lambda old: {**{k: v for k, v in old.items() if k != "nom"}, "title": old["nom"]}}
    )
    assert made["version"] == 2
    assert Study.model_validate_json(json.dumps({**made, "version": 1})) == a_study()


def test_a_version_without_a_way_here_is_refused_with_the_reason() -> None:
    with pytest.raises(StudyFileError, match="rien ne mène de la version 1"):
        read(older(1), version=2, migrations={})
    with pytest.raises(StudyFileError, match="plus récent"):
        read(older(7))
    with pytest.raises(StudyFileError, match="une étude complète de version 1"):
        read(older(1), version=2, migrations={1: lambda old: {"x": old["absent"]}})


def test_unknown_codes_are_kept_and_told(small: Dataset) -> None:
    study = a_study(
        perimeter=Perimeter(communes=("69001", "01999"), epci=("200000001", "299999999")),
        places=(OwnPlace(id="a", name="Nulle part", kind="fablab"), OwnPlace(id="b", name="B", kind="fablab", commune="01998")),
        annotations=(Annotation(uid="tiers_lieu:lieu-a"), Annotation(uid="tiers_lieu:parti"), Annotation(uid="tiers_lieu:lieu-b-bis")),
        peers=("200000002", "epci:299999998"),
        inspiring_poles=("pole:pole-a", "pole:parti"),
    )  # fmt: skip
    again = read(dump(study))
    assert again == study
    told = " ".join(check(small, again))
    for code in ("01999", "299999999", "01998", "tiers_lieu:parti", "299999998", "pole:parti", "Nulle part"):
        assert code in told, code
    for known in ("69001", "200000001", "lieu-a", "lieu-b-bis", "pole:pole-a"):
        assert known not in told, known
    assert check(small, a_study(perimeter=Perimeter(communes=("69001",)))) == []


def test_the_model_is_strict_frozen_and_bounded() -> None:
    study = a_study()
    with pytest.raises(ValidationError):
        study.title = "autre"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        study.replace(title=3)
    assert study.replace(title="autre").title == "autre"
    with pytest.raises(ValidationError):
        Score(objective="inconnu")
    with pytest.raises(ValidationError):
        OwnPlace(id="a", name="A", kind="fablab", lon=float("nan"))


@settings(max_examples=5, deadline=None)
@given(budgets())
def test_three_scenarios_at_most(budget: Any) -> None:
    four = tuple(Scenario(id=f"s{n}", name="", budget=budget) for n in range(4))
    assert len(a_study(scenarios=four[:3]).scenarios) == 3
    with pytest.raises(ValidationError):
        a_study(scenarios=four)
