"""Step 2 of a study: what exists in and around the territory, corrected and completed by the reader."""

from __future__ import annotations

import re
import secrets
from typing import Any, Final

import pandas as pd
import streamlit as st

from ptce_data import lookup
from ptce_data import study as studies
from ptce_data.study import Annotation, Area, OwnPlace, UploadError
from ptce_data.study.existing import METHOD
from ptce_data.study.registries import PLACE_KINDS, PLACE_STATUS, WHERE
from ptce_ui import frame, study_map, study_own_places, text
from ptce_ui import scheme_tables as schemes_shown
from ptce_ui.desk import Desk, said
from ptce_ui.exports import located
from ptce_ui.study_own_places import STATUS

_HEADS: Final = {
    "name": "Nom", "label": "Genre", "where": "Où", "distance_km": "Distance (km)", "commune_name": "Commune",
    "status": "État", "origin": "Origine", "note": "Votre note", "correction": "Votre correction",
}  # fmt: skip


def draw(desk: Desk) -> list[str]:
    """The map, the table, one's own places, corrections; then the schemes that cover the territory."""
    area = desk.area()
    if area is None:
        frame.need_perimeter()
        return []
    found = desk.existing(area)
    kept = found[~found["hidden"].astype(bool)]
    st.markdown(_sentence(desk, area, kept))
    study_map.draw(
        desk, "etude_existant", area, shown=kept.loc[kept["origin"] == "atlas", "uid"],
        on_pick=lambda value: desk.state.keep("clicked", (value.get("lon"), value.get("lat"))),
    )  # fmt: skip
    frame.let_it_draw(desk.state)
    study_map.show_legend(desk, with_signs=True, with_own=True)
    mine, theirs, covering = st.tabs(
        ["Ajouter vos lieux", "Corriger et annoter", "Dispositifs du territoire"]
    )
    with mine:
        _add(desk)
        study_own_places.draw(desk)
    with theirs:
        _annotate(desk, found)
    with covering:
        ids = _schemes(desk, area)
    places = desk.dataset.places
    shown = table(found, frozenset(places.loc[places["is_imported"], "uid"]))
    frame.table(
        shown, alt=f"{len(shown)} lieux du périmètre et de ses alentours",
        column_config={"Nom": st.column_config.TextColumn(width="medium")},
    )  # fmt: skip
    frame.table_downloads(
        "etude-existant", shown, desk.dataset, _sources(kept), "Ce qui existe",
        lambda: located.by_point(shown, found["lon"], found["lat"]),
    )  # fmt: skip
    with st.expander("Ce qui est compté, et comment"):
        st.markdown(METHOD)
    return [*_sources(kept), *ids]


def table(found: pd.DataFrame, imported: frozenset[str] = frozenset()) -> pd.DataFrame:
    """Places as they are read; those of the reader, added or `imported` (uids), are marked theirs."""
    made = found.assign(
        where=found["where"].map(WHERE),
        status=found["status"].map(PLACE_STATUS),
        origin=_origin(found, imported),
        distance_km=found["distance_km"].round(1),
    )
    shown = made[list(_HEADS)].rename(columns=_HEADS)
    shown["Écarté"] = found["hidden"].map({True: "oui", False: ""})
    return shown


def _origin(found: pd.DataFrame, imported: frozenset[str]) -> pd.Series:
    said = found["origin"].map({"atlas": "atlas", "ajout": "ajouté par vous"})
    return said.mask(found["uid"].isin(imported), "importé par vous")


def _sources(found: pd.DataFrame) -> list[str]:
    return [i for cell in found["source_ids"].dropna() for i in str(cell).split("|")]


def _sentence(desk: Desk, area: Area, kept: pd.DataFrame) -> str:
    inside = kept[kept["where"] == "perimetre"]
    around = kept[kept["where"] == "alentours"]
    vague = studies.imprecise(desk.dataset, area, desk.study)
    own = int((kept["origin"] == "ajout").sum())
    zone = desk.study.perimeter.zone_km
    made = f"**{text.count(inside['object_id'].nunique(), 'lieu documenté', 'lieux documentés')} dans le périmètre**"
    made += (
        f", {text.number(around['object_id'].nunique())} dans les alentours ({text.number(zone)} km)"
        if zone
        else " (sans alentours : leur largeur se règle à l’étape 1)"
    )
    made += f", dont {text.count(own, 'que vous avez ajouté', 'que vous avez ajoutés')}" if own else ""
    if vague.count:
        verb = "autre n’est connu" if vague.count < 2 else "autres ne sont connus"
        end = "n’est pas placé" if vague.count < 2 else "ne sont pas placés"
        made += f" ; {text.number(vague.count)} {verb} que par le département ou la région, et {end}"
    return made + "."


def _add(desk: Desk) -> None:
    clicked = desk.state.kept("clicked") or (None, None)
    with st.form(f"etude-ajout-{desk.state.kept('added') or 0}", border=True):
        st.markdown(
            "**Un lieu de plus**, existant ou en projet. Cliquez sur la carte pour dire où, ou donnez la commune."
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input("Nom du lieu", max_chars=300)
            kind = st.selectbox("Genre", list(PLACE_KINDS), format_func=PLACE_KINDS.__getitem__)
            status = st.selectbox("État", list(STATUS), format_func=STATUS.__getitem__)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            commune = st.text_input("Commune (nom ou code Insee)", max_chars=100)
            note = st.text_input("Note", max_chars=300)
            source = st.text_input("Source", max_chars=300)
        if clicked[0] is not None:
            st.caption(f"Point cliqué : {text.number(clicked[1], 4)} N, {text.number(clicked[0], 4)} E.")
        sent = st.form_submit_button("Ajouter ce lieu", icon=":material/add_location:")
    if sent:
        _save(desk, name, kind, status, commune, note, source, clicked)
    if desk.state.kept("add_refused"):
        st.error(text.escape_markdown(desk.state.kept("add_refused")))
    with st.expander("Importer des lieux (CSV ou GeoJSON)"):
        _import(desk)


def _save(
    desk: Desk,
    name: str,
    kind: str,
    status: str,
    commune: str,
    note: str,
    source: str,
    clicked: tuple[Any, Any],
) -> None:
    """Add the place of the form, or say what it lacks; what was typed stays until it is taken."""
    code = None
    if commune:
        hits = lookup.search(desk.dataset, commune)
        hits = hits[hits["kind"] == "commune"]
        exact = hits[hits["code"] == commune.strip().upper()]
        named = exact if len(exact) else hits[hits["name"].str.casefold() == commune.strip().casefold()]
        if len(named) != 1:
            several = text.join(list(hits["label"].head(4))) or "aucune commune de ce nom"
            desk.state.keep("add_refused", f"Précisez la commune par son code Insee : {several}.")
            return
        code = str(named["code"].iloc[0])
    lon, lat = clicked
    if not name.strip() or (code is None and lon is None):
        desk.state.keep("add_refused", "Il faut un nom, et un point cliqué sur la carte ou une commune.")
        return
    place = OwnPlace(
        id=f"lieu-{secrets.token_hex(4)}", name=name, kind=kind, status="planned" if status == "planned" else "existing",
        lon=lon, lat=lat, commune=code, note=note, source=source,
    )  # fmt: skip
    desk.update(places=(*desk.study.places, place))
    desk.state.keep("add_refused", "")
    desk.state.keep("clicked", None)
    desk.state.keep("added", int(desk.state.kept("added") or 0) + 1)
    desk.renew("places")
    st.rerun()


def _import(desk: Desk) -> None:
    st.caption("Colonnes : nom, genre, état, longitude et latitude ou commune (code Insee), note, source.")
    given = st.file_uploader(
        "Lieux (CSV ou GeoJSON ; 5 Mo au plus)", type=["csv", "geojson", "json"], key=desk.state.key("lieux")
    )
    if given is not None and desk.state.kept("lieux_id") != given.file_id:
        desk.state.keep("lieux_id", given.file_id)
        desk.state.keep("lieux_error", None)
        try:
            taken = [p.id for p in desk.study.places]
            read = studies.places_from(desk.dataset, given.getvalue(), given.name, taken)
        except UploadError as error:
            desk.state.keep("lieux_error", error)
        else:
            desk.state.keep("lieux_read", read)
            desk.update(places=(*desk.study.places, *read.places))
            desk.renew("places")
            st.rerun()
    if desk.state.kept("lieux_error"):
        said(desk.state.kept("lieux_error"))
    read = desk.state.kept("lieux_read")
    if read is not None:
        added = text.count(len(read.places), "lieu ajouté", "lieux ajoutés")
        st.caption(f"{added} sur {text.count(read.rows, 'ligne lue', 'lignes lues')}.")
        if len(read.refused):
            refused = read.refused.rename(columns={"line": "Ligne", "value": "Valeur", "why": "Motif"})
            frame.table(refused, alt="Lignes refusées")


def _annotate(desk: Desk, found: pd.DataFrame) -> None:
    rows = found[found["origin"] == "atlas"]
    if rows.empty:
        st.caption("Aucun lieu de l’atlas dans le périmètre ni dans ses alentours.")
        return
    names = {
        uid: f"{name} ({label})"
        for uid, name, label in zip(rows["uid"], rows["name"], rows["label"], strict=True)
    }
    uid = st.selectbox(
        "Lieu de l’atlas", list(names), format_func=names.__getitem__, key=desk.state.key("annoter")
    )
    known = {a.uid: a for a in desk.study.annotations}
    now = known.get(uid, Annotation(uid=uid))

    def save(**changes: Any) -> None:
        changed = now.model_copy(update=changes)
        others = [a for a in desk.study.annotations if a.uid != uid]
        is_blank = not (changed.note or changed.correction or changed.hidden)
        desk.update(annotations=tuple(others if is_blank else [*others, changed]))

    tag = re.sub(r"\W", "-", uid)
    desk.area_text(f"note-{tag}", "Votre note", now.note, lambda v: save(note=v), height=80)
    desk.area_text(
        f"correction-{tag}", "Votre correction", now.correction, lambda v: save(correction=v), height=80
    )
    key = desk.key(f"ecarte-{tag}")
    st.checkbox(
        "Écarter ce lieu de l’étude", value=now.hidden, key=key,
        on_change=desk.state.on_typed(key, lambda v: save(hidden=bool(v))),
    )  # fmt: skip


def _schemes(desk: Desk, area: Area) -> list[str]:
    found = desk.schemes(area)
    st.caption(
        f"{text.count(len(found), 'dispositif documenté', 'dispositifs documentés')} sur tout ou partie du périmètre, "
        "nationaux et européens compris. L’étape 6 dit lesquels pourraient convenir."
    )
    shown = schemes_shown.catalogue(desk.dataset, found)
    shown.insert(2, "Part de la population couverte (%)", found["share_pct"].round(1).to_numpy())
    frame.table(shown, alt="Dispositifs qui couvrent le périmètre")
    return list(found["source_id"])
