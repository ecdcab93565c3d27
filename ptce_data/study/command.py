"""`python -m ptce_data study new`: a study's file from the codes of a territory."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from ptce_data.errors import DataError
from ptce_data.load import DATA_DIR, load
from ptce_data.study.file import StudyFileError, dump
from ptce_data.study.model import MAX_ZONE_KM, Perimeter, new
from ptce_data.study.perimeter import PerimeterError, resolve
from ptce_data.territories.french import NBSP, number

_EXAMPLES = """\b
Exemples :
  python -m ptce_data study new --epci 200067205 --out etude.json
  python -m ptce_data study new --commune 40312 --commune 64024 --zone 20 --out etude.json

\b
Code de sortie : 0 le fichier est écrit ; 2 rien n’est écrit (code inconnu, fichier déjà là)."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def study() -> None:
    """Études de faisabilité : un fichier JSON que l’atlas ouvre, enregistre et met en document."""


@study.command("new", epilog=_EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--epci", multiple=True, metavar="SIREN", help="Intercommunalité du périmètre ; plusieurs possibles."
)
@click.option("--commune", multiple=True, metavar="INSEE", help="Commune du périmètre ; plusieurs possibles.")
@click.option("--zone", default=0.0, metavar="KM", type=click.FloatRange(0, MAX_ZONE_KM),
              help="Largeur des alentours, en km.")  # fmt: skip
@click.option("--titre", metavar="TEXTE", help="Titre de l’étude ; par défaut, le nom du territoire.")
@click.option("--out", required=True, metavar="JSON", type=click.Path(path_type=Path, dir_okay=False),
              help="Fichier à écrire.")  # fmt: skip
@click.option("--remplacer", is_flag=True, help="Remplace un fichier qui est déjà là.")
@click.option("--donnees", metavar="DOSSIER", default=DATA_DIR, type=click.Path(path_type=Path, file_okay=False),
              help="Dossier de données de l’atlas.")  # fmt: skip
@click.pass_context
def new_study(
    context: click.Context,
    epci: tuple[str, ...],
    commune: tuple[str, ...],
    zone: float,
    titre: str | None,
    out: Path,
    remplacer: bool,
    donnees: Path,
) -> None:
    """Écrit une étude neuve, dont le périmètre est fait d’intercommunalités et de communes."""
    if out.exists() and not remplacer:
        _stop(context, f"{out.name} existe déjà : donnez un autre nom, ou --remplacer.")
    try:
        dataset = load(donnees)
        perimeter = Perimeter(epci=epci, communes=commune, zone_km=zone)
        area = resolve(dataset, perimeter)
        if area.unknown_codes:
            _stop(context, f"Codes que l’atlas ne connaît pas : {', '.join(area.unknown_codes)}.")
        data = dump(
            new(titre or _title(area.epci["name"], area.communes["name"], epci, commune), _today(), perimeter)
        )
        out.write_bytes(data)
    except (DataError, PerimeterError, StudyFileError) as error:
        _stop(context, str(error))
    except OSError as error:
        _stop(context, f"{out.name} ne peut être écrit : {error.strerror}.")
    except ValueError:  # pydantic: a text that cannot be a code, a title too long
        _stop(context, "Un code ou le titre est mal formé.")
    count = len(area.communes)
    click.echo(
        f"{out.name} : {number(count)} commune{'s' * (count > 1)}, {number(area.population)} habitants, "
        f"{number(area.area_km2)}{NBSP}km²."
    )


def _stop(context: click.Context, sentence: str) -> None:
    click.echo(sentence, err=True)
    context.exit(2)


def _today() -> datetime.date:
    return datetime.date.today()


def _title(epci_names: object, commune_names: object, epci: tuple[str, ...], commune: tuple[str, ...]) -> str:
    """Return the names of the EPCI that were asked for, else those of the communes."""
    names = [str(n) for n in (epci_names if epci and not commune else commune_names)]  # type: ignore[attr-defined]
    more = f" et {len(names) - 3} autres" if len(names) > 3 else ""
    return f"Étude de faisabilité – {', '.join(names[:3])}{more}"[:300]
