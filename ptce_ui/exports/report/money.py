"""Parts 5 and 6: support schemes for the project, and documented business models."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from ptce_data import schemes
from ptce_data.funding import BASES, STAGES, STATES
from ptce_data.funding.mix import Mix, Part
from ptce_data.funding.mixes import samples
from ptce_data.schemes import LIMITS as FIT_LIMITS
from ptce_data.schemes import words as scheme_words
from ptce_ui import text
from ptce_ui.exports.document import Bullets, Callout, Heading, Paragraph, bold
from ptce_ui.exports.document.model import Block
from ptce_ui.exports.report import words
from ptce_ui.exports.report.facts import Facts, Search
from ptce_ui.exports.report.studio import Studio
from ptce_ui.exports.report.territory import NO_AREA
from ptce_ui.exports.report.words import NBSP, OWN, table

#: Schemes of one search that the document shows; the workbook has them all.
_RANKED: Final = 8
_LEVELS: Final = ("epci", "departement", "region", "etat", "ue")


def support(facts: Facts, studio: Studio) -> list[Block]:
    """Part 5: schemes that cover the perimeter, ranked for the project of the scenarios."""
    if facts.area is None:
        return [words.missing(NO_AREA)]
    made: list[Block] = [Heading("Les dispositifs qui couvrent le périmètre", 2), *_levels(facts)]
    made.append(Heading("Les dispositifs à étudier", 2))
    made.append(
        Callout(
            "methode",
            "Adéquation : somme de points, de 0 à 100, donnés par des règles publiques (territoire, public visé, état, "
            "priorité, nature, montant, catégorie). " + " ".join(FIT_LIMITS),
        )
    )
    for search in facts.searches:
        made += _ranked(facts, search)
    made += _kept(facts)
    return made


def _levels(facts: Facts) -> list[Block]:
    rows = facts.covering
    if rows.empty:
        return [Paragraph("Aucun dispositif documenté ne couvre le périmètre ; l’inventaire est partiel.")]
    status = {s: facts.labels.of("scheme_status", s) for s in ("open", "unknown", "closed")}
    cells = []
    for level in _LEVELS:
        own = rows[rows["level"] == level]
        cells.append(
            (facts.labels.of("scheme_level", level), text.number(len(own)), *(text.number(int((own["status"] == s).sum())) for s in status))
        )  # fmt: skip
    total = (
        "Ensemble",
        text.number(len(rows)),
        *(text.number(int((rows["status"] == s).sum())) for s in status),
    )
    opened = int((rows["status"] == "open").sum())
    said = (
        f"L’atlas connaît {text.count(len(rows), 'dispositif qui couvre', 'dispositifs qui couvrent')} tout ou partie du périmètre, "
        f"dont {text.count(opened, 'ouvert', 'ouverts')} à la date de sa source. L’état d’aujourd’hui est à vérifier auprès de chaque financeur."
    )
    head = ("Échelon", "Dispositifs", "Ouverts", "État inconnu", "Clos")
    return [
        Paragraph(said.replace("de sa source", "de leur source") if opened > 1 else said),
        table("Dispositifs couvrant le périmètre, par échelon et par état à la date de la source", head, [*cells, total],
              total=True, sources=words.ids(rows["source_id"])),
    ]  # fmt: skip


def _ranked(facts: Facts, search: Search) -> list[Block]:
    made: list[Block] = []
    asked = f"{words.capital(search.title)}{NBSP}: {search.asked}."
    if search.result is None:
        return [*made, Paragraph(asked), words.missing(search.fault)]
    live = search.result.ranked[search.result.ranked["status"] != "closed"]
    closed = len(search.result.ranked) - len(live)
    out = search.result.ruled_out_counts
    asked += (
        f" {text.count(len(live), 'dispositif reste', 'dispositifs restent')} à étudier ou à vérifier, "
        f"{text.count(closed, 'est clos', 'sont clos')} à la date de leur source ; "
        f"{text.count(out['territoire'], 'est écarté', 'sont écartés')} par le territoire et {text.count(out['public'], 'l’est', 'le sont')} par le public visé."
    )
    made.append(Paragraph(asked))
    if live.empty:
        return made
    kept, more = words.first(live, _RANKED)
    rows = facts.dataset.support_schemes
    known = {r["id"]: r for r in scheme_words.records(rows[rows["id"].isin(kept["scheme_id"])])}
    cells = []
    for r in kept.itertuples(index=False):
        amount = scheme_words.amount(known[r.scheme_id])
        cells.append(
            (
                f"{r.name}\n{facts.labels.of('scheme_level', r.level)} ; montant : {amount}",
                f"{text.number(r.fit)} / 100\n{r.verdict}", " ".join(r.reasons), " ".join([*r.against, *r.to_check]),
            )
        )  # fmt: skip
    head = ("Dispositif", "Adéquation", "Pourquoi", "À vérifier")
    made.append(
        table(f"Premiers dispositifs {search.title}, par adéquation", head, cells, widths=(2.5, 1.3, 2.9, 3.2),
              note=more, sources=words.ids(kept["source_id"]), align=("left",) * 4)
    )  # fmt: skip
    return made


def _kept(facts: Facts) -> list[Block]:
    names = facts.dataset.support_schemes.set_index("id")
    items: list[Any] = []
    cited: list[str] = [OWN]
    for scenario in facts.study.scenarios:
        for code in scenario.schemes:
            if code not in names.index:
                items.append(f"{scenario.name}{NBSP}: {code}, que l’atlas ne connaît pas")
                continue
            detail = schemes.detail(facts.dataset, code)
            row = names.loc[code]
            cited.append(str(row["source_id"]))
            said = f" : {detail.status_text} ; montant : {detail.amount}" if detail else ""
            items.append((bold(str(row["name"])), f" (pour {scenario.name or 'un scénario'}){said}."))
    if not items:
        return []
    return [Heading("Dispositifs retenus par l’auteur", 2), Bullets(tuple(items), tuple(cited))]


def models(facts: Facts, studio: Studio) -> list[Block]:
    """Part 6: what is known of the models of the inspiring pôles, then of all documented organisations."""
    near = set(facts.poles["uid"]) if len(facts.poles) else set()
    mine = [m for m in facts.mixes if m.entity.uid in near]
    inside = (
        set(facts.shown.loc[facts.shown["where"].isin(["perimetre", "alentours"]), "uid"])
        if len(facts.shown)
        else set()
    )
    local = [m for m in facts.mixes if m.entity.uid in inside and m not in mine]
    others = [
        m
        for m in facts.mixes
        if m not in mine and m not in local and m.entity.kind in ("ptce", "tiers_lieu") and m.parts
    ]
    made: list[Block] = []
    made.append(
        Callout(
            "methode",
            "Un chiffre garde la base que sa source lui donne (budget annuel, projet, investissement…). Des chiffres de bases "
            "différentes ne sont ni additionnés ni moyennés. Le bénévolat n’entre jamais dans un total en argent. Ce qu’aucune "
            "source ne dit est «\u00a0non renseigné\u00a0».",
        )
    )
    if local:
        made += [
            Heading("Dans le périmètre et ses alentours", 2),
            _mixes(facts, "Chiffres publiés des organisations du périmètre et de ses alentours", local),
        ]
    made.append(Heading("Les pôles inspirants", 2))
    if mine:
        made.append(_mixes(facts, "Chiffres publiés sur le financement des pôles inspirants", mine))
    else:
        made.append(
            words.missing(
                "Aucun pôle inspirant n’est choisi : l’étape « Comparables » en propose."
                if facts.poles.empty
                else "Aucun chiffre de financement n’est publié pour les pôles inspirants de l’étude : un entretien avec eux l’apporterait."
            )
        )
    made += [
        Heading("Ailleurs en France", 2),
        Paragraph(
            "Organisations dont une source publie tout ou partie du financement, et enquêtes qui servent de repère."
        ),
    ]
    if others:
        made.append(_mixes(facts, "Chiffres publiés sur le financement d’autres PTCE et tiers-lieux", others))
    surveys = samples(facts.dataset)
    if surveys:
        made.append(_mixes(facts, "Repères d’enquêtes : part de chaque ressource", surveys))
    return made


def _mixes(facts: Facts, caption: str, rows: list[Mix]) -> Block:
    cells = []
    for mix in rows:
        when = "sans date" if mix.year is None else words.year(mix.year)
        base = BASES.get(mix.base, mix.base) + (
            f" ({STAGES[mix.stage].lower()})" if mix.stage in STAGES else ""
        )
        total = text.euros(mix.total.eur) if mix.total is not None else text.UNKNOWN_TEXT
        told = [_part(p) for p in mix.parts] + [f"{_part(p)} (bénévolat, hors total)" for p in mix.volunteer]
        size = f" ({text.number(mix.entity.sample_size)} organisations)" if mix.entity.sample_size else ""
        cells.append(
            (
                mix.entity.name + size,
                f"{base}, {when}",
                total,
                "\n".join(told) or text.UNKNOWN_TEXT,
                STATES[mix.state][0],
            )
        )
    head = ("Organisation", "Base et année", "Total", "Ce que la source en dit", "Détail")
    return table(
        caption, head, cells, widths=(2.5, 1.8, 1.55, 3.4, 1.3), sources=[s for m in rows for s in m.source_ids],
        align=("left", "left", "right", "left", "left"),
    )  # fmt: skip


def _part(part: Part) -> str:
    """One category: its share and its amount, as published."""
    said = []
    if part.share is not None:
        said.append(
            text.percent(part.share.high, 0 if float(part.share.high).is_integer() else 1)
            if part.share.is_exact
            else f"de {text.percent(part.share.low, 0)} à {text.percent(part.share.high, 0)}"
        )
    if part.amount_eur is not None:
        said.append(text.euros(part.amount_eur))
    words_ = f"{part.scheme.label}{NBSP}: {', '.join(said) or text.UNKNOWN_TEXT}"
    return words_ + (" (contredit par une autre source)" if part.contradicted else "")


def poles_table(facts: Facts, rows: pd.DataFrame) -> list[Block]:
    """What is known of pôles: place, type, origin, members, calls won."""
    places = facts.dataset.places.set_index("uid")
    awards = facts.dataset.pole_awards
    names = facts.dataset.programmes.set_index("id")["programme"]
    cells, cited = [], []
    for r in rows.itertuples(index=False):
        place = places.loc[r.uid] if r.uid in places.index else None
        own = awards[awards["pole_id"] == r.id]
        won = [f"{names.get(a.programme_id, a.programme_id)}" for a in own.itertuples(index=False)]
        if pd.notna(r.is_temoin) and bool(r.is_temoin):
            won.insert(0, "Pôle témoin")
        where = words.said(None if place is None else place["commune_name"])
        kind = facts.labels.of("territory_type", None if place is None else place["territory_type"])
        cells.append(
            (
                str(r.name), f"{where}\n{kind}", facts.labels.of("activity_family", r.activity_family),
                facts.labels.of("origin", r.origin), words.year(r.created_year), words.whole(r.members_count),
                "\n".join(won) or text.UNKNOWN_TEXT,
            )
        )  # fmt: skip
        cited += [r.source_ids, *own["source_id"]]
    head = (
        "Pôle",
        "Commune et type calculé",
        "Activité",
        "Origine",
        "Création",
        "Membres",
        "Appels et marques",
    )
    return [
        table("Pôles inspirants : ce que les sources en disent", head, cells, sources=words.ids(cited),
              widths=(2.1, 1.9, 1.9, 1.6, 1.15, 1.15, 2.4), align=("left",) * 4 + ("right",) * 2 + ("left",))
    ]  # fmt: skip
