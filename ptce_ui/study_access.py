"""Step 4 of a study: who lives within reach of which places, and the white zones."""

from __future__ import annotations

import html
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from ptce_data import study as studies
from ptce_data.study import Access, AccessChoice, Outline, UploadError, near
from ptce_data.study.registries import ACCESS_KINDS
from ptce_ui import classes, frame, glossary, legend, study_map, text, undo
from ptce_ui.desk import Desk, said
from ptce_ui.figures import finish, rows_height, wrapped

_INSIDE, _OUTSIDE = "#9AD0B0", "#2B4A7F"


def draw(desk: Desk) -> list[str]:
    """Shares within reach, beside France; the communes outside, on the map and in a table."""
    area = desk.area()
    if area is None:
        frame.need_perimeter()
        return []
    choice = desk.study.access
    desk.choices(
        "access_kinds", "Lieux à atteindre", choice.kinds, ACCESS_KINDS, lambda v: _change(desk, kinds=v)
    )
    if not choice.kinds:
        st.info("Choisissez au moins un genre de lieux.")
        return []
    found = desk.access(area)
    shares = found.shares.assign(
        france_pct=[
            near.france(desk.dataset, k, r)
            for k, r in zip(found.shares["kind"], found.shares["radius_km"], strict=True)
        ]
    )
    title = "Part de la population à portée de chaque genre de lieux, à vol d’oiseau"
    frame.chart(
        figure(shares),
        title,
        "Populations communales (Insee 2022) et lieux documentés par l’atlas ou ajoutés.",
    )
    table = _table(shares)
    frame.table(table, alt=title, height="content")
    frame.table_downloads("etude-acces", table, desk.dataset, [], title)
    _white(desk, found)
    _isochrone(desk, found)
    with st.expander("Comment l’accès est mesuré"):
        st.markdown(glossary.linked(found.method))
    return []


def _change(desk: Desk, **changes: object) -> None:
    before = desk.study.access
    fields = {name: getattr(before, name) for name in AccessChoice.model_fields}
    desk.update(access=AccessChoice(**{**fields, **changes}))


def figure(shares: pd.DataFrame) -> go.Figure:
    """One line per kind and radius: the share reached, with what is planned, and that of France."""
    labels = [wrapped(f"{r.label}, à {text.number(r.radius_km)} km") for r in shares.itertuples()]
    made = go.Figure()
    made.add_bar(
        x=shares["share_pct"].fillna(0).tolist(), y=labels, orientation="h", name="lieux existants",
        marker={"color": "#117733"}, text=[text.percent(v) for v in shares["share_pct"]], textposition="outside",
        cliponaxis=False, hovertemplate="%{y} : %{x:.1f} %<extra></extra>",
    )  # fmt: skip
    more = (shares["share_with_planned_pct"] - shares["share_pct"]).fillna(0)
    if (more > 0).any():
        made.add_bar(
            x=more.tolist(), y=labels, orientation="h", name="en plus, avec les projets",
            marker={"color": "#FFFFFF", "pattern": {"shape": "/", "fgcolor": "#117733", "bgcolor": "#FFFFFF"}},
            hovertemplate="%{y} : +%{x:.1f} points<extra></extra>",
        )  # fmt: skip
    made.update_layout(barmode="stack")
    made.update_xaxes(
        range=[0, 118], title_text=html.escape("% de la population"), fixedrange=True, side="top"
    )
    made.update_yaxes(autorange="reversed", fixedrange=True, automargin=True)
    finish(made, 120 + rows_height(labels, 30))
    made.update_layout(
        showlegend=bool((more > 0).any()), legend={"orientation": "h", "y": -0.02, "yanchor": "top", "x": 0},
        margin={"t": 60, "b": 20},
    )  # fmt: skip
    return made


def _table(shares: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Lieux": shares["label"],
            "Rayon (km)": shares["radius_km"],
            "Population à portée": shares["within"],
            "Part (%)": shares["share_pct"].round(1),
            "Part avec les projets (%)": shares["share_with_planned_pct"].round(1),
            "Part en France (%)": shares["france_pct"].round(1),
            "Lieux comptés": shares["places"],
            "Projets comptés": shares["planned_places"],
        }
    )


def _white(desk: Desk, found: Access) -> None:
    st.subheader("Zones blanches")
    kinds = {k: ACCESS_KINDS[k] for k in desk.study.access.kinds}
    radii = [float(r) for r in desk.study.access.radii]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            "Genre de lieux", list(kinds), format_func=kinds.__getitem__, key=desk.state.key("blanc_genre")
        )
        radius = st.selectbox(
            "Rayon",
            radii,
            index=min(1, len(radii) - 1),
            format_func=lambda r: f"{text.number(r)} km",
            key=desk.state.key("blanc_rayon"),
        )
    rows = found.communes[found.communes["kind"] == kind]
    out = found.outside(kind, radius)
    outside = set(out["commune_insee"])
    people, everyone = int(out["population"].sum()), int(rows["population"].sum())
    share = text.percent(people / everyone * 100, 1) if everyone else text.UNKNOWN_TEXT
    st.markdown(
        f"**{text.count(len(out), 'commune', 'communes')} sur {text.number(len(rows))}** et {text.number(people)} habitants "
        f"({share}) à plus de {text.number(radius)} km, à vol d’oiseau, d’un lieu recensé : {text.escape_markdown(kinds[kind].lower())}."
    )
    filled = classes.Classes(
        {c: int(c in outside) for c in rows["commune_insee"]}, (_INSIDE, _OUTSIDE),
        (f"à {text.number(radius)} km ou moins", "au-delà : zone blanche"),
    )  # fmt: skip
    area = desk.area()
    places = desk.existing(area) if area is not None else found.communes.head(0)
    study_map.draw(desk, "etude_acces", area, shown=places["uid"], filled=filled)
    st.html(
        legend.classes(
            "Communes", filled.colours, filled.texts, (classes.NO_VALUE_COLOUR, "hors du périmètre")
        )
    )
    if len(out):
        shown = out[["commune_insee", "name", "population", "distance_km"]].round(1)
        heads = {
            "commune_insee": "Code",
            "name": "Commune",
            "population": "Population",
            "distance_km": "Distance au plus proche (km)",
        }
        frame.table(shown.rename(columns=heads), alt="Communes au-delà du rayon")


def _isochrone(desk: Desk, found: Access) -> None:
    with st.expander(
        "Utiliser une isochrone faite ailleurs (GeoJSON ou GPKG)", expanded=found.isochrone is not None
    ):
        given = st.file_uploader(
            "Isochrone (5 Mo au plus)", type=["geojson", "json", "gpkg"], key=desk.state.key("isochrone")
        )
        if given is not None and desk.state.kept("isochrone_id") != given.file_id:
            desk.state.keep("isochrone_id", given.file_id)
            desk.state.keep("isochrone_error", None)
            try:
                read = studies.polygon_from(desk.dataset, given.getvalue(), given.name)
            except UploadError as error:
                desk.state.keep("isochrone_error", error)
            else:
                _put_isochrone(desk, read.outline)
                st.rerun()
        if desk.state.kept("isochrone_error"):
            said(desk.state.kept("isochrone_error"))
        desk.line(
            "isochrone_note", "Ce que cette isochrone représente (outil, mode, durée, date)",
            desk.study.access.isochrone_note, lambda v: _change(desk, isochrone_note=v),
        )  # fmt: skip
        if found.isochrone is not None:
            inside = found.isochrone[found.isochrone["is_inside"].astype(bool)]
            st.markdown(
                f"**{text.percent(found.isochrone_share_pct, 1)}** de la population du périmètre dans l’isochrone "
                f"({text.count(len(inside), 'commune', 'communes')} sur {text.number(len(found.isochrone))}, par leur point)."
            )
            st.button(
                "Retirer l’isochrone",
                on_click=_put_isochrone,
                args=(desk, None),
                icon=":material/delete:",
            )
        undo.offer(desk.place("isochrone"), lambda value: _restore_isochrone(desk, value))


def _put_isochrone(desk: Desk, outline: Outline | None) -> None:
    """Take another isochrone, or none (callback); the one that goes, with its note, can come back."""
    if desk.study.access.isochrone is not None:
        undo.remember(desk.place("isochrone"), *_gone(desk, "retirée" if outline is None else "remplacée"))
    _change(desk, isochrone=outline)


def _gone(desk: Desk, what: str) -> tuple[str, tuple[Outline | None, str]]:
    held = desk.study.access
    return f"Isochrone {what}.", (held.isochrone, held.isochrone_note)


def _restore_isochrone(desk: Desk, value: tuple[Outline | None, str]) -> tuple[str, Any] | None:
    displaced = _gone(desk, "remplacée") if desk.study.access.isochrone is not None else None
    # A note written since stays.
    _change(desk, isochrone=value[0], isochrone_note=desk.study.access.isochrone_note or value[1])
    return displaced
