"""Step 1 of a study: the territory, typed, picked on the map, drawn or uploaded, and what it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import shapely
import streamlit as st

from ptce_data import lookup
from ptce_data import study as studies
from ptce_data.study import Area, Outline, UploadError
from ptce_data.study.perimeter import METHOD
from ptce_ui import ess_views, filters, frame, study_map, text, undo
from ptce_ui.desk import UNTITLED, Desk, said
from ptce_ui.exports import located
from ptce_ui.perimeter_changes import change, name_of, restore

#: What a click on the map does.
CLICKS: Final = {
    "communes": "Ajouter ou retirer une commune",
    "epci": "Ajouter ou retirer une intercommunalité",
    "trace": "Tracer un contour",
}
_MIN_POINTS: Final = 3
_SHOWN: Final = 8
#: Portraits of the weight of the ESS at most: one per part of the perimeter.
_PORTRAITS: Final = 3


def add(desk: Desk, place: str) -> None:
    """Add a place such as "epci:243500741" to the perimeter; an unknown one is left alone (callback)."""
    if lookup.resolve(desk.dataset, place) is None:
        return
    kind, _, code = place.partition(":")
    _toggle(desk, "communes" if kind == "commune" else "epci", code, is_on=True)
    if desk.study.title == UNTITLED:
        desk.retitle(f"Étude de faisabilité – {name_of(desk, place)}")


def _toggle(desk: Desk, level: str, code: str, is_on: bool | None = None) -> None:
    field = "communes" if level == "communes" else "epci"
    chosen = getattr(desk.study.perimeter, field)
    wanted = code not in chosen if is_on is None else is_on
    kept = tuple(c for c in chosen if c != code)
    change(desk, **{field: (*kept, code) if wanted else kept})
    desk.renew("perimeter")


def _changer(desk: Desk, field: str) -> Callable[[tuple[str, ...]], None]:
    return lambda codes: change(desk, **{field: codes})


def draw(desk: Desk) -> list[str]:
    """Choose on the left, read on the right."""
    area = desk.area()
    known = filters.options(desk.dataset)["regions"]
    if area is None:
        st.info(
            "L’étude commence par son territoire : cherchez une commune ou une intercommunalité, cliquez-la sur la "
            "carte, ou importez un contour."
        )
    _search(desk)
    regions = {"": "Selon le périmètre", **known}
    regions.pop("non_renseigne", None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        mode = filters.one(desk.state, "clic", "Un clic sur la carte sert à", CLICKS)
        region = filters.one(desk.state, "carte_region", "Région de la carte", regions) or None
    left, right = st.columns([7, 4])
    with left:
        study_map.draw(
            desk, "etude_perimetre", area, level="epci" if mode == "epci" else "communes", region=region,
            trace=_trace(desk), on_pick=lambda value: _picked(desk, mode, value),
        )  # fmt: skip
        frame.let_it_draw(desk.state)
        if area is None and region is None:
            st.caption(
                f"Sans périmètre, la carte montre une région ({next(iter(known.values()), '')}) : choisissez la vôtre."
            )
        if mode == "trace" or _trace(desk):
            _drawing(desk)
        study_map.show_legend(desk, with_signs=False, with_own=False)
    with right:
        _choose(desk)
    if area is not None:
        _portrait(desk, area)
    return []


def _picked(desk: Desk, mode: str, value: dict[str, Any]) -> None:
    if mode == "trace":
        lon, lat = value.get("lon"), value.get("lat")
        if isinstance(lon, (int, float)) and isinstance(lat, (int, float)):
            desk.state.keep("trace", (*_trace(desk), (float(lon), float(lat))))
    elif isinstance(value.get("area"), str) and value.get("level") == mode:
        # The map stays where the reader is picking; every other change shows the whole perimeter.
        view = desk.state.kept("view")
        _toggle(desk, mode, value["area"])
        desk.state.keep("view", view)


def _trace(desk: Desk) -> tuple[tuple[float, float], ...]:
    return tuple(desk.state.kept("trace") or ())


def _drawing(desk: Desk) -> None:
    points = _trace(desk)
    st.caption(
        f"Contour : {text.count(len(points), 'sommet posé', 'sommets posés')} ; il en faut au moins trois."
    )
    with st.container(horizontal=True):
        st.button(
            "Fermer le contour", disabled=len(points) < _MIN_POINTS, on_click=_close, args=(desk,),
            icon=":material/check:",
        )  # fmt: skip
        st.button(
            "Retirer le dernier sommet",
            disabled=not points,
            on_click=desk.state.keep,
            args=("trace", points[:-1]),
        )
        st.button("Effacer le tracé", disabled=not points, on_click=_erase, args=(desk,))
    undo.offer(desk.place("trace"), lambda value: _redraw(desk, value))


def _erase(desk: Desk) -> None:
    undo.remember(desk.place("trace"), "Tracé effacé.", _trace(desk))
    desk.state.keep("trace", ())


def _redraw(desk: Desk, points: tuple[tuple[float, float], ...]) -> tuple[str, Any] | None:
    displaced = ("Tracé remplacé.", _trace(desk)) if _trace(desk) else None
    desk.state.keep("trace", points)
    return displaced


def _close(desk: Desk) -> None:
    shape = shapely.make_valid(shapely.Polygon(_trace(desk)))
    if shape.area > 0:
        change(desk, polygon=Outline.of(shape), polygon_name="contour tracé")
        desk.state.keep("trace", ())


def _search(desk: Desk) -> None:
    """A place by its name, above the map: the quickest way in, and on a phone the first thing met."""
    typed = st.text_input(
        "Commune ou EPCI", key=desk.state.key("chercher"), placeholder="Redon, 35236, Saint-Denis…",
        help="Sans accents ni majuscules ; le code et le département distinguent les homonymes.",
    )  # fmt: skip
    found = lookup.search(desk.dataset, typed).head(_SHOWN)
    for row in found.itertuples():
        st.button(
            text.escape_markdown(f"Ajouter {row.label}"), key=f"perimetre|{row.place}", type="tertiary",
            on_click=add, args=(desk, row.place), icon=":material/add:",
        )  # fmt: skip
    if typed and found.empty:
        st.info("Aucune commune ni EPCI de ce nom : essayez une partie du nom, ou le code Insee ou Siren.")


def _choose(desk: Desk) -> None:
    perimeter = desk.study.perimeter
    for field, kind, label in (("epci", "epci", "Intercommunalités"), ("communes", "commune", "Communes")):
        codes = getattr(perimeter, field)
        if codes:
            names = {c: name_of(desk, f"{kind}:{c}") for c in codes}
            # The key changes with what is chosen elsewhere, so that the field shows it.
            desk.choices(
                f"{field}|{hash(codes)}", label, codes, names, _changer(desk, field), with_undo=False
            )
    if perimeter.polygon is not None:
        st.button(
            f"Retirer le contour ({text.escape_markdown(perimeter.polygon_name or 'importé')})",
            on_click=lambda: change(desk, polygon=None, polygon_name=""), icon=":material/delete:",
        )  # fmt: skip
    undo.offer(desk.place("perimetre"), lambda value: restore(desk, value))
    desk.number(
        "zone", "Alentours (km, à vol d’oiseau)", perimeter.zone_km, 0.0, 100.0, lambda v: change(desk, zone_km=v),
        step=5.0, format="%g",
    )  # fmt: skip
    with st.expander("Importer un contour"):
        given = st.file_uploader(
            "Contour (GeoJSON ou GPKG ; 5 Mo au plus)",
            type=["geojson", "json", "gpkg"],
            key=desk.state.key("contour"),
        )
        if given is not None and desk.state.kept("contour_id") != given.file_id:
            desk.state.keep("contour_id", given.file_id)
            _upload(desk, given.getvalue(), given.name)
        if desk.state.kept("contour_error"):
            said(desk.state.kept("contour_error"))
        for note in desk.state.kept("contour_notes") or ():
            st.caption(text.escape_markdown(note))


def _upload(desk: Desk, data: bytes, name: str) -> None:
    desk.state.keep("contour_error", None)
    desk.state.keep("contour_notes", ())
    try:
        found = studies.polygon_from(desk.dataset, data, name)
    except UploadError as error:
        desk.state.keep("contour_error", error)
        return
    desk.state.keep("contour_notes", found.notes)
    change(desk, polygon=found.outline, polygon_name=found.name)
    st.rerun()


def _portrait(desk: Desk, area: Area) -> None:
    for note in area.notes:
        st.warning(text.escape_markdown(note))
    unit = "hab./km²"
    frame.figures(
        [
            (
                "Population",
                text.number(area.population),
                "Insee 2022 (Mayotte : 2017), communes du périmètre.",
            ),
            (
                "Communes",
                text.number(len(area.communes)),
                f"Et {text.number(len(area.surroundings))} dans les alentours.",
            ),
            ("Superficie", f"{text.number(area.area_km2)} km²", "Somme des communes, COG 2025."),
            ("Densité", f"{text.number(area.density, 1)} {unit}", "Population divisée par la superficie."),
        ]
    )
    today, former = (
        text.join([str(n) for n in rows["name"]]) for rows in (area.regions, area.former_regions)
    )
    heading = "Régions" if len(area.regions) > 1 else "Région"
    st.markdown(text.escape_markdown(f"{heading} d’aujourd’hui : {today} ; avant 2016 : {former}."))
    types = area.types.rename(
        columns={
            "label": "Type calculé à la commune",
            "communes": "Communes",
            "population": "Population",
            "share_pct": "Part (%)",
        }
    )
    frame.table(
        types[["Type calculé à la commune", "Communes", "Population", "Part (%)"]].round(1),
        alt="Population du périmètre par type de territoire", height="content",
    )  # fmt: skip
    for level, code in desk.study.perimeter.parts()[:_PORTRAITS]:
        ess_views.draw(level, code, name_of(desk, f"{'commune' if level == 'communes' else 'epci'}:{code}"))
    names = study_map.type_labels(desk)
    communes = area.communes.assign(type=area.communes["territory_type"].map(names))
    heads = {
        "commune_insee": "Code", "name": "Commune", "epci_name": "Intercommunalité", "population": "Population",
        "area_km2": "km²", "type": "Type calculé", "share_inside_pct": "Part dans le contour (%)",
    }  # fmt: skip
    with st.expander(f"Les {text.count(len(communes), 'commune', 'communes')} du périmètre"):
        shown = communes[list(heads)].rename(columns=heads).round(1)
        frame.table(shown, alt="Communes du périmètre")
        frame.table_downloads(
            "etude-communes", shown, desk.dataset, [], "Communes du périmètre",
            lambda: located.by_code(desk.dataset, shown, "communes", "Code"),
        )  # fmt: skip
    with st.expander("Comment le périmètre est calculé"):
        st.markdown(METHOD)
