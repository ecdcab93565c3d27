"""Codes of a study that the atlas does not know: told, never dropped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ptce_data.study.model import Study
from ptce_data.territories.french import listing, quoted

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_LISTED = 5


def check(dataset: Dataset, study: Study) -> list[str]:
    """Return one French sentence per kind of code that the atlas does not know; empty when it knows all.

    What is unknown stays in the study: the file may come from another year's codes or other data.
    """
    communes = frozenset(dataset.communes["commune_insee"])
    epci = frozenset(dataset.epci["epci_siren"])
    uids = frozenset(dataset.places["uid"]) | frozenset(dataset.merged_uids)
    areas = communes | epci | frozenset(dataset.regions["region_code"])
    areas |= frozenset(dataset.departements["departement_code"])
    areas |= frozenset(dataset.former_regions["former_region_code"])
    schemes = frozenset(dataset.support_schemes["id"])
    kept = [code for scenario in study.scenarios for code in scenario.schemes]
    unknown = "que l’atlas ne connaît pas (autre année de référence\u00a0?)"
    found = (
        _said(study.perimeter.communes, communes, f"Communes du périmètre {unknown}"),
        _said(study.perimeter.epci, epci, f"Intercommunalités du périmètre {unknown}"),
        _said(
            (p.commune for p in study.places if p.commune is not None),
            communes,
            f"Communes de lieux ajoutés {unknown}",
        ),
        _said((a.uid for a in study.annotations), uids, "Lieux annotés qui ne sont pas dans l’atlas"),
        _said((c.rpartition(":")[2] for c in study.peers), areas, f"Territoires comparables {unknown}"),
        _said(study.inspiring_poles, uids, "Pôles choisis qui ne sont pas dans l’atlas"),
        _said(kept, schemes, "Dispositifs retenus qui ne sont pas dans l’atlas"),
        _unplaced(study),
    )
    return [sentence for sentence in found if sentence]


def _said(codes: Iterable[str], known: frozenset[str], what: str) -> str:
    lost = [code for code in dict.fromkeys(codes) if code not in known]
    if not lost:
        return ""
    more = f" et {len(lost) - _LISTED} autres" if len(lost) > _LISTED else ""
    listed = ", ".join(lost[:_LISTED]) if more else listing(lost)
    return f"{what}\u00a0: {listed}{more}."


def _unplaced(study: Study) -> str:
    names = [
        quoted(p.name or p.id) for p in study.places if (p.lon is None or p.lat is None) and p.commune is None
    ]
    if not names:
        return ""
    return (
        f"Lieux ajoutés sans position ni commune, donc hors des calculs\u00a0: {listing(names[:_LISTED])}"
        + (f" et {len(names) - _LISTED} autres." if len(names) > _LISTED else ".")
    )
