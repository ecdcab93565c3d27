"""Territoires: the type of every commune and EPCI, the reasons, and what other rules would change."""

import streamlit as st

from ptce_data import crosstabs
from ptce_data.territories import compare
from ptce_ui import figures, filters, frame, glossary, linkview, mapview, takeaway, text
from ptce_ui import territory_tables as tables
from ptce_ui import territory_views as views
from ptce_ui.exports import located
from ptce_ui.pagestate import PageState

dataset = frame.open_page("territoires")
state = PageState("territoires", views.params(dataset))
frame.problems(state)
st.markdown(glossary.linked(f"{frame.PAGES['territoires'].question} {tables.sentence(dataset)}"))
section = filters.sections(state, views.SECTIONS)
names = views.type_labels(dataset)
shipped = dataset.territories
shown = tables.nothing()

if section == "carte":
    left, right = st.columns([7, 4])
    with left:
        views.draw_map(dataset, state)
        frame.let_it_draw(state)
        views.show_legend(dataset, state)
    with right, st.container(height=mapview.HEIGHT, border=True, key="panneau-raisons"):
        views.why(dataset, state)
    views.map_controls(dataset, state)
    takeaway.types(dataset, state)
    shown = tables.shares(dataset, names)
    frame.table(shown, alt="Communes et population par type calculé à la commune")
elif section == "croisements":
    with st.container(horizontal=True, vertical_alignment="bottom"):
        subject = filters.one(state, "sujet", "Croiser le type avec", views.SUBJECTS)
        basis = filters.one(state, "base", "Type", text.BASIS_LABELS)
        who = filters.one(
            state, "poles", "Pôles", {"tous": "Tous les PTCE documentés", "douze": "Les douze de l’étude"}
        )
    crossed = crosstabs.cross(dataset, subject, text.BASIS_COLUMNS[basis], who == "douze")
    values = tables.values(dataset, subject)
    chart = figures.small_multiples(crossed, names, values, "pôles")
    title = f"PTCE par type de territoire et {views.SUBJECTS[subject].lower()}"
    frame.chart(chart, title, text.BASIS_NOTES[basis], is_wide=True)
    st.caption(text.BASIS_NOTES[basis] + " Lauréats : une absence ici ne dit pas qu’un pôle n’a rien gagné.")
    shown = tables.cross(crossed, names, values)
    frame.table(shown, alt="Les mêmes nombres en tableau")
    st.subheader("L’étude des douze pôles témoins, à côté des données")
    frame.table(tables.study(dataset), height="content", alt="Chiffres rapportés et calculés")
elif section == "densite":
    regions = {"": "France entière", **filters.options(dataset)["regions"]}
    regions.pop("non_renseigne", None)
    region = filters.one(state, "region", "Territoire", regions)
    shown = tables.density(views.density_chart(dataset, region or None), names)
    st.caption(tables.DENSITY_NOTE)
    frame.table(shown, alt="Objets, population et densité par type de territoire")
elif shipped is not None:
    views.rules_form(state)
    after = views.reclassify(dataset, state, shipped)
    change = compare(shipped, after)
    frame.figures(tables.change_figures(change))
    frame.table(
        tables.change_types(change, names),
        alt="Communes et population par type, avant et après",
    )
    views.twelve(dataset, shipped, after)
    shown = tables.changed(dataset, change, names)
    if shown.empty:
        st.caption("Avec ces règles, aucune commune ne change de type.")
    else:
        frame.table(shown, alt=f"Communes dont le type change : {len(shown)}")

ids = tables.source_ids(dataset, section)
layers = {
    "carte": lambda: takeaway.types_layer(dataset, state),
    "sensibilite": lambda: located.by_code(dataset, shown, "communes", "Code Insee"),
}
frame.table_downloads(
    f"territoires-{section}", shown, dataset, ids, views.SECTIONS[section], layers.get(section)
)
linkview.link(state)
st.markdown(glossary.linked(tables.METHOD))
frame.sources(dataset, ids)
frame.footer()
state.save()
