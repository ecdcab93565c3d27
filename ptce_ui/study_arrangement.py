"""Step 3 of a study: what the cluster would arrange, element by element, and its gaps in one picture."""

from __future__ import annotations

from typing import Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from ptce_data.study import Override
from ptce_data.study.arrangement import METHOD
from ptce_data.study.registries import ELEMENT_STATUS, ELEMENTS, WHERE
from ptce_ui import frame, legend, text, undo
from ptce_ui.desk import Desk
from ptce_ui.figures import finish, rows_height, wrapped

#: Status -> glyph, colour, plotly symbol: told apart by shape, then by colour.
SIGNS: Final = {
    "present": ("●", "#117733", "circle"),
    "planned": ("◆", "#6699CC", "diamond"),
    "missing": ("✖", "#B3261E", "x"),
    "unknown": ("◇", "#6B7280", "diamond-open"),
}
_AS_COMPUTED: Final = "comme les données"


def draw(desk: Desk) -> list[str]:
    """The picture of the gaps, then one line per element, filled from the data and by the reader."""
    area = desk.area()
    if area is None:
        frame.need_perimeter()
        return []
    found = desk.arrangement(area)
    counted = found["status"].value_counts()
    st.markdown(
        f"**{text.count(int(counted.get('present', 0)), 'élément présent', 'éléments présents')}**, "
        f"{text.number(int(counted.get('planned', 0)))} en projet, "
        f"{text.count(int(counted.get('missing', 0)), 'manquant', 'manquants')} et "
        f"{text.count(int(counted.get('unknown', 0)), 'inconnu', 'inconnus')}. "
        "Un inventaire partiel ne prouve pas une absence : vous seul pouvez dire « manquant »."
    )
    st.html(legend.marks([(SIGNS[s][0], SIGNS[s][1], label) for s, label in ELEMENT_STATUS.items()]))
    frame.chart(
        figure(found),
        "Agencement du cluster, élément par élément",
        "Données de l’atlas et avis de l’auteur de l’étude.",
    )
    _editor(desk, found)
    with st.expander("Sur quoi chaque état repose"):
        shown = pd.DataFrame(
            {
                "Élément": found["label"],
                "État": found["status_label"],
                "Selon": found["origin"].map({"computed": "les données", "user": "vous"}),
                "Où": found["where"].map(WHERE),
                "Raison": found["reason"],
                "Indices": found["evidence_names"].map(lambda names: ", ".join(names[:6])),
            }
        )
        frame.table(shown, alt="États des éléments et leurs raisons", height="content")
        frame.table_downloads("etude-agencement", shown, desk.dataset, [], "Agencement du cluster")
        st.markdown(METHOD)
    return []


def figure(found: pd.DataFrame) -> go.Figure:
    """One line per element, grouped by family, its status by place, shape and colour."""
    order = [wrapped(f"{row.label} ({row.family_label.lower()})", 30) for row in found.itertuples()]
    made = go.Figure()
    labels = list(ELEMENT_STATUS.values())
    for status, label in ELEMENT_STATUS.items():
        hit = (found["status"] == status).to_numpy()
        y = [name for name, is_hit in zip(order, hit, strict=True) if is_hit]
        _, colour, symbol = SIGNS[status]
        made.add_scatter(
            x=[labels.index(label)] * len(y), y=y, mode="markers", name=label,
            marker={"size": 16, "symbol": symbol, "color": colour, "line": {"width": 2, "color": colour}},
            hovertemplate="%{y} : " + label.lower() + "<extra></extra>",
        )  # fmt: skip
    made.update_xaxes(
        tickvals=list(range(len(labels))), ticktext=labels, range=[-0.5, len(labels) - 0.5], side="top",
        fixedrange=True, title_text="état",
    )  # fmt: skip
    made.update_yaxes(
        categoryorder="array", categoryarray=order, autorange="reversed", fixedrange=True, automargin=True
    )
    finish(made, 90 + rows_height(order, 30, 16))
    made.update_layout(meta={"has_legend": True}, margin={"t": 60, "b": 5})
    return made


def _editor(desk: Desk, found: pd.DataFrame) -> None:
    own = {o.element: o for o in desk.study.arrangement}
    opinions = {o.element: ELEMENT_STATUS[o.status] for o in desk.study.arrangement if o.status}
    options = [_AS_COMPUTED, *ELEMENT_STATUS.values()]
    base = pd.DataFrame(
        {
            "Famille": found["family_label"].to_numpy(),
            "Élément": found["label"].to_numpy(),
            "D’après les données": found["computed_status"].map(ELEMENT_STATUS).to_numpy(),
            "Votre avis": [opinions.get(e, _AS_COMPUTED) for e in found["element"]],
            "Note": [own[e].note if e in own else "" for e in found["element"]],
        },
        index=list(found["element"]),
    )
    desk.rows(
        "arrangement", base, lambda edited: _keep(desk, edited), disabled=["Famille", "Élément", "D’après les données"],
        column_config={"Votre avis": st.column_config.SelectboxColumn(options=options, required=True)}, height="content",
        # On a phone what is to be filled in stands in sight.
        column_order=["Élément", "Votre avis", "D’après les données", "Note", "Famille"],
    )  # fmt: skip
    undo.offer(desk.place("agencement"), lambda gone: _restore(desk, gone))


def _keep(desk: Desk, edited: pd.DataFrame) -> None:
    codes = {label: code for code, label in ELEMENT_STATUS.items()}
    made = tuple(
        Override(element=str(element), status=codes.get(row["Votre avis"]), note=str(row["Note"] or ""))
        for element, row in edited.iterrows()
        if row["Votre avis"] != _AS_COMPUTED or row["Note"]
    )
    if made != desk.study.arrangement:
        now = {o.element: o for o in made}
        gone = tuple(o for o in desk.study.arrangement if _is_lost(o, now.get(o.element)))
        if gone:
            names = undo.quoted([ELEMENTS[o.element].label for o in gone])
            undo.remember(desk.place("agencement"), f"Votre avis ou votre note retirés : {names}.", gone)
        desk.update(arrangement=made)
        st.rerun()


def _is_lost(before: Override, now: Override | None) -> bool:
    if now is None:
        return True
    return (before.status is not None and now.status is None) or undo.is_cut(before.note, now.note)


def _restore(desk: Desk, gone: tuple[Override, ...]) -> None:
    own = {o.element: o for o in desk.study.arrangement} | {o.element: o for o in gone}
    desk.put_back(arrangement=tuple(own[element] for element in ELEMENTS if element in own))
    desk.renew("arrangement")
