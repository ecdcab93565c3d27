"""One rule applied to one place, in French words: asked, found, met or not, what would change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from ptce_data.territories.classify import references
from ptce_data.territories.french import listing, number, percent, points, signed_percent
from ptce_data.territories.indicators import Indicators
from ptce_data.territories.rules import Rules

#: Reference of each rule, as it is shown beside it.
REFERENCES: Final = {
    "r1": "Règlement (CEE) n° 2052/88 du Conseil du 24 juin 1988, article 9 (zones en déclin industriel, "
    "Objectif 2)",
    "r2": "Observatoire des territoires, 2018 (intensité du recul de l’industrie)",
    "r3": "ANCT : bassins d’emploi à redynamiser, bassins urbains à dynamiser, zones d’aide à finalité "
    "régionale 2014–2020, Territoires d’industrie 2018–2022 et 2023–2027",
    "own": "Choix de cette méthode : la commune doit elle-même avoir été ouvrière (Insee, recensement)",
    "rural": "Insee, grille communale de densité à 7 niveaux (2022)",
    "periurbain": "Insee, zonage en aires d’attraction des villes 2020",
    "qpv": "ANCT, quartiers prioritaires de la politique de la ville 2024",
    "type": "Choix de cette méthode : ordre fixe des types (docs/territoires.md)",
}
CENSUS: Final = "Insee, recensements ; actifs de 25 à 54 ans au lieu de résidence"
SCALE_WORDS: Final = {"ze": "zone d’emploi", "epci": "EPCI"}

_GAPS: Final = {
    "base_share_above_national": "part des ouvriers de départ",
    "unemployment_above_national": "taux de chômage",
    "share_fell_more": "recul de la part des ouvriers",
}


@dataclass(frozen=True)
class Reason:
    """One rule on one place. `met` is None when unknown; `change` is empty when nothing can be said."""

    rule: str
    scale: str
    title: str
    asks: str
    found: str
    met: bool | None
    change: str
    reference: str


def truth(value: Any) -> bool | None:
    """A nullable boolean cell as True, False or None."""
    return None if pd.isna(value) else bool(value)


def status(met: bool | None) -> str:
    """The word shown for `met`."""
    return {True: "remplie", False: "non remplie", None: "inconnue"}[met]


def zone_reasons(zone: pd.Series | None, scale: str, data: Indicators, rules: Rules) -> list[Reason]:
    """R1 and R2 (those switched on) of one EPCI or ZE; `zone` is its row, None where there is none."""
    out = []
    for rule, on, title in (
        ("r1", rules.rule_r1, "Déclin industriel (R1)"),
        ("r2", rules.rule_r2, "Intensité du recul (R2)"),
    ):
        if not on:
            continue
        where = SCALE_WORDS[scale]
        asks = _zone_asks(rule, rules)
        if zone is None:
            found, met, change = f"Aucun rattachement connu : {where}.", None, ""
        else:
            found = _zone_found(zone, rule, data, rules)
            met = truth(zone[rule])
            change = _zone_change(zone, rule, met, data, rules)
        name = "" if zone is None else f" : {zone['name']}"
        out.append(Reason(rule, scale, f"{title}, {where}{name}", asks, found, met, change, REFERENCES[rule]))
    return out


def _zone_asks(rule: str, rules: Rules) -> str:
    base, end = rules.base_year, rules.end_year
    margin = _margin(rules.base_share_margin_pts)
    share = f"part des ouvriers au moins égale à celle de la France en {base}{margin}"
    loss = f", d’au moins {percent(rules.min_job_loss_pct)}" if rules.min_job_loss_pct else ""
    fell = f"nombre d’ouvriers en emploi en baisse de {base} à {end}{loss}"
    if rule == "r1":
        rate = f"taux de chômage au moins égal à celui de la France en {end}"
        return f"Demande : {rate}{_margin(rules.unemployment_margin_pts)} ; {share} ; {fell}."
    more = f"part des ouvriers en recul plus fort qu’en France{_margin(rules.decline_margin_pts)}"
    return f"Demande : {share} ; {more} ; {fell}."


def _margin(value: float) -> str:
    return f" (écart exigé : {points(value)})" if value else ""


def _zone_found(zone: pd.Series, rule: str, data: Indicators, rules: Rules) -> str:
    base, end = rules.base_year, rules.end_year
    if pd.isna(zone[f"workers_share_{base}_pct"]) or pd.isna(zone[f"workers_share_{end}_pct"]):
        return "Aucun chiffre de recensement comparable : la règle ne peut pas être lue ici."
    if zone["census_coverage_pct"] < rules.min_coverage_pct:
        return f"Chiffres connus pour {percent(zone['census_coverage_pct'])} de la population seulement."
    nation = references(data, rules)
    before, after = zone[f"workers_share_{base}_pct"], zone[f"workers_share_{end}_pct"]
    first, last = zone[f"workers_employed_{base}"], zone[f"workers_employed_{end}"]
    share = f"ouvriers en {base} : {percent(before)} des actifs (France : {percent(nation['base_share'])})"
    change = (last / first - 1) * 100 if first > 0 else float("nan")
    jobs = (
        f"ouvriers en emploi : {number(first)} en {base}, {number(last)} en {end} ({signed_percent(change)})"
    )
    if rule == "r1":
        rate = zone[f"unemployment_rate_{end}_pct"]
        unemployed = f"chômage en {end} : {percent(rate)} (France : {percent(nation['unemployment'])})"
        return f"{_capital(unemployed)} ; {share} ; {jobs}. {CENSUS}."
    fall, national_fall = before - after, nation["base_share"] - nation["end_share"]
    drop = (
        f"recul de {points(fall)} entre {base} ({percent(before)}) et {end} ({percent(after)}), "
        f"contre {points(national_fall)} en France"
    )
    return f"{_capital(share)} ; {drop} ; {jobs}. {CENSUS}."


def _zone_change(zone: pd.Series, rule: str, met: bool | None, data: Indicators, rules: Rules) -> str:
    if met is None:
        return ""
    nation = references(data, rules)
    base, end = rules.base_year, rules.end_year
    before, after = zone[f"workers_share_{base}_pct"], zone[f"workers_share_{end}_pct"]
    gaps = {"base_share_above_national": before - nation["base_share"] - rules.base_share_margin_pts}
    if rule == "r1":
        rate = zone[f"unemployment_rate_{end}_pct"]
        gaps["unemployment_above_national"] = rate - nation["unemployment"] - rules.unemployment_margin_pts
    else:
        national_fall = nation["base_share"] - nation["end_share"]
        gaps["share_fell_more"] = before - after - national_fall - rules.decline_margin_pts
    if met:
        name = min(gaps, key=lambda k: gaps[k])
        return f"Ne serait plus remplie avec un seuil relevé de plus de {points(gaps[name])} ({_GAPS[name]})."
    # « Not met » with a known gap: the conditions that are false are what is missing.
    short = [
        f"{points(-gap)} de plus ({_GAPS[name]})" for name, gap in gaps.items() if truth(zone[name]) is False
    ]
    if truth(zone["jobs_fell"]) is False:
        short.append("une baisse assez forte du nombre d’ouvriers en emploi")
    return f"Serait remplie avec {listing(short)}."


def zoning_reason(row: pd.Series, rules: Rules) -> Reason:
    """R3 of one commune."""
    phases = {1: "2018–2022", 2: "2023–2027"}
    names = [
        f"{row[f'territoire_industrie_{p}']} ({phases[p]})"
        for p in rules.industry_phases
        if not pd.isna(row[f"territoire_industrie_{p}"])
    ]
    parts, found = [], []
    if rules.zoning_ber:
        parts.append("bassin d’emploi à redynamiser")
        found.append(f"bassin d’emploi à redynamiser : {yes_no(row['ber'])}")
    if rules.zoning_bud:
        parts.append("bassin urbain à dynamiser")
        found.append(f"bassin urbain à dynamiser : {yes_no(row['bud'])}")
    if rules.zoning_afr_industry:
        parts.append("zone d’aide à finalité régionale et Territoire d’industrie à la fois")
        found.append(f"zone d’aide à finalité régionale : {yes_no(row['afr'])}")
        found.append(f"Territoire d’industrie : {listing(names) if names else 'non'}")
    met = truth(row["r3"])
    change = ""
    if met is False and rules.zoning_afr_industry:
        afr = truth(row["afr"])
        missing = "un Territoire d’industrie" if afr else "une zone d’aide à finalité régionale"
        if afr or names:
            change = f"Serait remplie avec {missing} en plus."
    return Reason(
        "r3",
        "commune",
        "Zonages de reconversion de l’État (R3)",
        f"Demande : {listing(parts, 'ou')}." if parts else "Aucun zonage n’est retenu.",
        f"{_capital(' ; '.join(found))}." if found else "Aucun zonage n’est retenu.",
        met,
        change,
        REFERENCES["r3"],
    )


def yes_no(value: Any) -> str:
    """`oui`, `non` or `inconnu`."""
    known = truth(value)
    return "inconnu" if known is None else "oui" if known else "non"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
