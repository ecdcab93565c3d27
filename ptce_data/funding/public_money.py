"""Public money to named beneficiaries, by level of the funder and by region. Never with envelopes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ptce_data import query
from ptce_data.funding.figures import number, text, whole
from ptce_data.funding.flows import Regions
from ptce_data.funding.programmes import funder_level, matched
from ptce_data.places import UNKNOWN

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_COLUMNS: Final = {
    "award_id": "str",
    "programme": "str",
    "funder": "str",
    "funder_level": "str",
    "beneficiary": "str",
    "entity_uid": "str",
    "region_code": "str",
    "former_region_code": "str",
    "year": "Int64",
    "amount_eur": "Float64",
    "counted": "boolean",
    "reason": "str",
    "note": "str",
    "confidence": "str",
    "source_ids": "str",
}
_LOW: Final = "confiance faible : le montant ou le bénéficiaire est déduit"
_UNKNOWN_AMOUNT: Final = "montant non renseigné"
_TWO_AMOUNTS: Final = "deux sources donnent deux montants"
_CODES: Final[dict[Regions, str]] = {"regions": "region_code", "former_regions": "former_region_code"}


def awards(dataset: Dataset) -> pd.DataFrame:
    """Every award to a named beneficiary, each once: calls to PTCE and other public money.

    An award that two tables tell (same pôle, same call) is one row with both sources. `counted` says
    whether it enters sums, `reason` why not (unknown amount, low confidence, two amounts). Envelopes
    and amounts per laureate of a programme are not awards: they are not here.
    """
    calls = {str(r["id"]): r for r in dataset.programmes.to_dict("records")}
    places = dataset.places.drop_duplicates("uid").set_index("uid", drop=False)
    names = dict(zip(dataset.poles["uid"], dataset.poles["name"], strict=True))
    rows: dict[object, dict[str, Any]] = {}
    for award in dataset.pole_awards.to_dict("records"):
        pole, call_id = f"pole:{award['pole_id']}", str(award["programme_id"])
        call = calls.get(call_id)
        rows[pole, call_id] = _row(award, places, pole) | {
            "programme": str(call["programme"]) if call else call_id,
            "funder": str(call["funders"]) if call else None,
            "funder_level": funder_level(str(call["funders"])) if call else None,
            "beneficiary": names.get(pole, pole),
        }
    other = dataset.public_awards
    for award in other[~other["is_envelope"].fillna(True)].to_dict("records"):
        uid = text(award["entity_uid"])
        told_of = matched(str(award["programme"]), whole(award["year"]), calls)
        row = _row(award, places, uid) | {
            "programme": str(award["programme"]),
            "funder": str(award["funder"]),
            "funder_level": str(award["funder_level"]),
            "beneficiary": str(award["beneficiary_name"]),
        }
        known = rows.get((uid, told_of))
        rows[(uid, told_of) if known else str(award["id"])] = _same(known, row) if known else row
    told = [row | _verdict(row) for row in rows.values()]
    return pd.DataFrame(
        {name: pd.Series([r.get(name) for r in told], dtype=kind) for name, kind in _COLUMNS.items()}
    )


def _row(award: Mapping[str, Any], places: pd.DataFrame, uid: str | None) -> dict[str, Any]:
    place = places.loc[uid] if uid in places.index else {}
    return {
        "award_id": str(award["id"]),
        "entity_uid": uid,
        "region_code": text(award.get("region_code")) or text(place.get("region_code")),
        "former_region_code": text(place.get("former_region_code")),
        "year": whole(award["year"]),
        "amount_eur": number(award["amount_eur"]),
        "note": text(award.get("amount_note")),
        "confidence": str(award["confidence"]),
        "source_ids": str(award["source_id"]),
    }


def _same(known: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """One award told twice: its amount is the one that is known, or none when the two differ."""
    amounts = {a for a in (known["amount_eur"], row["amount_eur"]) if a is not None}
    teller = row if known["amount_eur"] is None and row["amount_eur"] is not None else known
    sources = dict.fromkeys((*known["source_ids"].split("|"), row["source_ids"]))
    return {
        **known,
        "amount_eur": amounts.pop() if len(amounts) == 1 else None,
        "reason": _TWO_AMOUNTS if len(amounts) > 1 else None,
        "note": known["note"] or row["note"],
        "confidence": teller["confidence"],
        "source_ids": "|".join(sources),
    }


def _verdict(row: Mapping[str, Any]) -> dict[str, Any]:
    reason = row.get("reason")
    if reason is None and row["amount_eur"] is None:
        reason = _UNKNOWN_AMOUNT
    if reason is None and row["confidence"] == "low":
        reason = _LOW
    return {"counted": reason is None, "reason": reason}


def by_level_and_region(dataset: Dataset, regions: Regions = "regions") -> pd.DataFrame:
    """Counted awards per region and level of the funder, and per region ("tous").

    Columns code, name, population (inhabitants), funder_level, amount_eur, awards, beneficiaries,
    eur_per_inhabitant. Every region is there once under "tous"; its amount is missing, not zero, when
    no amount is documented. The last code is "non_renseigne". Sums of amounts of several years, in
    current euros: what is documented, not what a region received.
    """
    code = _CODES[regions]
    found = awards(dataset)
    found = found[found["counted"]]
    found = found.assign(
        code=_known_code(dataset, found, regions), who=found["entity_uid"].fillna(found["beneficiary"])
    )
    layer = getattr(dataset, regions)
    areas = dict(zip(layer[code], zip(layer["name"], layer["population"], strict=True), strict=True))
    rows = []
    for key in [*areas, *sorted(set(found["code"]) - {*areas, UNKNOWN}), UNKNOWN]:
        inside = found[found["code"] == key]
        name, population = areas.get(key, (_name(dataset, key), None))
        for level in ("tous", *sorted(set(inside["funder_level"].fillna(UNKNOWN)))):
            some = inside if level == "tous" else inside[inside["funder_level"].fillna(UNKNOWN) == level]
            amount = float(some["amount_eur"].sum()) if len(some) else None
            rows.append(
                {
                    "code": key,
                    "name": name,
                    "population": population,
                    "funder_level": level,
                    "amount_eur": amount,
                    "awards": len(some),
                    "beneficiaries": int(some["who"].nunique()),
                    "eur_per_inhabitant": amount / population if amount is not None and population else None,
                }
            )
    types = {"population": "Int64", "amount_eur": "Float64", "eur_per_inhabitant": "Float64"}
    return pd.DataFrame(rows).astype(types)


def _known_code(dataset: Dataset, found: pd.DataFrame, regions: Regions) -> pd.Series:
    if regions == "regions":
        return found["region_code"].fillna(UNKNOWN)
    former = dataset.former_region_codes
    sizes = former.groupby("region_code")["former_region_code"].agg(["first", "size"])
    # A region that 2016 left unchanged is its own former region.
    unchanged = sizes.loc[sizes["size"] == 1, "first"]
    return found["former_region_code"].fillna(found["region_code"].map(unchanged)).fillna(UNKNOWN)


def _name(dataset: Dataset, code: str) -> str:
    names = dict(zip(dataset.region_codes["region_code"], dataset.region_codes["name"], strict=True))
    return names.get(code, "Région non renseignée")


def by_level(dataset: Dataset) -> pd.DataFrame:
    """Counted awards per level of the funder: funder_level, amount_eur, awards, beneficiaries."""
    found = awards(dataset)
    found = found[found["counted"]]
    found = found.assign(
        who=found["entity_uid"].fillna(found["beneficiary"]), level=found["funder_level"].fillna(UNKNOWN)
    )
    rows = [
        (level, float(some["amount_eur"].sum()), len(some), int(some["who"].nunique()))
        for level, some in found.groupby("level")
    ]
    return pd.DataFrame(rows, columns=["funder_level", "amount_eur", "awards", "beneficiaries"])


def left_out(dataset: Dataset) -> pd.DataFrame:
    """How many named awards enter no sum, by reason: columns reason, awards."""
    found = awards(dataset)
    sizes = found.loc[~found["counted"], "reason"].value_counts()
    return pd.DataFrame({"reason": sizes.index, "awards": sizes.to_numpy()})


def named_share(dataset: Dataset) -> pd.DataFrame:
    """Per call: laureates published, named, named with a known amount, and named_pct.

    The columns of `query.named_laureates` plus with_amount and named_pct (missing where the number of
    laureates is not published or is zero). Shown beside every count of laureates.
    """
    frame = query.named_laureates(dataset)
    known = dataset.pole_awards.dropna(subset=["amount_eur"]).groupby("programme_id")["pole_id"].nunique()
    frame["with_amount"] = frame["id"].map(known).fillna(0).astype("int64")
    published = frame["laureates"].where(frame["laureates"] > 0)
    frame["named_pct"] = (frame["named"] / published * 100).astype("Float64")
    return frame
