"""Which column fills which field, proposed by name and by content, with a reason for each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data.own_layers import communes, guesses, own_exports
from ptce_data.own_layers.build_values import emptied
from ptce_data.own_layers.mapping import MAX_VALUES, Column, Mapping, Value
from ptce_data.own_layers.mapping_fields import SYNONYMS, fields_of
from ptce_data.own_layers.model import TARGETS
from ptce_data.study.base import LINE
from ptce_data.study.jsonguard import shown
from ptce_data.territories.french import NBSP, quoted
from ptce_data.text import fold

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_data.own_layers.model import RawLayer

#: Below this, a column is left for the user to map.
_ENOUGH: Final = 0.35
#: Fields that one name must mean exactly: a word inside a longer name says nothing.
_WHOLE_NAME: Final = frozenset(
    ("lon", "lat", "source_record_id", "kind_basis", "origin", "label", "coord_score", "year")
)
#: Fields whose cells must agree with the name.
_CHECKED: Final = ("commune_insee", "postal_code", "lon", "lat")
_POINT: Final = ("lon", "lat", "lat_lon")
#: Words of a header beside which a number is that of somebody else than the row.
_OTHER_OWNER: Final = re.compile(
    r"\b(?:epci|interco\w*|agglo\w*|communes?|mairie|collectivite|departement|region|financeur|tutelle)\b"
)
_TARGET_WORDS: Final = {
    "tiers_lieux": re.compile(r"\b(?:tiers ?lieux?|coworkings?|fab ?labs?|makerspaces?|hackerspaces?)\b"),
    "poles": re.compile(r"\b(?:ptce|poles? territori(?:al|aux)|poles? de cooperation)\b"),
    "clusters": re.compile(r"\b(?:clusters?|poles? de competitivite|grappes?|spl|prides|living ?labs?)\b"),
}
#: Words that files use for keys of the registry, folded: proposed, never applied unseen.
_OTHER_WORDS: Final[dict[str, dict[str, str]]] = {
    "tiers_lieu_kind": {
        "fab lab": "fablab", "fablabs": "fablab", "laboratoire de fabrication": "fablab", "makerspace": "fablab",
        "espace de coworking": "coworking", "co working": "coworking", "coworking space": "coworking",
        "bureaux partages": "coworking", "espace de travail partage": "coworking", "hybride": "hybride",
        "generaliste": "hybride", "tiers lieu hybride": "hybride", "ateliers partages": "atelier_partage",
        "atelier": "atelier_partage", "tiers lieu culturel": "culturel", "lieu culturel": "culturel",
        "tiers lieu nourricier": "nourricier", "pepiniere": "incubateur_pepiniere", "incubateur": "incubateur_pepiniere",
        "pepiniere d entreprises": "incubateur_pepiniere", "autre": "autre", "autres": "autre", "non precise": "autre",
    },
    "tiers_lieu_status": {"projet": "en_projet", "en cours": "en_projet", "existant": "ouvert", "en activite": "ouvert", "open": "ouvert"},
    "tiers_lieu_label": {"fablab": "fablab", "fabriques de territoire": "fabrique_de_territoire", "manufactures de proximite": "manufacture_de_proximite"},
    "cluster_kind": {
        "cluster": "cluster_entreprises", "grappe": "grappe_entreprises", "poles de competitivite": "pole_competitivite",
        "spl": "spl", "cluster ess": "cluster_ess",
    },
    "coord_precision": {"housenumber": "adresse", "municipality": "centroide_commune", "commune": "centroide_commune", "street": "approximatif"},
}  # fmt: skip


def propose(dataset: Dataset, raw: RawLayer, target: str | None = None) -> Mapping:
    """Return a mapping of the columns of a file, each with a confidence and a reason; nothing is applied by it.

    `target`: a key of TARGETS, proposed too when None.
    """
    places = communes.places(dataset)
    samples = {str(title): guesses.sample(raw.frame[title]) for title in raw.frame.columns}
    why = "choisi à la main"
    if target is None:
        target, why = _target(dataset, raw, samples)
    notes: list[str] = []
    private = {title: guesses.personal(title, cells) for title, cells in samples.items()}
    ours = own_exports.columns(samples, target)
    taken = {
        title: (field, 1.0, why_so)
        for title, (field, why_so) in ours.items()
        if field and not (raw.geometry is not None and field in _POINT)
    }
    others = {title: cells for title, cells in samples.items() if title not in ours}
    ranked = _ranked(dataset, raw, target, places, others, private, notes)
    for score, title, field, reason in ranked:
        if title not in taken and field not in {f for f, _, _ in taken.values()}:
            taken[title] = (field, score, reason)
    columns = []
    for title in samples:
        left = ours[title][1] if title in ours else "aucun champ reconnu"
        field, score, reason = taken.get(title, ("", 0.0, left))
        if private[title]:
            field, score, reason = "", 0.9, f"donnée personnelle probable{NBSP}: {private[title]}"
        columns.append(
            Column(
                column=title,
                field=field,
                confidence=round(score, 2),
                reason=reason,
                personal=bool(private[title]),
            )
        )
    made = Mapping(
        name=_layer_name(raw),
        target=target,
        target_reason=why,
        columns=tuple(columns),
        notes=tuple(notes[:50]),
    )
    return made.model_copy(
        update={"values": _values(dataset, raw, made), "separator": _list_separator(raw, made)}
    )


def _layer_name(raw: RawLayer) -> str:
    stem = raw.filename.rsplit("/", 1)[-1].rsplit("\\", 1)[-1].rsplit(".", 1)[0]
    return shown(stem) or "Ma couche"


def _ranked(
    dataset: Dataset,
    raw: RawLayer,
    target: str,
    places: communes.Places,
    samples: dict[str, list[str]],
    private: dict[str, str],
    notes: list[str],
) -> list[tuple[float, str, str, str]]:
    """Return (confidence, column, field, reason), most certain first."""
    fields = fields_of(target)
    known = places.folded_names
    labels = _labels(dataset, target)
    found: list[tuple[float, str, str, str]] = []
    for title, cells in samples.items():
        if private[title]:
            continue
        seen = {look.field: look for look in guesses.looks(places, known, labels, cells)}
        if "year" in seen:
            year = "opened_year" if target == "tiers_lieux" else "created_year"
            seen[year] = seen.pop("year")
        named = _by_name(title, target)
        if _OTHER_OWNER.search(fold(title.replace("_", " "))):
            named.pop("siren", None)
            seen.pop("siren", None)
        for field, score in named.items():
            reason, score = _agreed(field, score, title, cells, places, seen, notes)
            if field in fields and score >= _ENOUGH and not (raw.geometry is not None and field in _POINT):
                found.append((score, title, field, reason))
        for field, look in seen.items():
            if (
                field in fields
                and look.share >= _ENOUGH
                and not (raw.geometry is not None and field in _POINT)
            ):
                found.append((look.share, title, field, f"contenu{NBSP}: {look.why}"))
    order = {title: at for at, title in enumerate(samples)}
    return sorted(found, key=lambda one: (-one[0], order[one[1]], list(fields).index(one[2])))


def _agreed(
    field: str,
    score: float,
    title: str,
    cells: list[str],
    places: communes.Places,
    seen: dict[str, guesses.Look],
    notes: list[str],
) -> tuple[str, float]:
    """Return the reason and the confidence of a field proposed by name, once the cells were looked at."""
    reason = f"nom de colonne {quoted(shown(title))}"
    if not cells:
        return f"{reason}, colonne vide", min(score, 0.4)
    if field == "commune_insee" and (guesses.is_postal(cells) or guesses.insee_share(places, cells) < 0.5):
        if "postal_code" in seen or guesses.is_postal(cells):
            notes.append(
                f"La colonne {quoted(shown(title))} contient des codes postaux, pas des codes Insee."
            )
            return "codes postaux, pas des codes Insee", 0.0
        if "commune_name" in seen:
            return "noms de communes, pas des codes", 0.0
        return f"{reason}, mais peu de codes Insee connus", 0.4
    if field == "commune_name" and "commune_insee" in seen:
        return "codes Insee, pas des noms", 0.0
    if field in seen:
        return f"{reason}, et le contenu le confirme", min(1.0, score + 0.05)
    if field in ("lon", "lat") and {"lon", "lat"} & set(seen):
        return f"{reason}, mais le contenu fait penser à l’autre coordonnée", score
    if field in ("lon", "lat") and not any(c.strip().lstrip("+-")[:1].isdigit() for c in cells):
        return "ce ne sont pas des nombres", 0.0
    return reason, score


def _by_name(title: str, target: str) -> dict[str, float]:
    """Return the fields that a header names, with the confidence that gives."""
    name = fold(title.replace("_", " "))
    spaced = fold(re.sub(r"(?<=[a-zéè])(?=[A-Z])", " ", title).replace("_", " "))
    found: dict[str, float] = {}
    for field, words in SYNONYMS.items():
        exact = (fold(field.replace("_", " ")), *words)
        if name in exact or spaced in exact:
            # The first words of a list mean the field alone; the later ones may mean others.
            found[field] = 0.95 - 0.002 * min(exact.index(name if name in exact else spaced), 20)
        elif field not in _WHOLE_NAME:
            inside = [w for w in exact if len(w) >= 4 and f" {w} " in f" {spaced} "]
            if inside:
                found[field] = 0.45 + 0.2 * min(max(map(len, inside)) / max(len(spaced), 1), 1)
    if target == "autre" and "name" not in found and name in ("titre", "label", "libelle"):
        found["name"] = 0.6
    return found


def _labels(dataset: Dataset, target: str) -> dict[str, dict[str, str]]:
    """Return field of the target -> folded word -> key, for its enumerated fields."""
    made: dict[str, dict[str, str]] = {}
    for field, info in fields_of(target).items():
        if info.category is not None:
            made[field] = words_of(dataset, info.category)
    return made


def words_of(dataset: Dataset, category: str) -> dict[str, str]:
    """Return the folded words that stand for a key of a registry: keys, labels, other usual words."""
    rows = dataset.categories[dataset.categories["field"] == category]
    made = dict(_OTHER_WORDS.get(category, {}))
    allowed = set(rows["value"])
    made = {word: key for word, key in made.items() if key in allowed}
    for value, label in zip(rows["value"], rows["label"], strict=True):
        short = fold(re.sub(r"\([^)]*\)", " ", label))
        made |= {fold(value.replace("_", " ")): value, short: value, fold(label): value}
    return made


def _values(dataset: Dataset, raw: RawLayer, mapping: Mapping) -> tuple[Value, ...]:
    """Return each distinct value of the enumerated fields, with the key proposed for it ("" = unknown)."""
    made = []
    fields = fields_of(mapping.target)
    for field, title in mapping.fields().items():
        category = fields[field].category
        if category is None:
            continue
        words = words_of(dataset, category)
        tight = {word.replace(" ", ""): key for word, key in words.items()}
        cells = emptied(raw.frame[title])
        if fields[field].type == "liste":
            continue
        for cell in pd.unique(cells.dropna())[:MAX_VALUES]:
            if len(cell) <= LINE:
                word = fold(cell)
                made.append(
                    Value(
                        field=field, value=cell, key=words.get(word) or tight.get(word.replace(" ", ""), "")
                    )
                )
    return tuple(made)


def _list_separator(raw: RawLayer, mapping: Mapping) -> str:
    title = mapping.fields().get("other_labels") or mapping.fields().get("other_regions")
    if title is None:
        return "|"
    cells = guesses.sample(raw.frame[title])
    counts = {mark: sum(mark in cell for cell in cells) for mark in ("|", ";", ",", "/")}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] else "|"


def _target(dataset: Dataset, raw: RawLayer, samples: dict[str, list[str]]) -> tuple[str, str]:
    """Return the table that the rows seem to belong to, and why."""
    if (ours := own_exports.target(samples)) is not None:
        return ours
    kinds = set() if raw.geometry is None else {s.geom_type for s in raw.geometry if s is not None}
    if kinds and not kinds <= {"Point", "MultiPoint"}:
        return "autre", "le fichier contient des surfaces ou des lignes"
    sources = {
        "le nom du fichier": fold(f"{raw.filename} {raw.part or ''}".replace("_", " ")),
        "le nom des colonnes": fold(" . ".join(samples).replace("_", " ")),
        "le contenu": fold(" . ".join(cell[:80] for cells in samples.values() for cell in cells[:150])),
    }
    for where, text in sources.items():
        counts = {target: len(pattern.findall(text)) for target, pattern in _TARGET_WORDS.items()}
        best = max(counts, key=lambda target: counts[target])
        rows = max(map(len, samples.values()), default=0)
        enough = 1 if where != "le contenu" else max(2, min(rows, 150) * 0.3)
        if counts[best] >= enough and list(counts.values()).count(counts[best]) == 1:
            return best, f"{where} fait penser à {quoted(TARGETS[best])}"
    return "autre", "rien ne dit ce que sont ces lignes : choisissez"
