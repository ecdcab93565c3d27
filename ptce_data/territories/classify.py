"""The classifier: indicators and thresholds in, flags, evidence and types out. Pure; changes no input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ptce_data.territories import logic
from ptce_data.territories.areas import area_types
from ptce_data.territories.errors import TerritoryError
from ptce_data.territories.indicators import SCALE_CODES, Indicators, Scale, indicators
from ptce_data.territories.rules import Rules


@dataclass(frozen=True)
class Classification:
    """Result of one run.

    communes: the indicators of each commune, then `territory_type`, `possible_types` (where the type
        is unknown), the four flags, `deindustrialised_strength` (0-3) and the evidence booleans.
    epci, ze: the indicators of each area, then `territory_type`, `possible_types`,
        `is_deindustrialised`, its evidence, and the share of population of each type, in percent.
    national: national counts and rates by census year. rules: the thresholds of the run.
    Booleans are nullable: missing means unknown, never false. Frames are sorted by code.
    """

    communes: pd.DataFrame
    epci: pd.DataFrame
    ze: pd.DataFrame
    national: pd.DataFrame
    rules: Rules


def classify(source: pd.DataFrame | Indicators, rules: Rules | None = None) -> Classification:
    """Classify every commune, EPCI and zone d'emploi.

    `source` is the table of inputs or the indicators already computed from it (those that ship).
    Raises TerritoryError for a bad input, or for years that the data do not have.
    """
    rules = Rules() if rules is None else rules
    data = source if isinstance(source, Indicators) else indicators(source)
    for field in ("base_year", "end_year"):
        if getattr(rules, field) not in data.years:
            have = ", ".join(str(y) for y in data.years)
            raise TerritoryError(
                f"Seuil « {field} » : {getattr(rules, field)} n’est pas dans les données (années : {have})."
            )
    epci, ze = zone_evidence(data, "epci", rules), zone_evidence(data, "ze", rules)
    communes = data.communes.sort_values("commune_insee", ignore_index=True)
    evidence = _commune_evidence(communes, epci, ze, data, rules)
    communes, masks = _with_types(communes, evidence, rules)
    return Classification(
        communes,
        area_types(data.epci, epci, communes, masks, "epci", rules),
        area_types(data.ze, ze, communes, masks, "ze", rules),
        data.national.copy(),
        rules,
    )


def references(data: Indicators, rules: Rules) -> dict[str, float]:
    """National values the rules compare with, in percent: base_share, end_share, unemployment."""
    table = data.national
    shares = table["workers_share_pct"].to_dict()
    computed = {
        "base_share": float(shares[rules.base_year]),
        "end_share": float(shares[rules.end_year]),
        "unemployment": float(table["unemployment_rate_pct"].to_dict()[rules.end_year]),
    }
    given = {
        "base_share": rules.national_base_share_pct,
        "end_share": rules.national_end_share_pct,
        "unemployment": rules.national_unemployment_rate_pct,
    }
    return {k: v if (v := given[k]) is not None else computed[k] for k in computed}


def zone_evidence(data: Indicators, scale: Scale, rules: Rules) -> pd.DataFrame:
    """R1 and R2 of each EPCI or ZE, part by part, indexed by its code.

    Columns: unemployment_above_national, base_share_above_national, jobs_fell, share_fell_more, r1, r2
    and declined (all the rules among R1 and R2 that are switched on).
    """
    table = (data.epci if scale == "epci" else data.ze).set_index(SCALE_CODES[scale])
    nation = references(data, rules)
    base, end = rules.base_year, rules.end_year
    covered = table["census_coverage_pct"] >= rules.min_coverage_pct
    base_share = table[f"workers_share_{base}_pct"].where(covered)
    end_share = table[f"workers_share_{end}_pct"].where(covered)
    unemployment = table[f"unemployment_rate_{end}_pct"].where(covered)
    before = table[f"workers_employed_{base}"].where(covered)
    loss_pct = (1 - table[f"workers_employed_{end}"] / before.where(before > 0)) * 100
    national_fall = nation["base_share"] - nation["end_share"]
    out = pd.DataFrame(index=table.index)
    out["unemployment_above_national"] = logic.at_least(
        unemployment, nation["unemployment"] + rules.unemployment_margin_pts
    )
    out["base_share_above_national"] = logic.at_least(
        base_share, nation["base_share"] + rules.base_share_margin_pts
    )
    out["jobs_fell"] = logic.more_than(loss_pct, 0.0) & logic.at_least(loss_pct, rules.min_job_loss_pct)
    out["share_fell_more"] = logic.more_than(base_share - end_share, national_fall + rules.decline_margin_pts)
    shared = out["base_share_above_national"] & out["jobs_fell"]
    out["r1"] = shared & out["unemployment_above_national"]
    out["r2"] = shared & out["share_fell_more"]
    wanted = [out[r] for r, on in (("r1", rules.rule_r1), ("r2", rules.rule_r2)) if on]
    out["declined"] = logic.all_of(wanted, out.index) & bool(wanted)
    return out


def zoning_evidence(communes: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """R3 of each commune and its parts: r3_ber, r3_bud, r3_afr_industry, in_industry_territory, r3."""
    out = pd.DataFrame(index=communes.index)
    # Both lists are published in full: a commune that is not named is not in the programme.
    phases = [communes[f"territoire_industrie_{p}"].notna().astype("boolean") for p in rules.industry_phases]
    out["in_industry_territory"] = logic.any_of(phases, communes.index)
    out["r3_ber"] = communes["ber"].astype("boolean")
    out["r3_bud"] = communes["bud"].astype("boolean")
    out["r3_afr_industry"] = communes["afr"].astype("boolean") & out["in_industry_territory"]
    switches = (
        ("r3_ber", rules.zoning_ber),
        ("r3_bud", rules.zoning_bud),
        ("r3_afr_industry", rules.zoning_afr_industry),
    )
    out["r3"] = logic.any_of([out[name] for name, on in switches if on], communes.index)
    return out


def _commune_evidence(
    communes: pd.DataFrame, epci: pd.DataFrame, ze: pd.DataFrame, data: Indicators, rules: Rules
) -> pd.DataFrame:
    out = zoning_evidence(communes, rules)
    for scale, zones in (("ze", ze), ("epci", epci)):
        codes = communes[SCALE_CODES["ze" if scale == "ze" else "epci"]]
        found = zones[["r1", "r2", "declined"]].reindex(codes.to_numpy())
        for name in ("r1", "r2", "declined"):
            out[f"{name}_{scale}"] = pd.Series(found[name].array, index=communes.index)
    threshold = references(data, rules)["base_share"] + rules.own_share_margin_pts
    out["above_national_base"] = logic.at_least(communes[f"workers_share_{rules.base_year}_pct"], threshold)
    out["rural_density"] = logic.is_among(communes["density_level"], rules.rural_density_levels)
    out["in_area_ring"] = logic.is_among(communes["cateaav2020"], rules.area_categories)
    out["area_large_enough"] = logic.at_least(communes["taav2017"], rules.min_area_class)
    out["has_qpv"] = logic.at_least(communes["qpv_count"], rules.min_qpv)
    return out


def _with_types(
    communes: pd.DataFrame, evidence: pd.DataFrame, rules: Rules
) -> tuple[pd.DataFrame, logic.IntArray]:
    """Flags, strength and primary type; and the bit mask of the types each commune may have."""
    index = communes.index
    switches = (
        ("declined_ze", rules.scale_ze),
        ("declined_epci", rules.scale_epci),
        ("r3", rules.rule_r3),
    )
    grounds = [evidence[name] for name, on in switches if on]
    deindustrialised = logic.any_of(grounds, index)
    if rules.own_share_required:
        deindustrialised = deindustrialised & evidence["above_national_base"]
    rural = evidence["rural_density"]
    periurban = evidence["in_area_ring"] & evidence["area_large_enough"]
    facts = {
        logic.RURAL: rural,
        logic.PERIURBAN: periurban,
        logic.QPV: evidence["has_qpv"],
        logic.DEINDUSTRIALISED: deindustrialised,
    }
    masks = logic.possible_types(facts, rules.type_order)
    held = np.sum([logic.known_true(g) for g in grounds], axis=0) if grounds else np.zeros(len(communes))
    strength = pd.Series(held, index=index).where(logic.known_true(deindustrialised), 0)
    flags = pd.DataFrame(
        {
            "territory_type": logic.type_names(masks, index),
            "possible_types": logic.type_lists(masks, index),
            "is_deindustrialised": deindustrialised,
            "is_rural": rural,
            "is_urban_working_class": ~rural & evidence["has_qpv"],
            "is_periurban": periurban,
            "deindustrialised_strength": strength.astype("Int8").mask(deindustrialised.isna()),
        }
    )
    return pd.concat([communes, flags, evidence], axis=1), masks
