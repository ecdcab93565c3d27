"""Scenes of the page Financements: mixes, calls over time, flows, public money; the tools in words."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from ptce_data.funding import DEFINITIONS, Mix, flows, programmes, public_money
from ptce_data.funding import mixes as documented
from ptce_data.funding.bases import BASES
from ptce_data.places import UNKNOWN
from ptce_ui import funding_figures, funding_tables, text
from ptce_ui.exports.slides.model import ChartSeries, NativeChart
from ptce_ui.scenes.model import ChartVisual, Shown, View, nothing, others, sentence, table
from ptce_ui.scenes.native import bars, known, series, told_apart
from ptce_ui.theme import MISSING_STYLE, ORIGIN_STYLES

#: Bars that stay legible with names on three lines.
_BARS: Final = 5
_ROWS: Final = 12
_LEGEND: Final = 44
_CALL: Final = 40
#: How far rounded shares may be from 100 %.
_WHOLE: Final = 0.5
#: One colour per call, none of them that of a territory type.
_CALLS: Final = (
    "#332288",
    "#88CCEE",
    "#44AA99",
    "#999933",
    "#CC6677",
    "#4477AA",
    "#882255",
    "#DDCC77",
    "#AAAAAA",
)
_LEVEL_STYLES: Final = {
    "etat": "État", "region": "Région", "departement": "Département", "commune_epci": "Commune ou intercommunalité",
    "ue": "Union européenne",
}  # fmt: skip
_NAMED_ONLY: Final = (
    "Aides à des bénéficiaires nommés seulement ; « rien de documenté » ne veut pas dire rien."
)


def mixes(view: View) -> Shown:
    """Bars of 100 %: who pays, as the sources tell it."""
    dataset, who = view.dataset, view.get("qui")
    by: Any = view.get("grouper")
    listed = [m for m in documented.mixes(dataset) if not who or m.entity.kind == who]
    references = [m for m in documented.samples(dataset) if not who or m.entity.kind.startswith(who)]
    ordered = [m for group in documented.grouped(listed, by) for m in group.mixes]
    drawn = [m for m in [*ordered, *references] if m.parts and m.has_shares]
    everything = [*ordered, *references]
    if not everything:
        return nothing("Aucun financement n’est documenté", "Aucun chiffre de financement publié n’a été lu.")
    # The fullest ones first: a bar that is nearly all hatched teaches nobody.
    best = sorted(drawn, key=lambda m: (-_told(m), everything.index(m)))[:_BARS]
    kept = [m for m in drawn if m in best]
    names = funding_tables.unique_names(everything)
    title = (
        f"{text.count(len(ordered), 'mix de financement est documenté', 'mix de financement sont documentés')} pour "
        f"{text.count(len({m.entity.key for m in ordered}), 'organisation', 'organisations')}"
    )
    facts = funding_tables.mixes(everything, names)
    ids = [i for m in kept for i in m.source_ids]
    note = sentence(others(len(drawn) - len(kept), "barre", "barres"), "Chaque barre fait 100 % de sa base : deux bases ne se comparent pas, rien n’est moyenné.")  # fmt: skip
    message = "Qui paie la coopération, selon les sources : la part hachurée est non renseignée, le bénévolat reste à part."
    if not kept:
        visual, left = table(facts.iloc[:, :3])
        return Shown(title, message, title, visual, facts, ids, sentence(left))
    names = _short(kept)
    native = _native(kept, names)
    figure = funding_figures.mixes(documented.parts_frame(kept), [m.id for m in kept], names)
    return Shown(title, message, native.alt, ChartVisual(figure, native), facts, ids, note)


def _short(kept: list[Mix]) -> dict[str, str]:
    """Names that hold on two lines; who, when, of what. The number of organisations is in the table."""
    said = [f"{_cut(m.entity.name, 30)}, {m.year or 's. d.'} · {BASES[m.base].lower()}" for m in kept]
    return dict(zip([m.id for m in kept], told_apart(said), strict=True))


def _told(mix: Mix) -> float:
    """Per cent of the base that the source tells."""
    return 100.0 - (mix.missing.high if mix.missing is not None else 0.0)


def _native(kept: list[Mix], names: dict[str, str]) -> NativeChart:
    parts = documented.parts_frame(kept)
    cash = parts[~parts["is_volunteer"] & ~parts["is_missing"]].copy()
    cash["drawn"] = cash["share_pct"].fillna(cash["share_min_pct"]).astype(float)
    ids = [m.id for m in kept]
    columns: dict[str, Any] = {}
    for origin in ORIGIN_STYLES:
        rows = cash[cash["origin"] == origin]
        if len(rows):
            columns[origin] = rows.groupby("mix_id")["drawn"].sum().reindex(ids).fillna(0)
    told = cash.groupby("mix_id")["drawn"].sum().reindex(ids).fillna(0)
    columns[text.UNKNOWN_TEXT.capitalize()] = (100 - told).clip(lower=0)
    styles = {**ORIGIN_STYLES, text.UNKNOWN_TEXT.capitalize(): ("#D9DDE3", MISSING_STYLE[1])}
    alt = f"Origine de l’argent de {len(kept)} mix documentés, en parts de leur base."
    # Shares that make up their base end at 100 % on the axis too.
    sums = sum(columns.values())
    kind: Any = "stacked_100" if ((sums - 100).abs() < _WHOLE).all() else "stacked"
    return NativeChart(kind, told_apart(names[i] for i in ids), series(columns, styles), alt, "% de la base de la ligne", '0" %"')  # fmt: skip


def calls(view: View) -> Shown:
    """One metric of the calls over the years, every source's value."""
    metric = view.get("mesure")
    label, unit = programmes.METRICS[metric]
    rows = programmes.over_time(view.dataset)
    rows = rows[rows["metric"] == metric]
    known_years = rows[rows["year"].notna()]
    if known_years.empty:
        return nothing(f"{label} : rien n’a été lu", "Aucune valeur publiée n’a été lue pour cette mesure.")
    main = known_years[known_years["is_main"].fillna(False).astype(bool)]
    said = main if len(main) else known_years
    last = said.sort_values("year", kind="stable").iloc[-1]
    first = int(known_years["year"].min())
    title = (
        f"De {first} à {int(known_years['year'].max())}, {text.count(known_years['programme_id'].nunique(), 'appel a', 'appels ont')} "
        f"une valeur publiée : {label.lower()}"
    )
    message = (
        f"Dernière valeur : {text.number(last['value'])}{text.NBSP}{last['unit']} en {int(last['year'])}. "
        "Des valeurs contradictoires restent côte à côte."
    )
    facts = funding_tables.programmes(rows, funding_tables.publishers(view.dataset))
    native = _over_time(known_years, label, unit)
    ids = [*rows["source_id"].dropna(), *view.dataset.programmes["source_id"]]
    return Shown(
        title,
        message,
        native.alt,
        ChartVisual(funding_figures.over_time(known_years, unit), native),
        facts,
        ids,
    )


def _over_time(rows: pd.DataFrame, label: str, unit: str) -> NativeChart:
    """One bar per published value: a call with a single source lacks nothing."""
    ordered = rows.assign(other=rows["is_main"].ne(True)).sort_values(
        ["year", "programme", "other"], kind="stable"
    )
    names = [
        f"{int(y)} – {_cut(str(p), _CALL)}"
        for y, p in zip(ordered["year"], ordered["programme"], strict=True)
    ]
    made = (ChartSeries(label, known(ordered["value"]), "#0B5C8C"),)
    return NativeChart("bar", told_apart(names), made, f"{label}, par appel et par année.", unit)


def from_calls(view: View) -> Shown:
    """Where the named awards went: regions, one piece per call."""
    unit: Any = view.get("unite")
    regions: Any = view.get("regions")
    made = flows.flows(view.dataset, unit, regions)
    if made.links.empty:
        return nothing("Aucun lauréat n’est nommé dans cette unité", flows.UNITS[unit][1])
    names = dict(zip(made.nodes["node_id"], made.nodes["label"], strict=True))
    facts = pd.DataFrame(
        {
            "De": made.links["source"].map(names), "Vers": made.links["target"].map(names), "Valeur": made.links["value"],
            "Aides": made.links["awards"], "Dont confiance faible": made.links["low_confidence"],
        }
    )  # fmt: skip
    to_regions = made.links[made.links["source"].str.startswith("programme:")]
    grid = to_regions.pivot_table(
        index="target", columns="source", values="value", aggfunc="sum", fill_value=0
    )
    grid = grid.loc[grid.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    kept = grid.head(_ROWS)
    said = "€" if unit == "eur" else "lauréats"
    columns = dict(
        zip(told_apart(_cut(names[c]) for c in grid.columns), (kept[c] for c in grid.columns), strict=True)
    )
    styles = {
        name: (_CALLS[i % len(_CALLS)], "" if i < len(_CALLS) else "/") for i, name in enumerate(columns)
    }
    best = names[grid.index[0]]
    amount = (
        text.euros(grid.iloc[0].sum())
        if unit == "eur"
        else text.count(int(grid.iloc[0].sum()), "lauréat", "lauréats")
    )
    total = text.euros(grid.to_numpy().sum()) if unit == "eur" else text.count(int(grid.to_numpy().sum()), "lauréat nommé", "lauréats nommés")  # fmt: skip
    title = f"Sur {total} retrouvés dans les appels, {amount} vont vers {best}"
    native = NativeChart("stacked", told_apart(names[i] for i in kept.index), series(columns, styles), "Des appels aux régions, aides nommées.", said, labels=unit != "eur")  # fmt: skip
    ids = [i for c in made.links["source_ids"].dropna() for i in str(c).split("|")]
    left = f", {text.number(made.left_out)} laissées de côté par cette unité" if made.left_out else ""
    message = (
        f"{flows.UNITS[unit][1]} {text.count(made.awards, 'aide est comptée', 'aides sont comptées')}{left}."
        " Les lauréats que personne n’a nommés manquent."
    )
    return Shown(title, message, f"{native.alt} {title}.", ChartVisual(bars(native), native), facts, ids, others(len(grid) - len(kept), "région", "régions"))  # fmt: skip


def _cut(name: str, most: int = _LEGEND) -> str:
    """A name that holds in a legend, cut between two words."""
    if len(name) <= most:
        return name
    kept = name[: most - 1].rpartition(" ")[0] or name[: most - 1]
    for opening, closing in ("()", "«»"):
        if kept.count(opening) > kept.count(closing):
            kept = kept[: kept.rindex(opening)]
    return kept.rstrip(" \u00a0\u202f(«,;:–-") + "…"


def public(view: View) -> Shown:
    """Documented awards to named beneficiaries, by region and level of the funder."""
    regions: Any = view.get("regions")
    rows = public_money.by_level_and_region(view.dataset, regions)
    labels = view.labels
    levels = {code: labels.of("funder_level", code) for code in labels.codes("funder_level")}
    every = rows[rows["funder_level"] == "tous"]
    known_rows = every[every["amount_eur"].notna()].sort_values("amount_eur", ascending=False, kind="stable")
    facts = funding_tables.public_money(rows, labels)
    awards = public_money.awards(view.dataset)
    ids = [i for c in awards["source_ids"].dropna() for i in str(c).split("|")]
    if known_rows.empty:
        visual, left = table(facts)
        return Shown("Aucun montant n’est documenté vers un bénéficiaire nommé", _NAMED_ONLY, _NAMED_ONLY, visual, facts, ids, left)  # fmt: skip
    kept = known_rows.head(_ROWS)
    drawn = rows[rows["code"].isin(kept["code"])]
    columns = {}
    for code, label in levels.items():
        own = drawn[drawn["funder_level"] == code].set_index("code")["amount_eur"].reindex(kept["code"])
        if own.notna().any():
            columns[label] = own.fillna(0)
    styles = {levels[c]: ORIGIN_STYLES[s] for c, s in _LEVEL_STYLES.items() if c in levels}
    native = NativeChart("stacked", told_apart(kept["name"]), series(columns, styles), "Aides documentées par région et par échelon du financeur, en euros.", "€ courants", labels=False)  # fmt: skip
    named = every[every["code"] != UNKNOWN]
    located = known_rows[known_rows["code"] != UNKNOWN]
    total, none = float(located["amount_eur"].sum()), int(named["amount_eur"].isna().sum())
    title = f"{text.euros(total)} d’argent public sont documentés vers des bénéficiaires nommés, dans {text.count(len(located), 'région', 'régions')}"
    message = f"Rien n’est documenté dans {text.count(none, 'autre région', 'autres régions')}. Les enveloppes de programmes n’entrent jamais." if none else "Les enveloppes de programmes n’entrent jamais."  # fmt: skip
    return Shown(
        title, message, f"{native.alt} {title}.", ChartVisual(funding_figures.by_region(drawn, levels), native), facts, ids,
        sentence(others(len(known_rows) - len(kept), "région", "régions"), _NAMED_ONLY),
    )  # fmt: skip


def budget(view: View) -> Shown:
    """The measures of a budget: the budget itself belongs to its author's session."""
    facts = pd.DataFrame(
        [(label, unit, words) for label, words, unit in DEFINITIONS.values()],
        columns=["Mesure", "Unité", "Définition"],
    )
    visual, left = table(facts)
    return Shown(
        f"{text.count(len(facts), 'mesure éclaire', 'mesures éclairent')} un budget sans jamais compter le bénévolat comme de l’argent",
        "Un budget entré dans l’atlas reste dans la session de son auteur : une scène n’en montre rien.",
        "Tableau des mesures d’un budget.", visual, facts, note=left,
    )  # fmt: skip


def imported(view: View) -> Shown:
    """How many laureates the data name: what an import would complete."""
    rows = public_money.named_share(view.dataset)
    facts = funding_tables.named(rows)
    visual, left = table(facts, 11)
    with_count = rows.dropna(subset=["laureates"])
    total, named = int(with_count["laureates"].sum()), int(with_count["named"].sum())
    title = f"{text.number(named)} des {text.count(total, 'lauréat publié est nommé', 'lauréats publiés sont nommés')} dans l’atlas"
    return Shown(
        title, "Un fichier de subventions au standard national (SCDL) peut être lu à côté de ces données, sans quitter la session.",
        "Tableau des lauréats publiés et nommés, par appel.", visual, facts, view.dataset.programmes["source_id"].tolist(), left,
    )  # fmt: skip


BUILDERS: Final = {
    "mix": mixes,
    "appels": calls,
    "flux": from_calls,
    "public": public,
    "budget": budget,
    "import": imported,
}
