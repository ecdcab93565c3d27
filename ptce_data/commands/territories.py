"""`python -m ptce_data territories`: the types of communes, EPCI and zones d'emploi."""

from __future__ import annotations

import dataclasses
import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ptce_data.commands import outcome
from ptce_data.commands.outcome import FILE, FOLDER, HELP, data_option

if TYPE_CHECKING:
    import pandas as pd

    from ptce_data.territories import Classification, Rules

RULES_FILE: Final = "territory_rules.toml"
_LEVELS: Final = {"communes": "commune_insee", "epci": "epci_siren", "ze": "ze2020"}
_FLAGS: Final = (
    "is_deindustrialised",
    "is_rural",
    "is_urban_working_class",
    "is_periurban",
    "is_urban_enough",
)
_OFFICIAL: Final = ("density", "aav", "ze", "qpv", "industry-1", "industry-2")
_CLASSIFY: Final = """\b
Exemples :
  python -m ptce_data territories classify --area 35236
  python -m ptce_data territories classify --level epci --format json --out epci.json
  python -m ptce_data territories classify --level ze --rules mes-seuils.toml
  python -m ptce_data territories classify --set min_area_class=3 --set rule_r3=false

\b
Colonnes : code, name, population, territory_type (vide = inconnu), possible_types, shipped_type (le type avec
les seuils livrés), puis les drapeaux. En JSON, un territoire nommé par --area porte aussi ses raisons.
Code de sortie : 0 écrit ; 2 rien n’est écrit (code ou seuil refusé, fichier absent)."""
_BUILD: Final = """\b
Exemples :
  python -m ptce_data territories build --inputs zoning_inputs.csv.gz --out data/geo
  python -m ptce_data territories build --inputs zoning_inputs.csv.gz --out essai --density grille.xlsx

\b
Code de sortie : 0 les trois tables sont écrites ; 2 rien n’est écrit. La méthode : docs/territoires.md."""


@click.group(context_settings=HELP)
def territories() -> None:
    """Types de territoire : classe des communes, des EPCI, des zones d’emploi."""


@territories.command("classify", epilog=_CLASSIFY, context_settings=HELP)
@click.option("--level", type=click.Choice(list(_LEVELS)), default="communes", show_default=True,
              help="Échelle.")  # fmt: skip
@click.option(
    "--area", "areas", multiple=True, metavar="CODE", help="Ne garde que ce code ; plusieurs possibles."
)
@click.option("--rules", "rules_file", metavar="TOML", type=FILE, help="Fichier de seuils ; par défaut, celui des données.")  # fmt: skip
@click.option(
    "--set", "changed", multiple=True, metavar="SEUIL=VALEUR", help="Change un seuil ; plusieurs possibles."
)
@click.option("--format", "layout", type=click.Choice(["csv", "json"]), default="csv", show_default=True,
              help="Format du résultat.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="La même chose que --format json.")
@click.option("--out", metavar="FICHIER", type=FILE, help="Fichier à écrire, au lieu de la sortie.")
@data_option
def classify(
    level: str, areas: tuple[str, ...], rules_file: Path | None, changed: tuple[str, ...], layout: str,
    as_json: bool, out: Path | None, donnees: Path,
) -> None:  # fmt: skip
    """Classe des territoires avec les seuils livrés, ou avec d’autres ; les données ne changent pas."""
    from ptce_data import territories as types

    try:
        shipped = types.Rules.from_toml(donnees / RULES_FILE)
        rules = shipped if rules_file is None else types.Rules.from_toml(rules_file)
        rules = rules.changed(**dict(_threshold(one) for one in changed))
        indicators = types.shipped_indicators(donnees / "geo")
        result = types.classify(indicators, rules)
        before = result if rules == shipped else types.classify(indicators, shipped)
    except types.TerritoryError as error:
        outcome.stop(str(error))
    frame = _frame(result, before, level, donnees)
    unknown = sorted(set(areas) - set(frame["code"]))
    if unknown:
        outcome.stop(f"Codes inconnus à cette échelle ({level}) : {', '.join(unknown)}.")
    if areas:
        frame = frame[frame["code"].isin(areas)]
    if as_json or layout == "json":
        outcome.write(out, _json(result, rules, shipped, frame, level, bool(areas)))
    else:
        outcome.write(out, frame.map(_cell).to_csv(index=False, lineterminator="\n"))
    _tell(frame, rules == shipped)


@territories.command("build", epilog=_BUILD, context_settings=HELP)
@click.option(
    "--inputs",
    required=True,
    metavar="CSV",
    type=FILE,
    help="Table d’entrée, une ligne par commune (.gz admis).",
)
@click.option("--out", required=True, metavar="DOSSIER", type=FOLDER, help="Dossier des trois tables.")
@click.option("--rules", "rules_file", metavar="TOML", type=FILE, help="Fichier de seuils ; par défaut, celui des données.")  # fmt: skip
@click.option(
    "--accept-unmapped", is_flag=True, help="Admet des codes qu’aucune commune d’aujourd’hui ne porte."
)
@data_option
def build(
    inputs: Path,
    out: Path,
    rules_file: Path | None,
    accept_unmapped: bool,
    donnees: Path,
    **official: Path | None,
) -> None:
    """Refait les trois tables de data/geo depuis la table d’entrée et des fichiers officiels.

    Un fichier officiel prend la place des colonnes de la table d’entrée. Les anciens codes de commune
    viennent de data/codes/former_communes.csv. Rien n’est écrit en cas d’erreur.
    """
    from ptce_data.territories import Rules, TerritoryError, building
    from ptce_data.territories.store import write_tables

    given = {name: path for name, path in official.items() if path is not None}
    try:
        rules = Rules.from_toml(rules_file or donnees / RULES_FILE)
        former = donnees / "codes" / "former_communes.csv"
        result = building.build(
            inputs, rules, given, former, accept_unmapped, lambda s: click.echo(s, err=True)
        )
        paths = write_tables(result, out)
    except TerritoryError as error:
        outcome.stop(str(error))
    click.echo(building.summary(result))
    for path in paths.values():
        click.echo(f"  {path.name} : {path.stat().st_size // 1000} ko")


for _name in _OFFICIAL:
    build = click.option(f"--{_name}", metavar="FICHIER", type=FILE, help="Fichier officiel à superposer.")(
        build
    )


def _threshold(said: str) -> tuple[str, Any]:
    """A name and its value, written as in the file of thresholds."""
    name, found, value = said.partition("=")
    if not found:
        outcome.stop(
            f"« {said} » : attendu SEUIL=VALEUR, par exemple min_area_class=3 (voir data/{RULES_FILE})."
        )
    if value.strip().strip('"') == "calculee":
        return name.strip(), None
    try:
        return name.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        outcome.stop(f"« {said} » : la valeur s’écrit comme dans data/{RULES_FILE}.")


def _frame(result: Classification, before: Classification, level: str, donnees: Path) -> pd.DataFrame:
    import pandas as pd

    key = _LEVELS[level]
    rows: pd.DataFrame = getattr(result, level)
    if level == "communes":
        names = pd.read_parquet(donnees / "geo" / "communes.parquet", columns=[key, "name"])
        rows = rows.merge(names, on=key, how="left")
    old = getattr(before, level).set_index(key)["territory_type"]
    made = rows[[key, "name", "population", "territory_type", "possible_types"]].rename(columns={key: "code"})
    made["shipped_type"] = made["code"].map(old)
    return made.assign(**{flag: rows[flag] for flag in _FLAGS if flag in rows})


def _json(
    result: Classification, rules: Rules, shipped: Rules, frame: pd.DataFrame, level: str, reasons: bool
) -> str:
    records = frame.astype("object").where(frame.notna(), None).to_dict("records")
    for record in records:
        record["population"] = None if record["population"] is None else int(record["population"])
        if reasons:
            record["reasons"] = _reasons(result, level, record["code"])
    differences = {
        name: {"shipped": old, "used": new} for name, (old, new) in shipped.differences(rules).items()
    }
    made = {"level": level, "rules_changed": differences, "areas": records}
    return json.dumps(made, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _reasons(result: Classification, level: str, code: str) -> list[dict[str, Any]]:
    from ptce_data.territories import explain, explain_area

    if level == "communes":
        found = explain(result, code)
    else:
        found = explain_area(result, code, "epci" if level == "epci" else "ze")
    return [dataclasses.asdict(one) for one in found]


def _cell(cell: Any) -> Any:
    """A cell as `data/` writes it: true, false, empty; no formula."""
    from ptce_data.text import neutralise

    return str(cell).lower() if isinstance(cell, bool) else neutralise(cell)


def _tell(frame: pd.DataFrame, shipped: bool) -> None:
    """On the error stream: how many areas, and how many change type."""
    changed = frame["territory_type"].fillna("") != frame["shipped_type"].fillna("")
    more = "" if shipped else f", dont {int(changed.sum())} d’un autre type qu’avec les seuils livrés"
    count = len(frame)
    click.echo(f"{count} territoire{'s' * (count > 1)}{more}.", err=True)
