"""Scenes of the page Régions: side by side, small maps, comparable areas, before and after 2016."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from ptce_data import regional
from ptce_ui import region_figures, region_tables, text
from ptce_ui.exports import cartography
from ptce_ui.exports.slides.model import ChartSeries, NativeChart
from ptce_ui.scenes import address
from ptce_ui.scenes.model import TOP, ChartVisual, MapVisual, Shown, View, nothing, others, sentence
from ptce_ui.scenes.native import bars, known, told_apart

CHOSEN: Final = {"regions": "region", "former_regions": "ancienne_region", "departements": "departement"}
_MOST: Final = 10
#: Bars of neighbours whose names are all legible under a legend of several lines.
_CLOSEST: Final = 6
#: Pale bars of France and of the median, beside the colours of the areas.
_FRANCE, _MEDIAN = "#C2341F", "#9AA0A6"
#: Small maps that stay legible side by side.
_PANELS: Final = 3
#: What the legend says already, and a title of a small map need not.
_KNOWN: Final = (
    ", pour 100 000 habitants",
    "Population en commune de type ",
    "Dispositifs documentés, catégorie : ",
)


def _of(names: pd.DataFrame, code: str, form: str) -> str:
    """A name with its article ("de Bretagne"), bare where there is none."""
    value = names.loc[code, form]
    return str(value) if isinstance(value, str) else f"de {names.loc[code, 'name']}"


def compare(view: View) -> Shown:
    """Two to ten areas side by side, on the indicators of one group that share a unit."""
    dataset, level = view.dataset, view.get("niveau")
    names = region_tables.area_names(dataset, level)
    within = view.get("dans") if level == "departements" else None
    if within:
        inside = dataset.departements
        own = set(inside.loc[inside["region_code"] == within, "departement_code"])
        names = {c: n for c, n in names.items() if c in own}
    asked = list(view.get(CHOSEN[level]))
    chosen = {c: names[c] for c in [c for c in asked if c in names][:_MOST]}
    lost = tuple(
        f"Le territoire « {c} » n’est pas de ce niveau : il est laissé de côté."
        for c in asked
        if c not in names
    )
    group = address.indicator_groups(dataset)[view.get("groupe")]
    registry = regional.registry(dataset)
    compared = regional.compare(dataset, level, list(chosen), within=within)
    part = compared[compared["group"] == group]
    columns = chosen or {c: n for c, n in names.items() if c in compared.columns}
    decimals = dict(zip(registry["indicator_id"], registry["decimals"], strict=True))
    facts = region_tables.written(part, columns, decimals)
    about = registry[(registry["group"] == group) & (registry["scope"] == "areas")]
    ids = region_tables.source_ids(registry, part["indicator_id"])
    unit, shown = _unit(about, compared, view.get("unite"))
    if shown.empty or not columns:
        return nothing(
            f"{group} : rien n’est connu ici", "Aucune valeur n’est connue pour ces territoires.", lost
        )
    some = compared[compared["indicator_id"].isin(shown["indicator_id"])].head(TOP).copy()
    comparable = some["indicator_id"].map(dict(zip(shown["indicator_id"], shown["is_rate"], strict=True)))
    some["national"] = some["national"].where(comparable & ~some["indicator_id"].str.endswith("_share"))
    values = regional.values(dataset, level)
    pale = values[values["indicator_id"].isin(some["indicator_id"])]
    places = int(shown["decimals"].max())
    figure = region_figures.dots(some, pale, chosen, unit, places)
    native = _native(some, chosen, f"{group}, en {unit}", unit, places)
    left = len(about) - len(some)
    named = text.join(list(chosen.values())) if chosen else "tous les territoires de ce niveau"
    title = f"{group} : {named}"
    message = _portrait(dataset, level, chosen) or (_told(some, chosen) if chosen else "")
    note = sentence(others(left, "indicateur", "indicateurs"), region_tables.NOTE if chosen else "")
    return Shown(title, message, f"{native.alt} : {_told(some, chosen)}", ChartVisual(figure, native), facts, ids, note, lost)  # fmt: skip


def _unit(about: pd.DataFrame, compared: pd.DataFrame, wanted: str) -> tuple[str, pd.DataFrame]:
    """One scale holds one unit: that of the URL, else the one of most indicators, rates first."""
    listed = about[about["indicator_id"].isin(compared["indicator_id"])]
    if listed.empty:
        return "", listed
    sizes = listed.groupby("unit", sort=False).agg(n=("is_rate", "size"), rate=("is_rate", "any"))
    unit = sizes.sort_values(["rate", "n"], ascending=[False, False], kind="stable").index[0]
    unit = region_tables.units(listed).get(wanted, unit)
    return str(unit), listed[listed["unit"] == unit]


def _native(rows: pd.DataFrame, chosen: dict[str, str], alt: str, unit: str, decimals: int) -> NativeChart:
    made = [
        ChartSeries(name, known(rows[code]), colour)
        for (code, name), (colour, _) in zip(chosen.items(), region_figures.MARKS, strict=False)
    ]
    if rows["national"].notna().any():
        made.append(ChartSeries("France", known(rows["national"]), _FRANCE))
    made.append(ChartSeries("Médiane", known(rows["median"]), _MEDIAN))
    form = "#,##0" if decimals == 0 else "0." + "0" * decimals
    return NativeChart("bar", told_apart(rows["label"]), tuple(made), alt, unit, form)


def _told(rows: pd.DataFrame, chosen: dict[str, str]) -> str:
    """The first indicator in words."""
    first = rows.iloc[0]
    named = {
        **{n: first[c] for c, n in chosen.items()},
        "France": first["national"],
        "médiane": first["median"],
    }
    said = [f"{n} {_short(v)}" for n, v in named.items() if pd.notna(v)]
    lost = [n for n, v in named.items() if pd.isna(v) and n != "France"]
    unknown = f" ; {text.UNKNOWN_TEXT} : {text.join(lost)}" if lost else ""
    # Rates name their denominator already.
    unit = "" if "pour 100" in str(first["label"]) else f" ({first['unit']})"
    return f"{first['label']}{unit} : {', '.join(said) or text.UNKNOWN_TEXT}{unknown}."


def _short(value: float) -> str:
    return text.number(value, 0 if value % 1 == 0 or abs(value) >= 100 else 2 if abs(value) < 10 else 1)


def _portrait(dataset: Any, level: str, chosen: dict[str, str]) -> str:
    """What is said of a lone area; several are told by their values."""
    return " ".join(regional.profile(dataset, level, next(iter(chosen)))[:3]) if len(chosen) == 1 else ""


def _panel(label: str) -> str:
    """The title of a small map: three lines would cover it."""
    plain = label.replace("\u00a0", " ")
    for words in _KNOWN:
        plain = plain.replace(words, "")
    return plain[:1].upper() + plain[1:]


def maps(view: View) -> Shown:
    """Small maps with one legend."""
    dataset, level = view.dataset, view.get("niveau")
    family, ids = region_tables.MAP_FAMILIES[view.get("carte")]
    registry = regional.registry(dataset).set_index("indicator_id")
    listed = [i for i in ids if i in registry.index]
    values = regional.values(dataset, level)
    values = values[values["indicator_id"].isin(listed)]
    drawn = listed[:_PANELS]
    panels = {
        _panel(str(registry.loc[i, "label"])): values.loc[values["indicator_id"] == i, ["code", "value"]]
        for i in drawn
    }
    sources = "; ".join(dict.fromkeys(registry.loc[listed, "source_text"]))
    unit = str(registry.loc[listed[0], "unit"])
    spec = cartography.small_multiples(dataset, level, panels, unit, title=family, sources=sources)
    names = region_tables.area_names(dataset, level)
    wide = values.pivot(index="code", columns="indicator_id", values="value").reindex(columns=listed)
    wide = wide.round(dict(registry.loc[listed, "decimals"]))
    wide.columns = pd.Index([registry.loc[i, "label"] for i in listed])
    wide.insert(0, "Territoire", [names[c] for c in wide.index])
    each = text.LEVEL_EACH[level]
    note = others(len(listed) - len(drawn), "carte", "cartes")
    message = f"Les mêmes classes pour toutes les cartes, {each} ; en hachures, ce qui n’est pas renseigné."
    return Shown(f"{family}, {each}", message, spec.alt, MapVisual(spec), wide.reset_index(names="Code"), region_tables.source_ids(registry.reset_index(), listed), note)  # fmt: skip


def peers(view: View) -> Shown:
    """Areas that resemble one area, and why."""
    dataset, level = view.dataset, view.get("proche_niveau")
    code = view.get(f"de_{level}")
    names = region_tables.area_names(dataset, level)
    if not code:
        return nothing(
            "Aucun territoire n’est choisi", "Choisissez le territoire dont on cherche les semblables."
        )
    criteria: Any = view.get("critere") or ("structure", "density", "size")
    rows = regional.peers(dataset, level, code, n=TOP, criteria=criteria)
    notes = regional.notes(dataset, level, code, criteria)
    if rows.empty:
        return nothing(
            f"{names[code]} ne peut être comparé à aucun autre", sentence(*notes) or "Les données manquent."
        )
    return closest(rows, names[code], notes, _of(regional.names(dataset, level), code, "genitive"))


def closest(rows: pd.DataFrame, name: str, notes: tuple[str, ...], genitive: str = "") -> Shown:
    """The nearest areas as bars of what makes them differ; `rows` is `regional.peers`."""
    parts = [c for c in rows if c.startswith("contribution_")]
    kept = rows.head(_CLOSEST)
    short = kept[parts].rename(columns={c: c.removeprefix("contribution_") for c in parts})
    facts = pd.DataFrame(
        {
            "Territoire": rows["name"], "Code": rows["code"],
            "Ressemblance (0 à 100)": rows["similarity"].round().astype("int64"), "Pourquoi": rows["explanation"],
        }
    )  # fmt: skip
    title = f"Au plus près du profil {genitive or 'de ' + name} : {text.join([str(n) for n in rows['name'].head(3)])}"
    alt = f"Ce qui éloigne de {name} ses territoires les plus proches."
    styles = region_tables.FEATURES
    made = tuple(ChartSeries(styles[c][0], known(short[c]), styles[c][1]) for c in short if c in styles)
    native = NativeChart("stacked", told_apart(kept["name"]), made, alt, "distance au carré (0 : identiques)", "0.00", labels=False)  # fmt: skip
    figure = region_figures.closeness(short, list(kept["name"]), styles)
    return Shown(title, str(rows["explanation"].iloc[0]), f"{alt} {title}.", ChartVisual(figure, native), facts, [], sentence(others(len(rows) - len(kept), "territoire", "territoires"), *notes, "Calcul de l’atlas, population Insee 2022 ; ce n’est pas un classement."))  # fmt: skip


def reform(view: View) -> Shown:
    """One indicator for a region of today and for those that made it up."""
    dataset, region = view.dataset, view.get("reforme")
    registry = regional.registry(dataset)
    areas = registry[registry["scope"] == "areas"]
    found = areas[areas["indicator_id"] == view.get("indicateur")]
    if found.empty or not region:
        return nothing(
            "Cet indicateur n’existe pas par territoire",
            "Choisissez un indicateur qui a une valeur par région.",
        )
    about = found.iloc[0]
    rows = regional.before_after(dataset, about["indicator_id"], region)
    former = rows["level"] == "former_regions"
    drawn = rows.assign(
        is_new=rows["level"] == "regions", name=rows["name"].where(~former, rows["name"] + " (avant 2016)")
    )
    names = regional.names(dataset, "regions")
    composition = regional.composition(dataset)
    parts = composition[composition["region_code"] == region]
    here = str(names.loc[region, "name"])
    genitive = _of(names, region, "genitive")
    title = (
        f"Avant 2016, le territoire {genitive} relevait de {text.number(len(parts))} régions"
        if len(parts) > 1
        else f"La réforme de 2016 n’a pas changé le territoire {genitive}"
    )
    made_of = [f"{r.name} ({text.percent(r.share_pct)})" for r in parts.itertuples(index=False)]
    message = (
        f"{here} : {text.join(made_of)} de sa population." if len(parts) > 1 else f"{about['label']}, {here}."
    )
    places = int(about["decimals"])
    form = "#,##0" if places == 0 else "0." + "0" * places
    colours = tuple("#332288" if new else "#6699CC" for new in drawn["is_new"])
    alt = f"{about['label']}, {here} et ses anciennes régions."
    native = NativeChart("bar", told_apart(drawn["name"]), (ChartSeries(str(about["label"]), known(drawn["value"])),), alt, str(about["unit"]), form, colours)  # fmt: skip
    facts = pd.DataFrame(
        {
            "Territoire": drawn["name"], f"{about['label']} ({about['unit']})": drawn["value"],
            "Numérateur": drawn["numerator"], "Dénominateur": drawn["denominator"],
        }
    )  # fmt: skip
    # An axis holds the title of its unit only; the bars of the page have no title of their own.
    figure = bars(native, places)
    return Shown(title, message, f"{alt} {message}", ChartVisual(figure, native), facts, list(about["sources"]), str(about["limits"]))  # fmt: skip


BUILDERS: Final = {"comparer": compare, "cartes": maps, "proches": peers, "reforme": reform}
