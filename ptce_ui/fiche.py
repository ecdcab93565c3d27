"""The fiche of one object as HTML: all that is known, the unknown marked as unknown. No Streamlit here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from ptce_data import query
from ptce_data.funding import BASES, STAGES
from ptce_data.places import UNKNOWN
from ptce_data.text import split_codes
from ptce_ui import blocks, text
from ptce_ui.legend import kind_sign
from ptce_ui.theme import TYPE_COLOURS

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_BOUNDS = {"minimum": "au moins", "maximum": "au plus"}
AGREEMENT = {"concordent": "les échelles concordent", "divergent": "les échelles divergent"}


def source_ids(dataset: Dataset, uid: str) -> list[str]:
    """Ids of every source that the fiche of `uid` rests on, the object's own first."""
    row = query.record(dataset, uid)
    if row is None:
        return []
    ids = list(split_codes(row["source_ids"]))
    ids += [row[c] for c in ("type_source_id", "place_source_id") if c in row.index]
    for frame in (query.awards, query.funding_figures, query.public_awards, query.case_events):
        ids += frame(dataset, row["uid"])["source_id"].tolist()
    return [i for i in dict.fromkeys(ids) if isinstance(i, str)]


def html(dataset: Dataset, uid: str, labels: text.Labels) -> str:
    """HTML of the fiche; every string of the data is escaped. Raises KeyError for an unknown uid."""
    place = query.find_place(dataset, uid)
    row = query.record(dataset, uid)
    if place is None or row is None:
        raise KeyError(uid)
    parts = [
        _heading(place, labels),
        _related(dataset, uid, labels),
        blocks.facts("Identité", _identity(place, row, labels)),
        blocks.facts("Territoire", _territory(dataset, place, row, labels)),
        _awards(dataset, place),
        _figures(dataset, place, labels),
        _public_awards(dataset, place),
        _events(dataset, place),
        blocks.facts("Fiabilité", _reliability(place, labels)),
    ]
    return "".join(parts)


def _heading(place: pd.Series, labels: text.Labels) -> str:
    colour = TYPE_COLOURS.get(place["territory_type"], TYPE_COLOURS[UNKNOWN])
    name = text.escape_html(blocks.cut(place["name"]))
    return (
        '<h3 style="margin:0 0 .25rem;padding:0;overflow-wrap:anywhere">'
        f"{name}</h3>"
        '<p style="display:flex;gap:.35rem;align-items:center;margin:0 0 .5rem">'
        f"{kind_sign(place['kind'], colour)}{text.escape_html(text.KIND_LABELS[place['kind']])}</p>"
    )


def _identity(place: pd.Series, row: pd.Series, labels: text.Labels) -> list[blocks.Row]:
    def yes(value: object) -> str:
        return blocks.known(None if value is None or pd.isna(value) else "oui" if value else "non")

    def whole(value: Any) -> str:
        return blocks.known(None if value is None or pd.isna(value) else text.number(int(value)))

    def year(value: Any) -> str:
        return blocks.known(None if value is None or pd.isna(value) else str(int(value)))

    def coded(field: str) -> Callable[[object], str]:
        return lambda v: blocks.known(labels.of(field, v) if isinstance(v, str) and v else None)

    def several(field: str) -> Callable[[object], str]:
        return lambda v: blocks.known(", ".join(labels.of(field, c) for c in split_codes(v)) or None)

    def link(value: object) -> str:
        url = text.safe_url(value)
        return (
            blocks.anchor(url, blocks.cut(url))
            if url
            else blocks.known(value if isinstance(value, str) else None)
        )

    shown: dict[str, list[tuple[str, str, Callable[[object], str]]]] = {
        "pole": [
            ("short_description", "En bref", blocks.known),
            ("theme", "Thème", blocks.known),
            ("activity_family", "Famille d’activité", coded("activity_family")),
            ("origin", "Origine", coded("origin")),
            ("legal_form", "Forme juridique", blocks.known),
            ("created_year", "Année de création", year),
            ("members_count", "Membres", whole),
            ("jobs_count", "Emplois (périmètre variable, non comparable)", whole),
            ("has_physical_place", "Lieu physique", yes),
            ("has_employer_group", "Groupement d’employeurs", yes),
            ("is_temoin", "Pôle témoin (2011)", yes),
            ("website", "Site", link),
            ("note", "Précisions", blocks.known),
        ],
        "tiers_lieu": [
            ("kind", "Genre", coded("tiers_lieu_kind")),
            ("kind_basis", "Genre établi d’après", blocks.known),
            ("label", "Label", several("tiers_lieu_label")),
            ("other_labels", "Autres labels", several("tiers_lieu_label")),
            ("status", "État à la date de la source", coded("tiers_lieu_status")),
            ("opened_year", "Année d’ouverture", year),
            ("website", "Site", link),
            ("source_dataset", "Inventaire", coded("source_dataset")),
            ("note", "Précisions", blocks.known),
        ],
        "cluster": [
            ("kind", "Genre", coded("cluster_kind")),
            ("sector", "Secteur", blocks.known),
            ("members_count", "Membres", whole),
            ("created_year", "Année de création", year),
            ("is_active", "En activité selon la source", yes),
            ("website", "Site", link),
            ("note", "Précisions", blocks.known),
        ],
    }
    return [(title, show(row[c])) for c, title, show in shown[place["kind"]] if c in row.index]


def _territory(dataset: Dataset, place: pd.Series, row: pd.Series, labels: text.Labels) -> list[blocks.Row]:
    def named(level: query.Level, code: object) -> str:
        if not isinstance(code, str):
            return blocks.known(None)
        frame: pd.DataFrame = getattr(dataset, level)
        hit = frame.loc[frame[query.LEVEL_CODES[level]] == code, "name"]
        return f"{blocks.known(hit.iloc[0])} ({blocks.known(code)})" if len(hit) else blocks.known(code)

    def coded(value: object) -> str:
        return blocks.known(labels.of("territory_type", value) if isinstance(value, str) else None)

    type_text = coded(place["territory_type_stated"])
    return [
        ("Type de territoire selon une source", type_text),
        ("Type calculé : commune", coded(place["territory_type"])),
        ("Type calculé : EPCI", coded(place["territory_type_epci"])),
        ("Type calculé : zone d’emploi", coded(place["territory_type_ze"])),
        ("Accord des échelles", blocks.known(AGREEMENT.get(place["scales_agree"]))),
        ("Commune", named("communes", place["commune_insee"])),
        ("EPCI", named("epci", place["epci_siren"])),
        ("Département", named("departements", place["departement_code"])),
        ("Région", named("regions", place["region_code"])),
        ("Région d’avant 2016", named("former_regions", place["former_region_code"])),
        ("Périmètre décrit", blocks.known(row.get("area_note"))),
        ("Précision de la position", blocks.known(labels.of("geo_precision", place["geo_precision"]))),
    ]


def _awards(dataset: Dataset, place: pd.Series) -> str:
    if place["kind"] != "pole":
        return ""
    note = "Aucune liste officielle complète des lauréats n’a pu être lue : une absence ici ne dit rien."
    items = [
        f"{blocks.known(a['programme'])} ({blocks.known(_year(a['year']))})"
        + (
            f" : {blocks.known(text.euros(a['amount_eur']))}"
            if pd.notna(a["amount_eur"])
            else " : montant non renseigné"
        )
        for _, a in query.awards(dataset, place["uid"]).iterrows()
    ]
    return blocks.bullets("Programmes dont il est lauréat connu", items or ["aucun connu"], note)


def _year(value: Any) -> str | None:
    return None if value is None or pd.isna(value) else str(int(value))


def _figures(dataset: Dataset, place: pd.Series, labels: text.Labels) -> str:
    figures = query.funding_figures(dataset, place["uid"])
    if figures.empty:
        return blocks.bullets("Chiffres de financement publiés", ["aucun connu"])
    items = []
    for _, f in figures.iterrows():
        values = [text.euros(f["amount_eur"])] if pd.notna(f["amount_eur"]) else []
        values += [text.percent(f["share_pct"])] if pd.notna(f["share_pct"]) else []
        if pd.notna(f["share_min_pct"]):
            values.append(f"{text.number(f['share_min_pct'])} à {text.percent(f['share_max_pct'])}")
        items.append(
            f"{blocks.known(_year(f['year']) or 'année non renseignée')}, "
            f"{blocks.known(labels.of('funding_category', f['category']))} : {blocks.known(' · '.join(values) or None)}"
            f"<br><small>Base : {blocks.known(BASES[f['base']].lower())}{_stage(f)}. {blocks.known(f['base_note'])} Confiance : {_confidence(f['confidence'], labels)}.</small>"
        )
    note = "Les bases diffèrent d’une ligne à l’autre : ces chiffres ne s’additionnent pas."
    return blocks.bullets("Chiffres de financement publiés", items, note)


def _stage(figure: pd.Series) -> str:
    """What kind of figure it is, when a source says: a forecast, a target, a bound."""
    said = [STAGES.get(figure["stage"], ""), _BOUNDS.get(figure["bound"], "")]
    return "".join(f", {blocks.known(word)}" for word in said if word)


def _public_awards(dataset: Dataset, place: pd.Series) -> str:
    rows = query.public_awards(dataset, place["uid"])
    items = [
        f"{blocks.known(_year(r['year']) or 'année non renseignée')}, {blocks.known(r['funder'])} : {blocks.known(text.euros(r['amount_eur']))}"
        f" ({blocks.known(r['programme'])})"
        + (
            f"<br><small>{blocks.known(r['amount_note'])}</small>"
            if isinstance(r["amount_note"], str)
            else ""
        )
        for _, r in rows.iterrows()
    ]
    return blocks.bullets("Autres aides publiques publiées", items) if items else ""


def _events(dataset: Dataset, place: pd.Series) -> str:
    rows = query.case_events(dataset, place["uid"])
    items = [
        f"{blocks.known(r['date'])} : {blocks.known(r['event'])}"
        + (
            f" ({blocks.known(text.number(r['figure']))} {blocks.known(r['unit'])})"
            if pd.notna(r["figure"])
            else ""
        )
        for _, r in rows.iterrows()
    ]
    return blocks.bullets("Repères", items) if items else ""


def _related(dataset: Dataset, uid: str, labels: text.Labels) -> str:
    items = []
    for r in query.related(dataset, uid).itertuples():
        kind = text.KIND_LABELS[r.kind].lower() if r.kind != "pole" else "PTCE"
        anchor = f'<a href="?fiche={text.escape_html(r.uid)}" target="_self">{blocks.known(r.name)}</a>'
        if r.relation == "probable":
            items.append(
                f"Probablement le même que {anchor} ({kind}), compté à part. {blocks.known(r.reason)}"
            )
        else:
            items.append(f"Aussi recensé comme {kind} : {anchor} ; compté une seule fois.")
    return blocks.bullets("Rapprochements", items) if items else ""


def _reliability(place: pd.Series, labels: text.Labels) -> list[blocks.Row]:
    rows: list[blocks.Row] = [("Confiance", _confidence(place["confidence"], labels))]
    if place["is_imported"]:
        said = "importé par vous, non vérifié"
        rows.insert(0, ("Provenance", f"{said} ; doublon possible" if place["possible_duplicate"] else said))
    return rows


def _confidence(value: object, labels: text.Labels) -> str:
    return blocks.known(labels.of("confidence", value).lower() if isinstance(value, str) else None)
