"""Import of one's own layer: questions, row report, possible duplicates, and the layer beside the atlas."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from ptce_data import own_layers
from ptce_data.own_layers import AttachError, Decisions, LayerError, OwnLayer
from ptce_ui import (
    exports,
    frame,
    incoming,
    longwork,
    own_tables,
    ownlayers,
    pagestate,
    storedesk,
    text,
    undo,
)  # fmt: skip
from ptce_ui.ownlayers import Added, Draft
from ptce_ui.pagestate import PageState

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Pairs shown at a time: the user decides the most probable first.
_MOST_PAIRS: Final = 300


def ask() -> None:
    """Have the rows of the draft checked by `draw`: outside any form, so that the reader can cancel."""
    pagestate.share("layer_check", True)


def _check(dataset: Dataset) -> None:
    """Build the layer of the draft and look for duplicates, step by step."""
    found = ownlayers.draft()
    if found is None:
        return
    # What was said of other columns or answers no longer holds, also where this is cancelled.
    ownlayers.change_draft(layer=None, candidates=None)

    def work(tell: longwork.Progress) -> tuple[OwnLayer, pd.DataFrame]:
        part = longwork.shares
        layer = own_layers.build(
            dataset, found.raw, found.mapping, found.answers, progress=part(tell, 0.0, 0.5)
        )
        return layer, own_layers.candidates(dataset, layer, progress=part(tell, 0.5, 1.0))

    try:
        layer, candidates = longwork.run(_work(), "Les lignes du fichier", work)
    except LayerError as error:
        st.error(text.escape_markdown(str(error)), icon=":material/error:")
        return
    decisions = _still(Decisions.of(candidates), found.decisions)
    ownlayers.change_draft(layer=layer, candidates=candidates, decisions=decisions)
    undo.forget(_place())
    ownlayers.new_report()


def _still(fresh: Decisions, former: Decisions | None) -> Decisions:
    """What was decided of pairs that are met again holds."""
    if former is None:
        return fresh
    same = {line: uid for line, uid in former.same.items() if uid in fresh.proposed.get(line, ())}
    return replace(fresh, same=same, distinct=former.distinct & fresh.proposed.keys())


def draw(dataset: Dataset, state: PageState) -> None:
    """What became of the rows, what is asked, what looks like ours; then the way in."""
    if pagestate.shared("layer_check"):
        pagestate.share("layer_check", False)
        _check(dataset)
    else:
        longwork.told(
            _work(),
            "Rien n’est ajouté ; le fichier et ses colonnes restent, « Vérifier les lignes » reprend.",
        )
    found = ownlayers.draft()
    if found is None or found.layer is None:
        return
    _questions(dataset, found, found.layer)
    _account(found.layer)
    if found.layer.rows.empty:
        st.info("Aucune ligne n’est gardée : corrigez les colonnes ci-dessus, ou le fichier.")
        return
    _duplicates(dataset, state, found)
    _enter(dataset, found, found.layer)


def _questions(dataset: Dataset, found: Draft, layer: OwnLayer) -> None:
    if not layer.questions:
        return
    st.subheader("À vous de dire")
    st.caption("Les lignes d’une question sans réponse restent refusées.")
    with st.form(f"couche|questions|{ownlayers.report_turn()}", border=False):
        said: dict[str, str | None] = {}
        for question in layer.questions:
            said[question.id] = st.selectbox(
                text.escape_markdown(question.text), list(question.choices), index=None, placeholder="Choisir",
                format_func=question.choices.__getitem__,
                help=f"Le plus probable : {question.choices[question.proposed]}." if question.proposed else None,
            )  # fmt: skip
        if st.form_submit_button("Répondre", icon=":material/check:"):
            answers = {key: choice for key, choice in said.items() if choice is not None}
            ownlayers.change_draft(answers={**found.answers, **answers})
            ask()
            st.rerun()


def _account(layer: OwnLayer) -> None:
    st.subheader("Ce que devient chaque ligne")
    frame.figures(own_tables.figures(layer))
    account = layer.report
    if account.notes:
        st.caption(text.escape_markdown(" ".join(account.notes)))
    if own_tables.is_clean(account):
        st.caption("Rien à signaler : toutes les lignes sont gardées telles quelles.")
        return
    titles = own_tables.field_titles(layer.target)
    parts = {"Refus": account.refusals, "À vérifier": account.warnings, "Réparations": account.repairs}
    kept = {name: rows for name, rows in parts.items() if len(rows)}
    for tab, (name, rows) in zip(
        st.tabs([f"{n} ({text.number(len(r))})" for n, r in kept.items()]), kept.items(), strict=True
    ):
        with tab:
            frame.table(own_tables.report(rows, titles), alt=f"{name}, ligne par ligne")
    if len(account.refusals):
        frame.downloads(
            "couche-refus",
            {
                "Refus (CSV)": (
                    "refus.csv",
                    "text/csv",
                    lambda: exports.csv_bytes(own_tables.report(account.refusals, titles)),
                )
            },
        )


def _duplicates(dataset: Dataset, state: PageState, found: Draft) -> None:
    pairs, decisions = found.candidates, found.decisions
    if pairs is None or decisions is None or pairs.empty:
        return
    st.subheader("Déjà dans l’atlas ?")
    made = own_layers.summary(dataset, found.layer, pairs, decisions) if found.layer is not None else None
    if made is None:
        return
    likely = text.count(made.possible_duplicates, "ligne ressemble", "lignes ressemblent")
    st.markdown(
        f"{likely} à un objet de l’atlas ou du fichier, par le nom et la distance : {text.number(made.same)} dites "
        f"« même objet », {text.number(made.distinct)} dites autres, {text.number(made.undecided)} à décider. "
        "Rien n’est réuni sans vous : ce qui reste à décider est ajouté et marqué « doublon possible »."
    )
    if made.sure and made.undecided:
        st.button(
            f"Accepter les paires sûres ({text.number(made.sure)})", icon=":material/done_all:",
            on_click=lambda: _decide(decisions.accept_sure(pairs), "Paires sûres acceptées."),
        )  # fmt: skip
    key = f"couche|paires|{ownlayers.report_turn()}"
    shown = pairs.head(_MOST_PAIRS)

    def edited(value: Any) -> None:
        rows = value.get("edited_rows", {}) if isinstance(value, dict) else {}
        said = {int(at): str(row["Décision"]) for at, row in rows.items() if "Décision" in row}
        lines = text.join([text.number(int(shown["line"].iloc[at])) for at in said])
        _decide(own_tables.decided(shown, decisions, said), f"Décision changée, ligne {lines}.")

    table = own_tables.pairs(shown, decisions)
    st.data_editor(
        table, hide_index=True, key=key, disabled=[c for c in table if c != "Décision"],
        on_change=state.on_typed(key, edited),
        column_config={
            "Décision": st.column_config.SelectboxColumn(
                options=[own_tables.UNDECIDED, own_tables.SAME, own_tables.NONE], required=True
            )
        },
    )  # fmt: skip
    undo.offer(_place(), _put)
    if len(pairs) > len(shown):
        st.caption(f"Les {text.number(_MOST_PAIRS)} premières paires sur {text.number(len(pairs))}.")


def _decide(decisions: Decisions, words: str) -> None:
    found = ownlayers.draft()
    if found is not None and found.decisions != decisions:
        undo.remember(_place(), words, found.decisions)
    _put(decisions)


def _work() -> str:
    """Name of the long work: the rows of one file, read in one way."""
    return f"verifier-couche-{ownlayers.turn()}"


def _place() -> str:
    """Decisions are on one file, read in one way."""
    return f"{ownlayers.DECISIONS}|{ownlayers.turn()}"


def _put(decisions: Decisions) -> None:
    ownlayers.change_draft(decisions=decisions)
    ownlayers.new_report()


def _enter(dataset: Dataset, found: Draft, layer: OwnLayer) -> None:
    known = any(a.layer.digest == layer.digest for a in ownlayers.added())
    label = "Mettre à jour la couche" if known else "Ajouter à l’atlas, pour cette session"
    st.button(
        label,
        type="primary",
        icon=":material/add_location_alt:",
        on_click=_added,
        args=(dataset, found, layer),
    )
    storedesk.saver("layer", layer.name, lambda: incoming.dump_layer(found))
    if ownlayers.said():
        st.error(text.escape_markdown(ownlayers.said()))


def _added(dataset: Dataset, found: Draft, layer: OwnLayer) -> None:
    one = Added(layer, found.decisions or Decisions(), dt.date.today())
    others = [a for a in ownlayers.added() if a.layer.digest != layer.digest]
    try:
        ownlayers.joined(dataset, (*others, one))
    except AttachError as error:
        ownlayers.say(str(error))
        return
    ownlayers.say("")
    ownlayers.add(one)


def proposal(dataset: Dataset, one: Added) -> None:
    """The rows of a layer as a proposal to the maintainers, in the layout of `data/`."""
    if one.layer.target == "autre":
        return
    frame.downloads(
        f"proposition|{one.layer.digest}",
        {
            "Proposer ces lignes aux mainteneurs (ZIP)": (
                f"proposition-{text.slug(one.layer.name)}.zip",
                "application/zip",
                lambda: own_layers.patch(dataset, one.layer, one.decisions, one.on),
            )
        },
    )
    st.caption(
        "Le ZIP a la forme des tables publiées et se vérifie par `python -m ptce_data validate --patch` ; "
        "les lignes à décider y sont à part."
    )
