"""From the table of inputs and the official files to a classification; for the command and for the script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from ptce_data.territories.classify import Classification, classify
from ptce_data.territories.codes import CommuneCodes
from ptce_data.territories.inputs import read_inputs
from ptce_data.territories.loaders import (
    Loaded,
    assemble,
    load_aav,
    load_density,
    load_industry,
    load_qpv,
    load_ze,
)
from ptce_data.territories.parameters import TYPE_LABELS, TYPES
from ptce_data.territories.rules import Rules

Loader = Callable[[Path, CommuneCodes], Loaded]
#: Name of an official file -> what reads it, as published.
LOADERS: Final[dict[str, Loader]] = {
    "density": load_density,
    "aav": load_aav,
    "ze": load_ze,
    "qpv": load_qpv,
    "industry_1": lambda path, codes: load_industry(path, codes, 1),
    "industry_2": lambda path, codes: load_industry(path, codes, 2),
}


def build(
    source: Path,
    rules: Rules,
    official: Mapping[str, Path],
    former: Path,
    accept_unmapped: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Classification:
    """Read the inputs, lay official files over them and classify; nothing is written.

    `official` maps names of `LOADERS` to files, `former` is data/codes/former_communes.csv (read only when
    there are official files), `tell` is given one text per file. Raises TerritoryError.
    """
    inputs = read_inputs(source)
    if official:
        codes = CommuneCodes.from_csv(inputs["commune_insee"], former)
        parts = [LOADERS[name](path, codes) for name, path in official.items()]
        for part in parts:
            tell("\n".join(part.messages()) or f"{part.source} : {len(part.frame)} communes.")
        inputs = assemble(inputs, parts, accept_unmapped=accept_unmapped)
    return classify(inputs, rules)


def summary(result: Classification) -> str:
    """Counts and population shares of the communes by type, in French, one line each."""
    people = result.communes["population"].astype("int64")
    types = result.communes["territory_type"].fillna("inconnu")
    lines = []
    for name in (*TYPES, "inconnu"):
        inside = types == name
        share = people[inside].sum() / people.sum() * 100
        lines.append(f"  {TYPE_LABELS.get(name, name):<26} {int(inside.sum()):>6} communes  {share:5.1f} %")
    return "\n".join(lines)
