"""Long work: steps are told, errors come back, and a work that nobody waits for ends by itself."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ptce_ui import longwork


def script() -> None:
    import streamlit as st

    from ptce_ui import longwork

    fails = bool(st.session_state.get("fails"))

    def work(tell: longwork.Progress) -> bytes:
        tell(0, 2, "Lire *tout*")
        tell(1, 2, "Écrire")
        if fails:
            raise ValueError("La table manque.")
        return b"abc"

    try:
        longwork.file("essai", "Un fichier", work, file_name="a.txt", mime="text/plain", version="1")
    except ValueError as error:
        st.error(str(error))


def test_a_file_is_made_when_asked_for_and_then_handed_out() -> None:
    app = AppTest.from_function(script).run()
    assert not app.get("download_button")
    app.button(key="travail|essai|preparer").click().run()
    assert not app.exception
    assert len(app.get("download_button")) == 1
    assert not app.info
    # Nothing of the work stays on the page, and what was made stays.
    assert not [b for b in app.button if b.key == "travail|essai|annuler"]
    assert len(app.run().get("download_button")) == 1


def test_an_error_comes_back_to_who_asked() -> None:
    app = AppTest.from_function(script)
    app.session_state["fails"] = True
    app.run().button(key="travail|essai|preparer").click().run()
    assert [e.value for e in app.error] == ["La table manque."] and not app.exception


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_a_work_that_did_not_end_is_told(is_cancelled: bool) -> None:
    app = AppTest.from_function(script)
    app.session_state["shared|work|essai|running"] = ("Un fichier", "Lire *tout*")
    app.session_state["shared|work|essai|cancelled"] = is_cancelled
    said = app.run().info[0].value
    assert ("annulée" if is_cancelled else "interrompue") in said
    assert "Lire \\*tout\\*" in said and "Aucun fichier n’a été fait" in said


def test_a_work_that_nobody_waits_for_ends_at_its_next_step_whatever_it_catches() -> None:
    started, go = threading.Event(), threading.Event()
    after: list[str] = []

    def work(tell: longwork.Progress) -> None:
        tell(0, 2, "un")
        started.set()
        go.wait(10)
        try:
            tell(1, 2, "deux")
        except Exception:  # as writers of documents do
            after.append("retenu")
        after.append("fini")

    job: Any = longwork._Job(work)
    job.start()
    assert started.wait(10)
    job.is_unwanted.set()
    go.set()
    job.join(10)
    assert not job.is_alive() and after == [] and job.error is None


def test_steps_and_shares_are_written_as_read() -> None:
    assert longwork._line(0, 3, "Contours") == "Étape 1 sur 3\u00a0: Contours"
    assert longwork._line(3, 3, "Prêt") == "Étape 3 sur 3\u00a0: Prêt"
    told: list[tuple[int, int, str]] = []
    longwork.shares(lambda *said: told.append(said), 0.5, 1.0)(0.5, "Recherche")
    assert told == [(75, longwork.SHARES, "Recherche")]
    assert longwork._line(*told[0]) == "75\u00a0%\u00a0: Recherche"
