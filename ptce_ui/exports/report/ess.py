"""The weight of the ESS in a study's documents: part 2 of the report, and a sheet of its workbook."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ptce_data import sirene
from ptce_data.study import Study
from ptce_ui import ess_tables
from ptce_ui.exports.document import Heading, Paragraph
from ptce_ui.exports.document.model import Block, Source
from ptce_ui.exports.report.facts import Facts
from ptce_ui.exports.report.words import NBSP, table

SIRENE: Final = "insee-sirene"
#: Parts of a perimeter of which a portrait is printed: masked figures cannot be added up.
_PARTS: Final = 3
#: The groups that are printed; the workbook has them all.
_GROUPS: Final = ("Poids de l’ESS", "ESS par famille juridique")


def source() -> tuple[Source, ...]:
    """The register as a source, when something was computed from it."""
    found = sirene.state()
    if not found.is_computed:
        return ()
    return (
        Source(SIRENE, "Insee", found.how.page, "Répertoire Sirene, fichiers stock ; calcul de l’atlas", found.date, None,
               found.how.licence),
    )  # fmt: skip


def blocks(facts: Facts) -> list[Block]:
    """The portrait of each part of the perimeter; nothing when nothing is computed."""
    found = sirene.state()
    if not found.is_computed:
        return []
    made: list[Block] = []
    for level, code in facts.study.perimeter.parts()[:_PARTS]:
        rows = sirene.portrait(level, code)
        rows = rows[rows["group"].isin(_GROUPS)]
        if rows.empty:
            continue
        shown = ess_tables.portrait(rows)
        cells = shown[["Indicateur", "Unité", "Ici", "France"]].itertuples(index=False, name=None)
        made.append(
            table(
                f"Poids de l’ESS : {_name(facts, level, code)}", ("Indicateur", "Unité", "Ici", "France"),
                [tuple(map(str, row)) for row in cells], note=found.secrecy, sources=(SIRENE,), widths=(5, 2.4, 1.6, 1.6),
            )
        )  # fmt: skip
    if not made:
        return []
    return [Heading("L’économie sociale et solidaire", 2), Paragraph(f"{found.said}{NBSP}", (SIRENE,)), *made]


def sheet(study: Study) -> pd.DataFrame:
    """Every indicator of every part: level, code, indicator, unit, value, whether it is masked, France, date."""
    frames = []
    for level, code in study.perimeter.parts() if sirene.state().is_computed else ():
        rows = sirene.portrait(level, code)
        frames.append(rows.assign(level=level, code=code))
    columns = ["level", "code", "indicator_id", "label", "unit", "value", "is_masked", "national", "year"]
    return pd.concat(frames)[columns].reset_index(drop=True) if frames else pd.DataFrame(columns=columns)


def _name(facts: Facts, level: str, code: str) -> str:
    layer, key = (
        (facts.dataset.epci, "epci_siren") if level == "epci" else (facts.dataset.communes, "commune_insee")
    )
    found = layer.loc[layer[key] == code, "name"]
    return str(found.iloc[0]) if len(found) else code
