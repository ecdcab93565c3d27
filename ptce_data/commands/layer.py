"""`python -m ptce_data import couche`: one's own layer, row by row, and the proposal made of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ptce_data.commands import outcome
from ptce_data.commands.outcome import FILE, FINE, FOUND, HELP, data_option

if TYPE_CHECKING:
    import pandas as pd

    from ptce_data.load import Dataset
    from ptce_data.own_layers import Decisions, OwnLayer, RawLayer
    from ptce_data.own_layers import Mapping as Columns

_TARGETS: Final = ("tiers_lieux", "poles", "clusters", "autre")
_SHOWN: Final = 20
_EXAMPLES: Final = """\b
Exemples :
  python -m ptce_data import couche lieux.csv
  python -m ptce_data import couche lieux.xlsx --part "Feuille 2" --json > rapport.json
  python -m ptce_data import couche lieux.csv --columns-out colonnes.json
  python -m ptce_data import couche lieux.csv --columns colonnes.json --accept-sure --patch proposition.zip
  python -m ptce_data validate --patch proposition.zip

\b
Formats : CSV, XLSX, XLS, ODS, GeoJSON, GPKG, Shapefile zippé. Une question posée se répond par --answer.
Code de sortie : 0 toutes les lignes sont gardées ; 1 des lignes sont refusées ou attendent une réponse ;
2 le fichier est illisible. Le détail : docs/importer-sa-couche.md."""


@click.command("couche", epilog=_EXAMPLES, context_settings=HELP)
@click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path))
@click.option(
    "--part", metavar="NOM", help="Feuille ou couche du fichier ; par défaut, la première qui a des lignes."
)
@click.option("--target", type=click.Choice(_TARGETS), help="Ce que sont les lignes ; par défaut, deviné.")
@click.option("--columns", metavar="JSON", type=FILE, help="Correspondance des colonnes, enregistrée.")
@click.option(
    "--columns-out", metavar="JSON", type=FILE, help="Écrit la correspondance proposée, à corriger."
)
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="QUESTION=RÉPONSE",
    help="Répond à une question ; plusieurs possibles.",
)
@click.option("--accept-sure", is_flag=True, help="Admet les rapprochements sûrs avec les objets de l’atlas.")
@click.option(
    "--patch", metavar="ZIP", type=FILE, help="Écrit la proposition, à vérifier par « validate --patch »."
)
@click.option("--json", "as_json", is_flag=True, help="Écrit le rapport en JSON.")
@data_option
@click.pass_context
def couche(
    context: click.Context, file: Path, part: str | None, target: str | None, columns: Path | None,
    columns_out: Path | None, answers: tuple[str, ...], accept_sure: bool, patch: Path | None, as_json: bool,
    donnees: Path,
) -> None:  # fmt: skip
    """Lit une couche à soi (points ou surfaces) et dit ce que devient chaque ligne.

    Colonnes reconnues, coordonnées et communes vérifiées, doublons possibles avec l’atlas ; l’atlas n’est
    pas modifié.
    """
    from ptce_data import own_layers
    from ptce_data.own_layers.limits import MAX_BYTES

    given = _answers(answers)
    try:
        with file.open("rb") as handle:
            # One byte more than the most that is read: the reader then says that it is too large.
            raw = own_layers.read(file.name, handle.read(MAX_BYTES + 1), part)
        dataset = outcome.dataset(donnees)
        mapping = _mapping(dataset, raw, target, columns)
        with outcome.progress("Lecture", 2) as step:
            layer = own_layers.build(dataset, raw, mapping, given)
            step("Rapprochements")
            pairs = own_layers.candidates(dataset, layer)
            step("Rapport")
        decided = own_layers.Decisions.of(pairs)
        decided = decided.accept_sure(pairs) if accept_sure else decided
        files: dict[Path, bytes] = {}
        if columns_out is not None:
            files[columns_out] = own_layers.dump_mapping(mapping)
        if patch is not None:
            files[patch] = own_layers.patch(dataset, layer, decided, datetime.date.today())
    except (own_layers.LayerError, own_layers.MappingFileError, own_layers.AttachError) as error:
        outcome.stop(str(error))
    for path, content in files.items():
        path.write_bytes(content)
    if as_json:
        outcome.print_json(_told(layer, mapping, pairs, decided))
    else:
        click.echo("\n".join(_said(layer, mapping, pairs, decided)))
    context.exit(FOUND if layer.report.read > layer.report.kept or layer.questions else FINE)


def _answers(given: tuple[str, ...]) -> Mapping[str, str]:
    pairs = [one.rpartition("=") for one in given]
    for one, (name, found, _) in zip(given, pairs, strict=True):
        if not found or not name:
            outcome.stop(f"« {one[:60]} » : attendu QUESTION=RÉPONSE.")
    return {name: value for name, _, value in pairs}


def _mapping(dataset: Dataset, raw: RawLayer, target: str | None, columns: Path | None) -> Columns:
    from ptce_data import own_layers

    if columns is None:
        return own_layers.propose(dataset, raw, target)
    mapping = own_layers.read_mapping(columns.read_bytes())
    if own_layers.applies(mapping, raw) == 0:
        outcome.stop(f"« {columns.name} » ne va pas avec ce fichier : une colonne qu’il nomme y manque.")
    if target is not None and target != mapping.target:
        outcome.stop(f"« {columns.name} » est faite pour {mapping.target}, et non pour {target}.")
    return mapping


def _told(layer: OwnLayer, mapping: Columns, pairs: pd.DataFrame, decided: Decisions) -> dict[str, Any]:
    report = layer.report
    return {
        "file": layer.filename,
        "digest": layer.digest,
        "target": layer.target,
        "columns": mapping.fields(),
        "read": report.read,
        "kept": report.kept,
        "refused": report.read - report.kept,
        "notes": list(report.notes),
        "repairs": _records(report.repairs),
        "refusals": _records(report.refusals),
        "warnings": _records(report.warnings),
        "questions": [
            {"id": q.id, "text": q.text, "choices": q.choices, "lines": list(q.lines), "proposed": q.proposed}
            for q in layer.questions
        ],
        "candidates": [{**one, "state": decided.state(int(one["line"]))} for one in _records(pairs)],
    }


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype("object").where(frame.notna(), None)
    # numpy's own numbers are not JSON's.
    return [
        {k: v.item() if hasattr(v, "item") else v for k, v in row.items()} for row in plain.to_dict("records")
    ]


def _said(layer: OwnLayer, mapping: Columns, pairs: pd.DataFrame, decided: Decisions) -> list[str]:
    from ptce_data.own_layers import STATES

    report = layer.report
    fields = ", ".join(f"{column} → {field}" for field, column in mapping.fields().items())
    lines = [
        f"{layer.filename} ({layer.target}) : {_many(report.read, 'ligne lue')}, {_many(report.kept, 'gardée')}, "
        f"{_many(report.read - report.kept, 'refusée')}.",
        f"Colonnes : {fields or 'aucune reconnue'}.",
        *report.notes,
    ]
    lines += _part("Refusé", report.refusals, lambda r: f"ligne {r.line}, {r.field} : {r.why}")
    lines += _part("Réparé", report.repairs, lambda r: f"ligne {r.line}, {r.field} : {r.repair}")
    lines += _part("À vérifier", report.warnings, lambda r: f"ligne {r.line}, {r.field} : {r.why}")
    for asked in layer.questions[:_SHOWN]:
        choices = " ; ".join(f"{key} = {words}" for key, words in asked.choices.items())
        lines.append(f"Question « {asked.id} » ({_many(len(asked.lines), 'ligne')}) : {asked.text} {choices}")
    lines += _part(
        "Ressemblance",
        pairs,
        lambda r: f"ligne {r.line}, {r.name} : {r.uid}. {r.reason} [{STATES[decided.state(int(r.line))]}]",
    )
    return ["".join(c if c.isprintable() else " " for c in line) for line in lines]


def _many(count: int, words: str) -> str:
    """`1 ligne lue`, `2 lignes lues`."""
    from ptce_data.territories.french import number

    return f"{number(count)} {words if count < 2 else ' '.join(w + 's' for w in words.split())}"


def _part(title: str, frame: pd.DataFrame, words: Callable[[Any], str]) -> list[str]:
    from ptce_data.territories.french import number

    shown = [f"{title} – {words(row)}" for row in frame.head(_SHOWN).itertuples()]
    more = len(frame) - len(shown)
    return [*shown, f"{title} – … et {number(more)} autres (tout est dans --json)"] if more else shown
