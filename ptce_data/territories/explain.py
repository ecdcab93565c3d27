"""Why a commune or an EPCI has its type: one `Reason` per rule, from the shipped tables alone."""

from __future__ import annotations

import pandas as pd

from ptce_data.territories import logic
from ptce_data.territories.classify import Classification
from ptce_data.territories.errors import TerritoryError
from ptce_data.territories.flag_reasons import own_reason, periurban_reason, qpv_reason, rural_reason
from ptce_data.territories.french import UNKNOWN, listing, number, percent, points, quoted
from ptce_data.territories.indicators import SCALE_CODES, Indicators, Scale
from ptce_data.territories.parameters import (
    FLAGS,
    STEP_LABELS,
    TYPE_LABELS,
    TYPES,
)
from ptce_data.territories.reasons import (
    REFERENCES,
    Reason,
    truth,
    zone_reasons,
    zoning_reason,
)
from ptce_data.territories.rules import Rules

_FACTS = {
    logic.RURAL: ("is_rural", "si la densité de la commune {n}était rurale"),
    logic.PERIURBAN: ("is_periurban", "si la commune {n}était dans la couronne d’une aire assez grande"),
    logic.QPV: ("has_qpv", "si la commune {n}avait un quartier prioritaire"),
    logic.DEINDUSTRIALISED: ("is_deindustrialised", "si la commune {n}était désindustrialisée"),
}


def explain(result: Classification, commune_insee: str) -> list[Reason]:
    """The reasons of one commune: its type, then rural, périurbain, R1 and R2 by scale, R3, own share, QPV.

    Raises TerritoryError for a code that is not in the result.
    """
    row = _row(result.communes, "commune_insee", commune_insee, "commune")
    data = Indicators(result.communes, result.epci, result.ze, result.national)
    rules = result.rules
    out = [_type_reason(row, rules), rural_reason(row, rules), periurban_reason(row, rules)]
    out.append(_deindustrialised_reason(row, rules))
    for scale, on in (("ze", rules.scale_ze), ("epci", rules.scale_epci)):
        if on:
            out += zone_reasons(_zone(result, row, "ze" if scale == "ze" else "epci"), scale, data, rules)
    if rules.rule_r3:
        out.append(zoning_reason(row, rules))
    if rules.own_share_required:
        out.append(own_reason(row, data, rules))
    out.append(qpv_reason(row, rules))
    return out


def explain_area(result: Classification, code: str, scale: Scale = "epci") -> list[Reason]:
    """The reasons of one EPCI (or ZE): its type, R1 and R2, and its population under R3."""
    table = result.epci if scale == "epci" else result.ze
    row = _row(table, SCALE_CODES[scale], code, "EPCI" if scale == "epci" else "zone d’emploi")
    data = Indicators(result.communes, result.epci, result.ze, result.national)
    rules = result.rules
    shares = [(t, row[f"share_{t}_pct"]) for t in TYPES if row[f"share_{t}_pct"] > 0]
    shares.sort(key=lambda pair: -pair[1])
    texts = [f"{TYPE_LABELS[t]} {percent(v)}" for t, v in shares]
    if row["share_unknown_pct"] > 0:
        texts.append(f"type inconnu {percent(row['share_unknown_pct'])}")
    asks = "Prend le type de la plus grande part de sa population"
    if rules.deindustrialised_override:
        asks += (
            ", sauf s’il est lui-même désindustrialisé et urbain pour au moins "
            f"{percent(rules.min_urban_share_pct, 0)} de sa population"
        )
    found = (
        f"Population par type : {listing(texts)}. Population urbaine : {percent(row['share_urban_pct'])}. "
        f"Territoire lui-même désindustrialisé : {_word(truth(row['is_deindustrialised']))}."
    )
    change = ""
    if truth(row["is_deindustrialised"]) and not truth(row["is_urban_enough"]):
        change = "Serait désindustrialisé si sa population était plus urbaine."
    elif len(shares) > 1 and row["territory_type"] == shares[0][0]:
        gap = points(shares[0][1] - shares[1][1])
        change = f"Le deuxième type, {TYPE_LABELS[shares[1][0]]}, est à {gap} du premier."
    met = None if pd.isna(row["territory_type"]) else True
    out = [
        Reason("type", scale, f"Type : {_type_text(row)}", f"{asks}.", found, met, change, REFERENCES["type"])
    ]
    out += zone_reasons(row, scale, data, rules)
    if rules.rule_r3:
        out.append(
            Reason(
                "r3",
                scale,
                "Zonages de reconversion de l’État (R3)",
                f"Demande : au moins {percent(rules.min_r3_share_pct, 0)} de la population dans l’un d’eux.",
                _r3_share(row),
                truth(row["r3_share_reached"]),
                "",
                REFERENCES["r3"],
            )
        )
    return out


def _r3_share(row: pd.Series) -> str:
    text = f"Population dans un de ces zonages : {percent(row['share_r3_pct'])}"
    unknown = row["share_r3_unknown_pct"]
    return f"{text} ; zonage inconnu pour {percent(unknown)}." if unknown > 0 else f"{text}."


def _row(table: pd.DataFrame, key: str, code: str, noun: str) -> pd.Series:
    found = table.loc[table[key] == code]
    if found.empty:
        raise TerritoryError(f"Code « {code} » : aucune ligne de ce code ({noun}).")
    return found.iloc[0]


def _zone(result: Classification, row: pd.Series, scale: Scale) -> pd.Series | None:
    key = SCALE_CODES[scale]
    table = result.epci if scale == "epci" else result.ze
    found = table.loc[table[key] == row[key]] if not pd.isna(row[key]) else table.iloc[:0]
    return None if found.empty else found.iloc[0]


def _word(value: bool | None) -> str:
    return UNKNOWN if value is None else "oui" if value else "non"


def _type_text(row: pd.Series) -> str:
    if not pd.isna(row["territory_type"]):
        return TYPE_LABELS[str(row["territory_type"])]
    return f"{UNKNOWN} ({listing([TYPE_LABELS[t] for t in str(row['possible_types']).split('|')], 'ou')})"


def _type_reason(row: pd.Series, rules: Rules) -> Reason:
    flags = [f"{TYPE_LABELS[t]} : {_word(truth(row[flag]))}" for t, flag in FLAGS.items()]
    steps = " ; ".join(STEP_LABELS[s] for s in rules.type_order)
    known = not pd.isna(row["territory_type"])
    return Reason(
        "type",
        "commune",
        f"Type : {_type_text(row)}",
        f"La première étape vraie donne le type : {steps} ; sinon urbain autre.",
        f"{' ; '.join(flags).capitalize()}.",
        True if known else None,
        _type_change(row, rules),
        REFERENCES["type"],
    )


def _type_change(row: pd.Series, rules: Rules) -> str:
    """For each of the four facts alone: the type the commune would have if it were the other way."""
    values = {bit: truth(row[column]) for bit, (column, _) in _FACTS.items()}
    if any(v is None for v in values.values()):
        return ""
    table = logic.type_of_state(rules.type_order)
    state = sum(bit for bit, v in values.items() if v)
    texts = []
    for bit, (_, phrase) in _FACTS.items():
        other = TYPES[table[state ^ bit]]
        if other != TYPES[table[state]]:
            negation = "n’" if values[bit] else ""
            text = phrase.format(n=negation).replace("n’avait un", "n’avait pas de")
            text = text.replace("n’était", "n’était pas")
            texts.append(f"{quoted(TYPE_LABELS[other])} {text}")
    return f"Le type serait {listing(texts, 'ou')}." if texts else "Aucun fait isolé ne changerait le type."


def _deindustrialised_reason(row: pd.Series, rules: Rules) -> Reason:
    switches = (
        ("declined_ze", rules.scale_ze, "zone d’emploi"),
        ("declined_epci", rules.scale_epci, "EPCI"),
        ("r3", rules.rule_r3, "zonages de reconversion"),
    )
    used = [(column, label) for column, on, label in switches if on]
    asks = f"Demande que l’un au moins tienne : {listing([label for _, label in used], 'ou')}"
    if rules.own_share_required:
        asks += " ; et que la commune ait elle-même été ouvrière"
    texts = [f"{label} : {_word(truth(row[column]))}" for column, label in used]
    if rules.own_share_required:
        texts.append(f"commune ouvrière en {rules.base_year} : {_word(truth(row['above_national_base']))}")
    met = truth(row["is_deindustrialised"])
    found = " ; ".join(texts)
    if met:
        found += f". Force : {number(int(row['deindustrialised_strength']))} sur {len(used)}"
    change = ""
    if met is False and used:
        grounds = any(truth(row[column]) for column, _ in used)
        change = (
            f"Serait remplie si la commune avait été plus ouvrière en {rules.base_year}."
            if grounds
            else "Serait remplie si l’une de ces références tenait."
            if not rules.own_share_required or truth(row["above_national_base"])
            else "Il faudrait les deux : une référence, et une commune plus ouvrière."
        )
    return Reason(
        "desindustrialise",
        "commune",
        "Désindustrialisé",
        f"{asks}." if used else "Aucune règle n’est retenue.",
        f"{found[:1].upper()}{found[1:]}.",
        met,
        change,
        f"{REFERENCES['r1']} ; {REFERENCES['r2']} ; {REFERENCES['r3']}",
    )
