"""Small made-up territories for the tests: each commune is a row with every field given a plain default."""

from __future__ import annotations

from typing import Any

import pandas as pd

PLAIN: dict[str, Any] = {
    "epci_siren": "200000001",
    "epci": "CC Une",
    "ze2020": "0101",
    "ze2020_label": "Une",
    "aav2020": "001",
    "aav2020_label": "Ville",
    "territoire_industrie_1": None,
    "territoire_industrie_2": None,
    "population": 1000,
    "density_level": 1,
    "taav2017": 0,
    "cateaav2020": 30,
    "qpv_count": 0,
    "afr": 0,
    "ber": 0,
    "bud": 0,
    "employed_25_54_1982": 90.0,
    "unemployed_25_54_1982": 10.0,
    "workers_employed_1982": 30.0,
    "workers_unemployed_1982": 0.0,
    "employed_25_54_2011": 90.0,
    "unemployed_25_54_2011": 10.0,
    "workers_employed_2011": 30.0,
    "workers_unemployed_2011": 0.0,
}
#: A commune that lost its industry: many workers, many jobs lost, high unemployment.
LOST = {
    "workers_employed_1982": 60.0,
    "workers_employed_2011": 20.0,
    "employed_25_54_2011": 70.0,
    "unemployed_25_54_2011": 30.0,
}


def inputs(*communes: dict[str, Any]) -> pd.DataFrame:
    """A table of inputs; codes 01001, 01002… unless given."""
    rows = []
    for number, own in enumerate(communes, start=1):
        rows.append({"commune_insee": f"01{number:03d}", **PLAIN, **own})
    return pd.DataFrame(rows)


def area(number: int) -> dict[str, str]:
    """The codes of another EPCI and zone d'emploi."""
    return {
        "epci_siren": f"20000000{number}",
        "epci": f"CC n° {number}",
        "ze2020": f"010{number}",
        "ze2020_label": f"Zone {number}",
    }
