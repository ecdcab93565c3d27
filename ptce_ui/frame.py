"""The frame every page shares: settings, navigation, data set, messages, sources."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from ptce_data import opendata, query, shared
from ptce_ui import accounts, assets, exports, glossary, ownlayers, small_screens, text, undo
from ptce_ui.dress import dress
from ptce_ui.navigation import PAGES as PAGES
from ptce_ui.navigation import TITLE as TITLE
from ptce_ui.summaries import said

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_ui.pagestate import PageState

#: Width in mm -> what it is for.
WIDTHS: Final = {
    85: "85 mm : une colonne",
    130: "130 mm",
    170: "170 mm : une page A4",
    250: "250 mm : A4 à l’italienne",
    400: "400 mm : affiche A3",
}
#: Seconds; what a browser needs to draw the map, at first and again.
PAUSE_FIRST = 0.6
PAUSE = 0.15

#: What a download button needs: file name, MIME type, maker called only when clicked.
Maker = tuple[str, str, Callable[[], bytes]]


@st.cache_resource(show_spinner="Lecture des données…", max_entries=2)
def _dataset(data_dir: str) -> Dataset:
    made = shared.dataset(Path(data_dir))
    assets.vendor()
    return made


def dataset() -> Dataset:
    """The data set, read once per process; `PTCE_DATA_DIR` names another folder (tests)."""
    return _dataset(str(shared.data_dir()))


def open_page(name: str) -> Dataset:
    """Start a page: settings, navigation, title, faults of the data; return the data set."""
    st.set_page_config(
        page_title=f"{PAGES[name].label} – {TITLE}",
        page_icon=str(assets.STATIC_DIR / "favicon.png"),
        layout="wide",
    )
    if PAGES[name].has_filters:
        # First of all: a side panel that comes after the page pushes it aside.
        st.sidebar.header("Filtres")
    dress()
    # In another site's frame (`?embed=true`) that site has its own navigation.
    if not st.context.is_embedded:
        with st.container(horizontal=True, gap="small", key="pages"):
            for other in PAGES.values():
                if other.is_in_menu:
                    st.page_link(other.path, label=other.label, icon=other.icon)
    accounts.button()
    st.title(TITLE if name == "accueil" else PAGES[name].label)
    data = glossary.start(ownlayers.attached(dataset()))
    for one in ownlayers.added():
        rows = text.count(len(one.layer.rows), "objet importé", "objets importés")
        st.caption(
            f":material/layers: {ownlayers.called(one)} « {text.escape_markdown(one.layer.name)} » ({rows}, non vérifiés) est à "
            "côté de l’atlas, pour cette session (page Données)."
        )
    for table, faults in data.faults.items():
        first = text.escape_markdown(str(faults[0])) if faults else ""
        st.error(
            f"La table « {table} » n’a pas pu être lue : elle est laissée vide, le reste fonctionne. "
            f"{text.count(len(faults), 'anomalie', 'anomalies')}. {first} À dire à qui tient cet atlas.",
            icon=":material/error:",
        )
    return data


def open_stage(name: str) -> Dataset:
    """Start a page that shows one scene and nothing else: no navigation, no title, no menus."""
    st.set_page_config(
        page_title=f"{PAGES[name].label} – {TITLE}", layout="wide", initial_sidebar_state="collapsed"
    )
    dress()
    return ownlayers.attached(dataset())


def let_it_draw(state: PageState) -> None:
    """Hold back the rest of the page for a moment, so that the browser draws the map before it.

    The map's frame shares its main thread with the page: sent together, the table and the filters delay
    the map by a second at first and by 0.2 s per filter (measured in `benchmarks/`).
    """
    time.sleep(PAUSE_FIRST if state.is_new else PAUSE)


def problems(state: PageState) -> None:
    """Name what the URL held and could not be used."""
    if state.problems:
        st.warning("\n\n".join(text.escape_markdown(p) for p in state.problems), icon=":material/link_off:")


def figures(items: Iterable[tuple[str, str, str]]) -> None:
    """A row of figures: (name, value, source and perimeter, always visible)."""
    listed = list(items)
    for column, (name, value, note) in zip(st.columns(len(listed)), listed, strict=True):
        with column:
            st.metric(name, value)
            st.caption(note)


def empty(message: str, state: PageState, names: list[str]) -> None:
    """An empty result explains itself and offers a way out."""
    st.info(message, icon=":material/search_off:")
    st.button(
        "Effacer les filtres", on_click=undo.clear, args=(state, names), key=f"{state.page}|clear-empty"
    )


def need_perimeter() -> None:
    """What a step of a study says as long as there is no territory."""
    st.info("Choisissez d’abord un périmètre (étape 1) : une commune, une intercommunalité ou un contour.")


@st.fragment
def sources(data: Dataset, ids: Iterable[str], title: str = "Sources de ce qui est affiché") -> None:
    """The sources of exactly what is shown, with publisher, date and licence.

    Written when it is opened: hundreds of links cost the browser more than the rest of a page.
    """
    wanted = list(ids)
    number = query.count_sources(data, wanted)
    if not number:
        return
    drawer = st.expander(
        f"{title} ({number})", icon=":material/menu_book:", key=text.slug(title), on_change="rerun"
    )
    if drawer.open:
        drawer.markdown("\n".join(source_line(r) for _, r in query.sources(data, wanted).iterrows()))


def source_line(row: pd.Series) -> str:
    """One source as a Markdown list item."""
    name = text.escape_markdown(row["publisher"])
    url = text.safe_url(row["url"])
    shown = f"[{name}](<{url.replace('>', '%3E').replace('<', '%3C')}>)" if url else name
    parts = [
        shown,
        f"publié : {text.date(row['date_published'])}",
        f"vu le {text.date(row['date_accessed'])}",
    ]
    if isinstance(row["licence"], str):
        parts.append(text.escape_markdown(row["licence"]))
    return "- " + " · ".join(parts)


def table(rows: pd.DataFrame, alt: str, **options: Any) -> Any:
    """A sortable table; numbers are written in the reader's language. `alt` names it for a screen reader."""
    numbers = rows.select_dtypes(include="number").columns
    formats = {name: st.column_config.NumberColumn(format="localized") for name in numbers}
    config = glossary.column_help(rows.columns, {**formats, **options.pop("column_config", {})})
    config, options = small_screens.fitted(rows, config, options, small_screens.is_phone())
    options.setdefault("placeholder", text.UNKNOWN_TEXT)
    return st.dataframe(rows, hide_index=True, alt=alt, column_config=config, **options)


def chart(
    figure: go.Figure, alt: str, foot: str, is_wide: bool = False, key: str | None = None,
    picture: go.Figure | None = None,
) -> None:  # fmt: skip
    """A chart with its accessible name, and itself (else `picture`) as a picture, whose `foot` names its sources.

    On a phone a wide chart keeps its width. With a `key` a filter updates it in place instead of making another.
    """
    name = key or text.slug(alt)
    with st.container(key=f"defile-{name}" if is_wide else None):
        st.plotly_chart(figure, alt=said(figure, alt), config={"displayModeBar": False}, key=key)
    shown = figure if picture is None else picture
    pictures(name, lambda kind, width: exports.render(shown, kind, alt, foot, width))


@st.fragment
def pictures(
    name: str, make: Callable[[exports.Format, float], bytes], label: str = "Emporter l’image"
) -> None:
    """A picture as SVG, PNG (of a chosen width, 300 dpi) and PDF; `make(kind, width in mm)` when clicked."""
    drawer = st.popover(label, icon=":material/image:", key=f"{name}|image", on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        width = st.selectbox(
            "Largeur imprimée, à 300 points par pouce", list(WIDTHS), index=2, key=f"{name}|largeur",
            format_func=WIDTHS.__getitem__,
        )  # fmt: skip
        downloads(
            name,
            {
                "SVG (dessin)": (f"{name}.svg", "image/svg+xml", lambda: make("svg", width)),
                "PNG (image)": (f"{name}.png", "image/png", lambda: make("png", width)),
                "PDF": (f"{name}.pdf", "application/pdf", lambda: make("pdf", width)),
            },
        )


def downloads(name: str, makers: dict[str, Maker]) -> None:
    """Download buttons: label -> (file name, MIME type, maker called only when clicked)."""
    with st.container(horizontal=True):
        _buttons(name, makers)


def _buttons(name: str, makers: dict[str, Maker]) -> None:
    for label, (file_name, mime, make) in makers.items():
        st.download_button(
            label, make, file_name=file_name, mime=mime, key=f"{name}|{file_name}", on_click="ignore",
            icon=":material/download:",
        )  # fmt: skip


def table_downloads(
    name: str,
    rows: pd.DataFrame,
    data: Dataset,
    ids: Iterable[str],
    title: str,
    layer: Callable[[], gpd.GeoDataFrame] | None = None,
    more: dict[str, Maker] | None = None,
) -> None:
    """The table just shown, as files that name their licence and sources; nothing for an empty table.

    CSV and XLSX at once; with `layer` (the same with geometry, made when wanted) GeoJSON, GeoPackage and
    GeoParquet too; `more` are formats of the page's own (see `downloads`).
    """
    if rows.empty:
        return
    listed = list(ids)

    def made(key: str, source: Callable[[], pd.DataFrame]) -> Maker:
        kind = opendata.FORMATS[key]

        def content() -> bytes:
            return opendata.write(data, source(), key, name=name, title=title, source_ids=listed)

        return f"{name}.{kind.extension}", kind.mime, content

    makers = {
        "Tableau (CSV)": made("csv", lambda: rows),
        "Tableau et sources (XLSX)": made("xlsx", lambda: rows),
    }
    others = {
        "Tableau, licence et dictionnaire (ZIP)": (
            f"{name}.zip", "application/zip", lambda: opendata.bundle(data, {name: (rows, title, listed)}),
        )
    }  # fmt: skip
    if layer is not None:
        shapes = {k: f for k, f in opendata.FORMATS.items() if f.has_geometry}
        others |= {f"Carte ({kind.label})": made(key, layer) for key, kind in shapes.items()}
    _table_downloads(name, makers, others | (more or {}))


@st.fragment
def _table_downloads(name: str, makers: dict[str, Maker], others: dict[str, Maker]) -> None:
    with st.container(horizontal=True):
        _buttons(name, makers)
        drawer = st.popover(
            "Autres formats", icon=":material/file_save:", key=f"{name}|formats", on_change="rerun"
        )
        if drawer.open:
            with drawer:
                downloads(f"{name}|autres", others)
                st.caption("Chaque fichier porte sa licence, ses sources et la version des données.")


def footer() -> None:
    """What ends every page: licence and perimeter."""
    st.divider()
    st.caption(
        "Données publiées sous Licence Ouverte 2.0, sources nommées ligne à ligne. Inventaires partiels : "
        "une absence sur la carte ne dit pas qu’il n’existe rien. Population municipale Insee 2022 "
        "(Mayotte : 2017) ; limites IGN/Insee, COG 2025."
    )
    with st.container(horizontal=True):
        for other in (PAGES["glossaire"], PAGES["confidentialite"], PAGES["accessibilite"]):
            st.page_link(other.path, label=other.label, icon=other.icon)
    undo.announce()
