"""Step 5 of a study: territories that resemble this one, and documented pôles to learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from ptce_data import regional
from ptce_data.funding import mixes as documented
from ptce_data.study import Area
from ptce_ui import (
    fiche,
    frame,
    funding_figures,
    funding_tables,
    glossary,
    region_figures,
    region_tables,
    study_poles,
    study_tables,
    text,
)
from ptce_ui.desk import Desk

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Level of the comparison -> label; the areas of a level are a frame of the resolved perimeter.
LEVELS: Final = {
    "epci": "Intercommunalité (EPCI)",
    "departements": "Département",
    "regions": "Région",
    "former_regions": "Région d’avant 2016",
}
MOST: Final = 10
#: A study keeps at most so many peers, and so many pôles.
KEPT: Final = 50


def draw(desk: Desk) -> list[str]:
    """Comparable areas, then pôles; returns the ids of the sources shown."""
    area = desk.area()
    if area is None:
        frame.need_perimeter()
        return []
    st.subheader("Territoires comparables")
    _peers(desk, area)
    st.subheader("Pôles inspirants")
    return _poles(desk, area)


def _kept_choice(desk: Desk, name: str, label: str, choices: dict[str, str], default: str) -> str:
    """A choice that is no part of the study; it stays until the session ends."""
    value = desk.state.kept(name) if desk.state.kept(name) in choices else default
    desk.choice(name, label, value, choices, lambda v: desk.state.keep(name, v))
    return str(desk.state.kept(name) if desk.state.kept(name) in choices else default)


def _kept_choices(
    desk: Desk, name: str, label: str, choices: dict[str, str], default: tuple[str, ...], **options: Any
) -> tuple[str, ...]:
    def now() -> tuple[str, ...]:
        kept = desk.state.kept(name)
        return default if kept is None else tuple(v for v in kept if v in choices)

    desk.choices(name, label, now(), choices, lambda v: desk.state.keep(name, v), **options)
    return now()


def _peers(desk: Desk, area: Area) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level = _kept_choice(desk, "niveau_proche", "Comparer", LEVELS, "epci")
        own = getattr(area, level).sort_values(["population", "code"], ascending=[False, True])
        names = dict(zip(own["code"], own["name"], strict=True))
        code = ""
        if names:
            code = _kept_choice(desk, f"depart_{level}", "Territoire de départ", names, next(iter(names)))
    if not names:
        st.info(
            "Aucune commune du périmètre n’appartient à un territoire de ce niveau : choisissez-en un autre."
        )
    else:
        _of(desk, level, code, names[code])
    known = _kept_areas(desk)
    if known:
        st.markdown("Retenus dans l’étude : " + text.escape_markdown(text.join(list(known.values()))) + ".")


def _kept_areas(desk: Desk) -> dict[str, str]:
    """Areas that the study keeps, of any level, that the atlas knows."""
    found = {}
    for kept in desk.study.peers:
        level = kept.partition(":")[0]
        names = _area_names(desk.dataset.version, level, desk.dataset) if level in LEVELS else {}
        if kept in names:
            found[kept] = names[kept]
    return found


@st.cache_resource(max_entries=16, show_spinner=False)
def _area_names(version: str, level: str, _dataset: Dataset) -> dict[str, str]:
    names = region_tables.area_names(_dataset, level)
    same = pd.Series(list(names.values())).duplicated(keep=False)
    return {
        f"{level}:{code}": f"{name} ({code})" if twice else name
        for (code, name), twice in zip(names.items(), same, strict=True)
    }


@st.cache_data(max_entries=64, show_spinner=False)
def _nearest(version: str, level: str, code: str, _dataset: Dataset) -> pd.DataFrame:
    return regional.peers(_dataset, level, code, n=MOST)


def _of(desk: Desk, level: str, code: str, name: str) -> None:
    dataset = desk.dataset
    rows = _nearest(dataset.version, level, code, dataset)
    for note in regional.notes(dataset, level, code):
        st.info(text.escape_markdown(note))
    if rows.empty:
        st.info("Rien ne peut être comparé à ce niveau avec les données connues.")
        return
    shown = study_tables.peers(rows)
    frame.table(
        shown, alt=f"Territoires comparables à {name}", height="content",
        column_config={
            "Territoire": st.column_config.TextColumn(width="medium"),
            "Pourquoi": st.column_config.TextColumn(width="large"),
        },
    )  # fmt: skip
    parts = [column for column in rows if column.startswith("contribution_")]
    short = {column: column.removeprefix("contribution_") for column in parts}
    chart = region_figures.closeness(
        rows[parts].rename(columns=short), list(rows["name"]), region_tables.FEATURES
    )
    # On two lines: a phone would cut it.
    chart.update_xaxes(title_text="distance au carré<br>(0 : identiques)")
    frame.chart(
        chart, f"Ce qui éloigne de {name} ses territoires les plus proches",
        "Calcul de l’atlas, population Insee 2022 (Mayotte : 2017) : écarts réduits des parts de population par type, "
        "de la densité et de la population.",
    )  # fmt: skip
    with st.expander("Pourquoi ils se ressemblent, les chiffres du graphique, la méthode"):
        st.markdown(
            "\n".join(
                f"- **{text.escape_markdown(peer)}** : {text.escape_markdown(why)}"
                for peer, why in zip(rows["name"], rows["explanation"], strict=True)
            )
        )
        frame.table(
            study_tables.closeness(rows, region_tables.FEATURES),
            alt=f"Part de chaque critère dans la distance à {name}",
        )
        st.caption(region_tables.PEERS_NOTE)
    found = _area_names(dataset.version, level, dataset)
    own = {f"{level}:{c}": found[f"{level}:{c}"] for c in rows["code"]}
    others = _kept_areas(desk)
    desk.choices(
        f"peers|{level}|{code}", "Retenir dans l’étude", desk.study.peers, {**own, **others},
        lambda v: desk.update(peers=v), max_selections=KEPT,
    )  # fmt: skip


def _poles(desk: Desk, area: Area) -> list[str]:
    dataset, labels = desk.dataset, text.Labels(desk.dataset.categories)
    st.markdown(
        glossary.linked(
            "Pôles documentés qui partagent avec l’étude un type de territoire, une famille d’activité ou un thème. "
            "L’atlas n’en connaît qu’une partie ; ce qu’aucune source lue ne dit est écrit « non renseigné »."
        )
    )
    every = study_poles.themes(dataset)
    types = {t: labels.of("territory_type", t) for t in labels.codes("territory_type")}
    families = {f: labels.of("activity_family", f) for f in labels.codes("activity_family")}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = (
            _kept_choices(desk, "pole_types", "Type de territoire", types, study_poles.main_types(area)),
            _kept_choices(desk, "pole_familles", "Famille d’activité", families, ()),
            _kept_choices(desk, "pole_themes", "Thème", {t: t for t in every}, ()),
        )
    rows = study_poles.alike(dataset, area, labels, *chosen)
    if rows.empty:
        st.info("Aucun pôle documenté ne répond à ces choix : ajoutez un type, une famille ou un thème.")
    else:
        st.markdown(f"**{text.count(len(rows), 'pôle documenté', 'pôles documentés')}**, des plus ressemblants aux moins, puis des plus proches aux plus éloignés.")  # fmt: skip
        frame.table(
            study_tables.poles(rows, labels), alt=f"{len(rows)} pôles documentés qui ressemblent au projet",
            column_config={
                "Pôle": st.column_config.TextColumn(width="medium"),
                "Pourquoi il ressemble": st.column_config.TextColumn(width="large"),
            },
        )  # fmt: skip
    _choose(desk, rows)
    return _models(desk, rows, labels)


def _choose(desk: Desk, rows: pd.DataFrame) -> None:
    own = desk.dataset.places[desk.dataset.places["kind"] == "pole"]
    names = dict(zip(own["uid"], own["name"], strict=True))
    first = {uid: names[uid] for uid in rows["uid"]}
    kept = {uid: names[uid] for uid in desk.study.inspiring_poles if uid in names}
    desk.choices(
        "poles", "Pôles inspirants retenus dans l’étude", desk.study.inspiring_poles, {**first, **kept},
        lambda v: desk.update(inspiring_poles=v), max_selections=KEPT,
    )  # fmt: skip


def _models(desk: Desk, rows: pd.DataFrame, labels: text.Labels) -> list[str]:
    dataset = desk.dataset
    own = dataset.places[dataset.places["kind"] == "pole"].set_index("uid")["name"]
    kept = [uid for uid in desk.study.inspiring_poles if uid in own.index]
    told = rows.sort_values("known", ascending=False, kind="stable")["uid"].tolist() if len(rows) else []
    choices = {uid: str(own[uid]) for uid in [*kept, *(uid for uid in told if uid not in kept)]}
    ids = [i for cell in rows["source_ids"].dropna() for i in str(cell).split("|")]
    if not choices:
        return ids
    st.markdown("#### Leur modèle, tel qu’il est connu")
    uid = _kept_choice(desk, "pole_lu", "Lire le modèle de", choices, next(iter(choices)))
    with st.container(border=True):
        st.html(study_poles.card(dataset, uid, labels))
    wanted = list(dict.fromkeys([*kept, uid]))
    _mixes(desk, wanted, kept)
    return [*ids, *(i for u in wanted for i in fiche.source_ids(dataset, u))]


def _mixes(desk: Desk, uids: list[str], kept: list[str]) -> None:
    """Funding mixes of the pôles kept and of the one that is read."""
    dataset = desk.dataset
    found = study_poles.mixes_of(dataset, uids)
    without = len(uids) - len({m.entity.uid for m in found})
    who = "ce pôle" if not kept else "les pôles retenus et celui qui est lu"
    if not found:
        st.info(
            f"Aucun chiffre de financement publié n’a été lu pour {who} : cela ne dit rien de leur modèle."
        )
        return
    names = funding_tables.unique_names(found)
    drawn = [m for m in found if m.parts and m.has_shares]
    if drawn:
        frame.chart(
            funding_figures.mixes(documented.parts_frame(drawn), [m.id for m in drawn], names),
            "Origine de l’argent des pôles de l’étude, selon les sources",
            funding_tables.foot(dataset, [i for m in drawn for i in m.source_ids]),
        )
    frame.table(
        funding_tables.mixes(found, names), alt=f"Financement publié et mesures : {who}", height="content"
    )
    st.caption(funding_tables.NOTE.replace("**", ""))
    if without:
        st.caption(
            f"{text.count(without, 'pôle n’a', 'pôles n’ont')} aucun chiffre de financement publié connu de l’atlas."
        )
