"""Money as a reader's tables, with what cannot be computed and why. No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ptce_data.funding import DEFINITIONS, Mix, measures
from ptce_data.funding.bases import BASES
from ptce_data.funding.mix import STATES
from ptce_ui.text import UNKNOWN_TEXT, Labels, euros, number, percent

if TYPE_CHECKING:
    from ptce_data.load import Dataset

NOTE: Final = (
    "Chaque barre fait 100 % de **sa** base (budget de fonctionnement, chiffre d’affaires, un investissement…) : "
    "deux barres de bases différentes ne se comparent pas, et rien n’est moyenné ni additionné. La part hachurée "
    "est non renseignée par la source. Le bénévolat n’entre jamais dans le total en argent."
)


def name(mix: Mix) -> str:
    """Label of a bar: who, when, of what, how many organisations stand behind."""
    who = mix.entity.name if len(mix.entity.name) <= 46 else mix.entity.name[:45] + "…"
    count = f"n\u00a0=\u00a0{number(mix.organisations)}" if mix.organisations else "n non publié"
    return f"{who}, {mix.year or 's. d.'} · {BASES[mix.base].lower()} · {count}"


def unique_names(documented: Sequence[Mix]) -> dict[str, str]:
    """Mix id -> label; equal labels are told apart by a number."""
    made: dict[str, str] = {}
    seen: dict[str, int] = {}
    for mix in documented:
        label = name(mix)
        seen[label] = seen.get(label, 0) + 1
        made[mix.id] = label if seen[label] == 1 else f"{label} ({seen[label]})"
    return made


def measure_text(value: float | None, low: float | None, high: float | None, unit: str) -> str:
    """A measure in words: its value, its bounds, or "non calculable"."""

    def one(v: float) -> str:
        return percent(v, 1 if v % 1 else 0) if unit == "%" else number(v)

    if value is not None:
        return one(value)
    if low is not None and high is not None:
        return f"entre {one(low)} et {one(high)}"
    if low is not None:
        return f"au moins {one(low)}"
    if high is not None:
        return f"au plus {one(high)}"
    return "non calculable"


def mixes(documented: Sequence[Mix], names: Mapping[str, str]) -> pd.DataFrame:
    """One row per mix: state, total, the five measures, why one is missing."""
    rows: list[dict[str, Any]] = []
    for mix in documented:
        row: dict[str, Any] = {
            "Qui, quand, sur quelle base": names[mix.id],
            "État": STATES[mix.state][0],
            "Total": euros(mix.total.eur) if mix.total else UNKNOWN_TEXT,
        }
        reasons = []
        for m in measures(mix):
            row[m.label] = measure_text(m.value, m.low, m.high, m.unit)
            if m.value is None and m.reason:
                reasons.append(m.reason)
        row["Pourquoi pas calculable"] = " ; ".join(dict.fromkeys(reasons))
        row["Ce que dit la source de sa base"] = " / ".join(mix.notes)
        rows.append(row)
    return pd.DataFrame(rows)


def definitions() -> str:
    """The measures and states in words, as Markdown."""
    lines = [f"- **{label}** ({unit}) : {text}" for label, text, unit in DEFINITIONS.values()]
    lines += [f"- **{label}** : {text}" for label, text in STATES.values()]
    return "\n".join(lines)


def programmes(frame: pd.DataFrame, publishers: Mapping[str, str]) -> pd.DataFrame:
    """Every published value of one metric, contradictions side by side."""
    return pd.DataFrame(
        {
            "Année": frame["year"].map(lambda v: UNKNOWN_TEXT if pd.isna(v) else str(int(v))),
            "Appel": frame["programme"],
            "Valeur": [
                f"{'au moins ' if r.is_minimum else ''}{number(r.value)} {r.unit}" for r in frame.itertuples()
            ],
            "Contredite": frame["contradicted"].map({True: "oui", False: ""}),
            "Dit par": frame["said_by"].fillna(frame["source_id"].map(publishers)).fillna("calcul"),
            "Précision": frame["note"].fillna(""),
        }
    )


def public_money(frame: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Documented awards by region, all levels together, then each."""
    levels = {"tous": "Tous"}
    return pd.DataFrame(
        {
            "Région": frame["name"],
            "Financeur": [levels.get(v, labels.of("funder_level", v)) for v in frame["funder_level"]],
            "Aides documentées": frame["awards"],
            "Bénéficiaires": frame["beneficiaries"],
            "Montant": frame["amount_eur"].map(lambda v: "rien de documenté" if pd.isna(v) else euros(v)),
            "Par habitant": frame["eur_per_inhabitant"].map(
                lambda v: UNKNOWN_TEXT if pd.isna(v) else f"{number(v, 3)} €"
            ),
        }
    )


def named(frame: pd.DataFrame) -> pd.DataFrame:
    """Laureates published, named, named with an amount."""

    def whole(value: Any) -> str:
        return UNKNOWN_TEXT if pd.isna(value) else number(int(value))

    return pd.DataFrame(
        {
            "Appel": frame["programme"],
            "Lauréats publiés": frame["laureates"].map(whole),
            "Nommés ici": frame["named"].map(whole),
            "Dont montant connu": frame["with_amount"].map(whole),
            "Part nommée": frame["named_pct"].map(lambda v: UNKNOWN_TEXT if pd.isna(v) else percent(v)),
        }
    )


def publishers(dataset: Dataset) -> dict[str, str]:
    """Source id -> publisher."""
    return dict(zip(dataset.sources["id"], dataset.sources["publisher"], strict=True))


def foot(dataset: Dataset, ids: Sequence[str]) -> str:
    """The line of sources under a picture: publishers, and what the figures are."""
    known = publishers(dataset)
    named = sorted({known[i] for i in ids if i in known}, key=str.casefold)
    listed = ", ".join(named[:12]) + (f" et {len(named) - 12} autres" if len(named) > 12 else "")
    return f"sources : {listed}. Chiffres tels que publiés, non comparables d’une base à l’autre."
