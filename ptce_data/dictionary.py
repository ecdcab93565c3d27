"""The data dictionary and the data package, generated from the models, the registry and the files.

python -m ptce_data.dictionary           writes docs/dictionnaire.md and data/datapackage.json
python -m ptce_data.dictionary --check   exits 1 when one of them is not up to date
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Final

from ptce_data import schema
from ptce_data.load import DATA_DIR
from ptce_data.opendata.columns import allowed_text
from ptce_data.opendata.package import LAYER_TITLES, labels, layer_files, other_files, package
from ptce_data.schema import FieldDoc

MARKDOWN: Final = "docs/dictionnaire.md"
PACKAGE: Final = "data/datapackage.json"

_INTRO: Final = """\
# Dictionnaire des données

Ce document est produit par `python -m ptce_data.dictionary` à partir des schémas : ne pas le modifier à la main.

- Les tables sont des fichiers CSV : UTF-8, séparateur virgule, une ligne d'en-tête, codes en texte.
- **Une cellule vide veut dire « inconnu »**, jamais « non » ni « zéro ».
- Une liste est une cellule dont les codes sont séparés par « | ».
- Chaque fait a sa source (`source_id`, voir la table des sources) et, le plus souvent, un niveau de confiance.
- Les tables sont sous [Licence Ouverte 2.0](https://www.etalab.gouv.fr/licence-ouverte-open-licence) ; \
les droits des pages citées restent à leurs éditeurs.
"""


def _text(value: str) -> str:
    """Return French text with typographic apostrophes, safe in a Markdown cell."""
    return value.replace("'", "’").replace("|", "\\|")


def markdown(data_dir: Path = DATA_DIR) -> str:
    """Return the dictionary as Markdown."""
    registry = labels(data_dir)
    parts = [_INTRO]
    for table in schema.TABLES:
        title, description = schema.table_text(table)
        parts.append(f"\n## {_text(title)}\n\n`data/{schema.PATHS[table]}` — {_text(description)}\n")
        parts.append("| champ | titre | type | unité | obligatoire | valeurs | description |")
        parts.append("|---|---|---|---|---|---|---|")
        parts.extend(_field_line(doc) for doc in schema.describe(table))
    parts.append(
        "\n## Couches géographiques\n\nFichiers GeoParquet ou Parquet de `data/geo`, en WGS 84 (EPSG:4326).\n"
    )
    for name, columns in layer_files(data_dir):
        parts.append(f"- **{_text(LAYER_TITLES.get(name, name))}**, `data/geo/{name}.parquet` : {columns}.")
    others = [
        f"- `data/{inside}` : {', '.join(f'`{name}`' for name in header)}."
        for inside, header in other_files(data_dir)
    ]
    if others:
        parts.extend(["\n## Autres fichiers\n\nTables auxiliaires, sans schéma propre.\n", *others])
    parts.append("\n## Listes de valeurs\n\nUne valeur absente de ces listes est refusée au chargement.")
    for field, rows in registry.items():
        parts.append(f"\n### {field}\n\n| valeur | libellé | sens |\n|---|---|---|")
        for value, label, definition in (
            rows[["value", "label", "definition"]].fillna("").itertuples(index=False)
        ):
            parts.append(f"| `{value}` | {_text(label)} | {_text(definition)} |")
    return "\n".join(parts) + "\n"


def _field_line(doc: FieldDoc) -> str:
    required = "oui" if doc.required else ""
    if doc.unique:
        required += ", unique"
    cells = (f"`{doc.name}`", doc.title, doc.type, doc.unit or "", required, _values(doc), doc.description)
    return "| " + " | ".join(_text(cell) for cell in cells) + " |"


def _values(doc: FieldDoc) -> str:
    return f"liste `{doc.category}`" if doc.category else allowed_text(doc)


def outputs(data_dir: Path = DATA_DIR) -> dict[Path, str]:
    """Return the generated files: path -> content."""
    root = data_dir.parent
    content = json.dumps(package(data_dir), ensure_ascii=False, indent=2) + "\n"
    return {root / MARKDOWN: markdown(data_dir), root / PACKAGE: content}


def main(arguments: list[str] | None = None, data_dir: Path = DATA_DIR) -> int:
    """Write the generated files, or with --check compare them. Returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare only; status 1 when they differ")
    check = parser.parse_args(arguments).check
    stale = []
    for path, content in outputs(data_dir).items():
        if check:
            if not path.exists() or path.read_text(encoding="utf-8") != content:
                stale.append(path.name)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    for name in stale:
        print(f"{name} n'est pas à jour : lancer « python -m ptce_data.dictionary ».", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
