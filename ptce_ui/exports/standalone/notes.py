"""The lists of a fiche: programmes, published money, dated marks, links between objects. Plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ptce_data import query
from ptce_data.funding import BASES, STAGES
from ptce_ui import blocks, text

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: {"t": text, "s": small text under it, "to": uid of another object}
Item = dict[str, str]
#: {"t": title, "i": items, "n": note}
Block = dict[str, Any]

_BOUNDS = {"minimum": "au moins", "maximum": "au plus"}
NO_LIST = "Aucune liste officielle complète des lauréats n’a pu être lue : une absence ici ne dit rien."
NOT_ADDED = "Les bases diffèrent d’une ligne à l’autre : ces chiffres ne s’additionnent pas."


def of_places(dataset: Dataset, places: pd.DataFrame, labels: text.Labels) -> dict[str, list[Block]]:
    """uid -> its lists, for the objects of `places` that have any."""
    made: dict[str, list[Block]] = {uid: [] for uid in places["uid"]}
    for uid in _linked(dataset, places):
        made[uid].append({"t": "Rapprochements", "i": _related(dataset, uid)})
    for uid in _met("pole:" + dataset.pole_awards["pole_id"].astype("str"), made):
        items = [_award(r) for r in query.awards(dataset, uid).to_dict("records")]
        made[uid].append({"t": "Programmes dont il est lauréat connu", "i": items, "n": NO_LIST})
    for uid in _met(dataset.funding_figures["entity_uid"], made):
        rows = query.funding_figures(dataset, uid).to_dict("records")
        items = [_figure(r, labels) for r in rows]
        made[uid].append({"t": "Chiffres de financement publiés", "i": items, "n": NOT_ADDED})
    for uid in _met(dataset.public_awards["entity_uid"], made):
        items = [_public(r) for r in query.public_awards(dataset, uid).to_dict("records")]
        made[uid].append({"t": "Autres aides publiques publiées", "i": items})
    for uid in _met(dataset.case_events["entity_uid"], made):
        items = [_event(r) for r in query.case_events(dataset, uid).to_dict("records")]
        made[uid].append({"t": "Repères", "i": items})
    return {uid: blocks_ for uid, blocks_ in made.items() if blocks_}


def sources_of(dataset: Dataset, places: pd.DataFrame) -> dict[str, list[str]]:
    """uid -> ids of the sources of its lists."""
    made: dict[str, list[str]] = {}
    awards = dataset.pole_awards
    pairs = [("pole:" + awards["pole_id"].astype("str"), awards["source_id"])]
    for frame in (dataset.funding_figures, dataset.public_awards, dataset.case_events):
        pairs.append((frame["entity_uid"], frame["source_id"]))
    wanted = set(places["uid"])
    for uids, ids in pairs:
        for uid, source in zip(uids, ids, strict=True):
            if uid in wanted and isinstance(source, str):
                made.setdefault(uid, []).append(source)
    return made


def _met(uids: pd.Series, wanted: dict[str, list[Block]]) -> list[str]:
    return [u for u in dict.fromkeys(uids) if isinstance(u, str) and u in wanted]


def _linked(dataset: Dataset, places: pd.DataFrame) -> list[str]:
    """Objects known under two kinds, or probably the same as another."""
    every = dataset.places
    twice = set(every.loc[every["object_id"].duplicated(keep=False), "uid"])
    probable = dataset.duplicates[dataset.duplicates["decision"] == "probable"]
    for uid in [*probable["left_uid"], *probable["right_uid"]]:
        place = query.find_place(dataset, uid)
        if place is not None:
            twice.add(place["uid"])
    return [u for u in places["uid"] if u in twice]


def _related(dataset: Dataset, uid: str) -> list[Item]:
    items = []
    for r in query.related(dataset, uid).itertuples():
        kind = text.KIND_LABELS[r.kind].lower() if r.kind != "pole" else "PTCE"
        name = blocks.cut(r.name)
        if r.relation == "probable":
            small = f"Probablement le même ({kind}), compté à part. {_said(r.reason)}"
        else:
            small = f"Aussi recensé comme {kind} ; compté une seule fois parmi les objets distincts."
        items.append({"t": name, "s": small, "to": r.uid})
    return items


def _said(value: Any) -> str:
    return text.UNKNOWN_TEXT if value is None or pd.isna(value) or value == "" else blocks.cut(str(value))


def _year(value: Any) -> str:
    return "année non renseignée" if pd.isna(value) else str(int(value))


def _award(row: dict[str, Any]) -> Item:
    amount = "montant non renseigné" if pd.isna(row["amount_eur"]) else text.euros(row["amount_eur"])
    return {"t": f"{_said(row['programme'])} ({_year(row['year'])}) : {amount}"}


def _figure(row: dict[str, Any], labels: text.Labels) -> Item:
    values = [text.euros(row["amount_eur"])] if pd.notna(row["amount_eur"]) else []
    values += [text.percent(row["share_pct"])] if pd.notna(row["share_pct"]) else []
    if pd.notna(row["share_min_pct"]):
        values.append(f"{text.number(row['share_min_pct'])} à {text.percent(row['share_max_pct'])}")
    said = [STAGES.get(row["stage"], ""), _BOUNDS.get(row["bound"], "")]
    stage = "".join(f", {word}" for word in said if word)
    base = f"Base : {BASES[row['base']].lower()}{stage}. {_said(row['base_note'])}"
    sure = labels.of("confidence", row["confidence"]).lower()
    category = labels.of("funding_category", row["category"])
    shown = " · ".join(values) or text.UNKNOWN_TEXT
    return {
        "t": f"{_year(row['year'])}, {category} : {shown}",
        "s": f"{base.rstrip('. ')}. Confiance : {sure}.",
    }


def _public(row: dict[str, Any]) -> Item:
    amount = text.euros(row["amount_eur"])
    item = {"t": f"{_year(row['year'])}, {_said(row['funder'])} : {amount} ({_said(row['programme'])})"}
    return item | ({"s": _said(row["amount_note"])} if isinstance(row["amount_note"], str) else {})


def _event(row: dict[str, Any]) -> Item:
    figure = "" if pd.isna(row["figure"]) else f" ({text.number(row['figure'])} {_said(row['unit'])})"
    return {"t": f"{_said(row['date'])} : {_said(row['event'])}{figure}"}
